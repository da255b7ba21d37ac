//! Which patient `pistor train play` brings, by mode.

use std::sync::Arc;

use clap::ValueEnum;

use super::failure::Failure;
use super::train::School;
use super::train_play::PlayArgs;
use crate::source::did_you_mean;
use crate::training::{Case, Mode, fresh_seed, next_cases, paper, topics};

/// The modes by their words.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ModeName {
    /// For learning: hints that cost
    Practice,
    /// Timed, no hints, nothing revealed: needs --seal
    Exam,
    /// What is due
    Review,
    /// One mixed case for each topic; who passes is taken to know its rules
    FastTrack,
}

/// A patient, in a mode.
pub(super) struct Picked {
    pub case: Arc<Case>,
    pub seed: u64,
    pub mode: Mode,
    /// Why this one, where that is no secret.
    pub why: Option<String>,
    /// The paper and the station.
    pub station: Option<(u64, usize)>,
}

/// The patient for these options; none when there is nothing to review.
pub(super) fn pick(school: &School, args: &PlayArgs) -> Result<Option<Picked>, Failure> {
    let mode = match args.mode {
        _ if args.exam || args.paper.is_some() => Mode::Exam,
        _ if args.topic.is_some() => Mode::FastTrack,
        ModeName::Practice => Mode::Practice,
        ModeName::Exam => Mode::Exam,
        ModeName::Review => Mode::Review,
        ModeName::FastTrack => Mode::FastTrack,
    };
    if mode == Mode::Exam && args.seal.is_none() {
        return Err(Failure::plain(
            "an exam is written to a sealed file",
            "add --seal FILE, such as --seal ada-1.attempt",
        ));
    }
    if mode == Mode::Exam && args.trainee.as_deref().is_none_or(|name| name.trim().is_empty()) {
        return Err(Failure::plain(
            "an exam needs a name: the report tells the trainees apart by it",
            "add --trainee NAME, such as --trainee Ada",
        ));
    }
    if mode == Mode::Exam && args.keep {
        return Err(Failure::plain(
            "an exam reveals nothing, so that nothing can be remembered of it",
            "leave --keep out",
        ));
    }
    let picked =
        |(case, seed): (Arc<Case>, u64), why: Option<String>| Ok(Some(Picked { case, seed, mode, why, station: None }));
    if let (Some(number), Some(station)) = (args.paper, args.station) {
        let wanted = usize::try_from(station).unwrap_or(usize::MAX);
        let stations = paper(&school.cases, number, wanted);
        let last = stations.len();
        let station = stations.into_iter().find(|station| station.number == wanted).ok_or_else(|| {
            Failure::plain(
                format!("there is no station {wanted}: the pack has cases for {last}"),
                "`pistor train paper`",
            )
        })?;
        let (case, seed) = school.found(&station.case, station.seed)?;
        let why = Some(format!("Paper {number}, station {wanted}."));
        return Ok(Some(Picked { case, seed, mode, why, station: Some((number, wanted)) }));
    }
    if let Some(id) = &args.id {
        return picked(school.found(id, args.seed)?, None);
    }
    if args.made {
        return picked((school.drawn(args.seed)?, 0), None);
    }
    let store = school.store()?;
    let cards = store.cards().map_err(|why| Failure::plain(why, ""))?;
    let today = school.common.today();
    if mode == Mode::FastTrack {
        let results = store.results().map_err(|why| Failure::plain(why, ""))?;
        let all = topics(&school.pack, &school.subjects, &school.cases, &results);
        let topic = match &args.topic {
            Some(id) => all.iter().find(|topic| topic.id == *id).ok_or_else(|| {
                let near = did_you_mean(id, all.iter().map(|topic| topic.id.as_str()));
                let known = || all.iter().map(|topic| topic.id.as_str()).collect::<Vec<_>>().join(", ");
                let help =
                    near.map_or_else(|| format!("topics: {}", known()), |near| format!("did you mean `{near}`?"));
                Failure::plain(format!("there is no topic `{id}`"), help)
            })?,
            None => all.iter().find(|topic| topic.case.is_some() && !topic.passed).ok_or_else(|| {
                Failure::plain("every topic was passed on the fast track", "`pistor train play --mode review` goes on")
            })?,
        };
        let case = topic.case.as_ref().ok_or_else(|| {
            Failure::plain(format!("no written case exercises the topic `{}`", topic.id), "choose another topic")
        })?;
        let seed = school.cases.get(case).map_or(0, |case| fresh_seed(case, &cards));
        return picked(school.found(case, args.seed.max(seed))?, Some(format!("Fast track: {}.", topic.title)));
    }
    let due: Vec<&str> = cards.due(today).filter(|id| school.pack.rules.get(id).is_some()).collect();
    if mode == Mode::Review && due.is_empty() {
        return Ok(None);
    }
    let next = || next_cases(&school.cases, &cards, today, None, 1).first().map(|id| (*id).to_owned());
    let id = school.due_without_case(&due).or_else(next);
    let id = id.ok_or_else(|| Failure::plain("the pack has no training cases", ""))?;
    // A case that comes again brings another patient.
    let fresh = school.cases.get(&id).map_or(0, |case| fresh_seed(case, &cards));
    picked(school.found(&id, if args.seed == 0 { fresh } else { args.seed })?, None)
}

/// What is said when there is nothing to review.
pub(super) fn nothing_due(school: &School) -> Result<String, Failure> {
    let cards = school.store()?.cards().map_err(|why| Failure::plain(why, ""))?;
    let rules = || cards.0.iter().filter(|(id, _)| school.pack.rules.get(id).is_some());
    let next = rules().map(|(_, card)| card.due).min();
    Ok(match next {
        Some(day) => {
            format!("Nothing is due. The next rule comes back on {day}; `pistor train cards` has short ones.\n")
        }
        None => "Nothing was practised yet, so that nothing is due: `pistor train play --keep` begins.\n".to_owned(),
    })
}
