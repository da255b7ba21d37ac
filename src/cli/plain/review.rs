//! The assessment and what can be done about it before signing.

use std::io::{BufRead, Write};

use super::talk::{Command, Talk, Typed, nth};
use super::{Consultation, Said, Stop, brief};
use crate::cli::assessment_text as text;
use crate::cli::page::Page;
use crate::cli::plan_text;
use crate::find::fold;
use crate::pack::QuestionIx;
use crate::plan::reason_lacks;

/// What comes after the review.
pub(super) enum Next {
    /// Questions.
    Ask,
    /// Consent and signature.
    Sign,
}

const HELP: &str = "`sign`: consent, signature, save.
`show`: all of the assessment. A part of it: `show findings`, `show excluded`, `show plan`, `show consent`, `show care`.
`brief`: the assessment in brief, as it was said first.
`why`: what would change the outcome, and which open question matters most. `why` and the number of a finding, or the name \
of a rule, an ingredient or a scale: what it rests on.
`change` or `go`, and words of a question, or a step: answer again. `cause` and the number of a finding: answer again what \
is behind it. `back`: the last question.
`override` and the number or the rule of a finding: with a reason, where the rule allows it; once more takes it back.
`recipe`: the recipes in rank order, to take another one.
`mix`: a mix of your own: volumes, points, ingredients; every change is vetted.
`undo`, `redo`: the last change.";

const PROMPT: &str = "What next (`sign`, or `help` for all there is):";

impl Consultation<'_> {
    /// Says the assessment and takes commands.
    pub(super) fn review<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>) -> Result<Next, Stop> {
        if self.say_if_new(talk) && !self.assessment.missing.is_empty() && self.asks_open(talk)? {
            return Ok(Next::Ask);
        }
        loop {
            talk.gap();
            let said = match self.prompt(talk, PROMPT, HELP, |_| false)? {
                Typed::Nothing => {
                    talk.say(HELP);
                    None
                }
                Typed::Words(line) => match self.act(talk, &line)? {
                    Some(next) => return Ok(next),
                    None => None,
                },
                Typed::Command(command) => self.move_from_here(talk, command)?,
            };
            match said {
                Some(Said::Review) => drop(self.say_if_new(talk)),
                Some(_) => return Ok(Next::Ask),
                None => {}
            }
        }
    }

    /// A command that leads back to questions, if it is one.
    fn move_from_here<R: BufRead, W: Write>(
        &mut self,
        talk: &mut Talk<R, W>,
        command: Command,
    ) -> Result<Option<Said>, Stop> {
        match command {
            Command::Back => {
                self.again.extend(self.behind.pop());
                return Ok(Some(Said::Elsewhere));
            }
            Command::Repeat => self.say_brief(talk),
            Command::Go(words) => return self.go(talk, &words),
            Command::Cause(name) => return Ok(self.cause(talk, &name)),
            Command::Undo | Command::Redo => {
                let moved = self.travel(talk, command == Command::Undo)?;
                self.say_news(talk);
                // An answer that is missing now is asked; another decision is heard here.
                if moved.is_some() && self.again.is_empty() {
                    self.say_if_new(talk);
                }
                return Ok(moved.filter(|_| !self.again.is_empty()));
            }
            _ => talk.say("That is for questions; `help` tells what can be typed here."),
        }
        Ok(None)
    }

    /// Asks whether the open questions are to be asked now.
    fn asks_open<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>) -> Result<bool, Stop> {
        const HELP: &str = "y: they are asked one after another. n: to the assessment as it is; there is no plan yet.";
        let open = self.open();
        if open.is_empty() {
            return Ok(false);
        }
        let prompt = "Questions that a safety rule reads are open. Ask them now?";
        if self.yes(talk, prompt, HELP)? != Some(true) {
            return Ok(false);
        }
        self.passed.retain(|passed| open.iter().all(|ix| ix.get() != *passed));
        Ok(true)
    }

    /// What was typed at the assessment.
    fn act<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>, line: &str) -> Result<Option<Next>, Stop> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let rest = rest.trim();
        match fold(word.trim_start_matches('/')).as_str() {
            "sign" => return Ok(Some(Next::Sign)),
            "show" => self.show(talk, rest),
            "brief" => self.say_brief(talk),
            "override" => {
                self.override_finding(talk, rest)?;
                self.say_news(talk);
            }
            "recipe" => {
                self.choose_recipe(talk)?;
                self.say_news(talk);
            }
            "mix" => {
                self.mix(talk)?;
                self.say_news(talk);
            }
            _ => talk.say(&format!("\"{word}\" means nothing here; `help` tells what does.")),
        }
        Ok(None)
    }

    /// Says the assessment in brief, unless it was heard already; whether it was said.
    fn say_if_new<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>) -> bool {
        let new = self.heard != brief::whole(&self.assessment).finish();
        match new {
            true => self.say_brief(talk),
            false => {
                let verdict = self.assessment.verdict.word().to_uppercase();
                talk.say(&format!("Assessment: {verdict}, as before; `brief` says it again."));
            }
        }
        new
    }

    fn say_brief<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>) {
        talk.gap();
        talk.say("Assessment");
        talk.page(brief::whole(&self.assessment));
        self.heard = brief::whole(&self.assessment).finish();
    }

    /// All of the assessment, or a part of it.
    fn show<R: BufRead, W: Write>(&self, talk: &mut Talk<R, W>, part: &str) {
        let assessment = &self.assessment;
        let mut page = Page::new(false);
        page.gap();
        match (fold(part).as_str(), &assessment.plan) {
            ("", _) => {
                page.text(0, 0, "Assessment");
                page.gap();
                text::write(&mut page, assessment, &[]);
            }
            ("findings", _) => {
                text::verdict(&mut page, assessment);
                text::missing(&mut page, &assessment.missing);
                assessment.findings.iter().for_each(|finding| text::finding(&mut page, finding));
            }
            ("excluded", _) => text::excluded(&mut page, &assessment.excluded),
            ("plan", Some(plan)) => plan_text::plan(&mut page, plan),
            ("consent", Some(plan)) => plan_text::consent(&mut page, plan),
            ("care", Some(plan)) => plan_text::care(&mut page, plan),
            ("plan" | "consent" | "care", None) => page.text(0, 2, "There is no plan."),
            _ => page.text(0, 2, "`show` alone, or findings, excluded, plan, consent or care behind it."),
        }
        talk.page(page);
    }

    /// The open questions that hold the verdict back and can be asked now.
    fn open(&self) -> Vec<QuestionIx> {
        let pack = &self.loaded.pack;
        let asked = self.asked();
        let missing = self.assessment.missing.iter().filter_map(|missing| pack.questions.find(&missing.question));
        missing.filter(|ix| asked.contains(ix)).collect()
    }

    fn override_finding<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>, name: &str) -> Result<(), Stop> {
        const HELP: &str = "Type the number of a reason, or a reason in your own words. It stands in the record. Enter: the \
                            finding stays as it is. Commands have a slash here.";
        let findings = &self.assessment.findings;
        let rule = nth(name, findings.len()).map_or(name, |at| findings[at].rule.as_str()).to_owned();
        if self.sheet.overrides.contains_key(&rule) {
            talk.say("The override was taken back.");
            return self.change(|sheet| drop(sheet.overrides.remove(&rule)));
        }
        let Some(finding) = findings.iter().find(|finding| finding.rule == rule).cloned() else {
            talk.say(&format!("There is no finding \"{name}\": `override` and the number or the rule of one."));
            return Ok(());
        };
        if !finding.overridable {
            talk.say(&format!("{}: this finding cannot be overridden.", finding.title));
            return Ok(());
        }
        talk.say(&format!("{}. It may be overridden when:", finding.title));
        let reasons = finding.override_reasons.clone();
        for reason in &finding.override_refuted {
            talk.say_at(2, &format!("- not offered: {reason}"));
        }
        for (n, reason) in reasons.iter().enumerate() {
            talk.say_at(2, &format!("{} {reason}", n + 1));
        }
        let prompt = "The number of a reason, or a reason in your own words (Enter: none):";
        let mut reason = match self.prompt(talk, prompt, HELP, |_| true)? {
            Typed::Words(line) => nth(&line, reasons.len()).map_or(line, |at| reasons[at].clone()),
            _ => String::new(),
        };
        if reason.is_empty() {
            talk.say("Not overridden: an override needs a reason.");
            return Ok(());
        }
        if let Some(lacks) = reason_lacks(&finding, &reason) {
            let more = match self.prompt(talk, &format!("{lacks} (Enter: none):"), HELP, |_| true)? {
                Typed::Words(line) => line,
                _ => String::new(),
            };
            reason = format!("{reason}: {more}");
            if let Some(lacks) = reason_lacks(&finding, &reason) {
                talk.say(&format!("Not overridden. {lacks}"));
                return Ok(());
            }
        }
        self.change(|sheet| drop(sheet.overrides.insert(rule, reason)))?;
        talk.say("Overridden; the reason goes into the record.");
        Ok(())
    }

    fn choose_recipe<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>) -> Result<(), Stop> {
        const HELP: &str =
            "Type the number of the recipe to take in the place of the one that is planned; Enter: it stays.";
        let mut offered = Vec::new();
        for cocktail in self.assessment.plan.iter().flat_map(|plan| &plan.cocktails) {
            talk.say(&format!("{}, {}: {} is planned.", cocktail.goal_label, cocktail.area_label, cocktail.label));
            for other in &cocktail.alternatives {
                let words = format!("{} (evidence {}): {}", other.label, other.evidence.letter(), other.why_lower);
                if other.possible {
                    offered.push((cocktail.goal.clone(), cocktail.area.clone(), other.recipe.clone()));
                    talk.say_at(2, &format!("{} {words}", offered.len()));
                } else {
                    talk.say_at(2, &format!("not possible: {words}"));
                }
            }
        }
        if offered.is_empty() {
            talk.say("There is no other recipe to take.");
            return Ok(());
        }
        let (goal, area, recipe) = loop {
            match self.prompt(talk, "The number of the one to take, or Enter:", HELP, |_| false)? {
                Typed::Words(number) => match nth(&number, offered.len()) {
                    Some(at) => break offered.swap_remove(at),
                    None => talk.say(&format!("There is no {number}: 1 to {}, or Enter.", offered.len())),
                },
                _ => return Ok(()),
            }
        };
        self.change(|sheet| drop(sheet.recipes.insert((goal, area), recipe)))?;
        if let Some(plan) = &self.assessment.plan {
            talk.page(brief::plan(plan));
        }
        Ok(())
    }
}
