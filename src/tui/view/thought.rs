//! What was worked out beside the screen: what would change the outcome, and what the open questions can still do.

use super::chrome;
use crate::plan::Outcome;
use crate::proof::{Matters, Nearest, Outlook};
use crate::tui::app::Consult;
use crate::tui::theme::sign;
use crate::tui::thought::{Thinking, Thought};
use crate::tui::widget::rows::Rows;

/// What was worked out, if it is there.
fn of(consult: &Consult) -> Option<&Thought> {
    match &consult.thinking {
        Thinking::Done(thought) => Some(thought),
        Thinking::No | Thinking::Running => None,
    }
}

/// The question that matters most now, if that is known.
pub fn most(consult: &Consult) -> Option<&Matters> {
    of(consult)?.outlook.most.as_ref()
}

/// The sign and the words beside an open question.
pub fn mark(consult: &Consult, question: &str) -> Option<(&'static str, &'static str)> {
    let outlook = &of(consult)?.outlook;
    if outlook.most.as_ref().is_some_and(|most| most.question == question) {
        Some(("↑", "matters most now"))
    } else if outlook.settled.iter().any(|id| id == question) {
        Some(("=", "no answer changes the outcome"))
    } else {
        None
    }
}

/// What the open questions can still do, beside the step.
pub fn outlook(consult: &Consult, rows: &mut Rows<'_>) {
    let Some(Thought { outlook: Outlook { verdicts, most, settled }, .. }) = of(consult) else { return };
    let theme = rows.theme;
    match verdicts.as_slice() {
        [] => {}
        [one] => rows.para(0, &format!("Whatever is still answered: {}.", with_sign(*one)), theme.text),
        several => rows.para(0, &format!("Still possible: {}.", listed(several)), theme.muted),
    }
    if let Some(most) = most {
        rows.bullet(0, "↑", theme.accent, &format!("Matters most now: {}", most.label), theme.text);
        if most.verdicts.len() > 1 {
            rows.para(2, &format!("its answers alone lead to {}", listed(&most.verdicts)), theme.muted);
        }
    }
    match settled.len() {
        0 => {}
        1 => rows.bullet(0, "=", theme.muted, "One open question no longer changes the outcome", theme.muted),
        n => rows.bullet(0, "=", theme.muted, &format!("{n} open questions no longer change the outcome"), theme.muted),
    }
}

/// What would change the outcome.
pub fn changes(consult: &Consult, rows: &mut Rows<'_>) {
    let theme = rows.theme;
    let thought = match &consult.thinking {
        Thinking::No => return,
        Thinking::Running => {
            rows.gap();
            rows.para(0, "Working out what would change it...", theme.muted);
            return;
        }
        Thinking::Done(thought) => thought,
    };
    if thought.fewest.is_empty() {
        return;
    }
    rows.heading("What would change it", "by the fewest answers");
    for found in &thought.fewest {
        let to = found.target.words();
        match (&found.changeable, &found.facts) {
            (Some(nearest), _) if nearest.fewest == 0 => {
                rows.para(
                    0,
                    &format!("{to}: the open questions decide; nothing that was said stands against it."),
                    theme.text,
                );
            }
            (Some(nearest), _) => {
                rows.para(0, &format!("{to}: {}.", nearest.count()), theme.text);
                ways(nearest, rows);
                if let Some(nearest) = &found.by_choice {
                    rows.para(0, &format!("{to} by choice alone: {}.", nearest.count()), theme.text);
                    ways(nearest, rows);
                }
            }
            (None, facts) => {
                rows.para(0, &format!("{to}: nothing that can change leads there."), theme.text);
                if let Some(nearest) = facts {
                    rows.para(0, "It rests on what is so; for another patient it would be otherwise:", theme.muted);
                    ways(nearest, rows);
                }
            }
        }
    }
}

fn ways(nearest: &Nearest, rows: &mut Rows<'_>) {
    let theme = rows.theme;
    for way in &nearest.ways {
        let (lead, then) = (format!("  ·\u{a0}{}, then ", way.sentence()), with_sign(way.verdict));
        let lead = lead.replacen("  ", "\u{a0}\u{a0}", 1);
        rows.flow(0, 4, &[(&lead, theme.text), (&then, theme.outcome(way.verdict))]);
    }
}

fn with_sign(verdict: Outcome) -> String {
    format!("{}\u{a0}{}", sign(verdict), verdict.word())
}

fn listed(verdicts: &[Outcome]) -> String {
    chrome::listed(&verdicts.iter().map(|verdict| with_sign(*verdict)).collect::<Vec<_>>())
}
