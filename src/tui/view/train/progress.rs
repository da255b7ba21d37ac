//! How a trainee is getting on, in charts. All of them read without colour: signs and figures say the same.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::symbols::Marker;
use ratatui::text::Span;
use ratatui::widgets::{Axis, Bar, BarChart, BarGroup, Chart, Dataset, GraphType, Sparkline, Widget};

use super::super::assessment::Builder;
use super::super::{Item, Page};
use super::share;
use crate::plan::Outcome;
use crate::training::{Progress, critical_words};
use crate::tui::app::App;
use crate::tui::text;
use crate::tui::training::Standing;
use crate::tui::widget::rows::{Row, Rows};

/// The widest that a chart gets.
const WIDEST: usize = 72;

/// The page.
pub fn page(app: &App, own: &Standing, width: u16) -> Page {
    let theme = &app.theme;
    let progress = &own.progress;
    let mut page = Builder::new(Rows::new(theme, width), own.chosen);
    page.begin_section();
    if progress.is_empty() {
        page.item(Item::Text, |rows, _| {
            rows.para(0, "Nothing has been practised yet.", theme.heading);
            rows.para(0, "Esc, then Enter on a case: assess it, and here stands how it went.", theme.text);
            let cards = app.settings.keys.say("train.cards");
            rows.para(0, &format!("Esc, then {cards}: short cards, three minutes of them."), theme.text);
        });
        return page.done();
    }
    page.item(Item::Text, |rows, _| {
        let words = format!(
            "{}, {} passed. {} met of {}, {} due today.",
            text::count(progress.cases, "case", "cases"),
            progress.passed,
            text::count(progress.known, "card", "cards"),
            progress.known + progress.unmet,
            progress.due,
        );
        rows.para(0, &words, theme.answer);
    });
    skills(progress, &mut page);
    safety(progress, &mut page);
    load(progress, &mut page);
    calibration(progress, &mut page);
    lists(progress, &app.settings.keys.say("train.mode"), &mut page);
    page.done()
}

fn skills(progress: &Progress, page: &mut Builder<'_>) {
    let theme = page.rows.theme;
    if progress.cases == 0 {
        return;
    }
    page.section("Skill", "the last five cases, and every one before");
    for skill in &progress.skills {
        page.item(Item::Text, |rows, _| {
            let Some(now) = skill.now else {
                rows.line(vec![
                    (text::pad(skill.domain.word(), 10), theme.muted),
                    ("not marked yet".to_owned(), theme.muted),
                ]);
                return;
            };
            let mut parts = vec![(text::pad(skill.domain.word(), 10), theme.muted)];
            parts.extend(share(theme, now, 16));
            let trend = skill.before.map_or(String::new(), |before| format!(" from {:.0} %", before * 100.0));
            parts.push((text::pad(&trend, 12), theme.muted));
            let room = rows.width.saturating_sub(46).min(24);
            let line = rows.line(parts);
            let history = skill.all.get(skill.all.len().saturating_sub(room)..).unwrap_or_default();
            line.spans.extend(spark(history, 1, theme.accent).into_iter().flat_map(|row| row.spans));
        });
    }
}

fn safety(progress: &Progress, page: &mut Builder<'_>) {
    let theme = page.rows.theme;
    let found: Vec<f64> = progress.safety.iter().filter_map(|point| point.sensitivity).collect();
    let left: Vec<f64> = progress.safety.iter().filter_map(|point| point.specificity).collect();
    if found.is_empty() && left.is_empty() {
        return;
    }
    page.section("Safety over time", "each case a column, the latest at the right");
    let rows = [
        ("found, of what speaks against treatment", found, progress.lately(|point| point.sensitivity)),
        ("left in peace, of what is harmless", left, progress.lately(|point| point.specificity)),
    ];
    for (name, all, lately) in rows.into_iter().filter(|(_, all, _)| !all.is_empty()) {
        page.item(Item::Text, |rows, _| {
            let lately = lately.map_or("–".to_owned(), |share| format!("{:.0} % lately", share * 100.0));
            rows.line(vec![(format!("{name}  "), theme.text), (lately, theme.answer)]);
            let last = all.get(all.len().saturating_sub(rows.width.min(WIDEST))..).unwrap_or_default();
            rows.rows.extend(spark(last, 2, theme.accent));
        });
    }
}

fn load(progress: &Progress, page: &mut Builder<'_>) {
    let theme = page.rows.theme;
    page.section("Due in the coming 14 days", "cards");
    page.item(Item::Text, |rows, _| {
        if progress.load.iter().all(|(_, n)| *n == 0) {
            rows.para(0, "Nothing.", theme.muted);
            return;
        }
        let bars: Vec<Bar<'_>> = progress
            .load
            .iter()
            .map(|(day, n)| {
                let bar = Bar::default().value(*n as u64).label(format!("{:02}", day.day()));
                let bar = bar.text_value(if *n == 0 { String::new() } else { n.to_string() });
                bar.style(theme.accent).value_style(theme.selected)
            })
            .collect();
        let width = u16::try_from(rows.width.min(14 * 4)).unwrap_or(56);
        let chart = BarChart::default()
            .data(BarGroup::default().bars(&bars))
            .bar_width((width / 14).saturating_sub(1).max(1))
            .bar_gap(1)
            .label_style(theme.muted);
        rows.rows.extend(drawn(chart, width, 6));
        rows.para(0, "day of the month; what is overdue counts for today", theme.muted);
    });
}

fn calibration(progress: &Progress, page: &mut Builder<'_>) {
    let theme = page.rows.theme;
    if progress.calibration.is_empty() {
        return;
    }
    page.section("Sure and right", "█ yours, • as right as sure");
    page.item(Item::Text, |rows, _| {
        let yours: Vec<(f64, f64)> =
            progress.calibration.iter().map(|row| (row.confidence * 100.0, row.right * 100.0)).collect();
        let ideal: Vec<(f64, f64)> = (0..=40).map(|n| (f64::from(n) * 2.5, f64::from(n) * 2.5)).collect();
        let sets = vec![
            Dataset::default().marker(Marker::Dot).graph_type(GraphType::Scatter).style(theme.muted).data(&ideal),
            Dataset::default().marker(Marker::Block).graph_type(GraphType::Scatter).style(theme.accent).data(&yours),
        ];
        let axis = |title: &'static str| {
            let labels = ["0", "50", "100"].map(|label| Span::styled(label, theme.muted));
            Axis::default().title(title).style(theme.muted).bounds([0.0, 100.0]).labels(labels)
        };
        let chart = Chart::new(sets).x_axis(axis("% sure")).y_axis(axis("% right")).legend_position(None);
        let width = u16::try_from(rows.width.min(54)).unwrap_or(54);
        rows.rows.extend(drawn(chart, width, 11));
    });
    page.item(Item::Text, |rows, _| {
        for row in &progress.calibration {
            let gap = (row.confidence - row.right) * 100.0;
            let (words, style) = match gap {
                _ if row.n < 5 => ("too few to tell", theme.muted),
                gap if gap > 15.0 => ("! surer than right", theme.outcome(Outcome::Caution)),
                gap if gap < -15.0 => ("righter than sure", theme.text),
                _ => ("✓ fits", theme.done),
            };
            let to = if row.from == 80 { 100 } else { row.from + 19 };
            rows.line(vec![
                (text::pad(&format!("{}-{to} % sure", row.from), 14), theme.muted),
                (text::pad(&format!("{:.0} % right of {}", row.right * 100.0, row.n), 20), theme.answer),
                (words.to_owned(), style),
            ]);
        }
    });
}

fn lists(progress: &Progress, mode: &str, page: &mut Builder<'_>) {
    let theme = page.rows.theme;
    if !progress.critical.is_empty() {
        page.section("Critical fails", "the latest first");
        for fail in &progress.critical {
            page.item(Item::Text, |rows, _| {
                let kinds: Vec<&str> = fail.kinds.iter().map(|kind| critical_words(kind)).collect();
                let words = format!("{}  {}: {}", fail.day, fail.title, kinds.join(", "));
                rows.bullet(0, "✗", theme.error, &words, theme.text);
            });
        }
    }
    if !progress.missed.is_empty() {
        page.section("Missed rules", "");
        for row in &progress.missed {
            page.item(Item::Text, |rows, _| {
                let words = format!("{}  missed {} of {}", row.title, row.missed, row.seen);
                rows.bullet(0, "!", theme.outcome(Outcome::Caution), &words, theme.text);
            });
        }
    }
    let with_case = || progress.topics.iter().filter(|topic| topic.case.is_some());
    let passed: Vec<&str> = with_case().filter(|topic| topic.passed).map(|topic| topic.title.as_str()).collect();
    page.section("Fast track", &format!("{mode} on the first screen turns to it"));
    page.item(Item::Text, |rows, _| {
        let words = format!("{} of {} topics passed", passed.len(), with_case().count());
        rows.para(0, &words, theme.text);
        if !passed.is_empty() {
            rows.para(0, &passed.join(", "), theme.muted);
        }
    });
}

/// Shares, the oldest first, as a line of columns.
fn spark(shares: &[f64], height: u16, style: Style) -> Vec<Row> {
    // A share of nothing still stands there: an empty column would read as no case.
    let least = if height > 1 { 7.0 } else { 4.0 };
    let data: Vec<u64> = shares.iter().map(|share| (share.clamp(0.0, 1.0) * 100.0).round().max(least) as u64).collect();
    let width = u16::try_from(data.len()).unwrap_or(u16::MAX).max(1);
    drawn(Sparkline::default().data(&data).max(100).style(style), width, height)
}

/// A widget as rows, so that it scrolls with what stands around it.
fn drawn(widget: impl Widget, width: u16, height: u16) -> Vec<Row> {
    let area = Rect { x: 0, y: 0, width, height };
    let mut buffer = Buffer::empty(area);
    widget.render(area, &mut buffer);
    let row = |y: u16| {
        let cells = (0..width).filter_map(|x| buffer.cell((x, y)));
        let mut spans: Vec<Span<'static>> = Vec::new();
        for cell in cells {
            match spans.last_mut() {
                Some(last) if last.style == cell.style() => last.content.to_mut().push_str(cell.symbol()),
                _ => spans.push(Span::styled(cell.symbol().to_owned(), cell.style())),
            }
        }
        Row { spans, ..Row::default() }
    };
    (0..height).map(row).collect()
}
