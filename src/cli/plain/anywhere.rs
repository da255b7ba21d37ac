//! What works wherever something can be typed: what was answered, where one is, why, and the end.

use std::io::{BufRead, Write};

use super::talk::{Command, Talk, Typed};
use super::{Consultation, Stop, brief, why};
use crate::pack::Pack;
use crate::tui::form;
use crate::tui::sheet::StepId;

/// Said after the help of every place.
const HELP: &str = "`repeat` says it again. `status`: where you are, and what the rules say so far. `answers`: what was \
answered. `why`: what would change the outcome; with the number of a finding, or the name of a rule, an ingredient or a \
scale: all about it. `quit`: end, the draft is kept.";

impl Consultation<'_> {
    /// A question within a question, or a line: what works everywhere is done, anything else comes back.
    pub(super) fn prompt<R: BufRead, W: Write>(
        &mut self,
        talk: &mut Talk<R, W>,
        prompt: &str,
        help: &str,
        is_answer: impl Fn(&str) -> bool,
    ) -> Result<Typed, Stop> {
        loop {
            match talk.ask(prompt, &is_answer)? {
                Typed::Command(Command::Help) => {
                    talk.say(help);
                    self.say_help(talk);
                }
                Typed::Command(command) => {
                    if !self.anywhere(talk, &command)? {
                        return Ok(Typed::Command(command));
                    }
                }
                typed => return Ok(typed),
            }
        }
    }

    /// Yes or no; `None` when it was left with `back` or Enter.
    pub(super) fn yes<R: BufRead, W: Write>(
        &mut self,
        talk: &mut Talk<R, W>,
        prompt: &str,
        help: &str,
    ) -> Result<Option<bool>, Stop> {
        loop {
            match self.prompt(talk, &format!("{prompt} (y/n):"), help, |_| false)? {
                Typed::Command(Command::Back) => return Ok(None),
                Typed::Words(words) if matches!(words.to_lowercase().as_str(), "y" | "yes") => return Ok(Some(true)),
                Typed::Words(words) if matches!(words.to_lowercase().as_str(), "n" | "no") => return Ok(Some(false)),
                _ => talk.say("Write y or n; `back` leaves it."),
            }
        }
    }

    /// Does a command that works everywhere; whether it was one.
    pub(super) fn anywhere<R: BufRead, W: Write>(
        &self,
        talk: &mut Talk<R, W>,
        command: &Command,
    ) -> Result<bool, Stop> {
        match command {
            Command::Quit => {
                if self.unkept.is_some()
                    && !talk.yes("The last answers could not be kept. End all the same, and lose them?")?
                {
                    return Ok(true);
                }
                return Err(Stop::Quit);
            }
            Command::Answers => self.say_answers(talk),
            Command::Status => self.say_status(talk),
            Command::Why(name) => why::say(self, talk, name),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The help of what works everywhere.
    pub(super) fn say_help<R: BufRead, W: Write>(&self, talk: &mut Talk<R, W>) {
        talk.say(HELP);
    }

    /// Everything that was answered, step by step.
    fn say_answers<R: BufRead, W: Write>(&self, talk: &mut Talk<R, W>) {
        let pack: &Pack = &self.loaded.pack;
        let mut step = None;
        for question in &pack.questions {
            let Some(answer) = self.sheet.intake.get(&question.id) else { continue };
            let of = StepId::from(question.step);
            if step != Some(of) {
                step = Some(of);
                talk.say(of.label());
            }
            talk.say_at(2, &format!("{}: {}", question.label, form::detailed_words(pack, question, answer)));
        }
        if step.is_none() {
            talk.say("Nothing was answered yet.");
        }
    }

    /// Where one is, and what the rules say so far.
    fn say_status<R: BufRead, W: Write>(&self, talk: &mut Talk<R, W>) {
        let pack = &self.loaded.pack;
        let patient = match self.sheet.patient() {
            "" => "no name yet".to_owned(),
            name => name.to_owned(),
        };
        let place = match self.here.map(|ix| &pack.questions[ix]) {
            Some(question) => {
                let step = StepId::from(question.step);
                format!("{}, {} of {}, at: {}", step.label(), step.index() + 1, StepId::ALL.len(), question.label)
            }
            None => "After the questions".to_owned(),
        };
        talk.say(&format!("Patient: {patient}. {place}."));
        talk.page(brief::so_far(pack, &self.assessment));
    }

    /// What the answers since the last time changed.
    pub(super) fn say_news<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>) {
        let news = brief::news(&self.told, &self.assessment);
        talk.say_each(2, news);
        self.told.clone_from(&self.assessment);
        if self.unkept != self.told_unkept {
            talk.say(&match &self.unkept {
                Some(why) => format!(
                    "NOT KEPT: {why}. What you answer is only in this program now: do not end it. Every answer tries again."
                ),
                None => "Kept again: the draft is saved.".to_owned(),
            });
            self.told_unkept.clone_from(&self.unkept);
        }
        if std::mem::take(&mut self.reopened) {
            talk.say_at(2, "It is another treatment now: the points of consent are open again.");
        }
    }
}
