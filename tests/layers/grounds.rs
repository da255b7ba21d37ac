//! Every statement says on what it rests and who has looked at it, or the pack does not load.

use pistor::pack::load::{LayerFiles, load};
use pistor::pack::{self, Pack};
use pistor::source::SourceFile;

use super::common::{self, HEALTHY, TODAY};
use super::{HEADER, INGREDIENT, LIMIT, PLAN, RECIPE, REVIEW, RULE, assessed, mistakes};

/// A statement of each kind; each has all it needs.
fn statements() -> [(&'static str, String); 12] {
    let grounds = "evidence = \"D\"\nbasis = \"policy\"\n";
    let goal = "label = \"A\"\nareas = [\"face\"]\nexpected = \"x\"\n";
    let trial = "title = \"A\"\npopulation = \"p\"\nproduct = \"p\"\ningredients = []\ngoals = []\ndesign = \"controlled\"\n\
                 outcome = \"o\"\nresult = \"null\"\n";
    [
        ("rule", RULE.to_owned()),
        ("recipe", RECIPE.to_owned()),
        ("limit", LIMIT.to_owned()),
        ("plan", PLAN.to_owned()),
        ("ingredient", INGREDIENT.to_owned()),
        ("allergen", format!("[[allergen]]\nid = \"zz\"\nlabel = \"Zz\"\n{grounds}")),
        (
            "mixing",
            format!(
                "[[mixing]]\nid = \"zz\"\na = [\"thiamine\"]\nalone = true\nlevel = \"warn\"\nwhy = \"w\"\n{grounds}"
            ),
        ),
        ("technique", format!("[[technique]]\nid = \"zz\"\nlabel = \"Zz\"\n{grounds}")),
        ("goal", format!("[[goal]]\nid = \"zz\"\n{goal}{grounds}no_injectable = \"r\"\n")),
        ("trial", format!("[[trial]]\nid = \"zz\"\n{trial}{grounds}")),
        ("consent", format!("[[consent]]\nid = \"zz\"\ntext = \"t\"\n{grounds}")),
        ("care", format!("[[care]]\nid = \"zz\"\nphase = \"after\"\ntext = \"t\"\n{grounds}")),
    ]
}

#[test]
fn no_statement_loads_without_basis_evidence_and_review() {
    // Every kind in a file of its own, all in one run: every mistake of every file is reported.
    let said = |change: &dyn Fn(&str) -> String| {
        let mut files = vec![SourceFile::new("clinic/pack.toml", HEADER)];
        files.extend(statements().map(|(kind, text)| SourceFile::new(format!("clinic/{kind}.toml"), change(&text))));
        load(&[pack::builtin_files(), LayerFiles { files }])
            .map_or_else(|report| report.render(false), |_| String::new())
    };
    let without = |text: &str, key: &str| {
        let lines = text.lines().filter(|line| !line.starts_with(key));
        format!("{}\n{REVIEW}", lines.collect::<Vec<_>>().join("\n"))
    };
    assert_eq!(said(&|text| format!("{text}\n{REVIEW}")), "", "as it should be");
    let own = "review = { since = 2026-11-22, due = 2027-11-22 }\nbasis =";
    assert_eq!(said(&|text| text.replacen("basis =", own, 1)), "", "a review of its own is enough");
    for (report, code, message) in [
        (said(&|text| without(text, "basis")), "P0401", "does not say on what it rests"),
        (said(&|text| without(text, "evidence")), "P0401", "has no evidence grade"),
        (said(&str::to_owned), "P0402", "has no review state, and neither has its file"),
    ] {
        for (kind, _) in statements() {
            assert!(report.contains(&format!("error[{code}]: [[{kind}]] {message}")), "{kind}: {report}");
        }
    }
    let report = said(&|text| format!("{}\n{REVIEW}", text.replace("\"policy\"", "\"source\"")));
    assert_eq!(report.matches("no source is cited").count(), statements().len(), "{report}");
}

#[test]
fn the_parts_of_a_statement_say_on_what_they_rest() {
    let with = |line: &str| INGREDIENT.replacen("basis", &format!("{line}\nbasis"), 1);
    let part = "evidence_for = [{ goal = \"hydration\", grade = \"D\" }]";
    assert!(mistakes(&with(part)).contains("`evidence_for` does not say on what it rests"));
    let licence = part.replace("\"D\"", "\"R\"");
    assert!(mistakes(&with(&licence)).contains("unknown grade `R`"), "a licence is no evidence of an effect");
    let allergen = |cross: &str| {
        format!(
            "[[allergen]]\nid = \"zz\"\nlabel = \"Zz\"\nevidence = \"D\"\nbasis = \"policy\"\n{cross} = [{{ id = \"latex\" }}]\n"
        )
    };
    for cross in ["cross_reacts", "not_cross"] {
        let report = mistakes(&allergen(cross));
        assert!(report.contains("a cross-reaction does not say on what it rests"), "{report}");
        assert!(report.contains("a cross-reaction has no evidence grade"), "{report}");
    }
}

#[test]
fn a_review_that_contradicts_itself_is_told() {
    for (review, said) in [
        ("since = 2026-11-22, due = 2026-11-21", "due on 2026-11-21, before it was written or reviewed"),
        ("since = 2026-11-22, due = 2027-01-01, by = \"A\", on = 2027-02-01", "due on 2027-01-01, before"),
        ("since = 2026-11-22, due = 2027-11-22, by = \"A\", on = 2026-11-21", "before it was written"),
        ("since = 2026-11-22, due = 2027-11-22, by = \"A\"", "the review lacks `on`"),
        ("since = 2026-11-22, due = 2027-11-22, on = 2026-12-01", "the review lacks `by`"),
        ("since = 2026-11-22", "[review] lacks `due`"),
        ("since = 2026-11-22, due = \"soon\"", "`soon` is not a date"),
    ] {
        let report = mistakes(&RULE.replacen("basis", &format!("review = {{ {review} }}\nbasis"), 1));
        assert!(report.contains(said), "{review}\n{report}");
    }
    let late = RULE.replacen("basis", "since = 2028-01-01\nbasis", 1);
    assert!(mistakes(&late).contains("due on 2027-11-22, before it was written"));
    assert!(mistakes("[[review]]\nsince = 2026-11-22\n").contains("E0001"), "a file has one state of review");
}

#[test]
fn an_overdue_review_is_said() {
    let due = "[review]\nsince = 2026-01-01\ndue = 2026-06-01\n";
    let files =
        vec![SourceFile::new("clinic/pack.toml", HEADER), SourceFile::new("clinic/a.toml", RULE.to_owned() + due)];
    let pack = load(&[pack::builtin_files(), LayerFiles { files }]).expect("loads");
    let notice = |pack: &Pack| {
        assessed(pack, HEALTHY).notices.into_iter().find(|text| text.contains("should have been reviewed again"))
    };
    assert_eq!(notice(&common::PACK), None);
    let said = notice(&pack).expect("it is said");
    assert!(said.starts_with("1 item of the pack") && said.contains("2026-06-01"), "{said}");
    let rows: Vec<_> = pack.overdue(TODAY).into_iter().map(|row| (row.kind, row.id)).collect();
    assert_eq!(rows, [("rule", "x")]);
}
