//! A mix of the practitioner's own: the proposed cocktail read out line by line, and changed. Every change is tried on the
//! whole assessment first, as on the screen.

use std::io::{BufRead, Write};

use super::talk::{Command, Talk, Typed, nth};
use super::{Consultation, Stop, brief};
use crate::cli::page::{number, percent};
use crate::find::fold;
use crate::plan::{Cocktail, OwnMix, OwnPart};
use crate::tui::mixer::{self, Bench, Place, Tried, read_ml};

const HELP: &str = "`volume 2 0.4`: 0.4 mL of the second ingredient. `point 0.02`: so much in one point.
`leave out 2`: without the second ingredient.
`swap 2`: another ingredient in the place of the second; words of its name may follow.
`add`: one more ingredient; words of its name may follow. Only what a recipe of the pack gives for this goal, area and \
depth can be added, and never more of it.
`reset`: back to the proposal. `undo`: the last change. `repeat`: the mix again. Enter or `back`: done.
Every change is tried on the whole assessment (exclusions, mixing, limits) and taken only if the rules leave it.";

/// What can be done with a mix.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Edit {
    Volume(usize, u32),
    Point(u32),
    LeaveOut(usize),
    /// In the place of the nth, or one more; with words of its name.
    Find(Option<usize>, String),
    Reset,
}

/// What a line means, for a mix of so many ingredients.
fn read(line: &str, parts: usize) -> Result<Edit, String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let part = |typed: Option<&&str>| {
        let typed = typed.copied().unwrap_or_default();
        nth(typed, parts).ok_or_else(|| format!("\"{typed}\" is no ingredient of the mix: 1 to {parts}."))
    };
    let ml = |typed: Option<&&str>, point| {
        let typed = typed.copied().unwrap_or_default().trim_end_matches("mL").trim_end_matches("ml");
        read_ml(typed, point).map_err(|why| format!("{why}."))
    };
    let rest = |from: usize| words.get(from..).unwrap_or_default().join(" ");
    match fold(words.first().copied().unwrap_or_default()).as_str() {
        "volume" => Ok(Edit::Volume(part(words.get(1))?, ml(words.get(2), false)?)),
        "point" | "points" => Ok(Edit::Point(ml(words.get(1), true)?)),
        "leave" if words.get(1) == Some(&"out") => Ok(Edit::LeaveOut(part(words.get(2))?)),
        "swap" => Ok(Edit::Find(Some(part(words.get(1))?), rest(2))),
        "add" => Ok(Edit::Find(None, rest(1))),
        "reset" => Ok(Edit::Reset),
        _ => Err(format!("\"{line}\" means nothing here; `help` tells what does.")),
    }
}

impl Consultation<'_> {
    /// Changes a cocktail of the plan.
    pub(super) fn mix<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>) -> Result<(), Stop> {
        self.refused(talk)?;
        let Some(place) = self.place(talk)? else { return Ok(()) };
        self.say_mix(talk, &place);
        loop {
            let Some(cocktail) = mixer::cocktail(&self.assessment, &place).cloned() else {
                talk.say("The plan has no cocktail in that place any more.");
                return Ok(());
            };
            let line = match self.prompt(talk, "Change it (`help` tells how), or Enter:", HELP, |_| false)? {
                Typed::Nothing | Typed::Command(Command::Back) => return Ok(()),
                Typed::Command(Command::Repeat) => {
                    self.say_mix(talk, &place);
                    continue;
                }
                Typed::Command(Command::Undo) => {
                    self.travel(talk, true)?;
                    self.say_mix(talk, &place);
                    continue;
                }
                // What is removed elsewhere is left out here.
                Typed::Command(Command::Remove(number)) => format!("leave out {number}"),
                Typed::Command(_) => {
                    talk.say("Not here: Enter goes back to the assessment.");
                    continue;
                }
                Typed::Words(line) => line,
            };
            match read(&line, cocktail.ingredients.len()) {
                Err(why) => talk.say(&why),
                Ok(edit) => self.edit_mix(talk, &place, &cocktail, edit)?,
            }
        }
    }

    /// Mixes that cannot be given any more: nothing is signed while there are any.
    fn refused<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>) -> Result<(), Stop> {
        const HELP: &str = "y: the mix is taken back, the proposal stands. n: it stays, and nothing can be signed.";
        let refused: Vec<_> = self.assessment.plan.iter().flat_map(|plan| plan.refused.clone()).collect();
        for one in refused {
            talk.say(&format!("{}, {}: your own mix cannot be given: {}.", one.goal_label, one.area_label, one.why));
            if self.yes(talk, "Go back to the proposal?", HELP)? == Some(true) {
                self.change(|sheet| drop(sheet.mixes.remove(&(one.goal, one.area))))?;
            }
        }
        Ok(())
    }

    /// Which cocktail is meant; the only one there is, without asking.
    fn place<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>) -> Result<Option<Place>, Stop> {
        const HELP: &str = "Type the number of the cocktail to change; Enter: none of them.";
        let Some(plan) = &self.assessment.plan else {
            talk.say("There is no plan, and so nothing to mix.");
            return Ok(None);
        };
        let named =
            |cocktail: &Cocktail| format!("{}, {}: {}", cocktail.goal_label, cocktail.area_label, cocktail.label);
        let offered: Vec<(Place, String)> =
            plan.cocktails.iter().map(|c| ((c.goal.clone(), c.area.clone()), named(c))).collect();
        match offered.as_slice() {
            [] => {
                talk.say("No cocktail is planned, and so there is nothing to mix.");
                Ok(None)
            }
            [(only, _)] => Ok(Some(only.clone())),
            several => loop {
                for (n, (_, words)) in several.iter().enumerate() {
                    talk.say_at(2, &format!("{} {words}", n + 1));
                }
                match self.prompt(talk, "The number of the cocktail to change, or Enter:", HELP, |_| false)? {
                    Typed::Words(words) => match nth(&words, several.len()) {
                        Some(at) => return Ok(Some(several[at].0.clone())),
                        None => talk.say(&format!("There is no {words}.")),
                    },
                    Typed::Command(Command::Repeat) => {}
                    _ => return Ok(None),
                }
            },
        }
    }

    /// What is in it, how it is divided, and how it differs from the proposal.
    fn say_mix<R: BufRead, W: Write>(&self, talk: &mut Talk<R, W>, place: &Place) {
        let Some(cocktail) = mixer::cocktail(&self.assessment, place) else { return };
        talk.gap();
        talk.say(&format!("{}, {}: {}.", cocktail.goal_label, cocktail.area_label, cocktail.label));
        for (n, dose) in cocktail.ingredients.iter().enumerate() {
            let mg = dose.mg.map_or_else(String::new, |mg| format!(", {} mg", number(mg)));
            let used = dose.limit_used.map_or_else(String::new, |used| format!(", {} of its limit", percent(used)));
            let line = format!("{} {}: {} mL{mg}, {}{used}", n + 1, dose.label, number(dose.volume_ml), dose.role);
            talk.say_at(2, &line);
        }
        talk.say_at(2, &format!("{}.", brief::points(cocktail)));
        self.say_difference(talk, place);
    }

    /// How it differs from the proposal, in words.
    fn say_difference<R: BufRead, W: Write>(&self, talk: &mut Talk<R, W>, place: &Place) {
        let Some(cocktail) = mixer::cocktail(&self.assessment, place) else { return };
        match &cocktail.own {
            None => talk.say("It is as proposed."),
            Some(own) => {
                talk.say("It is your own mix. It differs from the proposal:");
                own.changes.iter().for_each(|change| talk.say_at(2, &format!("- {change}")));
                let Cocktail { outcome, evidence, .. } = cocktail;
                talk.say(&format!("{outcome} Evidence {}: {}.", evidence.letter(), evidence.label()));
            }
        }
    }

    fn edit_mix<R: BufRead, W: Write>(
        &mut self,
        talk: &mut Talk<R, W>,
        place: &Place,
        cocktail: &Cocktail,
        edit: Edit,
    ) -> Result<(), Stop> {
        match edit {
            Edit::Reset => {
                if !self.sheet.mixes.contains_key(place) {
                    talk.say("That is the proposal already.");
                    return Ok(());
                }
                self.change(|sheet| drop(sheet.mixes.remove(place)))?;
                talk.say("Back to the proposal; `undo` brings your mix back.");
                self.say_mix(talk, place);
                Ok(())
            }
            Edit::Find(instead, words) => {
                let Some(part) = self.find_part(talk, cocktail, instead, &words)? else { return Ok(()) };
                self.try_mix(talk, place, |mix| match instead.and_then(|n| mix.parts.get_mut(n)) {
                    Some(there) => *there = part,
                    None => mix.parts.push(part),
                })
            }
            Edit::Volume(n, ul) => self.try_mix(talk, place, |mix| mix.parts[n].ul = ul),
            Edit::Point(ul) => self.try_mix(talk, place, |mix| mix.point_ul = Some(ul)),
            Edit::LeaveOut(n) => self.try_mix(talk, place, |mix| drop(mix.parts.remove(n))),
        }
    }

    fn bench(&self) -> Bench<'_> {
        let Self { loaded, sheet, assessment, open, .. } = self;
        Bench { pack: &loaded.pack, sheet, assessment, open, day: sheet.day(self.today) }
    }

    /// Tries a change, and says what came of it.
    fn try_mix<R: BufRead, W: Write>(
        &mut self,
        talk: &mut Talk<R, W>,
        place: &Place,
        edit: impl FnOnce(&mut OwnMix),
    ) -> Result<(), Stop> {
        let Some(tried) = self.bench().attempt(place, edit) else { return Ok(()) };
        self.change(|sheet| tried.keep(place, sheet))?;
        match tried {
            Tried::Refused(why) => {
                talk.say(&why);
                return Ok(());
            }
            Tried::Taken { short: Some(short), .. } => talk.say(&short),
            Tried::Taken { .. } => {
                talk.say("Taken: vetted by the same rules, limits and mixing rules as every proposal.")
            }
        }
        self.say_mix(talk, place);
        Ok(())
    }

    /// The ingredient that is meant, with the volume that it would have: that of the one it replaces, as far as that goes.
    fn find_part<R: BufRead, W: Write>(
        &mut self,
        talk: &mut Talk<R, W>,
        cocktail: &Cocktail,
        instead: Option<usize>,
        words: &str,
    ) -> Result<Option<OwnPart>, Stop> {
        const HELP: &str = "Type the number of the ingredient; Enter: none of them.";
        let found = self.bench().choices(cocktail, words);
        if found.is_empty() {
            talk.say("No recipe for this goal and area gives that at this depth, or it is in the mix already.");
            return Ok(None);
        }
        loop {
            for (n, (choice, out)) in found.iter().enumerate() {
                let most = || format!("up to {} mL", number(f64::from(choice.most_ul) / 1000.0));
                let end = out.clone().unwrap_or_else(most);
                talk.say_at(2, &format!("{} {}, {}: {end}", n + 1, choice.label, choice.role));
            }
            let at = match self.prompt(talk, "Its number, or Enter:", HELP, |_| false)? {
                Typed::Words(typed) => match nth(&typed, found.len()) {
                    Some(at) => at,
                    None => {
                        talk.say(&format!("There is no {typed}."));
                        continue;
                    }
                },
                Typed::Command(Command::Repeat) => continue,
                _ => return Ok(None),
            };
            let (choice, out) = &found[at];
            if let Some(why) = out {
                talk.say(&format!("Not taken: {} is {why}.", choice.label));
                continue;
            }
            let there = instead.and_then(|n| OwnMix::of(cocktail).parts.get(n).map(|part| part.ul));
            let ul = there.map_or(choice.most_ul, |ul| ul.min(choice.most_ul));
            return Ok(Some(OwnPart { ingredient: choice.id.clone(), ul }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_means_one_change() {
        for (line, means) in [
            ("volume 2 0.4", Edit::Volume(1, 400)),
            ("VOLUME 1 1,5", Edit::Volume(0, 1500)),
            ("volume 2 0.4mL", Edit::Volume(1, 400)),
            ("point 0.015", Edit::Point(15)),
            ("leave out 2", Edit::LeaveOut(1)),
            ("swap 1", Edit::Find(Some(0), String::new())),
            ("swap 1 skin booster", Edit::Find(Some(0), "skin booster".to_owned())),
            ("add", Edit::Find(None, String::new())),
            ("reset", Edit::Reset),
        ] {
            assert_eq!(read(line, 2), Ok(means), "{line}");
        }
    }

    #[test]
    fn what_it_does_not_mean_is_told_with_what_was_expected() {
        for (line, told) in [
            ("volume 3 0.4", "1 to 2"),
            ("volume 0 0.4", "1 to 2"),
            ("volume", "1 to 2"),
            ("volume 2", "expected 0.005 to 50 mL"),
            ("volume 2 much", "is not a number"),
            ("volume 2 0.423", "too many decimals"),
            ("point 99", "out of range"),
            ("leave 2", "`help` tells"),
            ("lidocaine", "`help` tells"),
        ] {
            let why = read(line, 2).expect_err(line);
            assert!(why.contains(told), "{line}: {why}");
        }
    }
}
