//! A short card: what one is told, what is asked, what was right.

use super::super::assessment::Builder;
use super::super::fields::{Shown, upright};
use super::super::{Item, Page};
use super::clock;
use crate::plan::Outcome;
use crate::training::{About, Answered, Asked, ShortCard};
use crate::tui::app::{App, Loaded, Target};
use crate::tui::text;
use crate::tui::training::{Card, Short};
use crate::tui::widget::rows::Rows;

/// The page.
pub fn page(app: &App, loaded: &Loaded, short: &Short, width: u16) -> Page {
    let theme = &app.theme;
    let mut page = Builder::new(Rows::new(theme, width), short.chosen);
    page.begin_section();
    match &short.shown {
        Card::Coming => page.rows.para(0, "The next card is being made...", theme.muted),
        Card::Asked(card) => asked(card, short, &app.settings.keys.say("card.pass"), &mut page),
        Card::Answered(card, answered) => told(card, answered, &mut page),
        Card::Over => over(loaded, short, &mut page),
    }
    page.done()
}

/// For the banner.
pub fn standing(short: &Short) -> String {
    let tally = short.session.tally();
    format!("{} of {} right · {} left", tally.right, tally.answered, clock(short.left))
}

/// What a card is about, as a heading.
const fn heading(card: &ShortCard) -> &'static str {
    match card.about {
        About::Rule => "A rule",
        About::Skin => "A grade",
        About::Units => "A sum",
    }
}

fn head(card: &ShortCard, page: &mut Builder<'_>) {
    let theme = page.rows.theme;
    page.rows.heading(heading(card), "");
    for line in &card.told {
        page.rows.bullet(0, "·", theme.muted, line, theme.answer);
    }
    page.rows.gap();
    page.rows.para(0, &card.question, theme.heading);
}

fn asked(card: &ShortCard, short: &Short, pass: &str, page: &mut Builder<'_>) {
    let theme = page.rows.theme;
    head(card, page);
    match &card.asked {
        Asked::OneOf(options) => {
            for (n, option) in options.iter().enumerate() {
                let key = char::from_digit(u32::try_from(n + 1).unwrap_or(0), 10).unwrap_or(' ');
                page.item(Item::Text, |rows, chosen| {
                    let target = Target::Item(n);
                    upright(rows, 0, &[Shown { key, label: option, help: None, taken: false, chosen, target }], |_| {
                        None
                    });
                });
            }
        }
        Asked::Number { unit, within } => page.item(Item::Text, |rows, _| {
            rows.line(vec![
                ("› ".to_owned(), theme.accent),
                (text::pad(&short.typed, 10), theme.input),
                (format!(" {unit}"), theme.answer),
                (format!("   {within}"), theme.muted),
            ]);
        }),
    }
    page.rows.gap();
    page.rows.para(0, &format!("{pass}: not known. It comes again, and nobody has to guess."), theme.muted);
}

fn told(card: &ShortCard, answered: &Answered, page: &mut Builder<'_>) {
    let theme = page.rows.theme;
    let (sign, words) = answered.outcome();
    let outcome = match (answered.right, &answered.yours) {
        (true, _) => Outcome::Proceed,
        (false, Some(_)) => Outcome::Decline,
        (false, None) => Outcome::Caution,
    };
    page.rows.heading(heading(card), "Enter: the next card");
    page.item(Item::Text, |rows, _| {
        rows.line(vec![(format!("{sign} {}", words.to_uppercase()), theme.outcome(outcome))]);
        if let Some(yours) = answered.yours.as_ref().filter(|_| !answered.right) {
            rows.pair("you said", 11, yours, theme.text);
        }
        rows.pair("the answer", 11, &answered.key, theme.answer);
    });
    let told = &answered.told;
    page.item(Item::Text, |rows, _| {
        rows.gap();
        rows.para(0, &told.title, theme.heading);
        told.why.iter().for_each(|why| rows.bullet(0, "·", theme.muted, why, theme.text));
    });
    if !told.sources.is_empty() || told.evidence.is_some() {
        page.item(Item::Text, |rows, _| {
            rows.gap();
            if let Some(grade) = told.evidence {
                rows.pair("evidence", 11, &format!("{} {}", grade.letter(), grade.label()), theme.text);
            }
            told.sources.iter().for_each(|source| rows.pair("source", 11, source, theme.muted));
        });
    }
    page.item(Item::Text, |rows, _| {
        rows.heading("Asked", "");
        card.told.iter().for_each(|line| rows.bullet(0, "·", theme.muted, line, theme.muted));
        rows.para(0, &card.question, theme.muted);
    });
}

fn over(loaded: &Loaded, short: &Short, page: &mut Builder<'_>) {
    let theme = page.rows.theme;
    let tally = short.session.tally();
    page.item(Item::Text, |rows, _| {
        let words = if short.left == 0 { "The time is over." } else { "There are no more cards." };
        rows.para(0, words, theme.heading);
        rows.para(0, &format!("{} of {} answers were right.", tally.right, tally.answered), theme.answer);
    });
    if !tally.missed.is_empty() {
        page.section("To look at again", "due tomorrow");
        for id in &tally.missed {
            let title = crate::training::card_title(&loaded.pack, id);
            page.item(Item::Text, |rows, _| rows.bullet(0, "✗", theme.error, &title, theme.text));
        }
    }
    page.item(Item::Text, |rows, _| {
        rows.gap();
        rows.flow(0, 2, &[("▸ ", theme.accent), ("Enter: back to the cases", theme.answer)]);
    });
}
