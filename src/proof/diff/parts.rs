//! What differs between two packs as they are written: part by part, by id.

use std::fmt::{Debug, Display};

use jiff::civil::Date;

use crate::pack::{
    Amount, Area, Condition, Goal, Grounds, Identified, Item, Limit, List, Mixing, Pack, QualifierKind, Question,
    QuestionKind, Range, Recipe, ReviewDay, Rule, Scale, ScaleValue, SessionPlan, Set, Table, Technique, ValueTest,
};

/// What a difference can change.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Reach {
    /// Words and citations.
    Words,
    /// Doses, volumes and days.
    Numbers,
    /// Verdicts, exclusions and recipes.
    Decisions,
}

/// One thing that a part says otherwise.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// What.
    pub what: &'static str,
    /// What it can change.
    pub reach: Reach,
    /// As it was.
    pub old: String,
    /// As it is.
    pub new: String,
}

/// On which side a part stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// In the old pack only.
    Old,
    /// In the new pack only.
    New,
    /// In both, and it differs.
    Both,
}

/// A rule, recipe, limit... that differs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    /// The kind of its table.
    pub kind: &'static str,
    /// Its id.
    pub id: String,
    /// Where it stands.
    pub side: Side,
    /// What differs; nothing when it stands on one side only.
    pub changes: Vec<Change>,
}

impl Part {
    /// The most that it can change.
    #[must_use]
    pub fn reach(&self) -> Reach {
        match self.side {
            Side::Both => self.changes.iter().map(|change| change.reach).max().unwrap_or(Reach::Words),
            // What only says or measures something changes no decision by being there.
            _ if ["limit", "plan"].contains(&self.kind) => Reach::Numbers,
            _ => Reach::Decisions,
        }
    }
}

/// Everything that differs, in the order of the pack.
pub fn parts(old: &Pack, new: &Pack, today: Date) -> Vec<Part> {
    let mut all = Vec::new();
    let p = &mut all;
    compare(p, "rule", (&old.rules, &new.rules), |row| rule(old, row, today), |row| rule(new, row, today));
    compare(p, "recipe", (&old.recipes, &new.recipes), |row| recipe(old, row), |row| recipe(new, row));
    compare(p, "limit", (&old.limits, &new.limits), |row| limit(old, row), |row| limit(new, row));
    compare(p, "mixing", (&old.mixing, &new.mixing), |row| mixing(old, row), |row| mixing(new, row));
    compare(p, "plan", (&old.plans, &new.plans), |row| plan(old, row), |row| plan(new, row));
    let items = (&old.ingredients, &new.ingredients);
    compare(p, "ingredient", items, |row| ingredient(old, row), |row| ingredient(new, row));
    compare(p, "technique", (&old.techniques, &new.techniques), technique, technique);
    compare(p, "area", (&old.areas, &new.areas), |row| area(old, row), |row| area(new, row));
    compare(p, "goal", (&old.goals, &new.goals), |row| goal(old, row), |row| goal(new, row));
    compare(p, "question", (&old.questions, &new.questions), |row| question(old, row), |row| question(new, row));
    compare(p, "scale", (&old.scales, &new.scales), |row| scale(old, row), |row| scale(new, row));
    all
}

type Aspect = (Reach, &'static str, String);

fn compare<T: Identified>(
    all: &mut Vec<Part>,
    kind: &'static str,
    (old, new): (&Table<T>, &Table<T>),
    of_old: impl Fn(&T) -> Vec<Aspect>,
    of_new: impl Fn(&T) -> Vec<Aspect>,
) {
    let mut push = |id: &str, side, changes| all.push(Part { kind, id: id.to_owned(), side, changes });
    for row in old {
        let Some(now) = new.get(row.id()) else {
            push(row.id(), Side::Old, Vec::new());
            continue;
        };
        let pairs = of_old(row).into_iter().zip(of_new(now));
        let changes: Vec<Change> = pairs
            .filter(|(was, is)| was.2 != is.2)
            .map(|((reach, what, old), (_, _, new))| Change { what, reach, old, new })
            .collect();
        if !changes.is_empty() {
            push(row.id(), Side::Both, changes);
        }
    }
    new.iter().filter(|row| old.get(row.id()).is_none()).for_each(|row| push(row.id(), Side::New, Vec::new()));
}

use Reach::{Decisions, Numbers, Words};

/// The reasons to override a rule, each with what contradicts it.
fn override_words(pack: &Pack, row: &Rule) -> String {
    let words = row.override_reasons.iter().map(|reason| match &reason.unless {
        Some(unless) => format!("{}, unless {}", reason.text, condition(pack, unless)),
        None => reason.text.clone(),
    });
    words.collect::<Vec<_>>().join(" | ")
}

fn rule(pack: &Pack, row: &Rule, today: Date) -> Vec<Aspect> {
    let ruling = row.ruling_on(today);
    let until = ruling.until.map(|until| {
        let days = until.days.map(|days| format!("{days} days"));
        let since = until.since.map(|since| format!("by {}", pack.qualifiers[since].id));
        [days, since, until.event.clone()].into_iter().flatten().collect::<Vec<_>>().join(" ")
    });
    let (exclude, change) = (&row.exclude, &row.modifies);
    let technique = |ix| pack.techniques[ix].id();
    let swap = change.technique.map(|s| format!("{} instead of {}", technique(s.with), technique(s.instead_of)));
    let ceiling = change.ceiling.as_ref();
    let ceiling = ceiling.map(|part| format!("{} % of {}", part.percent, ids(&pack.ingredients, &part.ingredients)));
    vec![
        (Decisions, "condition", condition(pack, &row.when)),
        (Decisions, "verdict", ruling.verdict.word().to_owned()),
        (Decisions, "switched off", ruling.off.to_string()),
        (Decisions, "scope", text(row.scope).to_lowercase()),
        (Decisions, "excluded ingredients", ids(&pack.ingredients, &exclude.ingredients)),
        (Decisions, "excluded goals", ids(&pack.goals, &exclude.goals)),
        (Decisions, "excluded areas", ids(&pack.areas, &exclude.areas)),
        (Decisions, "excluded site", exclude.site.to_string()),
        (Decisions, "excluded techniques", ids(&pack.techniques, &exclude.techniques)),
        (Decisions, "single product", change.single_product.to_string()),
        (Decisions, "technique", swap.unwrap_or_default()),
        (Decisions, "listed", (!row.quiet).to_string()),
        (Numbers, "until", until.unwrap_or_default()),
        (Numbers, "days between sessions", shown(change.interval_days)),
        (Numbers, "days after a test spot", shown(change.test_spot)),
        (Numbers, "ceiling", ceiling.unwrap_or_default()),
        (
            Words,
            "who clears it or where to",
            said([ruling.from.unwrap_or(""), ruling.to.unwrap_or(""), if ruling.urgent { "urgent" } else { "" }]),
        ),
        (Words, "overrides", if row.absolute { "absolute".to_owned() } else { override_words(pack, row) }),
        (Words, "title", row.title.clone()),
        (Words, "message", row.message.clone()),
        (Words, "patient", shown(row.patient.as_ref())),
        (Words, "why", row.why.clone()),
        (Words, "mitigation", row.mitigation.join(" | ")),
        (Words, "contested", shown(row.contested.as_ref())),
        (Words, "note", shown(change.note.as_ref())),
        (Words, "grounds", grounds(pack, &row.grounds)),
    ]
}

fn recipe(pack: &Pack, row: &Recipe) -> Vec<Aspect> {
    let chosen = row.slots.iter().map(|slot| {
        let choices: Vec<&str> = slot.choices.iter().map(|item| pack.ingredients[*item].id()).collect();
        format!("{}{}: {}", slot.role.word(), if slot.optional { "?" } else { "" }, choices.join(" or "))
    });
    let amounts = row.slots.iter().map(|slot| {
        let most = slot.ml_max.map(|most| format!(", at most {most}")).unwrap_or_default();
        let strength = slot.mg_per_ml.map(|mg| format!(" of {mg} mg/mL")).unwrap_or_default();
        format!("{} mL an area{most}{strength}", slot.ml_per_area)
    });
    let points = [("mL a point", row.point_ml), ("cm apart", row.spacing_cm)];
    let points = points.into_iter().filter_map(|(unit, n)| Some(format!(", {} {unit}", n?))).collect::<String>();
    vec![
        (Decisions, "goals", ids(&pack.goals, &row.goals)),
        (Decisions, "areas", row.areas.as_ref().map_or_else(|| "of its goals".to_owned(), |set| ids(&pack.areas, set))),
        (Decisions, "requires", condition(pack, &row.requires)),
        (Decisions, "technique", pack.techniques[row.technique].id.clone()),
        (Decisions, "evidence", row.grounds.evidence.letter().to_owned()),
        (Decisions, "slots", chosen.collect::<Vec<_>>().join("; ")),
        (Numbers, "amounts", amounts.collect::<Vec<_>>().join("; ")),
        (Numbers, "depth and points", format!("{}{points}, {} minutes", depth(row.depth_mm), row.minutes)),
        (Numbers, "session plan", pack.plans[row.plan].id.clone()),
        (Words, "texts", said([&*row.label, &row.outcome, &row.needle])),
        (Words, "grounds", grounds(pack, &row.grounds)),
    ]
}

fn limit(pack: &Pack, row: &Limit) -> Vec<Aspect> {
    vec![
        (Numbers, "ingredients", ids(&pack.ingredients, &row.ingredients)),
        (Numbers, "mg per kg", shown(row.mg_per_kg)),
        (Numbers, "mg", shown(row.mg)),
        (Numbers, "mL", shown(row.ml)),
        (Numbers, "cm2", shown(row.cm2)),
        (Numbers, "points", shown(row.points)),
        (Numbers, "sessions", shown(row.sessions)),
        (Numbers, "days between sessions", shown(row.interval_days)),
        (Numbers, "span", text(row.per).to_lowercase()),
        (Numbers, "of everything", row.everything.to_string()),
        (Numbers, "pool", shown(row.pool.as_ref())),
        (
            Numbers,
            "jurisdictions",
            row.jurisdictions.map(|bits| bits_of(pack.jurisdictions.ids(), bits)).unwrap_or_default(),
        ),
        (Words, "texts", said([&*row.label, &row.note])),
        (Words, "grounds", grounds(pack, &row.grounds)),
    ]
}

fn mixing(pack: &Pack, row: &Mixing) -> Vec<Aspect> {
    let b = row.b.as_ref().map_or_else(|| "anything else".to_owned(), |set| ids(&pack.ingredients, set));
    vec![
        (Decisions, "one side", ids(&pack.ingredients, &row.a)),
        (Decisions, "other side", b),
        (Decisions, "level", row.level.label().to_owned()),
        (Words, "texts", row.why.clone()),
        (Words, "grounds", grounds(pack, &row.grounds)),
    ]
}

fn plan(pack: &Pack, row: &SessionPlan) -> Vec<Aspect> {
    let when = row.reviews.iter().map(|review| match review.when {
        ReviewDay::AfterDays(n) => format!("after {n} days"),
        ReviewDay::AfterSessions(n) => format!("after {n} sessions"),
    });
    let when = when.collect::<Vec<_>>().join(", ");
    let phases = [Some(row.induction), row.consolidation, row.maintenance];
    let phases =
        phases.into_iter().flatten().map(|phase| format!("{} every {} days", phase.sessions, phase.interval_days));
    let looked = row.reviews.iter().flat_map(|review| [&*review.what, &review.stop]);
    vec![
        (Numbers, "sessions", phases.collect::<Vec<_>>().join(", then ")),
        (Numbers, "numbing", shown(row.numbing_with.map(|item| pack.ingredients[item].id()))),
        (Numbers, "reviews", when),
        (Words, "texts", said([&*row.label, &row.numbing].into_iter().chain(looked))),
        (Words, "grounds", grounds(pack, &row.grounds)),
    ]
}

fn ingredient(pack: &Pack, row: &Item) -> Vec<Aspect> {
    let Some(ix) = pack.ingredients.find(&row.id) else { return Vec::new() };
    let detail = pack.ingredient(ix);
    let evidence = detail.evidence_for.iter();
    let evidence: Vec<String> =
        evidence.map(|e| format!("{} {}: {}", pack.goals[e.goal].id(), e.grade.letter(), e.note)).collect();
    let status: Vec<String> = detail.status.iter().map(|(code, status)| format!("{code} {}", status.word())).collect();
    vec![
        (Decisions, "offered", detail.offered.to_string()),
        (Numbers, "mg in a mL", shown(detail.mg_per_ml)),
        (Numbers, "most mg in a mL", shown(detail.mg_per_ml_max)),
        // Rules made from it are parts of their own.
        (Words, "contains", ids(&pack.allergens, &detail.contains)),
        (Words, "components", ids(&pack.ingredients, &detail.components)),
        (Words, "status", status.join(", ")),
        (Words, "evidence", evidence.join(" | ")),
        (
            Words,
            "texts",
            said([&*row.label, &detail.purpose, &detail.concentration, &detail.caution, &detail.status_note]),
        ),
        (Words, "grounds", grounds(pack, &detail.grounds)),
    ]
}

fn technique(row: &Technique) -> Vec<Aspect> {
    vec![(Numbers, "depth", depth(row.depth_mm)), (Words, "texts", said([&*row.label, &row.needle, &row.describe]))]
}

fn area(pack: &Pack, row: &Area) -> Vec<Aspect> {
    vec![
        (Decisions, "parent", shown(row.parent.map(|parent| pack.areas[parent].id()))),
        (Numbers, "cm2", shown(row.cm2)),
        (Numbers, "most mL", shown(row.max_ml)),
        (Words, "label", row.label.clone()),
    ]
}

fn goal(pack: &Pack, row: &Goal) -> Vec<Aspect> {
    let texts = [&*row.label, &row.expected].into_iter().chain(row.no_injectable.as_deref());
    vec![
        (Decisions, "areas", ids(&pack.areas, &row.areas)),
        (Decisions, "no injectable", row.no_injectable.is_some().to_string()),
        (Words, "texts", said(texts.chain(row.instead.iter().map(String::as_str)))),
        (Words, "grounds", grounds(pack, &row.grounds)),
    ]
}

fn question(pack: &Pack, row: &Question) -> Vec<Aspect> {
    let options: Vec<&str> = row.options().iter().map(|option| option.id.as_str()).collect();
    let kind = match &row.kind {
        QuestionKind::Number(kind) => {
            format!("{} to {} {}, {} decimals", kind.min, kind.max, kind.unit, kind.decimals)
        }
        QuestionKind::List(list) => list.word().to_owned(),
        QuestionKind::Choice(_) => {
            let mut sorted = options.clone();
            sorted.sort_unstable();
            sorted.join(", ")
        }
        other => text(other),
    };
    let otherwise = row.otherwise.and_then(|n| options.get(n));
    vec![
        (Decisions, "answers", kind),
        (Decisions, "asked when", row.ask_when.as_ref().map(|when| condition(pack, when)).unwrap_or_default()),
        (Decisions, "otherwise", shown(otherwise)),
        (Decisions, "optional", row.optional.to_string()),
        (Decisions, "required", row.required.to_string()),
        (Words, "texts", said([&*row.label, &row.help])),
    ]
}

fn scale(pack: &Pack, row: &Scale) -> Vec<Aspect> {
    let points = |points: &[u16]| points.iter().map(ToString::to_string).collect::<Vec<_>>().join("-");
    let items = row.items.iter();
    let items: Vec<String> =
        items.map(|item| format!("{} {}", pack.questions[item.question].id(), points(&item.points))).collect();
    vec![
        (Decisions, "answers", pack.questions[row.answers].id.clone()),
        (Decisions, "points", items.join(", ")),
        (Decisions, "bands", bands(pack, row)),
        (Words, "texts", said([&*row.label].into_iter().chain(row.help.as_deref()).chain(row.note.as_deref()))),
    ]
}

/// Every sum of points and what it means.
fn bands(pack: &Pack, row: &Scale) -> String {
    let value = |points| match row.bands.value(points) {
        ScaleValue::Choice(n) => pack.questions[row.answers].options().get(n).map_or("", |o| o.id.as_str()).to_owned(),
        ScaleValue::Number(n) => n.to_string(),
    };
    (row.fewest()..=row.most()).map(|points| format!("{points}: {}", value(points))).collect::<Vec<_>>().join(", ")
}

/// Texts in a row.
fn said<'s>(texts: impl IntoIterator<Item = &'s str>) -> String {
    texts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" | ")
}

fn grounds(pack: &Pack, grounds: &Grounds) -> String {
    let sources: Vec<&str> = grounds.sources.iter().map(|ix| pack.sources[*ix].id()).collect();
    format!("{} {} {}", grounds.basis.label(), grounds.evidence.letter(), sources.join(", "))
}

fn text(value: impl Debug) -> String {
    format!("{value:?}")
}

/// A value, or nothing.
fn shown<T: Display>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn depth((from, to): (Amount, Amount)) -> String {
    format!("{from} to {to} mm")
}

fn ids<T: Identified>(table: &Table<T>, set: &Set<T>) -> String {
    let mut ids: Vec<&str> = set.iter().map(|ix| table[ix].id()).collect();
    ids.sort_unstable();
    ids.join(", ")
}

fn bits_of<'s>(words: impl Iterator<Item = &'s str>, bits: u64) -> String {
    words.enumerate().filter(|(n, _)| bits >> n & 1 == 1).map(|(_, word)| word).collect::<Vec<_>>().join(", ")
}

/// A condition by ids: the same for packs that number their tables otherwise.
fn condition(pack: &Pack, of: &Condition) -> String {
    let joined = |word: &str, parts: &[Condition]| {
        let mut parts: Vec<String> = parts.iter().map(|part| condition(pack, part)).collect();
        parts.sort();
        format!("{word}({})", parts.join("; "))
    };
    match of {
        Condition::All(parts) => joined("all", parts),
        Condition::Any(parts) => joined("any", parts),
        Condition::Not(inner) => format!("not({})", condition(pack, inner)),
        Condition::AtLeast { count, of } => joined(&format!("at least {count} of "), of),
        Condition::Choice { question, options } => {
            let row = &pack.questions[*question];
            format!("{} = {}", row.id, bits_of(row.options().iter().map(|option| option.id.as_str()), *options))
        }
        Condition::Number { question, range } => format!("{} {}", pack.questions[*question].id, span(range)),
        Condition::Listed { question, list, items, with } => {
            let question = &pack.questions[*question].id;
            let tests = with.iter().map(|test| {
                let row = &pack.qualifiers[test.qualifier];
                match (&test.test, &row.kind) {
                    (ValueTest::Number(range), _) => format!("{} {}", row.id, span(range)),
                    (ValueTest::Choice(bits), QualifierKind::Choice(options)) => {
                        format!("{} = {}", row.id, bits_of(options.iter().map(|option| option.id.as_str()), *bits))
                    }
                    (ValueTest::Choice(_), QualifierKind::Number(_)) => row.id.clone(),
                }
            });
            let mut tests: Vec<String> = tests.collect();
            tests.sort();
            let with = if tests.is_empty() { String::new() } else { format!(" with {}", tests.join(" and ")) };
            format!("{question} has {}{with}", named(pack, *list, items))
        }
        Condition::Goal { goals, areas } => {
            let goals = goals.as_ref().map_or_else(|| "any goal".to_owned(), |set| ids(&pack.goals, set));
            let areas = areas.as_ref().map(|set| format!(" in {}", ids(&pack.areas, set))).unwrap_or_default();
            format!("{goals}{areas}")
        }
    }
}

fn named(pack: &Pack, list: List, items: &Set<Item>) -> String {
    ids(pack.list(list), items)
}

fn span(range: &Range) -> String {
    let part = |word: &str, at: Option<Amount>| at.map(|at| format!("{word} {at}"));
    [part("at least", range.from), part("under", range.below)].into_iter().flatten().collect::<Vec<_>>().join(", ")
}
