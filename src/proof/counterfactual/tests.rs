//! The fewest changes by the solver, and by trying all of them.

use jiff::civil::{Date, date};

use super::around::Around;
use super::edits::{By, Edit, apply};
use super::search::{Search, Target, counterfactuals};
use crate::intake::{self, Intake};
use crate::pack::load::{LayerFiles, load};
use crate::pack::{Pack, Verdict};
use crate::plan::{Outcome, assess};
use crate::source::SourceFile;

const TODAY: Date = date(2026, 11, 22);

fn small() -> Pack {
    let files = [
        ("small/pack.toml", include_str!("../../../tests/fixtures/small-pack/pack.toml")),
        ("small/content.toml", include_str!("../../../tests/fixtures/small-pack/content.toml")),
    ];
    let files = files.iter().map(|(path, text)| SourceFile::new(*path, *text)).collect();
    load(&[LayerFiles { files }]).expect("the small pack loads")
}

const WELL: &str = r#"
jurisdiction = "AA"
patient = { age = 40, sex = "female", weight_kg = 62, height_cm = 168 }
skin.type = "thick"
history = { pregnant = "no", conditions = [], medications = [], events = [] }
allergies.items = []
goals.items = [{ goal = "brightness", areas = ["cheek"] }]
setting.provenance = []
"#;

fn read(pack: &Pack, changes: &[(&str, &str)]) -> Intake {
    let mut text = WELL.to_owned();
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    intake::read(pack, &SourceFile::new("t.toml", text)).unwrap_or_else(|report| panic!("{}", report.render(false)))
}

/// Patients with one reason, several reasons, and reasons of all kinds, some with open questions.
fn patients(pack: &Pack) -> Vec<Intake> {
    let events = ("events = []", "events = [{ id = \"peel\", days_ago = 5 }]");
    let pregnant = ("pregnant = \"no\"", "pregnant = \"yes\"");
    let thin = ("skin.type = \"thick\"", "skin.type = \"thin\"");
    let sepsis = ("conditions = []", "conditions = [{ id = \"sepsis\", status = \"active\" }]");
    let clot = ("conditions = []", "conditions = [\"thrombosis\"]");
    let thinner = ("medications = []", "medications = [\"thinner\"]");
    let expired = ("setting.provenance = []", "setting.provenance = [\"expired\"]");
    let child = ("age = 40", "age = 12");
    let heavy = ("weight_kg = 62", "weight_kg = 130");
    let youth = ("goal = \"brightness\"", "goal = \"youth\"");
    let moisture = ("goal = \"brightness\"", "goal = \"moisture\"");
    let wart = ("conditions = []", "conditions = [{ id = \"wart\", site = \"cheek\", status = \"active\" }]");
    let unknown = ("pregnant = \"no\"", "pregnant = \"unknown\"");
    let unasked = ("pregnant = \"no\", ", "");
    let no_weight = ("weight_kg = 62, ", "");
    let allergic = ("allergies.items = []", "allergies.items = [\"alphacaine\", \"betacaine\"]");
    let sets: Vec<Vec<(&str, &str)>> = vec![
        vec![],
        vec![events],
        vec![pregnant],
        vec![pregnant, expired],
        vec![pregnant, expired, events],
        vec![sepsis, events],
        vec![sepsis, thinner, thin],
        vec![clot],
        vec![clot, pregnant, heavy],
        vec![thinner, heavy],
        vec![child],
        vec![child, pregnant],
        vec![youth],
        vec![moisture, thin],
        vec![wart],
        vec![wart, expired, allergic],
        vec![unknown, events],
        vec![unasked, expired],
        vec![no_weight, sepsis],
        vec![unasked, no_weight, child],
    ];
    sets.iter().map(|set| read(pack, set)).collect()
}

/// The fewest changes of these kinds that lead there, up to a bound, by trying all of them; open questions cost nothing.
fn by_trying(around: &Around<'_>, target: Target, allowed: &dyn Fn(By) -> bool, most: usize) -> Option<usize> {
    fn go(
        around: &Around<'_>,
        target: Target,
        allowed: &dyn Fn(By) -> bool,
        (at, left): (usize, usize),
        picked: &mut Vec<Edit>,
    ) -> bool {
        let Some(unit) = around.units.get(at) else {
            let edits: Vec<&Edit> = picked.iter().collect();
            let (intake, day) = apply(around.pack, around.intake, around.today, &edits);
            return target.met(&assess(around.pack, &intake, day));
        };
        if go(around, target, allowed, (at + 1, left), picked) {
            return true;
        }
        let after = if unit.free { Some(left) } else { left.checked_sub(1) };
        let Some(after) = after else { return false };
        for (edit, by) in unit.alternatives.iter().filter(|(_, by)| unit.free || allowed(*by)) {
            let _ = by;
            picked.push(edit.clone());
            let found = go(around, target, allowed, (at + 1, after), picked);
            picked.pop();
            if found {
                return true;
            }
        }
        false
    }
    (0..=most).find(|n| go(around, target, allowed, (0, *n), &mut Vec::new()))
}

#[test]
fn the_solver_finds_as_few_changes_as_trying_all_of_them() {
    let pack = small();
    let go_on = || false;
    let (mut agreed, mut several, mut none) = (0, 0, 0);
    for intake in patients(&pack) {
        for target in [Target::Plan, Target::AtMost(Verdict::Proceed), Target::AtMost(Verdict::Clearance)] {
            for most in [By::Choice, By::Course, By::Fact] {
                let allowed = |by: By| by <= most;
                let mut search = Search::new(Around::new(&pack, &intake, TODAY, false), &go_on);
                let mut refused = 0;
                let found = search.nearest(target, &allowed, &mut refused);
                assert_eq!(refused, 0, "{}", intake::write(&intake));
                let fewest = found.as_ref().map(|nearest| nearest.fewest);
                let bound = fewest.unwrap_or(2).min(2);
                let tried = by_trying(&search.around, target, &allowed, bound);
                match fewest {
                    Some(n) if n > bound => assert_eq!(tried, None, "{target:?} {most:?}\n{}", intake::write(&intake)),
                    _ => assert_eq!(tried, fewest, "{target:?} {most:?}\n{}", intake::write(&intake)),
                }
                agreed += 1;
                several += usize::from(fewest.is_some_and(|n| n > 1));
                none += usize::from(fewest.is_none());
            }
        }
    }
    assert!(
        agreed >= 180 && several > 10 && none > 10,
        "{agreed} compared, {several} of several changes, {none} of none"
    );
}

#[test]
fn days_that_pass_are_a_date_and_the_first_one() {
    let pack = small();
    let intake = read(&pack, &[("events = []", "events = [{ id = \"peel\", days_ago = 5 }]")]);
    let found = counterfactuals(&pack, &intake, TODAY, &|| false);
    let way = &found.last().and_then(|found| found.changeable.as_ref()).expect("a way").ways[0];
    assert_eq!((way.from, way.verdict), (Some(date(2026, 12, 15)), Outcome::Proceed));
    assert!(way.sentence().contains("before 2026-12-15 (23 days"), "{}", way.sentence());
}

#[test]
fn two_refusals_need_both_and_neither_alone_is_offered() {
    let pack = small();
    let changes = [("pregnant = \"no\"", "pregnant = \"yes\""), ("provenance = []", "provenance = [\"expired\"]")];
    let found = counterfactuals(&pack, &read(&pack, &changes), TODAY, &|| false);
    let nearest = found[0].changeable.as_ref().expect("a way");
    assert_eq!((found[0].target, nearest.fewest), (Target::Plan, 2));
    assert!(nearest.ways.iter().all(|way| way.changes.len() == 2), "{nearest:?}");
}

#[test]
fn what_cannot_change_is_a_fact_and_said_so() {
    let pack = small();
    let found = counterfactuals(&pack, &read(&pack, &[("age = 40", "age = 12")]), TODAY, &|| false);
    assert_eq!(found[0].changeable, None);
    let way = &found[0].facts.as_ref().expect("the fact").ways[0];
    assert_eq!(way.changes.iter().map(|change| change.by).collect::<Vec<_>>(), [By::Fact]);
    assert!(way.sentence().starts_with("fact: if age were: 18"), "{}", way.sentence());
}

#[test]
fn a_medicine_that_is_taken_is_never_proposed_to_end() {
    let pack = small();
    let found =
        counterfactuals(&pack, &read(&pack, &[("medications = []", "medications = [\"thinner\"]")]), TODAY, &|| false);
    assert_eq!(found[0].changeable, None, "taking it is a fact");
    let said = found[0].facts.as_ref().expect("the fact").ways[0].sentence();
    assert!(said.contains("does not take thinner (a fact, not advice"), "{said}");
}

#[test]
fn stopped_it_says_nothing() {
    let pack = small();
    let intake = read(&pack, &[("pregnant = \"no\"", "pregnant = \"yes\"")]);
    assert!(counterfactuals(&pack, &intake, TODAY, &|| true).is_empty());
}

#[test]
fn for_teaching_one_more_entry_makes_it_stricter() {
    let pack = small();
    let found = super::stricter(&pack, &read(&pack, &[]), TODAY, &|| false).expect("not stopped");
    let nearest = found.facts.expect("something is stricter");
    assert_eq!((nearest.fewest, found.refused), (1, 0));
    assert!(nearest.ways.iter().all(|way| way.verdict != Outcome::Proceed), "{nearest:?}");
    let refused = read(&pack, &[("age = 40", "age = 12")]);
    assert!(super::stricter(&pack, &refused, TODAY, &|| false).is_none(), "nothing is stricter than no");
}
