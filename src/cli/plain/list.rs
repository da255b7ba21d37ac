//! Lists: type to find, then the number of what was meant; qualifiers; goals and their areas.

use std::io::{BufRead, Write};

use super::ask::{choice, names, say_options};
use super::talk::{Command, Talk, Typed, meant};
use super::{Consultation, Said, Stop};
use crate::find::Hit;
use crate::intake::{Answer, Entry, GoalEntry, Value, What};
use crate::pack::{List, Pack, QualifierKind, Question};
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
        question: &Question,
        list: List,
    ) -> Result<Said, Stop> {
        let loaded = self.loaded;
        self.say_entries(talk, question, list);
        loop {
            let empty = self.sheet.intake.entries(&question.id).is_empty();
            let prompt = if empty { "Name, or `none`:" } else { "Another name; Enter ends the list:" };
            let words = match talk.ask_plainly(prompt)? {
                Typed::Nothing => return Ok(Said::Next),
                Typed::Command(command) => match self.command(talk, question, command)? {
                    Some(said) => return Ok(said),
                    None => continue,
                },
                Typed::Words(words) => words,
            };
            if let Some(number) = words.strip_prefix("remove ") {
                self.remove(talk, question, number)?;
                self.say_entries(talk, question, list);
                continue;
            }
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
            let reviewed =
                if matches!(entry.what, What::FreeText(_)) { " (no rule reads words: review by hand)" } else { "" };
            talk.say_at(2, &format!("added: {label}{reviewed}"));
            let mut entries = self.sheet.intake.entries(&question.id).to_vec();
            entries.push(entry);
            let at = entries.len() - 1;
            self.change(|sheet| sheet.intake.set(&question.id, Answer::Items(entries)))?;
            self.qualify(talk, question, list, at)?;
        }
    }

    fn say_entries<R: BufRead, W: Write>(&self, talk: &mut Talk<R, W>, question: &Question, list: List) {
        for (n, entry) in self.sheet.intake.entries(&question.id).iter().enumerate() {
            talk.say_at(2, &format!("{} {}", n + 1, form::entry_label(&self.loaded.pack, Some(list), entry)));
        }
    }

    fn remove<R: BufRead, W: Write>(
        &mut self,
        talk: &mut Talk<R, W>,
        question: &Question,
        number: &str,
    ) -> Result<(), Stop> {
        let mut entries = self.sheet.intake.entries(&question.id).to_vec();
        let at = number.trim().parse::<usize>().ok().and_then(|n| n.checked_sub(1)).filter(|at| *at < entries.len());
        let Some(at) = at else {
            talk.say(&format!("There is no entry {number}."));
            return Ok(());
        };
        entries.remove(at);
        self.change(|sheet| match entries.is_empty() {
            // An emptied list is not "none": that is said on purpose.
            true => sheet.intake.clear(&question.id),
            false => sheet.intake.set(&question.id, Answer::Items(entries)),
        })
    }

    /// What the rules want to know of an entry.
    pub(super) fn qualify<R: BufRead, W: Write>(
        &mut self,
        talk: &mut Talk<R, W>,
        question: &Question,
        list: List,
        at: usize,
    ) -> Result<(), Stop> {
        let loaded = self.loaded;
        let Some(entry) = self.sheet.intake.entries(&question.id).get(at).cloned() else { return Ok(()) };
        for ix in loaded.form.qualifiers(list, &entry) {
            let qualifier = &loaded.pack.qualifiers[*ix];
            if entry.qualifiers.contains_key(&qualifier.id) {
                continue;
            }
            let prompt = match &qualifier.kind {
                QualifierKind::Choice(options) => {
                    talk.say_at(2, &qualifier.label);
                    say_options(talk, options, &form::option_keys(options));
                    format!("{} (Enter: left open):", qualifier.label)
                }
                QualifierKind::Number(number) => {
                    let unit = if number.unit.is_empty() { String::new() } else { format!(" {}", number.unit) };
                    format!("{} ({} to {}{unit}; Enter: left open):", qualifier.label, number.min, number.max)
                }
            };
            let value = loop {
                let is_answer = |word: &str| match &qualifier.kind {
                    QualifierKind::Choice(options) => names(options, word),
                    QualifierKind::Number(_) => false,
                };
                match talk.ask(&prompt, is_answer)? {
                    Typed::Nothing => break None,
                    Typed::Command(Command::Unknown) => break Some(Value::Unknown),
                    Typed::Command(_) => talk.say("An answer, `unknown`, or Enter."),
                    Typed::Words(words) => match &qualifier.kind {
                        QualifierKind::Choice(options) => {
                            match choice(&words, options, &form::option_keys(options)).and_then(|n| options.get(n)) {
                                Some(option) => break Some(Value::Choice(option.id.clone())),
                                None => talk.say(&format!("\"{words}\" is not one of the answers.")),
                            }
                        }
                        QualifierKind::Number(kind) => match form::read_number(kind, &words) {
                            Ok(amount) => break Some(Value::Number(amount)),
                            Err(why) => talk.say(&why),
                        },
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
        &self,
        talk: &mut Talk<R, W>,
        shelf: Shelf,
        words: &str,
        free: bool,
    ) -> Result<Meant, Stop> {
        let hits = self.loaded.finder.search(&self.loaded.pack, shelf, words, HITS);
        for (n, hit) in hits.iter().enumerate() {
            talk.say_at(2, &format!("{} {}", n + 1, shown(hit)));
        }
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
            let line = talk.line(&prompt)?;
            if line.is_empty() || line == "none" {
                return Ok(Meant::Nothing);
            }
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
    pub(super) fn goals<R: BufRead, W: Write>(
        &mut self,
        talk: &mut Talk<R, W>,
        question: &Question,
    ) -> Result<Said, Stop> {
        loop {
            let goals = self.wanted(question);
            for (n, goal) in goals.iter().enumerate() {
                talk.say_at(2, &format!("{} {}", n + 1, in_words(&self.loaded.pack, goal)));
            }
            let prompt = if goals.is_empty() { "Goal:" } else { "Another goal; Enter ends the list:" };
            let words = match talk.ask_plainly(prompt)? {
                Typed::Nothing => return Ok(Said::Next),
                Typed::Command(command) => match self.command(talk, question, command)? {
                    Some(said) => return Ok(said),
                    None => continue,
                },
                Typed::Words(words) => words,
            };
            if let Some(number) = words.strip_prefix("remove ") {
                let at =
                    number.trim().parse::<usize>().ok().and_then(|n| n.checked_sub(1)).filter(|at| *at < goals.len());
                match at {
                    None => talk.say(&format!("There is no goal {number}.")),
                    Some(at) => {
                        let mut goals = goals;
                        goals.remove(at);
                        self.change(|sheet| match goals.is_empty() {
                            true => sheet.intake.clear(&question.id),
                            false => sheet.intake.set(&question.id, Answer::Goals(goals)),
                        })?;
                    }
                }
                continue;
            }
            let Meant::Item(id) = self.find(talk, Shelf::Goals, &words, false)? else { continue };
            if goals.iter().any(|goal| goal.goal == id) {
                talk.say("This goal is on the list already; `remove N` takes it off.");
                continue;
            }
            let areas = self.areas(talk, &id)?;
            if areas.is_empty() {
                continue;
            }
            let mut goals = goals;
            goals.push(GoalEntry { goal: id, areas });
            self.change(|sheet| sheet.intake.set(&question.id, Answer::Goals(goals)))?;
        }
    }

    fn wanted(&self, question: &Question) -> Vec<GoalEntry> {
        match self.sheet.intake.get(&question.id) {
            Some(Answer::Goals(goals)) => goals.clone(),
            _ => Vec::new(),
        }
    }

    /// The areas of a goal; none when it was left.
    fn areas<R: BufRead, W: Write>(&self, talk: &mut Talk<R, W>, goal: &str) -> Result<Vec<String>, Stop> {
        let pack = &self.loaded.pack;
        let Some(of) = pack.goals.get(goal) else { return Ok(Vec::new()) };
        let offered = form::areas_of(pack, of);
        if let [(only, _)] = offered.as_slice() {
            return Ok(vec![only.clone()]);
        }
        for (n, (id, depth)) in offered.iter().enumerate() {
            talk.say_at(2 + 2 * depth, &format!("{} {}", n + 1, form::area_label(pack, id)));
        }
        loop {
            let line = talk.line("Where? Numbers or names, with commas between them; Enter: leave this goal.")?;
            if line.is_empty() {
                return Ok(Vec::new());
            }
            let labels: Vec<String> = offered.iter().map(|(id, _)| form::area_label(pack, id)).collect();
            let mut chosen: Vec<String> = Vec::new();
            let mut wrong = None;
            for word in line.split(',').map(str::trim).filter(|word| !word.is_empty()) {
                let rows = offered.iter().zip(&labels).enumerate();
                let rows = rows.map(|(n, ((id, _), label))| ((n + 1).to_string(), id.as_str(), label.as_str()));
                match meant(word, rows).and_then(|n| offered.get(n)) {
                    Some((id, _)) if !chosen.contains(id) => chosen.push(id.clone()),
                    Some(_) => {}
                    None => wrong = Some(format!("\"{word}\" is none of these areas.")),
                }
            }
            // One dose would be planned twice.
            let inside = chosen.iter().find_map(|id| {
                let outer =
                    pack.area_path(pack.areas.find(id)?).skip(1).find(|o| chosen.contains(&pack.areas[*o].id))?;
                Some(format!("{} lies in {}: take one of them.", form::area_label(pack, id), pack.areas[outer].label))
            });
            match wrong.or(inside) {
                Some(why) => talk.say(&why),
                None if chosen.is_empty() => {}
                None => return Ok(chosen),
            }
        }
    }
}

fn in_words(pack: &Pack, goal: &GoalEntry) -> String {
    let areas: Vec<String> = goal.areas.iter().map(|id| form::area_label(pack, id)).collect();
    format!("{}: {}", form::goal_label(pack, &goal.goal), areas.join(", "))
}

fn shown(hit: &Hit) -> String {
    let by = if hit.matched == hit.label { String::new() } else { format!(" ({})", hit.matched) };
    let near = if hit.similar { ", similar" } else { "" };
    format!("{}{by}{near}", hit.label)
}
