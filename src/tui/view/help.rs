//! Help, all commands, "are you sure?": drawn from the table of commands.

use tui_input::Input;

use super::Page;
use super::fields::{LineBox, line_box};
use crate::tui::action::ACTIONS;
use crate::tui::app::{App, Confirm, Target};
use crate::tui::context;
use crate::tui::text;
use crate::tui::update::commands;
use crate::tui::widget::rows::{Row, Rows};

/// The keys of the screen below.
pub fn help(app: &App, top: usize, width: u16) -> (String, Vec<Row>, Page, usize) {
    let theme = &app.theme;
    let context = context::context_below(app);
    let mut rows = Rows::new(theme, width);
    let column = 22;
    for def in ACTIONS.iter().filter(|def| def.is_in(context) && !def.keys.is_empty()) {
        let mut keys: Vec<String> = Vec::new();
        for chord in def.keys {
            let label = chord.label();
            if !keys.contains(&label) {
                keys.push(label);
            }
        }
        let keys = text::pad(&keys.join("  "), column).replace(' ', "\u{a0}");
        rows.flow(0, column + 1, &[(&format!("{keys}\u{a0}"), theme.key), (def.help, theme.text)]);
    }
    rows.gap();
    rows.para(0, "Signs: ✓ proceed  ! caution  ◇ clearance  » defer  → refer  ✗ decline  … incomplete", theme.muted);
    rows.para(0, "Beside open questions: ↑ matters most now  = no answer changes the outcome any more", theme.muted);
    rows.para(
        0,
        "Evidence: A randomised trials, B small controlled, C series, D opinion, X harm or no benefit",
        theme.muted,
    );
    ("Keys of this screen".to_owned(), Vec::new(), Page { rows: rows.rows, ..Page::default() }, top)
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
    for (n, (def, here)) in commands(app, query.value()).into_iter().enumerate() {
        let style = if here { theme.text } else { theme.muted };
        let key = def.keys.first().map(|chord| chord.label()).unwrap_or_default();
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
        Confirm::QuitUnsaved(why) => {
            rows.para(0, &format!("A draft could not be saved: {why}"), theme.error);
            rows.para(0, "Ending now loses what was typed since.", theme.text);
            "End without saving?"
        }
    };
    rows.blank();
    rows.flow(0, 0, &[("Y", theme.key), (" (capital) yes   ", theme.text), ("Esc", theme.key), (" no", theme.text)]);
    (title.to_owned(), Vec::new(), Page { rows: rows.rows, ..Page::default() }, 0)
}
