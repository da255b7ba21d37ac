//! The training: its banner, the hall with the cases; the other screens stand beside it.

mod exam;
mod pick;
mod progress;
mod reveal;
mod short;
mod sitting;
mod talk;

use std::cmp::Ordering;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::Span;

use super::assessment::Builder;
use super::fields::{LineBox, line_box};
use super::{Item, Page};
use crate::plan::Outcome;
use crate::training::{Begun, Case, Mode, Past, minutes as clock};
use crate::tui::action::Action;
use crate::tui::app::{App, Loaded, Screen, Target};
use crate::tui::text;
use crate::tui::theme::Theme;
use crate::tui::training::{Card, Hall, Line, On, Reading, Sitting, TrainView};
use crate::tui::widget::rows::{Row, Rows};

pub use pick::window as pick;
pub use reveal::{item_at as marked_item, items as marked_items};
pub use sitting::{talk_rows, talk_top};
pub use talk::{sitting, talk_area, talk_length, talks};

/// The stages, for the line below the header.
const STAGES: [&str; 8] = ["Interview", "Skin", "Findings", "Decision", "Cocktail", "Plan", "Confidence", "Reveal"];

/// What the header says.
pub fn who(view: &TrainView) -> String {
    match &view.on {
        On::Hall => "training: you first, then the assistant".to_owned(),
        On::Exam => "training: an exam".to_owned(),
        On::Sitting(sitting) => sitting.begun.patient().case().title.clone(),
        On::Revealed(revealed) => revealed.sealed.case().title.clone(),
        On::Short(_) => "training: short cards".to_owned(),
        On::Progress(_) => "training: progress".to_owned(),
    }
}

/// Sign, word and colour, on every screen of the training.
pub fn banner(app: &App, view: &TrainView, area: Rect, buf: &mut Buffer) {
    let theme = &app.theme;
    let style = theme.outcome(Outcome::Clearance).add_modifier(Modifier::REVERSED | Modifier::BOLD);
    buf.set_style(area, style);
    let (x, _) = buf.set_stringn(area.x, area.y, " ◈ TRAINING - NO PATIENT ", usize::from(area.width), style);
    let words = match &view.on {
        On::Hall => format!("{} · nothing here touches the records", mode_word(view.hall.mode)),
        On::Exam => "exam · nothing here touches the records".to_owned(),
        On::Sitting(sitting) => {
            let case = sitting.begun.patient().case();
            let asked = sitting.begun.cost();
            match sitting.begun.seconds_left(sitting.gone) {
                Some(left) => {
                    let header = sitting.begun.header();
                    // Short enough for a name beside it.
                    let place = header.sat.as_ref().and_then(|sat| sat.paper.zip(sat.station));
                    let place = place.map_or_else(|| "exam".to_owned(), |(paper, n)| format!("paper {paper}/{n}"));
                    format!("{} left, asked {} · {place} · {}", clock(left), clock(asked), header.trainee)
                }
                None => {
                    let mode = mode_word(sitting.begun.header().mode);
                    format!("{mode} · asked {} of {}:00", clock(asked), case.minutes)
                }
            }
        }
        On::Revealed(revealed) => mode_word(revealed.sealed.header().mode).to_owned(),
        On::Short(short) => short::standing(short),
        On::Progress(_) => "how you are getting on".to_owned(),
    };
    let room = usize::from(area.right().saturating_sub(x));
    // Half a sentence says nothing: where all of it has no room, its first part stands alone.
    let fits = text::width(&words) < room;
    let words = if fits { words.as_str() } else { words.split(" · ").next().unwrap_or_default() };
    let words = text::fit(words, room.saturating_sub(1));
    let start = area.right().saturating_sub(text::width(&words) as u16 + 1).max(x);
    buf.set_stringn(start, area.y, &words, room, style);
}

/// A mode for people.
pub const fn mode_word(mode: Mode) -> &'static str {
    match mode {
        Mode::Practice => "practice",
        Mode::Exam => "exam",
        Mode::Review => "review",
        Mode::FastTrack => "fast track",
    }
}

/// The stages of the attempt, or the modes.
pub fn steps_row(app: &App, view: &TrainView) -> Row {
    let theme = &app.theme;
    let mut row = Row { spans: vec![Span::raw(" ")], ..Row::default() };
    let narrow = app.size.0 < 79;
    let push = |row: &mut Row, words: String, style: Style| row.spans.push(Span::styled(words, style));
    let at = match &view.on {
        On::Hall => {
            let mut x = 1;
            for (_, mode) in Mode::WORDS {
                let here = mode == view.hall.mode;
                let style = if here { theme.accent.add_modifier(Modifier::REVERSED) } else { theme.muted };
                let words = format!("{}{} ", if here { " ▸" } else { " " }, mode_word(mode));
                let wide = text::width(&words) as u16;
                row.spots.push((x, x + wide, Target::Mode(mode)));
                x += wide;
                push(&mut row, words, style);
            }
            return row;
        }
        On::Sitting(sitting) => stage(sitting),
        On::Revealed(_) => STAGES.len() - 1,
        On::Exam | On::Short(_) | On::Progress(_) => return row,
    };
    let mut x = 1;
    // The present one has blanks of its own; beside it there is another where there is room for all.
    let wide: usize = STAGES.iter().map(|name| text::width(name) + 2).sum::<usize>() + 3;
    let tight = !narrow && wide > usize::from(app.size.0);
    for (n, name) in STAGES.into_iter().enumerate() {
        let name = if narrow && n != at { (n + 1).to_string() } else { name.to_owned() };
        let (words, style) = match n.cmp(&at) {
            Ordering::Less => (format!("✓{name}"), theme.done),
            Ordering::Equal => (format!(" ▸{name} "), theme.accent.add_modifier(Modifier::REVERSED)),
            Ordering::Greater => (format!("·{name}"), theme.muted),
        };
        let between = if tight && (n + 1 == at || n == at) { "" } else { " " };
        let wide = text::width(&words) as u16;
        if let Some(action) = turns(view, n) {
            row.spots.push((x, x + wide, Target::Action(action)));
        }
        x += wide + between.len() as u16;
        push(&mut row, words, style);
        push(&mut row, between.to_owned(), theme.muted);
    }
    row
}

/// What a click on a stage does: until the skin is committed one goes freely between the questions and the skin.
fn turns(view: &TrainView, stage: usize) -> Option<Action> {
    let On::Sitting(sitting) = &view.on else { return None };
    match (&sitting.begun, stage) {
        (Begun::Interview(_), 0) if sitting.jotted.on_skin => Some(Action::Back),
        (Begun::Interview(_), 1) if sitting.interviews() => Some(Action::Commit),
        _ => None,
    }
}

/// The position of the stage among [`STAGES`].
fn stage(sitting: &Sitting) -> usize {
    match &sitting.begun {
        Begun::Interview(_) => usize::from(sitting.jotted.on_skin),
        Begun::Contraindications(_) => 2,
        Begun::Decision(_) => 3,
        Begun::Cocktail(_) => 4,
        Begun::Plan(_) => 5,
        Begun::Confidence(_) => 6,
        Begun::Sealed(_) => 7,
    }
}

/// Whether the stages, or the modes, stand above the rows.
pub const fn has_steps(view: &TrainView) -> bool {
    !matches!(view.on, On::Short(_) | On::Progress(_))
}

/// Whether there is something to say beside the rows: what a marked item rests on.
pub fn explains(app: &App) -> bool {
    matches!(&app.screen, Screen::Training(view) if matches!(&view.on, On::Revealed(own) if own.reveal.is_some()))
}

/// The same of the row the cursor is on.
pub fn beside(app: &App, view: &TrainView, width: u16) -> Vec<Row> {
    match &view.on {
        On::Revealed(revealed) => reveal::beside(app, revealed, width),
        _ => Vec::new(),
    }
}

/// Whether a short card waits for its answer.
pub const fn asks(view: &TrainView) -> bool {
    matches!(&view.on, On::Short(short) if matches!(short.shown, Card::Asked(_)))
}

/// Whether a command would do something at this stage.
pub const fn useful(view: &TrainView, action: Action) -> bool {
    let On::Sitting(sitting) = &view.on else { return true };
    match action {
        Action::Add | Action::Remove => {
            matches!(sitting.begun, Begun::Contraindications(_) | Begun::Cocktail(_) | Begun::Plan(_))
        }
        Action::Commit | Action::Notes => !sitting.brief,
        Action::Hint => sitting.begun.header().mode.hints(),
        _ => true,
    }
}

/// The rows of the screen.
pub fn page(app: &App, view: &TrainView, width: u16) -> Page {
    match (&view.on, app.loaded()) {
        (On::Sitting(sitting), Some(loaded)) => sitting::page(app, &loaded, sitting, width),
        (On::Revealed(revealed), _) => reveal::page(app, revealed, width),
        (On::Progress(own), _) => progress::page(app, own, width),
        (On::Exam, Some(loaded)) => exam::page(app, &loaded, &view.hall, width),
        (On::Short(short), Some(loaded)) => short::page(app, &loaded, short, width),
        (_, Some(loaded)) => hall(app, &loaded, &view.hall, width),
        (_, None) => {
            let mut rows = Rows::new(&app.theme, width);
            match &app.pack {
                crate::tui::app::PackState::Failed(why) => {
                    rows.blank();
                    rows.bullet(0, "✗", app.theme.error, "The cases cannot be read:", app.theme.text);
                    why.lines().for_each(|line| rows.para(2, line, app.theme.text));
                }
                _ => rows.para(0, "Reading the cases...", app.theme.muted),
            }
            Page { rows: rows.rows, ..Page::default() }
        }
    }
}

/// The cases.
fn hall(app: &App, loaded: &Loaded, hall: &Hall, width: u16) -> Page {
    let theme = &app.theme;
    let mut page = Builder::new(Rows::new(theme, width), hall.chosen);
    let Some(school) = &loaded.school else { return page.done() };
    if let Some(why) = &hall.trouble {
        page.rows.bullet(0, "!", theme.error, why, theme.text);
    }
    let lines = hall.lines(loaded, app.today);
    if hall.finding || !hall.find.value().is_empty() {
        search(&mut page, hall, lines.len());
    }
    let keys = &app.settings.keys;
    let mut before = None;
    for line in &lines {
        let kind = std::mem::discriminant(line);
        if before != Some(kind) {
            match line {
                Line::Draft(_) => page.section("Go on with", &format!("{} removes it", keys.say("train.drop"))),
                Line::Exam => page.section("Exam", ""),
                Line::Next(_) => page.section("Next", ""),
                Line::Topic(_) => {
                    let note = "one mixed case each; who passes is taken to know its rules";
                    page.section("Fast track", note);
                }
                Line::NothingDue(_) => page.section("Review", ""),
                Line::Made | Line::Short(_) | Line::Progress => {}
                Line::Case(_) => {
                    let seen = school.cases.keys().filter(|id| hall.last(id).is_some()).count();
                    page.section("Cases", &format!("{seen} of {} assessed", school.cases.len()));
                }
            }
        }
        before = Some(kind);
        page.item(Item::Text, |rows, _| match line {
            Line::Draft(n) => {
                let Some(draft) = hall.shelf.as_ref().and_then(|shelf| shelf.drafts.get(*n)) else { return };
                let made = "a patient who was made";
                let title = school.cases.get(&draft.header.case).map_or(made, |case| case.title.as_str());
                let words = match &draft.header.sat {
                    Some(sat) => format!("  exam of {}, {}; its clock runs on", draft.header.trainee, sat.place()),
                    None => format!(
                        "  {}, begun {}, after {}",
                        mode_word(draft.header.mode),
                        draft.header.day,
                        text::count(draft.entries.len(), "act", "acts")
                    ),
                };
                rows.flow(0, 2, &[("▸ ", theme.accent), (title, theme.answer), (&words, theme.muted)]);
            }
            Line::Next(advice) => {
                let title = if advice.made {
                    "A patient made for what is due".to_owned()
                } else {
                    school.cases.get(&advice.case).map_or(advice.case.clone(), |case| case.title.clone())
                };
                let why = format!("  because {}", advice.why());
                rows.flow(0, 2, &[("★ ", theme.accent), (&title, theme.answer), (&why, theme.text)]);
            }
            Line::NothingDue(next) => {
                let mode = keys.say("train.mode");
                let words = next.map_or_else(
                    || format!("Nothing was practised yet, so that nothing is due: {mode} turns to practice."),
                    |day| format!("Nothing is due. The next card comes back on {day}."),
                );
                rows.flow(0, 2, &[("✓ ", theme.done), (&words, theme.answer)]);
            }
            Line::Exam => {
                let words = "  your name, the number of the paper, the station";
                rows.flow(0, 2, &[("▸ ", theme.accent), ("Sit an exam", theme.answer), (words, theme.muted)]);
            }
            Line::Made => {
                let (down, up) = (keys.say("train.seed-down"), keys.say("train.seed-up"));
                let words = format!("  made when you begin, seed {} ({down} {up} change it)", hall.seed);
                rows.flow(
                    0,
                    2,
                    &[("✦ ", theme.accent), ("A patient nobody has seen", theme.answer), (&words, theme.muted)],
                );
            }
            Line::Short(due) => {
                let words = match due {
                    0 => "  three minutes of rules, grades of the skin, units".to_owned(),
                    n => format!("  three minutes; {n} due"),
                };
                rows.flow(0, 2, &[("▤ ", theme.accent), ("Short cards", theme.answer), (&words, theme.muted)]);
            }
            Line::Progress => {
                let words = "  skill, safety, what is due, what was missed";
                rows.flow(
                    0,
                    2,
                    &[("▥ ", theme.accent), ("How you are getting on", theme.answer), (words, theme.muted)],
                );
            }
            Line::Topic(topic) => {
                let (sign, style) = if topic.passed { ("✓ ", theme.done) } else { ("· ", theme.muted) };
                let words = format!("  {}", text::count(topic.rules.len(), "rule", "rules"));
                rows.flow(0, 2, &[(sign, style), (&topic.title, theme.answer), (&words, theme.muted)]);
            }
            Line::Case(id) => {
                if let Some(case) = school.cases.get(id) {
                    case_line(rows, case, hall.last(id), due(hall, case, app));
                }
            }
        });
    }
    page.done()
}

/// The line in which words are typed, and how many cases have them.
fn search(page: &mut Builder<'_>, hall: &Hall, found: usize) {
    let theme = page.rows.theme;
    let room = page.rows.width.saturating_sub(20).clamp(4, 40);
    let line = hall.finding.then_some(&hall.find);
    let (cells, cursor) = line_box(theme, &LineBox { line, rest: hall.find.value(), width: room, fresh: false });
    let mut parts = vec![("› ".to_owned(), theme.accent)];
    parts.extend(cells);
    let words = if found == 0 { "no case has these words; Esc shows all".to_owned() } else { String::new() };
    parts.push((format!("  {words}"), theme.muted));
    page.rows.line(parts).cursor = cursor.map(|at| at + 2);
}

/// How many rules of a case are due: a number gives nothing away.
fn due(hall: &Hall, case: &Case, app: &App) -> usize {
    let Some(shelf) = &hall.shelf else { return 0 };
    let of_case = |rule: &str| case.objectives.iter().chain(&case.expect.flags).any(|own| own == rule);
    shelf.cards.due(app.today).filter(|rule| of_case(rule)).count()
}

fn case_line(rows: &mut Rows<'_>, case: &Case, last: Option<&Past>, due: usize) {
    let theme = rows.theme;
    let roomy = rows.width >= 70;
    let (sign, style, mark) = match last {
        None => ("·", theme.muted, "not yet".to_owned()),
        Some(past) => {
            let (sign, style) = if past.passed { ("✓", theme.done) } else { ("✗", theme.error) };
            let day = if roomy { format!("  {}", past.day) } else { String::new() };
            (sign, style, format!("{:.0} %{day}", past.percent))
        }
    };
    let due = if due == 0 { String::new() } else { format!("  {due} due") };
    let (about, room) = match roomy {
        true => (format!("level {}  {:>2} min  ", case.level, case.minutes), rows.width.saturating_sub(44)),
        false => (format!("level {}  ", case.level), rows.width.saturating_sub(26)),
    };
    let room = room.clamp(10, 48);
    rows.line(vec![
        (format!("{sign} "), style),
        (format!("{} ", text::pad(&case.title, room)), theme.answer),
        (about, theme.muted),
        (mark, style),
        (due, theme.accent),
    ]);
}

/// The text of a window that is read.
pub fn read(app: &App, about: Reading, top: usize, width: u16) -> (String, Vec<Row>, Page, usize) {
    let on = match &app.screen {
        Screen::Training(view) => &view.on,
        _ => &On::Hall,
    };
    let (title, rows) = match (about, on) {
        (Reading::Notes, On::Sitting(sitting)) => {
            ("What was heard and seen".to_owned(), talk_rows(app, sitting, width))
        }
        (Reading::Item(at), On::Revealed(revealed)) => reveal::item(app, revealed, at, width),
        _ => (String::new(), Vec::new()),
    };
    (title, Vec::new(), Page { rows, ..Page::default() }, top)
}

/// A bar with what it shows in words; readable without colour.
pub fn share(theme: &Theme, share: f64, columns: usize) -> Vec<(String, Style)> {
    let (filled, rest) = crate::tui::widget::gauge::bar(share, columns);
    let style = theme.outcome(if share >= 0.7 { Outcome::Proceed } else { Outcome::Caution });
    vec![(filled, style), (rest, theme.border), (format!("  {:>3.0} %", share * 100.0), theme.answer)]
}
