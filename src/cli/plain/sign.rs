//! Consent, review by hand, signature, and the record.

use std::io::{BufRead, Write};

use jiff::Timestamp;

use super::talk::Talk;
use super::{Consultation, Stop};
use crate::record::RecordId;
use crate::tui::paper;
use crate::tui::sheet::{Draft, Reflection, Signed, Signer, StepId};

impl Consultation<'_> {
    /// Goes through everything that stands against signing; `None` when it is not signed yet.
    pub(super) fn sign<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>) -> Result<Option<RecordId>, Stop> {
        if !self.assessment.missing.is_empty() {
            let open: Vec<&str> = self.assessment.missing.iter().map(|missing| missing.label.as_str()).collect();
            talk.say(&format!("Not yet: these have to be answered first, or `unknown`: {}.", open.join(", ")));
            self.passed.clear();
            return Ok(None);
        }
        talk.gap();
        talk.say("Sign");
        if let Some(amends) = self.sheet.amends.clone().filter(|amends| amends.reason.trim().is_empty()) {
            let reason = talk.line(&format!("Why is version {} amended?", amends.version))?;
            self.change(|sheet| {
                if let Some(amends) = &mut sheet.amends {
                    amends.reason = reason;
                }
            })?;
        }
        self.identity(talk)?;
        self.consent(talk)?;
        self.signature(talk)?;
        let mut against = self.sheet.against_signing(&self.loaded.pack, &self.assessment);
        against.extend(self.left_out().iter().map(|one| format!("{} (on record)", one.label)));
        if self.identity_is_open() {
            against.push("Name and date of birth were not asked again".to_owned());
        }
        if !against.is_empty() {
            talk.say(&format!("Not yet: {}.", against.join("; ")));
            return Ok(None);
        }
        let name = self.sheet.intake.text("patient.name").to_owned();
        let patient = if name.is_empty() { "a patient without a name".to_owned() } else { name };
        let verdict = self.assessment.verdict.word();
        let Signer { name, role, licence } = &self.sheet.signer;
        talk.say(&format!("{patient}: {verdict}. Signed by {name}, {role}, {licence}."));
        if !talk.yes("Sign and save?")? {
            return Ok(None);
        }
        let signed = Signed {
            draft: Draft {
                id: self.id,
                started: self.started,
                day: self.today,
                step: StepId::Sign,
                question: None,
                sheet: self.sheet.clone(),
            },
            assessment: self.assessment.clone(),
        };
        match paper::drawn_up(&self.loaded.pack, &signed, Timestamp::now()) {
            Ok(document) => {
                let actor = self.sheet.signer.name.clone();
                Ok(Some(self.store.save(&document, &actor)?.id))
            }
            Err(why) => {
                talk.say(&format!("Not saved: {why}. The draft is kept."));
                Ok(None)
            }
        }
    }

    fn consent<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>) -> Result<(), Stop> {
        let points: Vec<_> = self.assessment.plan.iter().flat_map(|plan| plan.consent.clone()).collect();
        let open: Vec<_> = points.iter().filter(|point| !self.sheet.covered.contains(&*point.id)).collect();
        if !open.is_empty() {
            talk.say(&format!("Consent: {} of {} points to cover.", open.len(), points.len()));
        }
        for point in open {
            talk.say(&point.text);
            point.patient.iter().for_each(|words| talk.say_at(2, words));
            if talk.yes("Covered?")? {
                self.change(|sheet| sheet.covered.extend([point.id.to_string()]))?;
            }
        }
        for words in self.sheet.free_text(&self.loaded.pack) {
            if !self.sheet.reviewed.contains(&words)
                && talk.yes(&format!("\"{words}\": no rule reads it. Reviewed by hand?"))?
            {
                self.change(|sheet| sheet.reviewed.extend([words]))?;
            }
        }
        while self.assessment.plan.is_some() && self.sheet.reflection == Reflection::NotSet {
            talk.say("Time to think it over:");
            for (n, choice) in Reflection::CHOICES.iter().enumerate() {
                talk.say_at(2, &format!("{} {}", n + 1, choice.label()));
            }
            let line = talk.line("Its number:")?;
            if let Some(choice) = line.parse::<usize>().ok().and_then(|n| Reflection::CHOICES.get(n.checked_sub(1)?)) {
                self.change(|sheet| sheet.reflection = *choice)?;
            }
        }
        Ok(())
    }

    /// Name, role, licence and a note: Enter keeps what is there.
    fn signature<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>) -> Result<(), Stop> {
        let shown = |now: &str| if now.is_empty() { String::new() } else { format!(" [{now}]") };
        let Signer { name, role, licence } = self.sheet.signer.clone();
        let asked =
            [("Practitioner", name), ("Role", role), ("Licence number", licence), ("Note", self.sheet.note.clone())];
        for (n, (what, now)) in asked.into_iter().enumerate() {
            let line = talk.line(&format!("{what}{}:", shown(&now)))?;
            if line.is_empty() {
                continue;
            }
            self.change(|sheet| match n {
                0 => sheet.signer.name = line,
                1 => sheet.signer.role = line,
                2 => sheet.signer.licence = line,
                _ => sheet.note = line,
            })?;
        }
        Ok(())
    }
}
