//! Training cases that nobody wrote: a patient made for a rule, in words that a patient would use.

use std::fmt::Write as _;
use std::sync::Arc;

use jiff::civil::Date;
use toml::Value;

use super::author::{check, outcome};
use super::case::{Case, Cases, Fact, Template};
use super::read::{case_files, defaults, read_files};
use crate::intake::{Answer, Entry, GoalEntry, Value as Said, What};
use crate::pack::load::LayerFiles;
use crate::pack::{Identified, List, Pack, Phrase, Portraits, QualifierKind, QuestionKind, Verdict};
use crate::plan::MadeBy;
use crate::proof::{Kind, Made, Maker, Seeded};
use crate::rules::lower;
use crate::source::SourceFile;

/// The first word of the id of every made case.
const PREFIX: &str = "made";

/// Turns made patients into training cases.
#[derive(Debug)]
pub struct Studio<'a> {
    pack: &'a Pack,
    portraits: &'a Portraits,
    /// The facts that every case starts from, and their files.
    defaults: Vec<Fact>,
    files: Vec<Arc<SourceFile>>,
}

/// What a made case is about: from its id everything follows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MadeId {
    /// What for.
    pub kind: Kind,
    /// The rule.
    pub rule: String,
    /// Which of the patients of this kind.
    pub name: String,
    /// The seed.
    pub seed: u64,
}

impl MadeId {
    /// The first case that is made for a rule.
    #[must_use]
    pub fn first(rule: &str) -> Self {
        Self { kind: Kind::Isolating, rule: rule.to_owned(), name: "1".to_owned(), seed: 0 }
    }

    /// As it is written.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{PREFIX}-{}-{}-{}-{}", self.kind.word(), self.rule, self.name, self.seed)
    }

    /// Reads an id; `None` when it is none of a made case of this pack.
    #[must_use]
    pub fn parse(pack: &Pack, id: &str) -> Option<Self> {
        let rest = id.strip_prefix(PREFIX)?.strip_prefix('-')?;
        let (kind, rest) =
            Kind::ALL.into_iter().find_map(|kind| Some((kind, rest.strip_prefix(kind.word())?.strip_prefix('-')?)))?;
        let (rest, seed) = rest.rsplit_once('-')?;
        let inside = |rule: &&str| rest.strip_prefix(rule).is_some_and(|name| name.len() > 1 && name.starts_with('-'));
        // Of two rules of which one begins like the other, the longer one is meant.
        let rule = pack.rules.ids().filter(inside).max_by_key(|rule| rule.len())?;
        let name = rest.strip_prefix(rule)?.strip_prefix('-')?.to_owned();
        Some(Self { kind, rule: rule.to_owned(), name, seed: seed.parse().ok()? })
    }

    /// The patient, made again.
    #[must_use]
    pub fn patient(&self, maker: &mut Maker<'_>) -> Option<Made> {
        let rule = maker.pack().rules.find(&self.rule)?;
        maker.make(self.kind, rule, self.seed).cases.into_iter().find(|made| made.name == self.name)
    }
}

impl<'a> Studio<'a> {
    /// A studio for a pack: its layers say what patients start from.
    #[must_use]
    pub fn of(pack: &'a Pack, layers: &[LayerFiles], portraits: &'a Portraits) -> Self {
        let files = case_files(layers).filter(|file| file.text.contains("[[default]]")).cloned().collect();
        Self { pack, portraits, defaults: defaults(pack, layers), files }
    }

    /// A patient as a training case: its text, and the case that it reads back to.
    ///
    /// # Errors
    /// What is wrong with the case: it does not read back, does not exercise its rule, or `case check` refuses it.
    pub fn case(&self, made: &Made, seed: u64, today: Date) -> Result<(String, Arc<Case>), Vec<String>> {
        let id = MadeId { kind: made.kind, rule: made.rule.clone(), name: made.name.clone(), seed }.text();
        let open = self.text(&id, made, seed, "verdict = \"proceed\"\nflags = []\nnot_flags = []\n");
        let case = self.read(&id, &open)?;
        // What comes out is read off the patient that the text makes, never pasted.
        let (verdict, fired) = outcome(self.pack, &case, today);
        if fired.contains(&made.rule) != made.fires {
            return Err(vec![format!("{id}: as a training case it lists {}", fired.join(", "))]);
        }
        let flags: Vec<&str> =
            fired.iter().map(String::as_str).filter(|rule| self.pack.rules.get(rule).is_some()).collect();
        let not: Vec<&str> = if made.fires { Vec::new() } else { vec![made.rule.as_str()] };
        let expect =
            format!("verdict = \"{}\"\nflags = {}\nnot_flags = {}\n", verdict.word(), texts(&flags), texts(&not));
        let text = self.text(&id, made, seed, &expect);
        let case = self.read(&id, &text)?;
        let wrong = check(self.pack, &case, today);
        if wrong.is_empty() { Ok((text, case)) } else { Err(wrong) }
    }

    fn read(&self, id: &str, text: &str) -> Result<Arc<Case>, Vec<String>> {
        let mut files = self.files.clone();
        files.push(SourceFile::new(format!("{id}.toml"), text));
        let mut cases: Cases = read_files(self.pack, &files).map_err(|report| vec![report.render(false)])?;
        // The files of defaults hold no case.
        cases.remove(id).ok_or_else(|| vec![format!("{id}: it did not read back")])
    }

    fn text(&self, id: &str, made: &Made, seed: u64, expect: &str) -> String {
        let mut draw = Seeded::new(seed, id);
        let rule = self.pack.rules.get(&made.rule);
        let severe = rule.is_some_and(|rule| rule.absolute && rule.first_verdict >= Verdict::Defer);
        let critical: Vec<&str> = if severe && made.fires { vec![made.rule.as_str()] } else { Vec::new() };
        let level = match made.kind {
            Kind::Isolating => 1,
            Kind::NearMiss => 2,
            Kind::Boundary => 3,
        };
        let by =
            MadeBy { kind: made.kind.word().to_owned(), rule: made.rule.clone(), seed, pack: self.pack.hash.clone() };
        let title = drawn(&self.portraits.titles, &mut draw).unwrap_or("A first visit");
        let mut text = format!("# Made, not written: {}.\nid = {}\nversion = 1\n", made.shows, quoted(id));
        let _ = writeln!(text, "title = {}\nlevel = {level}\nminutes = 12", quoted(title));
        let _ = writeln!(text, "brief = {}", quoted(&self.brief(made, &mut draw)));
        let _ = writeln!(text, "objectives = {}\ncritical = {}", texts(&[&made.rule]), texts(&critical));
        let _ = writeln!(text, "made_by = {}", by.to_value());
        for (question, answer) in &made.intake.answers {
            self.facts(question, answer, &mut draw, &mut text);
        }
        let _ = write!(text, "\n[expect]\n{expect}");
        text
    }

    /// What is read before the interview.
    fn brief(&self, made: &Made, draw: &mut Seeded) -> String {
        let sex = match made.intake.get("patient.sex") {
            Some(Answer::Choice(sex)) => sex.as_str(),
            _ => "",
        };
        let names = self.portraits.names.get(sex).map(Vec::as_slice).unwrap_or_default();
        let name = drawn(names, draw).unwrap_or("Robin Rolle");
        let roles = &self.pack.roles;
        let age = match made.intake.get(&self.pack.questions[roles.age].id) {
            Some(Answer::Number(n)) => n.to_string(),
            _ => "an age that is not known".to_owned(),
        };
        let wish = match made.intake.get(&self.pack.questions[roles.goals].id) {
            Some(Answer::Goals(goals)) => goals.first(),
            _ => None,
        };
        let (goal, area) = wish.map(|wish| self.wish(wish)).unwrap_or_default();
        let brief = drawn(&self.portraits.briefs, draw)
            .unwrap_or("{name}, an invented patient of {age}, asks about {goal} ({area}).");
        brief.replace("{name}", name).replace("{age}", &age).replace("{goal}", &goal).replace("{area}", &area)
    }

    fn wish(&self, wish: &GoalEntry) -> (String, String) {
        let goal = self.pack.goals.get(&wish.goal).map_or(wish.goal.clone(), |goal| lower(&goal.label));
        let area = |id: &String| self.pack.areas.get(id).map_or(id.clone(), |area| lower(&area.label));
        (goal, wish.areas.iter().map(area).collect::<Vec<_>>().join(", "))
    }

    /// One answer as facts, unless every patient starts from it; lists are told entry by entry.
    fn facts(&self, question: &str, answer: &Answer, draw: &mut Seeded, text: &mut String) {
        let usual = self
            .defaults
            .iter()
            .any(|fact| fact.question == question && matches!(&fact.value, Template::Fixed(known) if known == answer));
        let row = self.pack.questions.get(question).map(|row| &row.kind);
        match (answer, row) {
            _ if usual => {}
            (Answer::Items(entries), Some(QuestionKind::List(list))) if !entries.is_empty() => {
                for entry in entries {
                    let phrase = self.portraits.phrase(question, entry_id(entry));
                    let says = self.entry(*list, entry, phrase, draw);
                    fact(text, question, &Answer::Items(vec![entry.clone()]), Some(&says), phrase);
                }
            }
            _ => {
                let word = match answer {
                    Answer::Choice(word) => word.as_str(),
                    _ => "",
                };
                let phrase = self.portraits.phrase(question, word).filter(|_| !matches!(answer, Answer::Items(_)));
                let says = phrase.and_then(|phrase| drawn(&phrase.says, draw));
                fact(text, question, answer, says, phrase);
            }
        }
    }

    /// An entry of a list in the words of the patient.
    fn entry(&self, list: List, entry: &Entry, phrase: Option<&Phrase>, draw: &mut Seeded) -> String {
        let name = match &entry.what {
            What::Coded(id) => self.lay_name(list, id, draw),
            What::FreeText(text) => text.clone(),
        };
        let mut rest = String::new();
        for (key, value) in &entry.qualifiers {
            if let Some(said) = self.qualifier(key, value, draw) {
                let _ = write!(rest, "; {said}");
            }
        }
        let says = phrase.and_then(|phrase| drawn(&phrase.says, draw)).unwrap_or("{name}{rest}.");
        capital(&says.replace("{name}", &name).replace("{rest}", &rest))
    }

    /// A name that patients use: that of the portraits, else the label without what stands in brackets, or one of the first synonyms.
    fn lay_name(&self, list: List, id: &str, draw: &mut Seeded) -> String {
        if let Some(name) = self.portraits.called.get(id).and_then(|names| drawn(names, draw)) {
            return name.to_owned();
        }
        let Some(item) = self.pack.list(list).get(id) else { return id.to_owned() };
        let label = item.label.split(" (").next().unwrap_or(&item.label);
        // Nobody has "a rash or hives": of a label that leaves a choice the first is taken.
        let label = label.split(" or ").next().unwrap_or(label);
        let mut names = vec![if list == List::Medications { label.to_owned() } else { lower(label) }];
        let plain = |name: &&String| {
            name.len() > 3
                && name.chars().all(|c| c.is_ascii_alphabetic() || " -'".contains(c))
                && name.chars().any(|c| c.is_ascii_lowercase())
        };
        names.extend(item.also.iter().take(2).filter(plain).cloned());
        names.swap_remove(draw.below(names.len()))
    }

    fn qualifier(&self, key: &str, value: &Said, draw: &mut Seeded) -> Option<String> {
        let row = self.pack.qualifiers.get(key)?;
        let (word, shown) = match (value, &row.kind) {
            (Said::Number(n), QualifierKind::Number(kind)) => {
                (n.to_string(), format!("{n} {}", kind.unit).trim_end().to_owned())
            }
            (Said::Choice(word), QualifierKind::Choice(options)) => {
                let option = options.iter().find(|option| option.id == *word).map(|option| lower(&option.label));
                let area = self.pack.areas.get(word).map(|area| lower(&area.label));
                (word.clone(), option.or(area).unwrap_or_else(|| word.clone()))
            }
            _ => return None,
        };
        let phrase = self.portraits.phrase(row.id(), &word);
        let says = phrase.and_then(|phrase| drawn(&phrase.says, draw));
        Some(says.map_or_else(|| format!("{}: {shown}", lower(&row.label)), |says| says.replace("{value}", &shown)))
    }
}

/// Every way out of a fact goes through the same lines.
fn fact(text: &mut String, question: &str, answer: &Answer, says: Option<&str>, phrase: Option<&Phrase>) {
    let _ = writeln!(text, "\n[[fact]]\nid = {}\nvalue = {}", quoted(question), crate::intake::answer_toml(answer));
    if let Some(says) = says {
        let _ = writeln!(text, "says = {}", quoted(says));
    }
    // Of several one is drawn by the seed of the patient.
    if let Some(vague) = phrase.map(|phrase| &phrase.vague).filter(|vague| !vague.is_empty()) {
        let vague: Vec<&str> = vague.iter().map(String::as_str).collect();
        let _ = writeln!(text, "vague = {}\ndisclose = \"probe\"", texts(&vague));
    }
}

fn entry_id(entry: &Entry) -> &str {
    match &entry.what {
        What::Coded(id) => id,
        What::FreeText(_) => "",
    }
}

fn drawn<'t>(all: &'t [String], draw: &mut Seeded) -> Option<&'t str> {
    all.get(draw.below(all.len())).map(String::as_str)
}

fn quoted(text: &str) -> String {
    Value::String(text.to_owned()).to_string()
}

fn texts(all: &[&str]) -> String {
    Value::Array(all.iter().map(|text| Value::String((*text).to_owned())).collect()).to_string()
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::{builtin, builtin_files};

    #[test]
    fn of_a_name_that_is_two_nobody_has_half() {
        let pack = builtin().unwrap_or_else(|report| panic!("{}", report.render(false)));
        let layers = [builtin_files()];
        let portraits =
            crate::pack::load::portraits(&pack, &layers).unwrap_or_else(|why| panic!("{}", why.render(false)));
        let studio = Studio::of(&pack, &layers, &portraits);
        let names = |list, id: &str| -> Vec<String> {
            (0..20).map(|seed| studio.lay_name(list, id, &mut Seeded::new(seed, id))).collect()
        };
        for id in
            ["genital-herpes", "herpes-zoster", "herpes-labialis", "back-or-neck-pain", "peptic-ulcer", "thread-veins"]
        {
            let whole =
                ["herpes", "shingles", "cold sores", "fever blisters", "back pain", "stomach ulcer", "thread veins"];
            let said = names(List::Conditions, id);
            assert!(said.iter().all(|name| whole.iter().any(|one| name.contains(one))), "{id}: {said:?}");
        }
        assert!(names(List::Events, "important-date").iter().all(|name| name.contains("wedding next week")));
        // Two whole names: the first will do.
        assert!(names(List::Conditions, "pacemaker").iter().all(|name| !name.contains(" or ")));
    }
}
