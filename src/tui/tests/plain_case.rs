//! How many keys it takes: a plain case, a complex one, a medicine.

use super::harness::{Harness, loaded};
use crate::intake::{Entry, What};
use crate::pack::QualifierKind;
use crate::tui::app::{Part, Popup};
use crate::tui::form;
use crate::tui::settings::Settings;

/// Without a configuration.
fn fresh() -> Harness {
    let mut harness = Harness::new(80, 24);
    harness.app.settings = Settings::default();
    harness
}

impl Harness {
    /// Types a name letter by letter until it is the first hit, takes it: whoever looks at the screen does the same.
    fn find(&mut self, typed: &str, id: &str) -> usize {
        let before = self.keys;
        for c in typed.chars() {
            let first = match self.app.popups.last() {
                Some(Popup::Picker(picker)) => picker.chosen.and_then(|at| picker.hits.get(at)),
                _ => panic!("no picker is open"),
            };
            if first.is_some_and(|hit| hit.id == id) && self.keys > before {
                break;
            }
            self.press(&if c == ' ' { "Space".to_owned() } else { c.to_string() });
        }
        self.press("Enter");
        self.keys - before
    }

    /// Answers the qualifiers one by one, as they come.
    fn qualify(&mut self, said: &dyn Fn(&str, &str) -> &'static str) {
        loop {
            let loaded = loaded();
            let consult = self.app.consult().expect("a consultation");
            let Part::Field(at, field) = consult.part else { return };
            let question = &loaded.pack.questions[consult.question.expect("a question")];
            let entry = &consult.sheet.intake.entries(&question.id)[at];
            let list = form::list_of(question).expect("a list");
            let qualifier = &loaded.pack.qualifiers[loaded.form.qualifiers(list, entry)[field]];
            let What::Coded(id) = &entry.what else { panic!("in words") };
            match (&qualifier.kind, said(id, &qualifier.id)) {
                (QualifierKind::Choice(options), answer) if answer != "-" => {
                    let at = options.iter().position(|option| option.id == answer).expect(answer);
                    self.press(&form::option_keys(options)[at].to_string());
                }
                (_, "-") => {
                    self.press("-");
                }
                (QualifierKind::Number(_), number) => {
                    for c in number.chars() {
                        self.press(&c.to_string());
                    }
                    self.press("Enter");
                }
                (QualifierKind::Choice(_), _) => return,
            }
        }
    }

    /// Covers all points of consent, sets the reflection time, names who signs, signs.
    fn sign_anew(&mut self) {
        self.press("A");
        while self.text().contains("[ ]") {
            self.press("A");
        }
        self.press("1 \"Ada Example\" Enter \"X-0001\" Enter Enter C-s");
    }
}

#[test]
fn the_plain_case_fits_the_budget_of_keys() {
    let mut harness = fresh();
    harness.press("n \"Test Patient\" Enter");
    harness.press("4 4 Enter f 6 2 Enter 1 6 8 Enter").sees("Whose law").press("1");
    harness.sees("Fitzpatrick").press("3 2");
    harness.sees("Pregnancy").press("n n n n n n r y a");
    harness.sees("Allergies and intolerances").press("n");
    // The goals open by themselves.
    harness.sees("1 Hydration and glow").press("1");
    harness.sees("Where?").press("7 Enter");
    harness.sees("Cheeks").press("n p c n");
    harness.sees("P R O C E E D").press("Right");
    harness.sees("evidence A").press("Right");
    harness.sees("consultation with plan");
    harness.sign_anew();
    harness.sees("Saved as record").sees("Test Patient").sees("✓ proceed");
    println!("the plain case: {} keys", harness.keys);
    assert!(harness.keys <= 45, "{} keys", harness.keys);
}

#[test]
fn a_complex_case_fits_the_budget_of_keys() {
    let mut harness = fresh();
    harness.press("n \"Test Patient\" Enter");
    harness.press("5 8 Enter f 7 2 Enter 1 6 5 Enter 1 3 3").sees("Pregnancy").press("n");
    let conditions = [
        ("type 2 diabetes", "type-2-diabetes"),
        ("hypothyroidism", "hypothyroidism"),
        ("asthma", "asthma"),
        ("migraine", "migraine"),
        ("rosacea", "rosacea"),
        ("high blood pressure", "hypertension"),
    ];
    let medicines = [
        ("metformin", "metformin"),
        ("amlodipine", "amlodipine"),
        ("levothyroxine", "levothyroxine"),
        ("atorvastatin", "atorvastatin"),
        ("salbutamol", "salbutamol"),
        ("omeprazole", "omeprazole"),
        ("paracetamol", "paracetamol"),
        ("vit d", "vitamin-d"),
    ];
    let allergies = [("penicillin", "penicillins"), ("nickel", "nickel"), ("latex", "latex"), ("wasp", "wasp-venom")];
    let said = |entry: &str, qualifier: &str| match (entry, qualifier) {
        ("type-2-diabetes", "hba1c_percent") => "7",
        ("wasp-venom", "reaction") => "immediate-mild",
        (_, "reaction") => "delayed",
        (_, "status") => "stable",
        ("hypothyroidism", "autoimmune") => "no",
        ("asthma", "severity") => "mild",
        ("rosacea", "site") => "elsewhere",
        (_, "verified") => "no",
        // Still taken: Enter leaves it open.
        (_, "stopped_days_ago") => "",
        _ => "-",
    };
    for (list, what) in [("conditions", &conditions[..]), ("medicines", &medicines), ("allergies", &allergies)] {
        let before = harness.keys;
        if list == "allergies" {
            harness.press("n n n r y a 1 3 0 Enter 8 0 Enter").sees("Allergies and intolerances");
        }
        harness.press("a");
        for (typed, id) in what {
            print!("{typed} {}, ", harness.find(typed, id));
        }
        harness.press("Enter");
        harness.qualify(&said);
        println!("{list}: {} keys", harness.keys - before);
    }
    harness.sees("1 Hydration and glow").press("1 7 +").sees("2 Fine lines").press("2 Enter");
    harness.sees("Requested ingredients").press("n p c n Right Right");
    let counted: Vec<usize> = ["history.conditions", "history.medications", "allergies.items"]
        .iter()
        .map(|id| harness.app.consult().unwrap().sheet.intake.entries(id).len())
        .collect();
    assert_eq!(counted, [6, 8, 4]);
    harness.sign_anew();
    println!("the complex case: {} keys", harness.keys);
    harness.sees("Saved as record");
    assert!(harness.keys <= 140, "{} keys", harness.keys);
}

/// Medicines that people often take, as a patient says them: by generic name or by brand.
const COMMON: [(&str, &str); 50] = [
    ("metformin", "metformin"),
    ("atorvastatin", "atorvastatin"),
    ("simvastatin", "simvastatin"),
    ("amlodipine", "amlodipine"),
    ("ramipril", "ramipril"),
    ("lisinopril", "lisinopril"),
    ("losartan", "losartan"),
    ("bisoprolol", "bisoprolol"),
    ("metoprolol", "metoprolol"),
    ("furosemide", "furosemide"),
    ("hydrochlorothiazide", "hydrochlorothiazide"),
    ("spironolactone", "spironolactone"),
    ("omeprazole", "omeprazole"),
    ("pantoprazole", "pantoprazole"),
    ("levothyroxine", "levothyroxine"),
    ("euthyrox", "levothyroxine"),
    ("paracetamol", "paracetamol"),
    ("ibuprofen", "ibuprofen"),
    ("diclofenac", "diclofenac"),
    ("naproxen", "naproxen"),
    ("aspirin", "aspirin"),
    ("clopidogrel", "clopidogrel"),
    ("warfarin", "warfarin"),
    ("coumadin", "warfarin"),
    ("eliquis", "apixaban"),
    ("xarelto", "rivaroxaban"),
    ("salbutamol", "salbutamol"),
    ("montelukast", "montelukast"),
    ("prednisolone", "prednisolone"),
    ("cetirizine", "cetirizine"),
    ("sertraline", "sertraline"),
    ("citalopram", "citalopram"),
    ("fluoxetine", "fluoxetine"),
    ("amitriptyline", "amitriptyline"),
    ("gabapentin", "gabapentin"),
    ("pregabalin", "pregabalin"),
    ("tramadol", "tramadol"),
    ("amoxicillin", "amoxicillin"),
    ("doxycycline", "doxycycline"),
    ("roaccutane", "isotretinoin"),
    ("isotretinoin", "isotretinoin"),
    ("microgynon", "ethinylestradiol-levonorgestrel"),
    ("methotrexate", "methotrexate"),
    ("hydroxychloroquine", "hydroxychloroquine"),
    ("ozempic", "semaglutide"),
    ("lantus", "insulin-glargine"),
    ("allopurinol", "allopurinol"),
    ("propranolol", "propranolol"),
    ("vit d", "vitamin-d"),
    ("fish oil", "fish-oil"),
];

#[test]
fn a_medicine_takes_few_keys() {
    let mut harness = fresh();
    harness.press("n F3 Tab a");
    harness.sees("Medicines and supplements");
    let mut table = Vec::new();
    for (typed, id) in COMMON {
        if let Some(Popup::Picker(picker)) = harness.app.popups.last_mut() {
            picker.query.reset();
        }
        table.push((harness.find(typed, id), typed, id));
        let consult = harness.app.consult().unwrap();
        let last = consult.sheet.intake.entries("history.medications").last().cloned();
        // A name said twice, by brand and by substance, is on the list already.
        assert!(
            consult.sheet.intake.entries("history.medications").contains(&Entry::coded(id)),
            "{typed}: {last:?} for {id}"
        );
    }
    // The key that opens the picker, and the one that closes it, for a list of one.
    let keys: usize = table.iter().map(|(keys, ..)| keys + 2).sum();
    for (keys, typed, id) in &table {
        println!("{:>2}  {typed}  ({id})", keys + 2);
    }
    println!("{keys} keys for {} medicines", table.len());
    assert!(keys <= 6 * table.len(), "{keys} keys for {} medicines", table.len());
}
