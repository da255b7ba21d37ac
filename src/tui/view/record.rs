//! A saved consultation, to read.

use super::assessment::Builder;
use super::explain::number;
use super::{Item, Page, evidence};
use crate::follow_up;
use crate::pack::Pack;
use crate::plan::{Outcome, Plan};
use crate::record::{Difference, Document};
use crate::tui::app::{App, RecordView};
use crate::tui::form::{answer_words, by_scale};
use crate::tui::paper::{answers, reflection};
use crate::tui::signs;
use crate::tui::theme::{meaning, sign};
use crate::tui::widget::rows::Rows;
use crate::tui::widget::timeline;

/// The whole record as text.
pub fn page(app: &App, record: &RecordView, width: u16) -> Page {
    let mut page = Builder::new(Rows::new(&app.theme, width), record.chosen);
    let document = match &record.document {
        Ok(document) => document,
        Err(text) => {
            page.section("As it was written", "by a newer program");
            text.lines().for_each(|line| page.text(" ", line));
            return page.done();
        }
    };
    head(document, &mut page);
    super::follow_up::entries(app, document, &mut page);
    amended(app, record, document, &mut page);
    page.section("Answers", "");
    match app.loaded() {
        Some(loaded) => said(&loaded.pack, document, &mut page),
        None => page.text("·", "The rules are being read."),
    }
    findings(document, &mut page);
    if let Some(plan) = &document.assessment.plan {
        planned(plan, app.today, &mut page);
    }
    let decisions = &document.decisions;
    if !decisions.consent.is_empty() || !decisions.reviewed.is_empty() {
        page.section("Consent", "");
        for point in &decisions.consent {
            page.text(if point.done { "[x]" } else { "[ ]" }, &point.text);
        }
        for words in &decisions.reviewed {
            page.text("[x]", &format!("\"{words}\" reviewed by hand"));
        }
    }
    page.done()
}

fn head(document: &Document, page: &mut Builder<'_>) {
    let theme = page.rows.theme;
    let verdict = document.assessment.verdict;
    stopped(document, page);
    page.section(if document.follow_up.is_empty() { "Verdict" } else { "Verdict of the consultation" }, "");
    page.item(Item::Text, |rows, _| {
        let lead = format!("{}\u{a0}{}  ", sign(verdict), verdict.word().to_uppercase());
        rows.flow(0, 2, &[(&lead, theme.outcome(verdict)), (meaning(verdict), theme.text)]);
    });
    let signer = &document.practitioner;
    pair(page, "Assessed", &document.assessment.today.to_string());
    pair(page, "Signed by", &format!("{}, {}", signer.name, signer.role));
    pair(page, "Licence", &signer.licence);
    pair(page, "Reflection time", &reflection(&document.decisions).label());
    pair(page, "Note", &document.decisions.notes);
    pair(page, "Follow-up", &document.decisions.follow_up);
    if let Some(at) = document.decisions.identity_checked_at {
        pair(page, "Identity asked again", &day(at));
    }
    if let Some(carried) = &document.decisions.carried {
        pair(page, "Answers offered from", &carried.origin());
    }
    for one in &document.decisions.left_out {
        let asked = one.asked_at.map_or_else(String::new, |at| format!(" (asked again {})", day(at)));
        pair(page, "On record, and not now", &format!("{}{asked}", one.words()));
    }
    let pack = &document.assessment.pack;
    pair(page, "Pack", &format!("{} {}", pack.id, pack.version));
    pair(page, "Record", &document.id.to_string());
}

/// A reaction that stopped the course comes before the verdict, which knew nothing of it.
fn stopped(document: &Document, page: &mut Builder<'_>) {
    let stopping = follow_up::stopping(&document.follow_up);
    if stopping.is_empty() {
        return;
    }
    page.section("Course stopped", "no further session until it is settled");
    for reaction in stopping {
        let (seen, first) = (reaction.now, reaction.first);
        page.item(Item::Text, |rows, _| {
            let theme = rows.theme;
            let style = theme.outcome(Outcome::Decline);
            let over = match (seen.is_open(), seen.ended) {
                (true, _) => "not over".to_owned(),
                (false, Some(day)) => format!("over since {day}"),
                (false, None) => "over".to_owned(),
            };
            let lead = format!("{}\u{a0}Reaction {first}, {over}: ", Outcome::Decline.sign());
            rows.flow(0, 2, &[(&lead, style), (&seen.answer.words(), theme.answer)]);
            for who in &seen.answer.to {
                rows.bullet(2, "→", theme.accent, who, theme.text);
            }
        });
    }
}

/// Why there is another version, and what it changed.
fn amended(app: &App, record: &RecordView, document: &Document, page: &mut Builder<'_>) {
    let Some(amendment) = &document.amendment else { return };
    let older = app.settings.keys.say("record.older");
    page.section("Amended", &format!("version {}, {older} shows the one before", document.version));
    pair(page, "Reason", &amendment.reason);
    if record.changes.is_empty() {
        page.text("·", "Nothing reads differently from the version before.");
    }
    for Difference { what, before, after } in &record.changes {
        page.item(Item::Text, |rows, _| {
            let theme = rows.theme;
            let words = match (before.is_empty(), after.is_empty()) {
                (true, _) => format!("{after} (new)"),
                (_, true) => format!("{before} (gone)"),
                _ => format!("{before} → {after}"),
            };
            rows.flow(0, 2, &[(&format!("{what}: "), theme.muted), (&words, theme.text)]);
        });
    }
}

fn said(pack: &Pack, document: &Document, page: &mut Builder<'_>) {
    let (intake, lost) = answers(pack, &document.intake.to_toml());
    for question in &pack.questions {
        if let Some(answer) = intake.get(&question.id) {
            let words = answer_words(pack, question, answer);
            let confirmed = document.decisions.carried.iter().flat_map(|carried| {
                let one = carried.confirmed.iter().find(|one| one.question == question.id)?;
                Some(format!("  (from {}, confirmed {})", carried.day, day(one.at)))
            });
            let words = confirmed.fold(words, |words, note| words + &note);
            pair(page, &question.label, &words);
        } else if let Some(by) = by_scale(&document.assessment, &question.id) {
            pair(page, &question.label, &format!("{}, {}", by.value_label, by.origin()));
        }
    }
    // What this pack no longer knows is still part of the record.
    for words in &lost {
        page.text("·", words);
    }
}

fn findings(document: &Document, page: &mut Builder<'_>) {
    let theme = page.rows.theme;
    if document.assessment.findings.is_empty() {
        return;
    }
    page.section("Findings", "");
    for (_, finding) in document.assessment.shown() {
        let overridden = document.decisions.overrides.iter().find(|o| o.rule == finding.rule);
        page.item(Item::Text, |rows, _| {
            let lead = format!("{}\u{a0}{}: ", finding.sign(), finding.word());
            let founded = format!("  {}", evidence::founded(finding).replace(' ', "\u{a0}"));
            rows.flow(
                0,
                2,
                &[(&lead, theme.finding(finding)), (&finding.title, theme.answer), (&founded, theme.muted)],
            );
            rows.para(2, &finding.message, theme.muted);
            if !finding.folded.is_empty() {
                rows.para(2, &format!("Not ruled out: {}.", finding.folded.join("; ")), theme.muted);
            }
            if let Some(clinic) = &finding.clinic_override {
                rows.para(2, &format!("Clinic override: {}", clinic.words()), theme.error);
            }
            if let Some(overridden) = overridden {
                let words = format!("Overridden by {}: {}", overridden.by, overridden.reason);
                rows.para(2, &words, theme.error);
            }
        });
    }
}

fn planned(plan: &Plan, today: jiff::civil::Date, page: &mut Builder<'_>) {
    let theme = page.rows.theme;
    page.section("Plan", if plan.conditional { "conditional" } else { "" });
    for cocktail in &plan.cocktails {
        page.item(Item::Text, |rows, _| {
            let of = format!("  {}, {}", cocktail.goal_label, cocktail.area_label);
            rows.flow(0, 2, &[(&cocktail.label, theme.answer), (&of, theme.muted)]);
            for change in cocktail.own.iter().flat_map(|own| &own.changes) {
                rows.bullet(2, signs::OWN, theme.accent, change, theme.text);
            }
            for dose in &cocktail.ingredients {
                let words =
                    format!("{} {}, {} mL  {}", dose.label, dose.concentration, number(dose.volume_ml), dose.dose);
                rows.bullet(2, "·", theme.muted, &words, theme.text);
            }
            rows.para(2, &format!("{}, {}", cocktail.technique_label, cocktail.needle), theme.muted);
        });
    }
    page.rows.gap();
    page.item(Item::Text, |rows, _| timeline::draw(plan, today, rows));
    page.rows.gap();
    let day = |date: Option<jiff::civil::Date>, after: i32| {
        date.map_or_else(|| format!("day {after}"), |date| date.strftime("%a %Y-%m-%d").to_string())
    };
    for session in &plan.sessions {
        let when = day(session.date, session.after_days);
        page.text(signs::SESSION, &format!("Session {}: {when}, {}", session.number, session.phase));
    }
    for session in &plan.maintenance {
        page.text(signs::LATER, &format!("{}, {}", day(session.date, session.after_days), session.phase));
    }
    for review in &plan.reviews {
        page.text(signs::REVIEW, &format!("Review: {}, {}", day(review.date, review.after_days), review.what));
    }
}

fn pair(page: &mut Builder<'_>, label: &str, value: &str) {
    if value.is_empty() {
        return;
    }
    page.item(Item::Text, |rows, _| {
        let style = rows.theme.text;
        rows.pair(label, 32.min(rows.width * 2 / 5), value, style);
    });
}

fn day(at: jiff::Timestamp) -> String {
    at.to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
}
