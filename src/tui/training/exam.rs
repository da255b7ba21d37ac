//! Who sits which exam: the name that stands on the sealed file, the number of the paper, its stations.

use tui_input::Input;

use crate::training::{BegunExam, School, Shelf, Station, paper};

/// So many stations of a paper are offered; the instructor says which of them are sat.
pub const STATIONS: usize = 12;

/// Lines before the stations: the name, the number.
const LINES: usize = 2;

/// Where one says who sits which exam.
#[derive(Clone, Debug, Default)]
pub struct Desk {
    /// The name, as typed.
    pub name: Input,
    /// The number of the paper, as typed.
    pub paper: Input,
    /// The line the cursor is on: the name, the number, the stations.
    pub chosen: usize,
    /// First line shown.
    pub top: usize,
    /// The station that was begun before, and is begun again by one more key.
    pub warned: Option<usize>,
}

impl Desk {
    /// Who it is, once a name is typed.
    #[must_use]
    pub fn trainee(&self) -> Option<String> {
        let name = self.name.value().split_whitespace().collect::<Vec<_>>().join(" ");
        (!name.is_empty()).then_some(name)
    }

    /// The number of the paper, once it is one.
    #[must_use]
    pub fn number(&self) -> Option<u64> {
        self.paper.value().trim().parse().ok()
    }

    /// The stations of the paper; none before its number is typed.
    #[must_use]
    pub fn stations(&self, school: &School) -> Vec<Station> {
        self.number().map_or_else(Vec::new, |number| paper(&school.cases, number, STATIONS))
    }

    /// Whether the cursor is where text is typed.
    #[must_use]
    pub const fn types(&self) -> bool {
        self.chosen < LINES
    }

    /// The line being typed.
    pub const fn line(&mut self) -> Option<&mut Input> {
        match self.chosen {
            0 => Some(&mut self.name),
            1 => Some(&mut self.paper),
            _ => None,
        }
    }

    /// The position of the station that the cursor is on.
    #[must_use]
    pub const fn station(&self) -> Option<usize> {
        self.chosen.checked_sub(LINES)
    }

    /// Puts the cursor on a station, by position.
    pub const fn go_to(&mut self, station: usize) {
        self.chosen = LINES + station;
    }

    /// What was begun of a station by this trainee, the last of it.
    #[must_use]
    pub fn begun<'s>(&self, shelf: Option<&'s Shelf>, station: &Station) -> Vec<&'s BegunExam> {
        let Some(name) = self.trainee() else { return Vec::new() };
        let all = shelf.map_or(&[][..], |shelf| &shelf.exams);
        all.iter().filter(|exam| exam.is_of(&name, &station.case, station.seed)).collect()
    }
}
