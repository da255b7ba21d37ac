//! Who a made patient is besides: age, sex, skin, build and wish, drawn by a seed, as long as nothing speaks against
//! treating them.

use jiff::civil::Date;

use super::super::seed::Seeded;
use crate::intake::{Answer, GoalEntry, Intake};
use crate::pack::{Amount, Goal, Identified, Ix, NumberKind, Pack, QuestionIx, QuestionKind};
use crate::plan::{Assessment, Outcome, assess};

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
}

impl Seen {
    pub fn of(assessment: &Assessment) -> Self {
        let mut findings: Vec<String> = assessment.findings.iter().map(|finding| finding.rule.clone()).collect();
        findings.sort();
        Self {
            verdict: assessment.verdict,
            findings,
            planned: assessment.plan.as_ref().is_some_and(|plan| !plan.cocktails.is_empty()),
            complete: assessment.missing.is_empty(),
        }
    }
}

/// A patient like the plain one, drawn by a seed.
pub(super) fn drawn(pack: &Pack, plain: &Intake, today: Date, draw: &mut Seeded) -> Intake {
    let mut intake = plain.clone();
    let seen = Seen::of(&assess(pack, plain, today));
    let mut attempt = |change: &dyn Fn(&mut Seeded, &mut Intake)| {
        for _ in 0..TRIES {
            let mut other = intake.clone();
            change(draw, &mut other);
            if Seen::of(&assess(pack, &other, today)) == seen {
                intake = other;
                return;
            }
        }
    };
    attempt(&|draw, intake| wish(pack, draw, intake));
    for id in ["patient.sex", "skin.fitzpatrick", "skin.glogau"] {
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
