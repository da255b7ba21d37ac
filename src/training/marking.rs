//! Marking: the sealed attempt against what the rules say of the same patient.

use jiff::civil::Date;

use super::acts::Flag;
use super::case::{Case, Decision, Disclose, Domain, stops};
use super::chain::Mode;
use super::flow::Sealed;
use super::hints::{at_best, charge};
use super::mark_alarms::{Alarms, alarm_items, alarms, clear_items};
use super::mark_safety::{decision_item, flag_items, named_unknown, unknown_items};
use super::mark_treatment::{cocktail_items, consent_items, plan_items, syringe_fails};
use super::marks::{CriticalFail, DomainMark, Item, Judgement, Marks, PASS_PERCENT, share_of};
use super::reveal::Committed;
use super::schedule::Rating;
use super::time::limit;
use crate::intake::{Answer, Intake};
use crate::pack::{Pack, Question, QuestionKind, Rule, Step, Verdict};
use crate::plan::{Assessment, Finding, Outcome, changes};

/// What all parts of the marking look at.
pub(super) struct Marking<'a> {
    pub pack: &'a Pack,
    pub case: &'a Case,
    pub sealed: &'a Sealed,
    pub intake: &'a Intake,
    pub key: &'a Assessment,
    pub committed: Committed,
}

impl<'a> Marking<'a> {
    /// The findings that a trainee has to point out, each with its rule.
    pub fn to_flag(&self) -> Vec<(&'a Finding, &'a Rule)> {
        self.key
            .findings
            .iter()
            .filter(|finding| to_be_named(finding))
            .filter_map(|finding| Some((finding, self.pack.rules.get(&finding.rule)?)))
            .collect()
    }

    /// What would change the outcome that a rule stands for, in one sentence; nothing where the same would come out.
    pub fn change(&self, rule: &str) -> Option<String> {
        // Nothing is better than treating: no other answer would lead elsewhere worth naming.
        if self.key.verdict == Outcome::Proceed {
            return None;
        }
        let day: Date = self.key.today;
        let all = changes(self.pack, self.intake, day, rule);
        // A fact about the patient teaches more than a paper that would allow the same.
        let other = || all.iter().filter(|change| change.verdict != self.key.verdict);
        let change = other().find(|change| !change.question.is_empty()).or_else(|| other().next())?;
        Some(format!("{} if {}", change.verdict.word(), change.what))
    }

    /// Fills in what a finding says about itself.
    pub fn explained(&self, mut item: Item, finding: &Finding) -> Item {
        item.rule = Some(finding.rule.clone());
        item.message = finding.message.clone();
        item.why = finding.why.clone();
        item.facts = finding.because.clone();
        item.change = self.change(&finding.rule);
        item.sources = finding.sources.clone();
        item.evidence = finding.evidence;
        item
    }

    /// The decision; a log that was played through the flow always has one.
    pub fn decision(&self) -> Decision {
        self.committed.decision.unwrap_or(Decision::Decline)
    }
}

/// Whether a finding has to be pointed out. A note need not be, but a recorded allergy keeps something out of the syringe, if
/// anything that is injected contains it; that a goal has no injectable is marked where something is injected.
#[must_use]
pub fn to_be_named(finding: &Finding) -> bool {
    let keeps_out = finding.rule.starts_with("allergy-") && !finding.excludes.is_empty();
    (finding.verdict > Verdict::Proceed || keeps_out) && !finding.rule.starts_with("no-injectable-")
}

/// Marks a sealed attempt.
pub(super) fn mark(pack: &Pack, sealed: &Sealed, intake: &Intake, key: &Assessment) -> Marks {
    let case = &sealed.patient.case;
    let marking = Marking { pack, case, sealed, intake, key, committed: Committed::of(sealed) };
    let alarms = alarms(&marking);
    let mut items = flag_items(&marking);
    items.extend(unknown_items(&marking));
    items.extend(alarms.item());
    items.extend(alarm_items(&marking, &alarms));
    items.extend(clear_items(&marking, &alarms));
    items.push(decision_item(&marking));
    items.extend(history_items(&marking));
    items.extend(skin_items(&marking));
    items.extend(cocktail_items(&marking));
    items.extend(plan_items(&marking));
    items.extend(consent_items(&marking));
    let mut critical = critical(&marking);
    critical.extend(alarms.fail(flagged(&items).filter(|item| item.share > 0.0).count()));
    let judgements = judgements(&marking, &items, &alarms);
    let hints = &marking.committed.hints;
    charge(&mut items, hints);
    tell_critical(&marking, &critical, &mut items);
    let domains: Vec<DomainMark> = Domain::ALL
        .into_iter()
        .map(|domain| DomainMark { domain, weight: domain.weight(case.weights), share: share_of(&items, domain) })
        .collect();
    let percent = percent(&domains);
    let grades = grades(&marking, &items, &alarms).into_iter();
    let grades = grades.map(|(rule, rating)| {
        let rating = at_best(pack, &rule, rating, hints);
        (rule, rating)
    });
    let seconds = marking.committed.seconds;
    let exam = sealed.header().mode == Mode::Exam;
    Marks {
        percent,
        passed: critical.is_empty() && percent >= PASS_PERCENT,
        critical,
        domains,
        sensitivity: sensitivity(&items),
        specificity: alarms.specificity(),
        brier: brier(&judgements),
        judgements,
        twists: twists(case, &marking.committed.twists),
        decision: marking.decision(),
        verdict: key.verdict,
        cost_seconds: sealed.log.cost(),
        seconds,
        grades: grades.collect(),
        items,
        hints: hints.iter().map(|flag| flag.label(pack)).collect(),
        late_seconds: if exam { seconds.saturating_sub(limit(case.minutes)) } else { 0 },
        away: marking.committed.away.clone(),
    }
}

/// The weighted mean of the domains that could be marked, 0 to 100.
fn percent(domains: &[DomainMark]) -> f64 {
    let scored = || domains.iter().filter_map(|mark| Some((f64::from(mark.weight), mark.share?)));
    let weight: f64 = scored().map(|(weight, _)| weight).sum();
    if weight > 0.0 { 100.0 * scored().map(|(weight, share)| weight * share).sum::<f64>() / weight } else { 0.0 }
}

/// The items about contraindications that were there to be found.
fn flagged(items: &[Item]) -> impl Iterator<Item = &Item> {
    items.iter().filter(|item| item.id.starts_with("flag:"))
}

/// Of the contraindications, how many were named; none when there are none.
fn sensitivity(items: &[Item]) -> Option<f64> {
    let (found, all) = (flagged(items).filter(|item| item.share > 0.0).count(), flagged(items).count());
    (all > 0).then(|| found as f64 / all as f64)
}

/// What the trainee was sure of, and whether it was right; nobody judged a cocktail where there is none to mark. Before hints
/// are charged for: they make nothing wrong.
fn judgements(marking: &Marking<'_>, items: &[Item], alarms: &Alarms) -> Vec<Judgement> {
    let sure = marking.committed.confidence;
    let judgement = |about, percent: u8, right| {
        let confidence = f64::from(percent.min(100)) / 100.0;
        Judgement { about, confidence, right }
    };
    let named = flagged(items).all(Item::right) && alarms.wrong.is_empty();
    let decided = items.iter().any(|item| item.id == "decision" && item.right());
    let mut all = vec![
        judgement("contraindications", sure.contraindications, named),
        judgement("decision", sure.decision, decided),
    ];
    let cocktail = || items.iter().filter(|item| item.domain == Domain::Cocktail);
    if cocktail().next().is_some() {
        let right = syringe_fails(marking).is_empty() && cocktail().all(|item| item.share >= 0.8);
        all.push(judgement("cocktail", sure.cocktail, right));
    }
    all
}

/// The mean credit of the questions in the middle; none when the panels were too small or there were none.
fn twists(case: &Case, answers: &[i8]) -> Option<f64> {
    let credits: Vec<f64> =
        case.twists.iter().zip(answers).filter_map(|(twist, answer)| twist.credit(*answer)).collect();
    (!credits.is_empty()).then(|| credits.iter().sum::<f64>() / credits.len() as f64)
}

/// The mean squared distance between confidence and truth.
#[must_use]
pub fn brier(judgements: &[Judgement]) -> f64 {
    if judgements.is_empty() {
        return 0.0;
    }
    let distance = |j: &Judgement| (j.confidence - f64::from(u8::from(j.right))).powi(2);
    judgements.iter().map(distance).sum::<f64>() / judgements.len() as f64
}

fn critical(marking: &Marking<'_>) -> Vec<CriticalFail> {
    let mut found = Vec::new();
    let key = Decision::of(marking.key.verdict);
    if marking.decision() == Decision::Treat && key.is_some_and(|key| key >= Decision::Defer) {
        let worst = marking.key.findings.first();
        found.push(CriticalFail {
            kind: "treated-on-stop",
            what: format!(
                "treated although the rules say {}: {}",
                marking.key.verdict.word(),
                worst.map_or("", |finding| finding.title.as_str())
            ),
            rule: worst.map(|finding| finding.rule.clone()),
        });
    }
    found.extend(unasked(marking));
    found.extend(syringe_fails(marking));
    for rule in &marking.case.critical {
        let Some(row) = marking.pack.rules.get(rule) else { continue };
        let Some(finding) = marking.key.findings.iter().find(|finding| finding.rule == *rule) else { continue };
        let named = marking.committed.found.flags().any(|flag| flag.touches(marking.pack, row));
        if !named && !named_unknown(marking, finding) {
            found.push(CriticalFail {
                kind: "overlooked",
                what: format!("{}: must not be overlooked in this case", row.title),
                rule: Some(rule.clone()),
            });
        }
    }
    found
}

/// Notes which of the items that were not right failed the attempt by themselves.
fn tell_critical(marking: &Marking<'_>, critical: &[CriticalFail], items: &mut [Item]) {
    let open: Vec<String> = never_asked(marking).iter().map(|row| format!("ask:{}", row.id)).collect();
    for item in items.iter_mut().filter(|item| !item.right()) {
        item.critical = critical.iter().any(|fail| {
            let of_rule = fail.rule.is_some() && fail.rule == item.rule && item.id.starts_with("flag:");
            match fail.kind {
                "treated-on-stop" => item.id == "decision" || of_rule,
                "treated-unasked" => item.id == "decision" || open.contains(&item.id),
                "overlooked" => of_rule,
                "false-alarms" => item.id == "false-alarms",
                _ => item.domain == Domain::Cocktail,
            }
        });
    }
}

/// Going on while a question about safety that everybody is asked was not asked: what nobody asked is never "no".
pub(super) fn unasked(marking: &Marking<'_>) -> Option<CriticalFail> {
    let open = never_asked(marking);
    let labels: Vec<&str> = open.iter().map(|row| row.label.as_str()).collect();
    (!labels.is_empty()).then(|| CriticalFail {
        kind: "treated-unasked",
        what: format!("went on and never asked: {}", labels.join(", ")),
        rule: None,
    })
}

/// What somebody who went on should have asked before.
fn never_asked<'a>(marking: &Marking<'a>) -> Vec<&'a Question> {
    let goes_on = matches!(marking.decision(), Decision::Treat | Decision::Clearance);
    if !goes_on && marking.committed.cocktail.mixes.is_empty() {
        return Vec::new();
    }
    let (pack, patient) = (marking.pack, &marking.sealed.patient);
    let heard = |id: &str| {
        let facts = patient.facts.iter().zip(&marking.sealed.heard);
        facts.filter(|(fact, _)| fact.question == id).any(|(_, heard)| *heard)
    };
    let of_safety = |row: &&Question| {
        let list = matches!(row.kind, QuestionKind::List(_));
        let of_history = row.step == Step::History && !row.id.starts_with("history.screening.");
        row.required && (list || of_history) && patient.asks(&row.id)
    };
    let open = pack.questions.iter().filter(of_safety);
    open.filter(|row| !marking.committed.asked.contains(&row.id) && !heard(&row.id)).collect()
}

/// Questions that everybody is asked, and those that the rules in play read; the latter count double.
fn history_items(marking: &Marking<'_>) -> Vec<Item> {
    let (pack, sealed) = (marking.pack, marking.sealed);
    let in_play = marking.to_flag();
    let mut items: Vec<Item> = Vec::new();
    for fact in &sealed.patient.facts {
        let id = format!("ask:{}", fact.question);
        let hidden = |f: &&super::patient::KnownFact| f.disclose != super::case::Disclose::Volunteered;
        if fact.question.starts_with("skin.") || !hidden(&fact) || items.iter().any(|item| item.id == id) {
            continue;
        }
        let Some(question) = pack.questions.get(&fact.question) else { continue };
        let read = in_play.iter().any(|(finding, _)| finding.questions.contains(&fact.question));
        if !question.required && !read {
            continue;
        }
        let here = || sealed.patient.facts.iter().zip(&sealed.heard).filter(|(f, _)| f.question == fact.question);
        let heard = here().filter(|(_, heard)| **heard).count();
        let share = heard as f64 / here().count().max(1) as f64;
        let tried = marking.committed.asked.contains(&fact.question);
        let yours = match (heard, tried) {
            (0, false) => "not asked",
            // Which of the ways it takes, the key says.
            (0, true) => "asked in a way that does not bring it out",
            _ if share < 1.0 => "asked, but something stayed unheard",
            _ => "asked",
        };
        let way = way_in(here().map(|(fact, _)| fact.disclose));
        let why = if read { "a rule that speaks here reads it" } else { "everybody is asked" };
        let mut item = Item::plain(Domain::History, id, &question.label, share, if read { 2.0 } else { 1.0 })
            .said(yours, format!("{way} ({why})"));
        item.facts = here().map(|(fact, _)| fact.says.clone()).collect();
        items.push(item);
    }
    items
}

/// What it takes to hear all of it.
fn way_in(facts: impl Iterator<Item = Disclose>) -> &'static str {
    match facts.max() {
        Some(Disclose::Probe) => "ask closely",
        Some(Disclose::Exam) => "examine",
        Some(Disclose::Document) => "read the papers",
        Some(Disclose::Volunteered | Disclose::Ask) | None => "ask",
    }
}

/// Skin type and findings: the neighbouring grade earns half.
fn skin_items(marking: &Marking<'_>) -> Vec<Item> {
    let mut items = Vec::new();
    for fact in marking.sealed.patient.facts.iter().filter(|fact| fact.question.starts_with("skin.")) {
        let Some(question) = marking.pack.questions.get(&fact.question) else { continue };
        let key = match &fact.answer {
            Answer::Choice(id) => id.clone(),
            Answer::Number(n) => n.to_string(),
            _ => continue,
        };
        // A grade by its name and its signs: what one was looking at, and what one took it for.
        let named = |id: &str| match question.options().iter().find(|option| option.id == id) {
            Some(option) => {
                option.help.as_ref().map_or(option.label.clone(), |help| format!("{}: {help}", option.label))
            }
            None => id.to_owned(),
        };
        let yours = marking.committed.skin.findings.get(&fact.question);
        let share = yours.map_or(0.0, |yours| match (yours.parse::<f64>(), key.parse::<f64>()) {
            _ if *yours == key => 1.0,
            (Ok(a), Ok(b)) if matches!(fact.answer, Answer::Number(_)) => {
                f64::from(u8::from((a - b).abs() <= 0.2 * b.abs().max(1.0)))
            }
            (Ok(a), Ok(b)) if (a - b).abs() <= 1.0 => 0.5,
            _ => 0.0,
        });
        let mut item = Item::plain(Domain::Skin, fact.question.clone(), &question.label, share, 1.0)
            .said(yours.map_or("not given".to_owned(), |yours| named(yours)), named(&key));
        item.facts = vec![fact.says.clone()];
        items.push(item);
    }
    items
}

/// How well the rules of the case were known.
fn grades(marking: &Marking<'_>, items: &[Item], alarms: &Alarms) -> Vec<(String, Rating)> {
    let sure = marking.committed.confidence.contraindications;
    let in_time = f64::from(marking.committed.seconds) <= f64::from(marking.case.minutes) * 60.0;
    let known = |right: bool| match (right, sure) {
        (false, _) => Rating::Again,
        (true, ..50) => Rating::Hard,
        (true, 85..) if in_time => Rating::Easy,
        (true, _) => Rating::Good,
    };
    let mut all: Vec<(String, Rating)> = Vec::new();
    for item in flagged(items) {
        if let Some(rule) = &item.rule {
            all.push((rule.clone(), known(item.share > 0.0)));
        }
    }
    for rule in &marking.case.objectives {
        if all.iter().any(|(known, _)| known == rule) {
            continue;
        }
        let Some(row) = marking.pack.rules.get(rule) else { continue };
        let excluded = |id: &str| {
            marking.key.excluded.iter().any(|e| e.kind == "ingredient" && e.id == id && e.rules.contains(rule))
        };
        let used = marking.committed.cocktail.mixes.iter().flat_map(|mix| &mix.ingredients).any(|p| excluded(&p.id));
        let cried = alarms.wrong.iter().any(|flag: &Flag| flag.touches(marking.pack, row));
        let generated = rule.starts_with("no-injectable-");
        let refused = !generated || !stops(row.verdict) || marking.committed.cocktail.mixes.is_empty();
        all.push((rule.clone(), known(!used && !cried && refused)));
    }
    all
}
