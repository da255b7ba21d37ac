//! Which key runs which command: the table of commands, with what `[keys]` of the configuration changes.
//!
//! Enter, Esc and Ctrl-C stay where they are: whatever a configuration says, one can go on, go back and end.

use std::collections::HashMap;
use std::sync::Arc;

use crossterm::event::KeyCode as K;

use super::action::{ACTIONS, Action, ActionDef, is_option, types};
use super::context::Context;
use super::keys::{Chord, ctrl, key};
use crate::source::{Code, Cursor, Fields, Problems, Report, Scalar, SourceFile, parse};

/// `[keys]` names a command that there is not.
pub const NO_COMMAND: Code = Code("C0003");
/// What stands in `[keys]` is no key, or one that cannot be given to that command.
pub const NO_KEY: Code = Code("C0004");
/// One key would mean two things in one place.
pub const TWICE: Code = Code("C0005");

/// Keys that no configuration takes away or gives to something else.
const RESERVED: [Chord; 3] = [key(K::Enter), key(K::Esc), ctrl('c')];

/// The keys of all commands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyMap {
    /// In the order of [`ACTIONS`].
    keys: Vec<Vec<Chord>>,
}

impl Default for KeyMap {
    fn default() -> Self {
        Self { keys: ACTIONS.iter().map(|def| def.keys.to_vec()).collect() }
    }
}

impl KeyMap {
    /// All commands with their keys.
    pub fn commands(&self) -> impl Iterator<Item = (&'static ActionDef, &[Chord])> {
        ACTIONS.iter().zip(self.keys.iter().map(Vec::as_slice))
    }

    /// The command of a key in a context.
    #[must_use]
    pub fn find(&self, context: Context, chord: Chord) -> Option<Action> {
        self.commands().find(|(def, keys)| def.is_in(context) && keys.contains(&chord)).map(|(def, _)| def.action)
    }

    /// The key of a command, to be named in a sentence; without one, how else it is reached.
    #[must_use]
    pub fn say(&self, id: &str) -> String {
        let first = |id: &str| self.commands().find(|(def, _)| def.id == id).and_then(|(_, keys)| keys.first());
        let by_name = || {
            let label = ACTIONS.iter().find(|def| def.id == id).map_or(id, |def| def.label);
            first("palette").map_or_else(|| format!("\"{label}\""), |key| format!("{}, \"{label}\"", key.label()))
        };
        first(id).map_or_else(by_name, |chord| chord.label())
    }

    /// The key of a command, to be named where these characters mean something else.
    #[must_use]
    pub fn say_beside(&self, id: &str, taken: &[char]) -> String {
        let keys = self.commands().find(|(def, _)| def.id == id).map_or(&[][..], |(_, keys)| keys);
        let free = keys.iter().find(|chord| chord.typed().is_none_or(|c| !taken.contains(&c)));
        free.map_or_else(|| self.say(id), |chord| chord.label())
    }

    /// The keys of a command for people, each once.
    #[must_use]
    pub fn labels(keys: &[Chord]) -> Vec<String> {
        let mut labels: Vec<String> = Vec::new();
        for chord in keys {
            let label = chord.label();
            if !labels.contains(&label) {
                labels.push(label);
            }
        }
        labels
    }

    /// Reads `[keys]` of a configuration; without that table the keys are those of the table of commands.
    ///
    /// # Errors
    /// Every mistake in it, with its place.
    pub fn read(file: &Arc<SourceFile>) -> Result<Self, Report> {
        let mut problems = Problems::default();
        // Mistakes of the file itself are reported where all of it is read.
        let document = parse(file, &mut Problems::default());
        let mut top = Fields::of_file(file, &document, "the configuration");
        let mut map = Self::default();
        let mut said = HashMap::new();
        let table = top.get("keys").and_then(|value| value.table("[keys]", &mut Problems::default()));
        let entries = table.map(|table| named("", &table)).unwrap_or_default();
        for (id, at, value) in &entries {
            let Some(command) = ACTIONS.iter().position(|def| def.id == *id) else {
                problems.unknown_word(at, NO_COMMAND, "command", id, ACTIONS.iter().map(|def| def.id));
                continue;
            };
            let mut keys: Vec<Chord> = Vec::new();
            for one in value.one_or_many() {
                if let Some(chord) = read_key(&one, &ACTIONS[command], &mut problems) {
                    said.entry((command, chord)).or_insert_with(|| one.clone());
                    keys.push(chord);
                }
            }
            keys.extend(ACTIONS[command].keys.iter().filter(|chord| RESERVED.contains(chord)));
            map.keys[command] = keys;
        }
        map.collisions(&said, &mut problems);
        let report = problems.into_report();
        if report.is_empty() { Ok(map) } else { Err(report) }
    }

    /// Reports every key of the configuration that would mean two things in one place; once for each pair.
    fn collisions(&self, said: &HashMap<(usize, Chord), Cursor<'_>>, problems: &mut Problems) {
        let mut told: Vec<(usize, usize, Chord)> = Vec::new();
        for context in Context::ALL {
            let mut owner: HashMap<Chord, usize> = HashMap::new();
            for (n, keys) in self.keys.iter().enumerate().filter(|(n, _)| ACTIONS[*n].is_in(context)) {
                for chord in keys {
                    let other = *owner.entry(*chord).or_insert(n);
                    if ACTIONS[other].action == ACTIONS[n].action || told.contains(&(other, n, *chord)) {
                        continue;
                    }
                    told.push((other, n, *chord));
                    let (at, mine, theirs) = match (said.get(&(n, *chord)), said.get(&(other, *chord))) {
                        (Some(at), _) => (at, n, other),
                        (None, Some(at)) => (at, other, n),
                        // The table of commands itself is held by a test.
                        (None, None) => continue,
                    };
                    let (mine, theirs) = (&ACTIONS[mine], &ACTIONS[theirs]);
                    problems.at_with_help(
                        at,
                        TWICE,
                        format!("{} is also `{}` ({}) {}", chord.label(), theirs.id, theirs.label, context.place()),
                        format!("expected a key of its own for `{}`", mine.id),
                        format!("take another key here, or give `{}` another one in [keys] as well", theirs.id),
                    );
                }
            }
        }
    }
}

/// The entries of a table by their whole names: `ask.add` without quotes is a table in a table.
fn named<'a>(before: &str, table: &Fields<'a>) -> Vec<(String, Cursor<'a>, Cursor<'a>)> {
    let mut all = Vec::new();
    for (key, at, value) in table.entries() {
        let name = if before.is_empty() { key.to_owned() } else { format!("{before}.{key}") };
        match value.is_table().then(|| value.table("", &mut Problems::default())).flatten() {
            Some(inner) => all.extend(named(&name, &inner)),
            None => all.push((name, at, value)),
        }
    }
    all
}

/// A key for a command, or what is wrong with it.
fn read_key(at: &Cursor<'_>, def: &ActionDef, problems: &mut Problems) -> Option<Chord> {
    let Some(Scalar::Text(text)) = at.scalar() else {
        problems.at(at, NO_KEY, "not the name of a key", "expected a text such as \"Ctrl-P\", or a list of such texts");
        return None;
    };
    let chord = match Chord::read(text) {
        Ok(chord) => chord,
        Err(why) => {
            problems.at(
                at,
                NO_KEY,
                format!("`{text}` is no key: {why}"),
                "expected a key such as \"x\", \"F5\" or \"Ctrl-P\"",
            );
            return None;
        }
    };
    if RESERVED.contains(&chord) && !def.keys.contains(&chord) {
        problems.at_with_help(
            at,
            NO_KEY,
            format!("{} cannot be given to `{}`", chord.label(), def.id),
            "expected another key",
            "Enter, Esc and Ctrl-C stay as they are, so that one can always go on, go back and end",
        );
        return None;
    }
    let place = |of: fn(Context, Chord) -> bool| Context::ALL.into_iter().find(|c| def.is_in(*c) && of(*c, chord));
    if let Some(context) = place(types) {
        problems.at_with_help(
            at,
            NO_KEY,
            format!("{} is text {}, where `{}` exists as well", chord.label(), context.place(), def.id),
            "expected a key that types nothing",
            "take one with Ctrl or Alt, or a function key",
        );
        return None;
    }
    if let Some(context) = place(is_option) {
        problems.at_with_help(
            at,
            NO_KEY,
            format!("{} gives an answer {}, where `{}` exists as well", chord.label(), context.place(), def.id),
            "expected a key that answers nothing",
            "digits belong to the answers: take a letter, a key with Ctrl or Alt, or a function key",
        );
        return None;
    }
    Some(chord)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::keys::{alt, ch};
    use rstest::rstest;

    fn read(text: &str) -> Result<KeyMap, String> {
        KeyMap::read(&SourceFile::new("config.toml", text)).map_err(|report| report.render(false))
    }

    #[test]
    fn what_nobody_changed_stays() {
        assert_eq!(read("theme = 'dark'").unwrap(), KeyMap::default());
        let map = read("[keys]\nundo = 'z'\npalette = ['F12', 'Alt-x']").unwrap();
        assert_eq!(map.find(Context::List, ch('z')), Some(Action::Undo));
        assert_eq!(map.find(Context::List, ch('u')), None, "the keys of the table are replaced");
        assert_eq!(map.find(Context::Home, alt('x')), Some(Action::Palette));
        assert_eq!(map.find(Context::Home, ctrl('p')), None);
        assert_eq!(map.find(Context::Home, ch('n')), Some(Action::New));
        assert_eq!(map.say("undo"), "z");
    }

    #[test]
    fn a_command_without_a_key_is_named_by_the_list_of_commands() {
        let map = read("[keys]\nundo = []").unwrap();
        assert_eq!(map.say("undo"), "Ctrl-P, \"undo\"");
    }

    #[test]
    fn nobody_loses_the_way_out() {
        let everything: String = ACTIONS.iter().map(|def| format!("'{}' = []\n", def.id)).collect();
        let map = read(&format!("[keys]\n{everything}")).unwrap();
        for context in Context::ALL {
            assert_eq!(map.find(context, key(K::Esc)), Some(Action::Back), "{context:?}");
            assert_eq!(map.find(context, ctrl('c')), Some(Action::Quit), "{context:?}");
        }
        assert_eq!(map.find(Context::Choice, key(K::Enter)), Some(Action::Accept));
        assert_eq!(map.find(Context::Home, key(K::Enter)), Some(Action::Open));
    }

    #[test]
    fn two_commands_may_change_their_keys_with_each_other() {
        let map = read("[keys]\n'ask.add' = 'x'\n'ask.remove' = 'a'").unwrap();
        assert_eq!(map.find(Context::List, ch('x')), Some(Action::Add));
        assert_eq!(map.find(Context::List, ch('a')), Some(Action::Remove));
        assert_eq!(read("[keys]\nask.add = 'x'\nask.remove = 'a'").unwrap(), map, "quotes may be left out");
    }

    #[test]
    fn every_mistake_is_told_with_its_place() {
        let report = read(
            "[keys]\nundoo = 'z'\npalette = 'Ctrl-'\nredraw = 7\nhelp = 'Enter'\nquit-always = 'q'\n\
             'sign.sign' = 'A'\n'ask.unknown' = '3'\n'record.amend' = ['F3', 'f']\n'window.close' = 'Esc'\n",
        )
        .unwrap_err();
        insta::assert_snapshot!(report);
    }

    #[rstest]
    #[case("u", Ok(ch('u')))]
    #[case("U", Ok(ch('U')))]
    #[case("ctrl+P", Ok(ctrl('p')))]
    #[case("Alt-3", Ok(alt('3')))]
    #[case("-", Ok(ch('-')))]
    #[case("Ctrl--", Ok(ctrl('-')))]
    #[case("f12", Ok(key(K::F(12))))]
    #[case("PgDn", Ok(key(K::PageDown)))]
    #[case("Shift-Tab", Ok(key(K::BackTab)))]
    #[case("Space", Ok(ch(' ')))]
    #[case("F25", Err("F1 to F24"))]
    #[case("Shift-a", Err("capital"))]
    #[case("Ctrl-I", Err("Tab"))]
    #[case("Hyper", Err("name"))]
    #[case("", Err("empty"))]
    #[case("\u{7}", Err("name"))]
    fn keys_are_written_as_people_write_them(#[case] text: &str, #[case] expected: Result<Chord, &str>) {
        match (Chord::read(text), expected) {
            (Ok(chord), Ok(meant)) => assert_eq!(chord, meant),
            (Err(why), Err(part)) => assert!(why.contains(part), "{why}"),
            other => panic!("{text:?}: {other:?}"),
        }
    }

    #[test]
    fn every_key_of_the_table_can_be_written() {
        for chord in ACTIONS.iter().flat_map(|def| def.keys) {
            assert_eq!(Chord::read(&chord.written()).as_ref(), Ok(chord), "{}", chord.written());
        }
    }
}
