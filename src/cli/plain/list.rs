//! Lists: type to find, then the number of what was meant; qualifiers; goals and their areas.

use std::io::{BufRead, Write};

use super::ask::{choice, names, say_options};
use super::talk::{Command, Talk, Typed, meant, nth};
use super::{Consultation, Said, Stop};
use crate::find::Hit;
use crate::intake::{Answer, Entry, GoalEntry, Value, What};
use crate::pack::{List, Pack, QualifierKind, Question, QuestionIx};
use crate::tui::finder::Shelf;
use crate::tui::form;

/// Hits shown at most.
const HITS: usize = 8;

/// What was meant by some words.
enum Meant {
    /// The item with this id.
    Item(String),
    /// The words themselves, for review by hand.
    Words(String),
    /// Nothing of what was found.
    Nothing,
}

impl Consultation<'_> {
    /// A list of coded items.
    pub(super) fn list<R: BufRead, W: Write>(
        &mut self,
        talk: &mut Talk<R, W>,
        ix: QuestionIx,
        list: List,
    ) -> Result<Said, Stop> {
        let loaded = self.loaded;
        let question = &loaded.pack.questions[ix];
        loop {
            let empty = self.sheet.intake.entries(&question.id).is_empty();
            let prompt = if empty { "Name, or `none`:" } else { "Another name; Enter ends the list:" };
            let words = match talk.ask(prompt, |_| false)? {
                Typed::Nothing => return Ok(Said::Next),
                Typed::Command(Command::Remove(number)) => {
                    self.remove(talk, question, &number)?;
                    self.say_entries(talk, question);
                    continue;
                }
                Typed::Command(Command::Edit(number)) => {
                    match nth(&number, self.sheet.intake.entries(&question.id).len()) {
                        Some(at) => self.qualify(talk, question, list, at, true)?,
                        None => talk.say(&format!("There is no entry {number}: `edit` and its number.")),
                    }
                    self.say_entries(talk, question);
                    continue;
                }
                Typed::Command(command) => match self.command(talk, ix, command)? {
                    Some(said) => return Ok(said),
                    None => continue,
                },
                Typed::Words(words) => words,
            };
            let entry = match self.find(talk, Shelf::List(list), &words, true)? {
                Meant::Item(id) => Entry::coded(&id),
                Meant::Words(words) => Entry::free_text(&words),
                Meant::Nothing => continue,
            };
            if self.sheet.intake.entries(&question.id).contains(&entry) {
                talk.say("It is on the list already.");
                continue;
            }
            let label = form::entry_label(&loaded.pack, Some(list), &entry);
            talk.say_at(2, &format!("added: {label}{}", unread(&entry)));
            let mut entries = self.sheet.intake.entries(&question.id).to_vec();
            entries.push(entry);
            let at = entries.len() - 1;
            self.change(|sheet| sheet.intake.set(&question.id, Answer::Items(entries)))?;
            self.qualify(talk, question, list, at, false)?;
        }
    }

    /// The entries of a list with their numbers, and what was said about each.
    pub(super) fn say_entries<R: BufRead, W: Write>(&self, talk: &mut Talk<R, W>, question: &Question) {
        let pack = &self.loaded.pack;
        for (n, entry) in self.sheet.intake.entries(&question.id).iter().enumerate() {
            let said = form::detailed_words(pack, question, &Answer::Items(vec![entry.clone()]));
            talk.say_at(2, &format!("{} {said}{}", n + 1, unread(entry)));
        }
    }

    fn remove<R: BufRead, W: Write>(
        &mut self,
        talk: &mut Talk<R, W>,
        question: &Question,
        number: &str,
    ) -> Result<(), Stop> {
        let mut entries = self.sheet.intake.entries(&question.id).to_vec();
        let Some(at) = nth(number, entries.len()) else {
            talk.say(&format!("There is no entry {number}: `remove` and its number."));
            return Ok(());
        };
        entries.remove(at);
        self.change(|sheet| match entries.is_empty() {
            // An emptied list is not "none": that is said on purpose.
            true => sheet.intake.clear(&question.id),
            false => sheet.intake.set(&question.id, Answer::Items(entries)),
        })
    }

    /// What the rules want to know of an entry; what was said already only when it is asked `again`.
    pub(super) fn qualify<R: BufRead, W: Write>(
        &mut self,
        talk: &mut Talk<R, W>,
        question: &Question,
        list: List,
        at: usize,
        again: bool,
    ) -> Result<(), Stop> {
        const HELP: &str = "An answer as above, `unknown`, or Enter: left open, or as it is. `back`: to the list.";
        let loaded = self.loaded;
        let Some(entry) = self.sheet.intake.entries(&question.id).get(at).cloned() else { return Ok(()) };
        for ix in loaded.form.qualifiers(list, &entry) {
            let qualifier = &loaded.pack.qualifiers[*ix];
            let now = entry.qualifiers.get(&qualifier.id);
            if now.is_some() && !again {
                continue;
            }
            let open = match now {
                Some(value) => format!("now {}; Enter: as it is", form::value_words(qualifier, value)),
                None => "Enter: left open".to_owned(),
            };
            let prompt = match &qualifier.kind {
                QualifierKind::Choice(options) => {
                    talk.say_at(2, &qualifier.label);
                    say_options(talk, options, &form::option_keys(options));
                    format!("{} ({open}):", qualifier.label)
                }
                QualifierKind::Number(number) => {
                    let unit = if number.unit.is_empty() { String::new() } else { format!(" {}", number.unit) };
                    format!("{} ({} to {}{unit}; {open}):", qualifier.label, number.min, number.max)
                }
            };
            let value = loop {
                let is_answer = |word: &str| match &qualifier.kind {
                    QualifierKind::Choice(options) => names(options, word),
                    QualifierKind::Number(_) => false,
                };
                match self.prompt(talk, &prompt, HELP, is_answer)? {
                    Typed::Nothing => break None,
                    Typed::Command(Command::Unknown) => break Some(Value::Unknown),
                    Typed::Command(Command::Back) => return Ok(()),
                    Typed::Command(_) => talk.say("An answer, `unknown`, or Enter; `back` leaves it."),
                    Typed::Words(words) => match qualified(&qualifier.kind, &words) {
                        Ok(value) => break Some(value),
                        Err(why) => talk.say(&why),
                    },
                }
            };
            let Some(value) = value else { continue };
            self.change(|sheet| {
                if let Some(Answer::Items(entries)) = sheet.intake.answers.get_mut(&question.id)
                    && let Some(entry) = entries.get_mut(at)
                {
                    entry.qualifiers.insert(qualifier.id.clone(), value);
                }
            })?;
        }
        Ok(())
    }

    /// What was meant by some words. Nothing is taken without being shown.
    fn find<R: BufRead, W: Write>(
        &mut self,
        talk: &mut Talk<R, W>,
        shelf: Shelf,
        words: &str,
        free: bool,
    ) -> Result<Meant, Stop> {
        const HELP: &str = "Type the number of what was meant. `text`, where it is offered, keeps the words as they are: no \
                            rule reads them, and they are reviewed by hand. Enter: none of these, to type other words.";
        let hits = self.loaded.finder.search(&self.loaded.pack, shelf, words, HITS);
        say_hits(talk, &hits);
        if hits.is_empty() {
            talk.say_at(2, &format!("Nothing is called \"{words}\"."));
        }
        let keep = if free { " `text` keeps the words," } else { "" };
        let prompt = match hits.is_empty() {
            true if !free => return Ok(Meant::Nothing),
            true => "`text` keeps the words for review by hand; Enter: other words.".to_owned(),
            false => format!("Its number;{keep} Enter: none of these."),
        };
        loop {
            let line = match self.prompt(talk, &prompt, HELP, |_| false)? {
                Typed::Words(line) => line,
                Typed::Command(Command::Repeat) => {
                    say_hits(talk, &hits);
                    continue;
                }
                Typed::Nothing | Typed::Command(Command::None | Command::Back) => return Ok(Meant::Nothing),
                Typed::Command(_) => {
                    talk.say("A number, or Enter: none of these.");
                    continue;
                }
            };
            if free && line == "text" {
                return Ok(Meant::Words(words.to_owned()));
            }
            let numbered =
                hits.iter().enumerate().map(|(n, hit)| ((n + 1).to_string(), hit.id.as_str(), hit.label.as_str()));
            match meant(&line, numbered).and_then(|n| hits.get(n)) {
                Some(hit) => return Ok(Meant::Item(hit.id.clone())),
                None => talk.say(&format!("\"{line}\" is none of them.")),
            }
        }
    }

    /// Goals, each with its areas.
    pub(super) fn goals<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>, ix: QuestionIx) -> Result<Said, Stop> {
        let loaded = self.loaded;
        let question = &loaded.pack.questions[ix];
        loop {
            let mut goals = self.wanted(question);
            let prompt = if goals.is_empty() { "Goal:" } else { "Another goal; Enter ends the list:" };
            match talk.ask(prompt, |_| false)? {
                Typed::Nothing => return Ok(Said::Next),
                Typed::Command(Command::Remove(number)) => match nth(&number, goals.len()) {
                    Some(at) => drop(goals.remove(at)),
                    None => {
                        talk.say(&format!("There is no goal {number}: `remove` and its number."));
                        continue;
                    }
                },
                Typed::Command(Command::Edit(number)) => match nth(&number, goals.len()) {
                    Some(at) => {
                        talk.say_at(2, &format!("now: {}", in_words(&loaded.pack, &goals[at])));
                        let areas = self.areas(talk, &goals[at].goal)?;
                        if !areas.is_empty() {
                            goals[at].areas = areas;
                        }
                    }
                    None => {
                        talk.say(&format!("There is no goal {number}: `edit` and its number."));
                        continue;
                    }
                },
                Typed::Command(command) => match self.command(talk, ix, command)? {
                    Some(said) => return Ok(said),
                    None => continue,
                },
                Typed::Words(words) => {
                    let Meant::Item(id) = self.find(talk, Shelf::Goals, &words, false)? else { continue };
                    if goals.iter().any(|goal| goal.goal == id) {
                        talk.say("This goal is on the list already: `edit` and its number asks its areas again.");
                        continue;
                    }
                    let areas = self.areas(talk, &id)?;
                    if areas.is_empty() {
                        continue;
                    }
                    goals.push(GoalEntry { goal: id, areas });
                }
            }
            self.change(|sheet| match goals.is_empty() {
                true => sheet.intake.clear(&question.id),
                false => sheet.intake.set(&question.id, Answer::Goals(goals)),
            })?;
            self.say_goals(talk, question);
        }
    }

    /// The goals with their numbers.
    pub(super) fn say_goals<R: BufRead, W: Write>(&self, talk: &mut Talk<R, W>, question: &Question) {
        for (n, goal) in self.wanted(question).iter().enumerate() {
            talk.say_at(2, &format!("{} {}", n + 1, in_words(&self.loaded.pack, goal)));
        }
    }

    fn wanted(&self, question: &Question) -> Vec<GoalEntry> {
        match self.sheet.intake.get(&question.id) {
            Some(Answer::Goals(goals)) => goals.clone(),
            _ => Vec::new(),
        }
    }

    /// The areas of a goal; none when it was left.
    fn areas<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>, goal: &str) -> Result<Vec<String>, Stop> {
        const HELP: &str = "Type the numbers of the areas, or their names, with commas between them. An area that lies in \
                            another is treated with it: take one of them. Enter leaves the goal as it was.";
        let loaded = self.loaded;
        let pack = &loaded.pack;
        let Some(of) = pack.goals.get(goal) else { return Ok(Vec::new()) };
        let offered = form::areas_of(pack, of);
        if let [(only, _)] = offered.as_slice() {
            return Ok(vec![only.clone()]);
        }
        let say = |talk: &mut Talk<R, W>| {
            for (n, (id, depth)) in offered.iter().enumerate() {
                talk.say_at(2 + 2 * depth, &format!("{} {}", n + 1, form::area_label(pack, id)));
            }
        };
        say(talk);
        loop {
            let line = match self.prompt(
                talk,
                "Where? Numbers or names, with commas; Enter: leave this goal:",
                HELP,
                |_| false,
            )? {
                Typed::Words(line) => line,
                Typed::Nothing | Typed::Command(Command::Back | Command::None) => return Ok(Vec::new()),
                Typed::Command(Command::Repeat) => {
                    say(talk);
                    continue;
                }
                Typed::Command(_) => {
                    talk.say("Areas, or Enter: leave this goal.");
                    continue;
                }
            };
            match chosen(pack, &offered, &line) {
                Err(why) => talk.say(&why),
                Ok(areas) if areas.is_empty() => {}
                Ok(areas) => return Ok(areas),
            }
        }
    }
}

/// The areas that a line names: each is known, and none lies in another, for which one dose would be planned twice.
fn chosen(pack: &Pack, offered: &[(String, usize)], line: &str) -> Result<Vec<String>, String> {
    let labels: Vec<String> = offered.iter().map(|(id, _)| form::area_label(pack, id)).collect();
    let mut chosen: Vec<String> = Vec::new();
    for word in line.split(',').map(str::trim).filter(|word| !word.is_empty()) {
        let rows = offered.iter().zip(&labels).enumerate();
        let rows = rows.map(|(n, ((id, _), label))| ((n + 1).to_string(), id.as_str(), label.as_str()));
        match meant(word, rows).and_then(|n| offered.get(n)) {
            Some((id, _)) if !chosen.contains(id) => chosen.push(id.clone()),
            Some(_) => {}
            None => return Err(format!("\"{word}\" is none of these areas.")),
        }
    }
    let inside = chosen.iter().find_map(|id| {
        let outer = pack.area_path(pack.areas.find(id)?).skip(1).find(|o| chosen.contains(&pack.areas[*o].id))?;
        Some(format!("{} lies in {}: take one of them.", form::area_label(pack, id), pack.areas[outer].label))
    });
    inside.map_or(Ok(chosen), Err)
}

/// What a text means as a detail of an entry.
fn qualified(kind: &QualifierKind, words: &str) -> Result<Value, String> {
    match kind {
        QualifierKind::Choice(options) => choice(words, options, &form::option_keys(options))
            .and_then(|n| options.get(n))
            .map(|option| Value::Choice(option.id.clone()))
            .ok_or_else(|| format!("\"{words}\" is not one of the answers.")),
        QualifierKind::Number(number) => form::read_number(number, words).map(Value::Number),
    }
}

/// What is said behind an entry that no rule reads.
fn unread(entry: &Entry) -> &'static str {
    if matches!(entry.what, What::FreeText(_)) { " (no rule reads words: review by hand)" } else { "" }
}

pub(super) fn say_hits<R: BufRead, W: Write>(talk: &mut Talk<R, W>, hits: &[Hit]) {
    for (n, hit) in hits.iter().enumerate() {
        talk.say_at(2, &format!("{} {}", n + 1, shown(hit)));
    }
}

fn in_words(pack: &Pack, goal: &GoalEntry) -> String {
    let areas: Vec<String> = goal.areas.iter().map(|id| form::area_label(pack, id)).collect();
    format!("{}: {}", form::goal_label(pack, &goal.goal), areas.join(", "))
}

pub(super) fn shown(hit: &Hit) -> String {
    let by = if hit.matched == hit.label { String::new() } else { format!(" ({})", hit.matched) };
    let near = if hit.similar { ", similar" } else { "" };
    format!("{}{by}{near}", hit.label)
}
