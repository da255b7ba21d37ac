//! Where configuration, data and state live on this machine.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use directories::{BaseDirs, ProjectDirs};

/// How an environment variable is looked up; tests pass their own.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// The places, as far as they can be told: without a home folder some of them cannot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// The configuration file.
    pub config: Option<ConfigPlace>,
    /// What must be kept: the consultations.
    pub data: Option<PathBuf>,
    /// What may be lost without harm beyond work in progress.
    pub state: Option<PathBuf>,
    /// The home folder.
    pub home: Option<PathBuf>,
}

/// Where the configuration file is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigPlace {
    /// The file.
    pub path: PathBuf,
    /// Named by `PISTOR_CONFIG`, so that its absence is a mistake.
    pub asked: bool,
}

impl Places {
    /// The places of this process.
    #[must_use]
    pub fn of_this_machine() -> Self {
        let project = ProjectDirs::from("", "", "pistor");
        let home = BaseDirs::new().map(|dirs| dirs.home_dir().to_owned());
        Self::find(&|name| std::env::var_os(name), project.as_ref(), home)
    }

    /// Where the consultations are kept.
    #[must_use]
    pub fn records(&self, config: &super::Config) -> Option<PathBuf> {
        config.records_dir.clone().or_else(|| self.data.as_ref().map(|data| data.join("records")))
    }

    /// Where practice is kept: never where the consultations are.
    #[must_use]
    pub fn training(&self) -> Option<PathBuf> {
        self.data.as_ref().map(|data| data.join("training"))
    }

    /// `PISTOR_*` first, then `XDG_*` (on every system, not only where `directories` reads them), then the usual places.
    fn find(environment: Environment<'_>, project: Option<&ProjectDirs>, home: Option<PathBuf>) -> Self {
        let set = |name: &str| environment(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        // The specification says that relative values of XDG variables are to be ignored.
        let xdg = |name: &str| set(name).filter(|path| path.is_absolute()).map(|path| path.join("pistor"));
        let own_data = set("PISTOR_DATA");
        let data =
            own_data.clone().or_else(|| xdg("XDG_DATA_HOME")).or_else(|| project.map(|p| p.data_dir().to_owned()));
        let state = own_data
            .map(|dir| dir.join("state"))
            .or_else(|| xdg("XDG_STATE_HOME"))
            .or_else(|| project.and_then(ProjectDirs::state_dir).map(Path::to_owned))
            .or_else(|| project.map(|p| p.data_local_dir().join("state")));
        let config = set("PISTOR_CONFIG").map(|path| ConfigPlace { path, asked: true }).or_else(|| {
            xdg("XDG_CONFIG_HOME")
                .or_else(|| project.map(|p| p.config_dir().to_owned()))
                .map(|dir| ConfigPlace { path: dir.join("config.toml"), asked: false })
        });
        Self { config, data, state, home }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(variables: &[(&str, &str)]) -> Places {
        let environment =
            |name: &str| variables.iter().find(|(n, _)| *n == name).map(|(_, value)| OsString::from(value));
        Places::find(&environment, None, None)
    }

    #[test]
    fn our_own_variables_win_over_the_general_ones() {
        let places = find(&[
            ("PISTOR_DATA", "/d"),
            ("XDG_DATA_HOME", "/xd"),
            ("PISTOR_CONFIG", "c.toml"),
            ("XDG_CONFIG_HOME", "/xc"),
        ]);
        assert_eq!(places.data, Some(PathBuf::from("/d")));
        assert_eq!(places.state, Some(PathBuf::from("/d/state")));
        assert_eq!(places.config, Some(ConfigPlace { path: PathBuf::from("c.toml"), asked: true }));
    }

    #[test]
    fn the_general_ones_are_read_on_every_system() {
        let places = find(&[("XDG_DATA_HOME", "/xd"), ("XDG_STATE_HOME", "/xs"), ("XDG_CONFIG_HOME", "/xc")]);
        assert_eq!(places.data, Some(PathBuf::from("/xd/pistor")));
        assert_eq!(places.state, Some(PathBuf::from("/xs/pistor")));
        assert_eq!(places.config, Some(ConfigPlace { path: PathBuf::from("/xc/pistor/config.toml"), asked: false }));
    }

    #[test]
    fn empty_and_relative_values_count_as_unset() {
        let places = find(&[("PISTOR_DATA", ""), ("XDG_DATA_HOME", "relative"), ("XDG_CONFIG_HOME", "")]);
        assert_eq!(places, Places::default());
    }
}
