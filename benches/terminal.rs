//! The program itself on a pseudo-terminal: from its start to the first picture, from a key to the next byte, and what it does
//! while nobody touches it. `PISTOR_BENCH_IDLE` sets the seconds of doing nothing.

use std::error::Error;
use std::fs;
use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// Longer than anything takes; a program that is stuck ends the bench.
const LIMIT: Duration = Duration::from_secs(30);

struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    output: Receiver<Vec<u8>>,
    writer: Box<dyn Write + Send>,
    /// Keeps the terminal open.
    _master: Box<dyn MasterPty + Send>,
    started: Instant,
}

impl Terminal {
    fn start(home: &std::path::Path) -> Result<Self, Box<dyn Error>> {
        let size = PtySize { rows: 50, cols: 160, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size)?;
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_pistor"));
        command.env_clear();
        for (name, value) in [("TERM", "xterm-256color"), ("LANG", "C.UTF-8")] {
            command.env(name, value);
        }
        command.env("HOME", home);
        let started = Instant::now();
        let child = pair.slave.spawn_command(command)?;
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader()?;
        let writer = pair.master.take_writer()?;
        let (sender, output) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0_u8; 65_536];
            while let Ok(n @ 1..) = reader.read(&mut buffer) {
                if sender.send(buffer[..n].to_vec()).is_err() {
                    break;
                }
            }
        });
        Ok(Self { child, output, writer, _master: pair.master, started })
    }

    /// Reads until these words have come.
    fn until(&self, words: &str) -> Result<(), Box<dyn Error>> {
        let mut all = Vec::new();
        while !all.windows(words.len()).any(|part| part == words.as_bytes()) {
            all.extend(self.output.recv_timeout(LIMIT)?);
        }
        Ok(())
    }

    /// Reads until nothing comes for this long; how many bytes came.
    fn drain(&self, quiet: Duration) -> usize {
        let mut bytes = 0;
        while let Ok(more) = self.output.recv_timeout(quiet) {
            bytes += more.len();
        }
        bytes
    }

    /// Processor time of all its threads.
    fn cpu(&self) -> Option<Duration> {
        let tasks = fs::read_dir(format!("/proc/{}/task", self.child.process_id()?)).ok()?;
        let spent = |task: fs::DirEntry| {
            let line = fs::read_to_string(task.path().join("schedstat")).ok()?;
            line.split(' ').next()?.parse::<u64>().ok()
        };
        Some(Duration::from_nanos(tasks.flatten().filter_map(spent).sum()))
    }

    fn end(mut self) -> Result<(), Box<dyn Error>> {
        self.writer.write_all(b"\x03")?;
        self.child.wait()?;
        Ok(())
    }
}

fn shown(name: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |part: f64| times.get(((times.len() - 1) as f64 * part) as usize).copied().unwrap_or_default();
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    println!(
        "{name:<44} {:>8.2} ms median {:>8.2} ms p99 {:>8.2} ms best  ({} times)",
        ms(at(0.5)),
        ms(at(0.99)),
        ms(at(0.0)),
        times.len()
    );
}

fn main() -> Result<(), Box<dyn Error>> {
    let home = tempfile::tempdir()?;
    let (mut first, mut spent) = (Vec::new(), Vec::new());
    for _ in 0..20 {
        let terminal = Terminal::start(home.path())?;
        terminal.until("New consultation")?;
        first.push(terminal.started.elapsed());
        spent.extend(terminal.cpu());
        terminal.drain(Duration::from_millis(300));
        terminal.end()?;
    }
    shown("start to first picture: by the clock", first);
    shown("start to first picture: processor", spent);

    let mut terminal = Terminal::start(home.path())?;
    terminal.until("New consultation")?;
    terminal.drain(Duration::from_secs(1));
    let mut answered = Vec::new();
    // The help opens and closes: each key redraws most of the screen.
    for key in [b"?" as &[u8], b"q"].into_iter().cycle().take(400) {
        let pressed = Instant::now();
        terminal.writer.write_all(key)?;
        terminal.output.recv_timeout(LIMIT)?;
        answered.push(pressed.elapsed());
        terminal.drain(Duration::from_millis(5));
    }
    shown("a key to the next byte", answered);

    let seconds = std::env::var("PISTOR_BENCH_IDLE").ok().and_then(|n| n.parse().ok()).unwrap_or(10);
    terminal.drain(Duration::from_secs(1));
    let before = terminal.cpu();
    let bytes = match terminal.output.recv_timeout(Duration::from_secs(seconds)) {
        Ok(bytes) => bytes.len() + terminal.drain(Duration::from_secs(1)),
        Err(RecvTimeoutError::Timeout) => 0,
        Err(RecvTimeoutError::Disconnected) => return Err("the program ended".into()),
    };
    let used = terminal.cpu().zip(before).map(|(now, before)| now.saturating_sub(before));
    println!("idle for {seconds} s: {bytes} bytes written, {} ns of processor", used.unwrap_or_default().as_nanos());
    terminal.end()
}
