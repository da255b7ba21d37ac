//! The form in which a session or a reaction is written down: fields with what was entered, and the TOML that they say.
//!
//! The form is read by the same reader as a file ([`crate::follow_up::read`]): one set of checks, one set of messages.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use tui_input::Input;

use super::app::{RecordView, Saved};
use crate::find::Hit;
use crate::follow_up::{self, Answer, Given, OpenReaction, Performed, Reporting, Seen};
use crate::pack::{Area, ChoiceOption, Pack, Reaction, Site};
use crate::record::{self, Document, Entered, RecordId};
use crate::source::Amount;

/// Something being written down about a saved consultation.
#[derive(Debug)]
pub struct FollowUpView {
    /// The consultation; it is gone back to.
    pub record: Box<RecordView>,
    /// What is being written down.
    pub kind: Kind,
    /// The fields.
    pub fields: Vec<Field>,
    /// The field the cursor is on; after the last one comes "save".
    pub chosen: usize,
    /// First line shown.
    pub top: usize,
    /// How many other patients reacted to one of the lots, once the records have been asked.
    pub others: Option<u32>,
    /// What the red flags say so far.
    pub answer: Option<Answer>,
    /// What is worth saying about a session as it stands.
    pub remarks: Vec<String>,
    /// The remarks that somebody has read and means to save with.
    pub heard: Vec<String>,
    /// It is being saved: not twice.
    pub saving: bool,
    /// The id of the draft.
    pub draft: RecordId,
    /// When it was begun.
    pub started: Timestamp,
    /// What the draft holds.
    pub kept: Vec<Entered>,
    /// Whether the draft is on disk.
    pub saved: Saved,
    /// What was begun about this consultation before: the menu offers it.
    pub begun: Vec<record::Draft>,
}

/// What is being written down.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Nothing yet: choose.
    Menu,
    /// A session.
    Session,
    /// A reaction.
    Reaction,
}

/// A line of the form.
#[derive(Clone, Debug)]
pub struct Field {
    /// The key in the file; of a product with its number, such as `given.0.lot`.
    pub key: String,
    /// For people.
    pub label: String,
    /// A heading above it.
    pub heading: Option<String>,
    /// A word about what can be entered.
    pub hint: String,
    /// What was entered.
    pub value: Value,
}

/// What was entered.
#[derive(Clone, Debug)]
pub enum Value {
    /// Text.
    Line(Input),
    /// One of several, or none.
    One {
        /// The options.
        options: Vec<Choice>,
        /// The one taken.
        taken: Option<usize>,
        /// The one the cursor is on.
        at: usize,
    },
    /// Any of several; `None` until somebody has answered.
    Many {
        /// The options.
        options: Vec<Choice>,
        /// The ones taken.
        taken: Option<BTreeSet<usize>>,
        /// The one the cursor is on.
        at: usize,
    },
    /// Signs, found while one types.
    Signs {
        /// Id and label of those taken.
        taken: Vec<(String, String)>,
        /// What is being typed.
        query: Input,
        /// What was found.
        hits: Vec<Hit>,
        /// The hit the cursor is on.
        at: usize,
    },
}

/// An option.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Choice {
    /// The word in the file.
    pub id: String,
    /// For people.
    pub label: String,
    /// The key that takes it.
    pub key: char,
}

/// What is said after something was saved.
#[derive(Clone, PartialEq, Debug)]
pub struct Told {
    /// Of a reaction: what to do.
    pub answer: Option<Answer>,
    /// What is worth saying.
    pub remarks: Vec<String>,
    /// Where to report it.
    pub reporting: Vec<Reporting>,
}

impl Field {
    /// Whether something was entered.
    #[must_use]
    pub fn is_said(&self) -> bool {
        said(self).is_some()
    }

    fn new(key: &str, label: &str, value: Value) -> Self {
        Self { key: key.to_owned(), label: label.to_owned(), heading: None, hint: String::new(), value }
    }

    fn line(key: &str, label: &str, value: &str) -> Self {
        Self::new(key, label, Value::Line(Input::new(value.to_owned())))
    }

    fn one(key: &str, label: &str, options: Vec<Choice>, taken: Option<&str>) -> Self {
        let taken = taken.and_then(|id| options.iter().position(|option| option.id == id));
        Self::new(key, label, Value::One { options, taken, at: taken.unwrap_or(0) })
    }

    fn many(key: &str, label: &str, options: Vec<Choice>, taken: Option<&[String]>) -> Self {
        let found = |ids: &[String]| {
            let at = |id: &String| options.iter().position(|option| option.id == *id);
            ids.iter().filter_map(at).collect::<BTreeSet<usize>>()
        };
        let taken = taken.map(found);
        Self::new(key, label, Value::Many { options, taken, at: 0 })
    }

    fn hint(self, hint: &str) -> Self {
        Self { hint: hint.to_owned(), ..self }
    }

    fn under(self, heading: &str) -> Self {
        Self { heading: Some(heading.to_owned()), ..self }
    }
}

/// The n-th key of options: digits, then letters.
fn numbered(rows: impl IntoIterator<Item = (String, String)>) -> Vec<Choice> {
    let keys = ('1'..='9').chain("abcdefghijkl".chars());
    rows.into_iter().zip(keys).map(|((id, label), key)| Choice { id, label, key }).collect()
}

fn list(pack: &Pack, id: &str) -> Vec<Choice> {
    let options = pack.follow_up.lists.get(id).map_or(&[][..], |list| list.options.as_slice());
    numbered(options.iter().map(|ChoiceOption { id, label, .. }| (id.clone(), label.clone())))
}

/// The fields of a session, filled in from the plan.
#[must_use]
pub fn session_fields(pack: &Pack, document: &Document, practitioner: &str, today: Date) -> Vec<Field> {
    let plan = document.assessment.plan.as_ref();
    let draft = follow_up::draft_session(plan, &document.follow_up, practitioner, today);
    let Performed { date, planned, given, .. } = &draft;
    let mut fields = vec![
        Field::line("date", "Day", &date.to_string()).hint("year-month-day"),
        Field::line("planned", "Session of the plan", &planned.map(|n| n.to_string()).unwrap_or_default())
            .hint("its number; empty when it was not planned"),
        Field::line("practitioner", "Given by", practitioner),
    ];
    for (n, one) in given.iter().enumerate() {
        fields.extend(given_fields(pack, n, one));
    }
    // Without a plan there is room for a product all the same: what was done is written down, right or wrong.
    if given.is_empty() {
        fields.extend(spare_fields(pack, document, 0));
    }
    if follow_up::performed(&document.follow_up).next().is_some() {
        let mut areas: Vec<&String> = given.iter().map(|one| &one.area).collect();
        areas.dedup();
        for (n, area) in areas.into_iter().enumerate() {
            let label = pack.areas.get(area).map_or(area, |area| &area.label);
            let heading = format!("How {} looks, compared with before", label.to_lowercase());
            fields.push(Field::line(&format!("outcome.{n}.area"), "Area", area).under(&heading));
            fields.push(Field::one(&format!("outcome.{n}.gais"), "Outcome (GAIS)", list(pack, "gais"), None));
            fields.push(Field::line(&format!("outcome.{n}.photo"), "Photograph", "").hint("where it is"));
        }
    }
    fields.push(Field::line("note", "Note", "").under("Anything else"));
    fields.extend(author(practitioner));
    fields
}

/// The key of [`author`]: no part of what is written down.
const BY: &str = "by";

/// Who writes it down, where the configuration does not say.
fn author(practitioner: &str) -> Option<Field> {
    let field = Field::line(BY, "Written down by", "").under("Who").hint("stands in the record");
    practitioner.trim().is_empty().then_some(field)
}

fn given_fields(pack: &Pack, n: usize, given: &Given) -> Vec<Field> {
    let area = pack.areas.get(&given.area).map_or(&given.area, |area| &area.label);
    let key = |name: &str| format!("given.{n}.{name}");
    let number = |value: Option<String>| value.unwrap_or_default();
    vec![
        Field::line(&key("product"), "Product", &given.product)
            .under(&format!("{}, {area}", given.product))
            .hint("as it stands on the box"),
        Field::line(&key("lot"), "Lot", ""),
        Field::line(&key("expiry"), "Use by", "").hint("year-month-day"),
        Field::line(&key("dilution"), "Dilution", ""),
        Field::line(&key("ml"), "Volume", &number(given.ml.map(|ml| ml.to_string()))).hint("mL"),
        Field::line(&key("points"), "Points", &number(given.points.map(|points| points.to_string()))),
        Field::line(&key("technique"), "Technique", given.technique.as_deref().unwrap_or_default()),
        Field::line(&key("needle"), "Needle", &given.needle),
        Field::line(&key("site"), "Where exactly", ""),
        Field::line(&key("area"), "Area", &given.area),
        Field::line(&key("ingredient"), "Ingredient", given.ingredient.as_deref().unwrap_or_default()),
    ]
}

/// A product that no plan holds, empty.
fn spare_fields(pack: &Pack, document: &Document, n: usize) -> Vec<Field> {
    let key = |name: &str| format!("given.{n}.{name}");
    // Where it was meant to be comes first; whatever lies elsewhere is found by its part of the body.
    let mut areas: Vec<String> = document.intake.areas();
    areas.retain(|id| pack.areas.find(id).is_some());
    let parts: Vec<&Area> = pack.areas.iter().filter(|area| area.parent.is_none()).collect();
    areas.extend(parts.iter().map(|area| &area.id).filter(|id| !areas.contains(id)).cloned().collect::<Vec<_>>());
    let label = |id: &String| pack.areas.get(id).map_or_else(|| id.clone(), |area| area.label.clone());
    let areas = numbered(areas.iter().map(|id| (id.clone(), label(id))));
    let heading = if n == 0 { "What was given" } else { "What else was given" };
    vec![
        Field::line(&key("product"), "Product", "").under(heading).hint("as it stands on the box; empty: none"),
        Field::one(&key("area"), "Area", areas, None),
        Field::line(&key("lot"), "Lot", ""),
        Field::line(&key("expiry"), "Use by", "").hint("year-month-day"),
        Field::line(&key("ml"), "Volume", "").hint("mL"),
        Field::line(&key("points"), "Points", ""),
        Field::line(&key("site"), "Where exactly", ""),
    ]
}

/// Adds an empty product behind the last one, where no plan says which there are.
pub fn add_spare(pack: &Pack, document: &Document, fields: &mut Vec<Field>, n: usize) {
    let last = format!("given.{}.", n.saturating_sub(1));
    let chosen = |field: &Field| field.key.starts_with(&last);
    let is_spare = |field: &Field| chosen(field) && matches!(field.value, Value::One { .. });
    if let (true, Some(at)) = (fields.iter().any(is_spare), fields.iter().rposition(chosen)) {
        drop(fields.splice(at + 1..at + 1, spare_fields(pack, document, n)));
    }
}

/// The field that says which entry another one brings up to date.
#[must_use]
pub fn updates_field(entry: u32) -> Field {
    Field::line("updates", "Brings entry up to date", &entry.to_string())
}

/// The fields of a reaction; of an earlier one that is brought up to date, with what was known of it.
#[must_use]
pub fn reaction_fields(
    pack: &Pack,
    document: &Document,
    earlier: Option<OpenReaction<'_>>,
    practitioner: &str,
) -> Vec<Field> {
    let known: Option<&Seen> = earlier.map(|open| open.now);
    let sessions: Vec<(u32, &Performed)> = follow_up::performed(&document.follow_up).collect();
    let label_of = |id: &String| pack.follow_up.reactions.get(id).map_or_else(|| id.clone(), |sign| sign.label.clone());
    let signs = known.map(|seen| seen.what.iter().map(|id| (id.clone(), label_of(id))).collect()).unwrap_or_default();
    let mut fields = vec![
        Field::new("what", "What", Value::Signs { taken: signs, query: Input::default(), hits: Vec::new(), at: 0 })
            .hint("a sign or a lay word; Enter adds it"),
        Field::line("text", "In words", known.map_or("", |seen| &seen.text)).hint("no rule reads this"),
    ];
    if sessions.is_empty() {
        let date = known.and_then(|seen| seen.session_date).map(|date| date.to_string()).unwrap_or_default();
        fields
            .push(Field::line("session_date", "After the session of", &date).hint("year-month-day; empty: not known"));
    } else {
        let last = known.and_then(|seen| seen.session).or(sessions.last().map(|(n, _)| *n)).map(|n| n.to_string());
        let rows = sessions.iter().map(|(n, session)| (n.to_string(), session.date.to_string()));
        fields.push(Field::one("session", "After the session of", numbered(rows), last.as_deref()));
    }
    let began = known.and_then(Seen::began).map(|date| date.to_string()).unwrap_or_default();
    let sites = Site::ALL.map(|site| (site.word().to_owned(), site.label().to_owned()));
    let mut areas: Vec<String> =
        document.assessment.plan.iter().flat_map(|plan| &plan.cocktails).map(|c| c.area.clone()).collect();
    areas.extend(sessions.iter().flat_map(|(_, session)| &session.given).map(|given| given.area.clone()));
    areas.extend(known.and_then(|seen| seen.area.clone()));
    areas.sort();
    areas.dedup();
    let area_label = |id: &String| pack.areas.get(id).map_or_else(|| id.clone(), |area| area.label.clone());
    let only = if let [only] = areas.as_slice() { Some(only.clone()) } else { None };
    let area = known.and_then(|seen| seen.area.clone()).or(only);
    let grade = known.map(|seen| seen.grade.to_string());
    let lots = known.map(|seen| seen.lots.clone()).unwrap_or_else(|| {
        sessions
            .last()
            .map(|(_, session)| session.given.iter().filter_map(|given| given.lot.clone()).collect())
            .unwrap_or_default()
    });
    fields.extend([
        Field::line("onset", "Began", &began).hint("a day, or 3h or 21d after; empty: not known"),
        Field::line("ended", "Gone since", "").hint("a day; empty: still there"),
        Field::one("site", "Where", numbered(sites), known.and_then(|seen| seen.site).map(Site::word)),
        Field::one("area", "Area", numbered(areas.iter().map(|id| (id.clone(), area_label(id)))), area.as_deref()),
        Field::one("grade", "Grade", list(pack, "grade"), grade.as_deref()),
        Field::many("serious", "Serious", list(pack, "seriousness"), known.map(|seen| seen.serious.as_slice()))
            .hint("n: none of them"),
        Field::line("lots", "Lots", &lots.join(", ")).hint("several with commas"),
        Field::many("action", "Done", list(pack, "action"), known.map(|seen| seen.action.as_slice())),
        Field::one("outcome", "Outcome", list(pack, "outcome"), known.and_then(|seen| seen.outcome.as_deref())),
        Field::line("note", "Note", known.map_or("", |seen| &seen.note)).hint("findings, samples, treatment"),
        Field::one("causality", "WHO-UMC", list(pack, "causality"), known.and_then(|seen| seen.causality.as_deref()))
            .under("Causality (can wait)"),
    ]);
    if let Some(naranjo) = pack.follow_up.questionnaires.get("naranjo") {
        for item in &naranjo.items {
            let answers = [("yes", "yes", 'y'), ("no", "no", 'n'), ("unknown", "not known", 'u')];
            let options = answers.map(|(id, label, key)| Choice { id: id.to_owned(), label: label.to_owned(), key });
            let taken = known.and_then(|seen| seen.naranjo.get(&item.id)).map(String::as_str);
            fields.push(Field::one(&format!("naranjo.{}", item.id), &item.ask, options.to_vec(), taken));
        }
    }
    let reported = known.and_then(|seen| seen.reported.as_ref());
    let on = reported.map(|to| to.on.to_string()).unwrap_or_default();
    fields.push(Field::line("reported.to", "To", reported.map_or("", |to| &to.to)).under("Reported (can wait)"));
    fields.push(Field::line("reported.on", "On", &on).hint("year-month-day"));
    fields.push(Field::line("reported.number", "Number there", reported.map_or("", |to| &to.number)));
    if let Some(open) = earlier {
        fields.push(updates_field(open.first));
    }
    fields.extend(author(practitioner));
    fields
}

impl FollowUpView {
    /// The numbers of the products that no plan holds.
    pub fn spare(&self) -> impl Iterator<Item = usize> {
        self.fields.iter().filter_map(|field| {
            let n = field.key.strip_prefix("given.")?.strip_suffix(".area")?;
            if matches!(field.value, Value::One { .. }) { n.parse().ok() } else { None }
        })
    }

    /// Room for one product more, as soon as the last one that no plan holds has a name.
    pub fn make_room(&mut self, pack: &Pack) {
        let (Some(last), Ok(document)) = (self.spare().last(), &self.record.document) else { return };
        let product = format!("given.{last}.product");
        if self.fields.iter().any(|field| field.key == product && field.is_said()) {
            add_spare(pack, document, &mut self.fields, last + 1);
        }
    }

    /// The answers to the questionnaire on causality.
    #[must_use]
    pub fn naranjo(&self) -> BTreeMap<String, String> {
        let answered = self.fields.iter().filter_map(|field| match &field.value {
            Value::One { options, taken: Some(taken), .. } => {
                Some((field.key.strip_prefix("naranjo.")?.to_owned(), options.get(*taken)?.id.clone()))
            }
            _ => None,
        });
        answered.collect()
    }

    /// The patient, for the top of the screen.
    #[must_use]
    pub fn patient(&self) -> String {
        let Ok(document) = &self.record.document else { return String::new() };
        let name = document.patient.name.trim();
        let name = if name.is_empty() { "no name" } else { name };
        match document.patient.birth_date {
            Some(born) => format!("{name} · born {born}"),
            None => name.to_owned(),
        }
    }

    /// Who writes it down, as far as the form asks: the field, and what was typed there.
    #[must_use]
    pub fn author(&self) -> Option<(usize, &str)> {
        let at = self.fields.iter().position(|field| field.key == BY)?;
        match &self.fields.get(at)?.value {
            Value::Line(line) => Some((at, line.value().trim())),
            _ => None,
        }
    }

    /// The lots that the form names.
    #[must_use]
    pub fn lots(&self) -> Vec<String> {
        let field = self.fields.iter().find(|field| field.key == "lots");
        let Some(Value::Line(line)) = field.map(|field| &field.value) else { return Vec::new() };
        line.value().split(',').map(str::trim).filter(|lot| !lot.is_empty()).map(str::to_owned).collect()
    }

    /// The signs that were entered.
    pub fn signs<'p>(&self, pack: &'p Pack) -> Vec<&'p Reaction> {
        let taken = self.fields.iter().filter_map(|field| match &field.value {
            Value::Signs { taken, .. } => Some(taken),
            _ => None,
        });
        taken.flatten().filter_map(|(id, _)| pack.follow_up.reactions.get(id)).collect()
    }

    /// The lowest grade that these signs can have: what counts while none was given.
    #[must_use]
    pub fn least(&self, pack: &Pack) -> u8 {
        self.signs(pack).iter().map(|sign| sign.least).max().unwrap_or(1)
    }

    /// What the form says, as a file. `so_far`: the grade that counts while none was given, so that the flags can speak
    /// before the form is complete.
    #[must_use]
    pub fn text(&self, so_far: Option<u8>) -> String {
        let mut root = toml::Table::new();
        for field in self.fields.iter().filter(|field| field.key != BY) {
            if let Some(value) = said(field) {
                put(&mut root, &field.key, value);
            }
        }
        if let (Some(grade), Kind::Reaction) = (so_far, self.kind) {
            root.entry("grade").or_insert(toml::Value::Integer(grade.into()));
            root.entry("serious").or_insert(toml::Value::Array(Vec::new()));
        }
        // Of a session these are lists of tables; the outcome of a reaction is a word.
        let lists: &[&str] = if self.kind == Kind::Session { &["given", "outcome"] } else { &[] };
        for list in lists.iter().copied() {
            if let Some(toml::Value::Table(rows)) = root.remove(list) {
                let mut rows: Vec<(usize, toml::Value)> =
                    rows.into_iter().filter_map(|(n, row)| Some((n.parse().ok()?, row))).collect();
                rows.sort_by_key(|(n, _)| *n);
                // An area of which nothing was said is left out; so is a product that was not given.
                rows.retain(|(_, row)| {
                    row.as_table().is_some_and(|row| match list {
                        "given" => row.contains_key("product"),
                        _ => row.len() > 1,
                    })
                });
                root.insert(list.to_owned(), toml::Value::Array(rows.into_iter().map(|(_, row)| row).collect()));
            }
        }
        let name = if self.kind == Kind::Session { "session" } else { "reaction" };
        toml::Table::from_iter([(name.to_owned(), toml::Value::Table(root))]).to_string()
    }
}

/// What a field says; `None` when nothing was entered.
fn said(field: &Field) -> Option<toml::Value> {
    use toml::Value as V;
    match &field.value {
        Value::Line(line) => {
            let text = line.value().trim();
            if text.is_empty() {
                return None;
            }
            let name = field.key.rsplit('.').next().unwrap_or_default();
            Some(match name {
                "planned" | "points" | "updates" => {
                    text.parse().map_or_else(|_| V::String(text.to_owned()), V::Integer)
                }
                "ml" => Amount::parse(text).map_or_else(|| V::String(text.to_owned()), |ml| V::Float(ml.as_f64())),
                "lots" => V::Array(
                    text.split(',')
                        .map(str::trim)
                        .filter(|lot| !lot.is_empty())
                        .map(|lot| V::String(lot.to_owned()))
                        .collect(),
                ),
                _ => V::String(text.to_owned()),
            })
        }
        Value::One { options, taken, .. } => {
            let id = &options.get((*taken)?)?.id;
            Some(match field.key.as_str() {
                "grade" | "session" => id.parse().map_or_else(|_| V::String(id.clone()), V::Integer),
                _ => V::String(id.clone()),
            })
        }
        Value::Many { options, taken, .. } => {
            let ids = taken.as_ref()?.iter().filter_map(|n| options.get(*n));
            Some(V::Array(ids.map(|option| V::String(option.id.clone())).collect()))
        }
        Value::Signs { taken, .. } if taken.is_empty() => None,
        Value::Signs { taken, .. } => Some(V::Array(taken.iter().map(|(id, _)| V::String(id.clone())).collect())),
    }
}

/// Puts a value under a key such as `given.0.lot`. `3h` and `21d` after the session have keys of their own.
fn put(root: &mut toml::Table, key: &str, value: toml::Value) {
    if let ("onset", Some(text)) = (key, value.as_str()) {
        let after = |unit: char| text.strip_suffix(unit).and_then(|n| n.trim().parse::<i64>().ok());
        if let Some(hours) = after('h') {
            root.insert("onset_hours".to_owned(), toml::Value::Integer(hours));
            return;
        }
        if let Some(days) = after('d') {
            root.insert("onset_days".to_owned(), toml::Value::Integer(days));
            return;
        }
    }
    let mut table = root;
    let mut parts = key.split('.').peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            table.insert(part.to_owned(), value);
            return;
        }
        let inner = table.entry(part.to_owned()).or_insert_with(|| toml::Value::Table(toml::Table::new()));
        let toml::Value::Table(inner) = inner else { return };
        table = inner;
    }
}
