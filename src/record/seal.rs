//! How rows are sealed: behind a checksum, which finds damage and swapped rows but hides nothing, or encrypted. One
//! byte says the kind; a store opens one kind only, so that nobody can slip a row of the other in.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use sha2::{Digest, Sha256};

use super::error::StoreError;
use super::key::{Key, fill};

/// What a blob belongs to. It is bound to it: a row moved elsewhere does not open.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    pub table: &'static str,
    pub column: &'static str,
    pub id: &'a str,
    pub version: u32,
}

impl Place<'_> {
    /// All parts, each with its length: no two places read alike.
    fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for part in [self.table.as_bytes(), self.column.as_bytes(), self.id.as_bytes()] {
            bytes.extend((part.len() as u64).to_be_bytes());
            bytes.extend(part);
        }
        bytes.extend(self.version.to_be_bytes());
        bytes
    }
}

/// Why a blob does not open.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Broken {
    /// Sealed in a way that this program does not know.
    UnknownKind(u8),
    /// Changed since it was sealed, or sealed for another place.
    Changed,
}

/// Seals and opens blobs.
pub(super) trait Seal: Send + Sync {
    /// Whether what it seals cannot be read without a key.
    fn hides(&self) -> bool;
    fn seal(&self, place: Place<'_>, clear: &[u8]) -> Result<Vec<u8>, StoreError>;
    fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Vec<u8>, Broken>;
}

/// Clear text behind a checksum.
pub(super) struct Checksum;

const CHECKSUM: u8 = 1;

impl Checksum {
    fn sum(place: Place<'_>, clear: &[u8]) -> [u8; 32] {
        let mut hash = Sha256::new_with_prefix(b"pistor row 1\0");
        hash.update(place.bytes());
        hash.update(clear);
        hash.finalize().into()
    }
}

impl Seal for Checksum {
    fn hides(&self) -> bool {
        false
    }

    fn seal(&self, place: Place<'_>, clear: &[u8]) -> Result<Vec<u8>, StoreError> {
        let mut sealed = Vec::with_capacity(33 + clear.len());
        sealed.push(CHECKSUM);
        sealed.extend(Self::sum(place, clear));
        sealed.extend(clear);
        Ok(sealed)
    }

    fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Vec<u8>, Broken> {
        match sealed {
            [CHECKSUM, rest @ ..] => match rest.split_at_checked(32) {
                Some((sum, clear)) if sum == Self::sum(place, clear) => Ok(clear.to_vec()),
                _ => Err(Broken::Changed),
            },
            [kind, ..] => Err(Broken::UnknownKind(*kind)),
            [] => Err(Broken::Changed),
        }
    }
}

/// Encrypted and authenticated: XChaCha20-Poly1305 with a random nonce for each blob, bound to its place.
pub(super) struct Sealed(XChaCha20Poly1305);

const SEALED: u8 = 2;
const NONCE: usize = 24;

impl Sealed {
    pub(super) fn new(key: &Key) -> Self {
        Self(XChaCha20Poly1305::new(key.bytes().into()))
    }
}

impl Seal for Sealed {
    fn hides(&self) -> bool {
        true
    }

    fn seal(&self, place: Place<'_>, clear: &[u8]) -> Result<Vec<u8>, StoreError> {
        let mut nonce = [0; NONCE];
        fill(&mut nonce)?;
        let aad = place.bytes();
        let hidden = self.0.encrypt(&XNonce::from(nonce), Payload { msg: clear, aad: &aad });
        let hidden = hidden.map_err(|_| StoreError::Io { detail: "too long to encrypt".to_owned() })?;
        let mut sealed = Vec::with_capacity(1 + NONCE + hidden.len());
        sealed.push(SEALED);
        sealed.extend(nonce);
        sealed.extend(hidden);
        Ok(sealed)
    }

    fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Vec<u8>, Broken> {
        match sealed {
            [SEALED, rest @ ..] => {
                let (nonce, hidden) = rest.split_at_checked(NONCE).ok_or(Broken::Changed)?;
                let nonce = <[u8; NONCE]>::try_from(nonce).map_err(|_| Broken::Changed)?;
                let aad = place.bytes();
                let opened = self.0.decrypt(&XNonce::from(nonce), Payload { msg: hidden, aad: &aad });
                opened.map_err(|_| Broken::Changed)
            }
            [kind, ..] => Err(Broken::UnknownKind(*kind)),
            [] => Err(Broken::Changed),
        }
    }
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::UnknownKind(kind) => write!(f, "it is sealed in an unknown way ({kind})"),
            Self::Changed => f.write_str("its bytes are not those that were written"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Place<'static> = Place { table: "record", column: "body", id: "x", version: 1 };

    fn both() -> [Box<dyn Seal>; 2] {
        [Box::new(Checksum), Box::new(Sealed::new(&Key::random().unwrap()))]
    }

    #[test]
    fn only_the_same_bytes_in_the_same_place_open() {
        for seal in both() {
            let sealed = seal.seal(HERE, b"text").unwrap();
            assert_eq!(seal.open(HERE, &sealed), Ok(b"text".to_vec()));
            for place in [
                Place { table: "draft", ..HERE },
                Place { column: "card", ..HERE },
                Place { id: "y", ..HERE },
                Place { version: 2, ..HERE },
            ] {
                assert_eq!(seal.open(place, &sealed), Err(Broken::Changed));
            }
            for at in 0..sealed.len() {
                let mut flipped = sealed.clone();
                flipped[at] ^= 4;
                assert!(seal.open(HERE, &flipped).is_err(), "byte {at}");
                assert!(seal.open(HERE, &sealed[..at]).is_err(), "cut at {at}");
            }
        }
    }

    #[test]
    fn encryption_hides_and_never_repeats() {
        let seal = Sealed::new(&Key::random().unwrap());
        let (a, b) = (seal.seal(HERE, b"Test Patient").unwrap(), seal.seal(HERE, b"Test Patient").unwrap());
        assert_ne!(a, b);
        assert!(!a.windows(4).any(|part| part == b"Test"));
        assert!(Sealed::new(&Key::random().unwrap()).open(HERE, &a).is_err(), "another key");
    }

    #[test]
    fn a_row_of_the_other_kind_does_not_slip_in() {
        let [plain, hidden] = both();
        assert_eq!(hidden.open(HERE, &plain.seal(HERE, b"forged").unwrap()), Err(Broken::UnknownKind(1)));
        assert_eq!(plain.open(HERE, &hidden.seal(HERE, b"x").unwrap()), Err(Broken::UnknownKind(2)));
    }
}
