//! The assessment and what can be done about it before signing.

use std::io::{BufRead, Write};

use super::talk::Talk;
use super::{Consultation, Stop};
use crate::cli::assessment_text;
use crate::cli::explanation_text;
use crate::cli::page::Page;
use crate::find::fold;
use crate::pack::QuestionIx;
use crate::plan::{self, reason_lacks};
use crate::tui::engine;

/// What comes after the review.
pub(super) enum Next {
    /// Questions.
    Ask,
    /// Consent and signature.
    Sign,
    /// End.
    Quit,
}

const HELP: &str = "`sign`: consent, signature, save.
`change WORDS`: answer a question again, by some words of its name.
`why RULE` or `why INGREDIENT`: the rule, the answers it read, its sources, what would change it.
`override RULE`: with a reason, where the rule allows it; once more takes it back.
`recipe`: the recipes in rank order, to take another one.
`back`: the last question. `show`: the assessment again. `answers`: what was answered. `quit`: end, the draft is kept.";

impl Consultation<'_> {
    /// Shows the assessment and takes commands.
    pub(super) fn review<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>) -> Result<Next, Stop> {
        self.show(talk);
        if !self.assessment.missing.is_empty() {
            let open = self.open();
            while !open.is_empty() {
                let line = talk.line("Questions that a safety rule reads are open. Ask them now? (y/n):")?;
                match fold(&line).as_str() {
                    "y" | "yes" => {
                        self.passed.retain(|passed| open.iter().all(|ix| ix.get() != *passed));
                        return Ok(Next::Ask);
                    }
                    "n" | "no" => break,
                    "quit" => return Ok(Next::Quit),
                    _ => talk.say("Write y, n or quit."),
                }
            }
        }
        loop {
            talk.gap();
            let line = talk.line("What next? (`sign`, `change`, `why`, `override`, `recipe`, `help`):")?;
            let (word, rest) = line.split_once(' ').unwrap_or((&line, ""));
            let rest = rest.trim();
            match word.trim_start_matches('/') {
                "sign" => return Ok(Next::Sign),
                "quit" => return Ok(Next::Quit),
                "show" => self.show(talk),
                "back" => {
                    self.again = self.behind.pop();
                    return Ok(Next::Ask);
                }
                "answers" => self.say_answers(talk),
                "why" => self.why(talk, rest),
                "override" => {
                    self.override_finding(talk, rest)?;
                    self.verdict(talk);
                }
                "recipe" => self.choose_recipe(talk)?,
                "change" => {
                    if let Some(ix) = self.question(talk, rest)? {
                        self.again = Some(ix);
                        return Ok(Next::Ask);
                    }
                }
                "" | "help" | "?" => talk.say(HELP),
                _ => talk.say(&format!("\"{word}\" means nothing here; `help` tells what does.")),
            }
        }
    }

    fn show<R: BufRead, W: Write>(&self, talk: &mut Talk<R, W>) {
        let mut page = Page::new(false);
        page.gap();
        page.text(0, 0, "Assessment");
        page.gap();
        assessment_text::write(&mut page, &self.assessment, &[]);
        talk.page(page);
    }

    fn verdict<R: BufRead, W: Write>(&self, talk: &mut Talk<R, W>) {
        let mut page = Page::new(false);
        assessment_text::verdict(&mut page, &self.assessment);
        talk.page(page);
    }

    /// The open questions that hold the verdict back and can be asked now.
    fn open(&self) -> Vec<QuestionIx> {
        let pack = &self.loaded.pack;
        let asked = engine::questions(pack, &self.sheet.intake, self.sheet.day(self.today)).asked;
        let missing = self.assessment.missing.iter().filter_map(|missing| pack.questions.find(&missing.question));
        missing.filter(|ix| asked.contains(ix)).collect()
    }

    fn why<R: BufRead, W: Write>(&self, talk: &mut Talk<R, W>, name: &str) {
        let (pack, intake, day) = (&self.loaded.pack, &self.sheet.intake, self.sheet.day(self.today));
        let mut page = Page::new(false);
        let rule = plan::explain_rule(pack, intake, day, name);
        let own = self.assessment.findings.iter().find(|finding| finding.rule == name);
        let ingredient = plan::explain_ingredient(pack, intake, day, name);
        rule.iter().for_each(|row| explanation_text::rule(&mut page, row));
        if let (None, Some(finding)) = (&rule, own) {
            assessment_text::finding(&mut page, finding);
        }
        ingredient.iter().for_each(|row| explanation_text::ingredient(&mut page, row));
        let nothing = rule.is_none() && own.is_none() && ingredient.is_none();
        talk.page(page);
        if nothing {
            let rules: Vec<&str> = self.assessment.findings.iter().map(|finding| finding.rule.as_str()).collect();
            talk.say(&format!("No rule or ingredient is called \"{name}\". Findings: {}", rules.join(", ")));
        }
    }

    fn override_finding<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>, rule: &str) -> Result<(), Stop> {
        if self.sheet.overrides.contains_key(rule) {
            talk.say("The override was taken back.");
            return self.change(|sheet| drop(sheet.overrides.remove(rule)));
        }
        let Some(finding) = self.assessment.findings.iter().find(|finding| finding.rule == rule).cloned() else {
            talk.say(&format!("There is no finding \"{rule}\"."));
            return Ok(());
        };
        if !finding.overridable {
            talk.say("This finding cannot be overridden.");
            return Ok(());
        }
        let reasons = finding.override_reasons.clone();
        for reason in &finding.override_refuted {
            talk.say_at(2, &format!("- not offered: {reason}"));
        }
        for (n, reason) in reasons.iter().enumerate() {
            talk.say_at(2, &format!("{} {reason}", n + 1));
        }
        let line = talk.line("The number of a reason, or a reason in your own words (Enter: none):")?;
        let listed = line.parse::<usize>().ok().and_then(|n| reasons.get(n.checked_sub(1)?)).cloned();
        let mut reason = listed.unwrap_or(line);
        if reason.is_empty() {
            talk.say("Not overridden: an override needs a reason.");
            return Ok(());
        }
        if let Some(lacks) = reason_lacks(&finding, &reason) {
            let more = talk.line(&format!("{lacks} (Enter: none):"))?;
            reason = format!("{reason}: {more}");
            if let Some(lacks) = reason_lacks(&finding, &reason) {
                talk.say(&format!("Not overridden. {lacks}"));
                return Ok(());
            }
        }
        self.change(|sheet| drop(sheet.overrides.insert(rule.to_owned(), reason)))?;
        talk.say("Overridden; the reason goes into the record.");
        Ok(())
    }

    fn choose_recipe<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>) -> Result<(), Stop> {
        let mut offered = Vec::new();
        for cocktail in self.assessment.plan.iter().flat_map(|plan| &plan.cocktails) {
            talk.say(&format!("{}, {}", cocktail.goal_label, cocktail.area_label));
            for other in &cocktail.alternatives {
                match other.possible {
                    true => {
                        offered.push((cocktail.goal.clone(), cocktail.area.clone(), other.recipe.clone()));
                        talk.say_at(
                            2,
                            &format!(
                                "{} {} (evidence {}): {}",
                                offered.len(),
                                other.label,
                                other.evidence.letter(),
                                other.why_lower
                            ),
                        );
                    }
                    false => talk.say_at(2, &format!("- {}: {}", other.label, other.why_lower)),
                }
            }
        }
        if offered.is_empty() {
            talk.say("There is no other recipe to take.");
            return Ok(());
        }
        let line = talk.line("The number of the one to take, or Enter:")?;
        let Some((goal, area, recipe)) =
            line.parse::<usize>().ok().and_then(|n| offered.get(n.checked_sub(1)?)).cloned()
        else {
            return Ok(());
        };
        self.change(|sheet| drop(sheet.recipes.insert((goal, area), recipe)))?;
        self.show(talk);
        Ok(())
    }

    /// The question that some words of its name mean.
    fn question<R: BufRead, W: Write>(&self, talk: &mut Talk<R, W>, words: &str) -> Result<Option<QuestionIx>, Stop> {
        let pack = &self.loaded.pack;
        let asked = engine::questions(pack, &self.sheet.intake, self.sheet.day(self.today)).asked;
        let wanted = fold(words);
        let named = |ix: &QuestionIx| {
            let question = &pack.questions[*ix];
            question.id == words || fold(&question.label).contains(&wanted)
        };
        let found: Vec<QuestionIx> = asked.into_iter().filter(named).collect();
        match found.as_slice() {
            [] => talk.say(&format!("No question is called \"{words}\"; `answers` lists what was answered.")),
            [only] => return Ok(Some(*only)),
            several => {
                for (n, ix) in several.iter().enumerate() {
                    talk.say_at(2, &format!("{} {}", n + 1, pack.questions[*ix].label));
                }
                let line = talk.line("Its number, or Enter:")?;
                return Ok(line.parse::<usize>().ok().and_then(|n| several.get(n.checked_sub(1)?)).copied());
            }
        }
        Ok(None)
    }
}
