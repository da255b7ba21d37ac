//! The command line: one file a subcommand.
//!
//! Exit codes: 0 done, 1 problems found (`check`, `verify-proof`, `train mark`, `train case check`), 2 bad usage or input.
//! What a command was asked for goes to standard output; everything that went wrong goes to standard error.

mod assess;
mod assessment_text;
mod case;
mod case_coverage;
mod check;
mod completeness;
mod counterfactual_text;
mod coverage;
mod diff;
mod diff_text;
mod examples;
mod explain;
mod explain_code;
mod explanation_text;
mod failure;
mod find;
mod formulary;
mod formulary_text;
mod keys;
mod make_cases;
mod memory;
mod new_file;
mod options;
mod page;
mod paths;
mod plain;
mod plan_text;
mod proofs;
mod records;
mod resilience;
mod screen;
mod session;
mod shell;
mod train;
mod train_cards;
mod train_case;
mod train_hall;
mod train_made;
mod train_mark;
mod train_paper;
mod train_pick;
mod train_play;
mod train_progress;
mod train_report;
mod verify_proof;

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use failure::Failure;
use options::{Common, Format};
use session::Session;

/// A terminal assistant for the first consultation in mesotherapy.
///
/// Without a command it opens the consultation on the screen. It supports a qualified clinician's decision and never
/// replaces it.
#[derive(Parser, Debug)]
#[command(
    name = "pistor",
    version,
    max_term_width = 100,
    subcommand_negates_reqs = true,
    after_help = "Examples:\n  \
        pistor                                     open the consultation on the screen\n  \
        pistor --plain                             the same line by line, for screen readers and scripts\n  \
        pistor assess intake.toml                  verdict, reasons, plan\n  \
        pistor assess intake.toml --format json    the same for programs\n  \
        pistor explain intake.toml pregnancy       why, why not, what would change it\n  \
        pistor find medications coumadin           search as the pickers do\n  \
        pistor formulary tranexamic-acid           all that is known about an ingredient\n  \
        pistor check --pack my-clinic              check your own pack\n\n\
        Exit codes: 0 done, 1 problems found (check, verify-proof, train mark), 2 bad usage or input."
)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    /// With --plain: read the passphrase from the first line of a file, or of a descriptor such as /dev/fd/3
    #[arg(id = "passphrase_for_plain", long = "passphrase-file", value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    #[command(flatten)]
    common: Common,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Assess an intake file: verdict, findings, exclusions, plan
    Assess(assess::Args),
    /// Explain an assessment: why, why not, what would change it; or the code of a message
    Explain(explain::Args),
    /// Search a vocabulary as the pickers on the screen do
    Find(find::Args),
    /// Show what is known about an ingredient: evidence, trials, limits, mixing, rules, status
    Formulary(formulary::Args),
    /// Check a pack: every mistake with its place, the pack's own cases, and proofs over all possible patients
    Check(check::Args),
    /// Check a certificate of `pistor check` again, without the solver that made it
    VerifyProof(verify_proof::Args),
    /// List and show saved consultations
    Records(records::Args),
    /// Training on the screen; cases, marks, reports and what is due for scripts
    Train(train::Args),
    /// Print where configuration, records and packs are
    Paths(paths::Args),
    /// Print the keys of the screen, and how to change them
    Keys(keys::Args),
    /// Print a completion script for a shell
    Completions(shell::CompletionsArgs),
    /// Print the manual page
    Man(shell::ManArgs),
}

/// How a command that could do its work ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Ended {
    /// Nothing to say about it.
    Done,
    /// It was asked to look for problems and found some.
    ProblemsFound,
}

/// Runs the program: arguments, standard streams and environment of this process.
#[must_use]
pub fn main() -> ExitCode {
    memory::keep_private();
    run(&std::env::args_os().collect::<Vec<_>>())
}

/// All commands, with examples.
fn command() -> clap::Command {
    examples::with_examples(Cli::command())
}

fn run(arguments: &[OsString]) -> ExitCode {
    let parsed = command().try_get_matches_from(arguments);
    let cli = match parsed.and_then(|found| Cli::from_arg_matches(&found)) {
        Ok(cli) => cli,
        Err(error) => return failure::usage(&error, wants_json(arguments)),
    };
    let (own, command) = (cli.common, cli.command);
    let Some(command) = command else {
        return finish(own.format(), own.colour_of_errors(), screen::run(&own, cli.passphrase_file.as_deref()));
    };
    let common = command.merge(own);
    let session = || Session::open(&common);
    let result = match &command {
        Command::Assess(args) => session().and_then(|s| assess::run(&s, args)),
        Command::Explain(args) => explain_code::run(&common, args)
            .unwrap_or_else(|| session().and_then(|session| explain::run(&session, args))),
        Command::Find(args) => session().and_then(|s| find::run(&s, args)),
        Command::Formulary(args) => session().and_then(|s| formulary::run(&s, args)),
        Command::Check(args) => check::run(&common, args),
        Command::VerifyProof(args) => verify_proof::run(&common, args),
        Command::Records(args) => records::run(&common, args),
        Command::Train(args) => train::run(&common, args),
        Command::Paths(_) => paths::run(&common),
        Command::Completions(args) => shell::completions(args),
        Command::Keys(args) => keys::run(&common, args),
        Command::Man(_) => shell::man(&common),
    };
    finish(common.format(), common.colour_of_errors(), result)
}

/// Prints what came out, on the stream where it belongs.
fn finish(format: Format, colour: bool, result: Result<(String, Ended), Failure>) -> ExitCode {
    let (text, code) = match result {
        Ok((text, Ended::Done)) => (text, ExitCode::SUCCESS),
        Ok((text, Ended::ProblemsFound)) => (text, ExitCode::from(1)),
        Err(failure) => {
            failure.print(format, colour);
            return ExitCode::from(2);
        }
    };
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => code,
        // The reader has seen enough (`pistor ... | head`): no reason to complain.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => code,
        Err(error) => {
            Failure::plain(format!("cannot write the output: {error}"), "is the disk full?").print(format, colour);
            ExitCode::from(2)
        }
    }
}

impl Command {
    /// The common options, wherever on the line they stand.
    fn merge(&self, own: Common) -> Common {
        match self {
            Self::Assess(args) => own.with(&args.common),
            Self::Explain(args) => own.with(&args.common),
            Self::Find(args) => own.with(&args.common),
            Self::Formulary(args) => own.with(&args.common),
            Self::Check(args) => own.with(&args.common),
            Self::VerifyProof(args) => own.with(&args.common),
            Self::Records(args) => args.merge(own),
            Self::Train(args) => args.merge(own),
            Self::Paths(args) => own.with(&args.common),
            Self::Keys(args) => own.with(&args.common),
            Self::Completions(_) | Self::Man(_) => own,
        }
    }
}

/// Whether the arguments ask for JSON, told before they could be parsed: mistakes in them are reported in it too.
fn wants_json(arguments: &[OsString]) -> bool {
    let mut last = None;
    let mut words = arguments.iter().filter_map(|a| a.to_str());
    while let Some(word) = words.next() {
        match word {
            "--" => break,
            "--format" => last = words.next(),
            _ => last = word.strip_prefix("--format=").or(last),
        }
    }
    last == Some("json")
}
