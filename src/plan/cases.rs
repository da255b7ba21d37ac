//! The cases a pack carries: given an intake, expect an outcome.

use jiff::civil::Date;
use toml::{Table, Value};

use super::assess;
use super::assessment::Assessment;
use super::licence;
use super::made_by::MadeBy;
use crate::intake;
use crate::pack::Pack;
use crate::pack::load::LayerFiles;
use crate::source::{Problems, SourceFile, did_you_mean, parse};

/// The day of a case that names none.
const TODAY: Date = Date::constant(2026, 11, 22);

/// The keys of a case.
const KEYS: [&str; 6] = ["id", "today", "like", "given", "expect", "made_by"];

/// A case of the pack.
#[derive(Clone, Debug)]
pub struct Case {
    /// The id.
    pub id: String,
    /// The file.
    pub file: String,
    /// The day.
    pub today: Date,
    /// The intake, as a TOML table in the shape of an intake file.
    pub given: Table,
    /// What must come out.
    pub expect: Table,
}

/// A case that did not come out as expected.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    /// The case.
    pub case: String,
    /// The file.
    pub file: String,
    /// What was expected and what came.
    pub what: Vec<String>,
}

/// Reads the cases of all layers; `like` is resolved.
///
/// # Errors
/// A sentence for each case that cannot be understood.
pub fn read(layers: &[LayerFiles]) -> Result<Vec<Case>, Vec<String>> {
    let mut raw: Vec<(String, Table)> = Vec::new();
    let mut errors = Vec::new();
    for file in layers.iter().flat_map(|layer| &layer.files) {
        if !file.text.contains("[[case]]") {
            continue;
        }
        let mut problems = Problems::default();
        parse(file, &mut problems);
        let table: Table = match file.text.parse() {
            Ok(table) => table,
            Err(_) => {
                errors.push(problems.into_report().render(false));
                continue;
            }
        };
        if let Some(Value::Array(cases)) = table.get("case") {
            raw.extend(cases.iter().filter_map(Value::as_table).map(|case| (file.path.clone(), case.clone())));
        }
    }
    let id_of = |case: &Table| case.get("id").and_then(Value::as_str).unwrap_or("").to_owned();
    let mut cases: Vec<Case> = Vec::new();
    for (file, case) in &raw {
        let id = id_of(case);
        let mut given = Table::new();
        let mut chain = vec![case];
        while let Some(like) = chain.last().and_then(|c| c.get("like")).and_then(Value::as_str) {
            match raw.iter().find(|(_, c)| id_of(c) == like) {
                Some((_, base)) if chain.len() < 9 => chain.push(base),
                Some(_) => {
                    errors.push(format!("{file}: case `{id}` is like `{like}`, which leads back to itself"));
                    break;
                }
                None => {
                    let ids: Vec<String> = raw.iter().map(|(_, c)| id_of(c)).collect();
                    let near = did_you_mean(like, ids.iter().map(String::as_str));
                    let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                    errors.push(format!("{file}: case `{id}` is like `{like}`, which does not exist{near}"));
                    break;
                }
            }
        }
        for part in chain.iter().rev() {
            if let Some(Value::Table(part)) = part.get("given") {
                merge(&mut given, part);
            }
        }
        for key in case.keys().filter(|key| !KEYS.contains(&key.as_str())) {
            let near = did_you_mean(key, KEYS).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            errors.push(format!("{file}: case `{id}` has an unknown key `{key}`{near}"));
        }
        if case.get("given").is_some_and(|given| !given.is_table()) {
            errors.push(format!("{file}: case `{id}`: `given` has to be a table in the shape of an intake file"));
        }
        if let Some(Err(why)) = case.get("made_by").map(MadeBy::read) {
            errors.push(format!("{file}: case `{id}`: {why}"));
        }
        let today = match case.get("today").map(|day| day.as_str().map_or_else(|| day.to_string(), str::to_owned)) {
            None => TODAY,
            Some(day) => day.parse().unwrap_or_else(|_| {
                errors.push(format!("{file}: case `{id}`: `{day}` is not a date such as 2026-11-22"));
                TODAY
            }),
        };
        let expect = case.get("expect").and_then(Value::as_table).cloned().unwrap_or_default();
        if id.is_empty() || expect.is_empty() {
            errors.push(format!("{file}: a case needs `id` and `expect`"));
        }
        if cases.iter().any(|known| known.id == id) {
            errors.push(format!("{file}: case `{id}` is defined twice"));
        }
        cases.push(Case { id, file: file.clone(), today, given, expect });
    }
    if errors.is_empty() { Ok(cases) } else { Err(errors) }
}

/// Tables are merged, everything else is replaced.
fn merge(into: &mut Table, from: &Table) {
    for (key, value) in from {
        match (into.get_mut(key), value) {
            (Some(Value::Table(inner)), Value::Table(more)) => merge(inner, more),
            _ => {
                into.insert(key.clone(), value.clone());
            }
        }
    }
}

impl Case {
    /// The intake that it gives.
    ///
    /// # Errors
    /// Every mistake of it.
    pub fn intake(&self, pack: &Pack) -> Result<intake::Intake, crate::source::Report> {
        let text = toml::to_string(&self.given).unwrap_or_default();
        intake::read(pack, &SourceFile::new(format!("{}#{}", self.file, self.id), text))
    }
}

/// Runs a case; `None` when it comes out as expected.
#[must_use]
pub fn run(pack: &Pack, case: &Case) -> Option<Failure> {
    let fail = |what: Vec<String>| Failure { case: case.id.clone(), file: case.file.clone(), what };
    let intake = match case.intake(pack) {
        Ok(intake) => intake,
        Err(report) => return Some(fail(vec![report.render(false)])),
    };
    let mut what = Vec::new();
    let result = assess(pack, &intake, case.today);
    for (key, value) in &case.expect {
        check(pack, &result, key, value, &mut what);
    }
    (!what.is_empty()).then(|| fail(what))
}

/// What a case must not see has to exist, or a slip of the pen would pass for ever.
fn unknown<'a>(kind: &str, names: impl Iterator<Item = &'a String>, what: &mut Vec<String>) {
    what.extend(names.map(|name| format!("there is no {kind} `{name}`")));
}

/// Findings without a rule of the pack.
fn made_by_the_program(pack: &Pack, rule: &str) -> bool {
    rule.starts_with("free-text-")
        || rule.starts_with("not-known-")
        || ["no-recommended-injectable", licence::UNLICENSED, licence::NOT_KNOWN].contains(&rule)
        || rule.strip_prefix("scale-disagrees-").is_some_and(|scale| pack.scales.get(scale).is_some())
}

fn check(pack: &Pack, result: &Assessment, key: &str, value: &Value, what: &mut Vec<String>) {
    let words: Vec<String> = match value {
        Value::Array(values) => {
            values.iter().map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned)).collect()
        }
        Value::String(text) => vec![text.clone()],
        other => vec![other.to_string()],
    };
    let fired = |rule: &String| {
        result.findings.iter().any(|f| f.rule == *rule) || result.excluded.iter().any(|e| e.rules.contains(rule))
    };
    let excluded = |name: &String| {
        let (kind, id) = name.split_once(':').unwrap_or(("ingredient", name));
        result.excluded.iter().any(|e| e.kind == kind && e.id == id)
    };
    let rules =
        || result.findings.iter().map(|f| format!("{} ({})", f.rule, f.verdict.word())).collect::<Vec<_>>().join(", ");
    match key {
        "verdict" => {
            if result.verdict.word() != words.join("") {
                let missing: Vec<&str> = result.missing.iter().map(|m| m.question.as_str()).collect();
                what.push(format!(
                    "verdict: expected {}, got {}; fired: {}; missing: {}",
                    words.join(""),
                    result.verdict.word(),
                    rules(),
                    missing.join(", ")
                ));
            }
        }
        "fires" => {
            for rule in words.iter().filter(|rule| !fired(rule)) {
                let known = if pack.rules.get(rule).is_some() { "" } else { " (no such rule)" };
                what.push(format!("expected `{rule}` to fire{known}; fired: {}", rules()));
            }
        }
        "not_fires" => {
            for rule in words.iter().filter(|rule| fired(rule)) {
                what.push(format!("expected `{rule}` not to fire"));
            }
            let known = |rule: &String| pack.rules.get(rule).is_some() || made_by_the_program(pack, rule);
            unknown("rule", words.iter().filter(|rule| !known(rule)), what);
        }
        "excludes" => {
            for name in words.iter().filter(|name| !excluded(name)) {
                what.push(format!("expected {name} to be excluded"));
            }
        }
        "not_excludes" => {
            for name in words.iter().filter(|name| excluded(name)) {
                what.push(format!("expected {name} not to be excluded"));
            }
            let known = |name: &String| match name.split_once(':').unwrap_or(("ingredient", name)) {
                ("ingredient", id) => pack.ingredients.find(id).is_some(),
                ("goal", id) => pack.goals.find(id).is_some(),
                ("area", id) => pack.areas.find(id).is_some(),
                ("technique", id) => pack.techniques.find(id).is_some(),
                _ => false,
            };
            unknown("ingredient, goal, area or technique", words.iter().filter(|name| !known(name)), what);
        }
        "recipe" | "not_recipe" => {
            let taken: Vec<&str> =
                result.plan.iter().flat_map(|plan| &plan.cocktails).map(|c| c.recipe.as_str()).collect();
            let wanted = key == "recipe";
            unknown("recipe", words.iter().filter(|id| pack.recipes.find(id).is_none()), what);
            for recipe in words.iter().filter(|r| taken.contains(&r.as_str()) != wanted) {
                let not = if wanted { "" } else { "not " };
                what.push(format!("expected recipe `{recipe}` {not}to be taken; taken: {}", taken.join(", ")));
            }
        }
        "uses" | "absent" => {
            let used: Vec<&str> = result
                .plan
                .iter()
                .flat_map(|plan| &plan.cocktails)
                .flat_map(|c| &c.ingredients)
                .map(|dose| dose.id.as_str())
                .collect();
            let wanted = key == "uses";
            unknown("ingredient", words.iter().filter(|id| pack.ingredients.find(id).is_none()), what);
            for id in words.iter().filter(|id| used.contains(&id.as_str()) != wanted) {
                what.push(format!("{key} {id}: the plan uses {}", used.join(", ")));
            }
        }
        "missing" => {
            for question in words.iter().filter(|q| !result.missing.iter().any(|m| m.question == **q)) {
                what.push(format!("expected `{question}` to be missing"));
            }
        }
        "until" => {
            let wanted = words.join("");
            let event = result.until_event.as_deref().filter(|event| result.until.is_none() && event.contains(&wanted));
            if result.until.map(|date| date.to_string()) != Some(wanted) && event.is_none() {
                let or_event = || result.until_event.clone().unwrap_or_else(|| "no day".to_owned());
                let got = result.until.map_or_else(or_event, |day| day.to_string());
                what.push(format!("until: expected {}, got {got}", words.join("")));
            }
        }
        "sessions" => {
            let n = result.plan.as_ref().map_or(0, |plan| plan.sessions.len());
            if n.to_string() != words.join("") {
                what.push(format!("sessions: expected {}, got {n}", words.join("")));
            }
        }
        "days" | "reviews" => {
            let plan = result.plan.as_ref();
            let sessions = plan.iter().flat_map(|plan| &plan.sessions).map(|session| session.after_days);
            let reviews = plan.iter().flat_map(|plan| &plan.reviews).map(|review| review.after_days);
            let found: Vec<String> = match key {
                "days" => sessions.map(|day| day.to_string()).collect(),
                _ => reviews.map(|day| day.to_string()).collect(),
            };
            if found != words {
                what.push(format!("{key}: expected {}, got {}", words.join(", "), found.join(", ")));
            }
        }
        "limits" => {
            for (id, most) in value.as_table().into_iter().flatten() {
                let most = most.as_str().unwrap_or_default();
                let rows = result.plan.iter().flat_map(|plan| &plan.limits).filter(|row| row.id == *id);
                let found: Vec<String> =
                    rows.map(|row| format!("{} {}", row.most.unwrap_or_default(), row.unit)).collect();
                if !found.iter().any(|found| found == most) {
                    what.push(format!("limits: expected {id} to be {most}, got {}", found.join(", ")));
                }
            }
        }
        "says" => {
            let plan = result.plan.as_ref();
            let cocktails = plan.iter().flat_map(|plan| &plan.cocktails);
            let said: Vec<&String> = plan
                .iter()
                .flat_map(|plan| &plan.changes)
                .chain(cocktails.flat_map(|cocktail| cocktail.mixing.iter().chain([&cocktail.numbing])))
                .chain(result.requested.iter().flat_map(|vetted| &vetted.reasons))
                .collect();
            for text in words.iter().filter(|text| !said.iter().any(|said| said.contains(text.as_str()))) {
                let said: Vec<&str> = said.iter().map(|said| said.as_str()).collect();
                what.push(format!("says: expected \"{text}\", got: {}", said.join(" / ")));
            }
        }
        other => what.push(format!("`expect` has no key `{other}`")),
    }
}
