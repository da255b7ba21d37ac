//! The lines of a commit: what can be entered at a stage, as a pure function of the attempt.

use super::sitting::Sitting;
use crate::pack::{Pack, QuestionKind};
use crate::training::{Begun, Decision, Flag, Jotted};

/// A line one can be on.
#[derive(Clone, PartialEq, Debug)]
pub struct Slot {
    /// A heading above it, with a note.
    pub heading: Option<(String, String)>,
    /// For people.
    pub label: String,
    /// More about it.
    pub note: String,
    /// What is entered.
    pub kind: Kind,
    /// Where it goes.
    pub spot: Spot,
}

/// What is entered in a line.
#[derive(Clone, PartialEq, Debug)]
pub enum Kind {
    /// One of several.
    Choice(Vec<Choice>, Option<usize>),
    /// A number, as typed, with its unit.
    Number(String, String),
    /// Something on a list; `x` takes it off.
    Entry,
    /// Opens a window in which something is found.
    Add,
    /// Goes on.
    Go,
}

/// An option.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Choice {
    /// The word it is committed as.
    pub id: String,
    /// For people.
    pub label: String,
    /// The key that takes it.
    pub key: char,
    /// What it means.
    pub help: String,
}

/// Where an entry belongs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Spot {
    /// The brief was read.
    Begin,
    /// A finding of the skin.
    Skin(String),
    /// A named contraindication.
    Flag(Weight, usize),
    /// One more.
    AddFlag(Weight),
    /// The answer to the twist that is open.
    Twist,
    /// The decision.
    Decision,
    /// A syringe.
    Mix(usize),
    /// An ingredient of a syringe.
    Part(usize, usize),
    /// One more ingredient.
    AddPart(usize),
    /// One more syringe.
    AddMix,
    /// Sessions.
    Sessions,
    /// Days between them.
    Interval,
    /// A review.
    Review,
    /// A consent point.
    Consent(usize),
    /// One more.
    AddConsent,
    /// How sure: of contraindications, decision, cocktail.
    Sure(usize),
    /// Commits the stage.
    Commit,
}

/// How much something speaks against treatment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Weight {
    /// It stops it.
    Absolute,
    /// It asks for care or clearance.
    Relative,
    /// It has still to be found out.
    Unknown,
}

impl Weight {
    /// All, in the order of their keys.
    pub const ALL: [Self; 3] = [Self::Absolute, Self::Relative, Self::Unknown];

    /// For people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Absolute => "Stops treatment (absolute)",
            Self::Relative => "Asks for care or clearance (relative)",
            Self::Unknown => "Still unknown, and needed",
        }
    }

    /// Its list.
    pub const fn of(self, jotted: &mut Jotted) -> &mut Vec<Flag> {
        match self {
            Self::Absolute => &mut jotted.found.absolute,
            Self::Relative => &mut jotted.found.relative,
            Self::Unknown => &mut jotted.found.unknown,
        }
    }

    const fn list(self, jotted: &Jotted) -> &Vec<Flag> {
        match self {
            Self::Absolute => &jotted.found.absolute,
            Self::Relative => &jotted.found.relative,
            Self::Unknown => &jotted.found.unknown,
        }
    }
}

impl Slot {
    fn new(label: impl Into<String>, kind: Kind, spot: Spot) -> Self {
        Self { heading: None, label: label.into(), note: String::new(), kind, spot }
    }

    fn note(self, note: impl Into<String>) -> Self {
        Self { note: note.into(), ..self }
    }

    fn under(self, heading: &str, note: &str) -> Self {
        Self { heading: Some((heading.to_owned(), note.to_owned())), ..self }
    }
}

/// The lines of the stage; none while questions are asked, and none once it is sealed.
#[must_use]
pub fn slots(pack: &Pack, sitting: &Sitting) -> Vec<Slot> {
    let jotted = &sitting.jotted;
    if sitting.brief {
        return vec![Slot::new("Begin the interview", Kind::Go, Spot::Begin)];
    }
    match &sitting.begun {
        Begun::Interview(attempt) if jotted.on_skin => {
            let asked = |id: &str| id.starts_with("skin.") && attempt.patient().asks(id);
            skin(pack, jotted, asked)
        }
        Begun::Contraindications(_) => flags(pack, jotted),
        Begun::Decision(attempt) => {
            let twists = &attempt.patient().case().twists;
            let at = sitting.twists_answered();
            match twists.get(at) {
                Some(twist) => {
                    let words = ["far less", "less", "neither", "more", "far more"];
                    let options = (-2..=2).zip(words).zip('1'..='5');
                    let options: Vec<Choice> = options
                        .map(|((n, label), key)| Choice {
                            id: n.to_string(),
                            label: label.to_owned(),
                            key,
                            help: String::new(),
                        })
                        .collect();
                    let taken = jotted.twist.and_then(|answer| usize::try_from(answer + 2).ok());
                    vec![
                        Slot::new(
                            "Does the news make it more or less tenable?",
                            Kind::Choice(options, taken),
                            Spot::Twist,
                        )
                        .note(format!("News: {}\nThe plan: {}", twist.reveals, twist.hypothesis))
                        .under(&format!("News {} of {}", at + 1, twists.len()), votes(twist)),
                        Slot::new("Answer", Kind::Go, Spot::Commit),
                    ]
                }
                None => decision(jotted),
            }
        }
        Begun::Cocktail(_) => cocktail(pack, jotted),
        Begun::Plan(_) => plan(pack, jotted),
        Begun::Confidence(_) => confidence(jotted),
        Begun::Interview(_) | Begun::Sealed(_) => Vec::new(),
    }
}

/// Whose votes an answer is held against.
const fn votes(twist: &crate::training::Twist) -> &'static str {
    if twist.voted.is_some() {
        "held against the votes of a panel"
    } else {
        "no panel has voted yet: it counts for no mark"
    }
}

fn skin(pack: &Pack, jotted: &Jotted, asked: impl Fn(&str) -> bool) -> Vec<Slot> {
    let mut slots = Vec::new();
    for row in pack.questions.iter().filter(|row| asked(&row.id)) {
        let given = jotted.skin.get(&row.id).map_or("", String::as_str);
        let kind = match &row.kind {
            QuestionKind::Choice(options) => {
                let keys = ('1'..='9').chain(['0']);
                let all = options.iter().zip(keys).map(|(option, key)| Choice {
                    id: option.id.clone(),
                    label: option.label.clone(),
                    key,
                    help: option.help.clone().unwrap_or_default(),
                });
                let all: Vec<Choice> = all.collect();
                let taken = all.iter().position(|option| option.id == given);
                Kind::Choice(all, taken)
            }
            QuestionKind::Number(number) => Kind::Number(given.to_owned(), number.unit.clone()),
            _ => continue,
        };
        slots.push(Slot::new(&row.label, kind, Spot::Skin(row.id.clone())));
    }
    if let Some(first) = slots.first_mut() {
        first.heading =
            Some(("Skin type and findings".to_owned(), "what you leave out counts as not given".to_owned()));
    }
    slots.push(Slot::new("Commit the skin: the interview is over then", Kind::Go, Spot::Commit));
    slots
}

fn flags(pack: &Pack, jotted: &Jotted) -> Vec<Slot> {
    let mut slots = Vec::new();
    for (weight, key) in Weight::ALL.into_iter().zip('1'..='3') {
        let start = slots.len();
        for (n, flag) in weight.list(jotted).iter().enumerate() {
            let (kind, id) = flag.text().split_once(':').unwrap_or(("question", flag.text()));
            slots.push(Slot::new(flag.label(pack), Kind::Entry, Spot::Flag(weight, n)).note(format!("{kind} {id}")));
        }
        slots.push(Slot::new(format!("{key}  add"), Kind::Add, Spot::AddFlag(weight)));
        if let Some(first) = slots.get_mut(start) {
            first.heading = Some((weight.label().to_owned(), String::new()));
        }
    }
    slots.push(Slot::new("Commit the contraindications", Kind::Go, Spot::Commit));
    slots
}

fn decision(jotted: &Jotted) -> Vec<Slot> {
    let helps = [
        "go on, with precautions where they are needed",
        "only after a named clinician has cleared it",
        "not before a date or an event",
        "assessment elsewhere first",
        "no treatment",
    ];
    let options: Vec<Choice> = Decision::WORDS
        .iter()
        .zip(helps)
        .zip('1'..='5')
        .map(|(((word, _), help), key)| Choice {
            id: (*word).to_owned(),
            label: (*word).to_owned(),
            key,
            help: help.to_owned(),
        })
        .collect();
    let taken = jotted.decision.and_then(|decision| options.iter().position(|option| option.id == decision.word()));
    vec![
        Slot::new("What do you do?", Kind::Choice(options, taken), Spot::Decision).under("Decision", ""),
        Slot::new("Commit the decision", Kind::Go, Spot::Commit),
    ]
}

fn cocktail(pack: &Pack, jotted: &Jotted) -> Vec<Slot> {
    let mut slots = Vec::new();
    for (n, mix) in jotted.mixes.iter().enumerate() {
        let goal = pack.goals.get(&mix.goal).map_or(mix.goal.as_str(), |row| &row.label);
        let area = pack.areas.get(&mix.area).map_or(mix.area.as_str(), |row| &row.label);
        let mut head = Slot::new(format!("{goal}, {}", area.to_lowercase()), Kind::Entry, Spot::Mix(n));
        head = head.note("taking this away takes the whole syringe");
        if n == 0 {
            head = head.under("Cocktail", "mL in the area, one session");
        }
        slots.push(head);
        for (part, (id, ml)) in mix.parts.iter().enumerate() {
            let label = pack.ingredients.get(id).map_or(id.as_str(), |row| &row.label);
            slots.push(Slot::new(label, Kind::Number(ml.clone(), "mL".to_owned()), Spot::Part(n, part)));
        }
        slots.push(Slot::new("add an ingredient", Kind::Add, Spot::AddPart(n)));
    }
    let mut add = Slot::new("add a goal and an area", Kind::Add, Spot::AddMix);
    if jotted.mixes.is_empty() {
        add = add.under("Cocktail", "nothing is injected so far, which is an answer too");
    }
    slots.push(add);
    let words = if jotted.mixes.is_empty() { "Commit: nothing is injected" } else { "Commit the cocktail" };
    slots.push(Slot::new(words, Kind::Go, Spot::Commit));
    slots
}

fn plan(pack: &Pack, jotted: &Jotted) -> Vec<Slot> {
    let number = |text: &String, unit: &str| Kind::Number(text.clone(), unit.to_owned());
    let mut slots = vec![
        Slot::new("Sessions of the first course", number(&jotted.sessions, ""), Spot::Sessions)
            .note("0: no course is planned")
            .under("Plan", ""),
    ];
    let none = jotted.sessions.trim().parse() == Ok(0_u32);
    if !none {
        slots.push(Slot::new("Days between them", number(&jotted.interval, "days"), Spot::Interval));
        let options = [("yes", '1'), ("no", '2')].map(|(word, key)| Choice {
            id: word.to_owned(),
            label: word.to_owned(),
            key,
            help: String::new(),
        });
        let taken = jotted.review.map(|yes| usize::from(!yes));
        slots.push(Slot::new("A review with a rule for stopping", Kind::Choice(options.to_vec(), taken), Spot::Review));
        let start = slots.len();
        for (n, id) in jotted.consent.iter().enumerate() {
            slots.push(Slot::new(consent_title(id), Kind::Entry, Spot::Consent(n)).note(consent_text(pack, id)));
        }
        slots.push(Slot::new("add a point", Kind::Add, Spot::AddConsent));
        if let Some(first) = slots.get_mut(start) {
            first.heading =
                Some(("Points to cover before signing".to_owned(), "those of this patient or this plan".to_owned()));
        }
    }
    slots.push(Slot::new("Commit the plan", Kind::Go, Spot::Commit));
    slots
}

fn confidence(jotted: &Jotted) -> Vec<Slot> {
    let of = ["contraindications", "decision", "cocktail"];
    let mut slots: Vec<Slot> = of
        .iter()
        .zip(&jotted.confidence)
        .enumerate()
        .map(|(n, (label, text))| {
            Slot::new(format!("Of the {label}"), Kind::Number(text.clone(), "of 100".to_owned()), Spot::Sure(n))
        })
        .collect();
    if let Some(first) = slots.first_mut() {
        first.heading = Some(("How sure are you?".to_owned(), "0 to 100; 50 is a coin".to_owned()));
    }
    slots.push(Slot::new("Seal: nothing can be changed afterwards", Kind::Go, Spot::Commit));
    slots
}

/// The id of a consent point, as words.
#[must_use]
pub fn consent_title(id: &str) -> String {
    let words = id.replace('-', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}

fn consent_text(pack: &Pack, id: &str) -> String {
    pack.consent.get(id).map(|row| row.text.to_string()).unwrap_or_default()
}
