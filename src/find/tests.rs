use proptest::prelude::*;
use proptest::sample::{Index as Pick, select};
use rstest::rstest;

use super::{Hit, Index, STRIPPED};
use crate::find::{Entry, Vocabulary, fold};
use crate::pack::{Identified, Item, Pack, Set};

fn entry(id: &str, label: &str, also: &[&str]) -> Entry {
    Entry { common: false, ..Entry::new(id, label, &also.iter().map(|&name| name.to_owned()).collect::<Vec<_>>()) }
}

fn clinic() -> Vec<Entry> {
    let mut entries = vec![
        entry("warfarin", "Warfarin", &["Coumadin", "vitamin K antagonist"]),
        entry("acenocoumarol", "Acenocoumarol", &["Sintrom"]),
        entry("type-1-diabetes", "Type 1 diabetes", &["T1DM", "juvenile diabetes"]),
        entry("type-2-diabetes", "Type 2 diabetes", &["T2DM", "NIDDM", "adult-onset diabetes"]),
        entry("hypertension", "High blood pressure", &["Arterial hypertension", "BP"]),
        entry("low-back-pain", "Low back pain", &["lumbago"]),
        entry("meniere", "Ménière’s disease", &[]),
        entry("sjogren", "Sjögren syndrome", &["sicca"]),
        entry("coeliac", "Coeliac disease", &["celiac", "sprue"]),
        entry("haemophilia", "Haemophilia", &["factor VIII deficiency"]),
        entry("fluorouracil", "Fluorouracil", &["5-FU", "Efudex"]),
        entry("wasp-venom", "Wasp or hornet venom", &["Vespula", "yellow jacket"]),
        entry("strasse", "Straßenstaub", &[]),
        entry("diabetes-insipidus", "Diabetes insipidus", &[]),
        entry("hidradenitis", "Hidradenitis suppurativa", &["acne inversa"]),
    ];
    entries.iter_mut().filter(|e| ["warfarin", "type-2-diabetes"].contains(&&*e.id)).for_each(|e| e.common = true);
    entries
}

fn ids(query: &str) -> Vec<String> {
    Index::of(clinic()).search(query, 50).into_iter().map(|hit| hit.id).collect()
}

#[rstest]
#[case("warf", "warfarin", "Warfarin")]
#[case("coumadin", "warfarin", "Coumadin")]
#[case("COUM", "warfarin", "Coumadin")]
#[case("menieres", "meniere", "Ménière’s disease")]
#[case("Ménière", "meniere", "Ménière’s disease")]
#[case("sjogren", "sjogren", "Sjögren syndrome")]
#[case("strasse", "strasse", "Straßenstaub")]
#[case("diabetes 2", "type-2-diabetes", "Type 2 diabetes")]
#[case("t2dm", "type-2-diabetes", "T2DM")]
#[case("type-2-diabetes", "type-2-diabetes", "Type 2 diabetes")]
#[case("lbp", "low-back-pain", "Low back pain")]
#[case("lowback", "low-back-pain", "Low back pain")]
#[case("back low", "low-back-pain", "Low back pain")]
#[case("bp", "hypertension", "BP")]
#[case("5-fu", "fluorouracil", "5-FU")]
#[case("5fu", "fluorouracil", "5-FU")]
#[case("disease of meniere", "meniere", "Ménière’s disease")]
#[case("warfarin coumadin", "warfarin", "Warfarin")]
fn finds_first(#[case] query: &str, #[case] id: &str, #[case] matched: &str) {
    let hits = Index::of(clinic()).search(query, 5);
    let first = hits.first().unwrap_or_else(|| panic!("nothing for {query}"));
    assert_eq!((first.id.as_str(), first.matched.as_str(), first.similar), (id, matched, false));
}

#[rstest]
#[case("wrafarin", "warfarin")]
#[case("wraf", "warfarin")]
#[case("warfrin", "warfarin")]
#[case("hemophilia", "haemophilia")]
#[case("low bakc", "low-back-pain")]
#[case("diabetse type", "type-2-diabetes")]
#[case("hydradentis", "hidradenitis")]
fn near_misses_are_found_and_marked(#[case] query: &str, #[case] id: &str) {
    let hits = Index::of(clinic()).search(query, 5);
    assert_eq!(hits.first().map(|hit| hit.id.as_str()), Some(id), "{hits:?}");
    assert!(hits.iter().all(|hit| hit.similar && !hit.exact));
}

#[test]
fn what_matches_leaves_no_room_for_near_misses() {
    assert_eq!(ids("type 1"), ["type-1-diabetes"]);
    assert_eq!(ids("dm2"), Vec::<String>::new(), "digits are never a slip");
    assert_eq!(ids("b13"), Vec::<String>::new());
    assert_eq!(ids("qqqq"), Vec::<String>::new());
    assert_eq!(ids("???"), Vec::<String>::new());
}

#[test]
fn short_queries_find_beginnings_not_scattered_letters() {
    assert_eq!(ids("w"), ["warfarin", "wasp-venom"].map(String::from));
    assert_eq!(ids("ia"), Vec::<String>::new());
    // Not "Wasp or hornet venom" by w-a...r...f.
    assert_eq!(ids("warf"), ["warfarin"]);
    assert_eq!(ids("si")[..2], ["sjogren", "acenocoumarol"].map(String::from), "sicca before Sintrom: shorter");
}

#[test]
fn common_items_win_ties_and_head_the_empty_list() {
    let index = Index::of(clinic());
    let hits = index.search("type", 5);
    assert_eq!(hits[0].score, hits[1].score);
    assert_eq!(hits[0].id, "type-2-diabetes");
    let listed: Vec<_> = index.search("  ", 4).into_iter().map(|hit| hit.label).collect();
    assert_eq!(listed, ["Type 2 diabetes", "Warfarin", "Acenocoumarol", "Coeliac disease"]);
    assert_eq!(index.search("", usize::MAX).len(), index.len());
    assert!(index.search("", 0).is_empty() && index.search("warf", 0).is_empty());
}

#[test]
fn highlights_are_right_in_the_original_text() {
    let shown = |query: &str| {
        let hit = Index::of(clinic()).search(query, 1).remove(0);
        let marked = hit.matched.chars().enumerate();
        marked
            .map(|(n, c)| if hit.highlights.contains(&n) { c } else { '.' })
            .collect::<String>()
            .trim_end_matches('.')
            .to_owned()
    };
    assert_eq!(shown("strass"), "Straß");
    assert_eq!(shown("menieres d"), "Ménière.s.d", "the apostrophe was not typed");
    assert_eq!(shown("bac low"), "Low.bac");
    assert_eq!(shown("lbp"), "L...b....p");
    assert_eq!(shown("5-fu"), "5.FU");
}

#[test]
fn exact_means_the_whole_name() {
    let exact = |query: &str| Index::of(clinic()).search(query, 1).first().is_some_and(|hit| hit.exact);
    assert!(exact("warfarin") && exact("Coumadin") && exact("type-2-diabetes") && exact("TYPE 2 DIABETES"));
    assert!(!exact("warfari") && !exact("diabetes type 2") && !exact(""));
}

#[test]
fn the_vocabularies_of_a_pack_are_searched_by_position() {
    let mut pack = Pack::default();
    for id in ["alpha", "beta"] {
        let item = Item {
            unii: None,
            id: id.into(),
            label: id.to_uppercase(),
            also: vec![],
            groups: Set::default(),
            asks: vec![],
            common: false,
            changes: crate::pack::Changes::Never,
        };
        pack.medications.insert(item);
    }
    let hit = Index::new(&pack, Vocabulary::Medications).search("bet", 9).remove(0);
    assert_eq!(pack.medications.iter().nth(hit.position).map(Identified::id), Some("beta"));
    assert!(Index::new(&pack, Vocabulary::Conditions).is_empty());
    assert!(Index::new(&pack, Vocabulary::Goals).search("x", 9).is_empty());
}

#[test]
fn the_built_in_pack_is_found_by_its_names() {
    let pack = crate::pack::builtin().unwrap_or_else(|report| panic!("{}", report.render(false)));
    for vocabulary in Vocabulary::ALL {
        let (entries, index) = (vocabulary.entries(&pack), Index::new(&pack, vocabulary));
        for (n, entry) in entries.iter().enumerate() {
            // One synonym of each: all of them take long in a build for tests.
            for name in [&entry.id, &entry.label].into_iter().chain(entry.also.get(n % entry.also.len().max(1))) {
                let hits = index.search(name, entries.len());
                let found = hits.iter().find(|hit| hit.position == n);
                assert!(found.is_some_and(|hit| hit.exact && hit.id == entry.id), "{} {name}", vocabulary.word());
            }
        }
    }
    let first = |query: &str| {
        let hit = Index::new(&pack, Vocabulary::Medications).search(query, 1).remove(0);
        (hit.id, hit.matched)
    };
    assert_eq!(first("warf"), ("warfarin".to_owned(), "Warfarin".to_owned()));
    assert_eq!(first("coumadin"), ("warfarin".to_owned(), "Coumadin".to_owned()));
    assert_eq!(first("wrafarin").0, "warfarin");
}

fn words() -> impl Strategy<Value = String> {
    let word = select(vec!["Type", "2", "diabète", "œdema", "low-dose", "ACID", "β-blocker", "5", "Straße", "of", "x"]);
    proptest::collection::vec(word, 1..4).prop_map(|words| words.join(" "))
}

fn any_entries() -> impl Strategy<Value = Vec<Entry>> {
    let names = proptest::collection::vec(prop_oneof![words(), "\\PC{0,12}"], 0..3);
    let entry = (prop_oneof![words(), "\\PC{0,12}"], names, any::<bool>());
    proptest::collection::vec(entry, 1..8).prop_map(|rows| {
        let numbered = rows.into_iter().enumerate();
        numbered.map(|(n, (label, also, common))| Entry { id: format!("id-{n}"), label, also, common }).collect()
    })
}

proptest! {
    #[test]
    fn every_name_finds_its_item_exactly(entries in any_entries(), pick: Pick, name: Pick) {
        let entry = pick.get(&entries);
        let names: Vec<&String> = std::iter::once(&entry.label).chain(&entry.also).collect();
        let name = *name.get(&names);
        prop_assume!(!fold(name).is_empty());
        let index = Index::of(entries.clone());
        for query in [name.clone(), fold(name), entry.id.clone()] {
            let hits = index.search(&query, entries.len());
            prop_assert!(hits.iter().any(|hit| hit.id == entry.id && hit.exact && !hit.similar), "{:?}: {:?}", query, hits);
            let first_loose = hits.iter().position(|hit| !hit.exact).unwrap_or(hits.len());
            prop_assert!(hits[first_loose..].iter().all(|hit| !hit.exact), "exact hits come first");
        }
    }

    #[test]
    fn the_order_of_the_words_is_irrelevant(entries in any_entries(), query in words()) {
        let index = Index::of(entries.clone());
        let turned = query.split(' ').rev().collect::<Vec<_>>().join(" ");
        let loose = |query: &str| {
            let hits = index.search(query, entries.len());
            hits.into_iter().filter(|hit| !hit.exact).map(|hit| (hit.id, hit.score)).collect::<Vec<_>>()
        };
        let all = |query: &str| {
            let mut ids: Vec<_> = index.search(query, entries.len()).into_iter().map(|hit| hit.id).collect();
            ids.sort();
            ids
        };
        prop_assert_eq!(all(&query), all(&turned));
        // A whole name is one in its own order only, also where its blanks or "of" and "the" are left out.
        let is_name = |hit: &Hit| hit.exact || hit.score >= STRIPPED;
        if !index.search(&query, 99).iter().chain(&index.search(&turned, 99)).any(is_name) {
            prop_assert_eq!(loose(&query), loose(&turned));
        }
    }

    #[test]
    fn the_ranking_is_total_and_the_limit_only_cuts(entries in any_entries(), query in "\\PC{0,6}", limit in 0_usize..9) {
        let index = Index::of(entries.clone());
        let all = index.search(&query, usize::MAX);
        prop_assert_eq!(&index.search(&query, limit)[..], &all[..limit.min(all.len())]);
        prop_assert!(all.windows(2).all(|pair| pair[0].score >= pair[1].score));
        let mut positions: Vec<_> = all.iter().map(|hit| hit.position).collect();
        positions.sort_unstable();
        positions.dedup();
        prop_assert_eq!(positions.len(), all.len(), "nothing twice");
    }

    #[test]
    fn any_input_gives_hits_that_can_be_drawn(entries in any_entries(), query in any::<String>()) {
        for hit in Index::of(entries).search(&query, 9) {
            prop_assert!(hit.highlights.iter().all(|n| *n < hit.matched.chars().count()));
            prop_assert!(hit.highlights.is_sorted());
        }
    }
}

#[test]
fn a_pasted_page_is_cut_not_searched() {
    let page = "warfarin ".repeat(10_000);
    assert_eq!(ids(&page), ["warfarin"]);
    assert!(ids(&"ß".repeat(100_000)).is_empty());
}
