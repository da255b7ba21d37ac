//! Cards about units: percent, milligrams, millilitres, a dose for a weight, a stock made weaker. The figures are those of the
//! pack's own ingredients and limits; all sums are whole thousandths.
//!
//! What has no milligrams in the pack (units of botulinum or hyaluronidase, plant extracts) makes no card: a unit of one is
//! not a unit of the other.

use super::{About, Asked, Key, ShortCard, Told};
use crate::pack::{Amount, IngredientDetail, Item, Ix, Jurisdiction, Limit, Pack, Per};
use crate::proof::Seeded;

/// The first word of the id of these cards.
pub(super) const PREFIX: &str = "units";

/// What is worked out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Sum {
    PercentToMg,
    MgToPercent,
    MgInVolume,
    VolumeForDose,
    LimitForWeight,
    Weaker,
}

const SUMS: [(Sum, &str, &str); 6] = [
    (Sum::PercentToMg, "percent-to-mg", "From percent to milligrams in a millilitre"),
    (Sum::MgToPercent, "mg-to-percent", "From milligrams in a millilitre to percent"),
    (Sum::MgInVolume, "mg-in-volume", "Milligrams in a volume"),
    (Sum::VolumeForDose, "volume-for-dose", "The volume for a dose"),
    (Sum::LimitForWeight, "limit-for-weight", "The most for a body weight"),
    (Sum::Weaker, "weaker", "A stock made weaker"),
];

/// Volumes that are asked about, in thousandths of a millilitre.
const VOLUMES: [i64; 8] = [500, 1000, 1500, 2000, 2500, 3000, 4000, 5000];
/// Answers count within two percent.
const PERCENT: i64 = 2;

pub(super) fn title(id: &str) -> Option<&'static str> {
    let (_, sum) = id.split_once(':')?;
    SUMS.iter().find(|(_, known, _)| *known == sum).map(|(_, _, title)| *title)
}

/// The cards for which a pack has figures.
#[must_use]
pub fn unit_ids(pack: &Pack) -> Vec<String> {
    let ids = SUMS.iter().map(|(_, id, _)| format!("{PREFIX}:{id}"));
    ids.filter(|id| unit_card(pack, id, 0).is_some()).collect()
}

/// A card of a pack by its id; none where the pack has no figures for it.
#[must_use]
pub fn unit_card(pack: &Pack, id: &str, seed: u64) -> Option<ShortCard> {
    let (PREFIX, word) = id.split_once(':')? else { return None };
    let (sum, _, title) = SUMS.iter().find(|(_, known, _)| *known == word)?;
    let mut draw = Seeded::new(seed, id);
    let made = match sum {
        Sum::PercentToMg => percent_to_mg(pack, &mut draw),
        Sum::MgToPercent => mg_to_percent(pack, &mut draw),
        Sum::MgInVolume => mg_in_volume(pack, &mut draw),
        Sum::VolumeForDose => volume_for_dose(pack, &mut draw),
        Sum::LimitForWeight => limit_for_weight(pack, &mut draw),
        Sum::Weaker => weaker(pack, &mut draw),
    }?;
    let (low, high, within) = made.span();
    Some(ShortCard {
        id: id.to_owned(),
        about: About::Units,
        told: made.told,
        question: made.question,
        asked: Asked::Number { unit: made.unit.to_owned(), within },
        key: Key::Number { exact: made.exact, low, high },
        told_after: Told {
            title: (*title).to_owned(),
            why: vec![made.sum, "Arithmetic only: whether it is given is for the rules.".to_owned()],
            sources: made.sources,
            evidence: None,
        },
    })
}

/// A sum with its answer.
struct Worked {
    told: Vec<String>,
    question: String,
    unit: &'static str,
    exact: Amount,
    /// Nothing above it is right: it is a limit.
    ceiling: bool,
    sum: String,
    sources: Vec<String>,
}

impl Worked {
    /// What counts as the answer, and how that is said.
    fn span(&self) -> (Amount, Amount, String) {
        let exact = self.exact.as_thousandths();
        let slack = exact * PERCENT / 100;
        let low = Amount::thousandths(exact - slack);
        if self.ceiling {
            (low, self.exact, format!("within {PERCENT} %, and not above the limit"))
        } else {
            (low, Amount::thousandths(exact + slack), format!("within {PERCENT} %"))
        }
    }
}

/// An ingredient that recipes may propose, with its milligrams in a millilitre.
struct Stock<'p> {
    item: &'p Item,
    detail: &'p IngredientDetail,
    mg: Amount,
}

/// All of them, in the order of the pack.
fn stocks(pack: &Pack) -> Vec<Stock<'_>> {
    let rows = pack.ingredients.iter().zip(&pack.ingredient_details);
    rows.filter(|(_, detail)| detail.offered)
        .filter_map(|(item, detail)| {
            Some(Stock { item, detail, mg: detail.mg_per_ml.filter(|mg| *mg > Amount::ZERO)? })
        })
        .collect()
}

/// One of those that fit.
fn drawn<'p>(pack: &'p Pack, draw: &mut Seeded, fits: impl Fn(&Stock<'_>) -> bool) -> Option<Stock<'p>> {
    let mut all: Vec<Stock<'_>> = stocks(pack).into_iter().filter(fits).collect();
    let n = draw.below(all.len());
    (n < all.len()).then(|| all.swap_remove(n))
}

/// Percent of a solution: grams in 100 mL, a tenth of the milligrams in one.
fn percent(mg: Amount) -> Option<Amount> {
    (mg.as_thousandths() % 10 == 0).then(|| Amount::thousandths(mg.as_thousandths() / 10))
}

/// A product of two numbers, if three decimals hold it.
fn times(a: Amount, b: Amount) -> Option<Amount> {
    let product = a.as_thousandths().checked_mul(b.as_thousandths())?;
    (product % 1000 == 0).then(|| Amount::thousandths(product / 1000))
}

fn percent_to_mg(pack: &Pack, draw: &mut Seeded) -> Option<Worked> {
    let stock = drawn(pack, draw, |stock| percent(stock.mg).is_some())?;
    let percent = percent(stock.mg)?;
    let (label, mg) = (&stock.item.label, stock.mg);
    Some(Worked {
        told: vec![format!("{label}, {percent} % (weight by volume)")],
        question: "How many milligrams are in one millilitre?".to_owned(),
        unit: "mg",
        exact: mg,
        ceiling: false,
        sum: format!("{percent} % is {percent} g in 100 mL: {percent} x 1000 mg / 100 mL = {mg} mg/mL"),
        sources: pack.citations(&stock.detail.grounds.sources),
    })
}

fn mg_to_percent(pack: &Pack, draw: &mut Seeded) -> Option<Worked> {
    let stock = drawn(pack, draw, |stock| percent(stock.mg).is_some())?;
    let percent = percent(stock.mg)?;
    let (label, mg) = (&stock.item.label, stock.mg);
    Some(Worked {
        told: vec![format!("{label}, {mg} mg/mL")],
        question: "What is that in percent (weight by volume)?".to_owned(),
        unit: "%",
        exact: percent,
        ceiling: false,
        sum: format!("{mg} mg in 1 mL is {mg} x 100 mg in 100 mL; by 1000 that is {percent} g in 100 mL: {percent} %"),
        sources: pack.citations(&stock.detail.grounds.sources),
    })
}

/// An ingredient, a volume of it and the milligrams in that, exactly.
fn filled<'p>(pack: &'p Pack, draw: &mut Seeded) -> Option<(Stock<'p>, Amount, Amount)> {
    let stock = drawn(pack, draw, |_| true)?;
    let volumes: Vec<(Amount, Amount)> =
        VOLUMES.iter().map(|ml| Amount::thousandths(*ml)).filter_map(|ml| Some((ml, times(ml, stock.mg)?))).collect();
    let (ml, mg) = volumes.get(draw.below(volumes.len())).copied()?;
    Some((stock, ml, mg))
}

fn mg_in_volume(pack: &Pack, draw: &mut Seeded) -> Option<Worked> {
    let (stock, ml, mg) = filled(pack, draw)?;
    let each = stock.mg;
    Some(Worked {
        told: vec![format!("{}, {each} mg/mL", stock.item.label), format!("Drawn up: {ml} mL")],
        question: "How many milligrams are in the syringe?".to_owned(),
        unit: "mg",
        exact: mg,
        ceiling: false,
        sum: format!("{ml} mL x {each} mg/mL = {mg} mg"),
        sources: pack.citations(&stock.detail.grounds.sources),
    })
}

fn volume_for_dose(pack: &Pack, draw: &mut Seeded) -> Option<Worked> {
    let (stock, ml, mg) = filled(pack, draw)?;
    let each = stock.mg;
    Some(Worked {
        told: vec![format!("{}, {each} mg/mL", stock.item.label), format!("Wanted: {mg} mg")],
        question: "How many millilitres is that?".to_owned(),
        unit: "mL",
        exact: ml,
        ceiling: false,
        sum: format!("{mg} mg / {each} mg/mL = {ml} mL"),
        sources: pack.citations(&stock.detail.grounds.sources),
    })
}

fn limit_for_weight(pack: &Pack, draw: &mut Seeded) -> Option<Worked> {
    let by_weight = |limit: &&Limit| limit.mg_per_kg.is_some() && limit.per == Per::Session && !limit.everything;
    let limits: Vec<&Limit> = pack.limits.iter().filter(by_weight).collect();
    let limit = *limits.get(draw.below(limits.len()))?;
    let kg = Amount::whole(i32::try_from(44 + 2 * draw.below(24)).unwrap_or(60));
    let each = limit.mg_per_kg?;
    let all = times(each, kg)?;
    let most = limit.mg.map_or(all, |cap| cap.min(all));
    let cap = limit.mg.map(|mg| format!(", and never more than {mg} mg")).unwrap_or_default();
    let held = match limit.mg {
        Some(mg) if mg < all => format!("; the limit stops it at {mg} mg"),
        Some(mg) => format!(", below the {mg} mg that are the most whatever the weight"),
        None => String::new(),
    };
    Some(Worked {
        told: vec![
            format!("{}{}: {each} mg per kilogram in a session{cap}", whose(pack, limit), limit.label),
            format!("The patient: {kg} kg"),
        ],
        question: "What is the most, in milligrams?".to_owned(),
        unit: "mg",
        exact: most,
        ceiling: true,
        sum: format!("{each} mg/kg x {kg} kg = {all} mg{held}. Reaching it is a reason to plan less, never a target."),
        sources: pack.citations(&limit.grounds.sources),
    })
}

/// Where a limit holds: the same substance may have another one elsewhere.
fn whose(pack: &Pack, limit: &Limit) -> String {
    let places = |bits: u64| -> String {
        let inside = |(at, _): &(Ix<Jurisdiction>, _)| bits & (1_u64 << at.get()) != 0;
        let labels: Vec<&str> =
            pack.jurisdictions.entries().filter(inside).map(|(_, row)| row.label.as_str()).collect();
        labels.join(", ")
    };
    if let Some(bits) = limit.jurisdictions {
        return format!("{}. ", places(bits));
    }
    let same = |other: &&Limit| {
        other.per == limit.per && (other.label == limit.label || other.ingredients == limit.ingredients)
    };
    let apart = pack.limits.iter().filter(same).filter_map(|other| other.jurisdictions).fold(0, |all, bits| all | bits);
    if apart == 0 { String::new() } else { format!("Elsewhere than in {}. ", places(apart)) }
}

fn weaker(pack: &Pack, draw: &mut Seeded) -> Option<Worked> {
    let stronger = |stock: &Stock<'_>| stock.detail.mg_per_ml_max.filter(|most| *most > stock.mg);
    let stock = drawn(pack, draw, |stock| stronger(stock).is_some())?;
    let (strong, weak) = (stronger(&stock)?, stock.mg);
    // How much of the stock: volume x weak / strong, where that comes out even.
    let volumes: Vec<(Amount, Amount)> = VOLUMES
        .iter()
        .filter_map(|ml| {
            let part = ml.checked_mul(weak.as_thousandths())?;
            let strong = strong.as_thousandths();
            (part % strong == 0).then(|| (Amount::thousandths(*ml), Amount::thousandths(part / strong)))
        })
        .collect();
    let (ml, of_stock) = volumes.get(draw.below(volumes.len())).copied()?;
    let rest = Amount::thousandths(ml.as_thousandths() - of_stock.as_thousandths());
    Some(Worked {
        told: vec![
            format!("{}: at hand as {strong} mg/mL", stock.item.label),
            format!("Wanted: {ml} mL of {weak} mg/mL"),
        ],
        question: "How many millilitres of the stock go into it?".to_owned(),
        unit: "mL",
        exact: of_stock,
        ceiling: false,
        sum: format!("{ml} mL x {weak} mg/mL / {strong} mg/mL = {of_stock} mL, and {rest} mL of diluent"),
        sources: pack.citations(&stock.detail.grounds.sources),
    })
}
