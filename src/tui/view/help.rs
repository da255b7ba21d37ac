//! Help, all commands, "are you sure?": drawn from the table of commands.

use tui_input::Input;

use super::fields::{LineBox, line_box};
use super::{Page, sign};
use crate::plan::Outcome;
use crate::tui::action::Action;
use crate::tui::app::{App, Confirm, Target};
use crate::tui::context;
use crate::tui::keymap::KeyMap;
use crate::tui::signs::GROUPS;
use crate::tui::text;
use crate::tui::update::commands;
use crate::tui::widget::rows::{Row, Rows};

/// Columns of the keys.
const KEYS: usize = 12;

/// The keys of the screen below.
pub fn help(app: &App, top: usize, width: u16) -> (String, Vec<Row>, Page, usize) {
    let theme = &app.theme;
    let context = context::context_below(app);
    let mut rows = Rows::new(theme, width);
    // Keys that do the same stand on one line.
    let mut known: Vec<(Action, Vec<String>, &str)> = Vec::new();
    for (def, keys) in app.settings.keys.commands().filter(|(def, keys)| def.is_in(context) && !keys.is_empty()) {
        let labels = KeyMap::labels(keys);
        match known.iter_mut().find(|(action, ..)| *action == def.action) {
            Some((_, all, _)) => {
                all.extend(labels.into_iter().filter(|label| !all.contains(label)).collect::<Vec<_>>())
            }
            None => known.push((def.action, labels, def.help)),
        }
    }
    let known: Vec<(String, &str)> = known.into_iter().map(|(_, labels, help)| (in_short(&labels), help)).collect();
    let column = known.iter().map(|(keys, _)| text::width(keys)).max().unwrap_or(0);
    for (keys, help) in &known {
        let keys = text::pad(keys, column).replace(' ', "\u{a0}");
        rows.flow(0, column + 1, &[(&format!("{keys}\u{a0}"), theme.key), (help, theme.text)]);
    }
    rows.para(0, "Some commands have more keys: `pistor keys` lists all of them.", theme.muted);
    rows.gap();
    signs(&mut rows);
    ("Keys of this screen".to_owned(), Vec::new(), Page { rows: rows.rows, ..Page::default() }, top)
}

/// As many of the keys of a command as fit the narrow column, the first in any case.
fn in_short(labels: &[String]) -> String {
    let mut words = labels.first().cloned().unwrap_or_default();
    for label in labels.iter().skip(1) {
        if text::width(&words) + 2 + text::width(label) <= KEYS {
            words = format!("{words}  {label}");
        }
    }
    words
}

/// Every sign, group by group.
fn signs(rows: &mut Rows<'_>) {
    let theme = rows.theme;
    for group in GROUPS {
        let mut parts = vec![(format!("{}: ", group.title), theme.heading)];
        for (n, sign) in group.signs.iter().enumerate() {
            let before = if n == 0 { "" } else { "  " };
            parts.push((format!("{before}{}\u{a0}", sign.sign), theme.answer));
            parts.push((sign.says.replace(' ', "\u{a0}"), theme.text));
        }
        let parts: Vec<(&str, _)> = parts.iter().map(|(words, style)| (words.as_str(), *style)).collect();
        rows.flow(0, 2, &parts);
    }
}

/// Every command.
pub fn palette(app: &App, query: &Input, chosen: usize, top: usize, width: u16) -> (String, Vec<Row>, Page, usize) {
    let theme = &app.theme;
    let mut head = Rows::new(theme, width);
    let columns = head.width.saturating_sub(2).max(4);
    let (cells, cursor) = line_box(theme, &LineBox { line: Some(query), rest: "", width: columns, fresh: false });
    let mut parts = vec![("› ".to_owned(), theme.accent)];
    parts.extend(cells);
    head.line(parts).cursor = cursor.map(|at| at + 2);
    let mut rows = Rows::new(theme, width);
    let keys = 12;
    let words = rows.width.saturating_sub(keys + 2);
    for (n, (def, keys_of, here)) in commands(app, query.value()).into_iter().enumerate() {
        let style = if here { theme.text } else { theme.muted };
        let key = keys_of.first().map(|chord| chord.label()).unwrap_or_default();
        let help = if here { def.help.to_owned() } else { format!("{} (not here)", def.help) };
        let row = rows.line(vec![
            (text::pad(&help, words), style),
            ("  ".to_owned(), style),
            (key, if here { theme.key } else { theme.muted }),
        ]);
        row.target = Some(Target::Item(n));
        row.selected = n == chosen;
        row.bar = n == chosen;
        row.active = n == chosen;
    }
    if rows.is_empty() {
        rows.line(vec![("No such command.".to_owned(), theme.muted)]);
    }
    ("Commands".to_owned(), head.rows, Page { rows: rows.rows, ..Page::default() }, top)
}

/// Are you sure?
pub fn confirm(app: &App, confirm: &Confirm, width: u16) -> (String, Vec<Row>, Page, usize) {
    let theme = &app.theme;
    let mut rows = Rows::new(theme, width);
    let title = match confirm {
        Confirm::Sign => {
            let rows = sign::question(app, width);
            return ("Sign and save?".to_owned(), Vec::new(), Page { rows, ..Page::default() }, 0);
        }
        Confirm::DeleteDraft { patient, .. } => {
            let who = if patient.is_empty() { "without a name".to_owned() } else { format!("of {patient}") };
            rows.para(0, &format!("Remove the draft {who}? This cannot be taken back."), theme.text);
            "Remove a draft"
        }
        Confirm::TakeOver { patient, .. } => {
            let who = if patient.is_empty() { "without a name".to_owned() } else { format!("of {patient}") };
            rows.para(0, &format!("The draft {who} is open in another pistor."), theme.error);
            rows.para(
                0,
                "Open it here as well? What is typed last, here or there, is what is kept: close the other one first.",
                theme.text,
            );
            "Open in another pistor"
        }
        Confirm::NoneOf(one) => {
            rows.para(0, &format!("On record ({}):", one.from), theme.text);
            one.gone.iter().for_each(|gone| rows.bullet(2, "!", theme.outcome(Outcome::Caution), gone, theme.answer));
            rows.blank();
            rows.para(
                0,
                "Asked again, and none of it holds any more? It is pointed out until signing, and the record says it.",
                theme.text,
            );
            "None, against the record?"
        }
        Confirm::QuitUnsaved(why) => {
            rows.para(0, &format!("A draft could not be saved: {why}"), theme.error);
            rows.para(0, "Ending now loses what was typed since.", theme.text);
            "End without saving?"
        }
    };
    rows.blank();
    let yes = app.settings.keys.say("confirm.yes");
    let sure =
        if yes.chars().count() == 1 && yes.chars().all(char::is_uppercase) { " (capital) yes   " } else { " yes   " };
    rows.flow(0, 0, &[(&yes, theme.key), (sure, theme.text), ("Esc", theme.key), (" no", theme.text)]);
    (title.to_owned(), Vec::new(), Page { rows: rows.rows, ..Page::default() }, 0)
}
