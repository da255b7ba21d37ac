//! "Did you mean".

/// The candidate most like `word`, if one is close enough to be what was meant.
#[must_use]
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = match word.chars().count() {
        0..=2 => 1,
        3..=5 => 2,
        _ => 3,
    };
    let word = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&word, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= limit && *distance < candidate.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::did_you_mean;

    #[test]
    fn finds_the_near_word_and_only_that() {
        let words = ["lidocaine", "procaine", "mepivacaine"];
        assert_eq!(did_you_mean("lidocain", words), Some("lidocaine"));
        assert_eq!(did_you_mean("Prociane", words), Some("procaine"));
        assert_eq!(did_you_mean("warfarin", words), None);
        assert_eq!(did_you_mean("", ["a"]), None);
    }
}
