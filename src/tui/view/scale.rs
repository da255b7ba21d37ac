//! The window of a scored scale.

use super::Page;
use super::fields::{Shown, upright};
use crate::intake::{Answer, tally};
use crate::pack::{Pack, Scale, ScaleItem};
use crate::tui::app::{App, Consult, Loaded, ScaleForm, Target};
use crate::tui::text;
use crate::tui::widget::rows::{Row, Rows};

/// From this height on, a blank line sets the sum apart from the questions.
const ROOMY: u16 = 24;

/// Its questions, the sum so far and what that means.
pub fn window(app: &App, form: &ScaleForm, width: u16) -> (String, Vec<Row>, Page, usize) {
    let (Some(loaded), Some(consult)) = (app.loaded(), app.consult()) else {
        return (String::new(), Vec::new(), Page::default(), 0);
    };
    let scale = &loaded.pack.scales[form.scale];
    let drawing = Drawing { app, loaded: &loaded, consult, scale };
    let mut rows = drawing.rows(form.chosen, width);
    // The window keeps its height while one answers, whichever question is open.
    let tallest = (0..=scale.items.len()).map(|chosen| drawing.rows(chosen, width).len()).max().unwrap_or(0);
    rows.resize(tallest.max(rows.len()), Row::default());
    (scale.label.clone(), drawing.head(width), Page { rows, ..Page::default() }, form.top)
}

struct Drawing<'a> {
    app: &'a App,
    loaded: &'a Loaded,
    consult: &'a Consult,
    scale: &'a Scale,
}

impl Drawing<'_> {
    fn head(&self, width: u16) -> Vec<Row> {
        let theme = &self.app.theme;
        let mut rows = Rows::new(theme, width);
        let so_far = tally(&self.loaded.pack, self.scale, &self.consult.sheet.intake);
        let (of, most) = (self.scale.items.len(), self.scale.most());
        let sum = format!("{} of {most} points", so_far.points);
        let whole = so_far.answered == of;
        let left = if whole { String::new() } else { format!("   {} of {of} answered", so_far.answered) };
        let style = if whole { theme.done } else { theme.text };
        rows.line(vec![(self.outcome(), style)]);
        rows.line(vec![(sum, theme.text), (left, theme.muted)]);
        if self.app.size.1 >= ROOMY {
            rows.blank();
        }
        rows.rows
    }

    /// What the sum means, or what it can still come to.
    fn outcome(&self) -> String {
        let question = &self.loaded.pack.questions[self.scale.answers];
        let (mut from, mut to) = (0, 0);
        for item in &self.scale.items {
            match self.points(item) {
                Some(points) => (from, to) = (from + points, to + points),
                None => (from, to) = (from + item.fewest(), to + item.most()),
            }
        }
        let word = |points| self.scale.bands.value(points).words(question);
        let (low, high) = (word(from), word(to));
        let all = tally(&self.loaded.pack, self.scale, &self.consult.sheet.intake).answered == self.scale.items.len();
        match (all, low == high) {
            (true, _) => format!("{}: {low}", question.label),
            (false, true) => format!("{}: {low} already", question.label),
            (false, false) => format!("{}: {low} to {high}", question.label),
        }
    }

    /// The points of the answer to a question of the scale.
    fn points(&self, item: &ScaleItem) -> Option<u16> {
        item.points.get(self.option(item)?).copied()
    }

    fn option(&self, item: &ScaleItem) -> Option<usize> {
        let question = &self.loaded.pack.questions[item.question];
        match self.consult.sheet.intake.get(&question.id)? {
            Answer::Choice(id) => question.options().iter().position(|option| option.id == *id),
            _ => None,
        }
    }

    fn rows(&self, chosen: usize, width: u16) -> Vec<Row> {
        let theme = &self.app.theme;
        let mut rows = Rows::new(theme, width);
        let labels = self.scale.items.iter().map(|item| text::width(&self.loaded.pack.questions[item.question].label));
        let column = labels.max().unwrap_or(0).min(rows.width / 2);
        for (n, item) in self.scale.items.iter().enumerate() {
            if n == chosen { self.open(&mut rows, n, item) } else { self.closed(&mut rows, n, item, column) }
        }
        self.end(&mut rows, chosen);
        rows.rows
    }

    /// One line: the question, its answer, its points.
    fn closed(&self, rows: &mut Rows<'_>, n: usize, item: &ScaleItem, column: usize) {
        let theme = rows.theme;
        let question = &self.loaded.pack.questions[item.question];
        let answered = self.consult.sheet.intake.get(&question.id).is_some();
        let (mark, words) = match (self.option(item), self.points(item)) {
            (Some(option), Some(points)) => {
                let label = question.options().get(option).map_or("", |option| option.label.as_str());
                ("✓", vec![(label.to_owned(), theme.answer), (format!("  {points}"), theme.muted)])
            }
            _ if answered => ("!", vec![("unknown: no points".to_owned(), theme.answer)]),
            _ => ("·", Vec::new()),
        };
        let style = if mark == "✓" { theme.done } else { theme.muted };
        // Beside no answer there is room for all of the label.
        let label = if answered { text::pad(&question.label, column) } else { question.label.clone() };
        let label = (label, if answered { theme.muted } else { theme.text });
        let mut parts = vec![(format!("{mark} "), style), label, ("  ".to_owned(), theme.text)];
        parts.extend(words);
        rows.line(parts).target = Some(Target::Item(n));
    }

    /// The question with its options.
    fn open(&self, rows: &mut Rows<'_>, n: usize, item: &ScaleItem) {
        let theme = rows.theme;
        let start = rows.len();
        let question = &self.loaded.pack.questions[item.question];
        rows.line(vec![(question.label.clone(), theme.accent)]);
        if !question.help.is_empty() {
            rows.para(2, &question.help, theme.muted);
        }
        rows.item(start, Target::Item(n), true);
        let taken = self.option(item);
        let keys = self.loaded.form.keys(item.question);
        let helps: Vec<String> = item.points.iter().map(u16::to_string).collect();
        let shown: Vec<Shown<'_>> = question
            .options()
            .iter()
            .enumerate()
            .map(|(at, option)| Shown {
                key: keys.get(at).copied().unwrap_or('\0'),
                label: &option.label,
                // Where the key is not the number of points, the points stand behind.
                help: helps
                    .get(at)
                    .map(String::as_str)
                    .filter(|points| keys.get(at).map(char::to_string).as_deref() != Some(points)),
                taken: taken == Some(at),
                chosen: false,
                target: Target::ScaleOption(n, at),
            })
            .collect();
        let from = rows.len();
        upright(rows, 2, &shown, |_| None);
        for row in rows.rows.iter_mut().skip(from) {
            row.bar = true;
            row.active = true;
        }
    }

    /// The end: what Enter does, what the bands are, what to know about them.
    fn end(&self, rows: &mut Rows<'_>, chosen: usize) {
        let theme = rows.theme;
        rows.gap();
        let start = rows.len();
        let n = self.scale.items.len();
        let whole = tally(&self.loaded.pack, self.scale, &self.consult.sheet.intake).answered == n;
        let act = if whole { " take it" } else { " go to what is open" };
        rows.line(vec![("Enter".to_owned(), theme.key), (act.to_owned(), theme.text)]);
        if self.app.size.1 > ROOMY {
            rows.blank();
        }
        rows.para(0, &bands(&self.loaded.pack, self.scale), theme.muted);
        for words in self.scale.help.iter().chain(&self.scale.note) {
            rows.para(0, words, theme.muted);
        }
        rows.item(start, Target::Item(n), chosen == n);
        // What it rests on is a stop of its own: on a small screen both do not fit at once.
        let start = rows.len();
        let grounds = &self.scale.grounds;
        let grade = grounds.evidence;
        let mut rests = format!("Basis: {}; evidence {}, {}", grounds.basis.label(), grade.letter(), grade.label());
        for source in self.loaded.pack.citations(&grounds.sources) {
            rests.push_str(&format!("; {source}"));
        }
        rows.para(0, &rests, theme.muted);
        rows.para(0, &format!("Review: {}", grounds.review.words_on(self.app.today)), theme.muted);
        rows.item(start, Target::Item(n + 1), chosen > n);
    }
}

/// "I 0-7 · II 8-16 · III 17-24".
fn bands(pack: &Pack, scale: &Scale) -> String {
    let question = &pack.questions[scale.answers];
    let spans = scale.bands.spans(scale.fewest(), scale.most());
    let words = spans.map(|(from, to, value)| {
        let span = if from == to { from.to_string() } else { format!("{from}-{to}") };
        format!("{}\u{a0}{span}", value.words(question))
    });
    words.collect::<Vec<_>>().join(" · ")
}
