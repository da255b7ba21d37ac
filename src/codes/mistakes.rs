//! The codes of mistakes in files.

use super::{Entry, Section};

const ANY_FILE: &[Entry] = &[
    Entry::new(
        "E0001",
        "the text is not TOML",
        "the place is where reading had to stop; an unclosed quote or bracket is often further up",
    ),
    Entry::new(
        "E0002",
        "a value of the wrong type",
        "write what was expected; numbers stand without quotes, texts with them",
    ),
    Entry::new(
        "E0003",
        "a key that means nothing here",
        "correct its name, or take it away: nothing is ignored silently",
    ),
    Entry::new("E0004", "a key that has to be there", "add it"),
    Entry::new("E0005", "a word that is not one of the allowed ones", "take one of those listed"),
    Entry::new(
        "E0006",
        "a number out of range or with more than three decimals, or an empty text",
        "write a value that can be meant",
    ),
    Entry::new("E0007", "not a day of the calendar", "write year-month-day, such as 2026-11-22"),
];

const INTAKES: &[Entry] = &[
    Entry::new(
        "I0101",
        "a question, item, goal, area or answer that the pack does not have",
        r#"`pistor find LIST TEXT` gives the ids; keep in words what has none: `{ text = "..." }`"#,
    ),
    Entry::new(
        "I0102",
        "a number outside the range of its question",
        "write the value in the unit that the message names",
    ),
    Entry::new(
        "I0103",
        "an entry that is neither coded nor text",
        r#"write `"ID"`, `{ id = "ID" }` or `{ text = "..." }`"#,
    ),
    Entry::new("I0104", "a value that is computed from other answers", "take it away"),
    Entry::new("I0105", "the same thing listed twice", "keep one of them"),
];

const PACKS: &[Entry] = &[
    Entry::new(
        "P0001",
        "a table of a kind that packs do not have, or a key outside any table",
        "`docs/pack-format.md` lists them",
    ),
    Entry::new(
        "P0002",
        "no readable `[pack]` header, or two of them",
        "one `pack.toml` with `id`, `version`, `language` and `title`",
    ),
    Entry::new("P0003", "the pack is written in a newer language", "take a newer program"),
    Entry::new("P0101", "an id that does not exist", "correct it, or define it"),
    Entry::new("P0102", "an id that is used twice", "ids are unique in their kind over all files and layers"),
    Entry::new(
        "P0103",
        "an id that is not lower-case words joined by hyphens, or a UNII that is none",
        "rename it, or copy the UNII again",
    ),
    Entry::new("P0104", "parents or definitions that return to themselves", "break the circle"),
    Entry::new(
        "P0105",
        "a question that the program itself reads is missing, or has another kind",
        "keep the questions of the built-in pack",
    ),
    Entry::new(
        "P0201",
        "a condition that cannot be understood, or can never hold",
        "`docs/pack-format.md`, section Conditions",
    ),
    Entry::new(
        "P0202",
        "a rule lacks what its verdict needs, or has what only another verdict reads",
        "`clearance` needs `from`, `refer` needs `to`, `defer` needs `until`",
    ),
    Entry::new("P0203", "a deferral waits for other days than its condition tests", "make both numbers the same"),
    Entry::new("P0204", "a rule that is absolute and names reasons to override it", "take away one of the two"),
    Entry::new(
        "P0301",
        "a tightening that is not stricter than the layer below, or that changes nothing",
        "the message names the value below; loosening is a named `[[override]]`",
    ),
    Entry::new(
        "P0302",
        "an override that no layer may make: an absolute rule, one made from the vocabulary, more than one step, more than 12 months",
        "one step, one reason, one name, one year",
    ),
    Entry::new(
        "P0303",
        "two tables that contradict each other: tightened twice in a layer, overridden twice, overridden and made stricter above",
        "keep one of the two",
    ),
    Entry::new(
        "P0304",
        "what is to be tightened or overridden is not of a lower layer",
        "change it where it stands, or name one thing by its own key",
    ),
    Entry::new(
        "P0305",
        "a wait made longer while title, message or the patient's text still name a length of time of the layer below",
        "write those texts in the `[[tighten]]` as well, with the new wait; the message shows what they are below",
    ),
    Entry::new(
        "P0401",
        "no citation where one is claimed, no basis, or no evidence grade",
        "cite a source, or state basis and grade as they are",
    ),
    Entry::new(
        "P0402",
        "no state of review, or one that contradicts itself",
        "add `[review]` with `since` and `due` to the file; `due` comes last",
    ),
    Entry::new("P0501", "a recipe, limit or mixing rule that cannot work", "the message says what is missing"),
    Entry::new(
        "P0601",
        "a scored scale that cannot work",
        "every option of its questions has a score; every sum of points has one value; `docs/pack-format.md`, section Scored scales",
    ),
    Entry::new(
        "P0701",
        "a topic that nothing covers, or that names what does not exist",
        "name what covers it as KIND:ID, or say in `reason` why nothing does",
    ),
    Entry::new(
        "P0801",
        "a wording that words nothing, adds what its entry does not have, or has another number of texts",
        "say what the entry says, text for text",
    ),
    Entry::new(
        "P0901",
        "a red flag, a list or a questionnaire that cannot work",
        "the message says what is missing; `docs/pack-format.md`, section Follow-up",
    ),
];

const FOLLOW_UP: &[Entry] = &[
    Entry::new(
        "F0101",
        "something that the pack or the consultation does not have",
        "`pistor find reactions TEXT` gives the ids; `pistor records show ID` the numbers of the entries",
    ),
    Entry::new(
        "F0102",
        "things that cannot both be: another patient, a day still to come, an end before the beginning, a grade that the reaction never has",
        "correct the one that is wrong",
    ),
    Entry::new(
        "F0103",
        "not one session and not one reaction",
        "write `[session]` or `[reaction]`, one in a file, with something in it",
    ),
    Entry::new("F0104", "a case about reactions that names what the pack does not have", "correct it"),
    Entry::new(
        "F0201",
        "an answer that is milder where something is not known",
        "a red flag contradicts the others; the message shows the two reactions",
    ),
    Entry::new("F0202", "a worse reaction that is answered more mildly", "the same"),
    Entry::new("F0203", "a red flag that no reaction raises for certain", "its tests exclude each other"),
];

const TRAINING: &[Entry] = &[
    Entry::new(
        "T0101",
        "a fact of a case that answers no question, or has no value or several",
        "`id` is a question of the intake; write one of `value`, `range` and `choose`",
    ),
    Entry::new(
        "T0102",
        "a rule, recipe, ingredient, goal, area or consent point that the pack does not have",
        "correct it",
    ),
    Entry::new(
        "T0103",
        "a case that cannot be used: no objectives, weights that are all zero, a panel without five counts",
        "`docs/training.md` lists the keys",
    ),
    Entry::new("T0104", "an attempt whose words cannot be understood", "`docs/training.md`, section Attempts"),
];

const CONFIGURATION: &[Entry] = &[
    Entry::new(
        "C0001",
        "the configuration names something that the pack does not have",
        "take one of the words of the pack",
    ),
    Entry::new("C0002", "not a day of the week, or no open day left", "write full English names of days"),
    Entry::new("C0003", "`[keys]` names a command that there is not", "`pistor keys` lists the ids"),
    Entry::new(
        "C0004",
        "what stands in `[keys]` is no key, or one that this command cannot have",
        "Enter, Esc and Ctrl-C stay where they are; where text is typed a key has to type nothing",
    ),
    Entry::new("C0005", "one key would mean two things in one place", "give one of the two commands another key"),
    Entry::new("C0006", "not a colour", "write a number from 0 to 255, `#rrggbb` or one of the 16 names"),
];

/// Any file.
pub(super) const ANY_FILE_SECTION: Section = Section { title: "Any file", intro: "", entries: ANY_FILE };
/// Intake files.
pub(super) const INTAKES_SECTION: Section = Section { title: "Intake files", intro: "", entries: INTAKES };
/// Packs.
pub(super) const PACKS_SECTION: Section = Section { title: "Packs", intro: "", entries: PACKS };
/// Sessions and reactions.
pub(super) const FOLLOW_UP_SECTION: Section = Section {
    title: "Sessions and reactions",
    intro: "`F0201` to `F0203` are found by `pistor check`, which tries every reaction that the flags can tell apart.",
    entries: FOLLOW_UP,
};
/// Training cases and attempts.
pub(super) const TRAINING_SECTION: Section =
    Section { title: "Training cases and attempts", intro: "", entries: TRAINING };
/// Configuration.
pub(super) const CONFIGURATION_SECTION: Section = Section { title: "Configuration", intro: "", entries: CONFIGURATION };
