//! `pistor find`.

use serde_json::Value;

use crate::program::{Pistor, all};

fn find(list: &str, text: &str) -> Value {
    let run = Pistor::new().run(&["find", list, text, "--format", "json"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
    run.json()
}

#[test]
fn brands_synonyms_and_slips_find_the_coded_item() {
    for (list, text, id) in [
        ("medications", "Coumadin", "warfarin"),
        ("medications", "Marevan", "warfarin"),
        ("medications", "cumadin", "warfarin"),
        ("conditions", "T2DM", "type-2-diabetes"),
        ("allergens", "lidocaine", "lidocaine"),
        ("goals", "hydration", "hydration"),
        ("areas", "cheeks", "cheeks"),
        ("ingredients", "hyaluronic", "hyaluronic-acid"),
        ("events", "chemical peel", "chemical-peel"),
        ("provenance", "expired", "expired"),
    ] {
        let rows = find(list, text);
        assert!(all(&rows, "id").iter().take(5).any(|found| found.starts_with(id)), "{text}: {:?}", all(&rows, "id"));
    }
}

#[test]
fn the_identifier_of_a_substance_is_there_when_the_pack_has_it() {
    assert_eq!(find("ingredients", "tranexamic acid")[0]["unii"], "6T84R30KC1");
    assert_eq!(find("medications", "Piroxicam")[0]["unii"], "13T4O6VMAM");
    assert!(find("conditions", "T2DM")[0].get("unii").is_none());
}

#[test]
fn a_row_says_what_matched_and_what_to_ask() {
    let rows = find("medications", "Coumadin");
    let row = &rows[0];
    assert_eq!(row["id"], "warfarin");
    assert_eq!(row["matched"].as_str().unwrap().to_lowercase(), "coumadin");
    assert_eq!(row["exact"], true);
    assert!(row["score"].is_number() && !row["label"].as_str().unwrap().is_empty());
    let keys: Vec<&String> = row.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["asks", "exact", "id", "label", "matched", "score", "similar"]);
    for ask in row["asks"].as_array().unwrap() {
        assert!(ask["id"].is_string() && ask["label"].is_string() && ask.get("unit").is_some(), "{ask}");
    }
}

#[test]
fn nothing_found_is_an_answer() {
    assert_eq!(find("conditions", "zzzzqqqqxxxx"), Value::Array(Vec::new()));
    let run = Pistor::new().run(&["find", "conditions", "zzzzqqqqxxxx"]);
    assert_eq!(run.code, 0);
    assert!(run.out.contains("nothing"), "{}", run.out);
}
