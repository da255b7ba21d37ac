//! Records with a passphrase, in a real terminal: nothing personal is left where others can read it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "common/terminal.rs"]
mod terminal;

use std::fs;
use std::path::{Path, PathBuf};

use pistor::record::{Protection, Secret, SqliteStore, Store};
use terminal::Terminal;

const ENTER: &str = "\r";
const DOWN: &str = "\x1b[B";
const PASSPHRASE: &str = "blue kettle seven rain";
const NAME: &str = "Zebediah Testperson";

/// A home with protected records, made by the program itself.
fn home() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let place = home.path().join(".local/share/pistor/records");
    SqliteStore::open(&place).unwrap().protect(&Secret::from(PASSPHRASE), "x").unwrap();
    home
}

fn unlocked(home: &Path) -> Terminal {
    let mut terminal = Terminal::start(home, 80, 24, &[]);
    terminal.expect("The records are locked").send(PASSPHRASE).send(ENTER).expect("New consultation");
    terminal
}

fn files_that_say(folder: &Path, words: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_that_say(&path, words));
        } else if fs::read(&path).unwrap().windows(words.len()).any(|part| part == words.as_bytes()) {
            found.push(path);
        }
    }
    found
}

#[test]
fn locking_forgets_everything_and_goes_on_at_the_same_question() {
    let home = home();
    let mut terminal = unlocked(home.path());
    terminal.send("n").expect("Name").send(NAME).expect(NAME).send(ENTER).expect("Year-month-day");
    terminal.send("4").expect("draft saved");
    let pid = terminal.pid();
    terminal.send("\x10").expect("Commands").send("lock the").expect("Lock the records").send(ENTER);
    terminal.expect("The records are locked");
    assert_eq!(terminal.pid(), pid, "the same process, with another memory");
    assert!(!terminal.screen().contains("Zebediah"));
    #[cfg(target_os = "linux")]
    for (kind, memory) in memories(pid) {
        assert!(memory.len() > 1_000_000, "{kind}: {} bytes", memory.len());
        for words in ["Zebediah", PASSPHRASE] {
            assert_eq!(count(&memory, words), 0, "`{words}` is left in {kind}");
        }
    }
    assert_eq!(files_that_say(home.path(), "Zebediah"), Vec::<PathBuf>::new());
    terminal.send("something else").send(ENTER).expect("does not open the records");
    terminal.send(PASSPHRASE).send(ENTER).expect(NAME).expect("Date of birth");
    #[cfg(target_os = "linux")]
    for (kind, memory) in memories(pid) {
        assert!(count(&memory, "Zebediah") > 0, "the search finds in {kind} what is there");
    }
    terminal.send("\x03");
    terminal.end();
    terminal.assert_restored();
    assert!(!terminal.screen().contains("Zebediah"), "{}", terminal.screen());
    let left = terminal.left_in_the_terminal();
    assert!(!left.contains("Zebediah"), "{left}");
    assert!(terminal.titles().iter().all(|title| !title.contains("Zebediah")), "{:?}", terminal.titles());
}

fn count(bytes: &[u8], words: &str) -> usize {
    bytes.windows(words.len()).filter(|part| *part == words.as_bytes()).count()
}

/// All that can be had of the memory of a process: what can be read of it, and a core dump where it is wanted
/// (`PISTOR_DRILL_CORE=1`) and gdb is there to take one. Another account than root cannot have either: pistor keeps its memory to itself.
#[cfg(target_os = "linux")]
fn memories(pid: u32) -> Vec<(&'static str, Vec<u8>)> {
    let mut all = Vec::new();
    match readable(pid) {
        Ok(memory) => all.push(("its memory", memory)),
        Err(why) => eprintln!("the memory of pistor was not searched: {why}"),
    }
    // It holds nothing else, and takes its time.
    if std::env::var_os("PISTOR_DRILL_CORE").is_none() {
        return all;
    }
    let folder = tempfile::tempdir().unwrap();
    let name = folder.path().join("core");
    let taken = std::process::Command::new("gcore").arg("-o").arg(&name).arg(pid.to_string()).output();
    match taken
        .map_err(|why| why.to_string())
        .and_then(|_| fs::read(folder.path().join(format!("core.{pid}"))).map_err(|why| why.to_string()))
    {
        Ok(core) => all.push(("a core dump", core)),
        Err(why) => eprintln!("no core dump was searched, gdb's `gcore` is needed: {why}"),
    }
    for (kind, memory) in &all {
        println!("{kind}: {} bytes", memory.len());
    }
    all
}

#[cfg(target_os = "linux")]
fn readable(pid: u32) -> std::io::Result<Vec<u8>> {
    use std::os::unix::fs::FileExt;
    let maps = fs::read_to_string(format!("/proc/{pid}/maps"))?;
    let memory = fs::File::open(format!("/proc/{pid}/mem"))?;
    let mut found = Vec::new();
    for line in maps.lines().filter(|line| line.split(' ').nth(1).is_some_and(|mode| mode.starts_with('r'))) {
        let (from, to) = line.split(' ').next().unwrap().split_once('-').unwrap();
        let (from, to) = (u64::from_str_radix(from, 16).unwrap(), u64::from_str_radix(to, 16).unwrap());
        let mut bytes = vec![0; usize::try_from(to - from).unwrap()];
        if memory.read_exact_at(&mut bytes, from).is_ok() {
            found.append(&mut bytes);
        }
    }
    Ok(found)
}

/// Whatever ends the program while the records are open: the system writes no core dump of it.
#[cfg(target_os = "linux")]
#[test]
fn no_end_of_the_program_leaves_its_memory_in_a_file() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Core);
    setrlimit(Resource::Core, Rlimit { current: limit.maximum, ..limit }).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut other = std::process::Command::new("sleep").arg("1000").current_dir(folder.path()).spawn().unwrap();
    // Not QUIT: what a shell starts in the background ignores that.
    let abort = std::process::Command::new("kill").args(["-ABRT", &other.id().to_string()]).status();
    assert!(abort.unwrap().success());
    other.wait().unwrap();
    if fs::read_dir(folder.path()).unwrap().next().is_none() {
        eprintln!("this system writes no core dump of any program here: that pistor leaves none shows nothing");
    }
    for signal in ["QUIT", "ABRT", "ILL"] {
        let home = home();
        let mut terminal = unlocked(home.path());
        terminal.send("n").expect("Name").send(NAME).expect(NAME).send(ENTER).expect("draft saved");
        terminal.signal(signal).end();
        assert_eq!(files_that_say(home.path(), "Zebediah"), Vec::<PathBuf>::new(), "after {signal}");
        let core = |entry: fs::DirEntry| entry.file_name().to_string_lossy().starts_with("core");
        assert!(!fs::read_dir(home.path()).unwrap().any(|entry| core(entry.unwrap())), "after {signal}");
    }
}

#[test]
fn the_screen_encrypts_what_is_there() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), 80, 24, &[]);
    terminal.expect("New consultation").send("n").expect("Name").send(NAME).expect(NAME).send(ENTER);
    terminal.expect("draft saved").send("\x1b").expect("Enter type").send("\x1b").expect("Drafts");
    assert!(!files_that_say(home.path(), "Zebediah").is_empty(), "there is something to hide");
    terminal.send("\x10").expect("Commands").send("passphrase").expect("under a passphrase").send(ENTER);
    terminal.expect("Protect the records").send(PASSPHRASE).send(ENTER).expect("Once more");
    terminal.send(PASSPHRASE).send(ENTER).expect("Its last group");
    let code = terminal.screen().lines().find(|line| line.matches('-').count() == 6).unwrap().to_owned();
    let code: String = code.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    assert_eq!(files_that_say(home.path(), "Zebediah"), Vec::<PathBuf>::new());
    terminal.send(&code[code.len() - 4..]).send(ENTER).expect("Encrypted.");
    terminal.send("q");
    assert_eq!(terminal.end(), 0);
    assert_eq!(files_that_say(home.path(), "Zebediah"), Vec::<PathBuf>::new());
    assert_eq!(files_that_say(home.path(), PASSPHRASE), Vec::<PathBuf>::new());

    // The next start asks at once, and takes the recovery code as well.
    let mut again = Terminal::start(home.path(), 80, 24, &[]);
    again.expect("The records are locked").send(&code.to_lowercase()).send(ENTER).expect("Drafts").expect(NAME);
    again.keys(&[DOWN, ENTER]).expect(NAME);
    let place = home.path().join(".local/share/pistor/records");
    let mut store = SqliteStore::unlock(&place, &Secret::from(PASSPHRASE), "x").unwrap();
    assert_eq!(store.standing().unwrap().protection, Protection::Sealed);
}

#[test]
fn the_command_line_asks_at_the_terminal_and_shows_nothing() {
    let home = home();
    let mut terminal = Terminal::start(home.path(), 80, 24, &["records", "list"]);
    terminal.expect("Passphrase:").send("blue kettel").send("\x15").send(PASSPHRASE).send(ENTER);
    terminal.expect("no saved consultations");
    assert_eq!(terminal.end(), 0);
    assert!(!String::from_utf8_lossy(&terminal.bytes).contains("blue"), "not even for a moment");
    let mut wrong = Terminal::start(home.path(), 80, 24, &["records", "verify"]);
    wrong.expect("Passphrase:").send("something else").send(ENTER).expect("does not open the records");
    assert_eq!(wrong.end(), 2);
    let mut gave_up = Terminal::start(home.path(), 80, 24, &["records", "verify"]);
    gave_up.expect("Passphrase:").send("\x03").expect("nothing was done");
    assert_eq!(gave_up.end(), 2);
}
