//! A patient who was here before, line by line: who looks like the one being typed, what the last consultation offers, and
//! who it is, asked again before signing.

use std::io::{BufRead, Write};

use jiff::Timestamp;

use super::talk::{Talk, nth};
use super::{Consultation, Said, Stop};
use crate::intake::{Answer, Offer, age_on};
use crate::pack::{List, Question, QuestionKind};
use crate::record::{Action, Event, LeftOut, Person};
use crate::tui::lists::alike_line;
use crate::tui::{against, form, paper};

/// Patients named at most.
const ALIKE: usize = 3;

impl Consultation<'_> {
    /// What the last consultation offers for a question.
    pub(super) fn say_offer<R: BufRead, W: Write>(&self, talk: &mut Talk<R, W>, question: &Question) {
        let (Some(offer), Some(carried)) = (self.sheet.offer(&question.id), &self.sheet.carried) else { return };
        let words = form::detailed_words(&self.loaded.pack, question, offer.shown());
        let day = carried.earlier.day();
        let ask = if matches!(question.kind, QuestionKind::List(_)) { " Ask what is new since then." } else { "" };
        talk.say_at(2, &format!("on {day}: {words}. Not an answer yet: `/same` confirms it.{ask}"));
    }

    /// Confirms it.
    pub(super) fn same<R: BufRead, W: Write>(
        &mut self,
        talk: &mut Talk<R, W>,
        question: &Question,
    ) -> Result<Option<Said>, Stop> {
        if self.sheet.offer(&question.id).is_none() {
            talk.say("Nothing of an earlier consultation is offered here.");
            return Ok(None);
        }
        let now = Timestamp::now();
        self.change(|sheet| {
            sheet.confirm(&question.id, now);
        })?;
        let QuestionKind::List(list) = question.kind else { return Ok(Some(Said::Next)) };
        self.qualify_all(talk, question, list)?;
        Ok(None)
    }

    /// Confirms what is offered on the whole step, once it was said; what has to be asked by itself is left.
    pub(super) fn same_step<R: BufRead, W: Write>(
        &mut self,
        talk: &mut Talk<R, W>,
        question: &Question,
    ) -> Result<Option<Said>, Stop> {
        const HELP: &str = "y: all of these are still so. n: they are asked one by one.";
        let loaded = self.loaded;
        let step = question.step;
        let offered: Vec<&Question> = (loaded.pack.questions.iter())
            .filter(|other| other.step == step)
            .filter(|other| self.sheet.offer(&other.id).is_some_and(Offer::with_its_step))
            .collect();
        if offered.is_empty() {
            talk.say("Nothing is offered on this step that could be confirmed together.");
            return Ok(None);
        }
        for other in &offered {
            if let Some(offer) = self.sheet.offer(&other.id) {
                let words = form::detailed_words(&loaded.pack, other, offer.shown());
                talk.say_at(2, &format!("{}: {words}", other.label));
            }
        }
        if self.yes(talk, "Are all of these still so?", HELP)? != Some(true) {
            return Ok(None);
        }
        let now = Timestamp::now();
        self.change(|sheet| {
            for other in &offered {
                sheet.confirm(&other.id, now);
            }
        })?;
        Ok(Some(Said::Elsewhere))
    }

    /// What may have changed of entries that were taken over.
    fn qualify_all<R: BufRead, W: Write>(
        &mut self,
        talk: &mut Talk<R, W>,
        question: &Question,
        list: List,
    ) -> Result<(), Stop> {
        for at in 0..self.sheet.intake.entries(&question.id).len() {
            let entry = &self.sheet.intake.entries(&question.id)[at];
            talk.say_at(2, &format!("taken over: {}", form::entry_label(&self.loaded.pack, Some(list), entry)));
            self.qualify(talk, question, list, at, false)?;
        }
        Ok(())
    }

    /// Once name or date of birth was answered: who on record looks like this patient.
    pub(super) fn look_for_alike<R: BufRead, W: Write>(
        &mut self,
        talk: &mut Talk<R, W>,
        question: &str,
    ) -> Result<(), Stop> {
        let asked = matches!(question, "patient.name" | "patient.birth_date");
        if !asked || self.sheet.amends.is_some() || self.sheet.is_returning() {
            return Ok(());
        }
        let birth_date = match self.sheet.intake.get("patient.birth_date") {
            Some(Answer::Date(date)) => Some(*date),
            _ => None,
        };
        let typed = Person::new(self.sheet.intake.text("patient.name"), birth_date);
        let alike = self.store.alike(&typed, ALIKE)?;
        if alike == self.alike {
            return Ok(());
        }
        for (n, one) in alike.iter().enumerate() {
            let born = one.card.birth_date.map_or_else(String::new, |date| format!(", born {date}"));
            let seen = one.card.saved_at.to_zoned(jiff::tz::TimeZone::system()).date();
            let name = &one.card.patient;
            let many = if alike.len() > 1 { format!("{} ", n + 1) } else { String::new() };
            talk.say(&format!("{many}Looks like {name}{born}, last seen {seen} ({}).", one.likeness.words()));
        }
        match alike.len() {
            0 => {}
            1 => talk.say("`/returning`: it is the same patient; the last consultation is offered. Or just go on."),
            _ => talk.say("`/returning 1`: it is the first of them; the last consultation is offered. Or just go on."),
        }
        self.alike = alike;
        Ok(())
    }

    /// It is one of those who look alike, the first without a number: the last consultation offers what lasts.
    pub(super) fn returning<R: BufRead, W: Write>(
        &mut self,
        talk: &mut Talk<R, W>,
        number: &str,
    ) -> Result<Option<Said>, Stop> {
        if self.alike.is_empty() {
            talk.say("Nobody on record looks like this patient.");
            return Ok(None);
        }
        let at = if number.is_empty() { Some(0) } else { nth(number, self.alike.len()) };
        let Some(one) = at.and_then(|at| self.alike.get(at)) else {
            talk.say(&format!("There is no {number}: {} on record might be meant.", self.alike.len()));
            return Ok(None);
        };
        let Some(last) = self.store.last_of_patient(one.card.id)? else { return Ok(None) };
        let Some(stored) = self.store.load(last, None)? else { return Ok(None) };
        let document = match stored.document() {
            Ok(document) => document,
            Err(why) => {
                talk.say(&why.to_string());
                return Ok(None);
            }
        };
        let now = Timestamp::now();
        let actor = self.sheet.signer.name.clone();
        self.store.note(&Event::with(now, &actor, Action::Opened, last, document.version))?;
        let (carried, lost) = paper::returning(&self.loaded.pack, &document, self.today);
        lost.iter().for_each(|words| talk.say_at(2, &format!("Not understood by this pack: {words}")));
        self.alike.clear();
        self.change(|sheet| {
            sheet.intake.clear("patient.name");
            sheet.intake.clear("patient.birth_date");
            sheet.carried = Some(carried);
        })?;
        self.passed.clear();
        self.behind.clear();
        Ok(Some(Said::Next))
    }

    /// Who it is for, by name and a second identifier; asked again where another patient could be meant.
    /// False: back.
    pub(super) fn identity<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>) -> Result<bool, Stop> {
        let born = match self.sheet.intake.get("patient.birth_date") {
            Some(Answer::Date(date)) => {
                let age = age_on(*date, self.today).map_or_else(String::new, |age| format!(" ({age})"));
                format!("born {date}{age}")
            }
            _ => "no date of birth".to_owned(),
        };
        let name = match self.sheet.intake.text("patient.name") {
            "" => "a patient without a name",
            name => name,
        };
        talk.say(&format!("For {name}, {born}."));
        const HELP: &str = "y: the patient has said name and date of birth again, and they are those. n: not yet. `back`: to \
                            the assessment.";
        const LEFT_OUT: &str = "y: it was asked again, and does not hold any more; the record says so. n: not yet. `back`: to \
                                the assessment, where its question can be answered anew.";
        if self.identity_is_open() {
            let prompt = "Another patient could be meant. Were name and date of birth asked again?";
            match self.yes(talk, prompt, HELP)? {
                None => return Ok(false),
                Some(true) => self.change(|sheet| sheet.identity_checked = Some(Timestamp::now()))?,
                Some(false) => {}
            }
        }
        for one in self.left_out() {
            match self.yes(talk, &format!("{}. Asked again, and no longer so?", one.words()), LEFT_OUT)? {
                None => return Ok(false),
                Some(true) => self.change(|sheet| sheet.leave_out(one, Timestamp::now()))?,
                Some(false) => {}
            }
        }
        Ok(true)
    }

    /// What is on record and not among the answers, as long as nobody was asked again.
    pub(super) fn left_out(&self) -> Vec<LeftOut> {
        let zone = jiff::tz::TimeZone::system();
        let alike: Vec<_> = self.alike.iter().map(|one| alike_line(one, &zone)).collect();
        against::open(&self.loaded.pack, &self.sheet, &alike)
    }

    /// Whether somebody has to say again who is treated: where another patient could be meant.
    pub(super) fn identity_is_open(&self) -> bool {
        let sheet = &self.sheet;
        let unsure = sheet.amends.is_some() || sheet.carried.is_some() || self.resumed || !self.alike.is_empty();
        unsure && sheet.identity_checked.is_none()
    }
}
