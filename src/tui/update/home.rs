//! The first screen: beginning, resuming, opening, ending.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::cursor::{self, Here};
use super::{ask, change};
use crate::record::{self, Reading, RecordId, Verification};
use crate::tui::app::{App, Confirm, Consult, PackState, Part, Popup, RecordView, Saved, Screen, Wanted};
use crate::tui::effect::Effect;
use crate::tui::engine;
use crate::tui::lists::{DraftLine, Found, name_in};
use crate::tui::paper;
use crate::tui::sheet::{Draft, Sheet, Signer, StepId};
use crate::tui::text;
use crate::tui::thought::Thinking;
use crate::tui::view::{self, Item};

/// The drafts on disk.
pub fn drafts(app: &mut App, result: Result<Vec<DraftLine>, String>) -> Vec<Effect> {
    cursor::staying(app, |app| {
        match result {
            Ok(drafts) => app.home.drafts = drafts,
            Err(why) => app.refuse(&why),
        }
        add_parked(app);
    });
    super::lock::resume(app)
}

/// Instead of the time at which a draft was kept.
const NOT_SAVED: &str = "not saved";

/// Consultations left open that are not on disk (it was full, say) are in the list all the same.
pub fn show_parked(app: &mut App) {
    cursor::staying(app, add_parked);
}

fn add_parked(app: &mut App) {
    let Some(loaded) = app.loaded() else { return };
    for parked in &app.home.parked {
        let failed = matches!(parked.saved, Saved::Failed(_));
        if let Some(line) = app.home.drafts.iter_mut().find(|line| line.draft.id == parked.id) {
            // What is on disk of it is older.
            if failed {
                line.at = NOT_SAVED.to_owned();
            }
            continue;
        }
        let draft = paper::kept(&parked.draft(&loaded.pack), parked.started);
        let line = DraftLine {
            patient: name_in(&draft),
            draft,
            step: parked.step,
            at: if failed { NOT_SAVED.to_owned() } else { String::new() },
        };
        app.home.drafts.insert(0, line);
    }
    for noted in &app.home.noted {
        let failed = matches!(noted.saved, Saved::Failed(_));
        let at = if failed { NOT_SAVED.to_owned() } else { String::new() };
        match app.home.drafts.iter_mut().find(|line| line.draft.id == noted.draft.id) {
            Some(line) if failed => line.at = at,
            Some(_) => {}
            None => {
                let (draft, patient) = (noted.draft.clone(), name_in(&noted.draft));
                app.home.drafts.insert(0, DraftLine { draft, patient, step: StepId::default(), at });
            }
        }
    }
}

/// The records that match.
pub fn records(app: &mut App, result: Result<Found, String>) -> Vec<Effect> {
    app.home.listed = true;
    match result {
        Ok(found) => {
            let Found { lines, total, unreadable, oldest, similar } = found;
            cursor::staying(app, |app| app.home.records = lines);
            (app.home.total, app.home.unreadable, app.home.oldest) = (total, unreadable, oldest);
            app.home.similar = similar;
            if app.home.filtering {
                app.home.chosen = 1 + app.home.drafts_shown().len();
            }
        }
        Err(why) => app.refuse(&why),
    }
    Vec::new()
}

/// Begins a consultation, or remembers the wish until the pack is there.
pub fn begin(app: &mut App) -> Vec<Effect> {
    match &app.pack {
        PackState::Ready(_) => {
            let (id, started) = (app.birth)();
            let sheet = Sheet::default();
            let day = app.today;
            start(app, Draft { id, started, day, step: StepId::Patient, question: None, sheet }, Kept::New)
        }
        PackState::Loading => {
            app.wanted = Some(Wanted::New);
            Vec::new()
        }
        PackState::Failed(_) => {
            app.refuse("The rules could not be read: no consultation can be held.");
            Vec::new()
        }
    }
}

/// Does what was asked for before the pack was there.
pub fn begin_wanted(app: &mut App) -> Vec<Effect> {
    match app.wanted.take() {
        Some(Wanted::New) => begin(app),
        Some(Wanted::Resume(kept)) => resume(app, *kept),
        Some(Wanted::Amend) => amend(app),
        Some(Wanted::FollowUp) => super::follow_up::open(app),
        Some(Wanted::Return(reading, into)) => super::returning::begin(app, into, &reading),
        None => Vec::new(),
    }
}

/// Where what begins comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kept {
    /// Nothing was said yet.
    New,
    /// It is a draft on disk.
    OnDisk,
    /// It is a saved version; the first change makes a draft of it.
    Saved,
}

/// Opens the record on the screen as an amendment of it.
pub fn amend(app: &mut App) -> Vec<Effect> {
    let Screen::Record(view) = &app.screen else { return Vec::new() };
    let Ok(document) = &view.document else {
        app.refuse("A newer pistor wrote this record: amend it with that one.");
        return Vec::new();
    };
    if document.version != view.newest {
        let newest = view.newest;
        app.refuse(&format!("This is an old version. ] goes on to version {newest}: amend that one."));
        return Vec::new();
    }
    match app.pack {
        PackState::Ready(_) => {}
        PackState::Loading => {
            app.wanted = Some(Wanted::Amend);
            return Vec::new();
        }
        PackState::Failed(_) => {
            app.refuse("The rules could not be read: nothing can be amended.");
            return Vec::new();
        }
    }
    let id = document.id;
    // One that was begun goes on.
    if let Some(line) = app.home.drafts.iter().find(|line| line.draft.id == id) {
        let draft = line.draft.clone();
        app.screen = Screen::Home;
        return claim(app, draft);
    }
    let (_, now) = (app.birth)();
    let settings = &app.settings;
    let signer =
        Signer { name: settings.practitioner.clone(), role: settings.role.clone(), licence: settings.licence.clone() };
    let draft = paper::amending(document, &signer, now);
    let mut effects = take_up(app, &draft, Kept::Saved);
    // Everything is filled in: a key that asks for help is no letter of the patient's name.
    effects.extend(super::ask::stop_typing(app));
    let sign = app.settings.keys.say("step.sign");
    app.tell(format!("An amendment: change what was wrong, then give the reason and sign ({sign})."));
    effects
}

/// Another version of the record on the screen.
pub fn turn(app: &mut App, newer: bool) -> Vec<Effect> {
    let Screen::Record(view) = &app.screen else { return Vec::new() };
    let to = if newer { view.version + 1 } else { view.version - 1 };
    if to == 0 || to > view.newest {
        app.refuse(if newer { "This is the newest version." } else { "This is the first version." });
        return Vec::new();
    }
    vec![Effect::LoadRecord(view.id, Some(to), app.settings.actor())]
}

fn start(app: &mut App, draft: Draft, kept: Kept) -> Vec<Effect> {
    let Some(loaded) = app.loaded() else { return Vec::new() };
    let mut sheet = draft.sheet;
    if kept == Kept::New {
        app.settings.preset(&loaded.pack, &mut sheet);
    }
    let day = sheet.day(app.today);
    let assessment = engine::assess(&loaded.pack, &sheet, &app.settings.open, day);
    let engine::Questions { asked, idle } = engine::questions_of(&loaded.pack, &sheet, day);
    app.popups.clear();
    app.screen = Screen::Consult(Box::new(Consult {
        id: draft.id,
        started: draft.started,
        day: draft.day,
        sheet,
        past: Vec::new(),
        future: Vec::new(),
        step: draft.step,
        question: None,
        part: Part::Whole,
        line: None,
        fresh: true,
        error: None,
        back_to: None,
        onward: false,
        resting: false,
        chosen: [0; 8],
        top: [0; 8],
        seen: BTreeSet::new(),
        assessment,
        news: Vec::new(),
        asked,
        idle,
        cause: None,
        changes: None,
        state: 0,
        thinking: Thinking::No,
        saved: if kept == Kept::OnDisk { Saved::At(kept_at(app, draft.id)) } else { Saved::Nothing },
        signing: false,
        alike: Vec::new(),
        resumed: kept == Kept::OnDisk,
        touched: false,
    }));
    let mut effects = ask::go(app, draft.step);
    if kept != Kept::OnDisk {
        effects.push(Effect::Hold(draft.id));
    }
    let question = draft.question.and_then(|id| loaded.pack.questions.find(&id));
    if question.is_some() {
        ask::focus(app, question, None);
    }
    if kept == Kept::OnDisk {
        effects.extend(super::patient::look_for_alike(app, "patient.name"));
    }
    effects
}

/// When a draft was kept, as the list says it.
fn kept_at(app: &App, id: RecordId) -> String {
    let line = app.home.drafts.iter().find(|line| line.draft.id == id);
    line.map(|line| line.at.trim_start_matches("today ").to_owned()).unwrap_or_default()
}

/// Opens what the cursor is on.
pub fn open(app: &mut App) -> Vec<Effect> {
    app.home.filtering = false;
    let page = view::page(app);
    match page.items.get(app.home.chosen) {
        Some(Item::Draft(at)) => match app.home.drafts.get(*at).map(|line| line.draft.clone()) {
            Some(draft) => claim(app, draft),
            None => Vec::new(),
        },
        Some(Item::Record(at)) => {
            let reader = app.settings.actor();
            let record = app.home.records.get(*at);
            record.map(|record| Effect::LoadRecord(record.id, None, reader)).into_iter().collect()
        }
        Some(Item::New) => begin(app),
        _ => Vec::new(),
    }
}

/// Opens a draft, unless another program has it open.
pub fn claim(app: &mut App, draft: record::Draft) -> Vec<Effect> {
    // What is open here already is ours.
    let noted = app.home.noted.iter().any(|noted| noted.draft.id == draft.id);
    if noted || app.home.parked.iter().any(|parked| parked.id == draft.id) {
        return resume(app, draft);
    }
    vec![Effect::Claim(draft.id)]
}

/// A draft is ours: it is opened as it is now, not as it was when the list was made.
pub fn claimed(app: &mut App, id: RecordId, drafts: Result<Vec<DraftLine>, String>) -> Vec<Effect> {
    match drafts {
        Ok(lines) => cursor::staying(app, |app| {
            app.home.drafts = lines;
            add_parked(app);
        }),
        Err(why) => {
            app.refuse(&why);
            return Vec::new();
        }
    }
    match app.home.drafts.iter().find(|line| line.draft.id == id).map(|line| line.draft.clone()) {
        Some(draft) if matches!(app.screen, Screen::Home) || draft.following.is_some() => resume(app, draft),
        Some(_) => Vec::new(),
        None => {
            app.refuse("This draft is gone: it was signed or removed elsewhere.");
            vec![Effect::ListRecords(app.records_wanted())]
        }
    }
}

/// Another program has it open.
pub fn elsewhere(app: &mut App, id: RecordId) -> Vec<Effect> {
    if app.consult().is_some_and(|consult| consult.id == id) {
        app.refuse("Another pistor has this open as well: what is saved last is kept, or refused.");
        return Vec::new();
    }
    if let Some(line) = app.home.drafts.iter().find(|line| line.draft.id == id) {
        let patient = line.patient.clone();
        app.popups.push(Popup::Confirm(Confirm::TakeOver { id, patient }));
    }
    Vec::new()
}

/// Opens it all the same.
pub fn take_over(app: &mut App, id: RecordId) -> Vec<Effect> {
    match app.home.drafts.iter().find(|line| line.draft.id == id).map(|line| line.draft.clone()) {
        Some(draft) => resume(app, draft),
        None => Vec::new(),
    }
}

/// Goes on with a draft.
pub fn resume(app: &mut App, draft: record::Draft) -> Vec<Effect> {
    match app.home.parked.iter().position(|parked| parked.id == draft.id) {
        Some(_) => unpark(app, draft.id).unwrap_or_default(),
        None if app.loaded().is_some() && draft.following.is_some() => super::begun::resume(app, draft),
        None if app.loaded().is_some() => take_up(app, &draft, Kept::OnDisk),
        None if matches!(app.pack, PackState::Loading) => {
            app.wanted = Some(Wanted::Resume(Box::new(draft)));
            Vec::new()
        }
        None => begin(app),
    }
}

/// Goes on with a consultation that was left open.
pub fn unpark(app: &mut App, id: RecordId) -> Option<Vec<Effect>> {
    let at = app.home.parked.iter().position(|parked| parked.id == id)?;
    let mut parked = app.home.parked.remove(at);
    let mut late = None;
    if let Some(loaded) = app.loaded() {
        let mut draft = parked.draft(&loaded.pack);
        let left = draft.day;
        if paper::put_off(&loaded.pack, &mut draft, app.today) {
            // What could be undone belongs to that day.
            (parked.past, parked.future) = (Vec::new(), Vec::new());
            (parked.sheet, parked.step, parked.day) = (draft.sheet, draft.step, draft.day);
            parked.resumed = true;
            late = Some(left);
        }
    }
    let step = parked.step;
    app.screen = Screen::Consult(Box::new(parked));
    change::assess(app);
    let effects = ask::go(app, step);
    if let Some(left) = late {
        left_on(app, left);
    }
    Some(effects)
}

/// Says that a consultation goes on that was left on an earlier day.
fn left_on(app: &mut App, day: Date) {
    app.tell(format!("Left on {day}: what may have changed is asked anew, the rest is to be confirmed."));
}

/// Leaves the open consultation as it is, and goes to the first screen: whether there was one to keep.
pub fn park(app: &mut App) -> (bool, Vec<Effect>) {
    let mut effects = ask::leave(app);
    effects.extend(change::save_place(app));
    app.popups.clear();
    super::begun::put_aside(app);
    if let Screen::Consult(mut consult) = std::mem::replace(&mut app.screen, Screen::Home) {
        consult.line = None;
        if consult.saved != Saved::Nothing {
            let id = consult.id;
            app.home.parked.push(*consult);
            show_parked(app);
            cursor::put(app, Here::Draft(id));
            return (true, effects);
        }
    }
    (false, effects)
}

/// Goes on with a draft that was kept.
fn take_up(app: &mut App, kept: &record::Draft, kept_as: Kept) -> Vec<Effect> {
    let Some(loaded) = app.loaded() else { return Vec::new() };
    let (draft, lost) = paper::taken(&loaded.pack, kept, app.today);
    let late = draft.sheet.carried.as_ref().filter(|carried| carried.version == 0 && carried.confirmed.is_empty());
    let late = late.map(|carried| carried.earlier.day());
    let effects = start(app, draft, kept_as);
    if let Some(day) = late {
        left_on(app, day);
    }
    if !lost.is_empty() {
        let count = text::count(lost.len(), "answer", "answers");
        let sign = app.settings.keys.say("step.sign");
        app.refuse(&format!("{count} of the draft not understood by this pack: kept in the note ({sign})."));
    }
    effects
}

/// A record was read.
pub fn opened(app: &mut App, result: Result<Box<Reading>, String>) -> Vec<Effect> {
    match result {
        Ok(reading) if matches!(app.screen, Screen::Home | Screen::Record(_) | Screen::Patient(_)) => {
            let Reading { stored, before, newest } = *reading;
            let document = stored.document();
            if let Err(why) = &document {
                app.refuse(&why.to_string());
            }
            let document = document.map_err(|_| stored.text.clone());
            let before = before.and_then(|before| before.document().ok());
            let changes = match (&before, &document) {
                (Some(before), Ok(document)) => record::differences(before, document),
                _ => Vec::new(),
            };
            let (id, version) = (stored.card.id, stored.card.version);
            let back = match std::mem::replace(&mut app.screen, Screen::Home) {
                Screen::Patient(view) => Some(view),
                Screen::Record(view) => view.back,
                _ => None,
            };
            let view = RecordView { id, version, newest, document, changes, back, chosen: 0, top: 0 };
            app.screen = Screen::Record(Box::new(view));
            return super::begun::record_read(app);
        }
        Ok(_) => {}
        Err(why) => {
            app.home.resuming = None;
            app.refuse(&why);
        }
    }
    Vec::new()
}

/// All records were read.
pub fn verified(app: &mut App, result: Result<Verification, String>) -> Vec<Effect> {
    match result {
        Ok(found) if found.sound() => {
            let versions = text::count(found.versions, "version", "versions");
            let entries = text::count(found.entries, "audit entry", "audit entries");
            app.tell(format!("Nothing is wrong: {versions}, {entries}. Head {}.", found.head));
        }
        Ok(found) => {
            let more = match found.problems.len() {
                1 => String::new(),
                n => format!(" (and {} more)", n - 1),
            };
            let first = found.problems.first().map_or("", String::as_str);
            app.refuse(&format!("Wrong: {first}{more}. `pistor records verify` says more."));
        }
        Err(why) => app.refuse(&why),
    }
    Vec::new()
}

/// Somebody looks at this window again: another room may have saved something meanwhile.
pub fn looked(app: &mut App) -> Vec<Effect> {
    if let Some(effect) = super::erased::ask(app) {
        return vec![effect];
    }
    let busy = app.home.filtering || app.home.trouble.is_some();
    if !matches!(app.screen, Screen::Home) || !app.home.listed || busy {
        return Vec::new();
    }
    vec![Effect::ListDrafts, Effect::ListRecords(app.records_wanted())]
}

/// Searches the records.
pub fn filter(app: &mut App) -> Vec<Effect> {
    app.home.filtering = true;
    // What was looked for before is not gone on with.
    app.home.filter.reset();
    app.home.chosen = 1;
    // Another program may have saved something since.
    vec![Effect::ListRecords(app.records_wanted())]
}

/// Esc on the first screen: all records are shown again, with the cursor on the one that was found; a second time, also those
/// that the list was narrowed by.
pub fn stop_filtering(app: &mut App) -> Vec<Effect> {
    let all = crate::tui::history::Sieve::default();
    if app.home.filtering || !app.home.filter.value().is_empty() {
        // The drafts come back above the records.
        cursor::staying(app, |app| {
            app.home.filtering = false;
            app.home.filter.reset();
        });
    } else if app.home.sieve != all {
        app.home.sieve = all;
    } else {
        return Vec::new();
    }
    vec![Effect::ListRecords(app.records_wanted())]
}

/// Asks before a draft is removed.
pub fn ask_delete(app: &mut App) -> Vec<Effect> {
    let page = view::page(app);
    if let Some(Item::Draft(at)) = page.items.get(app.home.chosen)
        && let Some(draft) = app.home.drafts.get(*at)
    {
        let (id, patient) = (draft.draft.id, draft.patient.clone());
        app.popups.push(Popup::Confirm(Confirm::DeleteDraft { id, patient }));
    } else {
        app.refuse("Only a draft can be removed: move to one first.");
    }
    Vec::new()
}

/// Back to the first screen; an open consultation stays as it is.
pub fn go(app: &mut App) -> Vec<Effect> {
    let (kept, mut effects) = park(app);
    match app.not_kept() {
        Some(_) if kept => app.refuse("Only in memory, not on disk: do not quit. Enter on the draft goes on."),
        None if kept => app.tell("The draft is kept: Enter on it goes on."),
        _ => {}
    }
    effects.push(Effect::ListDrafts);
    effects.push(Effect::ListRecords(app.records_wanted()));
    effects
}

/// Ends the program; asks first if something could not be written.
pub fn quit(app: &mut App) -> Vec<Effect> {
    let mut effects = ask::leave(app);
    effects.extend(change::save_place(app));
    let failed = app.not_kept().map(str::to_owned);
    match failed {
        Some(why) if !matches!(app.popups.last(), Some(Popup::Confirm(Confirm::QuitUnsaved(_)))) => {
            app.popups.push(Popup::Confirm(Confirm::QuitUnsaved(why)));
        }
        _ => effects.push(Effect::Quit),
    }
    effects
}
