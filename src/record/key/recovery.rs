//! The recovery code: random, shown once, written on paper.

use std::fmt;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{Key, Secret, fill};
use crate::record::error::StoreError;

/// Letters and digits that are not taken for each other (Crockford's alphabet).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Random bits.
const BITS: usize = 128;
/// Characters: 128 bits and 12 of a checksum, five to a character.
const CHARACTERS: usize = 28;

/// A code that opens the records when the passphrase is lost.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(Zeroizing<[u8; BITS / 8]>);

impl RecoveryCode {
    pub(in crate::record) fn random() -> Result<Self, StoreError> {
        let mut bytes = Zeroizing::new([0; BITS / 8]);
        fill(&mut *bytes)?;
        Ok(Self(bytes))
    }

    /// Reads a code as people type it: small letters, with or without dashes, O for 0. `None` when it is none, or when
    /// a character is wrong.
    #[must_use]
    pub fn parse(secret: &Secret) -> Option<Self> {
        let mut bits: u128 = 0;
        let mut sum: u16 = 0;
        let mut count = 0;
        for c in secret.text().chars().filter(|c| !matches!(c, '-' | ' ' | '\u{2013}')) {
            let c = match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let value = ALPHABET.iter().position(|known| char::from(*known) == c)?;
            for bit in (0..5).rev().map(|bit| value >> bit & 1) {
                if count < BITS {
                    bits = bits << 1 | bit as u128;
                } else {
                    sum = sum << 1 | bit as u16;
                }
                count += 1;
            }
            if count > CHARACTERS * 5 {
                return None;
            }
        }
        let code = Self(Zeroizing::new(bits.to_be_bytes()));
        (count == CHARACTERS * 5 && sum == code.sum()).then_some(code)
    }

    /// The key that wraps the data key. The code is random: nothing slow is needed.
    pub(super) fn key(&self) -> Key {
        let hash = Sha256::new().chain_update(b"pistor recovery 1\0").chain_update(*self.0);
        Key(Zeroizing::new(hash.finalize().into()))
    }

    /// 12 bits that tell a slip of the pen.
    fn sum(&self) -> u16 {
        let hash = Sha256::new().chain_update(b"pistor recovery sum\0").chain_update(*self.0).finalize();
        u16::from_be_bytes([hash[0], hash[1]]) >> 4
    }

    /// As it is shown: seven groups of four.
    #[must_use]
    pub fn groups(&self) -> Zeroizing<String> {
        let bits = u128::from_be_bytes(*self.0);
        let mut text = Zeroizing::new(String::with_capacity(CHARACTERS + 8));
        for n in 0..CHARACTERS {
            if n > 0 && n % 4 == 0 {
                text.push('-');
            }
            let mut value = 0;
            for at in n * 5..n * 5 + 5 {
                let bit = if at < BITS {
                    (bits >> (BITS - 1 - at) & 1) as usize
                } else {
                    usize::from(self.sum() >> (BITS + 11 - at) & 1)
                };
                value = value << 1 | bit;
            }
            text.push(char::from(ALPHABET[value]));
        }
        text
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_write_it() {
        for _ in 0..50 {
            let code = RecoveryCode::random().unwrap();
            let shown = code.groups();
            assert_eq!(shown.len(), 34, "{}", *shown);
            let sloppy = shown.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
            assert_eq!(RecoveryCode::parse(&Secret::from(sloppy.as_str())), Some(code.clone()));
            assert_eq!(RecoveryCode::parse(&Secret::from(shown.as_str())), Some(code));
        }
    }

    #[test]
    fn a_passphrase_or_a_slip_is_no_code() {
        let shown = RecoveryCode::random().unwrap().groups();
        for text in ["", "blue kettle seven rain", &shown[..33], &format!("{}0", *shown)] {
            assert_eq!(RecoveryCode::parse(&Secret::from(text)), None, "{text}");
        }
        // Every slip of one character would be caught by 12 bits but one in 4096; none of the 28 positions escapes all.
        let mut caught = 0;
        for at in (0..shown.len()).filter(|at| &shown[*at..=*at] != "-") {
            let other = if &shown[at..=at] == "7" { "8" } else { "7" };
            let slip = format!("{}{other}{}", &shown[..at], &shown[at + 1..]);
            caught += usize::from(RecoveryCode::parse(&Secret::from(slip.as_str())).is_none());
        }
        assert!(caught >= 26, "{caught} of 28");
    }
}
