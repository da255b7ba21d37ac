//! Where a made case comes from, so that it can be made again.

use toml::{Table, Value};

/// What made a case: the same pack, rule and seed make it again.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct MadeBy {
    /// What for: isolating, boundary, near-miss.
    pub kind: String,
    /// The rule.
    pub rule: String,
    /// The seed.
    pub seed: u64,
    /// The hash of the pack.
    pub pack: String,
}

impl MadeBy {
    /// The keys in files.
    pub const KEYS: [&'static str; 4] = ["kind", "rule", "seed", "pack"];

    /// As it stands in files.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut table = Table::new();
        table.insert("kind".to_owned(), Value::String(self.kind.clone()));
        table.insert("rule".to_owned(), Value::String(self.rule.clone()));
        table.insert("seed".to_owned(), Value::Integer(i64::try_from(self.seed).unwrap_or(i64::MAX)));
        table.insert("pack".to_owned(), Value::String(self.pack.clone()));
        Value::Table(table)
    }

    /// Reads what [`MadeBy::to_value`] writes.
    ///
    /// # Errors
    /// A sentence about the first key that is not as expected.
    pub fn read(value: &Value) -> Result<Self, String> {
        let table = value.as_table().ok_or("`made_by` has to be a table")?;
        if let Some(other) = table.keys().find(|key| !Self::KEYS.contains(&key.as_str())) {
            return Err(format!("`made_by` has no key `{other}`; it has {}", Self::KEYS.join(", ")));
        }
        let text = |key: &str| {
            let text = table.get(key).and_then(Value::as_str).map(str::to_owned);
            text.ok_or_else(|| format!("`made_by` needs `{key}`, a text"))
        };
        let seed = table.get("seed").and_then(Value::as_integer).and_then(|n| u64::try_from(n).ok());
        Ok(Self {
            kind: text("kind")?,
            rule: text("rule")?,
            seed: seed.ok_or("`made_by` needs `seed`, a whole number from 0")?,
            pack: text("pack")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_what_is_wrong_is_said() {
        let made = MadeBy { kind: "isolating".into(), rule: "pregnancy".into(), seed: 7, pack: "abc".into() };
        assert_eq!(MadeBy::read(&made.to_value()), Ok(made.clone()));
        let without = |key: &str| {
            let mut table = made.to_value().as_table().cloned().unwrap_or_default();
            table.remove(key);
            MadeBy::read(&Value::Table(table))
        };
        for key in MadeBy::KEYS {
            assert!(without(key).unwrap_err().contains(&format!("`{key}`")), "{key}");
        }
        assert!(MadeBy::read(&Value::Boolean(true)).is_err());
        let mut more = made.to_value().as_table().cloned().unwrap_or_default();
        more.insert("sead".to_owned(), Value::Integer(1));
        assert!(MadeBy::read(&Value::Table(more)).unwrap_err().contains("`sead`"));
    }
}
