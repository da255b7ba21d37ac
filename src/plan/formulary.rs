//! Everything the pack knows about one ingredient, whoever the patient is.

use super::entry::{Apart, Bound, Formulary, FormularyLine, KnownFor, Mixes, Named, StatusIn, Study, Touches};
use super::limit_words::limit_words;
use crate::pack::{Condition, Item, Ix, Jurisdiction, List, MixLevel, Pack, Rule, Status, Trial};
use crate::rules::sentence;

/// Everything known about one ingredient; `here` marks where we are.
#[must_use]
pub fn formulary(pack: &Pack, here: Option<Ix<Jurisdiction>>, ix: Ix<Item>) -> Formulary {
    let item = &pack.ingredients[ix];
    let detail = pack.ingredient(ix);
    let mut recipes = Vec::new();
    for recipe in pack.recipes.iter().filter(|r| r.slots.iter().any(|slot| slot.choices.contains(&ix))) {
        recipes.push(Named { id: recipe.id.clone(), label: recipe.label.clone() });
    }
    Formulary {
        id: item.id.clone(),
        label: item.label.clone(),
        synonyms: item.also.clone(),
        classes: item
            .groups
            .iter()
            .map(|group| Named { id: pack.groups[group].name.clone(), label: pack.groups[group].label.clone() })
            .collect(),
        offered: detail.offered,
        recipes,
        purpose: detail.purpose.clone(),
        concentration: detail.concentration.clone(),
        mg_per_ml_max: detail.mg_per_ml_max.map(|most| most.as_f64()),
        depth_mm: detail.depth_mm.map(|(from, to)| [from.as_f64(), to.as_f64()]),
        route: detail.route.clone(),
        components: detail
            .components
            .iter()
            .map(|i| Named { id: pack.ingredients[i].id.clone(), label: pack.ingredients[i].label.clone() })
            .collect(),
        contains: detail
            .contains
            .iter()
            .map(|a| Named { id: pack.allergens[a].id.clone(), label: pack.allergens[a].label.clone() })
            .collect(),
        caution: detail.caution.clone(),
        evidence: evidence(pack, ix),
        trials: trials(pack, ix),
        limits: limits(pack, ix),
        mixing: mixing(pack, ix),
        rules: rules(pack, ix),
        status: status(pack, here, ix),
        status_note: detail.status_note.clone(),
        status_sources: pack.citations(&detail.status_sources),
        sources: pack.citations(&detail.grounds.sources),
        basis: detail.grounds.basis,
        review: detail.grounds.review.clone(),
    }
}

/// All ingredients, by name.
#[must_use]
pub fn formulary_table(pack: &Pack, here: Option<Ix<Jurisdiction>>) -> Vec<FormularyLine> {
    let mut lines: Vec<FormularyLine> = pack
        .ingredients
        .entries()
        .map(|(ix, item)| {
            let status = here.and_then(|at| pack.status_in(ix, at));
            FormularyLine {
                id: item.id.clone(),
                label: item.label.clone(),
                best: evidence(pack, ix).into_iter().next(),
                status: status.map(Status::word),
                excluded: status.is_some_and(Status::excludes),
                offered: pack.ingredient(ix).offered,
            }
        })
        .collect();
    lines.sort_by_key(|line| line.label.to_lowercase());
    lines
}

/// Strongest grade first, otherwise as the pack has them.
fn evidence(pack: &Pack, ix: Ix<Item>) -> Vec<KnownFor> {
    let mut known: Vec<KnownFor> = pack
        .ingredient(ix)
        .evidence_for
        .iter()
        .map(|e| KnownFor {
            goal: pack.goals[e.goal].id.clone(),
            goal_label: pack.goals[e.goal].label.clone(),
            grade: e.grade,
            note: e.note.clone(),
            basis: e.basis,
            sources: pack.citations(&e.sources),
        })
        .collect();
    known.sort_by_key(|e| e.grade);
    known
}

fn trials(pack: &Pack, ix: Ix<Item>) -> Vec<Study> {
    let mut found: Vec<&Trial> = pack.trials.iter().filter(|trial| trial.is_about(ix)).collect();
    // What was found has no place in this order: a study without benefit is not put behind.
    found.sort_by(|a, b| {
        let key = |trial: &Trial| (trial.ingredients.is_empty(), trial.design, std::cmp::Reverse(trial.year));
        key(a).cmp(&key(b)).then_with(|| a.id.cmp(&b.id))
    });
    found
        .into_iter()
        .map(|trial| Study {
            id: trial.id.clone(),
            title: trial.title.clone(),
            year: trial.year,
            n: trial.n,
            population: trial.population.clone(),
            product: trial.product.clone(),
            goals: trial.goals.iter().map(|goal| pack.goals[goal].id.clone()).collect(),
            design: trial.design,
            comparator: trial.comparator.clone(),
            outcome: trial.outcome.clone(),
            result: trial.result,
            weakness: trial.weakness.clone(),
            of_every_injection: trial.ingredients.is_empty(),
            sources: pack.citations(&trial.grounds.sources),
            basis: trial.grounds.basis,
            evidence: trial.grounds.evidence,
            review: trial.grounds.review.clone(),
        })
        .collect()
}

fn limits(pack: &Pack, ix: Ix<Item>) -> Vec<Bound> {
    pack.limits
        .iter()
        .filter(|limit| limit.ingredients.contains(ix) && !limit.everything)
        .map(|limit| {
            let bits = limit.jurisdictions.unwrap_or(0);
            let at = pack.jurisdictions.entries().filter(|(at, _)| bits >> at.get() & 1 == 1);
            Bound {
                id: limit.id.clone(),
                text: limit_words(limit),
                jurisdictions: at.map(|(_, row)| row.code.clone()).collect(),
                sources: pack.citations(&limit.grounds.sources),
                basis: limit.grounds.basis,
                evidence: limit.grounds.evidence,
                review: limit.grounds.review.clone(),
            }
        })
        .collect()
}

fn mixing(pack: &Pack, ix: Ix<Item>) -> Mixes {
    let (mut blocked, mut warned, mut compatible) = (Vec::new(), Vec::new(), Vec::new());
    let mut alone = false;
    for rule in &pack.mixing {
        let mut others: Vec<Ix<Item>> = pack.ingredients.entries().map(|(other, _)| other).collect();
        others.retain(|other| rule.concerns(ix, *other));
        if others.is_empty() {
            continue;
        }
        // A rule for "alone" is about everything only on the side of what has to be alone.
        let with_everything = rule.b.is_none() && rule.a.contains(ix);
        alone |= with_everything && rule.level == MixLevel::Block;
        let name = |other: &Ix<Item>| {
            let item = &pack.ingredients[*other];
            Named { id: item.id.clone(), label: item.label.clone() }
        };
        let apart = Apart {
            id: rule.id.clone(),
            with: if with_everything { Vec::new() } else { others.iter().map(name).collect() },
            with_everything,
            why: rule.why.clone(),
            sources: pack.citations(&rule.grounds.sources),
            basis: rule.grounds.basis,
            evidence: rule.grounds.evidence,
            review: rule.grounds.review.clone(),
        };
        match rule.level {
            MixLevel::Block => blocked.push(apart),
            MixLevel::Warn => warned.push(apart),
            MixLevel::Compatible => compatible.push(apart),
        }
    }
    blocked.sort_by_key(|apart| !apart.with_everything);
    let rest = if alone {
        "It stays alone in its syringe."
    } else {
        "Its compatibility with anything else is unknown. Unknown is not the same as safe: separate syringes."
    };
    Mixes { blocked, warned, compatible, rest: rest.to_owned() }
}

/// Rules that take it out, then rules that ask something about it.
fn rules(pack: &Pack, ix: Ix<Item>) -> Vec<Touches> {
    let mut touching: Vec<Touches> = pack
        .rules
        .iter()
        .filter_map(|rule| {
            let excludes = rule.exclude.ingredients.contains(ix);
            (excludes || reads(rule, ix)).then(|| Touches {
                rule: rule.id.clone(),
                title: rule.title.clone(),
                verdict: rule.verdict,
                excludes,
                when: sentence(pack, &rule.when),
                absolute: rule.absolute,
            })
        })
        .collect();
    touching.sort_by_key(|row| (!row.excludes, std::cmp::Reverse(row.verdict)));
    touching
}

/// Whether the condition reads that somebody asks for this ingredient.
fn reads(rule: &Rule, ix: Ix<Item>) -> bool {
    let mut found = false;
    rule.when.visit(&mut |condition| {
        if let Condition::Listed { list: List::Ingredients, items, .. } = condition {
            found |= items.contains(ix);
        }
    });
    found
}

fn status(pack: &Pack, here: Option<Ix<Jurisdiction>>, ix: Ix<Item>) -> Vec<StatusIn> {
    pack.jurisdictions
        .entries()
        .map(|(at, row)| {
            let status = pack.status_in(ix, at);
            StatusIn {
                jurisdiction: row.code.clone(),
                label: row.label.clone(),
                status: status.map(Status::word),
                excluded: status.is_some_and(Status::excludes),
                here: here == Some(at),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::{Design, Grade, TrialResult, builtin};

    fn entry(id: &str) -> Formulary {
        let pack = builtin().unwrap();
        let here = pack.jurisdictions.find("FR");
        formulary(&pack, here, pack.ingredients.find(id).unwrap())
    }

    #[test]
    fn a_study_without_benefit_stands_where_its_design_puts_it() {
        let txa = entry("tranexamic-acid");
        let order: Vec<(Design, Option<i32>)> = txa.trials.iter().map(|trial| (trial.design, trial.year)).collect();
        let own = txa.trials.iter().filter(|trial| !trial.of_every_injection).count();
        assert!(
            order[..own].windows(2).all(|two| two[0].0 < two[1].0 || (two[0].0 == two[1].0 && two[0].1 >= two[1].1))
        );
        let results: Vec<TrialResult> = txa.trials.iter().map(|trial| trial.result).collect();
        assert!(results.contains(&TrialResult::Null) && results.contains(&TrialResult::Negative), "{results:?}");
    }

    #[test]
    fn the_classic_cellulite_mix_shows_its_null_trial_everywhere() {
        for id in ["aminophylline", "buflomedil", "lidocaine"] {
            assert!(entry(id).trials.iter().any(|t| t.id == "park-2008" && t.result == TrialResult::Null), "{id}");
        }
        let aminophylline = entry("aminophylline");
        assert!(aminophylline.mixing.blocked.iter().any(|apart| apart.with_everything));
        assert_eq!(aminophylline.mixing.rest, "It stays alone in its syringe.");
    }

    #[test]
    fn rules_status_and_limits_are_there_without_a_patient() {
        let txa = entry("tranexamic-acid");
        assert!(txa.rules.iter().any(|rule| rule.excludes && !rule.when.is_empty()));
        let caffeine = entry("caffeine");
        assert_eq!(caffeine.here().map(|status| status.jurisdiction.as_str()), Some("FR"));
        let lidocaine = entry("lidocaine");
        assert!(lidocaine.limits.iter().any(|limit| limit.text.contains("4.5 mg/kg")), "{:?}", lidocaine.limits);
    }

    #[test]
    fn the_table_has_every_ingredient_once_with_its_best_grade() {
        let pack = builtin().unwrap();
        let lines = formulary_table(&pack, pack.jurisdictions.find("US"));
        assert_eq!(lines.len(), pack.ingredients.len());
        let ha = lines.iter().find(|line| line.id == "hyaluronic-acid").unwrap();
        assert_eq!(ha.best.as_ref().map(|best| best.grade), Some(Grade::A));
        assert_eq!(ha.status, Some("unlicensed"));
    }
}
