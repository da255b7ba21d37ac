//! Examples in the help of commands that bring none of their own.

use clap::Command;

/// By the words of the command.
const EXAMPLES: &[(&str, &[&str])] = &[
    ("records history", &["pistor records history 0193f0c2"]),
    ("records lot", &["pistor records lot L-2041", "pistor records lot L2041 --format json"]),
    ("records verify", &["pistor records verify", "pistor records verify --head 3f9a...  # the head noted elsewhere"]),
    ("records audit", &["pistor records audit --limit 20", "pistor records audit --format json"]),
    ("records protect", &["pistor records protect", "pistor records protect --decline"]),
    ("records passphrase", &["pistor records passphrase"]),
    ("records recovery-code", &["pistor records recovery-code"]),
    ("records rotate-key", &["pistor records rotate-key"]),
    ("records backup", &["pistor records backup /media/usb", "pistor records backup /media/usb --keep 10"]),
    ("records restore", &["pistor records restore /media/usb/pistor-2026-11-22.db"]),
    ("records export", &["pistor records export copies", "pistor records export copies 0193f0c2"]),
    ("records import", &["pistor records import copies"]),
    ("records retention", &["pistor records retention", "pistor records retention --years 20"]),
    ("records erase", &["pistor records erase 0193f0c2 --reason \"kept long enough\" --yes"]),
    ("train list", &["pistor train list", "pistor train list --format json"]),
    ("train mark", &["pistor train mark attempt.toml", "pistor train mark exam/ada.sealed --format json"]),
    ("train report", &["pistor train report exam", "pistor train report exam --as html > exam.html"]),
    ("train due", &["pistor train due"]),
    ("train cards", &["pistor train cards", "pistor train cards --seed 7"]),
    ("train progress", &["pistor train progress", "pistor train progress --format json"]),
    (
        "train case",
        &["pistor train case new my-case > cases/my-case.toml", "pistor train case check cases/my-case.toml"],
    ),
    ("train case new", &["pistor train case new my-case > cases/my-case.toml"]),
    ("train case check", &["pistor train case check", "pistor train case check cases/my-case.toml"]),
    ("train case preview", &["pistor train case preview isotretinoin-recent --seed 7"]),
    ("train case coverage", &["pistor train case coverage"]),
];

/// The commands, each with examples in its help.
pub(super) fn with_examples(command: Command) -> Command {
    add(command, "")
}

fn add(command: Command, path: &str) -> Command {
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let command = names.iter().fold(command, |command, name| {
        let path = if path.is_empty() { name.clone() } else { format!("{path} {name}") };
        command.mut_subcommand(name, |sub| add(sub, &path))
    });
    let own = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    match EXAMPLES.iter().find(|(words, _)| *words == path) {
        Some((_, lines)) if !own.contains("pistor ") => {
            let before = if own.is_empty() { own } else { format!("{own}\n\n") };
            command.after_help(format!("{before}Examples:\n  {}", lines.join("\n  ")))
        }
        _ => command,
    }
}

#[cfg(test)]
mod tests {
    use super::super::command;
    use clap::Command;

    fn walk(command: &Command, path: &str, without: &mut Vec<String>) {
        for sub in command.get_subcommands() {
            let path = format!("{path} {}", sub.get_name());
            let own = sub.get_after_help().map(ToString::to_string).unwrap_or_default();
            if !own.contains("pistor ") {
                without.push(path.clone());
            }
            walk(sub, &path, without);
        }
    }

    #[test]
    fn every_command_shows_examples() {
        let mut without = Vec::new();
        walk(&command(), "pistor", &mut without);
        assert_eq!(without, Vec::<String>::new(), "src/cli/examples.rs has room for them");
    }
}
