//! Several rooms on a real server. One test, so that there is one server; its parts are told as they go.

mod cluster;

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use super::wire::Wire;
use super::{PostgresStore, Room, read_all};
use crate::record::check::Check;
use crate::record::tests::contract::CONTRACT;
use crate::record::tests::sample::{at, document, draft, id};
use crate::record::tests::tools::tell;
use crate::record::witness::Noted;
use crate::record::*;
use cluster::Cluster;

const SECRET: &str = "blue kettle seven";
const NAME: &str = "Zebediah Testperson";

/// What it shows, and the showing.
type Part = (&'static str, fn(&Cluster));

fn secret() -> Secret {
    Secret::from(SECRET)
}

fn all() -> Query {
    Query::words("", 1000)
}

/// A clinic's database, moved there from the protected file of a first room.
fn clinic(cluster: &Cluster, database: &str, saved: &[Document]) {
    cluster.sql("postgres", &[&format!("CREATE DATABASE {database}")]);
    let home = tempfile::tempdir().unwrap();
    let mut file = SqliteStore::open(&home.path().join("records")).unwrap();
    for document in saved {
        file.save(document, "x").unwrap();
    }
    file.protect_quickly(&secret());
    PostgresStore::found(&cluster.owner(database), &file).unwrap();
}

fn open(room: &Room) -> PostgresStore {
    PostgresStore::open(room, Box::new(MemoryStore::new()), &secret(), "Ada Example").unwrap()
}

#[test]
fn several_rooms_work_on_a_real_postgresql() {
    let mut cluster = match Cluster::start() {
        Ok(cluster) => cluster,
        Err(why) => return tell(&format!("several rooms: SKIPPED, nothing was tried: {why}")),
    };
    cluster.sql(
        "postgres",
        &[
            "CREATE ROLE pistor_room NOLOGIN",
            "CREATE ROLE one LOGIN IN ROLE pistor_room",
            "CREATE ROLE two LOGIN IN ROLE pistor_room",
        ],
    );
    for (n, (what, part)) in CONTRACT.iter().enumerate() {
        let database = format!("contract_{n}");
        clinic(&cluster, &database, &[]);
        println!("the contract: {what}");
        part(&mut open(&cluster.room("one", &database, None)));
    }
    clinic(&cluster, "clinic", &[document(id(1), 1, NAME)]);
    let parts: [Part; 8] = [
        ("what a file held is there, and only protected files move", what_a_file_held_is_there),
        ("two rooms see each other and share one chain", two_rooms_see_each_other),
        ("rooms that save at once lose nothing", rooms_that_save_at_once),
        ("a room killed in the middle of a save", killed_in_the_middle),
        ("a room killed while it saves", killed_while_it_saves),
        ("a role can add and nothing else", a_role_can_add_and_nothing_else),
        ("passphrases tried in vain", passphrases_tried_in_vain),
        ("what was changed on the server is found", what_was_changed_is_found),
    ];
    for (what, part) in parts {
        println!("{what}");
        part(&cluster);
    }
    println!("the server dies and comes back");
    the_server_dies_and_comes_back(&mut cluster);
    println!("an older database put back");
    an_older_database_is_noticed(&cluster);
    println!("nothing readable is on the server");
    nothing_readable_is_on_the_server(&mut cluster);
}

fn what_a_file_held_is_there(cluster: &Cluster) {
    let mut store = open(&cluster.room("one", "clinic", None));
    assert_eq!(store.list(&all()).unwrap().cards[0].patient, NAME);
    assert_eq!(store.standing().unwrap().protection, Protection::Sealed);
    let found = store.verify().unwrap();
    assert!(found.sound() && found.protected && found.versions == 1, "{found:?}");
    assert!(store.protect(&secret(), "x").is_err() && store.decline("x").is_err());

    let home = tempfile::tempdir().unwrap();
    let mut file = SqliteStore::open(&home.path().join("records")).unwrap();
    cluster.sql("postgres", &["CREATE DATABASE empty"]);
    let found = PostgresStore::found(&cluster.owner("empty"), &file);
    assert_eq!(found, Err(StoreError::Unprotected), "a server never gets a readable word");
    file.protect_quickly(&secret());
    assert!(PostgresStore::found(&cluster.owner("clinic"), &file).is_err(), "it has records already");
    let opened = |database| {
        let drafts = Box::new(MemoryStore::new());
        PostgresStore::open(&cluster.room("one", database, None), drafts, &secret(), "x").map(drop).unwrap_err()
    };
    assert!(opened("empty").to_string().contains("no records of pistor"), "{}", opened("empty"));
    cluster.sql("contract_0", &["UPDATE pistor.meta SET value = '9' WHERE key = 'schema'"]);
    assert_eq!(opened("contract_0"), StoreError::NewerSchema { found: 9, known: 1 });
    cluster.sql("contract_1", &["ALTER SYSTEM SET full_page_writes = off", "SELECT pg_reload_conf()"]);
    // Each connection learns of a reload in its own time; a new one has it.
    assert!(opened("contract_1").to_string().contains("may lose what it acknowledged"), "{}", opened("contract_1"));
    cluster.sql("contract_1", &["ALTER SYSTEM RESET full_page_writes", "SELECT pg_reload_conf()"]);
}

fn two_rooms_see_each_other(cluster: &Cluster) {
    let (mut one, mut two) = (open(&cluster.room("one", "clinic", None)), open(&cluster.room("two", "clinic", None)));
    let id = id(2);
    one.put_draft(&draft(id, 1)).unwrap();
    assert_eq!(two.drafts().unwrap(), Drafts::default(), "drafts stay where they are typed");
    one.save(&document(id, 1, "A"), "x").unwrap();
    assert_eq!(one.drafts().unwrap(), Drafts::default());
    assert_eq!(two.list(&all()).unwrap().cards[0].patient, "A");
    two.save(&document(id, 2, "B"), "y").unwrap();
    assert_eq!(one.save(&document(id, 2, "C"), "x"), Err(StoreError::Conflict { id, tried: 2, newest: 2 }));
    one.note(&Event::new(at(1), "x", Action::Verified)).unwrap();
    assert_eq!(one.list(&all()).unwrap().cards[0].patient, "B");
    let (a, b) = (one.verify().unwrap(), two.verify().unwrap());
    assert!(a.sound() && a.head == b.head, "{a:?}");
}

fn rooms_that_save_at_once(cluster: &Cluster) {
    const EACH: i64 = 15;
    let contested = id(5000);
    let before = open(&cluster.room("one", "clinic", None)).verify().unwrap().versions;
    let won: Vec<usize> = std::thread::scope(|scope| {
        let rooms: Vec<_> = (0..4)
            .map(|n| {
                let room = cluster.room(["one", "two"][n % 2], "clinic", None);
                scope.spawn(move || {
                    let (mut store, from) = (open(&room), 1000 * (n as i64 + 1));
                    for own in from..from + EACH {
                        store.save(&document(id(own), 1, &format!("Patient {own}")), "x").unwrap();
                    }
                    let mut won = 0;
                    // All four amend the same consultation at once: of each version there is one.
                    for version in 1..=10 {
                        match store.save(&document(contested, version, &format!("room {n}")), "x") {
                            Ok(_) => won += 1,
                            Err(StoreError::Conflict { newest, .. }) => assert!(newest + 1 != version),
                            Err(other) => panic!("{other}"),
                        }
                    }
                    won
                })
            })
            .collect();
        rooms.into_iter().map(|room| room.join().unwrap()).collect()
    });
    let mut store = open(&cluster.room("two", "clinic", None));
    let history = store.history(contested).unwrap();
    assert_eq!(won.iter().sum::<usize>(), history.len(), "{won:?}: whoever was told so is the one");
    for (n, won) in won.iter().enumerate() {
        let theirs = history.iter().filter(|card| card.patient == format!("room {n}")).count();
        assert_eq!(theirs, *won, "room {n}");
    }
    let found = store.verify().unwrap();
    assert!(found.sound() && found.versions == before + 4 * EACH as usize + history.len(), "{found:?}");
}

const PLACE: &str = "PISTOR_TEST_ROOM";

/// This test binary again, as a room of its own.
fn child(test: &str, cluster: &Cluster) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("record::postgres::tests::{test}"), "--ignored", "--nocapture"])
        .env(PLACE, cluster.folder())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn told_room() -> Option<Room> {
    let socket = PathBuf::from(std::env::var_os(PLACE)?);
    Some(Room { socket, port: 5432, database: "clinic".into(), role: "two".into(), state: None })
}

#[test]
#[ignore = "a child of the test of several rooms"]
fn stops_in_the_middle_of_a_save() {
    let Some(room) = told_room() else { return };
    let mut store = open(&room);
    let done: Result<(), StoreError> = store.write(|pen| {
        pen.insert(&id(1).to_string(), 1, b"card", b"body")?;
        pen.append(&Event::new(at(1), "x", Action::Verified))?;
        println!("\nmiddle");
        std::io::stdin().read_exact(&mut [0]).unwrap();
        Ok(())
    });
    panic!("nobody lets it go on: {done:?}");
}

#[test]
#[ignore = "a child of the test of several rooms"]
fn saves_until_it_is_killed() {
    let Some(room) = told_room() else { return };
    let mut store = open(&room);
    for round in 0.. {
        let id = id(round);
        for version in 1..=3 {
            store.save(&document(id, version, "Test Patient"), "x").unwrap();
            println!("\nsaved {id} {version}");
        }
    }
}

fn killed_in_the_middle(cluster: &Cluster) {
    let mut store = open(&cluster.room("one", "clinic", None));
    let mut child = child("stops_in_the_middle_of_a_save", cluster);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap() == "middle"));
    let before = store.audit().unwrap();
    assert!(store.verify().unwrap().sound(), "reading does not wait for who writes");
    child.kill().unwrap();
    child.wait().unwrap();
    // The server notices that the room is gone, and lets the next one write.
    store.save(&document(id(3), 1, "After the kill"), "x").unwrap();
    assert_eq!(store.audit().unwrap().len(), before.len() + 1, "nothing of it is there");
    assert!(store.verify().unwrap().sound());
}

fn killed_while_it_saves(cluster: &Cluster) {
    let mut store = open(&cluster.room("one", "clinic", None));
    let mut kills = 0;
    for count in [1, 2, 5, 11] {
        let mut child = child("saves_until_it_is_killed", cluster);
        let mut saved: Vec<(RecordId, u32)> = Vec::new();
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            let mut words = line.split(' ');
            if words.next() == Some("saved") {
                saved.push((words.next().unwrap().parse().unwrap(), words.next().unwrap().parse().unwrap()));
                if saved.len() == count {
                    child.kill().unwrap();
                }
            }
        }
        child.wait().unwrap();
        kills += 1;
        for (id, version) in saved {
            assert!(store.load(id, Some(version)).unwrap().is_some(), "version {version} of {id} is lost");
        }
        let found = store.verify().unwrap();
        assert!(found.sound(), "after {kills} kills: {:?}", found.problems);
    }
}

fn a_role_can_add_and_nothing_else(cluster: &Cluster) {
    for sql in [
        "UPDATE pistor.record SET body = body",
        "DELETE FROM pistor.record",
        "TRUNCATE pistor.audit",
        "UPDATE pistor.audit SET entry = entry",
        "DELETE FROM pistor.slot",
        "UPDATE pistor.meta SET value = 'x'",
        "INSERT INTO pistor.tombstone VALUES ('x', 'x')",
        "ALTER TABLE pistor.record DISABLE TRIGGER ALL",
        "CREATE TABLE pistor.more (a int)",
    ] {
        assert_eq!(cluster.refused("two", "clinic", sql), "42501", "{sql}");
    }
    // Not even the owner, unless the triggers are taken away first.
    for sql in ["UPDATE pistor.record SET body = body", "DELETE FROM pistor.audit", "TRUNCATE pistor.record"] {
        assert_eq!(cluster.refused("clinic", "clinic", sql), "P0001", "{sql}");
    }
    let gap = "INSERT INTO pistor.audit VALUES (999999, 'x', 'x')";
    assert_eq!(cluster.refused("two", "clinic", gap), "P0001", "entries follow each other");
    assert_eq!(cluster.refused("three", "clinic", "SELECT 1"), "28000", "nobody comes in as somebody else");
}

fn passphrases_tried_in_vain(cluster: &Cluster) {
    let room = cluster.room("two", "clinic", None);
    let wrong = PostgresStore::open(&room, Box::new(MemoryStore::new()), &Secret::from("something else"), "x");
    assert_eq!(wrong.map(drop), Err(StoreError::WrongKey));
    let trail = open(&room).audit().unwrap();
    let last: Vec<Action> = trail.iter().rev().take(2).map(|entry| entry.event.action).collect();
    assert_eq!(last, [Action::Unlocked, Action::UnlockFailed]);
    assert!(cluster.rows("clinic", "SELECT at FROM pistor.knock").is_empty());
}

/// Somebody who owns the server changes the rows behind our back.
fn what_was_changed_is_found(cluster: &Cluster) {
    cluster.sql("postgres", &["CREATE DATABASE small"]);
    let home = tempfile::tempdir().unwrap();
    let mut file = SqliteStore::open(&home.path().join("records")).unwrap();
    let (a, b) = (id(1), id(2));
    for (id, version) in [(a, 1), (a, 2), (b, 1)] {
        file.save(&document(id, version, "Test Patient"), "x").unwrap();
    }
    file.protect_quickly(&secret());
    PostgresStore::found(&cluster.owner("small"), &file).unwrap();
    let flip = |column: &str| format!("set_byte({column}, 40, get_byte({column}, 40) # 1)");
    let (of_a, of_b) = (format!("id = '{a}'"), format!("id = '{b}'"));
    let tricks = [
        format!("UPDATE record SET body = {} WHERE {of_b}", flip("body")),
        format!("UPDATE record SET card = {} WHERE {of_b}", flip("card")),
        format!("UPDATE record SET body = (SELECT body FROM record WHERE {of_b}) WHERE {of_a} AND version = 1"),
        format!("DELETE FROM record WHERE {of_a} AND version = 2"),
        format!("UPDATE record SET id = '{}' WHERE {of_b}", id(9)),
        format!(
            "INSERT INTO record (id, version, card, body) SELECT id, 3, card, body FROM record WHERE {of_a} LIMIT 1"
        ),
        format!("UPDATE audit SET entry = {} WHERE seq = 2", flip("entry")),
        format!("UPDATE audit SET chain = {} WHERE seq = 2", flip("chain")),
        "DELETE FROM audit WHERE seq = 2".to_owned(),
        "UPDATE audit SET entry = (SELECT entry FROM audit WHERE seq = 1) WHERE seq = 2".to_owned(),
        format!("INSERT INTO tombstone SELECT id, body FROM record WHERE {of_b}"),
    ];
    let mut store = open(&cluster.room("one", "small", None));
    assert!(store.verify().unwrap().sound());
    let seal = Arc::clone(&store.seal);
    let mut wire = Wire::connect(&cluster.owner("small").address()).unwrap();
    wire.run("SET search_path = pistor; SET session_replication_role = replica").unwrap();
    for trick in tricks {
        wire.run("BEGIN").and_then(|()| wire.run(&trick)).unwrap();
        let mut check = Check::new(&*seal, &Noted::Nothing);
        read_all(&mut wire, &mut check).unwrap();
        assert!(!check.done().sound(), "unseen: {trick}");
        wire.run("ROLLBACK").unwrap();
    }
    // The same, as a room meets it.
    wire.run(&format!("UPDATE record SET body = {} WHERE {of_b}", flip("body"))).unwrap();
    let found = store.verify().unwrap();
    assert!(found.problems.iter().any(|problem| problem.contains(&b.to_string())), "{found:?}");
    assert!(matches!(store.load(b, None), Err(StoreError::Corrupt { .. })), "never shown as if it were sound");
    assert!(store.load(a, None).unwrap().is_some(), "the others are not hidden by it");
}

fn the_server_dies_and_comes_back(cluster: &mut Cluster) {
    let home = tempfile::tempdir().unwrap();
    let mut drafts = SqliteStore::open(&home.path().join("records")).unwrap();
    drafts.protect_quickly(&secret());
    let room = cluster.room("one", "clinic", None);
    let mut store = PostgresStore::open(&room, Box::new(drafts), &secret(), "x").unwrap();
    let before = store.verify().unwrap();
    store.save(&document(id(7), 1, "Before"), "x").unwrap();
    let typed = draft(id(8), 1);
    store.put_draft(&typed).unwrap();
    // As when the power goes: what it acknowledged must be in its log.
    cluster.end("QUIT");
    let refused = store.save(&document(typed.id, 1, "During"), "x").unwrap_err();
    assert!(refused.to_string().contains("nothing was saved"), "{refused}");
    assert!(store.load(typed.id, None).is_err() && store.list(&all()).is_err());
    let more = draft(typed.id, 2);
    store.put_draft(&more).unwrap();
    assert_eq!(store.drafts().unwrap().drafts, [more], "typing goes on, and nothing of it is lost");
    cluster.run();
    store.save(&document(typed.id, 1, "After"), "x").unwrap();
    let names: Vec<_> = store.list(&all()).unwrap().cards.into_iter().map(|card| card.patient).collect();
    assert_eq!(names[..2], ["After", "Before"]);
    let after = store.verify().unwrap();
    assert!(after.sound() && after.versions == before.versions + 2, "{after:?}");
}

fn an_older_database_is_noticed(cluster: &Cluster) {
    let home = tempfile::tempdir().unwrap();
    clinic(cluster, "today", &[document(id(1), 1, "A")]);
    cluster.sql("postgres", &["CREATE DATABASE yesterday TEMPLATE today"]);
    let room = cluster.room("one", "today", Some(home.path().to_owned()));
    let mut store = open(&room);
    store.save(&document(id(2), 1, "B"), "x").unwrap();
    drop(store);
    assert_eq!(open(&room).standing().unwrap().rolled_back, None);
    cluster.sql("postgres", &["DROP DATABASE today WITH (FORCE)", "ALTER DATABASE yesterday RENAME TO today"]);
    let words = open(&room).standing().unwrap().rolled_back.expect("it is noticed");
    assert!(words.contains("the records are older"), "{words}");
}

/// Every file of the server: tables, its log of writes, what it says of statements.
fn nothing_readable_is_on_the_server(cluster: &mut Cluster) {
    let ids = cluster.rows("clinic", "SELECT DISTINCT id FROM pistor.record");
    let known = ids[0].text(0).unwrap();
    cluster.end("INT");
    // The system's own search: the files are many megabytes.
    let files_that_say = |words: &str| {
        let found = Command::new("grep").args(["-rlaFe", words]).arg(cluster.folder()).output().unwrap();
        String::from_utf8(found.stdout).unwrap()
    };
    assert!(files_that_say(&known).contains("/data/base/"), "the search sees what is there");
    for words in ["Zebediah", "Ada Example", "warfarin", SECRET] {
        assert_eq!(files_that_say(words), "", "`{words}`");
    }
}

#[test]
fn a_server_that_is_not_there_is_said_to_be_so() {
    let home = tempfile::tempdir().unwrap();
    let (socket, role) = (home.path().to_owned(), "one".to_owned());
    let room = Room { socket, port: 5432, database: "clinic".into(), role, state: None };
    let error = PostgresStore::open(&room, Box::new(MemoryStore::new()), &secret(), "x").map(drop).unwrap_err();
    let words = error.to_string();
    assert!(words.contains(".s.PGSQL.5432") && words.contains("does not answer"), "{words}");
}
