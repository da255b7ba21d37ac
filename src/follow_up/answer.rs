//! What a reaction asks for at once: the red flags of the pack on its facts.

use serde::{Deserialize, Serialize};

use super::facts::Facts;
use crate::pack::{Basis, FlagTest, Grade, Pack, RedFlag, Response, Span};
use crate::plan::not_known;

/// What to do about a reaction.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Answer {
    /// The strictest of what the flags say.
    pub response: Response,
    /// No further session until it is settled.
    pub stop: bool,
    /// What is left of the lots is put aside.
    pub quarantine: bool,
    /// To whom it is referred, each once, the most urgent first.
    pub to: Vec<String>,
    /// The flags that were raised, the most urgent first.
    pub flags: Vec<Raised>,
    /// What was not known and may have raised a flag; where no flag speaks, what was not known and may have reassured.
    pub unknown: Vec<String>,
}

/// A flag that was raised.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Raised {
    /// The flag.
    pub flag: String,
    /// For people.
    pub title: String,
    /// What it says to do.
    pub response: Response,
    /// What the practitioner reads.
    pub message: String,
    /// What to do next, in order.
    pub next: Vec<String>,
    /// The reason.
    pub why: String,
    /// What is not known and was counted as the unfavourable case.
    pub assumed: Vec<String>,
    /// The citations.
    pub sources: Vec<String>,
    /// On what it rests.
    pub basis: Basis,
    /// How strong that is.
    pub evidence: Grade,
}

impl Answer {
    /// In a few words: what to do, whether to stop, whether to put lots aside.
    #[must_use]
    pub fn words(&self) -> String {
        let mut words = self.response.label().to_owned();
        if self.stop {
            words.push_str("; stop the course");
        }
        if let Some(lot) = self.lot_words() {
            words.push_str("; ");
            words.push_str(lot);
        }
        words
    }

    /// What is to be done about the lot, if anything: one that nobody knows has to be found first.
    #[must_use]
    pub fn lot_words(&self) -> Option<&'static str> {
        let known = !self.unknown.iter().any(|what| what == LOT);
        self.quarantine.then_some(if known { "put the lot aside" } else { "find the lot and put it aside" })
    }

    /// Whether nothing that is known asks for what it says: only what nobody has ruled out.
    #[must_use]
    pub fn supposed(&self) -> bool {
        let mut strictest = self.flags.iter().filter(|raised| raised.response == self.response);
        !self.unknown.is_empty() && strictest.all(|raised| !raised.assumed.is_empty())
    }

    /// What to find out first, in few words, where the answer rests on nothing else. An emergency waits for no answer.
    #[must_use]
    pub fn find_out(&self, known: Known) -> Vec<&'static str> {
        if !self.supposed() || self.response == Response::Emergency {
            return Vec::new();
        }
        let strictest = self.flags.iter().filter(|raised| raised.response == self.response);
        let mut asked: Vec<&String> = strictest.flat_map(|raised| &raised.assumed).collect();
        if self.flags.is_empty() {
            asked.extend(&self.unknown);
        }
        let when = if known.began { "the session it came after" } else { "when it began" };
        let lot = if known.lot { "whether others reacted to the lot" } else { "the lot" };
        let mut words: Vec<&'static str> = Vec::new();
        for (of, short) in [(DAYS, when), (LASTING, when), (SITE, "where it is"), (AREA, "the area"), (LOT, lot)] {
            if asked.iter().any(|what| *what == of) && !words.contains(&short) {
                words.push(short);
            }
        }
        words
    }

    /// What is said where no flag speaks.
    #[must_use]
    pub fn silence(&self) -> String {
        let judge = "examine, judge, and agree on the day of the next look";
        if self.unknown.is_empty() {
            return format!("No rule speaks to this: {judge}.");
        }
        format!("Not known: {}. That may decide whether this is expected; until then {judge}.", self.unknown.join("; "))
    }
}

/// What was filled in of a reaction, whatever it says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Known {
    /// When it began.
    pub began: bool,
    /// A lot.
    pub lot: bool,
}

impl Raised {
    /// Its title; of what nobody knows to be so, that it is not ruled out.
    #[must_use]
    pub fn heading(&self) -> String {
        not_known::title(&self.title, !self.assumed.is_empty())
    }

    /// The same before [`Self::words`].
    #[must_use]
    pub fn lead(&self) -> String {
        let end = if self.assumed.is_empty() { ':' } else { '.' };
        format!("{} {}{end}", self.response.sign(), self.heading())
    }

    /// What it says. What can wait for an answer is found out first; what cannot is done at once.
    #[must_use]
    pub fn words(&self) -> String {
        if self.assumed.is_empty() {
            return self.message.clone();
        }
        if self.response < Response::ReferSameDay {
            return not_known::message(&self.title, &self.message, &self.assumed, false);
        }
        format!("{} (Not known, so it counts as if it were so: {}.)", self.message, self.assumed.join("; "))
    }
}

/// Days from the session to the first sign.
const DAYS: &str = "how long after the session it began";
/// Days since the first sign.
const LASTING: &str = "how long it has lasted";
/// The place, seen from the points.
const SITE: &str = "where it is, seen from the points";
/// The area.
const AREA: &str = "the area";
/// Whether somebody else reacted to a lot cannot be told without it.
const LOT: &str = "the lot, and whether somebody else reacted to it";

/// An answer in which no flag spoke.
pub(super) const fn nothing(response: Response) -> Answer {
    Answer { response, stop: false, quarantine: false, to: Vec::new(), flags: Vec::new(), unknown: Vec::new() }
}

/// Whether a test holds: not, perhaps (something is not known), or certainly.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Truth {
    No,
    Maybe,
    Yes,
}

/// What the flags of the pack say.
#[must_use]
pub fn answer(pack: &Pack, facts: &Facts) -> Answer {
    let mut raised: Vec<(&RedFlag, Vec<String>)> = Vec::new();
    let mut calm: Vec<String> = Vec::new();
    for flag in &pack.follow_up.flags {
        let (truth, assumed) = holds(pack, flag, facts);
        // What may hold counts, except as a reason to be calm.
        if truth == Truth::Yes || (truth == Truth::Maybe && flag.response != Response::Reassure) {
            raised.push((flag, assumed));
        } else if truth == Truth::Maybe {
            calm.extend(assumed);
        }
    }
    if !raised.is_empty() {
        calm.clear();
    }
    // Certain ones first among equals; ids keep the order the same on every machine.
    raised.sort_by(|(a, unsure_a), (b, unsure_b)| {
        let urgency = b.response.cmp(&a.response);
        urgency.then(unsure_a.is_empty().cmp(&unsure_b.is_empty()).reverse()).then(a.id.cmp(&b.id))
    });
    let worried = raised.iter().any(|(flag, _)| flag.response != Response::Reassure);
    if worried {
        raised.retain(|(flag, _)| flag.response != Response::Reassure);
    }
    let mut to: Vec<String> = Vec::new();
    for (flag, _) in &raised {
        to.extend(flag.to.iter().filter(|who| !to.contains(who)).cloned().collect::<Vec<_>>());
    }
    let mut unknown: Vec<String> = Vec::new();
    for what in raised.iter().flat_map(|(_, assumed)| assumed).chain(&calm) {
        if !unknown.contains(what) {
            unknown.push(what.clone());
        }
    }
    Answer {
        response: raised.first().map_or(Response::Watch, |(flag, _)| flag.response),
        stop: raised.iter().any(|(flag, _)| flag.stop),
        quarantine: raised.iter().any(|(flag, _)| flag.quarantine),
        to,
        flags: raised.into_iter().map(|(flag, assumed)| shown(pack, flag, assumed)).collect(),
        unknown,
    }
}

fn shown(pack: &Pack, flag: &RedFlag, assumed: Vec<String>) -> Raised {
    Raised {
        flag: flag.id.clone(),
        title: flag.title.clone(),
        response: flag.response,
        message: flag.message.clone(),
        next: flag.next.clone(),
        why: flag.why.clone(),
        assumed,
        sources: pack.citations(&flag.grounds.sources),
        basis: flag.grounds.basis,
        evidence: flag.grounds.evidence,
    }
}

/// Whether a flag holds, and what had to be assumed for it.
fn holds(pack: &Pack, flag: &RedFlag, facts: &Facts) -> (Truth, Vec<String>) {
    let truth = truth(pack, flag, facts);
    let mut assumed = Vec::new();
    if truth == Truth::Maybe {
        let reassures = flag.response == Response::Reassure;
        let unsure = flag.when.iter().filter(|test| one(pack, test, facts, reassures) == Truth::Maybe);
        for (open, what) in unsure.flat_map(|test| not_known(test, facts)) {
            if open && !assumed.iter().any(|known| known == what) {
                assumed.push(what.to_owned());
            }
        }
    }
    (truth, assumed)
}

/// Whether a flag holds: one of its tests is enough.
pub(super) fn truth(pack: &Pack, flag: &RedFlag, facts: &Facts) -> Truth {
    let reassures = flag.response == Response::Reassure;
    flag.when.iter().map(|test| one(pack, test, facts, reassures)).max().unwrap_or(Truth::No)
}

/// What a test asks for and nobody knows.
fn not_known(test: &FlagTest, facts: &Facts) -> [(bool, &'static str); 5] {
    [
        (!test.days.is_all() && facts.days.is_none(), DAYS),
        (!test.lasting.is_all() && facts.lasting.is_none(), LASTING),
        (!test.sites.is_empty() && facts.site.is_none(), SITE),
        (test.areas.is_some() && facts.area.is_none(), AREA),
        (!test.same_lot.is_all() && facts.same_lot.is_none(), LOT),
    ]
}

/// Whether a test holds; `alone`: only when no other sign is there.
fn one(pack: &Pack, test: &FlagTest, facts: &Facts, alone: bool) -> Truth {
    if let Some(named) = &test.reactions {
        let here = facts.signs.iter().any(|sign| named.contains(sign));
        if !here || (alone && facts.signs.iter().any(|sign| !named.contains(sign))) {
            return Truth::No;
        }
    }
    if test.with.as_ref().is_some_and(|named| !facts.signs.iter().any(|sign| named.contains(sign)))
        || !test.grade.has(i32::from(facts.grade))
        || (test.serious && !facts.serious)
    {
        return Truth::No;
    }
    let site = match facts.site {
        _ if test.sites.is_empty() => Truth::Yes,
        Some(site) => certain(test.sites.contains(&site)),
        None => Truth::Maybe,
    };
    let area = match (&test.areas, facts.area) {
        (None, _) => Truth::Yes,
        (Some(_), None) => Truth::Maybe,
        (Some(areas), Some(area)) => certain(areas.iter().any(|of| pack.area_within(area, of))),
    };
    let others = facts.same_lot.map(|n| i32::try_from(n).unwrap_or(i32::MAX));
    let numbers = [(test.days, facts.days), (test.lasting, facts.lasting), (test.same_lot, others)];
    numbers.into_iter().map(|(span, n)| number(span, n)).fold(site.min(area), Truth::min)
}

const fn certain(yes: bool) -> Truth {
    if yes { Truth::Yes } else { Truth::No }
}

fn number(span: Span, n: Option<i32>) -> Truth {
    match n {
        _ if span.is_all() => Truth::Yes,
        Some(n) => certain(span.has(n)),
        None => Truth::Maybe,
    }
}
