//! Words that nothing reads, and questions whose answer nothing reads.
//!
//! The lowest layer holds vocabulary for two purposes beside its own rules: to be found while one types, so that an
//! everyday disease is recognised and not left to be reviewed by hand, and to be read by the layers above. Its entries,
//! groups and qualifiers are in use by being there. What a layer above adds is meant for something: it is in use when a
//! rule, recipe or question reads it, or when a case of the layer names it ("with this, the outcome is so").

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::book::{Book, Row, get, texts};
use super::{Subject, some};
use crate::pack::{Condition, Identified, Item, Ix, List, Pack, Qualifier, Verdict};
use crate::source::{Code, Problems};

const UNREAD: Code = Code("L0301");
const ASKED_FOR_NOTHING: Code = Code("L0302");
const NEVER_ASKED: Code = Code("L0303");
const UNUSED: Code = Code("L0304");
const PASSED_OVER: Code = Code("L0305");

/// The lists whose entries wait for a rule. An ingredient is of use in the formulary alone.
const WAITING: [List; 5] = [List::Conditions, List::Medications, List::Events, List::Allergens, List::Provenance];

pub(super) fn look(subject: Subject<'_>, book: &Book<'_>, notes: &mut Problems) {
    let reads = Reads::of(subject.pack);
    let mut words = BTreeSet::new();
    let passive = ["group", "qualifier", "source", "pack", "review", "wording", "language"];
    let lists: Vec<&str> = List::ALL.iter().map(|list| list.singular()).collect();
    for row in book.rows().filter(|row| !passive.contains(&row.kind) && !lists.contains(&row.kind)) {
        row.words(&mut words);
    }
    for list in WAITING {
        let unread = |row: &&Row<'_>| {
            let item = row.id().and_then(|id| subject.pack.list(list).find(id));
            item.is_some_and(|item| !reads.items.contains(&(list, item)))
                && row.id().is_some_and(|id| !words.contains(id))
        };
        let rows = book.of_kind(list.singular()).filter(|row| row.layer > 0).filter(unread);
        unread_rows(list.word(), rows, notes);
    }
    let spoken = |name: &str| ["", "group:", "class:"].iter().any(|prefix| words.contains(&*format!("{prefix}{name}")));
    let groups = book.of_kind("group").filter(|row| row.layer > 0);
    unread_rows("groups", groups.filter(|row| row.id().is_some_and(|id| !spoken(id))), notes);
    let qualifiers = book.of_kind("qualifier").filter(|row| row.layer > 0);
    // One that is asked is told where it is asked.
    let asked =
        |q: Ix<Qualifier>| List::ALL.iter().any(|list| subject.pack.list(*list).iter().any(|i| i.asks.contains(&q)));
    let unread = |row: &&Row<'_>| {
        row.id().and_then(|id| subject.pack.qualifiers.find(id)).is_some_and(|q| !reads.any(q) && !asked(q))
    };
    unread_rows("qualifiers", qualifiers.filter(unread), notes);
    asked_and_read(subject.pack, &reads, book, notes);
    unused(book, &words, notes);
    passed_over(subject.pack, book, notes);
}

/// What the conditions of a pack read.
struct Reads {
    items: HashSet<(List, Ix<Item>)>,
    tests: HashSet<(List, Ix<Item>, Ix<Qualifier>)>,
    of_rules: Vec<RuleTest>,
}

/// A test of a rule, and the items it concerns.
struct RuleTest {
    rule: usize,
    list: List,
    items: Vec<Ix<Item>>,
    qualifier: Ix<Qualifier>,
}

impl Reads {
    fn of(pack: &Pack) -> Self {
        let mut reads = Self { items: HashSet::new(), tests: HashSet::new(), of_rules: Vec::new() };
        let rules = pack.rules.iter().map(|rule| &rule.when).enumerate();
        let rest = pack.recipes.iter().map(|recipe| &recipe.requires);
        let rest = rest.chain(pack.questions.iter().filter_map(|question| question.ask_when.as_ref()));
        for (n, when) in rules.map(|(n, when)| (Some(n), when)).chain(rest.map(|when| (None, when))) {
            when.visit(&mut |part| {
                let Condition::Listed { list, items, with, .. } = part else { return };
                reads.items.extend(items.iter().map(|item| (*list, item)));
                for test in with {
                    reads.tests.extend(items.iter().map(|item| (*list, item, test.qualifier)));
                    if let Some(rule) = n {
                        let items = items.iter().collect();
                        reads.of_rules.push(RuleTest { rule, list: *list, items, qualifier: test.qualifier });
                    }
                }
            });
        }
        // A rule that takes out "the site" reads where each of its entries is.
        let site = pack.qualifier_roles.site;
        for rule in pack.rules.iter().filter(|rule| rule.exclude.site) {
            rule.when.visit(&mut |part| {
                if let Condition::Listed { list, items, .. } = part {
                    reads.tests.extend(items.iter().map(|item| (*list, item, site)));
                }
            });
        }
        reads
    }

    fn any(&self, qualifier: Ix<Qualifier>) -> bool {
        self.tests.iter().any(|(_, _, read)| *read == qualifier)
    }
}

/// One note for each kind and file.
fn unread_rows<'r, 'a: 'r>(kind: &str, rows: impl Iterator<Item = &'r Row<'a>>, notes: &mut Problems) {
    let mut by_file: BTreeMap<&str, Vec<&Row<'_>>> = BTreeMap::new();
    rows.for_each(|row| by_file.entry(&row.file().path).or_default().push(row));
    for rows in by_file.values() {
        let Some(first) = rows.first() else { continue };
        let names = some(rows.iter().filter_map(|row| row.id()));
        notes.at_with_help(
            &first.name(),
            UNREAD,
            format!("no rule, recipe, question or case reads {} of the {kind} added here: {names}", rows.len()),
            "nothing follows from it",
            "write the rule it is for; if it is there to be recognised only, write a case that says so",
        );
    }
}

/// What an entry asks and no rule reads; what a rule reads and its entries do not ask.
fn asked_and_read(pack: &Pack, reads: &Reads, book: &Book<'_>, notes: &mut Problems) {
    for list in List::ALL {
        // What a rule reads of one entry may be asked of the others for the record: an allergy is written down with its
        // reaction. What no rule reads of any is asked for nothing.
        let read: HashSet<Ix<Qualifier>> =
            reads.tests.iter().filter(|(of, _, _)| *of == list).map(|(_, _, qualifier)| *qualifier).collect();
        let mut idle: HashMap<Ix<Qualifier>, Vec<&str>> = HashMap::new();
        for item in pack.list(list) {
            let idly = item.asks.iter().filter(|q| !read.contains(q));
            idly.for_each(|q| idle.entry(*q).or_default().push(&item.id));
        }
        let mut idle: Vec<_> = idle.into_iter().collect();
        idle.sort();
        for (qualifier, ids) in idle {
            let Some(row) = ids.first().and_then(|id| book.find(list.singular(), id)) else { continue };
            let asked = pack.qualifiers[qualifier].id();
            let many = if ids.len() == 1 { "an entry".to_owned() } else { format!("{} entries", ids.len()) };
            notes.at_with_help(
                &row.at("asks"),
                ASKED_FOR_NOTHING,
                format!("`{asked}` is asked of {many} of {}, and no rule reads it of any: {}", list.word(), some(ids)),
                "asked for nothing",
                "take it out of `asks`, or write the rule that reads it",
            );
        }
    }
    let roles = &pack.qualifier_roles;
    for RuleTest { rule, list, items, qualifier } in &reads.of_rules {
        // The screens ask these of every entry.
        if [roles.status, roles.days_ago, roles.site].contains(qualifier) {
            continue;
        }
        let table = pack.list(*list);
        let silent: Vec<&str> = items
            .iter()
            .map(|item| &table[*item])
            .filter(|item| !item.asks.contains(qualifier))
            .map(|item| item.id.as_str())
            .collect();
        let rule = &pack.rules[Ix::new(*rule)];
        let Some(row) = book.find("rule", &rule.id).filter(|_| !silent.is_empty()) else { continue };
        let name = pack.qualifiers[*qualifier].id();
        notes.at_with_help(
            &row.at("when"),
            NEVER_ASKED,
            format!("rule `{}` reads `{name}`, and these do not ask for it: {}", rule.id, some(silent)),
            "not known counts as the unfavourable answer: it fires",
            format!("add `asks = [\"{name}\"]` to them, or test those that ask"),
        );
    }
}

/// Questions that one may pass over and that a rule holds the treatment for: not asked would count as the harmless answer.
/// Lists of what somebody chooses are left out: a product that nobody asked for is not given.
fn passed_over(pack: &Pack, book: &Book<'_>, notes: &mut Problems) {
    for (ix, question) in pack.questions.entries().filter(|(_, question)| question.optional) {
        let reads = |part: &Condition| match part {
            Condition::Choice { question, .. } | Condition::Number { question, .. } => *question == ix,
            _ => false,
        };
        let stops = pack.rules.iter().find(|rule| {
            let mut read = false;
            rule.when.visit(&mut |part| read |= reads(part));
            read && rule.verdict > Verdict::Caution
        });
        let (Some(rule), Some(row)) = (stops, book.find("question", &question.id)) else { continue };
        notes.at_with_help(
            &row.at("optional"),
            PASSED_OVER,
            format!(
                "`{}` may be left unasked, and rule `{}` says `{}` by it",
                question.id,
                rule.id,
                rule.verdict.word()
            ),
            "unasked counts as the harmless answer",
            "take `optional` away: then the question holds the plan back until it is answered",
        );
    }
}

/// Means that nothing uses, in any layer.
fn unused(book: &Book<'_>, words: &BTreeSet<&str>, notes: &mut Problems) {
    for (kind, what) in
        [("definition", "no condition uses the definition"), ("plan", "no recipe uses the session plan")]
    {
        let mut used: BTreeSet<&str> = BTreeSet::new();
        book.of_kind("recipe").for_each(|row| used.extend(texts(get(row.cursor(), "plan"))));
        for row in book.of_kind(kind) {
            let Some(id) = row.id() else { continue };
            if used.contains(id) || (kind == "definition" && words.contains(id)) {
                continue;
            }
            let help = "use it, or take it away";
            notes.at_with_help(&row.name(), UNUSED, format!("{what} `{id}`"), "used nowhere", help);
        }
    }
}
