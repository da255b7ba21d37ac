//! Text that leaves the screen and comes back: the editor for long notes, the clipboard.

use tui_input::Input;

use super::{edit, follow_up, sign};
use crate::pack::QuestionKind;
use crate::tui::app::{App, Screen};
use crate::tui::clipboard;
use crate::tui::context::{self, Context};
use crate::tui::effect::Effect;
use crate::tui::leaflet;
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

/// Writes what the patient of the record on the screen takes home to a new file.
pub fn leaflet(app: &mut App) -> Vec<Effect> {
    let Screen::Record(view) = &app.screen else { return Vec::new() };
    let Ok(document) = &view.document else {
        app.refuse("A newer program wrote this record: it is shown as it was written, and cannot be put in a file.");
        return Vec::new();
    };
    // As the record has them: what was signed is what the patient was told.
    let Some(text) = leaflet::leaflet(document, |text| Some(text.to_owned())) else {
        app.refuse("This consultation has no plan: there is nothing for the patient to take home.");
        return Vec::new();
    };
    let Some(folder) = app.settings.outbox.clone() else {
        app.refuse("There is no home folder to write to: `pistor records leaflet ID FILE` writes where you say.");
        return Vec::new();
    };
    let (record, version, name) = (view.id, view.version, leaflet::file_name(document));
    vec![Effect::WriteLeaflet { record, version, folder, name, text, actor: app.settings.actor() }]
}

/// Where it was written, or why not.
pub fn written(app: &mut App, result: Result<String, String>) -> Vec<Effect> {
    match result {
        Ok(path) => {
            // All of it has to be read on one line.
            let home = app.settings.outbox.as_ref().map(|folder| folder.display().to_string());
            let short = home.as_deref().and_then(|home| path.strip_prefix(home)).map(|rest| format!("~{rest}"));
            app.tell(format!("Written: {}, for you alone to read.", short.unwrap_or(path)));
        }
        Err(why) => app.refuse(&format!("Not written: {why}. `pistor records leaflet ID FILE` writes elsewhere.")),
    }
    Vec::new()
}

/// Rows as text.
fn lines(rows: &[Row]) -> String {
    let line = |row: &Row| row.spans.iter().map(|span| span.content.as_ref()).collect::<String>().trim_end().to_owned();
    rows.iter().map(line).collect::<Vec<_>>().join("\n").trim_matches('\n').to_owned()
}
