//! `[[tighten]]`: a layer makes what a lower layer holds stricter. Nothing here can make anything milder.

use super::rules::Has;
use super::{Loader, Tables, codes};
use crate::pack::ingredient::Limit;
use crate::pack::layered::Tightening;
use crate::pack::rule::{Exclude, Rule, Verdict};
use crate::pack::table::{Identified, Ix, Set, Table};
use crate::source::{Amount, Cursor, Fields, Problems, Scalar};

/// The kinds of things that a layer may tighten.
const KINDS: [&str; 3] = ["rule", "limit", "ingredient"];

/// What people read of a rule and a tightening may word anew.
const WORDS: [&str; 3] = ["title", "message", "patient"];

/// The words that every length of time is said with.
const TIMES: [&str; 9] = ["day", "days", "week", "weeks", "fortnight", "month", "months", "year", "years"];

impl Loader {
    /// Applies the tightenings, lowest layer first.
    pub(super) fn tighten(&mut self, tables: &Tables<'_>) {
        let mut done: Vec<(usize, &str, String)> = Vec::new();
        self.each(tables, "tighten", |this, layer, mut f| {
            let place = f.place();
            let named: Vec<(&'static str, Cursor<'_>)> =
                KINDS.into_iter().filter_map(|kind| Some((kind, f.get(kind)?))).collect();
            let [(kind, at)] = named.as_slice() else {
                let (message, expected) = ("a tightening of nothing, or of several", "expected one of them");
                let help = "name it by one key: `rule`, `limit` or `ingredient`";
                this.problems.at_with_help(&place, codes::NOT_BELOW, message, expected, help);
                return;
            };
            let why = f.text("why", &mut this.problems);
            let noted = this.problems.len();
            let changes = match *kind {
                "rule" => this.below(tables, kind, layer, at, |pack| &pack.rules).map(|ix| {
                    let (mut row, changes) = this.stricter_rule(ix, at, &mut f);
                    let waited = |rule: &Rule| rule.until.as_ref().and_then(|until| until.days);
                    let longer = waited(&row) != waited(&this.pack.rules[ix]) && f.get("verdict").is_none();
                    let own = this.own_words(&mut row, &mut f, longer);
                    if !changes.is_empty() && !own.contains(&"message") {
                        // The words of the layer below speak of what it asks for: what holds here comes before them.
                        let by = this.pack.layers.get(layer).map_or("a layer", |layer| &layer.id);
                        row.message = format!("Stricter by {by}: {}. {}", changes.join(", "), row.message);
                    }
                    let of_verdict = row.verdict != this.pack.rules[ix].verdict;
                    *this.pack.rules.row_mut(ix) = row;
                    let why = why.clone().unwrap_or_default();
                    let tightening = Tightening { layer, of_verdict, changes: changes.clone(), why };
                    this.pack.rules.row_mut(ix).tightened.push(tightening);
                    changes
                }),
                "limit" => this.below(tables, kind, layer, at, |pack| &pack.limits).map(|ix| {
                    let (mut row, changes) = this.stricter_limit(ix, &mut f);
                    row.note = this.with_reason(&row.note, layer, &changes.join(", "), why.as_deref());
                    *this.pack.limits.row_mut(ix) = row;
                    changes
                }),
                _ => this.below(tables, kind, layer, at, |pack| &pack.ingredients).map(|ix| {
                    let mut changes = Vec::new();
                    let offered = this.pack.ingredient(ix).offered;
                    if this.on_or_off(&mut f, "offered", false, !offered) {
                        changes.push("not proposed".to_owned());
                    }
                    let caution = &this.pack.ingredient(ix).caution;
                    let caution = this.with_reason(caution, layer, "not proposed", why.as_deref());
                    if let Some(detail) = this.pack.ingredient_details.get_mut(ix.get()) {
                        detail.offered &= changes.is_empty();
                        detail.caution = caution;
                    }
                    changes
                }),
            };
            let Some(changes) = changes else { return };
            f.finish(&mut this.problems);
            if changes.is_empty() && this.problems.len() == noted {
                let message = format!("this tightens nothing of the {kind}");
                let expected = "expected what is to be stricter";
                this.problems.at(&place, codes::NOT_STRICTER, message, expected);
            }
            let id = at.text(&mut Problems::default()).unwrap_or_default().to_owned();
            if done.iter().any(|(l, k, other)| *l == layer && k == kind && *other == id) {
                let message = format!("{kind} `{id}` is tightened twice in this layer");
                let help = "write all of it in one [[tighten]]";
                this.problems.at_with_help(at, codes::LAYERS_DISAGREE, message, "the second one", help);
            }
            done.push((layer, kind, id));
        });
    }

    /// What a lower layer holds under this id; anything else is told.
    pub(super) fn below<T: Identified>(
        &mut self,
        tables: &Tables<'_>,
        kind: &str,
        layer: usize,
        at: &Cursor<'_>,
        table: impl Fn(&crate::pack::Pack) -> &Table<T>,
    ) -> Option<Ix<T>> {
        let id = at.text(&mut self.problems)?;
        let Some(ix) = table(&self.pack).find(id) else {
            // Rules are made from the vocabulary only when everything else is right.
            let made = ["allergy-", "status-", "no-injectable-"].iter().any(|start| id.starts_with(start));
            if kind != "rule" || !made || self.problems.is_empty() {
                let (known, otherwise) = (table(&self.pack).ids(), || super::how_found(kind, id));
                self.problems.unknown_word_or(at, codes::UNKNOWN_ID, kind, id, known, otherwise);
            }
            return None;
        };
        let defined = defined_in(tables, kind, id);
        if let Some(here) = defined.filter(|here| *here >= layer) {
            let message = format!("{kind} `{id}` is not of a lower layer");
            let help = if here == layer { "change it where it stands" } else { "it comes from a layer above this one" };
            self.problems.at_with_help(
                at,
                codes::NOT_BELOW,
                message,
                format!("expected a {kind} of a layer below"),
                help,
            );
            return None;
        }
        Some(ix)
    }

    fn not_stricter(&mut self, at: &Cursor<'_>, message: String, below: &str) {
        let expected = format!("the layer below says {below}");
        let help = "a layer may only tighten like this; a verdict is loosened by a named [[override]], a limit never";
        self.problems.at_with_help(at, codes::NOT_STRICTER, message, expected, help);
    }

    /// Reads a key that can only be turned one way; says whether it was.
    fn on_or_off(&mut self, f: &mut Fields<'_>, key: &'static str, wanted: bool, already: bool) -> bool {
        let Some(at) = f.get(key) else { return false };
        let Some(value) = at.bool(&mut self.problems) else { return false };
        if value != wanted || already {
            let below = if already { wanted } else { !wanted };
            self.not_stricter(&at, format!("`{key} = {value}` is not stricter"), &format!("`{key} = {below}`"));
            return false;
        }
        true
    }

    fn with_reason(&self, text: &str, layer: usize, changes: &str, why: Option<&str>) -> String {
        let layer = self.pack.layers.get(layer).map_or("a layer", |layer| &layer.id);
        let why = why.unwrap_or_default();
        format!("{text} Made stricter by {layer} ({changes}): {why}").trim_start().to_owned()
    }

    fn stricter_rule(&mut self, ix: Ix<Rule>, at: &Cursor<'_>, f: &mut Fields<'_>) -> (Rule, Vec<String>) {
        let mut rule = self.pack.rules[ix].clone();
        let mut changes = Vec::new();
        self.stricter_verdict(&mut rule, at, f, &mut changes);
        self.longer_wait(&mut rule, f, &mut changes);
        let override_at = f.get("override");
        if let Some(at) = &override_at {
            self.fewer_reasons(&mut rule, at, &mut changes);
        }
        if self.on_or_off(f, "absolute", true, rule.absolute) {
            rule.absolute = true;
            rule.override_reasons.clear();
            changes.push("nobody may override it".to_owned());
            if let Some(at) = &override_at {
                let message = format!("rule `{}` is made absolute and keeps reasons to override it", rule.id);
                let help = "take away one of the two";
                let expected = "contradicts `absolute = true`";
                self.problems.at_with_help(at, codes::ABSOLUTE_OVERRIDE, message, expected, help);
            }
        }
        if let Some(at) = f.get("exclude") {
            let more = self.exclude(&at);
            self.more_exclusions(&mut rule, more, &at, &mut changes);
        }
        let interval_at = f.get("interval_days");
        let interval = f.whole("interval_days", 1, 365, &mut self.problems);
        if let (Some(at), Some(days)) = (&interval_at, interval) {
            match rule.modifies.interval_days {
                Some(old) if days <= old => {
                    self.not_stricter(at, format!("an interval of {days} days is not longer"), &format!("{old} days"));
                }
                old => {
                    rule.modifies.interval_days = Some(days);
                    changes.push(instead(
                        "sessions at least",
                        &format!("{days} days apart"),
                        old.map(|n| n.to_string()),
                    ));
                }
            }
        }
        if let Some(at) = f.get("test_spot") {
            let days = self.test_spot(&at);
            match (days, rule.modifies.test_spot) {
                (Some(days), old) if old.is_none_or(|old| days > old) => {
                    rule.modifies.test_spot = Some(days);
                    let said = format!("{days} days before the first session");
                    changes.push(instead("a test spot", &said, old.map(|n| n.to_string())));
                }
                (None, old) | (Some(_), old) => {
                    let old =
                        old.map_or_else(|| "no test spot".to_owned(), |old| format!("a test spot {old} days before"));
                    self.not_stricter(&at, "this test spot is not stricter".to_owned(), &old);
                }
            }
        }
        if self.on_or_off(f, "single_product", true, rule.modifies.single_product) {
            rule.modifies.single_product = true;
            changes.push("one product only".to_owned());
        }
        (rule, changes)
    }

    /// A stricter verdict, with what it needs.
    fn stricter_verdict(&mut self, rule: &mut Rule, at: &Cursor<'_>, f: &mut Fields<'_>, changes: &mut Vec<String>) {
        let verdicts: Vec<(&str, Verdict)> = Verdict::ALL.iter().map(|v| (v.word(), *v)).collect();
        let verdict_at = f.get("verdict");
        let verdict = f.word("verdict", &verdicts, &mut self.problems);
        let (from_at, to_at, until_at) = (f.get("from"), f.get("to"), f.get("until"));
        let from = f.text_or_none("from", &mut self.problems);
        let to = f.text_or_none("to", &mut self.problems);
        let until = until_at.as_ref().and_then(|c| self.until(c));
        let urgent_at = f.get("urgent");
        let old = rule.verdict;
        let (Some(verdict), Some(verdict_at)) = (verdict, verdict_at.as_ref()) else {
            for at in [from_at, to_at, until_at].into_iter().flatten().filter(|_| verdict_at.is_none()) {
                let message = "this goes with a stricter `verdict`, and there is none";
                let help = "to lengthen a wait write `days`";
                self.problems.at_with_help(&at, codes::RULE_SHAPE, message, "would not be read", help);
            }
            if old == Verdict::Refer && self.on_or_off(f, "urgent", true, rule.urgent) {
                rule.urgent = true;
                changes.push("the same day".to_owned());
            } else if let (Some(at), true) = (urgent_at, old != Verdict::Refer) {
                let message = format!("rule `{}` says `{}`", rule.id, old.word());
                self.problems.at(&at, codes::RULE_SHAPE, message, "`urgent` belongs to the verdict `refer`");
            }
            return;
        };
        if verdict <= old {
            let message = format!("`{}` is not stricter than `{}`", verdict.word(), old.word());
            self.not_stricter(verdict_at, message, &format!("`{}`", old.word()));
            return;
        }
        let what = format!("the tightened rule `{}`", rule.id);
        let has = Has { from: &from_at, to: &to_at, until: &until_at, urgent: &urgent_at };
        self.fits_the_verdict(&what, verdict, &has, at);
        if let (Some(until), Some(at)) = (&until, &until_at) {
            self.deferral_agrees(&rule.id, &rule.when, until, at);
        }
        changes.push(instead("verdict", verdict.word(), Some(old.word().to_owned())));
        rule.verdict = verdict;
        rule.from = from;
        rule.to = to;
        rule.until = until;
        rule.urgent = f.flag("urgent", &mut self.problems);
    }

    /// What people read of the rule: the layer's own words where it has some, and of the layer below only what names no
    /// length of time once the wait is longer. Nobody may be told two waits at once, the patient least of all.
    fn own_words(&mut self, rule: &mut Rule, f: &mut Fields<'_>, longer: bool) -> Vec<&'static str> {
        let (mut own, mut old) = (Vec::new(), Vec::new());
        for key in WORDS {
            if let Some(text) = f.text_or_none(key, &mut self.problems) {
                let place = match key {
                    "title" => &mut rule.title,
                    "message" => &mut rule.message,
                    _ => rule.patient.get_or_insert_default(),
                };
                *place = text;
                self.said.remove(&(rule.id.clone(), key));
                own.push(key);
                continue;
            }
            // A wording in another language is judged by the text that it words.
            let shown = match key {
                "title" => Some(&rule.title),
                "message" => Some(&rule.message),
                _ => rule.patient.as_ref(),
            };
            let text = self.said.get(&(rule.id.clone(), key)).or(shown);
            old.extend(text.filter(|text| names_a_time(text)).map(|text| (key, text.clone())));
        }
        let Some(at) = f.get("days").filter(|_| longer && !old.is_empty()) else { return own };
        let keys = old.iter().map(|(key, _)| format!("`{key}`")).collect::<Vec<_>>().join(", ");
        let below = old.iter().map(|(key, text)| format!("{key} = {text:?}")).collect::<Vec<_>>().join("\n");
        self.problems.at_with_help(
            &at,
            codes::OLD_WORDS,
            format!("rule `{}` waits longer here, and its words name the wait of the layer below", rule.id),
            format!("expected {keys} beside it"),
            format!("write them in this [[tighten]] with the new wait; below they are\n{below}"),
        );
        own
    }

    /// A longer wait. The days that let the rule fire move with it, or it would end before it began.
    fn longer_wait(&mut self, rule: &mut Rule, f: &mut Fields<'_>, changes: &mut Vec<String>) {
        let Some(at) = f.get("days") else { return };
        let Some(days) = f.whole("days", 1, 3650, &mut self.problems) else { return };
        if f.get("verdict").is_some() {
            let message = "`days` stands beside a new verdict";
            self.problems.at(&at, codes::RULE_SHAPE, message, "put the days into `until`");
            return;
        }
        let Some(until) = rule.until.as_mut().filter(|_| rule.verdict == Verdict::Defer) else {
            let message = format!("rule `{}` says `{}` and waits for no days", rule.id, rule.verdict.word());
            self.problems.at(&at, codes::RULE_SHAPE, message, "`days` lengthens a deferral");
            return;
        };
        let old = until.days;
        if let Some(old) = old.filter(|old| days <= *old) {
            self.not_stricter(&at, format!("{days} days are not longer"), &format!("{old} days"));
            return;
        }
        if let (Some(since), Some(old)) = (until.since, old) {
            rule.when.widen(since, Amount::whole(old), Amount::whole(days));
        }
        until.days = Some(days);
        let until = until.clone();
        self.deferral_agrees(&rule.id, &rule.when, &until, &at);
        changes.push(instead("wait", &format!("{days} days"), old.map(|n| n.to_string())));
    }

    /// Fewer reasons for which a practitioner may override the rule.
    fn fewer_reasons(&mut self, rule: &mut Rule, at: &Cursor<'_>, changes: &mut Vec<String>) {
        // Layers name a reason as the pack writes it, whatever language it is shown in.
        let shown = || rule.override_reasons.iter().map(|reason| reason.text.clone()).collect();
        let written: Vec<String> = self.reasons.get(&rule.id).cloned().unwrap_or_else(shown);
        let mut kept = Vec::new();
        for reason in at.one_or_many() {
            let Some(text) = reason.some_text("override", &mut self.problems) else { continue };
            let Some(n) = written.iter().position(|known| known == text) else {
                self.not_stricter(
                    &reason,
                    format!("`{text}` is no reason of rule `{}`", rule.id),
                    &format!("{written:?}"),
                );
                return;
            };
            kept.push(n);
        }
        if (0..written.len()).all(|n| kept.contains(&n)) {
            self.not_stricter(at, "no reason to override is taken away".to_owned(), &format!("{written:?}"));
            return;
        }
        let (stay, gone): (Vec<_>, Vec<_>) =
            rule.override_reasons.drain(..).enumerate().partition(|(n, _)| kept.contains(n));
        let gone: Vec<String> = gone.into_iter().map(|(_, reason)| reason.text).collect();
        changes.push(format!("no longer a reason to override: {}", gone.join("; ")));
        rule.override_reasons = stay.into_iter().map(|(_, reason)| reason).collect();
        if let Some(reasons) = self.reasons.get_mut(&rule.id) {
            *reasons =
                written.into_iter().enumerate().filter(|(n, _)| kept.contains(n)).map(|(_, text)| text).collect();
        }
    }

    fn more_exclusions(&mut self, rule: &mut Rule, more: Exclude, at: &Cursor<'_>, changes: &mut Vec<String>) {
        let pack = &self.pack;
        let old = &mut rule.exclude;
        let mut new: Vec<String> = Vec::new();
        add(&mut old.ingredients, &more.ingredients, |ix| pack.ingredients[ix].label.clone(), &mut new);
        add(&mut old.goals, &more.goals, |ix| pack.goals[ix].label.clone(), &mut new);
        add(&mut old.areas, &more.areas, |ix| pack.areas[ix].label.clone(), &mut new);
        add(&mut old.techniques, &more.techniques, |ix| pack.techniques[ix].label.clone(), &mut new);
        if more.site && !old.site {
            old.site = true;
            new.push("the site itself".to_owned());
        }
        if new.is_empty() {
            let below = "it excludes all of this";
            self.problems.at(at, codes::NOT_STRICTER, format!("rule `{}` excludes nothing more", rule.id), below);
            return;
        }
        changes.push(format!("also excludes {}", new.join(", ")));
    }

    fn stricter_limit(&mut self, ix: Ix<Limit>, f: &mut Fields<'_>) -> (Limit, Vec<String>) {
        let mut limit = self.pack.limits[ix].clone();
        let mut changes = Vec::new();
        for key in ["mg_per_kg", "mg", "ml"] {
            let at = f.get(key);
            let (Some(new), Some(at)) = (f.positive(key, &mut self.problems), at) else { continue };
            let slot = match key {
                "mg_per_kg" => &mut limit.mg_per_kg,
                "mg" => &mut limit.mg,
                _ => &mut limit.ml,
            };
            match *slot {
                Some(old) if new >= old => {
                    self.not_stricter(&at, format!("`{key} = {new}` is not lower"), &format!("{old}"));
                }
                old => {
                    *slot = Some(new);
                    changes.push(instead(key, &new.to_string(), old.map(|n| n.to_string())));
                }
            }
        }
        for (key, most) in [("points", 10_000), ("sessions", 1000), ("interval_days", 3650)] {
            let at = f.get(key);
            let (Some(new), Some(at)) = (f.whole(key, 1, most, &mut self.problems), at) else { continue };
            let slot = match key {
                "points" => &mut limit.points,
                "sessions" => &mut limit.sessions,
                _ => &mut limit.interval_days,
            };
            // Of days between sessions the larger number is the stricter one.
            let longer = key == "interval_days";
            match *slot {
                Some(old) if new == old || (new > old) != longer => {
                    let word = if longer { "longer" } else { "lower" };
                    self.not_stricter(&at, format!("`{key} = {new}` is not {word}"), &format!("{old}"));
                }
                old => {
                    *slot = Some(new);
                    changes.push(instead(key, &new.to_string(), old.map(|n| n.to_string())));
                }
            }
        }
        limit.reads = limit.mg_per_kg.map(|_| self.pack.roles.weight);
        (limit, changes)
    }
}

/// The layer whose table defines this id; `None` for what is made from the vocabulary.
pub(super) fn defined_in(tables: &Tables<'_>, kind: &str, id: &str) -> Option<usize> {
    let is_it = |table: &Cursor<'_>| {
        table
            .table(kind, &mut Problems::default())
            .and_then(|mut f| f.get("id"))
            .is_some_and(|c| c.scalar() == Some(Scalar::Text(id)))
    };
    tables.get(kind)?.iter().find(|(_, table)| is_it(table)).map(|(layer, _)| *layer)
}

/// Adds what is new, and says it.
fn add<T>(old: &mut Set<T>, more: &Set<T>, label: impl Fn(Ix<T>) -> String, new: &mut Vec<String>) {
    for ix in more.iter() {
        if old.insert(ix) {
            new.push(label(ix));
        }
    }
}

/// "verdict clearance instead of caution".
fn instead(what: &str, new: &str, old: Option<String>) -> String {
    old.map_or_else(|| format!("{what} {new}"), |old| format!("{what} {new} instead of {old}"))
}

/// Whether a text names a length of time, whichever it is.
fn names_a_time(text: &str) -> bool {
    text.to_lowercase().split(|c: char| !c.is_alphabetic()).any(|word| TIMES.contains(&word))
}
