//! An entry in words: the same on the screen and on the command line.

use super::entry::{Entry, Given, Onset, Performed, Seen, What};
use super::score::score;
use crate::pack::Pack;

/// An entry in one line.
#[must_use]
pub fn entry_line(entry: &Entry) -> String {
    match &entry.what {
        What::Session(session) => {
            let which = session.planned.map_or_else(|| "session".to_owned(), |n| format!("session {n} of the plan"));
            let lots = entry.lots();
            let lots = if lots.is_empty() { String::new() } else { format!(", lot {}", lots.join(", ")) };
            format!("{}: {which}{lots}", session.date)
        }
        What::Reaction(seen) => {
            let what = if seen.what.is_empty() { seen.text.clone() } else { seen.what.join(", ") };
            let state = if seen.is_open() { "open" } else { "over" };
            let again = seen.updates.map(|first| format!(", about entry {first}")).unwrap_or_default();
            format!("reaction: {what}, grade {}, {state}{again}: {}", seen.grade, seen.answer.words())
        }
    }
}

/// Everything an entry says: names and words, in order. Without a pack, ids stand in place of labels.
#[must_use]
pub fn entry_rows(pack: Option<&Pack>, entry: &Entry) -> Vec<(String, String)> {
    let mut rows = Rows { pack, rows: Vec::new() };
    match &entry.what {
        What::Session(session) => rows.session(session),
        What::Reaction(seen) => rows.reaction(seen),
    }
    rows.add("written by", &format!("{}, {}", entry.by, entry.recorded_at.strftime("%Y-%m-%d %H:%M UTC")));
    rows.rows
}

struct Rows<'p> {
    pack: Option<&'p Pack>,
    rows: Vec<(String, String)>,
}

impl Rows<'_> {
    fn add(&mut self, what: &str, words: &str) {
        if !words.is_empty() {
            self.rows.push((what.to_owned(), words.to_owned()));
        }
    }

    fn area(&self, id: &str) -> String {
        self.pack.and_then(|pack| pack.areas.get(id)).map_or_else(|| id.to_owned(), |area| area.label.clone())
    }

    fn option(&self, list: &str, id: &str) -> String {
        let list = self.pack.and_then(|pack| pack.follow_up.lists.get(list));
        list.map_or_else(|| id.to_owned(), |list| list.label_of(id).to_owned())
    }

    fn session(&mut self, session: &Performed) {
        self.add("session", &session.date.to_string());
        self.add("planned as", &session.planned.map(|n| format!("session {n} of the plan")).unwrap_or_default());
        self.add("given by", &session.practitioner);
        self.add("room", &session.room);
        for given in &session.given {
            let words = self.given(given);
            self.add(&self.area(&given.area), &words);
        }
        for outcome in &session.outcome {
            let gais = outcome.gais.as_deref().map(|id| self.option("gais", id));
            let photo = if outcome.photo.is_empty() { None } else { Some(format!("photograph {}", outcome.photo)) };
            let words: Vec<String> =
                [gais, photo, Some(outcome.note.clone())].into_iter().flatten().filter(|w| !w.is_empty()).collect();
            self.add(&format!("outcome, {}", self.area(&outcome.area)), &words.join("; "));
        }
        self.add("note", &session.note);
    }

    fn given(&self, given: &Given) -> String {
        let technique = given.technique.as_deref().map(|id| {
            let known = self.pack.and_then(|pack| pack.techniques.get(id));
            known.map_or_else(|| id.to_owned(), |technique| technique.label.clone())
        });
        let parts = [
            Some(given.product.clone()),
            Some(given.lot.as_ref().map_or_else(|| "lot not written down".to_owned(), |lot| format!("lot {lot}"))),
            given.expiry.map(|expiry| format!("use by {expiry}")),
            (!given.dilution.is_empty()).then(|| given.dilution.clone()),
            given.ml.map(|ml| format!("{ml} mL")),
            given.points.map(|points| format!("{points} points")),
            technique,
            (!given.needle.is_empty()).then(|| given.needle.clone()),
            (!given.site.is_empty()).then(|| given.site.clone()),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    fn reaction(&mut self, seen: &Seen) {
        self.add("about", &seen.updates.map(|first| format!("entry {first}, as it stands now")).unwrap_or_default());
        let signs: Vec<String> = seen.what.iter().map(|id| self.sign(id)).collect();
        self.add("reaction", &signs.join(", "));
        self.add("in words", &seen.text);
        let after = match (seen.session, seen.session_date) {
            (Some(number), Some(date)) => format!("the session of {date} (entry {number})"),
            (None, Some(date)) => format!("the session of {date}"),
            _ => "not known".to_owned(),
        };
        self.add("after", &after);
        let onset = match seen.onset {
            Onset::On(date) => date.to_string(),
            Onset::Hours(hours) => format!("{hours} hours after the session"),
            Onset::Days(days) => format!("{days} days after the session"),
            Onset::Unknown => "not known".to_owned(),
        };
        self.add("began", &onset);
        self.add(
            "ended",
            &seen.ended.map_or_else(|| "not yet, as far as is known".to_owned(), |date| date.to_string()),
        );
        let site = seen.site.map(|site| site.label().to_owned());
        let place: Vec<String> = seen.area.as_deref().map(|id| self.area(id)).into_iter().chain(site).collect();
        self.add("where", if place.is_empty() { "not known" } else { "" });
        self.add("where", &place.join(", "));
        self.add("grade", &format!("{}: {}", seen.grade, seen.grade_words));
        let serious: Vec<String> = seen.serious.iter().map(|id| self.option("seriousness", id)).collect();
        self.add("serious", &if serious.is_empty() { "no criterion is met".to_owned() } else { serious.join(", ") });
        self.add("lots", &if seen.lots.is_empty() { "not known".to_owned() } else { seen.lots.join(", ") });
        if let Some(others) = seen.same_lot.filter(|others| *others > 0) {
            self.add("same lot", &format!("{others} other patients had reacted"));
        }
        let causality = seen.causality.as_deref().map(|id| self.option("causality", id));
        self.add("causality", &causality.unwrap_or_else(|| "not judged yet".to_owned()));
        let questions = self.pack.and_then(|pack| pack.follow_up.questionnaires.get("naranjo"));
        if let (Some(of), false) = (questions, seen.naranjo.is_empty()) {
            let found = score(of, &seen.naranjo);
            let open = if found.open == 0 { String::new() } else { format!(", {} questions open", found.open) };
            self.add(&of.label, &format!("{} points: {}{open}", found.sum, found.band));
        }
        let action: Vec<String> = seen.action.iter().map(|id| self.option("action", id)).collect();
        self.add("done", &action.join(", "));
        let outcome = seen.outcome.as_deref().map(|id| self.option("outcome", id)).unwrap_or_default();
        self.add("outcome", &outcome);
        self.add("note", &seen.note);
        let reported = seen.reported.as_ref().map(|to| {
            let number = if to.number.is_empty() { String::new() } else { format!(", number {}", to.number) };
            format!("to {} on {}{number}", to.to, to.on)
        });
        self.add("reported", &reported.unwrap_or_else(|| "not yet".to_owned()));
    }

    fn sign(&self, id: &str) -> String {
        let known = self.pack.and_then(|pack| pack.follow_up.reactions.get(id));
        known.map_or_else(|| id.to_owned(), |sign| sign.label.clone())
    }
}
