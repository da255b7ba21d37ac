//! Backups, putting them back, moving records between stores, erasing.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Exported, Import, SqliteStore};
use crate::record::tests::sample::{document, draft, id};
use crate::record::{Action, Query, Secret, Site, Store, StoreError};

struct Home {
    keep: tempfile::TempDir,
}

impl Home {
    fn new() -> Self {
        Self { keep: tempfile::tempdir().unwrap() }
    }

    fn site(&self) -> Site {
        Site { records: self.keep.path().join("records"), state: Some(self.keep.path().join("state")) }
    }

    fn open(&self) -> SqliteStore {
        SqliteStore::open(self.site()).unwrap()
    }

    fn backups(&self) -> PathBuf {
        self.keep.path().join("backups")
    }
}

fn import(store: &mut SqliteStore, text: &str) -> Import {
    store.import(&[Exported::read(text.to_owned()).unwrap()], "x").unwrap()[0]
}

fn names(store: &mut SqliteStore) -> Vec<String> {
    let all = store.list(&Query { limit: 99, ..Query::default() }).unwrap();
    all.cards.into_iter().map(|card| card.patient).collect()
}

fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_backup_is_whole_private_and_goes_back() {
    let home = Home::new();
    let mut store = home.open();
    store.save(&document(id(1), 1, "First"), "x").unwrap();
    store.put_draft(&draft(id(9), 1)).unwrap();
    let backup = store.backup(&home.backups(), None, "x").unwrap();
    assert!(backup.found.sound() && backup.found.versions == 1 && backup.found.drafts == 1, "{backup:?}");
    assert!(backup.file.to_str().unwrap().contains(&backup.found.head), "the head is in the name");
    assert_eq!((mode(&home.backups()), mode(&backup.file)), (0o700, 0o600));
    assert!(store.standing().unwrap().last_backup.is_some());
    store.save(&document(id(2), 1, "Second"), "x").unwrap();

    let restored = SqliteStore::restore(home.site(), &backup.file, None, "x").unwrap();
    assert!(restored.found.sound());
    let all = Query { limit: 9, ..Query::default() };
    assert_eq!(store.list(&all), Err(StoreError::Locked), "a program that had it open notices");
    drop(store);
    let mut store = home.open();
    assert_eq!(names(&mut store), ["First"]);
    assert_eq!(store.standing().unwrap().rolled_back, None, "it was done on purpose");
    assert_eq!(store.audit().unwrap().last().unwrap().event.action, Action::Restored);
    let before = restored.before.unwrap();
    assert_eq!(mode(&before), 0o600);
    let other = Home::new();
    SqliteStore::restore(other.site(), &before, None, "x").unwrap();
    assert_eq!(names(&mut other.open()), ["Second", "First"], "nothing was thrown away");
}

#[test]
fn backups_of_encrypted_records_are_encrypted() {
    let home = Home::new();
    let mut store = home.open();
    let secret = Secret::from("blue kettle seven");
    store.save(&document(id(1), 1, "Zebediah"), "x").unwrap();
    store.protect_quickly(&secret);
    let backup = store.backup(&home.backups(), None, "x").unwrap();
    assert!(backup.found.sound());
    let bytes = fs::read(&backup.file).unwrap();
    assert!(!bytes.windows(8).any(|part| part == b"Zebediah"));
    let other = Home::new();
    let put_back = |secret: Option<&Secret>| SqliteStore::restore(other.site(), &backup.file, secret, "x").map(drop);
    assert_eq!(put_back(None), Err(StoreError::Locked));
    assert_eq!(put_back(Some(&Secret::from("wrong words"))), Err(StoreError::WrongKey));
    assert_eq!(put_back(Some(&secret)), Ok(()));
    assert_eq!(names(&mut SqliteStore::unlock(other.site(), &secret, "x").unwrap()), ["Zebediah"]);
}

#[test]
fn a_damaged_backup_changes_nothing() {
    let home = Home::new();
    let mut store = home.open();
    store.save(&document(id(1), 1, "First"), "x").unwrap();
    let backup = store.backup(&home.backups(), None, "x").unwrap().file;
    let mut bytes = fs::read(&backup).unwrap();
    let at = bytes.windows(5).position(|part| part == b"First").unwrap();
    bytes[at] ^= 1;
    fs::write(&backup, bytes).unwrap();
    store.save(&document(id(2), 1, "Second"), "x").unwrap();
    for wrong in [backup.clone(), home.keep.path().join("nowhere"), home.backups()] {
        assert!(SqliteStore::restore(home.site(), &wrong, None, "x").is_err(), "{}", wrong.display());
    }
    fs::write(&backup, "no database at all, but long enough to be looked at for a while".repeat(90)).unwrap();
    assert!(SqliteStore::restore(home.site(), &backup, None, "x").is_err());
    assert_eq!(names(&mut store), ["Second", "First"]);
    assert!(store.verify().unwrap().sound());
    let left: Vec<_> = fs::read_dir(home.site().records).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_str().unwrap().starts_with("restoring")), "{left:?}");
}

#[test]
fn damaged_records_are_kept_when_a_backup_takes_their_place() {
    let home = Home::new();
    let mut store = home.open();
    store.save(&document(id(1), 1, "First"), "x").unwrap();
    let backup = store.backup(&home.backups(), None, "x").unwrap().file;
    let path = store.path().to_owned();
    drop(store);
    fs::write(&path, b"everything overwritten ".repeat(500)).unwrap();
    assert!(SqliteStore::open(home.site()).is_err());
    let restored = SqliteStore::restore(home.site(), &backup, None, "x").unwrap();
    assert!(fs::read(restored.before.unwrap()).unwrap().starts_with(b"everything overwritten"));
    assert_eq!(names(&mut home.open()), ["First"]);
}

#[test]
fn a_backup_is_made_while_another_program_saves() {
    let home = Home::new();
    let mut store = home.open();
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut other = home.open();
            for n in 0..40 {
                other.save(&document(id(n), 1, "Other"), "x").unwrap();
            }
        });
        for _ in 0..4 {
            let backup = store.backup(&home.backups(), None, "x").unwrap();
            assert!(backup.found.sound(), "{:?}", backup.found.problems);
        }
        writer.join().unwrap();
    });
    assert!(store.verify().unwrap().sound());
}

#[test]
fn old_backups_make_room_and_nothing_else_does() {
    let home = Home::new();
    let mut store = home.open();
    fs::create_dir(home.backups()).unwrap();
    for name in ["pistor-records-mine.db", "pistor-records-20200101T000000Z-0123456789abcdef.db", "letter.txt"] {
        fs::write(home.backups().join(name), "x").unwrap();
    }
    let removed = store.backup(&home.backups(), Some(1), "x").unwrap().removed;
    assert_eq!(removed.len(), 1);
    let mut left: Vec<_> = fs::read_dir(home.backups()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left.len(), 3, "{left:?}");
}

#[test]
fn a_backup_that_cannot_be_written_leaves_nothing() {
    let home = Home::new();
    let mut store = home.open();
    fs::write(home.keep.path().join("file"), "x").unwrap();
    assert!(store.backup(&home.keep.path().join("file/below"), None, "x").is_err());
    assert!(store.verify().unwrap().sound());
}

#[test]
fn an_old_backup_is_brought_up_to_date_and_stays_as_it_is() {
    let home = Home::new();
    let fixture = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/store-v1/records.db"));
    let before = fs::read(fixture).unwrap();
    let restored = SqliteStore::restore(home.site(), fixture, None, "x").unwrap();
    assert_eq!((restored.found.versions, restored.before), (3, None));
    assert_eq!(fs::read(fixture).unwrap(), before);
    assert_eq!(names(&mut home.open()).len(), 2);
}

#[test]
fn versions_move_between_stores_byte_for_byte() {
    let (from, to) = (Home::new(), Home::new());
    let (mut old, mut new) = (from.open(), to.open());
    let (a, b) = (id(1), id(2));
    for (id, version) in [(a, 1), (a, 2), (b, 1)] {
        old.save(&document(id, version, "Test Patient"), "x").unwrap();
    }
    let text = |store: &mut SqliteStore, id, version| store.load(id, Some(version)).unwrap().unwrap().text;
    let second = text(&mut old, a, 2);
    assert_eq!(import(&mut new, &second), Import::Gap);
    let first = text(&mut old, a, 1);
    assert_eq!(import(&mut new, &first), Import::Added);
    assert_eq!(import(&mut new, &first), Import::Known);
    assert_eq!(import(&mut new, &second), Import::Added);
    assert_eq!(text(&mut new, a, 2), second);
    let altered = first.replace("Line one.", "Line 1.");
    assert_ne!(altered, first);
    assert_eq!(import(&mut new, &altered), Import::Differs);
    assert_eq!(text(&mut new, a, 1), first);
    assert!(Exported::read("schema = 1\n".to_owned()).is_err());
    let found = new.verify().unwrap();
    assert!(found.sound() && found.versions == 2, "{found:?}");
}

#[test]
fn an_erased_consultation_leaves_a_tombstone_and_no_word() {
    let home = Home::new();
    let (mut store, mut other) = (home.open(), home.open());
    let (a, b) = (id(1), id(2));
    store.save(&document(a, 1, "Zebediah"), "x").unwrap();
    store.save(&document(a, 2, "Zebediah"), "x").unwrap();
    store.save(&document(b, 1, "Test Patient"), "x").unwrap();
    store.put_draft(&draft(a, 1)).unwrap();
    let text = store.load(a, Some(1)).unwrap().unwrap().text;
    assert_eq!(names(&mut other).len(), 2);
    assert!(store.erase(id(5), "x", "x").is_err(), "there is none");
    drop(other);
    assert_eq!(store.erase(a, "asked for by the patient", "Ada Example"), Ok(None));
    assert_eq!(names(&mut store), ["Test Patient"]);
    assert_eq!(store.load(a, None).unwrap(), None);
    assert!(store.drafts().unwrap().drafts.is_empty());
    let stone = store.tombstone(a).unwrap().unwrap();
    assert_eq!(
        (stone.by.as_str(), stone.reason.as_str(), stone.versions),
        ("Ada Example", "asked for by the patient", 2)
    );
    assert_eq!(store.audit().unwrap().last().unwrap().event.action, Action::Erased);
    let found = store.verify().unwrap();
    assert_eq!((found.sound(), found.versions, found.erased), (true, 1, 1), "{found:?}");
    assert_eq!(import(&mut store, &text), Import::Erased);
    assert!(store.save(&document(a, 1, "Zebediah"), "x").is_err(), "the id is not used again");
    for entry in fs::read_dir(home.site().records).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(8).any(|part| part == b"Zebediah"));
    }
    let raw = rusqlite::Connection::open(store.path()).unwrap();
    raw.execute("DELETE FROM tombstone", []).unwrap();
    assert!(!store.verify().unwrap().sound(), "a tombstone that is gone is found");
}

#[test]
fn what_was_erased_after_a_backup_is_named_when_the_backup_is_put_back() {
    let home = Home::new();
    let mut store = home.open();
    let (one, other, third) = (id(1), id(2), id(3));
    for id in [one, other, third] {
        store.save(&document(id, 1, "Test Patient"), "x").unwrap();
    }
    store.erase(third, "before the backup", "x").unwrap();
    let backup = store.backup(&home.backups(), None, "x").unwrap().file;
    store.protect_quickly(&Secret::from("blue kettle seven"));
    store.erase(one, "after it", "x").unwrap();
    drop(store);
    let done = SqliteStore::restore(home.site(), &backup, None, "x").unwrap();
    assert_eq!(done.unerased, [one], "also from records that are encrypted by now");
    assert!(home.open().load(one, None).unwrap().is_some());
}

#[test]
fn a_program_with_the_records_open_forgets_what_was_erased() {
    let home = Home::new();
    let (mut store, mut other) = (home.open(), home.open());
    let a = id(1);
    store.save(&document(a, 1, "Zebediah"), "x").unwrap();
    assert_eq!(names(&mut other), ["Zebediah"]);
    store.erase(a, "asked for", "x").unwrap();
    assert_eq!(other.list(&Query { limit: 9, ..Query::default() }), Err(StoreError::Locked), "it opens anew");
}

#[test]
fn encrypting_tells_of_readable_copies_beside_the_records() {
    let home = Home::new();
    let mut store = home.open();
    store.save(&document(id(1), 1, "First"), "x").unwrap();
    let backup = store.backup(&home.backups(), None, "x").unwrap().file;
    drop(store);
    let aside = SqliteStore::restore(home.site(), &backup, None, "x").unwrap().before.unwrap();
    let mut store = home.open();
    let traces = store.protect_quickly(&Secret::from("blue kettle seven")).traces.unwrap();
    assert!(traces.contains(aside.file_name().unwrap().to_str().unwrap()), "{traces}");
    fs::remove_file(aside).unwrap();
    assert_eq!(store.rotate(&Secret::from("blue kettle seven"), "x").unwrap().traces, None);
}
