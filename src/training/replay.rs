//! From acts to a sealed attempt: every way in, script or sealed file, goes through the same flow.

use std::fmt;
use std::sync::Arc;

use super::acts::Act;
use super::case::{Case, Cases};
use super::chain::{Entry, Header, open};
use super::flow::Sealed;
use super::patient::Patient;
use super::stage::Begun;
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
    let begun = replay(pack, case, header, entries)?;
    match begun {
        Begun::Sealed(sealed) => Ok(*sealed),
        open => Err(Refused::OutOfOrder(format!("expected {}, found the end", open.expects()))),
    }
}

/// Plays the acts of an attempt that need not be finished: a draft is taken up where it was left.
///
/// # Errors
/// When the acts are not in the order of the flow.
pub fn replay(pack: &Pack, case: &Arc<Case>, header: Header, entries: &[Entry]) -> Result<Begun, Refused> {
    let mut begun = Begun::new(Patient::of(pack, case, header.seed), header);
    for entry in entries {
        let at = entry.seconds;
        match &entry.act {
            Act::Hint { about } => drop(begun.hint_again(pack, about, at).map_err(Refused::OutOfOrder)?),
            // On the screen the patient says that the time is over; in a file such a question has no business.
            Act::Ask { .. } if begun.over(at).is_some() => {
                return Err(Refused::OutOfOrder(begun.over(at).unwrap_or_default().to_owned()));
            }
            act => drop(begun.act(act.clone(), at).map_err(Refused::OutOfOrder)?),
        }
    }
    Ok(begun)
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

    /// Everything that was done.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.log.entries
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
