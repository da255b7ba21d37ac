//! Where drafts and records are kept, as the screen sees it. The runtime runs it on a thread of its own.

use jiff::civil::Date;

use super::sheet::{Document, Draft, StepId};
use crate::plan::Outcome;

/// A draft in the list of the first screen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DraftLine {
    /// Its id.
    pub id: String,
    /// The patient, or "".
    pub patient: String,
    /// Where one was.
    pub step: StepId,
    /// When it was last written, for people.
    pub at: String,
}

/// A record in the list of the first screen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RecordLine {
    /// Its id.
    pub id: String,
    /// The patient, or "".
    pub patient: String,
    /// The day of the signature.
    pub date: Date,
    /// The verdict.
    pub verdict: Outcome,
    /// The goals, for people.
    pub goals: String,
}

/// Keeps drafts and records. Errors are sentences for people.
pub trait Store: Send {
    /// All drafts, newest first.
    ///
    /// # Errors
    /// When they cannot be read.
    fn drafts(&mut self) -> Result<Vec<DraftLine>, String>;

    /// The newest records that match the words.
    ///
    /// # Errors
    /// When they cannot be read.
    fn records(&mut self, words: &str) -> Result<Vec<RecordLine>, String>;

    /// Writes a draft.
    ///
    /// # Errors
    /// When it is not on disk.
    fn save_draft(&mut self, draft: &Draft) -> Result<(), String>;

    /// Reads a draft.
    ///
    /// # Errors
    /// When it cannot be read.
    fn load_draft(&mut self, id: &str) -> Result<Draft, String>;

    /// Removes a draft.
    ///
    /// # Errors
    /// When it is still there.
    fn delete_draft(&mut self, id: &str) -> Result<(), String>;

    /// Saves a signed consultation, removes its draft, gives the id of the record.
    ///
    /// # Errors
    /// When it is not on disk.
    fn save_record(&mut self, document: &Document) -> Result<String, String>;

    /// Reads a record.
    ///
    /// # Errors
    /// When it cannot be read.
    fn load_record(&mut self, id: &str) -> Result<Document, String>;
}

/// Keeps everything in memory: for tests, demonstrations and training.
#[derive(Debug, Default)]
pub struct MemoryStore {
    drafts: Vec<Draft>,
    records: Vec<(String, Document)>,
}

impl Store for MemoryStore {
    fn drafts(&mut self) -> Result<Vec<DraftLine>, String> {
        let line = |draft: &Draft| DraftLine {
            id: draft.id.clone(),
            patient: draft.sheet.intake.text("patient.name").to_owned(),
            step: draft.step,
            at: draft.started.to_string(),
        };
        Ok(self.drafts.iter().rev().map(line).collect())
    }

    fn records(&mut self, words: &str) -> Result<Vec<RecordLine>, String> {
        let words = words.to_lowercase();
        let line = |(id, document): &(String, Document)| RecordLine {
            id: id.clone(),
            patient: document.draft.sheet.intake.text("patient.name").to_owned(),
            date: document.signed,
            verdict: document.assessment.verdict,
            goals: document.goals(),
        };
        let lines = self.records.iter().rev().map(line);
        Ok(lines.filter(|line| format!("{} {}", line.patient, line.goals).to_lowercase().contains(&words)).collect())
    }

    fn save_draft(&mut self, draft: &Draft) -> Result<(), String> {
        self.drafts.retain(|other| other.id != draft.id);
        self.drafts.push(draft.clone());
        Ok(())
    }

    fn load_draft(&mut self, id: &str) -> Result<Draft, String> {
        self.drafts.iter().find(|draft| draft.id == id).cloned().ok_or_else(|| "There is no such draft.".to_owned())
    }

    fn delete_draft(&mut self, id: &str) -> Result<(), String> {
        self.drafts.retain(|draft| draft.id != id);
        Ok(())
    }

    fn save_record(&mut self, document: &Document) -> Result<String, String> {
        let id = format!("{}-{:04}", document.signed, self.records.len() + 1);
        self.drafts.retain(|draft| draft.id != document.draft.id);
        self.records.push((id.clone(), document.clone()));
        Ok(id)
    }

    fn load_record(&mut self, id: &str) -> Result<Document, String> {
        let found = self.records.iter().find(|(other, _)| other == id);
        found.map(|(_, document)| document.clone()).ok_or_else(|| "There is no such record.".to_owned())
    }
}

impl Document {
    /// The goals, for people.
    #[must_use]
    pub fn goals(&self) -> String {
        let mut labels: Vec<&str> = Vec::new();
        if let Some(plan) = &self.assessment.plan {
            let planned = plan.cocktails.iter().map(|cocktail| cocktail.goal_label.as_str());
            for label in planned.chain(plan.without.iter().map(|without| without.goal_label.as_str())) {
                if !labels.contains(&label) {
                    labels.push(label);
                }
            }
        }
        labels.join(", ")
    }
}
