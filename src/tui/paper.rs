//! From the sheet on the screen to what is kept on disk, and back. Nothing is lost on the way: what a newer pack no
//! longer understands comes back as words.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use toml::{Table, Value};

use super::carried::Carried;
use super::sheet::{Amends, Draft, Reflection, Sheet, Signed, Signer, StepId};
use crate::follow_up;
use crate::intake::{self, Answer, Intake};
use crate::pack::Pack;
use crate::plan::{OwnMix, RecipeChoice};
use crate::record::{
    self, Amending, Amendment, ConsentTick, Decisions, Document, DocumentError, Overridden, Practitioner, Signing,
    Typing,
};
use crate::source::SourceFile;

/// The draft as it is kept.
#[must_use]
pub fn kept(draft: &Draft, now: Timestamp) -> record::Draft {
    let sheet = &draft.sheet;
    let typing = draft.question.as_ref().and_then(|question| sheet.pending.get_key_value(question));
    let text = |(field, text): (&String, &String)| Typing { field: field.clone(), text: text.clone() };
    let others = sheet.pending.iter().filter(|(field, _)| typing.is_none_or(|(typed, _)| typed != *field));
    record::Draft {
        updated_at: now,
        day: Some(draft.day),
        amends: sheet.amends.as_ref().map_or(0, |amends| amends.version),
        amending: sheet.amends.as_ref().map(|amends| Amending { day: amends.day, reason: amends.reason.clone() }),
        step: draft.step.label().to_lowercase(),
        question: draft.question.clone(),
        intake: intake::write(&without_doubles(&sheet.intake)),
        earlier: sheet
            .carried
            .as_ref()
            .map(|carried| intake::write(&without_doubles(&carried.said)))
            .unwrap_or_default(),
        typing: typing.map(text),
        held: others.map(text).collect(),
        visited: sheet.visited.iter().map(|step| step.label().to_lowercase()).collect(),
        practitioner: practitioner(&sheet.signer),
        decisions: decisions(sheet, None),
        ..record::Draft::new(draft.id, draft.started)
    }
}

/// The draft as it was, and what of its answers cannot be read with this pack.
#[must_use]
pub fn taken(pack: &Pack, kept: &record::Draft, today: Date) -> (Draft, Vec<String>) {
    let (intake, lost) = answers(pack, &kept.intake);
    let decisions = &kept.decisions;
    // What was said then is in its record: what a later pack does not know of it is not offered.
    let carried = decisions.carried.as_ref().map(|note| Carried::of(pack, note, answers(pack, &kept.earlier).0, today));
    let typed = kept.typing.iter().chain(&kept.held);
    let mut sheet = Sheet {
        intake,
        pending: typed.map(|typing| (typing.field.clone(), typing.text.clone())).collect(),
        overrides: decisions.overrides.iter().map(|o| (o.rule.clone(), o.reason.clone())).collect(),
        recipes: recipes(&decisions.chosen),
        mixes: decisions.mixes.iter().map(|mix| ((mix.goal.clone(), mix.area.clone()), mix.clone())).collect(),
        covered: decisions.consent.iter().filter(|tick| tick.done).map(|tick| tick.id.clone()).collect(),
        paged: decisions.consent.iter().filter(|tick| tick.by_page).map(|tick| tick.id.clone()).collect(),
        reviewed: decisions.reviewed.iter().cloned().collect(),
        reflection: reflection(decisions),
        signer: Signer {
            name: kept.practitioner.name.clone(),
            role: kept.practitioner.role.clone(),
            licence: kept.practitioner.licence.clone(),
        },
        note: decisions.notes.clone(),
        amends: kept.amending.as_ref().map(|amending| Amends {
            version: kept.amends,
            day: amending.day,
            reason: amending.reason.clone(),
        }),
        visited: kept.visited.iter().filter_map(|word| step(word)).collect(),
        carried,
        identity_checked: decisions.identity_checked_at,
        left_out: decisions.left_out.iter().map(|one| (one.question.clone(), one.clone())).collect(),
    };
    if !lost.is_empty() {
        if !sheet.note.is_empty() {
            sheet.note.push(' ');
        }
        sheet.note.push_str(&format!("Not understood by this pack: {}", lost.join("; ")));
    }
    open_replaced(&mut sheet);
    let step = step(&kept.step).unwrap_or_default();
    let day = kept.day.unwrap_or_else(|| kept.updated_at.to_zoned(TimeZone::UTC).date());
    let mut draft = Draft { id: kept.id, started: kept.started_at, day, step, question: kept.question.clone(), sheet };
    put_off(pack, &mut draft, today);
    (draft, lost)
}

/// A consultation that is gone on with on a later day: what ages is asked anew, and what was decided by it; what lasts
/// longer is offered to be confirmed, as to a patient who comes again. An amendment is assessed as of its own day.
///
/// Whether that was so.
pub fn put_off(pack: &Pack, draft: &mut Draft, today: Date) -> bool {
    let Draft { id, day, step, question, sheet, .. } = draft;
    if *day >= today || sheet.amends.is_some() {
        return false;
    }
    let carried = Carried::put_off(pack, *id, sheet, *day, today);
    sheet.carried = Some(carried);
    // Lines of entries belong to entries that are not answers now.
    sheet.pending.retain(|line, _| !line.contains('#'));
    sheet.overrides.clear();
    sheet.covered.clear();
    sheet.reviewed.clear();
    sheet.left_out.clear();
    sheet.identity_checked = None;
    (*day, *step, *question) = (today, StepId::Patient, None);
    true
}

/// An answer that was being replaced when the draft was written is open until what was typed is accepted.
fn open_replaced(sheet: &mut Sheet) {
    for (key, typed) in &sheet.pending {
        let (question, detail) = key.split_once('#').map_or((key.as_str(), None), |(id, rest)| (id, Some(rest)));
        match (sheet.intake.answers.get_mut(question), detail) {
            (Some(Answer::Items(entries)), Some(detail)) => {
                let Some((entry, qualifier)) = detail.split_once('.') else { continue };
                if let Some(entry) = entry.parse::<usize>().ok().and_then(|n| entries.get_mut(n)) {
                    entry.qualifiers.remove(qualifier);
                }
            }
            (Some(answer), None) => {
                let same = match answer {
                    Answer::Number(amount) => amount.to_string() == typed.trim(),
                    Answer::Date(date) => date.to_string() == typed.trim(),
                    Answer::Text(text) => text == typed.trim(),
                    Answer::Unknown => false,
                    // What is typed in the picker of a list replaces none of its entries.
                    Answer::Choice(_) | Answer::Items(_) | Answer::Goals(_) => true,
                };
                if !same {
                    sheet.intake.clear(question);
                }
            }
            _ => {}
        }
    }
}

fn step(word: &str) -> Option<StepId> {
    StepId::ALL.into_iter().find(|step| step.label().eq_ignore_ascii_case(word))
}

fn recipes(chosen: &[RecipeChoice]) -> BTreeMap<(String, String), String> {
    chosen.iter().map(|c| ((c.goal.clone(), c.area.clone()), c.recipe.clone())).collect()
}

/// The time to think it over.
#[must_use]
pub fn reflection(decisions: &Decisions) -> Reflection {
    match decisions.reflection_days {
        None => Reflection::NotSet,
        Some(0) => Reflection::Waived,
        Some(days) => Reflection::Days(u16::try_from(days).unwrap_or(u16::MAX)),
    }
}

fn practitioner(signer: &Signer) -> Practitioner {
    Practitioner { name: signer.name.clone(), role: signer.role.clone(), licence: signer.licence.clone() }
}

/// What was decided; with the plan, the consent points as they read.
fn decisions(sheet: &Sheet, plan: Option<&crate::plan::Plan>) -> Decisions {
    let tick = |id: &str, text: &str| ConsentTick {
        id: id.to_owned(),
        text: text.to_owned(),
        done: sheet.covered.contains(id),
        by_page: sheet.covered.contains(id) && sheet.paged.contains(id),
    };
    Decisions {
        notes: sheet.note.clone(),
        follow_up: String::new(),
        identity_checked_at: sheet.identity_checked,
        carried: sheet.carried.as_ref().map(super::carried::Carried::note),
        left_out: sheet.left_out.values().cloned().collect(),
        reflection_days: match sheet.reflection {
            Reflection::NotSet => None,
            Reflection::Waived => Some(0),
            Reflection::Days(days) => Some(u32::from(days)),
        },
        reviewed: sheet.reviewed.iter().cloned().collect(),
        chosen: sheet
            .recipes
            .iter()
            .map(|((goal, area), recipe)| RecipeChoice {
                goal: goal.clone(),
                area: area.clone(),
                recipe: recipe.clone(),
            })
            .collect(),
        mixes: sheet.mixes.values().cloned().collect(),
        overrides: sheet
            .overrides
            .iter()
            .map(|(rule, reason)| Overridden {
                rule: rule.clone(),
                reason: reason.clone(),
                note: String::new(),
                by: sheet.signer.name.clone(),
            })
            .collect(),
        consent: match plan {
            Some(plan) => plan.consent.iter().map(|point| tick(&point.id, &point.text)).collect(),
            None => sheet.covered.iter().map(|id| tick(id, "")).collect(),
        },
    }
}

/// The document that is saved.
///
/// # Errors
/// If the intake has no form in TOML.
pub fn drawn_up(pack: &Pack, signed: &Signed, now: Timestamp) -> Result<Document, DocumentError> {
    let sheet = &signed.draft.sheet;
    let mut decisions = decisions(sheet, signed.assessment.plan.as_ref());
    // Only what took part in the assessment belongs into the record.
    let counts = signed.assessment.findings.iter().filter(|finding| finding.override_void.is_none());
    let fired: BTreeSet<&str> = counts.map(|finding| finding.rule.as_str()).collect();
    decisions.overrides.retain(|overridden| fired.contains(overridden.rule.as_str()));
    let cocktails = signed.assessment.plan.as_ref().map_or(&[][..], |plan| &plan.cocktails);
    let given = |mix: &OwnMix| cocktails.iter().any(|c| c.own.is_some() && c.goal == mix.goal && c.area == mix.area);
    decisions.mixes.retain(given);
    let signing = Signing {
        id: signed.draft.id,
        version: sheet.amends.as_ref().map_or(0, |amends| amends.version) + 1,
        at: now,
        amendment: sheet.amends.as_ref().map(|amends| Amendment { reason: amends.reason.trim().to_owned() }),
        practitioner: practitioner(&sheet.signer),
        decisions,
    };
    Document::draw_up(signing, pack, &without_doubles(&sheet.intake), signed.assessment.clone())
}

/// A saved version as a draft of the next one. Who amends signs anew.
#[must_use]
pub fn amending(document: &Document, signer: &Signer, now: Timestamp) -> record::Draft {
    record::Draft {
        amends: document.version,
        amending: Some(Amending { day: document.assessment.today, reason: String::new() }),
        step: StepId::Patient.label().to_lowercase(),
        intake: document.intake.to_toml(),
        visited: StepId::ALL.iter().map(|step| step.label().to_lowercase()).collect(),
        practitioner: practitioner(signer),
        // Whose record it is, is asked again: the wrong one may have been opened.
        decisions: Decisions { identity_checked_at: None, ..document.decisions.clone() },
        ..record::Draft::new(document.id, now)
    }
}

/// A consultation of a patient who was here before: nothing is answered, and the last one offers what lasts, what came
/// after it included. Also what of it this pack does not know.
#[must_use]
pub fn returning(pack: &Pack, document: &Document, today: Date) -> (Carried, Vec<String>) {
    let (mut said, lost) = answers(pack, &document.intake.to_toml());
    let events = &pack.questions[pack.roles.events].id;
    let mut known = match said.get(events) {
        Some(Answer::Items(entries)) => entries.clone(),
        _ => Vec::new(),
    };
    for event in follow_up::later_events(pack, &document.follow_up) {
        if !known.iter().any(|entry| entry.what == event.what) {
            known.push(event);
        }
    }
    if !known.is_empty() {
        said.set(events, Answer::Items(known));
    }
    (Carried::new(pack, (document.id, document.version), said, document.assessment.today, today), lost)
}

/// The intake file knows every entry once.
fn without_doubles(intake: &Intake) -> Intake {
    let mut intake = intake.clone();
    for answer in intake.answers.values_mut() {
        if let Answer::Items(entries) = answer {
            let mut once = Vec::new();
            for entry in std::mem::take(entries) {
                if !once.contains(&entry) {
                    once.push(entry);
                }
            }
            *entries = once;
        }
    }
    intake
}

/// The answers of an intake file: all of them, or each one that can be read, and the others in words.
#[must_use]
pub fn answers(pack: &Pack, text: &str) -> (Intake, Vec<String>) {
    let file = SourceFile::new("draft", text);
    if let Ok(intake) = intake::read(pack, &file) {
        return (intake, Vec::new());
    }
    let mut read = Intake::default();
    let mut lost = Vec::new();
    match text.parse::<Table>() {
        Ok(table) => one_by_one(pack, "", &table, &mut read, &mut lost),
        Err(_) => lost.push(text.to_owned()),
    }
    (read, lost)
}

fn one_by_one(pack: &Pack, prefix: &str, table: &Table, read: &mut Intake, lost: &mut Vec<String>) {
    for (key, value) in table {
        let path = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        if let (Value::Table(inner), None) = (value, pack.questions.get(&path)) {
            one_by_one(pack, &path, inner, read, lost);
            continue;
        }
        match intake::read(pack, &alone(&path, value)) {
            Ok(one) => read.answers.extend(one.answers),
            Err(_) => entry_by_entry(pack, &path, value, read, lost),
        }
    }
}

/// Of a list, the entries that can be read are kept.
fn entry_by_entry(pack: &Pack, path: &str, value: &Value, read: &mut Intake, lost: &mut Vec<String>) {
    let Value::Array(entries) = value else {
        lost.push(format!("{path} = {value}"));
        return;
    };
    for entry in entries {
        let one = Value::Array(vec![entry.clone()]);
        let Some(answer) =
            intake::read(pack, &alone(path, &one)).ok().and_then(|mut intake| intake.answers.remove(path))
        else {
            lost.push(format!("{path} = {entry}"));
            continue;
        };
        match (read.answers.get_mut(path), answer) {
            (Some(Answer::Items(known)), Answer::Items(more)) => known.extend(more),
            (Some(Answer::Goals(known)), Answer::Goals(more)) => known.extend(more),
            (_, answer) => read.set(path, answer),
        }
    }
}

fn alone(path: &str, value: &Value) -> Arc<SourceFile> {
    let mut value = value.clone();
    for key in path.rsplit('.') {
        value = Value::Table(Table::from_iter([(key.to_owned(), value)]));
    }
    SourceFile::new("draft", toml::to_string(&value).unwrap_or_default())
}
