//! The assessment on wires: which rules fire, what is left, the verdict, and what a plan may hold.

use super::circuit::{Circuit, Lit};
use super::conditions::{Reader, settle};
use super::exclusions::Exclusions;
use super::model::Model;
use super::rails::Rails;
use super::recipes::Recipes;
use super::space::Space;
use super::view::{State, Value, View};
use crate::pack::{Area, Condition, Goal, Ix, Pack, QuestionIx, Recipe, Rule, Scope, Verdict};
use crate::plan::Outcome as Word;

/// Everything that is decided about an intake.
#[derive(Debug)]
pub struct Outcome {
    /// How each rule stands.
    pub(super) rules: Vec<Rails>,
    /// Whether each fires.
    pub(super) fires: Vec<Lit>,
    /// Whether each is listed as a finding.
    pub(super) listed: Vec<Lit>,
    /// What they take out.
    pub(super) excluded: Exclusions,
    /// The recipes under these exclusions.
    pub(super) recipes: Recipes,
    /// Goals in areas that are wanted and left.
    pub(super) left: Vec<Wanted>,
    /// Something wanted is left and has a recipe: what concerns other goals alone does not decide.
    pub(super) goes_on: Lit,
    /// For each rule: it rests on something not known that counted as unfavourable.
    assumed: Vec<Lit>,
    /// For each rule: where it waits for an answer.
    waits: Vec<Waits>,
    /// The program's own finding "no recommended injectable".
    pub(super) nothing_recommended: Lit,
    /// The strictest finding is at least this, in the order of [`Verdict::ALL`].
    pub(super) at_least: Vec<Lit>,
    /// The same by what is so about the patient and the place alone, without the caution about a product that would be given
    /// and has no licence: that goes with the product.
    pub(super) at_least_without_products: Vec<Lit>,
    /// Some question has to be answered first.
    pub(super) missing: Lit,
    /// The verdict.
    pub(super) verdicts: Vec<(Word, Lit)>,
    /// There is a plan.
    pub(super) plan: Lit,
}

/// A goal in an area.
#[derive(Debug)]
pub struct Wanted {
    pub(super) goal: Ix<Goal>,
    pub(super) area: Ix<Area>,
    /// Wanted, and not taken out.
    pub(super) left: Lit,
    /// Wanted, not taken out, and some recipe is possible.
    pub(super) served: Lit,
    /// The recipes for it, and where each is taken if there is a plan.
    pub(super) taken: Vec<(Ix<Recipe>, Lit)>,
}

impl Outcome {
    /// What follows from the intakes of a view, which is settled here.
    #[must_use]
    pub fn of(pack: &Pack, space: &Space, raw: &View, c: &mut Circuit) -> (Self, View) {
        let view = settle(pack, space, raw, c);
        let reader = Reader::new(pack, space, &view);
        let stand = |c: &mut Circuit, rule: &Rule| Standing::of(c, &reader, rule);
        let rules: Vec<Standing> = pack.rules.iter().map(|rule| stand(c, rule)).collect();
        (Self::from(c, &reader, rules), view)
    }

    /// The same for a changed view: rules that read nothing that changed stand as they did.
    #[must_use]
    pub(super) fn changed(m: &mut Model<'_>, raw: &View) -> (Self, View) {
        Self::beside((&m.outcome, &m.view), m.pack, &m.space, raw, &mut m.circuit)
    }

    /// The same beside an outcome and the settled view that it follows from.
    #[must_use]
    pub(super) fn beside(
        (outcome, before): (&Self, &View),
        pack: &Pack,
        space: &Space,
        raw: &View,
        c: &mut Circuit,
    ) -> (Self, View) {
        let view = settle(pack, space, raw, c);
        let reader = Reader::new(pack, space, &view);
        let differs: Vec<bool> = view.states.iter().zip(&before.states).map(|(new, old)| new != old).collect();
        let goals = differs[pack.roles.goals.get()];
        let concerned = |condition: &Condition| {
            let mut found = false;
            condition.visit(&mut |part| {
                found |= match part {
                    Condition::Choice { question, .. } | Condition::Number { question, .. } => differs[question.get()],
                    // A site may name an area, which is here or elsewhere by the goals.
                    Condition::Listed { question, .. } => differs[question.get()] || goals,
                    Condition::Goal { .. } => goals,
                    _ => false,
                };
            });
            found
        };
        let rules: Vec<Standing> = pack
            .rules
            .entries()
            .map(
                |(ix, rule)| {
                    if concerned(&rule.when) { Standing::of(c, &reader, rule) } else { outcome.standing(ix.get()) }
                },
            )
            .collect();
        (Self::from(c, &reader, rules), view)
    }

    fn standing(&self, n: usize) -> Standing {
        Standing { rails: self.rules[n], assumed: self.assumed[n], waits: self.waits[n] }
    }

    fn from(c: &mut Circuit, reader: &Reader<'_>, standings: Vec<Standing>) -> Self {
        let pack = reader.pack;
        let rules: Vec<Rails> = standings.iter().map(|standing| standing.rails).collect();
        let assumed = standings.iter().map(|standing| standing.assumed).collect();
        let waits = standings.into_iter().map(|standing| standing.waits).collect();
        let fires: Vec<Lit> = rules.iter().map(|rails| rails.maybe).collect();
        let listed: Vec<Lit> = pack
            .rules
            .iter()
            .zip(&fires)
            .map(|(rule, fires)| {
                if rule.quiet {
                    let asked = asked_for(c, reader, rule);
                    c.and(*fires, asked)
                } else {
                    *fires
                }
            })
            .collect();
        let today = reader.space.today;
        let excluded = Exclusions::of(c, reader, &fires, |_| true);
        let single: Vec<Lit> = pack
            .rules
            .iter()
            .zip(&fires)
            .filter(|(rule, _)| rule.modifies.single_product && !rule.ruling_on(today).off)
            .map(|(_, f)| *f)
            .collect();
        let single = c.any(single);
        let mut recipes = Recipes::of(c, reader, &excluded, single, &fires);
        let left = wanted(c, reader, &excluded, &mut recipes);
        let goes_on = c.any(left.iter().map(|w| w.served).collect::<Vec<_>>());
        let nothing_recommended = nothing_recommended(c, reader, &fires, &listed, single, goes_on);
        let mut outcome = Self {
            at_least: Vec::new(),
            at_least_without_products: Vec::new(),
            missing: Lit::FALSE,
            verdicts: Vec::new(),
            plan: Lit::FALSE,
            rules,
            fires,
            listed,
            excluded,
            recipes,
            left,
            goes_on,
            assumed,
            waits,
            nothing_recommended,
        };
        outcome.strictness(c, reader);
        outcome.verdict(c, reader);
        let proposed = [Word::Proceed, Word::Caution, Word::Clearance, Word::Defer];
        let with_plan: Vec<Lit> =
            outcome.verdicts.iter().filter(|(word, _)| proposed.contains(word)).map(|(_, lit)| *lit).collect();
        outcome.plan = c.any(with_plan);
        outcome
    }

    fn strictness(&mut self, c: &mut Circuit, reader: &Reader<'_>) {
        let ((held_back, asked_for), today) = (free_text(reader), reader.space.today);
        let unlicensed = self.gives_unlicensed(c);
        let rules = || reader.pack.rules.iter().zip(&self.listed);
        // Strictest first: each verdict is the next stricter one, or one of its own rules.
        let mut at_least = vec![Lit::TRUE; Verdict::ALL.len()];
        let mut stricter = self.nothing_recommended;
        for (n, verdict) in Verdict::ALL.into_iter().enumerate().skip(1).rev() {
            let mut by: Vec<Lit> = rules()
                .filter(|(rule, _)| rule.ruling_on(today).verdict == verdict)
                .map(|(rule, listed)| match rule.scope {
                    Scope::Goal if verdict > Verdict::Caution => c.and(*listed, !self.goes_on),
                    _ => *listed,
                })
                .collect();
            if verdict == Verdict::Caution {
                // What concerns other goals alone is told as a caution.
                let told = rules().filter(|(rule, _)| rule.scope == Scope::Goal);
                by.extend(told.filter(|(rule, _)| rule.ruling_on(today).verdict > verdict).map(|(_, listed)| *listed));
                by.extend(asked_for.iter().chain(&reader.view.differs));
            }
            if verdict == Verdict::Clearance {
                by.extend(&held_back);
            }
            let own = c.any_of_many(&by);
            stricter = c.or(stricter, own);
            at_least[n] = stricter;
        }
        self.at_least_without_products.clone_from(&at_least);
        let caution = Verdict::Caution as usize;
        at_least[caution] = c.or(at_least[caution], unlicensed);
        self.at_least = at_least;
    }

    /// Where something would be given that has no licence there, or nobody has looked up.
    fn gives_unlicensed(&self, c: &mut Circuit) -> Lit {
        let given = self.left.iter().flat_map(|w| &w.taken);
        let lacking: Vec<Lit> =
            given.map(|(recipe, taken)| c.and(*taken, self.recipes.fillings[recipe.get()].lacks_licence)).collect();
        c.any(lacking)
    }

    fn verdict(&mut self, c: &mut Circuit, reader: &Reader<'_>) {
        let (pack, today) = (reader.pack, reader.space.today);
        let missing = Missing::of(c, reader, self);
        let certain: Vec<Lit> = pack
            .rules
            .iter()
            .zip(self.listed.iter().zip(&self.assumed))
            .filter(|(rule, _)| rule.ruling_on(today).verdict == Verdict::Decline)
            .map(|(rule, (listed, assumed))| {
                let reaches = if rule.scope == Scope::Goal { !self.goes_on } else { Lit::TRUE };
                c.all([*listed, reaches, !*assumed])
            })
            .collect();
        let certain = c.any_of_many(&certain);
        self.missing = missing.any;
        let refused = c.and(certain, !missing.of_everybody);
        let open = c.and(missing.any, !refused);
        let mut verdicts = vec![(Word::Incomplete, open)];
        for (n, verdict) in Verdict::ALL.into_iter().enumerate() {
            let stricter = self.at_least.get(n + 1).copied().unwrap_or(Lit::FALSE);
            verdicts.push((verdict.into(), c.all([!open, self.at_least[n], !stricter])));
        }
        self.verdicts = verdicts;
    }

    /// Where the verdict is this one.
    #[must_use]
    pub fn is(&self, word: Word) -> Lit {
        self.verdicts.iter().find(|(other, _)| *other == word).map_or(Lit::FALSE, |(_, lit)| *lit)
    }

    /// The verdict under given wires.
    #[must_use]
    pub fn read(&self, on: impl Fn(Lit) -> bool) -> Option<Word> {
        self.verdicts.iter().find(|(_, lit)| on(*lit)).map(|(word, _)| *word)
    }

    /// Whether each ingredient is excluded, in the order of the pack; then goals, then techniques.
    #[must_use]
    pub fn exclusions(&self) -> (&[Lit], &[Lit], &[Lit]) {
        (&self.excluded.ingredients, &self.excluded.goals, &self.excluded.techniques)
    }

    /// Whether there is a plan.
    #[must_use]
    pub fn has_plan(&self) -> Lit {
        self.plan
    }

    /// For each goal in an area: the recipes for it, and where each is in the plan if there is one.
    pub fn taken(&self) -> impl Iterator<Item = (Ix<Goal>, Ix<Area>, Ix<Recipe>, Lit)> {
        self.left.iter().flat_map(|w| w.taken.iter().map(|(recipe, lit)| (w.goal, w.area, *recipe, *lit)))
    }
}

/// How one rule stands.
struct Standing {
    rails: Rails,
    assumed: Lit,
    waits: Waits,
}

/// Where something waits for an answer.
#[derive(Clone, Copy, Debug)]
struct Waits {
    any: Lit,
    /// For one to a question that everybody is asked.
    of_everybody: Lit,
}

impl Standing {
    fn of(c: &mut Circuit, reader: &Reader<'_>, rule: &Rule) -> Self {
        let rails = reader.read(c, &rule.when);
        let pending = rails.is_pending(c);
        let (mut any, mut of_everybody) = (Vec::new(), Vec::new());
        pending_leaves(c, reader, &rule.when, pending, &mut |question, lit| {
            any.push(lit);
            if reader.pack.questions[question].required {
                of_everybody.push(lit);
            }
        });
        let waits = Waits { any: c.any(any), of_everybody: c.any(of_everybody) };
        // Only a refusal is asked whether it is certain.
        let assumed = match rule.ruling_on(reader.space.today).verdict {
            Verdict::Decline => assumed(c, reader, &rule.when),
            _ => Lit::TRUE,
        };
        Self { rails, assumed, waits }
    }
}

/// Whether somebody asked for something that a standing exclusion concerns.
fn asked_for(c: &mut Circuit, reader: &Reader<'_>, rule: &Rule) -> Lit {
    let mut asked = Vec::new();
    reader.each_entry(reader.pack.roles.requested, &rule.exclude.ingredients, |_, lit| asked.push(lit));
    c.any(asked)
}

/// Goals in areas, without those that are taken out or make no sense.
fn wanted(c: &mut Circuit, reader: &Reader<'_>, excluded: &Exclusions, recipes: &mut Recipes) -> Vec<Wanted> {
    let pack = reader.pack;
    let (_, places) = reader.view.goals(pack.roles.goals);
    let mut all = Vec::new();
    for ((goal, row), places) in pack.goals.entries().zip(places) {
        for area in row.areas.iter() {
            let left = c.all([places[area.get()], !excluded.goals[goal.get()], !excluded.areas[area.get()]]);
            let possible = recipes.any(c, pack, goal, area);
            let served = c.and(left, possible);
            let taken =
                recipes.best(c, pack, goal, area).into_iter().map(|(ix, best)| (ix, c.and(left, best))).collect();
            all.push(Wanted { goal, area, left, served, taken });
        }
    }
    all
}

/// The finding of the program that no goal, area or recipe is left, even when every clearance has come and every wait is
/// over, though no refusal says why.
fn nothing_recommended(
    c: &mut Circuit,
    reader: &Reader<'_>,
    fires: &[Lit],
    listed: &[Lit],
    single: Lit,
    goes_on: Lit,
) -> Lit {
    let (pack, today) = (reader.pack, reader.space.today);
    let verdict = |rule: &Rule| rule.ruling_on(today).verdict.min(rule.first_verdict);
    let lasting = Exclusions::but_goals(
        c,
        reader,
        fires,
        |rule| verdict(rule) < Verdict::Defer,
        |rule| verdict(rule) == Verdict::Clearance && rule.scope == Scope::Goal && rule.overridable(),
    );
    let mut recipes = Recipes::of(c, reader, &lasting, single, fires);
    let served: Vec<Lit> = wanted(c, reader, &lasting, &mut recipes).iter().map(|w| w.served).collect();
    let (_, places) = reader.view.goals(pack.roles.goals);
    let wished = c.any(places.iter().flatten().copied().collect::<Vec<_>>());
    let refused: Vec<Lit> = pack
        .rules
        .iter()
        .zip(listed)
        .filter(|(rule, _)| rule.ruling_on(today).verdict == Verdict::Decline)
        .map(|(_, listed)| *listed)
        .collect();
    let refused = c.any_of_many(&refused);
    let some_day = c.any(served);
    c.all([wished, !goes_on, !some_day, !refused])
}

/// Words without a code and lists that nobody knows, which hold the plan back, and what is asked for in words.
fn free_text(reader: &Reader<'_>) -> (Vec<Lit>, Vec<Lit>) {
    let roles = &reader.pack.roles;
    let words = |questions: &[QuestionIx]| -> Vec<Lit> {
        questions.iter().filter_map(|ix| reader.view.items(*ix).map(|items| items.free_text)).collect()
    };
    let held = [roles.conditions, roles.medications, roles.events, roles.allergies, roles.provenance];
    let unknown = held.iter().map(|question| reader.view.of(*question).unknown);
    (words(&held).into_iter().chain(unknown).collect(), words(&[roles.requested]))
}

/// Where a rule rests on something not known that counted as unfavourable.
fn assumed(c: &mut Circuit, reader: &Reader<'_>, when: &Condition) -> Lit {
    let mut by = Vec::new();
    when.visit(&mut |part| match part {
        Condition::Choice { .. } | Condition::Number { .. } => {
            let rails = reader.read(c, part);
            by.push(rails.is_maybe(c));
        }
        Condition::Listed { question, items, with, .. } => {
            by.push(reader.view.of(*question).unknown);
            reader.each_entry(*question, items, |combo, lit| {
                let passes = reader.entry(c, combo, with).is_maybe(c);
                by.push(c.and(lit, passes));
            });
        }
        // Goals that are not known name nothing that was assumed.
        _ => {}
    });
    c.any(by)
}

/// Questions that have to be answered first.
struct Missing {
    any: Lit,
    /// One of them is asked of everybody.
    of_everybody: Lit,
}

impl Missing {
    fn of(c: &mut Circuit, reader: &Reader<'_>, outcome: &Outcome) -> Self {
        let pack = reader.pack;
        let mut any = Vec::new();
        let mut of_everybody = Vec::new();
        let mut note = |question: QuestionIx, lit: Lit| {
            any.push(lit);
            if pack.questions[question].required {
                of_everybody.push(lit);
            }
        };
        for (ix, question) in pack.questions.entries().filter(|(_, q)| q.required) {
            for input in inputs(pack, ix) {
                let open = open_inputs(c, reader, ix, input);
                let _ = question;
                note(input, open);
            }
        }
        let goals = pack.roles.goals;
        if let Value::Goals { known, goals: wished, areas } = &reader.view.of(goals).value {
            let none = !c.any(wished.iter().copied());
            let nowhere: Vec<Lit> = wished
                .iter()
                .zip(areas)
                .map(|(goal, places)| {
                    let somewhere = c.any(places.iter().copied());
                    c.and(*goal, !somewhere)
                })
                .collect();
            let nowhere = c.any(nowhere);
            let unclear = c.or(none, nowhere);
            note(goals, c.and(*known, unclear));
        }
        for (ix, recipe) in pack.recipes.entries() {
            let pending = reader.read(c, &recipe.requires).is_pending(c);
            let in_play: Vec<Lit> = outcome
                .left
                .iter()
                .filter(|w| w.taken.iter().any(|(recipe, _)| *recipe == ix))
                .map(|w| w.left)
                .collect();
            let in_play = c.any(in_play);
            let waits = c.and(pending, in_play);
            pending_leaves(c, reader, &recipe.requires, waits, &mut note);
        }
        let waits = needs_weight(c, reader, outcome);
        note(pack.roles.weight, waits);
        // The rules first: their blocks are the same in most outcomes.
        let mut join = |of: fn(&Waits) -> Lit, rest: &[Lit]| {
            let rules: Vec<Lit> = outcome.waits.iter().map(of).collect();
            let rules = c.any_of_many(&rules);
            let rest = c.any_of_many(rest);
            c.or(rules, rest)
        };
        Self { any: join(|waits| waits.any, &any), of_everybody: join(|waits| waits.of_everybody, &of_everybody) }
    }
}

/// Notes the questions of the pending parts of a condition that is pending.
fn pending_leaves(
    c: &mut Circuit,
    reader: &Reader<'_>,
    when: &Condition,
    pending: Lit,
    note: &mut impl FnMut(QuestionIx, Lit),
) {
    if pending == Lit::FALSE {
        return;
    }
    when.visit(&mut |part| {
        let question = match part {
            Condition::Choice { question, .. } | Condition::Number { question, .. } => *question,
            Condition::Listed { question, .. } => *question,
            Condition::Goal { .. } => reader.pack.roles.goals,
            _ => return,
        };
        let open = reader.read(c, part).is_pending(c);
        for input in inputs(reader.pack, question) {
            let askable = if input == question { Lit::TRUE } else { reader.view.of(input).not_asked };
            note(input, c.all([pending, open, askable]));
        }
    });
}

/// The questions to ask for a question.
fn inputs(pack: &Pack, question: QuestionIx) -> Vec<QuestionIx> {
    if question == pack.roles.bmi { vec![pack.roles.weight, pack.roles.height] } else { vec![question] }
}

/// Where a question of everybody was not asked.
fn open_inputs(c: &mut Circuit, reader: &Reader<'_>, question: QuestionIx, input: QuestionIx) -> Lit {
    let open = reader.view.of(question).not_asked;
    if input == question { open } else { c.and(open, reader.view.of(input).not_asked) }
}

/// A planned ingredient has a limit by body weight, and the weight is not known. (A cocktail whose volume the limits
/// take down to nothing still counts here: it waits for the weight rather than not.)
fn needs_weight(c: &mut Circuit, reader: &Reader<'_>, outcome: &Outcome) -> Lit {
    let pack = reader.pack;
    let mut concerned = Vec::new();
    let taken: Vec<(Ix<Recipe>, Lit)> = outcome.left.iter().flat_map(|w| w.taken.iter().copied()).collect();
    let in_plan: Vec<Lit> = pack
        .recipes
        .entries()
        .map(|(ix, _)| c.any(taken.iter().filter(|(recipe, _)| *recipe == ix).map(|(_, lit)| *lit).collect::<Vec<_>>()))
        .collect();
    for limit in pack.limits.iter().filter(|limit| limit.mg_per_kg.is_some()) {
        let here = in_force(c, reader, limit.jurisdictions);
        for (filling, planned) in outcome.recipes.fillings.iter().zip(&in_plan) {
            for (item, there) in filling.slots.iter().flatten() {
                if limit.ingredients.contains(*item) {
                    concerned.push(c.all([here, *planned, *there]));
                }
            }
        }
    }
    let concerned = c.any(concerned);
    c.and(concerned, !reader.view.of(pack.roles.weight).known())
}

/// Where a limit of some jurisdictions holds: there, and where the place is not known.
pub(super) fn in_force(c: &mut Circuit, reader: &Reader<'_>, jurisdictions: Option<u64>) -> Lit {
    let Some(bits) = jurisdictions else { return Lit::TRUE };
    let State { value: Value::Choice(places), .. } = reader.view.of(reader.pack.roles.jurisdiction) else {
        return Lit::TRUE;
    };
    let elsewhere = places.iter().enumerate().filter(|(n, _)| bits >> n & 1 == 0).map(|(_, lit)| *lit);
    !c.any(elsewhere.collect::<Vec<_>>())
}
