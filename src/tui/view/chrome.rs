//! What frames every screen: the header, the steps, the verdict in one line, remarks, keys.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::Span;

use super::{Item, train, who};
use crate::intake::{Answer, Offer};
use crate::pack::{QualifierKind, QuestionIx, Verdict};
use crate::plan::{Assessment, Excluded, Outcome};
use crate::record::Protection;
use crate::tui::action::Action;
use crate::tui::app::{App, Consult, Loaded, Notice, Part, Popup, Saved, Screen, Subject, Target};
use crate::tui::context::{self, Context};
use crate::tui::form::{self, Standing};
use crate::tui::lock::Stage;
use crate::tui::sheet::StepId;
use crate::tui::text;
use crate::tui::theme::Theme;
use crate::tui::update::area_letter;
use crate::tui::widget::rows::Row;

/// From this width on the steps are named, and the header says more.
const ROOMY: u16 = 76;

/// Program, patient, draft.
pub fn header(app: &App, area: Rect, buf: &mut Buffer) {
    let theme = &app.theme;
    let (next, _) = buf.set_stringn(area.x + 1, area.y, "pistor", usize::from(area.width), theme.accent);
    let (right, style) = match &app.screen {
        Screen::Consult(consult) => kept(&consult.saved, area.width, theme),
        Screen::FollowUp(view) if view.saved == Saved::Nothing => ("follow-up".to_owned(), theme.muted),
        Screen::FollowUp(view) => kept(&view.saved, area.width, theme),
        _ => (app.today.to_string(), theme.muted),
    };
    let wide = text::width(&right) as u16;
    let start = area.right().saturating_sub(wide + 1);
    buf.set_stringn(start, area.y, &right, usize::from(wide), style);
    let room = usize::from(start.saturating_sub(next + 4));
    let who = match &app.screen {
        Screen::Consult(consult) => who::patient(app, consult, room),
        Screen::Home | Screen::Locked(_) => "first consultation in mesotherapy".to_owned(),
        Screen::Record(record) => who::of_record(record),
        Screen::FollowUp(view) => view.patient(),
        Screen::Patient(_) => "history of a patient".to_owned(),
        Screen::Compare(view) => {
            let name = &view.pair.1.patient.name;
            format!("two consultations of {}", if name.is_empty() { "(no name)" } else { name })
        }
        Screen::Formulary(_) => "formulary".to_owned(),
        Screen::Training(view) => train::who(view),
    };
    buf.set_stringn(next + 2, area.y, text::fit(&text::clean(&who), room), room, theme.text);
}

/// Whether the draft is on disk; in fewer words where the patient needs the room.
fn kept(saved: &Saved, width: u16, theme: &Theme) -> (String, Style) {
    let roomy = width >= ROOMY;
    match saved {
        Saved::Nothing if roomy => ("nothing to save yet".to_owned(), theme.muted),
        Saved::Nothing => (String::new(), theme.muted),
        Saved::Saving if roomy => ("saving draft".to_owned(), theme.muted),
        Saved::Saving => ("saving".to_owned(), theme.muted),
        Saved::At(at) if roomy => (format!("draft saved {at}"), theme.muted),
        Saved::At(_) => ("saved".to_owned(), theme.muted),
        Saved::Failed(_) => ("! DRAFT NOT SAVED".to_owned(), theme.error),
    }
}

/// How a step stands.
#[must_use]
pub fn standing(app: &App, consult: &Consult, step: StepId) -> Standing {
    let Some(loaded) = app.loaded() else { return Standing::Untouched };
    let (sheet, assessment) = (&consult.sheet, &consult.assessment);
    if !sheet.visited.contains(&step) {
        return Standing::Untouched;
    }
    match step {
        StepId::Assessment if assessment.verdict == Outcome::Incomplete => {
            Standing::Missing(consult.open(&loaded.pack).len())
        }
        StepId::Assessment => Standing::Complete,
        StepId::Plan if assessment.plan.is_some() => Standing::Complete,
        StepId::Plan => Standing::Untouched,
        StepId::Sign => match crate::tui::update::blockers(app).len() {
            0 => Standing::Complete,
            n => Standing::Missing(n),
        },
        _ => match form::missing(&loaded.pack, consult, step) {
            0 => Standing::Complete,
            n => Standing::Missing(n),
        },
    }
}

/// The steps, each with its sign, and with how many things it lacks; clickable.
#[must_use]
pub fn steps_row(app: &App) -> Row {
    if let Screen::Training(view) = &app.screen {
        return train::steps_row(app, view);
    }
    let mut row = Row::default();
    let Screen::Consult(consult) = &app.screen else { return row };
    let theme = &app.theme;
    let roomy = app.size.0 >= ROOMY;
    let numbered = app.size.0 >= 108;
    let mut names = Vec::new();
    for step in StepId::ALL {
        let here = consult.step == step;
        let standing = standing(app, consult, step);
        let (mark, lacks, mut style) = match standing {
            Standing::Complete => ("✓", 0, theme.done),
            Standing::Missing(n) if here => ("▸", n, theme.text),
            Standing::Missing(n) => ("", n, theme.outcome(Outcome::Caution)),
            Standing::Untouched if here => ("▸", 0, theme.text),
            Standing::Untouched => ("·", 0, theme.muted),
        };
        if here {
            style = theme.accent.add_modifier(Modifier::REVERSED);
        }
        let lacks = if lacks == 0 { String::new() } else { format!("!{lacks}") };
        let between = |text: &str| if text.is_empty() { "" } else { " " };
        let name = match (roomy || here, numbered) {
            (true, true) => {
                let (after, before) = (between(mark), between(&lacks));
                format!(" {} {mark}{after}{}{before}{lacks} ", step.index() + 1, step.label())
            }
            (true, false) => format!("{mark}{}{lacks}", step.label()),
            (false, _) if lacks.is_empty() => format!("{mark}{}", step.index() + 1),
            (false, _) => format!("!{}", step.index() + 1),
        };
        let name = if here && !numbered { format!(" {name} ") } else { name };
        names.push((step, name, style));
    }
    // Two blanks between the names while there is room; none around the present one, which has its own.
    let wide: usize = names.iter().map(|(_, name, _)| text::width(name)).sum();
    let gap = match numbered {
        true => 0,
        false if wide + 2 * names.len() <= usize::from(app.size.0) => 2,
        false => 1,
    };
    let mut x = u16::from(!numbered);
    row.spans.push(Span::raw(" ".repeat(usize::from(x))));
    for (step, name, style) in names {
        let wide = text::width(&name) as u16;
        row.spots.push((x, x + wide, Target::Step(step)));
        row.spans.push(Span::styled(name, style));
        let beside_here = consult.step == step || consult.step.before() == Some(step);
        let between = if beside_here && gap > 0 { 1 } else { gap };
        row.spans.push(Span::raw(" ".repeat(between)));
        x += wide + between as u16;
    }
    row
}

/// Whether something is excluded by its legal status here alone: that is so for every patient.
#[must_use]
pub fn by_status(row: &Excluded) -> bool {
    row.kind == "ingredient" && row.rules.iter().all(|rule| rule.strip_prefix("status-") == Some(&row.id))
}

/// What was found so far, counted, as far as there is room: first what matters most, and never half a count.
#[must_use]
pub fn counts(assessment: &Assessment, open: usize, room: usize) -> String {
    let mut parts = Vec::new();
    if open > 0 {
        parts.push(text::count(open, "question open", "questions open"));
    }
    if let Some(until) = assessment.until {
        parts.push(format!("until {until}"));
    }
    for verdict in Verdict::ALL.into_iter().rev() {
        let n = assessment.shown().filter(|(_, finding)| finding.verdict == verdict).count();
        if n > 0 {
            parts.push(match verdict {
                Verdict::Proceed => text::count(n, "note", "notes"),
                other => format!("{n} {}", other.word()),
            });
        }
    }
    let excluded = assessment.excluded.iter().filter(|row| !by_status(row)).count();
    if excluded > 0 {
        parts.push(format!("{excluded} excluded"));
    }
    if parts.is_empty() {
        return "no findings".to_owned();
    }
    let some = |n: usize| {
        let shown = parts.get(..n).unwrap_or_default().join(" · ");
        if n < parts.len() { format!("{shown} · …") } else { shown }
    };
    let fits = (1..=parts.len()).rev().map(some).find(|words| text::width(words) <= room);
    fits.unwrap_or_else(|| text::fit(&parts[0], room))
}

/// The most rows a remark may take.
const REMARK: usize = 3;

/// What there is to remark: a sign, the words.
fn remark(app: &App) -> Option<(&'static str, String, Style)> {
    let theme = &app.theme;
    let open = match &app.screen {
        Screen::Consult(consult) => Some(&consult.saved),
        Screen::FollowUp(view) => Some(&view.saved),
        _ => None,
    };
    let failed = open.and_then(|saved| if let Saved::Failed(why) = saved { Some(why.as_str()) } else { None });
    match (&app.notice, failed) {
        (Some(Notice::Refused(why)), _) => Some(("!", why.clone(), theme.error)),
        (_, Some(why)) => Some(("!", format!("Draft not saved: {why}"), theme.error)),
        (Some(Notice::Done(what)), _) => Some(("✓", what.clone(), theme.done)),
        (None, None) => waiting(app).map(|words| ("", words, theme.muted)),
    }
}

/// The words in lines of the screen: what to do about it is often said last.
fn remark_lines(mark: &str, words: &str, width: u16) -> Vec<String> {
    let room = usize::from(width.saturating_sub(if mark.is_empty() { 2 } else { 4 })).max(8);
    let mut lines = text::wrap(&text::clean(words), room);
    if lines.len() > REMARK {
        let rest = lines.split_off(REMARK - 1).join(" ");
        lines.push(text::fit(&rest, room));
    }
    lines
}

/// How many rows the remark takes: one, where there is none.
#[must_use]
pub fn remark_height(app: &App) -> u16 {
    let lines = remark(app).map_or(1, |(mark, words, _)| remark_lines(mark, &words, app.size.0).len());
    lines.clamp(1, REMARK) as u16
}

/// A remark above the keys.
pub fn status(app: &App, area: Rect, buf: &mut Buffer) {
    let Some((mark, words, style)) = remark(app) else { return };
    let (x, _) = buf.set_stringn(area.x + 1, area.y, mark, 1, style);
    let x = if mark.is_empty() { x } else { x + 1 };
    let lines = remark_lines(mark, &words, area.width);
    for (line, y) in lines.iter().zip(area.top()..area.bottom()) {
        buf.set_stringn(x, y, line, usize::from(area.right().saturating_sub(x)), style);
    }
}

fn waiting(app: &App) -> Option<String> {
    if app.wanted.is_some() {
        return Some("Reading the rules...".to_owned());
    }
    let step = app.consult()?.back_to?;
    Some(format!("After the answer, or with Esc: back to {}.", step.label()))
}

/// The keys that matter here; clickable.
#[must_use]
pub fn keys_row(app: &App) -> Row {
    let theme = &app.theme;
    let context = context::context(app);
    let mut row = Row { spans: vec![Span::raw(" ")], ..Row::default() };
    let mut x = 1_u16;
    let mut hints: Vec<(String, &str, Option<Action>)> = Vec::new();
    hints.extend(own_keys(app, context).into_iter().map(|(key, label)| (key, label, None)));
    let here = app.settings.keys.commands().filter(|(def, _)| def.at_bottom(context));
    for (def, keys) in here.filter(|(def, _)| useful(app, context, def.action)) {
        if let Some(chord) = keys.first()
            && !hints.iter().any(|(_, label, action)| *action == Some(def.action) && *label == def.label)
        {
            let label = if def.action == Action::Override { override_word(app) } else { def.label };
            hints.push((chord.label(), label, Some(def.action)));
        }
    }
    if matches!(context, Context::Explain | Context::Help)
        && super::window(app).is_some_and(|window| window.overflows())
    {
        let keys = &app.settings.keys;
        hints.push((format!("{}{}", keys.say("move.up"), keys.say("move.down")), "more", None));
    }
    // Help comes last and always fits; in a window, which has none, the key that closes it.
    let place = |of: Action| hints.iter().position(|(_, _, action)| *action == Some(of));
    let last = place(Action::Help).or_else(|| place(Action::Back)).map(|at| hints.remove(at));
    let wide = |(key, label, _): &(String, &str, Option<Action>)| (text::width(key) + 1 + text::width(label)) as u16;
    let room = app.size.0.saturating_sub(last.as_ref().map_or(0, wide));
    for hint in hints.iter().chain(&last) {
        let (key, label, action) = hint;
        let wide = wide(hint);
        let limit = if last.as_ref() == Some(hint) { app.size.0 } else { room.saturating_sub(2) };
        if x + wide > limit {
            continue;
        }
        if let Some(action) = action {
            row.spots.push((x, x + wide, Target::Action(*action)));
        }
        push(&mut row, key, label, theme);
        x += wide + 2;
    }
    row
}

/// What it is for the finding with the cursor: whoever has the letter that was asked for overrides nothing.
fn override_word(app: &App) -> &'static str {
    let Some(consult) = app.consult() else { return "override" };
    let shown = super::page(app);
    let at = match (app.popups.last(), shown.items.get(consult.chosen[consult.step.index()])) {
        (Some(Popup::Explain { subject: Subject::Finding(at), .. }), _) => *at,
        (None, Some(Item::About(Subject::Finding(at)))) => *at,
        _ => return "override",
    };
    match consult.assessment.findings.get(at) {
        Some(finding) if consult.sheet.overrides.contains_key(&finding.rule) => "take back",
        Some(finding) if finding.verdict == Verdict::Clearance => "clearance came",
        _ => "override",
    }
}

/// Whether the command would do something now: the bottom line names only what does.
fn useful(app: &App, context: Context, action: Action) -> bool {
    if action == Action::Lock {
        return app.standing.as_ref().is_some_and(|standing| standing.protection == Protection::Sealed);
    }
    if let (Screen::Home, Action::Again | Action::History) = (&app.screen, action) {
        return app.home.chosen > app.home.drafts_shown().len() && !app.home.records.is_empty();
    }
    // On "New consultation" Enter does what n does: its room goes to the key that ends the program.
    if let (Screen::Home, Context::Home, Action::Open) = (&app.screen, context, action) {
        return app.home.chosen > 0;
    }
    if let (Screen::Patient(view), Action::Mark | Action::Compare) = (&app.screen, action) {
        return view.records.len() > 1;
    }
    if let Screen::Record(record) = &app.screen {
        return match action {
            Action::Older => record.version > 1,
            Action::Newer => record.version < record.newest,
            Action::FollowUp => record.version == record.newest && record.document.is_ok(),
            Action::Amend => record.version == record.newest && record.document.is_ok(),
            _ => true,
        };
    }
    if let (Action::Back | Action::Reveal, Some(Popup::Protect(window))) = (action, app.popups.last()) {
        return matches!(window.stage, Stage::First | Stage::Again);
    }
    if let (Screen::Training(view), Context::Card) = (&app.screen, context) {
        return action != Action::Pass || train::asks(view);
    }
    if let (Screen::Training(view), Context::Commit | Context::Interview) = (&app.screen, context) {
        return train::useful(view, action);
    }
    if let (Context::Explain, Some(Popup::Read { .. })) = (context, app.popups.last()) {
        return action == Action::Back;
    }
    if context == Context::Explain {
        return action == Action::Back || app.consult().is_some_and(|consult| explained(app, consult, action));
    }
    let Some(consult) = app.consult() else { return true };
    let entries = app.loaded().zip(consult.question).map_or(0, |(loaded, ix)| {
        match consult.sheet.intake.get(&loaded.pack.questions[ix].id) {
            Some(Answer::Items(entries)) => entries.len(),
            Some(Answer::Goals(goals)) => goals.len(),
            _ => 0,
        }
    });
    let offer = || {
        let (loaded, ix) = app.loaded().zip(consult.question)?;
        consult.sheet.offer(&loaded.pack.questions[ix].id).map(|_| ())
    };
    match (action, context) {
        (Action::Alike, _) => !consult.alike.is_empty() && consult.step == StepId::Patient,
        (Action::Confirm, _) => offer().is_some(),
        (Action::ConfirmStep, _) => app.loaded().is_some_and(|loaded| {
            let mut asked = form::asked(&loaded.pack, consult, consult.step);
            asked.any(|ix| consult.sheet.offer(&loaded.pack.questions[ix].id).is_some_and(Offer::with_its_step))
        }),
        (Action::Scale, _) => {
            let scale = |(loaded, ix): (Arc<Loaded>, _)| loaded.pack.scale_for(ix);
            app.loaded().zip(consult.question).and_then(scale).is_some()
        }
        (Action::NoneOf, _) | (Action::Unknown, Context::List) => entries == 0,
        (Action::Remove, _) => entries > 0,
        (Action::Undo, _) => !consult.past.is_empty(),
        (Action::Override, _) => {
            let shown = super::page(app);
            match shown.items.get(consult.chosen[consult.step.index()]) {
                Some(Item::About(Subject::Finding(at))) => {
                    let finding = consult.assessment.findings.get(*at);
                    finding.is_some_and(|f| f.overridable || consult.sheet.overrides.contains_key(&f.rule))
                }
                _ => false,
            }
        }
        (Action::Reset, _) => !consult.sheet.mixes.is_empty(),
        (Action::Mix, _) => consult.assessment.plan.as_ref().is_some_and(|plan| !plan.cocktails.is_empty()),
        (Action::Choose, Context::Plan) => {
            let plan = consult.assessment.plan.as_ref();
            plan.is_some_and(|plan| plan.cocktails.iter().any(|cocktail| !cocktail.alternatives.is_empty()))
        }
        _ => true,
    }
}

/// Whether the command would do something with what the open window explains.
fn explained(app: &App, consult: &Consult, action: Action) -> bool {
    let Some(Popup::Explain { subject, .. }) = app.popups.last() else { return false };
    let (assessment, plan) = (&consult.assessment, consult.assessment.plan.as_ref());
    match (action, subject) {
        (Action::Cause, Subject::Finding(_) | Subject::Excluded(_) | Subject::Missing(_)) => true,
        (Action::Override, Subject::Finding(at)) => {
            assessment.findings.get(*at).is_some_and(|finding| finding.overridable)
        }
        (Action::Choose, Subject::Alternative(at, n)) => {
            let cocktail = plan.and_then(|plan| plan.cocktails.get(*at));
            cocktail.and_then(|cocktail| cocktail.alternatives.get(*n)).is_some_and(|other| other.possible)
        }
        _ => false,
    }
}

fn push(row: &mut Row, key: &str, label: &str, theme: &Theme) {
    row.spans.push(Span::styled(key.to_owned(), theme.key));
    row.spans.push(Span::styled(format!(" {label}  "), theme.muted));
}

/// Keys that are not commands: the options on the screen.
fn own_keys(app: &App, context: Context) -> Vec<(String, &'static str)> {
    let Some(loaded) = app.loaded() else { return Vec::new() };
    let question = app.consult().and_then(|consult| consult.question);
    match (context, question) {
        (Context::Choice, Some(question)) => {
            let keys = loaded.form.keys(question);
            vec![(range(keys), "answer")]
        }
        (Context::FieldChoice, Some(question)) => {
            let mut hints: Vec<_> =
                detail_keys(app, &loaded, question).into_iter().map(|key| (key, "answer")).collect();
            let keys = &app.settings.keys;
            hints.push((format!("{}{}", keys.say("move.left"), keys.say("move.right")), "change"));
            hints
        }
        (Context::Scale, _) => match app.popups.last() {
            Some(Popup::Scale(form)) => {
                let item = loaded.pack.scales[form.scale].items.get(form.chosen);
                let keys = item.map(|item| loaded.form.keys(item.question).iter().collect::<String>());
                keys.map(|keys| (text::fit(&keys, 9), "answer")).into_iter().collect()
            }
            _ => Vec::new(),
        },
        (Context::Areas, _) => match app.popups.last() {
            Some(Popup::Areas(areas)) => {
                let keys: Vec<char> = (0..).map_while(|n| areas.offered.get(n).and_then(|_| area_letter(n))).collect();
                vec![(range(&keys), "tick")]
            }
            _ => Vec::new(),
        },
        (Context::Override, _) => match app.popups.last() {
            Some(Popup::Override { rule, .. }) => {
                let keys: Vec<char> = ('1'..='9').take(crate::tui::update::reasons(app, rule).len() + 1).collect();
                vec![(range(&keys), "take")]
            }
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// The keys of the options of the detail the cursor is on.
fn detail_keys(app: &App, loaded: &Loaded, question: QuestionIx) -> Option<String> {
    let consult = app.consult()?;
    let Part::Field(at, field) = consult.part else { return None };
    let question = &loaded.pack.questions[question];
    let entry = consult.sheet.intake.entries(&question.id).get(at)?;
    let qualifier = *loaded.form.qualifiers(form::list_of(question)?, entry).get(field)?;
    match &loaded.pack.qualifiers[qualifier].kind {
        QualifierKind::Choice(options) => Some(range(&form::option_keys(options))),
        QualifierKind::Number(_) => None,
    }
}

/// Keys in few columns: "1-9 a-e" where they follow each other, else all of them.
fn range(keys: &[char]) -> String {
    let follows = |a: &char, b: &char| u32::from(*b) == u32::from(*a) + 1 && a.is_ascii_digit() == b.is_ascii_digit();
    let mut parts: Vec<String> = Vec::new();
    for run in keys.chunk_by(follows) {
        match (run, parts.last_mut()) {
            ([first, .., last], _) if run.len() > 2 => parts.push(format!("{first}-{last}")),
            (run, Some(part)) if !part.contains('-') => part.extend(run),
            (run, _) => parts.push(run.iter().collect()),
        }
    }
    text::fit(&parts.join(" "), 12)
}

/// The style of a verdict that fills its background.
#[must_use]
pub const fn filled(style: Style) -> Style {
    style.add_modifier(Modifier::REVERSED)
}

/// "a, b or c".
#[must_use]
pub fn listed(words: &[String]) -> String {
    match words.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_follow_each_other_are_a_span() {
        let said = |keys: &str| range(&keys.chars().collect::<Vec<_>>());
        assert_eq!(said("123"), "1-3");
        assert_eq!(said("12"), "12");
        assert_eq!(said("123456789abcde"), "1-9 a-e");
        assert_eq!(said("024"), "024", "what does not follow is named");
        assert_eq!(said("npx"), "npx");
    }
}
