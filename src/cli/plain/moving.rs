//! Going elsewhere: to a step, to a question, to the answers behind a finding; and taking changes back.

use std::collections::VecDeque;
use std::io::{BufRead, Write};

use super::talk::{Command, Talk, Typed, nth};
use super::{Consultation, Said, Stop};
use crate::find::fold;
use crate::pack::QuestionIx;
use crate::tui::engine;
use crate::tui::form;
use crate::tui::sheet::StepId;

impl Consultation<'_> {
    /// To a step, or to a question by some words of its name; `None` when there is no such place.
    pub(super) fn go<R: BufRead, W: Write>(
        &mut self,
        talk: &mut Talk<R, W>,
        words: &str,
    ) -> Result<Option<Said>, Stop> {
        if words.is_empty() {
            let steps: Vec<&str> = StepId::ALL.iter().map(|step| step.label()).collect();
            talk.say(&format!("Where to? `go` and a step ({}), or some words of a question.", steps.join(", ")));
            return Ok(None);
        }
        let wanted = fold(words);
        if let Some(step) = StepId::ALL.into_iter().find(|step| fold(step.label()) == wanted) {
            return Ok(self.go_to_step(talk, step));
        }
        let Some(ix) = self.question(talk, words)? else { return Ok(None) };
        self.again.push_front(ix);
        Ok(Some(Said::Elsewhere))
    }

    /// All questions of a step, one after another; what comes after the questions is reviewed together.
    fn go_to_step<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>, step: StepId) -> Option<Said> {
        if step.asks().is_none() {
            return Some(Said::Review);
        }
        let pack = &self.loaded.pack;
        let here = self.asked().into_iter().filter(|ix| StepId::from(pack.questions[*ix].step) == step);
        let here: VecDeque<QuestionIx> = here.filter(|ix| self.is_answered(*ix) || !self.age_is_known(*ix)).collect();
        if here.is_empty() {
            talk.say(&format!("Nothing is asked at {}.", step.label()));
            return None;
        }
        self.again = here;
        // Its heading is said again.
        self.step = None;
        Some(Said::Elsewhere)
    }

    /// To the answers behind a finding, which is named by its number or its rule.
    pub(super) fn cause<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>, name: &str) -> Option<Said> {
        let findings = &self.assessment.findings;
        let at = nth(name, findings.len()).or_else(|| findings.iter().position(|finding| finding.rule == name));
        let Some(at) = at else {
            talk.say(&format!("There is no finding \"{name}\"; `status` counts them."));
            return None;
        };
        let asked = self.asked();
        let mut behind =
            engine::answers_behind(&self.loaded.pack, &self.sheet.intake, &self.assessment.findings[at].questions);
        behind.retain(|ix| asked.contains(ix));
        if behind.is_empty() {
            talk.say("No answer of this consultation is behind it.");
            return None;
        }
        self.again = behind.into();
        Some(Said::Elsewhere)
    }

    /// Takes the last change back, or makes it again: what differs is said.
    pub(super) fn travel<R: BufRead, W: Write>(
        &mut self,
        talk: &mut Talk<R, W>,
        back: bool,
    ) -> Result<Option<Said>, Stop> {
        let (from, to) = if back { (&mut self.past, &mut self.future) } else { (&mut self.future, &mut self.past) };
        let Some(sheet) = from.pop() else {
            talk.say(if back { "Nothing to take back." } else { "Nothing to make again." });
            return Ok(None);
        };
        to.push(self.sheet.clone());
        let now = std::mem::replace(&mut self.sheet, sheet);
        self.sheet.keep_typed(now.clone());
        self.assess();
        self.keep();
        talk.say(if back { "Taken back; `redo` makes it again." } else { "Made again." });
        let pack = &self.loaded.pack;
        let differs = |ix: &QuestionIx| {
            let id = &pack.questions[*ix].id;
            now.intake.get(id) != self.sheet.intake.get(id)
        };
        let changed: Vec<QuestionIx> = pack.questions.entries().map(|(ix, _)| ix).filter(differs).collect();
        for ix in &changed {
            let question = &pack.questions[*ix];
            let words = match self.sheet.intake.get(&question.id) {
                Some(answer) => form::detailed_words(pack, question, answer),
                None => "not asked".to_owned(),
            };
            talk.say_at(2, &format!("{}: {words}", question.label));
        }
        // Where the answer is missing now, it is asked next.
        let open = changed.iter().find(|ix| !self.is_answered(**ix)).copied();
        self.again.extend(self.here);
        if let Some(ix) = open {
            self.again.retain(|other| *other != ix);
            self.again.push_front(ix);
        }
        Ok(Some(Said::Elsewhere))
    }

    /// The question that some words of its name mean.
    fn question<R: BufRead, W: Write>(
        &mut self,
        talk: &mut Talk<R, W>,
        words: &str,
    ) -> Result<Option<QuestionIx>, Stop> {
        const HELP: &str = "Type the number of the question that was meant; Enter: none of them.";
        let pack = &self.loaded.pack;
        let wanted = fold(words);
        let named = |ix: &QuestionIx| {
            let question = &pack.questions[*ix];
            question.id == words || fold(&question.label).contains(&wanted)
        };
        let found: Vec<QuestionIx> = self.asked().into_iter().filter(named).collect();
        match found.as_slice() {
            [] => talk.say(&format!("No question is called \"{words}\"; `answers` lists what was answered.")),
            [only] => return Ok(Some(*only)),
            several => loop {
                for (n, ix) in several.iter().enumerate() {
                    talk.say_at(2, &format!("{} {}", n + 1, pack.questions[*ix].label));
                }
                match self.prompt(talk, "Its number, or Enter:", HELP, |_| false)? {
                    Typed::Words(number) => match nth(&number, several.len()) {
                        Some(at) => return Ok(Some(several[at])),
                        None => talk.say(&format!("There is no {number}.")),
                    },
                    Typed::Command(Command::Repeat) => {}
                    _ => break,
                }
            },
        }
        Ok(None)
    }
}
