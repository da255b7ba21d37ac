//! The thread that waits for keys, and how it is kept from the keys of others: an editor reads from the same terminal.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// Opened and shut by the screen; the thread that reads keys goes through it before each one.
#[derive(Clone, Debug, Default)]
pub struct Gate {
    inside: Arc<(Mutex<State>, Condvar)>,
}

#[derive(Clone, Copy, Debug, Default)]
struct State {
    shut: bool,
    /// The thread stands before it.
    waiting: bool,
}

impl Gate {
    /// Waits as long as it is shut.
    pub fn pass(&self) {
        let (state, changed) = &*self.inside;
        let mut now = state.lock().unwrap_or_else(PoisonError::into_inner);
        while now.shut {
            now.waiting = true;
            changed.notify_all();
            now = changed.wait(now).unwrap_or_else(PoisonError::into_inner);
        }
        now.waiting = false;
    }

    /// Shuts it, and comes back when the thread stands before it; `nudge` brings it back from where it waits for a key.
    pub fn shut(&self, nudge: impl Fn()) {
        let (state, changed) = &*self.inside;
        let mut now = state.lock().unwrap_or_else(PoisonError::into_inner);
        now.shut = true;
        nudge();
        while !now.waiting {
            now = changed.wait(now).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Opens it again.
    pub fn open(&self) {
        let (state, changed) = &*self.inside;
        state.lock().unwrap_or_else(PoisonError::into_inner).shut = false;
        changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::{Receiver, channel};

    #[test]
    fn nothing_passes_while_it_is_shut() {
        let gate = Gate::default();
        let (key, keys): (_, Receiver<u8>) = channel();
        let (done, passed) = channel();
        let theirs = gate.clone();
        let thread = std::thread::spawn(move || {
            loop {
                theirs.pass();
                let Ok(n) = keys.recv() else { return };
                done.send(n).unwrap();
            }
        });
        // The nudge is taken where the thread waited for a key, and left where it stood before the gate already.
        gate.shut(|| key.send(1).unwrap());
        let mut seen: Vec<u8> = passed.try_iter().collect();
        key.send(2).unwrap();
        assert!(passed.try_recv().is_err(), "it stands before the gate");
        gate.open();
        while seen.len() < 2 {
            seen.push(passed.recv().unwrap());
        }
        assert_eq!(seen, [1, 2]);
        drop(key);
        thread.join().unwrap();
    }
}
