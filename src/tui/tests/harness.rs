//! A program in a box: keys as words, effects done on a store in memory, the screen as text.

use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, OnceLock};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::TimeZone;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

use crate::pack::{self, load::LayerFiles};
use crate::record::{self, MemoryStore, Protection, Query, Reading, RecordId, Secret, Standing, Store, StoreError};
use crate::source::SourceFile;
use crate::training;
use crate::tui::app::{App, Loaded, Screen};
use crate::tui::clerk::Clerk;
use crate::tui::effect::Effect;
use crate::tui::lists::{ALIKE, Found, alike_line, draft_line};
use crate::tui::message::Message;
use crate::tui::paper;
use crate::tui::settings::{Settings, Training};
use crate::tui::theme::{Theme, ThemeName};
use crate::tui::thought::think;
use crate::tui::training::{Chore, News};
use crate::tui::update;
use crate::tui::view;

/// The built-in pack, read once for all tests.
pub fn loaded() -> Arc<Loaded> {
    static LOADED: OnceLock<Arc<Loaded>> = OnceLock::new();
    Arc::clone(LOADED.get_or_init(|| Arc::new(Loaded::new(pack::builtin().expect("the built-in pack")))))
}

/// The built-in pack with its training cases.
pub fn school() -> Arc<Loaded> {
    static SCHOOL: OnceLock<Arc<Loaded>> = OnceLock::new();
    let read = || {
        let pack = pack::builtin().expect("the built-in pack");
        let mut school = training::School::read(&pack, vec![pack::builtin_files()]).expect("its cases");
        // A few of them: a new case changes no picture.
        let few = ["a-week-late", "a-long-lunch", "back-from-the-lake", "butterfly", "double-chin-athlete"];
        school.cases.retain(|id, _| few.contains(&id.as_str()));
        Arc::new(Loaded { school: Some(school), ..Loaded::new(pack) })
    };
    Arc::clone(SCHOOL.get_or_init(read))
}

/// A small pack that never changes.
pub fn small() -> Arc<Loaded> {
    static SMALL: OnceLock<Arc<Loaded>> = OnceLock::new();
    let read = || {
        let files = vec![SourceFile::new("pack.toml", include_str!("pack.toml"))];
        let pack = pack::load::load(&[LayerFiles { files }]);
        Arc::new(Loaded::new(pack.unwrap_or_else(|report| panic!("{}", report.render(false)))))
    };
    Arc::clone(SMALL.get_or_init(read))
}

/// A practice with everything filled in.
pub fn settings() -> Settings {
    Settings {
        practitioner: "Ada Example".into(),
        role: "physician".into(),
        licence: "X-0001".into(),
        premises: "clinic".into(),
        jurisdiction: "EU".into(),
        outbox: Some("/home/example".into()),
        ..Settings::default()
    }
}

thread_local! {
    /// The number of the next consultation.
    static BORN: std::cell::Cell<u32> = const { std::cell::Cell::new(1) };
}

/// The time of everything.
pub const NOW: &str = "2026-11-22T14:03:00Z";

/// What an editor makes of a text.
type Editor = fn(&str) -> Result<String, String>;

/// The program, its store, and everything it asked for.
pub struct Harness {
    pub app: App,
    pub store: MemoryStore,
    pub effects: Vec<Effect>,
    pub keys: usize,
    /// A draft that another program has open.
    pub elsewhere: Option<RecordId>,
    /// What an editor makes of a text.
    pub editor: Option<Editor>,
    /// Where practice is kept.
    pub practice: Option<(tempfile::TempDir, Clerk)>,
    /// A case that is being made.
    made: Option<Receiver<News>>,
}

impl Harness {
    /// On the first screen, pack and lists there.
    pub fn new(width: u16, height: u16) -> Self {
        let mut harness = Self::starting(width, height);
        harness.tell(Message::Pack(Ok(loaded())));
        harness.list();
        harness
    }

    /// On the first screen, with the small pack.
    pub fn small(width: u16, height: u16) -> Self {
        let mut harness = Self::starting(width, height);
        harness.tell(Message::Pack(Ok(small())));
        harness.list();
        harness
    }

    /// Through all asking steps of the small pack: nothing to report, glow, cheeks.
    pub fn healthy(width: u16, height: u16) -> Self {
        let mut harness = Self::small(width, height);
        harness.press("n \"Test Patient\" Enter 4 4 Enter f 6 2 Enter 1 6 8 Enter 3 n n n n n");
        harness.press("g l o w Enter 2 Enter n n").sees("P R O C E E D");
        harness
    }

    /// On the first screen, nothing there yet.
    pub fn starting(width: u16, height: u16) -> Self {
        fn birth() -> (RecordId, Timestamp) {
            let n = BORN.replace(BORN.get() + 1);
            (format!("019a0000-0000-7000-8000-{n:012}").parse().unwrap(), NOW.parse().unwrap())
        }
        BORN.set(1);
        let app = App::new(settings(), Theme::new(ThemeName::Dark), date(2026, 11, 22), (width, height), birth);
        Self {
            app,
            store: MemoryStore::default(),
            effects: Vec::new(),
            keys: 0,
            elsewhere: None,
            editor: None,
            practice: None,
            made: None,
        }
    }

    /// In the training, with the built-in cases and a folder of its own.
    pub fn training(width: u16, height: u16) -> Self {
        let mut harness = Self::starting(width, height);
        harness.app.settings.training = Training::Only;
        harness.app.screen = Screen::Training(Box::default());
        let folder = tempfile::tempdir().unwrap();
        let (tell, made) = channel();
        let clerk = Clerk::new(Some(training::Store::at(folder.path().join("training"))), move |news| {
            tell.send(news).unwrap();
        });
        (harness.practice, harness.made) = (Some((folder, clerk)), Some(made));
        harness.tell(Message::Pack(Ok(school())));
        harness
    }

    /// Something happens; what follows from it is done.
    pub fn tell(&mut self, message: Message) {
        let mut messages = vec![message];
        while let Some(message) = messages.pop() {
            for effect in update(&mut self.app, message) {
                messages.extend(self.run(&effect));
                self.effects.push(effect);
            }
        }
    }

    /// The lists of the first screen arrive.
    pub fn list(&mut self) {
        for effect in [Effect::ListDrafts, Effect::ListRecords(self.app.records_wanted())] {
            if let Some(message) = self.run(&effect) {
                self.tell(message);
            }
        }
    }

    /// How a protected store stands.
    pub fn sealed(&self) -> Standing {
        Standing { protection: Protection::Sealed, rolled_back: None, ..Standing::default() }
    }

    fn run(&mut self, effect: &Effect) -> Option<Message> {
        let now: Timestamp = NOW.parse().unwrap();
        Some(match effect {
            Effect::SaveDraft(draft) => {
                let id = draft.id;
                match self.store.put_draft(&paper::kept(draft, now)) {
                    Ok(()) => Message::DraftSaved { id, at: "14:03".into() },
                    Err(StoreError::Erased { id }) => Message::Erased(id),
                    Err(why) => Message::DraftFailed { id, why: why.to_string() },
                }
            }
            Effect::DeleteDraft(id) => {
                self.store.drop_draft(*id).unwrap();
                return None;
            }
            Effect::ListDrafts => {
                let drafts = self.store.drafts().unwrap().drafts;
                let line = |draft| draft_line(draft, self.app.today, &TimeZone::UTC);
                Message::Drafts(Ok(drafts.into_iter().map(line).collect()))
            }
            Effect::ListRecords(query) => {
                let found = self.store.list(query).unwrap();
                Message::Records(Ok(Found::of(&found, &TimeZone::UTC)))
            }
            Effect::ListPatient(person, meant_for) => {
                let query = Query { patient: Some(person.clone()), limit: 200, ..Query::default() };
                let found = self.store.list(&query).unwrap();
                Message::Patient(person.clone(), *meant_for, Ok(Found::of(&found, &TimeZone::UTC)))
            }
            Effect::FindAlike(id, person) => {
                let alike = self.store.alike(person, ALIKE).unwrap();
                Message::Alike(*id, alike.iter().map(|one| alike_line(one, &TimeZone::UTC)).collect())
            }
            Effect::LoadLast { record, into, .. } => {
                let last = self.store.last_of_patient(*record).unwrap().unwrap();
                let stored = self.store.load(last, None).unwrap().unwrap();
                let newest = stored.card.version;
                Message::Earlier(*into, Ok(Box::new(Reading { stored, before: None, newest })))
            }
            Effect::LoadPair(one, other, _) => {
                let mut load = |id| self.store.load(id, None).unwrap().unwrap();
                Message::Pair(Ok(Box::new((load(*one), load(*other)))))
            }
            Effect::SaveRecord(signed) => {
                let document = paper::drawn_up(&self.app.loaded().unwrap().pack, signed, now).unwrap();
                let result =
                    record::sign(&mut self.store, &document, "Ada Example").map(|_| ()).map_err(|why| why.to_string());
                Message::RecordSaved(signed.draft.id, result)
            }
            Effect::LoadRecord(id, version, _) => {
                let Some(stored) = self.store.load(*id, *version).unwrap() else { return Some(Message::Erased(*id)) };
                let before = self.store.load(*id, Some(stored.card.version - 1)).unwrap();
                let newest = self.store.history(*id).unwrap().last().unwrap().version;
                Message::RecordLoaded(Ok(Box::new(Reading { stored, before, newest })))
            }
            Effect::StillThere(id) => {
                if !self.store.history(*id).unwrap().is_empty() {
                    return None;
                }
                Message::Erased(*id)
            }
            Effect::WriteLeaflet { folder, name, .. } => Message::Written(Ok(folder.join(name).display().to_string())),
            Effect::KeepForm(draft) => {
                let (id, draft) = (draft.id, record::Draft { updated_at: now, ..(**draft).clone() });
                match self.store.put_draft(&draft) {
                    Ok(()) => Message::DraftSaved { id, at: "14:03".into() },
                    Err(StoreError::Erased { id }) => Message::Erased(id),
                    Err(why) => Message::DraftFailed { id, why: why.to_string() },
                }
            }
            Effect::SaveFollowUp { record: id, what, draft, actor } => {
                let saved = record::follow_up(&mut self.store, *id, what, Some(*draft), actor, now);
                if let Err(StoreError::Erased { id }) = saved {
                    return Some(Message::Erased(id));
                }
                Message::FollowUpSaved(*id, what.clone(), saved.map(|_| ()).map_err(|why| why.to_string()))
            }
            Effect::CountLots(id, lots) => {
                Message::LotsCounted(*id, record::others_with(&mut self.store, *id, lots).unwrap())
            }
            Effect::Claim(id) if self.elsewhere == Some(*id) => Message::Elsewhere(*id),
            Effect::Claim(id) => {
                let drafts = self.store.drafts().unwrap().drafts;
                let line = |draft| draft_line(draft, self.app.today, &TimeZone::UTC);
                Message::Claimed(*id, Ok(drafts.into_iter().map(line).collect()))
            }
            Effect::Verify => Message::Verified(self.store.verify().map_err(|why| why.to_string())),
            Effect::Hold(_) => return None,
            Effect::Unlock(secret) if *secret == Secret::from("blue kettle seven") => Message::Opened(self.sealed()),
            Effect::Unlock(_) => Message::NotUnlocked(StoreError::WrongKey.to_string()),
            Effect::Protect(secret, actor) => {
                Message::Protected(self.store.protect(secret, actor).map_err(|why| why.to_string()))
            }
            Effect::Decline(actor) => {
                self.store.decline(actor).unwrap();
                return None;
            }
            Effect::Think(task) => {
                let pack = &self.app.loaded().unwrap().pack;
                Message::Thought(task.id, task.state, Box::new(think(pack, task, &|| false)?))
            }
            Effect::Practice(chore) => {
                let (_, clerk) = self.practice.as_ref().expect("a place for practice");
                let making = matches!(**chore, Chore::Make(..));
                let news = clerk.take((**chore).clone(), self.app.loaded().as_ref());
                let making = making || matches!(**chore, Chore::Card(..));
                let news = if making { self.made.as_ref().unwrap().recv().ok() } else { news };
                Message::Practice(Box::new(news?))
            }
            Effect::Training | Effect::Consultation => return None,
            Effect::Edit(text) => match self.editor {
                Some(edit) => Message::Edited(edit(text)),
                None => return None,
            },
            Effect::Copy(_) | Effect::Suspend | Effect::Redraw | Effect::Mouse(_) | Effect::Lock(_) | Effect::Quit => {
                return None;
            }
        })
    }

    /// Presses keys, written as words: `n Enter F6 C-p M-3 S-Tab "typed text"`. Typed text is not counted.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        let mut rest = keys.trim();
        while !rest.is_empty() {
            if let Some(quoted) = rest.strip_prefix('"') {
                let (text, after) = quoted.split_once('"').expect("a closing quote");
                text.chars().for_each(|c| self.key(KeyCode::Char(c), KeyModifiers::NONE));
                rest = after.trim_start();
                continue;
            }
            let (word, after) = rest.split_once(' ').unwrap_or((rest, ""));
            let (code, modifiers) = key(word);
            self.keys += 1;
            self.key(code, modifiers);
            rest = after.trim_start();
        }
        self
    }

    fn key(&mut self, code: KeyCode, modifiers: KeyModifiers) {
        self.tell(Message::Key(KeyEvent::new(code, modifiers)));
    }

    /// The screen as it would be drawn.
    pub fn buffer(&self) -> Buffer {
        let area = Rect::new(0, 0, self.app.size.0, self.app.size.1);
        let mut buffer = Buffer::empty(area);
        view::draw(&self.app, area, &mut buffer);
        buffer
    }

    /// The screen as text.
    pub fn text(&self) -> String {
        text(&self.buffer())
    }

    /// A click on the first place where the words stand.
    pub fn click(&mut self, words: &str) -> &mut Self {
        let shown = self.text();
        let at =
            shown.lines().enumerate().find_map(|(y, line)| Some((line.get(..line.find(words)?)?.chars().count(), y)));
        let (x, y) = at.unwrap_or_else(|| panic!("no {words:?} on\n{shown}"));
        self.tell(Message::Click(x as u16, y as u16));
        self
    }

    /// The screen must show this.
    #[track_caller]
    pub fn sees(&mut self, part: &str) -> &mut Self {
        let shown = self.text();
        assert!(shown.contains(part), "expected {part:?} on\n{shown}");
        self
    }

    /// The screen must not show this.
    #[track_caller]
    pub fn does_not_see(&mut self, part: &str) -> &mut Self {
        let shown = self.text();
        assert!(!shown.contains(part), "did not expect {part:?} on\n{shown}");
        self
    }
}

fn key(word: &str) -> (KeyCode, KeyModifiers) {
    if let Some(c) = word.strip_prefix("C-") {
        let (code, _) = key(c);
        return (code, KeyModifiers::CONTROL);
    }
    if let Some(c) = word.strip_prefix("M-") {
        return (key(c).0, KeyModifiers::ALT);
    }
    let code = match word {
        "Enter" => KeyCode::Enter,
        "Esc" => KeyCode::Esc,
        "Tab" => KeyCode::Tab,
        "S-Tab" => KeyCode::BackTab,
        "Up" => KeyCode::Up,
        "Down" => KeyCode::Down,
        "Left" => KeyCode::Left,
        "Right" => KeyCode::Right,
        "PgDn" => KeyCode::PageDown,
        "PgUp" => KeyCode::PageUp,
        "Home" => KeyCode::Home,
        "End" => KeyCode::End,
        "Del" => KeyCode::Delete,
        "Backspace" => KeyCode::Backspace,
        "Space" => KeyCode::Char(' '),
        word => match (word.strip_prefix('F').and_then(|n| n.parse().ok()), word.chars().count()) {
            (Some(n), _) if word.len() > 1 => KeyCode::F(n),
            (_, 1) => KeyCode::Char(word.chars().next().unwrap()),
            _ => panic!("no such key: {word}"),
        },
    };
    (code, KeyModifiers::NONE)
}

/// A buffer as text, without blanks at the ends of lines.
pub fn text(buffer: &Buffer) -> String {
    let mut lines = Vec::new();
    for y in 0..buffer.area.height {
        let mut line = String::new();
        let mut skip = 0;
        for x in 0..buffer.area.width {
            let symbol = buffer[(x, y)].symbol();
            if skip == 0 {
                line.push_str(symbol);
                skip = unicode_width::UnicodeWidthStr::width(symbol).saturating_sub(1);
            } else {
                skip -= 1;
            }
        }
        lines.push(line.trim_end().to_owned());
    }
    lines.join("\n")
}

/// A buffer as text, and below it where which style is: highlights are part of the picture.
pub fn picture(buffer: &Buffer) -> String {
    let mut legend: Vec<(char, Style)> = Vec::new();
    let mut map = Vec::new();
    for y in 0..buffer.area.height {
        let mut line = String::new();
        for x in 0..buffer.area.width {
            let cell = &buffer[(x, y)];
            let style = Style { fg: Some(cell.fg), bg: Some(cell.bg), add_modifier: cell.modifier, ..Style::new() };
            let plain = cell.fg == Color::Reset && cell.bg == Color::Reset && cell.modifier == Modifier::empty();
            let invisible =
                cell.symbol() == " " && cell.bg == Color::Reset && !cell.modifier.contains(Modifier::REVERSED);
            if plain || invisible {
                line.push(' ');
                continue;
            }
            let known = legend.iter().find(|(_, other)| *other == style).map(|(c, _)| *c);
            line.push(known.unwrap_or_else(|| {
                let c = char::from(b'a' + legend.len() as u8);
                legend.push((c, style));
                c
            }));
        }
        map.push(line.trim_end().to_owned());
    }
    let mut out = text(buffer);
    out.push_str("\n--- styles\n");
    out.push_str(map.join("\n").trim_end());
    for (c, style) in legend {
        let (fg, bg, with) = (style.fg.unwrap(), style.bg.unwrap(), style.add_modifier);
        out.push_str(&format!("\n{c}: {fg} on {bg} {with:?}"));
    }
    out
}
