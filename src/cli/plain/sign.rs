//! Consent, review by hand, signature, and the record.

use std::io::{BufRead, Write};

use jiff::Timestamp;

use super::talk::{Command, Talk, Typed, nth};
use super::{Consultation, Stop, brief};
use crate::plan::ConsentPoint;
use crate::record::RecordId;
use crate::tui::paper;
use crate::tui::sheet::{Draft, Reflection, Sheet, Signed, Signer, StepId};

/// A line of the signature.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Line {
    Reason,
    Name,
    Role,
    Licence,
    Note,
}

impl Line {
    const SIGNATURE: [Self; 4] = [Self::Name, Self::Role, Self::Licence, Self::Note];

    const fn label(self) -> &'static str {
        match self {
            Self::Reason => "Why it is amended",
            Self::Name => "Practitioner",
            Self::Role => "Role",
            Self::Licence => "Licence number",
            Self::Note => "Note",
        }
    }

    const fn help(self) -> &'static str {
        match self {
            Self::Reason => {
                "Type the reason of the amendment; it stands in the record. Commands have a slash here: `/back`."
            }
            Self::Note => {
                "Type a note for the record; a line that ends in a backslash goes on in the next. Enter keeps what is there, \
                 `/clear` empties it. Commands have a slash here: `/back`."
            }
            Self::Name | Self::Role | Self::Licence => {
                "Type it; Enter keeps what is there. Commands have a slash here: `/back`."
            }
        }
    }

    /// Where it stands on a sheet.
    fn of(self, sheet: &mut Sheet) -> Option<&mut String> {
        match self {
            Self::Reason => sheet.amends.as_mut().map(|amends| &mut amends.reason),
            Self::Name => Some(&mut sheet.signer.name),
            Self::Role => Some(&mut sheet.signer.role),
            Self::Licence => Some(&mut sheet.signer.licence),
            Self::Note => Some(&mut sheet.note),
        }
    }
}

impl Consultation<'_> {
    /// Goes through everything that stands against signing; `None` when it is not signed yet.
    pub(super) fn sign<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>) -> Result<Option<RecordId>, Stop> {
        const HELP: &str = "y: the consultation is signed and saved; a saved record is never changed, only amended. n: back to \
                            the assessment.";
        if !self.assessment.missing.is_empty() {
            let open: Vec<&str> = self.assessment.missing.iter().map(|missing| missing.label.as_str()).collect();
            talk.say(&format!("Not yet: these have to be answered first, or `unknown`: {}.", open.join(", ")));
            self.passed.clear();
            return Ok(None);
        }
        talk.gap();
        talk.say("Sign");
        let steps = [Self::reason, Self::identity, Self::consent, Self::by_hand, Self::reflection, Self::signature];
        for step in steps {
            if !step(self, talk)? {
                talk.say("Back to the assessment; what was said here stays.");
                return Ok(None);
            }
        }
        let mut against = self.sheet.against_signing(&self.loaded.pack, &self.assessment);
        against.extend(self.left_out().iter().map(|one| format!("{} (on record)", one.label)));
        if self.identity_is_open() {
            against.push("Name and date of birth were not asked again".to_owned());
        }
        if !against.is_empty() {
            talk.say(&format!("Not yet: {}.", against.join("; ")));
            return Ok(None);
        }
        let patient = match self.sheet.intake.text("patient.name") {
            "" => "a patient without a name".to_owned(),
            name => name.to_owned(),
        };
        let verdict = self.assessment.verdict.word();
        if let Some(plan) = &self.assessment.plan {
            talk.page(brief::plan(plan));
        }
        let Signer { name, role, licence } = &self.sheet.signer;
        talk.say(&format!("{patient}: {verdict}. Signed by {name}, {role}, {licence}."));
        if self.yes(talk, "Sign and save?", HELP)? != Some(true) {
            return Ok(None);
        }
        self.save(talk)
    }

    /// Draws up the record and saves it.
    fn save<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>) -> Result<Option<RecordId>, Stop> {
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
                match self.store.save(&document, &actor) {
                    Ok(saved) => Ok(Some(saved.id)),
                    // A disk that is full can be helped; whoever answered all this does not answer it again.
                    Err(why) => {
                        talk.say(&format!("Not saved: {why}. All of it is still here: `sign` tries again."));
                        Ok(None)
                    }
                }
            }
            Err(why) => {
                talk.say(&format!("Not saved: {why}. The draft is kept."));
                Ok(None)
            }
        }
    }

    /// The reason of an amendment. This and the others: false when one went back.
    fn reason<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>) -> Result<bool, Stop> {
        if let Some(amends) = &self.sheet.amends {
            talk.say(&format!("It amends version {} of {}, as of that day.", amends.version, amends.day));
            return self.line(talk, Line::Reason);
        }
        Ok(true)
    }

    /// The points of consent, one by one.
    fn consent<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>) -> Result<bool, Stop> {
        const HELP: &str = "y: it was covered. n: not yet. `all`: the points that are left are said, and then taken together. \
                            `back`: to the assessment.";
        let points: Vec<_> = self.assessment.plan.iter().flat_map(|plan| plan.consent.clone()).collect();
        let open: Vec<_> = points.iter().filter(|point| !self.sheet.covered.contains(&*point.id)).collect();
        if !open.is_empty() {
            talk.say(&format!("Consent: {} of {} points to cover.", open.len(), points.len()));
        }
        let mut together = false;
        for (n, point) in open.iter().enumerate() {
            talk.say(&format!("{} of {}: {}", n + 1, open.len(), point.text));
            point.patient.iter().for_each(|words| talk.say_at(2, words));
            while !together {
                match self.prompt(talk, "Covered? (y, n, all):", HELP, |_| false)? {
                    Typed::Command(Command::Back) => return Ok(false),
                    Typed::Words(words) => match words.to_lowercase().as_str() {
                        "y" | "yes" => {
                            self.cover(&[point])?;
                            break;
                        }
                        "n" | "no" => break,
                        "all" => together = true,
                        _ => talk.say("Write y, n or all; `help` says more."),
                    },
                    _ => talk.say("Write y, n or all; `help` says more."),
                }
            }
        }
        if together {
            let left: Vec<_> = open.into_iter().filter(|point| !self.sheet.covered.contains(&*point.id)).collect();
            match self.yes(talk, "Were all of these covered?", HELP)? {
                None => return Ok(false),
                Some(true) => self.cover(&left)?,
                Some(false) => {}
            }
        }
        Ok(true)
    }

    fn cover(&mut self, points: &[&ConsentPoint]) -> Result<(), Stop> {
        self.change(|sheet| sheet.covered.extend(points.iter().map(|point| point.id.to_string())))
    }

    /// Entries in words, which no rule reads.
    fn by_hand<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>) -> Result<bool, Stop> {
        const HELP: &str = "y: somebody has looked at what these words mean for the treatment. n: not yet.";
        for words in self.sheet.free_text(&self.loaded.pack) {
            if self.sheet.reviewed.contains(&words) {
                continue;
            }
            match self.yes(talk, &format!("\"{words}\": no rule reads it. Reviewed by hand?"), HELP)? {
                None => return Ok(false),
                Some(true) => self.change(|sheet| sheet.reviewed.extend([words]))?,
                Some(false) => {}
            }
        }
        Ok(true)
    }

    /// Time to think it over.
    fn reflection<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>) -> Result<bool, Stop> {
        const HELP: &str = "Type the number of what was agreed. `back`: to the assessment.";
        while self.assessment.plan.is_some() && self.sheet.reflection == Reflection::NotSet {
            talk.say("Time to think it over:");
            for (n, choice) in Reflection::CHOICES.iter().enumerate() {
                talk.say_at(2, &format!("{} {}", n + 1, choice.label()));
            }
            match self.prompt(talk, "Its number:", HELP, |_| false)? {
                Typed::Command(Command::Back) => return Ok(false),
                Typed::Words(number) => match nth(&number, Reflection::CHOICES.len()) {
                    Some(at) => self.change(|sheet| sheet.reflection = Reflection::CHOICES[at])?,
                    None => talk.say(&format!("There is no {number}.")),
                },
                _ => {}
            }
        }
        Ok(true)
    }

    /// Name, role, licence and a note.
    fn signature<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>) -> Result<bool, Stop> {
        for line in Line::SIGNATURE {
            if !self.line(talk, line)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// One line of the signature: Enter keeps what is there.
    fn line<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>, line: Line) -> Result<bool, Stop> {
        let now = line.of(&mut self.sheet).cloned().unwrap_or_default();
        let prompt = match now.as_str() {
            "" => format!("{}:", line.label()),
            now if now.contains('\n') => {
                talk.say(&format!("{} so far:", line.label()));
                now.lines().for_each(|row| talk.say_at(2, row));
                format!("{} (Enter keeps it):", line.label())
            }
            now => format!("{} [{now}]:", line.label()),
        };
        loop {
            let typed = match self.prompt(talk, &prompt, line.help(), |_| true)? {
                Typed::Nothing => return Ok(true),
                Typed::Words(words) if line == Line::Note => talk.rest_of(&words)?,
                Typed::Words(words) => {
                    if Command::of(&words).is_some() {
                        talk.say(&format!("Taken as it is; the command is `/{words}`, and `/back` comes back."));
                    }
                    words
                }
                Typed::Command(Command::Clear) => String::new(),
                Typed::Command(Command::Back) => return Ok(false),
                Typed::Command(_) => {
                    talk.say("Not here; `/help` tells what can be typed.");
                    continue;
                }
            };
            // What is typed here is no answer: undo leaves it alone.
            if let Some(text) = line.of(&mut self.sheet) {
                *text = typed;
                self.touched = true;
            }
            self.keep();
            return Ok(true);
        }
    }
}
