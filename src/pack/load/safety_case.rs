//! Reads the safety case of each layer. It names items, not the groups and definitions of the rules: a hole in one of
//! those must not open the statement that watches it.

use std::sync::Arc;

use super::{KINDS, LayerFiles, Loader, codes, header, is_safety_case};
use crate::pack::Pack;
use crate::pack::fact::Grounds;
use crate::pack::ingredient::{Limit, Per};
use crate::pack::never::Never;
use crate::pack::rule::Verdict;
use crate::pack::table::Table;
use crate::pack::vocabulary::List;
use crate::source::{Cursor, Fields, Report, parse};

/// The statements of all layers.
///
/// # Errors
/// Every problem of every file.
pub fn safety_case(pack: &Pack, layers: &[LayerFiles]) -> Result<Vec<Never>, Report> {
    let mut loader = Loader { pack: pack.clone(), ..Loader::default() };
    loader.know_members();
    let mut all: Table<Never> = Table::default();
    let layers = header::without_replaced(layers);
    for file in layers.iter().flat_map(|layer| &layer.files).filter(|file| is_safety_case(&file.path)) {
        let document = parse(file, &mut loader.problems);
        let fields = Fields::of_file(file, &document, "the file");
        for (_, _, value) in fields.entries().into_iter().filter(|(key, _, _)| *key == "review") {
            let review = loader.review(&value);
            loader.reviews.insert(Arc::as_ptr(file), review);
        }
        for (key, at, value) in fields.entries().into_iter().filter(|(key, _, _)| *key != "review") {
            if key != "never" {
                let known = KINDS.contains(&key);
                let help = if known { "belongs into another file" } else { "expected `[[never]]`" };
                loader.problems.at(&at, codes::UNKNOWN_TABLE, format!("`{key}` in a safety case"), help);
                continue;
            }
            for row in value.array(&mut loader.problems) {
                if let Some(f) = row.table("a statement", &mut loader.problems) {
                    loader.never(f, &mut all);
                }
            }
        }
    }
    if loader.problems.is_empty() { Ok(all.iter().cloned().collect()) } else { Err(loader.problems.into_report()) }
}

impl Loader {
    /// Group members as the loaded items have them.
    pub(super) fn know_members(&mut self) {
        for list in crate::pack::List::ALL {
            for (ix, item) in self.pack.list(list).entries() {
                for group in item.groups.iter() {
                    self.members.entry(group).or_default().insert(ix);
                }
            }
        }
    }

    fn never(&mut self, mut f: Fields<'_>, all: &mut Table<Never>) {
        let place = f.place();
        let id = self.id(&mut f);
        let says = f.text("says", &mut self.problems);
        let when = f.need("when", &mut self.problems).and_then(|c: Cursor<'_>| self.condition(&c));
        let area = f.get("area");
        let areas = area.map(|c| self.area_set(Some(c))).unwrap_or_default();
        let plan = self.plan_test(&mut f);
        let verdicts: Vec<(&str, Verdict)> = Verdict::ALL.iter().map(|v| (v.word(), *v)).collect();
        let milder_than = f.word("milder_than", &verdicts, &mut self.problems);
        let over = f.get("over").and_then(|c| c.table("`over`", &mut self.problems));
        let grounds = self.grounds(&mut f);
        let over = over.and_then(|over| self.over(over, id.as_deref().unwrap_or_default(), &grounds));
        f.finish(&mut self.problems);
        let nothing = plan.ingredients.is_empty() && plan.techniques.is_empty() && plan.goals.is_empty();
        let nothing = nothing && over.is_none();
        if nothing && areas.is_empty() && milder_than.is_none() && self.problems.is_empty() {
            let message = "a statement that forbids nothing";
            let help = "such as plan = { ingredient = [\"lidocaine\"] }, or milder_than = \"clearance\"";
            self.problems.at_with_help(
                &place,
                codes::RULE_SHAPE,
                message,
                "expected `plan`, `area`, `over` or `milder_than`",
                help,
            );
        }
        let (Some(id), Some(says), Some(when)) = (id, says, when) else { return };
        let row = Never { id, says, when, plan, areas, over, milder_than, grounds, place: place.place() };
        Self::add(all, row, "statement", &place, &mut self.problems);
    }

    /// A ceiling in the words of a limit. It counts the ingredients that it names and no others.
    fn over(&mut self, mut f: Fields<'_>, id: &str, grounds: &Grounds) -> Option<Limit> {
        let place = f.place();
        let spans = [("session", Per::Session), ("site", Per::Site), ("course", Per::Course), ("day", Per::Day)];
        let mut ingredients = self.items(f.get("ingredient"), List::Ingredients);
        let everything = f.flag("everything", &mut self.problems);
        if everything != ingredients.is_empty() && self.problems.is_empty() {
            let expected = "expected either `ingredient` or `everything = true`";
            self.problems.at(&place, codes::RULE_SHAPE, "a ceiling of nothing, or of two things", expected);
        }
        if everything {
            ingredients = self.pack.ingredients.entries().map(|(ix, _)| ix).collect();
        }
        let per = f.need_word("per", &spans, &mut self.problems);
        let mg_per_kg = f.positive("mg_per_kg", &mut self.problems);
        let limit = Limit {
            id: id.to_owned(),
            ingredients,
            everything,
            label: id.to_owned(),
            per: per?,
            mg_per_kg,
            mg: f.positive("mg", &mut self.problems),
            ml: f.positive("ml", &mut self.problems),
            cm2: None,
            points: f.whole("points", 1, 10_000, &mut self.problems),
            sessions: f.whole("sessions", 1, 1000, &mut self.problems),
            interval_days: f.whole("interval_days", 1, 3650, &mut self.problems),
            reads: mg_per_kg.map(|_| self.pack.roles.weight),
            jurisdictions: None,
            pool: None,
            note: String::new(),
            grounds: grounds.clone(),
        };
        let amounts = [limit.mg_per_kg, limit.mg, limit.ml].iter().any(Option::is_some);
        let counts = [limit.points, limit.sessions, limit.interval_days].iter().any(Option::is_some);
        if !amounts && !counts && self.problems.is_empty() {
            let expected = "expected one of mg_per_kg, mg, ml, points, sessions, interval_days";
            self.problems.at(&place, codes::RULE_SHAPE, "a ceiling without a number", expected);
        }
        f.finish(&mut self.problems);
        Some(limit)
    }
}
