//! A plan as it is written, read back: cocktails with exact amounts, and what is given on which day.

use jiff::civil::Date;

use super::{Breach, Case, Law};
use crate::pack::{Area, Goal, Item, Ix, Recipe, Slot};
use crate::plan::assessment::{Cocktail, Session};

/// A cocktail, all amounts in thousandths.
pub(super) struct Line<'a> {
    pub cocktail: &'a Cocktail,
    pub recipe: &'a Recipe,
    pub goal: Ix<Goal>,
    pub area: Ix<Area>,
    pub parts: Vec<Part<'a>>,
    /// mL, the sum of the parts.
    pub ml: i64,
    /// mL of one point.
    pub point: Option<i64>,
    /// What numbs the skin before, unless it is excluded.
    pub cream: Option<Ix<Item>>,
}

/// An ingredient in a cocktail.
pub(super) struct Part<'a> {
    pub slot: usize,
    pub of: &'a Slot,
    pub item: Ix<Item>,
    /// mL.
    pub ml: i64,
    /// mg in a mL.
    pub strength: Option<i64>,
}

impl Part<'_> {
    /// Millionths of a mg.
    pub fn mg(&self) -> i128 {
        i128::from(self.ml) * i128::from(self.strength.unwrap_or(0))
    }
}

impl Line<'_> {
    pub fn points(&self) -> Option<i64> {
        self.point.filter(|point| *point > 0).map(|point| self.ml / point)
    }
}

/// What is given on one day.
pub(super) struct Visit {
    pub day: i32,
    pub course: bool,
    /// Positions of lines.
    pub gives: Vec<usize>,
}

/// All of it.
pub(super) struct Written<'a> {
    /// `None` where a cocktail could not be read, which was told.
    pub lines: Vec<Option<Line<'a>>>,
    /// Every day on which something is given, in order: no test spots.
    pub visits: Vec<Visit>,
}

impl<'a> Written<'a> {
    pub fn of(case: &Case<'a>, breaches: &mut Vec<Breach>) -> Self {
        let lines = case.plan.cocktails.iter().map(|cocktail| match line(case, cocktail) {
            Ok(line) => Some(line),
            Err(why) => {
                let what = format!("{}/{}", cocktail.recipe, cocktail.area);
                breaches.push(Breach { law: Law::Content, what, message: why });
                None
            }
        });
        let lines: Vec<_> = lines.collect();
        let mut visits: Vec<Visit> = Vec::new();
        let each = case.plan.sessions.iter().map(|s| (s, true)).chain(case.plan.maintenance.iter().map(|s| (s, false)));
        for (session, course) in each.filter(|(session, _)| session.phase != "test spot") {
            let day = day_of(case, session);
            let gives = session.cocktails.iter().copied().filter(|n| *n < lines.len());
            visits.push(Visit { day, course, gives: gives.collect() });
            if session.cocktails.is_empty() || session.cocktails.iter().any(|n| *n >= lines.len()) {
                let message = format!("session {} does not say what is given in it", session.number);
                breaches.push(Breach { law: Law::Content, what: "sessions".to_owned(), message });
            }
        }
        visits.sort_by_key(|visit| visit.day);
        Self { lines, visits }
    }

    /// The cocktails of some visits.
    pub fn given<'w>(&'w self, visits: &[&Visit]) -> Vec<&'w Line<'a>> {
        visits.iter().flat_map(|visit| &visit.gives).filter_map(|n| self.lines.get(*n)?.as_ref()).collect()
    }

    /// What is given on each day, whatever session it belongs to.
    pub fn by_day(&self) -> Vec<(i32, Vec<&Visit>)> {
        let mut days: Vec<(i32, Vec<&Visit>)> = Vec::new();
        for visit in &self.visits {
            match days.last_mut() {
                Some((day, there)) if *day == visit.day => there.push(visit),
                _ => days.push((visit.day, vec![visit])),
            }
        }
        days
    }
}

/// The day of a session, counted from the day of the assessment where it has a date.
pub(super) fn day_of(case: &Case<'_>, session: &Session) -> i32 {
    session.date.map_or(session.after_days, |date| days_between(case.today, date))
}

pub(super) fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(i32::MIN, |span| span.get_days())
}

fn line<'a>(case: &Case<'a>, cocktail: &'a Cocktail) -> Result<Line<'a>, String> {
    let pack = case.pack;
    let recipe = pack.recipes.get(&cocktail.recipe).ok_or("no such recipe")?;
    let goal = pack.goals.find(&cocktail.goal).ok_or("no such goal")?;
    let area = pack.areas.find(&cocktail.area).ok_or("no such area")?;
    let mut parts: Vec<Part<'a>> = Vec::new();
    for dose in &cocktail.ingredients {
        let item = pack.ingredients.find(&dose.id).ok_or_else(|| format!("no such ingredient: {}", dose.id))?;
        let free = |n: &usize| parts.iter().all(|part| part.slot != *n);
        let fits = |slot: &Slot| slot.role.word() == dose.role && slot.choices.contains(&item);
        let slot = (0..recipe.slots.len()).filter(free).find(|n| fits(&recipe.slots[*n]));
        let slot = slot.ok_or_else(|| format!("{} is in no slot of the recipe", dose.id))?;
        let of = &recipe.slots[slot];
        let strength = of.mg_per_ml.or(pack.ingredient(item).mg_per_ml).map(|c| c.as_thousandths());
        let ml = thousandths(dose.volume_ml)?;
        let mg = strength.map(|c| ml * c / 1000);
        if dose.mg.map(thousandths).transpose()? != mg {
            return Err(format!("{}: {ml} thousandths of a mL are not {:?} mg", dose.id, dose.mg));
        }
        parts.push(Part { slot, of, item, ml, strength });
    }
    let ml = parts.iter().map(|part| part.ml).sum();
    if thousandths(cocktail.total_ml)? != ml {
        return Err(format!("{} mL in all are not the sum of the parts", cocktail.total_ml));
    }
    let point = cocktail.point_ml.map(thousandths).transpose()?;
    let excluded = |item: Ix<Item>| case.fired.iter().any(|rule| rule.exclude.ingredients.contains(item));
    let cream = pack.plans[recipe.plan].numbing_with.filter(|cream| !excluded(*cream));
    let line = Line { cocktail, recipe, goal, area, parts, ml, point, cream };
    if cocktail.points.map(i64::from) != line.points() {
        return Err(format!("{:?} points of {:?} mL in {} mL", cocktail.points, cocktail.point_ml, cocktail.total_ml));
    }
    Ok(line)
}

/// An amount as it is written, which has no more than three decimals.
fn thousandths(value: f64) -> Result<i64, String> {
    let scaled = value * 1000.0;
    let whole = scaled.round();
    if value.is_finite() && value >= 0.0 && whole < 1e15 && (scaled - whole).abs() < 1e-4 {
        Ok(whole as i64)
    } else {
        Err(format!("{value} is no amount"))
    }
}
