//! What no text may say to a patient: a promise, or to stop a medicine that somebody prescribed.

use super::Subject;
use super::book::{Book, texts};
use crate::source::{Code, Problems};

const SAYS: Code = Code("L0501");

/// What nothing may promise.
const PROMISES: [&str; 12] = [
    " melt",
    " cures ",
    " detox",
    "eliminates",
    "fda approved",
    "fda-approved",
    "no side effects",
    "painless",
    "no risk ",
    "risk-free",
    "guaranteed",
    "permanent result",
];

/// What nothing may tell a patient to do: a medicine is its prescriber's.
const ORDERS: [&str; 5] = ["stop taking", "stop your ", "discontinue", "come off ", "skip your "];

/// The keys that patients read, by kind.
const READ: [(&str, &[&str]); 4] =
    [("rule", &["patient"]), ("consent", &["patient"]), ("care", &["text"]), ("goal", &["expected"])];

pub(super) fn look(_: Subject<'_>, book: &Book<'_>, notes: &mut Problems) {
    for (kind, keys) in READ {
        for (row, key) in book.of_kind(kind).flat_map(|row| keys.iter().map(move |key| (row, *key))) {
            for text in texts(row.get(key)) {
                let said = format!(" {} ", text.to_lowercase().replace([',', '.', ';', ':'], " "));
                let of = |list: &[&'static str]| list.iter().find(|claim| said.contains(*claim)).copied();
                let (found, help) = match (of(&ORDERS), of(&PROMISES)) {
                    (Some(order), _) => {
                        (order, "whether to stop a medicine is decided by whoever prescribed it: say that")
                    }
                    (None, Some(promise)) => (promise, "say what may be expected, and how sure that is"),
                    (None, None) => continue,
                };
                let whose = format!("{kind} `{}`", row.id().unwrap_or_default());
                let what = format!("{whose} says \"{}\" to the patient", found.trim());
                notes.at_with_help(&row.at(key), SAYS, what, "an order or a promise", help);
            }
        }
    }
}
