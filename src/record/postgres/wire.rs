//! The little of PostgreSQL's protocol (version 3) that the store needs, over a local socket.
//!
//! Only over a local socket: what lies behind it (the server itself, or a tunnel to it) is no business of the program,
//! which opens no network connection and knows no password.

use std::fmt;
use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::time::Duration;

/// Longer than the server lets a statement wait (`LOCK_WAIT` of the store): silence beyond it is a fault.
const SILENCE: Duration = Duration::from_secs(30);

/// No answer is larger: a length beyond it is not from a server of ours.
const LARGEST: usize = 256 << 20;

/// Where a server is, and as whom we come.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Address {
    /// The folder of the socket.
    pub folder: PathBuf,
    /// Its number, as in its name.
    pub port: u16,
    /// The database.
    pub database: String,
    /// The role.
    pub role: String,
}

impl Address {
    /// The socket.
    pub(super) fn socket(&self) -> PathBuf {
        self.folder.join(format!(".s.PGSQL.{}", self.port))
    }
}

/// What went wrong.
#[derive(Debug)]
pub(super) enum Fault {
    /// The connection; it is of no more use.
    Link(io::Error),
    /// The server refused, and says why.
    Refused {
        /// The five letters of SQLSTATE.
        code: String,
        /// Its words.
        words: String,
    },
    /// It asks for something that we have not.
    Strange(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // The kind, not the message of the system: it is the same in every language.
            Self::Link(error) => write!(f, "the server does not answer: {}", error.kind()),
            Self::Refused { code, words } => write!(f, "the server says: {words} ({code})"),
            Self::Strange(words) => f.write_str(words),
        }
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Link(error)
    }
}

/// A value on its way to the server.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value<'a> {
    /// As text; the server knows the type.
    Text(&'a str),
    /// Bytes as they are.
    Bytes(&'a [u8]),
    /// None.
    Null,
}

/// A row of an answer; every column in the server's binary form.
#[derive(Debug)]
pub(super) struct Row(Vec<Option<Vec<u8>>>);

impl Row {
    fn take(&self, column: usize) -> Result<&[u8], Fault> {
        let bytes = self.0.get(column).and_then(Option::as_deref);
        bytes.ok_or_else(|| Fault::Strange(format!("column {column} of an answer is empty")))
    }

    pub(super) fn bytes(&self, column: usize) -> Result<Vec<u8>, Fault> {
        self.take(column).map(<[u8]>::to_vec)
    }

    pub(super) fn text(&self, column: usize) -> Result<String, Fault> {
        String::from_utf8(self.bytes(column)?).map_err(|_| Fault::Strange(format!("column {column} is no text")))
    }

    /// A `bigint`.
    pub(super) fn number(&self, column: usize) -> Result<u64, Fault> {
        let strange = || Fault::Strange(format!("column {column} is no number"));
        let bytes: [u8; 8] = self.take(column)?.try_into().map_err(|_| strange())?;
        u64::try_from(i64::from_be_bytes(bytes)).map_err(|_| strange())
    }

    pub(super) fn flag(&self, column: usize) -> Result<bool, Fault> {
        self.take(column).map(|bytes| bytes == [1])
    }
}

/// A connection.
#[derive(Debug)]
pub(super) struct Wire {
    stream: UnixStream,
    /// After a fault of the connection nothing more is said on it.
    broken: bool,
}

impl Wire {
    /// Connects. The server must know us by the socket: by our user (`peer`) or by the certificate of the tunnel.
    pub(super) fn connect(address: &Address) -> Result<Self, Fault> {
        let stream = UnixStream::connect(address.socket())?;
        stream.set_read_timeout(Some(SILENCE))?;
        stream.set_write_timeout(Some(SILENCE))?;
        let mut wire = Self { stream, broken: false };
        let mut hello = 196_608_i32.to_be_bytes().to_vec();
        for (key, value) in [
            ("user", address.role.as_str()),
            ("database", &address.database),
            ("client_encoding", "UTF8"),
            ("application_name", "pistor"),
        ] {
            put_text(&mut hello, key);
            put_text(&mut hello, value);
        }
        hello.push(0);
        wire.stream.write_all(&framed(None, &hello))?;
        loop {
            match wire.read()? {
                (b'R', body) if body == [0, 0, 0, 0] => {}
                (b'R', _) => {
                    return Err(Fault::Strange(
                        "the server asks for a password; pistor has none: let the socket say who comes".to_owned(),
                    ));
                }
                (b'Z', _) => return Ok(wire),
                (b'E', body) => return Err(refusal(&body)),
                _ => {}
            }
        }
    }

    /// Whether it can still be used.
    pub(super) const fn broken(&self) -> bool {
        self.broken
    }

    /// Statements without values; their answers are of no interest.
    pub(super) fn run(&mut self, sql: &str) -> Result<(), Fault> {
        let mut body = Vec::new();
        put_text(&mut body, sql);
        self.ask(&framed(Some(b'Q'), &body)).map(drop)
    }

    /// One statement with values, and its rows.
    pub(super) fn query(&mut self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, Fault> {
        let count = |n: usize| i16::try_from(n).map_err(|_| Fault::Strange("too many values".to_owned()));
        let mut parse = Vec::new();
        put_text(&mut parse, "");
        put_text(&mut parse, sql);
        parse.extend(0_i16.to_be_bytes());
        let mut bind = vec![0, 0];
        bind.extend(count(values.len())?.to_be_bytes());
        for value in values {
            bind.extend(i16::from(matches!(value, Value::Bytes(_))).to_be_bytes());
        }
        bind.extend(count(values.len())?.to_be_bytes());
        for value in values {
            let bytes = match value {
                Value::Text(text) => Some(text.as_bytes()),
                Value::Bytes(bytes) => Some(*bytes),
                Value::Null => None,
            };
            let length = bytes.map_or(Ok(-1), |bytes| i32::try_from(bytes.len()));
            bind.extend(length.map_err(|_| Fault::Strange("a value is too long".to_owned()))?.to_be_bytes());
            bind.extend(bytes.unwrap_or_default());
        }
        // Every column of the answer in binary.
        bind.extend([0, 1, 0, 1]);
        let mut said = framed(Some(b'P'), &parse);
        said.extend(framed(Some(b'B'), &bind));
        said.extend(framed(Some(b'E'), &[0, 0, 0, 0, 0]));
        said.extend(framed(Some(b'S'), &[]));
        self.ask(&said)
    }

    /// Says something and takes the answer up to "ready".
    fn ask(&mut self, said: &[u8]) -> Result<Vec<Row>, Fault> {
        let answer = self.exchange(said);
        self.broken |= matches!(answer, Err(_) | Ok((_, Some(Fault::Link(_) | Fault::Strange(_)))));
        match answer? {
            (_, Some(fault)) => Err(fault),
            (rows, None) => Ok(rows),
        }
    }

    fn exchange(&mut self, said: &[u8]) -> Result<(Vec<Row>, Option<Fault>), Fault> {
        self.stream.write_all(said)?;
        let (mut rows, mut fault) = (Vec::new(), None);
        loop {
            let (kind, body) = match (self.read(), fault) {
                (Ok(message), known) => {
                    fault = known;
                    message
                }
                // It said why it hangs up.
                (Err(_), Some(why)) => {
                    self.broken = true;
                    return Ok((rows, Some(why)));
                }
                (Err(error), None) => return Err(error),
            };
            match (kind, body) {
                (b'D', body) => rows.push(row(&body)?),
                // The first one is the cause.
                (b'E', body) => fault = fault.or(Some(refusal(&body))),
                (b'Z', _) => return Ok((rows, fault)),
                _ => {}
            }
        }
    }

    fn read(&mut self) -> Result<(u8, Vec<u8>), Fault> {
        let mut head = [0; 5];
        self.stream.read_exact(&mut head)?;
        let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]) as usize;
        if !(4..=LARGEST).contains(&length) {
            return Err(Fault::Strange("what answers there is no PostgreSQL".to_owned()));
        }
        let mut body = vec![0; length - 4];
        self.stream.read_exact(&mut body)?;
        Ok((head[0], body))
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        // The server notices without it, too.
        let _ = self.stream.write_all(&framed(Some(b'X'), &[]));
    }
}

fn put_text(into: &mut Vec<u8>, text: &str) {
    into.extend(text.bytes().filter(|byte| *byte != 0));
    into.push(0);
}

/// A message: its kind, its length, its body.
fn framed(kind: Option<u8>, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 4).unwrap_or(u32::MAX);
    kind.into_iter().chain(length.to_be_bytes()).chain(body.iter().copied()).collect()
}

fn row(body: &[u8]) -> Result<Row, Fault> {
    let cut = || Fault::Strange("an answer of the server is cut".to_owned());
    let (count, mut rest) = body.split_first_chunk::<2>().ok_or_else(cut)?;
    let mut columns = Vec::new();
    for _ in 0..u16::from_be_bytes(*count) {
        let (length, after) = rest.split_first_chunk::<4>().ok_or_else(cut)?;
        // -1: no value.
        let (value, after) = match usize::try_from(i32::from_be_bytes(*length)) {
            Err(_) => (None, after),
            Ok(length) => {
                let (value, after) = after.split_at_checked(length).ok_or_else(cut)?;
                (Some(value.to_vec()), after)
            }
        };
        columns.push(value);
        rest = after;
    }
    Ok(Row(columns))
}

/// The code and the words of a refusal. Never its detail: that may quote a row.
fn refusal(body: &[u8]) -> Fault {
    let (mut code, mut words) = (String::new(), String::new());
    for field in body.split(|byte| *byte == 0) {
        match field {
            [b'C', rest @ ..] => code = String::from_utf8_lossy(rest).into_owned(),
            [b'M', rest @ ..] => words = String::from_utf8_lossy(rest).into_owned(),
            _ => {}
        }
    }
    Fault::Refused { code, words }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_answer_is_an_error_and_no_panic() {
        let mut body = vec![0, 2];
        body.extend(3_i32.to_be_bytes());
        body.extend(b"abc");
        body.extend((-1_i32).to_be_bytes());
        let whole = row(&body).unwrap();
        assert_eq!(whole.text(0).unwrap(), "abc");
        assert!(whole.bytes(1).is_err() && whole.bytes(2).is_err() && whole.number(0).is_err());
        for cut in 0..body.len() {
            assert!(row(&body[..cut]).is_err(), "cut at {cut}");
        }
    }

    #[test]
    fn a_refusal_keeps_code_and_words_and_never_the_detail() {
        let fault = refusal(b"SERROR\0C23505\0Mduplicate key\0DKey (id)=(secret) exists\0\0");
        assert_eq!(fault.to_string(), "the server says: duplicate key (23505)");
    }
}
