//! Reads consent points and care texts.

use super::{Loader, Tables, codes};
use crate::pack::condition::Condition;
use crate::pack::ingredient::Status;
use crate::pack::text::{Care, CarePhase, Consent, PlanTest};
use crate::pack::vocabulary::List;
use crate::source::{Cursor, Fields};

impl Loader {
    pub(super) fn texts(&mut self, tables: &Tables<'_>) {
        self.each(tables, "consent", |this, _, mut f| {
            let place = f.place();
            let id = this.id(&mut f);
            let text = f.text("text", &mut this.problems);
            let patient = f.text_or_none("patient", &mut this.problems);
            let when = f.get("when");
            let when = this.condition_or_always(when);
            let unless = this.told_to_use(&mut f);
            let plan = this.plan_test(&mut f);
            let grounds = this.grounds(&mut f);
            f.finish(&mut this.problems);
            if let (Some(id), Some(text)) = (id, text) {
                let patient = patient.map(Into::into);
                let row = Consent { id: id.into(), text: text.into(), patient, when, unless, plan, grounds };
                Self::add(&mut this.pack.consent, row, "consent point", &place, &mut this.problems);
            }
        });
        let phases = [("before", CarePhase::Before), ("after", CarePhase::After), ("red-flag", CarePhase::RedFlag)];
        self.each(tables, "care", |this, _, mut f| {
            let place = f.place();
            let id = this.id(&mut f);
            let phase = f.need_word("phase", &phases, &mut this.problems);
            let text = f.text("text", &mut this.problems);
            let when = f.get("when");
            let when = this.condition_or_always(when);
            let unless = this.told_to_use(&mut f);
            let plan = this.plan_test(&mut f);
            let grounds = this.grounds(&mut f);
            f.finish(&mut this.problems);
            if let (Some(id), Some(phase), Some(text)) = (id, phase, text) {
                let row = Care { id, phase, text: text.into(), when, unless, plan, grounds };
                Self::add(&mut this.pack.care, row, "care text", &place, &mut this.problems);
            }
        });
    }

    /// `uses`: what a text tells somebody to use, as the allergy for which it is left out; and `mentions`, what it only
    /// speaks of, which a lint reads.
    fn told_to_use(&mut self, f: &mut Fields<'_>) -> Option<Condition> {
        self.items(f.get("mentions"), List::Allergens);
        let uses = f.get("uses")?;
        let items = self.items(Some(uses), List::Allergens);
        let question = self.pack.roles.allergies;
        (!items.is_empty()).then(|| Condition::Listed { question, list: List::Allergens, items, with: Vec::new() })
    }

    pub(super) fn plan_test(&mut self, f: &mut Fields<'_>) -> PlanTest {
        let mut test = PlanTest::default();
        if let Some(mut plan) = f.get("plan").and_then(|c| c.table("`plan`", &mut self.problems)) {
            test.ingredients = self.items(plan.get("ingredient"), List::Ingredients);
            let classes = self.class_members(&mut plan);
            test.ingredients.extend(&classes);
            test.ingredients = self.with_products(std::mem::take(&mut test.ingredients));
            test.techniques = self.technique_refs(plan.get("technique")).into_iter().collect();
            test.goals =
                Self::refs(&self.pack.goals, plan.get("goal"), "goal", &mut self.problems).into_iter().collect();
            plan.finish(&mut self.problems);
        }
        for cursor in f.get("status").iter().flat_map(Cursor::one_or_many) {
            let Some(word) = cursor.text(&mut self.problems) else { continue };
            match Status::ALL.into_iter().find(|s| s.word() == word) {
                Some(status) => test.status.push(status),
                None => {
                    let known = Status::ALL.iter().map(|s| s.word());
                    self.problems.unknown_word(&cursor, codes::UNKNOWN_ID, "status", word, known);
                }
            }
        }
        test
    }
}
