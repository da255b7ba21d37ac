//! Patients made for rules, judged by the assessment.

use jiff::civil::{Date, date};

use super::*;
use crate::intake;
use crate::pack::{Pack, builtin};
use crate::plan::assess;
use crate::source::SourceFile;

const TODAY: Date = date(2026, 11, 22);

/// An intake as it is after being written and read back.
fn read_back(pack: &Pack, made: &Made) -> intake::Intake {
    let text = intake::write(&made.intake);
    intake::read(pack, &SourceFile::new("made.toml", text.as_str())).unwrap_or_else(|r| panic!("{text}\n{}", r.render(false)))
}

#[test]
fn probe() {
    let pack = builtin().expect("loads");
    let t = std::time::Instant::now();
    let portraits = crate::pack::load::portraits(&pack, &[crate::pack::builtin_files()]).unwrap_or_else(|r| panic!("{}", r.render(false)));
    let mut maker = Maker::of(&pack, TODAY, &portraits.implausible);
    eprintln!("maker {:?}", t.elapsed());
    for id in ["pregnancy", "isotretinoin-recent", "bmi-obese-body-lipolysis", "component-anaphylaxis-clearance", "sulfite-allergy-asthma", "breastfeeding-excluded-actives"] {
        let ix = pack.rules.find(id).unwrap();
        for seed in [0, 1] {
            let t = std::time::Instant::now();
            let made = maker.isolating(ix, seed);
            eprintln!("{id} {seed} {:?} {:?} {:?}", t.elapsed(), made.proved, made.not_found);
            for case in &made.cases { eprintln!("{}\n{}", case.shows, intake::write(&case.intake)); }
        }
        let t = std::time::Instant::now();
        for made in [maker.boundary(ix, 0), maker.near_miss(ix, 0)] {
            eprintln!("{id} {:?} {:?} {:?}", t.elapsed(), made.proved, made.not_found);
            for case in &made.cases { eprintln!("{} {}: {:?}", case.name, case.shows, assess(&pack, &read_back(&pack, case), TODAY).findings.iter().map(|f| f.rule.as_str()).collect::<Vec<_>>()); }
        }
    }
}
