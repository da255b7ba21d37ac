//! Reads studies.

use super::{Loader, Tables};
use crate::pack::trial::{Design, Trial, TrialResult};
use crate::pack::vocabulary::List;

impl Loader {
    pub(super) fn trials(&mut self, tables: &Tables<'_>) {
        let designs: Vec<(&str, Design)> = Design::ALL.iter().map(|design| (design.word(), *design)).collect();
        let results: Vec<(&str, TrialResult)> =
            TrialResult::ALL.iter().map(|result| (result.word(), *result)).collect();
        self.each(tables, "trial", |this, _, mut f| {
            let place = f.place();
            let id = this.id(&mut f);
            let title = f.text("title", &mut this.problems);
            let year = f.whole("year", 1900, 2200, &mut this.problems);
            let n = f.whole("n", 1, 10_000_000, &mut this.problems);
            let population = f.text("population", &mut this.problems);
            let product = f.text("product", &mut this.problems);
            let ingredients = f.need("ingredients", &mut this.problems);
            let ingredients = this.items(ingredients, List::Ingredients);
            let goals = f.need("goals", &mut this.problems);
            let goals = Self::refs(&this.pack.goals, goals, "goal", &mut this.problems).into_iter().collect();
            let design = f.need_word("design", &designs, &mut this.problems);
            let comparator = f.text_or_none("comparator", &mut this.problems).unwrap_or_default();
            let outcome = f.text("outcome", &mut this.problems);
            let result = f.need_word("result", &results, &mut this.problems);
            let weakness = f.text_or_none("weakness", &mut this.problems).unwrap_or_default();
            let grounds = this.grounds(&mut f);
            f.finish(&mut this.problems);
            let (Some(id), Some(title), Some(population), Some(product), Some(design), Some(outcome), Some(result)) =
                (id, title, population, product, design, outcome, result)
            else {
                return;
            };
            let row = Trial {
                id,
                title,
                year,
                n,
                population,
                product,
                ingredients,
                goals,
                design,
                comparator,
                outcome,
                result,
                weakness,
                grounds,
            };
            Self::add(&mut this.pack.trials, row, "trial", &place, &mut this.problems);
        });
    }
}
