//! A store that an earlier program wrote: `tests/fixtures/store-v1`, with invented patients.

use std::fs;
use std::path::PathBuf;

use super::{SqliteStore, open};
use crate::record::{Action, Protection, Query, RecordId, Secret, Store};

fn old_store() -> (tempfile::TempDir, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let place = home.path().join("records");
    fs::create_dir(&place).unwrap();
    let fixture = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/store-v1/records.db");
    fs::copy(fixture, place.join("records.db")).unwrap();
    (home, place)
}

fn id(n: u32) -> RecordId {
    format!("019a0000-0000-7000-8000-{n:012}").parse().unwrap()
}

#[test]
fn an_old_store_opens_and_nothing_in_it_is_lost() {
    let (_home, place) = old_store();
    let mut store = SqliteStore::open(&place).unwrap();
    let schema: i64 = store.connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(schema, open::KNOWN);
    let listing = store.list(&Query::words("muller", 9)).unwrap();
    assert_eq!((listing.cards[0].patient.as_str(), listing.cards[0].version), ("Zoë Müller-Test", 2));
    for (id, version) in [(id(1), 1), (id(1), 2), (id(2), 1)] {
        let stored = store.load(id, Some(version)).unwrap().unwrap();
        let document = stored.document().unwrap();
        assert_eq!((document.id, document.version), (id, version));
        assert_eq!(document.amendment, None, "it did not know amendments yet");
    }
    let drafts = store.drafts().unwrap();
    assert_eq!((drafts.drafts[0].id, drafts.unreadable.len()), (id(3), 0));
    let found = store.verify().unwrap();
    assert_eq!((found.versions, found.drafts, found.entries, found.problems), (3, 1, 4, Vec::new()));
    assert_eq!(store.audit().unwrap()[3].event.action, Action::Opened);
    assert_eq!(store.standing().unwrap().protection, Protection::Undecided);
}

#[test]
fn an_old_store_can_be_encrypted_and_goes_on() {
    let (_home, place) = old_store();
    let mut store = SqliteStore::open(&place).unwrap();
    let head = store.verify().unwrap().head;
    store.protect_quickly(&Secret::from("blue kettle seven"));
    let found = store.verify().unwrap();
    assert!(found.sound(), "{:?}", found.problems);
    assert!(store.audit().unwrap()[3].chain.starts_with(&head), "heads printed before stay true");
    let bytes = fs::read(place.join("records.db")).unwrap();
    assert!(!bytes.windows(6).any(|part| part == &"Müller".as_bytes()[..6]));
}

#[test]
fn two_programs_bring_an_old_store_up_to_date_at_once() {
    let (_home, place) = old_store();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..6).map(|_| scope.spawn(|| SqliteStore::open(&place).map(drop))).collect();
        for thread in threads {
            thread.join().unwrap().unwrap();
        }
    });
    assert!(SqliteStore::open(&place).unwrap().verify().unwrap().sound());
}
