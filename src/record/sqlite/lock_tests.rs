//! Protection: what opens, what does not, and what can be read without a key.

use std::fs;
use std::path::{Path, PathBuf};

use super::SqliteStore;
use crate::record::tests::sample::{at, document, draft, id};
use crate::record::{Action, Event, Query, RecoveryCode, Secret, Site, Store, StoreError};

const NAME: &str = "Zebediah Testperson";

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

    /// All bytes below the home, by file.
    fn bytes(&self) -> Vec<(PathBuf, Vec<u8>)> {
        fn below(folder: &Path, into: &mut Vec<(PathBuf, Vec<u8>)>) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { below(&path, into) } else { into.push((path.clone(), fs::read(&path).unwrap())) }
            }
        }
        let mut all = Vec::new();
        below(self.keep.path(), &mut all);
        all
    }

    fn files_that_say(&self, words: &str) -> Vec<PathBuf> {
        let found = |bytes: &[u8]| bytes.windows(words.len()).any(|part| part.eq_ignore_ascii_case(words.as_bytes()));
        self.bytes().into_iter().filter(|(_, bytes)| found(bytes)).map(|(path, _)| path).collect()
    }
}

fn secret() -> Secret {
    Secret::from("blue kettle seven")
}

fn code(code: &RecoveryCode) -> Secret {
    Secret::from(code.groups().as_str())
}

/// A store with a record, a version more, a draft that was written often, and a passphrase.
fn protected(home: &Home) -> (SqliteStore, RecoveryCode) {
    let mut store = SqliteStore::open(home.site()).unwrap();
    let first = id(1);
    store.save(&document(first, 1, NAME), "Ada Example").unwrap();
    store.save(&document(first, 2, NAME), "Ada Example").unwrap();
    let mut kept = draft(id(2), 1);
    for n in 0..20 {
        kept.intake = format!("[patient]\nname = \"{NAME}\"\n{}", "# long\n".repeat(n * 40));
        store.put_draft(&kept).unwrap();
    }
    assert!(!home.files_that_say("Zebediah").is_empty(), "there is something to hide");
    let fresh = store.protect_quickly(&secret());
    assert_eq!(fresh.traces, None);
    (store, fresh.code)
}

#[test]
fn nothing_of_a_protected_store_can_be_read_in_its_files() {
    let home = Home::new();
    let (mut store, _) = protected(&home);
    for words in ["Zebediah", "Testperson", "1982-03-04", "hydration", "warfarin", "Ada Example"] {
        assert_eq!(home.files_that_say(words), Vec::<PathBuf>::new(), "{words}, right after encrypting");
    }
    store.save(&document(id(5), 1, NAME), "Ada Example").unwrap();
    store.put_draft(&draft(id(6), 1)).unwrap();
    assert_eq!(store.list(&Query::words("zebed", 9)).unwrap().total, 2, "found in memory");
    for words in ["Zebediah", "1982-03-04", "hydration", "warfarin", "Ada Example", "itches", "said that"] {
        assert_eq!(home.files_that_say(words), Vec::<PathBuf>::new(), "{words}, while it is open");
    }
    assert!(store.verify().unwrap().sound());
}

#[test]
fn only_the_passphrase_and_the_code_open_it() {
    let home = Home::new();
    let (store, recovery) = protected(&home);
    drop(store);
    let before = home.site();
    assert_eq!(SqliteStore::open(before.clone()).map(drop), Err(StoreError::Locked));
    for wrong in ["", "blue kettle seve", "Blue kettle seven", "0000-0000-0000-0000-0000-0000-0000"] {
        let opened = SqliteStore::unlock(before.clone(), &Secret::from(wrong), "x").map(drop);
        assert_eq!(opened, Err(StoreError::WrongKey), "{wrong}");
    }
    for right in [secret(), code(&recovery)] {
        let mut store = SqliteStore::unlock(before.clone(), &right, "Ada Example").unwrap();
        assert_eq!(store.list(&Query { limit: 9, ..Query::default() }).unwrap().cards[0].patient, NAME);
        assert!(store.verify().unwrap().sound());
    }
    let mut store = SqliteStore::unlock(before, &secret(), "Ada Example").unwrap();
    let trail = store.audit().unwrap();
    let count = |action| trail.iter().filter(|entry| entry.event.action == action).count();
    assert_eq!((count(Action::UnlockFailed), count(Action::Unlocked), count(Action::Protected)), (4, 3, 1));
    assert!(trail.iter().any(|e| e.event.action == Action::Unlocked && e.event.detail == "recovery code"));
}

#[test]
fn a_damaged_lock_is_not_called_a_wrong_passphrase() {
    let home = Home::new();
    let (store, recovery) = protected(&home);
    let path = store.path().to_owned();
    drop(store);
    let raw = rusqlite::Connection::open(path).unwrap();
    raw.execute("UPDATE slot SET body = replace(body, '\"passes\":1', '\"passes\":2') WHERE kind = 'passphrase'", [])
        .unwrap();
    let opened = SqliteStore::unlock(home.site(), &secret(), "x").map(drop);
    assert!(matches!(opened, Err(StoreError::Corrupt { .. })), "{opened:?}");
    assert!(SqliteStore::unlock(home.site(), &code(&recovery), "x").is_ok(), "the other lock still works");
}

#[test]
fn the_passphrase_changes_and_the_code_stays() {
    let home = Home::new();
    let (mut store, recovery) = protected(&home);
    let new = Secret::from("four other words here");
    assert_eq!(store.change_passphrase(&Secret::from("wrong one"), &new, "x"), Err(StoreError::WrongKey));
    store.change_passphrase(&code(&recovery), &new, "x").unwrap();
    drop(store);
    assert_eq!(SqliteStore::unlock(home.site(), &secret(), "x").map(drop), Err(StoreError::WrongKey));
    assert!(SqliteStore::unlock(home.site(), &new, "x").is_ok());
    let mut store = SqliteStore::unlock(home.site(), &code(&recovery), "x").unwrap();
    let other = store.new_recovery_code(&new, "x").unwrap().code;
    drop(store);
    assert_eq!(SqliteStore::unlock(home.site(), &code(&recovery), "x").map(drop), Err(StoreError::WrongKey));
    assert!(SqliteStore::unlock(home.site(), &code(&other), "x").is_ok());
}

#[test]
fn rotating_seals_everything_anew_and_keeps_the_trail() {
    let home = Home::new();
    let (mut store, recovery) = protected(&home);
    let (before, path) = (store.audit().unwrap(), store.path().to_owned());
    let body = || -> Vec<u8> {
        let raw = rusqlite::Connection::open(&path).unwrap();
        raw.query_row("SELECT body FROM record WHERE rowid = 1", [], |row| row.get(0)).unwrap()
    };
    let sealed = body();
    let fresh = store.rotate(&secret(), "Ada Example").unwrap();
    assert_ne!(body(), sealed);
    assert_eq!(store.audit().unwrap()[..before.len()], before[..], "heads that were printed stay true");
    assert!(store.verify().unwrap().sound());
    drop(store);
    assert_eq!(SqliteStore::unlock(home.site(), &code(&recovery), "x").map(drop), Err(StoreError::WrongKey));
    assert!(SqliteStore::unlock(home.site(), &code(&fresh.code), "x").is_ok());
    assert!(SqliteStore::unlock(home.site(), &secret(), "x").is_ok());
}

#[test]
fn a_program_that_had_it_open_in_the_clear_writes_nothing_into_it() {
    let home = Home::new();
    let mut old = SqliteStore::open(home.site()).unwrap();
    let (mut new, _) = protected(&home);
    assert_eq!(old.save(&document(id(8), 1, "A"), "x").map(drop), Err(StoreError::Locked));
    assert_eq!(old.put_draft(&draft(id(8), 1)), Err(StoreError::Locked));
    assert_eq!(old.note(&Event::new(at(1), "x", Action::Verified)).map(drop), Err(StoreError::Locked));
    assert_eq!(old.list(&Query { limit: 9, ..Query::default() }).map(drop), Err(StoreError::Locked));
    assert!(new.verify().unwrap().sound());
}

#[test]
fn rows_of_another_kind_or_place_are_not_taken_for_records() {
    let home = Home::new();
    let plain_home = Home::new();
    let (mut store, _) = protected(&home);
    let mut plain = SqliteStore::open(plain_home.site()).unwrap();
    plain.save(&document(id(1), 1, "Forged"), "x").unwrap();
    let raw = rusqlite::Connection::open(store.path()).unwrap();
    raw.execute("ATTACH ?1 AS other", [plain.path().to_str().unwrap()]).unwrap();
    raw.execute_batch("DROP TRIGGER record_no_update; UPDATE record SET card = (SELECT card FROM other.record), body = (SELECT body FROM other.record) WHERE rowid = 2").unwrap();
    let listing = store.list(&Query { limit: 9, ..Query::default() }).unwrap();
    assert!(listing.cards.iter().all(|card| card.patient != "Forged") && listing.unreadable == 1);
    assert!(!store.verify().unwrap().sound());
}

#[test]
fn an_old_store_put_back_is_noticed() {
    let home = Home::new();
    let (store, _) = protected(&home);
    let path = store.path().to_owned();
    drop(store);
    let yesterday = fs::read(&path).unwrap();
    let mut store = SqliteStore::unlock(home.site(), &secret(), "x").unwrap();
    assert_eq!(store.standing().unwrap().rolled_back, None);
    store.save(&document(id(7), 1, NAME), "x").unwrap();
    drop(store);
    fs::write(&path, yesterday).unwrap();
    let mut store = SqliteStore::unlock(home.site(), &secret(), "x").unwrap();
    let words = store.standing().unwrap().rolled_back.expect("it is noticed");
    assert!(words.contains("older"), "{words}");
    let problems = store.verify().unwrap().problems;
    assert!(problems.iter().any(|problem| problem.contains("older")), "{problems:?}");
}

#[test]
fn what_could_not_be_swept_out_is_swept_out_at_the_next_start() {
    let home = Home::new();
    let mut store = SqliteStore::open(home.site()).unwrap();
    store.save(&document(id(1), 1, NAME), "x").unwrap();
    // Somebody is reading: the log cannot be emptied.
    let reader = rusqlite::Connection::open(store.path()).unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM record").unwrap();
    store.connection.busy_timeout(std::time::Duration::ZERO).unwrap();
    let fresh = store.protect_quickly(&secret());
    assert!(fresh.traces.is_some_and(|why| why.contains("the next start cleans up")));
    drop(reader);
    drop(store);
    let store = SqliteStore::unlock(home.site(), &secret(), "x").unwrap();
    assert_eq!(home.files_that_say("Zebediah"), Vec::<PathBuf>::new());
    assert_eq!(store.meta("unswept").unwrap(), None);
}
