//! Words for invented patients: how they are called, how they say an answer, and what no plausible patient is. Data of
//! the training cases; nothing here decides anything about anybody.

use std::collections::BTreeMap;

use super::condition::Condition;

/// How invented patients look and speak.
#[derive(Clone, Debug, Default)]
pub struct Portraits {
    /// What would be true of nobody whom one would believe in, such as a pregnant man.
    pub implausible: Vec<Condition>,
    /// Answers that made patients have where nothing speaks against it, by question.
    pub usual: BTreeMap<String, String>,
    /// Names by the answer to the question of the sex; obviously invented ones.
    pub names: BTreeMap<String, Vec<String>>,
    /// What people call an entry of a list, by its id; for the rest the label has to do.
    pub called: BTreeMap<String, Vec<String>>,
    /// Titles that give nothing away.
    pub titles: Vec<String>,
    /// What is read before the interview; `{name}`, `{age}`, `{goal}` and `{area}` are filled in.
    pub briefs: Vec<String>,
    /// How answers are said.
    pub phrases: Vec<Phrase>,
}

/// How one answer is said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Phrase {
    /// A question, or a qualifier of the entries of a list.
    pub of: String,
    /// The answer or value; none: any, with `{value}` for it, in a list `{name}` for each entry and `{rest}` for what is
    /// said about it.
    pub answer: Option<String>,
    /// The words, of which one is taken.
    pub says: Vec<String>,
    /// What somebody hears who asks only plainly, of which one is taken; the rest then takes a closer question.
    pub vague: Vec<String>,
}

impl Portraits {
    /// The phrase for an answer: its own, else the one for any.
    #[must_use]
    pub fn phrase(&self, of: &str, answer: &str) -> Option<&Phrase> {
        let mine = || self.phrases.iter().filter(|phrase| phrase.of == of);
        mine().find(|phrase| phrase.answer.as_deref() == Some(answer)).or_else(|| mine().find(|p| p.answer.is_none()))
    }
}
