//! A long text in the editor of whoever types it: a file that only they can read, in memory where there is such a place,
//! overwritten and removed afterwards together with whatever the editor has left beside it.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Longer than any note; an editor that comes back with more has opened something else.
const MOST: u64 = 1024 * 1024;

/// Where the file may be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Places {
    /// Folders that are kept in memory and end with the session, the first choice first.
    pub memory: Vec<PathBuf>,
    /// A private folder on disk; none when records are encrypted, because a disk does not forget.
    pub disk: Option<PathBuf>,
}

impl Places {
    /// The folders of this machine, and a private one on disk if the text may be there.
    #[must_use]
    pub fn of(runtime: Option<OsString>, disk: Option<PathBuf>) -> Self {
        let runtime = runtime.map(PathBuf::from).filter(|path| path.is_absolute());
        let memory = runtime.into_iter().chain(std::iter::once(PathBuf::from("/dev/shm"))).collect();
        Self { memory, disk }
    }
}

/// The command of the editor: the words of `VISUAL`, else of `EDITOR`.
#[must_use]
pub fn command(variable: impl Fn(&str) -> Option<String>) -> Option<Vec<String>> {
    let set = |name| variable(name).map(|value| value.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
    ["VISUAL", "EDITOR"].into_iter().filter_map(set).find(|words| !words.is_empty())
}

/// Opens the text in the editor, waits for its end, and gives back what it says then.
///
/// # Errors
/// In words why the text is as it was before.
pub fn edit(words: &[String], places: &Places, text: &str) -> Result<String, String> {
    let Some((program, arguments)) = words.split_first() else {
        return Err("no editor is set".to_owned());
    };
    let name = Path::new(program).file_name().map_or_else(|| program.into(), |name| name.to_string_lossy());
    let folder = Folder::make(places)?;
    let file = folder.path.join("note.txt");
    let write = || -> io::Result<()> {
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut open = options.open(&file)?;
        open.write_all(text.as_bytes())?;
        if !text.is_empty() && !text.ends_with('\n') {
            open.write_all(b"\n")?;
        }
        Ok(())
    };
    write().map_err(|why| format!("its file cannot be written: {why}"))?;
    let mut command = Command::new(program);
    command.args(arguments).args(careful(program)).arg(&file);
    let status = command.status().map_err(|why| match why.kind() {
        io::ErrorKind::NotFound => format!("there is no {name}, which VISUAL or EDITOR names"),
        _ => format!("{name} cannot be started: {why}"),
    })?;
    if !status.success() {
        return Err(format!("{name} ended with {status}"));
    }
    if fs::metadata(&file).is_ok_and(|about| about.len() > MOST) {
        return Err("what came back is larger than a megabyte".to_owned());
    }
    let bytes = fs::read(&file).map_err(|why| format!("its file cannot be read again: {why}"))?;
    let mut text = String::from_utf8_lossy(&bytes).into_owned();
    text.truncate(text.trim_end_matches(['\n', '\r']).len());
    Ok(text)
}

/// What keeps an editor from leaving copies elsewhere.
fn careful(program: &str) -> &'static [&'static str] {
    let path = found(program).unwrap_or_else(|| PathBuf::from(program));
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if name.starts_with("vim") || name.starts_with("nvim") || name.starts_with("gvim") {
        return &["-n", "-i", "NONE", "--cmd", "set nobackup nowritebackup noundofile"];
    }
    if name == "nano" {
        // Without the files that may ask for backups.
        return &["-I"];
    }
    &[]
}

/// The program itself behind its links: `vi` may be any of several.
fn found(program: &str) -> Option<PathBuf> {
    if program.contains('/') {
        return fs::canonicalize(program).ok();
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).find_map(|folder| fs::canonicalize(folder.join(program)).ok())
}

/// A folder of our own, emptied and removed at the end.
struct Folder {
    path: PathBuf,
}

impl Folder {
    fn make(places: &Places) -> Result<Self, String> {
        let mut bytes = [0_u8; 8];
        getrandom::fill(&mut bytes).map_err(|why| format!("there is no name for its file: {why}"))?;
        let name: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        for place in places.memory.iter().chain(&places.disk).filter(|place| place.is_dir()) {
            let path = place.join(format!("pistor-{name}"));
            let mut builder = fs::DirBuilder::new();
            #[cfg(unix)]
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            if builder.create(&path).is_ok() {
                return Ok(Self { path });
            }
        }
        Err("there is no private place in memory for its file (XDG_RUNTIME_DIR, /dev/shm), and on disk it would not be \
             encrypted"
            .to_owned())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        wipe(&self.path);
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// Overwrites all files of a folder. What cannot be is removed all the same.
fn wipe(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let Ok(about) = entry.metadata() else { continue };
        if about.is_dir() {
            wipe(&entry.path());
        } else if about.is_file()
            && let Ok(mut file) = fs::OpenOptions::new().write(true).open(entry.path())
        {
            let zeros = vec![0_u8; usize::try_from(about.len().min(MOST)).unwrap_or(0)];
            let _ = file.write_all(&zeros).and_then(|()| file.sync_all());
        }
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;

    fn script(home: &Path, text: &str) -> Vec<String> {
        let path = home.join("editor");
        fs::write(&path, format!("{text}\n")).unwrap();
        // Not run itself: another test's child may hold it open for writing yet, and then it is "busy".
        vec!["sh".to_owned(), path.display().to_string()]
    }

    fn places(home: &Path) -> Places {
        let memory = home.join("run");
        fs::create_dir_all(&memory).unwrap();
        Places { memory: vec![memory], disk: None }
    }

    #[test]
    fn the_text_goes_there_and_comes_back_and_nothing_is_left() {
        let home = tempfile::tempdir().unwrap();
        let seen = home.path().join("seen");
        let words = script(
            home.path(),
            &format!(
                "stat -c %a \"$1\" \"$(dirname \"$1\")\" > {0}; cat \"$1\" >> {0}; cp \"$1\" \"$1~\"; printf 'two\\nlines\\n' >> \"$1\"",
                seen.display()
            ),
        );
        let places = places(home.path());
        let text = edit(&words, &places, "one").unwrap();
        assert_eq!(text, "one\ntwo\nlines");
        assert_eq!(fs::read_to_string(seen).unwrap(), "600\n700\none\n", "only its owner can read it");
        assert_eq!(fs::read_dir(&places.memory[0]).unwrap().count(), 0, "its copy is gone, too");
    }

    #[test]
    fn an_editor_that_fails_changes_nothing_and_leaves_nothing() {
        let home = tempfile::tempdir().unwrap();
        let places = places(home.path());
        let words = script(home.path(), "echo other > \"$1\"; exit 3");
        let why = edit(&words, &places, "one").unwrap_err();
        assert!(why.contains("exit status: 3"), "{why}");
        let why = edit(&["/no/such/editor".to_owned()], &places, "one").unwrap_err();
        assert!(why.contains("there is no editor"), "{why}");
        let why = edit(&script(home.path(), "rm \"$1\""), &places, "one").unwrap_err();
        assert!(why.contains("cannot be read again"), "{why}");
        assert_eq!(fs::read_dir(&places.memory[0]).unwrap().count(), 0);
    }

    #[test]
    fn encrypted_records_and_no_memory_leave_no_text_on_a_disk() {
        let home = tempfile::tempdir().unwrap();
        let nowhere = Places { memory: vec![home.path().join("none")], disk: None };
        let why = edit(&script(home.path(), "true"), &nowhere, "one").unwrap_err();
        assert!(why.contains("would not be encrypted"), "{why}");
        let disk = Places { disk: Some(home.path().to_owned()), ..nowhere };
        assert_eq!(edit(&script(home.path(), "true"), &disk, "one").unwrap(), "one");
        let encrypted = Places::of(Some("relative".into()), None);
        assert_eq!(encrypted, Places { memory: vec!["/dev/shm".into()], disk: None });
    }

    #[test]
    fn visual_comes_before_editor_and_may_have_arguments() {
        let of = |visual: &str, editor: &str| {
            command(|name| Some(if name == "VISUAL" { visual } else { editor }.to_owned()))
        };
        assert_eq!(of("code --wait", "vi"), Some(vec!["code".to_owned(), "--wait".to_owned()]));
        assert_eq!(of(" ", "vi"), Some(vec!["vi".to_owned()]));
        assert_eq!(command(|_| None), None);
    }
}
