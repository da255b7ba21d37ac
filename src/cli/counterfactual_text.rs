//! What would change the outcome, as people and as programs read it.

use serde_json::{Value, json};

use super::page::{Ink, Page, sign};
use crate::plan::Outcome;
use crate::proof::{Counterfactual, Nearest, Outlook, Possible};

/// The fewest changes for each outcome worth having.
pub(super) fn write(page: &mut Page, found: &[Counterfactual]) {
    for one in found {
        let to = one.target.words();
        match (&one.changeable, &one.facts) {
            (Some(nearest), _) if nearest.fewest == 0 => {
                page.text(2, 2, &format!("{to}: the open questions decide; nothing that was said stands against it."));
            }
            (Some(nearest), _) => {
                page.text(2, 2, &format!("{to}: {}.", nearest.count()));
                ways(page, nearest);
                if let Some(nearest) = &one.by_choice {
                    page.text(2, 2, &format!("{to} by choice alone: {}.", nearest.count()));
                    ways(page, nearest);
                }
            }
            (None, facts) => {
                page.text(2, 2, &format!("{to}: nothing that can change leads there."));
                if let Some(nearest) = facts {
                    page.text(2, 2, "It rests on what is so; it would be otherwise for another patient:");
                    ways(page, nearest);
                }
            }
        }
    }
}

/// What would have made it stricter, for teaching.
pub(super) fn write_stricter(page: &mut Page, found: &Counterfactual) {
    let to = found.target.words();
    match &found.facts {
        Some(nearest) => {
            page.text(2, 2, &format!("{to}: {}.", nearest.count()));
            ways(page, nearest);
        }
        None => page.text(2, 2, &format!("{to}: no answer, and no further entry on a list, leads there.")),
    }
}

/// The same for programs.
pub(super) fn stricter_value(found: &Counterfactual) -> Value {
    json!({ "to": found.target.word(), "facts": found.facts.as_ref().map(nearest) })
}

fn ways(page: &mut Page, nearest: &Nearest) {
    for way in &nearest.ways {
        let (sign, _) = sign(way.verdict);
        let then = format!("{}, then {sign} {}", way.sentence(), way.verdict.word().to_uppercase());
        page.inked(4, 2, Ink::Plain, "-", &then);
    }
}

/// The same for programs.
pub(super) fn value(found: &[Counterfactual]) -> Value {
    let one = |one: &Counterfactual| {
        json!({
            "to": one.target.word(),
            "can_change": one.changeable.as_ref().map(nearest),
            "by_choice": one.by_choice.as_ref().map(nearest),
            "facts": one.facts.as_ref().map(nearest),
        })
    };
    found.iter().map(one).collect()
}

fn nearest(nearest: &Nearest) -> Value {
    json!({ "fewest": nearest.fewest, "ways": nearest.ways.iter().map(way).collect::<Vec<_>>() })
}

fn way(way: &Possible) -> Value {
    let change = |change: &crate::proof::Changed| json!({ "what": change.what, "question": change.question, "by": change.by.word() });
    json!({
        "changes": way.changes.iter().map(change).collect::<Vec<_>>(),
        "open": way.open.iter().map(|(label, answer)| json!({ "label": label, "answer": answer })).collect::<Vec<_>>(),
        "verdict": way.verdict,
        "from": way.from,
    })
}

/// What the open questions can still do.
pub(super) fn write_outlook(page: &mut Page, outlook: &Outlook) {
    let words = |verdicts: &[Outcome]| -> String {
        let all = verdicts.iter().map(|verdict| format!("{} {}", sign(*verdict).0, verdict.word().to_uppercase()));
        all.collect::<Vec<_>>().join(", ")
    };
    page.field(2, "possible", &words(&outlook.verdicts));
    if let Some(most) = &outlook.most {
        let leads = format!("{} ({}): its answers alone lead to {}", most.label, most.question, words(&most.verdicts));
        page.field(2, "matters most", &leads);
    }
    page.field(2, "no longer changes the outcome", &outlook.settled.join(", "));
}

/// The same for programs.
pub(super) fn outlook_value(outlook: &Outlook) -> Value {
    json!({
        "possible": outlook.verdicts,
        "matters_most": outlook.most.as_ref().map(|most| json!({
            "question": most.question, "label": most.label, "leads_to": most.verdicts,
        })),
        "no_longer_changes": outlook.settled,
    })
}
