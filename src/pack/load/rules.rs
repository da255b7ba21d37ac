//! Reads the rules and checks that each has what its verdict needs.

use super::{Loader, Tables, codes};
use crate::pack::condition::{Condition, ValueTest};
use crate::pack::ingredient::Technique;
use crate::pack::rule::{CeilingPart, Exclude, OverrideReason, PlanChange, Rule, Scope, Swap, Until, Verdict};
use crate::pack::table::Ix;
use crate::pack::vocabulary::{List, Qualifier};
use crate::source::{Amount, Cursor, Fields, Scalar};

/// Days until a test spot is read, where a rule names no other number.
const TEST_SPOT_DAYS: i32 = 28;

/// The keys that go with a verdict, where they stand.
pub(super) struct Has<'a> {
    pub from: &'a Option<Cursor<'a>>,
    pub to: &'a Option<Cursor<'a>>,
    pub until: &'a Option<Cursor<'a>>,
    pub urgent: &'a Option<Cursor<'a>>,
}

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
            let override_reasons = override_at.as_ref().map(|c| this.override_reasons(c)).unwrap_or_default();
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
            let has = Has { from: &from_at, to: &to_at, until: &until_at, urgent: &urgent_at };
            this.fits_the_verdict(&format!("rule `{id}`"), verdict, &has, &place);
            if scope == Some(Scope::Goal) && exclude.goals.is_empty() {
                let text = format!("rule `{id}` says `{}` and lacks `exclude.goal`", verdict.word());
                this.problems.at(&place, codes::RULE_SHAPE, text, "expected a key `exclude.goal`");
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
                first_verdict: verdict,
                tightened: Vec::new(),
                loosened: None,
                layer,
                place: place.place(),
            };
            Self::add(&mut this.pack.rules, rule, "rule", &place, &mut this.problems);
        });
    }

    /// A verdict has to have what it needs, and nothing that only another one reads.
    pub(super) fn fits_the_verdict(&mut self, what: &str, verdict: Verdict, has: &Has<'_>, place: &Cursor<'_>) {
        let keys = [
            ("from", has.from, Verdict::Clearance, true),
            ("to", has.to, Verdict::Refer, true),
            ("until", has.until, Verdict::Defer, true),
            ("urgent", has.urgent, Verdict::Refer, false),
        ];
        for (key, at, of, needed) in keys {
            match at {
                None if needed && verdict == of => {
                    let text = format!("{what} says `{}` and lacks `{key}`", verdict.word());
                    self.problems.at(place, codes::RULE_SHAPE, text, format!("expected a key `{key}`"));
                }
                Some(at) if verdict != of => {
                    let message = format!("{what} says `{}` and has `{key}`", verdict.word());
                    let help = format!("`{key}` belongs to the verdict `{}`", of.word());
                    self.problems.at_with_help(at, codes::RULE_SHAPE, message, "would never be read", help);
                }
                _ => {}
            }
        }
    }

    /// Each reason as its words, or as a table that also says which answers contradict it.
    fn override_reasons(&mut self, cursor: &Cursor<'_>) -> Vec<OverrideReason> {
        let mut reasons = Vec::new();
        for reason in cursor.one_or_many() {
            if !reason.is_table() {
                let text = reason.some_text("override", &mut self.problems);
                reasons.extend(text.map(|text| OverrideReason { text: text.to_owned(), unless: None }));
                continue;
            }
            let Some(mut f) = reason.table("a reason", &mut self.problems) else { continue };
            let text = f.text("reason", &mut self.problems);
            let unless = f.need("unless", &mut self.problems).and_then(|c| self.condition(&c));
            f.finish(&mut self.problems);
            reasons.extend(text.map(|text| OverrideReason { text, unless }));
        }
        reasons
    }

    pub(super) fn until(&mut self, cursor: &Cursor<'_>) -> Option<Until> {
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
    pub(super) fn deferral_agrees(&mut self, id: &str, when: &Condition, until: &Until, at: &Cursor<'_>) {
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
    pub(super) fn exclude(&mut self, cursor: &Cursor<'_>) -> Exclude {
        let Some(mut f) = cursor.table("`exclude`", &mut self.problems) else { return Exclude::default() };
        let mut ingredients = self.items(f.get("ingredient"), List::Ingredients);
        ingredients.extend(&self.class_members(&mut f));
        let ingredients = self.with_products(ingredients);
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

    /// Reads which technique takes the place of which.
    fn swap(&mut self, cursor: &Cursor<'_>) -> Option<Swap> {
        let mut f = cursor.table("`technique`", &mut self.problems)?;
        let instead_of = f.need("instead_of", &mut self.problems);
        let instead_of =
            instead_of.and_then(|c| Self::reference(&self.pack.techniques, &c, "technique", &mut self.problems));
        let with = f.need("use", &mut self.problems);
        let with = with.and_then(|c| Self::reference(&self.pack.techniques, &c, "technique", &mut self.problems));
        f.finish(&mut self.problems);
        Some(Swap { instead_of: instead_of?, with: with? })
    }

    /// Reads how much of a ceiling a rule leaves.
    fn ceiling_part(&mut self, cursor: &Cursor<'_>) -> Option<CeilingPart> {
        let mut f = cursor.table("`ceiling`", &mut self.problems)?;
        let one = f.get("ingredient");
        let named = one.is_some() | f.get("class").is_some();
        let mut ingredients = self.items(one, List::Ingredients);
        ingredients.extend(&self.class_members(&mut f));
        if !named {
            self.problems.at(cursor, codes::RULE_SHAPE, "a ceiling of nothing", "expected `ingredient` or `class`");
        }
        let percent = f.need("percent", &mut self.problems).and_then(|c| c.whole(1, 99, &mut self.problems));
        f.finish(&mut self.problems);
        Some(CeilingPart { ingredients, percent: percent? })
    }

    /// The days from a test spot to the first session: `true` is the usual wait.
    pub(super) fn test_spot(&mut self, cursor: &Cursor<'_>) -> Option<i32> {
        match cursor.scalar() {
            Some(Scalar::Bool(first)) => first.then_some(TEST_SPOT_DAYS),
            Some(Scalar::Number(_)) => cursor.whole(1, 365, &mut self.problems),
            _ => cursor.bool(&mut self.problems).and(None),
        }
    }

    fn plan_change(&mut self, cursor: &Cursor<'_>) -> PlanChange {
        let Some(mut f) = cursor.table("`plan`", &mut self.problems) else { return PlanChange::default() };
        let change = PlanChange {
            interval_days: f.whole("interval_days", 1, 365, &mut self.problems),
            test_spot: f.get("test_spot").and_then(|c| self.test_spot(&c)),
            single_product: f.flag("single_product", &mut self.problems),
            technique: f.get("technique").and_then(|c| self.swap(&c)),
            ceiling: f.get("ceiling").and_then(|c| self.ceiling_part(&c)),
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
