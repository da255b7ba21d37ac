//! `pistor train cards`: a few minutes of short cards, line by line.

use std::io::{BufRead, Write};
use std::time::Instant;

use serde_json::json;

use super::Ended;
use super::failure::Failure;
use super::options::{Common, Format};
use super::page::{clean, json as as_json};
use super::train::School;
use crate::pack::Amount;
use crate::training::{Answered, Asked, Cards, Given, MINUTES, MadeId, Session, ShortCard, card_title, rule_card};

#[derive(clap::Args, Debug)]
#[command(
    after_help = "Due cards come first, then new ones. What was missed comes once more. An option is answered by its number, \
    a sum by a number; an empty line says that one does not know, `q` ends it. Answers go into the same schedule as cases \
    do.\n\nExamples:\n  \
    pistor train cards\n  \
    pistor train cards --minutes 10\n  \
    pistor train cards --seed 7 --forget          for a look: nothing is remembered"
)]
pub(super) struct CardsArgs {
    /// For how long
    #[arg(long, value_name = "N", default_value_t = MINUTES, value_parser = clap::value_parser!(u32).range(1..=60))]
    pub minutes: u32,
    /// The seed: the same seed is the same cards, as long as the same are due [default: another one each time]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(0..=i32::MAX as u64))]
    pub seed: Option<u64>,
    /// Remember nothing of the answers
    #[arg(long)]
    pub forget: bool,
    #[command(flatten)]
    pub common: Common,
}

pub(super) fn run(school: &School, args: &CardsArgs) -> Result<(String, Ended), Failure> {
    let plain = |why: String| Failure::plain(why, "");
    let mut cards = if args.forget { Cards::default() } else { school.store()?.cards().map_err(plain)? };
    let today = school.common.today();
    let answers: u64 = cards.0.values().map(|card| u64::from(card.reviews)).sum();
    let mut session = Session::new(&school.pack, &cards, today, args.seed.unwrap_or(answers), args.minutes);
    let mut desk = Desk { input: std::io::stdin().lock(), out: std::io::stdout().lock(), started: Instant::now() };
    let json = school.common.format() == Format::Json;
    let minutes = if args.minutes == 1 { "1 minute".to_owned() } else { format!("{} minutes", args.minutes) };
    desk.say(!json, &format!("TRAINING: short cards, {minutes}. An empty line: not known. `q` ends it."));
    loop {
        let at = desk.seconds();
        let made = |rule: &str, seed: u64| {
            // A rule for which nobody can be made is asked about by its name.
            let case = school.found(&MadeId { seed, ..MadeId::first(rule) }.text(), 0).ok().map(|(case, _)| case);
            rule_card(&school.pack, rule, seed, today, case.as_ref())
        };
        let Some(card) = session.next(&school.pack, at, made) else { break };
        let begun = desk.seconds();
        let Some(given) = desk.ask(&card, !json) else { break };
        let answered = session.answer(&card, given, desk.seconds().saturating_sub(begun), &mut cards, today);
        if !args.forget {
            school.store()?.note(&card.id, answered.rating, today).map_err(plain)?;
        }
        if !json {
            desk.tell(&answered);
        }
    }
    drop(desk);
    let tally = session.tally();
    if json {
        let due = cards.due(today).count();
        let missed = &tally.missed;
        return Ok((
            as_json(&json!({ "answered": tally.answered, "right": tally.right, "missed": missed, "due": due })),
            Ended::Done,
        ));
    }
    let mut page = school.page();
    page.gap();
    page.text(0, 0, &format!("{} of {} answers were right.", tally.right, tally.answered));
    if !tally.missed.is_empty() {
        page.heading("To look at again");
        page.list(0, tally.missed.iter().map(|id| card_title(&school.pack, id)));
    }
    Ok((page.finish(), Ended::Done))
}

/// Two streams, and the time since the beginning.
struct Desk<R, W> {
    input: R,
    out: W,
    started: Instant,
}

impl<R: BufRead, W: Write> Desk<R, W> {
    /// Shows a card and reads an answer; none when it is over.
    fn ask(&mut self, card: &ShortCard, shown: bool) -> Option<Given> {
        self.say(shown, &format!("\n[{}]", card.about.word()));
        for line in &card.told {
            self.say(shown, &format!("  {line}"));
        }
        self.say(shown, &card.question);
        for (n, option) in card.options().iter().enumerate() {
            self.say(shown, &format!("  {}  {option}", n + 1));
        }
        let prompt = match &card.asked {
            Asked::OneOf(options) => format!("1 to {}: ", options.len()),
            Asked::Number { unit, within } => format!("a number in {unit} ({within}): "),
        };
        loop {
            if shown {
                // A reader that has gone away ends it at the next line.
                let _ = write!(self.out, "{}", clean(&prompt));
                let _ = self.out.flush();
            }
            let mut line = String::new();
            if self.input.read_line(&mut line).ok()? == 0 {
                return None;
            }
            let typed = line.trim();
            match (&card.asked, typed) {
                (_, "q") => return None,
                (_, "") => return Some(Given::Pass),
                (Asked::OneOf(options), _) => {
                    let number = typed.parse::<usize>().ok().filter(|n| (1..=options.len()).contains(n));
                    match number {
                        Some(n) => return Some(Given::Option(n - 1)),
                        None => self.say(shown, &format!("  a number from 1 to {}", options.len())),
                    }
                }
                (Asked::Number { unit, .. }, _) => {
                    // `12 mg` is as good as `12`.
                    let number = typed.strip_suffix(unit.as_str()).unwrap_or(typed);
                    match Amount::parse(number) {
                        Some(amount) => return Some(Given::Number(amount)),
                        None => self.say(shown, &format!("  a number, such as 2.5, in {unit}")),
                    }
                }
            }
        }
    }

    fn tell(&mut self, answered: &Answered) {
        let (sign, word) = answered.outcome();
        self.say(true, &format!("  {sign} {word}"));
        self.say(true, &format!("  The answer: {}", answered.key));
        let told = &answered.told;
        self.say(true, &format!("  {}", told.title));
        for why in &told.why {
            self.say(true, &format!("  {why}"));
        }
        let grade = told.evidence.map_or(String::new(), |grade| format!(" (evidence {grade:?})"));
        if !told.sources.is_empty() {
            self.say(true, &format!("  Source{grade}: {}", told.sources.join("; ")));
        }
    }

    fn say(&mut self, shown: bool, text: &str) {
        if shown {
            let _ = writeln!(self.out, "{}", text.split('\n').map(clean).collect::<Vec<_>>().join("\n"));
        }
    }

    fn seconds(&self) -> u32 {
        u32::try_from(self.started.elapsed().as_secs()).unwrap_or(u32::MAX)
    }
}
