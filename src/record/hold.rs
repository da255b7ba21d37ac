//! A draft that is open in a program: another program is told, so that two do not type into the same one.
//!
//! A lock of the system on an empty file beside the store. The system lets go of it when the program ends, however it
//! ends. It protects nobody's data, only two people's time: where no such lock can be had, everything works without it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use super::id::RecordId;

/// Held as long as this lives.
#[derive(Debug)]
pub struct Hold {
    path: PathBuf,
    _file: File,
}

/// How it went.
#[derive(Debug)]
pub enum Held {
    /// It is ours.
    Here(Hold),
    /// Another program has it.
    Elsewhere,
    /// The system has no such locks there.
    Unknown,
}

impl Hold {
    /// Tries to hold a draft of the store in that folder.
    #[must_use]
    pub fn take(records: &Path, draft: RecordId) -> Held {
        let path = records.join(format!("draft-{draft}.lock"));
        // A program that lets go removes the file: whoever locked the removed one tries again.
        for _ in 0..10 {
            let mut options = OpenOptions::new();
            options.write(true).create(true).truncate(false);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let Ok(file) = options.open(&path) else { return Held::Unknown };
            match file.try_lock() {
                Ok(()) if still_there(&file, &path) => return Held::Here(Self { path, _file: file }),
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Held::Elsewhere,
                Err(TryLockError::Error(_)) => return Held::Unknown,
            }
        }
        Held::Unknown
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        // Before the lock goes, so that nobody holds a file that is gone.
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(unix)]
fn still_there(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), fs::metadata(path)) {
        (Ok(ours), Ok(there)) => (ours.dev(), ours.ino()) == (there.dev(), there.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn still_there(_file: &File, path: &Path) -> bool {
    path.exists()
}

#[cfg(test)]
mod tests {
    use super::{Held, Hold};
    use crate::record::tests::sample::id;

    #[test]
    fn one_program_has_a_draft_at_a_time() {
        let home = tempfile::tempdir().unwrap();
        let (a, b) = (id(1), id(2));
        let Held::Here(hold) = Hold::take(home.path(), a) else { panic!("nobody else is there") };
        assert!(matches!(Hold::take(home.path(), a), Held::Elsewhere));
        assert!(matches!(Hold::take(home.path(), b), Held::Here(_)));
        drop(hold);
        assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0, "nothing is left lying about");
        assert!(matches!(Hold::take(home.path(), a), Held::Here(_)));
        assert!(matches!(Hold::take(&home.path().join("nowhere"), a), Held::Unknown));
    }

    #[test]
    fn of_many_at_once_one_gets_it() {
        let home = tempfile::tempdir().unwrap();
        let draft = id(1);
        for _ in 0..50 {
            let held: Vec<Held> = std::thread::scope(|scope| {
                let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| Hold::take(home.path(), draft))).collect();
                threads.into_iter().map(|thread| thread.join().unwrap()).collect()
            });
            assert_eq!(held.iter().filter(|held| matches!(held, Held::Here(_))).count(), 1, "{held:?}");
        }
    }
}
