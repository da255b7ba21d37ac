//! What every store does, whatever it is made of. PostgreSQL is held to it by a test of its own (`postgres/tests`):
//! that one needs a server.

use jiff::civil::date;
use rstest::rstest;
use tempfile::TempDir;

use super::sample::{at, document, draft, id};
use crate::record::*;

/// A store and whatever it needs to stay there.
fn memory() -> (Box<dyn Store>, Option<TempDir>) {
    (Box::new(MemoryStore::new()), None)
}

fn sqlite() -> (Box<dyn Store>, Option<TempDir>) {
    let home = tempfile::tempdir().unwrap();
    (Box::new(SqliteStore::open(&home.path().join("records")).unwrap()), Some(home))
}

fn sealed() -> (Box<dyn Store>, Option<TempDir>) {
    let home = tempfile::tempdir().unwrap();
    let mut store = SqliteStore::open(&home.path().join("records")).unwrap();
    store.protect_quickly(&Secret::from("blue kettle seven"));
    (Box::new(store), Some(home))
}

type Made = (Box<dyn Store>, Option<TempDir>);

/// One thing that a store does, tried on an empty one.
pub type Part = fn(&mut dyn Store);

/// All of it.
pub const CONTRACT: [(&str, Part); 7] = [
    ("what was saved is read back", what_was_saved_is_read_back),
    ("versions follow each other or conflict", versions_follow_each_other_or_conflict),
    ("lists show the newest version, newest first", lists_show_the_newest_version_newest_first),
    ("a patient is known again", a_patient_is_known_again),
    ("a consultation without a date of birth is nobody else's", a_consultation_without_a_date_of_birth_is_nobody_elses),
    ("a draft is kept, replaced, and gone when it is saved", a_draft_is_kept_replaced_and_gone_when_it_is_saved),
    ("the audit trail tells who did what", the_audit_trail_tells_who_did_what),
];

#[rstest]
fn every_store_keeps_the_contract(
    #[values(0, 1, 2, 3, 4, 5, 6)] part: usize,
    #[values(memory, sqlite, sealed)] make: fn() -> Made,
) {
    let (mut store, _home) = make();
    let (what, try_it) = CONTRACT[part];
    println!("{what}");
    try_it(&mut *store);
}

fn list(store: &mut dyn Store, text: &str) -> Vec<String> {
    let listing = store.list(&Query::words(text, 100)).unwrap();
    assert_eq!(listing.unreadable, 0);
    listing.cards.into_iter().map(|card| card.patient).collect()
}

fn what_was_saved_is_read_back(store: &mut dyn Store) {
    let document = document(id(1), 1, "Test Patient");
    let saved = store.save(&document, "Ada Example").unwrap();
    assert_eq!((saved.id, saved.version, saved.head.len()), (document.id, 1, 16));
    let stored = store.load(document.id, None).unwrap().unwrap();
    assert_eq!(stored.document().unwrap(), document);
    assert_eq!(stored.text, document.to_toml().unwrap(), "byte for byte");
    assert_eq!(stored.card, Card::of(&document));
    assert_eq!(store.load(document.id, Some(2)).unwrap(), None);
    assert_eq!(store.load(id(1), None).unwrap(), None);
}

fn versions_follow_each_other_or_conflict(store: &mut dyn Store) {
    let id = id(1);
    let conflict = |tried, newest| Err(StoreError::Conflict { id, tried, newest });
    assert_eq!(store.save(&document(id, 2, "A"), "x"), conflict(2, 0));
    assert_eq!(store.save(&document(id, 0, "A"), "x"), conflict(0, 0));
    store.save(&document(id, 1, "A"), "x").unwrap();
    assert_eq!(store.save(&document(id, 1, "B"), "x"), conflict(1, 1));
    store.save(&document(id, 2, "C"), "x").unwrap();
    let names = |cards: Vec<Card>| cards.into_iter().map(|c| (c.version, c.patient)).collect::<Vec<_>>();
    assert_eq!(names(store.history(id).unwrap()), [(1, "A".to_owned()), (2, "C".to_owned())]);
    assert_eq!(store.load(id, Some(1)).unwrap().unwrap().card.patient, "A");
    assert_eq!(store.load(id, None).unwrap().unwrap().card.patient, "C");
    let saved = store.audit().unwrap().into_iter().filter(|entry| entry.event.action == Action::Saved);
    assert_eq!(saved.count(), 2, "what was refused left no trace");
}

fn lists_show_the_newest_version_newest_first(store: &mut dyn Store) {
    let (a, b) = (id(1), id(2));
    store.save(&document(a, 1, "Zoë Müller"), "x").unwrap();
    store.save(&document(b, 1, "Test Patient"), "x").unwrap();
    assert_eq!(list(store, ""), ["Test Patient", "Zoë Müller"]);
    store.save(&document(a, 2, "Zoë Müller-Test"), "x").unwrap();
    assert_eq!(list(store, ""), ["Zoë Müller-Test", "Test Patient"]);
    assert_eq!(list(store, "mul ZOE"), ["Zoë Müller-Test"]);
    assert_eq!(list(store, "test"), ["Zoë Müller-Test", "Test Patient"]);
    assert_eq!(list(store, "ller"), Vec::<String>::new(), "beginnings of words");
    assert_eq!(list(store, "test warfarin clear"), ["Zoë Müller-Test", "Test Patient"]);
    let first = store.list(&Query { limit: 1, ..Query::default() }).unwrap();
    assert_eq!((first.cards.len(), first.total), (1, 2));
}

fn a_patient_is_known_again(store: &mut dyn Store) {
    // Saved in another order than they happened; the first one was amended last.
    let (first, second, other) = (id(1), id(2), id(3));
    store.save(&document(second, 1, "Zoë Müller"), "x").unwrap();
    store.save(&document(first, 1, "zoe MULLER"), "x").unwrap();
    store.save(&document(other, 1, "Test Patient"), "x").unwrap();
    store.save(&document(first, 2, "zoe MULLER"), "x").unwrap();
    assert_eq!(store.last_of_patient(first).unwrap(), Some(second));
    assert_eq!(store.last_of_patient(other).unwrap(), Some(other));
    assert_eq!(store.last_of_patient(id(9)).unwrap(), None);
    let patient = Some(Person::new("Zoe Müller", Some(date(1982, 3, 4))));
    let listing = store.list(&Query { patient, limit: 9, ..Query::default() }).unwrap();
    assert_eq!(listing.total, 2);
    let alike = store.alike(&Person::new("Muller Zoe", None), 9).unwrap();
    assert_eq!(alike.len(), 1, "{alike:?}");
    assert_eq!((alike[0].card.id, alike[0].consultations), (second, 2));
    assert!(store.alike(&Person::new("Nobody Else", None), 9).unwrap().is_empty());
}

fn a_consultation_without_a_date_of_birth_is_nobody_elses(store: &mut dyn Store) {
    for second in [1, 2] {
        let mut document = document(id(second), 1, "Maria Example");
        document.patient.birth_date = None;
        store.save(&document, "x").unwrap();
    }
    let cards = store.list(&Query { limit: 9, ..Query::default() }).unwrap().cards;
    for card in cards {
        assert_eq!(store.last_of_patient(card.id).unwrap(), Some(card.id));
    }
}

fn a_draft_is_kept_replaced_and_gone_when_it_is_saved(store: &mut dyn Store) {
    let (a, b) = (id(1), id(2));
    store.put_draft(&draft(a, 1)).unwrap();
    store.put_draft(&draft(b, 2)).unwrap();
    assert_eq!(store.drafts().unwrap().drafts, [draft(b, 2), draft(a, 1)], "the last changed first");
    store.put_draft(&draft(a, 3)).unwrap();
    assert_eq!(store.drafts().unwrap().drafts, [draft(a, 3), draft(b, 2)]);
    store.drop_draft(b).unwrap();
    store.drop_draft(b).unwrap();
    let refused = store.save(&document(a, 7, "A"), "x");
    assert!(refused.is_err());
    assert_eq!(store.drafts().unwrap().drafts, [draft(a, 3)], "a save that failed keeps the draft");
    store.save(&document(a, 1, "A"), "x").unwrap();
    assert_eq!(store.drafts().unwrap(), Drafts::default());
}

fn the_audit_trail_tells_who_did_what(store: &mut dyn Store) {
    let id = id(1);
    let saved = store.save(&document(id, 1, "Test Patient"), "Ada Example").unwrap();
    let opened = Event::with(at(9), "Bo Example", Action::Opened, id, 1);
    let head = store.note(&opened).unwrap();
    let mut trail = store.audit().unwrap();
    let before = trail.len() - 2;
    let opening = [Action::Protected, Action::Unlocked];
    assert!(trail.drain(..before).all(|entry| opening.contains(&entry.event.action)));
    let seq = |n: usize| u64::try_from(before + n).unwrap();
    assert_eq!(trail.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [seq(1), seq(2)]);
    assert_eq!((trail[0].event.action, trail[0].event.actor.as_str()), (Action::Saved, "Ada Example"));
    assert!(trail[0].event.digest.is_some());
    assert_eq!(trail[1].event, opened);
    assert!(trail[0].chain.starts_with(&saved.head) && trail[1].chain.starts_with(&head));
    let found = store.verify().unwrap();
    assert_eq!((found.versions, found.entries, found.drafts), (1, before + 2, 0));
    assert_eq!((found.head.as_str(), found.sound()), (head.as_str(), true), "{found:?}");
}

#[test]
fn both_stores_chain_alike() {
    let id = id(1);
    let heads = [memory, sqlite].map(|make| {
        let (mut store, _home) = make();
        store.save(&document(id, 1, "Test Patient"), "x").unwrap().head
    });
    assert_eq!(heads[0], heads[1]);
}

#[test]
fn the_store_in_memory_fails_when_it_is_told_to() {
    let mut store = MemoryStore::new();
    store.fail_writes(Some(StoreError::Full));
    assert_eq!(store.save(&document(id(1), 1, "A"), "x"), Err(StoreError::Full));
    assert_eq!(store.put_draft(&draft(id(1), 1)), Err(StoreError::Full));
    store.fail_writes(None);
    store.put_draft(&draft(id(1), 1)).unwrap();
}

#[rstest]
#[case(StoreError::Full, "disk is full")]
#[case(StoreError::Busy, "another program")]
#[case(StoreError::WrongKey, "does not open")]
#[case(StoreError::Locked, "passphrase")]
#[case(StoreError::Vanished { path: "/p".into() }, "the records are gone: put them back")]
#[case(StoreError::Unprotected, "records protect")]
#[case(StoreError::Corrupt { detail: "x".into() }, "damaged (x)")]
#[case(StoreError::NewerSchema { found: 9, known: 1 }, "newer pistor")]
#[case(StoreError::ReadOnly { path: "/p".into() }, "make their place writable")]
#[case(StoreError::Conflict { id: id(1), tried: 2, newest: 2 }, "version 2 is the newest")]
fn every_error_is_a_sentence(#[case] error: StoreError, #[case] says: &str) {
    assert!(error.to_string().contains(says), "{error}");
}
