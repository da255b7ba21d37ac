//! What an answer changed: the differences of two assessments, in a few words each.

use crate::plan::{Assessment, Cocktail, Excluded, Finding, Outcome, finding_word};
use crate::tui::theme::sign;

/// A difference, most telling first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct News {
    /// What it is worth: the verdict it speaks of, for its colour.
    pub outcome: Option<Outcome>,
    /// In words, with a sign of its own.
    pub words: String,
}

impl News {
    fn new(outcome: Option<Outcome>, words: String) -> Self {
        Self { outcome, words }
    }
}

/// What is said now and was not said before, and the other way round. Questions that were answered are no news.
#[must_use]
pub fn between(before: &Assessment, now: &Assessment) -> Vec<News> {
    let mut news = Vec::new();
    if before.verdict != now.verdict {
        let words = format!("was {}, now {} {}", before.verdict.word(), sign(now.verdict), now.verdict.word());
        news.push(News::new(Some(now.verdict), words));
    }
    for (_, finding) in now.shown() {
        match before.findings.iter().find(|other| other.rule == finding.rule) {
            None => news.push(added(finding)),
            Some(other) if other.overridden.is_none() && finding.overridden.is_some() => {
                news.push(News::new(Some(Outcome::Caution), format!("○ {}: overridden", finding.title)));
            }
            Some(other) if other.overridden.is_some() && finding.overridden.is_none() => news.push(added(finding)),
            Some(_) => {}
        }
    }
    for gone in before.shown().map(|(_, finding)| finding).filter(|finding| !has(&now.findings, finding)) {
        news.push(News::new(None, format!("− {}", gone.title)));
    }
    plans(before, now, &mut news);
    let out = |of: &Assessment, other: &Assessment| -> Vec<String> {
        let fresh = |row: &&Excluded| !other.excluded.iter().any(|o| o.kind == row.kind && o.id == row.id);
        of.excluded.iter().filter(fresh).map(|row| row.label.clone()).collect()
    };
    news.extend(named("✗ excluded:", &out(now, before)));
    news.extend(named("no longer excluded:", &out(before, now)));
    news
}

fn has(findings: &[Finding], one: &Finding) -> bool {
    findings.iter().any(|other| other.rule == one.rule)
}

fn added(finding: &Finding) -> News {
    let words = format!("+ {}: {}", finding.title, finding_word(finding.verdict));
    News::new(Some(finding.verdict.into()), words)
}

/// At most two names; the others counted.
fn named(lead: &str, labels: &[String]) -> Option<News> {
    let words = match labels {
        [] => return None,
        [one] => format!("{lead} {one}"),
        [one, other] => format!("{lead} {one}, {other}"),
        [one, rest @ ..] => format!("{lead} {one} and {} more", rest.len()),
    };
    Some(News::new(None, words))
}

/// What is given another way.
fn plans(before: &Assessment, now: &Assessment, news: &mut Vec<News>) {
    let (Some(was), Some(is)) = (&before.plan, &now.plan) else { return };
    for cocktail in &is.cocktails {
        let here = |other: &&Cocktail| other.goal == cocktail.goal && other.area == cocktail.area;
        let place = format!("{}, {}", cocktail.goal_label, cocktail.area_label.to_lowercase());
        match was.cocktails.iter().find(here) {
            None => news.push(News::new(None, format!("+ {}: {place}", cocktail.label))),
            Some(other) if other.recipe != cocktail.recipe => {
                news.push(News::new(None, format!("{place}: {} → {}", other.label, cocktail.label)));
            }
            Some(other) if other.ingredients != cocktail.ingredients || other.points != cocktail.points => {
                news.push(News::new(None, format!("{place}: other doses")));
            }
            Some(_) => {}
        }
    }
    for other in &was.cocktails {
        let gone = !is.cocktails.iter().any(|c| c.goal == other.goal && c.area == other.area);
        if gone {
            news.push(News::new(None, format!("− {}: {}", other.label, other.area_label.to_lowercase())));
        }
    }
}
