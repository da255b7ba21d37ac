//! What is particular to the file: settings, permissions, damage, other programs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use rusqlite::Connection;
use tempfile::TempDir;

use super::{Site, SqliteStore, open};
use crate::record::tests::sample::{at, document, draft, id};
use crate::record::{Action, Event, Query, Store, StoreError};

struct Home {
    _keep: TempDir,
    place: PathBuf,
}

impl Home {
    fn new() -> Self {
        let keep = tempfile::tempdir().unwrap();
        Self { place: keep.path().join("records"), _keep: keep }
    }

    fn open(&self) -> SqliteStore {
        SqliteStore::open(&self.place).unwrap()
    }

    fn try_open(&self) -> Result<(), StoreError> {
        SqliteStore::open(&self.place).map(drop)
    }

    fn file(&self) -> PathBuf {
        self.place.join("records.db")
    }

    /// The file under another program's hands, without our settings.
    fn raw(&self) -> Connection {
        Connection::open(self.file()).unwrap()
    }
}

#[test]
fn every_setting_that_safety_rests_on_is_on() {
    let home = Home::new();
    for store in [home.open(), home.open()] {
        let text = |pragma: &str| -> String {
            let value =
                store.connection.pragma_query_value(None, pragma, |row| row.get::<_, rusqlite::types::Value>(0));
            match value.unwrap() {
                rusqlite::types::Value::Integer(n) => n.to_string(),
                rusqlite::types::Value::Text(text) => text,
                other => panic!("{other:?}"),
            }
        };
        for (pragma, value) in [
            ("journal_mode", "wal"),
            ("synchronous", "2"),
            ("cell_size_check", "1"),
            ("secure_delete", "2"),
            ("trusted_schema", "0"),
            ("temp_store", "2"),
            ("busy_timeout", "10000"),
            ("fullfsync", "1"),
            ("recursive_triggers", "1"),
            ("user_version", "2"),
        ] {
            assert_eq!(text(pragma), value, "{pragma}");
        }
    }
}

#[test]
fn records_and_trail_cannot_be_changed_even_by_hand() {
    let home = Home::new();
    let mut store = home.open();
    store.save(&document(id(1), 1, "Test Patient"), "x").unwrap();
    let raw = home.raw();
    for sql in [
        "UPDATE record SET body = x'00'",
        "DELETE FROM record",
        "INSERT INTO record SELECT id, 3, card, body FROM record",
        "INSERT OR REPLACE INTO record SELECT id, 1, card, x'00' FROM record",
        "UPDATE audit SET entry = x'00'",
        "DELETE FROM audit",
        "INSERT OR REPLACE INTO audit SELECT seq, x'00', chain FROM audit",
        "INSERT INTO audit VALUES (7, x'00', x'00')",
    ] {
        assert!(raw.execute(sql, []).is_err(), "{sql}");
    }
    assert!(store.verify().unwrap().sound());
}

/// Someone who takes the triggers away first.
fn tampered(sql: &str) -> Vec<String> {
    let home = Home::new();
    let mut store = home.open();
    for n in 1..=3 {
        store.save(&document(id(n), 1, "Test Patient"), "x").unwrap();
    }
    store.put_draft(&draft(id(9), 1)).unwrap();
    assert!(store.verify().unwrap().sound());
    let raw = home.raw();
    let triggers: Vec<String> = raw
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    triggers.iter().for_each(|name| raw.execute_batch(&format!("DROP TRIGGER {name}")).unwrap());
    raw.execute_batch(sql).unwrap();
    store.verify().unwrap().problems
}

#[test]
fn verify_finds_what_was_changed_behind_our_back() {
    assert_eq!(tampered(""), Vec::<String>::new());
    for (sql, says) in [
        ("UPDATE record SET body = x'01' WHERE rowid = 2", "bytes are not those"),
        ("UPDATE record SET card = (SELECT card FROM record WHERE rowid = 1) WHERE rowid = 2", "bytes are not those"),
        ("UPDATE record SET body = CAST(x'07' || body AS BLOB) WHERE rowid = 2", "unknown way"),
        ("DELETE FROM record WHERE rowid = 3", "was saved and is not there"),
        ("UPDATE record SET version = 2 WHERE rowid = 1", "version 1"),
        ("UPDATE audit SET entry = (SELECT entry FROM audit WHERE seq = 1) WHERE seq = 2", "does not follow"),
        ("DELETE FROM audit WHERE seq = 2", "entries 2 to 2 are missing"),
        ("DELETE FROM audit WHERE seq = 3", "trail does not know it"),
        ("UPDATE audit SET chain = x'00' WHERE seq = 2", "entry 3 does not follow"),
        ("UPDATE draft SET body = x'01'", "the draft"),
        ("INSERT INTO draft VALUES ('x', x'01', 'y')", "the draft x"),
    ] {
        let problems = tampered(sql);
        assert!(!problems.is_empty() && problems.iter().any(|p| p.contains(says)), "{sql}: {problems:?}");
    }
}

#[test]
fn a_damaged_row_does_not_hide_the_others() {
    let home = Home::new();
    let (a, b) = (id(1), id(2));
    let mut store = home.open();
    for id in [a, b] {
        store.save(&document(id, 1, "Test Patient"), "x").unwrap();
    }
    store.put_draft(&draft(a, 1)).unwrap();
    store.put_draft(&draft(b, 2)).unwrap();
    let raw = home.raw();
    raw.execute_batch("DROP TRIGGER record_no_update; UPDATE record SET card = x'01', body = x'01' WHERE rowid = 1")
        .unwrap();
    raw.execute("UPDATE draft SET body = x'02' WHERE id = ?1", [a.to_string()]).unwrap();
    let listing = store.list(&Query { limit: 9, ..Query::default() }).unwrap();
    assert_eq!((listing.cards.len(), listing.unreadable), (1, 1));
    assert!(matches!(store.load(a, None), Err(StoreError::Corrupt { .. })));
    assert!(store.load(b, None).unwrap().is_some());
    let drafts = store.drafts().unwrap();
    assert_eq!((drafts.drafts.len(), drafts.unreadable[0].id.clone()), (1, a.to_string()));
}

#[test]
fn flipped_bytes_are_found_or_harmless() {
    let home = Home::new();
    let ids: Vec<_> = (1..=8).map(id).collect();
    let mut store = home.open();
    for id in &ids {
        store.save(&document(*id, 1, "Test Patient"), "x").unwrap();
    }
    let before: Vec<_> = ids.iter().map(|id| store.load(*id, None).unwrap().unwrap()).collect();
    let trail = store.audit().unwrap();
    drop(store);
    assert!(!home.place.join("records.db-wal").exists(), "everything is in the file");
    let sound = fs::read(home.file()).unwrap();
    let (mut found, mut harmless) = (0, 0);
    for n in 0..97 {
        let mut bytes = sound.clone();
        let at = (n * 7919 + 131) * 4093 % bytes.len();
        bytes[at] ^= 1 << (n % 8);
        fs::write(home.file(), &bytes).unwrap();
        let detected = match SqliteStore::open(&home.place) {
            Err(_) => true,
            Ok(mut store) => match store.verify() {
                Ok(result) if result.sound() => {
                    let after: Vec<_> = ids.iter().map(|id| store.load(*id, None).unwrap().unwrap()).collect();
                    assert_eq!(
                        (&after, &store.audit().unwrap()),
                        (&before, &trail),
                        "byte {at} changed something unseen"
                    );
                    false
                }
                _ => true,
            },
        };
        if detected { found += 1 } else { harmless += 1 }
    }
    assert!(3 * found > harmless, "{found} found, {harmless} in free space");
}

#[test]
fn newer_and_foreign_files_are_refused_and_left_alone() {
    let home = Home::new();
    home.open();
    home.raw().pragma_update(None, "user_version", open::KNOWN + 1).unwrap();
    let before = fs::read(home.file()).unwrap();
    assert_eq!(home.try_open(), Err(StoreError::NewerSchema { found: open::KNOWN + 1, known: open::KNOWN }));
    assert_eq!(fs::read(home.file()).unwrap(), before);

    let home = Home::new();
    fs::create_dir(&home.place).unwrap();
    home.raw().execute_batch("CREATE TABLE notes (a)").unwrap();
    let before = fs::read(home.file()).unwrap();
    assert!(home.try_open().unwrap_err().to_string().contains("not a record store of pistor"));
    assert_eq!(fs::read(home.file()).unwrap(), before);

    let home = Home::new();
    fs::create_dir(&home.place).unwrap();
    fs::write(home.file(), b"this is no database, but some text that is longer than a header. ".repeat(40)).unwrap();
    assert!(matches!(home.try_open(), Err(StoreError::Corrupt { .. })));
}

#[test]
fn many_programs_may_open_a_new_store_at_once() {
    let home = Home::new();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|n| {
                let place = &home.place;
                scope.spawn(move || {
                    let mut store = SqliteStore::open(place)?;
                    store.save(&document(id(n), 1, "Test Patient"), "x")
                })
            })
            .collect();
        for thread in threads {
            thread.join().unwrap().unwrap();
        }
    });
    let found = home.open().verify().unwrap();
    assert!(found.sound() && found.versions == 8, "{found:?}");
}

#[test]
fn two_open_stores_see_each_other_and_share_one_chain() {
    let home = Home::new();
    let (mut a, mut b) = (home.open(), home.open());
    let all = Query { limit: 9, ..Query::default() };
    let id = id(1);
    a.save(&document(id, 1, "A"), "x").unwrap();
    assert_eq!(b.list(&all).unwrap().cards[0].patient, "A");
    b.save(&document(id, 2, "B"), "x").unwrap();
    assert_eq!(a.save(&document(id, 2, "C"), "x"), Err(StoreError::Conflict { id, tried: 2, newest: 2 }));
    a.note(&Event::new(at(1), "x", Action::Verified)).unwrap();
    assert_eq!(a.list(&all).unwrap().cards[0].patient, "B");
    assert!(a.verify().unwrap().sound());
    assert_eq!(a.verify().unwrap().head, b.verify().unwrap().head);
}

#[test]
fn a_store_that_another_program_holds_is_busy() {
    let home = Home::new();
    let mut store = SqliteStore::open_patient(&Site::from(&home.place), Duration::ZERO).unwrap();
    let other = home.raw();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_eq!(store.save(&document(id(1), 1, "A"), "x"), Err(StoreError::Busy));
    assert!(store.audit().unwrap().is_empty(), "reading goes on");
    other.execute_batch("ROLLBACK").unwrap();
    store.save(&document(id(1), 1, "A"), "x").unwrap();
}

/// Fills the store until it says that it is full; then makes room and goes on.
fn fill(store: &mut SqliteStore, make_room: impl FnOnce(&SqliteStore)) {
    let mut saved = 0;
    let big = |n| {
        let mut document = document(id(n), 1, "Test Patient");
        document.decisions.notes = "long ".repeat(20_000);
        document
    };
    let refused = (0..200).map(big).find_map(|document| match store.save(&document, "x") {
        Ok(_) => {
            saved += 1;
            None
        }
        Err(error) => Some((document, error)),
    });
    let (document, error) = refused.expect("the place is small");
    assert_eq!(error, StoreError::Full);
    let found = store.verify().unwrap();
    assert!(found.sound() && found.versions == saved, "{found:?}");
    make_room(store);
    store.save(&document, "x").unwrap();
    let found = store.verify().unwrap();
    assert!(found.sound() && found.versions == saved + 1, "{found:?}");
}

#[test]
fn a_full_store_says_so_keeps_everything_and_goes_on() {
    let home = Home::new();
    let mut store = home.open();
    store.connection.pragma_update_and_check(None, "max_page_count", 200, |_| Ok(())).unwrap();
    fill(&mut store, |store| {
        store.connection.pragma_update_and_check(None, "max_page_count", 100_000, |_| Ok(())).unwrap();
    });
}

/// Runs an ignored test of this file in another process.
fn again(test: &str, place: &Path, through: &[&str]) -> std::process::Output {
    let exe = std::env::current_exe().unwrap();
    let (program, arguments) = match through {
        [] => (exe.as_os_str(), Vec::new()),
        [program, arguments @ ..] => (program.as_ref(), [arguments, &[exe.to_str().unwrap()]].concat()),
    };
    let name = format!("record::sqlite::tests::{test}");
    Command::new(program)
        .args(arguments)
        .args(["--exact", &name, "--ignored", "--nocapture"])
        .env("PISTOR_TEST_PLACE", place)
        .output()
        .unwrap()
}

fn told_place() -> Option<PathBuf> {
    std::env::var_os("PISTOR_TEST_PLACE").map(PathBuf::from)
}

#[cfg(target_os = "linux")]
mod linux {
    use super::*;

    #[test]
    #[ignore = "the child of `a_full_disk_says_so_keeps_everything_and_goes_on`"]
    fn fills_a_small_disk() {
        let Some(place) = told_place() else { return };
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=3m", "none"]).arg(&place).status();
        if !mounted.is_ok_and(|status| status.success()) {
            println!("skipped: no tmpfs here");
            return;
        }
        let ballast = place.join("ballast");
        fs::write(&ballast, vec![1; 1 << 20]).unwrap();
        let mut store = SqliteStore::open(&place.join("records")).unwrap();
        fill(&mut store, |_| fs::remove_file(&ballast).unwrap());
        drop(store);
        // Nor does a disk that is full already look like another fault, while it is opened or written to.
        let mut rest = fs::File::create(&ballast).unwrap();
        while std::io::Write::write_all(&mut rest, &[1; 4096]).is_ok() {}
        let full = SqliteStore::open(&place.join("records"));
        let full = full.and_then(|mut store| store.save(&document(id(999), 1, "Test Patient"), "x").map(drop));
        assert_eq!(full, Err(StoreError::Full));
        fs::remove_file(&ballast).unwrap();
        assert!(SqliteStore::open(&place.join("records")).unwrap().verify().unwrap().sound());
        println!("filled");
    }

    #[test]
    fn a_full_disk_says_so_keeps_everything_and_goes_on() {
        let home = tempfile::tempdir().unwrap();
        let can_mount = Command::new("unshare").args(["-rm", "true"]).status().is_ok_and(|status| status.success());
        if !can_mount {
            return;
        }
        let output = again("linux::fills_a_small_disk", home.path(), &["unshare", "-rm"]);
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
        assert!(said.contains("filled") || said.contains("skipped"), "{said}");
    }
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    fn all_private(place: &Path) {
        assert_eq!(mode(place), 0o700);
        let names = ["records.db", "records.db-wal", "records.db-shm"];
        for name in names {
            assert_eq!(mode(&place.join(name)), 0o600, "{name}");
        }
        assert_eq!(fs::read_dir(place).unwrap().count(), names.len(), "nothing else is there");
    }

    #[test]
    #[ignore = "the child of `no_umask_opens_the_store_to_others`"]
    fn saves_under_another_umask() {
        let Some(place) = told_place() else { return };
        let mut store = SqliteStore::open(&place).unwrap();
        store.save(&document(id(1), 1, "Test Patient"), "x").unwrap();
        all_private(&place);
        println!("private");
    }

    #[test]
    fn no_umask_opens_the_store_to_others() {
        for umask in ["000", "022", "077"] {
            let home = tempfile::tempdir().unwrap();
            let script = format!("umask {umask}; exec \"$@\"");
            let place = home.path().join("deep/records");
            let output = again("unix::saves_under_another_umask", &place, &["sh", "-c", &script, "sh"]);
            let said = String::from_utf8_lossy(&output.stdout);
            assert!(said.contains("private"), "{umask}: {said}{}", String::from_utf8_lossy(&output.stderr));
            assert_eq!(mode(&home.path().join("deep")), 0o700, "the way there is private as well");
        }
    }

    #[test]
    fn a_store_that_is_open_to_others_is_narrowed() {
        let home = Home::new();
        let mut store = home.open();
        store.save(&document(id(1), 1, "Test Patient"), "x").unwrap();
        set_mode(&home.place, 0o755);
        for name in ["records.db", "records.db-wal", "records.db-shm"] {
            set_mode(&home.place.join(name), 0o644);
        }
        let _second = home.open();
        all_private(&home.place);
    }

    #[test]
    fn a_shared_directory_is_refused_and_left_as_it_is() {
        let home = Home::new();
        fs::create_dir(&home.place).unwrap();
        set_mode(&home.place, 0o1777);
        assert!(matches!(home.try_open(), Err(StoreError::NotPrivate { .. })));
        assert_eq!(fs::metadata(&home.place).unwrap().permissions().mode() & 0o7777, 0o1777);
        assert_eq!(fs::read_dir(&home.place).unwrap().count(), 0);
    }

    #[test]
    #[ignore = "the child of `a_place_that_cannot_be_written_is_said_to_be_so`"]
    fn tries_places_that_cannot_be_written() {
        let Some(home) = told_place() else { return };
        let open = |place: &str| SqliteStore::open(&home.join(place)).map(drop);
        for place in ["locked", "locked/inside", "file", "store"] {
            match open(place) {
                Err(StoreError::ReadOnly { path }) => assert!(path.starts_with(&home)),
                other => panic!("{place}: {other:?}"),
            }
        }
        assert!(matches!(open("plain"), Err(StoreError::Io { .. })), "a file where the directory should be");
        println!("refused");
    }

    #[test]
    fn a_place_that_cannot_be_written_is_said_to_be_so() {
        let home = tempfile::tempdir().unwrap();
        let at = |name: &str| home.path().join(name);
        fs::create_dir(at("locked")).unwrap();
        fs::create_dir(at("file")).unwrap();
        fs::write(at("file/records.db"), "").unwrap();
        fs::write(at("plain"), "").unwrap();
        SqliteStore::open(&at("store")).unwrap().save(&document(id(1), 1, "Test Patient"), "x").unwrap();
        let mut through: Vec<&str> = Vec::new();
        if fs::metadata(home.path()).unwrap().uid() == 0 {
            // Nothing is closed to root: the child is nobody, and everything is theirs.
            let mine = ["locked", "file", "file/records.db", "plain", "store", "store/records.db", ""];
            for path in mine.map(at) {
                std::os::unix::fs::chown(path, Some(65534), Some(65534)).unwrap();
            }
            through = vec!["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
            let can = Command::new(through[0]).args(&through[1..]).arg("true").status();
            if !can.is_ok_and(|status| status.success()) {
                return;
            }
        }
        set_mode(&at("file/records.db"), 0o400);
        set_mode(&at("store/records.db"), 0o400);
        for directory in ["locked", "file", "store"] {
            set_mode(&at(directory), 0o500);
        }
        let output = again("unix::tries_places_that_cannot_be_written", home.path(), &through);
        for directory in ["locked", "file", "store"] {
            set_mode(&at(directory), 0o700);
        }
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(said.contains("refused"), "{said}{}", String::from_utf8_lossy(&output.stderr));
    }
}
