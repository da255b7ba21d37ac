//! `pistor records follow-up` and `lot`: what came after a consultation.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Serialize;

use super::open::{Way, failed};
use super::{resolve, unknown};
use crate::cli::Ended;
use crate::cli::case::file_of;
use crate::cli::failure::Failure;
use crate::cli::options::{Common, Format};
use crate::cli::page::{Ink, Page, json};
use crate::cli::plain;
use crate::cli::session::Session;
use crate::follow_up::{
    Answer, Entry, Raised, Reporting, Score, Setting, What, entry_rows, read, remarks, reporting, score,
};
use crate::pack::{Pack, Response};
use crate::record::{self, Action, Card, Document, Event, Query, RecordId, Store};

pub(super) const HELP: &str = r#"Without FILE it is asked line by line, on a terminal or with --plain.

A session that was given (only `date`, and of each product `area` and `product`, have to be there):
  patient = "Test Patient"          # optional: refused when the consultation is of somebody else
  [session]
  date = 2026-12-20
  planned = 1                       # which session of the plan
  practitioner = "Dr Ada Example"
  [[session.given]]
  area = "cheeks"
  product = "Example HA 1%"
  ingredient = "hyaluronic-acid"
  lot = "L2041"
  expiry = 2027-05-31
  dilution = "undiluted"
  ml = 1.0
  points = 50
  technique = "nappage"
  needle = "32G, 4 mm"
  site = "both cheeks"
  [[session.outcome]]
  area = "cheeks"
  gais = "improved"                 # very-much-improved, much-improved, improved, no-change, worse
  photo = "2026-12-20-03"

A reaction (`grade` and `serious` have to be there, and `what` or `text`; what is not known is left out):
  [reaction]
  what = ["nodule"]                 # pistor find reactions TEXT
  text = "in the patient's words"
  session = 1                       # entry of the session it came after; without it the last one before
  onset = 2027-01-10                # or onset_days = 21, or onset_hours = 3
  ended = 2027-01-20                # only when it is gone
  area = "cheeks"
  site = "here"                     # here (at the points), near, elsewhere, whole-body
  grade = 1                         # 1 mild, 2 moderate, 3 severe, 4 life-threatening, 5 death
  serious = []                      # none; or death, life-threatening, hospital, disability, congenital, intervention
  lots = ["L2041"]                  # without it those of the session
  causality = "possible"            # certain, probable, possible, unlikely, conditional, unassessable
  action = ["referred"]
  outcome = "ongoing"               # recovered, recovering, ongoing, recovered-with-sequelae, fatal, unknown
  updates = 2                       # brings an earlier reaction up to date; everything is said again
  [reaction.naranjo]                # optional: yes, no, unknown; the score is reckoned
  after = "yes"
  [reaction.reported]
  to = "the authority"
  on = 2027-01-12

Examples:
  pistor records follow-up 0193f0c2                 asks line by line
  pistor records follow-up 0193f0c2 session.toml
  pistor records follow-up 0193f0c2 session.toml --by "Dr Ada Example"
  pistor records follow-up 0193f0c2 reaction.toml --format json
  pistor records follow-up 0193f0c2 reaction.toml --dry-run     what to do, and nothing is saved

Exits 0 when it was recorded, whatever the answer; 2 on bad input."#;

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// The consultation: its id, or the beginning or end of it
    #[arg(value_name = "ID")]
    id: String,
    /// The session or the reaction, in TOML; - for standard input; without it, it is asked line by line
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// Who writes it down, when the configuration names no practitioner
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// Answer, and save nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    pub common: Common,
}

/// What came of it, as programs read it.
#[derive(Serialize)]
struct Output<'a> {
    id: RecordId,
    version: u32,
    saved: bool,
    patient: &'a str,
    kind: &'a str,
    entry: u32,
    answer: Option<&'a Answer>,
    naranjo: Option<Score>,
    same_lot: Option<u32>,
    remarks: &'a [String],
    reporting: Vec<Reporting>,
}

pub(super) fn record(common: &Common, way: &Way<'_>, args: &Args) -> Result<(String, Ended), Failure> {
    match &args.file {
        Some(file) => of_file(common, way, args, file).map(|text| (text, Ended::Done)),
        None => asked(common, way, args),
    }
}

/// Line by line.
fn asked(common: &Common, way: &Way<'_>, args: &Args) -> Result<(String, Ended), Failure> {
    if common.format() == Format::Json {
        return Err(Failure::plain("line by line is for people", "JSON needs a FILE; `--help` shows one"));
    }
    if !common.plain && !std::io::stdin().is_terminal() {
        return Err(Failure::plain(
            "nothing says what is to be written down, and there is no terminal to ask at",
            "name a FILE (`--help` shows both), `-` for standard input, or give `--plain` to answer line by line",
        ));
    }
    plain::follow_up(common, way, &plain::Asked { id: &args.id, by: args.by.as_deref(), dry: args.dry_run })
}

fn of_file(common: &Common, way: &Way<'_>, args: &Args, file: &Path) -> Result<String, Failure> {
    let session = Session::open(common)?;
    let Some(mut store) = way.open()? else { return Err(unknown(&args.id)) };
    let id = resolve(&mut store, &args.id)?;
    let Some(stored) = store.load(id, None).map_err(failed)? else { return Err(unknown(&args.id)) };
    let document = stored.document().map_err(|error| failed(error.into()))?;
    let help = "a session or a reaction is a TOML file; `pistor records follow-up --help` shows both";
    let file = file_of(file, help)?;
    let (pack, today) = (&session.pack, common.today());
    let entries = &document.follow_up;
    let named = args.by.as_deref().or(way.config.practitioner.name.as_deref()).map(str::trim);
    let author = named.filter(|name| !name.is_empty());
    let by = author.unwrap_or_else(|| way.actor());
    let setting = Setting { pack, entries, today, by, patient: &document.patient.name };
    let mut what = read(setting, &file).map_err(Failure::Report)?;
    if let What::Reaction(seen) = &mut what {
        let others = record::others_with(&mut store, id, &seen.lots).map_err(failed)?;
        seen.weigh(pack, others, today);
    }
    let said = remarks(pack, document.agreed(), &what);
    if author.is_none() && !args.dry_run {
        return Err(Failure::plain(
            "nobody is named who writes this down, and the name stands in the record",
            "`--by NAME`, or `name` under [practitioner] in the configuration",
        ));
    }
    let after = if args.dry_run {
        // Reading it leaves a trace all the same.
        store
            .note(&Event::with(Timestamp::now(), way.actor(), Action::Opened, id, document.version))
            .map_err(failed)?;
        document
    } else {
        record::follow_up(&mut store, id, &what, None, by, Timestamp::now()).map_err(failed)?.1
    };
    let done = Recorded { pack, law: common.jurisdiction.as_deref(), id, what: &what, said: &said };
    Ok(match common.format() {
        Format::Json => json(&done.output(!args.dry_run, &after)),
        Format::Text => done.text(common.colour_of_results(), !args.dry_run, &after),
    })
}

/// What was recorded, or would have been.
pub(in crate::cli) struct Recorded<'a> {
    pub pack: &'a Pack,
    /// Whose law holds, where the command line says; else that of the consultation.
    pub law: Option<&'a str>,
    pub id: RecordId,
    pub what: &'a What,
    /// What is worth saying about it.
    pub said: &'a [String],
}

impl<'a> Recorded<'a> {
    /// As people read it; `after` is the consultation as it is now.
    pub fn text(&self, colour: bool, saved: bool, after: &Document) -> String {
        let mut page = Page::new(colour);
        write(&mut page, &self.output(saved, after), after);
        page.finish()
    }

    fn output(&self, saved: bool, after: &'a Document) -> Output<'a> {
        let seen = if let What::Reaction(seen) = self.what { Some(seen) } else { None };
        let law = self.law.unwrap_or_else(|| after.intake.text("jurisdiction"));
        let questions = self.pack.follow_up.questionnaires.get("naranjo");
        let entry = after.follow_up.len() + usize::from(!saved);
        Output {
            id: self.id,
            version: after.version,
            saved,
            patient: &after.patient.name,
            kind: if seen.is_some() { "reaction" } else { "session" },
            entry: u32::try_from(entry).unwrap_or(u32::MAX),
            answer: seen.map(|seen| &seen.answer),
            naranjo: seen
                .filter(|seen| !seen.naranjo.is_empty())
                .zip(questions)
                .map(|(seen, of)| score(of, &seen.naranjo)),
            same_lot: seen.and_then(|seen| seen.same_lot),
            remarks: self.said,
            reporting: seen.map(|_| reporting(self.pack, law)).unwrap_or_default(),
        }
    }
}

fn write(page: &mut Page, output: &Output<'_>, document: &Document) {
    let born = document.patient.birth_date.map(|date| format!(", born {date}")).unwrap_or_default();
    let name = if output.patient.trim().is_empty() { "no name" } else { output.patient };
    let done = if output.saved { "Recorded" } else { "Not saved" };
    page.inked(0, 2, Ink::Bold, done, &format!("{} for {name}{born}", output.kind));
    page.field(2, "id", &format!("{}, version {}, entry {}", output.id, output.version, output.entry));
    if let Some(answer) = output.answer {
        page.gap();
        answered(page, answer);
    }
    if let Some(naranjo) = &output.naranjo {
        let open = if naranjo.open == 0 { String::new() } else { format!(", {} questions open", naranjo.open) };
        page.field(2, "Naranjo", &format!("{} points: {}{open}", naranjo.sum, naranjo.band));
    }
    if !output.remarks.is_empty() {
        page.heading("Remarks");
        page.list(2, output.remarks);
    }
    if output.answer.is_some_and(|answer| answer.response != Response::Reassure) {
        page.heading("Where to report it");
        if output.reporting.is_empty() {
            let words = "The pack knows no channel for this jurisdiction: ask the medicines authority of the country.";
            page.text(2, 2, words);
        }
        page.list(2, output.reporting.iter().map(Reporting::words));
    }
}

/// What the red flags say, the strictest first.
pub(in crate::cli) fn answered(page: &mut Page, answer: &Answer) {
    let ink = match answer.response {
        Response::Reassure => Ink::Good,
        Response::Watch | Response::ReferDays => Ink::Warn,
        Response::ReferSameDay | Response::Emergency => Ink::Stop,
    };
    let lead = format!("{} {}", answer.response.sign(), answer.words().to_uppercase());
    page.inked(0, 2, ink, &lead, "");
    page.fields(2, "to", &answer.to);
    if answer.flags.is_empty() {
        page.text(2, 2, &answer.silence());
    }
    for raised in &answer.flags {
        page.gap();
        page.inked(2, 2, Ink::Bold, &raised.lead(), &raised.words());
        page.list(4, &raised.next);
        page.field(4, "why", &raised.why);
        let rests =
            format!("{}, evidence {} ({})", raised.basis.label(), raised.evidence.letter(), raised.evidence.label());
        page.field(4, "rests on", &rests);
        page.fields(4, "sources", &raised.sources);
    }
}

/// The follow-up of a consultation.
pub(super) fn entries(page: &mut Page, entries: &[Entry]) {
    if entries.is_empty() {
        return;
    }
    page.heading("Follow-up");
    for entry in entries {
        page.inked(2, 2, Ink::Bold, &format!("{} {}", entry.number, entry.kind()), "");
        for (what, words) in entry_rows(None, entry) {
            page.inked(4, 2, Ink::Dim, &format!("{what}:"), &words);
        }
        if let Some(seen) = entry.reaction() {
            let flags: Vec<String> = seen.answer.flags.iter().map(Raised::heading).collect();
            let flags = if flags.is_empty() { String::new() } else { format!(" ({})", flags.join(", ")) };
            let answer = &seen.answer;
            page.inked(4, 2, Ink::Warn, "answer:", &format!("{} {}{flags}", answer.response.sign(), answer.words()));
        }
    }
}

/// A patient who got a lot.
#[derive(Serialize)]
struct Row<'a> {
    id: RecordId,
    patient: &'a str,
    birth_date: Option<jiff::civil::Date>,
    lot: &'a str,
    product: &'a str,
    given: &'a [jiff::civil::Date],
    reactions: &'a [record::CardReaction],
}

pub(super) fn lot(common: &Common, way: &Way<'_>, lot: &str) -> Result<String, Failure> {
    let query = Query { lot: Some(lot.to_owned()), limit: usize::MAX, ..Query::default() };
    let cards: Vec<Card> = match way.open()? {
        Some(mut store) => store.list(&query).map_err(failed)?.cards,
        None => Vec::new(),
    };
    let of = |card: &'_ Card| card.lots.iter().position(|known| crate::follow_up::same_lot(&known.lot, lot));
    let rows: Vec<Row<'_>> = cards
        .iter()
        .filter_map(|card| {
            let known = card.lots.get(of(card)?)?;
            Some(Row {
                id: card.id,
                patient: &card.patient,
                birth_date: card.birth_date,
                lot: &known.lot,
                product: &known.product,
                given: &known.given,
                reactions: &known.reactions,
            })
        })
        .collect();
    Ok(match common.format() {
        Format::Json => json(&rows),
        Format::Text => {
            let mut page = Page::new(common.colour_of_results());
            listed(&mut page, lot, &rows);
            page.finish()
        }
    })
}

fn listed(page: &mut Page, lot: &str, rows: &[Row<'_>]) {
    if rows.is_empty() {
        page.text(0, 0, &format!("no session and no reaction names the lot {lot}"));
        return;
    }
    let reacted = rows.iter().filter(|row| !row.reactions.is_empty()).count();
    let people = if rows.len() == 1 { "consultation" } else { "consultations" };
    page.text(0, 0, &format!("lot {lot}: {} {people}, {reacted} with a reaction", rows.len()));
    for row in rows {
        let born = row.birth_date.map(|date| format!(", born {date}")).unwrap_or_default();
        let name = if row.patient.trim().is_empty() { "no name" } else { row.patient };
        let (ink, sign) = if row.reactions.is_empty() { (Ink::Plain, "·") } else { (Ink::Warn, "!") };
        page.inked(0, 2, ink, sign, &format!("{name}{born}"));
        let given: Vec<String> = row.given.iter().map(ToString::to_string).collect();
        let given = if given.is_empty() { "no session with it is recorded".to_owned() } else { given.join(", ") };
        let product = if row.product.is_empty() { String::new() } else { format!(", {}", row.product) };
        page.field(2, "given", &format!("{given}{product}"));
        let reactions = row.reactions.iter().map(|seen| {
            let began = seen.began.map(|date| format!(", began {date}")).unwrap_or_default();
            let state = if seen.open { "open" } else { "over" };
            format!("{}, grade {}{began}, {state}: {}", seen.what.join(", "), seen.grade, seen.response.label())
        });
        page.fields(2, "reaction", reactions);
        page.field(2, "id", &row.id.to_string());
    }
}
