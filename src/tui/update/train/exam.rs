//! Exams: who sits which station of which paper, leaving and coming back. The clock of an exam is that of the day.

use jiff::Timestamp;

use super::{chore, keep, show, sitting, take_up, training};
use crate::training::{BegunExam, Header, Mode, Patient, Sat, Station};
use crate::tui::app::App;
use crate::tui::effect::Effect;
use crate::tui::training::{Chore, On, Sitting};

/// To the name, the paper and its stations.
pub fn open(app: &mut App) -> Vec<Effect> {
    let name = app.settings.practitioner.trim().to_owned();
    let Some(view) = training(app) else { return Vec::new() };
    view.hall.mode = Mode::Exam;
    let desk = &mut view.hall.exam;
    if desk.trainee().is_none() {
        desk.name = name.into();
    }
    (desk.chosen, desk.top, desk.warned) = (0, 0, None);
    show(app, On::Exam);
    next_station(app);
    Vec::new()
}

/// Where name and paper are known, the cursor goes to the first station that this trainee has not begun.
fn next_station(app: &mut App) {
    let Some(loaded) = app.loaded() else { return };
    let (Some(view), Some(school)) = (training(app), &loaded.school) else { return };
    let hall = &mut view.hall;
    if hall.exam.trainee().is_none() || hall.shelf.as_ref().is_none_or(|shelf| shelf.exams.is_empty()) {
        return;
    }
    let stations = hall.exam.stations(school);
    let fresh = |station: &Station| hall.exam.begun(hall.shelf.as_ref(), station).is_empty();
    if let Some(at) = stations.iter().position(fresh) {
        hall.exam.go_to(at);
    }
}

/// Enter: on to the next line; on a station: its patient.
pub fn sit(app: &mut App) -> Vec<Effect> {
    let Some(loaded) = app.loaded() else { return Vec::new() };
    let (_, now) = (app.birth)();
    let today = app.today;
    let (Some(view), Some(school)) = (training(app), &loaded.school) else { return Vec::new() };
    let hall = &mut view.hall;
    let (trainee, number, stations) = (hall.exam.trainee(), hall.exam.number(), hall.exam.stations(school));
    let chosen = hall.exam.chosen;
    let Some(trainee) = trainee else {
        hall.exam.chosen = 0;
        app.refuse("Type your name first: it stands on the sealed file.");
        return Vec::new();
    };
    if chosen == 0 {
        hall.exam.chosen = 1;
        return Vec::new();
    }
    let (Some(number), false) = (number, stations.is_empty()) else {
        hall.exam.chosen = 1;
        app.refuse("Type the number of the paper: the instructor says it.");
        return Vec::new();
    };
    let Some(at) = hall.exam.station() else {
        hall.exam.go_to(0);
        return Vec::new();
    };
    let Some(station) = stations.get(at) else { return Vec::new() };
    let before = hall.exam.begun(hall.shelf.as_ref(), station).len();
    let Some(case) = school.cases.get(&station.case) else { return Vec::new() };
    let header = Header {
        trainee,
        case: case.id.clone(),
        version: case.version,
        seed: station.seed,
        mode: Mode::Exam,
        day: today,
        pack: loaded.pack.hash.clone(),
        sat: Some(Sat {
            started: now,
            paper: Some(number),
            station: Some(station.number),
            before: u32::try_from(before).unwrap_or(u32::MAX),
        }),
    };
    let begun = crate::training::Begun::new(Patient::of(&loaded.pack, case, station.seed), header);
    let attempt = Sitting::new(begun, now);
    let name = attempt.draft(now).name();
    let left = hall.shelf.as_ref().and_then(|shelf| shelf.drafts.iter().find(|draft| draft.name() == name));
    if let Some(draft) = left.cloned() {
        return take_up(app, &loaded, case, &draft);
    }
    if before > 0 && hall.exam.warned != Some(at) {
        hall.exam.warned = Some(at);
        app.refuse("You have begun this station before: that will stand in the file. Enter once more begins it again.");
        return Vec::new();
    }
    hall.exam.warned = None;
    show(app, On::Sitting(Box::new(attempt)));
    Vec::new()
}

/// The patient comes in: from now on the clock runs, and it is noted that the exam was begun.
pub fn starts(app: &mut App) -> Vec<Effect> {
    let (_, now) = (app.birth)();
    let Some(attempt) = sitting(app) else { return Vec::new() };
    attempt.starts(now);
    let Some(exam) = BegunExam::of(attempt.begun.header()) else { return Vec::new() };
    if let Some(shelf) = training(app).and_then(|view| view.hall.shelf.as_mut()) {
        shelf.exams.push(exam.clone());
    }
    chore(Chore::BeginExam(Box::new(exam)))
}

/// The first Esc in an exam only says what a second one does.
pub fn wants_to_stay(app: &mut App) -> bool {
    let Some(attempt) = sitting(app) else { return false };
    let asks = attempt.begun.header().sat.is_some() && !attempt.brief && !attempt.leaving;
    if asks {
        attempt.leaving = true;
        app.refuse("Esc once more leaves the exam. Its clock runs on, and that it was left will stand in the file.");
    }
    asks
}

/// The program was put aside at that time, and goes on now.
pub fn slept(app: &mut App, since: Timestamp) -> Vec<Effect> {
    let Some(attempt) = sitting(app) else { return Vec::new() };
    attempt.leaves(since);
    comes_back(app)
}

/// Notes in an exam that somebody came back.
pub(super) fn comes_back(app: &mut App) -> Vec<Effect> {
    let (_, now) = (app.birth)();
    let Some(attempt) = sitting(app) else { return Vec::new() };
    if !attempt.comes_back(now) {
        return Vec::new();
    }
    app.refuse("The exam goes on. Its clock ran on, and that it was left stands in the file.");
    keep(app)
}
