//! The fewest changes that lead to an outcome.

use jiff::civil::Date;

use super::around::Around;
use super::edits::{About, By, Edit, apply};
use super::words::{open_answer, said};
use crate::intake::Intake;
use crate::pack::{Pack, QuestionKind, Verdict};
use crate::plan::{Assessment, Outcome, assess};
use crate::proof::asker::Asker;
use crate::proof::circuit::Lit;
use crate::proof::prover::on;

/// More sets of changes than anybody reads.
const MOST_SETS: usize = 6;

/// More open questions than are named one by one.
const MOST_OPEN: usize = 3;

/// Answers to an open question that are tried one by one.
const MOST_TRIED: usize = 40;

/// More answers that the assessment does not confirm than there can be by rounding.
const MOST_REFUSED: usize = 24;

/// An outcome that is not the one there is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    /// A plan with a cocktail.
    Plan,
    /// A verdict that is given and not stricter than this.
    AtMost(Verdict),
    /// A verdict that is given and at least as strict as this.
    AtLeast(Verdict),
}

impl Target {
    /// Whether an assessment is such an outcome.
    #[must_use]
    pub fn met(self, assessment: &Assessment) -> bool {
        let given = assessment.verdict != Outcome::Incomplete;
        match self {
            Self::Plan => assessment.plan.as_ref().is_some_and(|plan| !plan.cocktails.is_empty()),
            Self::AtMost(verdict) => given && assessment.verdict.strictness() <= Outcome::from(verdict).strictness(),
            Self::AtLeast(verdict) => given && assessment.verdict.strictness() >= Outcome::from(verdict).strictness(),
        }
    }

    /// The word in JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::AtMost(verdict) | Self::AtLeast(verdict) => verdict.word(),
        }
    }

    /// At the head of what leads there.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Plan => "To a plan".to_owned(),
            Self::AtMost(Verdict::Proceed) => "To proceed".to_owned(),
            Self::AtMost(verdict) => format!("To {} or milder", verdict.word()),
            Self::AtLeast(Verdict::Decline) => "To decline".to_owned(),
            Self::AtLeast(verdict) => format!("To {} or stricter", verdict.word()),
        }
    }

    fn wires(self, around: &Around<'_>) -> Vec<Lit> {
        let outcome = &around.outcome;
        let given = !outcome.is(Outcome::Incomplete);
        let at_least = |verdict: Verdict| outcome.at_least[verdict as usize];
        match self {
            Self::Plan => vec![outcome.plan, outcome.goes_on],
            Self::AtMost(verdict) => {
                let stricter = Verdict::ALL.get(verdict as usize + 1);
                vec![given, stricter.map_or(Lit::TRUE, |stricter| !at_least(*stricter))]
            }
            Self::AtLeast(verdict) => vec![given, at_least(verdict)],
        }
    }
}

/// What would lead to one outcome.
#[derive(Clone, PartialEq, Debug)]
pub struct Counterfactual {
    /// The outcome.
    pub target: Target,
    /// The fewest changes of what can change; `None`: nothing that can change leads there.
    pub changeable: Option<Nearest>,
    /// The fewest changes by choice alone, where it takes more of them than of others.
    pub by_choice: Option<Nearest>,
    /// Where nothing that can change leads there: the fewest facts that decide.
    pub facts: Option<Nearest>,
    /// What the solver found and the assessment did not confirm; it is shown to nobody.
    pub refused: usize,
}

/// The fewest changes.
#[derive(Clone, PartialEq, Debug)]
pub struct Nearest {
    /// How many; no fewer will do. None: the open questions alone decide.
    pub fewest: usize,
    /// Different ways with as many, those by choice first; not all, if there are many.
    pub ways: Vec<Possible>,
}

/// One way.
#[derive(Clone, PartialEq, Debug)]
pub struct Possible {
    /// What would be otherwise.
    pub changes: Vec<Changed>,
    /// Open questions, and how they would have to be answered.
    pub open: Vec<(String, String)>,
    /// The verdict that follows, as the assessment gives it.
    pub verdict: Outcome,
    /// The day for which it is given, where days have to pass.
    pub from: Option<Date>,
    /// The intake that was assessed.
    pub intake: Intake,
}

impl Nearest {
    /// How many changes, in words.
    #[must_use]
    pub fn count(&self) -> String {
        match self.fewest {
            1 => "one change would do".to_owned(),
            n => format!("{n} changes together, and no fewer, would do"),
        }
    }
}

impl Possible {
    /// By what, and what would be otherwise.
    #[must_use]
    pub fn sentence(&self) -> String {
        let what: Vec<&str> = self.changes.iter().map(|change| change.what.as_str()).collect();
        let mut by: Vec<&str> = self.changes.iter().map(|change| change.by.label()).collect();
        by.dedup();
        let mut sentence = format!("{}: if {}", by.join(" and "), what.join(", and if "));
        if self.open.len() > MOST_OPEN {
            sentence = format!("{sentence}, and {} open questions were answered without a risk", self.open.len());
        } else if !self.open.is_empty() {
            let open: Vec<String> = self.open.iter().map(|(label, answer)| format!("{label}: {answer}")).collect();
            sentence = format!("{sentence}, and the open questions were answered so ({})", open.join("; "));
        }
        sentence
    }
}

/// Something that would be otherwise.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Changed {
    /// The change in words, as a fact: "pregnancy were: no".
    pub what: String,
    /// The question; empty for days that pass.
    pub question: String,
    /// By what.
    pub by: By,
}

/// What would lead to a plan; where there is one, what would lead to a milder verdict. `stop` is asked now and then.
#[must_use]
pub fn counterfactuals(pack: &Pack, intake: &Intake, today: Date, stop: &dyn Fn() -> bool) -> Vec<Counterfactual> {
    let now = assess(pack, intake, today);
    let planned = Target::Plan.met(&now);
    if planned && now.verdict == Outcome::Proceed {
        return Vec::new();
    }
    let mut search = Search::new(Around::new(pack, intake, today, false), stop);
    if !planned {
        return search.counterfactual(Target::Plan).into_iter().collect();
    }
    let mut all: Vec<Counterfactual> = Vec::new();
    let milder = Verdict::ALL
        .into_iter()
        .rev()
        .filter(|verdict| Outcome::from(*verdict).strictness() < now.verdict.strictness());
    for verdict in milder {
        let target = Target::AtMost(verdict);
        let has = |way: &Possible| way.verdict.strictness() <= Outcome::from(verdict).strictness();
        // As few changes lead further already.
        if all.last().and_then(|known| known.changeable.as_ref()).is_some_and(|nearest| nearest.ways.iter().any(has)) {
            continue;
        }
        let Some(found) = search.counterfactual(target) else { return all };
        let impossible = found.changeable.is_none();
        all.push(found);
        if impossible {
            break;
        }
    }
    all
}

/// The fewest changes that would have made the verdict stricter, by at least one further entry on each list: for teaching.
#[must_use]
pub fn stricter(pack: &Pack, intake: &Intake, today: Date, stop: &dyn Fn() -> bool) -> Option<Counterfactual> {
    let now = assess(pack, intake, today);
    let next =
        Verdict::ALL.into_iter().find(|verdict| Outcome::from(*verdict).strictness() > now.verdict.strictness())?;
    let mut search = Search::new(Around::new(pack, intake, today, true), stop);
    let (mut refused, target) = (0, Target::AtLeast(next));
    let facts = search.nearest(target, &|_| true, &mut refused);
    (!stop()).then_some(Counterfactual { target, changeable: None, by_choice: None, facts, refused })
}

pub(super) struct Search<'p, 's> {
    pub around: Around<'p>,
    asker: Asker,
    stop: &'s dyn Fn() -> bool,
}

impl<'p, 's> Search<'p, 's> {
    pub fn new(around: Around<'p>, stop: &'s dyn Fn() -> bool) -> Self {
        Self { around, asker: Asker::default(), stop }
    }

    /// `None` when it was stopped.
    fn counterfactual(&mut self, target: Target) -> Option<Counterfactual> {
        let mut refused = 0;
        let changeable = self.nearest(target, &|by| by != By::Fact, &mut refused);
        let chosen =
            |nearest: &Nearest| nearest.ways.iter().any(|way| way.changes.iter().all(|change| change.by == By::Choice));
        let by_choice = match &changeable {
            Some(nearest) if nearest.fewest > 0 && !chosen(nearest) => {
                self.nearest(target, &|by| by == By::Choice, &mut refused)
            }
            _ => None,
        };
        let facts = match changeable {
            None => self.nearest(target, &|_| true, &mut refused),
            Some(_) => None,
        };
        (!(self.stop)()).then_some(Counterfactual { target, changeable, by_choice, facts, refused })
    }

    /// The fewest changes of these kinds. Open questions are answered for nothing.
    pub fn nearest(&mut self, target: Target, allowed: &dyn Fn(By) -> bool, refused: &mut usize) -> Option<Nearest> {
        let around = &mut self.around;
        let mut costs = Vec::new();
        let mut wires = target.wires(around);
        for (unit, choice) in around.units.iter().zip(&around.choices) {
            let may = |by: By| unit.free || allowed(by);
            let forbidden = unit.alternatives.iter().zip(&choice.alternatives[1..]).filter(|((_, by), _)| !may(*by));
            wires.extend(forbidden.map(|(_, lit)| !*lit));
            if !unit.free && unit.alternatives.iter().any(|(_, by)| may(*by)) {
                costs.push(!choice.alternatives[0]);
            }
        }
        let counts = around.circuit.counts(&costs, costs.len());
        let mut ways: Vec<Possible> = Vec::new();
        let mut fewest = 0;
        loop {
            if (self.stop)() {
                return None;
            }
            let bound = counts.get(fewest).map(|more| !*more);
            let asked: Vec<Lit> = wires.iter().copied().chain(bound).collect();
            match self.asker.ask(&self.around.circuit, &asked) {
                Err(blamed) => {
                    if !ways.is_empty() {
                        break;
                    }
                    // Without the bound it is impossible as well.
                    if bound.is_none_or(|bound| !blamed.contains(&bound)) {
                        return None;
                    }
                    fewest += 1;
                }
                Ok(values) => {
                    let picked = self.picked(&values);
                    let found = self.try_out(target, &picked, allowed);
                    let changed = |(unit, _): &&(usize, usize)| !self.around.units[*unit].free;
                    let block: Vec<Lit> = match found.is_empty() {
                        // Exactly this one is not confirmed; another value may be.
                        true => picked.iter().map(|(u, k)| self.around.choices[*u].alternatives[*k]).collect(),
                        false => {
                            let of = picked.iter().filter(changed);
                            of.map(|(u, _)| !self.around.choices[*u].alternatives[0]).collect()
                        }
                    };
                    if found.is_empty() {
                        *refused += 1;
                        if *refused > MOST_REFUSED {
                            break;
                        }
                    }
                    ways.extend(found);
                    if fewest == 0 && !ways.is_empty() || ways.len() >= MOST_SETS {
                        break;
                    }
                    wires.push(!self.around.circuit.all(block));
                }
            }
        }
        ways.sort_by_key(|way| (way.changes.iter().map(|change| change.by).max(), way.verdict.strictness()));
        (!ways.is_empty()).then_some(Nearest { fewest, ways })
    }

    /// What is not as it is: unit and alternative, from 1.
    fn picked(&self, values: &[bool]) -> Vec<(usize, usize)> {
        let choice =
            |choice: &crate::proof::circuit::OneOf| choice.alternatives.iter().position(|lit| on(values, *lit));
        self.around
            .choices
            .iter()
            .enumerate()
            .filter_map(|(n, one)| Some((n, choice(one)?)))
            .filter(|(_, k)| *k > 0)
            .collect()
    }

    fn edit(&self, (unit, k): (usize, usize)) -> &(Edit, By) {
        &self.around.units[unit].alternatives[k - 1]
    }

    fn assessed(&self, picked: &[(usize, usize)]) -> (Intake, Date, Assessment) {
        let edits: Vec<&Edit> = picked.iter().map(|one| &self.edit(*one).0).collect();
        let (intake, day) = apply(self.around.pack, self.around.intake, self.around.today, &edits);
        let assessment = assess(self.around.pack, &intake, day);
        (intake, day, assessment)
    }

    /// The changes as the assessment confirms them; where there is one, all its values that lead there, by verdict.
    fn try_out(&self, target: Target, picked: &[(usize, usize)], allowed: &dyn Fn(By) -> bool) -> Vec<Possible> {
        let met = |picked: &[(usize, usize)]| target.met(&self.assessed(picked).2);
        if !met(picked) {
            return Vec::new();
        }
        let units = &self.around.units;
        // An open question that need not be answered is not.
        let mut kept: Vec<(usize, usize)> = picked.to_vec();
        for one in picked.iter().filter(|(unit, _)| units[*unit].free) {
            let without: Vec<(usize, usize)> = kept.iter().copied().filter(|other| other != one).collect();
            if met(&without) {
                kept = without;
            }
        }
        // One that has to be is answered as well as it can be.
        for n in 0..kept.len() {
            let unit = &units[kept[n].0];
            if !unit.free || unit.alternatives.len() > MOST_TRIED {
                continue;
            }
            let best = (1..=unit.alternatives.len()).min_by_key(|k| {
                let mut other = kept.clone();
                other[n].1 = *k;
                let after = self.assessed(&other).2;
                (!target.met(&after), after.verdict.strictness())
            });
            kept[n].1 = best.unwrap_or(kept[n].1);
        }
        // As early, and as near, as the others allow.
        for n in 0..kept.len() {
            let unit = &units[kept[n].0];
            if unit.free || !self.first_only(unit.about) {
                continue;
            }
            for k in 1..kept[n].1 {
                let mut nearer = kept.clone();
                nearer[n].1 = k;
                if allowed(unit.alternatives[k - 1].1) && met(&nearer) {
                    kept = nearer;
                    break;
                }
            }
        }
        let changed: Vec<(usize, usize)> = kept.iter().copied().filter(|(unit, _)| !units[*unit].free).collect();
        let [(unit, _)] = changed.as_slice() else { return vec![self.possible(&kept, &[])] };
        if self.first_only(units[*unit].about) {
            return vec![self.possible(&kept, &[])];
        }
        let mut by_verdict: Vec<(Outcome, Vec<usize>)> = Vec::new();
        for (n, (_, by)) in units[*unit].alternatives.iter().enumerate().filter(|(_, (_, by))| allowed(*by)) {
            let other: Vec<(usize, usize)> =
                kept.iter().map(|one| if one.0 == *unit { (*unit, n + 1) } else { *one }).collect();
            let _ = by;
            let after = self.assessed(&other).2;
            if target.met(&after) {
                match by_verdict.iter_mut().find(|(verdict, _)| *verdict == after.verdict) {
                    Some((_, same)) => same.push(n + 1),
                    None => by_verdict.push((after.verdict, vec![n + 1])),
                }
            }
        }
        by_verdict
            .into_iter()
            .map(|(_, same)| {
                let first = kept.iter().map(|one| if one.0 == *unit { (*unit, same[0]) } else { *one });
                self.possible(&first.collect::<Vec<_>>(), &same[1..])
            })
            .collect()
    }

    /// Days and numbers: the nearest one says it all.
    fn first_only(&self, about: About) -> bool {
        let pack = self.around.pack;
        match about {
            About::Day | About::Body => true,
            About::Question(ix) => matches!(pack.questions[ix].kind, QuestionKind::Number(_)),
            About::Qualifier(_, _, ix) => matches!(pack.qualifiers[ix].kind, crate::pack::QualifierKind::Number(_)),
            About::Entry(..) | About::Also(_) | About::Goal(_) => false,
        }
    }

    /// `others`: further values of the only change that lead to the same verdict.
    fn possible(&self, picked: &[(usize, usize)], others: &[usize]) -> Possible {
        let (pack, intake) = (self.around.pack, self.around.intake);
        let (after, day, assessment) = self.assessed(picked);
        let mut changes = Vec::new();
        let mut open = Vec::new();
        for one in picked {
            let (edit, by) = self.edit(*one);
            let unit = &self.around.units[one.0];
            if unit.free {
                open.extend(open_answer(pack, edit));
                continue;
            }
            let mut edits = vec![edit];
            edits.extend(others.iter().map(|k| &self.edit((one.0, *k)).0));
            let what = said(pack, intake, self.around.today, *by, &edits);
            let question = match unit.about {
                About::Question(ix) | About::Entry(ix, _) | About::Qualifier(ix, _, _) | About::Also(ix) => Some(ix),
                About::Body => Some(pack.roles.weight),
                About::Goal(_) => Some(pack.roles.goals),
                About::Day => None,
            };
            let question = question.map(|ix| pack.questions[ix].id.clone()).unwrap_or_default();
            changes.push(Changed { what, question, by: *by });
        }
        changes.sort_by_key(|change| change.by);
        let from = (day != self.around.today).then_some(day);
        Possible { changes, open, verdict: assessment.verdict, from, intake: after }
    }
}
