//! The kill drill: the real program in a terminal, killed at random moments while somebody works with it. Afterwards the
//! store must open, be sound, and hold everything that the screen had called saved.
//!
//! `PISTOR_DRILL_ROUNDS` sets how many kills (12 by default, 1000 for a release), `PISTOR_DRILL_SEED` the moments.
//! `cargo test --test drill -- --nocapture` prints the figures.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "common/terminal.rs"]
mod terminal;

use std::path::PathBuf;

use pistor::follow_up::What;
use pistor::record::{Draft, IntakeTable, RecordId, Secret, SqliteStore, Store};
use terminal::Terminal;

const ENTER: &str = "\r";
const DOWN: &str = "\x1b[B";
const SAVE: &str = "\x13";
const PASSPHRASE: &str = "blue kettle seven rain";

/// Small numbers that look random, the same for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(default)
}

#[derive(Default, Debug)]
struct Figures {
    kills: u64,
    drafts_called_saved: u64,
    answers_shown: u64,
    records_called_saved: u64,
    entries_called_saved: u64,
    /// Allowed: the last answer of a person, before the screen called it saved.
    unsaved_last_answers: u64,
    /// Allowed: answers that came faster than the disk, before the screen called them saved.
    unsaved_in_haste: u64,
    drafts_lost: u64,
    answers_lost: u64,
    records_lost: u64,
    /// Lost, or there twice.
    entries_lost: u64,
    stores_broken: u64,
}

struct Drill {
    home: tempfile::TempDir,
    protected: bool,
    dice: Dice,
    figures: Figures,
    /// The record that is amended again and again, and the newest version the screen called saved.
    record: RecordId,
    version: u32,
}

impl Drill {
    fn place(&self) -> PathBuf {
        self.home.path().join(".local/share/pistor/records")
    }

    fn store(&self) -> Result<SqliteStore, String> {
        let opened = if self.protected {
            SqliteStore::unlock(&self.place(), &Secret::from(PASSPHRASE), "drill")
        } else {
            SqliteStore::open(&self.place())
        };
        opened.map_err(|error| error.to_string())
    }

    fn start(&self) -> Terminal {
        let mut terminal = Terminal::start(self.home.path(), 80, 24, &[]);
        if self.protected {
            terminal.expect("The records are locked").send(PASSPHRASE).send(ENTER);
        }
        terminal.expect("New consultation");
        terminal
    }

    /// A consultation is begun and killed while its answers are typed; each name is typed once only.
    ///
    /// What the last screen shows must be in the draft, all of it where the screen says "draft saved". In every other
    /// consultation the answers come at the pace of a person, each when the one before is called saved: then no more
    /// than the last one may be missing. Else they come as fast as the screen shows them, faster than anybody types:
    /// what the disk had no time for is counted.
    fn draft(&mut self, round: u64) {
        let mut terminal = self.start();
        let name = format!("Patient Number {round}");
        terminal.send("n").expect("Name").send(&name).expect(&name).send(ENTER).expect("Year-month-day");
        terminal.expect("draft saved");
        let weight = format!("{}{ENTER}", 40 + self.dice.below(60));
        // What is typed, what the screen shows when it took it, where the draft has it.
        let answers = [
            ("44\r", "44 y", "patient.age"),
            ("f", "female", "patient.sex"),
            (&weight, "body mass index", "patient.weight_kg"),
            ("168\r", "Whose law applies", "patient.height_cm"),
            ("1", "✓Patient", "jurisdiction"),
            ("3", "✓ Fitzpatrick", "skin.fitzpatrick"),
            ("2", "✓ Glogau", "skin.glogau"),
        ];
        let last = self.dice.below(answers.len() as u64) as usize;
        let person = self.dice.below(2) == 0;
        for (keys, shown, _) in &answers[..last] {
            terminal.send(keys).expect(shown);
            if person {
                terminal.expect("draft saved");
            }
        }
        // From here on nothing is waited for: it is killed while this answer is on its way.
        terminal.send(answers[last].0);
        let bytes = self.dice.below(1500) as usize;
        terminal.read_about(bytes).signal("KILL");
        terminal.end();
        let screen = terminal.screen();
        let called_saved = screen.contains("draft saved");
        let shown = last + usize::from(screen.contains(answers[last].1));
        self.figures.drafts_called_saved += u64::from(called_saved);
        self.figures.answers_shown += shown as u64;
        let Some(mut store) = self.sound() else { return };
        let drafts = store.drafts().expect("drafts").drafts;
        let texts: Vec<IntakeTable> = drafts.iter().filter_map(|d| IntakeTable::parse(&d.intake).ok()).collect();
        match texts.iter().find(|intake| intake.text("patient.name") == name) {
            None => self.figures.drafts_lost += 1,
            Some(intake) => {
                let kept = answers.iter().take_while(|(.., path)| intake.get(path).is_some()).count();
                let missing = shown.saturating_sub(kept);
                let lost = (person && missing > 1) || (called_saved && missing > 0);
                let early =
                    if person { &mut self.figures.unsaved_last_answers } else { &mut self.figures.unsaved_in_haste };
                *early += if lost { 0 } else { missing as u64 };
                if lost {
                    println!("round {round}: {shown} answers shown, {kept} kept, called saved: {called_saved}");
                }
                self.figures.answers_lost += u64::from(lost);
            }
        }
        for draft in drafts {
            store.drop_draft(draft.id).expect("the draft goes");
        }
    }

    /// The record is amended, and killed around the moment of saving.
    fn amendment(&mut self, round: u64) {
        let mut terminal = self.start();
        terminal.expect("Records").keys(&[DOWN, ENTER]).expect("Verdict").send("a").expect("An amendment");
        terminal.send("\x1b[19~").expect("Why amended");
        // The patient's name was asked again; then why.
        terminal.send(" ").expect("[x]").send(&format!("round {round}")).expect(&format!("round {round}"));
        terminal.send("\x1b").expect("sign and save").send("s").expect("Sign and save?").send("\x13");
        let bytes = self.dice.below(900) as usize;
        terminal.read_about(bytes);
        let called_saved = terminal.screen().contains("Saved as record");
        terminal.signal("KILL");
        terminal.end();
        self.figures.records_called_saved += u64::from(called_saved);
        let Some(mut store) = self.sound() else { return };
        let newest = store.load(self.record, None).expect("readable").map_or(0, |stored| stored.card.version);
        let least = self.version + u32::from(called_saved);
        self.figures.records_lost += u64::from(newest < least);
        if newest == self.version && !store.drafts().expect("drafts").drafts.iter().any(|d| d.id == self.record) {
            self.figures.drafts_lost += 1;
        }
        self.version = newest;
        store.drop_draft(self.record).expect("the draft goes");
    }

    /// A session is written down behind the record, and killed while its lot is typed or around the moment of saving: the
    /// entry is there, or its draft with all that the screen called saved; never both, never neither.
    fn form(&mut self, round: u64) {
        let mut terminal = self.start();
        terminal.expect("Records").keys(&[DOWN, ENTER]).expect("Verdict").send("f").expect("A session that was given");
        let lot = format!("LOT-{round}-x");
        terminal.send("1").expect("Lot").send(&lot).expect(&lot).expect("draft saved");
        let more = format!("{lot}YZUVW");
        terminal.send(if self.dice.below(2) == 0 { SAVE } else { &more[lot.len()..] });
        let bytes = self.dice.below(700) as usize;
        terminal.read_about(bytes).signal("KILL");
        terminal.end();
        let screen = terminal.screen();
        let recorded = screen.contains("The session is recorded");
        let called_saved = screen.contains("draft saved");
        let shown = (lot.len()..=more.len()).rev().find(|n| screen.contains(&more[..*n])).unwrap_or(0);
        self.figures.drafts_called_saved += u64::from(called_saved);
        self.figures.entries_called_saved += u64::from(recorded);
        let Some(mut store) = self.sound() else { return };
        let stored = store.load(self.record, None).expect("readable").expect("the record");
        let document = stored.document().expect("a document");
        let lots = document.follow_up.iter().filter_map(|entry| match &entry.what {
            What::Session(session) => session.given.first()?.lot.clone(),
            What::Reaction(_) => None,
        });
        let entries = lots.filter(|kept| kept.starts_with(&lot)).count();
        let drafts = store.drafts().expect("drafts").drafts;
        let field = |draft: &Draft| {
            let of = draft.following.as_ref().filter(|of| of.record == self.record)?;
            of.entered.iter().find(|one| one.field == "given.0.lot").map(|one| one.text.clone())
        };
        let typed: Vec<String> = drafts.iter().filter_map(field).collect();
        self.figures.entries_lost += u64::from(entries + typed.len() != 1 || (recorded && entries == 0));
        self.figures.answers_lost += u64::from(called_saved && typed.iter().any(|text| text.len() < shown));
        self.version = stored.card.version;
        for draft in drafts {
            store.drop_draft(draft.id).expect("the draft goes");
        }
    }

    /// The store, if it opens and is sound.
    fn sound(&mut self) -> Option<SqliteStore> {
        self.figures.kills += 1;
        let checked = self.store().and_then(|mut store| {
            let found = store.verify().map_err(|error| error.to_string())?;
            if found.sound() { Ok(store) } else { Err(found.problems.join("; ")) }
        });
        checked.inspect_err(|why| println!("broken: {why}")).map_err(|_| self.figures.stores_broken += 1).ok()
    }
}

fn drill(protected: bool, rounds: u64, seed: u64) -> Figures {
    let home = tempfile::tempdir().unwrap();
    let place = home.path().join(".local/share/pistor/records");
    // A record to amend, from the store that an earlier program wrote.
    std::fs::create_dir_all(&place).unwrap();
    std::fs::write(home.path().join("intake.toml"), include_str!("fixtures/intakes/healthy.toml")).unwrap();
    let record = sample(&place);
    if protected {
        SqliteStore::open(&place).unwrap().protect(&Secret::from(PASSPHRASE), "drill").unwrap();
    }
    let mut drill = Drill { home, protected, dice: Dice(seed), figures: Figures::default(), record, version: 1 };
    for round in 0..rounds {
        match round % 3 {
            0 => drill.draft(round),
            1 => drill.amendment(round),
            _ => drill.form(round),
        }
    }
    drill.figures
}

/// One signed consultation in a new store.
fn sample(place: &std::path::Path) -> RecordId {
    use pistor::record::{ConsentTick, Decisions, Document, Patient, Practitioner, Schema};
    let pack = pistor::pack::builtin().unwrap();
    let text = include_str!("fixtures/intakes/healthy.toml");
    let source = pistor::source::SourceFile::new("intake.toml", text);
    let intake = pistor::intake::read(&pack, &source).unwrap();
    let assessment = pistor::plan::assess(&pack, &intake, jiff::civil::date(2026, 11, 22));
    let points = assessment.plan.as_ref().map_or(&[][..], |plan| &plan.consent);
    let tick = |id: &str| ConsentTick { id: id.to_owned(), text: String::new(), done: true, by_page: false };
    let consent = points.iter().map(|point| tick(&point.id)).collect();
    let saved_at = jiff::Timestamp::from_second(1_795_000_000).unwrap();
    let document = Document {
        schema: Schema,
        id: RecordId::generate(saved_at),
        version: 1,
        saved_at,
        signed_at: None,
        program: "test".into(),
        rules_fired: Vec::new(),
        amendment: None,
        practitioner: Practitioner { name: "Dr Test".into(), role: "physician".into(), licence: "EX-0000".into() },
        patient: Patient { name: "Ada Example".into(), birth_date: None },
        decisions: Decisions { reflection_days: Some(7), consent, ..Decisions::default() },
        pack: pack.layers.clone(),
        intake: IntakeTable::parse(text).unwrap(),
        assessment,
        follow_up: Vec::new(),
    };
    SqliteStore::open(place).unwrap().save(&document, "Dr Test").unwrap();
    std::fs::create_dir_all(place.join("../../../../.config/pistor")).unwrap();
    let config = "[practitioner]\nname = 'Dr Test'\nrole = 'physician'\nlicence = 'EX-0000'\n";
    std::fs::write(place.join("../../../../.config/pistor/config.toml"), config).unwrap();
    document.id
}

#[test]
fn nothing_that_was_called_saved_is_lost_to_a_kill() {
    let (rounds, seed) = (number("PISTOR_DRILL_ROUNDS", 12), number("PISTOR_DRILL_SEED", 1));
    for protected in [false, true] {
        let figures = drill(protected, rounds / 2, seed + u64::from(protected));
        println!("{}: {figures:?}", if protected { "encrypted" } else { "readable" });
        let lost = figures.drafts_lost
            + figures.answers_lost
            + figures.records_lost
            + figures.entries_lost
            + figures.stores_broken;
        assert_eq!(lost, 0, "{figures:?}");
    }
}
