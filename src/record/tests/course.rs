//! Sessions and reactions behind a saved consultation.

use jiff::civil::date;
use rstest::rstest;
use tempfile::TempDir;

use super::sample::{at, document, draft, id};
use crate::follow_up::{Answer, Given, Onset, Performed, Seen, What};
use crate::pack::Response;
use crate::record::*;

type Made = (Box<dyn Store>, Option<TempDir>);

fn memory() -> Made {
    (Box::new(MemoryStore::new()), None)
}

fn sqlite() -> Made {
    let home = tempfile::tempdir().unwrap();
    (Box::new(SqliteStore::open(&home.path().join("records")).unwrap()), Some(home))
}

fn session(lot: &str) -> What {
    What::Session(Performed {
        date: date(2026, 12, 1),
        planned: Some(1),
        practitioner: "Ada Example".into(),
        given: vec![Given {
            area: "cheeks".into(),
            product: "Example HA".into(),
            lot: Some(lot.into()),
            ml: Some(0.1 + 0.2),
            ..Given::default()
        }],
        ..Performed::default()
    })
}

fn lump(lots: &[&str], response: Response) -> What {
    let flags = Vec::new();
    What::Reaction(Box::new(Seen {
        updates: None,
        what: vec!["nodule".into()],
        text: "\"a pea\"\nunder the skin".into(),
        session: Some(1),
        session_date: Some(date(2026, 12, 1)),
        onset: Onset::Days(21),
        ended: None,
        area: None,
        site: Some(crate::pack::Site::Here),
        grade: 1,
        grade_words: "mild".into(),
        serious: Vec::new(),
        lots: lots.iter().map(|lot| (*lot).to_owned()).collect(),
        same_lot: Some(0),
        causality: None,
        action: Vec::new(),
        outcome: None,
        note: String::new(),
        naranjo: [("after".to_owned(), "yes".to_owned())].into(),
        reported: None,
        answer: Answer { response, stop: true, quarantine: true, to: Vec::new(), flags, unknown: Vec::new() },
    }))
}

fn amended(of: &Document, version: u32) -> Document {
    let amendment = Some(Amendment { reason: "The weight was wrong.".into() });
    Document { version, amendment, saved_at: at(50), ..of.clone() }
}

#[rstest]
fn an_entry_goes_behind_the_newest_version_and_changes_nothing_else(#[values(memory, sqlite)] make: fn() -> Made) {
    let (mut store, _home) = make();
    let first = document(id(1), 1, "Test Patient");
    store.save(&first, "Ada Example").unwrap();
    store.put_draft(&draft(first.id, 1)).unwrap();
    let (saved, after) = follow_up(store.as_mut(), first.id, &session("L-1"), None, "Bo Example", at(60)).unwrap();
    assert_eq!((saved.version, after.follow_up.len()), (2, 1));
    assert_eq!((after.signed(), after.saved_at, after.is_follow_up()), (first.saved_at, at(60), true));
    let mut without = after.clone();
    (without.follow_up, without.version, without.saved_at) = (Vec::new(), 1, first.saved_at);
    (without.signed_at, without.program) = (None, first.program.clone());
    assert_eq!(without, first, "nothing that was signed is another one");
    assert_eq!(store.load(first.id, Some(1)).unwrap().unwrap().document().unwrap(), first);
    assert_eq!(store.drafts().unwrap().drafts.len(), 1, "an amendment that was begun stays");
    follow_up(store.as_mut(), first.id, &lump(&["l 1"], Response::ReferDays), None, "Bo Example", at(70)).unwrap();
    let stored = store.load(first.id, None).unwrap().unwrap();
    let document = stored.document().unwrap();
    assert_eq!(document.follow_up.iter().map(|entry| entry.number).collect::<Vec<_>>(), [1, 2]);
    assert_eq!((document.signed(), stored.card.entries), (first.saved_at, 2));
    assert_eq!(Document::from_json(&document.to_json().unwrap()).unwrap(), document);
    // The lot is one, however it was written.
    let [lot] = stored.card.lots.as_slice() else { panic!("{:?}", stored.card.lots) };
    assert_eq!((lot.lot.as_str(), lot.given.len(), lot.reactions.len()), ("L-1", 1, 1));
    let told: Vec<_> =
        store.audit().unwrap().into_iter().map(|entry| (entry.event.action, entry.event.detail)).collect();
    let followed = |kind: &str| (Action::FollowedUp, kind.to_owned());
    assert_eq!(told, [(Action::Saved, String::new()), followed("session"), followed("reaction")]);
    assert!(store.verify().unwrap().sound());
    assert!(
        follow_up(store.as_mut(), id(9), &session("x"), None, "x", at(80)).is_err(),
        "there is no such consultation"
    );
}

/// A session that was begun, as a draft of a consultation.
fn begun(of: RecordId, draft: i64) -> Draft {
    let entered = vec![
        Entered { field: "given.0.lot".into(), text: "L-1".into(), taken: None },
        Entered { field: "serious".into(), text: String::new(), taken: Some(Vec::new()) },
        Entered { field: "area".into(), text: String::new(), taken: None },
    ];
    let following = Following { record: of, patient: "Test Patient".into(), kind: FollowUpKind::Session, entered };
    Draft { following: Some(following), ..Draft::new(id(draft), at(1)) }
}

#[rstest]
fn the_draft_of_an_entry_is_kept_word_for_word_and_gone_when_it_is_saved(#[values(memory, sqlite)] make: fn() -> Made) {
    let (mut store, _home) = make();
    let first = document(id(1), 1, "Test Patient");
    store.save(&first, "Ada Example").unwrap();
    let (one, other) = (begun(first.id, 7), begun(first.id, 8));
    for draft in [&one, &other] {
        store.put_draft(draft).unwrap();
    }
    let kept = store.drafts().unwrap().drafts;
    assert!(kept.contains(&one) && kept.contains(&other), "{kept:?}");
    follow_up(store.as_mut(), first.id, &session("L-1"), Some(one.id), "Ada Example", at(60)).unwrap();
    assert_eq!(store.drafts().unwrap().drafts, [other]);
    assert!(store.verify().unwrap().sound());
}

#[test]
fn an_erased_consultation_takes_its_drafts_with_it() {
    let home = tempfile::tempdir().unwrap();
    let mut store = SqliteStore::open(&home.path().join("records")).unwrap();
    let (one, other) = (id(1), id(2));
    let (draft, kept) = (begun(one, 7), begun(other, 8));
    for (of, draft) in [(one, &draft), (other, &kept)] {
        store.save(&document(of, 1, "Test Patient"), "x").unwrap();
        store.put_draft(draft).unwrap();
    }
    store.erase(one, "asked for", "x").unwrap();
    assert_eq!(store.drafts().unwrap().drafts, std::slice::from_ref(&kept));
    // Nor does one come afterwards, from a program in which it was still open.
    assert_eq!(store.put_draft(&draft), Err(StoreError::Erased { id: one }));
    let amendment = Draft { amends: 1, ..Draft::new(one, at(60)) };
    assert_eq!(store.put_draft(&amendment), Err(StoreError::Erased { id: one }));
    let entry = follow_up(&mut store, one, &session("L-1"), None, "x", at(60));
    assert_eq!(entry.map(|_| ()), Err(StoreError::Erased { id: one }));
    assert_eq!(store.drafts().unwrap().drafts, [kept]);
}

#[test]
fn two_programs_that_write_at_once_lose_nothing() {
    let home = tempfile::tempdir().unwrap();
    let place = home.path().join("records");
    let (mut one, mut two) = (SqliteStore::open(&place).unwrap(), SqliteStore::open(&place).unwrap());
    let first = document(id(1), 1, "Test Patient");
    one.save(&first, "x").unwrap();
    std::thread::scope(|scope| {
        for store in [&mut one, &mut two] {
            scope.spawn(|| {
                for n in 0..5 {
                    follow_up(store, first.id, &session(&format!("L-{n}")), None, "x", at(60 + n)).unwrap();
                }
            });
        }
    });
    let document = one.load(first.id, None).unwrap().unwrap().document().unwrap();
    assert_eq!((document.version, document.follow_up.len()), (11, 10));
    assert!(one.verify().unwrap().sound());
}

#[rstest]
fn an_amendment_takes_all_entries_with_it(#[values(memory, sqlite)] make: fn() -> Made) {
    let (mut store, _home) = make();
    let first = document(id(1), 1, "Test Patient");
    store.save(&first, "x").unwrap();
    // Begun from version 1; meanwhile two entries are written.
    for lot in ["A", "B"] {
        follow_up(store.as_mut(), first.id, &session(lot), None, "x", at(60)).unwrap();
    }
    let saved = sign(store.as_mut(), &amended(&first, 2), "x").unwrap();
    let after = store.load(first.id, None).unwrap().unwrap().document().unwrap();
    assert_eq!((saved.version, after.follow_up.len(), after.is_follow_up()), (4, 2, false));
    assert!(after.amendment.is_some());
    // Somebody else amended it meanwhile: that is a conflict as before.
    let conflict = sign(store.as_mut(), &amended(&first, 2), "x");
    assert_eq!(conflict, Err(StoreError::Conflict { id: first.id, tried: 2, newest: 4 }));
    assert_eq!(sign(store.as_mut(), &amended(&first, 5), "x").unwrap().version, 5);
    assert_eq!(store.load(first.id, None).unwrap().unwrap().document().unwrap().follow_up.len(), 2);
}

#[rstest]
fn other_patients_with_a_lot_are_counted_once(#[values(memory, sqlite)] make: fn() -> Made) {
    let (mut store, _home) = make();
    let mut save = |name: &str, what: &[What]| {
        let document = document(id(1), 1, name);
        store.save(&document, "x").unwrap();
        for what in what {
            follow_up(store.as_mut(), document.id, what, None, "x", at(60)).unwrap();
        }
        document.id
    };
    let case = lump(&["L-1"], Response::ReferDays);
    let this = save("Test Patient", &[session("L-1"), case.clone()]);
    save("Test Patient", std::slice::from_ref(&case));
    save("Expected Example", &[lump(&["L-1"], Response::Reassure)]);
    save("No Reaction", &[session("L-1")]);
    save("Other Lot", &[lump(&["L-10"], Response::Emergency)]);
    let lots = |lots: &[&str]| lots.iter().map(|lot| (*lot).to_owned()).collect::<Vec<_>>();
    let count = |store: &mut dyn Store, named: &[&str]| others_with(store, this, &lots(named)).unwrap();
    assert_eq!(
        count(store.as_mut(), &["L-1"]),
        Some(0),
        "the same person, what was expected, and no reaction are no case"
    );
    let other = document(id(1), 1, "Other Example");
    store.save(&other, "x").unwrap();
    follow_up(store.as_mut(), other.id, &lump(&["l1", "L-2"], Response::Watch), None, "x", at(60)).unwrap();
    assert_eq!(count(store.as_mut(), &["L 1", "L2"]), Some(1), "one person with both lots is one");
    assert_eq!(count(store.as_mut(), &[]), None, "without a lot nobody knows");
}
