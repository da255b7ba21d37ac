//! Reads the rules and checks that each has what its verdict needs.

use super::{Loader, Tables, codes};
use crate::pack::condition::{Condition, ValueTest};
use crate::pack::ingredient::Technique;
use crate::pack::rule::{Exclude, PlanChange, Rule, Scope, Until, Verdict};
use crate::pack::table::Ix;
use crate::pack::vocabulary::{List, Qualifier};
use crate::source::{Amount, Cursor, Fields};

impl Loader {
    pub(super) fn rules(&mut self, tables: &Tables<'_>) {
        let verdicts: Vec<(&str, Verdict)> = Verdict::ALL.iter().map(|v| (v.word(), *v)).collect();
        self.each(tables, "rule", |this, layer, mut f| {
            let place = f.place();
            let id = this.id(&mut f);
            let title = f.text("title", &mut this.problems);
            let verdict = f.need_word("verdict", &verdicts, &mut this.problems);
            let scope = f.word("scope", &[("session", Scope::Session), ("goal", Scope::Goal)], &mut this.problems);
            let when_at = f.need("when", &mut this.problems);
            let when = when_at.as_ref().and_then(|c| this.condition(c));
            let unless_at = f.get("unless");
            let unless = unless_at.as_ref().and_then(|c| this.condition(c));
            if let (Some(at), true) = (&unless_at, unless.as_ref().is_some_and(Condition::is_always)) {
                let help = "{} always holds; name a condition, or take `unless` away";
                this.problems.at_with_help(
                    at,
                    codes::BAD_CONDITION,
                    "an empty `unless`",
                    "the rule would never fire",
                    help,
                );
            }
            let until_at = f.get("until");
            let until = until_at.as_ref().and_then(|c| this.until(c));
            let from_at = f.get("from");
            let from = f.text_or_none("from", &mut this.problems);
            let to_at = f.get("to");
            let to = f.text_or_none("to", &mut this.problems);
            let urgent_at = f.get("urgent");
            let urgent = f.flag("urgent", &mut this.problems);
            let absolute = f.flag("absolute", &mut this.problems);
            let override_at = f.get("override");
            let override_reasons = f.texts("override", &mut this.problems);
            let exclude = f.get("exclude").map(|c| this.exclude(&c)).unwrap_or_default();
            let message = f.text("message", &mut this.problems);
            let patient = f.text_or_none("patient", &mut this.problems);
            let why = f.text("why", &mut this.problems);
            let mitigation = f.texts("mitigation", &mut this.problems);
            let modifies = f.get("plan").map(|c| this.plan_change(&c)).unwrap_or_default();
            let contested = f.text_or_none("contested", &mut this.problems);
            let mut grounds = this.grounds(&mut f);
            let since_at = f.get("since");
            if let (Some(at), Some(since)) = (&since_at, since_at.as_ref().and_then(|c| c.date(&mut this.problems))) {
                grounds.review.since = since;
                this.review_agrees(&grounds.review, at);
            }
            f.finish(&mut this.problems);
            let (Some(id), Some(title), Some(verdict), Some(message), Some(why)) = (id, title, verdict, message, why)
            else {
                return;
            };
            let need = |ok: bool, key: &str, this: &mut Self| {
                if !ok {
                    let text = format!("rule `{id}` says `{}` and lacks `{key}`", verdict.word());
                    this.problems.at(&place, codes::RULE_SHAPE, text, format!("expected a key `{key}`"));
                }
            };
            need(verdict != Verdict::Clearance || from_at.is_some(), "from", this);
            need(verdict != Verdict::Refer || to_at.is_some(), "to", this);
            need(verdict != Verdict::Defer || until_at.is_some(), "until", this);
            need(scope != Some(Scope::Goal) || !exclude.goals.is_empty(), "exclude.goal", this);
            for (key, at, of) in [
                ("from", &from_at, Verdict::Clearance),
                ("to", &to_at, Verdict::Refer),
                ("until", &until_at, Verdict::Defer),
                ("urgent", &urgent_at, Verdict::Refer),
            ] {
                if let (true, Some(at)) = (verdict != of, at) {
                    let message = format!("rule `{id}` says `{}` and has `{key}`", verdict.word());
                    let help = format!("`{key}` belongs to the verdict `{}`", of.word());
                    this.problems.at_with_help(at, codes::RULE_SHAPE, message, "would never be read", help);
                }
            }
            if let (true, Some(at)) = (absolute, &override_at) {
                this.problems.at_with_help(
                    at,
                    codes::ABSOLUTE_OVERRIDE,
                    format!("rule `{id}` is absolute and names reasons to override it"),
                    "contradicts `absolute = true`",
                    "take away one of the two",
                );
            }
            let Some(when) = when else { return };
            if let (Some(until), Some(at)) = (&until, &until_at) {
                this.deferral_agrees(&id, &when, until, at);
            }
            let when = match unless {
                Some(unless) => Condition::All(vec![when, Condition::Not(Box::new(unless))]),
                None => when,
            };
            let rule = Rule {
                id,
                title,
                verdict,
                scope: scope.unwrap_or(Scope::Session),
                when,
                until,
                from,
                to,
                urgent,
                absolute,
                override_reasons,
                exclude,
                message,
                patient,
                why,
                mitigation,
                modifies,
                contested,
                grounds,
                quiet: false,
                layer,
                place: place.place(),
            };
            Self::add(&mut this.pack.rules, rule, "rule", &place, &mut this.problems);
        });
    }

    fn until(&mut self, cursor: &Cursor<'_>) -> Option<Until> {
        let mut f = cursor.table("`until`", &mut self.problems)?;
        let days_at = f.get("days");
        let days = f.whole("days", 1, 3650, &mut self.problems);
        let since =
            f.get("since").and_then(|c| Self::reference(&self.pack.qualifiers, &c, "qualifier", &mut self.problems));
        let event = f.text_or_none("event", &mut self.problems);
        f.finish(&mut self.problems);
        if days_at.is_none() && event.is_none() {
            self.problems.at(
                cursor,
                codes::RULE_SHAPE,
                "`until` names neither days nor an event",
                "expected `days` or `event`",
            );
        }
        Some(Until { days, since, event })
    }

    /// "Deferred until yesterday": the days that let the rule fire must be the days it waits for.
    fn deferral_agrees(&mut self, id: &str, when: &Condition, until: &Until, at: &Cursor<'_>) {
        let (Some(since), Some(days)) = (until.since, until.days) else { return };
        let limits = under_limits(when, since);
        let wanted = Amount::whole(days);
        if limits.is_empty() {
            self.problems.at(
                at,
                codes::DEFER_MISMATCH,
                format!("rule `{id}` waits by a qualifier that `when` does not test"),
                "test it in `with`",
            );
        } else if let Some(other) = limits.into_iter().find(|limit| *limit != wanted) {
            let message = format!("rule `{id}` fires under {other} days and waits for {days}");
            self.problems.at_with_help(
                at,
                codes::DEFER_MISMATCH,
                message,
                format!("expected {other}"),
                "make both numbers the same",
            );
        }
    }

    /// Reads what a rule takes out.
    fn exclude(&mut self, cursor: &Cursor<'_>) -> Exclude {
        let Some(mut f) = cursor.table("`exclude`", &mut self.problems) else { return Exclude::default() };
        let mut ingredients = self.items(f.get("ingredient"), List::Ingredients);
        ingredients.extend(&self.class_members(&mut f));
        let goals = Self::refs(&self.pack.goals, f.get("goal"), "goal", &mut self.problems).into_iter().collect();
        let techniques = self.technique_refs(f.get("technique")).into_iter().collect();
        let areas = f.get("area");
        let site = areas
            .iter()
            .flat_map(Cursor::one_or_many)
            .any(|c| matches!(c.scalar(), Some(crate::source::Scalar::Text("site"))));
        if let Some(at) = areas.as_ref().filter(|c| site && c.one_or_many().len() > 1) {
            let message = "`site` stands beside other areas";
            let help = "write two rules, or name the areas only";
            self.problems.at_with_help(at, codes::RULE_SHAPE, message, "the others would not be read", help);
        }
        let areas = if site { Default::default() } else { self.area_set(areas) };
        f.finish(&mut self.problems);
        Exclude { ingredients, goals, areas, site, techniques }
    }

    /// Reads `class`, the union of classes of ingredients.
    pub(super) fn class_members(&mut self, f: &mut Fields<'_>) -> crate::pack::Set<crate::pack::Item> {
        let mut set = crate::pack::Set::default();
        for cursor in f.get("class").iter().flat_map(Cursor::one_or_many) {
            if let Some(class) = cursor.text(&mut self.problems) {
                set.extend(&self.group_members(&cursor, List::Ingredients, class));
            }
        }
        set
    }

    /// Resolves techniques.
    pub(super) fn technique_refs(&mut self, cursor: Option<Cursor<'_>>) -> Vec<Ix<Technique>> {
        Self::refs(&self.pack.techniques, cursor, "technique", &mut self.problems)
    }

    fn plan_change(&mut self, cursor: &Cursor<'_>) -> PlanChange {
        let Some(mut f) = cursor.table("`plan`", &mut self.problems) else { return PlanChange::default() };
        let change = PlanChange {
            interval_days: f.whole("interval_days", 1, 365, &mut self.problems),
            test_spot: f.flag("test_spot", &mut self.problems),
            single_product: f.flag("single_product", &mut self.problems),
            note: f.text_or_none("note", &mut self.problems),
        };
        f.finish(&mut self.problems);
        change
    }
}

/// The "under" limits that a condition puts on a qualifier.
fn under_limits(when: &Condition, qualifier: Ix<Qualifier>) -> Vec<Amount> {
    let mut limits = Vec::new();
    when.visit(&mut |condition| {
        if let Condition::Listed { with, .. } = condition {
            for test in with.iter().filter(|test| test.qualifier == qualifier) {
                if let ValueTest::Number(range) = &test.test {
                    limits.extend(range.below);
                }
            }
        }
    });
    limits
}
