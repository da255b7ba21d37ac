//! Signals as messages: end, sleep, wake up.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether another program has the terminal.
static HELD: AtomicBool = AtomicBool::new(false);

/// What a signal asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Signal {
    /// Write what is open and end, as this signal would have ended the program.
    End(i32),
    /// Give the terminal back and stop.
    Sleep,
    /// Somebody woke the program up.
    Wake,
    /// The terminal has another size.
    Size,
}

/// Hands every signal to `tell`, on a thread of its own; ends when `tell` returns false.
///
/// # Errors
/// If the system has no room for a thread or refuses the handlers.
#[cfg(unix)]
pub fn watch(tell: impl Fn(Signal) -> bool + Send + 'static) -> io::Result<()> {
    use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};
    let mut signals =
        signal_hook::iterator::Signals::new([SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH])?;
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        for signal in signals.forever() {
            let signal = match signal {
                // An editor has the terminal: its keys are not ours, and it stops and goes on together with us.
                SIGINT | SIGQUIT | SIGCONT if HELD.load(Ordering::SeqCst) => continue,
                SIGTSTP if HELD.load(Ordering::SeqCst) => {
                    sleep();
                    continue;
                }
                SIGTSTP => Signal::Sleep,
                SIGCONT => Signal::Wake,
                SIGWINCH => Signal::Size,
                other => Signal::End(other),
            };
            if !tell(signal) {
                break;
            }
        }
    })?;
    Ok(())
}

/// There are no such signals here.
///
/// # Errors
/// Never.
#[cfg(not(unix))]
pub fn watch(_tell: impl Fn(Signal) -> bool + Send + 'static) -> io::Result<()> {
    Ok(())
}

/// While another program has the terminal, what is pressed there is none of our business.
pub fn hold(on: bool) {
    HELD.store(on, Ordering::SeqCst);
}

/// Lets a thread that waits for keys come back: the terminal seems to have a new size.
pub fn nudge() {
    #[cfg(unix)]
    let _ = signal_hook::low_level::raise(signal_hook::consts::SIGWINCH);
}

/// Stops the program until somebody wakes it up.
pub fn sleep() {
    #[cfg(unix)]
    let _ = signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP);
}

/// Ends the program as the signal would have ended it, so that whoever sent it sees that.
pub fn end(signal: i32) {
    #[cfg(unix)]
    let _ = signal_hook::low_level::emulate_default_handler(signal);
    #[cfg(not(unix))]
    let _ = signal;
}
