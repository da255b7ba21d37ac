//! A comparison of two packs as text: part by part, both outcomes beside each other.

use super::diff::{Compared, Side};
use super::page::{Ink, Page, number, percent, sign};
use crate::plan::Assessment;
use crate::proof::diff::{Direction, Example, Found, On, Reach};

/// The longest text of a change that is printed whole.
const LONG: usize = 240;

pub(super) fn text(compared: &Compared, colour: bool) -> String {
    let mut page = Page::new(colour);
    for (word, side) in [("old", &compared.old), ("new", &compared.new)] {
        page.inked(0, 5, Ink::Bold, &format!("{word} "), &named(side));
    }
    page.gap();
    let diff = &compared.diff;
    for (word, lines) in [("old", &diff.only_old), ("new", &diff.only_new)] {
        if !lines.is_empty() {
            page.text(0, 2, &format!("Only the {word} pack has:"));
            page.list(2, lines);
        }
    }
    if !(diff.only_old.is_empty() && diff.only_new.is_empty()) {
        page.text(0, 2, "Compared are the intakes that both can read; a question that one of them lacks counts as answered plainly.");
        page.gap();
    }
    let (words, rest): (Vec<&Found>, Vec<&Found>) =
        diff.found.iter().partition(|found| found.part.reach() == Reach::Words && found.examples.is_empty());
    for found in rest {
        part(&mut page, compared, found);
        page.gap();
    }
    if !diff.rest.is_empty() {
        page.inked(0, 2, Ink::Warn, "!", "by what is made from the vocabulary, or by several of these together");
        diff.rest.iter().for_each(|one| example(&mut page, one));
        page.gap();
    }
    if !words.is_empty() {
        let names: Vec<String> = words.iter().map(|found| format!("{} {}", found.part.kind, found.part.id)).collect();
        page.inked(0, 2, Ink::Dim, "·", &format!("words and citations only: {}", names.join(", ")));
    }
    conclusion(&mut page, compared);
    page.finish()
}

fn named(side: &Side) -> String {
    let layers: Vec<String> = side.pack.layers.iter().map(|layer| format!("{} {}", layer.id, layer.version)).collect();
    format!("{}; hash {}", layers.join(" + "), side.pack.hash.get(..12).unwrap_or(&side.pack.hash))
}

fn part(page: &mut Page, compared: &Compared, found: &Found) {
    let worst = found.examples.iter().map(|example| example.direction).find(|way| *way == Direction::Looser);
    let (ink, lead) = match (worst, found.examples.is_empty()) {
        (Some(_), _) => (Ink::Stop, "!"),
        (None, true) => (Ink::Dim, "·"),
        (None, false) => (Ink::Warn, "»"),
    };
    let places = [compared.old.place(found), compared.new.place(found)];
    let place = match (&places[0], &places[1]) {
        (Some(old), Some(new)) if old != new => format!(" ({old}, now {new})"),
        (_, Some(place)) | (Some(place), None) => format!(" ({place})"),
        (None, None) => String::new(),
    };
    let what = match found.part.side {
        On::Old => "is gone".to_owned(),
        On::New => "is new".to_owned(),
        On::Both => {
            let mut what: Vec<&str> = found.part.changes.iter().map(|change| change.what).collect();
            what.dedup();
            format!("differs in {}", what.join(", "))
        }
    };
    page.inked(0, 2, ink, lead, &format!("{} {}{place} {what}", found.part.kind, found.part.id));
    for change in found.part.changes.iter().filter(|change| change.reach != Reach::Words) {
        page.inked(2, 4, Ink::Dim, &format!("{}:", change.what), &cut(&change.old, &change.new));
        page.inked(4, 2, Ink::Dim, "now", &cut(&change.new, &change.old));
    }
    if found.apart {
        page.inked(2, 2, Ink::Warn, "!", "counts only for what one of the packs cannot be told: nobody to compare");
    } else if found.examples.is_empty() {
        let said = match found.part.reach() {
            Reach::Decisions => "no patient's verdict, exclusions or recipe changes where it counts: proved",
            _ => "no plan of anybody holds what it is about: proved",
        };
        page.inked(2, 2, Ink::Good, "✓", said);
    }
    found.examples.iter().for_each(|one| example(page, one));
}

/// A text; of a long one what the other does not have.
fn cut(text: &str, other: &str) -> String {
    if text.len() <= LONG {
        return if text.is_empty() { "nothing".to_owned() } else { text.to_owned() };
    }
    let words: Vec<&str> = text.split([',', ';', ' ']).filter(|word| !word.is_empty()).collect();
    let there: std::collections::HashSet<&str> = other.split([',', ';', ' ']).collect();
    let own: Vec<&str> = words.into_iter().filter(|word| !there.contains(word)).collect();
    if own.is_empty() { "nothing else".to_owned() } else { format!("... {} ...", own.join(", ")) }
}

fn example(page: &mut Page, example: &Example) {
    let differs =
        if example.differs.is_empty() { "the plainest patient".to_owned() } else { example.differs.join("; ") };
    let together = if example.alone { "" } else { " (others of these parts count for this patient too)" };
    let (ink, word) = match example.direction {
        Direction::Looser => (Ink::Stop, "looser"),
        Direction::Stricter => (Ink::Warn, "stricter"),
        Direction::Other => (Ink::Warn, "otherwise"),
        Direction::Numbers => (Ink::Dim, "same verdict and recipe"),
    };
    page.inked(2, 2, ink, word, &format!("smallest patient: {differs}{together}"));
    page.beside(4, "", "old", "new");
    let lines = outcome_lines(example);
    for (label, old, new) in &lines {
        page.beside(4, label, old, new);
    }
    if example.direction == Direction::Numbers && lines.len() == 1 {
        page.text(
            4,
            2,
            "Doses and days are the same for this patient; they are not in the circuit, and may differ for others.",
        );
    }
    if let Err(why) = &example.replayed {
        let said = format!("the assessment does not agree, which is a mistake of the program: {why}");
        page.inked(4, 2, Ink::Stop, "✗", &said);
    }
}

/// The verdict, and whatever else differs: what it is, as it was, as it is.
pub(super) fn outcome_lines(example: &Example) -> Vec<(&'static str, String, String)> {
    let [old, new] = &example.outcomes;
    let verdict = |one: &Assessment| {
        let until = one.until.map(|day| format!(" until {day}")).unwrap_or_default();
        let event = one.until_event.as_ref().map(|event| format!(" until {event}")).unwrap_or_default();
        format!("{} {}{until}{event}", sign(one.verdict).0, one.verdict.word())
    };
    let mut lines = vec![("verdict", verdict(old), verdict(new))];
    let mut lists = |label, of: &dyn Fn(&Assessment) -> Vec<String>| {
        let (was, is) = (of(old), of(new));
        if was != is {
            let only = |these: &[String], those: &[String]| {
                let own: Vec<&str> = these.iter().filter(|one| !those.contains(one)).map(String::as_str).collect();
                if own.is_empty() { "-".to_owned() } else { own.join("; ") }
            };
            lines.push((label, only(&was, &is), only(&is, &was)));
        }
    };
    lists("missing", &|one| one.missing.iter().map(|missing| missing.question.clone()).collect());
    lists("rules", &|one| {
        one.findings.iter().map(|finding| format!("{} ({})", finding.rule, finding.verdict.word())).collect()
    });
    lists("out", &|one| one.excluded.iter().map(|out| format!("{} {}", out.kind, out.id)).collect());
    lists("cocktail", &cocktails);
    lists("sessions", &|one| {
        let sessions = one.plan.iter().flat_map(|plan| &plan.sessions);
        sessions.filter_map(|session| session.date.map(|date| date.to_string())).collect()
    });
    // Limits go with the day and the weight; beside another verdict they would say nothing.
    if example.direction == Direction::Numbers {
        lists("limits", &|one| {
            let limits = one.plan.iter().flat_map(|plan| &plan.limits);
            limits.map(|limit| format!("{}: {} of {}", limit.id, percent(limit.used), limit.ceiling)).collect()
        });
    }
    lines
}

fn cocktails(one: &Assessment) -> Vec<String> {
    let cocktails = one.plan.iter().flat_map(|plan| &plan.cocktails);
    let holds = |cocktail: &crate::plan::Cocktail| {
        let doses = cocktail.ingredients.iter().map(|dose| format!("{} {} mL", dose.id, number(dose.volume_ml)));
        doses.collect::<Vec<_>>().join(" + ")
    };
    cocktails.map(|c| format!("{} in {}: {} ({})", c.goal, c.area, c.recipe, holds(c))).collect()
}

fn conclusion(page: &mut Page, compared: &Compared) {
    let diff = &compared.diff;
    page.gap();
    let both = "for every intake that both packs can read";
    if diff.found.is_empty() && !diff.changes {
        page.inked(0, 2, Ink::Good, "✓", "Nothing differs, and no patient's outcome changes.");
    } else if diff.changes {
        let parts = |way| diff.found.iter().filter(|f| f.examples.iter().any(|e| e.direction == way)).count();
        let counts = [Direction::Looser, Direction::Stricter, Direction::Other].map(parts);
        page.inked(
            0,
            2,
            if counts[0] > 0 { Ink::Stop } else { Ink::Warn },
            "!",
            &format!(
                "Outcomes change: {} parts make some patient's looser, {} stricter, {} otherwise.",
                counts[0], counts[1], counts[2]
            ),
        );
    } else {
        let said = format!("No patient's verdict, exclusions or recipe changes: proved {both}.");
        page.inked(0, 2, Ink::Good, "✓", &said);
    }
    match &compared.verified {
        Ok(0) => {}
        Ok(1) => page.inked(0, 2, Ink::Good, "✓", "the proof was checked again without the solver"),
        Ok(claims) => page.inked(0, 2, Ink::Good, "✓", &format!("{claims} proofs checked again without the solver")),
        Err(why) => page.inked(0, 2, Ink::Stop, "✗", &format!("a proof was refused: {why}")),
    }
    page.text(
        0,
        2,
        "A smallest patient has the fewest answers that are not the plainest ones. Volumes, doses and dates are compared as they \
         are written and shown for the patients above; how they come out for everybody is not proved. docs/proofs.md says more.",
    );
}
