//! A disk as the records of a system's calls tell of it, and what is left of it when the power goes.
//!
//! The model is the worst that a journalling file system allows: until a file is synced, any of its sectors of 512
//! bytes may have been written or not, in any order; until its folder is synced, a file that was made, renamed or
//! removed may be so or not, but in the order in which that happened.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const SECTOR: usize = 512;

/// One call, as far as it counts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Call {
    /// A folder was made.
    Folder(PathBuf),
    /// A file was opened to be written: made, emptied.
    Open { path: PathBuf, make: bool, empty: bool },
    /// Bytes at an offset, or after those before.
    Write { path: PathBuf, at: Option<usize>, bytes: Vec<u8> },
    /// Cut, or made longer.
    Length { path: PathBuf, length: usize },
    /// A file or a folder was synced.
    Sync(PathBuf),
    /// A file has another name.
    Rename(PathBuf, PathBuf),
    /// A file is gone.
    Remove(PathBuf),
    /// Something was said on standard output.
    Said(String),
}

/// Reads what `strace -f -y -xx` wrote. Calls that failed are left out.
pub fn calls(log: &str) -> Vec<Call> {
    log.lines().filter_map(call).collect()
}

fn call(line: &str) -> Option<Call> {
    // The number of the thread comes first.
    let line = line.trim_start().split_once(' ').map_or(line, |(_, rest)| rest).trim_start();
    if line.starts_with("+++") || line.starts_with("---") {
        return None;
    }
    assert!(!line.contains("unfinished") && !line.contains("resumed"), "two threads at once: {line}");
    let (before, result) = line.rsplit_once(" = ")?;
    if result.starts_with('-') || result.starts_with('?') {
        return None;
    }
    let (name, arguments) = before.trim_end().strip_suffix(')')?.split_once('(')?;
    let parts: Vec<&str> = arguments.split(", ").collect();
    let number = |part: usize| parts[part].parse().unwrap();
    Some(match name {
        "mkdir" => Call::Folder(named(parts[0])),
        "mkdirat" => Call::Folder(named(parts[1])),
        "openat" => {
            let flags = parts[2];
            if flags.contains("O_RDONLY") && !flags.contains("O_CREAT") {
                return None;
            }
            let path = descriptor(result);
            Call::Open { path, make: flags.contains("O_CREAT"), empty: flags.contains("O_TRUNC") }
        }
        "pwrite64" => Call::Write { path: descriptor(parts[0]), at: Some(number(3)), bytes: bytes(parts[1]) },
        "write" if parts[0].starts_with("1<") => Call::Said(String::from_utf8(bytes(parts[1])).unwrap()),
        "write" => Call::Write { path: descriptor(parts[0]), at: None, bytes: bytes(parts[1]) },
        "ftruncate" => Call::Length { path: descriptor(parts[0]), length: number(1) },
        "fsync" | "fdatasync" => Call::Sync(descriptor(parts[0])),
        "rename" => Call::Rename(named(parts[0]), named(parts[1])),
        "unlink" => Call::Remove(named(parts[0])),
        "unlinkat" => Call::Remove(named(parts[1])),
        other => panic!("`{other}` was not expected: {line}"),
    })
}

/// `5</path>`, where `-xx` writes the path as bytes too.
fn descriptor(text: &str) -> PathBuf {
    let inner = text.split_once('<').unwrap().1.trim_end_matches('>');
    if inner.starts_with('/') { PathBuf::from(inner) } else { named(inner) }
}

fn named(text: &str) -> PathBuf {
    PathBuf::from(String::from_utf8(bytes(text)).unwrap())
}

/// `"\x41\x42"`
fn bytes(text: &str) -> Vec<u8> {
    let hex = text.trim_matches('"');
    assert!(!text.ends_with("..."), "the record is cut");
    hex.split("\\x").skip(1).map(|byte| u8::from_str_radix(byte, 16).unwrap()).collect()
}

/// Which of what was not synced got to the disk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Luck {
    /// Nothing.
    Nothing,
    /// Everything.
    Everything,
    /// Any sectors, by this seed.
    Sectors(u64),
    /// In order, up to some sector of some write, by this seed.
    Torn(u64),
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Change {
    Write { at: usize, bytes: Vec<u8> },
    Length(usize),
}

#[derive(Clone, Default, Debug)]
struct File {
    synced: Vec<u8>,
    since: Vec<Change>,
    position: usize,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Entry {
    Folder(PathBuf),
    File(PathBuf, usize),
    Gone(PathBuf),
}

impl Entry {
    fn folder(&self) -> &Path {
        let (Self::Folder(path) | Self::File(path, _) | Self::Gone(path)) = self;
        path.parent().unwrap()
    }
}

/// The disk.
#[derive(Default)]
pub struct Disk {
    files: Vec<File>,
    /// What a program sees.
    seen: BTreeMap<PathBuf, usize>,
    /// Names that are on the disk: of folders (`None`) and files.
    names: BTreeMap<PathBuf, Option<usize>>,
    /// Names since, in their order.
    since: Vec<Entry>,
}

impl Disk {
    /// What a call does to it.
    pub fn take(&mut self, call: &Call) {
        match call {
            Call::Said(_) => {}
            Call::Folder(path) => self.since.push(Entry::Folder(path.clone())),
            Call::Open { path, make, empty } => {
                if *make && !self.seen.contains_key(path) {
                    let number = self.files.len();
                    self.files.push(File::default());
                    self.seen.insert(path.clone(), number);
                    self.since.push(Entry::File(path.clone(), number));
                }
                if let Some(file) = self.file(path) {
                    file.position = 0;
                    if *empty {
                        file.since.push(Change::Length(0));
                    }
                }
            }
            Call::Write { path, at, bytes } => {
                if let Some(file) = self.file(path) {
                    let at = at.unwrap_or(file.position);
                    file.position = at + bytes.len();
                    file.since.push(Change::Write { at, bytes: bytes.clone() });
                }
            }
            Call::Length { path, length } => {
                if let Some(file) = self.file(path) {
                    file.since.push(Change::Length(*length));
                }
            }
            Call::Sync(path) => match self.file(path) {
                Some(file) => {
                    let since = std::mem::take(&mut file.since);
                    since.iter().for_each(|change| change.put(&mut file.synced, |_| true));
                }
                None => {
                    let (here, other): (Vec<_>, Vec<_>) =
                        std::mem::take(&mut self.since).into_iter().partition(|entry| entry.folder() == path);
                    here.iter().for_each(|entry| entry.put(&mut self.names));
                    self.since = other;
                }
            },
            Call::Rename(from, to) => {
                if let Some(number) = self.seen.remove(from) {
                    self.seen.insert(to.clone(), number);
                    self.since.push(Entry::File(to.clone(), number));
                    self.since.push(Entry::Gone(from.clone()));
                }
            }
            Call::Remove(path) => {
                self.seen.remove(path);
                self.since.push(Entry::Gone(path.clone()));
            }
        }
    }

    fn file(&mut self, path: &Path) -> Option<&mut File> {
        self.seen.get(path).map(|number| &mut self.files[*number])
    }

    /// Whether something is not synced.
    pub fn pending(&self) -> bool {
        !self.since.is_empty() || self.files.iter().any(|file| !file.since.is_empty())
    }

    /// Writes into a folder what is left of everything below `home` when the power goes now.
    pub fn after_a_cut(&self, luck: Luck, home: &Path, into: &Path) {
        let mut dice = Dice::of(luck);
        let mut names = self.names.clone();
        let kept = match luck {
            Luck::Nothing => 0,
            Luck::Everything => self.since.len(),
            Luck::Sectors(_) | Luck::Torn(_) => dice.below(self.since.len() + 1),
        };
        self.since[..kept].iter().for_each(|entry| entry.put(&mut names));
        for (path, number) in &names {
            let Ok(below) = path.strip_prefix(home) else { continue };
            // Without its folder nobody finds it.
            let there = |folder: &Path| folder == home || names.contains_key(folder);
            if !path.ancestors().skip(1).take_while(|folder| folder.starts_with(home)).all(there) {
                continue;
            }
            match number {
                None => fs::create_dir_all(into.join(below)).unwrap(),
                Some(number) => {
                    fs::create_dir_all(into.join(below).parent().unwrap()).unwrap();
                    fs::write(into.join(below), self.files[*number].left(luck, &mut dice)).unwrap();
                }
            }
        }
    }
}

impl Entry {
    fn put(&self, names: &mut BTreeMap<PathBuf, Option<usize>>) {
        match self {
            Self::Folder(path) => drop(names.insert(path.clone(), None)),
            Self::File(path, number) => drop(names.insert(path.clone(), Some(*number))),
            Self::Gone(path) => drop(names.remove(path)),
        }
    }
}

impl Change {
    /// Puts it, but for the sectors that did not get there.
    fn put(&self, content: &mut Vec<u8>, mut there: impl FnMut(usize) -> bool) {
        match self {
            Self::Length(length) => {
                if there(0) {
                    content.resize(*length, 0);
                }
            }
            Self::Write { at, bytes } => {
                let mut from = 0;
                while from < bytes.len() {
                    // To the end of the disk's sector, not of the write.
                    let to = bytes.len().min((at + from) / SECTOR * SECTOR + SECTOR - at);
                    if there(from) {
                        content.resize(content.len().max(at + to), 0);
                        content[at + from..at + to].copy_from_slice(&bytes[from..to]);
                    }
                    from = to;
                }
            }
        }
    }

    fn sectors(&self) -> usize {
        match self {
            Self::Length(_) => 1,
            Self::Write { bytes, .. } => bytes.len().div_ceil(SECTOR),
        }
    }
}

impl File {
    fn left(&self, luck: Luck, dice: &mut Dice) -> Vec<u8> {
        let mut content = self.synced.clone();
        let all: usize = self.since.iter().map(Change::sectors).sum();
        let mut room = match luck {
            Luck::Nothing => 0,
            Luck::Everything | Luck::Sectors(_) => usize::MAX,
            Luck::Torn(_) => dice.below(all + 1),
        };
        for change in &self.since {
            change.put(&mut content, |_| {
                let there = room > 0 && (!matches!(luck, Luck::Sectors(_)) || dice.below(2) == 0);
                room = room.saturating_sub(1);
                there
            });
        }
        content
    }
}

/// Small numbers that look random, the same for the same seed.
struct Dice(u64);

impl Dice {
    fn of(luck: Luck) -> Self {
        Self(match luck {
            Luck::Nothing | Luck::Everything => 0,
            Luck::Sectors(seed) | Luck::Torn(seed) => seed,
        })
    }

    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }
}

#[test]
fn what_was_not_synced_may_be_there_in_part() {
    let log = "7 mkdir(\"\\x2f\\x68\\x2f\\x61\", 0700) = 0\n\
        7 fsync(3</h>) = 0\n\
        7 openat(AT_FDCWD</h>, \"\\x2f\", O_RDWR|O_CREAT|O_CLOEXEC, 0600) = 4</h/a/f>\n\
        7 pwrite64(4</h/a/f>, \"\\x41\\x42\", 2, 0) = 2\n\
        7 fsync(4</h/a/f>) = 0\n\
        7 pwrite64(4<\\x2f\\x68\\x2f\\x61\\x2f\\x66>, \"\\x43\", 1, 1) = 1\n\
        7 write(1<pipe:[5]>, \"\\x6f\\x6b\", 2) = 2\n\
        7 unlink(\"\\x2f\\x78\") = -1 ENOENT (No such file or directory)\n\
        7 +++ exited with 0 +++\n";
    let calls = calls(log);
    assert_eq!(calls.len(), 7);
    assert_eq!(calls[6], Call::Said("ok".into()));
    let mut disk = Disk::default();
    let content = |disk: &Disk, luck| {
        let into = tempfile::tempdir().unwrap();
        disk.after_a_cut(luck, Path::new("/h"), into.path());
        assert!(into.path().join("a").is_dir());
        fs::read_to_string(into.path().join("a/f")).ok()
    };
    calls.iter().for_each(|call| disk.take(call));
    assert!(disk.pending());
    assert_eq!(content(&disk, Luck::Nothing), None, "its folder was not synced");
    assert_eq!(content(&disk, Luck::Everything).as_deref(), Some("AC"));
    disk.take(&Call::Sync("/h/a".into()));
    assert_eq!(content(&disk, Luck::Nothing).as_deref(), Some("AB"), "the last write was not synced");
    let some: std::collections::BTreeSet<_> =
        (0..20).map(|seed| content(&disk, Luck::Sectors(seed)).unwrap()).collect();
    assert_eq!(some.into_iter().collect::<Vec<_>>(), ["AB", "AC"]);
}
