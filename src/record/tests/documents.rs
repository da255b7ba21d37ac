use jiff::civil::date;
use proptest::prelude::*;

use super::sample::{at, document, draft, id};
use crate::record::{Card, Document, DocumentError, Draft, IntakeTable, Practitioner, SCHEMA, Signing};
use crate::source::SourceFile;

#[test]
fn a_document_survives_as_toml_and_as_json() {
    let document = document(id(1), 3, "Test Patient");
    let text = document.to_toml().unwrap();
    assert_eq!(Document::from_toml(&text).unwrap(), document);
    assert_eq!(Document::from_json(&document.to_json().unwrap()).unwrap(), document);
    assert_eq!(Document::from_toml(&text).unwrap().to_toml().unwrap(), text, "the form is stable");
}

#[test]
fn the_text_explains_itself() {
    let document = document(id(1), 3, "Test Patient");
    let text = document.to_toml().unwrap();
    let table: toml::Table = text.parse().unwrap();
    assert!(text.starts_with("schema = 1\n"));
    assert_eq!(table["saved_at"].as_str(), Some("2026-09-21T14:13:23Z"));
    assert_eq!(table["assessment"]["verdict"].as_str(), Some("clearance"));
    assert_eq!(table["assessment"]["findings"][0]["rule"].as_str(), Some("warfarin-clearance"));
    assert_eq!(table["intake"]["patient"]["weight_kg"].as_float(), Some(62.5));
    let json: serde_json::Value = serde_json::from_str(&document.to_json().unwrap()).unwrap();
    assert!(json["assessment"]["findings"][0]["until"].is_null(), "JSON keeps its nulls");
}

#[test]
fn what_is_no_document_is_refused_without_quoting_it() {
    assert_eq!(Document::from_toml("a = 1"), Err(DocumentError::NotADocument));
    assert_eq!(Document::from_json("{}"), Err(DocumentError::NotADocument));
    assert_eq!(Document::from_toml("schema = 0"), Err(DocumentError::NotADocument));
    let newer = format!("schema = {}\nfuture = true", SCHEMA + 1);
    assert_eq!(Document::from_toml(&newer), Err(DocumentError::Newer { found: SCHEMA + 1 }));
    assert!(Document::from_toml("schema = 1").unwrap_err().to_string().contains("missing field"));
    assert!(matches!(
        Document::from_toml("schema = 1\nid = "),
        Err(DocumentError::Unreadable { place: Some((2, _)), .. })
    ));
    let text = document(id(1), 1, "Test Patient").to_toml().unwrap();
    let broken = text.replace("version = 1", "version = \"Secret \\\" Name\"");
    let said = Document::from_toml(&broken).unwrap_err().to_string();
    assert!(said.contains("line 3") && !said.contains("Secret"), "{said}");
    let json =
        document(id(1), 1, "Test Patient").to_json().unwrap().replace("\"version\": 1", "\"version\": \"Secret\"");
    let said = Document::from_json(&json).unwrap_err().to_string();
    assert!(said.contains("expected u32") && !said.contains("Secret"), "{said}");
    let said = Document::from_json("{ \"schema\": 1,\n \"Secret\" }").unwrap_err().to_string();
    assert!(said.contains("line 2") && !said.contains("Secret"), "{said}");
}

#[test]
fn a_card_holds_what_lists_need() {
    let mut document = document(id(1), 3, "Zoë Müller-Example");
    let card = Card::of(&document);
    assert_eq!((card.age, card.version), (Some(44), 3));
    assert_eq!(card.goals, ["hydration", "hair-loss"]);
    assert_eq!(card.recipes, ["ha-mannitol"], "the recipe that was taken, not the one that was proposed");
    for word in [" zoe", " muller", " example", " 1982", " clearance", " cheeks", " tuesday", " gruße"] {
        let folded = format!(" {}", crate::find::fold(word));
        assert!(card.words.contains(&folded), "{word} in {}", card.words);
    }
    document.patient.birth_date = None;
    assert_eq!(Card::of(&document).age, None);
    document.intake = IntakeTable::parse("patient.age = 51").unwrap();
    assert_eq!(Card::of(&document).age, Some(51));
    document.patient.birth_date = Some(date(2030, 1, 1));
    assert_eq!(Card::of(&document).age, None, "born after the assessment");
}

#[test]
fn a_draft_survives_and_an_older_one_still_opens() {
    let draft = draft(id(1), 7);
    assert_eq!(Draft::from_toml(&draft.to_toml().unwrap()).unwrap(), draft);
    let old = format!("id = '{}'\nstarted_at = '{}'\nupdated_at = '{}'\nadded_later = 1", id(1), at(1), at(2));
    assert_eq!(Draft::from_toml(&old).unwrap().updated_at, at(2));
    assert!(Draft::from_toml("x").is_err());
}

#[test]
fn a_real_consultation_is_drawn_up_and_read_back() {
    let pack = crate::pack::builtin().unwrap_or_else(|report| panic!("{}", report.render(false)));
    let file = SourceFile::new(
        "intake.toml",
        r#"
        jurisdiction = "EU"
        patient = { name = "Test Patient", birth_date = 1982-03-04, sex = "female", weight_kg = 62.5, height_cm = 168 }
        skin = { fitzpatrick = 3, glogau = 2 }
        allergies = { items = [{ text = "some cream" }] }
        setting = { operator = "physician", premises = "clinic", provenance = [] }
        goals = { items = [{ goal = "hydration", areas = ["cheeks"] }] }
        [history]
        pregnancy = "no"
        conditions = [{ id = "type-2-diabetes", hba1c_percent = 6.8 }]
        medications = []
        events = []
        screening = { bdd = "negative", needle_fear = "none", expectations = "realistic", voluntary = "yes", aftercare = "able" }
        "#,
    );
    let intake = crate::intake::read(&pack, &file).unwrap_or_else(|report| panic!("{}", report.render(false)));
    let draft = draft(id(1), 1);
    let assessment = crate::plan::assess_adjusted(&pack, &intake, &draft.decisions.adjustments(), date(2026, 11, 22));
    let signing = Signing {
        amendment: None,
        id: draft.id,
        version: 1,
        at: at(1),
        practitioner: Practitioner::default(),
        decisions: draft.decisions.clone(),
    };
    let drawn = Document::draw_up(signing, &pack, &intake, assessment).unwrap();
    assert_eq!((drawn.patient.name.as_str(), drawn.patient.birth_date), ("Test Patient", Some(date(1982, 3, 4))));
    assert_eq!((drawn.pack.len(), Card::of(&drawn).age, Card::of(&drawn).goals.len()), (1, Some(44), 1));
    assert!(!drawn.rules_fired.is_empty());
    for back in [
        Document::from_toml(&drawn.to_toml().unwrap()).unwrap(),
        Document::from_json(&drawn.to_json().unwrap()).unwrap(),
    ] {
        assert_eq!(back, drawn);
        let file = SourceFile::new("saved", back.intake.to_toml());
        let again = crate::intake::read(&pack, &file).unwrap_or_else(|report| panic!("{}", report.render(false)));
        assert_eq!(again, intake, "the intake in a document is an intake file");
    }
}

proptest! {
    #[test]
    fn any_text_survives(name in any::<String>(), notes in any::<String>(), typed in any::<String>()) {
        let mut document = document(id(1), 1, &name);
        document.decisions.notes = notes.clone();
        document.assessment.findings[0].message = typed.clone();
        prop_assert_eq!(&Document::from_toml(&document.to_toml().unwrap()).unwrap(), &document);
        prop_assert_eq!(&Document::from_json(&document.to_json().unwrap()).unwrap(), &document);
        let mut draft = draft(id(1), 1);
        draft.intake = typed;
        draft.decisions.notes = notes;
        prop_assert_eq!(Draft::from_toml(&draft.to_toml().unwrap()).unwrap(), draft);
        prop_assert_eq!(Card::of(&document).patient, name);
    }

    #[test]
    fn any_bytes_are_read_or_refused(text in any::<String>()) {
        let _ = (Document::from_toml(&text), Document::from_json(&text), Draft::from_toml(&text), IntakeTable::parse(&text));
    }
}
