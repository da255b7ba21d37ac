//! Who has looked at the content of a pack, and when somebody has to look again.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::table::Identified;
use super::{Layer, Pack};

/// The state of one statement: written, looked at by a clinician or not, due again.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct ReviewState {
    /// When it was written.
    pub since: Date,
    /// The day by which it has to be looked at again.
    pub due: Date,
    /// The clinician who looked at it, if one has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clinician: Option<Clinician>,
}

/// A clinician's look at a statement.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Clinician {
    /// Name and role.
    pub by: String,
    /// The day.
    pub on: Date,
}

impl ReviewState {
    /// Whether the day by which it had to be looked at again has passed.
    #[must_use]
    pub fn is_overdue(&self, today: Date) -> bool {
        today > self.due
    }

    /// For people.
    #[must_use]
    pub fn words(&self) -> String {
        let looked = self.clinician.as_ref().map_or_else(
            || "not yet reviewed by a clinician".to_owned(),
            |clinician| format!("reviewed by {} on {}", clinician.by, clinician.on),
        );
        format!("written {}, {looked}, review due {}", self.since, self.due)
    }

    /// For people, on a day from which one can tell whether it is overdue.
    #[must_use]
    pub fn words_on(&self, today: Date) -> String {
        format!("{}{}", self.words(), if self.is_overdue(today) { " (overdue)" } else { "" })
    }
}

/// An item of the pack whose review is overdue.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Overdue<'a> {
    /// What it is: rule, limit, recipe...
    pub kind: &'static str,
    /// Its id.
    pub id: &'a str,
    /// Since when.
    pub due: Date,
}

/// A clinic's word that somebody with a name has read a version of a pack.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SignOff {
    /// The id of the pack.
    pub pack: String,
    /// The version that was read.
    pub version: String,
    /// Name and role.
    pub by: String,
    /// The day.
    pub on: Date,
}

impl Pack {
    /// Every statement that has to be looked at from time to time: kind, id, state.
    fn reviews(&self) -> impl Iterator<Item = (&'static str, &str, &ReviewState)> {
        // Rules made from the vocabulary stand or fall with the entry they are made from.
        let written = self.rules.iter().filter(|row| row.place.file.is_some());
        let rules = written.map(|row| ("rule", row.id(), &row.grounds));
        let words = self.goals.iter().map(|row| ("goal", row.id(), &row.grounds));
        let allergens = self.allergens.iter().zip(&self.allergen_details);
        let ingredients = self.ingredients.iter().zip(&self.ingredient_details);
        rules
            .chain(words)
            .chain(allergens.map(|(item, detail)| ("allergen", item.id(), &detail.grounds)))
            .chain(ingredients.map(|(item, detail)| ("ingredient", item.id(), &detail.grounds)))
            .chain(self.scales.iter().map(|row| ("scale", row.id(), &row.grounds)))
            .chain(self.techniques.iter().map(|row| ("technique", row.id(), &row.grounds)))
            .chain(self.scales.iter().map(|row| ("scale", row.id(), &row.grounds)))
            .chain(self.limits.iter().map(|row| ("limit", row.id(), &row.grounds)))
            .chain(self.mixing.iter().map(|row| ("mixing rule", row.id(), &row.grounds)))
            .chain(self.trials.iter().map(|row| ("trial", row.id(), &row.grounds)))
            .chain(self.recipes.iter().map(|row| ("recipe", row.id(), &row.grounds)))
            .chain(self.plans.iter().map(|row| ("session plan", row.id(), &row.grounds)))
            .chain(self.consent.iter().map(|row| ("consent point", row.id(), &row.grounds)))
            .chain(self.care.iter().map(|row| ("care text", row.id(), &row.grounds)))
            .chain(self.follow_up.reactions.iter().map(|row| ("reaction", row.id(), &row.grounds)))
            .chain(self.follow_up.flags.iter().map(|row| ("red flag", row.id(), &row.grounds)))
            .chain(self.follow_up.lists.iter().map(|row| ("list", row.id(), &row.grounds)))
            .chain(self.follow_up.questionnaires.iter().map(|row| ("questionnaire", row.id(), &row.grounds)))
            .chain(self.follow_up.channels.iter().map(|row| ("reporting channel", row.id(), &row.grounds)))
            .map(|(kind, id, grounds)| (kind, id, &grounds.review))
    }

    /// The items that had to be looked at again before today.
    #[must_use]
    pub fn overdue(&self, today: Date) -> Vec<Overdue<'_>> {
        self.reviews()
            .filter(|(_, _, review)| review.is_overdue(today))
            .map(|(kind, id, review)| Overdue { kind, id, due: review.due })
            .collect()
    }

    /// The sign-off that covers a layer as it is in use.
    #[must_use]
    pub fn sign_off(&self, layer: &Layer, today: Date) -> Option<&SignOff> {
        let counts =
            |signed: &&SignOff| signed.pack == layer.id && signed.version == layer.version && signed.on <= today;
        self.sign_offs.iter().find(counts)
    }

    /// Who signed for the clinic, when every layer in use is covered.
    #[must_use]
    pub fn signed_off(&self, today: Date) -> Option<String> {
        let mut words: Vec<String> = Vec::new();
        for layer in &self.layers {
            let signed = self.sign_off(layer, today)?;
            let text = format!("{}, {}", signed.by, signed.on);
            if !words.contains(&text) {
                words.push(text);
            }
        }
        (!words.is_empty()).then(|| words.join("; "))
    }

    /// What keeps the clinic's sign-off from counting: each layer without one, and what was signed instead.
    #[must_use]
    pub fn unsigned(&self, today: Date) -> Vec<String> {
        let open = self.layers.iter().filter(|layer| self.sign_off(layer, today).is_none());
        open.map(|layer| {
            let (id, version) = (&layer.id, &layer.version);
            let older = self.sign_offs.iter().filter(|signed| signed.pack == *id).max_by_key(|signed| signed.on);
            match older {
                Some(later) if later.on > today => {
                    format!(
                        "{id}: the sign-off of version {} is dated {}, which is yet to come",
                        later.version, later.on
                    )
                }
                Some(old) => {
                    format!("{id}: version {} was reviewed ({}, {}); this is {version}", old.version, old.by, old.on)
                }
                None => format!("no name and date sign {id} {version} off"),
            }
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_review_says_what_happened_and_what_is_due() {
        let mut review = ReviewState { since: date(2026, 11, 22), due: date(2027, 11, 22), clinician: None };
        assert_eq!(review.words(), "written 2026-11-22, not yet reviewed by a clinician, review due 2027-11-22");
        assert!(!review.is_overdue(review.due), "the day itself is in time");
        assert!(review.words_on(date(2027, 11, 23)).ends_with("review due 2027-11-22 (overdue)"));
        review.clinician = Some(Clinician { by: "Dr Ada Example, dermatologist".into(), on: date(2026, 12, 1) });
        assert!(review.words().contains("reviewed by Dr Ada Example, dermatologist on 2026-12-01"));
    }
}
