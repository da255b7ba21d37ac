//! The options every command takes, before or after its name.

use std::io::IsTerminal;
use std::path::PathBuf;

use clap::ValueEnum;
use jiff::civil::Date;

/// Options of `pistor` and of each command. They are merged, not overridden, so that a `--pack` before the command is
/// not lost to one behind it.
#[derive(clap::Args, Debug, Clone, Default)]
#[command(next_help_heading = "Common options")]
pub(super) struct Common {
    /// A pack layer on top of the built-in pack (may repeat)
    ///
    /// A folder whose pack has the id of the built-in pack takes its place.
    #[arg(long = "pack", value_name = "DIR")]
    pub packs: Vec<PathBuf>,
    /// The configuration file to read instead of the usual one
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Whose law applies, whatever the intake or the configuration says: EU, FR, UK, US...
    #[arg(long, value_name = "CODE")]
    pub jurisdiction: Option<String>,
    /// The language of the pack's texts, where a layer has it: en, fr... [default: en]
    #[arg(long, value_name = "LANGUAGE")]
    pub language: Option<String>,
    /// The day to assess for, such as 2026-11-22 [default: today]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub today: Option<Date>,
    /// Text for people or JSON for programs [default: text]
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,
    /// Print without colours (as with NO_COLOR set)
    #[arg(long)]
    pub no_color: bool,
    /// Hold the consultation line by line: for screen readers, dumb terminals and scripts
    #[arg(long)]
    pub plain: bool,
}

/// How results are written.
#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Format {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
}

impl Common {
    /// These options, then those behind the command's name.
    pub fn with(self, command: &Self) -> Self {
        let mut packs = self.packs;
        packs.extend(command.packs.iter().cloned());
        Self {
            packs,
            config: command.config.clone().or(self.config),
            jurisdiction: command.jurisdiction.clone().or(self.jurisdiction),
            language: command.language.clone().or(self.language),
            today: command.today.or(self.today),
            format: command.format.or(self.format),
            no_color: command.no_color || self.no_color,
            plain: command.plain || self.plain,
        }
    }

    pub fn format(&self) -> Format {
        self.format.unwrap_or_default()
    }

    /// Whether results may be coloured.
    pub fn colour_of_results(&self) -> bool {
        self.colour(std::io::stdout().is_terminal())
    }

    /// Whether messages may be coloured.
    pub fn colour_of_errors(&self) -> bool {
        self.colour(std::io::stderr().is_terminal())
    }

    fn colour(&self, terminal: bool) -> bool {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        terminal && !self.no_color && !set("NO_COLOR") && std::env::var_os("TERM").is_some_and(|term| term != "dumb")
    }

    /// The day to assess for. This is where the command line reads the clock.
    pub fn today(&self) -> Date {
        self.today.unwrap_or_else(|| jiff::Zoned::now().date())
    }
}

pub(super) fn date(text: &str) -> Result<Date, String> {
    // Only the form with four, two and two digits: other readings of a date are how sessions end up in the wrong month.
    let plain = text.len() == 10 && text.chars().all(|c| c.is_ascii_digit() || c == '-');
    text.parse().ok().filter(|_| plain).ok_or_else(|| "expected a day of the calendar such as 2026-11-22".to_owned())
}
