//! `pistor` alone: the consultation on the screen.

use std::ffi::OsStr;
use std::io::IsTerminal;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use super::Ended;
use super::failure::{Failure, render};
use super::options::Common;
use super::plain;
use super::session::{known_jurisdiction, known_language, language, pack_folders};
use crate::config::{self, Config, Mouse, Places, Theme};
use crate::record::{Secret, Site, SqliteStore, Store as Records, StoreError};
use crate::training::{School, Store};
use crate::tui::app::Loaded;
use crate::tui::keymap::KeyMap;
use crate::tui::kind::Kind;
use crate::tui::settings::Training;
use crate::tui::theme::{self, Depth, ThemeName, Themes};
use crate::tui::{self, Ended as ScreenEnded, Kept, Settings, Setup};

/// Minutes after which protected records are locked when the configuration does not say.
const LOCK_AFTER: u32 = 15;

/// Opens the screen. The configuration is read before, the pack beside it: the first picture does not wait for it.
pub(super) fn run(common: &Common, passphrase_file: Option<&Path>) -> Result<(String, Ended), Failure> {
    if std::env::var_os(TRAINING).is_some() {
        return train(common, Training::Visit);
    }
    if common.plain || plain::is_needed() {
        let config = config::load(common.config.as_deref(), &Places::of_this_machine())?;
        return plain::run(common, &settings(common, &config)?, passphrase_file, &plain::Start::Choice);
    }
    if passphrase_file.is_some() {
        return Err(Failure::plain(
            "the screen asks for the passphrase itself",
            "`--passphrase-file` is for `pistor --plain` and `pistor records`",
        ));
    }
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return Err(Failure::plain(
            "the consultation needs a terminal for its screen and its keys",
            "run `pistor` in a terminal, `pistor --plain` line by line, or `pistor assess FILE` on an intake file; `pistor --help` lists the commands",
        ));
    }
    let places = Places::of_this_machine();
    let config = config::load(common.config.as_deref(), &places)?;
    let Some(site) = places.site(&config) else {
        return Err(Failure::plain(
            "there is no home folder, so that nobody can tell where the records are",
            "set PISTOR_DATA, or `records_dir` in the configuration",
        ));
    };
    // What is wrong with the pack is told where people look for it: after the screen is gone, with places.
    let trouble: Arc<Mutex<Option<Failure>>> = Arc::default();
    let setup = Setup {
        settings: Settings {
            locked: SqliteStore::was_locked(&site),
            resume: std::env::var(RESUME).ok().and_then(|id| id.parse().ok()),
            ..settings(common, &config)?
        },
        pack: pack(common, &config, Arc::clone(&trouble), false),
        kept: {
            let actor = config.practitioner.name.clone().unwrap_or_else(|| "screen".to_owned());
            let folder = site.records.clone();
            Kept::Records { open: Box::new(move |secret| open(&site, secret, &actor)), folder }
        },
        today: {
            let common = common.clone();
            Box::new(move || common.today())
        },
    };
    show(setup, &trouble)
}

/// The training on the screen. No record store is opened.
pub(super) fn train(common: &Common, training: Training) -> Result<(String, Ended), Failure> {
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return Err(Failure::plain(
            "the training needs a terminal for its screen and its keys",
            "`pistor train play` assesses a case line by line; `pistor train --help` lists the commands",
        ));
    }
    let places = Places::of_this_machine();
    let config = config::load(common.config.as_deref(), &places)?;
    let trouble: Arc<Mutex<Option<Failure>>> = Arc::default();
    let setup = Setup {
        settings: Settings { training, ..settings(common, &config)? },
        pack: pack(common, &config, Arc::clone(&trouble), true),
        kept: Kept::Practice(places.training().map(Store::at)),
        today: {
            let common = common.clone();
            Box::new(move || common.today())
        },
    };
    show(setup, &trouble)
}

fn show(setup: Setup, trouble: &Mutex<Option<Failure>>) -> Result<(String, Ended), Failure> {
    let ended = tui::run(setup).map_err(|why| Failure::plain(format!("the screen stopped: {why}"), ""))?;
    match ended {
        ScreenEnded::Locked(draft) => return Err(begin_anew(draft.map(|id| (RESUME, id.to_string())))),
        ScreenEnded::Training => return Err(begin_anew(Some((TRAINING, "1".to_owned())))),
        ScreenEnded::Consultation => return Err(begin_anew(None)),
        ScreenEnded::Quit => {}
    }
    match trouble.lock().unwrap_or_else(PoisonError::into_inner).take() {
        Some(failure) => Err(failure),
        None => Ok((String::new(), Ended::Done)),
    }
}

fn open(site: &Site, secret: Option<&Secret>, actor: &str) -> Result<Box<dyn Records>, StoreError> {
    let store = match secret {
        Some(secret) => SqliteStore::unlock(site.clone(), secret, actor)?,
        None => SqliteStore::open(site.clone())?,
    };
    Ok(Box::new(store))
}

/// The draft to go on with after the records were locked; an id says nothing of anybody.
const RESUME: &str = "PISTOR_RESUME";

/// The program was begun anew to train.
const TRAINING: &str = "PISTOR_TRAINING";

/// Takes the place of this program with a new one: no memory of the old one, and of what was read in it, is left.
/// Comes back only if that fails.
fn begin_anew(with: Option<(&str, String)>) -> Failure {
    #[cfg(unix)]
    let why = {
        use std::os::unix::process::CommandExt;
        std::env::current_exe().map_or_else(
            |why| why,
            |program| {
                let mut next = std::process::Command::new(program);
                next.args(std::env::args_os().skip(1)).env_remove(RESUME).env_remove(TRAINING);
                next.envs(with).exec()
            },
        )
    };
    #[cfg(not(unix))]
    let why = {
        let _ = with;
        std::io::Error::other("not on this system")
    };
    Failure::plain(
        format!("the records are closed, but pistor could not begin anew: {why}"),
        "start pistor again; the draft is kept",
    )
}

type Loader = Box<dyn FnOnce() -> Result<Loaded, String> + Send>;

fn pack(common: &Common, config: &Config, trouble: Arc<Mutex<Option<Failure>>>, with_cases: bool) -> Loader {
    let (common, config) = (common.clone(), config.clone());
    Box::new(move || {
        let checked = || -> Result<Loaded, Failure> {
            let folders = pack_folders(Some(&config), &common);
            let pack = config::load_pack(&folders, language(Some(&config), &common).as_deref())?;
            let report = config.check_against(&pack);
            if !report.is_empty() {
                return Err(Failure::Report(report));
            }
            known_language(&pack, &common)?;
            if let Some(code) = &common.jurisdiction {
                known_jurisdiction(&pack, code)?;
            }
            let school = match with_cases {
                true => Some(School::read(&pack, config::packs(&folders)?).map_err(Failure::Report)?),
                false => None,
            };
            Ok(Loaded { school, ..Loaded::new(pack) })
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

pub(super) fn settings(common: &Common, config: &Config) -> Result<Settings, Failure> {
    let words = |value: &Option<String>| value.clone().unwrap_or_default();
    // A code on the command line may be written in small letters.
    let jurisdiction = common.jurisdiction.as_ref().map(|code| code.to_uppercase());
    let kind = Kind::of(|name| std::env::var(name).ok());
    let (theme, themes) = looks(common.no_color, kind, config)?;
    Ok(Settings {
        practitioner: words(&config.practitioner.name),
        role: words(&config.practitioner.role),
        licence: words(&config.practitioner.licence),
        premises: words(&config.clinic.premises),
        jurisdiction: jurisdiction.unwrap_or_else(|| words(&config.clinic.jurisdiction)),
        theme,
        themes,
        open: config.clinic.open.clone(),
        mouse: config.mouse == Mouse::On,
        lock_after: config.lock_after.unwrap_or(LOCK_AFTER),
        keys: keys(config)?,
        kind,
        clipboard: config.clipboard.unwrap_or(true),
        outbox: Places::of_this_machine().home,
        ..Settings::default()
    })
}

/// The keys of the screen, with what the configuration changes.
pub(super) fn keys(config: &Config) -> Result<KeyMap, Failure> {
    config.file.as_ref().map_or_else(|| Ok(KeyMap::default()), |file| KeyMap::read(file).map_err(Failure::Report))
}

/// The theme to begin with, and all there are. A theme file is read even where it cannot be shown: its mistakes are
/// told on every terminal.
fn looks(no_color: bool, kind: Kind, config: &Config) -> Result<(ThemeName, Themes), Failure> {
    let told = |name: &str| std::env::var_os(name);
    let depth = match kind.colours {
        true => Depth::told(
            told("COLORTERM").as_deref().and_then(OsStr::to_str),
            told("TERM").as_deref().and_then(OsStr::to_str),
        ),
        false => Depth::None,
    };
    let chosen = theme(no_color || depth == Depth::None, config.theme, told("COLORFGBG").as_deref());
    let Some(path) = &config.theme_file else { return Ok((chosen, Themes { own: None, depth })) };
    let text = config::read_text(path)
        .map_err(|why| Failure::plain(why, "`theme_file` of the configuration names it; docs/screen.md shows one"))?;
    let own = theme::read(path, text, chosen).map_err(Failure::Report)?;
    let begin = if chosen == ThemeName::Mono { chosen } else { ThemeName::Own };
    Ok((begin, Themes { own: Some(own), depth }))
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
