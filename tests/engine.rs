//! The assessment as its users meet it: single patients, and what must hold for all of them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::intakes::{any_intake, entries, nearly_healthy};
use common::{MITIGATING, PACK, TODAY, healthy_but, intake};

use jiff::ToSpan;
use jiff::civil::date;
use pistor::intake::{Answer, Entry, Intake, What};
use pistor::pack::List;
use pistor::plan::{
    Adjustments, Assessment, LimitUse, Outcome, OwnMix, OwnPart, assess, assess_adjusted, explain, explain_ingredient,
    explain_rule, mix_choices,
};
use pistor::rules::facts;
use proptest::prelude::*;
use rstest::rstest;

/// The intake of the documentation, word for word.
const DOCUMENTED: &str = include_str!("fixtures/documented-intake.toml");

#[test]
fn the_documented_intake_is_understood() {
    let result = assess(&PACK, &intake(DOCUMENTED), TODAY);
    assert_eq!(result.verdict, Outcome::Defer);
    assert!(result.missing.is_empty(), "{:?}", result.missing);
    assert!(result.excluded.iter().any(|e| e.id == "hyaluronidase"));
    assert!(!result.requested[0].allowed);
}

fn rules(assessment: &Assessment) -> Vec<&str> {
    assessment.findings.iter().map(|finding| finding.rule.as_str()).collect()
}

#[test]
fn a_healthy_patient_gets_hyaluronic_acid_in_three_dated_sessions() {
    let result = assess(&PACK, &healthy_but(&[]), TODAY);
    assert_eq!(result.verdict, Outcome::Proceed);
    assert!(result.findings.is_empty(), "{:?}", rules(&result));
    let plan = result.plan.expect("a plan");
    assert_eq!(plan.cocktails[0].ingredients[0].id, "hyaluronic-acid");
    assert!(!plan.cocktails[0].sources.is_empty());
    let dates: Vec<_> = plan.sessions.iter().map(|s| s.date).collect();
    assert_eq!(dates, [Some(TODAY), Some(date(2026, 12, 20)), Some(date(2027, 1, 17))]);
    assert!(plan.sessions.iter().all(|s| s.phase == "induction"));
}

#[test]
fn the_lidocaine_ceiling_follows_the_weight() {
    let ceiling = |kg: &str| {
        // Somebody thin of that height is referred, and gets no plan.
        let height = if kg.contains("45.5") { "height_cm = 155" } else { "height_cm = 168" };
        let result = assess(&PACK, &healthy_but(&[("weight_kg = 62", kg), ("height_cm = 168", height)]), TODAY);
        let limits = result.plan.expect("a plan").limits;
        limits.into_iter().find(|limit| limit.id == "lidocaine-plain").and_then(|limit| limit.ceiling_mg)
    };
    assert_eq!(ceiling("weight_kg = 62"), Some(279.0));
    assert_eq!(ceiling("weight_kg = 80"), Some(300.0), "the fixed ceiling is the lower one");
    assert_eq!(ceiling("weight_kg = 45.5"), Some(204.8));
    // BMI 35: the ideal weight of 59.6 kg counts, not the 99 kg on the scales.
    assert_eq!(ceiling("weight_kg = 99"), Some(268.2));
}

#[rstest]
#[case::pregnant("pregnancy = \"no\"", "pregnancy = \"pregnant\"", Outcome::Decline, "pregnancy")]
#[case::possibly_pregnant("pregnancy = \"no\"", "pregnancy = \"possible\"", Outcome::Decline, "pregnancy")]
#[case::pregnancy_unknown("pregnancy = \"no\"", "pregnancy = \"unknown\"", Outcome::Decline, "pregnancy")]
#[case::minor("age = 44", "age = 17", Outcome::Decline, "under-18")]
#[case::warfarin(
    "medications = []",
    "medications = [{ id = \"warfarin\" }]",
    Outcome::Clearance,
    "vitamin-k-antagonist-clearance"
)]
#[case::unlabelled("provenance = []", "provenance = [\"unlabelled\"]", Outcome::Decline, "product-unidentified")]
fn one_answer_decides(#[case] from: &str, #[case] to: &str, #[case] verdict: Outcome, #[case] rule: &str) {
    let result = assess(&PACK, &healthy_but(&[(from, to)]), TODAY);
    assert_eq!(result.verdict, verdict, "{:?}", rules(&result));
    assert!(rules(&result).contains(&rule), "{:?}", rules(&result));
}

#[test]
fn what_was_not_asked_is_never_no() {
    for line in ["pregnancy = \"no\"\n", "conditions = []\n", "medications = []\n", "age = 44\n", "provenance = []\n"] {
        let result = assess(&PACK, &healthy_but(&[(line, "")]), TODAY);
        assert_eq!(result.verdict, Outcome::Incomplete, "without {line}");
        assert!(result.plan.is_none());
        assert!(!result.missing.is_empty());
    }
}

#[test]
fn a_refusal_waits_for_what_everybody_is_asked_and_for_nothing_else() {
    let pregnant = ("pregnancy = \"no\"", "pregnancy = \"pregnant\"");
    let open = assess(&PACK, &healthy_but(&[pregnant, ("medications = []\n", "")]), TODAY);
    assert_eq!(open.verdict, Outcome::Incomplete);
    assert!(rules(&open).contains(&"pregnancy"), "the finding shows at once");
    let thighs =
        ("{ goal = \"hydration\", areas = [\"cheeks\"] }", "{ goal = \"localised-fat\", areas = [\"thighs\"] }");
    let refused = assess(&PACK, &healthy_but(&[thighs]), TODAY);
    assert_eq!(refused.verdict, Outcome::Decline);
    assert!(refused.missing.iter().any(|m| m.question == "history.weight_change"), "{:?}", refused.missing);
}

#[test]
fn french_law_declines_thigh_fat_and_leaves_the_face_alone() {
    let thighs = [
        ("jurisdiction = \"EU\"", "jurisdiction = \"FR\""),
        ("{ goal = \"hydration\", areas = [\"cheeks\"] }", "{ goal = \"localised-fat\", areas = [\"thighs\"] }"),
    ];
    let result = assess(&PACK, &healthy_but(&thighs), TODAY);
    assert_eq!(result.verdict, Outcome::Decline);
    assert!(rules(&result).contains(&"fr-lipolysis-ban"));
    let face = assess(&PACK, &healthy_but(&thighs[..1]), TODAY);
    assert_eq!(face.verdict, Outcome::Proceed);
    assert_eq!(face.plan.expect("a plan").cocktails[0].recipe, "ha-hydration");
}

#[test]
fn a_refused_goal_leaves_the_others_standing() {
    let both = healthy_but(&[
        ("areas = [\"cheeks\"] }", "areas = [\"cheeks\"] }, { goal = \"cellulite\", areas = [\"thighs\"] }"),
        ("aftercare = \"able\" }", "aftercare = \"able\" }\nweight_change = \"stable\""),
    ]);
    let result = assess(&PACK, &both, TODAY);
    let plan = result.plan.as_ref().unwrap_or_else(|| panic!("no plan: {:?} {:?}", rules(&result), result.missing));
    assert_eq!(result.verdict, Outcome::Caution);
    assert_eq!(plan.cocktails.len(), 1);
    assert_eq!(plan.without[0].goal, "cellulite");
    assert!(!plan.without[0].instead.is_empty());
}

#[test]
fn several_goals_in_one_area_make_one_coherent_plan() {
    let goals = "{ goal = \"hydration\", areas = [\"cheeks\"] }, { goal = \"wrinkles\", areas = [\"cheeks\"] }, \
                 { goal = \"hyperpigmentation\", areas = [\"cheeks\"] }";
    let intake = healthy_but(&[("{ goal = \"hydration\", areas = [\"cheeks\"] }", goals)]);
    let plan = assess(&PACK, &intake, TODAY).plan.expect("a plan");
    let labels: Vec<_> = plan.cocktails.iter().map(|c| (c.goal.as_str(), c.also_for.clone())).collect();
    // The same product is given once for both goals; another product takes turns.
    assert_eq!(labels, [("hydration", vec!["wrinkles".to_owned()]), ("hyperpigmentation", Vec::new())]);
    for session in &plan.sessions {
        assert!(session.goals.len() != 3, "two cocktails in one area in {session:?}");
    }
    let days: Vec<i32> = plan.sessions.iter().map(|s| s.after_days).collect();
    assert!(days.windows(2).all(|pair| pair[1] - pair[0] >= 14), "{days:?}");
    assert!(plan.changes.iter().any(|change| change.contains("takes turns")), "{:?}", plan.changes);
}

#[rstest]
// The part beside its whole, in either order.
#[case(r#"{ goal = "hydration", areas = ["face", "forehead"] }"#, &["face"], "Forehead, hydration and glow: a part of face")]
#[case(r#"{ goal = "hydration", areas = ["forehead", "face"] }"#, &["face"], "Forehead, hydration and glow: a part of face")]
// The same product for another goal in a part of the field.
#[case(
    r#"{ goal = "wrinkles", areas = ["crows-feet"] }, { goal = "hydration", areas = ["face"] }"#,
    &["face wrinkles"],
    "Crow's feet (outer eye corner), fine lines and wrinkles: a part of face"
)]
// Two parts of one whole that is not treated itself stay two.
#[case(r#"{ goal = "hydration", areas = ["forehead", "cheeks"] }"#, &["forehead", "cheeks"], "")]
fn an_area_inside_another_is_treated_once(#[case] goals: &str, #[case] expected: &[&str], #[case] said: &str) {
    let intake = healthy_but(&[("{ goal = \"hydration\", areas = [\"cheeks\"] }", goals)]);
    let plan = assess(&PACK, &intake, TODAY).plan.expect("a plan");
    let treated: Vec<String> =
        plan.cocktails.iter().map(|c| [std::slice::from_ref(&c.area), &c.also_for[..]].concat().join(" ")).collect();
    assert_eq!(treated, expected);
    assert_eq!(plan.changes.iter().any(|change| change.contains("a part of")), !said.is_empty(), "{:?}", plan.changes);
    assert!(plan.changes.iter().any(|change| change.starts_with(said)), "{:?}", plan.changes);
}

#[test]
fn what_only_rests_on_a_list_nobody_knows_stands_under_it_and_goes_on_to_count() {
    let result = assess(&PACK, &healthy_but(&[("medications = []", "medications = \"unknown\"")]), TODAY);
    let list = result.findings.iter().find(|f| f.rule == "not-known-medications").expect("the list");
    let under: Vec<_> =
        result.findings.iter().filter(|f| f.under.as_deref() == Some("not-known-medications")).collect();
    assert!(under.len() > 3, "{:?}", rules(&result));
    assert_eq!(list.folded.len(), under.len());
    assert!(list.title.ends_with(&format!("; {} rules cannot be excluded", under.len())), "{}", list.title);
    // Nothing of it is milder: the list is as strict as the strictest under it, and that decides.
    assert!(under.iter().all(|f| f.verdict <= list.verdict), "{:?}", list.verdict);
    assert_eq!(Some(result.verdict), result.findings.iter().map(|f| Outcome::from(f.counts_as())).next());
    // What is certain, or rests on something else as well, stands by itself.
    assert!(result.shown().all(|(_, f)| f.under.is_none()));
    let pregnant = healthy_but(&[("medications = []", "medications = \"unknown\""), ("\"no\"", "\"pregnant\"")]);
    assert!(assess(&PACK, &pregnant, TODAY).shown().any(|(_, f)| f.rule == "pregnancy"));
}

#[test]
fn words_without_a_code_are_kept_and_raise_a_finding() {
    let result = assess(&PACK, &healthy_but(&[("items = []", "items = [{ text = \"rash from some cream\" }]")]), TODAY);
    assert_eq!(result.verdict, Outcome::Clearance);
    let finding = result.findings.iter().find(|f| f.rule == "free-text-allergies").expect("a finding");
    assert!(finding.message.contains("rash from some cream"));
    assert!(result.plan.expect("a plan").conditional);
}

#[test]
fn words_hold_the_plan_back_until_exactly_these_were_reviewed() {
    let words = "items = [{ text = \"rash from some cream\" }, { text = \"fainted once\" }]";
    let intake = healthy_but(&[("items = []", words)]);
    let reviewed = |words: &[&str]| Adjustments {
        reviewed: words.iter().map(|&word| word.to_owned()).collect(),
        ..Adjustments::default()
    };
    let verdict = |words: &[&str]| assess_adjusted(&PACK, &intake, &reviewed(words), TODAY).verdict;
    assert_eq!(verdict(&[]), Outcome::Clearance);
    assert_eq!(verdict(&["rash from some cream"]), Outcome::Clearance);
    assert_eq!(verdict(&["rash from some cream", "something else"]), Outcome::Clearance);
    assert_eq!(verdict(&["fainted once", "rash from some cream"]), Outcome::Caution);
}

#[test]
fn nothing_is_planned_before_the_reflection_time_has_passed() {
    let first = |days: Option<u32>, events: &str| {
        let adjustments = Adjustments { reflection_days: days, ..Adjustments::default() };
        let result = assess_adjusted(&PACK, &healthy_but(&[("events = []", events)]), &adjustments, TODAY);
        let plan = result.plan.expect("a plan");
        (plan.sessions[0].date.expect("a date"), plan.changes.join(" "))
    };
    let after = |days: i64| TODAY.checked_add(days.days()).expect("a day");
    let (day, changes) = first(None, "events = []");
    assert_eq!(day, TODAY);
    assert!(changes.contains("earliest possible"), "{changes}");
    let (day, changes) = first(Some(0), "events = []");
    assert_eq!(day, TODAY);
    assert!(!changes.contains("earliest"), "{changes}");
    let (day, changes) = first(Some(7), "events = []");
    assert_eq!(day, after(7));
    assert!(changes.contains("reflection time of 7 days"), "{changes}");
    // Of a deferral and a reflection time the later one counts.
    let peel = "events = [{ id = \"chemical-peel\", days_ago = 10, site = \"here\" }]";
    let (deferred, _) = first(None, peel);
    assert_eq!(first(Some(7), peel).0, deferred);
    assert_eq!(first(Some(400), peel).0, after(400));
}

#[test]
fn nobody_is_told_a_diagnosis_that_nobody_made() {
    let result = assess(&PACK, &healthy_but(&[("medications = []", "medications = \"unknown\"")]), TODAY);
    let cancer = result.findings.iter().find(|f| f.rule == "cancer-treatment-active").expect("it counts");
    assert!(cancer.title.starts_with("Not ruled out: "), "{}", cancer.title);
    assert!(cancer.message.starts_with("If so: "), "{}", cancer.message);
    let first = &result.findings[0];
    assert_eq!((first.rule.as_str(), first.verdict), ("not-known-medications", cancer.verdict));
    assert!(first.message.starts_with("Obtain the answer"), "{}", first.message);
    for finding in result.findings.iter().filter(|f| !f.assumed.is_empty()) {
        let words = finding.patient.clone().unwrap_or_default().to_lowercase();
        assert!(!words.contains("cancer"), "{}: {words}", finding.rule);
        let title = finding.title.to_lowercase();
        assert!(title.contains("not ruled out") || title.contains("not known"), "{title}");
    }
    // What is known stands as it is.
    let known = "medications = [{ id = \"isotretinoin\", stopped_days_ago = 20 }]";
    let result = assess(&PACK, &healthy_but(&[("medications = []", known)]), TODAY);
    let finding = result.findings.iter().find(|f| f.rule == "isotretinoin-recent").expect("it fires");
    assert_eq!(finding.title, PACK.rules.get("isotretinoin-recent").expect("a rule").title);
}

#[test]
fn a_place_that_is_not_known_is_said_to_be_assumed() {
    let keloid = |site: &str| {
        let list = format!("conditions = [{{ id = \"keloid\", status = \"stable\"{site} }}]");
        let lines = [("conditions = []", list.as_str()), ("goal = \"hydration\"", "goal = \"wrinkles\"")];
        assess(&PACK, &healthy_but(&lines), TODAY)
    };
    let open = keloid("");
    assert_eq!(open.verdict, Outcome::Decline);
    for rule in ["keloid-personal", "no-recommended-injectable"] {
        let finding = open.findings.iter().find(|f| f.rule == rule).expect("a finding");
        assert!(finding.assumed.iter().any(|text| text.contains("where not known")), "{rule}: {:?}", finding.assumed);
        assert_eq!(finding.questions[0], "history.conditions", "{rule}");
    }
    let elsewhere = keloid(", site = \"elsewhere\"");
    assert_eq!(elsewhere.verdict, Outcome::Caution);
    assert!(elsewhere.findings.iter().all(|f| f.assumed.is_empty()));
}

#[test]
fn what_is_excluded_has_no_maximum() {
    let lidocaine = "items = [{ id = \"lidocaine\", reaction = \"anaphylaxis\", verified = \"yes\" }]";
    let limits = |lines: &[(&str, &str)]| assess(&PACK, &healthy_but(lines), TODAY).plan.map(|plan| plan.limits);
    let shown = |limits: Option<Vec<LimitUse>>| {
        limits.is_some_and(|limits| limits.iter().any(|limit| limit.id.contains("lidocaine")))
    };
    assert!(shown(limits(&[])));
    let without = limits(&[("items = []", lidocaine)]);
    assert!(without.is_some());
    assert!(!shown(without));
}

#[test]
fn a_gel_is_never_given_by_nappage_in_a_mix_either() {
    let intake = healthy_but(&[("areas = [\"cheeks\"]", "areas = [\"face\"]")]);
    for gel in ["hyaluronic-acid-crosslinked", "hyaluronic-acid-hybrid"] {
        let mix = OwnMix {
            goal: "hydration".to_owned(),
            area: "face".to_owned(),
            recipe: "ha-hydration".to_owned(),
            parts: vec![OwnPart { ingredient: gel.to_owned(), ul: 500 }],
            point_ul: None,
        };
        let offered = mix_choices(&PACK, &facts(&PACK, &intake, TODAY), &mix);
        assert!(offered.iter().all(|choice| choice.id != gel), "{gel} is offered");
        let adjustments = Adjustments { mixes: vec![mix], ..Adjustments::default() };
        let plan = assess_adjusted(&PACK, &intake, &adjustments, TODAY).plan.expect("a plan");
        assert!(
            plan.refused.iter().any(|refused| refused.why.contains("never given by nappage")),
            "{:?}",
            plan.refused
        );
        assert!(plan.cocktails.iter().all(|c| c.ingredients.iter().all(|dose| dose.id != gel)));
    }
}

#[test]
fn a_deferral_moves_the_calendar() {
    let peel = "events = [{ id = \"chemical-peel\", days_ago = 10, site = \"here\" }]";
    let result = assess(&PACK, &healthy_but(&[("events = []", peel)]), TODAY);
    assert_eq!(result.verdict, Outcome::Defer);
    let until = Some(date(2027, 5, 11));
    assert_eq!(result.until, until);
    assert_eq!(result.plan.expect("a plan").sessions[0].date, until);
}

#[test]
fn an_override_needs_a_rule_that_allows_it() {
    let warfarin = healthy_but(&[
        ("medications = []", "medications = [{ id = \"warfarin\" }]"),
        ("pregnancy = \"no\"", "pregnancy = \"pregnant\""),
    ]);
    let mut adjustments = Adjustments::default();
    for rule in ["pregnancy", "vitamin-k-antagonist-clearance"] {
        adjustments.override_rule(rule, "because I say so");
    }
    let result = assess_adjusted(&PACK, &warfarin, &adjustments, TODAY);
    assert_eq!(result.verdict, Outcome::Decline, "an absolute rule yields to nobody");
    let pregnancy = result.findings.iter().find(|f| f.rule == "pregnancy").expect("fires");
    assert_eq!(pregnancy.overridden, None);
}

#[test]
fn nobody_is_sent_for_a_clearance_after_which_there_is_nothing_to_give() {
    let cleared = |goal: &str| {
        let intake = healthy_but(&[
            ("medications = []", "medications = [{ id = \"apixaban\", stopped_days_ago = 0, prescribed = \"yes\" }]"),
            ("goal = \"hydration\"", goal),
        ]);
        assess(&PACK, &intake, TODAY)
    };
    let glow = cleared("goal = \"hydration\"");
    assert_eq!(glow.verdict, Outcome::Clearance, "hyaluronic acid can be given once the letter is there");
    let marks = cleared("goal = \"hyperpigmentation\"");
    assert!(marks.findings.iter().any(|f| f.rule == "no-recommended-injectable"), "{:?}", marks.findings);
    assert_eq!(marks.verdict, Outcome::Decline);
    assert!(marks.plan.is_none());
}

#[test]
fn another_recipe_can_be_taken_only_if_the_rules_allow_it() {
    let mut adjustments = Adjustments::default();
    adjustments.choose("hydration", "cheeks", "ha-mannitol-hydration");
    let taken = |adjustments: &Adjustments, intake: &Intake| {
        assess_adjusted(&PACK, intake, adjustments, TODAY).plan.expect("a plan").cocktails[0].recipe.clone()
    };
    assert_eq!(taken(&adjustments, &healthy_but(&[])), "ha-mannitol-hydration");
    let allergic = healthy_but(&[("items = []", "items = [{ id = \"mannitol\", reaction = \"immediate-mild\" }]")]);
    let plan = assess_adjusted(&PACK, &allergic, &adjustments, TODAY).plan;
    assert!(plan.is_none_or(|plan| plan.cocktails.iter().all(|c| c.recipe != "ha-mannitol-hydration")));
}

#[test]
fn a_requested_ingredient_is_vetted_by_the_same_rules() {
    let result = assess(
        &PACK,
        &healthy_but(&[
            ("items = []", "items = [{ id = \"wasp-venom\", reaction = \"anaphylaxis\" }]"),
            ("[setting]", "requested = [\"hyaluronidase\", \"lidocaine\"]\n[setting]"),
        ]),
        TODAY,
    );
    let vetted = |id: &str| result.requested.iter().find(|v| v.id == id).expect("vetted");
    assert!(!vetted("hyaluronidase").allowed);
    assert!(
        vetted("lidocaine").limits.iter().any(|limit| limit.contains("279 mg")),
        "{:?}",
        vetted("lidocaine").limits
    );
}

#[test]
fn explain_names_rule_answers_source_and_what_would_change_it() {
    let pregnant = healthy_but(&[("pregnancy = \"no\"", "pregnancy = \"pregnant\"")]);
    let rule = explain_rule(&PACK, &pregnant, TODAY, "pregnancy").expect("a rule");
    assert!(rule.fired && rule.absolute);
    assert!(rule.answers.iter().any(|a| a.question == "history.pregnancy" && a.holds == "yes"));
    assert!(!rule.sources.is_empty());
    assert!(rule.changes.iter().any(|change| change.verdict == Outcome::Proceed), "{:?}", rule.changes);
    let open = explain(&PACK, &healthy_but(&[("pregnancy = \"no\"\n", "")]), TODAY).changes;
    let leads_to = |answer: &str| open.iter().find(|c| c.what.contains(answer)).map(|c| c.verdict);
    assert_eq!(leads_to("not applicable"), Some(Outcome::Defer), "at this age the reason is asked for");
    assert_eq!(leads_to("pregnant"), Some(Outcome::Decline));
    let why_not = explain_rule(&PACK, &healthy_but(&[]), TODAY, "pregnancy").expect("a rule");
    assert!(!why_not.fired);
    assert!(!why_not.answers.is_empty());
    let all = explain(&PACK, &pregnant, TODAY);
    assert_eq!(all.changes.first().map(|c| c.verdict), Some(Outcome::Proceed));
    assert_eq!(
        explain_ingredient(&PACK, &healthy_but(&[]), TODAY, "hyaluronic-acid").map(|i| i.state),
        Some("in the plan")
    );
    assert_eq!(explain_ingredient(&PACK, &healthy_but(&[]), TODAY, "buflomedil").map(|i| i.state), Some("excluded"));
    assert!(explain_rule(&PACK, &pregnant, TODAY, "no-such-rule").is_none());
}

#[test]
fn nobody_is_told_to_stop_a_prescribed_medicine() {
    let warfarin = healthy_but(&[("medications = []", "medications = [{ id = \"warfarin\" }]")]);
    let result = assess(&PACK, &warfarin, TODAY);
    let mut said = serde_json::to_string(&result).expect("json").to_lowercase();
    let explanation = explain(&PACK, &warfarin, TODAY);
    said.push_str(&format!("{explanation:?}").to_lowercase());
    for advice in [
        "stop warfarin",
        "stop the warfarin",
        "pause warfarin",
        "stop taking",
        "discontinue warfarin",
        "withhold warfarin",
    ] {
        assert!(!said.contains(advice), "{advice}");
    }
}

#[rstest]
#[case::it_alone("[\"breast-cancer\"]", Outcome::Decline, &["breast cancer: status not known"])]
#[case::beside_something_milder("[\"breast-cancer\", { id = \"migraine\", status = \"active\" }]", Outcome::Decline, &["breast cancer: status not known"])]
#[case::something_as_strict_is_certain("[\"breast-cancer\", { id = \"aids\", status = \"active\" }]", Outcome::Decline, &[])]
#[case::known("[{ id = \"breast-cancer\", status = \"active\" }]", Outcome::Decline, &[])]
// Where something is keeps places out, and decides no verdict.
#[case::only_the_place_is_open("[{ id = \"melasma\", status = \"active\" }]", Outcome::Caution, &[])]
fn a_verdict_that_rests_on_what_nobody_knows_says_so(
    #[case] conditions: &str,
    #[case] verdict: Outcome,
    #[case] unknown: &[&str],
) {
    let result = assess(&PACK, &healthy_but(&[("conditions = []", &format!("conditions = {conditions}"))]), TODAY);
    assert_eq!(
        (result.verdict, result.rests_on.iter().map(String::as_str).collect::<Vec<_>>()),
        (verdict, unknown.to_vec())
    );
    assert_eq!(result.doubt().is_some(), !unknown.is_empty());
}

#[test]
fn the_age_follows_the_date_of_birth_to_the_day() {
    let born = |day: &str| assess(&PACK, &healthy_but(&[("age = 44", &format!("birth_date = {day}"))]), TODAY).verdict;
    assert_eq!(born("2008-11-23"), Outcome::Decline, "17 today");
    assert_ne!(born("2008-11-22"), Outcome::Decline, "18 today");
}

/// What must hold for every assessment.
fn is_sound(result: &Assessment) -> Result<(), TestCaseError> {
    let blocked = matches!(result.verdict, Outcome::Incomplete | Outcome::Refer | Outcome::Decline);
    prop_assert_eq!(result.plan.is_none(), blocked);
    if !result.missing.is_empty() {
        prop_assert!(matches!(result.verdict, Outcome::Incomplete | Outcome::Decline));
    }
    let Some(plan) = &result.plan else { return Ok(()) };
    let excluded = |kind: &str, id: &str| result.excluded.iter().any(|e| e.kind == kind && e.id == id);
    for cocktail in &plan.cocktails {
        prop_assert!(!excluded("goal", &cocktail.goal));
        prop_assert!(!excluded("area", &cocktail.area));
        prop_assert!(!excluded("technique", &cocktail.technique));
        for dose in &cocktail.ingredients {
            prop_assert!(!excluded("ingredient", &dose.id), "{} is excluded and planned", dose.id);
            prop_assert!(dose.limit_used.is_none_or(|used| used <= 1.0), "{} over its limit: {:?}", dose.id, dose);
        }
    }
    for limit in &plan.limits {
        prop_assert!(limit.used <= 1.0, "{limit:?}");
    }
    for area in PACK.areas.iter().filter(|area| area.max_ml.is_some()) {
        let of = PACK.areas.find(&area.id).expect("an area");
        let inside = |id: &str| PACK.areas.find(id).is_some_and(|a| PACK.area_within(a, of));
        for turn in 0..=plan.cocktails.iter().map(|c| c.turn).max().unwrap_or(0) {
            let here = plan.cocktails.iter().filter(|c| c.turn == turn && inside(&c.area));
            let ml: f64 = here.map(|c| c.total_ml).sum();
            prop_assert!(ml <= area.max_ml.expect("a volume").as_f64() + 1e-9, "{}: {ml} mL", area.id);
        }
    }
    let area = |id: &str| PACK.areas.find(id).expect("an area");
    let overlap = |a: &str, b: &str| PACK.area_within(area(a), area(b)) || PACK.area_within(area(b), area(a));
    for (n, one) in plan.cocktails.iter().enumerate() {
        let mut others = plan.cocktails.iter().skip(n + 1);
        let twice = others.find(|other| overlap(&other.area, &one.area) && other.turn == one.turn);
        prop_assert!(twice.is_none(), "two cocktails in one session: {} and {:?}", one.area, twice.map(|t| &t.area));
    }
    if let Some(until) = result.until {
        prop_assert!(plan.sessions.iter().all(|s| s.date.is_none_or(|date| date >= until)));
    }
    prop_assert!(plan.sessions.windows(2).all(|pair| pair[0].after_days < pair[1].after_days));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn every_assessment_is_sound(intake in any_intake()) {
        is_sound(&assess(&PACK, &intake, TODAY))?;
    }

    #[test]
    fn every_plan_is_sound(intake in nearly_healthy()) {
        is_sound(&assess(&PACK, &intake, TODAY))?;
    }

    #[test]
    fn an_intake_survives_its_file(intake in any_intake()) {
        let text = pistor::intake::write(&intake);
        let read = common::intake(&text);
        prop_assert_eq!(read, intake, "{}", text);
    }

    #[test]
    fn taking_an_answer_back_never_loosens(intake in nearly_healthy(), n in 0_usize..20) {
        let before = assess(&PACK, &intake, TODAY);
        let key = intake.answers.keys().nth(n % intake.answers.len()).cloned().expect("an answer");
        let optional = PACK.questions.get(&key).is_some_and(|q| q.optional);
        let mut less = intake.clone();
        less.clear(&key);
        let after = assess(&PACK, &less, TODAY);
        if PACK.questions.get(&key).is_some_and(|q| q.required) {
            prop_assert_eq!(after.verdict, Outcome::Incomplete, "without {}", &key);
        }
        // Without any other answer either the verdict stays as strict or it waits for the answer.
        if !optional && after.verdict != Outcome::Incomplete {
            prop_assert!(after.verdict == before.verdict || before.verdict != Outcome::Decline, "without {}", key);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn adding_a_risk_never_makes_a_verdict_milder(
        intake in nearly_healthy(),
        which in 0_usize..4,
        conditions in entries(List::Conditions),
        medications in entries(List::Medications),
        events in entries(List::Events),
        allergens in entries(List::Allergens),
    ) {
        let (question, more) = [
            ("history.conditions", conditions),
            ("history.medications", medications),
            ("history.events", events),
            ("allergies.items", allergens),
        ][which].clone();
        let before = assess(&PACK, &intake, TODAY);
        let mut worse = intake.clone();
        let mut list = worse.entries(question).to_vec();
        let risky = |entry: &Entry| !matches!(&entry.what, What::Coded(id) if MITIGATING.contains(id));
        list.extend(more.into_iter().filter(risky));
        worse.set(question, Answer::Items(list));
        let after = assess(&PACK, &worse, TODAY);
        // Incomplete stands apart: it is no plan either way.
        if before.verdict != Outcome::Incomplete && after.verdict != Outcome::Incomplete {
            prop_assert!(
                after.verdict.strictness() >= before.verdict.strictness(),
                "{:?} became {:?}: {:?} then {:?}", before.verdict, after.verdict, rules(&before), rules(&after)
            );
        }
        if before.plan.is_none() && before.verdict != Outcome::Incomplete {
            prop_assert!(after.plan.is_none());
        }
    }
}

#[test]
fn a_written_intake_reads_like_the_contract() {
    let text = pistor::intake::write(&healthy_but(&[]));
    let again = intake(&text);
    assert_eq!(again, healthy_but(&[]));
    assert!(text.contains("fitzpatrick = 3"), "{text}");
}
