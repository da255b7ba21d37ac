//! The codes of warnings, with examples. Each example is a file of a layer on the built-in pack; a test checks that the
//! wrong one is told so, that the right one is not, and nothing else of either. Files without `[review]` get one there.

use super::{Entry, Section};

/// Warnings of `pistor check`.
pub(super) const LINTS_SECTION: Section = Section {
    title: "Warnings about packs",
    intro: "No mistakes, but what a careful author wants to be told. `pistor check` draws them like mistakes and exits with 0 \
        all the same;\nwith `--deny-warnings` it exits with 1. The built-in pack has none.\n\nWhat \"reads\" means: the lowest \
        layer holds words for two purposes beside its own rules, to be found while one types (an everyday\ndisease is recognised \
        and not left to be reviewed by hand) and to be read by the layers above; they are in use by being there. What a\nlayer \
        above adds is in use when a rule, recipe or question reads it, or when a case of the layer names it.\n\nEach example is \
        a file of a layer above the built-in pack; the `[review]` of the file is left out where it does not matter.",
    entries: LINTS,
};

const LINTS: &[Entry] = &[
    Entry::new(
        "L0101",
        "a review that is overdue",
        "let a clinician read the statements again; then give `by`, `on` and a new `due`",
    )
    .with(
        r#"[review]
since = 2025-10-01
due = 2026-10-01

[[care]]
id = "no-sauna"
phase = "after"
text = "No sauna for two days."
evidence = "D"
basis = "policy"
"#,
        r#"[review]
since = 2025-10-01
due = 2027-10-01
by = "Dr Ada Example, dermatologist"
on = 2026-10-01

[[care]]
id = "no-sauna"
phase = "after"
text = "No sauna for two days."
evidence = "D"
basis = "policy"
"#,
    ),
    Entry::new("L0102", "a source that nothing cites", "cite it where it is the reason, or take it away").with(
        r#"[[source]]
id = "example-leaflet"
kind = "label"
title = "Example device, instructions for use"

[[care]]
id = "no-swimming"
phase = "after"
text = "No swimming for two days."
evidence = "D"
basis = "policy"
"#,
        r#"[[source]]
id = "example-leaflet"
kind = "label"
title = "Example device, instructions for use"

[[care]]
id = "no-swimming"
phase = "after"
text = "No swimming for two days."
evidence = "R"
basis = "source"
sources = ["example-leaflet"]
"#,
    ),
    Entry::new(
        "L0103",
        "evidence A or B without a source",
        "name the trial or review in `sources`, or grade the statement `\"D\"`",
    )
    .with(
        r#"[[care]]
id = "cool-packs"
phase = "after"
text = "A cool pack for ten minutes eases swelling."
evidence = "B"
basis = "general"
"#,
        r#"[[care]]
id = "cool-packs"
phase = "after"
text = "A cool pack for ten minutes eases swelling."
evidence = "D"
basis = "general"
"#,
    ),
    Entry::new(
        "L0104",
        "evidence A or B that rests on case reports, reference works, web pages or the press only",
        "cite the trial, review, guideline, registry entry or label itself, or grade the statement lower",
    )
    .with(
        r#"[[source]]
id = "example-shop"
kind = "web"
title = "A shop's page about arnica"

[[care]]
id = "cool-packs-bruises"
phase = "after"
text = "Cool packs do little for bruises."
evidence = "B"
basis = "source"
sources = ["example-shop"]
"#,
        r#"[[source]]
id = "example-shop"
kind = "web"
title = "A shop's page about arnica"

[[care]]
id = "cool-packs-bruises"
phase = "after"
text = "Cool packs do little for bruises."
evidence = "D"
basis = "source"
sources = ["example-shop"]
"#,
    ),
    Entry::new(
        "L0105",
        "a recipe that is graded better than any of its actives is for its goals",
        "grade the recipe as its actives are, or say in their `evidence_for` what was found",
    )
    .with(
        r#"[[recipe]]
id = "example-vitamin-c"
label = "Vitamin C alone"
goals = ["hydration"]
evidence = "A"
outcome = "Little is known."
expected = "Perhaps a little; nobody has shown it."
technique = "nappage"
depth_mm = [1.0, 2.0]
needle = "32G, 4 mm"
plan = "rejuvenation"
minutes = 30
basis = "source"
sources = ["s9"]

[[recipe.slot]]
role = "active"
use = ["example-vitamin"]
ml_per_area = 1.0

[[ingredient]]
id = "example-vitamin"
contains = []
status = { all = "device" }
label = "Example vitamin"
purpose = "Hydration, as its maker says."
concentration = "10 mg/mL"
route = "intradermal"
evidence_for = [{ goal = "hydration", grade = "D", note = "No trial found.", basis = "general" }]
evidence = "D"
basis = "general"
"#,
        r#"[[recipe]]
id = "example-vitamin-c"
label = "Vitamin C alone"
goals = ["hydration"]
evidence = "D"
outcome = "Little is known."
expected = "Perhaps a little; nobody has shown it."
technique = "nappage"
depth_mm = [1.0, 2.0]
needle = "32G, 4 mm"
plan = "rejuvenation"
minutes = 30
basis = "general"

[[recipe.slot]]
role = "active"
use = ["example-vitamin"]
ml_per_area = 1.0

[[ingredient]]
id = "example-vitamin"
contains = []
status = { all = "device" }
label = "Example vitamin"
purpose = "Hydration, as its maker says."
concentration = "10 mg/mL"
route = "intradermal"
evidence_for = [{ goal = "hydration", grade = "D", note = "No trial found.", basis = "general" }]
evidence = "D"
basis = "general"
"#,
    ),
    Entry::new("L0106", "an override whose time is over", "take it away, or decide anew by name, with a reason").with(
        r#"[[override]]
rule = "acupuncture-massage-recent"
verdict = "proceed"
why = "We look at the skin of every patient under the lamp, and write down what we see."
by = "Dr Ada Example"
on = 2025-11-20
expires = 2026-05-20
"#,
        r#"[[override]]
rule = "acupuncture-massage-recent"
verdict = "proceed"
why = "We look at the skin of every patient under the lamp, and write down what we see."
by = "Dr Ada Example"
on = 2026-11-20
expires = 2027-05-20
"#,
    ),
    Entry::new(
        "L0107",
        "a rule that takes out a recipe and so brings in one that goes deeper or in larger deposits: a risk of the patient's leads to a riskier injection",
        "exclude that as well, or let `plan.technique` put a gentler technique in the place of the one that is taken out; at a recipe, say its `depth_mm` (without it, it has the whole depth of its technique)",
    )
    .with(
        r#"[[rule]]
id = "example-tender-skin"
title = "Very tender skin"
verdict = "caution"
when = { condition = "skin-fragility-example" }
exclude = { technique = ["nappage"] }
message = "Few and gentle injections only."
why = "Many punctures hurt."
mitigation = ["Agree on a signal to pause."]
evidence = "D"
basis = "policy"

[[condition]]
id = "skin-fragility-example"
label = "Very tender skin"
"#,
        r#"[[rule]]
id = "example-tender-skin"
title = "Very tender skin"
verdict = "caution"
when = { condition = "skin-fragility-example" }
exclude = { class = ["crosslinked-hyaluronan"], ingredient = ["hyaluronic-acid-hybrid"], technique = ["nappage"] }
message = "Few and gentle injections only."
why = "Many punctures hurt."
mitigation = ["Agree on a signal to pause."]
evidence = "D"
basis = "policy"

[[condition]]
id = "skin-fragility-example"
label = "Very tender skin"
"#,
    ),
    Entry::new(
        "L0108",
        "a needle that does not reach the depth that is asked for",
        "name a needle as long as the greatest depth, or a smaller depth",
    )
    .with(
        r#"[[recipe]]
id = "example-deep-lidocaine"
label = "Lidocaine, deeper"
goals = ["pain"]
evidence = "B"
outcome = "As the recipe that it follows."
requires = { setting.operator = "physician" }
technique = "point-by-point"
depth_mm = [4.0, 8.0]
needle = "27G, 4 mm"
plan = "pain"
minutes = 15
basis = "source"
sources = ["s90"]

[[recipe.slot]]
role = "active"
use = ["lidocaine"]
ml_per_area = 1.0
"#,
        r#"[[recipe]]
id = "example-deep-lidocaine"
label = "Lidocaine, deeper"
goals = ["pain"]
evidence = "B"
outcome = "As the recipe that it follows."
requires = { setting.operator = "physician" }
technique = "point-by-point"
depth_mm = [4.0, 8.0]
needle = "30G, 13 mm"
plan = "pain"
minutes = 15
basis = "source"
sources = ["s90"]

[[recipe.slot]]
role = "active"
use = ["lidocaine"]
ml_per_area = 1.0
"#,
    ),
    Entry::new(
        "L0109",
        "an ingredient that is graded better for a goal than every trial of it in the pack",
        "grade it as its best trial is, or enter the trial that it rests on as `[[trial]]`",
    )
    .with(
        r#"[[ingredient]]
id = "example-peptide"
status = { all = "device" }
label = "Example peptide"
contains = []
purpose = "Hydration, as its maker says."
concentration = "10 mg/mL"
route = "intradermal"
evidence_for = [{ goal = "hydration", grade = "B", note = "Twelve people without a control group.", basis = "source", sources = ["s11"] }]
evidence = "B"
basis = "source"
sources = ["s11"]

[[trial]]
id = "example-series"
title = "Example series"
n = 12
population = "women"
product = "example peptide, three sessions"
ingredients = ["example-peptide"]
goals = ["hydration"]
design = "uncontrolled"
outcome = "Better than before."
result = "positive"
weakness = "Twelve people, no control group."
basis = "source"
sources = ["s11"]
evidence = "C"
"#,
        r#"[[ingredient]]
id = "example-peptide"
status = { all = "device" }
label = "Example peptide"
contains = []
purpose = "Hydration, as its maker says."
concentration = "10 mg/mL"
route = "intradermal"
evidence_for = [{ goal = "hydration", grade = "C", note = "Twelve people without a control group.", basis = "source", sources = ["s11"] }]
evidence = "C"
basis = "source"
sources = ["s11"]

[[trial]]
id = "example-series"
title = "Example series"
n = 12
population = "women"
product = "example peptide, three sessions"
ingredients = ["example-peptide"]
goals = ["hydration"]
design = "uncontrolled"
outcome = "Better than before."
result = "positive"
weakness = "Twelve people, no control group."
basis = "source"
sources = ["s11"]
evidence = "C"
"#,
    ),
    Entry::new(
        "L0110",
        "a recipe that says nothing of what to expect, for a goal of a layer below whose recipes have none of its actives",
        "write `expected`; the goal's own text tells what was found for other ingredients, so the plan shows `outcome` in its place",
    )
    .with(
        r#"[[recipe]]
id = "example-amino-acids-hands"
label = "Amino acids, hands"
goals = ["hydration"]
areas = ["hands"]
evidence = "D"
outcome = "No trial."
technique = "nappage"
depth_mm = [1.0, 2.0]
point_ml = 0.02
plan = "rejuvenation"
minutes = 20
basis = "policy"

[[recipe.slot]]
role = "active"
use = ["amino-acids"]
ml_per_area = 1.0
"#,
        r#"[[recipe]]
id = "example-amino-acids-hands"
label = "Amino acids, hands"
goals = ["hydration"]
areas = ["hands"]
evidence = "D"
outcome = "No trial."
expected = "Nobody has studied this; it may do nothing."
technique = "nappage"
depth_mm = [1.0, 2.0]
point_ml = 0.02
plan = "rejuvenation"
minutes = 20
basis = "policy"

[[recipe.slot]]
role = "active"
use = ["amino-acids"]
ml_per_area = 1.0
"#,
    ),
    Entry::new(
        "L0111",
        "a sign-off that does not count: of a version that is not in use, or dated on a day to come",
        "let a clinician read the version in use; then give that version and the day on which it had been read",
    )
    .with(
        r#"[[signoff]]
pack = "example-clinic"
version = "1"
by = "Dr Ada Example, medical director"
on = 2030-01-01
"#,
        r#"[[signoff]]
pack = "example-clinic"
version = "1"
by = "Dr Ada Example, medical director"
on = 2026-11-20
"#,
    ),
    Entry::new(
        "L0112",
        "a recipe that gives more than its areas may hold in a session",
        "lower `ml_per_area` or `ml_max`, or name the `areas` that may hold it",
    )
    .with(
        r#"[[recipe]]
id = "example-much-lidocaine"
label = "Lidocaine, more of it"
goals = ["pain"]
areas = ["back"]
evidence = "B"
outcome = "As the recipe that it follows."
requires = { setting.operator = "physician" }
technique = "point-by-point"
depth_mm = [4.0, 6.0]
needle = "30G, 13 mm"
plan = "pain"
minutes = 15
basis = "source"
sources = ["s90"]

[[recipe.slot]]
role = "active"
use = ["lidocaine"]
ml_per_area = 100.0
ml_max = 500.0
"#,
        r#"[[recipe]]
id = "example-much-lidocaine"
label = "Lidocaine, more of it"
goals = ["pain"]
areas = ["back"]
evidence = "B"
outcome = "As the recipe that it follows."
requires = { setting.operator = "physician" }
technique = "point-by-point"
depth_mm = [4.0, 6.0]
needle = "30G, 13 mm"
plan = "pain"
minutes = 15
basis = "source"
sources = ["s90"]

[[recipe.slot]]
role = "active"
use = ["lidocaine"]
ml_per_area = 3.0
ml_max = 6.0
"#,
    ),
    Entry::new(
        "L0113",
        "a session plan of more than 12 sessions, or with fewer than 7 days between two of them",
        "write the rhythm of the study that the plan rests on",
    )
    .with(
        r#"[[plan]]
id = "example-every-day"
label = "Example course"
induction = { sessions = 50, interval_days = 1 }
numbing = "None needed"
reviews = [{ after_sessions = 2, what = "Pain score", stop = "no less pain after two sessions" }]
evidence = "D"
basis = "policy"

[[recipe]]
id = "example-often-lidocaine"
label = "Lidocaine, by this rhythm"
goals = ["pain"]
areas = ["back"]
evidence = "B"
outcome = "As the recipe that it follows."
requires = { setting.operator = "physician" }
technique = "point-by-point"
depth_mm = [4.0, 6.0]
needle = "30G, 13 mm"
plan = "example-every-day"
minutes = 15
basis = "source"
sources = ["s90"]

[[recipe.slot]]
role = "active"
use = ["lidocaine"]
ml_per_area = 1.0
"#,
        r#"[[plan]]
id = "example-every-day"
label = "Example course"
induction = { sessions = 3, interval_days = 7 }
numbing = "None needed"
reviews = [{ after_sessions = 2, what = "Pain score", stop = "no less pain after two sessions" }]
evidence = "D"
basis = "policy"

[[recipe]]
id = "example-often-lidocaine"
label = "Lidocaine, by this rhythm"
goals = ["pain"]
areas = ["back"]
evidence = "B"
outcome = "As the recipe that it follows."
requires = { setting.operator = "physician" }
technique = "point-by-point"
depth_mm = [4.0, 6.0]
needle = "30G, 13 mm"
plan = "example-every-day"
minutes = 15
basis = "source"
sources = ["s90"]

[[recipe.slot]]
role = "active"
use = ["lidocaine"]
ml_per_area = 1.0
"#,
    ),
    Entry::new(
        "L0201",
        "two rules that hold for the same patients and do the same",
        "take one of them away, or say in its condition whom it concerns besides",
    )
    .with(
        r#"[[rule]]
id = "example-deep-skin"
title = "Deep skin"
verdict = "caution"
when = { skin.fitzpatrick = ["5", "6"] }
message = "Treat a small area first."
why = "House rule."
evidence = "D"
basis = "policy"

[[rule]]
id = "example-dark-skin"
title = "Dark skin"
verdict = "caution"
when = { any = [{ skin.fitzpatrick = { at-least = 5 } }] }
message = "Treat a small area and look again after a month."
why = "House rule."
evidence = "D"
basis = "policy"
"#,
        r#"[[rule]]
id = "example-deep-skin"
title = "Deep skin"
verdict = "caution"
when = { skin.fitzpatrick = ["5", "6"] }
message = "Treat a small area and look again after a month."
why = "House rule."
evidence = "D"
basis = "policy"
"#,
    ),
    Entry::new(
        "L0202",
        "an entry whose label is that of another entry of its list, or one of its other words",
        "say in the labels what tells them apart, or make one entry of the two; a word in `also` may be shared, as people share it",
    )
    .with(
        r#"[[event]]
id = "zest-pen"
label = "Zest pen"

[[event]]
id = "citrus-pen"
label = "Citrus pen"
also = ["zest pen"]

[[rule]]
id = "example-pens"
title = "Any pen"
verdict = "caution"
when = { event = ["zest-pen", "citrus-pen"] }
message = "Look for crusts."
why = "House rule."
evidence = "D"
basis = "policy"
"#,
        r#"[[event]]
id = "zest-pen"
label = "Zest pen"
also = ["citrus pen"]

[[rule]]
id = "example-pens"
title = "Any pen"
verdict = "caution"
when = { event = "zest-pen" }
message = "Look for crusts."
why = "House rule."
evidence = "D"
basis = "policy"
"#,
    ),
    Entry::new(
        "L0203",
        "a rule that holds up every patient, because its condition asks nothing",
        "say whom it concerns; what everybody is told is a text of care, a consent point, or a rule with the verdict `proceed`",
    )
    .with(
        r#"[[rule]]
id = "example-cold-hands"
title = "Cold hands"
verdict = "caution"
when = {}
message = "Warm the hands before."
why = "House rule."
evidence = "D"
basis = "policy"
"#,
        r#"[[rule]]
id = "example-cold-hands"
title = "Cold hands"
verdict = "caution"
when = { condition = "raynaud", goal = "hydration" }
message = "Warm the hands before."
why = "House rule."
evidence = "D"
basis = "policy"
"#,
    ),
    Entry::new(
        "L0301",
        "conditions, medicines, events, allergens, product faults, groups or qualifiers of a layer that nothing reads",
        "write the rule they are for; where they are there to be recognised only, write a case that says so",
    )
    .with(
        r#"[[event]]
id = "ice-bath"
label = "Ice bath"
"#,
        r#"[[event]]
id = "ice-bath"
label = "Ice bath"

[[rule]]
id = "example-ice-bath"
title = "Ice bath"
verdict = "caution"
when = { event = "ice-bath" }
message = "Wait until the skin is warm."
why = "House rule."
evidence = "D"
basis = "policy"
"#,
    ),
    Entry::new(
        "L0302",
        "a qualifier that is asked of entries of a list and that no rule reads of any of them",
        "take it out of `asks`, or write the rule that reads it",
    )
    .with(
        r#"[[qualifier]]
id = "sessions_had"
label = "Sessions so far"
kind = "number"
min = 0
max = 99
unit = "sessions"

[[event]]
id = "float-tank"
label = "Float tank"
asks = ["sessions_had"]

[[rule]]
id = "example-float-tank"
title = "Float tank"
verdict = "caution"
when = { event = "float-tank" }
message = "Let the skin dry."
why = "House rule."
evidence = "D"
basis = "policy"
"#,
        r#"[[event]]
id = "float-tank"
label = "Float tank"

[[rule]]
id = "example-float-tank"
title = "Float tank"
verdict = "caution"
when = { event = "float-tank" }
message = "Let the skin dry."
why = "House rule."
evidence = "D"
basis = "policy"
"#,
    ),
    Entry::new(
        "L0303",
        "a rule that reads a qualifier of entries that do not ask for it: not known counts as unfavourable, and it fires",
        "add the qualifier to their `asks`, or test those entries that ask",
    )
    .with(
        r#"[[medication]]
id = "example-tonic"
label = "Example tonic"

[[rule]]
id = "example-tonic-recent"
title = "Tonic within two weeks"
verdict = "caution"
when = { medication = "example-tonic", with = { stopped_days_ago = { under = 14 } } }
message = "Ask what is in it."
why = "House rule."
evidence = "D"
basis = "policy"
"#,
        r#"[[medication]]
id = "example-tonic"
label = "Example tonic"
asks = ["stopped_days_ago"]

[[rule]]
id = "example-tonic-recent"
title = "Tonic within two weeks"
verdict = "caution"
when = { medication = "example-tonic", with = { stopped_days_ago = { under = 14 } } }
message = "Ask what is in it."
why = "House rule."
evidence = "D"
basis = "policy"
"#,
    ),
    Entry::new("L0304", "a definition or a session plan that nothing uses", "use it, or take it away").with(
        r#"[[definition]]
id = "example-thin-patient"
when = { patient.bmi = { under = 19 } }
"#,
        r#"[[definition]]
id = "example-thin-patient"
when = { patient.bmi = { under = 19 } }

[[rule]]
id = "example-thin"
title = "Very thin"
verdict = "caution"
when = { is = "example-thin-patient", goal = "localised-fat" }
message = "Ask about eating."
why = "House rule."
evidence = "D"
basis = "policy"
"#,
    ),
    Entry::new(
        "L0305",
        "an optional question by which a rule stops the treatment",
        "take `optional` away: what nobody asked would count as the harmless answer",
    )
    .with(
        r#"[[question]]
id = "history.example_chaperone"
step = "history"
label = "Somebody presses for it"
help = "Asked alone."
kind = "choice"
optional = true
options = [{ id = "yes", label = "Yes", key = "y" }, { id = "no", label = "No", key = "n" }]

[[rule]]
id = "example-pressed"
title = "Somebody presses for it"
verdict = "decline"
when = { history.example_chaperone = "yes" }
message = "Do not treat."
why = "House rule."
evidence = "D"
basis = "policy"
"#,
        r#"[[question]]
id = "history.example_chaperone"
step = "history"
label = "Somebody presses for it"
help = "Asked alone."
kind = "choice"
options = [{ id = "yes", label = "Yes", key = "y" }, { id = "no", label = "No", key = "n" }]

[[rule]]
id = "example-pressed"
title = "Somebody presses for it"
verdict = "decline"
when = { history.example_chaperone = "yes" }
message = "Do not treat."
why = "House rule."
evidence = "D"
basis = "policy"
"#,
    ),
    Entry::new(
        "L0401",
        "one value that is in neither of two rules that meet there",
        "let one of them take it: `under = 28` and `at-least = 28` meet without a hole, `under` and `over` leave 28 out",
    )
    .with(
        r#"[[event]]
id = "salt-scrub"
label = "Salt scrub"

[[rule]]
id = "example-scrub-fresh"
title = "Salt scrub within 28 days"
verdict = "defer"
when = { event = "salt-scrub", with = { days_ago = { under = 28 } } }
until = { since = "days_ago", days = 28 }
message = "Wait until the skin has closed."
why = "House rule."
evidence = "D"
basis = "policy"

[[rule]]
id = "example-scrub-old"
title = "Salt scrub earlier than 28 days ago"
verdict = "caution"
when = { event = "salt-scrub", with = { days_ago = { over = 28 } } }
message = "Look at the skin."
why = "House rule."
evidence = "D"
basis = "policy"
"#,
        r#"[[event]]
id = "salt-scrub"
label = "Salt scrub"

[[rule]]
id = "example-scrub-fresh"
title = "Salt scrub within 28 days"
verdict = "defer"
when = { event = "salt-scrub", with = { days_ago = { under = 28 } } }
until = { since = "days_ago", days = 28 }
message = "Wait until the skin has closed."
why = "House rule."
evidence = "D"
basis = "policy"

[[rule]]
id = "example-scrub-old"
title = "Salt scrub 28 days ago or earlier"
verdict = "caution"
when = { event = "salt-scrub", with = { days_ago = { at-least = 28 } } }
message = "Look at the skin."
why = "House rule."
evidence = "D"
basis = "policy"
"#,
    ),
    Entry::new(
        "L0402",
        "one value that two rules with different verdicts both take where they meet",
        "let one of them take it: `at-most = 28` and `at-least = 28` share 28, `under` and `at-least` share nothing",
    )
    .with(
        r#"[[event]]
id = "sugar-scrub"
label = "Sugar scrub"

[[rule]]
id = "example-sugar-fresh"
title = "Sugar scrub within 10 days"
verdict = "clearance"
from = "the clinic's lead"
when = { event = "sugar-scrub", with = { days_ago = { at-most = 10 } } }
message = "Ask."
why = "House rule."
evidence = "D"
basis = "policy"

[[rule]]
id = "example-sugar-old"
title = "Sugar scrub 10 days ago or earlier"
verdict = "caution"
when = { event = "sugar-scrub", with = { days_ago = { at-least = 10 } } }
message = "Look at the skin."
why = "House rule."
evidence = "D"
basis = "policy"
"#,
        r#"[[event]]
id = "sugar-scrub"
label = "Sugar scrub"

[[rule]]
id = "example-sugar-fresh"
title = "Sugar scrub within 10 days"
verdict = "clearance"
from = "the clinic's lead"
when = { event = "sugar-scrub", with = { days_ago = { under = 10 } } }
message = "Ask."
why = "House rule."
evidence = "D"
basis = "policy"

[[rule]]
id = "example-sugar-old"
title = "Sugar scrub 10 days ago or earlier"
verdict = "caution"
when = { event = "sugar-scrub", with = { days_ago = { at-least = 10 } } }
message = "Look at the skin."
why = "House rule."
evidence = "D"
basis = "policy"
"#,
    ),
    Entry::new(
        "L0403",
        "a deferral that counts from today what its condition counts from an event",
        "name the qualifier in `since`: the patient then waits for the rest only",
    )
    .with(
        r#"[[event]]
id = "bee-therapy"
label = "Bee-sting therapy"

[[rule]]
id = "example-bees"
title = "Bee stings within 30 days"
verdict = "defer"
when = { event = "bee-therapy", with = { days_ago = { under = 30 } } }
until = { days = 30 }
message = "Wait."
why = "House rule."
evidence = "D"
basis = "policy"
"#,
        r#"[[event]]
id = "bee-therapy"
label = "Bee-sting therapy"

[[rule]]
id = "example-bees"
title = "Bee stings within 30 days"
verdict = "defer"
when = { event = "bee-therapy", with = { days_ago = { under = 30 } } }
until = { since = "days_ago", days = 30 }
message = "Wait."
why = "House rule."
evidence = "D"
basis = "policy"
"#,
    ),
    Entry::new(
        "L0404",
        "a title, a message or a patient's text that names a length of time which its rule does not have",
        "make the words and the numbers of the rule the same",
    )
    .with(
        r#"[[event]]
id = "mud-pack"
label = "Mud pack"

[[rule]]
id = "example-mud"
title = "Mud pack within four weeks"
verdict = "caution"
when = { event = "mud-pack", with = { days_ago = { under = 14 } } }
message = "Look at the skin."
why = "House rule."
evidence = "D"
basis = "policy"
"#,
        r#"[[event]]
id = "mud-pack"
label = "Mud pack"

[[rule]]
id = "example-mud"
title = "Mud pack within four weeks"
verdict = "caution"
when = { event = "mud-pack", with = { days_ago = { under = 28 } } }
message = "Look at the skin."
why = "House rule."
evidence = "D"
basis = "policy"
"#,
    ),
    Entry::new(
        "L0405",
        "a number of weeks, months or years in the words, and the same number of days in the rule",
        "the rule counts in days: six weeks are 42",
    )
    .with(
        r#"[[event]]
id = "clay-mask"
label = "Clay mask"

[[rule]]
id = "example-clay"
title = "Clay mask within six weeks"
verdict = "caution"
when = { event = "clay-mask", with = { days_ago = { under = 6 } } }
message = "Look at the skin."
why = "House rule."
evidence = "D"
basis = "policy"
"#,
        r#"[[event]]
id = "clay-mask"
label = "Clay mask"

[[rule]]
id = "example-clay"
title = "Clay mask within six weeks"
verdict = "caution"
when = { event = "clay-mask", with = { days_ago = { under = 42 } } }
message = "Look at the skin."
why = "House rule."
evidence = "D"
basis = "policy"
"#,
    ),
    Entry::new(
        "L0406",
        "a verdict made stricter, while the patient still reads what was written for the milder one",
        "write `patient` in the `[[tighten]]`: what follows for this patient now, in plain words",
    )
    .with(
        r#"[[tighten]]
rule = "migraine-aura-excludes-tranexamic-acid"
verdict = "clearance"
from = "the treating neurologist"
why = "We ask the neurologist first."
"#,
        r#"[[tighten]]
rule = "migraine-aura-excludes-tranexamic-acid"
verdict = "clearance"
from = "the treating neurologist"
patient = "With aura a migraine raises the risk of a stroke a little, so we ask your neurologist first and leave out a medicine that makes blood clot."
why = "We ask the neurologist first."
"#,
    ),
    Entry::new(
        "L0501",
        "a text for the patient that tells to stop a medicine, or promises a result",
        "a medicine is its prescriber's, and no result is certain: say that",
    )
    .with(
        r#"[[care]]
id = "tablets-before"
phase = "before"
text = "Stop taking your tablets three days before."
evidence = "D"
basis = "policy"
"#,
        r#"[[care]]
id = "tablets-before"
phase = "before"
text = "Go on with your tablets. Tell us which ones they are; we ask whoever prescribed them."
evidence = "D"
basis = "policy"
"#,
    ),
    Entry::new(
        "L0502",
        "a text that tells to take a prescribed medicine away",
        "whether to stop a medicine is decided by whoever prescribed it: ask for that decision",
    )
    .with(
        r#"[[consent]]
id = "thinner-before"
text = "Stop warfarin three days before the session."
patient = "Tell us what you take."
evidence = "D"
basis = "policy"
"#,
        r#"[[consent]]
id = "thinner-before"
text = "Ask whoever prescribed warfarin whether anything is to be changed for the session."
patient = "Tell us what you take."
evidence = "D"
basis = "policy"
"#,
    ),
    Entry::new(
        "L0503",
        "a fixed text that names what a patient may be allergic to",
        "say `uses` (it is left out for the allergic) or `mentions` (it only speaks of it), and write one for the allergic",
    )
    .with(
        r#"[[care]]
id = "example-aloe"
phase = "after"
text = "Aloe vera gel cools the skin."
evidence = "D"
basis = "policy"
"#,
        r#"[[care]]
id = "example-aloe"
phase = "after"
text = "Aloe vera gel cools the skin."
uses = ["aloe"]
evidence = "D"
basis = "policy"
"#,
    ),
    Entry::new(
        "L0601",
        "an ingredient said to hold no allergen, where all others of its group hold one",
        "add the allergen to `contains`; an allergy keeps out only what contains it",
    )
    .with(
        r#"[[ingredient]]
id = "example-gel"
label = "Example gel"
groups = ["hyaluronan"]
contains = []
status = { all = "device" }
evidence = "D"
basis = "policy"
"#,
        r#"[[ingredient]]
id = "example-gel"
label = "Example gel"
groups = ["hyaluronan"]
contains = ["hyaluronic-acid", "streptococcal-protein"]
status = { all = "device" }
evidence = "D"
basis = "policy"
"#,
    ),
    Entry::new(
        "L0602",
        "an ingredient that is proposed, and nothing says where it may be used",
        "write `status`, by jurisdiction or for `all`",
    )
    .with(
        r#"[[ingredient]]
id = "example-water"
label = "Example water"
contains = []
evidence = "D"
basis = "policy"
"#,
        r#"[[ingredient]]
id = "example-water"
label = "Example water"
contains = []
status = { all = "device" }
evidence = "D"
basis = "policy"
"#,
    ),
    Entry::new(
        "L0603",
        "an ingredient called like one of the pack, while rules and mixing rules about that one pass it by",
        "name it in `components`: what is said against it then holds here too; `components = []` says that nothing of it is in there",
    )
    .with(
        r#"[[ingredient]]
id = "example-niacinamide"
label = "Niacinamide 1 %, house product"
contains = ["nicotinamide"]
status = { all = "unlicensed" }
evidence = "D"
basis = "policy"
"#,
        r#"[[ingredient]]
id = "example-niacinamide"
label = "Niacinamide 1 %, house product"
components = ["nicotinamide"]
contains = ["nicotinamide"]
status = { all = "unlicensed" }
evidence = "D"
basis = "policy"
"#,
    ),
];
