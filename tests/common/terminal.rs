//! A real pseudo-terminal with the real program in it. Nothing sleeps: one waits for text, with a deadline.

#![allow(dead_code, reason = "not every test file uses everything")]

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// Longer than anything takes on a loaded machine; only a failing test waits this long.
const DEADLINE: Duration = Duration::from_secs(20);

/// The program in a terminal.
pub struct Terminal {
    parser: vt100::Parser,
    output: Receiver<Vec<u8>>,
    writer: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    /// Everything the program wrote.
    pub bytes: Vec<u8>,
    /// How many keys were typed.
    pub keys: usize,
    master: Box<dyn MasterPty + Send>,
}

impl Terminal {
    /// Starts `pistor` in a home folder of its own.
    pub fn start(home: &Path, columns: u16, rows: u16, arguments: &[&str]) -> Self {
        Self::start_on(home, "xterm-256color", columns, rows, arguments)
    }

    /// The same on a terminal of another kind.
    pub fn start_on(home: &Path, kind: &str, columns: u16, rows: u16, arguments: &[&str]) -> Self {
        Self::start_in(home, &[("TERM", kind)], columns, rows, arguments)
    }

    /// The same with more variables of the environment.
    pub fn start_in(home: &Path, variables: &[(&str, &str)], columns: u16, rows: u16, arguments: &[&str]) -> Self {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
        // Another build of it for long drills, so that this one may be built anew meanwhile.
        let other = std::env::var_os("PISTOR_TEST_PROGRAM");
        let mut command = CommandBuilder::new(other.unwrap_or_else(|| env!("CARGO_BIN_EXE_pistor").into()));
        command.env_clear();
        command.env("HOME", home);
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        for (name, value) in variables {
            command.env(name, value);
        }
        command.args(["--today", "2026-11-22"]);
        command.args(arguments);
        command.cwd(home);
        let child = pair.slave.spawn_command(command).expect("the program starts");
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let writer = pair.master.take_writer().expect("a writer");
        let (sender, output) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0_u8; 8192];
            while let Ok(n @ 1..) = reader.read(&mut buffer) {
                if sender.send(buffer[..n].to_vec()).is_err() {
                    break;
                }
            }
        });
        let cells = |n: u16| NonZeroU16::new(n).expect("a screen has cells");
        let parser = vt100::Parser::new(cells(rows), cells(columns), 0);
        Self { parser, output, writer, child, bytes: Vec::new(), keys: 0, master: pair.master }
    }

    /// Types text or key sequences as the terminal sends them.
    pub fn send(&mut self, keys: &str) -> &mut Self {
        // An escape sequence is one key.
        self.keys += if keys.starts_with('\x1b') { 1 } else { keys.chars().count() };
        self.writer.write_all(keys.as_bytes()).expect("the program reads");
        self.writer.flush().expect("the program reads");
        self
    }

    /// Clicks on the first place where the text stands, once it is there.
    pub fn click(&mut self, text: &str) -> &mut Self {
        self.expect(text);
        let screen = self.screen();
        let (y, line) = screen.lines().enumerate().find(|(_, line)| line.contains(text)).expect("the text is there");
        let x = line[..line.find(text).expect("it is in the line")].chars().count();
        let at = format!("{};{}", x + 1, y + 1);
        write!(self.writer, "\x1b[<0;{at}M\x1b[<0;{at}m").expect("the program reads");
        self.writer.flush().expect("the program reads");
        self
    }

    /// Types one key after the other.
    pub fn keys(&mut self, keys: &[&str]) -> &mut Self {
        for key in keys {
            self.send(key);
        }
        self
    }

    /// Changes the size of the screen.
    pub fn resize(&mut self, columns: u16, rows: u16) -> &mut Self {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        self.master.resize(size).expect("the terminal changes its size");
        let cells = |n: u16| NonZeroU16::new(n).expect("a screen has cells");
        self.parser.screen_mut().set_size(cells(rows), cells(columns));
        self
    }

    /// Waits until the text is on the screen.
    pub fn expect(&mut self, text: &str) -> &mut Self {
        self.wait(&format!("`{text}` on the screen"), |screen| screen.contains(text))
    }

    fn wait(&mut self, what: &str, done: impl Fn(&str) -> bool) -> &mut Self {
        let end = Instant::now() + DEADLINE;
        loop {
            let screen = self.screen();
            if done(&screen) {
                return self;
            }
            match self.output.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(bytes) => {
                    self.parser.process(&bytes);
                    self.bytes.extend(bytes);
                }
                Err(RecvTimeoutError::Timeout) => panic!("waited for {what}; the screen:\n{screen}"),
                Err(RecvTimeoutError::Disconnected) => panic!("waited for {what}; the program ended:\n{screen}"),
            }
        }
    }

    /// Waits until something holds of the terminal.
    pub fn until(&mut self, what: &str, done: impl Fn(&Self) -> bool) -> &mut Self {
        let end = Instant::now() + DEADLINE;
        while !done(self) {
            assert!(Instant::now() < end, "waited for: {what}; the screen:\n{}", self.screen());
            if let Ok(bytes) = self.output.recv_timeout(Duration::from_millis(20)) {
                self.parser.process(&bytes);
                self.bytes.extend(bytes);
            }
        }
        self
    }

    /// Whether the program is stopped.
    pub fn is_stopped(&self) -> bool {
        self.stat(0) == "T"
    }

    /// Processor time used so far, in ticks.
    pub fn cpu(&self) -> u64 {
        (11..=12).filter_map(|field| self.stat(field).parse::<u64>().ok()).sum()
    }

    /// A field of `/proc/PID/stat` behind the name of the program.
    fn stat(&self, field: usize) -> String {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid())).unwrap_or_default();
        let rest = stat.rsplit_once(") ").map(|(_, rest)| rest.to_owned()).unwrap_or_default();
        rest.split(' ').nth(field).unwrap_or_default().to_owned()
    }

    /// Reads until nothing has come for a while; how many bytes have come in all.
    pub fn settle(&mut self) -> usize {
        while let Ok(bytes) = self.output.recv_timeout(Duration::from_secs(1)) {
            self.parser.process(&bytes);
            self.bytes.extend(bytes);
        }
        self.bytes.len()
    }

    /// Listens for some seconds; how many bytes have come in all.
    pub fn quiet(&mut self) -> usize {
        let end = Instant::now() + Duration::from_secs(3);
        while let Ok(bytes) = self.output.recv_timeout(end.saturating_duration_since(Instant::now())) {
            self.parser.process(&bytes);
            self.bytes.extend(bytes);
        }
        self.bytes.len()
    }

    /// Takes what the program writes until about so many bytes have come, or it writes nothing more.
    pub fn read_about(&mut self, bytes: usize) -> &mut Self {
        let end = self.bytes.len() + bytes;
        while self.bytes.len() < end {
            let Ok(more) = self.output.recv_timeout(Duration::from_millis(150)) else { break };
            self.parser.process(&more);
            self.bytes.extend(more);
        }
        self
    }

    /// What is on the screen.
    pub fn screen(&self) -> String {
        self.parser.screen().contents()
    }

    /// Everything that somebody who scrolls back finds: the screen and what has left it.
    pub fn left_in_the_terminal(&self) -> String {
        let (rows, columns) = self.parser.screen().size();
        let mut parser = vt100::Parser::new(rows, columns, 10_000);
        parser.process(&self.bytes);
        let mut all = String::new();
        // From the oldest line on, a screen at a time.
        parser.screen_mut().set_scrollback(usize::MAX);
        loop {
            all.push_str(&parser.screen().contents());
            let behind = parser.screen().scrollback();
            if behind == 0 {
                return all;
            }
            parser.screen_mut().set_scrollback(behind.saturating_sub(usize::from(rows.get())));
        }
    }

    /// What the program told the terminal beside its screen: titles, links, notes.
    pub fn titles(&self) -> Vec<String> {
        let text = String::from_utf8_lossy(&self.bytes);
        text.split("\x1b]").skip(1).filter_map(|rest| Some(rest.split(['\x07', '\x1b']).next()?.to_owned())).collect()
    }

    /// Whether the alternate screen is on.
    pub fn on_alternate_screen(&self) -> bool {
        self.parser.screen().alternate_screen()
    }

    /// Whether the cursor is hidden.
    pub fn hides_cursor(&self) -> bool {
        self.parser.screen().hide_cursor()
    }

    /// Whether mouse reports are on.
    pub fn reports_mouse(&self) -> bool {
        self.parser.screen().mouse_protocol_mode() != vt100::MouseProtocolMode::None
    }

    /// Whether pastes are bracketed.
    pub fn brackets_paste(&self) -> bool {
        self.parser.screen().bracketed_paste()
    }

    /// The process id.
    pub fn pid(&self) -> u32 {
        self.child.process_id().expect("a running program")
    }

    /// Sends a signal by name (`TERM`, `KILL`...).
    pub fn signal(&mut self, name: &str) -> &mut Self {
        let done = std::process::Command::new("kill").args([&format!("-{name}"), &self.pid().to_string()]).status();
        assert!(done.is_ok_and(|status| status.success()), "kill -{name}");
        self
    }

    /// Waits for the end and reads the rest; the exit code.
    pub fn end(&mut self) -> u32 {
        let end = Instant::now() + DEADLINE;
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                break status;
            }
            assert!(Instant::now() < end, "the program does not end; the screen:\n{}", self.screen());
            if let Ok(bytes) = self.output.recv_timeout(Duration::from_millis(50)) {
                self.parser.process(&bytes);
                self.bytes.extend(bytes);
            }
        };
        while let Ok(bytes) = self.output.recv_timeout(Duration::from_secs(5)) {
            self.parser.process(&bytes);
            self.bytes.extend(bytes);
        }
        status.exit_code()
    }

    /// The terminal is as it was before.
    pub fn assert_restored(&self) {
        assert!(!self.on_alternate_screen(), "the alternate screen is still on");
        assert!(!self.hides_cursor(), "the cursor is still hidden");
        assert!(!self.reports_mouse(), "mouse reports are still on");
        assert!(!self.brackets_paste(), "pastes are still bracketed");
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
