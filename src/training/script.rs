//! An attempt written by hand as TOML: the same acts as on the screen, played through the same flow.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::acts::{Act, CocktailCommit, Confidence, Contraindications, Flag, How, Mix, Part, PlanCommit, SkinCommit};
use super::case::{Cases, Decision};
use super::chain::{Entry, Header, Mode};
use super::flow::Sealed;
use super::replay::{Refused, play};
use crate::pack::load::how_found;
use crate::pack::{Identified, Pack, Table};
use crate::source::{Code, Cursor, Fields, Problems, Report, Scalar, SourceFile, parse};

/// An attempt whose words cannot be understood.
const ATTEMPT: Code = Code("T0104");

/// Reads an attempt and plays it.
///
/// # Errors
/// Every mistake of the file.
pub fn read_attempt(pack: &Pack, cases: &Cases, file: &Arc<SourceFile>, today: Date) -> Result<Sealed, Report> {
    let mut problems = Problems::default();
    let table = parse(file, &mut problems);
    let mut fields = Fields::of_file(file, &table, "an attempt");
    let place = fields.place();
    let mut reader = Reader { pack, problems };
    let header = reader.header(cases, &mut fields, today);
    let entries = reader.entries(&mut fields);
    fields.finish(&mut reader.problems);
    let mut problems = reader.problems;
    if let (Some(header), true) = (header, problems.is_empty()) {
        match play(pack, cases, header, &entries) {
            Ok(sealed) => return Ok(sealed),
            Err(refused) => {
                let why: &Refused = &refused;
                problems.at(&place, ATTEMPT, why.to_string(), "the acts of an attempt in their order");
            }
        }
    }
    Err(problems.into_report())
}

struct Reader<'p> {
    pack: &'p Pack,
    problems: Problems,
}

impl Reader<'_> {
    fn header(&mut self, cases: &Cases, fields: &mut Fields<'_>, today: Date) -> Option<Header> {
        let case_at = fields.need("case", &mut self.problems);
        let seed = fields.whole("seed", 0, i32::MAX, &mut self.problems).unwrap_or(0);
        let trainee = fields.text("trainee", &mut self.problems);
        let mode = fields.word("mode", &Mode::WORDS, &mut self.problems).unwrap_or_default();
        let day = fields.get("day").and_then(|at| at.date(&mut self.problems)).unwrap_or(today);
        let case_at = case_at?;
        let id = case_at.text(&mut self.problems)?;
        let Some(case) = cases.get(id) else {
            self.problems.unknown_word(&case_at, ATTEMPT, "case", id, cases.keys().map(String::as_str));
            return None;
        };
        Some(Header {
            trainee: trainee?,
            case: id.to_owned(),
            version: case.version,
            seed: u64::from(seed.unsigned_abs()),
            mode,
            day,
            pack: self.pack.hash.clone(),
            sat: None,
        })
    }

    fn entries(&mut self, fields: &mut Fields<'_>) -> Vec<Entry> {
        let mut acts: Vec<(u32, Act)> = Vec::new();
        for row in self.rows(fields, "ask") {
            let Some(mut f) = row.table("a question", &mut self.problems) else { continue };
            let at = f.need("question", &mut self.problems);
            let how = f.word("how", &How::WORDS, &mut self.problems).unwrap_or(How::Ask);
            let seconds = seconds(&mut f, &mut self.problems);
            f.finish(&mut self.problems);
            if let Some(question) = at.and_then(|at| self.id(&self.pack.questions, "question", &at)) {
                acts.push((seconds, Act::Ask { question, how }));
            }
        }
        let hints = self.hints(fields);
        let hint = || Act::Hint { about: Flag(String::new()) };
        acts.extend((0..hints.0).map(|_| (0, hint())));
        if let Some(mut f) = fields.need("skin", &mut self.problems).and_then(|c| c.table("[skin]", &mut self.problems))
        {
            acts.push(self.skin(&mut f));
        }
        acts.extend((0..hints.1).map(|_| (0, hint())));
        if let Some(mut f) = self.table(fields, "contraindications") {
            let absolute = self.flags(&mut f, "absolute");
            let relative = self.flags(&mut f, "relative");
            let unknown = self.flags(&mut f, "unknown");
            let at = seconds(&mut f, &mut self.problems);
            f.finish(&mut self.problems);
            acts.push((at, Act::Contraindications(Contraindications { absolute, relative, unknown })));
        }
        for row in self.rows(fields, "twist") {
            let Some(mut f) = row.table("a twist", &mut self.problems) else { continue };
            let answer = f.whole("answer", -2, 2, &mut self.problems).unwrap_or(0);
            let at = seconds(&mut f, &mut self.problems);
            f.finish(&mut self.problems);
            acts.push((at, Act::Twist { answer: i8::try_from(answer).unwrap_or(0) }));
        }
        if let Some(mut f) = self.table(fields, "decision") {
            let decision = f.need_word("decide", &Decision::WORDS, &mut self.problems);
            let at = seconds(&mut f, &mut self.problems);
            f.finish(&mut self.problems);
            acts.extend(decision.map(|decision| (at, Act::Decide { decision })));
        }
        let rows = self.rows(fields, "cocktail");
        let mixes: Vec<Mix> = rows.iter().filter_map(|row| self.mix(row)).collect();
        let plan = fields.get("plan").and_then(|c| c.table("[plan]", &mut self.problems));
        let (at, plan) = plan.map_or((0, PlanCommit::default()), |mut f| self.plan(&mut f));
        acts.push((at, Act::Cocktail(CocktailCommit { mixes })));
        acts.push((at, Act::Plan(plan)));
        if let Some(mut f) = self.table(fields, "confidence") {
            let mut percent = |key| {
                let n = f.whole(key, 0, 100, &mut self.problems).unwrap_or(50);
                u8::try_from(n).unwrap_or(50)
            };
            let confidence = Confidence {
                contraindications: percent("contraindications"),
                decision: percent("decision"),
                cocktail: percent("cocktail"),
            };
            let at = seconds(&mut f, &mut self.problems);
            f.finish(&mut self.problems);
            acts.push((at, Act::Seal(confidence)));
        }
        // Time never runs backwards, also where a file leaves it out.
        let mut clock = 0;
        let entries = acts.into_iter().map(|(at, act)| {
            clock = clock.max(at);
            Entry { seconds: clock, cost: 0, act }
        });
        entries.collect()
    }

    /// How many hints were taken after the questions, and how many before the contraindications: which, the case says.
    fn hints(&mut self, fields: &mut Fields<'_>) -> (i32, i32) {
        let Some(at) = fields.get("hints") else { return (0, 0) };
        let Some(mut f) = at.table("[hints]", &mut self.problems) else { return (0, 0) };
        let mut count = |key| f.whole(key, 0, 100, &mut self.problems).unwrap_or(0);
        let hints = (count("interview"), count("contraindications"));
        f.finish(&mut self.problems);
        hints
    }

    fn table<'a>(&mut self, fields: &mut Fields<'a>, key: &'static str) -> Option<Fields<'a>> {
        fields.need(key, &mut self.problems)?.table(&format!("[{key}]"), &mut self.problems)
    }

    fn rows<'a>(&mut self, fields: &mut Fields<'a>, key: &'static str) -> Vec<Cursor<'a>> {
        fields.get(key).map(|at| at.array(&mut self.problems)).unwrap_or_default()
    }

    fn skin(&mut self, f: &mut Fields<'_>) -> (u32, Act) {
        let mut findings = BTreeMap::new();
        for (key, at, value) in f.entries() {
            if key == "seconds" {
                continue;
            }
            let question = format!("skin.{key}");
            if self.pack.questions.get(&question).is_none() {
                let known = self.pack.questions.ids().filter_map(|id| id.strip_prefix("skin."));
                self.problems.unknown_word(&at, ATTEMPT, "finding of the skin", key, known);
                continue;
            }
            let word = match value.scalar() {
                Some(Scalar::Number(n)) => n.to_string(),
                Some(Scalar::Text(text)) => text.to_owned(),
                _ => {
                    value.amount(&mut self.problems);
                    continue;
                }
            };
            findings.insert(question, word);
        }
        let at = seconds(f, &mut self.problems);
        (at, Act::Skin(SkinCommit { findings }))
    }

    fn flags(&mut self, f: &mut Fields<'_>, key: &'static str) -> Vec<Flag> {
        let mut flags = Vec::new();
        for at in f.get(key).iter().flat_map(Cursor::one_or_many) {
            let Some(text) = at.text(&mut self.problems) else { continue };
            match Flag::parse(self.pack, text) {
                Ok(flag) => flags.push(flag),
                Err(why) => {
                    let help = "write rule:ID, condition:ID, medication:ID, allergen:ID, event:ID, provenance:ID, \
                                ingredient:ID or the id of a question";
                    self.problems.at_with_help(&at, ATTEMPT, why, "means nothing here", help);
                }
            }
        }
        flags
    }

    fn mix(&mut self, row: &Cursor<'_>) -> Option<Mix> {
        let mut f = row.table("a cocktail", &mut self.problems)?;
        let goal = f.need("goal", &mut self.problems);
        let area = f.need("area", &mut self.problems);
        let rows = f.need("ingredients", &mut self.problems).map(|at| at.array(&mut self.problems)).unwrap_or_default();
        f.finish(&mut self.problems);
        let mut ingredients = Vec::new();
        for row in rows {
            let Some(mut f) = row.table("an ingredient", &mut self.problems) else { continue };
            let id = f.need("id", &mut self.problems);
            let ml = f.positive("volume_ml", &mut self.problems);
            f.finish(&mut self.problems);
            if let Some(id) = id.and_then(|at| self.id(&self.pack.ingredients, "ingredient", &at)) {
                ingredients.push(Part { id, volume_ml: ml.map_or(0.0, crate::pack::Amount::as_f64) });
            }
        }
        let goal = self.id(&self.pack.goals, "goal", &goal?)?;
        Some(Mix { goal, area: self.id(&self.pack.areas, "area", &area?)?, ingredients })
    }

    fn plan(&mut self, f: &mut Fields<'_>) -> (u32, PlanCommit) {
        let mut number = |key| {
            let n = f.whole(key, 0, 1000, &mut self.problems).unwrap_or(0);
            n.unsigned_abs()
        };
        let (sessions, interval_days) = (number("sessions"), number("interval_days"));
        let review = f.flag("review", &mut self.problems);
        let at = f.get("consent");
        let consent = at.iter().flat_map(Cursor::one_or_many);
        let consent = consent.filter_map(|at| self.id(&self.pack.consent, "consent point", &at)).collect();
        let seconds = seconds(f, &mut self.problems);
        for (key, at, _) in f.entries() {
            let known = ["sessions", "interval_days", "review", "consent", "seconds"];
            if !known.contains(&key) {
                self.problems.unknown_word(&at, ATTEMPT, "key of a plan", key, known);
            }
        }
        (seconds, PlanCommit { sessions, interval_days, review, consent })
    }

    fn id<T: Identified>(&mut self, table: &Table<T>, what: &str, at: &Cursor<'_>) -> Option<String> {
        let id = at.text(&mut self.problems)?;
        if table.get(id).is_none() {
            self.problems.unknown_word_or(at, ATTEMPT, what, id, table.ids(), || how_found(what, id));
            return None;
        }
        Some(id.to_owned())
    }
}

fn seconds(f: &mut Fields<'_>, problems: &mut Problems) -> u32 {
    f.whole("seconds", 0, 86_400, problems).unwrap_or(0).unsigned_abs()
}
