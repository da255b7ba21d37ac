//! Text that leaves the screen and comes back: the editor for long notes, the clipboard.

use tui_input::Input;

use super::{edit, follow_up, sign};
use crate::pack::QuestionKind;
use crate::tui::app::App;
use crate::tui::clipboard;
use crate::tui::context::{self, Context};
use crate::tui::effect::Effect;
use crate::tui::text::{self, BREAK};
use crate::tui::view;
use crate::tui::widget::rows::Row;

/// Opens what is being typed in an editor.
pub fn open_editor(app: &mut App) -> Vec<Effect> {
    let context = context::context(app);
    if context == Context::Line && !is_text(app) {
        app.refuse("A day is typed here: it needs no editor.");
        return Vec::new();
    }
    let line = if context == Context::FollowUp { follow_up::line(app) } else { edit::line(app, context) };
    let Some(line) = line else {
        app.refuse("No text is typed here.");
        return Vec::new();
    };
    vec![Effect::Edit(line.value().replace(BREAK, "\n"))]
}

/// Whether the question with the focus takes any text.
fn is_text(app: &App) -> bool {
    let question = app.consult().and_then(|consult| consult.question);
    app.loaded().zip(question).is_some_and(|(loaded, ix)| matches!(loaded.pack.questions[ix].kind, QuestionKind::Text))
}

/// The text comes back; where it does not, the old one stands.
pub fn edited(app: &mut App, result: Result<String, String>) -> Vec<Effect> {
    let typed = match result {
        Ok(typed) => typed,
        Err(why) => {
            app.refuse(&format!("The text is as it was: {why}."));
            return Vec::new();
        }
    };
    let context = context::context(app);
    let several = context == Context::SignLine && sign::on_note(app);
    let typed = typed.replace("\r\n", "\n");
    let lines = typed.contains('\n');
    let typed = if several { typed.replace('\n', BREAK) } else { typed };
    let clean = text::clean(&typed).into_owned();
    let all = clean.chars().count();
    let kept: String = clean.chars().take(edit::longest(context)).collect();
    let line = if context == Context::FollowUp { follow_up::line(app) } else { edit::line(app, context) };
    let Some(line) = line else {
        app.refuse("Nothing is being typed any more: the text was left out.");
        return Vec::new();
    };
    let cut = all - kept.chars().count();
    *line = Input::new(kept);
    if cut > 0 {
        edit::say_cut(app, cut);
    } else if lines && !several {
        app.tell("Taken over as one line.");
    }
    if context == Context::FollowUp { follow_up::line_changed(app) } else { edit::changed(app, context) }
}

/// Sends the text that is shown to the terminal, for its clipboard.
pub fn copy(app: &mut App) -> Vec<Effect> {
    if !app.settings.clipboard {
        app.refuse("Switched off: `clipboard = false` stands in the configuration.");
        return Vec::new();
    }
    if !app.settings.kind.clipboard {
        app.refuse("This kind of terminal has no clipboard that could be reached.");
        return Vec::new();
    }
    let words = match view::window(app) {
        Some(window) => format!("{}\n\n{}", window.title, lines(&window.page.rows)),
        None => lines(&view::page(app).rows),
    };
    if words.len() > clipboard::MOST {
        app.refuse("Too long for the clipboard of a terminal.");
        return Vec::new();
    }
    let count = text::count(words.lines().count(), "line", "lines");
    app.tell(format!("{count} sent to the terminal, for its clipboard: other programs can read them there."));
    vec![Effect::Copy(words)]
}

/// Rows as text.
fn lines(rows: &[Row]) -> String {
    let line = |row: &Row| row.spans.iter().map(|span| span.content.as_ref()).collect::<String>().trim_end().to_owned();
    rows.iter().map(line).collect::<Vec<_>>().join("\n").trim_matches('\n').to_owned()
}
