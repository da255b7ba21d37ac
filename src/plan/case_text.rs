//! Writes a case of the pack: the answers of an intake, and what the assessment of the text as it reads back says.

use std::fmt::Write as _;

use jiff::civil::Date;
use toml::{Table, Value};

use super::assess;
use super::assessment::Assessment;
use super::cases::{Case, run};
use super::made_by::MadeBy;
use crate::intake::{self, Intake};
use crate::pack::Pack;
use crate::source::SourceFile;

/// A case to be written.
#[derive(Clone, Debug)]
pub struct CaseText<'a> {
    /// The id.
    pub id: &'a str,
    /// What it shows, for a comment.
    pub shows: &'a str,
    /// The day.
    pub today: Date,
    /// The answers.
    pub given: &'a Intake,
    /// The rule it is about: where it does not fire, that is expected.
    pub rule: &'a str,
    /// Where it comes from.
    pub made_by: &'a MadeBy,
}

impl CaseText<'_> {
    /// The case as TOML.
    ///
    /// # Errors
    /// A sentence when the text does not read back to a case that comes out as it expects.
    pub fn write(&self, pack: &Pack) -> Result<String, String> {
        let given = intake::write(self.given);
        let file = SourceFile::new(self.id, given.as_str());
        let intake = intake::read(pack, &file).map_err(|report| report.render(false))?;
        let expect = self.expect(pack, &assess(pack, &intake, self.today));
        let given: Table = given.parse().map_err(|error| format!("{}: {error}", self.id))?;
        let mut text = String::new();
        self.shows.lines().for_each(|line| {
            let _ = writeln!(text, "# {line}");
        });
        let day = Value::String(self.today.to_string()).to_string().replace('"', "");
        let _ = writeln!(text, "[[case]]\nid = \"{}\"\ntoday = {day}", self.id);
        let _ = writeln!(text, "made_by = {}", self.made_by.to_value());
        let _ = writeln!(text, "expect = {}\n\n[case.given]", Value::Table(expect.clone()));
        for (key, value) in &given {
            let _ = writeln!(text, "{key} = {value}");
        }
        let case = Case { id: self.id.to_owned(), file: self.id.to_owned(), today: self.today, given, expect };
        match run(pack, &case) {
            None => Ok(text),
            Some(failure) => Err(failure.what.join("\n")),
        }
    }

    fn expect(&self, pack: &Pack, result: &Assessment) -> Table {
        let texts = |all: Vec<&str>| Value::Array(all.into_iter().map(|text| Value::String(text.to_owned())).collect());
        let mut expect = Table::new();
        expect.insert("verdict".to_owned(), Value::String(result.verdict.word().to_owned()));
        let fires: Vec<&str> = result.findings.iter().map(|finding| finding.rule.as_str()).collect();
        if !fires.contains(&self.rule) {
            expect.insert("not_fires".to_owned(), texts(vec![self.rule]));
        }
        let fires: Vec<&str> = fires.into_iter().filter(|rule| pack.rules.get(rule).is_some()).collect();
        if !fires.is_empty() {
            expect.insert("fires".to_owned(), texts(fires));
        }
        if let Some(until) = result.until {
            expect.insert("until".to_owned(), Value::String(until.to_string()));
        }
        let cocktails = result.plan.iter().flat_map(|plan| &plan.cocktails);
        let recipes: Vec<&str> = cocktails.map(|cocktail| cocktail.recipe.as_str()).collect();
        if !recipes.is_empty() {
            expect.insert("recipe".to_owned(), texts(recipes));
        }
        expect
    }
}
