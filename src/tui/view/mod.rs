//! `view`: the state in, a picture out. Screens are pages of rows; this module places them.

mod ask;
mod assessment;
mod chrome;
mod compare;
mod evidence;
mod explain;
mod fields;
mod follow_up;
mod formulary;
mod help;
mod home;
mod lock;
mod mix;
mod panel;
mod patient;
mod picker;
mod places;
mod plan;
mod reading;
mod record;
mod scale;
mod sign;
mod thought;
mod tour;
mod train;
mod who;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::app::{App, Popup, Screen, Subject};
use super::charset;
use super::lists::RecordLine;
use super::sheet::StepId;
use super::widget::figure;
use super::widget::popup as framed;
use super::widget::rows::{self, Row};
use crate::pack::Figure;

pub use chrome::{by_status, keys_row, steps_row};
pub use train::{marked_item, marked_items, talk_area, talk_length};

/// The smallest terminal everything fits on.
pub const SMALLEST: (u16, u16) = (60, 20);

/// From this width on, the assessment stands beside the step.
const WIDE: u16 = 100;

/// From this size on, there is room below the questions for the rules that read them.
const LARGE: (u16, u16) = (140, 44);

/// How many rows that takes.
const READING: u16 = 15;

/// Lines longer than this are hard to read.
const LONGEST_LINE: u16 = 104;

/// Something the cursor can be on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Item {
    /// "New consultation".
    New,
    /// A draft, by position in the list.
    Draft(usize),
    /// A record, by position in the list.
    Record(usize),
    /// Something that can be explained.
    About(Subject),
    /// Text to read.
    Text,
    /// A consent point.
    Consent(String),
    /// An entry in words, to review by hand.
    Review(String),
    /// The reflection time.
    Reflection,
    /// Who is treated, to be asked again.
    Identity,
    /// What is on record and not among the answers of a question, to be asked again.
    LeftOut(String),
    /// A line of the signature.
    Field(SignField),
    /// Nothing stands against signing: it is asked for here.
    Ready,
}

/// A line of the signature.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SignField {
    /// The practitioner's name.
    Name,
    /// The role.
    Role,
    /// The licence number.
    Licence,
    /// The practitioner's own words.
    Note,
    /// Why a saved version is amended.
    Reason,
}

/// Rows, and what the cursor can be on: the nth item is where a row's target says `Item(n)`.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The rows.
    pub rows: Vec<Row>,
    /// The items.
    pub items: Vec<Item>,
    /// The first item of each section.
    pub sections: Vec<usize>,
}

/// A window, placed.
#[derive(Debug)]
pub struct Window {
    /// All of it.
    pub area: Rect,
    /// The room for its fixed first rows.
    pub head_area: Rect,
    /// The room for its rows.
    pub body: Rect,
    /// What stands in its frame.
    pub title: String,
    /// Fixed first rows.
    pub head: Vec<Row>,
    /// Its rows.
    pub page: Page,
    /// The first row shown.
    pub top: usize,
    /// A picture beside the rows.
    pub picture: Option<Picture>,
}

impl Window {
    /// Whether some of its rows are out of sight.
    #[must_use]
    pub fn overflows(&self) -> bool {
        self.page.rows.len() > usize::from(self.body.height)
    }
}

/// A picture with the areas that can be chosen on it.
#[derive(Debug)]
pub struct Picture {
    /// Where it is drawn.
    pub area: Rect,
    /// What it shows.
    pub figure: Figure,
    /// Its cells.
    pub cells: Buffer,
}

impl Window {
    /// How many rows fit.
    #[must_use]
    pub fn body_height(&self) -> usize {
        usize::from(self.body.height)
    }
}

/// Where things are.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// Program, patient, draft.
    pub header: Rect,
    /// The steps, or the search line of the formulary (empty elsewhere).
    pub steps: Rect,
    /// A rule, or the verdict in one line.
    pub banner: Rect,
    /// The step.
    pub body: Rect,
    /// What stands beside it.
    pub panel: Option<Rect>,
    /// What stands below it.
    pub under: Option<Rect>,
    /// Remarks.
    pub status: Rect,
    /// Keys.
    pub keys: Rect,
}

impl Layout {
    /// The column between the body and what stands beside it.
    #[must_use]
    pub fn between(&self) -> Option<u16> {
        self.panel.map(|panel| panel.x.max(self.body.x).saturating_sub(1))
    }
}

/// Where things are, unless the terminal is too small.
#[must_use]
pub fn layout(app: &App) -> Option<Layout> {
    let (width, height) = app.size;
    if width < SMALLEST.0 || height < SMALLEST.1 {
        return None;
    }
    let line = |y: u16| Rect { x: 0, y, width, height: 1 };
    let consult = matches!(app.screen, Screen::Consult(_));
    let formulary = matches!(app.screen, Screen::Formulary(_));
    let training = matches!(&app.screen, Screen::Training(view) if train::has_steps(view));
    let (steps, banner) =
        if consult || formulary || training { (line(1), line(2)) } else { (Rect::default(), line(1)) };
    let top = banner.y + 1;
    // A remark that is longer than a line takes its rows from the step.
    let remark = chrome::remark_height(app);
    let rest = height - top - 1 - remark;
    let status = Rect { height: remark, ..line(height - 1 - remark) };
    if let (Screen::Formulary(view), true) = (&app.screen, width >= WIDE) {
        let column = (width * 2 / 5).clamp(40, 52);
        let list = Rect { x: 0, y: top, width: column, height: rest };
        let entry = Rect { x: column + 1, y: top, width: width - column - 1, height: rest };
        let (body, beside) = if view.reading { (entry, list) } else { (list, entry) };
        let keys = line(height - 1);
        return Some(Layout { header: line(0), steps, banner, body, panel: Some(beside), under: None, status, keys });
    }
    let talks = train::talks(app);
    let beside = consult
        || matches!(app.screen, Screen::FollowUp(_))
        || previews(app)
        || talks.is_some()
        || train::explains(app);
    let panel_width = if beside && width >= WIDE { (width * 2 / 5).clamp(38, 64) } else { 0 };
    let mut body = Rect { x: 0, y: top, width: width - panel_width, height: rest };
    // On a narrow screen the conversation stands below the questions, and below a short form.
    let above = match (talks, &app.screen) {
        (Some(true), _) => Some((rest * 2 / 5).max(6)),
        (Some(false), Screen::Training(view)) => {
            let form = train::page(app, view, width.min(LONGEST_LINE)).rows.len();
            // Five lines of what was heard are worth having, and the rule above them.
            let above = u16::try_from(form).unwrap_or(rest).max(rest * 3 / 5);
            Some(above).filter(|above| *above + 6 <= rest)
        }
        _ => None,
    };
    // On a large one the reason why a question is asked stands below it, always in the same place.
    let above = match &app.screen {
        Screen::Consult(consult) if consult.step.asks().is_some() && width >= LARGE.0 && height >= LARGE.1 => {
            Some(rest - READING)
        }
        _ => above.filter(|_| panel_width == 0),
    };
    let under = above.map(|above| {
        body.height = above;
        Rect { y: top + above, height: rest - above, ..body }
    });
    let panel =
        (panel_width > 0).then(|| Rect { x: width - panel_width + 1, y: top, width: panel_width - 1, height: rest });
    Some(Layout { header: line(0), steps, banner, body, panel, under, status, keys: line(height - 1) })
}

/// Whether there are records to look into before one is opened.
fn previews(app: &App) -> bool {
    match &app.screen {
        Screen::Home => !app.home.records.is_empty(),
        Screen::Patient(view) => !view.records.is_empty(),
        _ => false,
    }
}

/// The record the cursor is on, to be looked into.
fn previewed<'a>(app: &'a App, shown: &Page) -> Option<&'a RecordLine> {
    let (records, chosen) = match &app.screen {
        Screen::Home => (&app.home.records, app.home.chosen),
        Screen::Patient(view) => (&view.records, view.chosen),
        _ => return None,
    };
    match shown.items.get(chosen) {
        Some(Item::Record(at)) => records.get(*at),
        _ => None,
    }
}

/// How many rows of the step fit.
#[must_use]
pub fn body_height(app: &App) -> usize {
    layout(app).map_or(1, |layout| usize::from(layout.body.height))
}

fn body_width(app: &App) -> u16 {
    layout(app).map_or(SMALLEST.0, |layout| layout.body.width.min(LONGEST_LINE))
}

/// The first row of the step that is shown.
#[must_use]
pub fn top(app: &App) -> usize {
    match &app.screen {
        Screen::Home => app.home.top,
        Screen::Locked(_) => 0,
        Screen::Training(view) => view.top(),
        Screen::Consult(consult) => consult.top[consult.step.index()],
        Screen::Record(record) => record.top,
        Screen::FollowUp(view) => view.top,
        Screen::Patient(view) => view.top,
        Screen::Compare(view) => view.top,
        Screen::Formulary(view) if view.reading => view.entry_top,
        Screen::Formulary(view) => view.top,
    }
}

/// The rows of the screen.
#[must_use]
pub fn page(app: &App) -> Page {
    let width = body_width(app);
    match &app.screen {
        Screen::Home => home::page(app, width),
        Screen::Locked(view) => lock::page(app, view, width),
        Screen::Training(view) => train::page(app, view, width),
        Screen::Record(record) => record::page(app, record, width),
        Screen::FollowUp(view) => follow_up::page(app, view, width),
        Screen::Patient(view) => patient::page(app, view, width),
        Screen::Compare(view) => compare::page(app, view, width),
        Screen::Formulary(view) if view.reading => formulary::entry(app, view, width),
        Screen::Formulary(view) => formulary::list(app, view, width),
        Screen::Consult(consult) => match consult.step {
            StepId::Assessment => assessment::page(app, consult, width),
            StepId::Plan => plan::page(app, consult, width),
            StepId::Sign => sign::page(app, consult, width),
            _ => ask::page(app, consult, width),
        },
    }
}

/// The topmost window, placed.
#[must_use]
pub fn window(app: &App) -> Option<Window> {
    let popup = app.popups.last()?;
    let screen = Rect { x: 0, y: 0, width: app.size.0, height: app.size.1 };
    // The line of keys stays in sight, and so does what says that this is training.
    let above = match &app.screen {
        Screen::Training(view) => 2 + u16::from(train::has_steps(view)),
        _ => 0,
    };
    let below = chrome::remark_height(app);
    let room = Rect { y: above, height: screen.height.saturating_sub(below + above), ..screen };
    let width = match popup {
        Popup::Picker(_)
        | Popup::Scale(_)
        | Popup::Mix(_)
        | Popup::Explain { .. }
        | Popup::Told { .. }
        | Popup::Pick(_)
        | Popup::Read { .. }
        | Popup::Help { .. }
        | Popup::Palette { .. } => 84,
        Popup::Areas(_) | Popup::Override { .. } | Popup::Confirm(_) | Popup::Protect(_) | Popup::Alike { .. } => 64,
    };
    let width = width.min(room.width.saturating_sub(2)).max(4);
    let sketch = match popup {
        Popup::Areas(areas) => picker::picture(app, areas, room.width, room.height.saturating_sub(6)),
        _ => None,
    };
    let width = match &sketch {
        Some((_, cells)) => {
            let (wanted, most) = (width.min(44) + cells.area.width + 3, room.width.saturating_sub(2));
            // A few columns beside it would hold single letters of what stands below.
            if wanted + 12 > most { most } else { wanted }
        }
        None => width,
    };
    let beside = sketch.as_ref().map_or(0, |(_, cells)| cells.area.width + 1);
    let inner = width.saturating_sub(2 + beside);
    let (title, head, page, top) = match popup {
        Popup::Picker(picker) => picker::picker(app, picker, inner),
        Popup::Areas(areas) => picker::areas(app, areas, inner),
        Popup::Scale(form) => scale::window(app, form, inner),
        Popup::Mix(form) => mix::window(app, form, inner),
        Popup::Explain { subject, top } => explain::window(app, subject, *top, inner),
        Popup::Override { rule, chosen, line, top } => explain::reasons(app, rule, *chosen, line.as_ref(), *top, inner),
        Popup::Told { told, top } => follow_up::told(app, told, *top, inner),
        Popup::Pick(pick) => train::pick(app, pick, inner),
        Popup::Read { about, top } => train::read(app, *about, *top, inner),
        Popup::Help { top } => help::help(app, *top, inner),
        Popup::Palette { query, chosen, top } => help::palette(app, query, *chosen, *top, inner),
        Popup::Alike { chosen, top } => patient::alike(app, *chosen, *top, inner),
        Popup::Confirm(confirm) => help::confirm(app, confirm, inner),
        Popup::Protect(protecting) => lock::protecting(app, protecting, inner),
    };
    // Lists that change while one types keep their height, so that nothing jumps.
    let steady = matches!(popup, Popup::Picker(_) | Popup::Pick(_) | Popup::Mix(_) | Popup::Palette { .. });
    let drawn = sketch.as_ref().map_or(0, |(_, cells)| usize::from(cells.area.height));
    let wanted = if steady { 19 } else { page.rows.len().max(drawn) };
    let height = u16::try_from(wanted + head.len() + 2).unwrap_or(u16::MAX);
    let area = framed::place(room, width, height.min(room.height.saturating_sub(2)).max(4));
    let inside = framed::inside(area);
    let head_height = (head.len() as u16).min(inside.height);
    let head_area = Rect { height: head_height, ..inside };
    let body = Rect {
        y: inside.y + head_height,
        height: inside.height - head_height,
        width: inside.width.saturating_sub(beside),
        ..inside
    };
    let picture = sketch.map(|(figure, cells)| {
        let area = Rect { x: body.right() + 1, y: body.y, width: cells.area.width, height: body.height };
        Picture { area: area.intersection(inside), figure, cells }
    });
    let top = top.min(page.rows.len().saturating_sub(usize::from(body.height)));
    Some(Window { area, head_area, body, title, head, page, top, picture })
}

/// Draws everything.
pub fn view(app: &App, frame: &mut Frame<'_>) {
    let area = frame.area();
    let cursor = draw(app, area, frame.buffer_mut());
    if let Some(cursor) = cursor {
        frame.set_cursor_position(cursor);
    }
}

/// Draws everything, and says where the text cursor is.
pub fn draw(app: &App, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let cursor = paint(app, area, buf);
    charset::split_wide(buf);
    cursor
}

fn paint(app: &App, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let Some(layout) = layout(app).filter(|_| area.width >= app.size.0 && area.height >= app.size.1) else {
        too_small(app, area, buf);
        return None;
    };
    if let Some(tour) = &app.tour {
        return tour::draw(app, tour, area, buf);
    }
    let theme = &app.theme;
    chrome::header(app, layout.header, buf);
    if layout.steps.height > 0 {
        strip(&steps_row(app), layout.steps, buf);
    }
    who::banner(app, &layout, buf);
    let shown = page(app);
    if let (Some(area), Some(x)) = (layout.panel, layout.between()) {
        for y in area.top()..area.bottom() {
            buf.set_string(x, y, "│", theme.border);
        }
    }
    let right = layout.body.right();
    let bar = layout.between().filter(|x| *x == right).unwrap_or(right.saturating_sub(1));
    let mut cursor = rows::draw_with_bar(&shown.rows, top(app), theme, layout.body, bar, buf);
    if let Some(area) = layout.panel {
        let (beside, from) = match &app.screen {
            Screen::Consult(consult) => (panel::page(app, consult, &shown, area.width), 0),
            Screen::Formulary(view) if view.reading => (formulary::list(app, view, area.width).rows, view.top),
            Screen::Formulary(view) => (formulary::entry(app, view, area.width).rows, 0),
            Screen::FollowUp(view) => (follow_up::panel(app, view, area.width), 0),
            Screen::Home | Screen::Patient(_) => {
                let record = previewed(app, &shown);
                (record.map(|record| patient::preview(app, record, area.width)).unwrap_or_default(), 0)
            }
            Screen::Training(view) => (train::beside(app, view, area.width), 0),
            Screen::Record(_) | Screen::Compare(_) | Screen::Locked(_) => (Vec::new(), 0),
        };
        rows::draw(&beside, from, theme, area, buf);
    }
    if let Screen::Formulary(view) = &app.screen {
        let line = formulary::search_row(app, view, layout.steps.width);
        cursor = rows::draw(&[line], 0, theme, layout.steps, buf).or(cursor);
    }
    if let (Screen::Consult(consult), Some(under)) = (&app.screen, layout.under) {
        buf.set_string(under.x, under.y, "─".repeat(usize::from(under.width)), theme.border);
        let inside = Rect { y: under.y + 1, height: under.height - 1, ..under };
        rows::draw(&reading::rows(app, consult, inside.width, inside.height), 0, theme, inside, buf);
    }
    if let (Some(area), Some(sitting)) = (talk_area(app), train::sitting(app)) {
        if let Some(under) = layout.under {
            buf.set_string(under.x, under.y, "─".repeat(usize::from(under.width)), theme.border);
        }
        let said = train::talk_rows(app, sitting, area.width);
        let from = train::talk_top(said.len(), usize::from(area.height), sitting.up);
        rows::draw(&said, from, theme, area, buf);
    }
    chrome::status(app, layout.status, buf);
    strip(&keys_row(app), layout.keys, buf);
    if let Some(window) = window(app) {
        // What lies below a window is still there, and quiet.
        for area in [Some(layout.body), layout.panel, layout.under].into_iter().flatten() {
            quiet(area, theme.muted, buf);
        }
        // Nor do halves of the steps and of the verdict stand beside a window that reaches above the step.
        for y in window.area.top()..layout.body.top() {
            for x in 0..area.width {
                if let Some(cell) = buf.cell_mut((x, y)) {
                    cell.reset();
                }
            }
        }
        framed::frame(window.area, &window.title, &[], theme, buf);
        let in_head = rows::draw(&window.head, 0, theme, window.head_area, buf);
        let in_body = rows::draw(&window.page.rows, window.top, theme, window.body, buf);
        if let Some(picture) = &window.picture {
            figure::place(&picture.cells, picture.area, buf);
        }
        cursor = in_head.or(in_body);
    }
    cursor
}

/// Takes every colour and highlight from what stands below a window: what is lit is where the keys go.
fn quiet(area: Rect, style: Style, buf: &mut Buffer) {
    for position in area.intersection(buf.area).positions() {
        if let Some(cell) = buf.cell_mut(position) {
            cell.set_style(Style::reset().patch(style));
        }
    }
}

/// Draws a row from the first column on.
fn strip(row: &Row, area: Rect, buf: &mut Buffer) {
    let mut x = area.x;
    for span in &row.spans {
        let room = usize::from(area.right().saturating_sub(x));
        if room == 0 {
            break;
        }
        let (next, _) = buf.set_stringn(x, area.y, &span.content, room, span.style);
        x = next;
    }
}

/// What stands on a terminal that is too small; the state is kept.
fn too_small(app: &App, area: Rect, buf: &mut Buffer) {
    let lines = [
        format!("pistor needs {}×{}", SMALLEST.0, SMALLEST.1),
        format!("this is {}×{}", area.width, area.height),
        "nothing is lost".to_owned(),
    ];
    for (n, line) in lines.iter().enumerate() {
        let y = area.y + n as u16;
        if y < area.bottom() && area.width > 0 {
            let style = if n == 0 { app.theme.heading } else { Style::new() };
            buf.set_stringn(area.x, y, line, usize::from(area.width), style);
        }
    }
}
