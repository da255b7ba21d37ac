//! The body weight that doses are computed from.

use crate::intake::{Fact, Facts};
use crate::pack::{Amount, Pack};

/// Above this body mass index doses follow the ideal weight: fat takes up little of a local anaesthetic, so the measured
/// weight would set its ceiling too high. General medical knowledge.
pub const OBESE: Amount = Amount::whole(30);

/// A weight and how it was come by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct DosingWeight {
    /// kg.
    pub kg: Amount,
    /// Where it is not the measured one: which it is, and why.
    pub instead: Option<&'static str>,
}

/// The measured weight, or the ideal one in obesity if that is lower; `None` while the weight is not known. A height that
/// is not known counts as the unfavourable one: whoever may be obese gets what the least ideal weight allows.
pub(super) fn dosing_weight(pack: &Pack, facts: &Facts) -> Option<DosingWeight> {
    let kg = facts.number(pack.roles.weight)?;
    let male = is_male(pack, facts);
    let ideal = match (facts.number(pack.roles.height), facts.number(pack.roles.bmi)) {
        (Some(cm), Some(bmi)) if bmi > OBESE => Some((ideal_kg(cm, male), "ideal weight, because the BMI is over 30")),
        (Some(_), Some(_)) => None,
        _ => Some((ideal_kg(Amount::ZERO, male), "the least ideal weight, because the height is not known")),
    };
    Some(match ideal.filter(|(ideal, _)| *ideal < kg) {
        Some((kg, why)) => DosingWeight { kg, instead: Some(why) },
        None => DosingWeight { kg, instead: None },
    })
}

/// Only a recorded "male" uses the higher figure: what is not known counts as the unfavourable case.
fn is_male(pack: &Pack, facts: &Facts) -> bool {
    pack.questions.find("patient.sex").is_some_and(|ix| match facts.get(ix) {
        Fact::Choice(n) => pack.questions[ix].options().get(*n).is_some_and(|option| option.id == "male"),
        _ => false,
    })
}

/// Devine's formula (1974): 50 kg for men and 45.5 kg for women at 152.4 cm, and 2.3 kg for each further inch; not less
/// for shorter people. Rounded down to a tenth of a kg.
#[must_use]
pub fn ideal_kg(cm: Amount, male: bool) -> Amount {
    let base = if male { 50_000 } else { 45_500 };
    let above = (cm.as_thousandths() - 152_400).max(0);
    let kg = base + above * 2300 / 2540;
    Amount::thousandths(kg / 100 * 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devine_as_published() {
        assert_eq!(ideal_kg(Amount::parse("152.4").unwrap(), false), Amount::parse("45.5").unwrap());
        assert_eq!(ideal_kg(Amount::whole(168), false), Amount::parse("59.6").unwrap());
        assert_eq!(ideal_kg(Amount::whole(180), true), Amount::parse("74.9").unwrap());
        assert_eq!(ideal_kg(Amount::whole(140), false), Amount::parse("45.5").unwrap());
    }
}
