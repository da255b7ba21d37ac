//! How a word sounds, roughly and in any of several languages: "siprofloksasin" and "ciprofloxacin" are one sound.

/// The sounds of a folded word: spellings of one sound are one letter, doubled and silent letters go, and all vowels
/// but the first are alike.
pub(super) fn sound(folded: &str) -> Vec<char> {
    let letters: Vec<char> = folded.chars().collect();
    let mut sounds: Vec<char> = Vec::with_capacity(letters.len());
    let mut at = 0;
    while let Some(&letter) = letters.get(at) {
        let next = letters.get(at + 1).copied();
        let (said, taken): (&[char], usize) = match (letter, next) {
            ('p', Some('h')) => (&['f'], 2),
            ('s', Some('c')) if softens(letters.get(at + 2)) => (&['s'], 2),
            ('s' | 'c', Some('h')) | ('c' | 'q', Some('k' | 'u')) => (hard(letter, next), 2),
            ('c', _) if softens(next.as_ref()) => (&['s'], 1),
            ('c' | 'q', _) => (&['k'], 1),
            ('z', _) => (&['s'], 1),
            ('x', _) if at == 0 => (&['s'], 1),
            ('x', _) => (&['k', 's'], 1),
            ('w', _) => (&['v'], 1),
            ('j', _) => (&['i'], 1),
            ('d', Some('t')) => (&['t'], 2),
            // After a consonant and within a word it is silent: rh, th, gh.
            ('h', _) if at > 0 => (&[], 1),
            _ => (std::slice::from_ref(&letters[at]), 1),
        };
        for &one in said {
            let one = if is_vowel(one) { vowel(one, sounds.is_empty()) } else { one };
            if sounds.last() != Some(&one) {
                sounds.push(one);
            }
        }
        at += taken;
    }
    // A vowel at the end is the language's, not the word's: ibuprofen, ibuprofene, ibuprofeno.
    if sounds.len() > 3 && sounds.last() == Some(&VOWEL) {
        sounds.pop();
    }
    sounds
}

const VOWEL: char = 'a';

const fn hard(letter: char, next: Option<char>) -> &'static [char] {
    match (letter, next) {
        ('s', Some('h')) => &['s'],
        ('c', Some('u')) => &['k', 'u'],
        _ => &['k'],
    }
}

fn softens(letter: Option<&char>) -> bool {
    letter.is_some_and(|letter| matches!(letter, 'e' | 'i' | 'y'))
}

const fn is_vowel(letter: char) -> bool {
    matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}

/// The first sound of a word is heard well; the other vowels are hardly told from each other.
const fn vowel(letter: char, first: bool) -> char {
    match letter {
        'y' if first => 'i',
        _ if first => letter,
        _ => VOWEL,
    }
}

#[cfg(test)]
mod tests {
    use super::sound;
    use rstest::rstest;

    #[rstest]
    #[case("siprofloksasin", "ciprofloxacin")]
    #[case("hidroksiklorokin", "hydroxychloroquine")]
    #[case("fenitoin", "phenytoin")]
    #[case("farmakology", "pharmacology")]
    #[case("ibuprofeno", "ibuprofen")]
    #[case("epilepsie", "epilepsy")]
    #[case("tonsilitus", "tonsillitis")]
    #[case("rumatoid", "rheumatoid")]
    fn alike(#[case] typed: &str, #[case] word: &str) {
        assert_eq!(sound(typed), sound(word), "{typed} {word}");
    }

    #[rstest]
    #[case("hydroxyzine", "hydralazine")]
    #[case("clonidine", "clonazepam")]
    #[case("lamictal", "lamisil")]
    #[case("zantac", "xanax")]
    fn not_alike(#[case] one: &str, #[case] other: &str) {
        assert_ne!(sound(one), sound(other), "{one} {other}");
    }
}
