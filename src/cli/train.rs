//! `pistor train`: cases, marks and what to practise next, for scripts and instructors.

use std::cell::RefCell;
use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;

use super::Ended;
use super::failure::Failure;
use super::options::{Common, Format};
use super::page::{Ink, Page, json as as_json};
use super::plain;
use super::screen;
use super::session::{known_language, language, pack_folders};
use super::train_cards::{self, CardsArgs};
use super::train_case::{self, CaseCommand};
use super::train_hall;
use super::train_mark::{self, MarkArgs};
use super::train_paper::{self, PaperArgs};
use super::train_play::{self, PlayArgs};
use super::train_progress;
use super::train_report::{self, ReportArgs};
use crate::config::{self, Places};
use crate::pack::Pack;
use crate::pack::load::{LayerFiles, load_in};
use crate::training::{self, Cases, Store, next_cases};
use crate::tui::settings::Training;

/// What `due` looks ahead.
const DAYS_AHEAD: u32 = 7;

#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    common: Common,
}

const EXAMPLES: &str = "Practice is kept in a folder of its own, never with the records of patients.\n\nExamples:\n  \
  pistor train                                   the training on the screen\n  \
  pistor train --plain                           the same line by line\n  \
  pistor train list\n  \
  pistor train play a-week-late                  a case, line by line\n  \
  pistor train play isotretinoin-recent --seed 7 a case made for a rule, as many as there are seeds\n  \
  pistor train mark attempt.toml                 marks, item by item, with the reasons\n  \
  pistor train mark attempt.toml --keep          and remember what to practise\n  \
  pistor train due                               what is due, and the case that covers most of it\n  \
  pistor train cards                             three minutes of short cards\n  \
  pistor train progress                          how you are getting on\n  \
  pistor train paper 42                          the patients of an exam\n  \
  pistor train report exam --as html > exam.html\n  \
  pistor train case check                        hold every case against the rules";

#[derive(Subcommand, Debug)]
enum Command {
    /// List the training cases
    List {
        #[command(flatten)]
        common: Common,
    },
    /// Assess a case line by line; the rules are asked only after the last commit
    Play(PlayArgs),
    /// Mark an attempt: a script in TOML or a sealed file; exits 1 when it is not passed
    Mark(MarkArgs),
    /// Report on a folder of sealed attempts; an altered file is refused
    Report(ReportArgs),
    /// Show what is due and which cases cover most of it
    Due {
        #[command(flatten)]
        common: Common,
    },
    /// Short cards, three minutes of them: rules, grades of the skin, units
    Cards(CardsArgs),
    /// Show how you are getting on: skill, safety over time, what is due, calibration, what was missed
    Progress {
        #[command(flatten)]
        common: Common,
    },
    /// Show the paper of an exam: the same number, the same patients for everybody
    Paper(PaperArgs),
    /// Write cases: new, check, preview, coverage
    Case {
        #[command(subcommand)]
        command: CaseCommand,
        #[command(flatten)]
        common: Common,
    },
}

impl Args {
    /// The common options, wherever on the line they stand.
    pub fn merge(&self, own: Common) -> Common {
        let own = own.with(&self.common);
        let Some(command) = &self.command else { return own };
        match command {
            Command::List { common } | Command::Due { common } | Command::Progress { common } => own.with(common),
            Command::Cards(args) => own.with(&args.common),
            Command::Paper(args) => own.with(&args.common),
            Command::Play(args) => own.with(&args.common),
            Command::Mark(args) => own.with(&args.common),
            Command::Report(args) => own.with(&args.common),
            Command::Case { command, common } => own.with(common).with(command.common()),
        }
    }
}

/// The pack, its cases, and where practice is kept.
pub(super) struct School {
    pub common: Common,
    pub pack: Pack,
    pub cases: Cases,
    /// The subjects of the fast track.
    pub subjects: Vec<training::Subject>,
    pub layers: Vec<LayerFiles>,
    /// Cases made so far, by id: a folder of attempts is often about the same few.
    pub made: RefCell<Cases>,
    store: Option<Store>,
}

impl School {
    fn open(common: &Common) -> Result<Self, Failure> {
        let places = Places::of_this_machine();
        let config = config::load(common.config.as_deref(), &places)?;
        let folders: Vec<PathBuf> = pack_folders(Some(&config), common);
        let layers = config::packs(&folders)?;
        let language = language(Some(&config), common);
        let pack = load_in(&layers, language.as_deref()).map_err(Failure::Report)?;
        known_language(&pack, common)?;
        let cases = training::read(&pack, &layers).map_err(Failure::Report)?;
        let subjects = training::subjects(&pack, &layers).map_err(Failure::Report)?;
        let store = places.training().map(Store::at);
        Ok(Self { common: common.clone(), pack, cases, subjects, layers, made: RefCell::default(), store })
    }

    /// Where practice is kept.
    pub fn store(&self) -> Result<&Store, Failure> {
        self.store.as_ref().ok_or_else(|| {
            Failure::plain("there is no home folder, so that nobody can tell where practice is kept", "set PISTOR_DATA")
        })
    }

    /// The exams that were begun here; none where nothing is kept.
    pub fn exams(&self) -> Result<Vec<training::BegunExam>, Failure> {
        self.store()?.exams().map_err(|why| Failure::plain(why, ""))
    }

    pub fn page(&self) -> Page {
        Page::new(self.common.colour_of_results())
    }
}

pub(super) fn run(common: &Common, args: &Args) -> Result<(String, Ended), Failure> {
    let Some(command) = &args.command else {
        let by_line = common.plain || plain::is_needed();
        return if by_line { train_hall::run(&School::open(common)?) } else { screen::train(common, Training::Only) };
    };
    if let Command::Case { command: CaseCommand::New { id, .. }, .. } = command {
        return train_case::new(id);
    }
    let school = School::open(common)?;
    match command {
        Command::List { .. } => Ok((list(&school), Ended::Done)),
        Command::Play(args) => train_play::run(&school, args),
        Command::Mark(args) => train_mark::run(&school, args),
        Command::Report(args) => train_report::run(&school, args),
        Command::Due { .. } => due(&school).map(|text| (text, Ended::Done)),
        Command::Cards(args) => train_cards::run(&school, args),
        Command::Progress { .. } => train_progress::run(&school).map(|text| (text, Ended::Done)),
        Command::Paper(args) => train_paper::run(&school, args).map(|text| (text, Ended::Done)),
        Command::Case { command, .. } => train_case::run(&school, command),
    }
}

fn list(school: &School) -> String {
    let cases = school.cases.values();
    if school.common.format() == Format::Json {
        let row = |case: &std::sync::Arc<training::Case>| json!({ "id": case.id, "version": case.version, "title": case.title, "level": case.level, "minutes": case.minutes });
        return as_json(&cases.map(row).collect::<Vec<_>>());
    }
    let mut page = school.page();
    if school.cases.is_empty() {
        page.text(0, 0, "The pack has no training cases.");
    }
    for case in cases {
        let level = format!("level {}", case.level);
        page.row(Ink::Bold, &[case.id.as_str(), level.as_str(), case.title.as_str()], &[34, 8, 36]);
    }
    page.gap();
    page.text(0, 0, "For every rule of the pack there are more, made by a seed: `pistor train play RULE --seed N`, or `--made` without being told the rule.");
    page.finish()
}

fn due(school: &School) -> Result<String, Failure> {
    let store = school.store()?;
    let cards = store.cards().map_err(|why| Failure::plain(why, ""))?;
    let today = school.common.today();
    let due: Vec<&str> = cards.due(today).collect();
    let next = next_cases(&school.cases, &cards, today, None, 3);
    let load = cards.load(today, DAYS_AHEAD);
    if school.common.format() == Format::Json {
        let load: Vec<_> = load.iter().map(|(day, n)| json!({ "day": day, "due": n })).collect();
        return Ok(as_json(&json!({ "due": due, "known": cards.0.len(), "load": load, "next": next })));
    }
    let mut page = school.page();
    if cards.0.is_empty() {
        page.text(0, 0, "Nothing has been practised yet: every case is new.");
    } else if due.is_empty() {
        page.text(0, 0, &format!("Nothing is due today; {} cards are on their way.", cards.0.len()));
    } else {
        // Which they are would give away what the next patient has.
        let rules = if due.len() == 1 { "1 card is due".to_owned() } else { format!("{} cards are due", due.len()) };
        page.text(0, 0, &format!("{rules}. `pistor train cards` asks them; `--format json` names them."));
    }
    if !cards.0.is_empty() {
        page.heading("Coming days");
        for (day, n) in &load {
            page.text(0, 2, &format!("{day}  {n}"));
        }
    }
    page.heading("Next cases");
    if let Some(rule) = school.due_without_case(&due) {
        page.text(
            0,
            2,
            &format!("None of what is due has a written case: `pistor train play {rule} --seed N` makes one."),
        );
    }
    for (n, id) in next.iter().enumerate() {
        let title = school.cases.get(*id).map_or("", |case| &case.title);
        // The first is the one that `play` brings; the others cover what it leaves.
        let why =
            training::advice(&school.pack, &school.cases, &cards, today, None).filter(|own| n == 0 && own.case == *id);
        let why = why.map_or_else(String::new, |own| format!(" (because {})", own.why()));
        page.list(0, [format!("{id}: {title}{why}")]);
    }
    Ok(page.finish())
}
