//! An attempt: the brief, the questions one can ask, what was said, the commits.

use ratatui::style::Style;

use super::super::assessment::Builder;
use super::super::fields::{LineBox, Shown, beside, line_box, upright};
use super::super::{Item, Page};
use crate::training::{HINT_SECONDS, How, Mode};
use crate::tui::app::{App, Loaded, Target};
use crate::tui::text;
use crate::tui::training::{Kind, Sitting, Slot, Spot, Talk, found_questions, slots};
use crate::tui::widget::rows::{Row, Rows};

/// Columns of the labels.
const LABELS: usize = 34;

/// The stage.
pub fn page(app: &App, loaded: &Loaded, sitting: &Sitting, width: u16) -> Page {
    if sitting.interviews() {
        return interview(app, loaded, sitting, width);
    }
    let mut page = Builder::new(Rows::new(&app.theme, width), sitting.chosen);
    if sitting.brief {
        brief(sitting, &mut page.rows);
    }
    for (n, one) in slots(&loaded.pack, sitting).iter().enumerate() {
        if let Some((heading, note)) = &one.heading {
            page.section(heading, note);
        }
        page.item(Item::Text, |rows, chosen| slot(rows, n, one, chosen));
    }
    if sitting.brief {
        how_it_goes(&mut page.rows, sitting.begun.header().mode);
    }
    page.done()
}

fn brief(sitting: &Sitting, rows: &mut Rows<'_>) {
    let theme = rows.theme;
    let patient = sitting.begun.patient();
    let case = patient.case();
    rows.heading(&case.title, &format!("level {}, {} minutes, seed {}", case.level, case.minutes, patient.seed()));
    rows.para(0, &case.brief, theme.answer);
    let known: Vec<&str> = patient.volunteered().map(|fact| fact.says.as_str()).collect();
    if !known.is_empty() {
        rows.heading("Known from the start", "");
        rows.para(0, &known.join(" · "), theme.text);
    }
    rows.gap();
}

/// Below the line that begins: on a small screen the patient comes first.
fn how_it_goes(rows: &mut Rows<'_>, mode: Mode) {
    let theme = rows.theme;
    rows.heading("How it goes", "");
    let end = match mode {
        Mode::Exam => "It is timed, there are no hints, and nothing is revealed: at the end a sealed file is written.",
        _ => "Only after the last one the rules are asked, and every item is marked with its reason.",
    };
    for words in [
        "Ask, ask closely, examine, read papers: each costs time of the consultation. Nothing comes up unasked.",
        "Then you commit, one after the other: skin, contraindications, decision, cocktail, plan, how sure you are. A \
         commit is final.",
        end,
    ] {
        rows.bullet(0, "·", theme.muted, words, theme.text);
    }
}

/// Columns for the ways in which a question was asked.
const WAYS: usize = 16;

/// The questions one can ask.
fn interview(app: &App, loaded: &Loaded, sitting: &Sitting, width: u16) -> Page {
    let theme = &app.theme;
    let mut page = Builder::new(Rows::new(theme, width), sitting.chosen);
    let words = sitting.find.value();
    let found = found_questions(&loaded.pack, words);
    if sitting.finding || !words.is_empty() {
        let room = page.rows.width.saturating_sub(20).clamp(4, 40);
        let line = sitting.finding.then_some(&sitting.find);
        let (cells, cursor) = line_box(theme, &LineBox { line, rest: words, width: room, fresh: false });
        let mut parts = vec![("› ".to_owned(), theme.accent)];
        parts.extend(cells);
        parts.push((format!("  {}", text::count(found.len(), "question", "questions")), theme.muted));
        page.rows.line(parts).cursor = cursor.map(|at| at + 2);
    }
    if found.is_empty() {
        page.rows.para(2, "No question is called so; Esc shows all.", theme.muted);
    }
    let mut before = None;
    for (step, ix) in found {
        let row = &loaded.pack.questions[ix];
        let topic = if before == Some(step) { "" } else { step.word() };
        if before != Some(step) {
            page.begin_section();
        }
        before = Some(step);
        let asked = sitting.asked(&row.id);
        page.item(Item::Text, |rows, chosen| {
            let style = if asked.is_empty() { theme.text } else { theme.answer };
            let ways = How::WORDS.iter().filter(|(_, how)| asked.contains(how)).map(|(_, how)| done_so(*how));
            let ways: Vec<&str> = ways.collect();
            let done = match (ways.is_empty(), sitting.known(&row.id)) {
                (true, true) => "✓ known".to_owned(),
                (true, false) => String::new(),
                (false, _) => format!("✓ {}", ways.join(", ")),
            };
            let row = rows.line(vec![
                (text::pad(topic, 10), theme.muted),
                (text::pad(&row.label, rows.width.saturating_sub(10 + WAYS).clamp(20, 36)), style),
                (format!("  {done}"), theme.done),
            ]);
            row.selected = chosen;
        });
    }
    page.begin_section();
    page.item(Item::Text, |rows, _| {
        rows.line(vec![
            ("▸ ".to_owned(), theme.accent),
            ("Enough asked: skin type and findings".to_owned(), theme.answer),
        ]);
    });
    page.done()
}

/// A way of asking, as it stands beside a question that was asked so.
const fn done_so(how: How) -> &'static str {
    match how {
        How::Ask => "asked",
        How::Probe => "closely",
        How::Exam => "examined",
        How::Document => "read",
    }
}

fn slot(rows: &mut Rows<'_>, n: usize, slot: &Slot, chosen: bool) {
    let theme = rows.theme;
    let label = if chosen { theme.accent } else { theme.text };
    match &slot.kind {
        Kind::Go => {
            if slot.spot != Spot::Begin {
                rows.gap();
            }
            rows.flow(0, 2, &[("▸ ", theme.accent), (&slot.label, if chosen { theme.accent } else { theme.answer })]);
        }
        Kind::Add => rows.flow(2, 4, &[("+ ", theme.accent), (&slot.label, label)]),
        Kind::Entry => {
            let sign = if matches!(slot.spot, Spot::Mix(_)) { "◦ " } else { "- " };
            rows.flow(2, 4, &[(sign, theme.accent), (&slot.label, theme.answer)]);
            if chosen && !slot.note.is_empty() {
                rows.para(4, &slot.note, theme.muted);
            }
        }
        Kind::Number(typed, unit) => {
            let indent = if matches!(slot.spot, Spot::Part(..)) { 4 } else { 0 };
            // A name is whole where there is room for it, and its number and unit behind it.
            let column = (text::width(&slot.label) + indent).min(rows.width.saturating_sub(16));
            let column = column.max(LABELS.min(rows.width / 2));
            let shown = text::pad(typed, 7);
            let style = if chosen { theme.input } else { theme.answer };
            let note = if chosen && !slot.note.is_empty() { format!("   {}", slot.note) } else { String::new() };
            let row = rows.line(vec![
                (format!("{}{} ", " ".repeat(indent), text::pad(&slot.label, column - indent)), label),
                (shown, style),
                (format!(" {unit}{note}"), theme.muted),
            ]);
            row.cursor = chosen.then_some((column + 1 + text::width(typed)) as u16);
        }
        Kind::Choice(options, taken) => choice(rows, n, slot, options, *taken, chosen, label),
    }
}

fn choice(
    rows: &mut Rows<'_>,
    n: usize,
    slot: &Slot,
    options: &[crate::tui::training::Choice],
    taken: Option<usize>,
    chosen: bool,
    label: Style,
) {
    let theme = rows.theme;
    for line in slot.note.lines() {
        rows.para(0, line, theme.text);
    }
    let answer = taken.and_then(|at| options.get(at)).map_or("–", |option| option.label.as_str());
    if !chosen {
        let lead = format!("{} ", text::pad(&slot.label, LABELS.min(rows.width / 2)).replace(' ', "\u{a0}"));
        rows.flow(0, LABELS.min(rows.width / 2) + 1, &[(&lead, label), (answer, theme.answer)]);
        return;
    }
    rows.para(0, &slot.label, label);
    let shown: Vec<Shown<'_>> = options
        .iter()
        .enumerate()
        .map(|(at, option)| Shown {
            key: option.key,
            label: &option.label,
            help: Some(option.help.as_str()).filter(|help| !help.is_empty()),
            taken: taken == Some(at),
            chosen: false,
            target: Target::ScaleOption(n, at),
        })
        .collect();
    if shown.iter().any(|option| option.help.is_some()) {
        upright(rows, 2, &shown, |_| None);
    } else {
        beside(rows, 2, &shown);
    }
}

/// What was asked and said, the brief first.
pub fn talk_rows(app: &App, sitting: &Sitting, width: u16) -> Vec<Row> {
    let theme = &app.theme;
    let mut rows = Rows::new(theme, width);
    rows.para(0, &sitting.begun.patient().case().brief, theme.text);
    for fact in sitting.begun.patient().volunteered() {
        rows.bullet(0, "·", theme.muted, &fact.says, theme.text);
    }
    let pack = app.loaded();
    for talk in &sitting.talk {
        let talk = match talk {
            Talk::Asked(asked) => asked,
            Talk::Hint(says) => {
                let cost = format!("  {HINT_SECONDS} s");
                rows.flow(0, 2, &[("You take a hint", theme.muted), (&cost, theme.muted)]);
                rows.bullet(1, "!", theme.accent, says, theme.answer);
                continue;
            }
        };
        let label = pack.as_ref().and_then(|loaded| loaded.pack.questions.get(&talk.question));
        let label = label.map_or(talk.question.as_str(), |row| row.label.as_str());
        let (did, quoted) = match talk.how {
            How::Ask => ("You ask: ", true),
            How::Probe => ("You ask closely: ", true),
            How::Exam => ("You examine: ", false),
            How::Document => ("You read: ", false),
        };
        // Of the products on the tray nobody is asked but the tray.
        let quoted = quoted && !talk.question.starts_with("setting.");
        let cost = format!("  {} s", talk.how.cost());
        rows.flow(0, 2, &[(did, theme.muted), (label, theme.accent), (&cost, theme.muted)]);
        for says in &talk.says {
            let words = if quoted { format!("“{says}”") } else { says.clone() };
            let (sign, style) = if talk.new { ("+", theme.answer) } else { (" ", theme.text) };
            rows.bullet(1, sign, theme.done, &words, style);
        }
    }
    rows.rows
}

/// The first line of the conversation that is shown: its end, unless one has scrolled up.
pub fn talk_top(rows: usize, height: usize, up: usize) -> usize {
    rows.saturating_sub(height).saturating_sub(up)
}
