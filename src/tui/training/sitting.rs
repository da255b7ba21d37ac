//! An attempt on the screen: its stage, what was said, what is being entered.

use jiff::Timestamp;
use tui_input::Input;

use crate::find::fold;
use crate::pack::{Pack, QuestionIx, QuestionKind, Step};
use crate::training::{Act, Begun, Draft, Entry, Flag, How, Jotted};

/// An attempt that is being made.
#[derive(Debug)]
pub struct Sitting {
    /// Only the brief is shown so far.
    pub brief: bool,
    /// The attempt at its stage.
    pub begun: Begun,
    /// What was asked and said.
    pub talk: Vec<Talk>,
    /// What is entered and not committed.
    pub jotted: Jotted,
    /// The row the cursor is on.
    pub chosen: usize,
    /// First line shown.
    pub top: usize,
    /// So many lines of the conversation are scrolled out of sight at its end.
    pub up: usize,
    /// The words questions are searched by.
    pub find: Input,
    /// Whether they are being typed.
    pub finding: bool,
    /// When it was taken up.
    pub since: Timestamp,
    /// Seconds that it had taken before.
    pub before: u32,
    /// Seconds that it had taken at the last key: what the clock of an exam shows.
    pub gone: u32,
    /// Of an exam, the second at which it was left, until it is noted that somebody came back.
    pub left: Option<u32>,
    /// One more key leaves the exam.
    pub leaving: bool,
    /// It was asked whether the stage is committed although nothing was entered.
    pub warned: bool,
}

/// What was said and seen, and what was hinted at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Talk {
    /// A question and what it brought.
    Asked(Asked),
    /// A hint.
    Hint(String),
}

/// A question and what it brought.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asked {
    /// The question.
    pub question: String,
    /// How it was asked.
    pub how: How,
    /// What was said or seen.
    pub says: Vec<String>,
    /// Whether something came up that was not known.
    pub new: bool,
}

impl Sitting {
    /// A new attempt.
    #[must_use]
    pub fn new(begun: Begun, since: Timestamp) -> Self {
        Self {
            brief: begun.entries().is_empty(),
            begun,
            talk: Vec::new(),
            jotted: Jotted::default(),
            chosen: 0,
            top: 0,
            up: 0,
            find: Input::default(),
            finding: false,
            since,
            before: 0,
            gone: 0,
            left: None,
            leaving: false,
            warned: false,
        }
    }

    /// An exam begins: from now on its clock runs.
    pub fn starts(&mut self, now: Timestamp) {
        let mut header = self.begun.header().clone();
        if let Some(sat) = header.sat.as_mut().filter(|_| self.brief) {
            sat.started = now;
            self.begun = Begun::new(self.begun.patient().clone(), header);
            self.since = now;
        }
    }

    /// The program was put aside at that time.
    pub fn leaves(&mut self, at: Timestamp) {
        let (Some(seconds), false) = (self.begun.header().by_the_clock(at), self.brief) else { return };
        // A signal may tell of the same absence twice.
        let noted = |entry: &Entry| matches!(entry.act, Act::Away { .. }) && seconds < entry.seconds;
        if !self.begun.entries().last().is_some_and(noted) {
            self.left = Some(self.left.unwrap_or_else(|| self.seconds(at)));
        }
    }

    /// Notes in an exam that somebody came back. Whether there was anything to note.
    pub fn comes_back(&mut self, now: Timestamp) -> bool {
        let at = self.seconds(now);
        // An absence begins after the last act, whatever the clock says.
        let last = self.begun.entries().last().map_or(0, |entry| entry.seconds);
        match self.left.take() {
            Some(since) => self.begun.away(since.max(last).min(at), at).is_ok(),
            None => false,
        }
    }

    /// Plays the acts of a draft.
    ///
    /// # Errors
    /// When they do not follow the flow.
    pub fn take_up(&mut self, pack: &Pack, draft: &Draft) -> Result<(), String> {
        for Entry { seconds, act, .. } in &draft.entries {
            match act {
                Act::Hint { about } => {
                    let hint = self.begun.hint_again(pack, about, *seconds)?;
                    self.talk.push(Talk::Hint(hint.says));
                }
                act => self.act(act.clone(), *seconds)?,
            }
        }
        self.brief = false;
        self.jotted = draft.jotted.clone();
        self.before = draft.seconds;
        self.gone = draft.seconds;
        // Whatever ended it: the last key is the last that is known of somebody being there.
        self.left = self.begun.header().sat.as_ref().map(|_| draft.seconds);
        Ok(())
    }

    /// One act.
    ///
    /// # Errors
    /// When it does not belong to this stage.
    pub fn act(&mut self, act: Act, at: u32) -> Result<(), String> {
        let asked = match &act {
            Act::Ask { question, how } => Some((question.clone(), *how)),
            _ => None,
        };
        let reply = self.begun.act(act, at)?;
        if let (Some((question, how)), Some(reply)) = (asked, reply) {
            self.talk.push(Talk::Asked(Asked { question, how, says: reply.says, new: reply.new > 0 }));
            self.up = 0;
        }
        Ok(())
    }

    /// The draft of it.
    #[must_use]
    pub fn draft(&self, now: Timestamp) -> Draft {
        Draft {
            header: self.begun.header().clone(),
            entries: self.begun.entries().to_vec(),
            jotted: self.jotted.clone(),
            seconds: self.seconds(now),
        }
    }

    /// Seconds since the start; a clock that was put back adds none. That of an exam runs on while it is left.
    #[must_use]
    pub fn seconds(&self, now: Timestamp) -> u32 {
        let last = self.begun.entries().last().map_or(0, |entry| entry.seconds);
        if let Some(seconds) = self.begun.header().by_the_clock(now) {
            return seconds.max(last).max(self.before);
        }
        let here = u32::try_from(now.as_second() - self.since.as_second()).unwrap_or(0);
        self.before.saturating_add(here).max(last)
    }

    /// Whether questions are asked now.
    #[must_use]
    pub const fn interviews(&self) -> bool {
        matches!(self.begun, Begun::Interview(_)) && !self.brief && !self.jotted.on_skin
    }

    /// How many twists were answered.
    #[must_use]
    pub fn twists_answered(&self) -> usize {
        self.begun.entries().iter().filter(|entry| matches!(entry.act, Act::Twist { .. })).count()
    }

    /// The ways in which a question was asked.
    #[must_use]
    pub fn asked(&self, question: &str) -> Vec<How> {
        let asked = self.talk.iter().filter_map(|talk| match talk {
            Talk::Asked(asked) => Some(asked),
            Talk::Hint(_) => None,
        });
        asked.filter(|asked| asked.question == question).map(|asked| asked.how).collect()
    }

    /// A hint; what stands on the lists already is not hinted at.
    ///
    /// # Errors
    /// Why there is none, in words.
    pub fn hint(&mut self, pack: &Pack, at: u32) -> Result<(), String> {
        let named: Vec<Flag> = self.jotted.found.flags().cloned().collect();
        let hint = self.begun.hint(pack, &named, at)?;
        self.talk.push(Talk::Hint(hint.says));
        self.up = 0;
        Ok(())
    }

    /// Whether an answer stands on the sheet that one has from the start.
    #[must_use]
    pub fn known(&self, question: &str) -> bool {
        self.begun.patient().volunteered().any(|fact| fact.question == question)
    }
}

/// The questions that one can ask, by step; with words, those that hold all of them.
#[must_use]
pub fn found_questions(pack: &Pack, words: &str) -> Vec<(Step, QuestionIx)> {
    let words: Vec<String> = words.split_whitespace().map(fold).collect();
    let mut found = Vec::new();
    for step in Step::ALL {
        for (ix, row) in pack.questions.entries() {
            // A name and a day of birth are in no case: they would be questions without an answer.
            let told = matches!(row.kind, QuestionKind::Text | QuestionKind::Date);
            if row.step != step || row.derived || row.scale.is_some() || told {
                continue;
            }
            if words.is_empty() {
                found.push((step, ix));
                continue;
            }
            let text = fold(&format!("{} {} {}", row.label, row.id, row.help));
            if words.iter().all(|word| text.contains(word)) {
                found.push((step, ix));
            }
        }
    }
    // What is called so comes before what merely mentions it.
    if let Some(first) = words.first() {
        found.sort_by_key(|(_, ix)| {
            let row = &pack.questions[*ix];
            !fold(&row.label).contains(first) && !row.id.contains(first)
        });
    }
    found
}
