//! Where the cursor is, as far as keys are concerned.

use super::app::{App, Confirm, MixForm, Part, Popup, Screen};
use super::form::list_of;
use super::sheet::StepId;
use super::training::On;
use crate::pack::{QualifierKind, QuestionKind};

/// Where the cursor is, as far as keys are concerned.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Context {
    /// The first screen.
    Home,
    /// Its search line.
    Filter,
    /// A choice.
    Choice,
    /// A number being typed.
    Number,
    /// Text or a day being typed.
    Line,
    /// A line that is not being typed.
    Rest,
    /// A list of coded items.
    List,
    /// The goals.
    Goals,
    /// A qualifier with options.
    FieldChoice,
    /// A qualifier with a number.
    FieldNumber,
    /// The verdict and its findings.
    Assessment,
    /// The plan.
    Plan,
    /// Consent and signature.
    Sign,
    /// A line of the signature being typed.
    SignLine,
    /// Signing for good, once more in words.
    Signing,
    /// A saved consultation.
    Record,
    /// A session or a reaction being written down.
    FollowUp,
    /// All consultations of a patient.
    Patient,
    /// Two consultations side by side.
    Compare,
    /// Finding an ingredient in the formulary.
    Formulary,
    /// Reading its entry.
    Entry,
    /// Type to find.
    Picker,
    /// The areas of a goal.
    Areas,
    /// A scored scale.
    Scale,
    /// A mix of one's own.
    Mix,
    /// A volume of it being typed.
    MixLine,
    /// An ingredient for it being looked for.
    MixFind,
    /// Why.
    Explain,
    /// Reasons of an override.
    Override,
    /// A reason being typed.
    OverrideLine,
    /// The keys of this screen.
    Help,
    /// Every command.
    Palette,
    /// Patients who might be meant.
    Alike,
    /// Are you sure?
    Confirm,
    /// The passphrase that opens the records.
    Locked,
    /// A passphrase being set.
    Protect,
    /// The guided tour.
    Tour,
    /// The training cases.
    Hall,
    /// The questions of an attempt.
    Interview,
    /// The words by which they are found being typed.
    AskFind,
    /// What is committed.
    Commit,
    /// What is named being found.
    Pick,
    /// What came out of an attempt.
    Reveal,
    /// A short card.
    Card,
    /// How one is getting on.
    Progress,
    /// Who sits which exam.
    Exam,
    /// Their name, or the number of a paper, being typed.
    ExamLine,
    /// The words by which a case is found being typed.
    HallFind,
}

impl Context {
    /// All of them.
    pub const ALL: [Self; 48] = [
        Self::Home,
        Self::Filter,
        Self::Choice,
        Self::Number,
        Self::Line,
        Self::Rest,
        Self::List,
        Self::Goals,
        Self::FieldChoice,
        Self::FieldNumber,
        Self::Assessment,
        Self::Plan,
        Self::Sign,
        Self::SignLine,
        Self::Signing,
        Self::Record,
        Self::FollowUp,
        Self::Patient,
        Self::Compare,
        Self::Formulary,
        Self::Entry,
        Self::Picker,
        Self::Areas,
        Self::Scale,
        Self::Mix,
        Self::MixLine,
        Self::MixFind,
        Self::Explain,
        Self::Override,
        Self::OverrideLine,
        Self::Help,
        Self::Palette,
        Self::Alike,
        Self::Confirm,
        Self::Locked,
        Self::Protect,
        Self::Tour,
        Self::Hall,
        Self::Interview,
        Self::AskFind,
        Self::Commit,
        Self::Pick,
        Self::Reveal,
        Self::Card,
        Self::Progress,
        Self::Exam,
        Self::ExamLine,
        Self::HallFind,
    ];

    /// Where that is, for people.
    #[must_use]
    pub const fn place(self) -> &'static str {
        match self {
            Self::Home => "on the first screen",
            Self::Filter => "where records are searched",
            Self::Choice => "where one of several answers is chosen",
            Self::Number => "where a number is typed",
            Self::Line => "where a text is typed",
            Self::Rest => "on a text that is not being typed",
            Self::List => "in a list of answers",
            Self::Goals => "in the goals",
            Self::FieldChoice => "where a detail is chosen",
            Self::FieldNumber => "where a detail is a number",
            Self::Assessment => "on Assessment",
            Self::Plan => "on Plan",
            Self::Sign => "on Sign",
            Self::SignLine => "in a line of the signature",
            Self::Signing => "where one is asked before signing",
            Self::Record => "on a saved consultation",
            Self::FollowUp => "in a follow-up",
            Self::Patient => "in the history of a patient",
            Self::Compare => "in a comparison",
            Self::Formulary => "where an ingredient is looked for",
            Self::Entry => "in an entry of the formulary",
            Self::Picker => "where one types to find",
            Self::Areas => "in the areas of a goal",
            Self::Scale => "in a scored scale",
            Self::Mix => "in a mix of one's own",
            Self::MixLine => "where a volume or points of a mix are typed",
            Self::MixFind => "where an ingredient for a mix is searched",
            Self::Explain => "in an explanation",
            Self::Override => "in the reasons of an override",
            Self::OverrideLine => "where a reason is typed",
            Self::Help => "in the help",
            Self::Palette => "in the list of commands",
            Self::Alike => "in the window of patients who look alike",
            Self::Confirm => "where one is asked again",
            Self::Locked => "where the passphrase is asked for",
            Self::Protect => "where a passphrase is set",
            Self::Tour => "on the tour",
            Self::Hall => "in the training",
            Self::Interview => "in the interview of a case",
            Self::AskFind => "where a question to ask is searched",
            Self::Commit => "in what is committed of a case",
            Self::Pick => "where what is named is searched",
            Self::Reveal => "in what came out of a case",
            Self::Card => "on a short card",
            Self::Progress => "on the progress in training",
            Self::Exam => "where an exam is chosen",
            Self::ExamLine => "where the name or the paper of an exam is typed",
            Self::HallFind => "where a case is searched",
        }
    }
}

/// Whoever adds a place adds it to all of them.
const _: () = assert!(Context::ALL.len() == Context::HallFind as usize + 1);

/// Where the cursor is.
#[must_use]
pub fn context(app: &App) -> Context {
    if app.tour.is_some() {
        return Context::Tour;
    }
    under(app, app.popups.last())
}

/// Where the cursor was before the topmost window opened.
#[must_use]
pub fn context_below(app: &App) -> Context {
    under(app, app.popups.iter().rev().nth(1))
}

fn under(app: &App, popup: Option<&Popup>) -> Context {
    if let Some(popup) = popup {
        return match popup {
            Popup::Picker(_) => Context::Picker,
            Popup::Areas(_) => Context::Areas,
            Popup::Scale(_) => Context::Scale,
            Popup::Mix(MixForm { line: Some(_), .. }) => Context::MixLine,
            Popup::Mix(MixForm { finding: Some(_), .. }) => Context::MixFind,
            Popup::Mix(_) => Context::Mix,
            Popup::Explain { .. } | Popup::Told { .. } | Popup::Read { .. } => Context::Explain,
            Popup::Pick(_) => Context::Pick,
            Popup::Override { line: None, .. } => Context::Override,
            Popup::Override { line: Some(_), .. } => Context::OverrideLine,
            Popup::Help { .. } => Context::Help,
            Popup::Palette { .. } => Context::Palette,
            Popup::Alike { .. } => Context::Alike,
            Popup::Confirm(Confirm::Sign) => Context::Signing,
            Popup::Confirm(_) => Context::Confirm,
            Popup::Protect(_) => Context::Protect,
        };
    }
    match &app.screen {
        Screen::Home if app.home.filtering => Context::Filter,
        Screen::Home => Context::Home,
        Screen::Record(_) => Context::Record,
        Screen::FollowUp(_) => Context::FollowUp,
        Screen::Patient(_) => Context::Patient,
        Screen::Compare(_) => Context::Compare,
        Screen::Locked(_) => Context::Locked,
        Screen::Training(view) => match &view.on {
            On::Hall if view.hall.finding => Context::HallFind,
            On::Hall => Context::Hall,
            On::Exam if view.hall.exam.types() => Context::ExamLine,
            On::Exam => Context::Exam,
            On::Sitting(sitting) if sitting.interviews() && sitting.finding => Context::AskFind,
            On::Sitting(sitting) if sitting.interviews() => Context::Interview,
            On::Sitting(_) => Context::Commit,
            On::Revealed(_) => Context::Reveal,
            On::Short(_) => Context::Card,
            On::Progress(_) => Context::Progress,
        },
        Screen::Formulary(view) if view.reading => Context::Entry,
        Screen::Formulary(_) => Context::Formulary,
        Screen::Consult(consult) => match consult.step {
            StepId::Assessment => Context::Assessment,
            StepId::Plan => Context::Plan,
            StepId::Sign if consult.line.is_some() => Context::SignLine,
            StepId::Sign => Context::Sign,
            _ => asking(app).unwrap_or(Context::Rest),
        },
    }
}

/// The context of the question with the focus.
fn asking(app: &App) -> Option<Context> {
    let consult = app.consult()?;
    let loaded = app.loaded()?;
    let question = &loaded.pack.questions[consult.question?];
    let typing = consult.line.is_some();
    Some(match (&question.kind, consult.part) {
        (QuestionKind::Choice(_), _) => Context::Choice,
        (QuestionKind::Number(_), _) => Context::Number,
        (QuestionKind::Text | QuestionKind::Date, _) if typing => Context::Line,
        (QuestionKind::Text | QuestionKind::Date, _) => Context::Rest,
        (QuestionKind::List(_), Part::Field(entry, field)) => {
            let list = list_of(question)?;
            let entry = consult.sheet.intake.entries(&question.id).get(entry)?;
            let qualifier = loaded.form.qualifiers(list, entry).get(field)?;
            match loaded.pack.qualifiers[*qualifier].kind {
                QualifierKind::Choice(_) => Context::FieldChoice,
                QualifierKind::Number(_) => Context::FieldNumber,
            }
        }
        (QuestionKind::List(_), _) => Context::List,
        (QuestionKind::Goals, _) => Context::Goals,
    })
}
