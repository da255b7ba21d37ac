//! How rows are sealed. Now with a checksum, which finds damage and swapped rows but hides nothing;
//! encryption takes its place here, with the same form: one byte for the kind, then the rest.

use sha2::{Digest, Sha256};

/// What a blob belongs to. It is bound to it: a row moved elsewhere does not open.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    pub table: &'static str,
    pub column: &'static str,
    pub id: &'a str,
    pub version: u32,
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
pub(super) trait Seal: Send {
    fn seal(&self, place: Place<'_>, clear: &[u8]) -> Vec<u8>;
    fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Vec<u8>, Broken>;
}

/// Clear text behind a checksum.
pub(super) struct Checksum;

const CHECKSUM: u8 = 1;

impl Checksum {
    fn sum(place: Place<'_>, clear: &[u8]) -> [u8; 32] {
        let mut hash = Sha256::new_with_prefix(b"pistor row 1\0");
        for part in [place.table.as_bytes(), place.column.as_bytes(), place.id.as_bytes()] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        hash.update(place.version.to_be_bytes());
        hash.update(clear);
        hash.finalize().into()
    }
}

impl Seal for Checksum {
    fn seal(&self, place: Place<'_>, clear: &[u8]) -> Vec<u8> {
        let mut sealed = Vec::with_capacity(33 + clear.len());
        sealed.push(CHECKSUM);
        sealed.extend(Self::sum(place, clear));
        sealed.extend(clear);
        sealed
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
    use super::{Broken, Checksum, Place, Seal};

    const HERE: Place<'static> = Place { table: "record", column: "body", id: "x", version: 1 };

    #[test]
    fn only_the_same_bytes_in_the_same_place_open() {
        let sealed = Checksum.seal(HERE, b"text");
        assert_eq!(Checksum.open(HERE, &sealed), Ok(b"text".to_vec()));
        for place in [
            Place { table: "draft", ..HERE },
            Place { column: "card", ..HERE },
            Place { id: "y", ..HERE },
            Place { version: 2, ..HERE },
        ] {
            assert_eq!(Checksum.open(place, &sealed), Err(Broken::Changed));
        }
        for at in 0..sealed.len() {
            let mut flipped = sealed.clone();
            flipped[at] ^= 4;
            assert!(Checksum.open(HERE, &flipped).is_err(), "byte {at}");
            assert!(Checksum.open(HERE, &sealed[..at]).is_err(), "cut at {at}");
        }
    }
}
