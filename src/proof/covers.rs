//! Where a sentence about doses holds, on wires.

use super::ceilings::{Cover, height_from, obese_from};
use super::circuit::{Circuit, Lit};
use super::conditions::Reader;
use super::outcome::in_force;
use super::space::number_kind;
use super::view::{Value, number_at_least};
use crate::pack::{Amount, QuestionIx};

/// The wire of a cover; `fires` are the wires of the rules.
pub(super) fn wire(c: &mut Circuit, reader: &Reader<'_>, fires: &[Lit], cover: &Cover) -> Lit {
    match cover {
        Cover::All(of) => {
            let of: Vec<Lit> = of.iter().map(|part| wire(c, reader, fires, part)).collect();
            c.all(of)
        }
        Cover::Any(of) => {
            let of: Vec<Lit> = of.iter().map(|part| wire(c, reader, fires, part)).collect();
            c.any(of)
        }
        Cover::WeightKnown(known) => {
            let lit = reader.view.of(reader.pack.roles.weight).known();
            if *known { lit } else { !lit }
        }
        Cover::Weight(from, below) => {
            let from = from.map_or(Lit::TRUE, |kg| dosing_at_least(c, reader, kg));
            let below = below.map_or(Lit::TRUE, |kg| !dosing_at_least(c, reader, kg));
            c.and(from, below)
        }
        Cover::InForce(places) => in_force(c, reader, *places),
        Cover::Fires(rule) => fires[rule.get()],
    }
}

/// Where the weight is known and doses follow a weight of at least `kg`: the measured one, and the ideal one as well where
/// the body mass index is over the bound or not known.
fn dosing_at_least(c: &mut Circuit, reader: &Reader<'_>, kg: Amount) -> Lit {
    let roles = &reader.pack.roles;
    let measured = at_least(reader, roles.weight, kg);
    let index = reader.view.of(roles.bmi).known();
    let obese = obese_from(reader.pack).map_or(Lit::TRUE, |from| at_least(reader, roles.bmi, from));
    let slim = c.and(index, !obese);
    let male = male(c, reader);
    let mut tall = |male: bool| match height_from(reader.pack, kg, male) {
        Some(Amount::ZERO) => Lit::TRUE,
        Some(cm) => c.and(index, at_least(reader, roles.height, cm)),
        None => Lit::FALSE,
    };
    let (of_men, of_others) = (tall(true), tall(false));
    let of_men = c.and(male, of_men);
    let of_others = c.and(!male, of_others);
    let enough = c.any([slim, of_men, of_others]);
    c.and(measured, enough)
}

fn at_least(reader: &Reader<'_>, question: QuestionIx, at: Amount) -> Lit {
    let least = number_kind(reader.pack, question).map_or(Amount::ZERO, |kind| kind.min);
    match &reader.view.of(question).value {
        Value::Number { known, at_least } => number_at_least(*known, at_least, at, least),
        _ => Lit::FALSE,
    }
}

fn male(c: &mut Circuit, reader: &Reader<'_>) -> Lit {
    let Some(ix) = reader.pack.questions.find("patient.sex") else { return Lit::FALSE };
    let options = reader.pack.questions[ix].options();
    match &reader.view.of(ix).value {
        Value::Choice(wires) => {
            let mine = options.iter().zip(wires).filter(|(option, _)| option.id == "male").map(|(_, lit)| *lit);
            c.any(mine.collect::<Vec<_>>())
        }
        _ => Lit::FALSE,
    }
}
