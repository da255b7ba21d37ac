//! On what the statements of a pack rest: reviews, citations, grades.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::book::{Book, Row, each_table, get, text, texts};
use super::{Subject, some};
use crate::pack::{Grade, Identified, Pack, Recipe, Role};
use crate::source::{Code, Cursor, Problems};

const OVERDUE: Code = Code("L0101");
const UNCITED: Code = Code("L0102");
const NO_SOURCE: Code = Code("L0103");
const WEAK_SOURCE: Code = Code("L0104");
const STRONG_RECIPE: Code = Code("L0105");
const LAPSED: Code = Code("L0106");
const NO_SIGN_OFF: Code = Code("L0111");

/// Kinds of sources that cannot carry a grade of trials by themselves.
const WEAK: [&str; 4] = ["case-report", "reference", "web", "press"];

pub(super) fn look(subject: Subject<'_>, book: &Book<'_>, notes: &mut Problems) {
    overdue(subject, book, notes);
    uncited(book, notes);
    book.rows().for_each(|row| grades(row, subject.pack, notes));
    recipes(subject.pack, book, notes);
    lapsed(subject, book, notes);
    sign_offs(subject, book, notes);
}

/// Sign-offs that do not count: for a version that is not in use, or dated on a day to come.
fn sign_offs(subject: Subject<'_>, book: &Book<'_>, notes: &mut Problems) {
    for row in book.of_kind("signoff") {
        let layer = subject.pack.layers.iter().find(|layer| Some(layer.id.as_str()) == row.text("pack"));
        let (Some(layer), Some(version), Some(on)) = (layer, row.text("version"), row.get("on")) else { continue };
        let later = on.date(&mut Problems::default()).filter(|on| *on > subject.today);
        let newer =
            subject.pack.sign_offs.iter().any(|signed| signed.pack == layer.id && signed.version == layer.version);
        let (key, what, help) = match later {
            Some(day) => (
                "on",
                format!("the sign-off of `{}` is dated {day}, which is yet to come", layer.id),
                "write the day on which that clinician had read it",
            ),
            // What was signed earlier may stay beside what is signed now.
            None if version != layer.version && !newer => (
                "version",
                format!("this signs version {version} of `{}` off, and version {} is in use", layer.id, layer.version),
                "let a clinician read the version in use, and sign that one",
            ),
            None => continue,
        };
        notes.at_with_help(&row.at(key), NO_SIGN_OFF, what, "does not count as reviewed by this clinic", help);
    }
}

/// What is overdue together: the first of it, and how many of each kind.
type Late<'b, 'a> = (&'b Row<'a>, BTreeMap<&'static str, usize>);

/// One note for each layer and day: what is overdue together is looked at together.
fn overdue<'b, 'a>(subject: Subject<'_>, book: &'b Book<'a>, notes: &mut Problems) {
    let mut due: BTreeMap<(usize, Date), Late<'b, 'a>> = BTreeMap::new();
    for late in subject.pack.overdue(subject.today) {
        let kind = match late.kind {
            "mixing rule" => "mixing",
            "session plan" => "plan",
            "consent point" => "consent",
            "care text" => "care",
            kind => kind,
        };
        let Some(row) = book.find(kind, late.id) else { continue };
        let (_, counts) = due.entry((row.layer, late.due)).or_insert((row, BTreeMap::new()));
        *counts.entry(late.kind).or_default() += 1;
    }
    for ((_, day), (row, counts)) in due {
        let review = book.review_of(row);
        let at = review.as_ref().and_then(|review| get(review, "due")).or(review).unwrap_or_else(|| row.name());
        let counts: Vec<String> = counts.iter().map(|(kind, n)| format!("{n} {}", many(kind, *n))).collect();
        notes.at_with_help(
            &at,
            OVERDUE,
            format!("overdue: review was due {day} for {}", counts.join(", ")),
            "the first of them",
            "let a clinician read them again; then give `by` and `on`, and a new `due`",
        );
    }
}

fn many(kind: &str, n: usize) -> String {
    if n == 1 { kind.to_owned() } else { format!("{kind}s") }
}

/// Sources that nothing cites: they make a pack look better read than it is.
fn uncited(book: &Book<'_>, notes: &mut Problems) {
    let mut cited: BTreeSet<&str> = BTreeSet::new();
    for row in book.rows() {
        each_table(row.cursor(), &mut |table| {
            cited.extend(texts(get(table, "sources")));
            cited.extend(texts(get(table, "status_sources")));
        });
    }
    let mut left: BTreeMap<&str, Vec<&Row<'_>>> = BTreeMap::new();
    for row in book.of_kind("source").filter(|row| row.id().is_some_and(|id| !cited.contains(id))) {
        left.entry(&row.file().path).or_default().push(row);
    }
    for rows in left.values() {
        let Some(first) = rows.first() else { continue };
        let names = some(rows.iter().filter_map(|row| row.id()));
        let what = if rows.len() == 1 { "a source".to_owned() } else { format!("{} sources", rows.len()) };
        let help = "cite it in `sources` where it is the reason, or take it away";
        notes.at_with_help(&first.name(), UNCITED, format!("nothing cites {what}: {names}"), "cited nowhere", help);
    }
}

/// Grades of trials without a source, or with sources that cannot carry them.
fn grades(row: &Row<'_>, pack: &Pack, notes: &mut Problems) {
    each_table(row.cursor(), &mut |table| {
        let Some(at) = get(table, "grade").or_else(|| get(table, "evidence")).filter(|at| !at.is_table()) else {
            return;
        };
        let (Some(grade), Some(_)) = (text(&at).filter(|grade| ["A", "B"].contains(grade)), get(table, "basis")) else {
            return;
        };
        let whose = format!("{} `{}`", row.kind, row.id().unwrap_or_default());
        let kinds: Vec<&str> =
            texts(get(table, "sources")).iter().filter_map(|id| Some(pack.sources.get(id)?.kind.as_str())).collect();
        if kinds.is_empty() {
            notes.at_with_help(
                &at,
                NO_SOURCE,
                format!("{whose} claims evidence {grade} and cites no source"),
                "stands for controlled trials that are not named",
                "name the trial or review in `sources`, or grade it `\"D\"`: what is generally held",
            );
        } else if kinds.iter().all(|kind| WEAK.contains(kind)) {
            notes.at_with_help(
                &at,
                WEAK_SOURCE,
                format!("{whose} claims evidence {grade}, which its sources cannot carry"),
                format!("rests on {} only", kinds.join(", ")),
                "cite the trial, review, guideline, registry entry or label itself, or grade it lower",
            );
        }
    });
}

/// Recipes with a better grade than any of their actives has for any of their goals.
fn recipes(pack: &Pack, book: &Book<'_>, notes: &mut Problems) {
    for recipe in &pack.recipes {
        let claimed = recipe.grounds.evidence;
        let (Some(best), Some(row)) = (best_of(pack, recipe), book.find("recipe", &recipe.id)) else { continue };
        if claimed < best {
            notes.at_with_help(
                &row.at("evidence"),
                STRONG_RECIPE,
                format!("recipe `{}` claims evidence {} and none of its actives has it", recipe.id, claimed.letter()),
                format!("the best of its actives for its goals is {}", best.letter()),
                "grade the recipe as its actives are, or say in their `evidence_for` what was found",
            );
        }
    }
}

/// The best grade of an active for a goal of its recipe; `None` where nothing is said about any.
fn best_of(pack: &Pack, recipe: &Recipe) -> Option<Grade> {
    let actives = recipe.slots.iter().filter(|slot| slot.role == Role::Active).flat_map(|slot| &slot.choices);
    let known = actives.flat_map(|item| &pack.ingredient(*item).evidence_for);
    known.filter(|row| recipe.goals.contains(row.goal)).map(|row| row.grade).min()
}

/// Overrides whose time is over: they look as if they held.
fn lapsed(subject: Subject<'_>, book: &Book<'_>, notes: &mut Problems) {
    for rule in &subject.pack.rules {
        let Some(old) = rule.loosened.as_ref().filter(|old| old.expires <= subject.today) else { continue };
        let written = |row: &&Row<'_>| row.layer == old.layer && row.text("rule") == Some(rule.id());
        let Some(row) = book.of_kind("override").find(written) else { continue };
        let at: Cursor<'_> = row.get("expires").unwrap_or_else(|| row.at("rule"));
        notes.at_with_help(
            &at,
            LAPSED,
            format!("the override of `{}` holds no more since {}", rule.id, old.expires),
            "is over",
            "take it away, or decide anew: a reason, a name, a day, at most a year",
        );
    }
}
