//! Writing down sessions and reactions on the screen.

use super::harness::Harness;
use crate::follow_up::What;
use crate::pack::Response;
use crate::record::{Action, Store};
use crate::tui::app::Screen;
use crate::tui::effect::Effect;
use crate::tui::message::Message;

/// One saved record of the built-in pack, open on the screen.
pub fn record(width: u16, height: u16) -> Harness {
    let mut h = Harness::new(width, height);
    h.press("n \"Test Patient\" Enter 4 4 Enter f 6 2 Enter 1 6 8 Enter 1 3 2 n n n n n n r y a n");
    h.press("1 7 Enter n p c n Right Right").sees("sign and save");
    h.press("A A A A A A Space s C-s").sees("Saved as record");
    h.press("Down Enter").sees("PROCEED");
    h
}

fn entries(h: &mut Harness) -> Vec<What> {
    let id = h.app.home.records[0].id;
    let document = h.store.load(id, None).unwrap().unwrap().document().unwrap();
    document.follow_up.into_iter().map(|entry| entry.what).collect()
}

#[test]
fn a_session_is_filled_in_from_the_plan_and_takes_few_keys() {
    let mut h = record(80, 30);
    h.press("f").sees("Test Patient").sees("A session that was given");
    h.press("1").sees("Hyaluronic acid").sees("2026-11-22");
    let before = h.keys;
    h.press("\"L-2041\" C-s").sees("The session is recorded");
    assert_eq!(h.keys - before, 1, "the lot, and one key");
    h.sees("Follow-up").sees("lot L-2041");
    let what = entries(&mut h);
    let [What::Session(session)] = what.as_slice() else { panic!("{what:?}") };
    assert_eq!((session.planned, session.practitioner.as_str()), (Some(1), "Ada Example"));
    assert_eq!(session.given[0].ingredient.as_deref(), Some("hyaluronic-acid"));
    assert!(session.given[0].ml.is_some_and(|ml| ml > 0.0), "{session:?}");
    // The next one is the second of the plan.
    h.press("f 1 Up Up Up Up").sees("Session of the plan").press("Esc");
    let trail = h.store.audit().unwrap();
    let last = trail.iter().rev().find(|entry| entry.event.action == Action::FollowedUp).unwrap();
    assert_eq!((last.event.version, last.event.detail.as_str()), (Some(2), "session"));
}

#[test]
fn a_reaction_is_answered_while_it_is_typed_and_after_it_was_saved() {
    let mut h = record(80, 50);
    h.press("f 2").sees("a sign or a lay word");
    h.press("\"blind\"").sees("loss of sight").press("Enter").sees("EMERGENCY").sees("stop the course");
    // What has to be said and was not is asked for, at its place.
    h.press("C-s").sees("The grade is missing");
    h.press("3").sees("Serious").press("2 Down C-s").sees("What to do now").sees("EMERGENCY").sees("stroke pathway");
    h.press("Esc").sees("Follow-up");
    let what = entries(&mut h);
    let [What::Reaction(seen)] = what.as_slice() else { panic!("{what:?}") };
    assert_eq!((seen.grade, seen.serious.len(), seen.answer.response), (3, 1, Response::Emergency));
    assert!(seen.answer.flags.iter().any(|raised| raised.flag == "flag-vision"));
}

#[test]
fn what_was_expected_reassures_only_when_all_of_it_is_known() {
    let mut h = record(120, 40);
    h.press("f 1 \"L-1\" C-s");
    h.press("f 2 \"bruise\" Enter").sees("Not ruled out: Longer than expected").sees("find out first");
    // Day, still there, at the points, cheeks; grade 1, not serious.
    h.press("Down Down Down \"2026-11-22\" Down Down 1").sees("EXPECTED: REASSURE");
    h.press("Down 1 n C-s").sees("a bruise fades within two weeks").does_not_see("Where to report");
}

/// Nobody is told as a fact what nobody has said: the heading names what to fill in, and stays as strict.
#[test]
fn what_rests_on_an_open_answer_says_so_and_which_one() {
    let mut h = record(160, 80);
    h.press("f 2 \"lump at\" Enter").sees("REFER WITHIN DAYS");
    h.sees("not ruled out: fill in when it began, the lot").sees("Not ruled out: Somebody else reacted to this lot.");
    h.sees("Possible cluster").does_not_see("lot: Possible cluster");
    // Once it is known, the same is told as it is.
    h.press("Down Down Down \"2026-10-20\"").sees("→ A lump for two weeks: A lump that has lasted");
    h.does_not_see("fill in when").sees("Not ruled out: Somebody else");
    // An emergency waits for no answer.
    let mut h = record(160, 80);
    h.press("f 2 \"blanching\" Enter").sees("EMERGENCY").sees("Not ruled out: Blood supply of the skin");
    h.sees("Blood supply of the skin. Stop. White or").does_not_see("fill in");
}

/// One answer is missing for a rule that reassures: it is named, and nothing is called calm before.
#[test]
fn where_one_answer_more_would_reassure_it_is_asked_for() {
    let mut h = record(120, 40);
    h.press("f 1 \"L-1\" C-s");
    h.press("f 2 \"bruise\" Enter Down Down Down \"2026-11-22\"").sees("SEE AND JUDGE").sees("fill in where it is");
    h.sees("Not known: where it is, seen from the").does_not_see("No rule speaks");
    h.press("Down Down 2").sees("EXPECTED: REASSURE").does_not_see("fill in");
    h.press("Up 3").sees("No rule speaks to this").does_not_see("Not known");
}

#[test]
fn the_second_patient_with_a_lot_raises_the_alarm() {
    let mut h = record(100, 40);
    let id = h.app.home.records[0].id;
    h.press("f 1 \"L-2041\" C-s f 2 \"lump\" Enter Enter").sees("A lump at a point");
    h.press("Esc Esc");
    // Another patient, with the same lot written otherwise, who has had a lump.
    let mut other = h.store.load(id, None).unwrap().unwrap().document().unwrap();
    other.id = "019a0000-0000-7000-8000-000000000099".parse().unwrap();
    other.version = 1;
    other.patient.name = "Other Example".into();
    other.amendment = None;
    let What::Reaction(mut seen) = reaction(&mut h) else { panic!("a reaction") };
    seen.lots = vec!["l2041".into()];
    other.follow_up.push(crate::follow_up::Entry {
        number: 2,
        recorded_at: other.saved_at,
        by: "Ada Example".into(),
        what: What::Reaction(seen),
    });
    h.store.save(&other, "Ada Example").unwrap();
    h.list();
    let at = h.app.home.records.iter().position(|record| record.id == id).unwrap();
    let drafts = h.app.home.drafts.len();
    h.press(&format!("{}Enter f Enter", "Down ".repeat(drafts + at + 1))).sees("What was begun goes on");
    h.press("Esc f 2 \"lump at\" Enter").sees("Somebody else reacted to this lot").sees("put the lot aside");
}

/// A lump, as it would be saved.
fn reaction(h: &mut Harness) -> What {
    let loaded = h.app.loaded().unwrap();
    let text = "[reaction]\nwhat = [\"nodule\"]\ngrade = 1\nserious = []\nlots = [\"l2041\"]\n";
    let setting = crate::follow_up::Setting {
        pack: &loaded.pack,
        entries: &[],
        today: h.app.today,
        by: "Ada Example",
        patient: "",
    };
    let file = crate::source::SourceFile::new("reaction.toml", text);
    let mut what = crate::follow_up::read(setting, &file).unwrap();
    if let What::Reaction(seen) = &mut what {
        seen.weigh(&loaded.pack, Some(0), h.app.today);
    }
    what
}

#[test]
fn an_amendment_begun_before_a_reaction_keeps_it() {
    let mut h = record(100, 40);
    let id = h.app.home.records[0].id;
    h.press("a").sees("amends version 1");
    let reaction = reaction(&mut h);
    let now = super::harness::NOW.parse().unwrap();
    crate::record::follow_up(&mut h.store, id, &reaction, None, "Bo Example", now).unwrap();
    h.press("F2 2 F8 Space \"The phototype was wrong\" Esc s C-s").sees("Saved as record");
    let document = h.store.load(id, None).unwrap().unwrap().document().unwrap();
    assert_eq!((document.version, document.follow_up.len()), (3, 1));
    assert!(document.amendment.is_some());
    assert!(h.store.verify().unwrap().sound());
}

#[test]
fn a_reaction_does_not_remove_an_amendment_that_was_begun() {
    let mut h = record(100, 40);
    h.press("a F2 2 Esc").sees("Drafts");
    let id = h.app.home.records[0].id;
    let reaction = reaction(&mut h);
    let now = super::harness::NOW.parse().unwrap();
    crate::record::follow_up(&mut h.store, id, &reaction, None, "Bo Example", now).unwrap();
    assert_eq!(h.store.drafts().unwrap().drafts.len(), 1);
}

/// Without a practitioner in the configuration nobody would have written it.
#[test]
fn whoever_writes_it_down_is_asked_for_where_the_configuration_does_not_say() {
    let mut h = record(80, 40);
    h.app.settings.practitioner = String::new();
    for (keys, said) in [("f 1 \"L-1\"", "The session is recorded"), ("f 2 \"bruise\" Enter C-s 1 n", "What to do now")]
    {
        h.press(keys).press("C-s").sees("Who writes this down?").sees("stands in the record");
        h.press("\"Bo Example\" C-s").sees(said);
    }
    h.press("Esc");
    let id = h.app.home.records[0].id;
    let document = h.store.load(id, None).unwrap().unwrap().document().unwrap();
    let by: Vec<&str> = document.follow_up.iter().map(|entry| entry.by.as_str()).collect();
    assert_eq!(by, ["Bo Example", "Bo Example"]);
    let trail = h.store.audit().unwrap();
    assert_eq!(trail.last().map(|entry| entry.event.action), Some(Action::FollowedUp));
    assert!(
        trail.iter().filter(|entry| entry.event.action == Action::FollowedUp).all(|e| e.event.actor == "Bo Example")
    );
}

/// The program begins anew on the same store.
fn again(mut h: Harness) -> Harness {
    let mut next = Harness::new(h.app.size.0, h.app.size.1);
    std::mem::swap(&mut next.store, &mut h.store);
    next.list();
    next
}

#[test]
fn what_is_typed_in_a_form_is_a_draft_at_once_and_goes_on_after_a_crash() {
    let mut h = record(80, 24);
    // What is filled in is no draft; what is typed is.
    h.press("f 1").sees("follow-up");
    assert_eq!(h.store.drafts().unwrap().drafts.len(), 0);
    h.press("\"L-20\"").sees("draft saved 14:03");
    let mut h = again(h);
    h.sees("Drafts").sees("Test Patient").sees("a session");
    h.press("Down Enter")
        .sees("What was begun goes on")
        .sees("L-20")
        .press("\"41\" C-s")
        .sees("The session is recorded");
    let what = entries(&mut h);
    let [What::Session(session)] = what.as_slice() else { panic!("{what:?}") };
    assert_eq!(session.given[0].lot.as_deref(), Some("L-2041"));
    assert_eq!(h.store.drafts().unwrap().drafts.len(), 0, "the draft is gone with the entry");
    h.press("Esc").does_not_see("Drafts");
}

/// Everything a form can hold, and the same after the program began anew.
#[test]
fn a_form_comes_back_as_it_was_left() {
    let mut h = record(100, 60);
    h.press("f 1 \"L-1\" C-s");
    h.press("f 2 \"fever\" Enter \"lum\" Down").sees("A lump at a point");
    let to = |h: &mut Harness, key: &str| {
        let Screen::FollowUp(view) = &mut h.app.screen else { panic!("the form") };
        view.chosen = view.fields.iter().position(|field| field.key == key).unwrap();
    };
    for (key, keys) in [
        ("text", "\"since the evening\""),
        ("onset", "\"3h\""),
        ("area", "-"),
        ("grade", "2"),
        ("serious", "n"),
        ("action", "1 2"),
        ("lots", "End \", L-7\""),
        ("naranjo.previous-reports", "y"),
    ] {
        let known = matches!(&h.app.screen, Screen::FollowUp(view) if view.fields.iter().any(|field| field.key == key));
        if known {
            to(&mut h, key);
            h.press(keys);
        }
    }
    to(&mut h, "note");
    h.press("\"seen by\"");
    let state = |h: &Harness| match &h.app.screen {
        Screen::FollowUp(view) => (crate::tui::begun::entered(&view.fields), view.chosen, view.text(None)),
        _ => panic!("the form"),
    };
    let before = state(&h);
    let mut h = again(h);
    h.press("Down Enter");
    assert_eq!(state(&h), before);
}

#[test]
fn what_a_form_has_no_room_for_any_more_comes_back_in_its_note() {
    let mut h = record(100, 60);
    h.press("f 2 \"fever\" Enter").sees("After the session of");
    let id = h.app.home.records[0].id;
    let mut draft = h.store.drafts().unwrap().drafts.remove(0);
    let of = draft.following.as_mut().unwrap();
    let one = |field: &str, text: &str, taken: Option<&str>| crate::record::Entered {
        field: field.into(),
        text: text.into(),
        taken: taken.map(|id| vec![id.into()]),
    };
    for entered in [one("what", "", Some("gone-sign")), one("site", "", Some("gone-place")), one("gone", "x y", None)] {
        of.entered.retain(|other| other.field != entered.field);
        of.entered.push(entered);
    }
    h.store.put_draft(&draft).unwrap();
    assert_eq!(of_record(&h), Some(id));
    let mut h = again(h);
    h.press("Down Enter");
    let note = note(&h);
    for words in ["gone-sign", "gone-place", "gone: x y"] {
        assert!(note.contains(words), "{note}");
    }
}

fn of_record(h: &Harness) -> Option<crate::record::RecordId> {
    if let Screen::FollowUp(view) = &h.app.screen { Some(view.record.id) } else { None }
}

fn note(h: &Harness) -> String {
    let Screen::FollowUp(view) = &h.app.screen else { panic!("the form") };
    let field = view.fields.iter().find(|field| field.key == "note").unwrap();
    let crate::tui::follow_up::Value::Line(line) = &field.value else { panic!("a line") };
    line.value().to_owned()
}

#[test]
fn locking_keeps_the_form_and_unlocking_goes_on_in_it() {
    let mut h = record(80, 24);
    let sealed = h.sealed();
    h.tell(Message::Opened(sealed));
    h.press("f 2 \"fever\" Enter");
    let Screen::FollowUp(view) = &h.app.screen else { panic!("the form") };
    let draft = view.draft;
    h.tell(Message::Idle);
    assert_eq!(h.effects.last(), Some(&Effect::Lock(Some(draft))));
    let mut h = again(h);
    h.app.settings.resume = Some(draft);
    h.list();
    h.sees("What was begun goes on").sees("Fever, shivering");
}

#[test]
fn another_program_that_locks_the_store_does_not_take_the_form_away() {
    let mut h = record(80, 24);
    h.press("f 2 \"fever\" Enter");
    h.tell(Message::Locked);
    h.sees("locked").does_not_see("Fever");
    h.press("\"blue kettle seven\" Enter").sees("a reaction").press("Down Enter").sees("Fever, shivering");
}

#[test]
fn a_form_that_cannot_be_kept_is_said_and_holds_lock_and_end_back() {
    let mut h = record(80, 24);
    let sealed = h.sealed();
    h.tell(Message::Opened(sealed));
    h.press("f 2");
    h.store.fail_writes(Some(crate::record::StoreError::Full));
    h.press("\"fever\" Enter")
        .sees("DRAFT NOT SAVED")
        .sees("Draft not saved: nothing is lost, but the disk is full: free some room");
    h.tell(Message::Idle);
    h.sees("Not locked");
    h.press("C-c").sees("End without saving?").press("Esc").press("Esc Esc").sees("not saved").press("q");
    h.sees("End without saving?");
    assert!(!h.effects.iter().any(|effect| matches!(effect, Effect::Lock(_) | Effect::Quit)));
    h.store.fail_writes(None);
    h.press("Esc Up Enter").sees("Fever, shivering").press("\"x\"").sees("draft saved");
    h.press("C-c");
    assert_eq!(h.effects.last(), Some(&Effect::Quit), "nothing is lost: nothing is asked");
}

#[test]
fn a_form_that_was_begun_does_not_stand_in_the_way_of_another() {
    let mut h = record(80, 24);
    h.press("f 2 \"fever\" Enter Esc").sees("Kept as a draft");
    h.press("f").sees("3 Go on with a reaction: ");
    h.press("1 \"L-9\" C-s").sees("The session is recorded");
    h.press("f Enter").sees("What was begun goes on").sees("Fever, shivering").sees("After the session of");
    h.press("Esc Esc Up d").sees("Remove the draft of Test Patient").press("Y").does_not_see("Drafts");
    assert_eq!(h.store.drafts().unwrap().drafts.len(), 0);
    assert_eq!(entries(&mut h).len(), 1);
}

#[test]
fn esc_keeps_what_was_entered_and_a_failed_save_loses_nothing() {
    let mut h = record(80, 50);
    h.press("f 2 \"fever\" Enter Esc").sees("f goes on").press("f Enter").sees("Fever, shivering").sees("REFER");
    h.press("C-s").sees("The grade is missing");
    h.press("2 n");
    h.store.fail_writes(Some(crate::record::StoreError::Full));
    h.press("C-s").sees("Not saved").sees("Fever, shivering");
    h.store.fail_writes(None);
    h.press("C-s").sees("What to do now");
    assert_eq!(entries(&mut h).len(), 1);
}

#[test]
fn an_open_reaction_is_brought_up_to_date() {
    let mut h = record(100, 40);
    h.press("f 2 \"blanching\" Enter C-s 1 n C-s Esc");
    h.press("f").sees("How reaction 1 stands now").press("3").sees("Pale or white");
    let field = |h: &Harness, key: &str| match &h.app.screen {
        Screen::FollowUp(view) => view.fields.iter().position(|field| field.key == key).unwrap(),
        _ => panic!("the form"),
    };
    let to = field(&h, "outcome");
    h.press(&"Down ".repeat(to)).press("1 C-s").sees("What to do now").press("Esc");
    let what = entries(&mut h);
    let [_, What::Reaction(seen)] = what.as_slice() else { panic!("{what:?}") };
    assert_eq!((seen.updates, seen.outcome.as_deref()), (Some(1), Some("recovered")));
    h.press("f").does_not_see("stands now");
}

#[test]
fn it_draws_at_every_size() {
    for keys in ["f", "f 1", "f 2", "f 2 \"lump\" Enter", "f 2 \"blind\" Enter C-s 4 n C-s"] {
        let mut h = record(80, 24);
        h.press(keys);
        for width in [1, 10, 59, 60, 80, 99, 100, 140, 250] {
            for height in [1, 3, 19, 20, 24, 60] {
                h.tell(Message::Resize(width, height));
                h.buffer();
            }
        }
    }
}

fn picture(name: &str, h: &Harness) {
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(name, super::harness::picture(&h.buffer()));
    });
}

#[test]
fn pictures() {
    let mut h = record(80, 24);
    h.press("f 2 \"lump\"");
    picture("follow-up-sign-80x24", &h);
    h.press("Enter C-s");
    picture("follow-up-grade-80x24", &h);
    h.press("2 n C-s");
    picture("follow-up-told-80x24", &h);
    let mut h = record(120, 40);
    h.press("f 2 \"lump\" Enter");
    picture("follow-up-reaction-120x40", &h);
}

#[test]
fn what_the_patient_takes_home_is_written_from_the_record() {
    let mut h = record(80, 24);
    h.press("w").sees("Written: ~/for-the-patient-");
    let Some(Effect::WriteLeaflet { text, version, actor, .. }) =
        h.effects.iter().rev().find(|effect| matches!(effect, Effect::WriteLeaflet { .. }))
    else {
        panic!("nothing is written: {:?}", h.effects.last());
    };
    assert!(text.contains("For Test Patient") && text.contains("Call us at once for"), "{text}");
    assert_eq!((*version, actor.as_str()), (1, "Ada Example"));
    h.app.settings.outbox = None;
    h.press("w").sees("no home folder to write to");
}

#[test]
fn records_are_found_by_brands_and_one_esc_lists_all_again() {
    let mut h = record(100, 30);
    h.press("Esc n \"Other Person\" Enter Esc Esc");
    // The plan holds hyaluronic acid; the pack knows other names of it.
    h.press("/ \"hyaluronan\"").sees("Test Patient").sees("\"hyaluron…").does_not_see("Drafts");
    h.press("Esc").does_not_see("\"hyaluron…").sees("Drafts").press("Enter").sees("PROCEED");
}

/// An erasure leaves no name behind, wherever the record was open when it came.
#[test]
fn a_record_that_is_erased_meanwhile_leaves_the_screen_and_no_draft() {
    for (before, after) in [
        ("", "f"),
        ("", "a F2 2"),
        ("f 2", "\"f\""),
        ("f 2 \"fever\" Enter", "\"c\""),
        ("f 2 \"fever\" Enter Esc", "f"),
        ("f 1 \"L-1\"", "C-s"),
    ] {
        let mut h = record(80, 24);
        let id = h.app.home.records[0].id;
        h.press(before);
        h.store.erase(id);
        h.press(after).sees("erased meanwhile").sees("New consultation").does_not_see("Test Patient");
        assert_eq!(h.store.drafts().unwrap().drafts, [], "{before} {after}");
        assert!(h.app.home.noted.is_empty() && h.app.home.parked.is_empty() && h.app.home.resuming.is_none());
        // Whoever ends the program is asked nothing about what is gone.
        h.press("q");
        assert_eq!(h.effects.last(), Some(&Effect::Quit), "{before} {after}");
    }
    // Nobody has to press a key: coming back to the window is enough.
    let mut h = record(80, 24);
    h.store.erase(h.app.home.records[0].id);
    h.tell(Message::Looked);
    h.sees("erased meanwhile").does_not_see("Test Patient");
}

#[test]
fn from_the_history_of_a_record_esc_goes_back_to_it() {
    let mut h = record(80, 24);
    h.press("h").sees("Test Patient").does_not_see("Answers").press("Enter").sees("PROCEED");
    h.press("Esc").does_not_see("Answers").press("Esc").sees("Answers").press("Esc").sees("New consultation");
}

/// A record whose verdict was DECLINE, open on the screen.
fn declined(width: u16, height: u16) -> Harness {
    let mut h = record(width, height);
    let id = h.app.home.records[0].id;
    let mut document = h.store.load(id, None).unwrap().unwrap().document().unwrap();
    document.version += 1;
    document.assessment.verdict = crate::plan::Outcome::Decline;
    document.assessment.plan = None;
    h.store.save(&document, "Ada Example").unwrap();
    h.press("Esc");
    h.list();
    h.press("Down Enter").sees("DECLINE");
    h
}

#[test]
fn without_a_plan_a_session_says_so_and_still_takes_what_was_given() {
    let mut h = declined(80, 40);
    h.press("f 1").sees("its verdict was DECLINE: nothing was to be").sees("What was given").sees("Product");
    // No file syntax on the screen, and where the slip is.
    h.press("C-s").sees("nothing was done").does_not_see("[[").does_not_see("session.given");
    h.press("Down Down \"L-7\" C-s").sees("Which product was it?");
    h.press("\"Example HA\"").sees("What else was given").press("C-s").sees("In which area was it given?");
    h.press("1");
    // What is begun comes back whole, the second product too.
    let at = |h: &Harness, key: &str| match &h.app.screen {
        Screen::FollowUp(view) => view.fields.iter().position(|field| field.key == key).unwrap(),
        _ => panic!("the form"),
    };
    let to = at(&h, "given.1.product");
    if let Screen::FollowUp(view) = &mut h.app.screen {
        view.chosen = to;
    }
    h.press("\"Example B\" Down 1 \"L-8\"");
    let mut h = again(h);
    h.press("Down Enter").sees("Example B").sees("L-8").does_not_see("Not understood");
    h.press("C-s").sees("Read what is said").sees("Write in the note why it was given all the same").press("C-s");
    h.sees("The session is recorded").sees("lot L-7");
    let what = entries(&mut h);
    let [What::Session(session)] = what.as_slice() else { panic!("{what:?}") };
    let given: Vec<_> = session.given.iter().map(|one| (one.product.as_str(), one.lot.as_deref())).collect();
    assert_eq!(given, [("Example HA", Some("L-7")), ("Example B", Some("L-8"))]);
}
