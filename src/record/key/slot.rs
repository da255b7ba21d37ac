//! A wrapped data key, as it stands in the store.

use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{Key, RecoveryCode, Secret, fill};
use crate::record::error::StoreError;
use crate::record::seal::{Place, Seal, Sealed};

/// What opens a slot.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::record) enum SlotKind {
    /// The passphrase.
    Passphrase,
    /// The recovery code.
    Recovery,
}

impl SlotKind {
    pub(in crate::record) const fn word(self) -> &'static str {
        match self {
            Self::Passphrase => "passphrase",
            Self::Recovery => "recovery",
        }
    }

    /// For people.
    pub(in crate::record) const fn label(self) -> &'static str {
        match self {
            Self::Passphrase => "passphrase",
            Self::Recovery => "recovery code",
        }
    }
}

/// How slow the derivation of a key from a passphrase is. Kept with the slot, so that it can be raised later.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(in crate::record) struct Cost {
    memory_kib: u32,
    passes: u32,
}

impl Cost {
    /// 64 MiB, three passes: about a fifth of a second.
    pub(in crate::record) const USUAL: Self = Self { memory_kib: 64 * 1024, passes: 3 };
    /// For tests of everything else.
    #[cfg(test)]
    pub(in crate::record) const QUICK: Self = Self { memory_kib: 8, passes: 1 };
    /// A file that asks for more is damaged or hostile.
    const MOST: Self = Self { memory_kib: 1024 * 1024, passes: 32 };
}

/// A wrapped data key.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(in crate::record) struct Slot {
    pub kind: SlotKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cost: Option<Cost>,
    salt: Vec<u8>,
    wrapped: Vec<u8>,
    /// Over everything before: damage is told apart from a wrong passphrase.
    sum: Vec<u8>,
}

impl Slot {
    /// Wraps the data key by a passphrase.
    pub(in crate::record) fn passphrase(key: &Key, secret: &Secret, cost: Cost) -> Result<Self, StoreError> {
        let mut salt = vec![0; 16];
        fill(&mut salt)?;
        let outer = derive(secret, &salt, cost)?;
        Self::wrap(SlotKind::Passphrase, key, &outer, Some(cost), salt)
    }

    /// Wraps the data key by a recovery code.
    pub(in crate::record) fn recovery(key: &Key, code: &RecoveryCode) -> Result<Self, StoreError> {
        Self::wrap(SlotKind::Recovery, key, &code.key(), None, Vec::new())
    }

    fn wrap(kind: SlotKind, key: &Key, outer: &Key, cost: Option<Cost>, salt: Vec<u8>) -> Result<Self, StoreError> {
        let wrapped = Sealed::new(outer).seal(place(kind), key.bytes())?;
        let mut slot = Self { kind, cost, salt, wrapped, sum: Vec::new() };
        slot.sum = slot.checksum();
        Ok(slot)
    }

    /// The data key; `None` when the secret is not the one.
    ///
    /// # Errors
    /// If the slot itself is damaged.
    pub(in crate::record) fn open(&self, secret: &Secret) -> Result<Option<Key>, StoreError> {
        let damaged = || StoreError::Corrupt { detail: format!("the lock for the {}", self.kind.label()) };
        if self.sum != self.checksum() {
            return Err(damaged());
        }
        let outer = match (self.kind, self.cost) {
            (SlotKind::Passphrase, Some(cost)) => derive(secret, &self.salt, cost)?,
            (SlotKind::Passphrase, None) => return Err(damaged()),
            (SlotKind::Recovery, _) => match RecoveryCode::parse(secret) {
                Some(code) => code.key(),
                None => return Ok(None),
            },
        };
        let Ok(clear) = Sealed::new(&outer).open(place(self.kind), &self.wrapped).map(Zeroizing::new) else {
            return Ok(None);
        };
        let mut key = Zeroizing::new([0; 32]);
        if clear.len() != key.len() {
            return Err(damaged());
        }
        key.copy_from_slice(&clear);
        Ok(Some(Key(key)))
    }

    fn checksum(&self) -> Vec<u8> {
        let mut hash = Sha256::new_with_prefix(b"pistor slot 1\0");
        hash.update(self.kind.word());
        let cost = self.cost.unwrap_or(Cost { memory_kib: 0, passes: 0 });
        hash.update(cost.memory_kib.to_be_bytes());
        hash.update(cost.passes.to_be_bytes());
        for part in [&self.salt, &self.wrapped] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        hash.finalize().to_vec()
    }
}

/// The data key, and the slot that gave it: the first that the secret opens. One damaged slot does not lock the others
/// out.
///
/// # Errors
/// [`StoreError::WrongKey`] if it opens none of them; if that may be because one is damaged, that.
pub(in crate::record) fn opened_by(slots: &[Slot], secret: &Secret) -> Result<(Key, SlotKind), StoreError> {
    let mut damage = StoreError::WrongKey;
    for slot in slots {
        match slot.open(secret) {
            Ok(Some(key)) => return Ok((key, slot.kind)),
            Ok(None) => {}
            Err(error) => damage = error,
        }
    }
    Err(damage)
}

const fn place(kind: SlotKind) -> Place<'static> {
    Place { table: "slot", column: "key", id: kind.word(), version: 0 }
}

fn derive(secret: &Secret, salt: &[u8], cost: Cost) -> Result<Key, StoreError> {
    let asked = || StoreError::Corrupt { detail: "the lock asks for a derivation that is out of range".to_owned() };
    if cost.memory_kib > Cost::MOST.memory_kib || cost.passes > Cost::MOST.passes {
        return Err(asked());
    }
    let params = Params::new(cost.memory_kib, cost.passes, 1, Some(32)).map_err(|_| asked())?;
    let mut key = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(secret.normal().as_bytes(), salt, &mut *key)
        .map_err(|error| StoreError::Io { detail: format!("the passphrase could not be used: {error}") })?;
    Ok(Key(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slots() -> (Key, RecoveryCode, [Slot; 2]) {
        let (key, code) = (Key::random().unwrap(), RecoveryCode::random().unwrap());
        let passphrase = Slot::passphrase(&key, &Secret::from("blue kettle"), Cost::QUICK).unwrap();
        let recovery = Slot::recovery(&key, &code).unwrap();
        (key, code, [passphrase, recovery])
    }

    #[test]
    fn passphrase_and_code_open_the_same_key() {
        let (key, code, [passphrase, recovery]) = slots();
        let opened = passphrase.open(&Secret::from("blue kettle")).unwrap().unwrap();
        assert_eq!(opened.bytes(), key.bytes());
        let opened = recovery.open(&Secret::from(code.groups().as_str())).unwrap().unwrap();
        assert_eq!(opened.bytes(), key.bytes());
        assert!(passphrase.open(&Secret::from("blue kettle ")).unwrap().is_none());
        assert!(recovery.open(&Secret::from("blue kettle")).unwrap().is_none());
    }

    #[test]
    fn damage_is_not_a_wrong_passphrase() {
        let (_, _, [mut slot, _]) = slots();
        let right = Secret::from("blue kettle");
        for part in [0, 1, 2] {
            let before = slot.clone();
            match part {
                0 => slot.salt[0] ^= 1,
                1 => slot.wrapped[7] ^= 1,
                _ => slot.cost = Some(Cost { passes: 2, ..Cost::QUICK }),
            }
            assert!(matches!(slot.open(&right), Err(StoreError::Corrupt { .. })));
            slot = before;
        }
        slot.cost = Some(Cost { memory_kib: u32::MAX, passes: 1 });
        slot.sum = slot.checksum();
        assert!(matches!(slot.open(&right), Err(StoreError::Corrupt { .. })), "no file may ask for all memory");
    }
}
