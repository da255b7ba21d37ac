//! Layers that tighten and override: what they may do, what they may never do, and that everybody is told.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::intakes::{any_intake, nearly_healthy};
use common::{HEALTHY, PACK, TODAY};
use jiff::civil::{Date, date};
use pistor::intake::{self, Intake};
use pistor::pack::load::{LayerFiles, load};
use pistor::pack::{self, Pack, Rule, Verdict};
use pistor::plan::{Assessment, Finding, Outcome, OverrideState, assess, explain_rule, overrides};
use pistor::source::SourceFile;
use proptest::prelude::*;
use rstest::rstest;

/// A layer of that name with one file.
fn layer(name: &str, text: &str) -> LayerFiles {
    let header = format!("[pack]\nid = \"{name}\"\nversion = \"1\"\nlanguage = 1\ntitle = \"{name}\"\n");
    LayerFiles {
        files: vec![
            SourceFile::new(format!("{name}/pack.toml"), header),
            SourceFile::new(format!("{name}/rules.toml"), text),
        ],
    }
}

fn loaded(layers: &[(&str, &str)]) -> Result<Pack, String> {
    let mut all = vec![pack::builtin_files()];
    all.extend(layers.iter().map(|(name, text)| layer(name, text)));
    load(&all).map_err(|report| report.render(false))
}

fn with(text: &str) -> Pack {
    loaded(&[("clinic", text)]).unwrap_or_else(|report| panic!("{report}"))
}

fn mistakes(text: &str) -> String {
    loaded(&[("clinic", text)]).err().unwrap_or_else(|| panic!("no mistake was found in:\n{text}"))
}

fn assessed_on(pack: &Pack, from: &str, to: &str, today: Date) -> Assessment {
    assert!(HEALTHY.contains(from), "`{from}` is not in the healthy intake");
    let file = SourceFile::new("test.toml", HEALTHY.replace(from, to));
    assess(pack, &intake::read(pack, &file).unwrap_or_else(|report| panic!("{}", report.render(false))), today)
}

fn assessed(pack: &Pack, from: &str, to: &str) -> Assessment {
    assessed_on(pack, from, to, TODAY)
}

fn finding<'a>(result: &'a Assessment, rule: &str) -> &'a Finding {
    let found = result.findings.iter().find(|finding| finding.rule == rule);
    found.unwrap_or_else(|| panic!("{rule} did not fire: {:?}", result.findings))
}

const NO_MEDICATION: &str = "medications = []";

/// On isotretinoin until so many days ago.
fn isotretinoin(days: u32) -> String {
    format!("medications = [{{ id = \"isotretinoin\", stopped_days_ago = {days} }}]")
}

const WORDS: &str = "title = \"Isotretinoin lately\"\nmessage = \"Wait as this clinic does.\"\npatient = \"We wait as this clinic does.\"\n";
const LONGER: &str = "[[tighten]]\nrule = \"isotretinoin-recent\"\ndays = 365\nwhy = \"House rule.\"\ntitle = \"Isotretinoin within 365 days\"\n\
    message = \"Book the session for 365 days after the last dose.\"\npatient = \"We wait 365 days after the last capsule.\"\n";

#[test]
fn a_longer_wait_moves_the_days_that_fire_the_rule_along() {
    let pack = with(LONGER);
    let before = assessed(&PACK, NO_MEDICATION, &isotretinoin(200));
    assert!(!before.findings.iter().any(|finding| finding.rule == "isotretinoin-recent"));
    let result = assessed(&pack, NO_MEDICATION, &isotretinoin(200));
    assert_eq!((result.verdict, result.until), (Outcome::Defer, Some(date(2027, 5, 6))));
    assert_eq!(assessed(&pack, NO_MEDICATION, &isotretinoin(364)).until, Some(date(2026, 11, 23)));
    let over = assessed(&pack, NO_MEDICATION, &isotretinoin(365));
    assert!(!over.findings.iter().any(|finding| finding.rule == "isotretinoin-recent"));
    let said = &finding(&result, "isotretinoin-recent").tightened;
    assert_eq!(said, &["by clinic: wait 365 days instead of 180. House rule."]);
}

/// A longer wait, with some of the words.
#[rstest]
#[case::none("", &["`title`", "`message`", "`patient`"])]
#[case::only_the_patient("patient = \"We wait 365 days.\"", &["`title`", "`message`"])]
#[case::all_but_the_patient("title = \"t\"\nmessage = \"m\"", &["`patient`"])]
fn nobody_is_told_the_shorter_wait_of_the_layer_below(#[case] words: &str, #[case] missing: &[&str]) {
    let text = format!("[[tighten]]\nrule = \"isotretinoin-recent\"\ndays = 365\nwhy = \"w\"\n{words}\n");
    for language in [None, Some("fr")] {
        let header =
            "[pack]\nid = \"clinic\"\nversion = \"1\"\nlanguage = 1\ntitle = \"Clinic\"\nextends = \"pistor-core\"\n";
        let file = SourceFile::new("clinic/pack.toml", format!("{header}{text}"));
        let layers = [pack::builtin_files(), LayerFiles { files: vec![file] }];
        let report = pack::load::load_in(&layers, language).expect_err("refused in every language").render(false);
        let asked = report.lines().find(|line| line.contains("expected")).unwrap_or_default();
        assert!(report.contains("P0305") && report.contains("six months"), "{language:?}: {report}");
        for key in ["`title`", "`message`", "`patient`"] {
            assert_eq!(asked.contains(key), missing.contains(&key), "{language:?}: {report}");
        }
    }
}

#[test]
fn own_words_take_the_place_of_those_below_in_every_language() {
    let pack = with(LONGER);
    let rule = pack.rules.get("isotretinoin-recent").unwrap();
    let read = [Some(&rule.title), Some(&rule.message), rule.patient.as_ref()];
    assert!(
        read.iter().all(|text| text.is_some_and(|text| text.contains("365 days") && !text.contains("six"))),
        "{read:?}"
    );
    // Words alone tighten nothing.
    let words = format!("[[tighten]]\nrule = \"heparin-clearance\"\nwhy = \"w\"\n{WORDS}");
    assert!(mistakes(&words).contains("P0301"));
}

/// A rule whose words name no time needs none anew.
#[test]
fn a_longer_wait_that_no_word_names_needs_no_words() {
    let own = "[[rule]]\nid = \"house\"\ntitle = \"t\"\nverdict = \"defer\"\nwhen = { medication = \"isotretinoin\" }\nuntil = { days = 30 }\nmessage = \"Wait.\"\nwhy = \"w\"\nbasis = \"policy\"\nevidence = \"D\"\nreview = { since = 2026-11-22, due = 2027-11-22 }\n";
    let longer = "[[tighten]]\nrule = \"house\"\ndays = 60\nwhy = \"w\"\n";
    let pack = loaded(&[("region", own), ("clinic", longer)]).unwrap_or_else(|report| panic!("{report}"));
    assert_eq!(pack.rules.get("house").unwrap().until.as_ref().unwrap().days, Some(60));
}

#[test]
fn layers_tighten_one_another_and_never_back() {
    let second = LONGER.replace("365", "400");
    // The words of the layer between are those that the next one has to word anew.
    let wordless: String = second.lines().take(4).map(|line| format!("{line}\n")).collect();
    assert!(loaded(&[("region", LONGER), ("clinic", &wordless)]).unwrap_err().contains("P0305"));
    let pack = loaded(&[("region", LONGER), ("clinic", &second)]).unwrap();
    let result = assessed(&pack, NO_MEDICATION, &isotretinoin(390));
    assert_eq!(finding(&result, "isotretinoin-recent").tightened.len(), 2);
    let report = loaded(&[("region", LONGER), ("clinic", &LONGER.replace("365", "364"))]).unwrap_err();
    assert!(report.contains("P0301") && report.contains("the layer below says 365 days"), "{report}");
}

/// One tightening that holds, and something it changes.
#[rstest]
#[case::verdict("rule = \"heparin-clearance\"\nverdict = \"decline\"", |pack: &Pack| pack.rules.get("heparin-clearance").unwrap().verdict == Verdict::Decline)]
#[case::absolute("rule = \"heparin-clearance\"\nabsolute = true", |pack: &Pack| !pack.rules.get("heparin-clearance").unwrap().overridable())]
#[case::reasons("rule = \"heparin-clearance\"\noverride = []", |pack: &Pack| !pack.rules.get("heparin-clearance").unwrap().overridable())]
#[case::interval("rule = \"heparin-clearance\"\ninterval_days = 60", |pack: &Pack| pack.rules.get("heparin-clearance").unwrap().modifies.interval_days == Some(60))]
#[case::test_spot("rule = \"heparin-clearance\"\ntest_spot = true", |pack: &Pack| pack.rules.get("heparin-clearance").unwrap().modifies.test_spot == Some(28))]
#[case::exclusion("rule = \"heparin-clearance\"\nexclude = { ingredient = \"tranexamic-acid\", goal = [\"cellulite\"] }", |pack: &Pack| {
    let rule = pack.rules.get("heparin-clearance").unwrap();
    rule.exclude.ingredients.contains(pack.ingredients.find("tranexamic-acid").unwrap()) && !rule.exclude.goals.is_empty()
})]
#[case::generated("rule = \"allergy-mannitol\"\nverdict = \"decline\"", |pack: &Pack| pack.rules.get("allergy-mannitol").unwrap().verdict == Verdict::Decline)]
#[case::limit("limit = \"lidocaine-plain\"\nmg = 100\ninterval_days = 14", |pack: &Pack| {
    let limit = pack.limits.get("lidocaine-plain").unwrap();
    limit.mg == Some(pack::Amount::whole(100)) && limit.interval_days == Some(14) && limit.note.contains("Made stricter by clinic")
})]
#[case::offered("ingredient = \"tranexamic-acid\"\noffered = false", |pack: &Pack| {
    !pack.ingredient(pack.ingredients.find("tranexamic-acid").unwrap()).offered
})]
fn a_tightening_holds(#[case] text: &str, #[case] holds: fn(&Pack) -> bool) {
    assert!(!holds(&PACK), "the built-in pack is like that already");
    assert!(holds(&with(&format!("[[tighten]]\n{text}\nwhy = \"House rule.\"\n"))));
}

#[test]
fn what_is_not_proposed_is_in_no_plan() {
    let pack = with("[[tighten]]\ningredient = \"hyaluronic-acid\"\noffered = false\nwhy = \"Out of stock.\"\n");
    let uses = |pack: &Pack| {
        let plan = assessed(pack, "glogau = 2", "glogau = 2").plan.expect("a plan");
        plan.cocktails.iter().flat_map(|c| &c.ingredients).any(|dose| dose.id == "hyaluronic-acid")
    };
    assert!(uses(&PACK) && !uses(&pack));
}

/// What is not stricter, or no tightening at all, and what is said of it.
#[rstest]
#[case("rule = \"heparin-clearance\"\nverdict = \"caution\"", "P0301", "the layer below says `clearance`")]
#[case(
    "rule = \"heparin-clearance\"\nverdict = \"clearance\"\nfrom = \"x\"",
    "P0301",
    "`clearance` is not stricter than `clearance`"
)]
#[case("rule = \"heparin-clearance\"\nverdict = \"refer\"", "P0202", "says `refer` and lacks `to`")]
#[case("rule = \"heparin-clearance\"\nverdict = \"defer\"", "P0202", "says `defer` and lacks `until`")]
#[case(
    "rule = \"heparin-clearance\"\nverdict = \"decline\"\nto = \"x\"",
    "P0202",
    "`to` belongs to the verdict `refer`"
)]
#[case("rule = \"heparin-clearance\"\nto = \"x\"", "P0202", "this goes with a stricter `verdict`")]
#[case("rule = \"heparin-clearance\"\ndays = 3", "P0202", "waits for no days")]
#[case("rule = \"heparin-clearance\"\nabsolute = false", "P0301", "`absolute = false` is not stricter")]
#[case("rule = \"pregnancy\"\nabsolute = true", "P0301", "the layer below says `absolute = true`")]
#[case(
    "rule = \"heparin-clearance\"\noverride = [\"because\"]",
    "P0301",
    "`because` is no reason of rule `heparin-clearance`"
)]
#[case("rule = \"heparin-clearance\"", "P0301", "tightens nothing")]
#[case("rule = \"heparin-clearence\"\nverdict = \"decline\"", "P0101", "did you mean `heparin-clearance`")]
#[case("rule = \"isotretinoin-recent\"\ndays = 180", "P0301", "the layer below says 180 days")]
#[case("rule = \"isotretinoin-recent\"\ndays = 90", "P0301", "90 days are not longer")]
#[case("rule = \"isotretinoin-recent\"\nuntil = { days = 400 }", "P0202", "to lengthen a wait write `days`")]
#[case("rule = \"heparin-clearance\"\nlimit = \"lidocaine-plain\"", "P0304", "expected one of them")]
#[case("limit = \"lidocaine-plain\"\nmg = 300", "P0301", "the layer below says 300")]
#[case("limit = \"lidocaine-plain\"\nmg = 301", "P0301", "`mg = 301` is not lower")]
#[case("limit = \"lidocain-plain\"\nmg = 3", "P0101", "did you mean `lidocaine-plain`")]
#[case("limit = \"lidocaine-plain\"\nmgs = 3", "E0003", "did you mean `mg`")]
#[case("ingredient = \"riboflavin\"\noffered = false", "P0301", "the layer below says `offered = false`")]
#[case("ingredient = \"lidocaine\"\noffered = true", "P0301", "`offered = true` is not stricter")]
#[case("ingredient = \"lidocaine\"\nstatus = { EU = \"banned\" }", "E0003", "unknown key `status`")]
fn what_is_not_stricter_is_told(#[case] text: &str, #[case] code: &str, #[case] said: &str) {
    let report = mistakes(&format!("[[tighten]]\n{text}\nwhy = \"House rule.\"\n"));
    assert!(report.contains(code) && report.contains(said), "{report}");
    assert!(report.ends_with("\n1 problem\n"), "more than one thing is said\n{report}");
}

#[test]
fn a_tightening_needs_a_reason_and_stands_once() {
    assert!(
        mistakes("[[tighten]]\nrule = \"heparin-clearance\"\nabsolute = true\n").contains("[[tighten]] lacks `why`")
    );
    let report = mistakes(&format!("{LONGER}{}", LONGER.replace("365", "400")));
    assert!(report.contains("P0303") && report.contains("is tightened twice in this layer"), "{report}");
    let own = "[[rule]]\nid = \"house\"\ntitle = \"t\"\nverdict = \"caution\"\nwhen = {}\nmessage = \"m\"\nwhy = \"w\"\nbasis = \"policy\"\nevidence = \"D\"\n[[tighten]]\nrule = \"house\"\nabsolute = true\nwhy = \"w\"\n";
    let report = mistakes(own);
    assert!(report.contains("P0304") && report.contains("change it where it stands"), "{report}");
}

#[test]
fn a_stricter_verdict_does_not_hide_that_nothing_is_left() {
    // A caution that takes the only goal out ends in a refusal; as a deferral it must not end in less.
    let house = "[review]\nsince = 2026-11-22\ndue = 2027-11-22\n[[rule]]\nid = \"house\"\ntitle = \"t\"\nverdict = \"caution\"\nwhen = { skin.glogau = \"2\" }\nexclude = { goal = \"hydration\" }\nmessage = \"m\"\nwhy = \"w\"\nbasis = \"policy\"\nevidence = \"D\"\n";
    let later = "[[tighten]]\nrule = \"house\"\nverdict = \"defer\"\nuntil = { days = 30 }\nwhy = \"w\"\n";
    for layers in [&[("region", house)][..], &[("region", house), ("clinic", later)]] {
        let pack = loaded(layers).unwrap();
        assert_eq!(assessed(&pack, "glogau = 2", "glogau = 2").verdict, Outcome::Decline);
    }
}

/// Heparin asks for clearance; this clinic makes it a caution for half a year.
const MILDER: &str = r#"
[[override]]
rule = "heparin-clearance"
verdict = "caution"
why = "Every patient on it is seen by our own cardiologist first."
by = "Dr Ada Example"
on = 2026-10-02
expires = 2027-04-01
"#;

#[test]
fn an_override_holds_for_its_time_and_is_said_where_its_rule_fires() {
    let pack = with(MILDER);
    let taking = "medications = [{ id = \"heparin\", stopped_days_ago = 0 }]";
    for (today, verdict, state) in [
        (date(2026, 10, 1), Verdict::Clearance, OverrideState::NotYet),
        (date(2026, 10, 2), Verdict::Caution, OverrideState::InForce),
        (date(2027, 3, 31), Verdict::Caution, OverrideState::InForce),
        (date(2027, 4, 1), Verdict::Clearance, OverrideState::Expired),
    ] {
        let result = assessed_on(&pack, NO_MEDICATION, taking, today);
        let finding = finding(&result, "heparin-clearance");
        assert_eq!(finding.verdict, verdict, "{today}");
        assert_eq!(finding.from.is_some(), verdict == Verdict::Clearance);
        let clinic = finding.clinic_override.as_ref().expect("it is said");
        assert_eq!(clinic.state, state);
        let words = clinic.words();
        assert!(words.contains("Dr Ada Example") && words.contains("our own cardiologist"), "{words}");
        let notices: Vec<_> = result.notices.iter().filter(|notice| notice.contains("heparin-clearance")).collect();
        assert_eq!(notices.len(), usize::from(state != OverrideState::InForce), "{notices:?}");
        assert_eq!(overrides(&pack, today)[0].state, state);
    }
    let expired = assessed_on(&pack, "glogau = 2", "glogau = 2", date(2027, 4, 1));
    assert!(
        expired.notices.iter().any(|n| n.contains("expired on 2027-04-01 and not applied")),
        "also where nothing fires"
    );
    // What the rule takes out stays out.
    let before = assessed(&PACK, NO_MEDICATION, taking);
    assert_eq!(assessed(&pack, NO_MEDICATION, taking).excluded, before.excluded);
    let intake = common::healthy_but(&[(NO_MEDICATION, taking)]);
    let explained = explain_rule(&pack, &intake, TODAY, "heparin-clearance").unwrap();
    assert_eq!((explained.verdict, explained.clinic_override.is_some()), (Verdict::Caution, true));
}

/// What an override says wrongly, and what is said of it. The text replaces part of [`MILDER`].
#[rstest]
#[case("\"heparin-clearance\"", "\"pregnancy\"", "P0302", "rule `pregnancy` is absolute")]
#[case("\"heparin-clearance\"", "\"allergy-mannitol\"", "P0302", "is made from the vocabulary")]
#[case("\"heparin-clearance\"", "\"heparin-clearence\"", "P0101", "did you mean `heparin-clearance`")]
#[case("\"caution\"", "\"proceed\"", "P0302", "one step at most: `verdict = \"caution\"`")]
#[case("\"caution\"", "\"clearance\"", "P0302", "would change nothing")]
#[case("\"caution\"", "\"decline\"", "P0302", "stricter is a [[tighten]]")]
#[case("verdict = \"caution\"", "off = true", "P0302", "only a caution or a note")]
#[case("verdict = \"caution\"", "", "P0302", "an override of nothing")]
#[case("verdict = \"caution\"", "verdict = \"caution\"\noff = true", "P0302", "or two in one")]
#[case(
    "verdict = \"caution\"",
    "verdict = \"caution\"\nfrom = \"x\"",
    "P0202",
    "`from` belongs to the verdict `clearance`"
)]
#[case("verdict = \"caution\"", "verdict = \"caution\"\nexclude = {}", "E0003", "unknown key `exclude`")]
#[case("2027-04-01", "2027-10-03", "P0302", "at the latest 2027-10-02")]
#[case("2027-04-01", "2026-10-02", "P0302", "expected a day after 2026-10-02")]
#[case("expires = 2027-04-01\n", "", "E0004", "lacks `expires`")]
#[case("by = \"Dr Ada Example\"\n", "", "E0004", "lacks `by`")]
#[case("by = \"Dr Ada Example\"", "by = \" \"", "E0006", "`by` is empty")]
fn an_override_that_may_not_be_is_told(#[case] from: &str, #[case] to: &str, #[case] code: &str, #[case] said: &str) {
    assert!(MILDER.contains(from), "{from}");
    let report = mistakes(&MILDER.replacen(from, to, 1));
    assert!(report.contains(code) && report.contains(said), "{report}");
    assert!(report.ends_with("\n1 problem\n"), "more than one thing is said\n{report}");
}

#[test]
fn an_override_and_another_layer_do_not_contradict_each_other() {
    let report = mistakes(&format!("{MILDER}{MILDER}"));
    assert!(report.contains("P0303") && report.contains("is overridden twice"), "{report}");
    let raised = "[[tighten]]\nrule = \"heparin-clearance\"\nverdict = \"decline\"\nwhy = \"w\"\n";
    let report = mistakes(&format!("{MILDER}{raised}"));
    assert!(report.contains("P0303") && report.contains("made stricter in clinic"), "{report}");
    let report = loaded(&[("region", MILDER), ("clinic", raised)]).unwrap_err();
    assert!(report.contains("P0303"), "{report}");
    // Below it a stricter verdict is what the override starts from.
    let pack =
        loaded(&[("region", raised), ("clinic", &MILDER.replace("\"caution\"", "\"refer\"\nto = \"x\""))]).unwrap();
    assert_eq!(pack.rules.get("heparin-clearance").unwrap().ruling_on(TODAY).verdict, Verdict::Refer);
    let absolute = "[[tighten]]\nrule = \"heparin-clearance\"\nabsolute = true\nwhy = \"w\"\n";
    assert!(loaded(&[("region", absolute), ("clinic", MILDER)]).unwrap_err().contains("P0302"));
    let limit = mistakes(&MILDER.replace("rule = \"heparin-clearance\"", "limit = \"lidocaine-plain\""));
    assert!(limit.contains("P0302") && limit.contains("no rule"), "{limit}");
}

#[test]
fn a_caution_that_is_switched_off_is_a_note_without_consequences() {
    let rule = |r: &&Rule| {
        r.verdict == Verdict::Caution
            && !r.absolute
            && r.exclude.is_empty()
            && r.modifies.test_spot.is_some()
            && !r.is_generated()
    };
    let rule = PACK.rules.iter().find(rule).expect("a caution with a test spot");
    let text = MILDER
        .replace("verdict = \"caution\"", "off = true")
        .replace("\"heparin-clearance\"", &format!("\"{}\"", rule.id));
    let pack = with(&text);
    let ruling = pack.rules.get(&rule.id).unwrap().ruling_on(TODAY);
    assert_eq!((ruling.verdict, ruling.off), (Verdict::Proceed, true));
    let later = pack.rules.get(&rule.id).unwrap().ruling_on(date(2027, 4, 1));
    assert_eq!((later.verdict, later.off), (Verdict::Caution, false));
    let noted = PACK.rules.iter().find(|r| r.verdict == Verdict::Caution && !r.absolute && !r.exclude.is_empty());
    let text = MILDER
        .replace("verdict = \"caution\"", "off = true")
        .replace("\"heparin-clearance\"", &format!("\"{}\"", noted.unwrap().id));
    assert!(mistakes(&text).contains("excludes something"));
}

#[test]
fn members_of_a_group_can_be_added_and_never_taken_away() {
    let pack = with("[[medication]]\nid = \"house-anticoagulant\"\nlabel = \"House\"\ngroups = [\"anticoagulants\"]\n");
    let group = |pack: &Pack| {
        let ix = pack.groups.find("medication/anticoagulants").expect("the group");
        pack.medications.iter().filter(|item| item.groups.contains(ix)).map(|item| item.id.clone()).collect::<Vec<_>>()
    };
    let (before, after) = (group(&PACK), group(&pack));
    assert!(before.iter().all(|id| after.contains(id)) && after.len() == before.len() + 1);
    let again = "[[group]]\nid = \"anticoagulants\"\nof = \"medication\"\nlabel = \"A\"\nmembers = []\n";
    assert!(mistakes(again).contains("P0102"), "a layer cannot define the group anew");
    let item = "[[medication]]\nid = \"warfarin\"\nlabel = \"Warfarin\"\ngroups = []\n";
    assert!(mistakes(item).contains("P0102"), "nor a member without its groups");
}

/// One random tightening of a rule, written so that it is one.
fn tightening() -> impl Strategy<Value = (usize, u8, usize, i32)> {
    (0..PACK.rules.len(), 0_u8..6, 0..PACK.ingredients.len(), 1_i32..400)
}

/// The tightening as text; `None` where this rule cannot be tightened like this.
fn written((at, how, ingredient, n): (usize, u8, usize, i32)) -> Option<(String, String)> {
    let rule = PACK.rules.iter().nth(at)?;
    let what = match how {
        0 => {
            let stricter: Vec<Verdict> = Verdict::ALL.into_iter().filter(|v| *v > rule.verdict).collect();
            let verdict = *stricter.get(n as usize % stricter.len().max(1))?;
            let needs = match verdict {
                Verdict::Clearance => "\nfrom = \"the invented specialist\"".to_owned(),
                Verdict::Defer => format!("\nuntil = {{ days = {n} }}"),
                Verdict::Refer => "\nto = \"an invented clinic\"".to_owned(),
                _ => String::new(),
            };
            format!("verdict = \"{}\"{needs}", verdict.word())
        }
        1 => {
            let days = rule.until.as_ref()?.days?;
            format!("days = {}\n{WORDS}", days + n)
        }
        2 => {
            let ix = pack::Ix::new(ingredient);
            if rule.exclude.ingredients.contains(ix) {
                return None;
            }
            format!("exclude = {{ ingredient = \"{}\" }}", PACK.ingredients[ix].id)
        }
        3 => {
            let goal = PACK.goals.entries().nth(n as usize % PACK.goals.len())?;
            if rule.exclude.goals.contains(goal.0) {
                return None;
            }
            format!("exclude = {{ goal = \"{}\" }}", goal.1.id)
        }
        4 if rule.modifies.interval_days.is_none_or(|days| days < n) && n <= 365 => format!("interval_days = {n}"),
        5 if !rule.modifies.single_product => "single_product = true".to_owned(),
        _ => return None,
    };
    Some((rule.id.clone(), format!("[[tighten]]\nrule = \"{}\"\n{what}\nwhy = \"House rule.\"\n", rule.id)))
}

/// A layer of random tightenings, limits and ingredients included.
fn tight_layer() -> impl Strategy<Value = String> {
    let rules = proptest::collection::vec(tightening(), 20..60);
    let limits = proptest::sample::subsequence(PACK.limits.ids().map(str::to_owned).collect::<Vec<_>>(), 0..5);
    let unoffered = proptest::sample::subsequence(PACK.ingredients.ids().map(str::to_owned).collect::<Vec<_>>(), 0..4);
    (rules, limits, unoffered).prop_map(|(rules, limits, unoffered)| {
        let mut seen = Vec::new();
        let mut text = String::new();
        for (id, one) in rules.into_iter().filter_map(written) {
            if !seen.contains(&id) {
                seen.push(id);
                text.push_str(&one);
            }
        }
        for id in limits {
            let limit = PACK.limits.get(&id).expect("a limit");
            let lower = match limit.mg {
                Some(mg) => format!("mg = {}", pack::Amount::thousandths((mg.as_thousandths() / 2).max(1))),
                None => "mg = 1".to_owned(),
            };
            text.push_str(&format!("[[tighten]]\nlimit = \"{id}\"\n{lower}\nwhy = \"House rule.\"\n"));
        }
        for id in unoffered.iter().filter(|id| PACK.ingredient(PACK.ingredients.find(id).unwrap()).offered) {
            text.push_str(&format!("[[tighten]]\ningredient = \"{id}\"\noffered = false\nwhy = \"House rule.\"\n"));
        }
        text
    })
}

fn never_milder(pack: &Pack, intake: &Intake) -> Result<(), TestCaseError> {
    let (before, after) = (assess(&PACK, intake, TODAY), assess(pack, intake, TODAY));
    for old in &before.excluded {
        let new = after.excluded.iter().find(|new| new.kind == old.kind && new.id == old.id);
        prop_assert!(new.is_some_and(|new| old.rules.iter().all(|rule| new.rules.contains(rule))), "{:?}", old);
    }
    for old in before.findings.iter().filter(|f| PACK.rules.get(&f.rule).is_some()) {
        let new = after.findings.iter().find(|new| new.rule == old.rule);
        prop_assert!(new.is_some_and(|new| new.verdict >= old.verdict), "{} became milder", old.rule);
    }
    // Incomplete stands apart: it is no plan either way.
    if before.verdict != Outcome::Incomplete && after.verdict != Outcome::Incomplete {
        prop_assert!(
            after.verdict.strictness() >= before.verdict.strictness(),
            "{:?} became {:?}: {:?}",
            before.verdict,
            after.verdict,
            after.findings
        );
        if let (Some(old), Some(new)) = (before.until, after.until) {
            prop_assert!(new >= old);
        }
    }
    if let Some(plan) = &after.plan {
        for dose in plan.cocktails.iter().flat_map(|cocktail| &cocktail.ingredients) {
            prop_assert!(pack.ingredient(pack.ingredients.find(&dose.id).unwrap()).offered, "{} is planned", dose.id);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn no_tightening_makes_anything_milder(
        text in tight_layer(),
        healthy in proptest::collection::vec(nearly_healthy(), 12),
        any in proptest::collection::vec(any_intake(), 4),
    ) {
        let pack = loaded(&[("clinic", &text)]).map_err(TestCaseError::fail)?;
        for intake in healthy.iter().chain(&any) {
            never_milder(&pack, intake)?;
        }
    }
}
