//! `pistor` alone: the consultation on the screen.

use std::ffi::OsStr;
use std::io::IsTerminal;
use std::sync::{Arc, Mutex, PoisonError};

use super::Ended;
use super::failure::{Failure, render};
use super::options::Common;
use super::session::{known_jurisdiction, known_language, language, pack_folders};
use crate::config::{self, Config, Mouse, Places, Theme};
use crate::pack::Pack;
use crate::record::{SqliteStore, Store, StoreError};
use crate::tui::theme::ThemeName;
use crate::tui::{self, Settings, Setup};

/// Opens the screen. The configuration is read before, the pack beside it: the first picture does not wait for it.
pub(super) fn run(common: &Common) -> Result<(String, Ended), Failure> {
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return Err(Failure::plain(
            "the consultation needs a terminal for its screen and its keys",
            "run `pistor` in a terminal, or `pistor assess FILE` on an intake file; `pistor --help` lists the commands",
        ));
    }
    let places = Places::of_this_machine();
    let config = config::load(common.config.as_deref(), &places)?;
    let Some(folder) = places.records(&config) else {
        return Err(Failure::plain(
            "there is no home folder, so that nobody can tell where the records are",
            "set PISTOR_DATA, or `records_dir` in the configuration",
        ));
    };
    // What is wrong with the pack is told where people look for it: after the screen is gone, with places.
    let trouble: Arc<Mutex<Option<Failure>>> = Arc::default();
    let setup = Setup {
        settings: settings(common, &config),
        pack: pack(common, &config, Arc::clone(&trouble)),
        store: Box::new(move || open(&folder)),
        today: {
            let common = common.clone();
            Box::new(move || common.today())
        },
    };
    tui::run(setup).map_err(|why| Failure::plain(format!("the screen stopped: {why}"), ""))?;
    match trouble.lock().unwrap_or_else(PoisonError::into_inner).take() {
        Some(failure) => Err(failure),
        None => Ok((String::new(), Ended::Done)),
    }
}

fn open(folder: &std::path::Path) -> Result<Box<dyn Store>, StoreError> {
    SqliteStore::open(folder).map(|store| Box::new(store) as Box<dyn Store>)
}

type Loader = Box<dyn FnOnce() -> Result<Pack, String> + Send>;

fn pack(common: &Common, config: &Config, trouble: Arc<Mutex<Option<Failure>>>) -> Loader {
    let (common, config) = (common.clone(), config.clone());
    Box::new(move || {
        let checked = || -> Result<Pack, Failure> {
            let pack =
                config::load_pack(&pack_folders(Some(&config), &common), language(Some(&config), &common).as_deref())?;
            let report = config.check_against(&pack);
            if !report.is_empty() {
                return Err(Failure::Report(report));
            }
            known_language(&pack, &common)?;
            if let Some(code) = &common.jurisdiction {
                known_jurisdiction(&pack, code)?;
            }
            Ok(pack)
        };
        checked().map_err(|failure| {
            let words = match &failure {
                Failure::Plain { message, help } => format!("{message}\n{help}"),
                Failure::Report(report) => render(report, false),
            };
            *trouble.lock().unwrap_or_else(PoisonError::into_inner) = Some(failure);
            words
        })
    })
}

fn settings(common: &Common, config: &Config) -> Settings {
    let words = |value: &Option<String>| value.clone().unwrap_or_default();
    // A code on the command line may be written in small letters.
    let jurisdiction = common.jurisdiction.as_ref().map(|code| code.to_uppercase());
    Settings {
        practitioner: words(&config.practitioner.name),
        role: words(&config.practitioner.role),
        licence: words(&config.practitioner.licence),
        premises: words(&config.clinic.premises),
        jurisdiction: jurisdiction.unwrap_or_else(|| words(&config.clinic.jurisdiction)),
        theme: theme(common.no_color, config.theme, std::env::var_os("COLORFGBG").as_deref()),
        open: config.clinic.open.clone(),
        mouse: config.mouse == Mouse::On,
    }
}

/// `auto` believes what some terminals say of their background in a variable; asking the terminal itself takes time,
/// and some never answer.
fn theme(no_color: bool, configured: Theme, background: Option<&OsStr>) -> ThemeName {
    if no_color {
        return ThemeName::Mono;
    }
    match configured {
        Theme::Dark => ThemeName::Dark,
        Theme::Light => ThemeName::Light,
        Theme::HighContrast => ThemeName::HighContrast,
        Theme::Mono => ThemeName::Mono,
        Theme::Auto => {
            let number = background.and_then(OsStr::to_str).and_then(|words| words.rsplit(';').next()?.parse().ok());
            match number {
                Some(7 | 9..=15_u8) => ThemeName::Light,
                _ => ThemeName::Dark,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_background_decides_when_nobody_does() {
        let auto = |words: &str| theme(false, Theme::Auto, Some(OsStr::new(words)));
        assert_eq!(auto("0;15"), ThemeName::Light);
        assert_eq!(auto("15;default;0"), ThemeName::Dark);
        assert_eq!(auto("nonsense"), ThemeName::Dark);
        assert_eq!(theme(true, Theme::Light, None), ThemeName::Mono);
    }
}
