//! The rule author's guide: the layer that its blocks form loads, its cases come out, and what it says is true.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use common::{HEALTHY, TODAY};
use jiff::civil::date;
use pistor::find::{Index, Vocabulary};
use pistor::follow_up;
use pistor::intake;
use pistor::lint::{Subject, lint};
use pistor::pack::load::{LayerFiles, load, load_in};
use pistor::pack::{self, Pack};
use pistor::plan::{Assessment, Outcome, assess, cases};
use pistor::source::SourceFile;

const GUIDE: &str = include_str!("../docs/authoring.md");

/// The file whose mistakes the guide shows.
const MISTAKE: &str = "my-clinic/mistake.toml";

/// The insides of the fenced blocks of a language.
fn blocks(language: &str) -> Vec<&'static str> {
    let fence = format!("```{language}\n");
    GUIDE.split(fence.as_str()).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

/// The files that the blocks form; each block names its file in its first line.
fn files() -> BTreeMap<String, String> {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    for block in blocks("toml") {
        let first = block.lines().next().unwrap();
        let name = first.strip_prefix("# ").unwrap_or_else(|| panic!("a block that names no file:\n{block}"));
        assert!(name.starts_with("my-clinic/") && name.ends_with(".toml"), "{name} is no file of the layer");
        files.entry(name.to_owned()).or_default().push_str(block);
    }
    files
}

fn layer(keep: impl Fn(&str) -> bool) -> LayerFiles {
    let files = files().into_iter().filter(|(name, _)| keep(name));
    LayerFiles { files: files.map(|(name, text)| SourceFile::new(name, text)).collect() }
}

/// The finished layer of the guide.
fn clinic() -> LayerFiles {
    layer(|name| name != MISTAKE)
}

static PACK: LazyLock<Pack> = LazyLock::new(|| match load(&[pack::builtin_files(), clinic()]) {
    Ok(pack) => pack,
    Err(report) => panic!("{}", report.render(false)),
});

#[test]
fn the_layer_of_the_guide_is_warned_of_nothing() {
    let layers = [pack::builtin_files(), clinic()];
    let report = lint(Subject { pack: &PACK, layers: &layers, today: TODAY });
    assert!(report.is_empty(), "{}", report.render(false));
}

/// Assesses the healthy patient with one part of the intake replaced.
fn healthy_but(from: &str, to: &str) -> Assessment {
    assert!(HEALTHY.contains(from), "`{from}` is not in the healthy intake");
    let file = SourceFile::new("test.toml", HEALTHY.replace(from, to));
    match intake::read(&PACK, &file) {
        Ok(intake) => assess(&PACK, &intake, TODAY),
        Err(report) => panic!("{}", report.render(false)),
    }
}

fn fired(result: &Assessment, rule: &str) -> bool {
    result.findings.iter().any(|finding| finding.rule == rule)
}

const ARMS: &str = "items = [{ goal = \"house-dry-arms\", areas = [\"upper-arms\"] }]";
const CHEEKS: &str = "items = [{ goal = \"hydration\", areas = [\"cheeks\"] }]";

#[test]
fn the_reactions_of_the_guide_are_answered_as_it_says() {
    let all = follow_up::cases::read(&PACK, &[clinic()]).unwrap_or_else(|report| panic!("{}", report.render(false)));
    assert!(all.len() >= 2, "only {} cases", all.len());
    let failed: Vec<_> = all.iter().filter_map(|case| follow_up::cases::run(&PACK, case)).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    assert_eq!(follow_up::faults(&PACK), []);
}

#[test]
fn the_layer_of_the_guide_passes_its_own_cases() {
    let all = cases::read(&[pack::builtin_files(), clinic()]).unwrap_or_else(|why| panic!("{}", why.join("\n")));
    let own: Vec<_> = all.iter().filter(|case| case.file.starts_with("my-clinic/")).collect();
    assert!(own.len() >= 12, "only {} cases", own.len());
    for case in own {
        if let Some(failure) = cases::run(&PACK, case) {
            panic!("{}: {}", failure.case, failure.what.join("\n"));
        }
    }
}

#[test]
fn every_rule_of_the_guide_has_a_case_and_every_verdict_a_rule() {
    let files = files();
    let cases: String =
        files.iter().filter(|(name, _)| name.contains("pack-cases/")).map(|(_, text)| &**text).collect();
    let own = PACK.rules.iter().filter(|rule| rule.id.starts_with("house-"));
    let mut verdicts: Vec<&str> = Vec::new();
    for rule in own {
        assert!(cases.contains(&format!(" fires = [\"{}\"]", rule.id)), "no case in which {} fires", rule.id);
        let quiet = cases.lines().any(|line| line.contains("not_fires") && line.contains(&format!("\"{}\"", rule.id)));
        assert!(quiet, "no case in which {} does not fire", rule.id);
        verdicts.push(rule.verdict.word());
    }
    for verdict in ["caution", "clearance", "defer", "refer", "decline"] {
        assert!(verdicts.contains(&verdict), "no rule that says {verdict}");
    }
    assert!(PACK.rules.get("house-dropped").unwrap().absolute);
}

#[test]
fn the_mistake_of_the_guide_gives_the_output_it_shows() {
    let Err(report) = load(&[pack::builtin_files(), layer(|name| name == MISTAKE || name.ends_with("pack.toml"))])
    else {
        panic!("the mistake is none");
    };
    let shown = blocks("text").into_iter().next().expect("the guide shows the output");
    let given: String = report.render(false).lines().map(|line| format!("{}\n", line.trim_end())).collect();
    assert_eq!(given, shown);
}

#[test]
fn what_the_guide_says_of_words_is_so() {
    for (list, word, id) in [
        (Vocabulary::Medications, "cyramza", "house-ramucirumab"),
        (Vocabulary::Medications, "ramucirumap", "house-ramucirumab"),
        (Vocabulary::Conditions, "lost voice", "house-voice-change"),
    ] {
        let hits = Index::new(&PACK, list).search(word, 3);
        assert!(hits.iter().any(|hit| hit.id == id), "{word}: {hits:?}");
    }
}

#[test]
fn the_deferral_ends_on_the_day_the_guide_names() {
    let events = "events = [{ id = \"house-shock-wave-treatment\", days_ago = 6, site = \"here\" }]";
    let result = healthy_but("events = []", events);
    assert_eq!((result.verdict, result.until), (Outcome::Defer, Some(date(2026, 11, 30))));
    assert!(GUIDE.contains("Six days after shock waves, on 2026-11-22, the earliest day is 2026-11-30."));
    let waiting =
        healthy_but("conditions = []", "conditions = [{ id = \"house-test-result-awaited\", status = \"active\" }]");
    assert_eq!((waiting.verdict, waiting.until), (Outcome::Defer, None));
    assert!(waiting.until_event.is_some_and(|event| event.contains("the result is known")));
}

#[test]
fn the_recipe_its_plan_and_its_texts_are_used() {
    let plan = healthy_but(CHEEKS, ARMS).plan.expect("a plan");
    let [cocktail] = &plan.cocktails[..] else { panic!("one cocktail") };
    assert_eq!(cocktail.recipe, "house-arms");
    assert!(cocktail.total_ml <= 2.0, "the limit of the session holds");
    let days: Vec<_> = plan.sessions.iter().map(|session| session.after_days).collect();
    assert_eq!(days, [0, 42]);
    assert!(plan.consent.iter().any(|point| point.text.contains("not been studied at this site")));
    assert!(plan.aftercare.iter().any(|text| text.contains("loose sleeves")));
    let other = healthy_but(CHEEKS, CHEEKS).plan.expect("a plan");
    assert!(!other.aftercare.iter().any(|text| text.contains("loose sleeves")));
}

#[test]
fn a_product_that_is_not_approved_is_never_proposed() {
    let text = HEALTHY.replace(CHEEKS, ARMS).replace("\"EU\"", "\"US\"");
    let intake = intake::read(&PACK, &SourceFile::new("test.toml", text)).expect("an intake");
    let result = assess(&PACK, &intake, TODAY);
    assert!(result.excluded.iter().any(|e| e.kind == "ingredient" && e.id == "house-hyaluronan"));
}

#[test]
fn not_asked_unknown_and_none_are_three_things() {
    let rule = "house-voice-change";
    let none = healthy_but("conditions = []", "conditions = []");
    assert_eq!((none.verdict, fired(&none, rule)), (Outcome::Proceed, false));
    let unknown = healthy_but("conditions = []", "conditions = \"unknown\"");
    assert!(fired(&unknown, rule));
    let not_asked = healthy_but("conditions = []\n", "");
    assert_eq!((not_asked.verdict, fired(&not_asked, rule)), (Outcome::Incomplete, false));
    assert!(not_asked.plan.is_none());
    assert!(not_asked.missing.iter().any(|missing| missing.question == "history.conditions"));
}

#[test]
fn what_the_guide_makes_stricter_or_overrides_is_said() {
    let events = "events = [{ id = \"acupuncture-cupping\", days_ago = 1, site = \"here\" }]";
    let result = healthy_but("events = []", events);
    let finding = result.findings.iter().find(|f| f.rule == "acupuncture-massage-recent").expect("it fires");
    let clinic = finding.clinic_override.as_ref().expect("the override is said");
    assert_eq!((clinic.by.as_str(), clinic.in_force()), ("Dr Ada Example", true));
    let taken = "medications = [{ id = \"isotretinoin\", stopped_days_ago = 300 }]";
    let result = healthy_but("medications = []", taken);
    let finding = result.findings.iter().find(|f| f.rule == "isotretinoin-recent").expect("it fires");
    assert!(finding.tightened[0].contains("365 days instead of 180"), "{:?}", finding.tightened);
    assert!(PACK.rules.get("heparin-clearance").unwrap().absolute);
    assert!(!PACK.ingredient(PACK.ingredients.find("glutathione").unwrap()).offered);
}

#[test]
fn the_language_of_the_guide_is_shown_and_decides_nothing() {
    let layers = [pack::builtin_files(), clinic()];
    let spanish = load_in(&layers, Some("es")).unwrap_or_else(|report| panic!("{}", report.render(false)));
    let (old, new) = (PACK.rules.get("pregnancy").unwrap(), spanish.rules.get("pregnancy").unwrap());
    assert_eq!((new.title.as_str(), &new.message), ("Embarazo", &old.message));
    let question = spanish.questions.get("history.pregnancy").unwrap();
    assert_eq!(question.label, "Embarazo o lactancia");
    for word in ["convulsiones", "epilepsy"] {
        let hits = Index::new(&spanish, Vocabulary::Conditions).search(word, 3);
        assert!(hits.iter().any(|hit| hit.id == "epilepsy" && hit.label == "Epilepsia"), "{word}: {hits:?}");
    }
    for case in cases::read(&layers).unwrap().iter().filter(|case| case.file.starts_with("my-clinic/")) {
        assert_eq!(cases::run(&spanish, case), None);
    }
}

#[test]
fn the_sign_off_of_the_guide_is_said() {
    let own = PACK.layers.iter().find(|layer| layer.id == "my-clinic").unwrap();
    let signed = PACK.sign_off(own, TODAY).expect("the layer is signed off");
    assert_eq!((signed.by.as_str(), signed.on), ("Dr Ada Example, medical director", date(2026, 11, 20)));
    // The built-in pack is in use as well, and nobody of this clinic signed for it.
    let result = healthy_but(CHEEKS, CHEEKS);
    assert_eq!(result.pack.reviewed, None);
    assert!(result.notices.iter().any(|notice| notice.contains("no name and date sign pistor-core")));
}

#[test]
fn no_text_of_the_guide_tells_a_patient_to_stop_a_medicine() {
    for rule in PACK.rules.iter().filter(|rule| rule.id.starts_with("house-")) {
        for text in rule.patient.iter().chain([&rule.message]) {
            let text = text.to_lowercase();
            for word in ["stop taking", "stop the", "pause", "discontinue", "guarantee"] {
                assert!(!text.contains(word), "{}: {text}", rule.id);
            }
        }
    }
}
