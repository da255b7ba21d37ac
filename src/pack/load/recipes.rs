//! Reads session plans and recipes.

use super::tighten::defined_in;
use super::{Loader, Tables, codes};
use crate::pack::fact::Grade;
use crate::pack::recipe::{Phase, Recipe, ReviewDay, ReviewPlan, Role, SessionPlan, Slot};
use crate::pack::table::{Identified, Ix, Set};
use crate::pack::vocabulary::{Area, Goal, Item, List};
use crate::source::{Amount, Cursor, Fields};

const ROLES: [(&str, Role); 4] = [
    ("active", Role::Active),
    ("adjunct", Role::Adjunct),
    ("anaesthetic", Role::Anaesthetic),
    ("diluent", Role::Diluent),
];

impl Loader {
    pub(super) fn recipes(&mut self, tables: &Tables<'_>) {
        self.plans(tables);
        self.each(tables, "recipe", |this, layer, mut f| {
            let place = f.place();
            let id = this.id(&mut f);
            let label = f.text("label", &mut this.problems);
            let goals = f.need("goals", &mut this.problems);
            if let Some(at) = goals.as_ref().filter(|c| c.one_or_many().is_empty()) {
                this.problems.at(at, codes::RECIPE_SHAPE, "a recipe for no goal", "expected at least one goal");
            }
            let goals: Set<Goal> =
                Self::refs(&this.pack.goals, goals, "goal", &mut this.problems).into_iter().collect();
            let areas_at = f.get("areas");
            let areas = areas_at.clone().map(|c| this.area_set(Some(c)));
            this.areas_make_sense(areas_at, &areas, &goals);
            let outcome = f.text("outcome", &mut this.problems);
            let expected = f.text_or_none("expected", &mut this.problems);
            let requires = f.get("requires");
            let requires = this.condition_or_always(requires);
            let technique = f
                .need("technique", &mut this.problems)
                .and_then(|c| Self::reference(&this.pack.techniques, &c, "technique", &mut this.problems));
            let plan = f
                .need("plan", &mut this.problems)
                .and_then(|c| Self::reference(&this.pack.plans, &c, "session plan", &mut this.problems));
            let depth_mm = this.depth(&mut f);
            let needle = f.text_or_none("needle", &mut this.problems);
            let point_ml = f.positive("point_ml", &mut this.problems);
            let spacing_cm = f.positive("spacing_cm", &mut this.problems);
            let minutes = f.whole("minutes", 1, 600, &mut this.problems).unwrap_or(30);
            let noted = this.problems.len();
            let slots = this.slots(&mut f);
            let slots_read = this.problems.len() == noted;
            let grounds = this.grounds(&mut f);
            if let Some(at) = f.get("evidence").filter(|_| grounds.evidence == Grade::R) {
                let message = "a recipe is graded by its studies";
                let help = "a licence of an ingredient is said in its `status`";
                this.problems.at_with_help(&at, codes::RECIPE_SHAPE, message, "expected A, B, C, D or X", help);
            }
            f.finish(&mut this.problems);
            if slots_read && !slots.iter().any(|slot| slot.role == Role::Active) {
                this.problems.at(
                    &place,
                    codes::RECIPE_SHAPE,
                    "a recipe without an active",
                    "expected [[recipe.slot]] with role = \"active\"",
                );
            }
            let (Some(id), Some(label), Some(outcome), Some(technique), Some(plan)) =
                (id, label, outcome, technique, plan)
            else {
                return;
            };
            // What a goal expects was found with its own recipes: another substance promises nothing of it.
            let foreign = expected.is_none() && this.is_foreign(tables, layer, &goals, &slots);
            let expected = if foreign { Some(outcome.clone()) } else { expected };
            let chosen = &this.pack.techniques[technique];
            for item in slots.iter().flat_map(|slot| &slot.choices) {
                if this.pack.ingredient(*item).never_by.contains(technique) {
                    let label = &this.pack.ingredients[*item].label;
                    this.problems.at_with_help(
                        &place,
                        codes::RECIPE_SHAPE,
                        format!("{label} is never given by {}", chosen.label.to_lowercase()),
                        "this recipe would give it so",
                        "take another technique, or leave it out; its `never_by` says so",
                    );
                }
            }
            let row = Recipe {
                id,
                label,
                goals,
                areas,
                outcome,
                expected,
                requires,
                technique,
                depth_mm: depth_mm.unwrap_or(chosen.depth_mm),
                needle: needle.unwrap_or_else(|| chosen.needle.clone()),
                point_ml,
                spacing_cm,
                plan,
                minutes,
                slots,
                grounds,
                own_of: None,
            };
            Self::add(&mut this.pack.recipes, row, "recipe", &place, &mut this.problems);
        });
    }

    /// Whether one of the goals is of a layer below, and no recipe that came with it has an active of this one.
    fn is_foreign(&self, tables: &Tables<'_>, layer: usize, goals: &Set<Goal>, slots: &[Slot]) -> bool {
        let actives = |slots: &[Slot]| -> Set<Item> {
            slots.iter().filter(|slot| slot.role == Role::Active).flat_map(|slot| slot.choices.clone()).collect()
        };
        let mine = actives(slots);
        goals.iter().any(|goal| {
            let of_goal = defined_in(tables, "goal", self.pack.goals[goal].id()).unwrap_or(layer);
            let came = |recipe: &&Recipe| {
                recipe.goals.contains(goal) && defined_in(tables, "recipe", &recipe.id).is_some_and(|at| at <= of_goal)
            };
            let mut known = Set::default();
            self.pack.recipes.iter().filter(came).for_each(|recipe| known.extend(&actives(&recipe.slots)));
            // A product is what it is made of.
            let known = self.with_products(known);
            of_goal < layer && !mine.iter().any(|item| known.contains(item))
        })
    }

    /// A recipe for areas where none of its goals makes sense would never be offered.
    fn areas_make_sense(&mut self, at: Option<Cursor<'_>>, areas: &Option<Set<Area>>, goals: &Set<Goal>) {
        let (Some(at), Some(areas)) = (at, areas) else { return };
        if goals.iter().next().is_none() || (areas.iter().next().is_none() && !at.one_or_many().is_empty()) {
            return;
        }
        if !goals.iter().any(|goal| areas.iter().any(|area| self.pack.goals[goal].areas.contains(area))) {
            let message = "none of the goals is treated in these areas";
            self.problems.at(&at, codes::RECIPE_SHAPE, message, "the recipe would never be offered");
        }
    }

    fn slots(&mut self, f: &mut Fields<'_>) -> Vec<Slot> {
        let Some(cursor) = f.need("slot", &mut self.problems) else { return Vec::new() };
        if cursor.is_table() {
            let message = "`slot` has to be a list of tables";
            self.problems.at(&cursor, codes::RECIPE_SHAPE, message, "write it as [[recipe.slot]]");
            return Vec::new();
        }
        let mut slots = Vec::new();
        for row in cursor.array(&mut self.problems) {
            let Some(mut f) = row.table("[[recipe.slot]]", &mut self.problems) else { continue };
            let role = f.need_word("role", &ROLES, &mut self.problems);
            let choices_at = f.need("use", &mut self.problems);
            let choices = Self::refs(
                &self.pack.ingredients,
                choices_at.clone(),
                List::Ingredients.singular(),
                &mut self.problems,
            );
            for (ix, at) in choices.iter().zip(choices_at.iter().flat_map(Cursor::one_or_many)) {
                if self.pack.ingredient_details.get(ix.get()).is_some_and(|detail| !detail.offered) {
                    let message = format!("`{}` is not to be proposed", self.pack.ingredients[*ix].id);
                    self.problems.at(&at, codes::RECIPE_SHAPE, message, "its ingredient says offered = false");
                }
            }
            if let Some(at) = choices_at.as_ref().filter(|c| c.one_or_many().is_empty()) {
                self.problems.at(at, codes::RECIPE_SHAPE, "a slot of nothing", "expected at least one ingredient");
            }
            f.need("ml_per_area", &mut self.problems);
            let ml_per_area = f.positive("ml_per_area", &mut self.problems);
            let most_at = f.get("ml_max");
            let ml_max = f.positive("ml_max", &mut self.problems);
            if let (Some(at), Some(per_area), Some(most)) = (&most_at, ml_per_area, ml_max)
                && most < per_area
            {
                let message = format!("at most {most} mL, and {per_area} mL for one area");
                self.problems.at(at, codes::RECIPE_SHAPE, message, format!("expected {per_area} or more"));
            }
            let strength_at = f.get("mg_per_ml");
            let mg_per_ml = f.positive("mg_per_ml", &mut self.problems);
            if let (Some(at), Some(strength)) = (&strength_at, mg_per_ml) {
                let detail = |ix: &Ix<Item>| self.pack.ingredient_details.get(ix.get());
                let most = choices.iter().filter_map(|ix| detail(ix)?.mg_per_ml_max).min();
                if let Some(most) = most.filter(|most| strength > *most) {
                    let message = format!("{strength} mg/mL is stronger than its ingredient allows");
                    self.problems.at(at, codes::RECIPE_SHAPE, message, format!("expected at most {most}"));
                }
            }
            let optional = f.flag("optional", &mut self.problems);
            f.finish(&mut self.problems);
            if let (Some(role), Some(ml_per_area), false) = (role, ml_per_area, choices.is_empty()) {
                slots.push(Slot { role, choices, ml_per_area, ml_max, mg_per_ml, optional });
            }
        }
        slots
    }

    fn plans(&mut self, tables: &Tables<'_>) {
        self.each(tables, "plan", |this, _, mut f| {
            let place = f.place();
            let id = this.id(&mut f);
            let label = f.text("label", &mut this.problems);
            let induction = f.need("induction", &mut this.problems).and_then(|c| this.phase(&c));
            let consolidation = f.get("consolidation").and_then(|c| this.phase(&c));
            let maintenance = f.get("maintenance").and_then(|c| this.phase(&c));
            let numbing = f.text_or_none("numbing", &mut this.problems).unwrap_or_default();
            let numbing_with = f
                .get("numbing_with")
                .and_then(|c| Self::reference(&this.pack.ingredients, &c, "ingredient", &mut this.problems));
            let mut reviews = Vec::new();
            if let Some(cursor) = f.get("reviews") {
                for row in cursor.array(&mut this.problems) {
                    let Some(mut f) = row.table("a review", &mut this.problems) else { continue };
                    let days = f.whole("after_days", 0, 3650, &mut this.problems).map(ReviewDay::AfterDays);
                    let sessions = f.whole("after_sessions", 1, 52, &mut this.problems).map(ReviewDay::AfterSessions);
                    let given = [f.get("after_days"), f.get("after_sessions")].iter().flatten().count();
                    if given != 1 {
                        let expected = "expected either `after_days` or `after_sessions`";
                        this.problems.at(&row, codes::RECIPE_SHAPE, "a review without its day", expected);
                    }
                    let when = days.or(sessions).unwrap_or(ReviewDay::AfterDays(84));
                    let what = f.text("what", &mut this.problems);
                    let stop = f.text_or_none("stop", &mut this.problems).unwrap_or_default();
                    f.finish(&mut this.problems);
                    reviews.extend(what.map(|what| ReviewPlan { when, what, stop }));
                }
            }
            let grounds = this.grounds(&mut f);
            f.finish(&mut this.problems);
            if let (Some(id), Some(label), Some(induction)) = (id, label, induction) {
                let row = SessionPlan {
                    id,
                    label,
                    induction,
                    consolidation,
                    maintenance,
                    numbing,
                    numbing_with,
                    reviews,
                    grounds,
                };
                Self::add(&mut this.pack.plans, row, "session plan", &place, &mut this.problems);
            }
        });
    }

    fn phase(&mut self, cursor: &Cursor<'_>) -> Option<Phase> {
        let mut f = cursor.table("a phase", &mut self.problems)?;
        let sessions = f.need("sessions", &mut self.problems).and_then(|c| c.whole(1, 52, &mut self.problems));
        let interval_days =
            f.need("interval_days", &mut self.problems).and_then(|c| c.whole(0, 730, &mut self.problems));
        f.finish(&mut self.problems);
        Some(Phase { sessions: sessions?, interval_days: interval_days? })
    }
}

impl Slot {
    /// Volume for so many areas, the slot's own maximum applied.
    #[must_use]
    pub fn ml_for(&self, areas: usize) -> Amount {
        let wanted = Amount::thousandths(self.ml_per_area.as_thousandths() * areas as i64);
        self.ml_max.map_or(wanted, |max| wanted.min(max))
    }
}
