//! `pistor records`.

use serde_json::Value;

use crate::program::Pistor;

#[test]
fn no_records_is_an_answer() {
    let pistor = Pistor::new();
    let run = pistor.run(&["records", "list", "--format", "json"]);
    assert_eq!((run.code, run.json()), (0, Value::Array(Vec::new())), "{}", run.err);
    let run = pistor.run(&["records", "list"]);
    assert!(run.code == 0 && run.out.contains("no saved consultations"), "{}", run.out);
}

#[test]
fn a_record_that_is_not_there_is_bad_input() {
    let run = Pistor::new().run(&["records", "show", "00000000-0000-7000-8000-000000000000"]);
    assert!(run.refused().contains("no consultation"), "{}", run.err);
}
