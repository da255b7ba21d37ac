//! Every sign that the screen uses, in one table: the help and docs/screen.md are made from it, and a test holds that no screen
//! draws a sign that is not in it.

use crate::pack::{Basis, Grade, Response, TrialResult};
use crate::plan::Outcome;

/// A sign and what it says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sign {
    /// What is drawn: one column, one letter, or a few for a picture.
    pub sign: &'static str,
    /// What it says.
    pub says: &'static str,
}

/// Signs that are seen together. A sign says one thing within a group; beside it always stands the word.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// Where one meets them.
    pub title: &'static str,
    /// The signs.
    pub signs: &'static [Sign],
}

const fn sign(sign: &'static str, says: &'static str) -> Sign {
    Sign { sign, says }
}

const fn outcome(of: Outcome) -> Sign {
    sign(of.sign(), of.word())
}

const fn grade(of: Grade) -> Sign {
    sign(of.letter(), of.label())
}

/// Answered, complete, done.
pub const DONE: &str = "✓";
/// It has to be answered.
pub const NEEDED: &str = "•";
/// A session.
pub const SESSION: &str = "●";
/// A session that may follow after the course.
pub const LATER: &str = "○";
/// A look at the result.
pub const REVIEW: &str = "◆";
/// Today.
pub const TODAY: &str = "▼";
/// Studies that do not agree.
pub const DISAGREE: &str = "≷";
/// Differs from the proposal.
pub const OWN: &str = "Δ";
/// More than four fifths of a limit.
pub const NEAR: &str = "!";
/// Must not, or over a limit.
pub const BARRED: &str = "✗";
/// No injectable can be recommended.
pub const WITHOUT: &str = "–";

/// Where a statement comes from.
#[must_use]
pub const fn basis(of: Basis) -> &'static str {
    match of {
        Basis::Source => "§",
        Basis::General => "≡",
        Basis::Policy => "⌂",
    }
}

const fn told(of: Basis) -> Sign {
    sign(basis(of), of.label())
}

const fn asks(of: Response) -> Sign {
    sign(of.sign(), of.label())
}

/// The table.
pub const GROUPS: &[Group] = &[
    Group {
        title: "Verdicts and findings",
        signs: &[
            outcome(Outcome::Proceed),
            outcome(Outcome::Caution),
            outcome(Outcome::Clearance),
            outcome(Outcome::Defer),
            outcome(Outcome::Refer),
            outcome(Outcome::Decline),
            outcome(Outcome::Incomplete),
            sign("·", "note"),
        ],
    },
    Group {
        title: "Steps and questions",
        signs: &[
            sign(DONE, "answered"),
            sign(NEEDED, "needed"),
            sign("·", "may stay open"),
            sign("!", "answers lack, or not accepted"),
            sign("?", "offered from an earlier time, to be confirmed"),
            sign("●", "taken"),
            sign("○", "not taken"),
            sign("▸", "here"),
            sign("↑", "matters most now"),
            sign("=", "no answer changes the outcome"),
            sign("≈", "looks like somebody on record"),
        ],
    },
    Group {
        title: "Evidence",
        signs: &[
            grade(Grade::A),
            grade(Grade::B),
            grade(Grade::C),
            grade(Grade::D),
            grade(Grade::X),
            grade(Grade::R),
            sign("█", "a bar: four parts for A, one for D"),
            sign(DISAGREE, "trials disagree"),
        ],
    },
    Group {
        title: "Trials",
        signs: &[
            sign(TrialResult::Positive.sign(), TrialResult::Positive.word()),
            sign(TrialResult::Null.sign(), "no difference"),
            sign(TrialResult::Negative.sign(), "negative"),
            sign(TrialResult::Mixed.sign(), TrialResult::Mixed.word()),
        ],
    },
    Group {
        title: "Where a statement comes from",
        signs: &[told(Basis::Source), told(Basis::General), told(Basis::Policy)],
    },
    Group {
        title: "Doses",
        signs: &[
            sign("█", "used of the limit"),
            sign("░", "left of it"),
            sign(NEAR, "more than four fifths used"),
            sign(BARRED, "over the limit"),
        ],
    },
    Group {
        title: "The course",
        signs: &[
            sign(TODAY, "today"),
            sign(SESSION, "session"),
            sign(REVIEW, "review"),
            sign(LATER, "session that may follow"),
        ],
    },
    Group {
        title: "Ingredients and areas",
        signs: &[
            sign(DONE, "offered, allowed, compatible"),
            sign("·", "vetted when asked for"),
            sign(BARRED, "excluded, not here"),
            sign(WITHOUT, "no recommended injectable"),
            sign(NEEDED, "chosen for another goal"),
        ],
    },
    Group {
        title: "After a session",
        signs: &[
            asks(Response::Reassure),
            asks(Response::Watch),
            asks(Response::ReferDays),
            asks(Response::ReferSameDay),
            asks(Response::Emergency),
        ],
    },
    Group {
        title: "Training",
        signs: &[
            sign("◈", "training, no patient"),
            sign("★", "the case to do next"),
            sign("✦", "a patient nobody has seen"),
            sign("▤", "short cards"),
            sign("▥", "how one is getting on"),
            sign(DONE, "passed, right"),
            sign(BARRED, "not passed, missed"),
            sign("◦", "a syringe"),
            sign("•", "as right as sure"),
            sign("+", "said now"),
        ],
    },
    Group { title: "Two consultations", signs: &[sign("≠", "reads differently"), sign("→", "became")] },
    Group { title: "A mix of one's own", signs: &[sign(OWN, "differs from the proposal")] },
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::fmt::Write as _;
    use std::path::Path;

    #[test]
    fn a_sign_says_one_thing_within_its_group() {
        for group in GROUPS {
            let signs: BTreeSet<&str> = group.signs.iter().map(|sign| sign.sign).collect();
            assert_eq!(signs.len(), group.signs.len(), "{}", group.title);
            assert!(group.signs.iter().all(|sign| !sign.says.is_empty()));
        }
    }

    /// Lines, arrows of keys, punctuation: no signs.
    const FURNITURE: &str = "│─┃┬┄╌┴├┤╭╮╰╯▌▏▎▍▋▊▉▓▒←↓›×—“”°²";

    /// Every symbol in the code of the screens.
    fn drawn(folder: &Path, into: &mut Vec<(char, String)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                drawn(&path, into);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
            for line in code.lines().map(|line| line.split("//").next().unwrap()) {
                let symbols = line.chars().filter(|c| !c.is_ascii() && !c.is_alphanumeric());
                into.extend(symbols.map(|c| (c, path.display().to_string())));
            }
        }
    }

    #[test]
    fn no_screen_draws_a_sign_that_is_not_in_the_table() {
        let mut all = Vec::new();
        for folder in ["view", "widget"] {
            drawn(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tui").join(folder), &mut all);
        }
        assert!(all.len() > 50, "the screens are somewhere else now");
        let known: String = GROUPS.iter().flat_map(|group| group.signs).map(|sign| sign.sign).collect();
        for (c, path) in all {
            assert!(
                known.contains(c) || FURNITURE.contains(c),
                "{path} draws {c:?}, which src/tui/signs.rs does not name"
            );
        }
    }

    /// The tables of docs/screen.md.
    fn tables() -> String {
        let mut out = format!("{BEGIN}\n");
        for group in GROUPS {
            let _ = writeln!(out, "\n**{}**\n\n| sign | says |\n| --- | --- |", group.title);
            for sign in group.signs {
                let _ = writeln!(out, "| `{}` | {} |", sign.sign, sign.says);
            }
        }
        out.push_str("\n**Roles of a theme**\n\n| role | what it is for |\n| --- | --- |\n");
        for role in crate::tui::theme::ROLES {
            let _ = writeln!(out, "| `{}` | {} |", role.name, role.what);
        }
        out + "\n" + END
    }

    const BEGIN: &str = "<!-- From here on made from src/tui/signs.rs and src/tui/theme: INSTA_UPDATE=always cargo test --lib signs -->";
    const END: &str = "<!-- Up to here. -->";

    #[test]
    fn the_documentation_has_the_same_signs_and_roles() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/screen.md");
        let text = std::fs::read_to_string(&path).unwrap();
        let (before, rest) = text.split_once(BEGIN).expect("the place of the tables");
        let (_, after) = rest.split_once(END).expect("their end");
        let made = format!("{before}{}{after}", tables());
        if std::env::var("INSTA_UPDATE").is_ok_and(|how| how == "always") {
            std::fs::write(&path, &made).unwrap();
        } else {
            assert!(
                text == made,
                "docs/screen.md is older than the tables; INSTA_UPDATE=always cargo test --lib signs"
            );
        }
    }
}
