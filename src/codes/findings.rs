//! The codes of what the proofs find.

use super::{Entry, Section};

const FINDINGS: &[Entry] = &[
    Entry::new(
        "P1001",
        "No plan contains what a rule excludes, whichever possible recipe is taken, by the program or by choice",
        "the rule that excludes and the recipe are named: exclude the whole class, or take the substitute out",
    ),
    Entry::new(
        "P1002",
        "Every statement of `safety-case.toml` holds, and concerns somebody",
        "compare the rule with the statement of `safety-case.toml`: one of the two has a hole",
    ),
    Entry::new(
        "P1003",
        "No two ingredients that must not be mixed meet in one syringe",
        "give the slot another substitute, or make two recipes",
    ),
    Entry::new(
        "P1004",
        "Nothing with a limit by body weight is planned while the weight is not known",
        "let `patient.weight_kg` be asked, or take the ingredient out where it is not",
    ),
    Entry::new(
        "P1005",
        "No plan gives more than a limit, the safety case or the pack below allows",
        "write a limit that counts all of it, for everybody and in the place that the message names, or put back what was lost",
    ),
    Entry::new(
        "P1006",
        "Every rule holds for certain for some patient",
        "a part of the condition contradicts another: correct it, or take the rule away",
    ),
    Entry::new(
        "P1007",
        "Every recipe can be taken for some patient",
        "its `requires` contradicts a rule, or every choice of a slot is always excluded",
    ),
    Entry::new(
        "P1008",
        "Every substitute can be used for some patient",
        "a substitute before it is never excluded alone: take it away, or put it first",
    ),
    Entry::new(
        "P1009",
        "Every rule decides something for some patient",
        "nothing has to be done: other rules say as much wherever it fires",
    ),
    Entry::new(
        "P1010",
        "Every recipe is the best-ranked one for some patient",
        "nothing has to be done: it is offered as an alternative",
    ),
    Entry::new(
        "P1011",
        "Every goal has a plan for some patient; one without a recommended injectable never has",
        "write a recipe, or say in `no_injectable` why there is none",
    ),
    Entry::new(
        "P1012",
        "Nobody is told to go on without a cocktail and without a reason",
        "give the goal a recipe for that area, or a rule that says why there is none",
    ),
    Entry::new(
        "P1013",
        "An answer that is unknown, or was not asked for from somebody whom it concerns, never loosens an outcome",
        "write the risk as the positive statement, so that not knowing counts as having it",
    ),
    Entry::new(
        "P1014",
        "A further condition, medicine, event, allergy or product fault never makes an outcome milder",
        "look at the `unless` of the rule: a further risk must not switch it off",
    ),
    Entry::new(
        "P1015",
        "With a layer every rule of the pack below it still fires for everybody, is not milder and takes out no less, unless a named override in force says so",
        "tighten instead, or say it by name in an `[[override]]`",
    ),
    Entry::new(
        "P1016",
        "No session comes before its time, nearer to another or more often than it may",
        "give the plan or the rule the interval that the message names, or the limit the number of sessions",
    ),
];

/// Findings of the proofs.
pub(super) const FINDINGS_SECTION: Section = Section {
    title: "Findings of the proofs",
    intro: "Not mistakes of a file but of what follows from all files together, found over all possible patients: this does not \
        hold.\n[proofs.md](proofs.md) tells more. Each shows the smallest patient it happens to; `pistor check --witnesses DIR` \
        writes them as\nintake files.",
    entries: FINDINGS,
};
