//! `pistor records`: passphrases, verification, the audit trail.

use std::path::PathBuf;

use crate::program::Pistor;
use crate::records::home;

/// A file with a passphrase that nobody else can read.
fn secret(pistor: &Pistor, name: &str, words: &str) -> String {
    let path = pistor.write(name, &format!("{words}\nanother line\n"));
    private(&path);
    path.display().to_string()
}

fn private(path: &PathBuf) {
    #[cfg(unix)]
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
}

#[test]
fn a_passphrase_is_set_changed_and_replaced_by_the_code() {
    let (pistor, ids) = home();
    let (old, new) = (secret(&pistor, "old", "blue kettle seven rain"), secret(&pistor, "new", "four other words"));
    let run = pistor.run(&["records", "protect", "--passphrase-file", &old, "--format", "json"]);
    let code = run.json()["recovery_code"].as_str().unwrap().to_owned();
    assert_eq!((run.code, code.len(), &run.json()["traces"]), (0, 34, &serde_json::Value::Null), "{}", run.err);

    assert!(pistor.run(&["records", "list"]).refused().contains("--passphrase-file FILE"));
    let list = pistor.run(&["records", "list", "--passphrase-file", &old]);
    assert!(list.code == 0 && list.out.contains("Ada Example"), "{}", list.err);
    assert!(pistor.run(&["records", "show", &ids[0], "--passphrase-file", &new]).refused().contains("does not open"));

    let change = ["records", "passphrase", "--passphrase-file", &old, "--new-passphrase-file", &new];
    assert_eq!(pistor.run(&change).code, 0);
    assert!(pistor.run(&change).refused().contains("does not open"), "the old one opens nothing any more");
    assert_eq!(pistor.run(&["records", "list", "--passphrase-file", &new]).code, 0);

    let code = secret(&pistor, "code", &code);
    let rotate = ["records", "rotate-key", "--passphrase-file", &code, "--new-passphrase-file", &old];
    assert!(pistor.run(&rotate).out.contains("Recovery code: "));
    assert!(pistor.run(&["records", "list", "--passphrase-file", &code]).refused().contains("does not open"));
    let fresh = pistor.run(&["records", "recovery-code", "--passphrase-file", &old]);
    assert!(fresh.code == 0 && fresh.out.contains("Write it on paper"), "{}", fresh.err);

    let trail = pistor.run(&["records", "audit", "--passphrase-file", &old]).out;
    for word in
        ["protected", "unlock-failed", "passphrase-changed", "key-rotated", "recovery-code-made", "recovery code"]
    {
        assert!(trail.contains(word), "{word}: {trail}");
    }
    let verified = pistor.run(&["records", "verify", "--passphrase-file", &old]);
    assert!(verified.code == 0 && verified.out.contains("nothing is wrong"), "{}", verified.out);
}

#[test]
fn a_passphrase_that_is_no_secret_is_refused() {
    let (pistor, _) = home();
    let open = pistor.write("open", "blue kettle seven rain\n").display().to_string();
    let refused = pistor.run(&["records", "protect", "--passphrase-file", &open]);
    assert!(refused.refused().contains("read by other users"), "{}", refused.err);
    let short = secret(&pistor, "short", "short");
    assert!(pistor.run(&["records", "protect", "--passphrase-file", &short]).refused().contains("at least 8"));
    let empty = secret(&pistor, "empty", "");
    assert!(pistor.run(&["records", "protect", "--passphrase-file", &empty]).refused().contains("no passphrase"));
    assert!(pistor.run(&["records", "protect", "--passphrase-file", "nowhere"]).refused().contains("cannot read"));
    assert_eq!(pistor.run(&["records", "list"]).code, 0, "nothing was encrypted");
}

#[test]
fn without_a_passphrase_there_is_none_to_change() {
    let (pistor, _) = home();
    for command in ["passphrase", "recovery-code", "rotate-key"] {
        assert!(pistor.run(&["records", command]).refused().contains("records protect"), "{command}");
    }
    assert!(pistor.run(&["records", "protect", "--decline"]).out.contains("The screen does not ask"));
}

#[test]
fn verify_says_what_it_proves_and_what_not() {
    let (pistor, ids) = home();
    let sound = pistor.run(&["records", "verify"]);
    assert_eq!(sound.code, 0, "{}", sound.err);
    for words in ["nothing is wrong", "2 versions saved", "byte for byte", "THIS DOES NOT PROVE", "cut off"] {
        assert!(sound.out.contains(words), "{words}: {}", sound.out);
    }
    let json = pistor.run(&["records", "verify", "--format", "json"]).json();
    assert_eq!((&json["sound"], &json["encrypted"]), (&true.into(), &false.into()));
    let head = json["head"].as_str().unwrap();
    pistor.run(&["records", "show", &ids[0]]);
    let later = pistor.run(&["records", "verify", "--head", head]);
    assert!(later.code == 0 && later.out.contains("the head that was given is in the trail"), "{}", later.out);
    let other = pistor.run(&["records", "verify", "--head", "0123456789abcdef"]);
    assert!(other.code == 1 && other.out.contains("no entry of the audit trail"), "{}", other.out);

    let file = pistor.home().join(".local/share/pistor/records/records.db");
    let sound = std::fs::read(&file).unwrap();
    let mut bytes = sound.clone();
    let at = bytes.windows(11).position(|part| part == b"Ada Example").unwrap();
    bytes[at] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let broken = pistor.run(&["records", "verify"]);
    assert_eq!(broken.code, 1, "{}", broken.out);
    assert!(broken.out.contains("something is wrong") && broken.out.contains("bytes are not those"), "{}", broken.out);
    std::fs::write(&file, sound).unwrap();
    assert_eq!(pistor.run(&["records", "verify"]).code, 0);
}

#[test]
fn an_old_copy_put_back_is_found() {
    let (pistor, ids) = home();
    pistor.run(&["records", "show", &ids[0]]);
    let file = pistor.home().join(".local/share/pistor/records/records.db");
    let yesterday = std::fs::read(&file).unwrap();
    pistor.run(&["records", "show", &ids[0]]);
    assert!(pistor.run(&["records", "verify"]).out.contains("this machine noted"));
    std::fs::write(&file, yesterday).unwrap();
    let found = pistor.run(&["records", "verify"]);
    assert!(found.code == 1 && found.out.contains("older than they were"), "{}", found.out);
}
