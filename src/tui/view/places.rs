//! Where: treated and excluded areas on the picture of the face or the body, with a legend that says the same in words.

use ratatui::buffer::Buffer;
use ratatui::style::Style;

use super::Item;
use super::assessment::Builder;
use crate::intake::Answer;
use crate::pack::{Figure, Pack, Spot};
use crate::plan::Outcome;
use crate::tui::app::{App, Consult};
use crate::tui::form;
use crate::tui::signs;
use crate::tui::widget::figure::{self, Marked};
use crate::tui::widget::rows::{Row, Rows};

/// Rows of the smallest picture on which areas are told apart.
const SMALLEST: u16 = 11;

/// An area and what is to be done with it.
struct Place<'a> {
    spots: &'a [Spot],
    label: String,
    /// Stands on the picture and before the words.
    sign: String,
    words: Vec<String>,
    stands: Stands,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stands {
    /// It is treated.
    Treated,
    /// It was wished for; nothing is settled, or nothing can be recommended.
    Open,
    /// It must not be treated.
    Barred,
}

/// The section, where there is something to show.
pub fn section(app: &App, consult: &Consult, page: &mut Builder<'_>) {
    let Some(loaded) = app.loaded() else { return };
    let places = places(&loaded.pack, consult);
    let figures = figures(&places);
    if figures.is_empty() {
        return;
    }
    let height = match app.size.1 {
        ..22 => SMALLEST,
        22..38 => 14,
        _ => 18,
    };
    let treated = places.iter().filter(|place| place.stands == Stands::Treated).count();
    let barred = places.iter().filter(|place| place.stands == Stands::Barred).count();
    let mut note: Vec<String> = Vec::new();
    if treated > 0 {
        note.push(format!("{treated} treated"));
    }
    if barred > 0 {
        note.push(format!("{barred} excluded"));
    }
    page.section("Where", &note.join(", "));
    page.item(Item::Text, |rows, _| draw(&places, &figures, height, rows));
}

/// The same as rows of their own, where there is something to show and room for it.
pub fn picture(app: &App, consult: &Consult, width: u16, height: u16) -> Vec<Row> {
    let mut rows = Rows::new(&app.theme, width);
    let Some(loaded) = app.loaded().filter(|_| height >= SMALLEST) else { return rows.rows };
    let places = places(&loaded.pack, consult);
    let figures = figures(&places);
    if !figures.is_empty() {
        draw(&places, &figures, height, &mut rows);
    }
    rows.rows
}

/// Areas of the plan, areas that were wished for, areas that a rule takes out: each once.
fn places<'a>(pack: &'a Pack, consult: &Consult) -> Vec<Place<'a>> {
    let assessment = &consult.assessment;
    let spots = |id: &str| pack.areas.get(id).map_or(&[][..], |area| &area.drawn);
    let mut found: Vec<(String, Place<'a>)> = Vec::new();
    let mut add = |id: &str, label: &str, stands: Stands, words: String| {
        if let Some((_, place)) = found.iter_mut().find(|(other, _)| other == id) {
            // What bars an area bars it whatever else was meant for it.
            place.stands = place.stands.max_with(stands);
            if !place.words.contains(&words) {
                place.words.push(words);
            }
            return;
        }
        let place =
            Place { spots: spots(id), label: label.to_owned(), sign: String::new(), words: vec![words], stands };
        found.push((id.to_owned(), place));
    };
    for cocktail in assessment.plan.iter().flat_map(|plan| &plan.cocktails) {
        add(
            &cocktail.area,
            &cocktail.area_label,
            Stands::Treated,
            format!("{}: {}", cocktail.goal_label, cocktail.label),
        );
    }
    for without in assessment.plan.iter().flat_map(|plan| &plan.without) {
        let words = format!("{}: no recommended injectable", without.goal_label);
        add(&without.area, &without.area_label, Stands::Open, words);
    }
    if assessment.plan.is_none() {
        for (_, answer) in pack.questions.iter().filter_map(|q| Some((q, consult.sheet.intake.get(&q.id)?))) {
            let Answer::Goals(goals) = answer else { continue };
            for (goal, area) in goals.iter().flat_map(|goal| goal.areas.iter().map(move |area| (goal, area))) {
                let words = format!("wished: {}", form::goal_label(pack, &goal.goal));
                add(area, &form::area_label(pack, area), Stands::Open, words);
            }
        }
    }
    for row in assessment.excluded.iter().filter(|row| row.kind == "area") {
        let title = |rule: &String| assessment.findings.iter().find(|f| f.rule == *rule).map(|f| f.title.clone());
        let by: Vec<String> = row.rules.iter().map(|rule| title(rule).unwrap_or_else(|| rule.clone())).collect();
        add(&row.id, &row.label, Stands::Barred, format!("excluded: {}", by.join(", ")));
    }
    let mut number = 0;
    for (_, place) in &mut found {
        place.sign = match place.stands {
            Stands::Treated => {
                number += 1;
                number.to_string()
            }
            Stands::Open => signs::WITHOUT.to_owned(),
            Stands::Barred => signs::BARRED.to_owned(),
        };
    }
    found.into_iter().map(|(_, place)| place).collect()
}

impl Stands {
    const fn max_with(self, other: Self) -> Self {
        match (self, other) {
            (Self::Barred, _) | (_, Self::Barred) => Self::Barred,
            (Self::Treated, _) | (_, Self::Treated) => Self::Treated,
            (Self::Open, Self::Open) => Self::Open,
        }
    }
}

/// As few pictures as show every area that is on one.
fn figures(places: &[Place<'_>]) -> Vec<Figure> {
    let mut open: Vec<&Place<'_>> = places.iter().filter(|place| !place.spots.is_empty()).collect();
    let mut chosen = Vec::new();
    while !open.is_empty() {
        let on = |place: &Place<'_>, figure: Figure| place.spots.iter().any(|spot| spot.on == figure);
        let all = [Figure::FaceFront, Figure::FaceSide, Figure::BodyFront, Figure::BodyBack];
        let most = all.into_iter().rev().max_by_key(|figure| open.iter().filter(|place| on(place, *figure)).count());
        let Some(figure) = most else { break };
        open.retain(|place| !on(place, figure));
        chosen.push(figure);
    }
    chosen
}

fn draw(places: &[Place<'_>], figures: &[Figure], height: u16, rows: &mut Rows<'_>) {
    let theme = rows.theme;
    let style = |stands: Stands| match stands {
        Stands::Treated => theme.treated,
        Stands::Open => theme.muted,
        Stands::Barred => theme.barred,
    };
    let marked: Vec<Marked<'_>> = places
        .iter()
        .map(|place| Marked {
            spots: place.spots,
            label: place.sign.clone(),
            style: style(place.stands),
            filled: place.stands == Stands::Treated,
            edged: true,
        })
        .collect();
    // As large as all of them fit beside the words; what has no room even then is left to the words.
    let mut room = rows.width.saturating_sub(26);
    let wide =
        |height: u16| figures.iter().map(|figure| usize::from(figure::columns(*figure, height)) + 2).sum::<usize>();
    let height = (SMALLEST..=height).rev().find(|height| wide(*height) <= room).unwrap_or(SMALLEST);
    let mut pictures: Vec<Buffer> = Vec::new();
    for figure in figures {
        let columns = figure::columns(*figure, height);
        if usize::from(columns) + 2 <= room {
            room -= usize::from(columns) + 2;
            pictures.push(figure::draw(*figure, &marked, theme, columns, height));
        }
    }
    let used: usize = pictures.iter().map(|picture| usize::from(picture.area.width) + 2).sum();
    let mut legend = Rows { rows: Vec::new(), width: rows.width.saturating_sub(used).max(1), theme };
    for place in places {
        let lead = format!("{}\u{a0}", place.sign);
        let of = match place.stands {
            Stands::Treated => theme.outcome(Outcome::Proceed),
            Stands::Open => theme.muted,
            Stands::Barred => theme.outcome(Outcome::Decline),
        };
        legend.flow(0, 2, &[(&lead, of), (&place.label, theme.answer)]);
        place.words.iter().for_each(|words| legend.para(2, words, theme.text));
    }
    let count = pictures.iter().map(|picture| usize::from(picture.area.height)).max().unwrap_or(0).max(legend.len());
    for n in 0..count {
        let mut parts: Vec<(String, Style)> = Vec::new();
        for picture in &pictures {
            cells(picture, n, theme.text, &mut parts);
            parts.push(("  ".to_owned(), theme.text));
        }
        let words = legend.rows.get(n).map_or(&[][..], |row: &Row| &row.spans);
        parts.extend(words.iter().map(|span| (span.content.to_string(), span.style)));
        rows.line(parts);
    }
}

/// One row of a picture as parts of one style each.
fn cells(picture: &Buffer, row: usize, plain: Style, parts: &mut Vec<(String, Style)>) {
    let y = u16::try_from(row).unwrap_or(u16::MAX);
    let mut words = String::new();
    let mut of: Option<Style> = None;
    for x in 0..picture.area.width {
        let cell = picture.cell((x, y));
        let symbol = cell.map_or(" ", |cell| cell.symbol());
        let style = cell.filter(|cell| cell.symbol() != " ").map_or(plain, |cell| cell.style());
        if of.is_some_and(|of| of != style) {
            parts.push((std::mem::take(&mut words), of.unwrap_or(plain)));
        }
        of = Some(style);
        words.push_str(if symbol == "\u{2800}" { " " } else { symbol });
    }
    parts.push((words, of.unwrap_or(plain)));
}
