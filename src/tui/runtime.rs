//! The part that touches the world: terminal, clock, threads. It blocks until something happens, takes everything
//! that has happened into the state, and draws once. While nothing happens it writes nothing and uses no time.

use std::io::{self, BufWriter, Stdout};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use crossterm::event::{Event, KeyEventKind, MouseButton, MouseEventKind};
use crossterm::{execute, queue, terminal as term};
use jiff::Timestamp;
use jiff::civil::Date;
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;

use super::app::{App, Loaded};
use super::clerk::Clerk;
use super::desk::Desk;
use super::effect::Effect;
use super::gate::Gate;
use super::guard::TerminalGuard;
use super::message::Message;
use super::settings::Settings;
use super::signals::{self, Signal};
use super::theme::ThemeName;
use super::thought::{self, Task, Thought};
use super::training::News;
use super::{charset, clipboard, editor, update, view};
use crate::record::{Protection, RecordId, Reply, Secret, Standing, Store, StoreError, Ticket, Worker};
use crate::training;

/// What the screen is started with.
pub struct Setup {
    /// Presets of the practice.
    pub settings: Settings,
    /// Reads the clinical content; runs beside the screen, so that the first picture does not wait for it.
    pub pack: ReadPack,
    /// What is kept.
    pub kept: Kept,
    /// The day.
    pub today: Box<dyn Fn() -> Date>,
}

/// Reads the clinical content, with the training cases where somebody trains.
pub type ReadPack = Box<dyn FnOnce() -> Result<Loaded, String> + Send>;

/// What is kept: records, or practice. Never both are open.
pub enum Kept {
    /// The records of patients.
    Records {
        /// Opens them, with what was typed if something was; runs beside the screen.
        open: OpenStore,
        /// Their folder.
        folder: PathBuf,
    },
    /// Practice, where there is a place for it.
    Practice(Option<training::Store>),
}

/// Opens the records, with a passphrase or a recovery code if one was typed.
pub type OpenStore = Box<dyn FnMut(Option<&Secret>) -> Result<Box<dyn Store>, StoreError> + Send>;

/// How the screen ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ended {
    /// The user ended it.
    Quit,
    /// The records are locked: everything else must be forgotten, then go on with this draft.
    Locked(Option<RecordId>),
    /// Everything must be forgotten for the training, which knows no records.
    Training,
    /// From the training back to the records.
    Consultation,
}

/// Something that happened outside.
enum Outside {
    Term(Event),
    Signal(Signal),
    Pack(Result<Arc<Loaded>, String>),
    Practice(News),
    Store(Ticket, Result<Reply, StoreError>),
    Thought(RecordId, u64, Box<Thought>),
    /// The terminal is gone.
    Gone,
}

/// What the loop goes on with.
enum Next {
    Outside(Outside),
    /// Nothing happened for so long that it means this.
    Silence(Message),
    /// Nothing can happen any more.
    Never,
}

/// So long without a key is a pause: time to work something out beside the screen.
const PAUSE: Duration = Duration::from_millis(400);

type Screen = Terminal<CrosstermBackend<BufWriter<Stdout>>>;

/// Whether and how the loop ends.
enum Then {
    GoOn,
    End,
    Die(i32),
    Leave(Ended),
}

/// Opens the screen; returns when the user ends the program. Everything is written by then.
///
/// # Errors
/// If the terminal or a thread cannot be had, or something could not be written at the end.
pub fn run(setup: Setup) -> io::Result<Ended> {
    // crossterm 0.29 turns every colour into "reset all" under NO_COLOR, modifiers included: we honour it ourselves.
    let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    crossterm::style::force_color_output(true);
    let kind = setup.settings.kind;
    let theme =
        setup.settings.themes.get(if no_colour || !kind.colours { ThemeName::Mono } else { setup.settings.theme });

    let (tell, happened) = channel();
    // Before the size is asked for the first time: what changes afterwards is told.
    let to_screen = tell.clone();
    signals::watch(move |signal| to_screen.send(Outside::Signal(signal)).is_ok())?;
    let guard = TerminalGuard::new(setup.settings.mouse, kind)?;
    let mut terminal = Terminal::new(CrosstermBackend::new(BufWriter::with_capacity(64 * 1024, io::stdout())))?;
    let size = terminal.size()?;
    let app = App::new(setup.settings, theme, (setup.today)(), (size.width, size.height), birth);
    draw(&mut terminal, &app)?;

    let gate = Gate::default();
    let records = match &setup.kept {
        Kept::Records { folder, .. } => Some(folder.clone()),
        Kept::Practice(_) => None,
    };
    let desk = start(setup.pack, setup.kept, &tell, &gate)?;
    let today = setup.today;
    let touched = Instant::now();
    let mut program = Program { app, desk, guard, terminal, today, touched, tell, thinking: None, gate, records };
    let ended = program.go(&happened);
    let Program { desk, guard, .. } = program;
    // First what was answered, then the terminal: a closed window may end the program any moment.
    let written = match desk {
        Rooms::Records(desk) => desk.close(),
        Rooms::Practice(_) => Ok(()),
    };
    drop(guard);
    let ended = ended?;
    written.map_err(|why| io::Error::other(why.to_string()))?;
    match ended {
        Then::Die(signal) => signals::end(signal),
        Then::Leave(ended) => return Ok(ended),
        Then::GoOn | Then::End => {}
    }
    Ok(Ended::Quit)
}

fn birth() -> (RecordId, Timestamp) {
    let now = Timestamp::now();
    (RecordId::generate(now), now)
}

/// Starts everything that runs beside the screen.
fn start(pack: ReadPack, kept: Kept, tell: &Sender<Outside>, gate: &Gate) -> io::Result<Rooms> {
    let to_screen = tell.clone();
    thread::Builder::new().name("pack".to_owned()).spawn(move || {
        let _ = to_screen.send(Outside::Pack(pack().map(Arc::new)));
    })?;
    let to_screen = tell.clone();
    let rooms = match kept {
        Kept::Records { open, folder } => {
            let answer = move |ticket, reply| drop(to_screen.send(Outside::Store(ticket, reply)));
            let worker = Worker::start(open, answer).map_err(|why| io::Error::other(why.to_string()))?;
            Rooms::Records(Desk::new(worker, folder))
        }
        Kept::Practice(store) => {
            let clerk = Clerk::new(store, move |news| drop(to_screen.send(Outside::Practice(news))));
            Rooms::Practice(clerk)
        }
    };
    let to_screen = tell.clone();
    let gate = gate.clone();
    thread::Builder::new().name("keys".to_owned()).spawn(move || {
        loop {
            gate.pass();
            let Ok(event) = crossterm::event::read() else { break };
            if to_screen.send(Outside::Term(event)).is_err() {
                return;
            }
        }
        let _ = to_screen.send(Outside::Gone);
    })?;
    Ok(rooms)
}

/// Who keeps things.
enum Rooms {
    Records(Desk),
    Practice(Clerk),
}

struct Program {
    app: App,
    desk: Rooms,
    guard: TerminalGuard,
    terminal: Screen,
    today: Box<dyn Fn() -> Date>,
    /// When the last key came.
    touched: Instant,
    tell: Sender<Outside>,
    /// What is being worked out beside the screen, and how to stop it.
    thinking: Option<(RecordId, u64, Arc<AtomicBool>)>,
    /// Keeps the keys of an editor from us.
    gate: Gate,
    /// The folder of the records, where they are open.
    records: Option<PathBuf>,
}

impl Program {
    fn go(&mut self, happened: &Receiver<Outside>) -> io::Result<Then> {
        // The lists are asked for when the records are open.
        loop {
            let mut next = match self.wait(happened) {
                Next::Outside(first) => Some(first),
                Next::Never => return Ok(Then::End),
                Next::Silence(silence) => {
                    // Of a pause nothing on the screen says anything yet.
                    let shows = !matches!(silence, Message::Pause);
                    if matches!(silence, Message::Idle) {
                        // A passphrase that nobody types any more is not asked for twice.
                        self.touched = Instant::now();
                    }
                    let effects = update(&mut self.app, silence);
                    match self.run_all(effects)? {
                        Then::GoOn if shows => None,
                        Then::GoOn => continue,
                        end => return Ok(end),
                    }
                }
            };
            let mut changed = next.is_none();
            while let Some(outside) = next {
                changed |= !is_nothing(&outside);
                match self.take(outside)? {
                    Then::GoOn => {}
                    end => return Ok(end),
                }
                next = happened.try_recv().ok();
            }
            if changed {
                self.stop_thinking();
                draw(&mut self.terminal, &self.app)?;
            }
        }
    }

    /// The next thing that happens, or what it means that nothing did: a pause to be used, a second of a clock on the
    /// screen, protected records that were open and untouched for too long.
    fn wait(&self, happened: &Receiver<Outside>) -> Next {
        let minutes = self.app.settings.lock_after;
        let open = self.app.standing.as_ref().is_some_and(|standing| standing.protection == Protection::Sealed);
        let untouched = |limit: Duration| limit.saturating_sub(self.touched.elapsed());
        let (silence, limit) = if thought::wanted(&self.app) {
            (Message::Pause, untouched(PAUSE))
        } else if update::clock_runs(&self.app) {
            (Message::Tick, to_next_second(Timestamp::now()))
        } else if open && minutes > 0 {
            (Message::Idle, untouched(Duration::from_secs(60 * u64::from(minutes))))
        } else {
            return happened.recv().map_or(Next::Never, Next::Outside);
        };
        match happened.recv_timeout(limit) {
            Ok(outside) => Next::Outside(outside),
            Err(RecvTimeoutError::Timeout) => Next::Silence(silence),
            Err(RecvTimeoutError::Disconnected) => Next::Never,
        }
    }

    /// Works something out in a thread of its own.
    fn think(&mut self, task: Task) -> io::Result<()> {
        let Some(loaded) = self.app.loaded() else { return Ok(()) };
        let stop = Arc::new(AtomicBool::new(false));
        let to_screen = self.tell.clone();
        self.thinking = Some((task.id, task.state, Arc::clone(&stop)));
        thread::Builder::new().name("thought".to_owned()).spawn(move || {
            let found = thought::think(&loaded.pack, &task, &|| stop.load(Ordering::Relaxed));
            if let Some(found) = found {
                let _ = to_screen.send(Outside::Thought(task.id, task.state, Box::new(found)));
            }
        })?;
        Ok(())
    }

    /// What nobody waits for any more is given up.
    fn stop_thinking(&mut self) {
        let of = |(id, state, _): &(RecordId, u64, Arc<AtomicBool>)| Some((*id, *state));
        if self.thinking.as_ref().is_some_and(|one| of(one) != thought::running(&self.app))
            && let Some((_, _, stop)) = self.thinking.take()
        {
            stop.store(true, Ordering::Relaxed);
        }
    }

    fn take(&mut self, outside: Outside) -> io::Result<Then> {
        // Somebody who only looks at another window has not touched anything.
        if matches!(outside, Outside::Term(Event::Key(_) | Event::Mouse(_) | Event::Paste(_))) {
            self.touched = Instant::now();
        }
        let today = (self.today)();
        if today != self.app.today {
            let effects = update(&mut self.app, Message::Day(today));
            self.run_all(effects)?;
        }
        let message = match outside {
            // In a storm of sizes only the one it has now counts.
            Outside::Term(Event::Resize(..)) | Outside::Signal(Signal::Size) => self.other_size()?,
            Outside::Term(event) => message(event),
            Outside::Pack(result) => Some(Message::Pack(result)),
            Outside::Thought(id, state, found) => Some(Message::Thought(id, state, found)),
            Outside::Store(ticket, reply) => match &mut self.desk {
                Rooms::Records(desk) => desk.answer(ticket, reply, today),
                Rooms::Practice(_) => None,
            },
            Outside::Practice(news) => Some(Message::Practice(Box::new(news))),
            Outside::Signal(Signal::End(signal)) => {
                // What is being typed is taken into the draft first.
                let effects = update::leave(&mut self.app);
                self.run_all(effects)?;
                return Ok(Then::Die(signal));
            }
            Outside::Signal(Signal::Sleep) => {
                self.sleep()?;
                None
            }
            Outside::Signal(Signal::Wake) => {
                self.guard.take()?;
                self.anew()?;
                // Whoever stopped it did not ask; the last key is the last that is known of somebody being there.
                Some(Message::Slept(Timestamp::now() - self.touched.elapsed()))
            }
            Outside::Gone => {
                let effects = update::leave(&mut self.app);
                self.run_all(effects)?;
                return Ok(Then::End);
            }
        };
        match message {
            Some(message) => {
                let effects = update(&mut self.app, message);
                self.run_all(effects)
            }
            None => Ok(Then::GoOn),
        }
    }

    fn run_all(&mut self, effects: Vec<Effect>) -> io::Result<Then> {
        for effect in effects {
            match effect {
                Effect::Quit => return Ok(Then::End),
                Effect::Lock(draft) => return Ok(Then::Leave(Ended::Locked(draft))),
                Effect::Training => return Ok(Then::Leave(Ended::Training)),
                Effect::Consultation => return Ok(Then::Leave(Ended::Consultation)),
                Effect::Suspend => self.sleep()?,
                Effect::Redraw => self.anew()?,
                Effect::Mouse(on) => self.guard.set_mouse(on)?,
                Effect::Copy(text) => clipboard::write(self.terminal.backend_mut(), &text)?,
                Effect::Edit(text) => {
                    let result = self.edit(&text)?;
                    let effects = update(&mut self.app, Message::Edited(result));
                    match self.run_all(effects)? {
                        Then::GoOn => {}
                        end => return Ok(end),
                    }
                }
                Effect::Think(task) => self.think(*task)?,
                effect => {
                    let loaded = self.app.loaded();
                    let answer = match (&mut self.desk, effect) {
                        (Rooms::Records(desk), effect) => desk.take(effect, loaded.as_ref(), Timestamp::now()),
                        (Rooms::Practice(clerk), Effect::Practice(chore)) => {
                            clerk.take(*chore, loaded.as_ref()).map(|news| Message::Practice(Box::new(news)))
                        }
                        // No record is there while somebody trains.
                        (Rooms::Practice(_), _) => None,
                    };
                    if let Some(message) = answer {
                        let effects = update(&mut self.app, message);
                        self.run_all(effects)?;
                    }
                }
            }
        }
        Ok(Then::GoOn)
    }

    /// Stops like any other program; goes on where it was.
    fn sleep(&mut self) -> io::Result<()> {
        let since = Timestamp::now();
        self.guard.give_back();
        signals::sleep();
        self.guard.take()?;
        self.anew()?;
        let effects = update(&mut self.app, Message::Slept(since));
        self.run_all(effects).map(drop)
    }

    /// Lets a text be typed in an editor, which has the terminal meanwhile.
    fn edit(&mut self, text: &str) -> io::Result<Result<String, String>> {
        let Some(words) = editor::command(|name| std::env::var(name).ok()) else {
            return Ok(Err("no editor is set; VISUAL or EDITOR names one, such as EDITOR=nano".to_owned()));
        };
        if cfg!(not(unix)) {
            return Ok(Err("no editor can be opened on this system yet".to_owned()));
        }
        let open = |standing: &Standing| matches!(standing.protection, Protection::Undecided | Protection::Declined);
        let encrypted = !self.app.standing.as_ref().is_some_and(open);
        let places =
            editor::Places::of(std::env::var_os("XDG_RUNTIME_DIR"), self.records.clone().filter(|_| !encrypted));
        self.gate.shut(signals::nudge);
        self.guard.give_back();
        signals::hold(true);
        let result = editor::edit(&words, &places, text);
        signals::hold(false);
        let taken = self.guard.take();
        self.gate.open();
        taken?;
        self.touched = Instant::now();
        self.anew()?;
        Ok(result)
    }

    /// The size the terminal has, if the picture has another one.
    fn other_size(&self) -> io::Result<Option<Message>> {
        let size = self.terminal.size()?;
        let now = (size.width, size.height);
        Ok((now != self.app.size).then_some(Message::Resize(now.0, now.1)))
    }

    /// Draws everything anew. Not by `clear`: that asks the terminal where the cursor is, and some never answer.
    fn anew(&mut self) -> io::Result<()> {
        let size = self.terminal.size()?;
        self.app.size = (size.width, size.height);
        super::tour::resize(&mut self.app);
        self.terminal.resize(size.into())
    }
}

/// How long it is until the second is another one, and a little: to wake up before it would draw the same twice.
fn to_next_second(now: Timestamp) -> Duration {
    let gone = u64::try_from(now.subsec_nanosecond()).unwrap_or(0);
    Duration::from_nanos(1_000_000_000_u64.saturating_sub(gone)) + Duration::from_millis(1)
}

/// One picture, shown at once where the terminal can do that.
fn draw(terminal: &mut Screen, app: &App) -> io::Result<()> {
    let kind = app.settings.kind;
    if kind.modern {
        queue!(terminal.backend_mut(), term::BeginSynchronizedUpdate)?;
    }
    terminal.draw(|frame| {
        view::view(app, frame);
        charset::put(frame.buffer_mut(), kind.signs);
    })?;
    if kind.modern {
        execute!(terminal.backend_mut(), term::EndSynchronizedUpdate)?;
    }
    Ok(())
}

fn message(event: Event) -> Option<Message> {
    Some(match event {
        Event::Key(key) => Message::Key(key),
        Event::Paste(text) => Message::Paste(text),
        Event::Mouse(mouse) => match mouse.kind {
            MouseEventKind::Down(MouseButton::Left) => Message::Click(mouse.column, mouse.row),
            MouseEventKind::ScrollDown => Message::Wheel { down: true, x: mouse.column, y: mouse.row },
            MouseEventKind::ScrollUp => Message::Wheel { down: false, x: mouse.column, y: mouse.row },
            _ => return None,
        },
        Event::FocusGained => Message::Looked,
        Event::FocusLost | Event::Resize(..) => return None,
    })
}

/// Whether nothing follows from it: then nothing is drawn either.
fn is_nothing(outside: &Outside) -> bool {
    match outside {
        Outside::Term(Event::FocusLost) => true,
        Outside::Term(Event::Key(key)) => key.kind == KeyEventKind::Release,
        Outside::Term(Event::Mouse(mouse)) => !matches!(
            mouse.kind,
            MouseEventKind::Down(MouseButton::Left) | MouseEventKind::ScrollDown | MouseEventKind::ScrollUp
        ),
        _ => false,
    }
}
