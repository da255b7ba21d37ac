//! From acts to a sealed attempt: every way in, script or sealed file, goes through the same flow.

use std::fmt;

use super::acts::{Act, Confidence};
use super::case::{Case, Cases};
use super::chain::{Entry, Header, open};
use super::flow::{Attempt, Sealed};
use super::patient::Patient;
use crate::pack::Pack;

/// Why acts make no attempt.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refused {
    /// The file was altered, cut, or is none.
    Altered(String),
    /// The case is not in this pack, or is another version of it.
    OtherCase(String),
    /// The pack is another one.
    OtherPack(String),
    /// The acts do not follow the flow.
    OutOfOrder(String),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Altered(why) | Self::OtherCase(why) | Self::OtherPack(why) | Self::OutOfOrder(why) => {
                f.write_str(why)
            }
        }
    }
}

/// Plays acts through the flow.
///
/// # Errors
/// When the case is unknown or the acts are not in the order of the flow.
pub fn play(pack: &Pack, cases: &Cases, header: Header, entries: &[Entry]) -> Result<Sealed, Refused> {
    let Some(case) = cases.get(&header.case).filter(|case| case.version == header.version) else {
        let why = format!("there is no case `{}` of version {} here", header.case, header.version);
        return Err(Refused::OtherCase(why));
    };
    let patient = Patient::of(pack, case, header.seed);
    let mut rest = entries.iter();
    let mut interview = Attempt::new(patient, header).begin();
    let expected = |what: &str, found: Option<&Entry>| {
        let found = found.map_or("the end".to_owned(), |entry| name(&entry.act).to_owned());
        Refused::OutOfOrder(format!("expected {what}, found {found}"))
    };
    let mut next = rest.next();
    loop {
        match next {
            Some(Entry { seconds, act: Act::Ask { question, how }, .. }) => {
                if !interview.may_ask(*seconds) {
                    return Err(Refused::OutOfOrder(super::time::OVER.to_owned()));
                }
                interview.ask(question, *how, *seconds);
            }
            Some(Entry { seconds, act: Act::Hint { .. }, .. }) => {
                interview.hint(pack, *seconds).map_err(|why| Refused::OutOfOrder(why.to_string()))?;
            }
            _ => break,
        }
        next = rest.next();
    }
    let Some(Entry { seconds, act: Act::Skin(skin), .. }) = next else {
        return Err(expected("the skin", next));
    };
    let mut attempt = interview.commit_skin(skin.clone(), *seconds);
    next = rest.next();
    while let Some(Entry { seconds, act: Act::Hint { .. }, .. }) = next {
        attempt.hint(pack, *seconds).map_err(|why| Refused::OutOfOrder(why.to_string()))?;
        next = rest.next();
    }
    let Some(Entry { seconds, act: Act::Contraindications(found), .. }) = next else {
        return Err(expected("the contraindications", next));
    };
    let mut attempt = attempt.commit_contraindications(found.clone(), *seconds);
    next = rest.next();
    while let Some(Entry { seconds, act: Act::Twist { answer }, .. }) = next {
        attempt.answer_twist(*answer, *seconds);
        next = rest.next();
    }
    let Some(Entry { seconds, act: Act::Decide { decision }, .. }) = next else {
        return Err(expected("the decision", next));
    };
    let attempt = attempt.commit_decision(*decision, *seconds);
    next = rest.next();
    let Some(Entry { seconds, act: Act::Cocktail(cocktail), .. }) = next else {
        return Err(expected("the cocktail", next));
    };
    let attempt = attempt.commit_cocktail(cocktail.clone(), *seconds);
    next = rest.next();
    let Some(Entry { seconds, act: Act::Plan(plan), .. }) = next else {
        return Err(expected("the plan", next));
    };
    let attempt = attempt.commit_plan(plan.clone(), *seconds);
    next = rest.next();
    let Some(Entry { seconds, act: Act::Seal(confidence), .. }) = next else {
        return Err(expected("the confidence", next));
    };
    if let Some(more) = rest.next() {
        return Err(Refused::OutOfOrder(format!("nothing may follow the confidence, found {}", name(&more.act))));
    }
    let confidence = Confidence {
        contraindications: confidence.contraindications.min(100),
        decision: confidence.decision.min(100),
        cocktail: confidence.cocktail.min(100),
    };
    Ok(attempt.seal(confidence, *seconds))
}

const fn name(act: &Act) -> &'static str {
    match act {
        Act::Ask { .. } => "a question",
        Act::Hint { .. } => "a hint",
        Act::Skin(_) => "the skin",
        Act::Contraindications(_) => "the contraindications",
        Act::Twist { .. } => "an answer to a twist",
        Act::Decide { .. } => "the decision",
        Act::Cocktail(_) => "the cocktail",
        Act::Plan(_) => "the plan",
        Act::Seal(_) => "the confidence",
    }
}

/// The case and the day of a sealed file; `None` when it is none, or was altered.
#[must_use]
pub fn subject_of(text: &str) -> Option<(String, jiff::civil::Date)> {
    open(text).ok().map(|(header, _)| (header.case, header.day))
}

impl Sealed {
    /// The sealed file.
    #[must_use]
    pub fn to_file(&self) -> String {
        self.log.file()
    }

    /// The seal: who notes it can tell later whether the file is still the same.
    #[must_use]
    pub fn seal(&self) -> String {
        let file = self.log.file();
        file.trim_end().rsplit(' ').next().unwrap_or_default().to_owned()
    }

    /// The case.
    #[must_use]
    pub fn case(&self) -> &Case {
        self.patient.case()
    }

    /// What the attempt was about.
    #[must_use]
    pub const fn header(&self) -> &Header {
        &self.log.header
    }

    /// Reads a sealed file. It must be what this program would write for the same acts, byte by byte.
    ///
    /// # Errors
    /// When a byte was altered, or the file is about another pack or case.
    pub fn from_file(pack: &Pack, cases: &Cases, text: &str) -> Result<Self, Refused> {
        let (header, entries) = open(text).map_err(Refused::Altered)?;
        if header.pack != pack.hash {
            let why = format!(
                "it was made with another pack ({}), this one is {}: marks of different rules cannot be compared",
                header.pack.get(..12).unwrap_or(&header.pack),
                pack.hash.get(..12).unwrap_or(&pack.hash),
            );
            return Err(Refused::OtherPack(why));
        }
        let sealed = play(pack, cases, header, &entries)?;
        if sealed.to_file() != text {
            return Err(Refused::Altered("the file is not what these acts would have written".to_owned()));
        }
        Ok(sealed)
    }
}
