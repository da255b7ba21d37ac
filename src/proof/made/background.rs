//! Who a made patient is besides: age, sex, skin, build and wish, drawn by a seed, as long as nothing speaks against
//! treating them.

use super::super::seed::Seeded;
use super::maker::Maker;
use crate::intake::{Answer, GoalEntry, Intake};
use crate::pack::{Amount, Goal, Identified, Ix, NumberKind, Pack, QuestionIx, QuestionKind};
use crate::plan::{Assessment, Outcome};

/// How often another draw is made before the patient stays as they are.
const TRIES: usize = 12;

/// What has to stay as it is while the background varies.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Seen {
    pub verdict: Outcome,
    /// The rules of all findings, sorted.
    pub findings: Vec<String>,
    /// Something is injected.
    pub planned: bool,
    /// Every question that has to be answered is.
    pub complete: bool,
    /// One would believe in them.
    pub plausible: bool,
}

impl Seen {
    pub fn of(assessment: &Assessment, plausible: bool) -> Self {
        let mut findings: Vec<String> = assessment.findings.iter().map(|finding| finding.rule.clone()).collect();
        findings.sort();
        Self {
            verdict: assessment.verdict,
            findings,
            planned: assessment.plan.as_ref().is_some_and(|plan| !plan.cocktails.is_empty()),
            complete: assessment.missing.is_empty(),
            plausible,
        }
    }
}

/// A patient like the plain one, drawn by a seed.
pub(super) fn drawn(maker: &Maker<'_>, plain: &Intake, draw: &mut Seeded) -> Intake {
    let pack = maker.pack();
    let mut intake = plain.clone();
    let seen = maker.seen(plain);
    let mut attempt = |change: &dyn Fn(&mut Seeded, &mut Intake)| {
        for _ in 0..TRIES {
            let mut other = intake.clone();
            change(draw, &mut other);
            if maker.seen(&other) == seen {
                intake = other;
                return;
            }
        }
    };
    attempt(&|draw, intake| wish(pack, draw, intake));
    // An area of goals may be nobody's but one sex's, so that the wish comes first; a third sex is drawn rarely.
    attempt(&|draw, intake| {
        let words = [("female", 14), ("male", 14), ("intersex", 1)];
        let mut n = draw.below(29);
        let sex = words.iter().find(|(_, weight)| {
            let here = n < *weight;
            n = n.saturating_sub(*weight);
            here
        });
        if let (Some((sex, _)), Some(_)) = (sex, pack.questions.get("patient.sex")) {
            intake.set("patient.sex", Answer::Choice((*sex).to_owned()));
        }
    });
    for id in ["skin.fitzpatrick", "skin.glogau"] {
        if let Some(question) = pack.questions.get(id) {
            attempt(&|draw, intake| {
                if let Some(option) = question.options().get(draw.below(question.options().len())) {
                    intake.set(id, Answer::Choice(option.id.clone()));
                }
            });
        }
    }
    attempt(&|draw, intake| number(pack, pack.roles.age, 23 + draw.below(44), intake));
    attempt(&|draw, intake| {
        let male = matches!(intake.get("patient.sex"), Some(Answer::Choice(sex)) if sex == "male");
        let cm = if male { 170 } else { 158 } + draw.below(17);
        // A body mass index of 20 to 26.
        let kg = (20 + draw.below(7)) * cm * cm / 10_000;
        number(pack, pack.roles.height, cm, intake);
        number(pack, pack.roles.weight, kg, intake);
    });
    intake
}

fn number(pack: &Pack, question: QuestionIx, n: usize, intake: &mut Intake) {
    let row = &pack.questions[question];
    let QuestionKind::Number(NumberKind { min, max, .. }) = &row.kind else { return };
    let n = Amount::whole(i32::try_from(n).unwrap_or(0)).clamp(*min, *max);
    intake.set(&row.id, Answer::Number(n));
}

/// One goal in one area.
fn wish(pack: &Pack, draw: &mut Seeded, intake: &mut Intake) {
    let goals: Vec<Ix<Goal>> =
        pack.goals.entries().filter(|(_, goal)| goal.no_injectable.is_none()).map(|(ix, _)| ix).collect();
    let Some(goal) = goals.get(draw.below(goals.len())).map(|ix| &pack.goals[*ix]) else { return };
    let areas: Vec<&str> = goal.areas.iter().map(|ix| pack.areas[ix].id()).collect();
    let Some(area) = areas.get(draw.below(areas.len())) else { return };
    let wish = GoalEntry { goal: goal.id.clone(), areas: vec![(*area).to_owned()] };
    intake.set(&pack.questions[pack.roles.goals].id, Answer::Goals(vec![wish]));
}
