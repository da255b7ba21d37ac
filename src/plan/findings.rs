//! Rules that fired, as findings.

use jiff::ToSpan;
use jiff::civil::Date;

use super::adjust::Adjustments;
use super::assessment::Finding;
use super::free_text::{rests_on_list, unknown_list};
use super::layers::{ClinicOverride, tightened};
use super::not_known;
use super::overriding::{refuted, refuted_words};
use crate::intake::{Facts, QualifierFact};
use crate::pack::{
    Amount, Area, Basis, Condition, Exclude, Grade, Ix, List, Pack, PlanChange, QualifierKind, Rule, Ruling, Scope,
    Set, Verdict,
};
use crate::rules::{Standing, Truth, leaves, lower};

/// A rule that fired.
#[derive(Debug)]
pub(super) struct Fired<'p> {
    /// Its position.
    pub ix: Ix<Rule>,
    /// The rule.
    pub rule: &'p Rule,
    /// What it says today.
    pub ruling: Ruling<'p>,
    /// The areas its `site` names; all planned areas when the site is not known.
    pub sites: Set<Area>,
    /// The reasons to override it that the answers contradict.
    pub refuted: Vec<&'p str>,
    /// Entries whose place is not known and so counts as here, in words.
    pub somewhere: Vec<String>,
    /// Whether it holds for certain.
    pub truth: Truth,
}

impl<'p> Fired<'p> {
    pub fn new(pack: &'p Pack, facts: &Facts, standing: &Standing) -> Self {
        let rule = &pack.rules[standing.rule];
        let (sites, somewhere) =
            if rule.exclude.site { sites(pack, facts, &rule.when) } else { (Set::default(), Vec::new()) };
        let ruling = rule.ruling_on(facts.today);
        let refuted = refuted(pack, facts, rule);
        Self { ix: standing.rule, rule, ruling, sites, refuted, somewhere, truth: standing.truth }
    }

    /// Whether it counts only because something is not known.
    pub fn supposed(&self) -> bool {
        self.truth == Truth::Maybe
    }

    /// Its title for this patient.
    pub fn title(&self) -> String {
        not_known::title(&self.rule.title, self.supposed())
    }

    /// Whether the practitioner overrides it, the rule allows that and the answers do not contradict the reason.
    pub fn overridden(&self, adjustments: &Adjustments) -> bool {
        self.rule.overridable() && self.reason(adjustments).is_some_and(|reason| !self.refuted.contains(&reason))
    }

    fn reason<'a>(&self, adjustments: &'a Adjustments) -> Option<&'a str> {
        adjustments.reason(&self.rule.id)
    }

    /// What it counts for in the verdict.
    pub fn counts_as(&self, adjustments: &Adjustments) -> Verdict {
        if self.overridden(adjustments) { self.ruling.verdict.min(Verdict::Caution) } else { self.ruling.verdict }
    }

    /// Whether what it takes out stays out: a deferral, a referral or a refusal may end, a clearance that has come leaves
    /// out all but a goal, and anything milder does not end. A rule that a layer made stricter was milder once, and is
    /// counted so.
    pub fn lasts(&self, adjustments: &Adjustments) -> bool {
        self.counts_as(adjustments).min(self.rule.first_verdict) < Verdict::Defer
    }

    /// Whether the goals it takes out come back, or will once the clearance is there.
    pub fn gives_goals_back(&self, adjustments: &Adjustments) -> bool {
        let verdict = self.counts_as(adjustments).min(self.rule.first_verdict);
        let cleared = verdict == Verdict::Clearance && self.rule.overridable();
        self.rule.scope == Scope::Goal && (self.overridden(adjustments) || cleared)
    }

    /// How it changes a session plan; not at all when it is switched off.
    pub fn modifies(&self) -> Option<&'p PlanChange> {
        (!self.ruling.off).then_some(&self.rule.modifies)
    }

    /// The finding for people and programs.
    pub fn finding(&self, pack: &Pack, facts: &Facts, adjustments: &Adjustments) -> Finding {
        let rule = self.rule;
        let leaves = leaves(pack, facts, &rule.when);
        let speaking = leaves.iter().filter(|leaf| leaf.truth.fires());
        let mut because: Vec<String> = Vec::new();
        let mut assumed: Vec<String> = Vec::new();
        let mut questions: Vec<String> = Vec::new();
        for leaf in speaking {
            push_new(&mut because, leaf.text.clone());
            push_new(&mut questions, leaf.question.clone());
            if leaf.truth == Truth::Maybe {
                leaf.unknown.iter().for_each(|text| push_new(&mut assumed, text.clone()));
            }
        }
        let (until, until_event) = self.until(facts);
        let unknown: &[String] = if self.supposed() { &assumed } else { &[] };
        let unsure = leaves.iter().filter(|leaf| self.supposed() && leaf.truth == Truth::Maybe);
        let under = rests_on_list(pack, facts, unsure.map(|leaf| leaf.question.as_str()));
        let listed = questions.iter().all(|id| pack.questions.find(id).is_some_and(|ix| unknown_list(pack, facts, ix)));
        Finding {
            rule: rule.id.clone(),
            title: self.title(),
            verdict: self.ruling.verdict,
            scope: rule.scope,
            message: not_known::message(&rule.title, &rule.message, unknown, listed),
            patient: rule.patient.as_ref().map(|words| not_known::patient(&rule.title, words, unknown)),
            why: rule.why.clone(),
            excludes: excluded_ids(pack, &rule.exclude, &self.sites),
            because,
            assumed,
            questions,
            until,
            until_event,
            from: self.ruling.from.map(str::to_owned),
            to: self.ruling.to.map(str::to_owned),
            urgent: self.ruling.urgent,
            mitigation: if self.ruling.off { Vec::new() } else { rule.mitigation.clone() },
            contested: rule.contested.clone(),
            sources: pack.citations(&rule.grounds.sources),
            basis: rule.grounds.basis,
            evidence: Some(rule.grounds.evidence),
            review: Some(rule.grounds.review.clone()),
            overridable: rule.overridable(),
            override_reasons: self.reasons_left(),
            override_refuted: refuted_words(pack, facts, rule),
            overridden: self.reason(adjustments).filter(|_| self.overridden(adjustments)).map(str::to_owned),
            override_void: self.reason(adjustments).filter(|given| self.refuted.contains(given)).map(str::to_owned),
            under,
            folded: Vec::new(),
            tightened: tightened(pack, rule),
            clinic_override: ClinicOverride::of(pack, rule, facts.today),
        }
    }

    /// The reasons to override it that the answers leave.
    fn reasons_left(&self) -> Vec<String> {
        let reasons = self.rule.override_reasons.iter().map(|reason| &reason.text);
        reasons.filter(|text| !self.refuted.contains(&text.as_str())).cloned().collect()
    }

    /// The day and the event a deferral waits for; the latest day of all entries that fire it.
    pub fn until(&self, facts: &Facts) -> (Option<Date>, Option<String>) {
        let Some(until) = self.ruling.until.filter(|_| self.ruling.verdict == Verdict::Defer) else {
            return (None, None);
        };
        let from_event = until.event.clone();
        let Some(days) = until.days else { return (None, from_event) };
        // After an event without a date the days cannot be counted yet.
        if let (Some(event), None) = (&until.event, until.since) {
            return (None, Some(format!("{event} ({days} days after)")));
        }
        let mut taken = false;
        let elapsed = until.since.map_or(0, |since| {
            let mut least: Option<Amount> = None;
            each_entry(facts, &self.rule.when, &mut |list, entry| {
                let ago = match entry.qualifier(since) {
                    Some(QualifierFact::Number(ago)) => ago,
                    _ => Amount::ZERO,
                };
                taken |= list == List::Medications && ago == Amount::ZERO;
                least = Some(least.map_or(ago, |least| least.min(ago)));
            });
            least.unwrap_or(Amount::ZERO).as_thousandths() / 1000
        });
        // Still taken, or nobody knows when the last dose was: a day would pass for a promise.
        if taken {
            let last = format!("{days} days after the last dose, which has no date yet");
            return (None, Some(from_event.map_or(last.clone(), |event| format!("{event}; {last}"))));
        }
        let wait = (i64::from(days) - elapsed).max(0);
        (facts.today.checked_add(wait.days()).ok(), from_event)
    }
}

fn push_new(list: &mut Vec<String>, text: String) {
    if !list.contains(&text) {
        list.push(text);
    }
}

/// Visits the list entries that let a condition hold or perhaps hold.
fn each_entry(facts: &Facts, when: &Condition, see: &mut dyn FnMut(List, &crate::intake::CodedFact)) {
    when.visit(&mut |condition| {
        if let Condition::Listed { question, list, items, with } = condition {
            for entry in facts.items(*question) {
                if entry.item.is_some_and(|item| items.contains(item))
                    && crate::rules::entry_passes(entry, with).fires()
                {
                    see(*list, entry);
                }
            }
        }
    });
}

/// The areas named by the sites of the entries that fired a rule, and the entries whose site is not known.
fn sites(pack: &Pack, facts: &Facts, when: &Condition) -> (Set<Area>, Vec<String>) {
    let site = pack.qualifier_roles.site;
    let elsewhere = match &pack.qualifiers[site].kind {
        QualifierKind::Choice(options) => {
            QualifierFact::Choice(options.iter().position(|o| o.id == "elsewhere").unwrap_or(usize::MAX))
        }
        QualifierKind::Number(_) => QualifierFact::Unknown,
    };
    let mut named = Set::default();
    let mut everywhere = false;
    let mut somewhere = Vec::new();
    each_entry(facts, when, &mut |_, entry| match entry.site {
        Some(site) => {
            for (ix, _) in pack.areas.entries().filter(|(ix, _)| pack.area_within(*ix, site)) {
                named.insert(ix);
            }
        }
        // Not known where counts as here.
        None => {
            let said = entry.qualifier(site);
            if matches!(said, None | Some(QualifierFact::Unknown)) {
                push_new(&mut somewhere, format!("{}: where not known, counts as here", lower(&entry.text)));
            }
            everywhere |= said.is_none_or(|said| said != elsewhere);
        }
    });
    if everywhere {
        for goal in facts.goals(pack) {
            goal.areas.iter().for_each(|area| {
                named.insert(*area);
            });
        }
    }
    (named, somewhere)
}

fn excluded_ids(pack: &Pack, exclude: &Exclude, sites: &Set<Area>) -> Vec<String> {
    let mut ids: Vec<String> = exclude.ingredients.iter().map(|ix| pack.ingredients[ix].id.clone()).collect();
    ids.extend(exclude.goals.iter().map(|ix| pack.goals[ix].id.clone()));
    ids.extend(exclude.areas.iter().chain(sites.iter()).map(|ix| pack.areas[ix].id.clone()));
    ids.extend(exclude.techniques.iter().map(|ix| pack.techniques[ix].id.clone()));
    ids
}

/// A finding that the program itself makes, not a rule of the pack.
pub(super) fn engine_finding(
    rule: String,
    title: String,
    verdict: Verdict,
    message: String,
    why: &str,
    because: Vec<String>,
    questions: Vec<String>,
) -> Finding {
    Finding {
        rule,
        title,
        verdict,
        scope: Scope::Session,
        message,
        patient: None,
        why: why.to_owned(),
        excludes: Vec::new(),
        because,
        assumed: Vec::new(),
        questions,
        until: None,
        until_event: None,
        from: None,
        to: None,
        urgent: false,
        mitigation: Vec::new(),
        contested: None,
        sources: Vec::new(),
        basis: Basis::Policy,
        evidence: Some(Grade::D),
        review: None,
        overridable: false,
        override_reasons: Vec::new(),
        override_refuted: Vec::new(),
        overridden: None,
        override_void: None,
        under: None,
        folded: Vec::new(),
        tightened: Vec::new(),
        clinic_override: None,
    }
}
