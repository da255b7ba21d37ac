//! Who is treated, and what is said so far: always on the screen.

use ratatui::buffer::Buffer;

use super::{Layout, chrome, thought};
use crate::intake::{Answer, age_on};
use crate::plan::Outcome;
use crate::tui::app::{App, Consult, RecordView, Screen};
use crate::tui::form;
use crate::tui::sheet::StepId;
use crate::tui::text;
use crate::tui::theme::sign;

/// Said of what an earlier consultation offers.
const TO_CONFIRM: &str = ", to be confirmed";

/// The shortest a name is cut to.
const SHORTEST_NAME: usize = 8;

/// Who is being treated, as far as it is known: name, age, sex, allergies. Where the room is short the sex gives way, then the
/// allergies are counted instead of named, then the name is cut: what is said of allergies is never cut in the middle.
pub fn patient(app: &App, consult: &Consult, room: usize) -> String {
    let intake = &consult.sheet.intake;
    let name = consult.sheet.patient();
    let name = if name.is_empty() { "New consultation" } else { name };
    let mut after = Vec::new();
    let born = match intake.get("patient.birth_date") {
        Some(Answer::Date(born)) => age_on(*born, consult.sheet.day(app.today)),
        _ => None,
    };
    let age = match (born, intake.get("patient.age")) {
        (Some(years), _) => format!("{years} y"),
        (None, Some(Answer::Number(age))) => format!("{age} y"),
        (None, _) => String::new(),
    };
    let sex = match intake.get("patient.sex") {
        Some(Answer::Choice(sex)) => sex.as_str(),
        _ => "",
    };
    if let Some(carried) = &consult.sheet.carried {
        let born = match intake.get("patient.birth_date").or_else(|| carried.said.get("patient.birth_date")) {
            Some(Answer::Date(date)) => format!("born {date}"),
            _ => "no date of birth".to_owned(),
        };
        after.push(if consult.sheet.identity_is_offered() { format!("{born}{TO_CONFIRM}") } else { born });
    }
    if let Some(amends) = &consult.sheet.amends {
        after.push(format!("amends version {}", amends.version));
    }
    let rest = |words: [&str; 3], after: &[String]| -> String {
        let said = words.into_iter().chain(after.iter().map(String::as_str));
        said.filter(|word| !word.is_empty()).map(|word| format!(" · {word}")).collect()
    };
    let [full, short] = allergies(app, consult);
    let name = text::clean(name);
    // The day of birth says the age as well.
    let brief: Vec<String> = after.iter().map(|words| words.trim_end_matches(TO_CONFIRM).to_owned()).collect();
    let dated = consult.sheet.carried.is_some();
    let years = if dated { "" } else { age.as_str() };
    let tries = [
        rest([&age, sex, &full], &after),
        rest([&age, "", &full], &after),
        rest([&age, sex, &short], &after),
        rest([&age, "", &short], &after),
        rest([years, "", &short], &brief),
        rest([&age, "", &short], &[]),
    ];
    let fits = |rest: &&String| text::width(&name) + text::width(rest) <= room;
    let rest = tries.iter().find(fits).unwrap_or(&tries[5]);
    let left = room.saturating_sub(text::width(rest)).max(SHORTEST_NAME);
    format!("{}{rest}", text::fit(&name, left))
}

/// The allergies in words, and in fewer.
fn allergies(app: &App, consult: &Consult) -> [String; 2] {
    let same = |words: &str| [words.to_owned(), words.to_owned()];
    let Some(loaded) = app.loaded() else { return same("allergies?") };
    let question = &loaded.pack.questions[loaded.pack.roles.allergies];
    match consult.sheet.intake.get(&question.id) {
        Some(Answer::Items(entries)) if entries.is_empty() => same("no known allergies"),
        Some(Answer::Items(entries)) => {
            let list = form::list_of(question);
            let labels: Vec<String> =
                entries.iter().map(|entry| form::entry_label(&loaded.pack, list, entry)).collect();
            let count = text::count(entries.len(), "allergy", "allergies");
            [format!("! allergic: {}", labels.join(", ")), format!("! {count}")]
        }
        Some(Answer::Unknown) => same("allergies unknown"),
        // Nothing is said yet: what is known of the patient needs the room more.
        _ => ["allergies?".to_owned(), String::new()],
    }
}

/// Of whom a saved consultation is: in sight however far one has read. The whole id stands in the record itself.
pub fn of_record(record: &RecordView) -> String {
    let version =
        if record.newest > 1 { format!(" · version {} of {}", record.version, record.newest) } else { String::new() };
    let Ok(document) = &record.document else { return format!("record {}{version}", record.id) };
    let patient = &document.patient;
    let name = if patient.name.is_empty() { "(no name)" } else { &patient.name };
    let born = patient.birth_date.map_or_else(|| "no date of birth".to_owned(), |date| format!("born {date}"));
    format!("record of {name} · {born}{version}")
}

/// Whether the verdict is on the screen already: beside the step, or at the top of the assessment.
fn shows_verdict(consult: &Consult, layout: &Layout) -> bool {
    let at = consult.step;
    match layout.panel {
        Some(_) if at != StepId::Plan && at != StepId::Assessment => true,
        _ => at == StepId::Assessment && consult.top[at.index()] == 0,
    }
}

/// The verdict in one line, with what the last answer changed; a rule where the verdict is on the screen anyway.
pub fn banner(app: &App, layout: &Layout, buf: &mut Buffer) {
    let (area, theme) = (layout.banner, &app.theme);
    if let Screen::FollowUp(view) = &app.screen {
        super::follow_up::banner(app, view, area, buf);
        return;
    }
    if let Screen::Training(view) = &app.screen {
        super::train::banner(app, view, area, buf);
        return;
    }
    let compact = match &app.screen {
        Screen::Consult(consult) if !shows_verdict(consult, layout) => Some(consult),
        _ => None,
    };
    let Some(consult) = compact else {
        buf.set_string(area.x, area.y, "─".repeat(usize::from(area.width)), theme.border);
        if let Some(x) = layout.between() {
            buf.set_string(x, area.y, "┬", theme.border);
        }
        return;
    };
    let assessment = &consult.assessment;
    let open = app.loaded().map_or(0, |loaded| consult.open(&loaded.pack).len());
    let style = theme.outcome(assessment.verdict);
    let word = format!(" {} {} ", sign(assessment.verdict), assessment.verdict.word().to_uppercase());
    let (x, _) = buf.set_stringn(area.x, area.y, word, usize::from(area.width), chrome::filled(style));
    let why = app.settings.keys.say("step.assessment");
    let hint = (text::width(&why) + " why ".len()) as u16;
    let room = usize::from(area.right().saturating_sub(x + hint + 2));
    let mut words = chrome::counts(assessment, open, room);
    if !consult.news.is_empty() {
        let news: Vec<&str> = consult.news.iter().map(|news| news.words.as_str()).collect();
        let (news, some) = (news.join(" · "), text::some_of(&news, " · ", room));
        let both = match assessment.verdict {
            // While questions are open they are what matters; what is excluded so far may follow.
            Outcome::Incomplete => format!("{words}  ({news})"),
            _ => format!("{news}  ({words})"),
        };
        let news = if assessment.verdict == Outcome::Incomplete { words } else { some };
        // What just changed matters more than the count, and half a count says nothing.
        words = if text::width(&both) <= room { both } else { news };
    } else if let Some(most) = thought::most(consult) {
        let named = format!("{words} · ↑ matters most now: {}", most.label);
        words = if text::width(&named) <= room { named } else { format!("{words} · ↑ {}", most.label) };
    }
    buf.set_stringn(x + 1, area.y, text::fit(&words, room), room, theme.text);
    let (x, _) = buf.set_stringn(area.right().saturating_sub(hint), area.y, &why, usize::from(area.width), theme.key);
    buf.set_stringn(x, area.y, " why ", usize::from(area.right().saturating_sub(x)), theme.muted);
}
