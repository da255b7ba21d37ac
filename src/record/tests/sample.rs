//! An invented consultation in which nothing is empty.

use jiff::Timestamp;
use jiff::civil::date;

use crate::pack::{Basis, Grade, Layer, Scope, Verdict};
use crate::plan::*;
use crate::record::*;

pub fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).unwrap()
}

pub fn id(second: i64) -> RecordId {
    RecordId::generate(at(second))
}

pub fn draft(id: RecordId, second: i64) -> Draft {
    Draft {
        amends: 2,
        amending: Some(Amending { day: date(2026, 11, 22), reason: "The wei".into() }),
        step: "history".into(),
        question: Some("history.pregnancy".into()),
        intake: "[patient]\nage = 44\n".into(),
        earlier: "[patient]\nage = 43\n".into(),
        typing: Some(Typing { field: "notes".into(), text: "said that".into() }),
        decisions: decisions(),
        updated_at: at(second),
        ..Draft::new(id, at(0))
    }
}

pub fn document(id: RecordId, version: u32, name: &str) -> Document {
    Document {
        schema: Schema,
        id,
        version,
        saved_at: at(i64::from(version)),
        signed_at: None,
        program: "0.1.0".into(),
        rules_fired: vec!["warfarin-clearance".into()],
        amendment: (version > 1).then(|| Amendment { reason: "The weight was wrong.".into() }),
        practitioner: Practitioner { name: "Ada Example".into(), role: "physician".into(), licence: "X-1".into() },
        patient: Patient { name: name.into(), birth_date: Some(date(1982, 3, 4)) },
        decisions: decisions(),
        pack: vec![
            Layer { id: "pistor-core".into(), version: "1.0.0".into(), hash: "ab".repeat(32), title: "Core".into() },
            Layer { id: "clinic".into(), version: "3".into(), hash: "cd".repeat(32), title: "Clinic".into() },
        ],
        intake: IntakeTable::parse(INTAKE).unwrap(),
        assessment: assessment(),
        follow_up: Vec::new(),
    }
}

pub const INTAKE: &str = r#"
jurisdiction = "EU"
[patient]
birth_date = 1982-03-04
weight_kg = 62.5
[history]
conditions = [{ id = "type-2-diabetes", hba1c_percent = 6.8 }, { text = "itches\nin spring" }]
medications = []
[goals]
items = [{ goal = "hydration", areas = ["cheeks", "neck"] }, { goal = "hair-loss", areas = ["scalp"] }]
"#;

fn decisions() -> Decisions {
    Decisions {
        notes: "Line one.\nLine \"two\" — Grüße 🙂\n".into(),
        follow_up: "Call on Tuesday".into(),
        reflection_days: Some(7),
        reviewed: vec!["itches\nin spring".into()],
        mixes: Vec::new(),
        chosen: vec![RecipeChoice { goal: "hydration".into(), area: "cheeks".into(), recipe: "ha-mannitol".into() }],
        overrides: vec![Overridden {
            rule: "aspirin".into(),
            reason: "cleared".into(),
            note: "by phone".into(),
            by: "Ada Example".into(),
        }],
        consent: vec![ConsentTick {
            id: "off-label".into(),
            text: "Use outside the licence".into(),
            done: true,
            by_page: false,
        }],
        identity_checked_at: Some(at(2)),
        carried: Some(CarriedOver {
            record: "019a0000-0000-7000-8000-000000000009".parse().unwrap(),
            version: 2,
            day: date(2025, 3, 1),
            confirmed: vec![Confirmed { question: "patient.sex".into(), at: at(1) }],
            not_confirmed: vec!["patient.height_cm".into()],
            before: None,
        }),
        left_out: vec![LeftOut {
            question: "history.conditions".into(),
            label: "Conditions".into(),
            gone: vec!["Rosacea".into()],
            from: "2026-05-22".into(),
            asked_at: Some(at(3)),
        }],
    }
}

pub fn assessment() -> Assessment {
    Assessment {
        verdict: Outcome::Clearance,
        until: Some(date(2026, 12, 1)),
        until_event: Some("the infection has healed".into()),
        urgent: false,
        rests_on: vec!["penicillin: reaction not known".into()],
        missing: vec![Missing {
            question: "history.pregnancy".into(),
            label: "Pregnancy".into(),
            step: "history".into(),
            because: vec!["Pregnancy".into()],
        }],
        findings: vec![finding(None), finding(Some("Both sides"))],
        scales: Vec::new(),
        excluded: vec![Excluded {
            kind: "ingredient".into(),
            id: "tranexamic-acid".into(),
            label: "Tranexamic acid".into(),
            rules: vec!["warfarin-clearance".into()],
        }],
        requested: vec![Vetted {
            id: "hyaluronidase".into(),
            label: "Hyaluronidase".into(),
            allowed: false,
            reasons: vec!["wasp venom".into()],
            evidence: vec![],
            limits: vec![],
        }],
        plan: Some(plan()),
        notices: vec!["not yet reviewed by this clinic".into()],
        today: date(2026, 11, 22),
        pack: PackRef { id: "pistor-core".into(), version: "1.0.0".into(), hash: "ab".repeat(32), reviewed: None },
    }
}

fn finding(contested: Option<&str>) -> Finding {
    Finding {
        rule: "warfarin-clearance".into(),
        title: "Warfarin".into(),
        verdict: Verdict::Clearance,
        scope: Scope::Session,
        message: "Ask the cardiologist.".into(),
        patient: None,
        why: "Bleeding.".into(),
        excludes: vec!["tranexamic-acid".into()],
        because: vec!["medications: warfarin".into()],
        assumed: vec![],
        questions: vec!["history.medications".into()],
        until: None,
        until_event: None,
        from: Some("the treating cardiologist".into()),
        to: None,
        urgent: false,
        mitigation: vec![],
        contested: contested.map(Into::into),
        sources: vec!["A trial [t1]".into()],
        basis: Basis::Source,
        evidence: Some(Grade::B),
        review: None,
        overridable: true,
        override_reasons: vec!["cleared".into()],
        override_refuted: Vec::new(),
        overridden: Some("cleared".into()),
        override_void: None,
        under: None,
        folded: Vec::new(),
        tightened: Vec::new(),
        clinic_override: None,
    }
}

fn plan() -> Plan {
    Plan {
        conditional: true,
        conditions: vec!["clearance".into()],
        cocktails: vec![Cocktail {
            also_for: Vec::new(),
            turn: 0,
            goal: "hydration".into(),
            goal_label: "Hydration and glow".into(),
            area: "cheeks".into(),
            area_label: "Cheeks".into(),
            recipe: "ha-hydration".into(),
            label: "Hyaluronic acid alone".into(),
            own: None,
            evidence: Grade::A,
            review: None,
            outcome: "0.1 + 0.2".into(),
            expected: "some".into(),
            sources: vec![],
            basis: Basis::Policy,
            ingredients: vec![Dose {
                id: "hyaluronic-acid".into(),
                label: "Hyaluronic acid".into(),
                role: "active".into(),
                concentration: "10 mg/mL".into(),
                volume_ml: 0.1 + 0.2,
                mg: None,
                dose: "3 mg".into(),
                limit: None,
                limit_used: Some(1.0 / 3.0),
                status: None,
                instead_of: None,
            }],
            technique: "nappage".into(),
            technique_label: "Nappage".into(),
            depth_mm: [1.0, 2.0],
            needle: "32G".into(),
            point_ml: Some(0.02),
            points: Some(50),
            spacing_cm: None,
            total_ml: 1.0,
            minutes: 30,
            numbing: "cream".into(),
            mixing: vec![],
            alternatives: vec![Alternative {
                recipe: "ha-mannitol".into(),
                label: "With mannitol".into(),
                evidence: Grade::B,
                possible: true,
                why_lower: "weaker evidence".into(),
            }],
        }],
        refused: Vec::new(),
        without: vec![WithoutCocktail {
            goal: "hair-loss".into(),
            goal_label: "Hair loss".into(),
            area: "scalp".into(),
            area_label: "Scalp".into(),
            why: "no recommended injectable".into(),
            instead: vec!["minoxidil".into()],
        }],
        limits: vec![LimitUse {
            id: "lidocaine".into(),
            label: "Lidocaine".into(),
            ceiling: "300 mg".into(),
            ceiling_mg: Some(281.25),
            how: "4.5 mg/kg".into(),
            used: 0.25,
            by: vec!["cream".into()],
            per: "session".into(),
            unit: "mg".into(),
            amount: 50.0,
            most: Some(100.0),
        }],
        sessions: vec![Session {
            number: 1,
            date: None,
            after_days: 0,
            phase: "induction".into(),
            minutes: 30,
            goals: vec!["Hydration and glow".into()],
            cocktails: Vec::new(),
        }],
        maintenance: vec![],
        reviews: vec![Review {
            date: Some(date(2027, 2, 1)),
            after_days: 84,
            what: "photographs".into(),
            stop: "none".into(),
        }],
        changes: vec![],
        consent: vec![ConsentPoint { id: "off-label".into(), text: "Off label".into(), patient: None }],
        precare: vec!["eat".into()],
        aftercare: vec![],
        red_flags: vec!["fever".into()],
    }
}
