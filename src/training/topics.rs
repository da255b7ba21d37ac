//! The fast track, for those who know already: one mixed case for each topic; who passes it is taken to know its rules.

use std::path::Path;

use serde::Serialize;

use super::case::Cases;
use super::chain::Mode;
use super::draft::Past;
use super::schedule::{Cards, exercises};
use crate::pack::{Pack, Rule};

/// A topic: the written rules of one file of the pack.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Topic {
    /// The name of the file.
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

/// The topics of a pack, in the order of its rules.
#[must_use]
pub fn topics(pack: &Pack, cases: &Cases, results: &[Past]) -> Vec<Topic> {
    let mut topics: Vec<Topic> = Vec::new();
    for rule in pack.rules.iter().filter(|rule| !rule.quiet) {
        let Some(id) = file_of(rule) else { continue };
        match topics.iter_mut().find(|topic| topic.id == id) {
            Some(topic) => topic.rules.push(rule.id.clone()),
            None => {
                topics.push(Topic { title: title(&id), id, rules: vec![rule.id.clone()], case: None, passed: false })
            }
        }
    }
    let mut taken: Vec<&str> = Vec::new();
    for topic in &mut topics {
        let worth = |id: &str| {
            let case = cases.get(id)?;
            let own = exercises(case).filter(|rule| topic.rules.iter().any(|known| known == rule)).count();
            // Mixed: of two that exercise as many, the one that has more beside them.
            (own > 0).then(|| (own, exercises(case).count(), case.level))
        };
        let free = cases.keys().map(String::as_str).filter(|id| !taken.contains(id));
        let best = free.filter_map(|id| Some((worth(id)?, std::cmp::Reverse(id)))).max();
        let Some((_, std::cmp::Reverse(id))) = best else { continue };
        taken.push(id);
        topic.case = Some(id.to_owned());
        topic.passed = results.iter().any(|past| past.mode == Mode::FastTrack && past.passed && past.case == id);
    }
    topics
}

/// The rules that are taken to be known because a case was passed on the fast track: those of its topic that were never
/// asked about. They come back in the second and third week.
#[must_use]
pub fn credited(pack: &Pack, cases: &Cases, cards: &Cards, past: &Past) -> Vec<String> {
    if past.mode != Mode::FastTrack || !past.passed {
        return Vec::new();
    }
    let topics = topics(pack, cases, &[]);
    let topic = topics.into_iter().find(|topic| topic.case.as_ref() == Some(&past.case));
    let asked = |rule: &String| cards.0.contains_key(rule) || past.grades.iter().any(|(graded, _)| graded == rule);
    topic.map_or(Vec::new(), |topic| topic.rules.into_iter().filter(|rule| !asked(rule)).collect())
}

fn file_of(rule: &Rule) -> Option<String> {
    let path = rule.place.file.as_ref().map(|file| file.path.replace('\\', "/"))?;
    Path::new(&path).file_stem().map(|stem| stem.to_string_lossy().into_owned())
}

fn title(id: &str) -> String {
    let words = id.replace(['-', '_'], " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}
