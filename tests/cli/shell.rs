//! `pistor completions` and `pistor man`.

use crate::program::Pistor;
use rstest::rstest;

#[rstest]
#[case("bash")]
#[case("zsh")]
#[case("fish")]
#[case("powershell")]
fn a_completion_script_knows_commands_and_options(#[case] shell: &str) {
    let script = Pistor::new().run(&["completions", shell]).out;
    for word in ["assess", "verify-proof", "jurisdiction", "json"] {
        assert!(script.contains(word), "{word} is not in the script for {shell}");
    }
}

#[test]
fn an_unknown_shell_is_told_the_known_ones() {
    let output = Pistor::new().run(&["completions", "tcsh"]);
    assert_eq!(output.code, 2);
    assert!(output.err.contains("bash") && output.err.contains("powershell"), "{}", output.err);
}

#[test]
fn the_manual_page_has_commands_options_and_keys() {
    let page = Pistor::new().run(&["man"]).out;
    assert!(page.contains(".TH pistor 1"), "{}", &page[..200]);
    for words in ["PISTOR ASSESS", "PISTOR TRAIN", "KEYS OF THE SCREEN", "Every command", "Take the last change back"] {
        assert!(page.contains(words), "{words} is not in the manual page");
    }
}
