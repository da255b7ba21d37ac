//! Power cuts. A program that saves is watched, call by call; then the disk is built as a cut at each moment may have
//! left it, and the store must open, be sound, and hold everything that was acknowledged before.
//!
//! `PISTOR_DRILL_CUTS` sets how many ways of tearing are tried at each moment (1 by default), `PISTOR_DRILL_SAVES` how
//! much is saved (1; with 6 the log is also written into the file in the middle of the work).
//! `cargo test --lib power -- --nocapture` prints the figures.

mod disk;

use std::path::Path;
use std::process::{Command, Stdio};

use super::sample::{at, document, draft};
use super::tools::{install, tell};
use crate::record::*;
use disk::{Call, Disk, Luck, calls};

const HOME: &str = "PISTOR_TEST_POWER_HOME";
const SECRET: &str = "blue kettle seven";
const NAME: &str = "Zebediah Testperson";

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(default)
}

fn site(home: &Path) -> Site {
    Site { records: home.join("data/records"), state: Some(home.join("state")) }
}

fn patient(n: u64) -> RecordId {
    format!("019a0000-0000-7000-8000-{n:012}").parse().unwrap()
}

fn saved(n: u64, version: u32) -> Document {
    let mut document = document(patient(n), version, NAME);
    // With many of them the log gets so long that it is written into the file now and then.
    document.decisions.notes =
        format!("{n} {version} ").repeat(if number("PISTOR_DRILL_SAVES", 1) > 3 { 4000 } else { 100 });
    document
}

/// In one write, so that nothing comes between.
fn say(words: &str) {
    use std::io::Write;
    std::io::stdout().write_all(format!("\n{words}\n").as_bytes()).unwrap();
    std::io::stdout().flush().unwrap();
}

#[test]
#[ignore = "the program that is watched"]
fn saves_while_it_is_watched() {
    let Some(home) = std::env::var_os(HOME) else { return };
    let site = site(Path::new(&home));
    let saves = number("PISTOR_DRILL_SAVES", 1);
    let work = |store: &mut SqliteStore, from: u64| {
        for n in from..from + saves {
            store.put_draft(&draft(patient(n), 1)).unwrap();
            say(&format!("draft {n} 1"));
            for version in 1..=2 {
                store.save(&saved(n, version), "x").unwrap();
                say(&format!("saved {n} {version}"));
            }
            store.put_draft(&draft(patient(1000), i64::try_from(n).unwrap())).unwrap();
            say(&format!("draft 1000 {n}"));
        }
    };
    let mut store = SqliteStore::open(site.clone()).unwrap();
    work(&mut store, 1);
    drop(store);
    // Again: the log was written into the file and removed.
    let mut store = SqliteStore::open(site).unwrap();
    work(&mut store, 101);
    store.protect_quickly(&Secret::from(SECRET));
    say("protected 0 0");
    work(&mut store, 201);
    store.erase(patient(1), "a test", "x").unwrap();
    say("erased 1 0");
    work(&mut store, 301);
}

/// What was acknowledged before a moment.
#[derive(Clone, Default)]
struct Acknowledged {
    /// With their texts.
    saved: Vec<(u64, u32, String)>,
    drafts: std::collections::BTreeMap<u64, i64>,
    protected: bool,
    erased: bool,
}

impl Acknowledged {
    fn take(&mut self, said: &str) {
        let words: Vec<&str> = said.split_whitespace().collect();
        let [word, n, more] = words[..] else { return };
        let (Ok(n), Ok(more)) = (n.parse::<u64>(), more.parse::<i64>()) else { return };
        match word {
            "saved" => {
                self.drafts.remove(&n);
                let version = u32::try_from(more).unwrap();
                self.saved.push((n, version, saved(n, version).to_toml().unwrap()));
            }
            "draft" => drop(self.drafts.insert(n, more)),
            "protected" => self.protected = true,
            "erased" => {
                self.erased = true;
                self.saved.retain(|(other, ..)| *other != n);
            }
            _ => {}
        }
    }
}

#[derive(Default, Debug)]
struct Figures {
    moments: usize,
    cuts: usize,
    saves_acknowledged: usize,
    unacknowledged_there: usize,
    lost: usize,
}

/// The store after a cut: it must open, be whole, and have everything.
fn check(home: &Path, acknowledged: &Acknowledged, when: &str, figures: &mut Figures) {
    let site = site(home);
    // What is in memory shared between programs means nothing after a cut; the file may hold anything.
    let shared = site.records.join("records.db-shm");
    if figures.cuts.is_multiple_of(2) && site.records.is_dir() {
        std::fs::write(&shared, [0xA5; 32768]).unwrap();
    } else {
        let _ = std::fs::remove_file(&shared);
    }
    let opened = match SqliteStore::open(site.clone()) {
        Err(StoreError::Locked) => SqliteStore::unlock(site.clone(), &Secret::from(SECRET), "x"),
        Ok(_) if acknowledged.protected => panic!("{when}: it was encrypted and is open"),
        opened => opened,
    };
    let mut store = opened.unwrap_or_else(|error| panic!("{when}: it does not open: {error}"));
    assert_eq!(store.standing().unwrap().rolled_back, None, "{when}: a false alarm");
    let found = store.verify().unwrap();
    assert!(found.sound(), "{when}: {:?}", found.problems);
    // Erasing is done before it is acknowledged, too.
    let erased = store.tombstone(patient(1)).unwrap().is_some();
    assert!(erased || !acknowledged.erased, "{when}: it was erased and is back");
    let expected: Vec<_> = acknowledged.saved.iter().filter(|(n, ..)| *n != 1 || !erased).collect();
    for (n, version, text) in &expected {
        match store.load(patient(*n), Some(*version)).unwrap() {
            Some(stored) => assert!(stored.text == *text, "{when}: another text"),
            None => {
                println!("{when}: version {version} of {n} is lost");
                figures.lost += 1;
            }
        }
    }
    let drafts = store.drafts().unwrap();
    assert!(drafts.unreadable.is_empty(), "{when}");
    for (n, second) in &acknowledged.drafts {
        let kept = drafts.drafts.iter().find(|draft| draft.id == patient(*n));
        // The one save that was on its way may have taken it.
        let there = kept.is_some_and(|draft| draft.updated_at >= at(*second))
            || store.load(patient(*n), None).unwrap().is_some();
        figures.lost += usize::from(!there);
    }
    let more = found.versions.saturating_sub(expected.len());
    assert!(more <= 1, "{when}: {more} that nobody acknowledged");
    figures.unacknowledged_there += more;
    drop(store);
    if acknowledged.protected {
        for entry in std::fs::read_dir(&site.records).unwrap() {
            let path = entry.unwrap().path();
            let readable = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).contains(NAME);
            assert!(!readable, "{when}: readable words are left in {}", path.display());
        }
    }
}

/// What the program did, or why nobody could watch.
fn watched(home: &Path) -> Result<Vec<Call>, String> {
    let works = || {
        let tried = Command::new("strace").args(["-o", "/dev/null", "true"]).stderr(Stdio::null()).status();
        tried.is_ok_and(|status| status.success())
    };
    if !works() {
        install("strace")?;
    }
    if !works() {
        return Err("strace may not watch programs here".to_owned());
    }
    let log = home.join("calls");
    let calls_that_count = "trace=mkdir,mkdirat,openat,write,pwrite64,writev,pwritev,ftruncate,fallocate,fsync,fdatasync,\
        sync_file_range,msync,rename,renameat,renameat2,unlink,unlinkat,link,symlink,copy_file_range,sendfile";
    let output = Command::new("strace")
        .args(["-f", "-y", "-xx", "-s", "10000000", "-e", calls_that_count, "-o"])
        .arg(&log)
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "record::tests::power::saves_while_it_is_watched", "--ignored", "--nocapture"])
        .env(HOME, home)
        .output()
        .map_err(|why| why.to_string())?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = std::fs::read_to_string(&log).unwrap();
    std::fs::remove_file(&log).unwrap();
    let home = home.to_string_lossy().into_owned();
    Ok(calls(&text).into_iter().filter(|call| concerns(call, Path::new(&home))).collect())
}

fn concerns(call: &Call, home: &Path) -> bool {
    match call {
        Call::Said(_) => true,
        Call::Folder(path) | Call::Sync(path) | Call::Remove(path) | Call::Rename(path, _) => path.starts_with(home),
        Call::Open { path, .. } | Call::Write { path, .. } | Call::Length { path, .. } => path.starts_with(home),
    }
}

#[test]
fn nothing_acknowledged_is_lost_when_the_power_goes() {
    let fast = |prefix: &str| {
        let new = |place: &str| tempfile::Builder::new().prefix(prefix).tempdir_in(place);
        new("/dev/shm").or_else(|_| new("/tmp")).unwrap()
    };
    let home = fast("pistor-power");
    // As the system calls it: the folders for temporary files may be links.
    let path = home.path().canonicalize().unwrap();
    let calls = match watched(&path) {
        Ok(calls) => calls,
        Err(why) => return tell(&format!("power cuts: SKIPPED, nothing was tried: {why}")),
    };
    let tears = number("PISTOR_DRILL_CUTS", 1);
    let (mut disk, mut acknowledged, mut figures) = (Disk::default(), Acknowledged::default(), Figures::default());
    for (n, call) in calls.iter().enumerate() {
        // Before each sync, and when something was acknowledged: between them only less or more of the same is there.
        if matches!(call, Call::Sync(_) | Call::Said(_)) && disk.pending() {
            figures.moments += 1;
            let seed = n as u64 * 1000;
            let torn = (0..tears).map(|tear| match (n as u64 + tear) % 2 {
                0 => Luck::Sectors(seed + tear),
                _ => Luck::Torn(seed + tear),
            });
            for luck in [Luck::Nothing, Luck::Everything].into_iter().chain(torn) {
                let place = fast("pistor-cut");
                disk.after_a_cut(luck, &path, place.path());
                check(place.path(), &acknowledged, &format!("call {n}, {luck:?}"), &mut figures);
                figures.cuts += 1;
            }
        }
        disk.take(call);
        if let Call::Said(words) = call {
            acknowledged.take(words);
        }
    }
    figures.saves_acknowledged = acknowledged.saved.len();
    println!("power cuts: {figures:?}");
    assert_eq!(figures.lost, 0, "{figures:?}");
    assert!(figures.saves_acknowledged >= 6 && figures.moments > 30, "{figures:?}");
}
