//! Reads the safety case of each layer. It names items, not the groups and definitions of the rules: a hole in one of
//! those must not open the statement that watches it.

use std::sync::Arc;

use super::{KINDS, LayerFiles, Loader, codes, header, is_safety_case};
use crate::pack::Pack;
use crate::pack::never::Never;
use crate::pack::rule::Verdict;
use crate::pack::table::Table;
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
        let grounds = self.grounds(&mut f);
        f.finish(&mut self.problems);
        let nothing = plan.ingredients.is_empty() && plan.techniques.is_empty() && plan.goals.is_empty();
        if nothing && areas.is_empty() && milder_than.is_none() && self.problems.is_empty() {
            let message = "a statement that forbids nothing";
            let help = "such as plan = { ingredient = [\"lidocaine\"] }, or milder_than = \"clearance\"";
            self.problems.at_with_help(
                &place,
                codes::RULE_SHAPE,
                message,
                "expected `plan`, `area` or `milder_than`",
                help,
            );
        }
        let (Some(id), Some(says), Some(when)) = (id, says, when) else { return };
        let row = Never { id, says, when, plan, areas, milder_than, grounds, place: place.place() };
        Self::add(all, row, "statement", &place, &mut self.problems);
    }
}
