//! What most commands start from: the places, the configuration and the pack.

use std::path::PathBuf;

use super::failure::Failure;
use super::options::Common;
use crate::config::{self, Config, Places, Trouble};
use crate::pack::Pack;
use crate::source::{Report, did_you_mean};

/// Everything a command needs to know of the machine and of the clinic.
#[derive(Debug)]
pub(super) struct Session {
    pub common: Common,
    pub config: Config,
    pub pack: Pack,
}

impl Session {
    /// Reads configuration and pack; mistakes in both are reported together.
    pub fn open(common: &Common) -> Result<Self, Failure> {
        let places = Places::of_this_machine();
        let config = config::load(common.config.as_deref(), &places);
        let language = language(config.as_ref().ok(), common);
        let pack = config::load_pack(&pack_folders(config.as_ref().ok(), common), language.as_deref());
        let (config, pack) = match (config, pack) {
            (Ok(config), Ok(pack)) => (config, pack),
            (Err(first), Err(second)) => return Err(both(first, second)),
            (Err(trouble), Ok(_)) | (Ok(_), Err(trouble)) => return Err(trouble.into()),
        };
        let report = config.check_against(&pack);
        if !report.is_empty() {
            return Err(Failure::Report(report));
        }
        known_language(&pack, common)?;
        let mut common = common.clone();
        if let Some(code) = &mut common.jurisdiction {
            *code = known_jurisdiction(&pack, code)?;
        }
        Ok(Self { common, config, pack })
    }
}

/// The folders of all layers: those of the configuration, then those of the command line.
pub(super) fn pack_folders(config: Option<&Config>, common: &Common) -> Vec<PathBuf> {
    let mut folders = config.map(|c| c.packs.clone()).unwrap_or_default();
    folders.extend(common.packs.iter().cloned());
    folders
}

/// The language of the pack's texts: that of the command line, else that of the configuration.
pub(super) fn language(config: Option<&Config>, common: &Common) -> Option<String> {
    common.language.clone().or_else(|| config?.language.clone())
}

/// Whether the pack has the language that the command line asks for; one of the configuration is told with its place.
pub(super) fn known_language(pack: &Pack, common: &Common) -> Result<(), Failure> {
    let Some(asked) = common.language.as_deref().filter(|asked| !config::speaks(pack, asked)) else { return Ok(()) };
    let known = config::languages(pack);
    let help = did_you_mean(asked, known.iter().copied()).map_or_else(
        || format!("known: {}; a layer can bring another, as docs/authoring.md shows", known.join(", ")),
        |near| format!("did you mean `{near}`?"),
    );
    Err(Failure::plain(format!("unknown language `{asked}`"), help))
}

pub(super) fn known_jurisdiction(pack: &Pack, code: &str) -> Result<String, Failure> {
    if let Some(known) = pack.jurisdictions.ids().find(|known| known.eq_ignore_ascii_case(code)) {
        return Ok(known.to_owned());
    }
    let help = did_you_mean(code, pack.jurisdictions.ids()).map_or_else(
        || format!("known: {}", pack.jurisdictions.ids().collect::<Vec<_>>().join(", ")),
        |near| format!("did you mean `{near}`?"),
    );
    Err(Failure::plain(format!("unknown jurisdiction `{code}`"), help))
}

fn both(first: Trouble, second: Trouble) -> Failure {
    match (first, second) {
        (Trouble::Mistakes(Report { diagnostics: mut all }), Trouble::Mistakes(Report { diagnostics })) => {
            all.extend(diagnostics);
            Failure::Report(Report { diagnostics: all })
        }
        (Trouble::Unreadable { message: a, help }, Trouble::Unreadable { message: b, .. }) => {
            Failure::plain(format!("{a}\n{b}"), help)
        }
        // One of them cannot even be read: that one first.
        (unreadable @ Trouble::Unreadable { .. }, _) | (_, unreadable) => unreadable.into(),
    }
}
