//! A small generator of reproducible choices: the same seed gives the same patient on every machine.

/// SplitMix64: enough to vary a patient, never to hide anything.
#[derive(Clone, Debug)]
pub struct Seeded(u64);

impl Seeded {
    /// A generator that starts at a seed; `name` keeps the choices of different facts apart, so that a new fact in a
    /// case does not change the others.
    #[must_use]
    pub fn new(seed: u64, name: &str) -> Self {
        // FNV-1a over the name.
        let hash =
            name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3));
        Self(seed ^ hash)
    }

    /// The next number.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`; 0 when `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        let n = n.max(1) as u64;
        // The bias of a remainder of 64 bits by a few dozen is far below anything that could be noticed.
        usize::try_from(self.next_u64() % n).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_numbers_and_they_are_the_published_ones() {
        // The first outputs of SplitMix64 for the state 1234567, as published with its reference code.
        let mut g = Seeded(1_234_567);
        let got: Vec<u64> = (0..3).map(|_| g.next_u64()).collect();
        assert_eq!(got, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
        assert_eq!(Seeded::new(5, "a").next_u64(), Seeded::new(5, "a").next_u64());
        assert_ne!(Seeded::new(5, "a").next_u64(), Seeded::new(5, "b").next_u64());
    }

    #[test]
    fn every_choice_comes_up() {
        let mut seen = [false; 5];
        (0..100).for_each(|seed| seen[Seeded::new(seed, "x").below(5)] = true);
        assert_eq!(seen, [true; 5]);
    }
}
