//! Drills: every byte flipped, the disk full in the middle, the place gone, the clock set back.

use std::fs;
use std::path::{Path, PathBuf};

use super::SqliteStore;
use crate::record::tests::sample::{at, document, draft, id};
use crate::record::{
    Action, AuditEntry, Draft, Event, Listing, Query, RecordId, Secret, Site, Store, StoreError, Stored,
};

const SECRET: &str = "blue kettle seven";

/// Everything a reader can get out of a store.
#[derive(Clone, PartialEq, Debug)]
struct Content {
    versions: Vec<Option<Stored>>,
    listing: Listing,
    drafts: Vec<Draft>,
    trail: Vec<AuditEntry>,
    declined: bool,
}

fn versions() -> Vec<(RecordId, u32)> {
    let id = |n: u32| -> RecordId { format!("019a0000-0000-7000-8000-{n:012}").parse().unwrap() };
    vec![(id(1), 1), (id(1), 2), (id(2), 1), (id(3), 1)]
}

/// Reads all of it, verifying nothing: what a screen would show. `Err` when anything of it says that it is wrong.
fn content(store: &mut SqliteStore) -> Result<Content, StoreError> {
    let listing = store.list(&Query::words("", 99))?;
    let drafts = store.drafts()?;
    if listing.unreadable > 0 || !drafts.unreadable.is_empty() {
        return Err(StoreError::Corrupt { detail: "told on the first screen".into() });
    }
    let versions =
        versions().into_iter().map(|(id, version)| store.load(id, Some(version))).collect::<Result<_, _>>()?;
    let declined = store.standing()?.protection == crate::record::Protection::Declined;
    Ok(Content { versions, listing, drafts: drafts.drafts, trail: store.audit()?, declined })
}

/// Entries that opening the store adds are not part of what was there.
fn without_unlocks(mut content: Content) -> Content {
    content.trail.retain(|entry| !matches!(entry.event.action, Action::Unlocked | Action::UnlockFailed));
    content
}

fn small_store(place: &Path, protected: bool) -> PathBuf {
    let mut store = SqliteStore::open(place).unwrap();
    let [one, two, three, four] = versions()[..] else { panic!("four versions") };
    for (id, version) in [one, two, three, four] {
        store.save(&document(id, version, "Test Patient"), "x").unwrap();
    }
    store.put_draft(&draft(id(9), 1)).unwrap();
    if protected {
        store.protect_quickly(&Secret::from(SECRET));
    } else {
        store.decline("x").unwrap();
    }
    store.erase(four.0, "a test", "x").unwrap();
    store.path().to_owned()
}

fn open(place: &Path, protected: bool) -> Result<SqliteStore, StoreError> {
    if protected { SqliteStore::unlock(place, &Secret::from(SECRET), "x") } else { SqliteStore::open(place) }
}

/// What came of the flips.
#[derive(Default, Debug)]
struct Figures {
    tried: usize,
    not_opened: usize,
    told_on_reading: usize,
    found_by_verify: usize,
    harmless: usize,
}

/// Flips one bit in every `step`th byte. No flip may crash the program or change a word that is read unnoticed.
fn flip(protected: bool, step: usize) -> Figures {
    let home = tempfile::tempdir().unwrap();
    let place = home.path().join("records");
    let file = small_store(&place, protected);
    let sound = fs::read(&file).unwrap();
    let before = without_unlocks(content(&mut open(&place, protected).unwrap()).unwrap());
    let mut figures = Figures::default();
    for byte in (0..sound.len()).step_by(step) {
        let mut bytes = sound.clone();
        bytes[byte] ^= 1 << (byte / step % 8);
        for suffix in ["-wal", "-shm"] {
            let _ = fs::remove_file(format!("{}{suffix}", file.display()));
        }
        fs::write(&file, &bytes).unwrap();
        figures.tried += 1;
        let Ok(mut store) = open(&place, protected) else {
            figures.not_opened += 1;
            continue;
        };
        let read = content(&mut store).map(without_unlocks);
        let sound = store.verify().is_ok_and(|found| found.sound());
        match read {
            Err(_) => figures.told_on_reading += 1,
            Ok(read) if read == before && sound => figures.harmless += 1,
            Ok(_) if !sound => figures.found_by_verify += 1,
            Ok(read) => panic!("byte {byte} changed something unseen: {read:#?}"),
        }
    }
    figures
}

/// Every byte takes minutes, on a disk far more: `TMPDIR=/dev/shm PISTOR_DRILL_STEP=1`; otherwise a part of them.
fn step() -> usize {
    std::env::var("PISTOR_DRILL_STEP").ok().and_then(|step| step.parse().ok()).filter(|step| *step > 0).unwrap_or(211)
}

#[test]
fn every_flipped_byte_of_a_readable_store_is_noticed_or_harmless() {
    let figures = flip(false, step());
    println!("readable: {figures:?}");
    assert!(figures.tried > 200 && figures.not_opened + figures.told_on_reading + figures.found_by_verify > 50);
}

#[test]
fn every_flipped_byte_of_an_encrypted_store_is_noticed_or_harmless() {
    let figures = flip(true, step());
    println!("encrypted: {figures:?}");
    assert!(figures.tried > 200 && figures.not_opened + figures.told_on_reading + figures.found_by_verify > 50);
}

/// Rows that `verify` alone would miss if it looked at bytes only: cut, moved, exchanged.
#[test]
fn a_store_that_is_cut_short_at_any_page_is_noticed() {
    let home = tempfile::tempdir().unwrap();
    let place = home.path().join("records");
    let file = small_store(&place, false);
    let sound = fs::read(&file).unwrap();
    let before = content(&mut open(&place, false).unwrap()).unwrap();
    // One byte counts as an empty file: SQLite writes one to make a file real on some systems. Then, as when the file is
    // gone, the note outside the store tells.
    for length in (2..sound.len()).step_by(4096 / 2 + 7) {
        fs::write(&file, &sound[..length]).unwrap();
        let Ok(mut store) = open(&place, false) else { continue };
        let same = content(&mut store).is_ok_and(|read| read == before);
        assert!(same || !store.verify().is_ok_and(|found| found.sound()), "{length} of {} bytes", sound.len());
    }
}

#[test]
fn a_disk_that_is_full_while_encrypting_changes_nothing() {
    let home = tempfile::tempdir().unwrap();
    let place = home.path().join("records");
    let mut store = SqliteStore::open(&place).unwrap();
    for (id, version) in versions() {
        store.save(&document(id, version, "Test Patient"), "x").unwrap();
    }
    let before = content(&mut store).unwrap();
    let pages: i64 = store.connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    store.connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(())).unwrap();
    assert_eq!(store.protect(&Secret::from(SECRET), "x"), Err(StoreError::Full));
    assert_eq!(content(&mut store).unwrap(), before);
    assert!(store.verify().unwrap().sound());
    drop(store);
    assert_eq!(content(&mut open(&place, false).unwrap()).unwrap(), before, "it is still readable, and whole");
}

#[cfg(unix)]
#[test]
fn a_save_into_a_place_that_is_gone_is_never_called_saved() {
    let home = tempfile::tempdir().unwrap();
    let place = home.path().join("records");
    let site = Site { records: place.clone(), state: Some(home.path().join("state")) };
    let mut store = SqliteStore::open(site.clone()).unwrap();
    store.save(&document(id(1), 1, "Test Patient"), "x").unwrap();
    let aside = home.path().join("taken away");
    fs::rename(&place, &aside).unwrap();
    let vanished =
        |result: Result<(), StoreError>| assert!(matches!(result, Err(StoreError::Vanished { .. })), "{result:?}");
    vanished(store.save(&document(id(2), 1, "Test Patient"), "x").map(drop));
    vanished(store.put_draft(&draft(id(3), 1)));
    vanished(store.note(&Event::new(at(1), "x", Action::Verified)).map(drop));
    // Whoever starts again before it is back is told that these are not the records that were here.
    let mut empty = SqliteStore::open(site.clone()).unwrap();
    let words = empty.standing().unwrap().rolled_back.expect("it is noticed");
    assert!(words.contains("another store"), "{words}");
    drop(empty);
    fs::remove_dir_all(&place).unwrap();
    fs::rename(&aside, &place).unwrap();
    let mut back = SqliteStore::open(site).unwrap();
    assert_eq!(back.standing().unwrap().rolled_back, None);
    assert!(back.verify().unwrap().sound());
}

#[test]
fn a_clock_that_was_set_back_loses_nothing_and_is_told() {
    let home = tempfile::tempdir().unwrap();
    let place = home.path().join("records");
    let mut store = SqliteStore::open(&place).unwrap();
    let first = document(id(1), 1, "First");
    store.save(&first, "x").unwrap();
    let mut second = document(id(2), 1, "Second");
    second.saved_at = at(-400 * 86400);
    store.save(&second, "x").unwrap();
    let mut amended = document(first.id, 2, "First again");
    amended.saved_at = at(-400 * 86400);
    store.save(&amended, "x").unwrap();
    let listing = store.list(&Query::words("", 9)).unwrap();
    let names: Vec<_> = listing.cards.iter().map(|card| card.patient.as_str()).collect();
    assert_eq!(names, ["First again", "Second"], "in the order in which they were saved, and the newest version");
    let found = store.verify().unwrap();
    assert!(found.sound(), "{:?}", found.problems);
    assert!(found.notes[0].contains("the clock was set back: entry 2"), "{:?}", found.notes);
    assert_eq!(found.notes.len(), 1);
}
