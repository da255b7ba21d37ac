//! An assessment as people read it: what follows first, then why, then what to do.

use jiff::civil::Date;

use super::case::Assumed;
use super::page::{Ink, Page, rule_sign, sign};
use super::plan_text;
use crate::pack::{Basis, Grade, Scope, Verdict};
use crate::plan::{Assessment, ClinicOverride, Excluded, Finding, Missing, Outcome, PackRef, ScaleResult};

/// Writes the whole assessment.
pub(super) fn write(page: &mut Page, assessment: &Assessment, assumed: &[Assumed]) {
    verdict(page, assessment);
    filled_in(page, assumed);
    scales(page, assessment);
    missing(page, &assessment.missing);
    if !assessment.findings.is_empty() {
        page.heading("Findings");
        for (_, finding) in assessment.shown() {
            self::finding(page, finding);
        }
    }
    excluded(page, &assessment.excluded);
    if let Some(plan) = &assessment.plan {
        plan_text::plan(page, plan);
    }
    plan_text::vetted(page, &assessment.requested);
    if let Some(plan) = &assessment.plan {
        plan_text::texts(page, plan);
    }
    foot(page, assessment);
}

/// The verdict with its sign, its word and what it means.
pub(super) fn verdict(page: &mut Page, assessment: &Assessment) {
    let outcome = assessment.verdict;
    let (sign, ink) = sign(outcome);
    page.inked(0, 2, ink, &format!("{sign} {}", outcome.word().to_uppercase()), meaning(outcome));
    if assessment.urgent {
        page.inked(2, 0, Ink::Stop, "URGENT:", "the same day.");
    }
    if let Some(doubt) = assessment.doubt() {
        page.text(2, 0, &doubt);
    }
    until(page, 2, assessment.until, assessment.until_event.as_deref());
    page.field(2, "assessed", &day(assessment.today));
}

const fn meaning(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Proceed => "No rule of this pack speaks against treatment.",
        Outcome::Caution => "Treatment may go on with the precautions below, documented.",
        Outcome::Clearance => "Treatment only after the clearance named below.",
        Outcome::Defer => "No treatment yet.",
        Outcome::Refer => "No treatment before an assessment elsewhere.",
        Outcome::Decline => "No treatment.",
        Outcome::Incomplete => "Safety questions are open; there is no plan until they are answered.",
    }
}

fn until(page: &mut Page, indent: usize, until: Option<Date>, event: Option<&str>) {
    let text = match (until, event) {
        (Some(date), Some(event)) => format!("{} at the earliest, and not before this: {event}", day(date)),
        (Some(date), None) => day(date),
        (None, Some(event)) => event.to_owned(),
        (None, None) => return,
    };
    page.field(indent, "until", &text);
}

/// A date that people can check at a glance: with its day of the week.
pub(super) fn day(date: Date) -> String {
    date.strftime("%Y-%m-%d %a").to_string()
}

/// What the file did not say.
pub(super) fn filled_in(page: &mut Page, assumed: &[Assumed]) {
    page.fields(2, "filled in", assumed.iter().map(|a| format!("{} = {} ({})", a.question, a.value, a.from)));
}

/// What scored scales say.
pub(super) fn scales(page: &mut Page, assessment: &Assessment) {
    page.fields(2, "scales", assessment.scales.iter().map(ScaleResult::sentence));
}

/// What has to be asked first.
pub(super) fn missing(page: &mut Page, missing: &[Missing]) {
    if missing.is_empty() {
        return;
    }
    page.heading("Open questions");
    for question in missing {
        page.inked(2, 2, Ink::Warn, "?", &format!("{} ({})", question.label, question.question));
        page.field(4, "needed by", &shortened(&question.because));
    }
}

/// The first few of many.
fn shortened(names: &[String]) -> String {
    const SHOWN: usize = 3;
    let shown = names.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join("; ");
    match names.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown}; {more} more"),
    }
}

/// How a rule that fired is announced. One whose verdict is `proceed` holds nothing up: it takes something out, or is a
/// note, and a tick would say too much.
pub(super) fn finding_lead(verdict: Verdict) -> (String, Ink) {
    if verdict == Verdict::Proceed {
        return ("· NOTE".to_owned(), Ink::Bold);
    }
    let (sign, ink) = rule_sign(verdict);
    (format!("{sign} {}", verdict.word().to_uppercase()), ink)
}

/// One finding with everything it rests on.
pub(super) fn finding(page: &mut Page, finding: &Finding) {
    page.gap();
    let (lead, ink) = finding_lead(finding.verdict);
    let reach = match finding.scope {
        Scope::Session => "",
        Scope::Goal => ", for the excluded goals only",
    };
    let title = format!("{} [{}]{reach}", finding.title, finding.rule);
    page.inked(2, 2, ink, &lead, &title);
    page.text(4, 0, &finding.message);
    page.fields(4, "because", &finding.because);
    page.fields(4, "assumed", &finding.assumed);
    page.fields(4, "not ruled out", &finding.folded);
    until(page, 4, finding.until, finding.until_event.as_deref());
    if finding.urgent {
        page.field(4, "urgent", "the same day");
    }
    page.fields(4, "cleared by", &finding.from);
    page.fields(4, "refer to", &finding.to);
    page.field(4, "excludes", &finding.excludes.join(", "));
    page.fields(4, "do", &finding.mitigation);
    page.field(4, "why", &finding.why);
    page.fields(4, "contested", &finding.contested);
    grounds(page, 4, finding.basis, finding.evidence, &finding.sources);
    layers(page, 4, &finding.tightened, finding.clinic_override.as_ref());
    page.fields(4, "overridden", finding.overridden.iter().map(|reason| format!("by the practitioner: {reason}")));
    page.fields(
        4,
        "overridden",
        finding.override_void.iter().map(|reason| format!("not: the answers contradict \u{201c}{reason}\u{201d}")),
    );
    let override_line = match (finding.overridable, finding.override_reasons.as_slice()) {
        (false, _) => "not possible".to_owned(),
        (true, []) => "possible, with a reason".to_owned(),
        (true, reasons) => format!("possible when: {}", reasons.join("; ")),
    };
    page.field(4, "override", &override_line);
    page.fields(4, "not now", &finding.override_refuted);
}

/// What layers of the pack made of a rule.
pub(super) fn layers(page: &mut Page, indent: usize, tightened: &[String], loosened: Option<&ClinicOverride>) {
    page.fields(indent, "stricter", tightened);
    page.fields(indent, "clinic", loosened.map(|one| format!("override, {}", one.words())));
}

/// On what a statement rests.
pub(super) fn grounds(page: &mut Page, indent: usize, basis: Basis, evidence: Option<Grade>, sources: &[String]) {
    let graded = evidence.map(|grade| format!("; evidence {} ({})", grade.letter(), grade.label())).unwrap_or_default();
    page.field(indent, "basis", &format!("{}{graded}", basis.label()));
    page.fields(indent, "source", sources);
}

/// What must not be used: what is about this patient first, each set of rules once; then what nobody here may inject.
pub(super) fn excluded(page: &mut Page, excluded: &[Excluded]) {
    if excluded.is_empty() {
        return;
    }
    page.heading("Excluded");
    let (by_status, about_patient): (Vec<&Excluded>, Vec<&Excluded>) =
        excluded.iter().partition(|row| only_status(row));
    for kind in ["goal", "area", "technique", "ingredient"] {
        let mut seen: Vec<&[String]> = Vec::new();
        for row in about_patient.iter().filter(|row| row.kind == kind) {
            if seen.contains(&row.rules.as_slice()) {
                continue;
            }
            seen.push(&row.rules);
            let alike = about_patient.iter().filter(|other| other.kind == kind && other.rules == row.rules);
            let labels: Vec<&str> = alike.map(|other| other.label.as_str()).collect();
            page.inked(2, 2, Ink::Stop, &format!("✗ {kind}"), &labels.join(", "));
            page.field(4, "by", &row.rules.join(", "));
        }
    }
    if !by_status.is_empty() {
        let labels: Vec<&str> = by_status.iter().map(|row| row.label.as_str()).collect();
        page.inked(2, 2, Ink::Stop, "✗ by legal status here:", &labels.join(", "));
    }
}

/// Whether only the regulatory status in this jurisdiction takes it out (the loader names those rules `status-ID`).
fn only_status(row: &Excluded) -> bool {
    row.kind == "ingredient" && row.rules.iter().all(|rule| rule.strip_prefix("status-") == Some(&row.id))
}

/// What holds for every assessment, and which pack decided.
fn foot(page: &mut Page, assessment: &Assessment) {
    if !assessment.notices.is_empty() {
        page.heading("Notices");
        page.list(2, &assessment.notices);
    }
    page.gap();
    page.text(0, 2, &pack_line(&assessment.pack));
}

/// The pack in one line, with its sign-off or the lack of it.
pub(super) fn pack_line(pack: &PackRef) -> String {
    let hash: String = pack.hash.chars().take(12).collect();
    let reviewed = match &pack.reviewed {
        Some(who) => format!("reviewed by {who}"),
        None => "not yet reviewed by this clinic".to_owned(),
    };
    format!("Pack {} {} ({hash}), {reviewed}.", pack.id, pack.version)
}
