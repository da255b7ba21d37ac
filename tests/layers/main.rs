//! A clinic's layer on top of the built-in pack: what it adds works, limits hold, mistakes are told.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../common/mod.rs"]
mod common;
mod grounds;

use common::{HEALTHY, TODAY};
use pistor::intake;
use pistor::pack::load::{LayerFiles, load};
use pistor::pack::{self, Pack};
use pistor::plan::{Assessment, Outcome, assess, cases};
use pistor::source::SourceFile;

const HEADER: &str = "[pack]\nid = \"clinic-test\"\nversion = \"1\"\nlanguage = 1\ntitle = \"A test clinic\"\n";

/// Nobody has looked at these layers.
const REVIEW: &str = "[review]\nsince = 2026-11-22\ndue = 2027-11-22\n";

fn layer(text: &str) -> LayerFiles {
    LayerFiles {
        files: vec![
            SourceFile::new("clinic/pack.toml", HEADER),
            SourceFile::new("clinic/clinic.toml", format!("{text}\n{REVIEW}")),
        ],
    }
}

fn with_layer(text: &str) -> Pack {
    match load(&[pack::builtin_files(), layer(text)]) {
        Ok(pack) => pack,
        Err(report) => panic!("{}", report.render(false)),
    }
}

fn mistakes(text: &str) -> String {
    match load(&[pack::builtin_files(), layer(text)]) {
        Ok(_) => panic!("no mistake was found in:\n{text}"),
        Err(report) => report.render(false),
    }
}

fn assessed(pack: &Pack, text: &str) -> Assessment {
    let intake = intake::read(pack, &SourceFile::new("test.toml", text)).expect("an intake");
    assess(pack, &intake, TODAY)
}

/// A recipe for hydration that asks for far too much of everything that has a limit.
const GREEDY: &str = r#"
[[recipe]]
id = "aaa-greedy"
label = "Greedy test recipe"
goals = ["hydration"]
evidence = "A"
outcome = "none"
technique = "papule"
point_ml = 0.5
plan = "rejuvenation"
basis = "policy"
[[recipe.slot]]
role = "active"
use = ["ascorbic-acid"]
ml_per_area = 50
mg_per_ml = 100
[[recipe.slot]]
role = "anaesthetic"
use = ["lidocaine"]
ml_per_area = 50
mg_per_ml = 20
[[recipe.slot]]
role = "anaesthetic"
use = ["test-anaesthetic"]
ml_per_area = 50
mg_per_ml = 10
[[ingredient]]
id = "test-anaesthetic"
contains = []
label = "Test anaesthetic"
groups = ["local-anaesthetic"]
evidence = "D"
basis = "policy"
[[limit]]
id = "test-anaesthetic"
ingredient = "test-anaesthetic"
per = "session"
mg_per_kg = 5
mg = 400
pool = "local-anaesthetics"
evidence = "D"
basis = "policy"
"#;

#[test]
fn nothing_leaves_the_engine_over_a_limit() {
    let pack = with_layer(GREEDY);
    let text = HEALTHY.replace("areas = [\"cheeks\"]", "areas = [\"cheeks\", \"forehead\", \"neck\"]");
    let intake = intake::read(&pack, &SourceFile::new("test.toml", text)).expect("an intake");
    let mut adjustments = pistor::plan::Adjustments::default();
    for area in ["cheeks", "forehead", "neck"] {
        adjustments.choose("hydration", area, "aaa-greedy");
    }
    let result = pistor::plan::assess_adjusted(&pack, &intake, &adjustments, TODAY);
    let plan = result.plan.expect("a plan");
    assert!(plan.cocktails.iter().any(|c| c.recipe == "aaa-greedy"));
    let face: f64 = plan.cocktails.iter().filter(|c| c.area != "neck").map(|c| c.total_ml).sum();
    assert!(face <= 3.0 + 1e-9, "{face} mL in the face");
    let mg = |id: &str| -> f64 {
        plan.cocktails.iter().flat_map(|c| &c.ingredients).filter(|d| d.id == id).filter_map(|d| d.mg).sum()
    };
    assert!(mg("ascorbic-acid") > 0.0 && mg("ascorbic-acid") <= 200.0);
    let together = mg("lidocaine") / 279.0 + mg("test-anaesthetic") / 310.0;
    assert!(together > 0.0 && together <= 1.0, "{together} of a full dose");
    assert!(!plan.changes.is_empty(), "what was reduced is said");
    for limit in &plan.limits {
        assert!(limit.used <= 1.0, "{limit:?}");
    }
}

#[test]
fn a_dose_by_weight_needs_the_weight() {
    let pack = with_layer(&GREEDY.replace("evidence = \"A\"", "evidence = \"A\"\nareas = [\"forehead\"]"));
    let text = HEALTHY.replace("areas = [\"cheeks\"]", "areas = [\"forehead\"]").replace("weight_kg = 62\n", "");
    let intake = intake::read(&pack, &SourceFile::new("test.toml", text)).expect("an intake");
    let mut adjustments = pistor::plan::Adjustments::default();
    adjustments.choose("hydration", "forehead", "aaa-greedy");
    let result = pistor::plan::assess_adjusted(&pack, &intake, &adjustments, TODAY);
    assert_eq!(result.verdict, Outcome::Incomplete);
    assert_eq!(result.missing[0].question, "patient.weight_kg");
}

#[test]
fn a_clinic_adds_a_rule_without_code() {
    let pack = with_layer(
        r#"
[[rule]]
id = "clinic-no-mondays"
title = "House rule for fair skin"
verdict = "defer"
when = { skin.fitzpatrick = { at-most = 3 } }
until = { days = 7 }
message = "Wait a week."
why = "House rule."
basis = "policy"
evidence = "D"
"#,
    );
    let result = assessed(&pack, HEALTHY);
    assert_eq!(result.verdict, Outcome::Defer);
    assert_eq!(result.until, Some(jiff::civil::date(2026, 11, 29)));
    assert_eq!(result.pack.id, "pistor-core+clinic-test");
    assert_ne!(result.pack.hash, common::PACK.hash);
}

#[test]
fn a_clinic_cannot_redefine_what_is_built_in() {
    let report = mistakes(
        "[[rule]]\nid = \"pregnancy\"\ntitle = \"t\"\nverdict = \"proceed\"\nwhen = {}\nmessage = \"m\"\nwhy = \"w\"\nbasis = \"policy\"\nevidence = \"D\"\n",
    );
    assert!(report.contains("P0102") && report.contains("`pregnancy` is defined twice"), "{report}");
}

#[test]
fn a_sign_off_is_said() {
    let version = common::PACK.layers[0].version.clone();
    let sign = |pack: &str, version: &str| {
        format!("[[signoff]]\npack = \"{pack}\"\nversion = \"{version}\"\nby = \"Dr Ada Example\"\non = 2026-11-01\n")
    };
    let with = |signs: &str| {
        let files = LayerFiles { files: vec![SourceFile::new("clinic/pack.toml", HEADER.to_owned() + signs)] };
        load(&[pack::builtin_files(), files]).expect("loads")
    };
    let notice = |result: &Assessment| result.notices.iter().find(|text| text.contains("Not yet reviewed")).cloned();
    let (core, own) = (sign("pistor-core", &version), sign("clinic-test", "1"));

    let result = assessed(&with(&(core.clone() + &own)), HEALTHY);
    assert_eq!(result.pack.reviewed.as_deref(), Some("Dr Ada Example, 2026-11-01"));
    assert_eq!(notice(&result), None, "every layer in use is signed off");

    // A layer that nobody signed, a version that nobody read, no sign-off at all: none of them counts.
    for (signs, said) in [
        (core, "no name and date sign clinic-test 1 off"),
        (own.clone(), "no name and date sign pistor-core"),
        (sign("pistor-core", "0.0.1") + &own, "pistor-core: version 0.0.1 was reviewed (Dr Ada Example, 2026-11-01)"),
        (String::new(), "no name and date sign this pack version off"),
    ] {
        let result = assessed(&with(&signs), HEALTHY);
        assert_eq!(result.pack.reviewed, None, "{signs}");
        let notice = notice(&result).expect("it is said");
        assert!(notice.contains(said), "{notice}");
    }
}

#[test]
fn conditions_that_cannot_mean_anything_are_told() {
    let rule = |when: &str| {
        mistakes(&format!(
            "[[rule]]\nid = \"x\"\ntitle = \"t\"\nverdict = \"proceed\"\nwhen = {when}\nmessage = \"m\"\nwhy = \"w\"\nbasis = \"policy\"\nevidence = \"D\"\n"
        ))
    };
    for (when, said) in [
        ("{ history.pregnency = \"no\" }", "did you mean `history.pregnancy`"),
        ("{ history.pregnancy = \"pregant\" }", "did you mean `pregnant`"),
        ("{ patient.age = { under = 10, at-least = 20 } }", "no number lies in it"),
        ("{ patient.age = {} }", "a range without an end"),
        ("{ skin.fitzpatrick = { at-least = 9 } }", "matches nothing"),
        ("{ condition = \"group:nothing\" }", "unknown group of conditions"),
        ("{ medication = \"warfarim\" }", "did you mean `warfarin`"),
        (
            "{ condition = \"epilepsy\", medication = \"warfarin\", with = { status = \"past\" } }",
            "exactly one coded key",
        ),
        ("{ medication = \"warfarin\", with = { stattus = \"past\" } }", "did you mean `status`"),
        ("{ any = [] }", "at least one condition"),
        ("{ at-least = 3, of = [{ goal = \"hydration\" }] }", "can never hold"),
        ("{ patient.name = \"x\" }", "a rule cannot read"),
        ("{ is = \"nothing\" }", "unknown definition"),
    ] {
        let report = rule(when);
        assert!(report.contains(said), "{when}\n{report}");
    }
}

/// Well-formed tables, each to be spoilt in one place.
const RULE: &str = r#"
[[rule]]
id = "x"
title = "t"
verdict = "caution"
when = { medication = "warfarin" }
message = "m"
why = "w"
evidence = "D"
basis = "policy"
"#;
const RECIPE: &str = r#"
[[recipe]]
id = "r"
label = "R"
goals = ["hydration"]
evidence = "D"
outcome = "o"
technique = "nappage"
plan = "rejuvenation"
basis = "policy"
[[recipe.slot]]
role = "active"
use = ["hyaluronic-acid"]
ml_per_area = 1.0
"#;
const LIMIT: &str = r#"
[[limit]]
id = "l"
ingredient = "lidocaine"
per = "session"
mg = 10
evidence = "D"
basis = "policy"
"#;
const QUALIFIER: &str = "[[qualifier]]\nid = \"own_days\"\nlabel = \"Days\"\nkind = \"number\"\nunit = \"days\"\nmin = 0\nmax = 99\n\
later = \"counts-on\"\n";
const QUESTION: &str = r#"
[[question]]
id = "history.x"
step = "history"
label = "X"
kind = "choice"
options = [{ id = "a", label = "A", key = "a" }, { id = "b", label = "B", key = "b" }]
"#;
const PLAN: &str = r#"
[[plan]]
id = "p"
label = "P"
induction = { sessions = 2, interval_days = 28 }
reviews = [{ after_days = 30, what = "photographs" }]
evidence = "D"
basis = "policy"
"#;
const INGREDIENT: &str = "[[ingredient]]\nid = \"zz\"\ncontains = []\nlabel = \"Zz\"\nevidence = \"D\"\nbasis = \"policy\"\nstatus = { EU = \"device\" }\n";

#[test]
fn a_slip_of_the_pen_is_told_once_and_plainly() {
    for text in [RULE, RECIPE, LIMIT, QUESTION, QUALIFIER, PLAN, INGREDIENT] {
        with_layer(text);
    }
    // What was written, what was written instead, and what has to be said.
    for (text, from, to, code, said) in [
        (RULE, "[[rule]]", "[rule]", "P0001", "write it as [[rule]]"),
        (RULE, "[[rule]]", "[[rules]]", "P0001", "did you mean `[[rule]]`"),
        (RULE, "\n[[rule]]", "id = \"y\"\n[[rule]]", "P0001", "`id` stands outside any table"),
        (RULE, "basis", "sorces = []\nbasis", "E0003", "did you mean `sources`"),
        (RULE, "\"D\"", "\"d\"", "E0005", "did you mean `D`"),
        (RULE, "\"caution\"", "\"Caution\"", "E0005", "did you mean `caution`"),
        (RULE, "\"x\"", "\"House-Rule\"", "P0103", "lower-case words joined by hyphens"),
        (RULE, "\"m\"", "\" \"", "E0006", "`message` is empty"),
        (RULE, "basis", "patient = \"\"\nbasis", "E0006", "`patient` is empty"),
        (RULE, "basis", "override = [\"\"]\nbasis", "E0006", "`override` is empty"),
        (RULE, "basis", "since = \"1 May 2026\"\nbasis", "E0007", "a date such as 2026-11-22"),
        (RULE, "basis", "since = 2026-02-30\nbasis", "E0001", "expected day between 01 and 28"),
        (RULE, "basis", "absolute = yes\nbasis", "E0001", "written true and false"),
        (RULE, "\"t\"", "\u{201c}t\u{201d}", "E0001", "write straight quotes"),
        (QUESTION, "step", "returning = \"confrim\"\nstep", "E0005", "did you mean `confirm`"),
        (QUALIFIER, "counts-on", "count-on", "E0005", "did you mean `counts-on`"),
        (QUALIFIER, "\"days\"", "\"weeks\"", "P0202", "only a number of days can count on"),
        (RULE, "basis", "from = \"x\"\nbasis", "P0202", "`from` belongs to the verdict `clearance`"),
        (RULE, "basis", "until = { days = 3 }\nbasis", "P0202", "`until` belongs to the verdict `defer`"),
        (RULE, "\"caution\"", "\"refer\"", "P0202", "says `refer` and lacks `to`"),
        (RULE, "\"caution\"", "\"clearance\"\nfrom = \"\"", "E0006", "`from` is empty"),
        (RULE, "\"caution\"", "\"defer\"\nuntil = { days = -7 }", "E0006", "-7 is out of range"),
        (RULE, "\"warfarin\"", "\"warfarin\", with = { days_ago = { under = -3 } }", "P0201", "between 0 and 36500"),
        (RULE, "{ medication = \"warfarin\" }", "{ patient.age = { over = 200 } }", "P0201", "between 0 and 120"),
        (RULE, "{ medication = \"warfarin\" }", "{ patient.age = { under = \"18\" } }", "E0002", "expected a number"),
        (
            RULE,
            "{ medication = \"warfarin\" }",
            "[{ medication = \"warfarin\" }]",
            "E0002",
            "joined by { all = [...] }",
        ),
        (RULE, "\"warfarin\"", "\"coumadin\"", "P0101", "`coumadin` is known as `warfarin`"),
        (RULE, "\"warfarin\"", "\"anticoagulants\"", "P0101", "a group is written `group:anticoagulants`"),
        (RULE, "{ medication = \"warfarin\" }", "{ jurisdiction = \"fr\" }", "P0101", "did you mean `FR`"),
        (RULE, "basis", "exclude = { area = [\"site\", \"thighs\"] }\nbasis", "P0202", "the others would not be read"),
        (RULE, "\"policy\"", "\"source\"\nsources = \"kybb\"", "P0101", "did you mean `kyb`"),
        (RULE, "basis", "unless = {}\nbasis", "P0201", "the rule would never fire"),
        (RULE, "basis", "urgent = true\nbasis", "P0202", "`urgent` belongs to the verdict `refer`"),
        (RULE, "\"warfarin\"", "[]", "P0201", "nothing is on this list"),
        (RULE, "{ medication", "{ of = [], medication", "P0201", "`of` without a number"),
        (RULE, "{ medication = \"warfarin\" }", "{ age = { under = 18 } }", "P0201", "did you mean `patient.age`"),
        (RULE, "{ medication = \"warfarin\" }", "{ ingredient = \"lidocaine\" }", "P0201", "did you mean `requested`"),
        (RECIPE, "\"nappage\"", "\"napage\"", "P0101", "did you mean `nappage`"),
        (RECIPE, "[[recipe.slot]]", "[recipe.slot]", "P0501", "write it as [[recipe.slot]]"),
        (RECIPE, "\"hyaluronic-acid\"", "\"hyaluronan\"", "P0101", "unknown ingredient `hyaluronan`"),
        (RECIPE, "[\"hyaluronic-acid\"]", "[]", "P0501", "a slot of nothing"),
        (RECIPE, "[\"hydration\"]", "[]", "P0501", "a recipe for no goal"),
        (RECIPE, "evidence", "areas = [\"thighs\"]\nevidence", "P0501", "would never be offered"),
        (RECIPE, "evidence", "depth_mm = \"1-2\"\nevidence", "P0501", "such as [1.0, 2.0]"),
        (RECIPE, "evidence", "depth_mm = [-1, 2]\nevidence", "P0501", "such as [1.0, 2.0]"),
        (RECIPE, "1.0", "-1.0", "E0006", "a number above zero"),
        (RECIPE, "1.0", "0", "E0006", "`ml_per_area` is 0"),
        (LIMIT, "mg = 10", "mg = -10", "E0006", "a number above zero"),
        (LIMIT, "mg = 10", "mg = 4,5", "E0001", "decimals are written with a point"),
        (LIMIT, "mg = 10", "mg = \"10 mg\"", "E0002", "expected a number"),
        (LIMIT, "mg = 10\n", "", "P0501", "a limit without a number"),
        (LIMIT, "\"session\"", "\"week\"", "E0005", "one of: session, site, course, day"),
        (QUESTION, "id = \"b\"", "id = \"a\"", "P0102", "option `a` is there twice"),
        (QUESTION, "key = \"b\"", "key = \"a\"", "P0102", "two options have the key `a`"),
        (QUESTION, "\"history.x\"", "\"History X\"", "P0103", "is not the id of a question"),
        (PLAN, "after_days = 30, ", "", "P0501", "a review without its day"),
        (PLAN, "after_days", "after_sessions = 1, after_days", "P0501", "either `after_days` or `after_sessions`"),
        (PLAN, "basis", "numbing_with = \"ice\"\nbasis", "P0101", "unknown ingredient `ice`"),
        (LIMIT, "mg = 10", "everything = true\nmg = 10", "P0501", "says two things"),
        (LIMIT, "\"session\"\nmg", "\"site\"\npoints = 3\nmg", "P0501", "`points` of one point"),
        (LIMIT, "\"session\"\nmg", "\"course\"\ncm2 = 3\nmg", "P0501", "`cm2` of a course"),
        (RULE, "basis", "plan = { ceiling = { percent = 50 } }\nbasis", "P0202", "a ceiling of nothing"),
        (RULE, "basis", "plan = { ceiling = { class = \"xanthine\", percent = 0 } }\nbasis", "E0006", "from 1 to 99"),
        (PLAN, "sessions = 2", "sessions = 0", "E0006", "0 is out of range"),
        (INGREDIENT, "basis = \"policy\"\n", "", "P0401", "[[ingredient]] does not say on what it rests"),
        (INGREDIENT, "EU", "eu", "P0101", "did you mean `EU`"),
        (INGREDIENT, "basis", "unii = \"3G6A5W338F\"\nbasis", "P0103", "`3G6A5W338F` is not a UNII"),
        (INGREDIENT, "basis", "unii = \"3g6a5w338e\"\nbasis", "P0103", "ten capitals and digits"),
        (INGREDIENT, "contains = []", "contains = [\"egg whites\"]", "P0101", "unknown allergen `egg whites`"),
    ] {
        assert!(text.contains(from), "{from} is not in {text}");
        let spoilt = text.replacen(from, to, 1);
        let report = mistakes(&spoilt);
        assert!(report.contains(said) && report.contains(code), "{spoilt}\n{report}");
        assert!(report.ends_with("\n1 problem\n"), "more than one thing is said of\n{spoilt}\n{report}");
    }
}

#[test]
fn a_number_question_or_a_choice_that_nobody_can_answer_is_told() {
    let number = QUESTION.replace("\"choice\"", "\"number\"\nmin = 9\nmax = 3");
    let number = number.lines().filter(|line| !line.starts_with("options")).collect::<Vec<_>>().join("\n");
    assert!(mistakes(&number).contains("no number lies between them"));
    let choice = QUESTION.lines().map(|line| if line.starts_with("options") { "options = []" } else { line });
    assert!(mistakes(&choice.collect::<Vec<_>>().join("\n")).contains("a choice without options"));
}

#[test]
fn a_header_that_would_be_taken_for_something_else_is_told() {
    for (more, said) in [
        ("extends = \"pistor-cor\"\n", "did you mean `pistor-core`"),
        ("[[signoff]]\npack = \"pistor-cor\"\n", "did you mean `pistor-core`"),
        ("[[signoff]]\npack = \"pistor-core\"\nversion = \"1\"\nby = \"\"\non = 2026-11-01\n", "`by` is empty"),
        ("[[signoff]]\npack = \"pistor-core\"\nversion = \"1\"\nby = \"x\"\n", "[[signoff]] lacks `on`"),
    ] {
        let files = LayerFiles { files: vec![SourceFile::new("clinic/pack.toml", HEADER.to_owned() + more)] };
        let report = load(&[pack::builtin_files(), files]).expect_err(more).render(false);
        assert!(report.contains(said), "{report}");
    }
    assert!(mistakes(HEADER).contains("this pack has two [pack] headers"));
    let files = LayerFiles { files: vec![SourceFile::new("c/pack.toml", HEADER.replace("clinic-test", "My Clinic"))] };
    assert!(load(&[pack::builtin_files(), files]).expect_err("a bad id").render(false).contains("P0103"));
}

#[test]
fn only_substances_have_a_unii() {
    let item = |kind: &str| format!("[[{kind}]]\nid = \"zz\"\nlabel = \"Zz\"\nunii = \"3G6A5W338E\"\n");
    assert_eq!(with_layer(&item("medication")).medications.get("zz").unwrap().unii.as_deref(), Some("3G6A5W338E"));
    for kind in ["condition", "event", "provenance"] {
        assert!(mistakes(&item(kind)).contains("unknown key `unii`"), "{kind}");
    }
}

#[test]
fn words_that_could_never_match_are_told() {
    for (text, said) in [
        ("[[jurisdiction]]\ncode = \"de\"\nlabel = \"Germany\"\n", "expected capitals"),
        (
            "[[goal]]\nid = \"a\"\nlabel = \"A\"\nareas = []\nexpected = \"x\"\nevidence = \"D\"\nbasis = \"policy\"\n",
            "a goal without areas",
        ),
        (
            "[[mixing]]\nid = \"a\"\na = [\"thiamine\"]\nb = [\"caffeine\"]\nalone = true\nlevel = \"warn\"\nwhy = \"w\"\nevidence = \"D\"\nbasis = \"policy\"\n",
            "with `alone` and `b`",
        ),
    ] {
        assert!(mistakes(text).contains(said), "{text}");
    }
}

#[test]
fn windows_line_ends_change_nothing() {
    with_layer(&RULE.replace('\n', "\r\n"));
    let report = mistakes(&RULE.replace("\"m\"", "\"\"").replace('\n', "\r\n"));
    assert!(report.contains("clinic/clinic.toml:7:11"), "{report}");
}

#[test]
fn a_case_that_would_pass_for_ever_is_told() {
    let case = "[[case]]\nid = \"k\"\nlike = \"healthy\"\nexpect = { verdict = \"proceed\" }\n";
    let run = |text: &str| -> String {
        let layers = [pack::builtin_files(), layer(text)];
        match cases::read(&layers) {
            Err(errors) => errors.join("\n"),
            Ok(all) => {
                let own = all.iter().find(|case| case.id == "k").expect("the case");
                cases::run(&common::PACK, own).map(|failure| failure.what.join("\n")).unwrap_or_default()
            }
        }
    };
    assert_eq!(run(case), "");
    for (from, to, said) in [
        ("like", "lik", "did you mean `like`"),
        ("\"healthy\"", "\"helthy\"", "which does not exist; did you mean `healthy`"),
        ("\"healthy\"", "\"k\"", "is like `k`, which leads back to itself"),
        ("expect", "today = \"soon\"\nexpect", "`soon` is not a date"),
        ("expect", "given = \"x\"\nexpect", "`given` has to be a table"),
        ("verdict = \"proceed\"", "verdikt = \"proceed\"", "no key `verdikt`"),
        ("verdict = \"proceed\"", "not_fires = [\"nope\"]", "there is no rule `nope`"),
        ("verdict = \"proceed\"", "absent = [\"nope\"]", "there is no ingredient `nope`"),
        ("verdict = \"proceed\"", "not_recipe = [\"nope\"]", "there is no recipe `nope`"),
        ("verdict = \"proceed\"", "not_excludes = [\"ingredient:nope\"]", "there is no ingredient"),
    ] {
        let what = run(&case.replacen(from, to, 1));
        assert!(what.contains(said), "{from} -> {to}: {what}");
    }
    assert_eq!(run(&case.replacen("expect", "today = \"2026-11-22\"\nexpect", 1)), "");
}

#[test]
fn a_deferral_until_yesterday_is_told() {
    let report = mistakes(
        "[[rule]]\nid = \"x\"\ntitle = \"t\"\nverdict = \"defer\"\nwhen = { event = \"superficial-peel\", with = { days_ago = { under = 28 } } }\nuntil = { since = \"days_ago\", days = 14 }\nmessage = \"m\"\nwhy = \"w\"\nbasis = \"policy\"\nevidence = \"D\"\n",
    );
    assert!(report.contains("P0203"), "{report}");
}

const PRODUCT: &str = r#"
[[ingredient]]
id = "clinic-booster"
label = "Clinic's booster"
components = ["hyaluronic-acid", "copper"]
contains = ["hyaluronic-acid", "copper"]
status = { all = "device" }
evidence = "D"
basis = "policy"
"#;

/// The rules of the built-in pack know nothing of the clinic's product; they know what it is made of.
#[test]
fn a_product_of_the_clinic_falls_under_the_rules_about_its_components() {
    let pack = with_layer(PRODUCT);
    let booster = pack.ingredients.find("clinic-booster").unwrap();
    assert!(pack.rules.get("wilson-excludes-copper").unwrap().exclude.ingredients.contains(booster));
    assert!(!pack.rules.get("ileus-excludes-dexpanthenol").unwrap().exclude.ingredients.contains(booster));
    let vitamin_c = pack.ingredients.find("ascorbic-acid").unwrap();
    assert!(pack.mixing.get("ascorbate-metals").unwrap().concerns(booster, vitamin_c));
}

#[test]
fn a_product_is_made_of_other_things_that_exist() {
    let itself = mistakes(&PRODUCT.replace("\"copper\"]\ncontains", "\"clinic-booster\"]\ncontains"));
    assert!(itself.contains("`clinic-booster` is a component of itself"), "{itself}");
    let unknown = mistakes(&PRODUCT.replace("\"copper\"]\ncontains", "\"coper\"]\ncontains"));
    assert!(unknown.contains("unknown ingredient `coper`") && unknown.contains("copper"), "{unknown}");
}
