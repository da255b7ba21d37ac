//! The formulary: ingredients to find, and what is known about the one the cursor is on.

use ratatui::style::Style;

use super::assessment::Builder;
use super::explain::number;
use super::fields::{LineBox, line_box};
use super::{Item, Page, evidence as graded};
use crate::pack::{Status, TrialResult};
use crate::plan::{Apart, Formulary, Named, Outcome, Study};
use crate::tui::app::{App, FormularyView, Target};
use crate::tui::signs;
use crate::tui::text;
use crate::tui::theme::Theme;
use crate::tui::widget::rows::{Row, Rows};

/// Columns of the labels.
const LABELS: usize = 13;

/// The line that is typed in.
pub fn search_row(app: &App, view: &FormularyView, width: u16) -> Row {
    let theme = &app.theme;
    let mut rows = Rows::new(theme, width);
    let line = (!view.reading).then_some(&view.query);
    // Where there is no room for both, the line that is typed in counts more than the signs, which the help has too.
    let roomy = rows.width >= 76;
    let wide = rows.width.saturating_sub(if roomy { 57 } else { 32 }).clamp(4, 38);
    let (cells, cursor) = line_box(theme, &LineBox { line, rest: view.query.value(), width: wide, fresh: false });
    let mut parts = vec![("› ".to_owned(), theme.accent)];
    parts.extend(cells);
    let note = match view.hits.first() {
        Some(hit) if hit.similar => "no exact match; similar:".to_owned(),
        Some(_) => {
            let count = text::count(view.hits.len(), "ingredient", "ingredients");
            if roomy { format!("{count}  ✓ offered  · on request  ✗ not here") } else { count }
        }
        None => "nothing matches".to_owned(),
    };
    parts.push((format!("  {note}"), theme.muted));
    let row = rows.line(parts);
    row.cursor = cursor.map(|at| at + 2);
    row.clone()
}

/// The ingredients that match.
pub fn list(app: &App, view: &FormularyView, width: u16) -> Page {
    let theme = &app.theme;
    let mut page = Page::default();
    let mut rows = Rows::new(theme, width);
    let Some(loaded) = app.loaded() else { return page };
    let pack = &loaded.pack;
    let here = pack.jurisdictions.find(&app.settings.jurisdiction);
    // With the whole screen to itself the list says more in a line.
    let alone = width >= 72;
    for (n, hit) in view.hits.iter().enumerate() {
        let Some(ix) = pack.ingredients.find(&hit.id) else { continue };
        let detail = pack.ingredient(ix);
        let status = here.and_then(|at| pack.status_in(ix, at));
        let barred = status.is_some_and(Status::excludes);
        let (sign, style) = match (barred, detail.offered) {
            (true, _) => ("✗", theme.error),
            (false, true) => ("✓", theme.done),
            (false, false) => ("·", theme.muted),
        };
        let best = detail.evidence_for.iter().min_by_key(|known| known.grade);
        let label = if alone { text::pad(&hit.label, 38) } else { hit.label.clone() };
        let mut parts = vec![
            (format!("{sign} "), style),
            (format!("{} ", best.map_or("-", |known| known.grade.letter())), theme.muted),
            (label, theme.answer),
        ];
        if alone {
            let goal = best.map_or("no goal", |known| pack.goals[known.goal].label.as_str());
            parts.push((format!("  {}", text::pad(goal, 18)), theme.text));
            parts.push((format!("  {}", status.map_or("", Status::word)), theme.muted));
        }
        if hit.matched != hit.label && !alone {
            parts.push((format!("  {}", hit.matched), theme.muted));
        }
        let chosen = view.chosen == n;
        let row = rows.line(parts);
        row.target = Some(Target::Item(n));
        (row.selected, row.active) = (chosen, chosen);
        row.bar = chosen && !view.reading;
        page.items.push(Item::Text);
    }
    page.rows = rows.rows;
    page
}

/// Everything known about the ingredient the cursor is on.
pub fn entry(app: &App, view: &FormularyView, width: u16) -> Page {
    let chosen = if view.reading { view.at } else { usize::MAX };
    let mut page = Builder::new(Rows::new(&app.theme, width), chosen);
    if let Some(entry) = &view.entry {
        head(entry, &mut page);
        evidence(entry, &mut page);
        trials(entry, &mut page);
        limits(entry, &mut page);
        syringe(entry, &mut page);
        rules(entry, &mut page);
        law(entry, &mut page);
        page.section("Sources of this entry", &format!("{} {}", signs::basis(entry.basis), entry.basis.label()));
        sources(&mut page, &entry.sources);
        page.text("·", &entry.review.words());
    }
    page.done()
}

fn head(entry: &Formulary, page: &mut Builder<'_>) {
    let theme = page.rows.theme;
    let barred = entry.here().is_some_and(|status| status.excluded);
    let (words, style) = match (barred, entry.offered) {
        (true, _) => ("✗ may not be injected here", theme.error),
        (false, true) => ("✓ offered", theme.done),
        (false, false) => ("· only vetted when asked for", theme.muted),
    };
    page.begin_section();
    page.item(Item::Text, |rows, _| rows.flow(0, 2, &[(&entry.label, theme.heading), ("  ", style), (words, style)]));
    pair(page, "Purpose", &entry.purpose);
    let most = entry.mg_per_ml_max.map(|most| format!("; no recipe stronger than {} mg/mL", number(most)));
    pair(page, "Strength", &format!("{}{}", entry.concentration, most.unwrap_or_default()));
    pair(page, "Route", &entry.route);
    if let Some([from, to]) = entry.depth_mm {
        pair(page, "Depth", &format!("{} to {} mm", number(from), number(to)));
    }
    pair(page, "Made of", &labels(&entry.components));
    pair(page, "Contains", &labels(&entry.contains));
    pair(page, "Caution", &entry.caution);
    for (n, recipe) in entry.recipes.iter().enumerate() {
        pair(page, if n == 0 { "Recipes" } else { "" }, &recipe.label);
    }
    pair(page, "Classes", &labels(&entry.classes));
    pair(page, "Also called", &entry.synonyms.join(", "));
}

fn evidence(entry: &Formulary, page: &mut Builder<'_>) {
    let theme = page.rows.theme;
    page.section("Evidence by goal", "");
    if entry.evidence.is_empty() {
        page.text("·", "None on record for any goal.");
    }
    for known in &entry.evidence {
        page.item(Item::Text, |rows, _| {
            let lead = format!("{}\u{a0}{}: ", graded::strip(known.grade).replace(' ', "\u{a0}"), known.goal_label);
            rows.flow(
                0,
                2,
                &[(&lead, theme.answer), (&format!("{}. {}", known.grade.label(), known.note), theme.text)],
            );
            cited(rows, &known.sources);
        });
    }
}

fn trials(entry: &Formulary, page: &mut Builder<'_>) {
    let tally = entry.tally();
    page.section("Trials", &tally);
    if tally.is_empty() {
        page.text("·", "No trial of this ingredient is on record.");
    }
    entry.trials.iter().for_each(|trial| study(trial, page));
}

fn study(trial: &Study, page: &mut Builder<'_>) {
    let theme = page.rows.theme;
    let lead = format!("{}\u{a0}{}  ", trial.result.sign(), trial.result.word().to_uppercase());
    let every = if trial.of_every_injection { "  every injection" } else { "" };
    page.item(Item::Text, |rows, _| {
        rows.flow(0, 2, &[(&lead, colour(theme, trial.result)), (&trial.title, theme.answer), (every, theme.muted)]);
        rows.para(2, &trial.outcome, theme.text);
        rows.para(2, &trial.how(), theme.muted);
        rows.para(2, &format!("Given: {}", trial.product), theme.muted);
        if !trial.weakness.is_empty() {
            rows.para(2, &format!("Weakness: {}", trial.weakness), theme.text);
        }
        cited(rows, &trial.sources);
    });
}

/// The sign and the word say it as well: never the colour alone.
fn colour(theme: &Theme, result: TrialResult) -> Style {
    match result {
        TrialResult::Positive => theme.outcome(Outcome::Proceed),
        TrialResult::Null | TrialResult::Mixed => theme.outcome(Outcome::Caution),
        TrialResult::Negative => theme.outcome(Outcome::Decline),
    }
}

fn limits(entry: &Formulary, page: &mut Builder<'_>) {
    let theme = page.rows.theme;
    page.section("Limits", "");
    if entry.limits.is_empty() {
        page.text("·", "None on record; that is no licence for any dose.");
    }
    for limit in &entry.limits {
        let only = match limit.jurisdictions.is_empty() {
            true => String::new(),
            false => format!(" (in {})", limit.jurisdictions.join(", ")),
        };
        page.item(Item::Text, |rows, _| {
            rows.bullet(0, "·", theme.muted, &format!("{}{only}", limit.text), theme.text);
            cited(rows, &limit.sources);
        });
    }
}

fn syringe(entry: &Formulary, page: &mut Builder<'_>) {
    let theme = page.rows.theme;
    page.section("In one syringe", "");
    for apart in &entry.mixing.blocked {
        self::apart(page, "✗\u{a0}never with ", theme.error, apart);
    }
    for apart in &entry.mixing.warned {
        self::apart(page, "!\u{a0}with care: ", theme.outcome(Outcome::Caution), apart);
    }
    for apart in &entry.mixing.compatible {
        self::apart(page, "✓\u{a0}compatible with ", theme.done, apart);
    }
    page.text("·", &entry.mixing.rest);
}

fn apart(page: &mut Builder<'_>, lead: &str, style: Style, apart: &Apart) {
    let theme = page.rows.theme;
    let with = if apart.with_everything { "anything".to_owned() } else { labels(&apart.with) };
    page.item(Item::Text, |rows, _| {
        rows.flow(0, 2, &[(lead, style), (&with, theme.answer)]);
        rows.para(2, &apart.why, theme.text);
        cited(rows, &apart.sources);
    });
}

fn rules(entry: &Formulary, page: &mut Builder<'_>) {
    let theme = page.rows.theme;
    page.section("Rules about it", "");
    if entry.rules.is_empty() {
        page.text("·", "None.");
    }
    for rule in &entry.rules {
        let lead = if rule.excludes { "✗\u{a0}excludes it: " } else { "·\u{a0}asks: " };
        page.item(Item::Text, |rows, _| {
            rows.flow(0, 2, &[(lead, theme.muted), (&rule.title, theme.answer)]);
            rows.para(2, &format!("When {}.", rule.when), theme.text);
            rows.para(2, &rule.rule, theme.muted);
        });
    }
}

fn law(entry: &Formulary, page: &mut Builder<'_>) {
    let theme = page.rows.theme;
    page.section("Legal status", if entry.here().is_some() { "" } else { "no jurisdiction is configured" });
    for status in &entry.status {
        let label = if status.here { format!("{}, here", status.label) } else { status.label.clone() };
        let mark = if status.excluded { "✗ " } else { "" };
        let value = format!("{mark}{}", status.status.unwrap_or("not stated"));
        let style = match (status.here, status.excluded) {
            (true, true) => theme.error,
            (true, false) => theme.answer,
            (false, _) => theme.text,
        };
        page.item(Item::Text, |rows, _| rows.pair(&label, 24.min(rows.width / 2), &value, style));
    }
    page.item(Item::Text, |rows, _| {
        rows.para(0, &entry.status_note, theme.text);
        cited(rows, &entry.status_sources);
    });
}

fn sources(page: &mut Builder<'_>, all: &[String]) {
    all.iter().for_each(|one| page.text("·", one));
}

/// Citations under what they are for.
fn cited(rows: &mut Rows<'_>, all: &[String]) {
    let style = rows.theme.muted;
    all.iter().for_each(|one| rows.bullet(2, "·", style, one, style));
}

fn pair(page: &mut Builder<'_>, label: &str, value: &str) {
    if !value.is_empty() {
        page.item(Item::Text, |rows, _| {
            let style = rows.theme.text;
            rows.pair(label, LABELS, value, style);
        });
    }
}

fn labels(named: &[Named]) -> String {
    named.iter().map(|row| row.label.as_str()).collect::<Vec<_>>().join(", ")
}
