use super::*;
use crate::pack::{self, Pack};

fn builtin() -> Pack {
    pack::builtin().unwrap_or_else(|report| panic!("{}", report.render(false)))
}

#[test]
fn the_cases_of_the_pack_come_out_as_written_and_every_flag_has_one_and_a_near_miss() {
    let pack = builtin();
    let cases =
        cases::read(&pack, &[pack::builtin_files()]).unwrap_or_else(|report| panic!("{}", report.render(false)));
    let failed: Vec<_> = cases.iter().filter_map(|case| cases::run(&pack, case)).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    for flag in &pack.follow_up.flags {
        assert!(cases.iter().any(|case| case.raises().contains(&flag.id)), "no case raises {}", flag.id);
        assert!(cases.iter().any(|case| case.not_raises().contains(&flag.id)), "no near miss of {}", flag.id);
    }
}

#[test]
fn an_open_question_never_loosens_and_what_is_worse_is_never_answered_more_mildly() {
    assert_eq!(faults(&builtin()), []);
}
