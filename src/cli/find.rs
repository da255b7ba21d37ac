//! `pistor find`: search a vocabulary as the pickers do.

use clap::builder::PossibleValuesParser;
use clap::builder::TypedValueParser;
use serde::Serialize;

use super::Ended;
use super::failure::Failure;
use super::options::{Common, Format};
use super::page::{Ink, Page, json};
use super::session::Session;
use crate::find::{Hit, Index, Vocabulary};
use crate::pack::{Pack, QualifierKind};

#[derive(clap::Args, Debug)]
#[command(
    after_help = "Accents, word order and small slips do not matter; brands and synonyms are found.\n\nExamples:\n  \
    pistor find medications coumadin\n  \
    pistor find conditions 'type 2' --format json\n  \
    pistor find goals ''                           the whole list"
)]
pub(super) struct Args {
    /// What to search
    #[arg(value_name = "LIST", value_parser = vocabularies())]
    pub list: Vocabulary,
    /// What to search for; several words are joined; nothing lists everything
    #[arg(value_name = "TEXT")]
    pub text: Vec<String>,
    /// At most so many results
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..))]
    pub limit: u16,
    #[command(flatten)]
    pub common: Common,
}

fn vocabularies() -> impl TypedValueParser<Value = Vocabulary> {
    PossibleValuesParser::new(Vocabulary::ALL.map(Vocabulary::word))
        .try_map(|word| Vocabulary::from_word(&word).ok_or("not a list"))
}

/// A hit as programs read it: a contract.
#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    label: &'a str,
    matched: &'a str,
    score: i64,
    exact: bool,
    /// Nothing matched; this is near.
    similar: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    unii: Option<&'a str>,
    asks: Vec<Ask<'a>>,
}

/// A qualifier worth asking.
#[derive(Serialize)]
struct Ask<'a> {
    id: &'a str,
    label: &'a str,
    unit: Option<&'a str>,
}

pub(super) fn run(session: &Session, args: &Args) -> Result<(String, Ended), Failure> {
    let typed = args.text.join(" ");
    // A list that was asked for as a whole is not cut.
    let limit = if typed.trim().is_empty() { usize::MAX } else { usize::from(args.limit) };
    let hits = Index::new(&session.pack, args.list).search(&typed, limit);
    let text = match session.common.format() {
        Format::Json => json(&hits.iter().map(|hit| row(&session.pack, args.list, hit)).collect::<Vec<_>>()),
        Format::Text => {
            let mut page = Page::new(session.common.colour_of_results());
            write(&mut page, &session.pack, args.list, &hits);
            page.finish()
        }
    };
    Ok((text, Ended::Done))
}

fn row<'a>(pack: &'a Pack, list: Vocabulary, hit: &'a Hit) -> Row<'a> {
    Row {
        id: &hit.id,
        label: &hit.label,
        matched: &hit.matched,
        score: hit.score,
        exact: hit.exact,
        similar: hit.similar,
        unii: list.list().and_then(|list| pack.list(list).get(&hit.id)?.unii.as_deref()),
        asks: asks(pack, list, &hit.id),
    }
}

fn asks<'p>(pack: &'p Pack, list: Vocabulary, id: &str) -> Vec<Ask<'p>> {
    let item = list.list().and_then(|list| pack.list(list).get(id));
    let asked = item.map(|item| item.asks.as_slice()).unwrap_or_default();
    asked
        .iter()
        .map(|ix| {
            let qualifier = &pack.qualifiers[*ix];
            let unit = match &qualifier.kind {
                QualifierKind::Number(number) if !number.unit.is_empty() => Some(number.unit.as_str()),
                QualifierKind::Number(_) | QualifierKind::Choice(_) => None,
            };
            Ask { id: &qualifier.id, label: &qualifier.label, unit }
        })
        .collect()
}

fn write(page: &mut Page, pack: &Pack, list: Vocabulary, hits: &[Hit]) {
    if hits.is_empty() {
        page.text(
            0,
            0,
            &format!("nothing found in {}; an intake may hold it in words: {{ text = \"...\" }}", list.word()),
        );
        return;
    }
    if hits.iter().all(|hit| hit.similar) {
        page.text(0, 0, "nothing found; these are near:");
    }
    for hit in hits {
        let matched = if hit.matched == hit.label { String::new() } else { format!(" (as \"{}\")", hit.matched) };
        page.inked(0, 2, Ink::Bold, &hit.id, &format!("{}{matched}", hit.label));
        let asks = asks(pack, list, &hit.id);
        let asks = asks.iter().map(|ask| match ask.unit {
            Some(unit) => format!("{} in {unit}", ask.id),
            None => ask.id.to_owned(),
        });
        page.field(2, "asks", &asks.collect::<Vec<_>>().join(", "));
    }
}
