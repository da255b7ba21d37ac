//! One area gets one cocktail in a session: goals that lead to the same products share it, others take turns.

use super::cocktail::Filled;
use super::syringe::why_apart;
use crate::pack::{Area, Goal, Ix, Pack};

/// A cocktail for a goal in an area, and when its turn is.
#[derive(Clone, Debug)]
pub(super) struct Turn {
    pub goal: Ix<Goal>,
    pub area: Ix<Area>,
    pub filled: Filled,
    /// Goals that the same cocktail serves here.
    pub also: Vec<Ix<Goal>>,
    /// 0 for what is given in the first session, 1 for what waits for the second turn...
    pub turn: usize,
}

/// What was chosen for a goal in an area.
type Chosen = (Ix<Goal>, Ix<Area>, Filled);

/// Gives every cocktail its turn, in the order of the goals; `notes` says what was shared or moved, and why.
pub(super) fn turns(pack: &Pack, chosen: Vec<Chosen>, notes: &mut Vec<String>) -> Vec<Turn> {
    let (chosen, within) = once(pack, chosen, notes);
    let mut taken: Vec<Turn> = Vec::new();
    let mut rest = chosen.into_iter().peekable();
    while let Some((goal, area, filled)) = rest.next() {
        let mut of_goal = vec![(area, filled)];
        while let Some((_, area, filled)) = rest.next_if(|(next, _, _)| *next == goal) {
            of_goal.push((area, filled));
        }
        place(pack, goal, of_goal, &mut taken, notes);
    }
    for (goal, area) in within {
        let serves = |turn: &&mut Turn| pack.area_within(area, turn.area) && turn.goal != goal;
        if let Some(turn) = taken.iter_mut().find(serves).filter(|turn| !turn.also.contains(&goal)) {
            turn.also.push(goal);
        }
    }
    taken
}

/// Leaves out what lies in an area that is treated anyway: by the same goal, or with the same products. Also says which
/// goals the cocktail of which larger area serves in their place.
fn once(pack: &Pack, chosen: Vec<Chosen>, notes: &mut Vec<String>) -> (Vec<Chosen>, Vec<(Ix<Goal>, Ix<Area>)>) {
    let mut left = Vec::new();
    let mut within = Vec::new();
    for one @ (goal, area, filled) in &chosen {
        let around = |other: &&Chosen| {
            let (other_goal, other_area, other_filled) = other;
            *other_area != *area
                && pack.area_within(*area, *other_area)
                && (other_goal == goal || same_products(pack, other_filled, filled))
        };
        // The outermost one, which lies in no other that would do.
        let outer = chosen.iter().filter(around).reduce(|a, b| if pack.area_within(a.1, b.1) { b } else { a });
        let Some((other_goal, other_area, other_filled)) = outer else {
            left.push(one.clone());
            continue;
        };
        let (part, whole) = (&pack.areas[*area].label, &pack.areas[*other_area].label);
        let mut text = format!(
            "{part}, {}: a part of {}, which is treated in the same session with the same cocktail; it is given once.",
            pack.goals[*goal].label.to_lowercase(),
            whole.to_lowercase()
        );
        if other_goal == goal && !same_products(pack, other_filled, filled) {
            text = format!(
                "{part}, {}: a part of {}, which is treated for the same goal; it gets nothing of its own beside that. For \
                 another cocktail there, take {} out of the goal.",
                pack.goals[*goal].label.to_lowercase(),
                whole.to_lowercase(),
                whole.to_lowercase()
            );
        }
        notes.push(text);
        if other_goal != goal {
            within.push((*goal, *other_area));
        }
    }
    (left, within)
}

/// Shares or places all cocktails of one goal; those that are placed have the same turn.
fn place(
    pack: &Pack,
    goal: Ix<Goal>,
    of_goal: Vec<(Ix<Area>, Filled)>,
    taken: &mut Vec<Turn>,
    notes: &mut Vec<String>,
) {
    let label = |ix: Ix<Goal>| &pack.goals[ix].label;
    let mut own = Vec::new();
    for (area, filled) in of_goal {
        match taken.iter_mut().find(|turn| turn.area == area && same_products(pack, &turn.filled, &filled)) {
            Some(turn) => {
                turn.also.push(goal);
                notes.push(format!(
                    "{}, {}: the same cocktail serves {}; it is given once.",
                    pack.areas[area].label,
                    label(turn.goal).to_lowercase(),
                    label(goal).to_lowercase()
                ));
            }
            None => own.push((area, filled)),
        }
    }
    let overlaps = |a: Ix<Area>, b: Ix<Area>| pack.area_within(a, b) || pack.area_within(b, a);
    let before: Vec<&Turn> =
        taken.iter().filter(|turn| own.iter().any(|(area, _)| overlaps(turn.area, *area))).collect();
    let turn = before.iter().map(|turn| turn.turn + 1).max().unwrap_or(0);
    let first = before.first().and_then(|turn| {
        Some((*turn, own.iter().find(|(area, _)| overlaps(turn.area, *area)).map(|(_, filled)| filled)?))
    });
    if let Some((other, filled)) = first {
        notes.push(format!(
            "{}: takes turns with {}, because one area gets one cocktail in a session; {}",
            label(goal),
            label(other.goal).to_lowercase(),
            why_apart(pack, &other.filled, filled)
        ));
    }
    taken.extend(own.into_iter().map(|(area, filled)| Turn { goal, area, filled, also: Vec::new(), turn }));
}

/// Whether one cocktail serves for both; volumes of the practitioner's own are nobody else's.
fn same_products(pack: &Pack, a: &Filled, b: &Filled) -> bool {
    if pack.recipes[b.recipe].own_of.is_some() {
        return false;
    }
    let has =
        |of: &Filled, slot: &super::cocktail::FilledSlot| of.slots.iter().any(|s| s.ingredient == slot.ingredient);
    a.slots.len() == b.slots.len() && a.slots.iter().all(|slot| has(b, slot))
}
