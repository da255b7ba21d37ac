//! Programs that are killed while they save. The child is this test binary again, told by the environment.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::sample::{at, document, draft, id};
use crate::record::*;

const PLACE: &str = "PISTOR_TEST_CRASH_STORE";

fn child(place: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "record::tests::crash::saves_until_it_is_killed", "--ignored", "--nocapture"])
        .env(PLACE, place)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
#[ignore = "the child of the tests below"]
fn saves_until_it_is_killed() {
    let Some(place) = std::env::var_os(PLACE) else { return };
    let mut store = SqliteStore::open(Path::new(&place)).unwrap();
    for round in 0.. {
        let id = id(round);
        store.put_draft(&draft(id, round)).unwrap();
        println!("\ndraft {id} 0");
        for version in 1..=3 {
            store.save(&document(id, version, "Test Patient"), "x").unwrap();
            println!("\nsaved {id} {version}");
        }
        store.note(&Event::new(at(round), "x", Action::Verified)).unwrap();
    }
}

/// What a child said it had saved, and the drafts it had kept and not yet saved.
#[derive(Default)]
struct Acknowledged {
    saved: BTreeSet<(RecordId, u32)>,
    drafts: BTreeSet<RecordId>,
}

impl Acknowledged {
    fn read(&mut self, line: &str) -> bool {
        let mut words = line.split(' ');
        let (Some(word), Some(id), Some(version)) = (words.next(), words.next(), words.next()) else { return false };
        let (Ok(id), Ok(version)) = (id.parse(), version.parse()) else { return false };
        match word {
            "draft" => self.drafts.insert(id),
            "saved" => {
                self.drafts.remove(&id);
                self.saved.insert((id, version))
            }
            _ => return false,
        };
        true
    }
}

/// Reads `count` acknowledgements, kills the child, and reads what it had still said.
fn kill_after(mut child: Child, count: usize, into: &mut Acknowledged) {
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut seen = 0;
    for line in lines {
        seen += usize::from(into.read(&line.unwrap()));
        if seen == count {
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    assert!(seen >= count, "the child ended by itself after {seen}");
}

fn check(place: &Path, acknowledged: &Acknowledged) {
    let mut store = SqliteStore::open(place).unwrap();
    for (id, version) in &acknowledged.saved {
        let stored = store.load(*id, Some(*version)).unwrap();
        let stored = stored.unwrap_or_else(|| panic!("version {version} of {id} is lost"));
        assert_eq!(stored.document().unwrap().id, *id);
    }
    // A save that was not acknowledged any more may have taken its draft.
    let drafts: BTreeSet<_> = store.drafts().unwrap().drafts.into_iter().map(|draft| draft.id).collect();
    for id in &acknowledged.drafts {
        assert!(drafts.contains(id) || store.load(*id, None).unwrap().is_some(), "the draft {id} is lost");
    }
    let found = store.verify().unwrap();
    assert!(found.sound(), "{:?}", found.problems);
    assert!(found.versions >= acknowledged.saved.len());
}

#[test]
fn what_was_acknowledged_outlives_a_kill() {
    let home = tempfile::tempdir().unwrap();
    let place = home.path().join("records");
    let mut acknowledged = Acknowledged::default();
    for count in [1, 2, 3, 5, 8, 13] {
        kill_after(child(&place), count, &mut acknowledged);
        check(&place, &acknowledged);
    }
}

#[test]
fn two_programs_write_at_once_and_one_is_killed() {
    let home = tempfile::tempdir().unwrap();
    let place = home.path().join("records");
    let (one, two) = (child(&place), child(&place));
    let mut acknowledged = Acknowledged::default();
    kill_after(one, 7, &mut acknowledged);
    check(&place, &acknowledged);
    kill_after(two, 20, &mut acknowledged);
    check(&place, &acknowledged);
}
