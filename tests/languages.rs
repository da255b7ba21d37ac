//! Another language: what is read changes, what is decided does not.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::sync::LazyLock;

use common::intakes::{any_intake, nearly_healthy};
use common::{HEALTHY, PACK, TODAY};
use pistor::find::{Index, Vocabulary};
use pistor::intake::{self, Intake};
use pistor::pack::load::{LayerFiles, load_in};
use pistor::pack::{self, Pack, Worded};
use pistor::plan::{Assessment, assess};
use pistor::source::SourceFile;
use proptest::prelude::*;
use rstest::rstest;

const HEADER: &str = "[pack]\nid = \"words\"\nversion = \"1\"\nlanguage = 1\ntitle = \"Words\"\n";
const LANGUAGE: &str = "[review]\nsince = 2026-11-22\ndue = 2027-11-22\n[[language]]\nid = \"xx\"\nlabel = \"Essai\"\n";

fn loaded(text: &str, language: Option<&str>) -> Result<Pack, String> {
    let files = vec![SourceFile::new("words/pack.toml", HEADER), SourceFile::new("words/words.toml", text)];
    load_in(&[pack::builtin_files(), LayerFiles { files }], language).map_err(|report| report.render(false))
}

fn in_test_language(wordings: &str) -> Pack {
    loaded(&format!("{LANGUAGE}{wordings}"), Some("xx")).unwrap_or_else(|report| panic!("{report}"))
}

fn assessed(pack: &Pack, from: &str, to: &str) -> Assessment {
    assert!(HEALTHY.contains(from), "`{from}` is not in the healthy intake");
    let file = SourceFile::new("test.toml", HEALTHY.replace(from, to));
    assess(pack, &intake::read(pack, &file).unwrap_or_else(|report| panic!("{}", report.render(false))), TODAY)
}

/// Every text of the pack, each with a mark before it: a language that says everything.
fn marked() -> String {
    let quoted =
        |text: &String| format!("\"¿{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"));
    let line = |worded: &Worded| {
        let texts: Vec<String> = worded.texts.iter().map(quoted).collect();
        let value = if worded.several { format!("[{}]", texts.join(", ")) } else { texts.join("") };
        format!("[[wording]]\nlanguage = \"xx\"\nof = \"{}\"\n{} = {value}\n", worded.of, worded.key)
    };
    PACK.texts().iter().map(line).collect()
}

static MARKED: LazyLock<Pack> = LazyLock::new(|| in_test_language(&marked()));

/// What an assessment decides, without a word of it.
fn decided(result: &Assessment) -> String {
    let findings: Vec<_> = result
        .findings
        .iter()
        .map(|f| (&f.rule, f.verdict, f.until, f.urgent, &f.excludes, f.questions.clone(), f.overridable))
        .collect();
    let missing: Vec<_> = result.missing.iter().map(|m| &m.question).collect();
    let excluded: Vec<_> = result.excluded.iter().map(|e| (&e.kind, &e.id, &e.rules)).collect();
    let requested: Vec<_> = result.requested.iter().map(|v| (&v.id, v.allowed)).collect();
    let plan = result.plan.as_ref().map(|plan| {
        let cocktails: Vec<_> = plan
            .cocktails
            .iter()
            .map(|c| {
                let doses: Vec<_> = c.ingredients.iter().map(|d| (&d.id, d.volume_ml, d.mg, d.limit_used)).collect();
                let others: Vec<_> = c.alternatives.iter().map(|a| (&a.recipe, a.possible)).collect();
                (&c.goal, &c.also_for, c.turn, &c.area, &c.recipe, doses, &c.technique, c.points, others)
            })
            .collect();
        let days: Vec<_> =
            plan.sessions.iter().chain(&plan.maintenance).map(|s| (s.number, s.date, s.after_days)).collect();
        let reviews: Vec<_> = plan.reviews.iter().map(|r| (r.date, r.after_days)).collect();
        let limits: Vec<_> = plan.limits.iter().map(|l| (&l.id, l.used)).collect();
        let consent: Vec<_> = plan.consent.iter().map(|c| &c.id).collect();
        let care = (plan.precare.len(), plan.aftercare.len(), plan.red_flags.len());
        format!("{:?}", (plan.conditional, cocktails, days, reviews, limits, consent, care))
    });
    format!("{:?}", (result.verdict, result.until, result.urgent, missing, findings, excluded, requested, plan))
}

fn decides_alike(intake: &Intake) -> Result<(), TestCaseError> {
    prop_assert_eq!(decided(&assess(&MARKED, intake, TODAY)), decided(&assess(&PACK, intake, TODAY)));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn a_language_decides_nothing(any in any_intake(), healthy in nearly_healthy()) {
        decides_alike(&any)?;
        decides_alike(&healthy)?;
    }
}

#[test]
fn a_language_can_say_everything() {
    let language = &MARKED.languages[MARKED.language.expect("it is shown")];
    assert!(MARKED.unworded(language).is_empty(), "{:?}", MARKED.unworded(language));
    for (before, after) in PACK.texts().iter().zip(MARKED.texts()) {
        assert_eq!((&before.of, before.key), (&after.of, after.key));
        assert!(after.texts.iter().all(|text| text.starts_with('¿')), "{after:?}");
    }
    // What is said is shown: in questions, findings, and what the plan tells the patient.
    let taking = "medications = [{ id = \"heparin\", stopped_days_ago = 0 }]";
    let result = assessed(&MARKED, "medications = []", taking);
    let finding = result.findings.iter().find(|f| f.rule == "heparin-clearance").expect("it fires");
    for text in [&finding.title, &finding.message, &finding.why, finding.from.as_ref().unwrap()] {
        assert!(text.starts_with('¿'), "{text}");
    }
    assert!(finding.because.iter().any(|text| text.contains('¿')), "{:?}", finding.because);
    let plan = result.plan.expect("a plan");
    assert!(plan.aftercare.iter().chain(&plan.red_flags).all(|text| text.starts_with('¿')));
    assert!(plan.consent.iter().all(|point| point.text.starts_with('¿')));
    let france = MARKED.jurisdictions.find("FR").unwrap();
    let question = MARKED.questions.get("jurisdiction").unwrap();
    assert_eq!(question.options()[france.get()].label, MARKED.jurisdictions[france].label);
    // A rule made from the vocabulary speaks of the entry as the entry speaks of itself.
    assert!(MARKED.rules.get("allergy-mannitol").unwrap().title.contains('¿'));
}

#[test]
fn the_hash_is_that_of_the_layers_whatever_is_shown() {
    let text = format!("{LANGUAGE}[[wording]]\nlanguage = \"xx\"\nof = \"goal:hydration\"\nlabel = \"Hydratation\"\n");
    let (english, worded) = (loaded(&text, None).unwrap(), loaded(&text, Some("xx")).unwrap());
    assert_eq!(english.hash, worded.hash);
    assert_ne!(english.hash, PACK.hash, "the layer is part of it");
    assert_eq!(english.goals.get("hydration").unwrap().label, PACK.goals.get("hydration").unwrap().label);
    assert_eq!((english.language, worded.language.is_some()), (None, true));
    assert!(loaded(&text, Some("de")).unwrap().language.is_none(), "what no layer has is not shown");
}

#[test]
fn what_is_not_worded_stays_english_and_search_finds_both() {
    let pack = in_test_language(
        "[[wording]]\nlanguage = \"xx\"\nof = \"condition:epilepsy\"\nlabel = \"Épilepsie\"\nalso = [\"haut mal\"]\n\
         [[wording]]\nlanguage = \"xx\"\nof = \"question:history.pregnancy\"\nlabel = \"Grossesse ou allaitement\"\n\
         [[wording]]\nlanguage = \"xx\"\nof = \"question:history.pregnancy#no\"\nlabel = \"Non\"\n",
    );
    let before = PACK.conditions.get("epilepsy").unwrap();
    assert_eq!(pack.conditions.get("epilepsy").unwrap().label, "Épilepsie");
    for word in ["epilepsie", &before.label, "haut mal"] {
        let hits = Index::new(&pack, Vocabulary::Conditions).search(word, 3);
        assert_eq!(hits.first().map(|hit| hit.id.as_str()), Some("epilepsy"), "{word}: {hits:?}");
    }
    let (old, new) =
        (PACK.questions.get("history.pregnancy").unwrap(), pack.questions.get("history.pregnancy").unwrap());
    assert_eq!((new.label.as_str(), &new.help), ("Grossesse ou allaitement", &old.help));
    let label = |q: &pistor::pack::Question, id: &str| q.options().iter().find(|o| o.id == id).unwrap().label.clone();
    assert_eq!((label(new, "no").as_str(), label(new, "pregnant")), ("Non", label(old, "pregnant")));
    let said = &pack.languages.get("xx").unwrap().worded;
    assert_eq!(said["condition:epilepsy"], ["label", "also"]);
}

#[test]
fn a_text_in_use_says_what_it_is() {
    let notices = assessed(&MARKED, "glogau = 2", "glogau = 2").notices;
    assert!(
        notices.iter().any(|n| n.contains("Essai") && n.contains("not yet reviewed by a clinician")),
        "{notices:?}"
    );
    assert!(!assessed(&PACK, "glogau = 2", "glogau = 2").notices.iter().any(|n| n.contains("Essai")));
}

#[test]
fn a_stricter_layer_and_a_language_do_not_disturb_each_other() {
    let words = "[[wording]]\nlanguage = \"xx\"\nof = \"rule:heparin-clearance\"\nfrom = \"le prescripteur\"\noverride = [\"accord écrit\", \"traitement terminé\"]\n";
    let reason = &PACK.rules.get("heparin-clearance").unwrap().override_reasons[1].text;
    let fewer = format!("[[tighten]]\nrule = \"heparin-clearance\"\noverride = [\"{reason}\"]\nwhy = \"w\"\n");
    let refused = "[[tighten]]\nrule = \"heparin-clearance\"\nverdict = \"decline\"\nwhy = \"w\"\n";
    for (language, kept) in [(None, reason.as_str()), (Some("xx"), "traitement terminé")] {
        let rule = |text: &str| {
            let pack =
                loaded(&format!("{LANGUAGE}{words}{text}"), language).unwrap_or_else(|report| panic!("{report}"));
            pack.rules.get("heparin-clearance").unwrap().clone()
        };
        let left: Vec<String> = rule(&fewer).override_reasons.into_iter().map(|reason| reason.text).collect();
        assert_eq!(left, [kept]);
        assert_eq!(rule(refused).from, None);
    }
}

/// What a wording says wrongly, and what is said of it.
#[rstest]
#[case("language = \"xx\"\nof = \"rule:pregnency\"\ntitle = \"x\"", "P0101", "did you mean `pregnancy`")]
#[case("language = \"xx\"\nof = \"rules:pregnancy\"\ntitle = \"x\"", "P0101", "did you mean `rule`")]
#[case("language = \"xx\"\nof = \"pregnancy\"\ntitle = \"x\"", "P0801", "write KIND:ID")]
#[case("language = \"xx\"\nof = \"rule:pregnancy\"\nlabel = \"x\"", "E0003", "unknown key `label`")]
#[case("language = \"xx\"\nof = \"rule:pregnancy\"\nwhen = {}", "E0003", "unknown key `when`")]
#[case("language = \"xx\"\nof = \"rule:pregnancy\"\nverdict = \"proceed\"", "E0003", "unknown key `verdict`")]
#[case("language = \"xx\"\nof = \"rule:pregnancy\"\ntitle = \" \"", "E0006", "`title` is empty")]
#[case("language = \"xx\"\nof = \"rule:pregnancy\"", "P0801", "nothing of `rule:pregnancy` is worded")]
#[case("language = \"xx\"\nof = \"rule:pregnancy\"\nfrom = \"x\"", "P0801", "`rule:pregnancy` has no `from`")]
#[case("language = \"xx\"\nof = \"rule:heparin-clearance\"\noverride = [\"x\"]", "P0801", "has 2 texts, and 1 here")]
#[case("language = \"de\"\nof = \"rule:pregnancy\"\ntitle = \"x\"", "P0101", "unknown language `de`")]
#[case("of = \"rule:pregnancy\"\ntitle = \"x\"", "E0004", "lacks `language`")]
#[case("language = \"xx\"\ntitle = \"x\"", "E0004", "lacks `of`")]
#[case("language = \"xx\"\nof = \"question:history.pregnancy#nope\"\nlabel = \"x\"", "P0101", "unknown option `nope`")]
#[case("language = \"xx\"\nof = \"rule:pregnancy#no\"\ntitle = \"x\"", "P0101", "unknown option `no`")]
#[case("language = \"xx\"\nof = \"question:history.pregnancy#no\"\noptions = []", "E0003", "unknown key `options`")]
#[case(
    "language = \"xx\"\nof = \"goal:hydration\"\nlabel = \"a\"\n[[wording]]\nlanguage = \"xx\"\nof = \"goal:hydration\"\nlabel = \"b\"",
    "P0102",
    "worded twice in `xx`"
)]
fn a_wording_that_cannot_be_is_told(#[case] text: &str, #[case] code: &str, #[case] said: &str) {
    // Whatever language is shown: a mistake is one.
    for shown in [None, Some("xx")] {
        let report = loaded(&format!("{LANGUAGE}[[wording]]\n{text}\n"), shown).expect_err(text);
        assert!(report.contains(code) && report.contains(said), "{report}");
        assert!(report.ends_with("\n1 problem\n"), "more than one thing is said\n{report}");
    }
}

#[test]
fn a_text_that_was_changed_after_it_was_worded_is_shown_in_english() {
    let wording = |made_from: &str| {
        format!("[[wording]]\nlanguage = \"xx\"\nof = \"care:flag-breathing\"\n{made_from}text = \"Appelez.\"\n")
    };
    let text = |pack: &Pack| pack.care.get("flag-breathing").unwrap().text.to_string();
    let unmarked = in_test_language(&wording(""));
    assert_eq!(text(&unmarked), "Appelez.");
    let [(of, mark)] = &unmarked.languages.get("xx").unwrap().unmarked[..] else { panic!("one without a mark") };
    assert_eq!(of, "care:flag-breathing");
    let marked = in_test_language(&wording(&format!("made_from = \"{mark}\"\n")));
    assert_eq!(text(&marked), "Appelez.");
    assert!(marked.languages.get("xx").unwrap().unmarked.is_empty());
    // The mark of another text: nobody reads a red flag as it once was.
    let old = in_test_language(&wording("made_from = \"00000000\"\n"));
    assert_eq!(text(&old), text(&PACK));
    let language = old.languages.get("xx").unwrap();
    assert!(language.worded.is_empty() && language.unmarked.is_empty());
    assert_eq!((&language.outdated[0].of, &language.outdated[0].made_from), (of, mark));
    // What it had to say may be gone since, or be more: that is no mistake of the wording.
    let gone = "[[wording]]\nlanguage = \"xx\"\nof = \"rule:pregnancy\"\nmade_from = \"00000000\"\nfrom = \"x\"\n";
    assert_eq!(in_test_language(gone).languages.get("xx").unwrap().outdated.len(), 1);
}

#[test]
fn every_wording_of_the_built_in_pack_says_of_which_text_it_is() {
    assert!(PACK.languages.len() == 1 && PACK.languages.iter().all(|language| language.unmarked.is_empty()));
}

/// The numbers of a text, in order of size.
fn numbers(text: &str) -> Vec<String> {
    let digits = text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty());
    let mut found: Vec<String> = digits.map(str::to_owned).collect();
    found.sort();
    found
}

#[test]
fn the_french_of_the_built_in_pack_keeps_every_number_and_advises_nobody_to_stop() {
    let french =
        load_in(&[pack::builtin_files()], Some("fr")).unwrap_or_else(|report| panic!("{}", report.render(false)));
    let said = &french.languages[french.language.expect("French is built in")].worded;
    let worded = |text: &&Worded| said.get(&text.of).is_some_and(|keys| keys.contains(&text.key));
    let (english, french) = (PACK.texts(), french.texts());
    let pairs: Vec<_> = english.iter().filter(worded).zip(french.iter().filter(worded)).collect();
    assert!(pairs.len() > 300, "only {} texts", pairs.len());
    for (old, new) in pairs {
        assert_eq!((&old.of, old.key), (&new.of, new.key));
        assert_eq!(numbers(&old.texts.join(" ")), numbers(&new.texts.join(" ")), "{old:?}\n{new:?}");
        let text = new.texts.join(" ").to_lowercase();
        for word in ["arrêtez", "cessez", "suspendez", "interrompez", "garanti", "sans risque"] {
            assert!(!text.contains(word), "{}: {text}", new.of);
        }
    }
}

#[test]
fn english_and_a_second_one_are_no_new_languages() {
    let english = LANGUAGE.replace("\"xx\"", "\"en\"");
    assert!(loaded(&english, None).expect_err("english").contains("the language of the built-in texts"));
    let twice = format!("{LANGUAGE}[[language]]\nid = \"xx\"\nlabel = \"F\"\n");
    assert!(loaded(&twice, None).expect_err("twice").contains("P0102"));
}
