//! Whether an answer can become another one, and by what.

/// By what an answer can become another one. It decides what "what would change it" may propose, never what follows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Changes {
    /// It is chosen: a goal, an area, who injects, a product put right.
    ByChoice,
    /// Days pass: "so many days ago" grows by itself.
    ByTime,
    /// An illness heals or is controlled, a value is measured anew, a pregnancy ends.
    ByCourse,
    /// It stays as it is: age, sex, what has happened, allergies.
    #[default]
    Never,
}

impl Changes {
    /// All of them, with their words in packs.
    pub const WORDS: [(&'static str, Self); 4] = [
        ("by-choice", Self::ByChoice),
        ("by-time", Self::ByTime),
        ("by-course", Self::ByCourse),
        ("never", Self::Never),
    ];
}
