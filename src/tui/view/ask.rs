//! The steps that ask, drawn from the pack's questions.

mod entries;

use ratatui::style::Style;

use super::fields::{LineBox, Shown, beside, line_box, upright};
use super::{Page, chrome, thought};
use crate::intake::{Answer, tally};
use crate::pack::{Question, QuestionIx, QuestionKind};
use crate::plan::{Outcome, ScaleResult};
use crate::tui::action::Action;
use crate::tui::against;
use crate::tui::app::{App, Consult, Loaded, Part, Target};
use crate::tui::form::{self, Standing, answer_words};
use crate::tui::keymap::KeyMap;
use crate::tui::sheet::StepId;
use crate::tui::text;
use crate::tui::widget::rows::Rows;
use crate::tui::widget::swatch;

/// Columns before the content of the question with the focus.
const INDENT: usize = 2;

/// Below this many columns for an earlier answer and its day, the day is said in fewer words.
const NARROW: usize = 56;

/// Columns that are worth wrapping an answer in.
const READABLE: usize = 30;

/// The questions of a step.
pub fn page(app: &App, consult: &Consult, width: u16) -> Page {
    let mut rows = Rows::new(&app.theme, width);
    let Some(loaded) = app.loaded() else {
        rows.para(0, "Reading the rules...", app.theme.muted);
        return Page { rows: rows.rows, ..Page::default() };
    };
    let asked: Vec<QuestionIx> = form::asked(&loaded.pack, consult, consult.step).collect();
    let note = match chrome::standing(app, consult, consult.step) {
        Standing::Missing(n) => format!("{} needed", text::count(n, "answer", "answers")),
        Standing::Complete => "complete".to_owned(),
        Standing::Untouched => String::new(),
    };
    rows.heading(consult.step.label(), &note);
    let column = label_column(&loaded, &asked, rows.width);
    for ix in asked {
        let question = &loaded.pack.questions[ix];
        let preset = (ix == loaded.pack.roles.jurisdiction).then_some(app.settings.jurisdiction.as_str());
        let asking = Asking { loaded: &loaded, consult, question, ix, keys: &app.settings.keys, preset };
        if consult.question == Some(ix) {
            rows.gap();
            asking.open(&mut rows);
            rows.blank();
        } else {
            asking.closed(&mut rows, column);
        }
    }
    if consult.step == StepId::Patient {
        looks_like(&loaded, consult, &app.settings.keys, &mut rows);
    }
    idle(&loaded, consult, &mut rows);
    Page { rows: rows.rows, ..Page::default() }
}

/// The questions of the step that do not apply, and so are not asked: nobody has to look for them.
fn idle(loaded: &Loaded, consult: &Consult, rows: &mut Rows<'_>) {
    let here = |ix: &&QuestionIx| StepId::from(loaded.pack.questions[**ix].step) == consult.step;
    let labels = consult.idle.iter().filter(here).map(|ix| loaded.pack.questions[*ix].label.as_str());
    let labels = labels.collect::<Vec<_>>().join(", ");
    if !labels.is_empty() {
        let theme = rows.theme;
        rows.gap();
        rows.bullet(0, "–", theme.muted, &format!("does not apply, not asked: {labels}"), theme.muted);
    }
}

/// One quiet line when somebody on record looks like the patient being typed.
fn looks_like(loaded: &Loaded, consult: &Consult, keys: &KeyMap, rows: &mut Rows<'_>) {
    let Some(line) = consult.alike.first() else { return };
    let theme = rows.theme;
    let born = line.person.birth_date.map_or_else(|| "no date of birth".to_owned(), |date| format!("born {date}"));
    let more = match consult.alike.len() {
        1 => String::new(),
        n => format!(", and {} more", n - 1),
    };
    rows.gap();
    let who = format!("looks like {}, {born}, last seen {} ({}){more}: ", line.name, line.seen, line.why);
    let (verdict, outcome) = line.standing();
    let verdict = verdict.replace(' ', "\u{a0}");
    let allergies = against::allergies(&loaded.pack, &line.known);
    let allergies =
        if allergies.is_empty() { ".  ".to_owned() } else { format!(", ! allergic: {}.  ", allergies.join(", ")) };
    rows.flow(
        0,
        2,
        &[
            ("≈\u{a0}", theme.accent),
            (&who, theme.text),
            (&verdict, theme.outcome(outcome)),
            (&allergies, theme.text),
            (&keys.say("ask.alike"), theme.key),
            (" opens the history; or just go on as a new patient.", theme.muted),
        ],
    );
}

fn label_column(loaded: &Loaded, asked: &[QuestionIx], width: usize) -> usize {
    let widest = asked.iter().map(|ix| text::width(&loaded.pack.questions[*ix].label)).max().unwrap_or(0);
    widest.min(width.saturating_sub(20).max(12)).min(36)
}

/// A mark, a label, a gap, and then words that are wrapped under themselves: of an answer as much is shown as is read at a glance.
fn wrapped(rows: &mut Rows<'_>, column: usize, parts: &[(String, Style)]) {
    const LEAD: usize = 3;
    // Where the labels leave no room for a column, a long answer stands below its label.
    let wide: usize = parts.iter().map(|(words, _)| text::width(words)).sum();
    let below = column + READABLE > rows.width && wide > rows.width;
    let column = if below { INDENT + 2 } else { column };
    let most = 4 * rows.width.saturating_sub(column).max(8);
    let shown = |(n, (words, style)): (usize, &(String, Style))| {
        let words = if n < LEAD { words.replace(' ', "\u{a0}") } else { text::fit(&text::clean(words), most) };
        (words, *style)
    };
    let parts: Vec<(String, Style)> = parts.iter().enumerate().map(shown).collect();
    let parts: Vec<(&str, Style)> = parts.iter().map(|(words, style)| (words.as_str(), *style)).collect();
    if below {
        let (label, answer) = parts.split_at(LEAD);
        rows.flow(0, 0, label);
        rows.flow(column, column, answer);
        return;
    }
    rows.flow(0, column, &parts);
}

struct Asking<'a> {
    loaded: &'a Loaded,
    consult: &'a Consult,
    question: &'a Question,
    ix: QuestionIx,
    keys: &'a KeyMap,
    /// What the configuration says to this question, where it does.
    preset: Option<&'a str>,
}

impl Asking<'_> {
    fn answer(&self) -> Option<&Answer> {
        self.consult.sheet.intake.get(&self.question.id)
    }

    fn error(&self, key: &str) -> Option<&str> {
        self.consult.error.as_ref().filter(|(of, _)| of == key).map(|(_, why)| why.as_str())
    }

    /// What the scale of the question says, if it gives the answer.
    fn by_scale(&self) -> Option<&ScaleResult> {
        form::by_scale(&self.consult.assessment, &self.question.id)
    }

    /// One line: how it stands, its label, its answer.
    fn closed(&self, rows: &mut Rows<'_>, column: usize) {
        let theme = rows.theme;
        let missing = form::is_missing(self.question, &self.consult.sheet, &self.consult.assessment);
        let pending = self.consult.sheet.typed_for(&self.question.id);
        let by_scale = self.by_scale();
        let answered = self.answer().is_some() || by_scale.is_some();
        let unknown = matches!(self.answer(), Some(Answer::Unknown));
        let (mark, style) = match (answered, pending) {
            (false, None) if self.offered().is_some() => ("?", theme.accent),
            (_, Some(_)) => ("!", theme.error),
            (true, None) if unknown => ("~", theme.outcome(Outcome::Caution)),
            (true, None) => ("✓", theme.done),
            (false, None) if missing => ("•", theme.accent),
            (false, None) => ("·", theme.muted),
        };
        let offered = self.offered().filter(|_| !answered && pending.is_none());
        let (words, of) = match (self.answer(), pending) {
            _ if offered.is_some() => (offered.clone().unwrap_or_default(), theme.text),
            (answer, Some(typed)) => {
                // The entries of a list stand; what was typed for it, or for one of them, is not among them.
                let entries = answer.filter(|answer| matches!(answer, Answer::Items(_) | Answer::Goals(_)));
                let entries = entries.map(|answer| answer_words(&self.loaded.pack, self.question, answer));
                let beside = entries.map_or_else(String::new, |words| format!("; {words}"));
                (format!("{typed} (not accepted){beside}"), theme.error)
            }
            (Some(Answer::Unknown), None) => {
                ("unknown: counts as the unfavourable case".to_owned(), theme.outcome(Outcome::Caution))
            }
            (Some(answer), None) => (answer_words(&self.loaded.pack, self.question, answer), theme.answer),
            (None, None) => match by_scale {
                Some(by) => (by.value_label.clone(), theme.answer),
                None if missing => ("needed".to_owned(), theme.accent),
                None => ("open".to_owned(), theme.muted),
            },
        };
        let label = text::pad(&self.question.label, column);
        // The day it is from stays in sight, however long the answer is.
        let when = offered.as_ref().map(|_| self.offered_when(rows.width.saturating_sub(column)));
        let room = rows.width.saturating_sub(column + 6 + when.as_deref().map_or(0, text::width));
        let words = if when.is_some() { text::fit(&words, room.max(8)) } else { words };
        let label_style = if answered { theme.muted } else { theme.text };
        let mut parts =
            vec![(format!("{mark} "), style), (label, label_style), ("  ".to_owned(), theme.text), (words, of)];
        parts.extend(self.confirmed().filter(|_| pending.is_none()).map(|note| (note, theme.muted)));
        parts.extend(when.map(|when| (format!("  {when}"), theme.accent)));
        if self.preset.is_some_and(|law| matches!(self.answer(), Some(Answer::Choice(id)) if id == law)) {
            parts.push(("  by the configuration".to_owned(), theme.muted));
        }
        parts.extend(by_scale.filter(|_| pending.is_none()).map(|by| (format!("  {}", by.origin()), theme.muted)));
        parts.extend(self.mark(theme.muted));
        let start = rows.len();
        wrapped(rows, column + 4, &parts);
        rows.target(start, Target::Part(self.ix, Part::Whole));
    }

    /// What the answer can still do, in a few words at the end of a line: nothing moves when it comes.
    fn mark(&self, style: Style) -> Option<(String, Style)> {
        let (sign, words) = thought::mark(self.consult, &self.question.id)?;
        Some((format!("  {sign} {words}"), style))
    }

    /// With its help and what it can be answered with.
    fn open(&self, rows: &mut Rows<'_>) {
        let theme = rows.theme;
        let start = rows.len();
        let mut title = vec![(self.question.label.clone(), theme.accent)];
        if let Some(Answer::Unknown) = self.answer() {
            title.push(("  ● unknown".to_owned(), theme.answer));
        }
        title.extend(self.confirmed().map(|note| (note, theme.muted)));
        title.extend(self.mark(theme.muted));
        rows.line(title).active = self.consult.part == Part::Whole;
        if !self.question.help.is_empty() {
            rows.para(INDENT, &self.question.help, theme.muted);
        }
        rows.target(start, Target::Part(self.ix, Part::Whole));
        self.offer(rows);
        match &self.question.kind {
            QuestionKind::Choice(_) => self.choice(rows),
            QuestionKind::Number(kind) => {
                let unit = if kind.unit.is_empty() { String::new() } else { format!(" {}", kind.unit) };
                self.line(rows, 10, &format!("{unit}   {} to {}", kind.min, kind.max));
            }
            QuestionKind::Date if self.ix == self.loaded.pack.roles.birth_date => {
                self.line(rows, 12, "   year-month-day, or the age alone");
            }
            QuestionKind::Date => self.line(rows, 12, "   year-month-day"),
            QuestionKind::Text => self.line(rows, rows.width.saturating_sub(INDENT + 1).min(70), ""),
            QuestionKind::List(_) => self.list(rows),
            QuestionKind::Goals => self.goals(rows),
        }
        self.scale(rows);
        rows.bar(start);
    }

    /// What an earlier consultation offers, in words; with the question answered, nothing.
    fn offered(&self) -> Option<String> {
        let offer = self.consult.sheet.offer(&self.question.id)?;
        Some(form::detailed_words(&self.loaded.pack, self.question, offer.shown()))
    }

    fn offered_when(&self, width: usize) -> String {
        let day = self.consult.sheet.carried.as_ref().map(|carried| carried.earlier.day().to_string());
        let day = day.unwrap_or_default();
        if width < NARROW { format!("{day}, to confirm") } else { format!("from {day}, to be confirmed") }
    }

    /// Where a confirmed answer came from.
    fn confirmed(&self) -> Option<String> {
        let carried = self.consult.sheet.carried.as_ref()?;
        carried.confirmed.get(&self.question.id)?;
        self.answer().map(|_| format!("  from {}, confirmed", carried.earlier.day()))
    }

    /// The earlier answer, and the key that confirms it.
    fn offer(&self, rows: &mut Rows<'_>) {
        let Some(words) = self.offered() else { return };
        let theme = rows.theme;
        let (key, means) = match self.question.kind {
            QuestionKind::List(_) => (self.keys.say("ask.confirm"), "still so (ask what is new)"),
            QuestionKind::Goals => (self.keys.say("ask.confirm"), "the same again"),
            _ => (self.keys.say("ask.accept"), "confirms it"),
        };
        let when = format!("  {}", self.offered_when(rows.width));
        let lead = format!("{}? ", "\u{a0}".repeat(INDENT));
        let (key, means) = (format!("   {key}"), format!("\u{a0}{means}"));
        let parts = [
            (lead.as_str(), theme.accent),
            (words.as_str(), theme.answer),
            (when.as_str(), theme.accent),
            (key.as_str(), theme.key),
            (means.as_str(), theme.muted),
        ];
        rows.flow(0, INDENT + 2, &parts);
    }

    /// The scale that can answer the question: how to open it, how far it is, what it says.
    fn scale(&self, rows: &mut Rows<'_>) {
        let pack = &self.loaded.pack;
        let Some(scale) = pack.scale_for(self.ix).map(|ix| &pack.scales[ix]) else { return };
        let theme = rows.theme;
        let keys = self.loaded.form.keys(self.ix);
        let key = self.keys.say_beside("ask.scale", keys);
        let result = self.consult.assessment.scales.iter().find(|result| result.scale == scale.id);
        let (said, style) = match (result, tally(pack, scale, &self.consult.sheet.intake).answered) {
            (Some(result), _) => (format!("{}, {}", result.value_label, result.sum()), theme.answer),
            (None, 0) => (format!("{} questions", scale.items.len()), theme.muted),
            (None, n) => (format!("{n} of {} answered", scale.items.len()), theme.accent),
        };
        let parts = vec![
            (format!("{}{key}", " ".repeat(INDENT)), theme.key),
            (format!(" {}  ", scale.label), theme.text),
            (said, style),
        ];
        rows.line(parts).target = Some(Target::Action(Action::Scale));
    }

    fn choice(&self, rows: &mut Rows<'_>) {
        let QuestionKind::Choice(options) = &self.question.kind else { return };
        let keys = self.loaded.form.keys(self.ix);
        let shown: Vec<Shown<'_>> = options
            .iter()
            .enumerate()
            .map(|(n, option)| Shown {
                key: keys.get(n).copied().unwrap_or('\0'),
                label: &option.label,
                help: option.help.as_deref(),
                taken: match self.answer() {
                    Some(answer) => matches!(answer, Answer::Choice(id) if *id == option.id),
                    None => self.by_scale().is_some_and(|by| by.value == option.id),
                },
                chosen: self.consult.part == Part::Option(n),
                target: Target::Part(self.ix, Part::Option(n)),
            })
            .collect();
        if form::upright(options) {
            let (theme, swatches) = (rows.theme, self.question.id == swatch::QUESTION);
            upright(rows, INDENT, &shown, |n| swatch::of(n, theme).filter(|_| swatches));
        } else {
            beside(rows, INDENT, &shown);
        }
    }

    fn line(&self, rows: &mut Rows<'_>, width: usize, after: &str) {
        let theme = rows.theme;
        let known = self.answer().map(|answer| answer_words(&self.loaded.pack, self.question, answer));
        let shown = LineBox {
            line: self.consult.line.as_ref(),
            rest: known.as_deref().unwrap_or(""),
            width: width.max(4),
            fresh: self.consult.fresh && !matches!(self.question.kind, QuestionKind::Text),
        };
        let (cells, cursor) = line_box(theme, &shown);
        let mut parts = vec![(" ".repeat(INDENT), theme.text)];
        parts.extend(cells);
        parts.push((after.to_owned(), theme.muted));
        let row = rows.line(parts);
        row.active = true;
        row.cursor = cursor.map(|at| at + INDENT as u16);
        row.target = Some(Target::Part(self.ix, Part::Whole));
        self.complain(rows, &self.question.id);
    }

    fn complain(&self, rows: &mut Rows<'_>, key: &str) {
        if let Some(why) = self.error(key) {
            let style = rows.theme.error;
            rows.bullet(INDENT, "!", style, why, style);
        }
    }
}
