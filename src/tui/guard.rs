//! The terminal while the program has it, and giving it back: on return, on a panic, on a signal. Doing so twice is
//! harmless.

use std::io::{self, Write};
use std::panic::{self, PanicHookInfo};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crossterm::{cursor, event, execute, style, terminal};

use super::kind::Kind;

/// Whether the terminal is ours now.
static OURS: AtomicBool = AtomicBool::new(false);

/// Whether it knows what came after the VT100: what was never switched on is not switched off.
static MODERN: AtomicBool = AtomicBool::new(true);

/// Nothing of the patient is ever in the title of the window: it is remembered by others.
const TITLE: &str = "pistor";

type Hook = dyn Fn(&PanicHookInfo<'_>) + Sync + Send;

/// Has the terminal as long as it lives.
pub struct TerminalGuard {
    hook: Arc<Hook>,
    mouse: bool,
    kind: Kind,
}

impl TerminalGuard {
    /// Takes the terminal: another screen, raw keys, pastes and clicks as events.
    ///
    /// # Errors
    /// If the terminal does not take part.
    pub fn new(mouse: bool, kind: Kind) -> io::Result<Self> {
        let before: Arc<Hook> = Arc::from(panic::take_hook());
        let (hook, screen) = (Arc::clone(&before), thread::current().id());
        panic::set_hook(Box::new(move |info| {
            // A panic of another thread ends that thread only: the screen goes on.
            if thread::current().id() == screen && restore() {
                report(info);
            } else if thread::current().id() != screen {
                // Its message may hold what was typed: nobody gets it.
            } else {
                hook(info);
            }
        }));
        MODERN.store(kind.modern, Ordering::SeqCst);
        let guard = Self { hook: before, mouse, kind };
        guard.take()?;
        Ok(guard)
    }

    /// Takes the terminal again, after it was given back.
    ///
    /// # Errors
    /// If the terminal does not take part.
    pub fn take(&self) -> io::Result<()> {
        let again = OURS.swap(true, Ordering::SeqCst);
        terminal::enable_raw_mode()?;
        let mut out = io::stdout().lock();
        if !self.kind.modern {
            return execute!(out, terminal::EnterAlternateScreen, cursor::Hide);
        }
        if !again {
            // The title is pushed first, so that it can be put back.
            write!(out, "\x1b[22;0t")?;
        }
        execute!(
            out,
            terminal::EnterAlternateScreen,
            terminal::SetTitle(TITLE),
            event::EnableBracketedPaste,
            event::EnableFocusChange,
            cursor::Hide
        )?;
        if self.mouse {
            listen(true)?;
        }
        Ok(())
    }

    /// Gives the terminal back for a while.
    pub fn give_back(&self) {
        restore();
    }

    /// Listens to the mouse, or leaves it to the terminal.
    ///
    /// # Errors
    /// If the terminal does not take part.
    pub fn set_mouse(&mut self, on: bool) -> io::Result<()> {
        self.mouse = on;
        if self.kind.modern { listen(on) } else { Ok(()) }
    }
}

impl Drop for TerminalGuard {
    fn drop(&mut self) {
        restore();
        // The hook cannot be changed while a panic is under way.
        if !thread::panicking() {
            let hook = Arc::clone(&self.hook);
            panic::set_hook(Box::new(move |info| hook(info)));
        }
    }
}

/// Clicks and the wheel, not every movement: those would be events that change nothing.
#[cfg(unix)]
fn listen(on: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(if on { b"\x1b[?1000h\x1b[?1006h" } else { b"\x1b[?1006l\x1b[?1000l" })?;
    out.flush()
}

#[cfg(not(unix))]
fn listen(on: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if on { execute!(out, event::EnableMouseCapture) } else { execute!(out, event::DisableMouseCapture) }
}

/// Switches everything off that was switched on; says whether there was something to do.
pub fn restore() -> bool {
    if !OURS.swap(false, Ordering::SeqCst) {
        return false;
    }
    // Every step is tried whatever became of the one before: there is nobody left to tell.
    let modern = MODERN.load(Ordering::SeqCst);
    if modern {
        let _ = listen(false);
        let _ = execute!(io::stdout(), event::DisableFocusChange, event::DisableBracketedPaste);
    }
    let mut out = io::stdout().lock();
    if !modern {
        // Where there is no other screen to leave, nothing of a patient stays on this one.
        let _ = execute!(out, style::SetAttribute(style::Attribute::Reset), terminal::Clear(terminal::ClearType::All));
    }
    let _ = execute!(out, terminal::LeaveAlternateScreen, cursor::Show);
    if modern {
        let _ = write!(out, "\x1b[23;0t");
    }
    let _ = out.flush();
    let _ = terminal::disable_raw_mode();
    true
}

/// What a panic says: where, never what. Its message may quote what was typed.
fn report(info: &PanicHookInfo<'_>) {
    let place = info.location().map_or_else(String::new, |at| format!(" at {}:{}", at.file(), at.line()));
    let _ = writeln!(
        io::stderr(),
        "pistor stopped because of an error of its own{place}. What was answered is in the draft: start pistor again."
    );
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::num::NonZeroU16;

    use portable_pty::{CommandBuilder, PtySize, native_pty_system};

    use super::*;

    #[test]
    #[ignore = "the child of `a_panic_gives_the_terminal_back_and_keeps_names_to_itself`"]
    fn a_child_that_panics() {
        let _guard = TerminalGuard::new(true, Kind::default()).unwrap();
        panic!("Secret Name");
    }

    #[test]
    fn a_panic_gives_the_terminal_back_and_keeps_names_to_itself() {
        let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
        command.args(["--exact", "tui::guard::tests::a_child_that_panics", "--ignored", "--nocapture"]);
        let mut child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let mut bytes = Vec::new();
        let mut buffer = [0; 4096];
        // On Linux the last read of a pseudo-terminal whose other end is closed is an error, not an end.
        while let Ok(n @ 1..) = reader.read(&mut buffer) {
            bytes.extend_from_slice(&buffer[..n]);
        }
        assert!(!child.wait().unwrap().success());
        let cells = |n| NonZeroU16::new(n).unwrap();
        let mut parser = vt100::Parser::new(cells(24), cells(80), 0);
        parser.process(&bytes);
        let screen = parser.screen();
        let said = String::from_utf8_lossy(&bytes);
        assert!(said.contains("\x1b[?1049h"), "the screen was taken");
        assert!(!screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste());
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
        assert!(said.contains("What was answered is in the draft"), "{said}");
        assert!(!said.contains("Secret"), "{said}");
    }
}
