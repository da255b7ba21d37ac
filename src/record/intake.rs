//! The intake inside a document: the intake file as a table.

use serde::{Deserialize, Deserializer, Serialize};
use toml::{Table, Value};

/// The answers of a consultation, with the names of the intake file.
///
/// Dates are held as text: the intake file accepts both, and JSON has no dates.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
#[serde(transparent)]
pub struct IntakeTable(Table);

impl IntakeTable {
    /// Takes an intake file.
    ///
    /// # Errors
    /// If it is not TOML.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        text.parse::<Table>().map(Self::from)
    }

    /// The intake file.
    #[must_use]
    pub fn to_toml(&self) -> String {
        self.0.to_string()
    }

    /// The answer at a path such as `patient.age`.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Value> {
        let mut keys = path.split('.');
        let first = self.0.get(keys.next()?)?;
        keys.try_fold(first, |value, key| value.get(key))
    }

    /// The text at a path, or "".
    #[must_use]
    pub fn text(&self, path: &str) -> &str {
        self.get(path).and_then(Value::as_str).unwrap_or_default()
    }

    /// The ids of the goals, in the order they were given.
    #[must_use]
    pub fn goals(&self) -> Vec<String> {
        let items = self.get("goals.items").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        items.iter().filter_map(|item| item.get("goal")?.as_str()).map(str::to_owned).collect()
    }

    /// The ids of the areas of all goals, each once, in the order they were given.
    #[must_use]
    pub fn areas(&self) -> Vec<String> {
        let items = self.get("goals.items").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let named = items.iter().filter_map(|item| item.get("areas")?.as_array()).flatten();
        let mut areas: Vec<String> = Vec::new();
        for area in named.filter_map(Value::as_str) {
            if !areas.iter().any(|known| known == area) {
                areas.push(area.to_owned());
            }
        }
        areas
    }
}

impl From<Table> for IntakeTable {
    fn from(mut table: Table) -> Self {
        table.iter_mut().for_each(|(_, value)| dates_to_text(value));
        Self(table)
    }
}

impl<'de> Deserialize<'de> for IntakeTable {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Table::deserialize(deserializer).map(Self::from)
    }
}

fn dates_to_text(value: &mut Value) {
    match value {
        Value::Datetime(date) => *value = Value::String(date.to_string()),
        Value::Array(values) => values.iter_mut().for_each(dates_to_text),
        Value::Table(table) => table.iter_mut().for_each(|(_, value)| dates_to_text(value)),
        Value::String(_) | Value::Integer(_) | Value::Float(_) | Value::Boolean(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::IntakeTable;

    #[test]
    fn answers_are_found_by_path() {
        let intake = IntakeTable::parse(
            "jurisdiction = 'EU'\n[patient]\nbirth_date = 1982-03-04\n[goals]\nitems = [{ goal = 'hydration' }, { goal = 'x' }]",
        )
        .unwrap();
        assert_eq!(intake.text("jurisdiction"), "EU");
        assert_eq!(intake.text("patient.birth_date"), "1982-03-04");
        assert_eq!(intake.goals(), ["hydration", "x"]);
        assert_eq!((intake.text("patient"), intake.text("a.b.c"), intake.text("")), ("", "", ""));
        assert_eq!(IntakeTable::parse(&intake.to_toml()).unwrap(), intake);
    }
}
