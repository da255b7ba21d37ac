//! The whole way of an attempt: three trainees, sealed files, what is refused.

use std::sync::{Arc, LazyLock};

use jiff::civil::{Date, date};

use super::*;
use crate::pack::{Pack, builtin, builtin_files};
use crate::source::SourceFile;

const TODAY: Date = date(2026, 11, 22);
static PACK: LazyLock<Pack> = LazyLock::new(|| builtin().unwrap_or_else(|report| panic!("{}", report.render(false))));
static CASES: LazyLock<Cases> =
    LazyLock::new(|| read(&PACK, &[builtin_files()]).unwrap_or_else(|report| panic!("{}", report.render(false))));

fn attempt(text: &str) -> Result<Sealed, String> {
    read_attempt(&PACK, &CASES, &SourceFile::new("attempt.toml", text), TODAY).map_err(|report| report.render(false))
}

/// Somebody who treats everybody the same way without asking.
fn careless(case: &str) -> Sealed {
    attempt(&format!(
        "case = \"{case}\"\ntrainee = \"Careless\"\n[skin]\nfitzpatrick = 3\n[contraindications]\n[decision]\ndecide = \"treat\"\n\
         [[cocktail]]\ngoal = \"hydration\"\narea = \"cheeks\"\ningredients = [{{ id = \"hyaluronic-acid\", volume_ml = 1 }}]\n\
         [plan]\nsessions = 3\ninterval_days = 28\n[confidence]\ncontraindications = 95\ndecision = 95\ncocktail = 95\n"
    ))
    .unwrap()
}

/// Somebody who sees a danger everywhere and never treats.
fn over_cautious(case: &str) -> Sealed {
    attempt(&format!(
        "case = \"{case}\"\ntrainee = \"Over-cautious\"\n[skin]\nfitzpatrick = 3\n[contraindications]\n\
         absolute = [\"history.pregnancy\", \"history.screening.bdd\", \"patient.age\", \"history.screening.needle_fear\"]\n\
         [decision]\ndecide = \"decline\"\n[confidence]\ncontraindications = 60\ndecision = 60\ncocktail = 60\n"
    ))
    .unwrap()
}

fn marks(sealed: &Sealed) -> Marks {
    reveal(&PACK, sealed).marks
}

#[test]
fn there_are_enough_cases_of_every_kind() {
    assert!(CASES.len() >= 40, "{}", CASES.len());
    let treat = |case: &&Arc<Case>| Decision::of(case.expect.verdict) == Some(Decision::Treat);
    assert!(CASES.values().filter(treat).count() >= 8);
    assert!(CASES.values().filter(|case| case.expect.no_injectable).count() >= 3);
    let patients: Vec<Patient> = CASES.values().map(|case| Patient::of(&PACK, case, 0)).collect();
    for skin in 1..=6 {
        let has = |p: &Patient| {
            let answer = crate::intake::Answer::Choice(skin.to_string());
            p.facts.iter().any(|fact| fact.question == "skin.fitzpatrick" && fact.answer == answer)
        };
        assert!(patients.iter().any(has), "no case has Fitzpatrick {skin}");
    }
    for goal in PACK.goals.ids() {
        let wants = |p: &Patient| match p.intake().get("goals.items") {
            Some(crate::intake::Answer::Goals(goals)) => goals.iter().any(|g| g.goal == goal),
            _ => false,
        };
        assert!(patients.iter().any(wants), "no case has the goal {goal}");
    }
}

#[test]
fn every_absolute_stop_has_a_case() {
    let stops = |row: &Coverage| row.absolute && row.verdict >= crate::pack::Verdict::Defer;
    let rows = coverage(&PACK, &CASES, TODAY);
    let open: Vec<&str> =
        rows.iter().filter(|row| stops(row) && row.cases.is_empty()).map(|row| row.rule.as_str()).collect();
    assert!(open.is_empty(), "no case exercises: {}", open.join(", "));
    assert!(rows.iter().filter(|row| stops(row)).count() > 40);
}

#[test]
fn three_trainees_are_marked_as_a_person_would_expect() {
    let mut next = std::collections::BTreeMap::<&str, Cards>::new();
    for case in CASES.values() {
        let perfect = marks(&model(&PACK, case, 7, TODAY).unwrap());
        let rash = marks(&careless(&case.id));
        let timid = marks(&over_cautious(&case.id));
        assert!(perfect.passed && perfect.percent > 99.9, "{}: {:.1}", case.id, perfect.percent);
        assert!(perfect.brier < 1e-9, "{}", case.id);
        assert!(perfect.percent > rash.percent && perfect.percent > timid.percent, "{}", case.id);
        let only = |marks: &Marks, kinds: &[&str]| marks.critical.iter().all(|fail| kinds.contains(&fail.kind));
        let harmless = only(&timid, &["overlooked", "false-alarms"]);
        assert!(harmless, "who never treats harms nobody: {}: {:?}", case.id, timid.critical);
        assert!(timid.specificity.unwrap() < perfect.specificity.unwrap(), "{}", case.id);
        match Decision::of(case.expect.verdict).unwrap() {
            Decision::Treat => {
                assert!(only(&rash, &["overlooked", "treated-unasked"]), "{}: {:?}", case.id, rash.critical);
                assert!(!rash.passed, "who does not ask has not passed: {}", case.id);
                assert!(!timid.passed, "never treating is no way to pass {}", case.id);
            }
            Decision::Clearance => {}
            _ => {
                assert!(rash.critical.iter().any(|fail| fail.kind == "treated-on-stop"), "{}", case.id);
                assert!(!rash.passed && !rash.sure_and_wrong().is_empty(), "{}", case.id);
            }
        }
        for (who, marks) in [("perfect", perfect), ("careless", rash)] {
            let cards = next.entry(who).or_default();
            marks.grades.iter().for_each(|(rule, rating)| cards.answer(rule, *rating, TODAY));
        }
    }
    // The careless one has nearly everything to do again tomorrow, the perfect one nothing.
    let tomorrow = date(2026, 11, 23);
    assert_eq!(next["perfect"].due(tomorrow).count(), 0);
    let due = next["careless"].due(tomorrow).count();
    assert!(due > 60, "{due}");
    let first = next_cases(&CASES, &next["careless"], tomorrow, None, 1);
    assert!(CASES[first[0]].expect.flags.len() >= 3, "the case that covers most comes first: {first:?}");
}

/// Thirty trainees of growing ability: trainee n makes a slip where a draw exceeds the ability.
fn simulated() -> Vec<Graded> {
    let case = &CASES["the-little-heart-pill"];
    let text = |n: usize| {
        let mut draw = crate::proof::Seeded::new(n as u64, "slips");
        let mut knows = || draw.below(30) < n + 2;
        let ask = |yes: bool, question: &str, how: &str| {
            if yes { format!("[[ask]]\nquestion = \"{question}\"\nhow = \"{how}\"\n") } else { String::new() }
        };
        let mut text = format!("case = \"{}\"\ntrainee = \"T{n:02}\"\n", case.id);
        text += &ask(knows(), "history.medications", "probe");
        text += &ask(knows(), "history.conditions", "ask");
        text += &ask(knows(), "allergies.items", "ask");
        // The rest that everybody is asked, everybody asks: who goes on without it decides nothing.
        for other in ["history.pregnancy", "history.events", "setting.provenance"] {
            text += &ask(true, other, "ask");
        }
        let skin = if knows() { 2 } else { 4 };
        let pill = if knows() { "\"medication:apixaban\", " } else { "" };
        let heart = if knows() { "\"condition:atrial-fibrillation\"" } else { "" };
        let decide = if knows() { "clearance" } else { "treat" };
        text += &format!("[skin]\nfitzpatrick = {skin}\nglogau = 2\n[contraindications]\nrelative = [{pill}{heart}]\n");
        text + &format!("[decision]\ndecide = \"{decide}\"\n[confidence]\ndecision = {}\n", 40 + n)
    };
    let graded = |n: usize| {
        let sealed = attempt(&text(n)).unwrap();
        let marks = marks(&sealed);
        Graded { header: sealed.header().clone(), rating: Some((1 + n / 6) as f64), seal: sealed.seal(), marks }
    };
    (0..30).map(graded).collect()
}

#[test]
fn the_report_on_thirty_simulated_trainees_is_statistically_right() {
    let graded = simulated();
    let report = cohort(&graded);
    assert_eq!((report.attempts, report.trainees.len()), (30, 30));
    let share = |g: &Graded, id: &str| g.marks.items.iter().find(|item| item.id == id).map(|item| item.share);
    let sum = |values: &[f64]| values.iter().sum::<f64>();
    let var = |values: &[f64]| {
        // The other way round than in the code: sum of squares less the square of the sum.
        let n = values.len() as f64;
        (values.iter().map(|v| v * v).sum::<f64>() - sum(values).powi(2) / n) / (n - 1.0)
    };
    let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
    let ids: Vec<&str> = graded[0].marks.items.iter().map(|item| item.id.as_str()).collect();
    for row in report.items.iter().filter(|row| row.item != "decision") {
        let own: Vec<f64> = graded.iter().filter_map(|g| share(g, &row.item)).collect();
        assert!(near(row.difficulty, sum(&own) / own.len() as f64), "{row:?}");
    }
    // The decision is right or wrong: the textbook formula of the point-biserial correlation holds.
    let row = report.items.iter().find(|row| row.item == "decision").unwrap();
    let rest =
        |g: &Graded| g.marks.items.iter().filter(|item| item.id != "decision").map(|item| item.share).sum::<f64>();
    let of = |right: bool| {
        graded.iter().filter(|g| share(g, "decision") == Some(f64::from(u8::from(right)))).map(rest).collect()
    };
    let (right, wrong): (Vec<f64>, Vec<f64>) = (of(true), of(false));
    assert_eq!(right.len() + wrong.len(), 30);
    let all: Vec<f64> = graded.iter().map(rest).collect();
    let (p, q) = (right.len() as f64 / 30.0, wrong.len() as f64 / 30.0);
    let spread = (var(&all) * 29.0 / 30.0).sqrt();
    let textbook = (sum(&right) / right.len() as f64 - sum(&wrong) / wrong.len() as f64) / spread * (p * q).sqrt();
    assert!(near(row.discrimination.unwrap(), textbook), "{row:?} {textbook}");
    assert!(textbook > 0.2, "the able decide better: {textbook}");
    // Alpha from all pairs of covariances, not from variances.
    let columns: Vec<Vec<f64>> = ids
        .iter()
        .map(|id| graded.iter().filter_map(|g| share(g, id)).collect())
        .filter(|c: &Vec<f64>| c.len() == 30)
        .collect();
    let cov = |a: &[f64], b: &[f64]| (a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>() - sum(a) * sum(b) / 30.0) / 29.0;
    let k = columns.len() as f64;
    let (mut between, mut every) = (0.0, 0.0);
    for (n, a) in columns.iter().enumerate() {
        for (m, b) in columns.iter().enumerate() {
            every += cov(a, b);
            between += if n == m { 0.0 } else { cov(a, b) };
        }
    }
    let reliability = &report.reliability[0];
    assert_eq!((reliability.n, reliability.items), (30, columns.len()));
    assert!(near(reliability.alpha.unwrap(), k / (k - 1.0) * between / every), "{reliability:?}");
    // The cut lies on the line of least squares: at the mean rating it is the mean percentage.
    let cut = report.cut.unwrap();
    let (x, y): (Vec<f64>, Vec<f64>) = graded.iter().map(|g| (g.rating.unwrap(), g.marks.percent)).unzip();
    let slope = cov(&x, &y) / var(&x);
    assert!(near(cut.percent, sum(&y) / 30.0 + slope * (2.0 - sum(&x) / 30.0)) && cut.n == 30, "{cut:?}");
    assert!(near(cut.r_squared, cov(&x, &y).powi(2) / (var(&x) * var(&y))));
    let judged: usize = report.calibration.iter().map(|row| row.n).sum();
    assert_eq!(judged, graded.iter().map(|g| g.marks.judgements.len()).sum::<usize>());
    // Somebody who does a case again is no new measure.
    let mut twice = graded.clone();
    twice.push(Graded { header: Header { day: date(2026, 12, 1), ..graded[0].header.clone() }, ..graded[29].clone() });
    assert_eq!(cohort(&twice).items, report.items);
    for form in [Form::Markdown, Form::Csv, Form::Html] {
        assert!(write_report(&cohort(&graded), form).contains("T07"));
    }
}

#[test]
fn a_name_can_neither_run_in_a_spreadsheet_nor_in_a_browser() {
    let mut graded = simulated();
    graded[0].header.trainee = "=cmd|' /C calc'!A0<script>".to_owned();
    let report = cohort(&graded);
    assert!(write_report(&report, Form::Csv).contains("\"'=cmd"));
    assert!(!write_report(&report, Form::Html).contains("<script"));
    assert!(!write_report(&report, Form::Markdown).contains("<script"));
}

#[test]
fn one_critical_fail_overrules_any_percentage() {
    let rash = marks(&careless("a-week-late"));
    let fail = rash.critical.iter().find(|fail| fail.kind == "treated-on-stop").unwrap();
    assert_eq!(fail.rule.as_deref(), Some("pregnancy"));
    assert!(rash.critical.iter().any(|fail| fail.kind == "overlooked"));
    assert!(!rash.passed);
    let item = rash.items.iter().find(|item| item.id == "flag:pregnancy").unwrap();
    assert_eq!((item.yours.as_str(), item.share), ("not named", 0.0));
    assert!(!item.facts.is_empty() && item.change.is_some() && !item.message.is_empty(), "{item:?}");
}

/// What nobody may go on without having asked.
const ASKED_OF_ALL: [&str; 6] = [
    "history.pregnancy",
    "history.conditions",
    "history.medications",
    "history.events",
    "allergies.items",
    "setting.provenance",
];

#[test]
fn who_goes_on_without_asking_has_not_passed_however_well_it_is_guessed() {
    let best = model(&PACK, &CASES["glow-before-a-wedding"], 1, TODAY).unwrap();
    assert!(marks(&best).critical.is_empty());
    let without = |left: &[&str]| {
        let asks =
            |entry: &&Entry| matches!(&entry.act, Act::Ask { question, .. } if left.contains(&question.as_str()));
        let entries: Vec<Entry> = best.entries().iter().filter(|entry| !asks(entry)).cloned().collect();
        marks(&play(&PACK, &CASES, best.header().clone(), &entries).unwrap())
    };
    for one in ASKED_OF_ALL {
        let marks = without(&[one]);
        assert_eq!(marks.critical.iter().map(|fail| fail.kind).collect::<Vec<_>>(), ["treated-unasked"], "{one}");
        assert!(!marks.passed && marks.critical[0].what.contains(&PACK.questions.get(one).unwrap().label));
    }
    // They stand first among what is to be learnt from, and the rest of it does not claim to be as bad.
    let hurried = without(&["history.screening.needle_fear", "history.medications", "setting.provenance"]);
    let (wrong, right) = hurried.to_read();
    let told: Vec<(&str, bool)> =
        wrong.iter().map(|at| (hurried.items[*at].id.as_str(), hurried.items[*at].critical)).collect();
    let first = ["decision", "ask:history.medications", "ask:setting.provenance"];
    assert_eq!(told[..3].iter().map(|(id, _)| *id).collect::<Vec<_>>(), first, "{told:?}");
    assert!(
        told[..3].iter().all(|(_, critical)| *critical) && told[3..].iter().all(|(_, critical)| !critical),
        "{told:?}"
    );
    assert!(told.contains(&("ask:history.screening.needle_fear", false)));
    assert!(right.iter().all(|at| !hurried.items[*at].critical) && wrong.len() + right.len() == hurried.items.len());
    // What rests on no safety costs marks, and no more.
    assert!(without(&["history.screening.needle_fear"]).critical.is_empty());
    // Who sends the patient away has harmed nobody.
    assert!(marks(&over_cautious("glow-before-a-wedding")).critical.iter().all(|fail| fail.kind != "treated-unasked"));
}

/// The marks of an attempt at a case that asks everything and commits these lists and this decision.
fn committed(case: &str, lists: &str, decide: &str) -> Marks {
    let asks = model(&PACK, &CASES[case], 1, TODAY).unwrap();
    let asks: String = asks
        .entries()
        .iter()
        .filter_map(|entry| match &entry.act {
            Act::Ask { question, how } => {
                let how = How::WORDS.iter().find(|(_, own)| own == how).unwrap().0;
                Some(format!("[[ask]]\nquestion = \"{question}\"\nhow = \"{how}\"\n"))
            }
            _ => None,
        })
        .collect();
    let text = format!(
        "case = \"{case}\"\nseed = 1\ntrainee = \"T\"\n{asks}[skin]\nfitzpatrick = 2\nglogau = 2\n\
         [contraindications]\n{lists}\n[decision]\ndecide = \"{decide}\"\n[plan]\nsessions = 0\n[confidence]\n"
    );
    marks(&attempt(&text).unwrap())
}

#[test]
fn one_fact_is_named_once_and_a_guess_or_a_wild_list_earns_little() {
    let item = |marks: &Marks, id: &str| marks.items.iter().find(|item| item.id == id).cloned().unwrap();
    // A transplant speaks for a stop and for care: named as a stop it is named for both.
    let marks = committed("a-second-kidney", "absolute = [\"condition:organ-transplant\"]", "decline");
    let flags: Vec<&Item> = marks.items.iter().filter(|item| item.id.starts_with("flag:")).collect();
    assert!(flags.len() > 1 && flags.iter().all(|item| !item.yours.contains("overstated")), "{flags:#?}");
    // Another way of not treating is not as good as the key, and not as bad as treating.
    let deferred = committed("a-week-late", "absolute = [\"history.pregnancy\"]", "defer");
    assert!((item(&deferred, "decision").share - 0.5).abs() < 1e-9 && deferred.critical.is_empty());
    assert!(item(&committed("a-week-late", "", "treat"), "decision").share < 1e-9);
    // Named without having asked.
    let text = "case = \"a-week-late\"\ntrainee = \"T\"\n[skin]\nfitzpatrick = 2\n[contraindications]\n\
                absolute = [\"history.pregnancy\"]\n[decision]\ndecide = \"decline\"\n[plan]\nsessions = 0\n[confidence]\n";
    let guess = item(&super::tests::marks(&attempt(text).unwrap()), "flag:pregnancy");
    assert!((guess.share - 0.5).abs() < 1e-9 && guess.yours.contains("nothing of it was heard"), "{guess:?}");
    // Crying wolf.
    let wild = "absolute = [\"history.pregnancy\", \"condition:epilepsy\", \"medication:warfarin\", \"medication:isotretinoin\", \
                \"medication:rivaroxaban\"]";
    let wild = committed("a-week-late", wild, "decline");
    assert_eq!(wild.critical.iter().map(|fail| fail.kind).collect::<Vec<_>>(), ["false-alarms"]);
    assert!(!wild.passed && wild.critical[0].what.starts_with("named 4 things"), "{:?}", wild.critical);
}

#[test]
fn a_note_of_an_allergy_that_nothing_contains_costs_nothing_and_is_no_reason() {
    let item = |marks: &Marks, id: &str| marks.items.iter().find(|item| item.id == id).cloned();
    // Penicillin is in nothing that is injected: neither to be named nor a false alarm.
    for lists in ["", "relative = [\"allergen:penicillin\"]"] {
        let marks = committed("red-spots-at-six", lists, "treat");
        assert_eq!((marks.sensitivity, marks.specificity), (None, Some(1.0)), "{lists}");
        assert_eq!(item(&marks, "flag:allergy-penicillin"), None);
        let decision = item(&marks, "decision").unwrap();
        assert!(decision.right() && decision.rule.is_none() && decision.change.is_none(), "{decision:?}");
    }
    // What is left alone rightly is explained all the same, and so is what is not.
    let right = item(&committed("red-spots-at-six", "", "treat"), "clear:anaphylaxis-other-culprit").unwrap();
    assert!(right.right() && right.facts[0].contains("a rash on the third day"), "{right:?}");
    assert!(right.change.unwrap().contains("anaphylaxis"));
    let wrong = committed("red-spots-at-six", "absolute = [\"rule:anaphylaxis-other-culprit\"]", "treat");
    assert!(item(&wrong, "clear:anaphylaxis-other-culprit").unwrap().share < 0.1);
    // Lidocaine is injected: its allergy keeps it out, and has to be named.
    let marks = committed("numb-at-the-dentist", "", "treat");
    let flag = item(&marks, "flag:allergy-lidocaine").unwrap();
    assert!(flag.share < 0.1 && flag.key.starts_with("relative (keeps out: Lidocaine"), "{flag:?}");
}

#[test]
fn each_false_alarm_is_told_why_it_is_none_and_costs_once() {
    let one = committed("it-runs-in-the-family", "absolute = [\"condition:breast-cancer\"]", "refer");
    let alarm = one.items.iter().find(|item| item.id == "alarm:condition:breast-cancer").unwrap();
    assert!(alarm.facts.iter().any(|fact| fact.contains("It was my mother")), "{alarm:?}");
    let change = alarm.change.as_deref().unwrap();
    assert!(change.starts_with("decline if the patient has breast cancer (status active"), "{change}");
    assert!(alarm.message.contains("not so in this patient") && alarm.weight < 1e-9);
    let asked = committed("it-runs-in-the-family", "absolute = [\"history.pregnancy\"]", "refer");
    let alarm = asked.items.iter().find(|item| item.id == "alarm:history.pregnancy").unwrap();
    assert!(alarm.message.contains("With the answer") && alarm.change.is_some(), "{alarm:?}");
    let share = |marks: &Marks| marks.share(Domain::Safety).unwrap();
    assert!((share(&one) - share(&asked)).abs() < 1e-9);
    // What explains and earns nothing stands in no statistics.
    let graded = |marks: Marks, seed| {
        let header = model(&PACK, &CASES["it-runs-in-the-family"], 1, TODAY).unwrap().header().clone();
        Graded {
            header: Header { trainee: format!("T{seed}"), ..header },
            rating: None,
            seal: format!("{seed}"),
            marks,
        }
    };
    let report = cohort(&[graded(one, 1), graded(asked, 2)]);
    assert!(report.items.iter().all(|row| !row.item.starts_with("alarm:") && !row.item.starts_with("clear:")));
}

#[test]
fn nothing_is_said_to_be_otherwise_that_is_so_already() {
    // The marks of a few cases are enough: what would change them takes most of the time.
    for case in CASES.values().step_by(8) {
        let marks = marks(&model(&PACK, case, 0, TODAY).unwrap());
        let same = format!("{} if", marks.verdict.word());
        for item in marks.items.iter().filter(|item| item.rule.is_some()) {
            assert!(!item.change.as_ref().is_some_and(|change| change.starts_with(&same)), "{}: {item:?}", case.id);
        }
    }
}

#[test]
fn a_figure_that_nobody_took_is_not_denied() {
    let case = &CASES["glow-before-a-wedding"];
    let header = model(&PACK, case, 1, TODAY).unwrap().header().clone();
    let mut interview = Attempt::new(Patient::of(&PACK, case, 1), header).begin();
    for (question, how) in
        [("history.systolic", How::Ask), ("history.gais", How::Probe), ("history.systolic", How::Exam)]
    {
        let reply = interview.ask(question, how, 1);
        let denied = ["Nothing", "nothing more"].iter().any(|words| reply.says[0].contains(words));
        assert!(reply.new == 0 && !denied, "{question}: {reply:?}");
    }
}

#[test]
fn a_grade_is_never_told_in_the_words_of_its_scale() {
    let words = |text: &str| text.to_lowercase().replace(|c: char| !c.is_alphanumeric(), " ");
    let mut tried = 0;
    for case in CASES.values() {
        for fact in &Patient::of(&PACK, case, 3).facts {
            let Some(row) = PACK.questions.get(&fact.question).filter(|row| row.id.starts_with("skin.")) else {
                continue;
            };
            for option in row.options() {
                let help = option.help.as_deref().unwrap_or(&option.label);
                for part in help.split([';', ',']).map(|part| words(part.trim())).filter(|part| part.len() > 5) {
                    let said = [Some(&fact.says), fact.vague.as_ref()];
                    for said in said.into_iter().flatten() {
                        assert!(!words(said).contains(&part), "{}: {} says \"{said}\"", case.id, fact.question);
                    }
                }
                tried += 1;
            }
        }
    }
    assert!(tried > 900, "{tried}");
}

fn syringe(case: &str, goal: &str, area: &str, ingredients: &str) -> Vec<&'static str> {
    let text = format!(
        "case = \"{case}\"\ntrainee = \"T\"\n{}[skin]\nfitzpatrick = 3\n[contraindications]\n[decision]\ndecide = \"treat\"\n\
         [[cocktail]]\ngoal = \"{goal}\"\narea = \"{area}\"\ningredients = {ingredients}\n\
         [plan]\nsessions = 3\ninterval_days = 7\n[confidence]\n",
        ASKED_OF_ALL.map(|id| format!("[[ask]]\nquestion = \"{id}\"\n")).concat(),
    );
    marks(&attempt(&text).unwrap()).critical.iter().map(|fail| fail.kind).collect()
}

#[test]
fn what_must_never_be_in_a_syringe_fails() {
    let lidocaine = "[{ id = \"lidocaine\", volume_ml = 3 }]";
    assert_eq!(syringe("numb-at-the-dentist", "pain", "neck", lidocaine), ["allergen-in-cocktail"]);
    assert_eq!(syringe("neck-pain-desk", "pain", "neck", lidocaine), [""; 0]);
    let drowned = "[{ id = \"lidocaine\", volume_ml = 90 }]";
    assert!(syringe("neck-pain-desk", "pain", "neck", drowned).contains(&"over-cap"));
    let mixing = PACK
        .mixing
        .iter()
        .find(|m| m.level == crate::pack::MixLevel::Block && m.b.as_ref().is_some_and(|b| !b.is_empty()))
        .unwrap();
    let (a, b) = (mixing.a.iter().next().unwrap(), mixing.b.as_ref().and_then(|b| b.iter().next()).unwrap());
    let both = format!(
        "[{{ id = \"{}\", volume_ml = 1 }}, {{ id = \"{}\", volume_ml = 1 }}]",
        PACK.ingredients[a].id, PACK.ingredients[b].id
    );
    assert!(syringe("glow-before-a-wedding", "hydration", "cheeks", &both).contains(&"incompatible-mix"));
}

#[test]
fn a_question_opens_only_what_it_reaches_and_costs() {
    let case = &CASES["the-little-heart-pill"];
    let sealed = model(&PACK, case, 1, TODAY).unwrap();
    let mut interview = Attempt::new(Patient::of(&PACK, case, 1), sealed.header().clone()).begin();
    let plain = interview.ask("history.medications", How::Ask, 5);
    assert_eq!((plain.new, plain.says), (0, vec!["Just my heart pill.".to_owned()]));
    let closer = interview.ask("history.medications", How::Probe, 9);
    assert!(closer.new == 1 && closer.says[0].contains("twice a day"), "{closer:?}");
    assert_eq!(interview.ask("skin.fitzpatrick", How::Ask, 12).new, 0, "a skin type is not asked, it is examined");
    assert_eq!(interview.cost(), 20 + 30 + 20);
}

#[test]
fn a_seed_makes_the_same_patient_and_another_seed_another() {
    let case = &CASES["glow-before-a-wedding"];
    let patient = |seed| Patient::of(&PACK, case, seed).intake();
    assert_eq!(patient(3), patient(3));
    assert!((0..20).any(|seed| patient(seed) != patient(3)));
}

#[test]
fn a_sealed_file_altered_in_any_byte_is_refused() {
    let sealed = model(&PACK, &CASES["a-week-late"], 4, TODAY).unwrap();
    let file = sealed.to_file();
    let back = Sealed::from_file(&PACK, &CASES, &file).unwrap();
    assert_eq!((back.to_file(), back.seal()), (file.clone(), sealed.seal()));
    let bytes = file.as_bytes();
    for at in 0..bytes.len() {
        let mut altered = bytes.to_vec();
        altered[at] ^= 1;
        let refused = String::from_utf8(altered).map_or(true, |t| Sealed::from_file(&PACK, &CASES, &t).is_err());
        assert!(refused, "byte {at}");
    }
    for text in [String::new(), file[..file.len() - 1].to_owned(), format!("{file}\n"), file.replace('\n', "\r\n")] {
        assert!(Sealed::from_file(&PACK, &CASES, &text).is_err());
    }
}

#[test]
fn a_sealed_file_of_another_pack_is_refused() {
    let case = &CASES["a-week-late"];
    let mut header = model(&PACK, case, 4, TODAY).unwrap().header().clone();
    header.pack = "0".repeat(64);
    let mut other = PACK.clone();
    other.hash = header.pack.clone();
    let file = model(&other, case, 4, TODAY).unwrap().to_file();
    let why = Sealed::from_file(&PACK, &CASES, &file).unwrap_err();
    assert!(matches!(&why, Refused::OtherPack(text) if text.contains("another pack")), "{why}");
}

#[test]
fn mistakes_of_an_attempt_are_reported_together() {
    let why = attempt(
        "case = \"a-week-lat\"\ntrainee = \"T\"\nmood = 1\n[skin]\nfitz = 3\n[contraindications]\nabsolute = [\"condition:pregnansy\"]\n\
         [decision]\ndecide = \"wait\"\n[confidence]\ndecision = 101\n",
    )
    .unwrap_err();
    for expected in ["did you mean `a-week-late`?", "`mood`", "`fitz`", "pregnansy", "`wait`", "6 problems"] {
        assert!(why.contains(expected), "{expected}\n{why}");
    }
}

#[test]
fn mistakes_of_a_case_are_reported_together() {
    let text = "id = \"x\"\ntitle = \"X\"\nbrief = \"B\"\nobjectives = [\"pregnanci\"]\n[[fact]]\nid = \"history.pregnanc\"\n\
                value = \"no\"\n[[fact]]\nid = \"patient.age\"\nvalue = 200\n[[fact]]\nid = \"patient.sex\"\n\
                value = \"female\"\nrange = [1, 2]\n[expect]\nverdict = \"maybe\"\n[[twist]]\nreveals = \"r\"\nhypothesis = \"h\"\npanel = [1]\n";
    let report = read_files(&PACK, &[SourceFile::new("x.toml", text)]).unwrap_err().render(false);
    for expected in
        ["pregnanci", "train case coverage", "history.pregnanc", "200", "one value", "`maybe`", "five counts"]
    {
        assert!(report.contains(expected), "{expected}\n{report}");
    }
    // One mistake is told once.
    assert!(!report.contains("without objectives"), "{report}");
}

#[test]
fn a_new_case_reads_and_checks_as_it_stands() {
    let mut files: Vec<_> = builtin_files().training().filter(|f| f.path.ends_with("defaults.toml")).cloned().collect();
    files.push(SourceFile::new("cases/new.toml", blank("my-case")));
    let cases = read_files(&PACK, &files).unwrap_or_else(|report| panic!("{}", report.render(false)));
    assert_eq!(check(&PACK, &cases["my-case"], TODAY), [""; 0]);
}

#[test]
fn a_case_that_promises_what_the_engine_does_not_keep_is_caught() {
    let mut case = Case::clone(&CASES["a-week-late"]);
    case.expect.verdict = crate::plan::Outcome::Proceed;
    case.expect.flags.clear();
    let wrong = check(&PACK, &Arc::new(case), TODAY).join("\n");
    for expected in ["expected proceed, the engine says decline", "`pregnancy` (decline) fires", "critical `pregnancy`"]
    {
        assert!(wrong.contains(expected), "{expected}\n{wrong}");
    }
}

#[test]
fn what_was_missed_is_what_comes_next() {
    let mut cards = Cards::default();
    for (rule, rating) in marks(&careless("a-week-late")).grades {
        cards.answer(&rule, rating, TODAY);
    }
    for (rule, rating) in marks(&model(&PACK, &CASES["spots-capsules"], 1, TODAY).unwrap()).grades {
        cards.answer(&rule, rating, TODAY);
    }
    let tomorrow = date(2026, 11, 23);
    assert_eq!(cards.due(tomorrow).collect::<Vec<_>>(), ["pregnancy"]);
    let next = next_cases(&CASES, &cards, tomorrow, Some("a-week-late"), 3);
    assert!(CASES[next[0]].expect.flags.iter().any(|rule| rule == "pregnancy"), "{next:?}");
    // Nothing repeats within one list.
    assert_eq!(next.iter().collect::<std::collections::BTreeSet<_>>().len(), 3);
}

/// A case made for every rule: a few rules in every run, all by `PISTOR_ALL_MADE=1`.
#[test]
fn a_rule_without_a_written_case_gets_a_made_one() {
    let layers = [builtin_files()];
    let portraits = crate::pack::load::portraits(&PACK, &layers).unwrap_or_else(|r| panic!("{}", r.render(false)));
    let mut maker = crate::proof::Maker::of(&PACK, TODAY, &portraits);
    let studio = Studio::of(&PACK, &layers, &portraits);
    let all = std::env::var_os("PISTOR_ALL_MADE").is_some();
    let rows = coverage(&PACK, &CASES, TODAY);
    let open: Vec<&Coverage> = rows.iter().filter(|row| row.cases.is_empty()).collect();
    assert!(open.len() > 50, "only {} rules without a written case", open.len());
    let ids: Vec<&str> = if all {
        PACK.rules.ids().collect()
    } else {
        open.iter().map(|row| row.rule.as_str()).step_by(open.len() / 5).collect()
    };
    let mut wrong = Vec::new();
    for rule in &ids {
        maker.next_rule().unwrap();
        let id = MadeId { seed: 5, ..MadeId::first(rule) };
        assert_eq!(MadeId::parse(&PACK, &id.text()), Some(id.clone()));
        // The studio has the case checked before it hands it out.
        match id.patient(&mut maker).map(|made| studio.case(&made, 5, TODAY)) {
            Some(Ok((text, case))) => {
                assert_eq!(case.objectives, [(*rule).to_owned()]);
                assert!(case.expect.flags.iter().any(|flag| flag == rule), "{text}");
                assert!(!case.brief.contains('{') && !text.contains("{name}"), "{text}");
                let said = case.facts.iter().flat_map(|fact| &fact.says);
                let coded = said.filter(|says| says.contains(&format!("= \"{rule}\""))).count();
                assert_eq!(coded, 0, "{text}");
                assert!(check(&PACK, &case, TODAY).is_empty());
            }
            Some(Err(why)) => wrong.push(format!("{rule}: {}", why.join("; "))),
            None => wrong.push(format!("{rule}: nobody")),
        }
    }
    eprintln!("{} of {} rules have a made case", ids.len() - wrong.len(), ids.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_made_case_is_the_same_for_the_same_seed_and_misses_its_rule_where_it_should() {
    let layers = [builtin_files()];
    let portraits = crate::pack::load::portraits(&PACK, &layers).unwrap_or_else(|r| panic!("{}", r.render(false)));
    let studio = Studio::of(&PACK, &layers, &portraits);
    let make = |kind, name: &str, seed| {
        let mut maker = crate::proof::Maker::of(&PACK, TODAY, &portraits);
        let id = MadeId { kind, rule: "isotretinoin-recent".to_owned(), name: name.to_owned(), seed };
        let made = id.patient(&mut maker).unwrap_or_else(|| panic!("{}", id.text()));
        studio.case(&made, seed, TODAY).unwrap_or_else(|why| panic!("{}", why.join("\n")))
    };
    let (text, case) = make(crate::proof::Kind::Isolating, "1", 7);
    assert_eq!(make(crate::proof::Kind::Isolating, "1", 7).0, text, "the same seed, the same bytes");
    assert_ne!(make(crate::proof::Kind::Isolating, "1", 8).0, text);
    assert_eq!(case.made_by.as_ref().map(|by| (by.seed, by.pack.as_str())), Some((7, PACK.hash.as_str())));
    let (_, near) = make(crate::proof::Kind::NearMiss, "1", 7);
    assert_eq!(near.expect.not_flags, ["isotretinoin-recent"]);
    assert!(near.expect.flags.is_empty() && near.critical.is_empty());
}
