//! The prover against plain enumeration, and its judge against damaged proofs.

use std::collections::HashMap;

use super::circuit::{Circuit, Lit, Node, word};
use super::model::{Model, Subject};
use super::prover::{Prover, Reply};
use super::question::Question;
use super::solver::Batsat;
use super::{Certificate, Property, Report, Shadow, Step, belongs, check_certificate, prove, trimmed};
use crate::pack::load::{LayerFiles, load, safety_case};
use crate::pack::{Never, Pack};
use crate::source::SourceFile;

const TODAY: jiff::civil::Date = jiff::civil::date(2026, 11, 22);

fn small() -> (Pack, Vec<Never>) {
    small_with("")
}

fn small_with(more: &str) -> (Pack, Vec<Never>) {
    let content = include_str!("../../tests/fixtures/small-pack/content.toml").to_owned() + more;
    let files = [
        ("small/pack.toml", include_str!("../../tests/fixtures/small-pack/pack.toml")),
        ("small/content.toml", &content),
        ("small/safety-case.toml", include_str!("../../tests/fixtures/small-pack/safety-case.toml")),
    ];
    let layers = [LayerFiles { files: files.iter().map(|(path, text)| SourceFile::new(*path, *text)).collect() }];
    let pack = load(&layers).expect("the small pack loads");
    let case = safety_case(&pack, &layers).expect("its safety case loads");
    (pack, case)
}

fn subject<'p>(pack: &'p Pack, case: &'p [Never]) -> Subject<'p> {
    Subject { pack, below: None, case, today: TODAY }
}

/// The part of a circuit that wires are made from, as a circuit of its own.
fn part(circuit: &Circuit, wires: &[Lit]) -> (Circuit, Vec<Lit>, Vec<Lit>) {
    let mut needed = vec![false; circuit.nodes().len()];
    let mut open: Vec<usize> = wires.iter().map(|lit| lit.node()).collect();
    while let Some(node) = open.pop() {
        if !std::mem::replace(&mut needed[node], true)
            && let Node::And(parts) = &circuit.nodes()[node]
        {
            open.extend(parts.iter().map(|lit| lit.node()));
        }
    }
    let mut own = Circuit::default();
    let mut inputs = Vec::new();
    let mut names: HashMap<usize, Lit> = HashMap::from([(0, Lit::FALSE)]);
    let of =
        |names: &HashMap<usize, Lit>, lit: Lit| if lit.negated() { !names[&lit.node()] } else { names[&lit.node()] };
    for (n, node) in circuit.nodes().iter().enumerate().filter(|(n, _)| needed[*n]) {
        let lit = match node {
            Node::Constant => Lit::FALSE,
            Node::Input => {
                inputs.push(own.input());
                inputs[inputs.len() - 1]
            }
            Node::And(parts) => own.all(parts.iter().map(|part| of(&names, *part)).collect::<Vec<_>>()),
        };
        names.insert(n, lit);
    }
    let wires = wires.iter().map(|lit| of(&names, *lit)).collect();
    (own, inputs, wires)
}

/// Whether some assignment has all wires on, by trying every one.
fn by_enumeration(circuit: &Circuit, inputs: &[Lit], wires: &[Lit]) -> bool {
    const LANES: [u64; 6] = [
        0xAAAA_AAAA_AAAA_AAAA,
        0xCCCC_CCCC_CCCC_CCCC,
        0xF0F0_F0F0_F0F0_F0F0,
        0xFF00_FF00_FF00_FF00,
        0xFFFF_0000_FFFF_0000,
        0xFFFF_FFFF_0000_0000,
    ];
    (0..1_u64 << inputs.len().saturating_sub(6)).any(|high| {
        let value = |n: usize| match LANES.get(n) {
            Some(lanes) => *lanes,
            None if high >> (n - 6) & 1 == 1 => u64::MAX,
            None => 0,
        };
        let words = inputs.iter().enumerate().map(|(n, input)| (*input, value(n))).collect();
        let values = circuit.simulate(&words);
        wires.iter().fold(u64::MAX, |all, lit| all & word(&values, *lit)) != 0
    })
}

/// More inputs than this are not enumerated.
const ENUMERATED: usize = 13;

#[test]
fn the_solver_and_plain_enumeration_agree() {
    let (pack, case) = small();
    let mut model = Model::of(subject(&pack, &case));
    let questions = model.questions();
    let mut prover = Prover::new(Batsat::default(), &pack.hash, TODAY);
    let (mut tried, mut possible) = (0, 0);
    for question in &questions {
        // The parts of a question are questions as well, and they are smaller.
        let parts = question.wires.iter().map(|lit| vec![*lit]).chain([question.wires.clone()]);
        for wires in parts {
            let (own, inputs, own_wires) = part(&model.circuit, &wires);
            if inputs.len() > ENUMERATED {
                continue;
            }
            let expected = by_enumeration(&own, &inputs, &own_wires);
            let found = matches!(prover.ask(&model.circuit, None, &wires), Reply::Possible(_));
            assert_eq!(found, expected, "{}", question.name());
            tried += 1;
            possible += usize::from(found);
        }
    }
    eprintln!("{tried} of {} questions and their parts, {possible} possible", questions.len());
    assert!(tried > 100 && possible > 20 && possible < tried, "{tried} tried, {possible} possible");
}

#[test]
fn a_damaged_proof_is_refused() {
    let (pack, case) = small();
    let whole = prove(subject(&pack, &case)).certificate;
    let short = trimmed(&whole).expect("every step follows");
    assert_eq!(check_certificate(&short), check_certificate(&whole));
    let read = Certificate::read(&short.to_text()).expect("a certificate");
    assert_eq!(read, short);
    let mut refused = 0;
    let axioms = short.axioms.len();
    let dropped: Vec<usize> = (0..axioms).step_by((axioms / 40).max(1)).collect();
    for n in &dropped {
        let mut less = short.clone();
        less.axioms.remove(*n);
        refused += usize::from(check_certificate(&less).is_err());
        // Even where another way leads to every claim, a clause that is not the pack's is noticed.
        let mut turned = short.clone();
        turned.axioms[*n][0] *= -1;
        assert!(super::belongs(&turned, subject(&pack, &case)).is_err());
    }
    assert!(refused * 10 >= dropped.len() * 9, "{refused} of {} dropped clauses were missed", dropped.len());
    assert_eq!(super::belongs(&short, subject(&pack, &case)).map(|n| n > 100), Ok(true));
    let mut silent = short.clone();
    // The last claim that answers a question; those behind it say who decides in the place of whom.
    let answers = |step: &Step| matches!(step, Step::Claim { name, .. } if !name.contains("/by/"));
    let last = silent.steps.iter().rposition(answers).expect("a claim");
    silent.steps.remove(last);
    assert!(super::belongs(&silent, subject(&pack, &case)).is_err(), "a question without an answer is noticed");
}

#[test]
fn every_question_has_a_name_of_its_own() {
    let (pack, case) = small();
    let questions = Model::of(subject(&pack, &case)).questions();
    let names: std::collections::HashSet<String> = questions.iter().map(Question::name).collect();
    assert_eq!(names.len(), questions.len());
    assert!(names.iter().all(|name| !name.contains(char::is_whitespace)), "a name is one word of a certificate");
}

/// Two rules that decide nothing: one says what another says, one what one of two others says.
const ECHOES: &str = "
[[rule]]
id = 'echo'
title = '.'
verdict = 'caution'
when = { history.pregnant = 'yes' }
message = '.'
why = '.'
evidence = 'D'
basis = 'general'

[[rule]]
id = 'either'
title = '.'
verdict = 'clearance'
when = { any = [{ medication = 'thinner' }, { provenance = 'expired' }] }
from = 'somebody'
message = '.'
why = '.'
evidence = 'D'
basis = 'general'
";

fn shadows_of<'r>(report: &'r Report, name: &str) -> &'r [Shadow] {
    let row = report.properties.iter().find(|row| row.property == Property::EveryRuleDecides).expect("asked");
    row.failures.iter().find(|failure| failure.name == name).map_or(&[], |failure| &failure.shadows)
}

#[test]
fn what_never_decides_is_told_with_who_does_and_with_a_proof() {
    let (pack, case) = small_with(ECHOES);
    let report = prove(subject(&pack, &case));
    let shadow =
        |what: &str, by: &[&str]| Shadow { what: what.to_owned(), by: by.iter().map(|id| (*id).to_owned()).collect() };
    assert_eq!(shadows_of(&report, "P1009:echo"), [shadow("verdict:caution", &["pregnant"])]);
    // Neither can be left out.
    assert_eq!(shadows_of(&report, "P1009:either"), [shadow("verdict:clearance", &["thin", "expired"])]);

    let short = trimmed(&report.certificate).expect("every step follows");
    let claim = "P1009:echo/verdict:caution/by/pregnant";
    assert!(short.claims().any(|(name, _)| name == claim), "the proof is in the certificate");
    assert!(belongs(&short, subject(&pack, &case)).is_ok());
    // The same clause under another name is another claim.
    for by in ["child", "nobody"] {
        let mut other = short.clone();
        let names = other.steps.iter_mut().filter_map(|step| match step {
            Step::Claim { name, .. } if name == claim => Some(name),
            _ => None,
        });
        names.for_each(|name| *name = format!("P1009:echo/verdict:caution/by/{by}"));
        assert!(belongs(&other, subject(&pack, &case)).is_err(), "{by}");
    }
}

#[test]
fn of_rules_that_say_one_thing_in_the_same_words_one_is_named() {
    let again = |id: &str| ECHOES[..ECHOES.rfind("[[rule]]").expect("two rules")].replace("echo", id);
    let copies: String = ["echo", "echo-again", "echo-once-more"].map(again).concat();
    let (pack, case) = small_with(&copies);
    let report = prove(subject(&pack, &case));
    for id in ["echo", "echo-again", "echo-once-more"] {
        let shadows = shadows_of(&report, &format!("P1009:{id}"));
        assert!(matches!(shadows, [shadow] if shadow.by.len() == 1 && shadow.by[0] != id), "{id}: {shadows:?}");
    }
}

#[test]
fn the_fewest_ticks_are_the_fewest() {
    let (pack, case) = small();
    let report = prove(subject(&pack, &case));
    assert_eq!(report.resilience.len(), 2, "a goal without a recommended injectable has no plan to lose");
    for row in &report.resilience {
        let shown = [&row.without_plan, &row.nothing_left];
        assert!(
            shown.into_iter().flatten().all(|ticks| ticks.replayed && ticks.differs.len() == ticks.count),
            "{row:?}"
        );
        // A child, a pregnancy, a sepsis, a product fault and a body: each alone.
        assert!(row.alone >= 4 && row.alone < row.ticks, "{row:?}");
        assert_eq!(row.without_plan.as_ref().map(|ticks| ticks.count), Some(1), "{row:?}");
    }
    // Brightness lives on one product and one technique, moisture on one product: one tick takes either out.
    for row in &report.resilience {
        assert_eq!(row.nothing_left.as_ref().map(|ticks| ticks.count), Some(1), "{row:?}");
    }
}
