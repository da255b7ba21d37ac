//! A proof as a text that anybody can check: the clauses of the circuit, what was learnt from them in order, and the
//! claims, each of which follows from what stands before it by unit propagation.

use std::fmt::Write as _;

use jiff::civil::Date;

use super::cnf::Literal;

/// A proof of all claims about one pack.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Certificate {
    /// The hash of the pack.
    pub pack: String,
    /// The day it is about: a clinic's override of a rule holds for a time.
    pub day: Date,
    /// The clauses that say what the nodes of the circuit mean.
    pub axioms: Vec<Vec<Literal>>,
    /// What follows, in order.
    pub steps: Vec<Step>,
}

/// One line of a proof.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// A clause on the way.
    Lemma(Vec<Literal>),
    /// A clause that answers a question: not all of these can hold together.
    Claim {
        /// The question.
        name: String,
        /// The clause.
        clause: Vec<Literal>,
    },
}

/// The first line of a certificate.
const HEADER: &str = "pistor-proof 1";

impl Certificate {
    /// As a file.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = format!("{HEADER}\npack {}\nday {}\n", self.pack, self.day);
        let mut line = |start: &str, clause: &[Literal]| {
            text.push_str(start);
            for literal in clause {
                let _ = write!(text, " {literal}");
            }
            text.push_str(" 0\n");
        };
        self.axioms.iter().for_each(|clause| line("a", clause));
        for step in &self.steps {
            match step {
                Step::Lemma(clause) => line("l", clause),
                Step::Claim { name, clause } => line(&format!("c {name}"), clause),
            }
        }
        text
    }

    /// Reads a file.
    ///
    /// # Errors
    /// A sentence with the line that cannot be understood.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut lines = text.lines().enumerate();
        let mut expect = |start: &str| match lines.next() {
            Some((_, line)) if line.starts_with(start) => {
                Ok(line.strip_prefix(start).unwrap_or_default().trim().to_owned())
            }
            Some((n, line)) => Err(format!("line {}: expected `{start}`, found `{line}`", n + 1)),
            None => Err(format!("the file ends where `{start}` is expected")),
        };
        expect(HEADER)?;
        let pack = expect("pack ")?;
        let day = expect("day ")?;
        let day = day.parse().map_err(|_| format!("`{day}` is not a day"))?;
        let mut certificate = Self { pack, day, ..Self::default() };
        for (n, line) in lines {
            let wrong = || format!("line {}: not a line of a proof: `{line}`", n + 1);
            let (kind, rest) = line.split_once(' ').ok_or_else(wrong)?;
            let (name, numbers) = if kind == "c" { rest.split_once(' ').ok_or_else(wrong)? } else { ("", rest) };
            let all: Result<Vec<Literal>, _> = numbers.split(' ').map(str::parse).collect();
            let mut clause = all.map_err(|_| wrong())?;
            if clause.pop() != Some(0) || clause.contains(&0) {
                return Err(wrong());
            }
            match kind {
                "a" => certificate.axioms.push(clause),
                "l" => certificate.steps.push(Step::Lemma(clause)),
                "c" => certificate.steps.push(Step::Claim { name: name.to_owned(), clause }),
                _ => return Err(wrong()),
            }
        }
        Ok(certificate)
    }

    /// The claims it makes.
    pub fn claims(&self) -> impl Iterator<Item = (&str, &[Literal])> {
        self.steps.iter().filter_map(|step| match step {
            Step::Claim { name, clause } => Some((name.as_str(), clause.as_slice())),
            Step::Lemma(_) => None,
        })
    }
}
