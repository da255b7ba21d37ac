//! What must hold for every possible reaction, tried on all of them: an open question never makes an answer milder, a
//! worse reaction never does, and every flag can be raised.
//!
//! For each sign, only what some flag about it can tell apart is tried: the edges of its days, the sites and areas it
//! names. That is every reaction with one sign; with two, every pair is tried once with all known and once with nothing.

use super::answer::{Truth, truth};
use super::facts::Facts;
use crate::pack::{Area, FlagTest, Identified, Ix, Pack, Reaction, RedFlag, Response, Set, Site, Span};
use crate::source::Code;

/// An open question makes an answer milder.
pub const UNKNOWN_LOOSENS: Code = Code("F0201");
/// A worse reaction is answered more mildly.
pub const WORSE_IS_MILDER: Code = Code("F0202");
/// A flag that nothing raises for certain.
pub const DEAD_FLAG: Code = Code("F0203");

/// Something that does not hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// What kind.
    pub code: Code,
    /// What is wrong, with the reaction for which it is.
    pub message: String,
}

/// Every fault of the red flags of a pack; at most one of a kind for each sign.
#[must_use]
pub fn faults(pack: &Pack) -> Vec<Fault> {
    let flags: Vec<&RedFlag> = pack.follow_up.flags.iter().collect();
    let mut check = Check { pack, raised: vec![false; flags.len()], flags, faults: Vec::new() };
    for (sign, _) in pack.follow_up.reactions.entries() {
        check.alone(sign);
    }
    check.together();
    check.alive();
    let dead = pack.follow_up.flags.iter().zip(&check.raised).filter(|(_, raised)| !**raised);
    let dead: Vec<Fault> = dead
        .map(|(flag, _)| Fault {
            code: DEAD_FLAG,
            message: format!("red flag `{}` ({}) is raised for certain by no reaction", flag.id, flag.place),
        })
        .collect();
    check.faults.extend(dead);
    check.faults
}

/// How strict an answer is: a milder one is smaller in one of these.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Strictness {
    response: Response,
    stop: bool,
    quarantine: bool,
}

impl Strictness {
    fn is_milder_than(self, other: Self) -> bool {
        self.response < other.response || (!self.stop && other.stop) || (!self.quarantine && other.quarantine)
    }
}

struct Check<'p> {
    pack: &'p Pack,
    flags: Vec<&'p RedFlag>,
    raised: Vec<bool>,
    faults: Vec<Fault>,
}

/// The values worth trying for each fact.
struct Grid {
    days: Vec<Option<i32>>,
    lasting: Vec<Option<i32>>,
    sites: Vec<Option<Site>>,
    areas: Vec<Option<Ix<Area>>>,
    lots: Vec<Option<u32>>,
}

impl<'p> Check<'p> {
    /// How strict the answer is, by the flags at these positions.
    fn of(&self, flags: &[usize], facts: &Facts) -> Strictness {
        let mut found = Strictness { response: Response::Reassure, stop: false, quarantine: false };
        let mut any = false;
        for flag in flags.iter().filter_map(|n| self.flags.get(*n)) {
            let holds = truth(self.pack, flag, facts);
            if holds == Truth::Yes || (holds == Truth::Maybe && flag.response != Response::Reassure) {
                any = true;
                found.response = found.response.max(flag.response);
                found.stop |= flag.stop;
                found.quarantine |= flag.quarantine;
            }
        }
        if !any {
            found.response = Response::Watch;
        }
        found
    }

    /// Notes which flags a reaction raises for certain.
    fn note(&mut self, facts: &Facts) {
        for (flag, raised) in self.flags.iter().zip(&mut self.raised) {
            *raised |= truth(self.pack, flag, facts) == Truth::Yes;
        }
    }

    /// The flags that may say something about one of these signs.
    fn about(&self, signs: &[Ix<Reaction>]) -> Vec<usize> {
        let about = |flag: &RedFlag| flag.when.iter().any(|test| signs.iter().any(|sign| mentions(test, *sign)));
        (0..self.flags.len()).filter(|n| self.flags.get(*n).is_some_and(|flag| about(flag))).collect()
    }

    /// Every reaction with this sign alone.
    fn alone(&mut self, sign: Ix<Reaction>) {
        let pack = self.pack;
        let flags = self.about(&[sign]);
        let tests: Vec<&FlagTest> =
            flags.iter().filter_map(|n| self.flags.get(*n)).flat_map(|flag| &flag.when).collect();
        let grid = Grid::of(pack, &tests);
        let least = pack.follow_up.reactions[sign].least;
        let mut told = [false; 2];
        let signs: Set<Reaction> = [sign].into_iter().collect();
        for facts in grid.points(&signs) {
            for grade in least..=5 {
                self.point(&flags, &Facts { grade, ..facts.clone() }, &mut told);
            }
        }
    }

    /// One reaction, against the same with something worse and with something not known.
    fn point(&mut self, flags: &[usize], facts: &Facts, told: &mut [bool; 2]) {
        let here = self.of(flags, facts);
        let mut other = facts.clone();
        let mut milder = [None, None];
        let mut compare = |other: &mut Facts, kind: usize| {
            if *other != *facts && self.of(flags, other).is_milder_than(here) {
                milder[kind].get_or_insert_with(|| other.clone());
            }
            other.clone_from(facts);
        };
        other.serious = true;
        compare(&mut other, 0);
        other.grade = (facts.grade + 1).min(5);
        compare(&mut other, 0);
        other.same_lot = facts.same_lot.map(|n| n + 1);
        compare(&mut other, 0);
        other.days = None;
        compare(&mut other, 1);
        other.lasting = None;
        compare(&mut other, 1);
        other.site = None;
        compare(&mut other, 1);
        other.area = None;
        compare(&mut other, 1);
        other.same_lot = None;
        compare(&mut other, 1);
        for ((found, code), told) in milder.into_iter().zip([WORSE_IS_MILDER, UNKNOWN_LOOSENS]).zip(told) {
            if let Some(other) = found.filter(|_| !*told) {
                *told = true;
                let message = format!("{}: answered more mildly than {}", self.words(&other), self.words(facts));
                self.faults.push(Fault { code, message });
            }
        }
    }

    /// Another sign never makes an answer milder.
    fn together(&mut self) {
        let pack = self.pack;
        for (first, a) in pack.follow_up.reactions.entries() {
            for (second, b) in pack.follow_up.reactions.entries().filter(|(second, _)| *second != first) {
                let flags = self.about(&[first, second]);
                for facts in [&known(), &nothing()] {
                    let grade = a.least.max(b.least);
                    let one = Facts { signs: [first].into_iter().collect(), grade, ..facts.clone() };
                    let both = Facts { signs: [first, second].into_iter().collect(), ..one.clone() };
                    if self.of(&flags, &both).is_milder_than(self.of(&flags, &one)) {
                        let message = format!("{}: answered more mildly than {}", self.words(&both), self.words(&one));
                        self.faults.push(Fault { code: WORSE_IS_MILDER, message });
                    }
                }
            }
        }
    }

    /// For each test a reaction that it describes: the flag must be raised for certain.
    fn alive(&mut self) {
        for test in self.flags.clone().into_iter().flat_map(|flag| &flag.when) {
            let signs = test.reactions.iter().flat_map(Set::iter).take(1);
            let with = test.with.iter().flat_map(Set::iter).take(1);
            let edge = |span: Span| span.at_least.or(span.at_most).or(Some(0));
            let signs: Set<Reaction> = signs.chain(with).collect();
            let least = signs.iter().map(|sign| self.pack.follow_up.reactions[sign].least).max().unwrap_or(1);
            let grade = test.grade.at_least.and_then(|n| u8::try_from(n).ok()).unwrap_or(1);
            let facts = Facts {
                signs,
                days: edge(test.days),
                lasting: edge(test.lasting),
                grade: grade.max(least),
                serious: test.serious,
                site: test.sites.first().copied().or(Some(Site::Here)),
                area: test.areas.iter().flat_map(Set::iter).next(),
                same_lot: edge(test.same_lot).and_then(|n| u32::try_from(n).ok()),
            };
            self.note(&facts);
        }
    }

    fn words(&self, facts: &Facts) -> String {
        let reactions = &self.pack.follow_up.reactions;
        let mut words: Vec<String> = facts.signs.iter().map(|sign| reactions[sign].id().to_owned()).collect();
        words.push(format!("grade {}", facts.grade));
        let number = |n: Option<i32>| n.map_or_else(|| "?".to_owned(), |n| n.to_string());
        words.push(format!("day {}", number(facts.days)));
        words.push(format!("lasting {}", number(facts.lasting)));
        words.push(facts.site.map_or("site ?", Site::word).to_owned());
        words.push(facts.area.map_or("area ?".to_owned(), |area| self.pack.areas[area].id.clone()));
        words.push(format!("same lot {}", number(facts.same_lot.and_then(|n| i32::try_from(n).ok()))));
        if facts.serious {
            words.push("serious".to_owned());
        }
        words.join(", ")
    }
}

/// A reaction of which nothing is known but its signs.
fn nothing() -> Facts {
    Facts {
        signs: Set::default(),
        days: None,
        lasting: None,
        grade: 1,
        serious: false,
        site: None,
        area: None,
        same_lot: None,
    }
}

/// One of which everything is.
fn known() -> Facts {
    Facts { days: Some(0), lasting: Some(0), site: Some(Site::Here), same_lot: Some(0), ..nothing() }
}

fn mentions(test: &FlagTest, sign: Ix<Reaction>) -> bool {
    test.reactions.as_ref().is_none_or(|named| named.contains(sign))
}

impl Grid {
    /// All combinations of its values.
    fn points<'g>(&'g self, signs: &'g Set<Reaction>) -> impl Iterator<Item = Facts> + 'g {
        let place = move |facts: Facts| {
            let areas = self.areas.iter().map(move |area| Facts { area: *area, ..facts.clone() });
            areas.flat_map(move |facts| self.lots.iter().map(move |lot| Facts { same_lot: *lot, ..facts.clone() }))
        };
        self.days.iter().flat_map(move |&days| {
            self.lasting.iter().flat_map(move |&lasting| {
                let here = move |&site| Facts { signs: signs.clone(), days, lasting, site, ..nothing() };
                self.sites.iter().map(here).flat_map(place)
            })
        })
    }

    fn of(pack: &Pack, tests: &[&FlagTest]) -> Self {
        let edges = |span: fn(&FlagTest) -> Span| {
            let mut all: Vec<i32> = vec![0];
            for span in tests.iter().map(|test| span(test)) {
                all.extend(span.at_least.into_iter().flat_map(|n| [n - 1, n]));
                all.extend(span.at_most.into_iter().flat_map(|n| [n, n + 1]));
            }
            all.retain(|n| *n >= 0);
            all.sort_unstable();
            all.dedup();
            all
        };
        let known = |all: Vec<i32>| std::iter::once(None).chain(all.into_iter().map(Some)).collect::<Vec<_>>();
        let sites = if tests.iter().all(|test| test.sites.is_empty()) { &Site::ALL[..1] } else { &Site::ALL };
        // Areas that no flag tells apart are one.
        let mut areas: Vec<(Vec<bool>, Ix<Area>)> = Vec::new();
        for (area, _) in pack.areas.entries() {
            let inside = |test: &&FlagTest| {
                test.areas.as_ref().is_some_and(|named| named.iter().any(|of| pack.area_within(area, of)))
            };
            let signature: Vec<bool> = tests.iter().map(inside).collect();
            if !areas.iter().any(|(known, _)| *known == signature) {
                areas.push((signature, area));
            }
        }
        Self {
            days: known(edges(|test| test.days)),
            lasting: known(edges(|test| test.lasting)),
            sites: std::iter::once(None).chain(sites.iter().copied().map(Some)).collect(),
            areas: std::iter::once(None).chain(areas.into_iter().map(|(_, area)| Some(area))).collect(),
            lots: known(edges(|test| test.same_lot))
                .into_iter()
                .map(|n| n.and_then(|n| u32::try_from(n).ok()))
                .collect(),
        }
    }
}
