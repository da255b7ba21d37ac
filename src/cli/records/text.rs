//! Saved consultations as people read them.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::follow_up;
use super::history::Version;
use crate::cli::assessment_text;
use crate::cli::page::{Ink, Page, sign};
use crate::pack::Layer;
use crate::plan::Outcome;
use crate::record::{Card, Difference, Document, Listing};

/// The list, newest first.
pub(super) fn list(page: &mut Page, listing: &Listing, searched: bool) {
    if listing.cards.is_empty() {
        page.text(0, 0, if searched { "no saved consultations with these words" } else { "no saved consultations" });
    }
    if listing.similar && !listing.cards.is_empty() {
        page.text(0, 0, "Nothing matches exactly; similar:");
    }
    for card in &listing.cards {
        line(page, card);
        page.fields(2, "found", listing.hits.get(&card.id));
    }
    let more = listing.total.saturating_sub(listing.cards.len());
    if more > 0 {
        page.text(0, 0, &format!("and {more} older ones; search, or raise --limit"));
    }
    if listing.unreadable > 0 {
        page.inked(0, 2, Ink::Stop, "✗", &format!("{} records cannot be read", listing.unreadable));
    }
}

fn line(page: &mut Page, card: &Card) {
    let (mut sign, mut ink) = sign(card.verdict);
    let mut verdict = card.verdict.word();
    if card.stopped {
        (sign, ink, verdict) = (Outcome::Decline.sign(), Ink::Stop, "stopped by a reaction");
    }
    let mut parts = vec![if card.patient.trim().is_empty() { "no name" } else { &card.patient }.to_owned()];
    parts.extend(card.age.map(|age| format!("{age} years")));
    parts.extend(card.goals.iter().cloned());
    let amended = if card.version > 1 { format!(" (version {})", card.version) } else { String::new() };
    page.inked(0, 2, ink, &format!("{sign} {}", verdict.to_uppercase()), &parts.join(", "));
    let (label, by) = match card.entries {
        0 => ("signed", signed_by(&card.practitioner, "")),
        n => ("saved", format!("{}; follow-up: {n}", signed_by(&card.practitioner, ""))),
    };
    page.field(2, label, &format!("{}{amended} {by}", local(card.saved_at)));
    page.field(2, "id", &card.id.to_string());
}

/// All versions of a consultation: who, when, why, and what each changed.
pub(super) fn history(page: &mut Page, versions: &[Version]) {
    for version in versions {
        let by = signed_by(&version.practitioner, "");
        page.inked(
            0,
            2,
            Ink::Bold,
            &format!("Version {}", version.version),
            &format!("{} {by}", local(version.saved_at)),
        );
        page.fields(2, "reason", version.reason.iter());
        page.fields(2, "adds", version.follow_up.iter().map(|kind| format!("a {kind}")));
        for Difference { what, before, after } in &version.changes {
            let words = match (before.is_empty(), after.is_empty()) {
                (true, _) => format!("{after} (new)"),
                (_, true) => format!("{before} (gone)"),
                _ => format!("{before} -> {after}"),
            };
            page.field(2, what, &words);
        }
    }
}

pub(super) fn local(at: Timestamp) -> String {
    at.to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M").to_string()
}

fn signed_by(name: &str, licence: &str) -> String {
    match (name.trim(), licence.trim()) {
        ("", _) => String::new(),
        (name, "") => format!("by {name}"),
        (name, licence) => format!("by {name} ({licence})"),
    }
}

/// A whole consultation: who, what was answered and decided, and what followed.
pub(super) fn document(page: &mut Page, document: &Document) {
    page.inked(0, 2, Ink::Bold, "Consultation", &document.id.to_string());
    page.field(2, "version", &document.version.to_string());
    page.fields(2, "amended", document.amendment.iter().map(|amendment| &amendment.reason));
    let by = signed_by(&document.practitioner.name, &document.practitioner.licence);
    page.field(2, "signed", &format!("{} {by}", local(document.signed())));
    if document.is_follow_up() {
        page.field(2, "last entry", &local(document.saved_at));
    }
    page.field(2, "patient", &document.patient.name);
    page.fields(2, "born", document.patient.birth_date.map(|date| date.to_string()));
    let short = |hash: &str| hash.chars().take(12).collect::<String>();
    let layer = |layer: &Layer| format!("{} {} ({})", layer.id, layer.version, short(&layer.hash));
    page.fields(2, "pack", document.pack.iter().map(layer));
    for reaction in crate::follow_up::stopping(&document.follow_up) {
        let words = format!("reaction {}: {}", reaction.first, reaction.now.answer.words());
        page.inked(2, 2, Ink::Stop, "✗ COURSE STOPPED", &words);
    }
    decisions(page, document);
    follow_up::entries(page, &document.follow_up);
    page.heading("Answers");
    for line in document.intake.to_toml().lines() {
        page.text(2, 2, line);
    }
    page.gap();
    assessment_text::write(page, &document.assessment, &[]);
}

fn decisions(page: &mut Page, document: &Document) {
    let decisions = &document.decisions;
    page.fields(2, "notes", decisions.notes.lines());
    page.fields(2, "follow-up", decisions.follow_up.lines());
    page.fields(2, "chosen", decisions.chosen.iter().map(|c| format!("{} for {} in {}", c.recipe, c.goal, c.area)));
    let mixes = decisions.mixes.iter().map(|mix| {
        let parts = mix.parts.iter().map(|part| format!("{} {} µL", part.ingredient, part.ul));
        format!("{} in {}, from {}: {}", mix.goal, mix.area, mix.recipe, parts.collect::<Vec<_>>().join(", "))
    });
    page.fields(2, "own mix", mixes);
    let overrides = decisions.overrides.iter().map(|o| {
        let note = if o.note.is_empty() { String::new() } else { format!(" ({})", o.note) };
        format!("{} by {}: {}{note}", o.rule, o.by, o.reason)
    });
    page.fields(2, "overrides", overrides);
    page.fields(2, "identity", decisions.identity_checked_at.map(|at| format!("asked again {}", local(at))));
    if let Some(carried) = &decisions.carried {
        page.field(2, "carried over", &format!("{} ({})", carried.origin(), carried.record));
        let confirmed = carried.confirmed.iter().map(|one| format!("{} {}", one.question, local(one.at)));
        page.fields(2, "confirmed", confirmed);
        page.fields(2, "not confirmed", carried.not_confirmed.iter());
    }
    let left_out = decisions.left_out.iter().map(|one| {
        let asked = one.asked_at.map_or_else(String::new, |at| format!(" (asked again {})", local(at)));
        format!("{}{asked}", one.words())
    });
    page.fields(2, "against record", left_out);
    page.fields(2, "reflection", decisions.reflection_days.map(reflection));
    page.fields(2, "reviewed", decisions.reviewed.iter().map(|words| format!("by hand: {words}")));
    let covered = decisions.consent.iter().filter(|tick| tick.done).count();
    if covered > 0 {
        let by_page = decisions.consent.iter().filter(|tick| tick.by_page).count();
        let how = if by_page > 0 { format!(", {by_page} of them ticked a page at a time") } else { String::new() };
        page.field(2, "consent", &format!("{covered} of {} points covered{how}", decisions.consent.len()));
    }
    let open = decisions.consent.iter().filter(|tick| !tick.done);
    page.fields(2, "consent", open.map(|tick| format!("not covered: {}", tick.text)));
}

fn reflection(days: u32) -> String {
    match days {
        0 => "offered, not wanted".to_owned(),
        1 => "one day".to_owned(),
        days => format!("{days} days"),
    }
}
