//! The audit chain: each entry's hash covers the hash before it, so that a changed, removed or reordered entry shows.
//!
//! Cutting off the last entries, or putting an older file back, does not show unless a head was noted elsewhere.

use sha2::{Digest, Sha256};

/// A link of the chain.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Link(pub(super) [u8; 32]);

impl Link {
    /// Before the first entry.
    pub(super) const START: Self = Self([0; 32]);

    /// The link of an entry after this one.
    pub(super) fn next(self, seq: u64, entry: &[u8]) -> Self {
        let hash = Sha256::new()
            .chain_update(b"pistor audit 1\0")
            .chain_update(self.0)
            .chain_update(seq.to_be_bytes())
            .chain_update(entry);
        Self(hash.finalize().into())
    }

    /// The first 16 hex digits: enough to print on a document and to compare.
    pub(super) fn head(self) -> String {
        hex(&self.0[..8])
    }

    pub(super) fn hex(self) -> String {
        hex(&self.0)
    }
}

/// The hash by which an audit entry knows what was saved.
pub(super) fn digest(id: &str, version: u32, card: &[u8], body: &[u8]) -> String {
    let hash = Sha256::new()
        .chain_update(b"pistor record 1\0")
        .chain_update(id)
        .chain_update(version.to_be_bytes())
        .chain_update((card.len() as u64).to_be_bytes())
        .chain_update(card)
        .chain_update(body);
    hex(&hash.finalize())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::{Link, digest};

    #[test]
    fn every_part_counts() {
        let link = Link::START.next(1, b"a");
        assert_eq!(link, Link::START.next(1, b"a"));
        for other in [Link::START.next(2, b"a"), Link::START.next(1, b"b"), link.next(1, b"a")] {
            assert_ne!(link, other);
        }
        assert!(link.hex().starts_with(&link.head()) && link.head().len() == 16);
        assert_ne!(digest("i", 1, b"ab", b"c"), digest("i", 1, b"a", b"bc"));
    }
}
