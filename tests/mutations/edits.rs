//! One random edit of the files of a pack, of a kind that a tired author makes.

use pistor::pack::load::LayerFiles;
use pistor::source::SourceFile;
use toml::{Table, Value};

/// Numbers from a seed (SplitMix64).
pub struct Draw(u64);

impl Draw {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d)
    }

    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((x ^ (x >> 31)) % n.max(1) as u64) as usize
    }

    pub fn one<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.below(of.len()))
    }
}

/// The kinds of edits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Kind {
    Threshold,
    Operator,
    ItemOfCondition,
    MemberOfGroup,
    MilderVerdict,
    RuleDeleted,
    Exclusion,
    Unless,
    LinkOfVocabulary,
    AnyToAll,
    PartOfCondition,
    OptionSwapped,
    SlotOfRecipe,
    RecipeRequires,
    Scope,
    Question,
}

impl Kind {
    pub const ALL: [Self; 16] = [
        Self::Threshold,
        Self::ItemOfCondition,
        Self::MilderVerdict,
        Self::Exclusion,
        Self::Unless,
        Self::LinkOfVocabulary,
        Self::RuleDeleted,
        Self::Operator,
        Self::MemberOfGroup,
        Self::SlotOfRecipe,
        Self::AnyToAll,
        Self::OptionSwapped,
        Self::PartOfCondition,
        Self::RecipeRequires,
        Self::Scope,
        Self::Question,
    ];

    pub const fn words(self) -> &'static str {
        match self {
            Self::Threshold => "a number of a condition one step off",
            Self::Operator => "at-least/over, under/at-most exchanged",
            Self::ItemOfCondition => "an item dropped from a condition",
            Self::MemberOfGroup => "a member dropped from a group",
            Self::MilderVerdict => "a verdict one step milder",
            Self::RuleDeleted => "a rule deleted",
            Self::Exclusion => "something dropped from an exclusion",
            Self::Unless => "an `unless` added",
            Self::LinkOfVocabulary => "a cross-reaction, content or status dropped",
            Self::AnyToAll => "`any` made `all`",
            Self::PartOfCondition => "one of several tests dropped",
            Self::OptionSwapped => "another option of a question",
            Self::SlotOfRecipe => "an ingredient put into, or first in, a slot",
            Self::RecipeRequires => "what a recipe requires dropped",
            Self::Scope => "a refusal of all made one of its goals",
            Self::Question => "a question made optional",
        }
    }
}

/// A place in a file, and what happens there.
struct Site {
    file: usize,
    path: Vec<Step>,
    act: Act,
}

#[derive(Clone, Debug)]
enum Step {
    Key(String),
    At(usize),
}

#[derive(Clone, Debug)]
enum Act {
    Set(Value),
    /// A rule with another verdict.
    Milder(Value, &'static str),
    Rename(String, String),
    Insert(Vec<(String, Value)>),
    RemoveKey(String),
    RemoveAt(usize),
}

/// An edited pack.
pub struct Edited {
    pub what: String,
    /// The rule that was edited, if it was one.
    pub rule: Option<String>,
    pub layer: LayerFiles,
}

/// The files of a pack as tables.
pub struct Files {
    layer: LayerFiles,
    tables: Vec<Table>,
}

impl Files {
    pub fn of(layer: LayerFiles) -> Self {
        let tables = layer.files.iter().map(|file| file.text.parse().expect("TOML")).collect();
        Self { layer, tables }
    }

    /// An edit of a kind, chosen by the draw.
    pub fn edit(&self, kind: Kind, draw: &mut Draw) -> Edited {
        let mut sites = Vec::new();
        for (n, table) in self.tables.iter().enumerate() {
            let path = &self.layer.files[n].path;
            // Cases, languages and the safety case stay: they are what an edit is held against.
            if ["cases/", "topics/", "languages/", "safety-case"].iter().all(|part| !path.contains(part)) {
                self.sites(kind, n, table, draw, &mut sites);
            }
        }
        let site = draw.one(&sites).unwrap_or_else(|| panic!("no place for {kind:?}"));
        let mut table = Value::Table(self.tables[site.file].clone());
        let (head, rule) = match site.path.as_slice() {
            [Step::Key(head), Step::At(n), ..] => {
                let row = &self.tables[site.file][head][n];
                let id = row.get("id").and_then(Value::as_str).unwrap_or("?").to_owned();
                (format!("{head} {id}"), (head == "rule").then_some(id))
            }
            _ => (String::new(), None),
        };
        let deleted = match (&site.act, site.path.as_slice()) {
            (Act::RemoveAt(n), [Step::Key(head)]) => self.tables[site.file][head][n].get("id").and_then(Value::as_str),
            _ => None,
        };
        let what = match deleted {
            Some(id) => format!("rule {id}: deleted"),
            None => match &site.act {
                Act::Milder(_, verdict) => format!("{head}: now {verdict}"),
                other => format!("{head}: {} {other:?}", words(&site.path[2..])),
            },
        };
        let rule = deleted.map(str::to_owned).or(rule);
        act(&mut table, &site.path, &site.act);
        let mut layer = self.layer.clone();
        let text = toml::to_string(&table).expect("TOML");
        layer.files[site.file] = SourceFile::new(self.layer.files[site.file].path.clone(), text);
        Edited { what, rule, layer }
    }

    fn sites(&self, kind: Kind, file: usize, table: &Table, draw: &mut Draw, sites: &mut Vec<Site>) {
        let mut add = |path: Vec<Step>, act: Act| sites.push(Site { file, path, act });
        let rows = |head: &str| {
            let array = table.get(head).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            let head = head.to_owned();
            array.iter().enumerate().map(move |(n, row)| (vec![Step::Key(head.clone()), Step::At(n)], row))
        };
        let at = |path: &[Step], key: &str| [path, &[Step::Key(key.to_owned())]].concat();
        match kind {
            Kind::RuleDeleted => rows("rule").for_each(|(path, _)| {
                let Step::At(n) = path[1] else { return };
                add(vec![path[0].clone()], Act::RemoveAt(n));
            }),
            Kind::MilderVerdict => rows("rule").for_each(|(path, rule)| {
                let later: Table = "event = \"later\"".parse().expect("TOML");
                // With what the milder verdict needs, and without what it does not take.
                let (verdict, more, less) = match rule["verdict"].as_str() {
                    Some("decline") => ("refer", Some(("to", Value::from("somebody"))), None),
                    Some("refer") => ("defer", Some(("until", Value::Table(later))), Some("to")),
                    Some("defer") => ("clearance", Some(("from", Value::from("somebody"))), Some("until")),
                    Some("clearance") => ("caution", None, Some("from")),
                    Some("caution") => ("proceed", None, None),
                    _ => return,
                };
                let mut milder = rule.clone();
                let Value::Table(row) = &mut milder else { return };
                less.into_iter().chain(["urgent"]).for_each(|key| drop(row.remove(key)));
                row.insert("verdict".to_owned(), Value::from(verdict));
                row.extend(more.map(|(key, value)| (key.to_owned(), value)));
                add(path, Act::Milder(milder, verdict));
            }),
            Kind::Exclusion => rows("rule").for_each(|(path, rule)| {
                let Some(Value::Table(exclude)) = rule.get("exclude") else { return };
                let path = at(&path, "exclude");
                for (key, list) in exclude {
                    let n = list.as_array().map_or(0, Vec::len);
                    match n {
                        0 | 1 => add(path.clone(), Act::RemoveKey(key.clone())),
                        _ => (0..n).for_each(|k| add(at(&path, key), Act::RemoveAt(k))),
                    }
                }
            }),
            Kind::Unless => rows("rule").filter(|(_, rule)| rule.get("unless").is_none()).for_each(|(path, _)| {
                let some = [
                    "patient = { age = { over = 60 } }",
                    "patient = { sex = \"male\" }",
                    "jurisdiction = \"US\"",
                    "medication = \"aspirin\"",
                    "patient = { bmi = { at-least = 30 } }",
                    "goal = \"hydration\"",
                ];
                let text = draw.one(&some).unwrap_or(&some[0]);
                let table: Table = text.parse().expect("TOML");
                add(path, Act::Insert(vec![("unless".to_owned(), Value::Table(table))]));
            }),
            Kind::Scope => rows("rule").for_each(|(path, rule)| {
                let session = rule.get("scope").is_none_or(|scope| scope.as_str() == Some("session"));
                let strict = !matches!(rule["verdict"].as_str(), Some("caution" | "proceed"));
                if session && strict {
                    let goals = Value::Table([("goal".into(), Value::from(vec!["hydration"]))].into_iter().collect());
                    add(path, Act::Insert(vec![("scope".into(), "goal".into()), ("exclude".into(), goals)]));
                }
            }),
            Kind::MemberOfGroup => {
                rows("group").for_each(|(path, row)| each_of(row, "members", &path, 1, &mut add));
                for head in ["condition", "medication", "allergen", "event", "ingredient"] {
                    rows(head).for_each(|(path, row)| each_of(row, "groups", &path, 1, &mut add));
                }
            }
            Kind::LinkOfVocabulary => {
                rows("allergen").for_each(|(path, row)| each_of(row, "cross_reacts", &path, 1, &mut add));
                rows("ingredient").for_each(|(path, row)| {
                    each_of(row, "contains", &path, 1, &mut add);
                    let status = row.get("status").and_then(Value::as_table);
                    status
                        .into_iter()
                        .flat_map(Table::keys)
                        .for_each(|key| add(at(&path, "status"), Act::RemoveKey(key.clone())));
                });
            }
            Kind::SlotOfRecipe => rows("recipe").for_each(|(path, recipe)| {
                let slots = recipe.get("slot").and_then(Value::as_array);
                for (n, slot) in slots.into_iter().flatten().enumerate() {
                    let Some(Value::Array(list)) = slot.get("use") else { continue };
                    let path = [at(&path, "slot"), vec![Step::At(n), Step::Key("use".to_owned())]].concat();
                    let mut more = list.clone();
                    let put = ["lidocaine", "tranexamic-acid", "glutathione", "minoxidil", "procaine", "vitamin-c"];
                    let new = *draw.one(&put).unwrap_or(&put[0]);
                    if !list.iter().any(|id| id.as_str() == Some(new)) {
                        more.insert(draw.below(list.len() + 1), Value::from(new));
                        add(path.clone(), Act::Set(Value::Array(more)));
                    }
                    if list.len() > 1 {
                        add(path, Act::Set(Value::Array(list.iter().rev().cloned().collect())));
                    }
                }
            }),
            Kind::RecipeRequires => rows("recipe")
                .filter(|(_, row)| row.get("requires").is_some())
                .for_each(|(path, _)| add(path, Act::RemoveKey("requires".to_owned()))),
            Kind::Question => rows("question").for_each(|(path, row)| {
                if row.get("optional").and_then(Value::as_bool) != Some(true) && row.get("derived").is_none() {
                    let optional = [("optional".to_owned(), true.into()), ("required".to_owned(), false.into())];
                    add(path, Act::Insert(optional.into_iter().collect()));
                }
            }),
            Kind::Threshold
            | Kind::Operator
            | Kind::ItemOfCondition
            | Kind::AnyToAll
            | Kind::PartOfCondition
            | Kind::OptionSwapped => {
                for (head, key) in
                    [("rule", "when"), ("rule", "unless"), ("recipe", "requires"), ("question", "ask_when")]
                {
                    for (path, row) in rows(head) {
                        if let Some(value) = row.get(key) {
                            inside(kind, value, &at(&path, key), draw, &mut add);
                        }
                    }
                }
            }
        }
    }
}

/// Every element of a list that has at least so many.
fn each_of(row: &Value, key: &str, path: &[Step], least: usize, add: &mut dyn FnMut(Vec<Step>, Act)) {
    let n = row.get(key).and_then(Value::as_array).map_or(0, Vec::len);
    if n >= least {
        (0..n).for_each(|k| add([path, &[Step::Key(key.to_owned())]].concat(), Act::RemoveAt(k)));
    }
}

/// Edits of a condition and the parts of it.
fn inside(kind: Kind, value: &Value, path: &[Step], draw: &mut Draw, add: &mut dyn FnMut(Vec<Step>, Act)) {
    const OPERATORS: [(&str, &str); 4] =
        [("under", "at-most"), ("at-most", "under"), ("over", "at-least"), ("at-least", "over")];
    let deeper = |step: Step| [path, &[step]].concat();
    match value {
        Value::Table(table) => {
            for (key, part) in table {
                let here = deeper(Step::Key(key.clone()));
                let number = OPERATORS.iter().find(|(name, _)| name == key).filter(|_| !table.contains_key("of"));
                match (kind, part) {
                    (Kind::Threshold, Value::Integer(n)) if OPERATORS.iter().any(|(name, _)| name == key) => {
                        add(here.clone(), Act::Set(Value::Integer(n + [1, -1][draw.below(2)])));
                    }
                    (Kind::Threshold, Value::Float(n)) => add(here.clone(), Act::Set(Value::Float(n + 0.1))),
                    (Kind::Operator, _) => {
                        if let Some((from, to)) = number {
                            add(path.to_vec(), Act::Rename((*from).to_owned(), (*to).to_owned()));
                        }
                    }
                    (Kind::AnyToAll, Value::Array(of))
                        if key == "any" && of.len() > 1 && !table.contains_key("all") =>
                    {
                        add(path.to_vec(), Act::Rename("any".to_owned(), "all".to_owned()));
                    }
                    (Kind::PartOfCondition, _) if key == "with" || (key == "all" && table.len() > 1) => {
                        add(path.to_vec(), Act::RemoveKey(key.clone()));
                    }
                    (Kind::PartOfCondition, Value::Array(of)) if key == "all" && of.len() > 1 => {
                        (0..of.len()).for_each(|n| add(here.clone(), Act::RemoveAt(n)));
                    }
                    (Kind::OptionSwapped, Value::String(_)) => {
                        let other =
                            ["yes", "no", "none", "female", "male", "past", "active", "here", "elsewhere", "1", "4"];
                        if ["sex", "status", "site", "pregnancy", "reaction", "severity", "fitzpatrick"]
                            .contains(&key.as_str())
                        {
                            add(here.clone(), Act::Set(Value::from(*draw.one(&other).unwrap_or(&"no"))));
                        }
                    }
                    (Kind::ItemOfCondition | Kind::OptionSwapped, Value::Array(of))
                        if of.len() > 1 && of.iter().all(Value::is_str) =>
                    {
                        (0..of.len()).for_each(|n| add(here.clone(), Act::RemoveAt(n)));
                    }
                    (Kind::ItemOfCondition, Value::Array(of)) if key == "any" && of.len() > 1 => {
                        (0..of.len()).for_each(|n| add(here.clone(), Act::RemoveAt(n)));
                    }
                    _ => {}
                }
                inside(kind, part, &here, draw, add);
            }
        }
        Value::Array(of) => {
            for (n, part) in of.iter().enumerate() {
                inside(kind, part, &deeper(Step::At(n)), draw, add);
            }
        }
        _ => {}
    }
}

fn words(path: &[Step]) -> String {
    let steps = path.iter().map(|step| match step {
        Step::Key(key) => key.clone(),
        Step::At(n) => n.to_string(),
    });
    steps.collect::<Vec<_>>().join(".")
}

fn act(value: &mut Value, path: &[Step], what: &Act) {
    if let [first, rest @ ..] = path {
        let inner = match first {
            Step::Key(key) => value.get_mut(key.as_str()),
            Step::At(n) => value.get_mut(*n),
        };
        return act(inner.expect("the place exists"), rest, what);
    }
    match (what, value) {
        (Act::Set(new) | Act::Milder(new, _), value) => *value = new.clone(),
        (Act::Rename(from, to), Value::Table(table)) => {
            if let Some(part) = table.remove(from) {
                table.insert(to.clone(), part);
            }
        }
        (Act::Insert(rows), Value::Table(table)) => table.extend(rows.iter().cloned()),
        (Act::RemoveKey(key), Value::Table(table)) => drop(table.remove(key)),
        (Act::RemoveAt(n), Value::Array(list)) => drop(list.remove(*n)),
        (what, value) => panic!("{what:?} does not fit {value}"),
    }
}
