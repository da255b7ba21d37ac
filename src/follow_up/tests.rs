use std::sync::OnceLock;

use proptest::prelude::*;

use super::*;
use crate::pack::load::LayerFiles;
use crate::pack::{self, Pack, Response};
use crate::source::SourceFile;

static BUILTIN: OnceLock<Pack> = OnceLock::new();

fn builtin() -> Pack {
    pack::builtin().unwrap_or_else(|report| panic!("{}", report.render(false)))
}

#[test]
fn the_cases_of_the_pack_come_out_as_written_and_every_flag_has_one_and_a_near_miss() {
    let pack = builtin();
    let cases =
        cases::read(&pack, &[pack::builtin_files()]).unwrap_or_else(|report| panic!("{}", report.render(false)));
    let failed: Vec<_> = cases.iter().filter_map(|case| cases::run(&pack, case)).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    for flag in &pack.follow_up.flags {
        assert!(cases.iter().any(|case| case.raises().contains(&flag.id)), "no case raises {}", flag.id);
        assert!(cases.iter().any(|case| case.not_raises().contains(&flag.id)), "no near miss of {}", flag.id);
    }
}

#[test]
fn an_open_question_never_loosens_and_what_is_worse_is_never_answered_more_mildly() {
    assert_eq!(faults(&builtin()), []);
}

/// The built-in pack with a layer that says this.
fn with_layer(text: &str) -> Result<Pack, String> {
    let head = "[pack]\nid = \"house\"\nversion = \"1\"\nlanguage = 1\ntitle = \"House\"\nextends = \"pistor-core\"\n";
    let review = "[review]\nsince = 2026-11-22\ndue = 2027-11-22\n";
    let files = vec![
        SourceFile::new("house/pack.toml", head),
        SourceFile::new("house/follow-up.toml", format!("{review}{text}")),
    ];
    pack::load::load(&[pack::builtin_files(), LayerFiles { files }]).map_err(|report| report.render(false))
}

const GROUNDS: &str = "evidence = \"D\"\nbasis = \"policy\"\n";

fn flag(rest: &str) -> String {
    format!(
        "[[red-flag]]\nid = \"house\"\ntitle = \"House\"\nmessage = \"Look.\"\nwhy = \"Because.\"\n{rest}\n{GROUNDS}"
    )
}

#[test]
fn a_flag_that_could_answer_the_worse_more_mildly_cannot_be_written() {
    for (rest, part) in [
        ("answer = \"refer-days\"\nwhen = { reaction = \"itch\" }", "does not say to whom"),
        ("answer = \"watch\"\nto = \"a doctor\"\nwhen = { reaction = \"itch\" }", "`to` is for an answer that refers"),
        ("answer = \"reassure\"\nwhen = { reaction = \"itch\", grade = { at-most = 1 } }", "a layer cannot reassure"),
        ("answer = \"reassure\"\nwhen = { grade = { at-most = 1 } }", "names no sign"),
        ("answer = \"reassure\"\nwhen = { reaction = \"itch\" }", "needs a highest grade"),
        ("answer = \"reassure\"\nwhen = { reaction = \"itch\", grade = { at-most = 3 } }", "needs a highest grade"),
        ("answer = \"watch\"\nwhen = { reaction = \"itch\", grade = { at-most = 1 } }", "from a grade upwards"),
        (
            "answer = \"watch\"\nwhen = { reaction = \"itch\", same_lot = { at-most = 1 } }",
            "from a number of cases upwards",
        ),
        ("answer = \"watch\"\nwhen = { site = \"here\" }", "almost everything"),
        ("answer = \"watch\"\nwhen = { reaction = \"itsch\" }", "did you mean `itch`?"),
        ("answer = \"watch\"\nwhen = { reaction = \"itch\", site = \"her\" }", "did you mean `here`?"),
        (
            "answer = \"watch\"\nwhen = { reaction = \"itch\", days = { at-least = 9, at-most = 3 } }",
            "no number lies between",
        ),
        ("answer = \"watch\"\nwhen = { reaction = \"itch\", days = {} }", "has no end"),
        ("answer = \"watch\"\nwhen = []", "can never hold"),
    ] {
        let said = with_layer(&flag(rest)).map(|_| ()).unwrap_err();
        assert!(said.contains(part), "{part} is not in\n{said}");
        assert!(said.contains("house/follow-up.toml"), "{said}");
    }
}

#[test]
fn a_layer_adds_care() {
    let text = flag("answer = \"refer-days\"\nto = \"a doctor\"\nwhen = { reaction = \"itch\" }");
    let pack = with_layer(&text).unwrap();
    assert_eq!(faults(&pack), []);
    let itch = pack.follow_up.reactions.find("itch").unwrap();
    let facts = Facts {
        signs: [itch].into_iter().collect(),
        days: Some(0),
        lasting: Some(0),
        grade: 1,
        serious: false,
        site: Some(pack::Site::Here),
        area: None,
        same_lot: Some(0),
    };
    assert_eq!(answer(&builtin(), &facts).response, Response::Reassure);
    assert_eq!(answer(&pack, &facts).response, Response::ReferDays);
}

#[test]
fn a_flag_that_nothing_raises_is_found() {
    let text = flag(
        "answer = \"watch\"\nwhen = { reaction = \"seizure\", grade = { at-least = 1 }, serious = true, days = { at-most = 0 } }",
    );
    assert_eq!(faults(&with_layer(&text).unwrap()), [], "a fit may be serious");
    let mut pack = builtin();
    pack.follow_up.flags = pack::Table::default();
    assert_eq!(faults(&pack), [], "without flags nothing is wrong, and nothing is answered");
}

#[test]
fn the_naranjo_score_is_that_of_its_authors() {
    let pack = builtin();
    let of = pack.follow_up.questionnaires.get("naranjo").unwrap();
    assert_eq!((of.items.len(), of.range()), (10, (-4, 13)));
    for (sum, band) in [
        (-4, "doubtful"),
        (0, "doubtful"),
        (1, "possible"),
        (4, "possible"),
        (5, "probable"),
        (8, "probable"),
        (9, "definite"),
        (13, "definite"),
    ] {
        assert_eq!(of.band(sum), band, "{sum}");
    }
    let answers = |word: &str| of.items.iter().map(|item| (item.id.clone(), word.to_owned())).collect();
    assert_eq!((score(of, &answers("yes")).sum, score(of, &answers("no")).sum), (8, 1));
    let nothing = score(of, &std::collections::BTreeMap::new());
    assert_eq!((nothing.sum, nothing.band.as_str(), nothing.open), (0, "doubtful", 10));
}

#[test]
fn every_jurisdiction_names_a_channel_or_says_that_none_is_known() {
    let pack = builtin();
    for place in &pack.jurisdictions {
        let channels = reporting(&pack, &place.code);
        assert!(!channels.is_empty(), "{} has no entry", place.code);
        for channel in channels {
            let words = channel.words();
            assert!(channel.authority.is_some() || words.contains("not known to us"), "{words}");
            assert!(channel.within.is_some() || words.contains("Time limit: not known to us"), "{words}");
        }
    }
    assert!(reporting(&pack, "XX").is_empty());
}

#[test]
fn lots_are_compared_as_people_write_them() {
    for (a, b, same) in [("L-2041", "l 2041", true), ("L2041", "L2014", false), ("", "-", false), ("É1", "e1", true)] {
        assert_eq!(same_lot(a, b), same, "{a} {b}");
    }
}

proptest! {
    #[test]
    fn any_file_is_read_or_refused(text in "(\\[(session|reaction)\\]\n)?([a-z_]{1,8} = (1|\"x\"|\\[\\]|2026-11-22)\n){0,6}") {
        let pack = BUILTIN.get_or_init(builtin);
        let today = jiff::civil::date(2026, 12, 1);
        let setting = Setting { pack, entries: &[], today, by: "Ada Example", patient: "" };
        let _ = read(setting, &SourceFile::new("entry.toml", text));
    }

    /// With any number of signs: one more, or something not known, never makes the answer milder.
    #[test]
    fn more_signs_and_less_knowledge_never_loosen(
        signs in proptest::collection::btree_set(0_usize..50, 1..5),
        more in 0_usize..50,
        days in proptest::option::of(0..200),
        lasting in proptest::option::of(0..40),
        grade in 1_u8..=5,
        serious in any::<bool>(),
        same_lot in proptest::option::of(0_u32..3),
    ) {
        let pack = BUILTIN.get_or_init(builtin);
        let all: Vec<_> = pack.follow_up.reactions.entries().map(|(ix, _)| ix).collect();
        let of = |n: usize| all[n % all.len()];
        let facts = Facts {
            signs: signs.iter().map(|n| of(*n)).collect(),
            days,
            lasting,
            grade,
            serious,
            site: Some(pack::Site::Here),
            area: None,
            same_lot,
        };
        let here = answer(pack, &facts);
        let mut signs: pack::Set<pack::Reaction> = facts.signs.clone();
        signs.insert(of(more));
        for other in [
            Facts { signs, ..facts.clone() },
            Facts { days: None, ..facts.clone() },
            Facts { lasting: None, ..facts.clone() },
            Facts { site: None, ..facts.clone() },
            Facts { same_lot: None, ..facts.clone() },
            Facts { grade: (grade + 1).min(5), ..facts.clone() },
            Facts { serious: true, ..facts.clone() },
        ] {
            let there = answer(pack, &other);
            prop_assert!(there.response >= here.response, "{facts:?} {other:?}");
            prop_assert!(there.stop >= here.stop && there.quarantine >= here.quarantine, "{facts:?} {other:?}");
        }
    }
}
