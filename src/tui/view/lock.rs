//! The locked screen, and the window that sets a passphrase.

use super::Page;
use crate::record::Secret;
use crate::tui::app::App;
use crate::tui::lock::{LockView, Protecting, Stage};
use crate::tui::widget::rows::{Row, Rows};

/// Columns of a passphrase line.
const LINE: usize = 44;

/// The records are locked.
pub fn page(app: &App, view: &LockView, width: u16) -> Page {
    let mut rows = Rows::new(&app.theme, width);
    let theme = rows.theme;
    rows.blank();
    rows.line(vec![("The records are locked".to_owned(), theme.heading)]);
    rows.blank();
    line(&mut rows, "Passphrase  ", &view.secret, view.shown, !view.trying);
    rows.blank();
    match (&view.error, view.trying) {
        (_, true) => drop(rows.line(vec![("Unlocking...".to_owned(), theme.muted)])),
        (Some(why), false) => rows.bullet(0, "!", theme.error, why, theme.error),
        (None, false) => rows.para(
            0,
            "The recovery code opens them too. Nothing of them is readable without one of the two.",
            theme.muted,
        ),
    }
    Page { rows: rows.rows, ..Page::default() }
}

fn line(rows: &mut Rows<'_>, label: &str, secret: &Secret, shown: bool, typing: bool) {
    let theme = rows.theme;
    let width = rows.width.saturating_sub(label.len() + 2).clamp(8, LINE);
    let text = secret.displayed(shown);
    // The end of a long line is what one is typing.
    let skip = text.chars().count().saturating_sub(width - 1);
    let part: String = crate::tui::text::clean(&text).chars().skip(skip).collect();
    let at = label.len() + crate::tui::text::width(&part);
    let row = rows.line(vec![(label.to_owned(), theme.muted), (crate::tui::text::pad(&part, width), theme.input)]);
    row.cursor = typing.then_some(at as u16);
    row.active = true;
}

/// Setting a passphrase.
pub fn protecting(app: &App, protecting: &Protecting, width: u16) -> (String, Vec<Row>, Page, usize) {
    let mut rows = Rows::new(&app.theme, width);
    let theme = rows.theme;
    match &protecting.stage {
        Stage::First | Stage::Again => {
            rows.para(
                0,
                "Everything here will be encrypted: records, drafts, the audit trail. pistor then asks for the \
                 passphrase at every start. Four words that do not belong together are easy to keep and hard to guess.",
                theme.text,
            );
            rows.blank();
            let first = protecting.stage == Stage::First;
            let label = if first { "Passphrase  " } else { "Once more   " };
            if let Some(secret) = protecting.line() {
                line(&mut rows, label, secret, protecting.shown, true);
            }
        }
        Stage::Working => rows.para(0, "Encrypting... with many records this takes a while.", theme.muted),
        Stage::Code(fresh) => {
            rows.para(
                0,
                "The recovery code. Write it on paper now, and keep it away from this machine: it is shown this once. \
                 Without passphrase and code nobody can ever read these records again, not even their author.",
                theme.text,
            );
            rows.blank();
            rows.line(vec![(format!("  {}", *fresh.code.groups()), theme.heading)]);
            rows.blank();
            if let Some(secret) = protecting.line() {
                line(&mut rows, "Its last group  ", secret, true, true);
            }
        }
    }
    if let Some(why) = &protecting.error {
        rows.blank();
        rows.bullet(0, "!", theme.error, why, theme.error);
    }
    ("Protect the records".to_owned(), Vec::new(), Page { rows: rows.rows, ..Page::default() }, 0)
}
