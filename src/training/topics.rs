//! The fast track, for those who know already: one mixed case for each topic; who passes it is taken to know its rules.

use std::cmp::Reverse;
use std::path::Path;

use serde::Serialize;

use super::case::{Case, Cases};
use super::chain::Mode;
use super::draft::Past;
use super::schedule::{Cards, exercises};
use super::subjects::Subject;
use crate::pack::{Pack, Rule};

/// A topic of the fast track: a clinical subject, with the case that stands for it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Topic {
    /// The id of the subject.
    pub id: String,
    /// For people.
    pub title: String,
    /// Its rules.
    pub rules: Vec<String>,
    /// The case that exercises most of them, no case for two topics; none where no written case exercises any.
    pub case: Option<String>,
    /// Its case was passed on the fast track.
    pub passed: bool,
}

/// The topics of a pack, in the order of its subjects; rules of a layer that stand in no subject make one by their file.
#[must_use]
pub fn topics(pack: &Pack, subjects: &[Subject], cases: &Cases, results: &[Past]) -> Vec<Topic> {
    let topic = |id: String, title: String| Topic { title, id, rules: Vec::new(), case: None, passed: false };
    let mut topics: Vec<Topic> = subjects.iter().map(|own| topic(own.id.clone(), own.title.clone())).collect();
    for rule in pack.rules.iter().filter(|rule| !rule.quiet) {
        let subject = subjects.iter().position(|subject| subject.rules.contains(&rule.id));
        let at = match (subject, file_of(rule)) {
            (Some(at), _) => at,
            (None, None) => continue,
            (None, Some(id)) => topics.iter().position(|topic| topic.id == id).unwrap_or_else(|| {
                topics.push(topic(id.clone(), title(&id)));
                topics.len() - 1
            }),
        };
        if let Some(topic) = topics.get_mut(at) {
            topic.rules.push(rule.id.clone());
        }
    }
    topics.retain(|topic| !topic.rules.is_empty());
    choose_cases(&mut topics, cases);
    for topic in &mut topics {
        let own = |past: &Past| past.mode == Mode::FastTrack && past.passed && Some(&past.case) == topic.case.as_ref();
        topic.passed = results.iter().any(own);
    }
    topics
}

/// The case of each topic. The topic that fewest cases are about chooses first: else one that has many would leave it none.
fn choose_cases(topics: &mut [Topic], cases: &Cases) {
    let worth = |topic: &Topic, case: &Case| {
        let of_topic = |rule: &str| topic.rules.iter().any(|known| known == rule);
        let own = exercises(case).filter(|rule| of_topic(rule)).count();
        let about = case.objectives.iter().filter(|rule| of_topic(rule)).count();
        let beside = exercises(case).count() - own;
        // Several rules of the topic in one patient; then what the case is about, and nothing that belongs elsewhere.
        (own > 0).then_some((about.min(1), own, about, Reverse(beside), case.level))
    };
    let mut free: Vec<&Case> = cases.values().map(AsRef::as_ref).collect();
    let mut open: Vec<usize> = (0..topics.len()).collect();
    loop {
        let about = |at: &usize| {
            topics.get(*at).map_or(0, |topic| free.iter().filter(|case| worth(topic, case).is_some()).count())
        };
        open.retain(|at| about(at) > 0);
        let Some(at) = open.iter().copied().min_by_key(about) else { return };
        open.retain(|other| *other != at);
        let Some(topic) = topics.get_mut(at) else { return };
        let best = free.iter().filter_map(|case| Some((worth(topic, case)?, Reverse(case.id.as_str())))).max();
        let Some((_, Reverse(id))) = best else { continue };
        free.retain(|case| case.id != id);
        topic.case = Some(id.to_owned());
    }
}

/// The rules that are taken to be known because a case was passed on the fast track: those of its topic that were never
/// asked about. They come back in the second and third week.
#[must_use]
pub fn credited(pack: &Pack, subjects: &[Subject], cases: &Cases, cards: &Cards, past: &Past) -> Vec<String> {
    if past.mode != Mode::FastTrack || !past.passed {
        return Vec::new();
    }
    let topics = topics(pack, subjects, cases, &[]);
    let topic = topics.into_iter().find(|topic| topic.case.as_ref() == Some(&past.case));
    let asked = |rule: &String| cards.0.contains_key(rule) || past.grades.iter().any(|(graded, _)| graded == rule);
    topic.map_or(Vec::new(), |topic| topic.rules.into_iter().filter(|rule| !asked(rule)).collect())
}

fn file_of(rule: &Rule) -> Option<String> {
    let path = rule.place.file.as_ref().map(|path| path.replace('\\', "/"))?;
    Path::new(&path).file_stem().map(|stem| stem.to_string_lossy().into_owned())
}

/// An id as a name for people.
pub(super) fn title(id: &str) -> String {
    let words = id.replace(['-', '_'], " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}
