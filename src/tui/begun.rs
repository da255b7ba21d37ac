//! A session or a reaction that was begun: from the fields of its form to the draft that is kept on disk, and back.
//! Nothing is lost on the way: what a form no longer has room for comes back as words in its note.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use tui_input::Input;

use super::app::Saved;
use super::follow_up::{Field, FollowUpView, Kind, Value, add_spare, reaction_fields, session_fields, updates_field};
use crate::follow_up;
use crate::pack::Pack;
use crate::record::{self, Document, Entered, FollowUpKind, Following, RecordId};

/// A form that was left open: kept whole, so that even a failed save loses nothing.
#[derive(Clone, PartialEq, Debug)]
pub struct Begun {
    /// What it holds.
    pub draft: record::Draft,
    /// Whether that is on disk.
    pub saved: Saved,
}

/// What the fields of a form hold.
#[must_use]
pub fn entered(fields: &[Field]) -> Vec<Entered> {
    fields.iter().map(held).collect()
}

fn held(field: &Field) -> Entered {
    let (text, taken) = match &field.value {
        Value::Line(line) => (line.value().to_owned(), None),
        Value::One { options, taken, .. } => {
            let id = taken.and_then(|n| options.get(n)).map(|option| option.id.clone());
            (String::new(), id.map(|id| vec![id]))
        }
        Value::Many { options, taken, .. } => {
            let ids = |taken: &BTreeSet<usize>| {
                taken.iter().filter_map(|n| options.get(*n)).map(|option| option.id.clone()).collect()
            };
            (String::new(), taken.as_ref().map(ids))
        }
        Value::Signs { taken, query, .. } => {
            (query.value().to_owned(), Some(taken.iter().map(|(id, _)| id.clone()).collect()))
        }
    };
    Entered { field: field.key.clone(), text, taken }
}

/// The draft of a form.
#[must_use]
pub fn kept(view: &FollowUpView) -> record::Draft {
    let kind = if view.kind == Kind::Session { FollowUpKind::Session } else { FollowUpKind::Reaction };
    let patient = view.record.document.as_ref().map(|document| document.patient.name.trim().to_owned());
    record::Draft {
        question: view.fields.get(view.chosen).map(|field| field.key.clone()),
        following: Some(Following {
            record: view.record.id,
            patient: patient.unwrap_or_default(),
            kind,
            entered: entered(&view.fields),
        }),
        ..record::Draft::new(view.draft, view.started)
    }
}

/// The form as it was left, on the record as it is now: kind, fields, and the field the cursor was on.
#[must_use]
pub fn form(
    pack: &Pack,
    document: &Document,
    draft: &record::Draft,
    of: &Following,
    practitioner: &str,
    today: Date,
) -> (Kind, Vec<Field>, usize) {
    let (kind, mut fields) = match of.kind {
        FollowUpKind::Session => (Kind::Session, session_fields(pack, document, practitioner, today)),
        FollowUpKind::Reaction => {
            let said = of.entered.iter().find(|one| one.field == "updates");
            let first = said.and_then(|one| one.text.trim().parse::<u32>().ok());
            let open = follow_up::open_reactions(&document.follow_up);
            let earlier = open.into_iter().find(|open| Some(open.first) == first);
            let closed = first.filter(|_| earlier.is_none());
            let mut fields = reaction_fields(pack, document, earlier, practitioner);
            fields.extend(closed.map(updates_field));
            (Kind::Reaction, fields)
        }
    };
    let named = |n: usize| of.entered.iter().any(|one| one.field == format!("given.{n}.product"));
    for n in (1..).take_while(|n| named(*n)) {
        add_spare(pack, document, &mut fields, n);
    }
    fill(pack, &mut fields, &of.entered);
    let chosen = draft.question.as_ref().and_then(|key| fields.iter().position(|field| field.key == *key));
    let chosen = chosen.unwrap_or(if draft.question.is_none() { fields.len() } else { 0 });
    (kind, fields, chosen)
}

/// Puts what was entered into the fields; what has no place there any more goes into the note.
fn fill(pack: &Pack, fields: &mut [Field], entered: &[Entered]) {
    let mut lost = Vec::new();
    for one in entered {
        let Some(field) = fields.iter_mut().find(|field| field.key == one.field) else {
            let words: Vec<&str> =
                one.taken.iter().flatten().chain([&one.text]).map(|w| w.trim()).filter(|w| !w.is_empty()).collect();
            if !words.is_empty() {
                lost.push(format!("{}: {}", one.field, words.join(", ")));
            }
            continue;
        };
        let mut unknown = Vec::new();
        match &mut field.value {
            Value::Line(line) => *line = Input::new(one.text.clone()),
            Value::One { options, taken, at } => {
                let id = one.taken.as_ref().and_then(|ids| ids.first());
                *taken = id.and_then(|id| options.iter().position(|option| option.id == *id));
                *at = taken.unwrap_or(0);
                unknown.extend(id.filter(|_| taken.is_none()));
            }
            Value::Many { options, taken, .. } => {
                let place = |id: &&String| options.iter().position(|option| option.id == **id);
                let all = |ids: &Vec<String>| ids.iter().filter_map(|id| place(&id)).collect();
                *taken = one.taken.as_ref().map(all);
                unknown.extend(one.taken.iter().flatten().filter(|id| place(id).is_none()));
            }
            Value::Signs { taken, query, .. } => {
                let label = |id: &String| pack.follow_up.reactions.get(id).map(|sign| sign.label.clone());
                let ids = || one.taken.iter().flatten();
                *taken = ids().filter_map(|id| Some((id.clone(), label(id)?))).collect();
                *query = Input::new(one.text.clone());
                unknown.extend(ids().filter(|id| label(id).is_none()));
            }
        }
        if !unknown.is_empty() {
            let words: Vec<&str> = unknown.into_iter().map(String::as_str).collect();
            lost.push(format!("{}: {}", field.label, words.join(", ")));
        }
    }
    let note = fields.iter_mut().find(|field| field.key == "note").map(|field| &mut field.value);
    if let (Some(Value::Line(note)), false) = (note, lost.is_empty()) {
        let mut words = note.value().trim().to_owned();
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(&format!("Not understood by this form: {}", lost.join("; ")));
        *note = Input::new(words);
    }
}

/// What was begun, in few words, for lists.
#[must_use]
pub fn words(of: &Following) -> &'static str {
    let updates = of.entered.iter().any(|one| one.field == "updates" && !one.text.trim().is_empty());
    match of.kind {
        FollowUpKind::Session => "a session",
        FollowUpKind::Reaction if updates => "how a reaction stands",
        FollowUpKind::Reaction => "a reaction",
    }
}

/// What was begun, with the sign or the lot that tells it from others.
#[must_use]
pub fn told_apart(of: &Following, pack: Option<&Pack>) -> String {
    let entered = |field: &str| of.entered.iter().find(|one| one.field == field);
    let signs = entered("what").and_then(|one| one.taken.as_ref()).filter(|taken| !taken.is_empty());
    let detail = match (of.kind, signs) {
        (FollowUpKind::Reaction, Some(ids)) => {
            let label = |id: &String| {
                let known = pack.and_then(|pack| pack.follow_up.reactions.get(id));
                known.map_or_else(|| id.clone(), |sign| sign.label.to_lowercase())
            };
            ids.iter().map(label).collect::<Vec<_>>().join(", ")
        }
        (FollowUpKind::Reaction, None) => entered("what").map(|one| one.text.trim().to_owned()).unwrap_or_default(),
        (FollowUpKind::Session, _) => entered("date").map(|one| one.text.trim().to_owned()).unwrap_or_default(),
    };
    if detail.is_empty() { words(of).to_owned() } else { format!("{}: {detail}", words(of)) }
}

impl FollowUpView {
    /// The form in which nothing was chosen yet.
    #[must_use]
    pub fn new(record: Box<super::app::RecordView>, (draft, started): (RecordId, Timestamp)) -> Self {
        Self {
            record,
            kind: Kind::Menu,
            fields: Vec::new(),
            chosen: 0,
            top: 0,
            others: None,
            answer: None,
            remarks: Vec::new(),
            heard: Vec::new(),
            saving: false,
            draft,
            started,
            kept: Vec::new(),
            saved: Saved::Nothing,
            begun: Vec::new(),
        }
    }
}
