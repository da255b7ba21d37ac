//! One question: how it is put, and what an answer means.

use std::io::{BufRead, Write};

use super::talk::{Command, Talk, Typed, meant};
use super::{Consultation, Said, Stop};
use crate::find::fold;
use crate::intake::{Answer, tally};
use crate::pack::{ChoiceOption, Ix, Question, QuestionIx, QuestionKind, Scale};
use crate::tui::form;

impl Consultation<'_> {
    /// Asks until there is an answer, or none is wanted.
    pub(super) fn ask<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>, ix: QuestionIx) -> Result<Said, Stop> {
        let loaded = self.loaded;
        let question = &loaded.pack.questions[ix];
        self.put(talk, ix);
        match &question.kind {
            QuestionKind::List(list) => return self.list(talk, ix, *list),
            QuestionKind::Goals => return self.goals(talk, ix),
            QuestionKind::Choice(_) | QuestionKind::Number(_) | QuestionKind::Date | QuestionKind::Text => {}
        }
        let scale = loaded.pack.scale_for(ix);
        let prompt = prompt(question, scale.is_some());
        loop {
            let typed = talk.ask(&prompt, |words| is_answer(&question.kind, words))?;
            match typed {
                Typed::Nothing => return Ok(Said::Next),
                Typed::Words(words) => match self.read(ix, &words) {
                    Ok(Some((id, answer))) => {
                        if matches!(question.kind, QuestionKind::Text) && Command::of(&words).is_some() {
                            talk.say(&format!(
                                "Taken as the answer; the command is `/{words}`, and `/back` comes back."
                            ));
                        }
                        if let Answer::Date(date) = &answer {
                            // 3.4.1982 is April: the month in letters leaves no doubt.
                            talk.say_at(2, &format!("read as {}", date.strftime("%-d %B %Y")));
                        }
                        self.change(|sheet| {
                            sheet.pending.remove(&question.id);
                            sheet.intake.set(&id, answer);
                        })?;
                        return Ok(Said::Next);
                    }
                    Ok(None) => return Ok(Said::Next),
                    Err(why) => talk.say(&why),
                },
                Typed::Command(Command::Scale) if scale.is_some() => {
                    if let Some(scale) = scale
                        && self.scale(talk, ix, scale)?
                    {
                        return Ok(Said::Next);
                    }
                }
                Typed::Command(command) => {
                    if let Some(said) = self.command(talk, ix, command)? {
                        return Ok(said);
                    }
                }
            }
        }
    }

    /// Puts the question: what is asked, what was said already, what can be answered.
    fn put<R: BufRead, W: Write>(&self, talk: &mut Talk<R, W>, ix: QuestionIx) {
        let pack = &self.loaded.pack;
        let question = &pack.questions[ix];
        talk.gap();
        talk.say(&heading(question));
        match (self.sheet.intake.get(&question.id), form::by_scale(&self.assessment, &question.id)) {
            // The entries of a list are said with their numbers.
            (Some(Answer::Items(items)), _) if !items.is_empty() => {}
            (Some(answer), _) => talk.say_at(2, &format!("now: {}", form::answer_words(pack, question, answer))),
            (None, Some(by)) => talk.say_at(2, &format!("now: {}, {}", by.value_label, by.sum())),
            (None, None) => {}
        }
        if let Some(typed) = self.sheet.pending.get(&question.id) {
            talk.say_at(2, &format!("typed before, and not understood: {typed}"));
        }
        self.say_offer(talk, question);
        match &question.kind {
            QuestionKind::Choice(options) => say_options(talk, options, self.loaded.form.keys(ix)),
            QuestionKind::List(_) => self.say_entries(talk, question),
            QuestionKind::Goals => self.say_goals(talk, question),
            QuestionKind::Number(_) | QuestionKind::Date | QuestionKind::Text => {}
        }
    }

    /// What works at every question; `None` when the question is still open.
    pub(super) fn command<R: BufRead, W: Write>(
        &mut self,
        talk: &mut Talk<R, W>,
        ix: QuestionIx,
        command: Command,
    ) -> Result<Option<Said>, Stop> {
        if self.anywhere(talk, &command)? {
            return Ok(None);
        }
        let loaded = self.loaded;
        let question = &loaded.pack.questions[ix];
        let is_list = matches!(question.kind, QuestionKind::List(_));
        match command {
            Command::Back => return Ok(Some(Said::Back)),
            Command::Go(words) => return self.go(talk, &words),
            Command::Cause(name) => return Ok(self.cause(talk, &name)),
            Command::Undo => return self.travel(talk, true),
            Command::Redo => return self.travel(talk, false),
            Command::Help => self.help(talk, ix),
            Command::Repeat => self.put(talk, ix),
            Command::Unknown if matches!(question.kind, QuestionKind::Text | QuestionKind::Goals) => {
                talk.say("This question has no \"unknown\": Enter leaves it open.");
            }
            Command::Unknown if !self.sheet.intake.entries(&question.id).is_empty() => {
                talk.say(
                    "There are entries on the list: remove them first, then `unknown` means \"asked, not known\".",
                );
            }
            Command::Unknown => {
                self.change(|sheet| {
                    sheet.pending.remove(&question.id);
                    sheet.intake.set(&question.id, Answer::Unknown);
                })?;
                return Ok(Some(Said::Next));
            }
            Command::None if is_list && self.sheet.intake.entries(&question.id).is_empty() => {
                self.change(|sheet| sheet.intake.set(&question.id, Answer::Items(Vec::new())))?;
                return Ok(Some(Said::Next));
            }
            Command::None if is_list => talk.say("There are entries on the list: remove them first."),
            Command::None => talk.say("`none` is for lists; here an answer is asked for, or Enter to leave it open."),
            Command::Clear => {
                self.change(|sheet| {
                    sheet.intake.clear(&question.id);
                    sheet.pending.remove(&question.id);
                })?;
                talk.say("Taken back: the question counts as not asked.");
            }
            Command::Scale => talk.say("No scale gives the answer to this question."),
            Command::Same => return self.same(talk, question),
            Command::SameStep => return self.same_step(talk, question),
            Command::Returning(number) => return self.returning(talk, &number),
            Command::Remove(_) | Command::Edit(_) => talk.say("`remove` and `edit` are for the entries of a list."),
            // Done above.
            Command::Quit | Command::Answers | Command::Status | Command::Why(_) => {}
        }
        Ok(None)
    }

    /// What can be typed at a question.
    fn help<R: BufRead, W: Write>(&self, talk: &mut Talk<R, W>, ix: QuestionIx) {
        let question = &self.loaded.pack.questions[ix];
        let entries = "`remove 1` takes the first entry off";
        let how = match &question.kind {
            QuestionKind::Choice(_) => "Type the key before an answer, its word, or its beginning.".to_owned(),
            QuestionKind::Number(_) => "Type the number, without its unit.".to_owned(),
            QuestionKind::Date => "Type year-month-day, such as 1982-03-04, or day.month.year.".to_owned(),
            QuestionKind::Text => "Type the text. Commands have a slash here, such as `/back`.".to_owned(),
            QuestionKind::List(_) => format!(
                "Type a name, a brand or a few letters, then the number of what was meant; `text` keeps the words for \
                 review by hand. {entries}, `edit 1` asks its details again. Enter ends the list. `none`: asked, and \
                 there is none."
            ),
            QuestionKind::Goals => format!(
                "Type a goal, then the number of what was meant, then its areas. {entries}, `edit 1` asks its areas \
                 again. Enter ends the list."
            ),
        };
        talk.say(&how);
        if self.loaded.pack.scale_for(ix).is_some() {
            talk.say("`scale`: a few scored questions give the answer.");
        }
        if self.sheet.carried.is_some() {
            talk.say(
                "`/same`: what is offered of the last consultation is still so. `/same all`: all that is offered on this \
                 step, but for the lists.",
            );
        }
        talk.say(
            "Enter: leave it open, or as it is. `unknown`: asked, and not known. `clear`: take the answer back. `back`: \
             the question before. `go` and a step or some words of a question: go there; `go assessment`: leave the \
             rest open. `undo` and `redo`: the last change. `cause` and the number of a finding: the answers behind it.",
        );
        self.say_help(talk);
    }

    /// What a text means as an answer, and to which question: an age where the day of birth was asked answers that one.
    fn read(&self, ix: QuestionIx, words: &str) -> Result<Option<(String, Answer)>, String> {
        let pack = &self.loaded.pack;
        let question = &pack.questions[ix];
        if let QuestionKind::Choice(options) = &question.kind {
            let keys = self.loaded.form.keys(ix);
            let at = choice(words, options, keys).ok_or_else(|| format!("\"{words}\" is not one of the answers."))?;
            return Ok(options.get(at).map(|option| (question.id.clone(), Answer::Choice(option.id.clone()))));
        }
        let age = &pack.questions[pack.roles.age];
        if ix == pack.roles.birth_date
            && let Some(years) = form::age_alone(&age.kind, words)
        {
            return Ok(Some((age.id.clone(), Answer::Number(years))));
        }
        let answer = form::read_line(&question.kind, words, self.sheet.day(self.today))?;
        Ok(answer.map(|answer| (question.id.clone(), answer)))
    }

    /// The questions of a scale; whether all were answered.
    fn scale<R: BufRead, W: Write>(
        &mut self,
        talk: &mut Talk<R, W>,
        ix: QuestionIx,
        scale: Ix<Scale>,
    ) -> Result<bool, Stop> {
        const HELP: &str = "Type the key before an answer, its word, or its beginning. Enter or `back` ends the scale; what \
                            was answered stays.";
        let loaded = self.loaded;
        let scale = &loaded.pack.scales[scale];
        talk.say(&scale.label);
        scale.help.iter().for_each(|help| talk.say_at(2, help));
        for item in &scale.items {
            let question = &loaded.pack.questions[item.question];
            let QuestionKind::Choice(options) = &question.kind else { continue };
            let keys = loaded.form.keys(item.question);
            talk.gap();
            talk.say(&heading(question));
            say_options(talk, options, keys);
            loop {
                match self
                    .prompt(talk, "Answer (Enter ends the scale):", HELP, |words| is_answer(&question.kind, words))?
                {
                    Typed::Words(words) => match choice(&words, options, keys).and_then(|at| options.get(at)) {
                        Some(option) => {
                            self.change(|sheet| sheet.intake.set(&question.id, Answer::Choice(option.id.clone())))?;
                            break;
                        }
                        None => talk.say(&format!("\"{words}\" is not one of the answers.")),
                    },
                    Typed::Nothing | Typed::Command(Command::Back) => {
                        talk.say("The scale is not finished; what was answered stays.");
                        return Ok(false);
                    }
                    Typed::Command(Command::Repeat) => {
                        talk.say(&heading(question));
                        say_options(talk, options, keys);
                    }
                    Typed::Command(_) => talk.say("An answer of the list, or Enter."),
                }
            }
        }
        let sum = tally(&loaded.pack, scale, &self.sheet.intake);
        // The answer given directly would count before the scale.
        self.change(|sheet| sheet.intake.clear(&loaded.pack.questions[ix].id))?;
        match form::by_scale(&self.assessment, &loaded.pack.questions[ix].id) {
            Some(by) => talk.say(&format!("{}: {}, {}.", by.question_label, by.value_label, by.sum())),
            None => talk.say(&format!("The scale gives no answer: {sum:?}.")),
        }
        Ok(true)
    }
}

/// Whether the word of a command is an answer here: any is, where a text is typed.
fn is_answer(kind: &QuestionKind, words: &str) -> bool {
    match kind {
        QuestionKind::Text => true,
        QuestionKind::Choice(options) => names(options, words),
        _ => false,
    }
}

/// Whether a word is that of one of the options.
pub(super) fn names(options: &[ChoiceOption], word: &str) -> bool {
    let word = fold(word);
    options.iter().any(|option| fold(&option.id) == word || fold(&option.label) == word)
}

fn heading(question: &Question) -> String {
    match question.help.is_empty() {
        true => question.label.clone(),
        false => format!("{}. {}", question.label, question.help),
    }
}

fn prompt(question: &Question, scale: bool) -> String {
    let what = match &question.kind {
        QuestionKind::Number(number) => {
            let unit = if number.unit.is_empty() { String::new() } else { format!(" {}", number.unit) };
            format!("{} ({} to {}{unit})", question.label, number.min, number.max)
        }
        _ => question.label.clone(),
    };
    if scale { format!("{what} (`scale`: by scored questions):") } else { format!("{what}:") }
}

pub(super) fn say_options<R: BufRead, W: Write>(talk: &mut Talk<R, W>, options: &[ChoiceOption], keys: &[char]) {
    for (n, option) in options.iter().enumerate() {
        let help = option.help.as_ref().map_or(String::new(), |help| format!(": {help}"));
        talk.say_at(2, &format!("{} {}{help}", key(keys, n), option.label));
    }
}

fn key(keys: &[char], n: usize) -> String {
    keys.get(n).filter(|key| **key != '\0').map_or_else(|| (n + 1).to_string(), char::to_string)
}

/// Which option a text means.
pub(super) fn choice(words: &str, options: &[ChoiceOption], keys: &[char]) -> Option<usize> {
    // A key counts as it is: capital letters are other keys.
    let mut letters = words.chars();
    if let (Some(letter), None) = (letters.next(), letters.next())
        && let Some(at) = keys.iter().position(|key| *key == letter)
    {
        return Some(at);
    }
    meant(words, options.iter().enumerate().map(|(n, o)| (key(keys, n), o.id.as_str(), o.label.as_str())))
}
