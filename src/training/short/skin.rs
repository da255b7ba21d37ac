//! Cards about grades: which grade do these signs make, and which one do so many points.

use super::{About, Asked, Key, ShortCard, Told};
use crate::pack::{Identified, Pack, Question, Scale, ScaleValue};
use crate::proof::Seeded;

/// Cards that go from signs to a grade.
const SIGNS: &str = "skin";
/// Cards that go from points to a grade.
const POINTS: &str = "scale";
/// The most options that are offered.
const OPTIONS: usize = 5;

/// The cards that a pack has: a grade whose options each say by which signs they are known, and a scored scale.
#[must_use]
pub fn skin_ids(pack: &Pack) -> Vec<String> {
    let by_signs = pack.questions.iter().filter(|q| has_signs(q)).map(|q| format!("{SIGNS}:{}", q.id));
    let by_points = pack.scales.iter().filter(|scale| graded(pack, scale)).map(|s| format!("{POINTS}:{}", s.id));
    by_signs.chain(by_points).collect()
}

/// Whether each grade has signs of its own: not a span of points, and not the same as another's.
fn has_signs(question: &Question) -> bool {
    let options = question.options();
    let signs = |n: usize| options.get(n).and_then(|option| option.help.as_deref());
    question.id.starts_with("skin.")
        && options.len() >= 3
        && (0..options.len()).all(|n| {
            signs(n).is_some_and(|own| {
                !own.starts_with(|c: char| c.is_ascii_digit()) && (0..n).all(|before| signs(before) != Some(own))
            })
        })
}

fn graded(pack: &Pack, scale: &Scale) -> bool {
    let question = &pack.questions[scale.answers];
    question.id.starts_with("skin.") && question.options().len() >= 3
}

pub(super) fn title(pack: &Pack, id: &str) -> Option<String> {
    match id.split_once(':')? {
        (SIGNS, question) => Some(format!("{}: from its signs", pack.questions.get(question)?.label)),
        (POINTS, scale) => Some(format!("{}: from its points", pack.scales.get(scale)?.label)),
        _ => None,
    }
}

/// A card of a pack by its id; none where the pack has no such card.
#[must_use]
pub fn skin_card(pack: &Pack, id: &str, seed: u64) -> Option<ShortCard> {
    let mut draw = Seeded::new(seed, id);
    match id.split_once(':')? {
        (SIGNS, question) => pack.questions.get(question).filter(|q| has_signs(q)).map(|q| of_signs(id, q, &mut draw)),
        (POINTS, scale) => {
            let scale = pack.scales.get(scale).filter(|scale| graded(pack, scale))?;
            of_points(pack, id, scale, &mut draw)
        }
        _ => None,
    }
}

fn of_signs(id: &str, question: &Question, draw: &mut Seeded) -> ShortCard {
    let right = draw.below(question.options().len());
    let signs = |n: usize| question.options().get(n).and_then(|option| option.help.clone()).unwrap_or_default();
    let (options, key) = around(question, right);
    let why = (options.iter().map(|n| format!("{}: {}", label(question, *n), signs(*n)))).collect();
    ShortCard {
        id: id.to_owned(),
        about: About::Skin,
        told: vec![signs(right)],
        question: format!("{}: which grade?", question.label),
        asked: Asked::OneOf(options.iter().map(|n| label(question, *n)).collect()),
        key: Key::Option(key),
        told_after: Told {
            title: question.label.clone(),
            why: with_help(why, Some(&question.help)),
            sources: Vec::new(),
            evidence: None,
        },
    }
}

fn of_points(pack: &Pack, id: &str, scale: &Scale, draw: &mut Seeded) -> Option<ShortCard> {
    let question = &pack.questions[scale.answers];
    let spans: Vec<(u16, u16, ScaleValue)> = scale.bands.spans(scale.fewest(), scale.most()).collect();
    // Each band comes up as often, and then each of its sums.
    let (from, to, value) = spans.get(draw.below(spans.len())).copied()?;
    let points = from + u16::try_from(draw.below(usize::from(to.saturating_sub(from)) + 1)).unwrap_or(0);
    let ScaleValue::Choice(right) = value else { return None };
    let (options, key) = around(question, right);
    let why = spans.iter().map(|(from, to, value)| format!("{from} to {to} points: {}", value.words(question)));
    Some(ShortCard {
        id: id.to_owned(),
        about: About::Skin,
        told: vec![format!("{}: {points} of {} points", scale.label, scale.most())],
        question: format!("{}: which grade?", question.label),
        asked: Asked::OneOf(options.iter().map(|n| label(question, *n)).collect()),
        key: Key::Option(key),
        told_after: Told {
            title: scale.label.clone(),
            why: with_help(why.collect(), scale.note.as_deref()),
            sources: scale.grounds.sources.iter().map(|ix| pack.sources[*ix].id().to_owned()).collect(),
            evidence: Some(scale.grounds.evidence),
        },
    })
}

fn with_help(mut why: Vec<String>, help: Option<&str>) -> Vec<String> {
    why.extend(help.map(str::to_owned));
    why
}

/// The right grade with its neighbours, in the order of the scale, and where the right one stands.
fn around(question: &Question, right: usize) -> (Vec<usize>, usize) {
    let all = question.options().len();
    let from = right.saturating_sub(OPTIONS / 2).min(all.saturating_sub(OPTIONS));
    let options: Vec<usize> = (from..all.min(from + OPTIONS)).collect();
    let key = right - from;
    (options, key)
}

fn label(question: &Question, n: usize) -> String {
    question.options().get(n).map(|option| option.label.clone()).unwrap_or_default()
}
