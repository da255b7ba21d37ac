//! Reading the configuration file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Clinic, Config, Mouse, OpenDays, Places, Practitioner, Theme, Trouble, read_text};
use crate::pack::{Pack, QuestionKind};
use crate::source::{Code, Fields, Problems, Report, SourceFile, parse};

/// The configuration names something that no layer of the pack has.
pub const NOT_IN_PACK: Code = Code("C0001");
/// A closed day that is no day of the week, or no open day left.
pub const CLOSED_DAYS: Code = Code("C0002");

/// Reads the configuration: the file that was asked for, or the usual one if it exists.
///
/// # Errors
/// When a file that was asked for cannot be read, and for every mistake in it.
pub fn load(asked: Option<&Path>, places: &Places) -> Result<Config, Trouble> {
    let (path, must_exist) = match asked {
        Some(path) => (path, true),
        None => match &places.config {
            Some(found) => (found.path.as_path(), found.asked),
            None => return Ok(Config::default()),
        },
    };
    if !must_exist && !path.exists() {
        return Ok(Config::default());
    }
    let text = read_text(path).map_err(|why| {
        Trouble::unreadable(why, "the configuration is a TOML file like config.example.toml; none is needed")
    })?;
    let file = SourceFile::new(path.display().to_string(), text);
    let base = path.parent().unwrap_or(Path::new("")).to_owned();
    Config::parse(&file, &base, places.home.as_deref()).map_err(Trouble::Mistakes)
}

impl Config {
    /// Reads a configuration; relative folders count from `base`, `~/` from `home`.
    ///
    /// # Errors
    /// Every mistake in it.
    pub fn parse(file: &Arc<SourceFile>, base: &Path, home: Option<&Path>) -> Result<Self, Report> {
        let mut problems = Problems::default();
        let root = parse(file, &mut problems);
        let mut top = Fields::of_file(file, &root, "the configuration");
        let folder = |text: &str| resolve(text, base, home);
        let config = Self {
            practitioner: practitioner(&mut top, &mut problems),
            clinic: clinic(&mut top, &mut problems),
            packs: top.texts("packs", &mut problems).iter().map(|text| folder(text)).collect(),
            language: optional(&mut top, "language", &mut problems),
            theme: top.word("theme", &Theme::WORDS, &mut problems).unwrap_or_default(),
            theme_file: top.get("theme_file").and_then(|v| v.some_text("theme_file", &mut problems)).map(folder),
            mouse: match top.get("mouse").and_then(|value| value.bool(&mut problems)) {
                Some(false) => Mouse::Off,
                Some(true) | None => Mouse::On,
            },
            clipboard: top.get("clipboard").and_then(|value| value.bool(&mut problems)),
            records_dir: top.get("records_dir").and_then(|v| v.text(&mut problems)).map(folder),
            lock_after: top
                .whole("lock_after_minutes", 0, 24 * 60, &mut problems)
                .and_then(|minutes| u32::try_from(minutes).ok()),
            file: Some(Arc::clone(file)),
        };
        // The commands are the screen's: `tui::keymap` reads what stands in the table.
        let _ = top.get("keys").map(|value| value.table("[keys]", &mut problems));
        top.finish(&mut problems);
        let report = problems.into_report();
        if report.is_empty() { Ok(config) } else { Err(report) }
    }

    /// What the configuration names that the pack does not have.
    #[must_use]
    pub fn check_against(&self, pack: &Pack) -> Report {
        let Some(file) = &self.file else { return Report::default() };
        let mut problems = Problems::default();
        // Mistakes of the file itself were reported when it was read.
        let root = parse(file, &mut Problems::default());
        let mut top = Fields::of_file(file, &root, "the configuration");
        for (table, key, question) in [
            ("practitioner", "role", "setting.operator"),
            ("clinic", "premises", "setting.premises"),
            ("clinic", "jurisdiction", "jurisdiction"),
        ] {
            let Some(value) = top
                .get(table)
                .and_then(|t| t.table(table, &mut Problems::default()))
                .and_then(|mut fields| fields.get(key))
            else {
                continue;
            };
            let Some(word) = value.text(&mut Problems::default()) else { continue };
            let options = options(pack, question);
            if !options.contains(&word) {
                problems.unknown_word(&value, NOT_IN_PACK, key, word, options);
            }
        }
        if let Some(value) = top.get("language")
            && let Some(word) = value.text(&mut Problems::default())
            && !speaks(pack, word)
        {
            problems.unknown_word(&value, NOT_IN_PACK, "language", word, languages(pack));
        }
        problems.into_report()
    }
}

/// Whether the texts of a pack can be shown in this language, as far as it goes.
#[must_use]
pub fn speaks(pack: &Pack, language: &str) -> bool {
    languages(pack).contains(&language)
}

/// The languages of a pack.
#[must_use]
pub fn languages(pack: &Pack) -> Vec<&str> {
    std::iter::once("en").chain(pack.languages.ids()).collect()
}

/// The ids of the options of a choice question.
fn options<'p>(pack: &'p Pack, question: &str) -> Vec<&'p str> {
    if question == "jurisdiction" {
        return pack.jurisdictions.ids().collect();
    }
    match pack.questions.get(question).map(|q| &q.kind) {
        Some(QuestionKind::Choice(options)) => options.iter().map(|option| option.id.as_str()).collect(),
        _ => Vec::new(),
    }
}

fn practitioner(top: &mut Fields<'_>, problems: &mut Problems) -> Practitioner {
    let Some(mut fields) = top.get("practitioner").and_then(|value| value.table("[practitioner]", problems)) else {
        return Practitioner::default();
    };
    let read = Practitioner {
        name: optional(&mut fields, "name", problems),
        role: optional(&mut fields, "role", problems),
        licence: optional(&mut fields, "licence", problems),
    };
    fields.finish(problems);
    read
}

fn clinic(top: &mut Fields<'_>, problems: &mut Problems) -> Clinic {
    let Some(mut fields) = top.get("clinic").and_then(|value| value.table("[clinic]", problems)) else {
        return Clinic::default();
    };
    let read = Clinic {
        name: optional(&mut fields, "name", problems),
        jurisdiction: optional(&mut fields, "jurisdiction", problems),
        premises: optional(&mut fields, "premises", problems),
        open: OpenDays::read(&mut fields, problems),
    };
    fields.finish(problems);
    read
}

/// Text that may be absent but not blank: a blank name would be signed.
fn optional(fields: &mut Fields<'_>, key: &'static str, problems: &mut Problems) -> Option<String> {
    fields.get(key)?;
    fields.text(key, problems)
}

fn resolve(text: &str, base: &Path, home: Option<&Path>) -> PathBuf {
    match (text.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => base.join(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{Weekday, date};

    fn read(text: &str) -> Result<Config, Report> {
        Config::parse(&SourceFile::new("config.toml", text), Path::new("/etc/pistor"), Some(Path::new("/home/ada")))
    }

    /// The example with every key switched on, as a reader would who removes the leading `#`.
    fn example_switched_on() -> String {
        include_str!("../../config.example.toml")
            .lines()
            .map(|line| match line.strip_prefix('#') {
                Some(rest) if !rest.is_empty() && !rest.starts_with(' ') => rest,
                _ => line,
            })
            .collect::<Vec<_>>()
            .join("\n")
    }

    #[test]
    fn the_example_as_it_stands_changes_nothing() {
        let config = read(include_str!("../../config.example.toml")).unwrap();
        assert_eq!(Config { file: None, ..config }, Config::default());
    }

    #[test]
    fn the_example_names_every_key_and_no_other() {
        // No `..` here: a new key does not compile until it is in the example.
        let Config {
            practitioner,
            clinic,
            packs,
            theme,
            theme_file,
            mouse,
            clipboard,
            records_dir,
            lock_after,
            file,
            language,
        } = read(&example_switched_on()).unwrap_or_else(|report| panic!("{}", report.render(false)));
        let Practitioner { name, role, licence } = practitioner;
        let Clinic { name: clinic_name, jurisdiction, premises, open } = clinic;
        assert!(name.is_some() && role.is_some() && licence.is_some());
        assert!(clinic_name.is_some() && jurisdiction.is_some() && premises.is_some());
        assert!(open.is_closed(date(2026, 11, 22)), "a Sunday");
        assert!(open.is_closed(date(2026, 12, 25)), "a closed date");
        assert!(!packs.is_empty() && language.is_some());
        assert_ne!(theme, Theme::default());
        assert_eq!(theme_file, Some(PathBuf::from("/home/ada/pistor-theme.toml")));
        assert_ne!(mouse, Mouse::default());
        assert_eq!(clipboard, Some(false));
        assert!(records_dir.is_some() && lock_after.is_some() && file.is_some());
    }

    #[test]
    fn folders_count_from_the_file_and_from_home() {
        let config = read("packs = ['layers/own', '~/packs/x', '/srv/pack']\nrecords_dir = '~/records'").unwrap();
        let expected = ["/etc/pistor/layers/own", "/home/ada/packs/x", "/srv/pack"].map(PathBuf::from);
        assert_eq!(config.packs, expected);
        assert_eq!(config.records_dir, Some(PathBuf::from("/home/ada/records")));
    }

    #[test]
    fn every_mistake_is_reported_in_one_run() {
        let report = read(
            "thene = 'dark'\ntheme = 'drak'\nmouse = 'yes'\n[practitioner]\nname = ' '\n[clinic]\n\
             closed_days = ['sunday', 'caturday']\nclosed_dates = ['2026-02-30']\n",
        )
        .unwrap_err();
        insta::assert_snapshot!(report.render(false));
    }

    #[test]
    fn closed_days_are_week_days() {
        let config = read("[clinic]\nclosed_days = ['saturday']").unwrap();
        assert!(config.clinic.open.is_closed(date(2026, 11, 21)));
        assert_eq!(date(2026, 11, 21).weekday(), Weekday::Saturday);
        assert!(!config.clinic.open.is_closed(date(2026, 11, 22)));
    }
}
