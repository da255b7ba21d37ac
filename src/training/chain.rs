//! The log of an attempt as a file: each line's hash covers the line before, the last line covers all.
//!
//! An altered byte shows. Somebody who rebuilds the whole file with this program cannot be told from somebody who made
//! the attempt: who needs more notes the seal when the exam ends.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::acts::Act;

/// The first line of a sealed file.
const MAGIC: &str = "pistor sealed attempt 1";

/// What an attempt was about.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Who.
    pub trainee: String,
    /// The case.
    pub case: String,
    /// Its version.
    pub version: i32,
    /// The seed.
    pub seed: u64,
    /// How.
    pub mode: Mode,
    /// The day.
    pub day: Date,
    /// The hash of the pack with its cases.
    pub pack: String,
    /// Of an exam.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sat: Option<Sat>,
}

/// What is known of an exam: its clock is that of the day, whoever leaves it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sat {
    /// When it began.
    pub started: Timestamp,
    /// The number of the paper; none of a case by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paper: Option<u64>,
    /// The station of the paper, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub station: Option<usize>,
    /// How often the same trainee had begun it before, with the same folder of practice.
    #[serde(default, skip_serializing_if = "none")]
    pub before: u32,
}

/// What says nothing is not written.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn none(count: &u32) -> bool {
    *count == 0
}

impl Sat {
    /// Seconds since it began; a clock that was put back adds none.
    #[must_use]
    pub fn seconds(&self, now: Timestamp) -> u32 {
        u32::try_from(now.as_second().saturating_sub(self.started.as_second()).max(0)).unwrap_or(u32::MAX)
    }

    /// Which station, for people.
    #[must_use]
    pub fn place(&self) -> String {
        match (self.paper, self.station) {
            (Some(paper), Some(station)) => format!("paper {paper}, station {station}"),
            _ => "no paper".to_owned(),
        }
    }
}

impl Header {
    /// Seconds of an exam by the clock of the day; none of anything else, which stands still while nobody is there.
    #[must_use]
    pub fn by_the_clock(&self, now: Timestamp) -> Option<u32> {
        self.sat.as_ref().map(|sat| sat.seconds(now))
    }
}

/// How an attempt is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// For learning.
    #[default]
    Practice,
    /// Timed, with fixed seeds.
    Exam,
    /// What is due.
    Review,
    /// One case for each topic, for those who know already.
    FastTrack,
}

impl Mode {
    /// The words of files.
    pub const WORDS: [(&'static str, Self); 4] =
        [("practice", Self::Practice), ("exam", Self::Exam), ("review", Self::Review), ("fast-track", Self::FastTrack)];

    /// The word of files.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, m)| *m == self).map_or("", |(word, _)| word)
    }
}

/// One act and when it was done.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Seconds after the start.
    pub seconds: u32,
    /// Seconds of the consultation that it costs.
    pub cost: u32,
    /// The act.
    pub act: Act,
}

/// The chained log.
#[derive(Clone, Debug)]
pub struct Log {
    pub(super) header: Header,
    pub(super) entries: Vec<Entry>,
    lines: Vec<String>,
    head: String,
}

impl Log {
    pub(super) fn new(header: Header) -> Self {
        let json = serde_json::to_string(&header).unwrap_or_default();
        let head = link("", &json);
        let lines = vec![format!("{head} {json}")];
        Self { header, entries: Vec::new(), lines, head }
    }

    pub(super) fn push(&mut self, entry: Entry) {
        let json = serde_json::to_string(&entry).unwrap_or_default();
        self.head = link(&self.head, &json);
        self.lines.push(format!("{} {json}", self.head));
        self.entries.push(entry);
    }

    pub(super) fn head(&self) -> &str {
        &self.head
    }

    pub(super) fn cost(&self) -> u32 {
        self.entries.iter().map(|entry| entry.cost).sum()
    }

    /// The whole file.
    pub(super) fn file(&self) -> String {
        format!("{MAGIC}\n{}\nseal {}\n", self.lines.join("\n"), link("seal", &self.lines.join("\n")))
    }
}

/// Reads a sealed file back into its parts; every byte is held against the hashes.
///
/// # Errors
/// A sentence that says where the file does not fit.
pub(super) fn open(text: &str) -> Result<(Header, Vec<Entry>), String> {
    let altered = |what: &str| format!("the file was altered or cut: {what}");
    let body = text.strip_prefix(MAGIC).and_then(|rest| rest.strip_prefix('\n'));
    let body = body.ok_or_else(|| format!("not a sealed attempt: the first line has to be `{MAGIC}`"))?;
    let (lines, seal) = body.rsplit_once("\nseal ").ok_or_else(|| altered("the seal is missing"))?;
    if seal != format!("{}\n", link("seal", lines)) {
        return Err(altered("the seal does not fit"));
    }
    let mut head = String::new();
    let mut header = None;
    let mut entries = Vec::new();
    for (n, line) in lines.split('\n').enumerate() {
        let unread = |error: serde_json::Error| altered(&format!("line {} cannot be read: {error}", n + 2));
        let (hash, json) = line.split_once(' ').ok_or_else(|| altered(&format!("line {}", n + 2)))?;
        head = link(&head, json);
        if hash != head {
            return Err(altered(&format!("line {} does not follow from the line before", n + 2)));
        }
        if n == 0 {
            header = Some(serde_json::from_str::<Header>(json).map_err(unread)?);
        } else {
            entries.push(serde_json::from_str::<Entry>(json).map_err(unread)?);
        }
    }
    header.map(|header| (header, entries)).ok_or_else(|| altered("it is empty"))
}

/// The hash of a line after the line before.
fn link(before: &str, line: &str) -> String {
    let hash = Sha256::new()
        .chain_update(b"pistor training 1\0")
        .chain_update(before)
        .chain_update(b"\0")
        .chain_update(line)
        .finalize();
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}
