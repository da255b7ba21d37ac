//! Reads what is known of ingredients: details, techniques, limits, mixing.

use super::grounds::GRADES;
use super::{Loader, Tables, codes};
use crate::pack::fact::Basis;
use crate::pack::ingredient::{GoalEvidence, IngredientDetail, Limit, MixLevel, Mixing, Per, Status, Technique};
use crate::pack::table::{Ix, Set};
use crate::pack::vocabulary::{Item, List};
use crate::source::{Amount, Cursor, Fields, Problems, Scalar};

/// What a limit may bound.
const BOUNDS: [&str; 7] = ["mg_per_kg", "mg", "ml", "cm2", "points", "sessions", "interval_days"];

/// What a mixing rule may say.
const LEVELS: [(&str, MixLevel); 3] =
    [("block", MixLevel::Block), ("warn", MixLevel::Warn), ("compatible", MixLevel::Compatible)];

impl Loader {
    /// Techniques, ingredient details, limits, mixing rules.
    pub(super) fn details(&mut self, tables: &Tables<'_>) {
        self.techniques(tables);
        self.ingredient_details(tables);
        self.limits(tables);
        self.mixing(tables);
    }

    fn techniques(&mut self, tables: &Tables<'_>) {
        self.each(tables, "technique", |this, _, mut f| {
            let place = f.place();
            let id = this.id(&mut f);
            let label = f.text("label", &mut this.problems);
            let depth_mm = this.depth(&mut f);
            let needle = f.text_or_none("needle", &mut this.problems).unwrap_or_default();
            let describe = f.text_or_none("describe", &mut this.problems).unwrap_or_default();
            f.texts("also", &mut this.problems);
            let grounds = this.grounds(&mut f);
            f.text_or_none("contested", &mut this.problems);
            f.finish(&mut this.problems);
            if let (Some(id), Some(label)) = (id, label) {
                let depth_mm = depth_mm.unwrap_or((Amount::ZERO, Amount::ZERO));
                let row = Technique { id, label, depth_mm, needle, describe, grounds };
                Self::add(&mut this.pack.techniques, row, "technique", &place, &mut this.problems);
            }
        });
    }

    /// Reads `depth_mm = [from, to]`.
    pub(super) fn depth(&mut self, f: &mut Fields<'_>) -> Option<(Amount, Amount)> {
        let cursor = f.get("depth_mm")?;
        if !cursor.is_array() {
            self.problems.at(
                &cursor,
                codes::RECIPE_SHAPE,
                "not a depth",
                "expected [from, to] in mm, such as [1.0, 2.0]",
            );
            return None;
        }
        let values: Vec<Amount> =
            cursor.array(&mut self.problems).iter().filter_map(|c| c.amount(&mut self.problems)).collect();
        match values[..] {
            [from, to] if from <= to && from >= Amount::ZERO => Some((from, to)),
            _ => {
                self.problems.at(
                    &cursor,
                    codes::RECIPE_SHAPE,
                    "not a depth",
                    "expected [from, to] in mm, such as [1.0, 2.0]",
                );
                None
            }
        }
    }

    fn ingredient_details(&mut self, tables: &Tables<'_>) {
        let statuses: Vec<(&str, Status)> = Status::ALL.iter().map(|s| (s.word(), *s)).collect();
        self.each(tables, "ingredient", |this, _, mut f| {
            for key in ["label", "also", "unii", "groups", "asks", "common"] {
                f.get(key);
            }
            let mine = f.get("id").and_then(|c| match c.scalar() {
                Some(Scalar::Text(id)) => this.pack.ingredients.find(id),
                _ => None,
            });
            // Left out by oversight, an allergy would never meet it; that it holds no known allergen is said on purpose.
            let contains_at = f.need("contains", &mut this.problems);
            let contains = this.items(contains_at, List::Allergens);
            let components = this.components(mine, f.get("components"));
            let mut status = Vec::new();
            if let Some(table) = f.get("status").and_then(|c| c.table("`status`", &mut this.problems)) {
                for (code, at, value) in table.entries() {
                    if code != "all" && this.pack.jurisdictions.find(code).is_none() {
                        let known = this.pack.jurisdictions.ids();
                        this.problems.unknown_word(&at, codes::UNKNOWN_ID, "jurisdiction", code, known);
                    }
                    let Some(word) = value.text(&mut this.problems) else { continue };
                    match statuses.iter().find(|(w, _)| *w == word) {
                        Some((_, one)) => status.push((code.to_owned(), *one)),
                        None => {
                            let known = statuses.iter().map(|(w, _)| *w);
                            this.problems.unknown_word(&value, codes::UNKNOWN_ID, "status", word, known);
                        }
                    }
                }
            }
            let offered = f.get("offered").and_then(|c| c.bool(&mut this.problems)).unwrap_or(true);
            this.agree(&mut f);
            let row = IngredientDetail {
                contains,
                components,
                purpose: f.text_or_none("purpose", &mut this.problems).unwrap_or_default(),
                concentration: f.text_or_none("concentration", &mut this.problems).unwrap_or_default(),
                mg_per_ml: f.positive("mg_per_ml", &mut this.problems),
                mg_per_ml_max: f.positive("mg_per_ml_max", &mut this.problems),
                depth_mm: this.depth(&mut f),
                never_by: Self::refs(&this.pack.techniques, f.get("never_by"), "technique", &mut this.problems)
                    .into_iter()
                    .collect(),
                route: f.text_or_none("route", &mut this.problems).unwrap_or_default(),
                caution: f.text_or_none("caution", &mut this.problems).unwrap_or_default(),
                evidence_for: this.evidence_for(f.get("evidence_for")),
                status,
                status_note: f.text_or_none("status_note", &mut this.problems).unwrap_or_default(),
                status_sources: this.sources(f.get("status_sources")),
                offered,
                grounds: this.grounds(&mut f),
            };
            f.finish(&mut this.problems);
            // A duplicate was reported already; its details must not shift the others' positions.
            if mine.is_some_and(|ix| ix.get() == this.pack.ingredient_details.len()) {
                this.pack.ingredient_details.push(row);
            }
        });
    }

    /// A concentration stands twice, for people and for reckoning: where the words begin with one, both are the same.
    fn agree(&mut self, f: &mut Fields<'_>) {
        let (Some(words_at), Some(number_at)) = (f.get("concentration"), f.get("mg_per_ml")) else { return };
        let Some(Scalar::Text(words)) = words_at.scalar() else { return };
        let (Some(said), Some(number)) = (stated(words), number_at.amount(&mut Problems::default())) else { return };
        if said != number {
            let message = format!("the words say {words}, and the number {number} mg/mL");
            let help = "doses are reckoned from the number, and the plan prints the words";
            self.problems.at_with_help(&number_at, codes::RECIPE_SHAPE, message, format!("expected {said}"), help);
        }
    }

    /// Reads what a product is made of.
    fn components(&mut self, mine: Option<Ix<Item>>, cursor: Option<Cursor<'_>>) -> Set<Item> {
        let components = self.items(cursor.clone(), List::Ingredients);
        if let (Some(at), Some(mine)) = (&cursor, mine)
            && components.contains(mine)
        {
            let message = format!("`{}` is a component of itself", self.pack.ingredients[mine].id);
            self.problems.at(at, codes::RECIPE_SHAPE, message, "expected the ingredients that it is made of");
        }
        components
    }

    /// The ingredients named and every product made with one of them, products of products included: what is said
    /// against a component holds against the product.
    pub(super) fn with_products(&self, mut named: Set<Item>) -> Set<Item> {
        loop {
            let mut grew = false;
            for (n, detail) in self.pack.ingredient_details.iter().enumerate() {
                if detail.components.iter().any(|component| named.contains(component)) {
                    grew |= named.insert(Ix::new(n));
                }
            }
            if !grew {
                return named;
            }
        }
    }

    fn evidence_for(&mut self, cursor: Option<Cursor<'_>>) -> Vec<GoalEvidence> {
        let Some(cursor) = cursor else { return Vec::new() };
        let mut found = Vec::new();
        for row in cursor.array(&mut self.problems) {
            let Some(mut f) = row.table("an entry of `evidence_for`", &mut self.problems) else { continue };
            let goal = f
                .need("goal", &mut self.problems)
                .and_then(|c| Self::reference(&self.pack.goals, &c, "goal", &mut self.problems));
            let grade = f.need_word("grade", &GRADES, &mut self.problems);
            let note = f.text_or_none("note", &mut self.problems).unwrap_or_default();
            let (basis, sources) = self.basis(&mut f);
            f.finish(&mut self.problems);
            if let (Some(goal), Some(grade)) = (goal, grade) {
                found.push(GoalEvidence { goal, grade, note, basis, sources });
            }
        }
        found
    }

    fn limits(&mut self, tables: &Tables<'_>) {
        let spans = [("session", Per::Session), ("site", Per::Site), ("course", Per::Course), ("day", Per::Day)];
        self.each(tables, "limit", |this, _, mut f| {
            let place = f.place();
            let id = this.id(&mut f);
            let one = f.get("ingredient");
            let class = f.get("class");
            let mut ingredients = this.items(one.clone(), List::Ingredients);
            ingredients.extend(&this.class_members(&mut f));
            let everything = f.flag("everything", &mut this.problems);
            if everything {
                ingredients = this.pack.ingredients.entries().map(|(ix, _)| ix).collect();
            }
            if one.is_some() || class.is_some() {
                if everything {
                    let help = "take away `ingredient` and `class`, or `everything`";
                    let message = "a limit of everything that names an ingredient";
                    this.problems.at_with_help(&place, codes::RECIPE_SHAPE, message, "says two things", help);
                }
            } else if !everything {
                let expected = "expected `ingredient`, `class` or `everything = true`";
                this.problems.at(&place, codes::RECIPE_SHAPE, "a limit of nothing", expected);
            }
            let label = f.text_or_none("label", &mut this.problems);
            let per = f.need_word("per", &spans, &mut this.problems);
            let mg_per_kg = f.positive("mg_per_kg", &mut this.problems);
            let jurisdictions = f.get("jurisdiction").and_then(|c| this.jurisdiction_bits(&c));
            let of_class = class.as_ref().and_then(|c| match c.scalar() {
                Some(Scalar::Text(class)) => this.pack.groups.get(&format!("{}/{class}", List::Ingredients.singular())),
                _ => None,
            });
            let label = label.or_else(|| of_class.filter(|_| one.is_none()).map(|group| group.label.clone()));
            let named: Vec<String> = ingredients.iter().map(|ix| this.pack.ingredients[ix].label.clone()).collect();
            let limit = Limit {
                id: id.clone().unwrap_or_default(),
                ingredients,
                label: label
                    .unwrap_or_else(|| if everything { "Everything together".to_owned() } else { named.join(", ") }),
                everything,
                per: per.unwrap_or(Per::Session),
                mg_per_kg,
                mg: f.positive("mg", &mut this.problems),
                ml: f.positive("ml", &mut this.problems),
                cm2: f.positive("cm2", &mut this.problems),
                points: f.whole("points", 1, 10_000, &mut this.problems),
                sessions: f.whole("sessions", 1, 1000, &mut this.problems),
                interval_days: f.whole("interval_days", 1, 3650, &mut this.problems),
                reads: mg_per_kg.map(|_| this.pack.roles.weight),
                jurisdictions,
                pool: f.text_or_none("pool", &mut this.problems),
                note: f.text_or_none("note", &mut this.problems).unwrap_or_default(),
                grounds: this.grounds(&mut f),
            };
            // A bound that could not be read was told already.
            let bounds = BOUNDS.iter().any(|key| f.get(key).is_some());
            // A bound that its span cannot have would never be read.
            for (span, key, what) in
                [(Per::Site, "points", "one point"), (Per::Site, "cm2", "one point"), (Per::Course, "cm2", "a course")]
            {
                if let Some(at) = f.get(key).filter(|_| per == Some(span)) {
                    let message = format!("`{key}` of {what}");
                    this.problems.at(&at, codes::RECIPE_SHAPE, message, "means nothing with this `per`");
                }
            }
            f.finish(&mut this.problems);
            if !bounds {
                this.problems.at(
                    &place,
                    codes::RECIPE_SHAPE,
                    "a limit without a number",
                    format!("expected one of {}", BOUNDS.join(", ")),
                );
            }
            if id.is_some() && per.is_some() {
                Self::add(&mut this.pack.limits, limit, "limit", &place, &mut this.problems);
            }
        });
    }

    fn mixing(&mut self, tables: &Tables<'_>) {
        self.each(tables, "mixing", |this, _, mut f| {
            let place = f.place();
            let id = this.id(&mut f);
            let a = f.need("a", &mut this.problems);
            let a = this.items(a, List::Ingredients);
            let alone = f.flag("alone", &mut this.problems);
            let level_at = f.get("level");
            let level = f.need_word("level", &LEVELS, &mut this.problems);
            let b_at = f.get("b");
            let b = this.items(b_at.clone(), List::Ingredients);
            // That something is used as supplied is said of the product: a vitamin out of its oil may be mixed. And what
            // was shown of one thing was not shown of everything it is part of.
            let compatible = level == Some(MixLevel::Compatible);
            let a = if alone || compatible { a } else { this.with_products(a) };
            let b = if compatible { b } else { this.with_products(b) };
            let why = f.text("why", &mut this.problems);
            let grounds = this.grounds(&mut f);
            f.finish(&mut this.problems);
            if let Some(at) = level_at.filter(|_| level == Some(MixLevel::Compatible)) {
                if grounds.basis != Basis::Source {
                    let message = "a pair is called compatible without a source";
                    let help = "cite who has shown it; what nobody has shown is unknown";
                    this.problems.at_with_help(&at, codes::NO_SOURCE, message, "expected `basis = \"source\"`", help);
                }
                if alone {
                    let message = "compatible with everything";
                    this.problems.at(&at, codes::RECIPE_SHAPE, message, "expected `b`: each partner by name");
                }
            }
            if let Some(at) = b_at.as_ref().filter(|c| alone && !c.one_or_many().is_empty()) {
                let message = "a mixing rule with `alone` and `b`";
                this.problems.at(at, codes::RECIPE_SHAPE, message, "would not be read: `alone` means anything else");
            }
            if !alone && b_at.is_none_or(|c| c.one_or_many().is_empty()) {
                this.problems.at(
                    &place,
                    codes::RECIPE_SHAPE,
                    "a mixing rule with one side",
                    "expected `b`, or `alone = true`",
                );
            }
            if let (Some(id), Some(level), Some(why)) = (id, level, why) {
                let row = Mixing { id, a, b: (!alone).then_some(b), level, why, grounds };
                Self::add(&mut this.pack.mixing, row, "mixing rule", &place, &mut this.problems);
            }
        });
    }
}

/// The mg/mL that a text begins with, in that unit or in per cent; none where it gives a range or something else.
fn stated(words: &str) -> Option<Amount> {
    let end = words.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, rest) = words.split_at(end);
    let rest = rest.trim_start();
    let factor = if rest.starts_with("mg/mL") || rest.starts_with("mg/ml") {
        1.0
    } else if rest.starts_with('%') {
        10.0
    } else {
        return None;
    };
    Amount::from_f64(number.parse::<f64>().ok()? * factor)
}
