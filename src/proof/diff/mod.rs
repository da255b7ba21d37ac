//! Two packs, or one pack and what a clinic makes of it: for whom does the outcome change?
//!
//! - `parts` lists what differs as it is written, by id.
//! - `names` leads from one pack to the other; the space is that of the intakes both can read.
//! - `twin` gives the old pack the same inputs, so that both outcomes stand in one circuit (`outcomes`).
//! - For every part that differs the solver looks for the smallest patients: looser, stricter, or otherwise. "Nobody" is a
//!   proof, and goes into a certificate as those of the properties do.

mod names;
mod outcomes;
mod parts;
mod twin;

use jiff::civil::Date;

pub use names::Names;
pub use parts::{Change, Part, Reach, Side as On, parts};

use super::certificate::Certificate;
use super::circuit::{Circuit, Lit};
use super::outcome::Outcome;
use super::prover::{Prover, Reply, evaluate, on};
use super::reading::{OldRule, Reading};
use super::report::{Work, differences};
use super::solver::Batsat;
use super::space::Space;
use super::witness::{intake_of, smallest};
use crate::intake::Intake;
use crate::pack::{Condition, Identified, Item, Ix, List, Pack, Verdict};
use crate::plan::{Assessment, assess};
use outcomes::{Compared, Side, compare, xor};

/// In which way an outcome changes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Direction {
    /// A milder verdict, or something is allowed that was not.
    Looser,
    /// A stricter verdict, or something is not allowed that was.
    Stricter,
    /// Both, or neither: another recipe, another filling, another question to be answered first.
    Other,
    /// Verdict, exclusions and recipe stay: doses or days may differ.
    Numbers,
}

impl Direction {
    /// For people and for the names of files.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Looser => "looser",
            Self::Stricter => "stricter",
            Self::Other => "otherwise",
            Self::Numbers => "numbers",
        }
    }
}

/// A smallest patient, under both packs.
#[derive(Clone, Debug)]
pub struct Example {
    /// How the outcome changes.
    pub direction: Direction,
    /// Whether the part that it is shown for is the only one that stands otherwise for this patient.
    pub alone: bool,
    /// The answers that are not as in the plainest intake.
    pub differs: Vec<String>,
    /// The intake for each pack; they differ where only one of them asks something.
    pub intakes: [Intake; 2],
    /// What each pack says.
    pub outcomes: [Assessment; 2],
    /// Whether the assessments say what the circuit says.
    pub replayed: Result<(), String>,
}

/// What came of one part that differs.
#[derive(Clone, Debug)]
pub struct Found {
    /// The part.
    pub part: Part,
    /// It stands otherwise only for what one of the packs cannot be told: new vocabulary.
    pub apart: bool,
    /// Patients whose outcome changes by it; none for parts that change words only, and where none exist.
    pub examples: Vec<Example>,
}

/// What came of a comparison.
#[derive(Clone, Debug)]
pub struct Diff {
    /// Vocabulary that only the old pack has, by kind.
    pub only_old: Vec<String>,
    /// Vocabulary that only the new pack has.
    pub only_new: Vec<String>,
    /// Every part that differs.
    pub found: Vec<Found>,
    /// Patients whose outcome changes though no rule or recipe that differs is why.
    pub rest: Vec<Example>,
    /// Whether somebody's verdict, exclusions or recipe changes; "no" is proved.
    pub changes: bool,
    /// The proof, where there is one.
    pub certificate: Certificate,
    /// Size and work.
    pub work: Work,
}

/// Compares two packs on a day, over all intakes that both can read.
#[must_use]
pub fn diff(old: &Pack, new: &Pack, today: Date) -> Diff {
    let names = Names { from: new, to: old };
    let mut search = Search::of(names, today);
    let parts = parts(old, new, today);
    let changed = search.compared.changed;
    let anybody = search.is_possible("anybody", &[changed]);
    let mut diff = Diff {
        only_old: names.back().missing(),
        only_new: names.missing(),
        found: Vec::new(),
        rest: Vec::new(),
        changes: anybody,
        certificate: Certificate::default(),
        work: Work::default(),
    };
    let touches: Vec<Option<Lit>> = parts.iter().map(|part| search.decides(part)).collect();
    for (n, part) in parts.into_iter().enumerate() {
        let others = touches.iter().enumerate().filter(|(other, _)| *other != n).filter_map(|(_, lit)| *lit);
        let others: Vec<Lit> = others.collect();
        let mut examples = Vec::new();
        if anybody && part.reach() == Reach::Decisions {
            // Where nothing says where it counts: where no rule and no recipe that differs does.
            let wires: Vec<Lit> = touches[n].into_iter().collect();
            let asked: Vec<Lit> = wires.iter().copied().chain([changed]).collect();
            if search.is_possible(&format!("{}:{}", part.kind, part.id), &asked) {
                examples = search.examples(&wires, &others);
            }
        }
        if examples.is_empty() && measures(&part) {
            let touch = search.measured(&part);
            examples.extend(search.example(Direction::Numbers, &[touch, !changed], true));
        }
        let apart = part.reach() == Reach::Decisions && touches[n] == Some(Lit::FALSE);
        diff.found.push(Found { part, apart, examples });
    }
    if anybody && !touches.contains(&None) {
        let none: Vec<Lit> = touches.iter().flatten().map(|lit| !*lit).collect();
        let outside = search.circuit.all(none);
        diff.rest = search.examples(&[outside], &[]);
    }
    diff.work = Work {
        nodes: search.circuit.nodes().len(),
        clauses: search.prover.certificate.axioms.len(),
        questions: search.asked,
        by_construction: search.prover.constant,
        recalled: search.prover.recalled,
        solved: search.prover.solved,
    };
    diff.certificate = search.prover.certificate;
    diff
}

fn measures(part: &Part) -> bool {
    part.reach() == Reach::Numbers || part.changes.iter().any(|change| change.reach == Reach::Numbers)
}

/// Both packs in one circuit.
struct Search<'p> {
    today: Date,
    circuit: Circuit,
    old: Side<'p>,
    new: Side<'p>,
    compared: Compared,
    prover: Prover<Batsat>,
    asked: usize,
}

impl<'p> Search<'p> {
    fn of(names: Names<'p>, today: Date) -> Self {
        let (old, new) = (names.to, names.from);
        let mut circuit = Circuit::default();
        let also = Also::of(names, today);
        let mut reading = Reading::of(new, &[], None);
        reading.shared = Some(names);
        reading.add(new, &also.rules, &also.rest, &also.requested);
        let space = Space::read_by(new, &mut circuit, &reading, today);
        let raw = space.view(new, &mut circuit);
        let (outcome, _) = Outcome::of(new, &space, &raw, &mut circuit);
        let (old_space, old_raw) = twin::twin(names, &space, &raw);
        let (old_outcome, _) = Outcome::of(old, &old_space, &old_raw, &mut circuit);
        let old = Side { pack: old, space: old_space, raw: old_raw, outcome: old_outcome };
        let new = Side { pack: new, space, raw, outcome };
        let compared = compare(&mut circuit, names, &old, &new);
        let prover = Prover::new(Batsat::default(), &format!("{}-{}", old.pack.hash, new.pack.hash), today);
        Self { today, circuit, old, new, compared, prover, asked: 0 }
    }

    fn is_possible(&mut self, name: &str, wires: &[Lit]) -> bool {
        self.asked += 1;
        let name = format!("diff:{name}");
        matches!(self.prover.ask(&self.circuit, Some(&name), wires), Reply::Possible(_))
    }

    /// Where a part stands otherwise in a way that can change a decision. `None`: nobody can say where, as for a question
    /// that is asked of others.
    fn decides(&mut self, part: &Part) -> Option<Lit> {
        if part.reach() != Reach::Decisions {
            return Some(Lit::FALSE);
        }
        match part.kind {
            "rule" => {
                let (was, is) = (self.old.stands(&part.id), self.new.stands(&part.id));
                let effect = part.changes.iter().any(|c| c.reach == Reach::Decisions && c.what != "condition");
                let c = &mut self.circuit;
                let mut by: Vec<Lit> = was.iter().zip(&is).map(|(was, is)| xor(c, *was, *is)).collect();
                if effect {
                    by.extend([was[0], is[0]]);
                }
                Some(c.any(by))
            }
            "recipe" => Some(self.compared.recipes.get(&part.id).map_or(Lit::FALSE, |row| row.differs)),
            _ => None,
        }
    }

    /// Where a part counts that changes doses or days.
    fn measured(&mut self, part: &Part) -> Lit {
        let mut by = Vec::new();
        for new in [false, true] {
            let side = if new { &self.new } else { &self.old };
            let (pack, c, compared) = (side.pack, &mut self.circuit, &self.compared);
            let planned =
                |id: &str| compared.recipes.get(id).map_or(Lit::FALSE, |row| if new { row.new } else { row.old });
            let of = |test: &dyn Fn(&crate::pack::Recipe) -> bool| -> Vec<Lit> {
                pack.recipes.iter().filter(|recipe| test(recipe)).map(|recipe| planned(&recipe.id)).collect()
            };
            match part.kind {
                "rule" => by.push(c.and(side.stands(&part.id)[1], side.outcome.plan)),
                "recipe" => by.push(planned(&part.id)),
                "limit" => {
                    if let Some(limit) = pack.limits.get(&part.id) {
                        by.push(side.holds(
                            c,
                            compared,
                            |item| limit.everything || limit.ingredients.contains(item),
                            new,
                        ));
                    }
                }
                "plan" => by.extend(of(&|recipe| pack.plans[recipe.plan].id() == part.id)),
                "technique" => by.extend(of(&|recipe| pack.techniques[recipe.technique].id() == part.id)),
                "ingredient" => {
                    let ix = pack.ingredients.find(&part.id);
                    by.push(side.holds(c, compared, |item| Some(item) == ix, new));
                }
                "area" => {
                    let there = side.outcome.left.iter().filter(|w| pack.areas[w.area].id() == part.id);
                    let there: Vec<Lit> = there.map(|w| w.served).collect();
                    let there = c.any(there);
                    by.push(c.and(there, side.outcome.plan));
                }
                _ => {}
            }
        }
        self.circuit.any(by)
    }

    /// The smallest patients with these wires on whose outcome changes, one for each direction.
    fn examples(&mut self, wires: &[Lit], others: &[Lit]) -> Vec<Example> {
        let Compared { changed, complete, looser, stricter, .. } = self.compared;
        let planned = self.circuit.or(self.old.outcome.plan, self.new.outcome.plan);
        let ways: [(Direction, Vec<Lit>); 4] = [
            (Direction::Looser, vec![looser, !stricter]),
            (Direction::Stricter, vec![stricter, !looser]),
            (Direction::Other, vec![complete, changed, !looser, !stricter]),
            (Direction::Other, vec![looser, stricter]),
        ];
        // Only where nothing else changes: what has to be asked first.
        let open = [(Direction::Other, vec![changed, !looser, !stricter])];
        let mut found: Vec<Example> = Vec::new();
        // Somebody for whom no other part counts says most, and somebody who is treated.
        for (alone, ways) in [(true, &ways[..]), (true, &open[..]), (false, &ways[..]), (false, &open[..])] {
            if !found.is_empty() {
                break;
            }
            let apart = others.iter().filter(|_| alone).map(|other| !*other);
            let with: Vec<Lit> = wires.iter().copied().chain(apart).collect();
            for (direction, way) in ways {
                if found.iter().any(|example| example.direction == *direction) {
                    continue;
                }
                let asked: Vec<Lit> = with.iter().chain(way).copied().collect();
                let treated: Vec<Lit> = asked.iter().copied().chain([planned]).collect();
                let example = self.example(*direction, &treated, alone);
                let example = if example.is_some() { example } else { self.example(*direction, &asked, alone) };
                found.extend(example);
            }
        }
        found
    }

    fn example(&mut self, direction: Direction, wires: &[Lit], alone: bool) -> Option<Example> {
        self.asked += 1;
        let Reply::Possible(first) = self.prover.ask(&self.circuit, None, wires) else { return None };
        let found = smallest(&mut self.circuit, &self.new.space, &mut self.prover, wires);
        let values = found.map_or(first, |(values, _)| values);
        let of = |side: &Side<'_>, values: &[bool]| intake_of(side.pack, &side.space, &side.raw, values);
        let intakes = [of(&self.old, &values), of(&self.new, &values)];
        let plain = evaluate(&self.circuit, &vec![false; self.circuit.nodes().len()]);
        let differs = differences(&of(&self.new, &plain), &intakes[1]);
        let outcomes = [assess(self.old.pack, &intakes[0], self.today), assess(self.new.pack, &intakes[1], self.today)];
        let replayed = self.agrees(&outcomes, &values);
        Some(Example { direction, alone, differs, intakes, outcomes, replayed })
    }

    fn agrees(&self, outcomes: &[Assessment; 2], values: &[bool]) -> Result<(), String> {
        for (side, said) in [&self.old, &self.new].into_iter().zip(outcomes) {
            let word = side.outcome.read(|lit| on(values, lit)).map_or("nothing", |word| word.word());
            if word != said.verdict.word() {
                return Err(format!("the assessment says {}, the circuit {word}", said.verdict.word()));
            }
            let excluded = |id: &str| said.excluded.iter().any(|e| e.kind == "ingredient" && e.id == id);
            for (ix, row) in side.pack.ingredients.entries() {
                if on(values, side.outcome.excluded.ingredients[ix.get()]) != excluded(row.id()) {
                    return Err(format!("the assessment and the circuit differ about {}", row.id()));
                }
            }
        }
        Ok(())
    }
}

/// What the old pack reads, in the positions of the new one.
struct Also {
    rules: Vec<OldRule>,
    rest: Vec<Condition>,
    requested: Vec<Ix<Item>>,
}

impl Also {
    fn of(names: Names<'_>, today: Date) -> Self {
        let (old, back) = (names.to, names.back());
        let rules = old.rules.iter().map(|rule| OldRule {
            when: back.reading(&rule.when),
            holds_back: rule.ruling_on(today).verdict > Verdict::Proceed,
            sited: rule.exclude.site,
        });
        let rest = old.recipes.iter().map(|recipe| &recipe.requires);
        let rest = rest.chain(old.questions.iter().filter_map(|question| question.ask_when.as_ref()));
        let quiet = old.rules.iter().filter(|rule| rule.quiet).flat_map(|rule| rule.exclude.ingredients.iter());
        Self {
            rules: rules.collect(),
            rest: names.ends().into_iter().chain(rest.map(|when| back.reading(when))).collect(),
            requested: quiet.filter_map(|ix| back.item(List::Ingredients, ix)).collect(),
        }
    }
}
