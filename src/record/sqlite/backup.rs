//! Copies that are whole, and putting one back.
//!
//! A plain copy of the file while it is written is damaged most of the time; these are made by the database itself.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rusqlite::backup::{Backup as Copying, StepResult};
use rusqlite::{Connection, OpenFlags};

use super::{SqliteStore, check, lock, meta, open, place};
use crate::record::error::StoreError;
use crate::record::id::RecordId;
use crate::record::key::Secret;
use crate::record::seal::{Checksum, Seal};
use crate::record::sqlite::Site;
use crate::record::store::{Action, Event, Store, Verification};
use crate::record::witness::Witness;

/// How the names of backups begin.
const NAME: &str = "pistor-records-";

/// A backup that was made and read again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Backup {
    /// The file; its name ends with the head of the audit trail.
    pub file: PathBuf,
    /// What reading all of it found.
    pub found: Verification,
    /// Older backups in the folder that were removed.
    pub removed: Vec<PathBuf>,
}

/// A backup that was put back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Restored {
    /// What reading all of it found.
    pub found: Verification,
    /// Where the records that were there before are now.
    pub before: Option<PathBuf>,
    /// Consultations that were erased since the backup was made, and are there again.
    pub unerased: Vec<RecordId>,
}

impl SqliteStore {
    /// Writes a copy of everything to a new file in that folder, and reads it again. Other programs may be saving
    /// meanwhile. Of earlier backups there, the newest `keep` stay, this one included.
    ///
    /// # Errors
    /// If it could not be written; a file that was begun is removed.
    pub fn backup(&mut self, folder: &Path, keep: Option<usize>, actor: &str) -> Result<Backup, StoreError> {
        place::private_directory_or_other(folder)?;
        let now = Timestamp::now();
        let head = self.note(&Event::new(now, actor, Action::BackedUp))?;
        let day = now.to_zoned(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ");
        let file = folder.join(format!("{NAME}{day}-{head}.db"));
        let found = self.copy_to(&file).and_then(|()| self.check_copy(&file));
        let found = found.inspect_err(|_| drop(fs::remove_file(&file)))?;
        // For the reminder on the first screen; the audit trail knows it as well.
        self.write(|pen| pen.execute("INSERT OR REPLACE INTO meta VALUES ('backup', ?1)", [now.to_string()]))?;
        let removed = keep.map_or_else(Vec::new, |keep| thin_out(folder, keep.max(1)));
        Ok(Backup { file, found, removed })
    }

    fn copy_to(&self, file: &Path) -> Result<(), StoreError> {
        // Made here, so that it is private from its first byte.
        place::new_private_file(file)?;
        let name =
            file.to_str().ok_or_else(|| StoreError::Io { detail: "the name of the backup is no text".into() })?;
        self.connection.execute("VACUUM INTO ?1", [name]).map_err(|error| super::explain(&error, file))?;
        fs::File::open(file).and_then(|file| file.sync_all()).map_err(|error| place::explain(&error, file))
    }

    fn check_copy(&self, file: &Path) -> Result<Verification, StoreError> {
        let copy = Self::read_only(file, Arc::clone(&self.seal))?;
        check::verify(&copy)
    }

    /// A file that is only read.
    fn read_only(file: &Path, seal: Arc<dyn Seal>) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let explain = |error| super::explain(&error, file);
        let mut connection = Connection::open_with_flags(file, flags).map_err(explain)?;
        let found = open::refuse_foreign(&mut connection, file)?;
        let mut store = Self { seal, ..Self::with(connection, file.to_owned()) };
        if found > 1 {
            store.epoch = store.meta("epoch")?.unwrap_or_default();
        }
        Ok(store)
    }

    /// Puts a backup in the place of what is there, after reading all of it. What is there now is kept beside it under
    /// another name, whatever state it is in. Programs that have the records open notice.
    ///
    /// # Errors
    /// [`StoreError::Locked`] or [`StoreError::WrongKey`] if the backup has another passphrase; if it is damaged; if
    /// something could not be written. The records stay as they are then.
    pub fn restore(
        site: impl Into<Site>,
        backup: &Path,
        secret: Option<&Secret>,
        actor: &str,
    ) -> Result<Restored, StoreError> {
        let site = site.into();
        if !backup.is_file() {
            return Err(StoreError::Io { detail: format!("{} is no file", backup.display()) });
        }
        // On a copy: an older backup is brought up to date first, and the backup itself is never changed.
        let path = place::prepare(&site.records)?;
        let fresh = site.records.join(format!("restoring-{}.db", std::process::id()));
        let done = replace(&site, backup, &fresh, &path, secret, actor);
        for file in [fresh.clone(), with_suffix(&fresh, "-wal"), with_suffix(&fresh, "-shm")] {
            let _ = fs::remove_file(file);
        }
        done
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn replace(
    site: &Site,
    backup: &Path,
    fresh: &Path,
    path: &Path,
    secret: Option<&Secret>,
    actor: &str,
) -> Result<Restored, StoreError> {
    let source = SqliteStore::read_only(backup, Arc::new(Checksum))?;
    place::new_private_file(fresh)?;
    let name = fresh.to_str().ok_or_else(|| StoreError::Io { detail: "the folder's name is no text".into() })?;
    source.connection.execute("VACUUM INTO ?1", [name]).map_err(|error| super::explain(&error, backup))?;
    drop(source);
    let mut copy = SqliteStore::on_file(fresh)?;
    match (lock::is_locked(&copy)?, secret) {
        (false, _) => {}
        (true, None) => return Err(StoreError::Locked),
        (true, Some(secret)) => match lock::opened_by(&copy, secret)? {
            Some((seal, _)) => copy.seal = seal,
            None => return Err(StoreError::Locked),
        },
    }
    copy.epoch = copy.meta("epoch")?.unwrap_or_default();
    let found = check::verify(&copy)?;
    if let Some(problem) = found.problems.first() {
        return Err(StoreError::Corrupt { detail: format!("the backup: {problem}") });
    }
    copy.write(|pen| {
        pen.execute("DELETE FROM knock", [])?;
        pen.execute("UPDATE meta SET value = lower(hex(randomblob(8))) WHERE key = 'epoch'", [])?;
        let detail = backup.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        pen.append(&Event { detail, ..Event::new(Timestamp::now(), actor, Action::Restored) }).map(drop)
    })?;
    let erased = erased_in(path);
    let before = put_aside(path)?;
    let mut target = match Connection::open(path) {
        Ok(target) => target,
        Err(error) => return Err(super::explain(&error, path)),
    };
    copy_pages(&copy, &mut target, path)?;
    drop(target);
    // Through the usual door: what was put back opens, and the note outside goes on from it.
    let mut store = SqliteStore::closed(site, super::PATIENCE)?;
    store.seal = Arc::clone(&copy.seal);
    if let Some(state) = &site.state {
        let id = meta(&store.connection, "store").ok().flatten().unwrap_or_default();
        if let Some((entry, head)) = lock::last_head(&store)? {
            Witness::at(state, path).of(id).reset(entry, &head, store.seal.hides());
        }
    }
    store.enter(site)?;
    let found = store.verify()?;
    match found.problems.first() {
        Some(problem) => Err(StoreError::Corrupt { detail: format!("after putting it back: {problem}") }),
        None => {
            let mut unerased = Vec::new();
            for id in erased {
                if store.load(id, None)?.is_some() {
                    unerased.push(id);
                }
            }
            Ok(Restored { found, before, unerased })
        }
    }
}

/// What was erased from the records in that file: the ids of tombstones are readable without a key. Of a file that cannot
/// be read nothing is known.
fn erased_in(path: &Path) -> Vec<RecordId> {
    let ids = || -> rusqlite::Result<Vec<String>> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        let mut statement = connection.prepare("SELECT id FROM tombstone ORDER BY id")?;
        statement.query_map([], |row| row.get(0))?.collect()
    };
    ids().unwrap_or_default().iter().filter_map(|id| id.parse().ok()).collect()
}

/// All pages in one transaction of the target: whoever has it open sees the old records or the new ones.
fn copy_pages(copy: &SqliteStore, target: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let explain = |error| super::explain(&error, path);
    target.busy_timeout(super::PATIENCE).map_err(explain)?;
    let copying = Copying::new(&copy.connection, target).map_err(explain)?;
    match copying.step(-1).map_err(explain)? {
        StepResult::Done => Ok(()),
        _ => Err(StoreError::Busy),
    }
}

/// Keeps what is there under another name: a copy if it can be read, else the file itself.
fn put_aside(path: &Path) -> Result<Option<PathBuf>, StoreError> {
    let size = fs::metadata(path).map(|about| about.len()).unwrap_or(0);
    if size == 0 {
        return Ok(None);
    }
    let day = Timestamp::now().to_zoned(TimeZone::UTC).strftime("%Y%m%dT%H%M%S%.6fZ").to_string();
    let aside = path.with_file_name(format!("before-restore-{day}.db"));
    place::new_private_file(&aside)?;
    let copied = Connection::open(path).and_then(|connection| {
        connection.busy_timeout(super::PATIENCE)?;
        let name = aside.to_string_lossy();
        connection.execute("VACUUM INTO ?1", [name])
    });
    if copied.is_err() {
        // Damaged: the bytes as they are, for whoever may rescue something from them.
        fs::copy(path, &aside).map_err(|error| place::explain(&error, &aside))?;
        for suffix in ["-wal", "-shm"] {
            let _ = fs::remove_file(with_suffix(path, suffix));
        }
        fs::write(path, []).map_err(|error| place::explain(&error, path))?;
    }
    Ok(Some(aside))
}

/// Removes all but the newest backups; their names sort by time.
fn thin_out(folder: &Path, keep: usize) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let ours = |path: &PathBuf| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        name.starts_with(NAME) && name.ends_with(".db") && name.len() == NAME.len() + 16 + 1 + 16 + 3
    };
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(ours).collect();
    files.sort();
    let old = files.len().saturating_sub(keep);
    files.truncate(old);
    files.retain(|file| fs::remove_file(file).is_ok());
    files
}
