//! A whole consultation by mouse, in a real pseudo-terminal: only names and numbers are typed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "common/terminal.rs"]
mod terminal;

use terminal::Terminal;

/// Types text or a number, and goes on by a click.
fn say(terminal: &mut Terminal, question: &str, words: &str) {
    terminal.expect(question).send(words).expect(words).click("Enter go on");
}

#[test]
fn a_consultation_needs_no_key_but_for_text() {
    let home = tempfile::tempdir().expect("a home");
    let mut terminal = Terminal::start(home.path(), 80, 24, &[]);
    terminal.click("New consultation");
    say(&mut terminal, "As on the identity document", "Test Patient");
    say(&mut terminal, "or the age alone", "44");
    terminal.click("○ f Female");
    say(&mut terminal, "Anaesthetic ceilings", "62");
    say(&mut terminal, "body mass index", "168");
    terminal.expect("Whose law applies").click("European Union");
    terminal.click("Sometimes burns").click("Lines in motion only");
    terminal.expect("A period more than a week late").click("○ n No");
    terminal.expect("Illnesses now or before").click("n none");
    // A medicine is found by typing, taken by a click, and taken off the list again.
    terminal.expect("Prescribed, bought").click("a add").expect("Type a name").send("parac").click("Paracetamol");
    terminal.expect("added: Paracetamol").click("Esc done").click("• Paracetamol").click("x remove");
    terminal.expect("Removed").click("n none");
    terminal.expect("Peels, lasers").click("n none");
    terminal.expect("Worried about looks").click("○ n Negative");
    terminal.expect("dozens of punctures").click("○ n None");
    terminal.click("○ r Realistic").click("○ y Yes").click("○ a Able");
    terminal.expect("Allergies and intolerances").click("n none");
    terminal.click("1 Hydration and glow").expect("Where?").click("Cheeks").expect("[x] Cheeks").click("Enter take  +");
    terminal.expect("Requested ingredients").click("n none");
    terminal.click("○ p Physician").click("○ c Clinic or practice");
    terminal.expect("Unlabelled, expired").click("n none");
    // The verdict explains itself, and its window closes by a click on its key or beside it.
    terminal.expect("P R O C E E D").click("P R O C E E D").expect("Assessed on").click("Esc close");
    terminal.expect("Enter why").click("P R O C E E D").expect("Assessed on").click("pistor");
    // Back to an answer and forth again by the names of the steps.
    terminal.expect("Enter why").click("✓Skin").expect("Fitzpatrick phototype").click("✓Assessment");
    terminal
        .expect("P R O C E E D")
        .click("next step")
        .expect("Hyaluronic acid alone")
        .expect("m own mix")
        .click("next step");
    terminal.expect("consultation with plan");
    terminal.click("[ ]").expect("1 of");
    for _ in 0..5 {
        terminal.click("A tick all");
    }
    terminal.expect("not set").click("○ 1 offered, not wanted").expect("accept");
    terminal.send("Dr Ada Example").expect("Dr Ada Example").click("Enter accept");
    terminal.send("L-1").expect("L-1").click("Enter accept").expect("behind the note");
    terminal.click("Enter accept").expect("Sign and save?").click("Ctrl-S sign and save");
    terminal.expect("Saved as record").expect("✓ proceed").click("q quit");
    assert_eq!(terminal.end(), 0);
    terminal.assert_restored();
}
