//! `pistor formulary`.

use unicode_width::UnicodeWidthStr;

use crate::program::Pistor;

fn formulary(more: &[&str]) -> String {
    let mut arguments = vec!["formulary"];
    arguments.extend(more);
    let run = Pistor::new().run(&arguments);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
    run.out
}

#[test]
fn an_entry_has_every_part_in_80_columns_and_names_the_null_trials() {
    let text = formulary(&["tranexamic-acid", "--jurisdiction", "FR"]);
    for part in ["EVIDENCE BY GOAL", "TRIALS", "LIMITS", "IN ONE SYRINGE", "RULES ABOUT IT", "LEGAL STATUS", "SOURCES"]
    {
        assert!(text.contains(part), "{part} is missing: {text}");
    }
    for part in ["= NULL", "- NEGATIVE Elfar 2015", "else is unknown", "France, here"] {
        assert!(text.contains(part), "{part} is missing: {text}");
    }
    assert!(text.lines().all(|line| line.width() <= 80), "{text}");
}

#[test]
fn synonyms_are_known_and_slips_get_a_suggestion() {
    assert!(formulary(&["Profhilo"]).contains("[hyaluronic-acid-hybrid]"));
    let run = Pistor::new().run(&["formulary", "tranexamik-acid"]);
    assert!(run.refused().contains("did you mean `tranexamic-acid`?"), "{}", run.err);
}

#[test]
fn the_table_has_a_line_for_each_and_the_status_only_where_somebody_said_where() {
    let text = formulary(&[]);
    assert!(text.lines().all(|line| line.width() <= 80), "{text}");
    assert!(text.contains("✓ Hyaluronic acid, not cross-linked") && !text.contains("Status here"), "{text}");
    let text = formulary(&["--jurisdiction", "fr"]);
    assert!(text.lines().any(|line| line.starts_with("✗ Caffeine") && line.ends_with("banned")), "{text}");
}

#[test]
fn json_holds_the_same() {
    let run = Pistor::new().run(&["formulary", "park", "--format", "json"]);
    assert_eq!(run.code, 2);
    let run = Pistor::new().run(&["formulary", "aminophylline", "--format", "json"]);
    let entry = run.json();
    assert_eq!(entry["trials"][0]["result"], "null");
    assert_eq!(entry["mixing"]["blocked"][0]["with_everything"], true);
    let table = Pistor::new().run(&["formulary", "--format", "json", "--jurisdiction", "US"]).json();
    assert_eq!(table["jurisdiction"], "US");
    assert!(table["ingredients"].as_array().is_some_and(|rows| rows.len() > 80));
}
