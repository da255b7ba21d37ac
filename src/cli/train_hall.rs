//! `pistor train --plain`: the hall of the training line by line, for screen readers, simple terminals and pipes.

use std::io::{BufRead, Write};

use clap::Parser;

use super::Ended;
use super::failure::Failure;
use super::page::clean;
use super::train::School;
use super::train_cards::{self, CardsArgs};
use super::train_play::{self, PlayArgs};
use super::train_progress;
use crate::find::fold;
use crate::training::{Case, advice};

/// What may be written.
const WORDS: &str = "Write the number or words of a case; an empty line takes the recommended one; `list`, `made`, `cards`, \
                     `progress`, `exam`; `q` ends.";

/// The options of a command as if they had been written.
#[derive(Parser)]
struct Written<T: clap::Args> {
    #[command(flatten)]
    args: T,
}

fn written<T: clap::Args>(words: &[&str]) -> Result<T, Failure> {
    let all = std::iter::once(&"pistor").chain(words);
    Written::<T>::try_parse_from(all).map(|one| one.args).map_err(|why| Failure::plain(why.to_string(), ""))
}

pub(super) fn run(school: &School) -> Result<(String, Ended), Failure> {
    say("TRAINING: invented patients. Nothing here touches the records.");
    let mut cases: Vec<&Case> = school.cases.values().map(AsRef::as_ref).collect();
    cases.sort_by(|a, b| (a.level, &a.title).cmp(&(b.level, &b.title)));
    list(&cases);
    loop {
        let recommended = recommended(school)?;
        if let Some((_, title, why)) = &recommended {
            say(&format!("\nRecommended: {title}, because {why}."));
        }
        say(WORDS);
        let Some(line) = read() else { return Ok((String::new(), Ended::Done)) };
        let done = match line.as_str() {
            "q" => return Ok((String::new(), Ended::Done)),
            "list" => {
                list(&cases);
                Ok(String::new())
            }
            "cards" => train_cards::run(school, &written::<CardsArgs>(&[])?).map(|(text, _)| text),
            "progress" => train_progress::run(school),
            "exam" => {
                say("An exam is a command of its own, as its file has to go somewhere:");
                say("pistor train play --exam --paper NUMBER --station N --trainee NAME --seal FILE.attempt");
                Ok(String::new())
            }
            "made" => {
                let seed = school.store()?.results().map_err(|why| Failure::plain(why, ""))?.len() + 1;
                play(school, &["--made", "--seed", &seed.to_string(), "--keep"])
            }
            "" => match &recommended {
                Some((id, ..)) => play(school, &[id, "--keep"]),
                None => Ok(String::new()),
            },
            words => match found(&cases, words).as_slice() {
                [one] => play(school, &[&one.id, "--keep"]),
                [] => Ok(format!("No case has the words `{words}`.")),
                several => {
                    list(several);
                    Ok("Several cases have these words: write more of them, or a number of the whole list.".to_owned())
                }
            },
        };
        match done {
            // It is clean already, and may have colours.
            Ok(text) => drop(writeln!(std::io::stdout().lock(), "{text}")),
            // What went wrong with one case ends nothing.
            Err(Failure::Plain { message, help }) => say(&format!("{message}\n{help}")),
            Err(other) => return Err(other),
        }
    }
}

fn play(school: &School, words: &[&str]) -> Result<String, Failure> {
    train_play::run(school, &written::<PlayArgs>(words)?).map(|(text, _)| text)
}

/// The case that comes next, its title, and why.
fn recommended(school: &School) -> Result<Option<(String, String, String)>, Failure> {
    let cards = school.store()?.cards().map_err(|why| Failure::plain(why, ""))?;
    let next = advice(&school.pack, &school.cases, &cards, school.common.today(), None);
    Ok(next.map(|next| {
        let made = || "a patient made for what is due".to_owned();
        let title = school.cases.get(&next.case).map_or_else(made, |case| case.title.clone());
        let why = next.why();
        (next.case, title, why)
    }))
}

/// The case of that number, or those that have all the words; an exact title or id is one.
fn found<'c>(cases: &[&'c Case], words: &str) -> Vec<&'c Case> {
    let number = words.parse::<usize>().ok().and_then(|n| cases.get(n.checked_sub(1)?));
    let exact = || cases.iter().find(|case| case.id == words || fold(&case.title) == fold(words));
    if let Some(one) = number.or_else(exact) {
        return vec![one];
    }
    let folded: Vec<String> = words.split_whitespace().map(fold).collect();
    let has = |case: &&&Case| {
        let text = fold(&format!("{} {}", case.title, case.brief));
        folded.iter().all(|word| text.contains(word))
    };
    cases.iter().filter(has).copied().collect()
}

fn list(cases: &[&Case]) {
    for (n, case) in cases.iter().enumerate() {
        say(&format!("{} {}, level {}, {} minutes", n + 1, case.title, case.level, case.minutes));
    }
}

/// None when the input ends.
fn read() -> Option<String> {
    let mut out = std::io::stdout().lock();
    // A reader that has gone away ends it at the next line.
    let _ = write!(out, "> ").and_then(|()| out.flush());
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line).ok()?;
    (read > 0).then(|| line.trim().to_owned())
}

fn say(text: &str) {
    let text: Vec<_> = text.split('\n').map(clean).collect();
    let _ = writeln!(std::io::stdout().lock(), "{}", text.join("\n"));
}
