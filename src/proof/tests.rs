//! The prover against plain enumeration, and its judge against damaged proofs.

use std::collections::HashMap;

use super::circuit::{Circuit, Lit, Node, word};
use super::model::{Model, Subject};
use super::prover::{Prover, Reply};
use super::question::Question;
use super::solver::Batsat;
use super::{Certificate, check_certificate, prove, trimmed};
use crate::pack::load::{LayerFiles, load, safety_case};
use crate::pack::{Never, Pack};
use crate::source::SourceFile;

const TODAY: jiff::civil::Date = jiff::civil::date(2026, 11, 22);

fn small() -> (Pack, Vec<Never>) {
    let files = [
        ("small/pack.toml", include_str!("../../tests/fixtures/small-pack/pack.toml")),
        ("small/content.toml", include_str!("../../tests/fixtures/small-pack/content.toml")),
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
    let last = silent.steps.len() - 1;
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
