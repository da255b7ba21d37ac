//! What no text may say: to a patient a promise, to anybody to stop a medicine that somebody prescribed.

use std::collections::BTreeSet;

use super::Subject;
use super::book::{Book, texts};
use crate::pack::Item;
use crate::source::{Code, Problems};

const SAYS: Code = Code("L0501");
const STOPS: Code = Code("L0502");

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
const READ: [(&str, &[&str]); 6] = [
    ("rule", &["patient"]),
    ("tighten", &["patient"]),
    ("consent", &["patient"]),
    ("care", &["text"]),
    ("goal", &["expected"]),
    ("recipe", &["expected"]),
];

/// The keys that practitioners act by, by kind.
const ACTED_BY: [(&str, &[&str]); 3] =
    [("rule", &["title", "message", "mitigation"]), ("consent", &["text"]), ("tighten", &["title", "message", "why"])];

/// What takes a medicine away, where a medicine follows.
const STOPPING: [&str; 9] =
    ["stop", "pause", "withhold", "discontinue", "skip", "omit", "interrupt", "suspend", "hold"];

/// Words for medicines in general.
const MEDICINES: [&str; 9] = [
    "medicine",
    "medicines",
    "medication",
    "medications",
    "tablets",
    "anticoagulant",
    "anticoagulants",
    "thinner",
    "thinners",
];

/// What turns the order into its opposite, or leaves it to whoever prescribed the medicine.
const NOT_AN_ORDER: [&str; 12] =
    ["not", "never", "no", "nobody", "without", "whether", "prescriber", "prescribed", "if", "only", "who", "asks"];

pub(super) fn look(subject: Subject<'_>, book: &Book<'_>, notes: &mut Problems) {
    stopping(subject, book, notes);
    to_patients(book, notes);
}

/// "Stop warfarin three days before": an order to whoever reads it to take a prescribed medicine away.
fn stopping(subject: Subject<'_>, book: &Book<'_>, notes: &mut Problems) {
    // "Aspirin, low dose" is called aspirin.
    let label = |item: &Item| item.label.split([',', '(']).next().unwrap_or_default().trim().to_owned();
    let names = subject.pack.medications.iter().flat_map(|item| item.also.iter().cloned().chain([label(item)]));
    let names: BTreeSet<String> =
        names.map(|name| name.to_lowercase()).filter(|name| name.len() > 3 && !name.contains(' ')).collect();
    let medicine = |word: &str| MEDICINES.contains(&word) || names.contains(word);
    for (kind, keys) in ACTED_BY {
        for (row, key) in book.of_kind(kind).flat_map(|row| keys.iter().map(move |key| (row, *key))) {
            for text in texts(row.get(key)) {
                for sentence in text.to_lowercase().split(['.', ';', ':']) {
                    let words: Vec<&str> =
                        sentence.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|w| !w.is_empty()).collect();
                    let orders = words.iter().enumerate().any(|(n, word)| {
                        STOPPING.contains(word)
                            && words.iter().skip(n + 1).take(4).any(|word| medicine(word))
                            && !words.iter().any(|word| NOT_AN_ORDER.contains(word))
                    });
                    if orders {
                        let whose = format!("{kind} `{}`", row.called());
                        let what = format!("{whose} tells to take a medicine away: \"{}\"", sentence.trim());
                        let help = "whether to stop a medicine is decided by whoever prescribed it: say that";
                        notes.at_with_help(&row.at(key), STOPS, what, "an order about a prescribed medicine", help);
                    }
                }
            }
        }
    }
}

fn to_patients(book: &Book<'_>, notes: &mut Problems) {
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
                let whose = format!("{kind} `{}`", row.called());
                let what = format!("{whose} says \"{}\" to the patient", found.trim());
                notes.at_with_help(&row.at(key), SAYS, what, "an order or a promise", help);
            }
        }
    }
}
