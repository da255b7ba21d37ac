//! The one table of commands: it feeds the keys, the line at the bottom, the help and the palette.

use crossterm::event::KeyCode as K;

use super::context::Context;
use super::keys::{Chord, alt, ch, ctrl, ctrl_key, key};
use super::sheet::StepId;
use crate::training::How;

/// A command.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Action {
    /// Begin a consultation.
    New,
    /// Open what the cursor is on.
    Open,
    /// Search the records.
    Filter,
    /// What is known about ingredients.
    Formulary,
    /// Remove a draft.
    DeleteDraft,
    /// The next question, or the next section.
    Next,
    /// The one before.
    Previous,
    /// Down one line.
    Down,
    /// Up one line.
    Up,
    /// To the left.
    Left,
    /// To the right.
    Right,
    /// Down one page.
    PageDown,
    /// Up one page.
    PageUp,
    /// To the beginning.
    First,
    /// To the end.
    Last,
    /// Take it, or go on.
    Accept,
    /// Add to a list.
    Add,
    /// Asked: none.
    NoneOf,
    /// Fill in the scale that answers the question.
    Scale,
    /// Asked: not known.
    Unknown,
    /// Take an answer back.
    Clear,
    /// Remove an entry of a list.
    Remove,
    /// Tick.
    Tick,
    /// Tick all points.
    TickAll,
    /// Go to the question behind what the cursor is on.
    Cause,
    /// Override a finding, or take the override back.
    Override,
    /// Take an alternative.
    Choose,
    /// Change the proposed mix.
    Mix,
    /// Another ingredient in its place.
    Swap,
    /// More of it.
    More,
    /// Less of it.
    Less,
    /// Back to the proposal.
    Reset,
    /// Sign and save: asks first.
    Sign,
    /// Sign and save, for good.
    Seal,
    /// Go to a step.
    Step(StepId),
    /// The next step.
    NextStep,
    /// The step before.
    PreviousStep,
    /// Close, or go back.
    Back,
    /// Take the last change back.
    Undo,
    /// Make it again.
    Redo,
    /// The keys of this screen.
    Help,
    /// Every command.
    Palette,
    /// The next set of colours.
    Theme,
    /// Give the mouse to the terminal, or take it back.
    Mouse,
    /// Draw everything anew.
    Redraw,
    /// Stop until the shell wakes the program up.
    Suspend,
    /// End.
    Quit,
    /// Yes, really.
    Yes,
    /// Encrypt the records under a passphrase.
    Protect,
    /// Leave them as they are.
    Decline,
    /// Show what is typed, or hide it.
    Reveal,
    /// Lock the records.
    Lock,
    /// Check all records.
    Verify,
    /// Make an amendment of a saved consultation.
    Amend,
    /// Write down a session or a reaction.
    FollowUp,
    /// Save what was written down.
    Save,
    /// A new consultation of a patient who was here before.
    Again,
    /// All consultations of a patient.
    History,
    /// Mark a consultation, to compare it with another.
    Mark,
    /// Compare it with the marked one.
    Compare,
    /// Show what reads the same, too.
    Whole,
    /// Patients on record who might be meant.
    Alike,
    /// Confirm an answer of an earlier consultation.
    Confirm,
    /// Confirm all of a step.
    ConfirmStep,
    /// The next order of the list of records.
    Sort,
    /// Records of the next verdict only.
    OnlyVerdict,
    /// Records of the year before only.
    OnlyYear,
    /// The version before.
    Older,
    /// The version after.
    Newer,
    /// The guided tour.
    Tour,
    /// Type in an editor.
    Edit,
    /// Copy what is shown.
    Copy,
    /// Write what the patient takes home to a file.
    Leaflet,
    /// To the training.
    Training,
    /// The next mode of training.
    TrainMode,
    /// A patient made for this attempt.
    Made,
    /// Another made patient.
    Seed(bool),
    /// Ask, examine, read a paper.
    Ask(How),
    /// Everything that was heard.
    Notes,
    /// Commit.
    Commit,
    /// The next case.
    NextCase,
    /// A hint, which costs.
    Hint,
    /// Short cards.
    ShortCards,
    /// A card is not known.
    Pass,
    /// How one is getting on.
    Progress,
}

const fn bit(context: Context) -> u64 {
    1 << context as u8
}

const fn bits(contexts: &[Context]) -> u64 {
    let mut all = 0;
    let mut n = 0;
    while n < contexts.len() {
        all |= bit(contexts[n]);
        n += 1;
    }
    all
}

use Context as C;

/// Every place outside windows.
const SCREENS: u64 =
    bits(&[C::Home, C::Filter, C::Record, C::FollowUp, C::Patient, C::Compare, C::Formulary, C::Entry])
        | CONSULT
        | TRAINING;
/// Windows over a screen in which letters are keys.
const WINDOWS: u64 = bits(&[C::Areas, C::Scale, C::Mix, C::Override, C::Alike]);
/// Every place of the training.
const TRAINING: u64 = bits(&[
    C::Hall,
    C::HallFind,
    C::Exam,
    C::ExamLine,
    C::Interview,
    C::AskFind,
    C::Commit,
    C::Reveal,
    C::Card,
    C::Progress,
]);
/// Every place of a consultation.
const CONSULT: u64 = ASKING | bits(&[C::Assessment, C::Plan, C::Sign, C::SignLine]);
/// The steps that ask.
const ASKING: u64 = bits(&[C::Choice, C::Number, C::Line, C::Rest, C::List, C::Goals, C::FieldChoice, C::FieldNumber]);
/// Whether the cursor is in one of the steps that ask.
#[must_use]
pub const fn asks(context: Context) -> bool {
    ASKING & bit(context) != 0
}

/// Where letters are text.
const TYPING: u64 = bits(&[
    C::Filter,
    C::AskFind,
    C::HallFind,
    C::ExamLine,
    C::Pick,
    C::FollowUp,
    C::Formulary,
    C::Number,
    C::FieldNumber,
    C::Line,
    C::SignLine,
    C::Picker,
    C::OverrideLine,
    C::MixLine,
    C::MixFind,
    C::Palette,
    C::Locked,
    C::Protect,
]);
/// Where a number is typed: with nothing typed yet, a few characters are commands there.
const NUMBERS: u64 = bits(&[C::Number, C::FieldNumber]);
/// Where one moves over rows.
const ROWS: u64 = bits(&[
    C::Home,
    C::Assessment,
    C::Plan,
    C::Sign,
    C::Record,
    C::Patient,
    C::Compare,
    C::Entry,
    C::Hall,
    C::Exam,
    C::Interview,
    C::Commit,
    C::Reveal,
    C::Card,
    C::Progress,
]);
const POPUPS: u64 = bits(&[
    C::Picker,
    C::Areas,
    C::Scale,
    C::Mix,
    C::MixLine,
    C::MixFind,
    C::Explain,
    C::Override,
    C::OverrideLine,
    C::Help,
    C::Palette,
    C::Confirm,
    C::Signing,
    C::Alike,
    C::Pick,
]);
/// Where a passphrase is typed.
const SECRET: u64 = bits(&[C::Locked, C::Protect]);

/// A line of the table.
#[derive(Debug)]
pub struct ActionDef {
    /// The command.
    pub action: Action,
    /// A name that never changes, for documents and configuration.
    pub id: &'static str,
    /// The keys.
    pub keys: &'static [Chord],
    /// For the bottom line.
    pub label: &'static str,
    /// For the help.
    pub help: &'static str,
    /// Where it exists, as bits of [`Context`].
    contexts: u64,
    /// Where it is shown at the bottom.
    footer: u64,
}

impl ActionDef {
    /// Whether it exists there.
    #[must_use]
    pub const fn is_in(&self, context: Context) -> bool {
        self.contexts & bit(context) != 0
    }

    /// Whether the bottom line names it there.
    #[must_use]
    pub const fn at_bottom(&self, context: Context) -> bool {
        self.footer & bit(context) != 0
    }
}

const fn def(
    action: Action,
    id: &'static str,
    keys: &'static [Chord],
    label: &'static str,
    help: &'static str,
    contexts: u64,
    footer: u64,
) -> ActionDef {
    ActionDef { action, id, keys, label, help, contexts, footer }
}

/// All commands. The order is the order at the bottom; the first match of a key counts.
#[rustfmt::skip]
pub const ACTIONS: &[ActionDef] = &[
    // ------------------------------------------------------------------ the first screen
    def(Action::New, "home.new", &[ch('n')], "new", "Begin a new consultation", bits(&[C::Home]), bits(&[C::Home])),
    def(Action::Open, "home.open", &[key(K::Enter)], "open", "Open what the cursor is on", bits(&[C::Home, C::Filter, C::Patient]), bits(&[C::Home, C::Filter, C::Patient])),
    def(Action::Filter, "home.find", &[ch('/')], "find", "Find records: name, date, verdict, goal, ingredient, rule, allergy, any word of a note", bits(&[C::Home]), bits(&[C::Home])),
    def(Action::Again, "home.again", &[ch('r')], "again", "New consultation of this patient: what lasts of the last one is offered, to be confirmed", bits(&[C::Home, C::Record, C::Patient]), bits(&[C::Home, C::Record, C::Patient])),
    def(Action::History, "home.history", &[ch('h')], "history", "All consultations of this patient, in order", bits(&[C::Home, C::Record]), bits(&[C::Home, C::Record])),
    def(Action::Sort, "home.sort", &[ch('s')], "sort", "Sort the records: by date, by name, by verdict", bits(&[C::Home]), 0),
    def(Action::OnlyVerdict, "home.verdict", &[ch('v')], "verdict", "List the records of one verdict; again for the next one, after the last one all", bits(&[C::Home]), 0),
    def(Action::OnlyYear, "home.year", &[ch('y')], "year", "List the records of this year; again for the year before, in the end all", bits(&[C::Home]), 0),
    def(Action::Formulary, "home.formulary", &[ch('f')], "formulary", "Ingredients: evidence, trials, limits, mixing, rules, legal status", bits(&[C::Home]), bits(&[C::Home])),
    def(Action::Accept, "formulary.read", &[key(K::Enter), key(K::Tab)], "read", "Read the entry of the ingredient the cursor is on", bits(&[C::Formulary]), bits(&[C::Formulary])),
    def(Action::Back, "formulary.list", &[key(K::Left), ch('/')], "list", "Back to the list of ingredients", bits(&[C::Entry]), 0),
    def(Action::DeleteDraft, "home.delete-draft", &[key(K::Delete), ch('d')], "delete draft", "Remove a draft (asks first)", bits(&[C::Home]), 0),
    def(Action::Protect, "records.protect", &[ch('p')], "passphrase", "Encrypt the records under a passphrase", bits(&[C::Home]), 0),
    def(Action::Decline, "records.decline", &[ch('P')], "no passphrase", "Leave the records readable, and do not ask again", bits(&[C::Home]), 0),
    def(Action::Verify, "records.verify", &[ch('V')], "verify", "Read all records and check that none is changed, missing or put back", bits(&[C::Home]), 0),
    def(Action::Lock, "records.lock", &[ch('L')], "lock", "Lock the records; the open consultation is kept as a draft", bits(&[C::Home, C::Record]), bits(&[C::Home])),
    def(Action::Lock, "records.lock-anywhere", &[], "lock", "Lock the records; the open consultation is kept as a draft", SCREENS, 0),
    def(Action::Tour, "tour", &[ch('T')], "tour", "A tour of two minutes with an invented patient, of whom nothing is saved", bits(&[C::Home]), 0),
    def(Action::Tour, "tour-anywhere", &[], "tour", "A tour of two minutes with an invented patient, of whom nothing is saved", SCREENS, 0),
    def(Action::Accept, "tour.next", &[key(K::Enter), key(K::Right), ch(' ')], "next", "The next stop of the tour", bits(&[C::Tour]), bits(&[C::Tour])),
    def(Action::Previous, "tour.back", &[key(K::Left), key(K::Backspace)], "back", "The stop before", bits(&[C::Tour]), bits(&[C::Tour])),
    def(Action::Back, "tour.end", &[key(K::Esc), ch('q')], "end", "End the tour", bits(&[C::Tour]), bits(&[C::Tour])),
    // ------------------------------------------------------------------ a saved consultation
    def(Action::Amend, "record.amend", &[ch('a')], "amend", "Amend it: a new version with a reason; the old one stays as it is", bits(&[C::Record]), bits(&[C::Record])),
    def(Action::FollowUp, "record.follow-up", &[ch('f')], "follow-up", "Write down a session that was given, or a reaction: what to do is said at once", bits(&[C::Record]), bits(&[C::Record])),
    def(Action::Accept, "follow-up.accept", &[key(K::Enter)], "take, go on", "Add the sign, take the option, or go to the next line; on the last one: save", bits(&[C::FollowUp]), bits(&[C::FollowUp])),
    def(Action::Down, "follow-up.next", &[key(K::Tab)], "next", "The next line", bits(&[C::FollowUp]), bits(&[C::FollowUp])),
    def(Action::Up, "follow-up.previous", &[key(K::BackTab)], "back", "The line before", bits(&[C::FollowUp]), 0),
    def(Action::Save, "follow-up.save", &[ctrl('s')], "save", "Save it behind the record; it is never changed afterwards", bits(&[C::FollowUp]), bits(&[C::FollowUp])),
    def(Action::Leaflet, "record.leaflet", &[ch('w')], "for the patient", "Write what the patient does before and after, and when to call, to a new file", bits(&[C::Record]), bits(&[C::Record])),
    def(Action::Older, "record.older", &[ch('[')], "older", "The version before", bits(&[C::Record]), bits(&[C::Record])),
    def(Action::Newer, "record.newer", &[ch(']')], "newer", "The version after", bits(&[C::Record]), bits(&[C::Record])),
    // ------------------------------------------------------------------ a patient's consultations
    def(Action::Mark, "patient.mark", &[ch('m'), ch(' ')], "mark", "Mark this one, to compare another with it", bits(&[C::Patient]), bits(&[C::Patient])),
    def(Action::Compare, "patient.compare", &[ch('c')], "compare", "Compare with the marked one; without a mark, with the one before", bits(&[C::Patient]), bits(&[C::Patient])),
    def(Action::Whole, "compare.all", &[ch('a')], "all lines", "Show the lines that read the same as well, or only the differences", bits(&[C::Compare]), bits(&[C::Compare])),
    def(Action::Accept, "alike.look", &[key(K::Enter)], "look", "Look at the history of this patient; the open consultation is kept", bits(&[C::Alike]), bits(&[C::Alike])),
    // ------------------------------------------------------------------ training
    def(Action::Training, "train.open", &[ch('t')], "training", "Training: assess invented patients; the records are closed meanwhile", bits(&[C::Home]), bits(&[C::Home])),
    def(Action::Accept, "train.begin", &[key(K::Enter)], "begin", "Begin the case the cursor is on, or go on with an attempt that was left", bits(&[C::Hall]), bits(&[C::Hall])),
    def(Action::TrainMode, "train.mode", &[ch('m')], "mode", "The next mode: practice, exam (nothing is revealed), review, fast track", bits(&[C::Hall]), bits(&[C::Hall])),
    def(Action::Made, "train.made", &[ch('M')], "made patient", "A patient nobody has seen, made for this attempt by its seed", bits(&[C::Hall]), bits(&[C::Hall])),
    def(Action::Seed(false), "train.seed-down", &[ch('[')], "seed", "The made patient of the seed before", bits(&[C::Hall]), 0),
    def(Action::Seed(true), "train.seed-up", &[ch(']')], "seed", "The made patient of the next seed", bits(&[C::Hall]), 0),
    def(Action::Notes, "train.last", &[ch('v')], "last marks", "Read again what came out of the last attempt at the case", bits(&[C::Hall]), 0),
    def(Action::DeleteDraft, "train.drop", &[key(K::Delete)], "remove", "Remove an attempt that was left in the middle", bits(&[C::Hall]), 0),
    def(Action::Ask(How::Ask), "train.ask", &[ch('a'), key(K::Enter)], "ask", "Ask plainly: 20 seconds of the consultation", bits(&[C::Interview]), bits(&[C::Interview])),
    def(Action::Ask(How::Probe), "train.probe", &[ch('p')], "closely", "Ask closely, for names, doses, dates: 30 seconds", bits(&[C::Interview]), bits(&[C::Interview])),
    def(Action::Ask(How::Exam), "train.examine", &[ch('x')], "examine", "Look, touch, measure: 45 seconds", bits(&[C::Interview]), bits(&[C::Interview])),
    def(Action::Ask(How::Document), "train.document", &[ch('d')], "read papers", "Read a letter, a list, a box: 60 seconds", bits(&[C::Interview]), bits(&[C::Interview])),
    def(Action::Accept, "train.sit", &[key(K::Enter)], "begin", "Begin the station the cursor is on; its clock runs once the patient is asked in", bits(&[C::Exam]), bits(&[C::Exam])),
    def(Action::Accept, "train.who", &[key(K::Enter), key(K::Tab)], "go on", "To the next line", bits(&[C::ExamLine]), bits(&[C::ExamLine])),
    def(Action::Up, "train.who-before", &[key(K::BackTab)], "back", "To the line before", bits(&[C::Exam, C::ExamLine]), 0),
    def(Action::Filter, "train.search", &[ch('/')], "find", "Find a case by words of its title or its first sentences", bits(&[C::Hall]), bits(&[C::Hall])),
    def(Action::Accept, "train.searched", &[key(K::Enter)], "take", "To the cases that were found", bits(&[C::HallFind]), bits(&[C::HallFind])),
    def(Action::Filter, "train.find", &[ch('/')], "find", "Find a question by any of its words", bits(&[C::Interview]), bits(&[C::Interview])),
    def(Action::Accept, "train.found", &[key(K::Enter)], "take", "To the questions that were found", bits(&[C::AskFind]), bits(&[C::AskFind])),
    def(Action::Next, "train.topic", &[key(K::Tab)], "topic", "The next topic", bits(&[C::Interview, C::Reveal]), bits(&[C::Interview, C::Reveal])),
    def(Action::Previous, "train.topic-before", &[key(K::BackTab)], "topic", "The topic before", bits(&[C::Interview, C::Reveal]), 0),
    def(Action::Commit, "train.commit", &[ch('c'), ctrl('s')], "go on", "Enough asked: to the skin. Elsewhere: commit, which is final", bits(&[C::Interview]), bits(&[C::Interview])),
    def(Action::Accept, "train.enter", &[key(K::Enter)], "take, go on", "Add, go to the next line; on the last one: commit", bits(&[C::Commit]), bits(&[C::Commit])),
    def(Action::Add, "train.add", &[ch('+'), ch('a')], "add", "Find and add", bits(&[C::Commit]), bits(&[C::Commit])),
    def(Action::Remove, "train.remove", &[ch('x')], "take away", "Take what the cursor is on off its list", bits(&[C::Commit]), bits(&[C::Commit])),
    def(Action::Clear, "train.clear", &[key(K::Backspace), key(K::Delete)], "clear", "The last digit, or the answer", bits(&[C::Commit]), 0),
    def(Action::Down, "train.next", &[key(K::Tab)], "next", "The next line", bits(&[C::Commit]), 0),
    def(Action::Up, "train.previous", &[key(K::BackTab)], "back", "The line before", bits(&[C::Commit]), 0),
    def(Action::Commit, "train.commit-now", &[ctrl('s')], "commit", "Commit this stage, which is final", bits(&[C::Commit]), bits(&[C::Commit])),
    def(Action::Notes, "train.notes", &[ch('n')], "notes", "Everything that was heard and seen", bits(&[C::Interview, C::Commit]), bits(&[C::Interview, C::Commit])),
    def(Action::Hint, "train.hint", &[ch('h')], "hint", "A hint: it costs a minute, what it leads to earns half; none in an exam or on the fast track", bits(&[C::Interview, C::Commit]), bits(&[C::Interview])),
    def(Action::ShortCards, "train.cards", &[ch('c')], "short cards", "Short cards: three minutes of rules, grades of the skin, units", bits(&[C::Hall]), 0),
    def(Action::Progress, "train.progress", &[ch('p')], "progress", "How you are getting on: skill, safety, what is due, calibration, what was missed", bits(&[C::Hall]), 0),
    def(Action::Accept, "card.take", &[key(K::Enter)], "take, next", "Take the answer the cursor is on; then the next card", bits(&[C::Card]), bits(&[C::Card])),
    def(Action::Pass, "card.pass", &[ch('n')], "not known", "Not known: it comes again, and nobody has to guess", bits(&[C::Card]), bits(&[C::Card])),
    def(Action::Clear, "card.clear", &[key(K::Backspace), key(K::Delete)], "clear", "The last digit", bits(&[C::Card]), 0),
    def(Action::ShortCards, "progress.cards", &[ch('c')], "short cards", "Short cards: three minutes of rules, grades of the skin, units", bits(&[C::Progress]), bits(&[C::Progress])),
    def(Action::Next, "progress.section", &[key(K::Tab)], "section", "The next section", bits(&[C::Progress]), bits(&[C::Progress])),
    def(Action::Previous, "progress.section-before", &[key(K::BackTab)], "section", "The section before", bits(&[C::Progress]), 0),
    def(Action::Accept, "pick.take", &[key(K::Enter)], "take", "Take what the cursor is on; on an empty line: done", bits(&[C::Pick]), bits(&[C::Pick])),
    def(Action::Back, "pick.done", &[key(K::Esc)], "done", "Close; what was taken stays", bits(&[C::Pick]), bits(&[C::Pick])),
    def(Action::Accept, "reveal.read", &[key(K::Enter), ch('e')], "why", "Read all about the item: rule, facts, what would change it, sources", bits(&[C::Reveal]), bits(&[C::Reveal])),
    def(Action::NextCase, "reveal.next", &[ch('n')], "next case", "Begin the case that is recommended", bits(&[C::Reveal]), bits(&[C::Reveal])),
    // ------------------------------------------------------------------ passphrases
    def(Action::Accept, "lock.unlock", &[key(K::Enter)], "unlock", "Unlock with what was typed", bits(&[C::Locked]), bits(&[C::Locked])),
    def(Action::Accept, "protect.go-on", &[key(K::Enter)], "go on", "Go on with what was typed", bits(&[C::Protect]), bits(&[C::Protect])),
    def(Action::Reveal, "lock.reveal", &[key(K::Tab)], "show", "Show what is typed, or hide it", SECRET, SECRET),
    def(Action::Back, "lock.clear", &[key(K::Esc)], "clear", "Take back what was typed", bits(&[C::Locked]), bits(&[C::Locked])),
    def(Action::Back, "protect.stop", &[key(K::Esc)], "stop", "Leave the records as they are", bits(&[C::Protect]), bits(&[C::Protect])),
    // ------------------------------------------------------------------ answering
    def(Action::NoneOf, "ask.none", &[ch('n')], "none", "Asked: none. An answer given on purpose", bits(&[C::List]), bits(&[C::List])),
    def(Action::Add, "ask.add", &[ch('a'), ch('/')], "add", "Find and add", bits(&[C::List, C::Goals]), bits(&[C::List, C::Goals])),
    def(Action::Remove, "ask.remove", &[ch('x')], "remove", "Remove the entry the cursor is on", bits(&[C::List, C::Goals, C::FieldChoice]), bits(&[C::List, C::Goals])),
    def(Action::Accept, "ask.accept", &[key(K::Enter)], "go on", "Accept and go on", ASKING, ASKING & !bits(&[C::Choice, C::Rest])),
    def(Action::Accept, "ask.type", &[key(K::Enter), ch('i')], "type", "Type again", bits(&[C::Rest]), bits(&[C::Rest])),
    def(Action::Tick, "ask.pick", &[ch(' ')], "take", "Take the option the cursor is on", bits(&[C::Choice]), 0),
    def(Action::Scale, "ask.scale", &[ch('s'), ch('=')], "by questions", "Fill in the scored questions that give this answer, where there are any", bits(&[C::Choice, C::Number]), bits(&[C::Choice, C::Number])),
    def(Action::Unknown, "ask.unknown", &[ch('-')], "unknown", "Asked, and not known: counts as the unfavourable case (of a number: while nothing is typed)", ASKING & !bits(&[C::Line]), bits(&[C::Choice, C::Number, C::List, C::FieldChoice, C::FieldNumber])),
    def(Action::Clear, "ask.clear", &[key(K::Delete), key(K::Backspace)], "clear", "Take the answer back: not asked", bits(&[C::Choice, C::Rest, C::FieldChoice]), 0),
    def(Action::Next, "ask.next", &[key(K::Tab)], "next", "The next question", ASKING | bits(&[C::Sign, C::SignLine]), bits(&[C::Choice, C::Number, C::List])),
    def(Action::Previous, "ask.previous", &[key(K::BackTab)], "back", "The question before; going back is always possible", ASKING | bits(&[C::Sign, C::SignLine]), 0),
    def(Action::Confirm, "ask.confirm", &[ch('y')], "still so", "Take over what is offered of the last consultation; what may have changed is asked anew", bits(&[C::List, C::Goals]), bits(&[C::List, C::Goals])),
    def(Action::ConfirmStep, "ask.confirm-step", &[ctrl('t')], "confirm all shown", "Confirm everything of the last consultation that is shown on this step, but for the lists", ASKING, ASKING),
    def(Action::Alike, "ask.alike", &[ctrl('o')], "who looks like this", "Who on record looks like the one being typed, with their earlier consultations", ASKING, ASKING),
    // ------------------------------------------------------------------ assessment, plan, signature
    def(Action::Accept, "show.explain", &[key(K::Enter), ch('e')], "why", "Explain; for an open question: go and answer it", bits(&[C::Assessment, C::Plan]), bits(&[C::Assessment, C::Plan])),
    def(Action::Cause, "show.cause", &[ch('a')], "answer", "Go to the answer behind it; Esc comes back. Again: to the next answer behind it", bits(&[C::Assessment, C::Plan, C::Explain]), bits(&[C::Assessment, C::Explain])),
    def(Action::Override, "assessment.override", &[ch('o')], "override", "Override a finding with a reason, or take the override back", bits(&[C::Assessment, C::Explain]), bits(&[C::Assessment, C::Explain])),
    def(Action::Choose, "plan.choose", &[ch('c'), ch(' ')], "choose", "Take the alternative the cursor is on", bits(&[C::Plan, C::Explain]), bits(&[C::Plan, C::Explain])),
    def(Action::Mix, "plan.mix", &[ch('m')], "own mix", "Change the mix the cursor is on: swap, add, remove, volumes, points; every change is vetted at once", bits(&[C::Plan, C::Explain]), bits(&[C::Plan])),
    def(Action::Reset, "plan.reset", &[ch('r')], "reset", "Back to the proposal", bits(&[C::Plan, C::Mix]), bits(&[C::Plan, C::Mix])),
    def(Action::Next, "show.section", &[key(K::Tab)], "section", "The next section", bits(&[C::Assessment, C::Plan, C::Record, C::Entry, C::Compare]), bits(&[C::Plan, C::Record, C::Entry])),
    def(Action::Previous, "show.section-before", &[key(K::BackTab)], "section", "The section before", bits(&[C::Assessment, C::Plan, C::Record, C::Entry, C::Compare]), 0),
    def(Action::Tick, "sign.tick", &[ch(' '), key(K::Enter)], "tick", "Tick the point, or change the line", bits(&[C::Sign]), bits(&[C::Sign])),
    def(Action::TickAll, "sign.tick-all", &[ch('A')], "tick all", "Tick all points that have been on the screen, and turn the page", bits(&[C::Sign]), bits(&[C::Sign])),
    def(Action::Sign, "sign.sign", &[ch('s')], "sign and save", "Sign and save the consultation (asks first)", bits(&[C::Sign]), bits(&[C::Sign])),
    def(Action::Seal, "sign.seal", &[ctrl('s')], "sign and save", "Sign: what is saved then is never changed", bits(&[C::Signing]), bits(&[C::Signing])),
    def(Action::Accept, "sign.accept", &[key(K::Enter)], "accept", "Accept what was typed and go on; behind the note: sign (asks first)", bits(&[C::SignLine]), bits(&[C::SignLine])),
    def(Action::Edit, "edit", &[ctrl('x')], "editor", "Type the text in the editor of VISUAL or EDITOR", bits(&[C::Line, C::SignLine, C::OverrideLine, C::FollowUp]), bits(&[C::SignLine])),
    def(Action::Copy, "copy", &[ch('y')], "copy", "Copy the text that is shown: it is sent to the terminal, for its clipboard", bits(&[C::Assessment, C::Plan, C::Explain, C::Record, C::Entry, C::Compare]), 0),
    // ------------------------------------------------------------------ windows
    def(Action::Accept, "picker.add", &[key(K::Enter)], "add", "Add what the cursor is on; on an empty line: done", bits(&[C::Picker]), bits(&[C::Picker])),
    def(Action::Back, "picker.done", &[key(K::Esc)], "done", "Close; what was added stays", bits(&[C::Picker]), bits(&[C::Picker])),
    def(Action::Tick, "areas.tick", &[ch(' ')], "tick", "Tick the area the cursor is on", bits(&[C::Areas]), bits(&[C::Areas])),
    def(Action::Accept, "areas.accept", &[key(K::Enter)], "take", "Take the ticked areas, or the one the cursor is on, and go on", bits(&[C::Areas]), bits(&[C::Areas])),
    def(Action::Add, "areas.another", &[ch('+')], "and another goal", "Take the areas, then choose another goal", bits(&[C::Areas]), bits(&[C::Areas])),
    def(Action::Accept, "scale.accept", &[key(K::Enter)], "finish", "Take the answer that the points give; with questions open, to the first of them", bits(&[C::Scale]), bits(&[C::Scale])),
    def(Action::Unknown, "scale.unknown", &[ch('-')], "unknown", "Asked, and not known: gives no points, and the scale no result", bits(&[C::Scale]), 0),
    def(Action::Clear, "scale.clear", &[key(K::Delete), key(K::Backspace)], "clear", "Take the answer of this question back", bits(&[C::Scale]), 0),
    def(Action::Down, "scale.next", &[key(K::Tab)], "next", "The next question", bits(&[C::Scale]), bits(&[C::Scale])),
    def(Action::Up, "scale.previous", &[key(K::BackTab)], "back", "The question before", bits(&[C::Scale]), 0),
    def(Action::Accept, "mix.change", &[key(K::Enter)], "change", "Type the volume, or the mL of a point; add an ingredient", bits(&[C::Mix]), bits(&[C::Mix])),
    def(Action::More, "mix.more", &[ch('+'), key(K::Right)], "more", "A tenth of a mL more of it, as far as the recipes and the limits go", bits(&[C::Mix]), bits(&[C::Mix])),
    def(Action::Less, "mix.less", &[ch('-'), key(K::Left)], "less", "A tenth of a mL less of it", bits(&[C::Mix]), bits(&[C::Mix])),
    def(Action::Swap, "mix.swap", &[ch('w')], "swap", "Another ingredient in its place", bits(&[C::Mix]), bits(&[C::Mix])),
    def(Action::Add, "mix.add", &[ch('a')], "add", "Add an ingredient that a recipe for this goal and area gives", bits(&[C::Mix]), bits(&[C::Mix])),
    def(Action::Remove, "mix.remove", &[ch('x'), key(K::Delete)], "remove", "Leave the ingredient out", bits(&[C::Mix]), bits(&[C::Mix])),
    def(Action::Undo, "mix.undo", &[ch('u')], "undo", "Take the last change back", bits(&[C::Mix]), 0),
    def(Action::Accept, "mix.take", &[key(K::Enter)], "take", "Take what was typed, or the ingredient the cursor is on", bits(&[C::MixLine, C::MixFind]), bits(&[C::MixLine, C::MixFind])),
    def(Action::Accept, "override.accept", &[key(K::Enter)], "take", "Take this reason", bits(&[C::Override, C::OverrideLine]), bits(&[C::Override, C::OverrideLine])),
    def(Action::Accept, "palette.run", &[key(K::Enter)], "run", "Run the command", bits(&[C::Palette]), bits(&[C::Palette])),
    def(Action::Yes, "confirm.yes", &[ch('Y')], "yes", "Yes, really (capital Y)", bits(&[C::Confirm]), bits(&[C::Confirm])),
    def(Action::Back, "window.close", &[key(K::Esc)], "close", "Close the window", POPUPS & !bits(&[C::Picker, C::Pick]), POPUPS & !bits(&[C::Picker, C::Pick])),
    def(Action::Back, "window.close-enter", &[key(K::Enter), ch('q'), ch('?')], "close", "Close the window", bits(&[C::Explain, C::Help]), 0),
    // ------------------------------------------------------------------ moving
    def(Action::Down, "move.down", &[key(K::Down)], "down", "Down; past the end of a question: the next one", SCREENS | POPUPS, 0),
    def(Action::Up, "move.up", &[key(K::Up)], "up", "Up", SCREENS | POPUPS, 0),
    def(Action::Down, "move.j", &[ch('j')], "down", "Down", (SCREENS | POPUPS) & !TYPING, 0),
    def(Action::Up, "move.k", &[ch('k')], "up", "Up", (SCREENS | POPUPS) & !TYPING, 0),
    def(Action::Left, "move.left", &[key(K::Left)], "left", "To the option on the left", bits(&[C::Choice, C::FieldChoice]), 0),
    def(Action::Right, "move.right", &[key(K::Right)], "right", "To the option on the right", bits(&[C::Choice, C::FieldChoice]), 0),
    def(Action::PageDown, "move.page-down", &[key(K::PageDown)], "page down", "Down one page", SCREENS | POPUPS, 0),
    def(Action::PageUp, "move.page-up", &[key(K::PageUp)], "page up", "Up one page", SCREENS | POPUPS, 0),
    def(Action::First, "move.first", &[key(K::Home), ch('g')], "first", "To the beginning", (ROWS | POPUPS) & !TYPING, 0),
    def(Action::Last, "move.last", &[key(K::End), ch('G')], "last", "To the end", (ROWS | POPUPS) & !TYPING, 0),
    // ------------------------------------------------------------------ steps
    def(Action::NextStep, "step.next", &[key(K::Right), ch('>'), ch('l')], "next step", "The next step", bits(&[C::Assessment, C::Plan, C::Sign]), bits(&[C::Assessment, C::Plan])),
    def(Action::NextStep, "step.next-asking", &[ch('>'), ctrl_key(K::Right), ctrl('n')], "next step", "The next step", CONSULT & !TYPING, 0),
    def(Action::NextStep, "step.next-typing", &[ctrl('n')], "next step", "The next step", bits(&[C::Line, C::SignLine]) | NUMBERS, 0),
    def(Action::PreviousStep, "step.previous", &[key(K::Left), ch('<'), ch('h')], "step before", "The step before", bits(&[C::Assessment, C::Plan, C::Sign]), 0),
    def(Action::PreviousStep, "step.previous-asking", &[ch('<'), ctrl_key(K::Left), ctrl('b')], "step before", "The step before", CONSULT & !TYPING, 0),
    def(Action::PreviousStep, "step.previous-typing", &[ctrl('b')], "step before", "The step before", bits(&[C::Line, C::SignLine]) | NUMBERS, 0),
    def(Action::Step(StepId::Patient), "step.patient", &[key(K::F(1)), alt('1')], "Patient", "Go to Patient", CONSULT | bits(&[C::Picker]), 0),
    def(Action::Step(StepId::Skin), "step.skin", &[key(K::F(2)), alt('2')], "Skin", "Go to Skin", CONSULT | bits(&[C::Picker]), 0),
    def(Action::Step(StepId::History), "step.history", &[key(K::F(3)), alt('3')], "History", "Go to History", CONSULT | bits(&[C::Picker]), 0),
    def(Action::Step(StepId::Allergies), "step.allergies", &[key(K::F(4)), alt('4')], "Allergies", "Go to Allergies", CONSULT | bits(&[C::Picker]), 0),
    def(Action::Step(StepId::Goals), "step.goals", &[key(K::F(5)), alt('5')], "Goals", "Go to Goals", CONSULT | bits(&[C::Picker]), 0),
    def(Action::Step(StepId::Assessment), "step.assessment", &[key(K::F(6)), alt('6')], "Assessment", "Go to Assessment", CONSULT | bits(&[C::Picker]), 0),
    def(Action::Step(StepId::Plan), "step.plan", &[key(K::F(7)), alt('7')], "Plan", "Go to Plan", CONSULT | bits(&[C::Picker]), 0),
    def(Action::Step(StepId::Sign), "step.sign", &[key(K::F(8)), alt('8')], "Sign", "Go to Sign", CONSULT | bits(&[C::Picker]), 0),
    def(Action::Back, "back", &[key(K::Esc)], "back", "Back one layer: from typing, then to the first screen. Nothing is lost", SCREENS, bits(&[C::Line, C::SignLine, C::Filter, C::Record, C::FollowUp, C::Patient, C::Compare, C::Formulary, C::Entry]) | TRAINING),
    // ------------------------------------------------------------------ always
    def(Action::Undo, "undo", &[ch('u'), ch('U'), ctrl('7'), ctrl('_'), ctrl('/')], "undo", "Take the last change back", CONSULT & !TYPING, bits(&[C::List, C::Goals, C::Sign])),
    def(Action::Undo, "undo-typing", &[ctrl('/'), ctrl('7'), ctrl('_')], "undo", "Take the last change back", bits(&[C::Line, C::SignLine]) | NUMBERS, 0),
    def(Action::Redo, "redo", &[ctrl('r')], "redo", "Make it again", CONSULT, 0),
    def(Action::Palette, "palette", &[ctrl('p')], "commands", "Every command", SCREENS | bits(&[C::Explain, C::Help]), SCREENS),
    def(Action::Theme, "theme.home", &[ch('C')], "colours", "The next set of colours: dark, light, high contrast, mono", bits(&[C::Home]), 0),
    def(Action::Theme, "theme", &[], "colours", "The next set of colours: dark, light, high contrast, mono", SCREENS, 0),
    def(Action::Mouse, "mouse", &[key(K::F(9))], "mouse", "Leave the mouse to the terminal, so that text can be selected; or take it back", SCREENS | POPUPS | SECRET | bits(&[C::Tour]), 0),
    def(Action::Redraw, "redraw", &[ctrl('l')], "redraw", "Draw everything anew", SCREENS | POPUPS | SECRET | bits(&[C::Tour]), 0),
    def(Action::Suspend, "suspend", &[ctrl('z')], "suspend", "Suspend, as everywhere on Unix (fg comes back)", SCREENS | POPUPS | SECRET | bits(&[C::Tour]), 0),
    def(Action::Quit, "quit", &[ch('q')], "quit", "End; the draft is kept", (ROWS | ASKING) & !TYPING, bits(&[C::Home])),
    def(Action::Quit, "quit-always", &[ctrl('c')], "quit", "End from anywhere; the draft is kept", SCREENS | POPUPS | SECRET | bits(&[C::Tour]), 0),
    def(Action::Help, "help", &[ch('?')], "help", "The keys of this screen", (SCREENS & !TYPING) | NUMBERS | WINDOWS, (SCREENS & !TYPING) | NUMBERS),
];

/// Whether a key is part of the text there: what is typed, or what moves in it.
#[must_use]
pub fn types(context: Context, chord: Chord) -> bool {
    if TYPING & bit(context) == 0 {
        return false;
    }
    let edits = matches!(chord.code, K::Backspace | K::Delete | K::Left | K::Right | K::Home | K::End);
    // What is a command before a number is begun may be a letter; what begins one may not.
    let begins = |c: char| NUMBERS & bit(context) == 0 || c.is_ascii_digit() || matches!(c, '.' | ',');
    chord.typed().is_some_and(begins) || edits && !chord.ctrl && !chord.alt
}

/// Whether a key answers a question there, whichever question it is.
#[must_use]
pub fn is_option(context: Context, chord: Chord) -> bool {
    let options = bits(&[C::Choice, C::FieldChoice, C::Scale, C::Areas, C::Override]);
    options & bit(context) != 0 && chord.typed().is_some_and(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    use crate::tui::keymap::KeyMap;

    const ALL: [Context; Context::ALL.len()] = Context::ALL;

    fn find(context: Context, chord: Chord) -> Option<Action> {
        KeyMap::default().find(context, chord)
    }

    #[test]
    fn ids_are_unique() {
        let mut seen = HashSet::new();
        assert!(ACTIONS.iter().all(|def| seen.insert(def.id)));
    }

    #[test]
    fn one_key_means_one_thing_in_a_place() {
        for context in ALL {
            let mut seen = std::collections::HashMap::new();
            for def in ACTIONS.iter().filter(|def| def.is_in(context)) {
                for chord in def.keys {
                    if let Some(other) = seen.insert(*chord, def)
                        && other.action != def.action
                    {
                        panic!("{context:?}: {} is both {} and {}", chord.label(), other.id, def.id);
                    }
                }
            }
        }
    }

    #[test]
    fn letters_are_text_where_text_is_typed() {
        for c in ' '..='~' {
            let found = [C::Number, C::FieldNumber].map(|context| find(context, ch(c)));
            let waits = |action| matches!(action, Action::Unknown | Action::Help | Action::Scale);
            assert!(found.into_iter().flatten().all(waits), "{c}: {found:?}");
        }
        for context in [
            C::Filter,
            C::AskFind,
            C::Pick,
            C::Formulary,
            C::Line,
            C::SignLine,
            C::Picker,
            C::OverrideLine,
            C::MixLine,
            C::MixFind,
            C::Palette,
            C::Locked,
            C::Protect,
        ] {
            for c in ' '..='~' {
                assert_eq!(find(context, ch(c)), None, "{context:?} {c}");
            }
        }
    }

    #[test]
    fn one_can_get_out_of_everywhere() {
        for context in ALL {
            assert_eq!(find(context, key(K::Esc)), Some(Action::Back), "{context:?}");
            assert_eq!(find(context, ctrl('c')), Some(Action::Quit), "{context:?}");
        }
    }

    #[test]
    fn what_the_bottom_line_names_exists_there() {
        for context in ALL {
            for def in ACTIONS.iter().filter(|def| def.at_bottom(context)) {
                assert!(def.is_in(context), "{context:?} {}", def.id);
                assert!(!def.keys.is_empty(), "{}", def.id);
            }
        }
    }
}
