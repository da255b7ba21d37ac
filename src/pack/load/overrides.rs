//! `[[override]]`: a clinic makes one rule milder, by name, with a reason, for at most a year.

use jiff::ToSpan;
use jiff::civil::Date;

use super::rules::Has;
use super::{Loader, Tables, codes};
use crate::pack::layered::{Effect, Loosening, Terms};
use crate::pack::rule::{Rule, Verdict};
use crate::source::{Cursor, Fields};

/// The longest time an override may hold.
const MONTHS: i32 = 12;

impl Loader {
    /// Notes the overrides beside their rules; whether one holds is a question of the day.
    pub(super) fn overrides(&mut self, tables: &Tables<'_>) {
        self.each(tables, "override", |this, layer, mut f| {
            let place = f.place();
            if let Some(at) = ["limit", "ingredient"].into_iter().find_map(|key| f.get(key)) {
                let (message, expected) = ("an override of something that is no rule", "cannot be loosened");
                let help = "only the verdict of a rule can be overridden: `rule = \"...\"`";
                this.problems.at_with_help(&at, codes::OVERRIDE_REFUSED, message, expected, help);
                return;
            }
            let at = f.need("rule", &mut this.problems);
            let why = f.text("why", &mut this.problems);
            let by = f.text("by", &mut this.problems);
            let dates = this.override_dates(&mut f);
            let ix = at.as_ref().and_then(|at| this.below(tables, "rule", layer, at, |pack| &pack.rules));
            let (Some(at), Some(ix)) = (at, ix) else { return };
            let rule = this.pack.rules[ix].clone();
            if let Some((message, help)) = Self::refusal(&rule) {
                this.problems.at_with_help(&at, codes::OVERRIDE_REFUSED, message, "cannot be overridden", help);
                return;
            }
            if let Some(message) = this.contradiction(&rule, layer) {
                let help = "keep one of the two, and take the other out of its layer";
                this.problems.at_with_help(&at, codes::LAYERS_DISAGREE, message, "the other one", help);
                return;
            }
            let effect = this.effect(&rule, &place, &mut f);
            f.finish(&mut this.problems);
            let (Some(why), Some(by), Some((on, expires)), Some(effect)) = (why, by, dates, effect) else { return };
            this.pack.rules.row_mut(ix).loosened = Some(Loosening { layer, effect, why, by, on, expires });
        });
    }

    /// Why no layer may override this rule.
    fn refusal(rule: &Rule) -> Option<(String, String)> {
        if rule.absolute {
            let help = "nobody and no layer may override it".to_owned();
            return Some((format!("rule `{}` is absolute", rule.id), help));
        }
        if rule.is_generated() {
            let message = format!("rule `{}` is made from the vocabulary", rule.id);
            let help = "correct the entry it is made from, in its own layer, if that is wrong";
            return Some((message, help.to_owned()));
        }
        None
    }

    /// What else was said of this rule that cannot hold together with an override.
    fn contradiction(&self, rule: &Rule, layer: usize) -> Option<String> {
        let name = |n: usize| self.pack.layers.get(n).map_or("a layer", |layer| layer.id.as_str());
        if let Some(other) = &rule.loosened {
            return Some(format!("rule `{}` is overridden twice; first in {}", rule.id, name(other.layer)));
        }
        let above = rule.tightened.iter().find(|t| t.of_verdict && t.layer >= layer)?;
        Some(format!("rule `{}` is overridden here and made stricter in {}", rule.id, name(above.layer)))
    }

    /// `on` and `expires`, at most a year apart.
    fn override_dates(&mut self, f: &mut Fields<'_>) -> Option<(Date, Date)> {
        let on = f.need("on", &mut self.problems).and_then(|c| c.date(&mut self.problems));
        let expires_at = f.need("expires", &mut self.problems);
        let expires = expires_at.as_ref().and_then(|c| c.date(&mut self.problems));
        let (on, expires, at) = (on?, expires?, expires_at?);
        let latest = on.checked_add(MONTHS.months()).unwrap_or(Date::MAX);
        if expires <= on || expires > latest {
            let message = format!("an override from {on} to {expires}");
            let expected = format!("expected a day after {on}, at the latest {latest}");
            let help = "an override is decided again every year";
            self.problems.at_with_help(&at, codes::OVERRIDE_REFUSED, message, expected, help);
            return None;
        }
        Some((on, expires))
    }

    /// What the override puts in place of the verdict.
    fn effect(&mut self, rule: &Rule, place: &Cursor<'_>, f: &mut Fields<'_>) -> Option<Effect> {
        let verdicts: Vec<(&str, Verdict)> = Verdict::ALL.iter().map(|v| (v.word(), *v)).collect();
        let (verdict_at, off_at) = (f.get("verdict"), f.get("off"));
        let verdict = f.word("verdict", &verdicts, &mut self.problems);
        let off = f.flag("off", &mut self.problems);
        let (from_at, to_at, until_at, urgent_at) = (f.get("from"), f.get("to"), f.get("until"), f.get("urgent"));
        let from = f.text_or_none("from", &mut self.problems);
        let to = f.text_or_none("to", &mut self.problems);
        let until = until_at.as_ref().and_then(|c| self.until(c));
        let urgent = f.flag("urgent", &mut self.problems);
        let old = rule.verdict;
        match (&verdict_at, &off_at) {
            (None, Some(at)) if off => {
                let message = if old > Verdict::Caution {
                    format!("rule `{}` says `{}`", rule.id, old.word())
                } else if !rule.exclude.is_empty() {
                    format!("rule `{}` excludes something", rule.id)
                } else {
                    return Some(Effect::Off);
                };
                let expected = "only a caution or a note that excludes nothing can be switched off";
                self.problems.at(at, codes::OVERRIDE_REFUSED, message, expected);
                None
            }
            (Some(at), None) => {
                let new = verdict?;
                if Some(new) != old.milder() {
                    let message = format!("rule `{}` says `{}`", rule.id, old.word());
                    let (expected, help) = match old.milder() {
                        _ if new > old => ("stricter than that".to_owned(), "stricter is a [[tighten]]".to_owned()),
                        None => ("nothing is milder".to_owned(), "a note can be switched off: `off = true`".to_owned()),
                        Some(step) if new == old => {
                            ("would change nothing".to_owned(), format!("the next milder one is `{}`", step.word()))
                        }
                        Some(step) => (
                            "more than one step milder".to_owned(),
                            format!("one step at most: `verdict = \"{}\"`", step.word()),
                        ),
                    };
                    self.problems.at_with_help(at, codes::OVERRIDE_REFUSED, message, expected, help);
                    return None;
                }
                let what = format!("the override of rule `{}`", rule.id);
                let has = Has { from: &from_at, to: &to_at, until: &until_at, urgent: &urgent_at };
                self.fits_the_verdict(&what, new, &has, place);
                if let (Some(until), Some(at)) = (&until, &until_at) {
                    self.deferral_agrees(&rule.id, &rule.when, until, at);
                }
                Some(Effect::Milder(Terms { verdict: new, until, from, to, urgent }))
            }
            _ => {
                let message = "an override of nothing, or two in one";
                let help = "say `verdict = \"...\"`, one step milder, or `off = true`";
                self.problems.at_with_help(place, codes::OVERRIDE_REFUSED, message, "expected one of the two", help);
                None
            }
        }
    }
}
