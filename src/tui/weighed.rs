//! What a form of follow-up says: read as a file that says the same, and answered by the red flags while it is filled in. The
//! screen and the consultation line by line hold the same form.

use jiff::civil::Date;

use super::begun::told_apart;
use super::follow_up::{Field, FollowUpView, Kind, Value};
use crate::follow_up::{self, Answer, Facts, Known, OpenReaction, Setting, What};
use crate::pack::{Pack, Reaction, Set};
use crate::source::SourceFile;

impl FollowUpView {
    /// What the menu offers, in words.
    #[must_use]
    pub fn offered(&self, pack: Option<&Pack>) -> Vec<String> {
        let mut rows = vec!["A session that was given".to_owned(), "A reaction".to_owned()];
        rows.extend(self.open_ones().into_iter().map(|open| {
            let what = if open.now.what.is_empty() { open.now.text.clone() } else { open.now.what.join(", ") };
            format!("How reaction {} stands now: {what}, grade {}", open.first, open.now.grade)
        }));
        let begun = self.begun.iter().filter_map(|draft| draft.following.as_ref());
        rows.extend(begun.map(|of| format!("Go on with {}", told_apart(of, pack))));
        rows
    }

    /// The reactions that are open.
    #[must_use]
    pub fn open_ones(&self) -> Vec<OpenReaction<'_>> {
        self.record
            .document
            .as_ref()
            .map_or_else(|_| Vec::new(), |document| follow_up::open_reactions(&document.follow_up))
    }

    /// The red flags speak on what is known so far.
    pub fn weigh(&mut self, pack: &Pack, today: Date) {
        if self.kind == Kind::Menu {
            return;
        }
        self.make_room(pack);
        (self.answer, self.remarks) = match self.read(pack, today, "", true) {
            Ok(What::Reaction(mut seen)) => {
                seen.weigh(pack, self.others, today);
                (Some(seen.answer), Vec::new())
            }
            Ok(what @ What::Session(_)) => (None, self.remarks_on(pack, &what)),
            // An answer that cannot be read yet silences no flag: what is known are the signs.
            Err(_) if self.kind == Kind::Reaction => (self.by_signs(pack), Vec::new()),
            Err(_) => (None, Vec::new()),
        };
    }

    /// What the flags say of the signs alone, everything else being unknown.
    fn by_signs(&self, pack: &Pack) -> Option<Answer> {
        let ids: Vec<&str> = self.signs(pack).iter().map(|sign| sign.id.as_str()).collect();
        let signs: Set<Reaction> = ids.iter().filter_map(|id| pack.follow_up.reactions.find(id)).collect();
        let facts = Facts {
            signs,
            days: None,
            lasting: None,
            grade: self.least(pack),
            serious: false,
            site: None,
            area: None,
            same_lot: None,
        };
        (!ids.is_empty()).then(|| follow_up::answer(pack, &facts))
    }

    /// What to fill in first, where the answer rests on nothing that is known.
    #[must_use]
    pub fn fill_in(&self, answer: &Answer) -> Option<String> {
        let said = |key: &str| self.fields.iter().any(|field| field.key == key && field.is_said());
        let first = answer.find_out(Known { began: said("onset"), lot: !self.lots().is_empty() }).join(", ");
        match (first.is_empty(), answer.flags.is_empty()) {
            (true, _) => None,
            (false, true) => Some(format!("fill in {first}")),
            (false, false) => Some(format!("not ruled out: fill in {first}")),
        }
    }

    /// What is worth saying before it is written down for good.
    #[must_use]
    pub fn remarks_on(&self, pack: &Pack, what: &What) -> Vec<String> {
        self.record.document.as_ref().map_or_else(|_| Vec::new(), |of| follow_up::remarks(pack, of.agreed(), what))
    }

    /// What it says, as a file that says it would be read; else why not, and the field where the mistake is. `so_far`: while it
    /// is not complete.
    ///
    /// # Errors
    /// The first mistake.
    pub fn read(&self, pack: &Pack, today: Date, by: &str, so_far: bool) -> Result<What, (String, Option<usize>)> {
        let Ok(document) = &self.record.document else { return Err((String::new(), None)) };
        let entries = &document.follow_up;
        let setting = Setting { pack, entries, today, by, patient: &document.patient.name };
        let file = SourceFile::new("form", self.text(so_far.then(|| self.least(pack))));
        follow_up::read(setting, &file).map_err(|report| {
            let Some(first) = report.diagnostics.first() else { return (String::new(), None) };
            let why = first.help.as_ref().filter(|help| !help.contains(['`', '['])).unwrap_or(&first.expected);
            // The field whose key stands where the mistake is.
            let (line, _) = file.line_column(first.span.start);
            let text = file.text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
            let key = text.split('=').next().unwrap_or_default().trim();
            let of = |field: &Field| field.key.rsplit('.').next() == Some(key) || key.starts_with(&field.key);
            (format!("{}: {why}.", first.message), self.fields.iter().position(of))
        })
    }

    /// What has to be said of a product that the plan does not hold, and is not.
    fn missing_given(&self) -> Option<(usize, &'static str)> {
        let at = |key: String| self.fields.iter().position(|field| field.key == key);
        self.spare().find_map(|n| {
            let said = |name: &str| {
                let at = at(format!("given.{n}.{name}"))?;
                Some((at, self.fields.get(at)?.is_said()))
            };
            let (product, named) = said("product")?;
            let (area, placed) = said("area")?;
            let more =
                ["lot", "expiry", "ml", "points", "site"].into_iter().any(|name| said(name).is_some_and(|(_, is)| is));
            match (named, placed) {
                (true, false) => Some((area, "In which area was it given?")),
                (false, _) if more => Some((product, "Which product was it? Its name stands on the box.")),
                _ => None,
            }
        })
    }

    /// What has to be said of a reaction or a product and is not.
    #[must_use]
    pub fn missing(&self) -> Option<(usize, &'static str)> {
        let typed =
            |field: &Field| matches!(&field.value, Value::Signs { query, .. } if !query.value().trim().is_empty());
        if let Some(at) = self.fields.iter().position(typed) {
            return Some((at, "Enter adds the sign that is typed; or empty the line."));
        }
        let open = |key: &str| {
            self.fields.iter().position(|field| {
                field.key == key
                    && match &field.value {
                        Value::One { taken, .. } => taken.is_none(),
                        Value::Many { taken, .. } => taken.is_none(),
                        Value::Line(_) | Value::Signs { .. } => false,
                    }
            })
        };
        let grade = open("grade").map(|at| (at, "The grade is missing: 1 mild to 5 death."));
        let serious = || open("serious").map(|at| (at, "Is it serious? Tick what holds, or n for none of them."));
        let given = || self.missing_given();
        let nobody = || self.author().filter(|(_, name)| name.is_empty());
        grade
            .or_else(serious)
            .or_else(given)
            .or_else(|| nobody().map(|(at, _)| (at, "Who writes this down? The name stands in the record.")))
    }
}
