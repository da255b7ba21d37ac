//! Changes of a mix of one's own: each is tried on the whole assessment first, and taken only if the rules leave it. What
//! is kept is what the plan then gives, never what was asked for. The screen and the consultation line by line share it.

use jiff::civil::Date;

use super::engine;
use super::form::read_number;
use super::sheet::Sheet;
use crate::config::OpenDays;
use crate::pack::{NumberKind, Pack};
use crate::plan::{Assessment, Cocktail, MixChoice, OwnMix};
use crate::source::Amount;

/// Goal and area, which a sheet keeps a mix by.
pub type Place = (String, String);

/// What a mix is tried on.
#[derive(Clone, Copy, Debug)]
pub struct Bench<'a> {
    /// The rules.
    pub pack: &'a Pack,
    /// What was said and decided.
    pub sheet: &'a Sheet,
    /// What the rules say of it.
    pub assessment: &'a Assessment,
    /// The days on which the clinic treats.
    pub open: &'a OpenDays,
    /// The day it is assessed for.
    pub day: Date,
}

/// What came of a change.
#[derive(Clone, PartialEq, Debug)]
pub enum Tried {
    /// The rules do not leave it; the sentence says why.
    Refused(String),
    /// They do.
    Taken {
        /// The mix to keep; `None` when it is what was proposed.
        mix: Option<OwnMix>,
        /// What was asked for and is not given in full.
        short: Option<String>,
    },
}

impl Tried {
    /// Puts a mix that was taken onto the sheet.
    pub fn keep(&self, place: &Place, sheet: &mut Sheet) {
        match self {
            Self::Refused(_) => {}
            Self::Taken { mix: Some(mix), .. } => drop(sheet.mixes.insert(place.clone(), mix.clone())),
            Self::Taken { mix: None, .. } => drop(sheet.mixes.remove(place)),
        }
    }
}

/// The cocktail of a goal in an area.
#[must_use]
pub fn cocktail<'a>(assessment: &'a Assessment, (goal, area): &Place) -> Option<&'a Cocktail> {
    assessment.plan.as_ref()?.cocktails.iter().find(|c| c.goal == *goal && c.area == *area)
}

impl Bench<'_> {
    /// Tries a change; `None` where no cocktail is planned in that place.
    pub fn attempt(self, place: &Place, edit: impl FnOnce(&mut OwnMix)) -> Option<Tried> {
        let now = cocktail(self.assessment, place)?;
        let mut mix = OwnMix::of(now);
        mix.point_ul = self.sheet.mixes.get(place).and_then(|own| own.point_ul);
        let before = mix.clone();
        edit(&mut mix);
        let proposed = self.with(place, None);
        let assessment = self.with(place, Some(&mix));
        let why = match &assessment.plan {
            None => match assessment.missing.first() {
                Some(missing) => Some(format!("it needs an answer first: {}", missing.label)),
                None => Some("there would be no plan".to_owned()),
            },
            Some(plan) => plan.refused.iter().find(|r| r.goal == place.0 && r.area == place.1).map(|r| r.why.clone()),
        };
        if let Some(why) = why {
            let stop = if why.ends_with('.') { "" } else { "." };
            return Some(Tried::Refused(format!("Not taken: {why}{stop}")));
        }
        let given = cocktail(&assessment, place)?;
        let most = |id: &str| {
            let choices = engine::mix_choices(self.pack, self.sheet, self.day, &mix);
            choices.iter().find(|choice| choice.id == id).map(|choice| choice.most_ul)
        };
        let short = short_of(&mix, given, most);
        if let Some((id, words)) = &short
            && let Some(was) = before.parts.iter().find(|part| part.ingredient == *id)
            && before.parts.len() == mix.parts.len()
        {
            // What was asked for cannot be had: what was there stays, and is not replaced by what nobody asked for.
            return Some(Tried::Refused(format!("Not taken: {words} {} mL stays.", f64::from(was.ul) / 1000.0)));
        }
        let same = cocktail(&proposed, place).is_some_and(|was| {
            was.ingredients.len() == given.ingredients.len()
                && was.ingredients.iter().all(|dose| given.ingredients.contains(dose))
                && was.point_ml == given.point_ml
        });
        let kept = || OwnMix { point_ul: mix.point_ul, ..OwnMix::of(given) };
        Some(Tried::Taken { mix: (!same).then(kept), short: short.map(|(_, words)| words) })
    }

    /// The assessment with another mix there, or with the proposal.
    fn with(self, place: &Place, mix: Option<&OwnMix>) -> Assessment {
        let mut sheet = self.sheet.clone();
        sheet.mixes.remove(place);
        sheet.mixes.extend(mix.map(|mix| (place.clone(), mix.clone())));
        engine::assess(self.pack, &sheet, self.open, self.day)
    }

    /// The ingredients that a mix may hold besides what it holds, by some words of their names, and why a rule keeps one
    /// out.
    #[must_use]
    pub fn choices(self, cocktail: &Cocktail, words: &str) -> Vec<(MixChoice, Option<String>)> {
        let mix = OwnMix::of(cocktail);
        let words = words.trim().to_lowercase();
        let all = engine::mix_choices(self.pack, self.sheet, self.day, &mix);
        let open = all.into_iter().filter(|choice| !mix.parts.iter().any(|part| part.ingredient == choice.id));
        let matching = open.filter(|choice| {
            let also = self.pack.ingredients.get(&choice.id).map_or(&[][..], |item| &item.also);
            let mut names = std::iter::once(&choice.label).chain(also);
            names.any(|name| name.to_lowercase().contains(&words))
        });
        let vetted = matching.map(|choice| {
            let why = self.kept_out(&choice.id).map(|why| format!("excluded: {why}"));
            (choice, why)
        });
        vetted.collect()
    }

    /// The rule that keeps an ingredient out.
    fn kept_out(self, id: &str) -> Option<String> {
        let row = self.assessment.excluded.iter().find(|row| row.kind == "ingredient" && row.id == id)?;
        let title = |rule: &String| self.assessment.findings.iter().find(|f| f.rule == *rule).map(|f| f.title.clone());
        Some(row.rules.iter().filter_map(title).next().unwrap_or_else(|| "a rule".to_owned()))
    }
}

/// What was asked for and is not given in full: the ingredient, and whether a recipe or a limit is the reason. `most` is
/// what the recipes give of one at most.
fn short_of(asked: &OwnMix, given: &Cocktail, most: impl Fn(&str) -> Option<u32>) -> Option<(String, String)> {
    asked.parts.iter().find_map(|part| {
        let dose = given.ingredients.iter().find(|dose| dose.id == part.ingredient)?;
        let asked = f64::from(part.ul) / 1000.0;
        if asked - dose.volume_ml <= 0.009 {
            return None;
        }
        let words = match most(&part.ingredient).filter(|most| part.ul > *most) {
            Some(most) => {
                let most = f64::from(most) / 1000.0;
                format!("{}: {most} mL is the most that a recipe gives here, whatever the limits leave.", dose.label)
            }
            None => format!("{}: {} mL is the most that the limits leave here.", dose.label, dose.volume_ml),
        };
        Some((dose.id.clone(), words))
    })
}

/// A volume as it was typed, in thousandths of a mL; that of one point may be finer.
///
/// # Errors
/// A sentence that says what was expected.
pub fn read_ml(typed: &str, point: bool) -> Result<u32, String> {
    let decimals = if point { 3 } else { 2 };
    let kind = NumberKind { min: Amount::thousandths(5), max: Amount::whole(50), decimals, unit: "mL".to_owned() };
    read_number(&kind, typed).map(|amount| u32::try_from(amount.as_thousandths()).unwrap_or(0))
}
