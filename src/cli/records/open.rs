//! Opening the records from the command line: where they are, and the passphrase if they have one.

use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

use crossterm::event::{Event, KeyCode, KeyEventKind, KeyModifiers, read};
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};

use crate::cli::failure::Failure;
use crate::config::{Config, Places, in_words};
use crate::record::{Secret, Site, SqliteStore, StoreError};

/// How a command gets at the records.
pub(in crate::cli) struct Way<'a> {
    pub config: &'a Config,
    pub site: Site,
    pub passphrase_file: Option<&'a Path>,
}

impl<'a> Way<'a> {
    pub(in crate::cli) fn find(config: &'a Config, places: &Places, file: Option<&'a Path>) -> Result<Self, Failure> {
        let Some(site) = places.site(config) else {
            return Err(Failure::plain(
                "there is no home folder, so that nobody can tell where the records are",
                "set PISTOR_DATA, or `records_dir` in the configuration",
            ));
        };
        Ok(Self { config, site, passphrase_file: file })
    }

    /// Who acts, for the audit trail.
    pub(in crate::cli) fn actor(&self) -> &str {
        self.config.practitioner.name.as_deref().unwrap_or("command line")
    }

    /// The store; `None` when nothing was ever saved: looking makes no files.
    pub(in crate::cli) fn open(&self) -> Result<Option<SqliteStore>, Failure> {
        if self.site.records.exists() { self.open_or_make().map(Some) } else { Ok(None) }
    }

    /// The store, made if it is not there.
    pub(in crate::cli) fn open_or_make(&self) -> Result<SqliteStore, Failure> {
        self.opened().map_err(|why| why.map_or_else(|failure| failure, failed))
    }

    /// As [`open`](Self::open), with what is wrong with the store as it is.
    pub(super) fn open_as_it_is(&self) -> Result<Option<SqliteStore>, Result<StoreError, Failure>> {
        if self.site.records.exists() { self.opened().map(Some) } else { Ok(None) }
    }

    fn opened(&self) -> Result<SqliteStore, Result<StoreError, Failure>> {
        match SqliteStore::open(self.site.clone()) {
            Err(StoreError::Locked) => {
                let secret = self.secret("Passphrase: ").map_err(Err)?;
                SqliteStore::unlock(self.site.clone(), &secret, self.actor()).map_err(Ok)
            }
            opened => opened.map_err(Ok),
        }
    }

    /// The passphrase: of the file that was named, or typed.
    pub(in crate::cli) fn secret(&self, prompt: &str) -> Result<Secret, Failure> {
        match self.passphrase_file {
            Some(file) => from_file(file),
            None => typed(prompt, "--passphrase-file"),
        }
    }

    /// A passphrase to set: of the file, or typed twice.
    pub(in crate::cli) fn new_secret(&self, file: Option<&Path>, option: &str) -> Result<Secret, Failure> {
        let secret = match file {
            Some(file) => from_file(file)?,
            None => {
                let first = typed("New passphrase: ", option)?;
                if first != typed("Once more: ", option)? {
                    return Err(Failure::plain("the two were different; nothing was changed", "try again"));
                }
                first
            }
        };
        match secret.too_weak() {
            Some(why) => Err(Failure::plain(why, "nothing was changed")),
            None => Ok(secret),
        }
    }
}

pub(in crate::cli) fn failed(error: StoreError) -> Failure {
    Failure::plain(error.to_string(), "")
}

/// The first line of a file. Not an argument and not a variable of the environment: those are seen by others.
fn from_file(path: &Path) -> Result<Secret, Failure> {
    let shown = path.display();
    let cannot = |error: &std::io::Error| {
        Failure::plain(format!("cannot read {shown}: {}", in_words(error)), "it holds the passphrase in its first line")
    };
    let mut file = std::fs::File::open(path).map_err(|error| cannot(&error))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let about = file.metadata().map_err(|error| cannot(&error))?;
        if about.is_file() && about.permissions().mode() & 0o077 != 0 {
            return Err(Failure::plain(
                format!("{shown} can be read by other users; a passphrase in it is no secret"),
                format!("chmod 600 {shown}, and set another passphrase"),
            ));
        }
    }
    // Into memory of a fixed size, byte by byte: a text that grows leaves copies behind.
    let mut bytes = zeroize::Zeroizing::new([0_u8; 2048]);
    let mut filled = 0;
    while filled < bytes.len() {
        match file.read(&mut bytes[filled..]) {
            Ok(0) => break,
            Ok(n) => filled += n,
            Err(error) => return Err(cannot(&error)),
        }
    }
    let line = bytes[..filled].split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    match std::str::from_utf8(line) {
        Ok("") => Err(Failure::plain(format!("{shown} has no passphrase in its first line"), "")),
        Ok(text) => Ok(Secret::from(text)),
        Err(_) => Err(Failure::plain(format!("{shown} is not UTF-8 text"), "")),
    }
}

/// Asks at the terminal, without showing what is typed.
fn typed(prompt: &str, option: &str) -> Result<Secret, Failure> {
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Err(Failure::plain(
            "the records are locked, and there is no terminal to ask for the passphrase",
            format!("`{option} FILE` reads it from the first line of a file, or of a descriptor such as /dev/fd/3"),
        ));
    }
    let no_terminal = |error: std::io::Error| Failure::plain(format!("the terminal does not take part: {error}"), "");
    let mut out = std::io::stderr();
    // Before the prompt: whoever answers at once must not be echoed.
    enable_raw_mode().map_err(no_terminal)?;
    let _ = write!(out, "{prompt}").and_then(|()| out.flush());
    let answer = line();
    let _ = disable_raw_mode();
    let _ = writeln!(out);
    match answer.map_err(no_terminal)? {
        Some(secret) if !secret.is_empty() => Ok(secret),
        _ => Err(Failure::plain("no passphrase was given; nothing was done", "")),
    }
}

fn line() -> std::io::Result<Option<Secret>> {
    let mut secret = Secret::new();
    loop {
        let Event::Key(key) = read()? else { continue };
        if key.kind == KeyEventKind::Release {
            continue;
        }
        match (key.code, key.modifiers.contains(KeyModifiers::CONTROL)) {
            // What was typed before the terminal took part ends in a line feed.
            (KeyCode::Enter, _) | (KeyCode::Char('j'), true) => return Ok(Some(secret)),
            (KeyCode::Char('c' | 'd'), true) | (KeyCode::Esc, _) => return Ok(None),
            (KeyCode::Char('u'), true) => secret.clear(),
            (KeyCode::Backspace, _) | (KeyCode::Char('h'), true) => secret.pop(),
            (KeyCode::Char(c), false) => drop(secret.push(c)),
            _ => {}
        }
    }
}

/// The option that several commands take.
#[derive(clap::Args, Debug, Default)]
pub(in crate::cli) struct Unlocking {
    /// Read the passphrase from the first line of a file, or of a descriptor such as /dev/fd/3
    #[arg(long, value_name = "FILE", global = true)]
    pub passphrase_file: Option<PathBuf>,
}
