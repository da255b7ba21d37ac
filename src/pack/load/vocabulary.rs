//! Reads the words: sources, groups, qualifiers, coded items, jurisdictions, areas, goals.

use super::{Loader, Tables, codes};
use crate::pack::fact::Source;
use crate::pack::review::ReviewState;
use crate::pack::table::{Ix, Set};
use crate::pack::vocabulary::{
    AllergenDetail, Area, ChoiceOption, CrossReaction, Figure, Goal, Group, Item, Jurisdiction, Later, List,
    NumberKind, Qualifier, QualifierKind, Spot,
};
use crate::source::{Amount, Cursor, Fields, Scalar, WRONG_TYPE};

/// The keys of a coded item, whatever its list.
const ITEM_KEYS: [&str; 6] = ["id", "label", "also", "groups", "asks", "common"];

/// What a citation may be.
const SOURCE_KINDS: [&str; 12] = [
    "label",
    "trial",
    "review",
    "guideline",
    "consensus",
    "law",
    "regulator",
    "case-report",
    "registry",
    "reference",
    "web",
    "press",
];

impl Loader {
    pub(super) fn vocabulary(&mut self, tables: &Tables<'_>) {
        self.sources_table(tables);
        self.qualifiers(tables);
        self.groups(tables);
        for list in List::ALL {
            self.item_table(list, tables);
        }
        self.group_lists(tables);
        self.jurisdictions(tables);
        self.areas(tables);
        self.goals(tables);
        self.allergen_details(tables);
    }

    /// Goes through the tables of a kind.
    pub(super) fn each<'a>(
        &mut self,
        tables: &Tables<'a>,
        kind: &'static str,
        mut read: impl FnMut(&mut Self, usize, Fields<'a>),
    ) {
        for (layer, cursor) in tables.get(kind).into_iter().flatten() {
            if let Some(fields) = cursor.table(&format!("[[{kind}]]"), &mut self.problems) {
                read(self, *layer, fields);
            }
        }
    }

    fn sources_table(&mut self, tables: &Tables<'_>) {
        self.each(tables, "source", |this, _, mut f| {
            let place = f.place();
            let id = this.id(&mut f);
            let kind = f.need_word("kind", &SOURCE_KINDS.map(|word| (word, word)), &mut this.problems);
            let title = f.text("title", &mut this.problems);
            let locator = f.text_or_none("locator", &mut this.problems);
            f.whole("year", 1500, 2100, &mut this.problems);
            f.text_or_none("note", &mut this.problems);
            f.finish(&mut this.problems);
            if let (Some(id), Some(kind), Some(title)) = (id, kind, title) {
                let row = Source { id, kind: kind.to_owned(), title, locator };
                Self::add(&mut this.pack.sources, row, "source", &place, &mut this.problems);
            }
        });
    }

    fn qualifiers(&mut self, tables: &Tables<'_>) {
        self.each(tables, "qualifier", |this, _, mut f| {
            let place = f.place();
            let id = f.text("id", &mut this.problems);
            let label = f.text("label", &mut this.problems);
            let is_choice = f.need_word("kind", &[("choice", true), ("number", false)], &mut this.problems);
            let kind = match is_choice {
                Some(true) => QualifierKind::Choice(this.options(&mut f)),
                Some(false) => QualifierKind::Number(this.number_kind(&mut f)),
                None => return,
            };
            let later_at = f.get("later");
            let later = f.word("later", &Later::WORDS, &mut this.problems).unwrap_or_default();
            let days = matches!(&kind, QualifierKind::Number(number) if number.unit == "days");
            if let (Some(at), Later::CountsOn, false) = (later_at, later, days) {
                let message = "only a number of days can count on";
                this.problems.at(&at, codes::RULE_SHAPE, message, "expected kind = \"number\" and unit = \"days\"");
            }
            f.finish(&mut this.problems);
            if let (Some(id), Some(label)) = (id, label) {
                let row = Qualifier { id, label, kind, later };
                Self::add(&mut this.pack.qualifiers, row, "qualifier", &place, &mut this.problems);
            }
        });
        let found = |id: &str| self.pack.qualifiers.find(id);
        if let (Some(site), Some(status), Some(days_ago)) = (found("site"), found("status"), found("days_ago")) {
            self.pack.qualifier_roles = crate::pack::QualifierRoles { site, status, days_ago };
        }
    }

    /// Reads `options` of a choice.
    pub(super) fn options(&mut self, fields: &mut Fields<'_>) -> Vec<ChoiceOption> {
        self.option_rows(fields, |_, _, _| {})
    }

    /// Reads `options`; `more` reads what a caller allows beyond the usual keys.
    pub(super) fn option_rows(
        &mut self,
        fields: &mut Fields<'_>,
        mut more: impl FnMut(&mut Self, &mut Fields<'_>, &Cursor<'_>),
    ) -> Vec<ChoiceOption> {
        let Some(cursor) = fields.need("options", &mut self.problems) else { return Vec::new() };
        let mut options: Vec<ChoiceOption> = Vec::new();
        let rows = cursor.array(&mut self.problems);
        if rows.is_empty() && cursor.is_array() {
            self.problems.at(&cursor, codes::RULE_SHAPE, "a choice without options", "expected at least one option");
        }
        for option in rows {
            let Some(mut f) = option.table("an option", &mut self.problems) else { continue };
            let id = f.text("id", &mut self.problems);
            let label = f.text("label", &mut self.problems);
            let key = f.text_or_none("key", &mut self.problems).and_then(|key| key.chars().next());
            let help = f.text_or_none("help", &mut self.problems);
            more(self, &mut f, &option);
            f.finish(&mut self.problems);
            if let (Some(id), Some(label)) = (id, label) {
                if options.iter().any(|other| other.id == id) {
                    let message = format!("option `{id}` is there twice");
                    self.problems.at(&option, codes::DUPLICATE_ID, message, "this id is taken");
                }
                if let Some(key) = key.filter(|key| options.iter().any(|other| other.key == Some(*key))) {
                    let message = format!("two options have the key `{key}`");
                    self.problems.at(&option, codes::DUPLICATE_ID, message, "this key is taken");
                }
                options.push(ChoiceOption { id, label, key, help });
            }
        }
        if options.len() > 64 {
            self.problems.at(&cursor, codes::RULE_SHAPE, "more than 64 options", "at most 64 options");
            options.truncate(64);
        }
        options
    }

    /// Reads `min`, `max`, `decimals` and `unit` of a number.
    pub(super) fn number_kind(&mut self, fields: &mut Fields<'_>) -> NumberKind {
        let need = |key, this: &mut Self, fields: &mut Fields<'_>| {
            fields.need(key, &mut this.problems).and_then(|c| c.amount(&mut this.problems)).unwrap_or(Amount::ZERO)
        };
        let min = need("min", self, fields);
        let max_at = fields.get("max");
        let max = need("max", self, fields);
        if let Some(at) = max_at.filter(|_| max < min) {
            let message = format!("`max` is {max} and `min` is {min}");
            self.problems.at(&at, codes::BAD_CONDITION, message, "no number lies between them");
        }
        let decimals = fields.whole("decimals", 0, 3, &mut self.problems).unwrap_or(0);
        let unit = fields.text_or_none("unit", &mut self.problems).unwrap_or_default();
        NumberKind { min, max, decimals: decimals as u8, unit }
    }

    fn groups(&mut self, tables: &Tables<'_>) {
        let lists: Vec<(&str, List)> = List::ALL.iter().map(|list| (list.singular(), *list)).collect();
        self.each(tables, "group", |this, _, mut f| {
            let place = f.place();
            let id = this.id(&mut f);
            let of = f.need_word("of", &lists, &mut this.problems);
            let label = f.text("label", &mut this.problems);
            // `members` and `parents` are read once all items and groups are known.
            f.get("members");
            f.get("parents");
            f.text_or_none("note", &mut this.problems);
            f.finish(&mut this.problems);
            if let (Some(id), Some(of), Some(label)) = (id, of, label) {
                let row = Group { id: format!("{}/{id}", of.singular()), name: id, of, label };
                Self::add(&mut this.pack.groups, row, "group", &place, &mut this.problems);
            }
        });
    }

    fn item_table(&mut self, list: List, tables: &Tables<'_>) {
        self.each(tables, list.singular(), |this, _, mut f| {
            let place = f.place();
            let Some(item) = this.item(list, &mut f) else { return };
            if !matches!(list, List::Allergens | List::Ingredients) {
                f.finish(&mut this.problems);
            }
            let table = match list {
                List::Conditions => &mut this.pack.conditions,
                List::Medications => &mut this.pack.medications,
                List::Events => &mut this.pack.events,
                List::Allergens => &mut this.pack.allergens,
                List::Provenance => &mut this.pack.provenance,
                List::Ingredients => &mut this.pack.ingredients,
            };
            Self::add(table, item, list.singular(), &place, &mut this.problems);
        });
    }

    fn item(&mut self, list: List, f: &mut Fields<'_>) -> Option<Item> {
        let id = self.id(f);
        let label = f.text("label", &mut self.problems);
        let also = f.texts("also", &mut self.problems);
        let has_unii = matches!(list, List::Medications | List::Ingredients);
        let unii = if has_unii { self.unii(f) } else { None };
        let mut groups = Set::default();
        for cursor in f.get("groups").iter().flat_map(Cursor::one_or_many) {
            let Some(name) = cursor.text(&mut self.problems) else { continue };
            match self.pack.groups.find(&format!("{}/{name}", list.singular())) {
                Some(ix) => {
                    groups.insert(ix);
                }
                None => {
                    let known = self.pack.groups.iter().filter(|g| g.of == list).map(|g| g.name.as_str());
                    let what = format!("group of {}", list.word());
                    self.problems.unknown_word(&cursor, codes::UNKNOWN_ID, &what, name, known);
                }
            }
        }
        let asks = Self::refs(&self.pack.qualifiers, f.get("asks"), "qualifier", &mut self.problems);
        let common = f.flag("common", &mut self.problems);
        Some(Item { id: id?, label: label?, also, unii, groups, asks, common })
    }

    /// Reads `unii`; its last sign is computed from the others, so that a slip of the pen shows.
    fn unii(&mut self, f: &mut Fields<'_>) -> Option<String> {
        let cursor = f.get("unii")?;
        let code = cursor.text(&mut self.problems)?;
        let signs: Vec<u32> = code.chars().filter(|c| !c.is_ascii_lowercase()).filter_map(|c| c.to_digit(36)).collect();
        let well_formed = match signs.split_last() {
            Some((last, rest)) => code.len() == 10 && rest.len() == 9 && rest.iter().sum::<u32>() % 36 == *last,
            None => false,
        };
        if !well_formed {
            let expected = "expected ten capitals and digits, such as 3G6A5W338E";
            self.problems.at(&cursor, codes::BAD_ID, format!("`{code}` is not a UNII"), expected);
            return None;
        }
        Some(code.to_owned())
    }

    /// Reads the groups' `members` and `parents` and computes who is in which group.
    fn group_lists(&mut self, tables: &Tables<'_>) {
        let mut parents: Vec<Vec<Ix<Group>>> = vec![Vec::new(); self.pack.groups.len()];
        for list in List::ALL {
            let rows: Vec<(Ix<Item>, Set<Group>)> =
                self.pack.list(list).entries().map(|(ix, item)| (ix, item.groups.clone())).collect();
            for (ix, groups) in rows {
                for group in groups.iter() {
                    self.members.entry(group).or_default().insert(ix);
                }
            }
        }
        self.each(tables, "group", |this, _, mut f| {
            let (Some(id), Some(of)) = (f.get("id"), f.get("of")) else { return };
            let (Some(Scalar::Text(id)), Some(Scalar::Text(of))) = (id.scalar(), of.scalar()) else { return };
            let Some(ix) = this.pack.groups.find(&format!("{of}/{id}")) else { return };
            let list = this.pack.groups[ix].of;
            let members = this.items(f.get("members"), list);
            this.members.entry(ix).or_default().extend(&members);
            for cursor in f.get("parents").iter().flat_map(Cursor::one_or_many) {
                let Some(name) = cursor.text(&mut this.problems) else { continue };
                match this.pack.groups.find(&format!("{of}/{name}")) {
                    Some(parent) => parents[ix.get()].push(parent),
                    None => {
                        let known = this.pack.groups.iter().filter(|g| g.of == list).map(|g| g.name.as_str());
                        this.problems.unknown_word(&cursor, codes::UNKNOWN_ID, "group", name, known);
                    }
                }
            }
        });
        // Fixed point: members flow to parents; a cycle of parents only makes its groups equal.
        loop {
            let mut changed = false;
            for (n, parents) in parents.iter().enumerate() {
                let Some(mine) = self.members.get(&Ix::new(n)).cloned() else { continue };
                for parent in parents {
                    let theirs = self.members.entry(*parent).or_default();
                    for item in mine.iter() {
                        changed |= theirs.insert(item);
                    }
                }
            }
            if !changed {
                break;
            }
        }
        let members: Vec<(Ix<Group>, Set<Item>)> = self.members.iter().map(|(g, s)| (*g, s.clone())).collect();
        for (group, items) in members {
            let list = self.pack.groups[group].of;
            for item in items.iter() {
                let table = match list {
                    List::Conditions => &mut self.pack.conditions,
                    List::Medications => &mut self.pack.medications,
                    List::Events => &mut self.pack.events,
                    List::Allergens => &mut self.pack.allergens,
                    List::Provenance => &mut self.pack.provenance,
                    List::Ingredients => &mut self.pack.ingredients,
                };
                table.row_mut(item).groups.insert(group);
            }
        }
    }

    fn jurisdictions(&mut self, tables: &Tables<'_>) {
        let mut wanted = Vec::new();
        self.each(tables, "jurisdiction", |this, _, mut f| {
            let place = f.place();
            let code_at = f.get("code");
            let code = f.text("code", &mut this.problems);
            if let (Some(at), Some(code)) = (&code_at, &code)
                && !code.chars().all(|c| c.is_ascii_uppercase() || c == '-')
            {
                let expected = "expected capitals, such as FR";
                this.problems.at(at, codes::BAD_ID, format!("`{code}` is not a code"), expected);
            }
            let label = f.text("label", &mut this.problems);
            let notice = f.text_or_none("notice", &mut this.problems);
            let records_years = f.whole("records_years", 1, 100, &mut this.problems).and_then(|n| u8::try_from(n).ok());
            let records_note = f.text_or_none("records_note", &mut this.problems);
            let parent = f.get("parent");
            f.texts("sources", &mut this.problems);
            f.text_or_none("basis", &mut this.problems);
            f.finish(&mut this.problems);
            if let (Some(code), Some(label)) = (code, label) {
                let row = Jurisdiction { code, label, parent: None, notice, records_years, records_note };
                let ix = Self::add(&mut this.pack.jurisdictions, row, "jurisdiction", &place, &mut this.problems);
                wanted.extend(ix.zip(parent));
            }
        });
        for (ix, parent) in wanted {
            let found = Self::reference(&self.pack.jurisdictions, &parent, "jurisdiction", &mut self.problems);
            if found.is_some_and(|parent| self.pack.jurisdiction_path(parent).any(|at| at == ix)) {
                self.problems.at(&parent, codes::CYCLE, "a jurisdiction inside itself", "leads back here");
            } else {
                self.pack.jurisdictions.row_mut(ix).parent = found;
            }
        }
    }

    fn areas(&mut self, tables: &Tables<'_>) {
        let mut wanted = Vec::new();
        self.each(tables, "area", |this, _, mut f| {
            let place = f.place();
            let id = this.id(&mut f);
            let label = f.text("label", &mut this.problems);
            let also = f.texts("also", &mut this.problems);
            let cm2 = f.positive("cm2", &mut this.problems);
            let max_ml = f.positive("max_ml", &mut this.problems);
            let parent = f.get("parent");
            let drawn = f.get("drawn").map(|at| this.spots(&at)).unwrap_or_default();
            f.texts("sources", &mut this.problems);
            f.text_or_none("basis", &mut this.problems);
            f.finish(&mut this.problems);
            if let (Some(id), Some(label)) = (id, label) {
                let row = Area { id, label, also, parent: None, cm2, max_ml, drawn };
                let ix = Self::add(&mut this.pack.areas, row, "area", &place, &mut this.problems);
                wanted.extend(ix.zip(parent));
            }
        });
        for (ix, parent) in wanted {
            let found = Self::reference(&self.pack.areas, &parent, "area", &mut self.problems);
            if found.is_some_and(|parent| self.pack.area_within(parent, ix)) {
                self.problems.at(&parent, codes::CYCLE, "an area inside itself", "leads back here");
            } else {
                self.pack.areas.row_mut(ix).parent = found;
            }
        }
    }

    /// Where an area is on the pictures.
    fn spots(&mut self, at: &Cursor<'_>) -> Vec<Spot> {
        let mut spots = Vec::new();
        for spot in at.array(&mut self.problems) {
            let Some(mut f) = spot.table("spot", &mut self.problems) else { continue };
            let on = f.need_word("on", &Figure::WORDS, &mut self.problems);
            let middle = f.need("at", &mut self.problems).and_then(|at| self.pair(&at, 0));
            let size = f.need("size", &mut self.problems).and_then(|at| self.pair(&at, 1));
            f.finish(&mut self.problems);
            if let (Some(on), Some(at), Some(size)) = (on, middle, size) {
                spots.push(Spot { on, at, size });
            }
        }
        spots
    }

    fn pair(&mut self, at: &Cursor<'_>, least: i32) -> Option<(u8, u8)> {
        let numbers = at.array(&mut self.problems);
        let [a, b] = numbers.as_slice() else {
            self.problems.at(at, WRONG_TYPE, "not a place on a picture", "expected two numbers, across and down");
            return None;
        };
        let mut one = |n: &Cursor<'_>| u8::try_from(n.whole(least, 100, &mut self.problems)?).ok();
        one(a).zip(one(b))
    }

    /// Areas with all areas inside them.
    pub(super) fn area_set(&mut self, cursor: Option<Cursor<'_>>) -> Set<Area> {
        let named = Self::refs(&self.pack.areas, cursor, "area", &mut self.problems);
        let inside = |ix: &Ix<Area>| named.iter().any(|of| self.pack.area_within(*ix, *of));
        self.pack.areas.entries().map(|(ix, _)| ix).filter(inside).collect()
    }

    fn goals(&mut self, tables: &Tables<'_>) {
        self.each(tables, "goal", |this, _, mut f| {
            let place = f.place();
            let id = this.id(&mut f);
            let label = f.text("label", &mut this.problems);
            let also = f.texts("also", &mut this.problems);
            let areas = f.need("areas", &mut this.problems);
            if let Some(at) = areas.as_ref().filter(|c| c.one_or_many().is_empty()) {
                this.problems.at(at, codes::RECIPE_SHAPE, "a goal without areas", "expected at least one area");
            }
            let areas = this.area_set(areas);
            let expected = f.text("expected", &mut this.problems);
            let no_injectable = f.text_or_none("no_injectable", &mut this.problems);
            let instead = f.texts("instead", &mut this.problems);
            let grounds = this.grounds(&mut f);
            f.finish(&mut this.problems);
            if let (Some(id), Some(label), Some(expected)) = (id, label, expected) {
                let row = Goal { id, label, also, areas, expected, no_injectable, instead, grounds };
                Self::add(&mut this.pack.goals, row, "goal", &place, &mut this.problems);
            }
        });
    }

    fn allergen_details(&mut self, tables: &Tables<'_>) {
        self.each(tables, "allergen", |this, _, mut f| {
            ITEM_KEYS.iter().for_each(|key| {
                f.get(key);
            });
            let exposure = f.text_or_none("exposure", &mut this.problems).unwrap_or_default();
            let message = f.text_or_none("message", &mut this.problems).unwrap_or_default();
            let grounds = this.grounds(&mut f);
            let cross_reacts = this.cross_reactions(f.get("cross_reacts"), &grounds.review);
            let not_cross = this.cross_reactions(f.get("not_cross"), &grounds.review);
            let mine = f.get("id").and_then(|c| match c.scalar() {
                Some(Scalar::Text(id)) => this.pack.allergens.find(id),
                _ => None,
            });
            f.finish(&mut this.problems);
            // A duplicate was reported already; its details must not shift the others' positions.
            if mine.is_some_and(|ix| ix.get() == this.pack.allergen_details.len()) {
                let row = AllergenDetail { exposure, message, cross_reacts, not_cross, grounds };
                this.pack.allergen_details.push(row);
            }
        });
    }

    fn cross_reactions(&mut self, cursor: Option<Cursor<'_>>, review: &ReviewState) -> Vec<CrossReaction> {
        let Some(cursor) = cursor else { return Vec::new() };
        let mut found = Vec::new();
        for row in cursor.array(&mut self.problems) {
            let Some(mut f) = row.table("a cross-reaction", &mut self.problems) else { continue };
            let allergen = f
                .need("id", &mut self.problems)
                .and_then(|c| Self::reference(&self.pack.allergens, &c, "allergen", &mut self.problems));
            let note = f.text_or_none("note", &mut self.problems).unwrap_or_default();
            let grounds = self.grounds_within(&mut f, review);
            f.finish(&mut self.problems);
            found.extend(allergen.map(|allergen| CrossReaction { allergen, note, grounds }));
        }
        found
    }
}
