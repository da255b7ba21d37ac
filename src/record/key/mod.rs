//! Keys: what people type, and the random key that rows are sealed with.
//!
//! The data key is random and never leaves the store but wrapped: once by a key derived from the passphrase
//! (Argon2id, slow on purpose), once by the recovery code (random itself). Changing the passphrase wraps the same data
//! key anew; rotating makes another data key and seals every row with it. Everything here is wiped when it is dropped.

mod recovery;
mod secret;
mod slot;

use zeroize::Zeroizing;

use super::error::StoreError;

pub use recovery::RecoveryCode;
pub use secret::Secret;
pub(super) use slot::{Cost, Slot, SlotKind, opened_by};

/// A recovery code that was made just now: it must be written down, it is nowhere else.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FreshCode {
    /// The code.
    pub code: RecoveryCode,
    /// Everything is encrypted, but what stood there before may still be found in the folder: where, or why.
    pub traces: Option<String>,
}

/// 32 bytes nobody may see.
#[derive(Clone)]
pub(super) struct Key(Zeroizing<[u8; 32]>);

impl Key {
    /// A new random key.
    pub(super) fn random() -> Result<Self, StoreError> {
        let mut key = Zeroizing::new([0; 32]);
        fill(&mut *key)?;
        Ok(Self(key))
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Random bytes of the system.
pub(super) fn fill(bytes: &mut [u8]) -> Result<(), StoreError> {
    getrandom::fill(bytes).map_err(|error| StoreError::Io { detail: format!("no random numbers: {error}") })
}
