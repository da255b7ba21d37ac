//! What could be otherwise about one intake: the answers that can be changed one by one, and to what.

use jiff::ToSpan;
use jiff::civil::Date;

use super::values;
use crate::intake::{
    Answer, CodedFact, Entry, Fact, Facts, GoalEntry, Intake, QualifierFact, Value, What, clear_scale,
};
use crate::pack::{
    Amount, Changes, Goal, Identified, Item, Ix, List, Pack, Qualifier, QualifierKind, QuestionIx, QuestionKind,
};
use crate::proof::body::Body;
use crate::proof::reading::{Axis, Said};
use crate::proof::space::{ItemShape, ListShape, ShapeKind, Space};
use crate::proof::witness::said_of;

/// How an answer would come to be another one, what can be chosen first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum By {
    /// Somebody chooses otherwise.
    Choice,
    /// It is asked, or found out.
    Answer,
    /// Days pass.
    Time,
    /// It heals, is controlled, is measured anew.
    Course,
    /// Nothing makes it so: it is a fact about another patient.
    Fact,
}

impl By {
    /// The word in JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Choice => "choice",
            Self::Answer => "answer",
            Self::Time => "time",
            Self::Course => "course",
            Self::Fact => "fact",
        }
    }
}

impl By {
    /// At the head of a change.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Choice => "by choice",
            Self::Answer => "by an answer",
            Self::Time => "in time",
            Self::Course => "in its course",
            Self::Fact => "fact",
        }
    }
}

impl From<Changes> for By {
    fn from(changes: Changes) -> Self {
        match changes {
            Changes::ByChoice => Self::Choice,
            Changes::ByTime => Self::Time,
            Changes::ByCourse => Self::Course,
            Changes::Never => Self::Fact,
        }
    }
}

/// One change of an intake.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Edit {
    /// Questions answered so.
    Answers(Vec<(QuestionIx, Answer)>),
    /// An entry of a list gone.
    Without { question: QuestionIx, entry: usize },
    /// One more entry on a list.
    Also { question: QuestionIx, entry: Entry },
    /// A qualifier of an entry with another value.
    Qualified { question: QuestionIx, entry: usize, qualifier: Ix<Qualifier>, value: Value },
    /// So many days later.
    Later(i32),
    /// A goal in other areas, another goal in its place, or none.
    Goal { entry: usize, instead: Option<GoalEntry> },
}

/// What a unit is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum About {
    Question(QuestionIx),
    /// Weight or height, or both.
    Body,
    /// Whether an entry is there.
    Entry(QuestionIx, usize),
    /// What is said about an entry.
    Qualifier(QuestionIx, usize, Ix<Qualifier>),
    /// A further entry.
    Also(QuestionIx),
    Goal(usize),
    Day,
}

/// Something that counts as one change, whatever it is changed to.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Unit {
    pub about: About,
    /// It is an open question: answering it changes nothing that was said.
    pub free: bool,
    pub alternatives: Vec<(Edit, By)>,
}

/// Everything that could be otherwise; with `stricter`, also what there might be besides.
pub(super) fn units(pack: &Pack, space: &Space, intake: &Intake, facts: &Facts, stricter: bool) -> Vec<Unit> {
    let mut all = Vec::new();
    let roles = &pack.roles;
    for (ix, question) in pack.questions.entries() {
        if question.derived || question.scale.is_some() || ix == roles.height {
            continue;
        }
        if ix == roles.weight {
            all.extend(body(pack, space, facts));
            continue;
        }
        let fact = facts.get(ix);
        let by = match fact {
            Fact::NotAsked | Fact::Unknown => By::Answer,
            _ => question.changes.into(),
        };
        let free = *fact == Fact::NotAsked;
        // What is optional and was not asked never holds anything back.
        if free && question.optional {
            continue;
        }
        let mut unit = Unit { about: About::Question(ix), free, alternatives: Vec::new() };
        let mut answer = |answer: Answer| unit.alternatives.push((Edit::Answers(vec![(ix, answer)]), by));
        match (&question.kind, fact) {
            (QuestionKind::Choice(options), _) => {
                for (n, option) in options.iter().enumerate() {
                    if *fact != Fact::Choice(n) {
                        answer(Answer::Choice(option.id.clone()));
                    }
                }
            }
            (QuestionKind::Number(_), Fact::Number(known)) => {
                values::other_cells(pack, space, ix, *known).into_iter().for_each(|n| answer(Answer::Number(n)));
            }
            (QuestionKind::Number(_), _) => {
                values::cells(pack, space, ix).into_iter().for_each(|n| answer(Answer::Number(n)));
            }
            (QuestionKind::List(list), Fact::Items(entries)) => {
                if let ShapeKind::List(shape) = &space.shape(ix).kind {
                    entry_units(pack, shape, ix, intake.entries(&question.id), entries, &mut all);
                    if stricter {
                        all.extend(also(pack, shape, ix, *list, entries));
                    }
                }
            }
            (QuestionKind::List(_), _) => answer(Answer::Items(Vec::new())),
            (QuestionKind::Goals, Fact::Goals(wanted)) if !wanted.is_empty() => goal_units(pack, intake, &mut all),
            (QuestionKind::Goals, _) => {
                for (_, goal) in pack.goals.entries() {
                    for area in goal.areas.iter() {
                        answer(Answer::Goals(vec![in_areas(goal, [pack.areas[area].id.clone()])]));
                    }
                }
            }
            (QuestionKind::Date | QuestionKind::Text, _) => {}
        }
        all.push(unit);
    }
    all.push(day(pack, space, intake, facts));
    all.retain(|unit| !unit.alternatives.is_empty());
    all
}

fn in_areas(goal: &Goal, areas: impl IntoIterator<Item = String>) -> GoalEntry {
    GoalEntry { goal: goal.id.clone(), areas: areas.into_iter().collect() }
}

/// The weight, as far as it tells bodies apart. The height of a patient stays what it is.
fn body(pack: &Pack, space: &Space, facts: &Facts) -> Option<Unit> {
    let roles = &pack.roles;
    let (weight, height) = (facts.get(roles.weight), facts.get(roles.height));
    let number = |ix, n| (ix, Answer::Number(n));
    let (alternatives, by) = match (weight, height) {
        (Fact::Number(kg), Fact::Number(cm)) => {
            let other = values::other_weights(pack, space, *cm, Some(*kg));
            let by = pack.questions[roles.weight].changes.into();
            (other.into_iter().map(|n| vec![number(roles.weight, n)]).collect::<Vec<_>>(), by)
        }
        (_, Fact::Number(cm)) => {
            let weights = values::other_weights(pack, space, *cm, None);
            (weights.into_iter().map(|n| vec![number(roles.weight, n)]).collect(), By::Answer)
        }
        (Fact::Number(kg), _) => {
            let heights = values::heights(pack, space, *kg);
            (heights.into_iter().map(|n| vec![number(roles.height, n)]).collect(), By::Answer)
        }
        _ => {
            let both = |body: &Body| vec![number(roles.weight, body.weight), number(roles.height, body.height)];
            (space.bodies.iter().map(both).collect(), By::Answer)
        }
    };
    let open = |fact: &Fact| *fact == Fact::NotAsked;
    let free = match (weight, height) {
        (Fact::Number(_), height) => open(height),
        (weight, Fact::Number(_)) => open(weight),
        (weight, height) => open(weight) && open(height),
    };
    let alternatives = alternatives.into_iter().map(|answers| (Edit::Answers(answers), by)).collect();
    Some(Unit { about: About::Body, free, alternatives })
}

/// Whether an entry is there, and what is said about it.
fn entry_units(
    pack: &Pack,
    shape: &ListShape,
    question: QuestionIx,
    said: &[Entry],
    entries: &[CodedFact],
    all: &mut Vec<Unit>,
) {
    for (n, (entry, fact)) in said.iter().zip(entries).enumerate() {
        let Some((item, of)) = fact.item.and_then(|item| Some((item, &shape.items[shape.position(item)?]))) else {
            continue;
        };
        let row = &pack.list(shape.list)[item];
        // An illness that can be over is then "past", not never there.
        let by = match (shape.list, row.changes) {
            (List::Conditions, _) => By::Fact,
            (_, changes) => changes.into(),
        };
        all.push(Unit {
            about: About::Entry(question, n),
            free: false,
            alternatives: vec![(Edit::Without { question, entry: n }, by)],
        });
        for axis in &of.axes {
            all.push(qualifier_unit(pack, shape.list, row, axis, (question, n), (entry, fact)));
        }
    }
}

fn qualifier_unit(
    pack: &Pack,
    list: List,
    item: &Item,
    axis: &Axis,
    (question, n): (QuestionIx, usize),
    (entry, fact): (&Entry, &CodedFact),
) -> Unit {
    let qualifier = axis.qualifier;
    let row = &pack.qualifiers[qualifier];
    let mut unit = Unit { about: About::Qualifier(question, n, qualifier), free: false, alternatives: Vec::new() };
    let now = fact.qualifier(qualifier);
    let at = axis.position(fact, pack.qualifier_roles.site);
    // "Fourteen days since the last dose" would read as advice to stop to somebody who takes it.
    let takes_it = list == List::Medications && !ended(entry);
    let by_time = row.changes == Changes::ByTime;
    if by_time && (takes_it || matches!(now, Some(QualifierFact::Number(_)))) {
        return unit;
    }
    for (value_at, value) in axis.values.iter().enumerate().skip(1).filter(|(other, _)| *other != at) {
        if matches!(value, Said::Area(_)) {
            continue;
        }
        let Some((_, value)) = said_of(pack, qualifier, *value) else { continue };
        let by = match now {
            None | Some(QualifierFact::Unknown) if fact.site.is_none() => By::Answer,
            _ if row.changes == Changes::ByCourse
                && over(pack, qualifier, &value)
                && item.changes != Changes::ByCourse =>
            {
                By::Fact
            }
            _ => row.changes.into(),
        };
        let value = match (now, &value, &row.kind) {
            // The nearest number of that cell, not any.
            (Some(QualifierFact::Number(known)), Value::Number(_), QualifierKind::Number(kind)) => {
                values::nearest(kind, &axis.cuts, value_at - 1, known).map_or(value.clone(), Value::Number)
            }
            _ => value,
        };
        unit.alternatives.push((Edit::Qualified { question, entry: n, qualifier, value }, by));
    }
    unit
}

/// Whether a value says that an illness is over.
fn over(pack: &Pack, qualifier: Ix<Qualifier>, value: &Value) -> bool {
    qualifier == pack.qualifier_roles.status && *value == Value::Choice("past".to_owned())
}

/// Whether a medicine is recorded as no longer taken.
pub(super) fn ended(entry: &Entry) -> bool {
    matches!(entry.qualifiers.get("stopped_days_ago"), Some(Value::Number(days)) if *days > Amount::ZERO)
}

/// Every entry that there might be besides; what is said of it as the pack tells it apart.
fn also(pack: &Pack, shape: &ListShape, question: QuestionIx, list: List, entries: &[CodedFact]) -> Option<Unit> {
    let there = |item: Ix<Item>| entries.iter().any(|entry| entry.item == Some(item));
    let entry = |of: &ItemShape, said: &[(Ix<Qualifier>, Said)]| {
        let mut entry = Entry::coded(pack.list(list)[of.item].id());
        entry.qualifiers.extend(said.iter().filter_map(|(qualifier, said)| said_of(pack, *qualifier, *said)));
        (Edit::Also { question, entry }, By::Fact)
    };
    let alternatives = shape
        .items
        .iter()
        .filter(|of| !there(of.item))
        .flat_map(|of| of.combos.iter().map(move |combo| (of, combo)))
        .map(|(of, combo)| entry(of, &combo.said))
        .collect();
    Some(Unit { about: About::Also(question), free: false, alternatives })
}

/// A goal that is given up, moved to another area, or another one in its place.
fn goal_units(pack: &Pack, intake: &Intake, all: &mut Vec<Unit>) {
    let Some(Answer::Goals(wanted)) = intake.get(&pack.questions[pack.roles.goals].id) else { return };
    for (n, entry) in wanted.iter().enumerate() {
        let Some(goal) = pack.goals.get(&entry.goal) else { continue };
        let mut alternatives = Vec::new();
        let mut to = |instead: Option<GoalEntry>| alternatives.push((Edit::Goal { entry: n, instead }, By::Choice));
        if wanted.len() > 1 {
            to(None);
        }
        for gone in entry.areas.iter().filter(|_| entry.areas.len() > 1) {
            to(Some(in_areas(goal, entry.areas.iter().filter(|area| *area != gone).cloned())));
        }
        for area in goal.areas.iter().map(|area| &pack.areas[area].id).filter(|area| !entry.areas.contains(area)) {
            to(Some(in_areas(goal, [area.clone()])));
        }
        for other in pack.goals.iter().filter(|other| wanted.iter().all(|entry| entry.goal != other.id)) {
            let fits = |id: &&String| pack.areas.find(id).is_some_and(|area| other.areas.contains(area));
            let areas: Vec<String> = entry.areas.iter().filter(fits).cloned().collect();
            if !areas.is_empty() {
                to(Some(in_areas(other, areas)));
            }
        }
        all.push(Unit { about: About::Goal(n), free: false, alternatives });
    }
}

/// The days after which something is longer ago than a rule asks.
fn day(pack: &Pack, space: &Space, intake: &Intake, facts: &Facts) -> Unit {
    let mut days: Vec<i64> = Vec::new();
    for (ix, question) in pack.questions.entries() {
        let ShapeKind::List(shape) = &space.shape(ix).kind else { continue };
        for (entry, fact) in intake.entries(&question.id).iter().zip(facts.items(ix)) {
            let Some(of) = fact.item.and_then(|item| shape.items.get(shape.position(item)?)) else { continue };
            for axis in &of.axes {
                let id = &pack.qualifiers[axis.qualifier].id;
                let Some(now) =
                    entry.qualifiers.get(id).and_then(|value| passing(pack, shape.list, axis.qualifier, value))
                else {
                    continue;
                };
                days.extend(
                    axis.cuts.iter().map(|cut| (cut.as_thousandths() - now.as_thousandths()) / 1000).filter(|n| *n > 0),
                );
            }
        }
    }
    days.sort_unstable();
    days.dedup();
    let alternatives = days.into_iter().filter_map(|n| Some((Edit::Later(i32::try_from(n).ok()?), By::Time))).collect();
    Unit { about: About::Day, free: false, alternatives }
}

/// A number that grows by one each day.
fn passing(pack: &Pack, list: List, qualifier: Ix<Qualifier>, value: &Value) -> Option<Amount> {
    let grows = pack.qualifiers[qualifier].changes == Changes::ByTime;
    match value {
        // Of a medicine that is still taken the last dose is always today's.
        Value::Number(n) if grows && (list != List::Medications || *n > Amount::ZERO) => Some(*n),
        _ => None,
    }
}

/// A value so many days later.
pub(super) fn later(pack: &Pack, list: List, qualifier: Ix<Qualifier>, value: &Value, days: i32) -> Value {
    match (passing(pack, list, qualifier, value), &pack.qualifiers[qualifier].kind) {
        (Some(n), QualifierKind::Number(kind)) => {
            let then = Amount::thousandths(n.as_thousandths() + i64::from(days) * 1000);
            Value::Number(then.min(kind.max))
        }
        _ => value.clone(),
    }
}

/// The intake with changes, and the day for which it is then assessed.
pub(super) fn apply(pack: &Pack, intake: &Intake, today: Date, edits: &[&Edit]) -> (Intake, Date) {
    let mut edited = intake.clone();
    let goals = &pack.questions[pack.roles.goals].id;
    let mut gone: Vec<(QuestionIx, usize)> = Vec::new();
    let mut left: Option<Vec<Option<GoalEntry>>> = None;
    let mut wait = 0;
    for edit in edits {
        match edit {
            Edit::Answers(answers) => {
                for (ix, answer) in answers {
                    if *ix == pack.roles.age {
                        edited.clear(&pack.questions[pack.roles.birth_date].id);
                    }
                    clear_scale(pack, &mut edited, *ix);
                    edited.set(&pack.questions[*ix].id, answer.clone());
                }
            }
            Edit::Without { question, entry } => gone.push((*question, *entry)),
            Edit::Also { question, entry } => entries(pack, &mut edited, *question, |list| list.push(entry.clone())),
            Edit::Qualified { question, entry, qualifier, value } => entries(pack, &mut edited, *question, |list| {
                if let Some(row) = list.get_mut(*entry) {
                    row.qualifiers.insert(pack.qualifiers[*qualifier].id.clone(), value.clone());
                }
            }),
            Edit::Later(days) => wait = *days,
            Edit::Goal { entry, instead } => {
                let rows = left.get_or_insert_with(|| match intake.get(goals) {
                    Some(Answer::Goals(wanted)) => wanted.iter().cloned().map(Some).collect(),
                    _ => Vec::new(),
                });
                if let Some(row) = rows.get_mut(*entry) {
                    row.clone_from(instead);
                }
            }
        }
    }
    if let Some(rows) = left {
        let mut wanted: Vec<GoalEntry> = Vec::new();
        for row in rows.into_iter().flatten() {
            match wanted.iter_mut().find(|known| known.goal == row.goal) {
                Some(known) => {
                    let new: Vec<String> = row.areas.into_iter().filter(|area| !known.areas.contains(area)).collect();
                    known.areas.extend(new);
                }
                None => wanted.push(row),
            }
        }
        edited.set(goals, Answer::Goals(wanted));
    }
    if wait > 0 {
        pass(pack, &mut edited, wait);
    }
    // From the end, so that the positions before stay.
    gone.sort_unstable_by_key(|(_, n)| std::cmp::Reverse(*n));
    for (question, n) in gone {
        entries(pack, &mut edited, question, |list| {
            if n < list.len() {
                list.remove(n);
            }
        });
    }
    (edited, today.checked_add(wait.days()).unwrap_or(today))
}

fn entries(pack: &Pack, intake: &mut Intake, question: QuestionIx, change: impl FnOnce(&mut Vec<Entry>)) {
    if let Some(Answer::Items(list)) = intake.answers.get_mut(&pack.questions[question].id) {
        change(list);
    }
}

/// All entries so many days later.
fn pass(pack: &Pack, intake: &mut Intake, days: i32) {
    for question in &pack.questions {
        let QuestionKind::List(list) = question.kind else { continue };
        let Some(Answer::Items(rows)) = intake.answers.get_mut(&question.id) else { continue };
        for row in rows.iter_mut().filter(|row| matches!(row.what, What::Coded(_))) {
            for (id, value) in &mut row.qualifiers {
                if let Some(qualifier) = pack.qualifiers.find(id) {
                    *value = later(pack, list, qualifier, value, days);
                }
            }
        }
    }
}
