//! Signals as messages: end, sleep, wake up.

use std::io;

/// What a signal asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Signal {
    /// Write what is open and end, as this signal would have ended the program.
    End(i32),
    /// Give the terminal back and stop.
    Sleep,
    /// Somebody woke the program up.
    Wake,
}

/// Hands every signal to `tell`, on a thread of its own; ends when `tell` returns false.
///
/// # Errors
/// If the system has no room for a thread or refuses the handlers.
#[cfg(unix)]
pub fn watch(tell: impl Fn(Signal) -> bool + Send + 'static) -> io::Result<()> {
    use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};
    let mut signals = signal_hook::iterator::Signals::new([SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCONT])?;
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        for signal in signals.forever() {
            let signal = match signal {
                SIGTSTP => Signal::Sleep,
                SIGCONT => Signal::Wake,
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
