//! What an amendment changed, in words people read.

use toml::Value;

use super::document::Document;
use crate::follow_up::entry_line;

/// One thing that reads differently.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct Difference {
    /// What: the name of a question, or of a decision.
    pub what: String,
    /// How it read before; empty when it was not there.
    pub before: String,
    /// How it reads now; empty when it is gone.
    pub after: String,
}

impl Difference {
    /// Whether it reads the same in both after all: [`compare`] gives such lines too.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.before == self.after
    }
}

/// What reads differently in the later of two versions. Answers are named as the intake file names them.
#[must_use]
pub fn differences(before: &Document, after: &Document) -> Vec<Difference> {
    let mut all = compare(before, after);
    all.retain(|line| !line.is_same());
    all
}

/// Two documents line by line, the same lines included: those of the later one in their order; what is gone
/// stands with its list, or at the end.
#[must_use]
pub fn compare(before: &Document, after: &Document) -> Vec<Difference> {
    let (old, new) = (lines(before), lines(after));
    let find = |lines: &[(String, String)], what: &str| {
        lines.iter().find(|(other, _)| other == what).map(|(_, words)| words.clone()).unwrap_or_default()
    };
    let mut all = Vec::new();
    for (what, after) in &new {
        all.push(Difference { what: what.clone(), before: find(&old, what), after: after.clone() });
    }
    for (what, before) in old {
        if new.iter().any(|(other, _)| *other == what) {
            continue;
        }
        // An entry that is gone stands with the others of its list.
        let list = |line: &str| line.split(": ").next().unwrap_or_default().to_owned();
        let mates = all.iter().rposition(|line: &Difference| list(&line.what) == list(&what));
        let at = mates.map_or(all.len(), |at| at + 1);
        all.insert(at, Difference { what, before, after: String::new() });
    }
    all
}

/// A document as lines, each with a name of its own.
fn lines(document: &Document) -> Vec<(String, String)> {
    let mut lines = Lines(Vec::new());
    if let Ok(Value::Table(intake)) = document.intake.to_toml().parse::<toml::Table>().map(Value::Table) {
        for (key, value) in &intake {
            lines.answer(key, value);
        }
    }
    let assessment = &document.assessment;
    lines.add("verdict", assessment.verdict.word());
    lines.add("not before", &assessment.until.map(|date| date.to_string()).unwrap_or_default());
    for finding in &assessment.findings {
        lines.add(&format!("finding: {}", finding.title), finding.word());
    }
    for excluded in &assessment.excluded {
        lines.add(&format!("excluded: {}", excluded.label), "yes");
    }
    if let Some(plan) = &assessment.plan {
        for cocktail in &plan.cocktails {
            let place = format!("plan: {}, {}", cocktail.goal_label, cocktail.area_label);
            lines.add(&place, &cocktail.label);
            for dose in &cocktail.ingredients {
                let words = format!("{} mL of {}, {}", dose.volume_ml, dose.concentration, dose.dose);
                lines.add(&format!("{place}: {}", dose.label), &words);
            }
        }
        for session in &plan.sessions {
            let date = session.date.map_or_else(|| format!("day {}", session.after_days), |date| date.to_string());
            lines.add(&format!("session {}", session.number), &date);
        }
    }
    let decisions = &document.decisions;
    for chosen in &decisions.chosen {
        lines.add(&format!("chosen: {}, {}", chosen.goal, chosen.area), &chosen.recipe);
    }
    for mix in &decisions.mixes {
        let parts = mix.parts.iter().map(|part| format!("{} {} µL", part.ingredient, part.ul));
        lines.add(&format!("own mix: {}, {}", mix.goal, mix.area), &parts.collect::<Vec<_>>().join(", "));
    }
    for overridden in &decisions.overrides {
        lines.add(&format!("overridden: {}", overridden.rule), &overridden.reason);
    }
    for tick in &decisions.consent {
        lines.add(&format!("consent: {}", tick.id), if tick.done { "covered" } else { "not covered" });
    }
    lines.add("reviewed by hand", &decisions.reviewed.join("; "));
    lines.add("reflection time", &decisions.reflection_days.map(|days| format!("{days} days")).unwrap_or_default());
    lines.add("note", &decisions.notes);
    lines.add("follow-up", &decisions.follow_up);
    for entry in &document.follow_up {
        lines.add(&format!("follow-up {}", entry.number), &entry_line(entry));
    }
    if let Some(carried) = &decisions.carried {
        lines.add("carried over from", &carried.origin());
        let confirmed: Vec<&str> = carried.confirmed.iter().map(|one| one.question.as_str()).collect();
        lines.add("carried over and confirmed", &confirmed.join(", "));
    }
    for one in &decisions.left_out {
        lines.add("on record, and not now", &one.words());
    }
    let signer = &document.practitioner;
    lines.add("signed by", &format!("{}, {}, {}", signer.name, signer.role, signer.licence));
    let packs: Vec<String> = document.pack.iter().map(|layer| format!("{} {}", layer.id, layer.version)).collect();
    lines.add("pack", &packs.join(", "));
    lines.0
}

struct Lines(Vec<(String, String)>);

impl Lines {
    fn add(&mut self, what: &str, words: &str) {
        if words.is_empty() {
            return;
        }
        // The same entry twice is two entries.
        let twice = self.0.iter().filter(|(other, _)| other == what).count();
        let what = if twice == 0 { what.to_owned() } else { format!("{what} ({})", twice + 1) };
        self.0.push((what, words.to_owned()));
    }

    fn answer(&mut self, path: &str, value: &Value) {
        match value {
            Value::Table(table) => table.iter().for_each(|(key, value)| self.answer(&format!("{path}.{key}"), value)),
            Value::Array(items) if items.is_empty() => self.add(path, "none"),
            Value::Array(items) if items.iter().all(Value::is_table) => {
                for item in items {
                    self.item(path, item);
                }
            }
            other => self.add(path, &plain(other)),
        }
    }

    /// An entry of a list is known by its id, so that entries in another order are no difference.
    fn item(&mut self, path: &str, item: &Value) {
        let Some(table) = item.as_table() else { return };
        let name = ["id", "goal", "text"].iter().find_map(|key| table.get(*key)).map(plain).unwrap_or_default();
        let rest = table.iter().filter(|(key, _)| !["id", "goal", "text"].contains(&key.as_str()));
        let rest: Vec<String> = rest.map(|(key, value)| format!("{key} {}", plain(value))).collect();
        let words = if rest.is_empty() { "yes".to_owned() } else { rest.join(", ") };
        self.add(&format!("{path}: {name}"), &words);
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Difference, differences};
    use crate::record::IntakeTable;
    use crate::record::tests::sample::{INTAKE, document, id};

    #[test]
    fn the_same_document_has_no_differences() {
        let document = document(id(1), 1, "Test Patient");
        assert_eq!(differences(&document, &document), []);
    }

    #[test]
    fn every_kind_of_change_is_told_once() {
        let before = document(id(1), 1, "Test Patient");
        let mut after = before.clone();
        let intake = INTAKE
            .replace("weight_kg = 62.5", "weight_kg = 65")
            .replace("hba1c_percent = 6.8", "hba1c_percent = 7.5")
            .replace("medications = []", "medications = [{ id = \"warfarin\", inr = 2.5 }]")
            .replace(", { goal = \"hair-loss\", areas = [\"scalp\"] }", "");
        after.intake = IntakeTable::parse(&intake).unwrap();
        after.decisions.notes = "Another note".into();
        after.decisions.consent[0].done = false;
        let found = differences(&before, &after);
        let words: Vec<String> =
            found.iter().map(|Difference { what, before, after }| format!("{what}: {before} -> {after}")).collect();
        for line in [
            "patient.weight_kg: 62.5 -> 65",
            "history.conditions: type-2-diabetes: hba1c_percent 6.8 -> hba1c_percent 7.5",
            "history.medications: none -> ",
            "history.medications: warfarin:  -> inr 2.5",
            "goals.items: hair-loss: areas scalp -> ",
            "consent: off-label: covered -> not covered",
        ] {
            assert!(words.iter().any(|word| word == line), "{line} is not in {words:#?}");
        }
        assert_eq!(words.len(), 7, "{words:#?}");
    }
}
