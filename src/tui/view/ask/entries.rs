//! What is listed in answer to a question: entries with their details, goals with their areas, and what one can do there.

use ratatui::style::Style;

use super::super::fields::{LineBox, Shown, beside, line_box};
use super::{Asking, INDENT};
use crate::intake::{Answer, Entry, Value, What};
use crate::pack::{Qualifier, QualifierKind};
use crate::plan::Outcome;
use crate::tui::action::Action;
use crate::tui::app::{Part, Target};
use crate::tui::form::{self, entry_label};
use crate::tui::text;
use crate::tui::widget::rows::Rows;

/// The id of a command, what it does in words, and the command.
type Hint = (&'static str, &'static str, Action);

impl Asking<'_> {
    pub(super) fn list(&self, rows: &mut Rows<'_>) {
        for (n, entry) in self.consult.sheet.intake.entries(&self.question.id).iter().enumerate() {
            self.entry(rows, n, entry);
        }
        let theme = rows.theme;
        let none = matches!(self.answer(), Some(Answer::Items(entries)) if entries.is_empty());
        let mut parts = vec![(" ".repeat(INDENT), theme.text)];
        if none {
            parts.push(("● none   ".to_owned(), theme.answer));
        }
        let has_entries = !self.consult.sheet.intake.entries(&self.question.id).is_empty();
        let hints: &[Hint] = match (has_entries, none) {
            (true, _) | (false, true) => &[("ask.add", "add", Action::Add), ("ask.accept", "go on", Action::Accept)],
            (false, false) => &[
                ("ask.none", "none", Action::NoneOf),
                ("ask.add", "add", Action::Add),
                ("ask.unknown", "unknown", Action::Unknown),
            ],
        };
        self.tail(rows, parts, hints);
    }

    /// The end of a list: what one can do there.
    fn tail(&self, rows: &mut Rows<'_>, mut parts: Vec<(String, Style)>, hints: &[Hint]) {
        let theme = rows.theme;
        if let Some(typed) = self.consult.sheet.pending.get(&self.question.id) {
            let words = format!("\"{typed}\" is not added: {} goes on with it", self.keys.say("ask.add"));
            rows.bullet(INDENT, "!", theme.error, &words, theme.error);
        }
        let mut spots = Vec::new();
        let mut x: usize = parts.iter().map(|(part, _)| text::width(part)).sum();
        for (id, label, action) in hints {
            let key = self.keys.say(id);
            let wide = text::width(&key) + 1 + text::width(label);
            spots.push((x as u16, (x + wide) as u16, Target::Tail(self.ix, *action)));
            x += wide + 3;
            parts.push((key, theme.key));
            parts.push((format!(" {label}   "), theme.text));
        }
        let here = self.consult.part == Part::Tail;
        let row = rows.line(parts);
        row.selected = here;
        row.active = here;
        row.target = Some(Target::Part(self.ix, Part::Tail));
        row.spots = spots;
    }

    fn entry(&self, rows: &mut Rows<'_>, n: usize, entry: &Entry) {
        let theme = rows.theme;
        let list = form::list_of(self.question);
        let here = self.consult.part == Part::Entry(n);
        let mut parts = vec![
            (format!("{}• ", " ".repeat(INDENT)), theme.accent),
            (entry_label(&self.loaded.pack, list, entry), theme.answer),
        ];
        if matches!(entry.what, What::FreeText(_)) {
            parts.push(("  in words: not checked by rules".to_owned(), theme.outcome(Outcome::Caution)));
        }
        let wide: usize = parts.iter().map(|(part, _)| text::width(part)).sum();
        let mut spot = None;
        if here {
            let key = self.keys.say("ask.remove");
            let end = wide + 3 + text::width(&key) + " remove".len();
            parts.push((format!("   {key}"), theme.key));
            parts.push((" remove".to_owned(), theme.muted));
            spot = Some((wide as u16 + 3, end as u16));
        }
        let row = rows.line(parts);
        if let Some((from, to)) = spot {
            row.spots.push((from, to, Target::Action(Action::Remove)));
        }
        row.selected = here;
        row.active = here;
        row.target = Some(Target::Part(self.ix, Part::Entry(n)));
        let Some(list) = list else { return };
        for (field, qualifier) in self.loaded.form.qualifiers(list, entry).iter().enumerate() {
            let qualifier = &self.loaded.pack.qualifiers[*qualifier];
            let value = entry.qualifiers.get(&qualifier.id);
            self.field(rows, (n, field), qualifier, value);
        }
    }

    fn field(&self, rows: &mut Rows<'_>, (n, field): (usize, usize), qualifier: &Qualifier, value: Option<&Value>) {
        let theme = rows.theme;
        let here = self.consult.part == Part::Field(n, field);
        let target = Target::Part(self.ix, Part::Field(n, field));
        let key = form::field_key(&self.question.id, n, &qualifier.id);
        let indent = INDENT + 4;
        let label_style = if here { theme.accent } else { theme.muted };
        let start = rows.len();
        match &qualifier.kind {
            QualifierKind::Number(kind) if here => {
                let known = value.map(|value| form::value_words(qualifier, value)).unwrap_or_default();
                let shown =
                    LineBox { line: self.consult.line.as_ref(), rest: &known, width: 10, fresh: self.consult.fresh };
                let (cells, cursor) = line_box(theme, &shown);
                let label = qualifier.label.as_str();
                // A label that has no room beside its line stands above it: what 0 means may be at its end.
                let beside = text::width(label) + 32 <= rows.width.saturating_sub(indent);
                let at = if beside { indent + text::width(label) + 2 } else { indent + 2 };
                let mut parts = vec![(" ".repeat(indent), theme.text)];
                if beside {
                    parts.push((format!("{label}  "), label_style));
                } else {
                    rows.para(indent, label, label_style);
                    parts.push(("  ".to_owned(), theme.text));
                }
                parts.extend(cells);
                parts.push((format!(" {}   {} to {}", kind.unit, kind.min, kind.max), theme.muted));
                let row = rows.line(parts);
                row.active = true;
                row.cursor = cursor.map(|column| column + at as u16);
            }
            QualifierKind::Choice(options) if here => {
                rows.line(vec![(" ".repeat(indent), theme.text), (qualifier.label.clone(), label_style)]);
                let keys = form::option_keys(options);
                let shown: Vec<Shown<'_>> = options
                    .iter()
                    .enumerate()
                    .map(|(at, option)| Shown {
                        key: keys.get(at).copied().unwrap_or('\0'),
                        label: &option.label,
                        help: None,
                        taken: matches!(value, Some(Value::Choice(id)) if *id == option.id),
                        chosen: false,
                        target: Target::FieldOption(self.ix, n, field, at),
                    })
                    .collect();
                beside(rows, indent + 2, &shown);
                rows.rows.iter_mut().skip(start).for_each(|row| row.active = true);
            }
            _ => {
                let words = value.map(|value| form::value_words(qualifier, value));
                let pending = self.consult.sheet.pending.get(&key);
                let (words, style) = match (words, pending) {
                    (_, Some(typed)) => (format!("{typed} (not accepted)"), theme.error),
                    (Some(words), None) => (words, theme.answer),
                    (None, None) => ("?".to_owned(), theme.accent),
                };
                let label = format!("{}{}  ", "\u{a0}".repeat(indent), qualifier.label);
                rows.flow(0, indent + 2, &[(&label, label_style), (&words.replace(' ', "\u{a0}"), style)]);
            }
        }
        rows.rows.iter_mut().skip(start).for_each(|row| {
            row.target = row.target.or(Some(target));
        });
        self.complain(rows, &key);
    }

    pub(super) fn goals(&self, rows: &mut Rows<'_>) {
        let theme = rows.theme;
        let goals = match self.answer() {
            Some(Answer::Goals(goals)) => goals.as_slice(),
            _ => &[],
        };
        for (n, goal) in goals.iter().enumerate() {
            let here = self.consult.part == Part::Entry(n);
            let areas: Vec<String> = goal.areas.iter().map(|id| form::area_label(&self.loaded.pack, id)).collect();
            let (areas, style) = if areas.is_empty() {
                ("no area yet".to_owned(), theme.error)
            } else {
                (areas.join(", "), theme.answer)
            };
            let mut parts = vec![
                (format!("{}• ", " ".repeat(INDENT)), theme.accent),
                (form::goal_label(&self.loaded.pack, &goal.goal), theme.answer),
                (":  ".to_owned(), theme.muted),
                (areas, style),
            ];
            if here {
                parts.push(("   Enter".to_owned(), theme.key));
                parts.push((" areas ".to_owned(), theme.muted));
                parts.push((format!(" {}", self.keys.say("ask.remove")), theme.key));
                parts.push((" remove".to_owned(), theme.muted));
            }
            let row = rows.line(parts);
            row.selected = here;
            row.active = here;
            row.target = Some(Target::Part(self.ix, Part::Entry(n)));
        }
        let parts = vec![(" ".repeat(INDENT), theme.text)];
        let hints: &[Hint] = match goals.is_empty() {
            true => &[("ask.add", "choose a goal", Action::Add)],
            false => &[("ask.add", "another goal", Action::Add), ("ask.accept", "go on", Action::Accept)],
        };
        self.tail(rows, parts, hints);
    }
}
