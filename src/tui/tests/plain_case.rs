//! The plain case: a healthy patient, one goal, one area.

use super::harness::Harness;

#[test]
fn fits_the_budget_of_keys() {
    let mut harness = Harness::new(80, 24);
    harness.press("n \"Test Patient\" Enter");
    harness.press("Enter 4 4 Enter f 6 2 Enter 1 6 8 Enter");
    harness.sees("Fitzpatrick").press("3 2");
    harness.sees("Pregnancy").press("n n n n n n r y a");
    harness.sees("Allergies and intolerances").press("n");
    // A name being searched for: typed, but counted all the same.
    harness.press("a h y d Enter");
    harness.sees("Where?").press("7 Enter");
    harness.sees("Cheeks").press("Enter n Enter n");
    harness.sees("P R O C E E D").press("Right");
    harness.sees("evidence A").press("Right");
    harness.sees("consultation with plan");
    while harness.text().contains("[ ]") {
        harness.press("A");
    }
    harness.press("Space s");
    harness.sees("Saved as record").sees("Test Patient").sees("✓ proceed");
    println!("{} keys\n{}", harness.keys, harness.text());
    assert!(harness.keys <= 60, "{} keys", harness.keys);
}
