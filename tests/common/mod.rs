//! What several test files share.
#![allow(dead_code, reason = "not every test file uses everything")]

pub mod intakes;

use std::collections::HashSet;
use std::sync::LazyLock;

use jiff::civil::{Date, date};
use pistor::intake::{self, Intake};
use pistor::pack::{self, Condition, Pack};
use pistor::source::SourceFile;

/// The day all tests happen on.
pub const TODAY: Date = date(2026, 11, 22);

/// The built-in pack.
pub static PACK: LazyLock<Pack> = LazyLock::new(|| match pack::builtin() {
    Ok(pack) => pack,
    Err(report) => panic!("{}", report.render(false)),
});

/// The patient of most examples: nothing to report, everything answered.
pub const HEALTHY: &str = r#"
jurisdiction = "EU"
[patient]
age = 44
sex = "female"
weight_kg = 62
height_cm = 168
[skin]
fitzpatrick = 3
glogau = 2
[history]
pregnancy = "no"
conditions = []
medications = []
events = []
screening = { bdd = "negative", needle_fear = "none", expectations = "realistic", voluntary = "yes", aftercare = "able" }
[allergies]
items = []
[goals]
items = [{ goal = "hydration", areas = ["cheeks"] }]
[setting]
operator = "physician"
premises = "clinic"
provenance = []
"#;

/// Reads an intake that must be right.
pub fn intake(text: &str) -> Intake {
    match intake::read(&PACK, &SourceFile::new("test.toml", text)) {
        Ok(intake) => intake,
        Err(report) => panic!("{}", report.render(false)),
    }
}

/// The healthy patient with parts of the text replaced; every part must be there.
pub fn healthy_but(changes: &[(&str, &str)]) -> Intake {
    let mut text = HEALTHY.to_owned();
    for (from, to) in changes {
        assert!(text.contains(from), "`{from}` is not in the healthy intake");
        text = text.replace(from, to);
    }
    intake(&text)
}

/// Items that a rule reads as a reason not to fire ("unless sterile"): adding one may rightly loosen a verdict.
pub static MITIGATING: LazyLock<HashSet<String>> = LazyLock::new(|| {
    fn collect(condition: &Condition, negated: bool, found: &mut HashSet<String>) {
        match condition {
            Condition::All(of) | Condition::Any(of) | Condition::AtLeast { of, .. } => {
                of.iter().for_each(|part| collect(part, negated, found));
            }
            Condition::Not(inner) => collect(inner, !negated, found),
            Condition::Listed { list, items, .. } if negated => {
                found.extend(items.iter().map(|ix| PACK.list(*list)[ix].id.clone()));
            }
            Condition::Listed { .. } | Condition::Choice { .. } | Condition::Number { .. } | Condition::Goal { .. } => {
            }
        }
    }
    let mut found = HashSet::new();
    for rule in &PACK.rules {
        collect(&rule.when, false, &mut found);
    }
    // A question that applies only to some patients is a condition of another kind: it asks more, never less.
    found
});
