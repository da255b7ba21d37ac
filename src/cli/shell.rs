//! `pistor completions` and `pistor man`: made from the same definitions as the help.

use clap_complete::Shell;
use clap_mangen::roff::{Roff, bold, roman};

use super::failure::Failure;
use super::keys::configured;
use super::options::Common;
use super::{Ended, command};
use crate::tui::keymap::KeyMap;

#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  \
    pistor completions bash > ~/.local/share/bash-completion/completions/pistor\n  \
    pistor completions zsh > ~/.zfunc/_pistor\n  \
    pistor completions fish > ~/.config/fish/completions/pistor.fish\n  \
    pistor completions powershell >> $PROFILE")]
pub(super) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  pistor man > pistor.1\n  pistor man | man -l -")]
pub(super) struct ManArgs {}

pub(super) fn completions(args: &CompletionsArgs) -> Result<(String, Ended), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command(), "pistor", &mut script);
    Ok((String::from_utf8_lossy(&script).into_owned(), Ended::Done))
}

/// The page of the program, its commands with their options and examples, and the keys of the screen as the configuration
/// has them.
pub(super) fn man(common: &Common) -> Result<(String, Ended), Failure> {
    let mut cli = command();
    cli.build();
    let mut rest = Roff::default();
    for command in cli.get_subcommands().filter(|command| command.get_name() != "help") {
        rest.control("SH", [format!("pistor {}", command.get_name()).to_uppercase().as_str()]);
        rest.text([roman(command.get_about().map(ToString::to_string).unwrap_or_default())]);
        rest.control("PP", []).control("nf", []);
        rest.text([roman(command.clone().render_long_help().to_string())]).control("fi", []);
    }
    rest.control("SH", ["KEYS OF THE SCREEN"]);
    rest.text([roman("Where a text is typed letters are text; the other keys work there too.")]);
    let map = configured(common)?;
    for (def, keys) in map.commands().filter(|(_, keys)| !keys.is_empty()) {
        rest.control("TP", []).text([bold(KeyMap::labels(keys).join(", "))]).text([roman(def.help)]);
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(cli)
        .render(&mut page)
        .and_then(|()| rest.to_writer(&mut page))
        .map_err(|why| Failure::plain(format!("cannot make the manual page: {why}"), ""))?;
    Ok((plain(&String::from_utf8_lossy(&page)), Ended::Done))
}

/// Letters beyond ASCII by their numbers: not every formatter reads UTF-8.
fn plain(page: &str) -> String {
    let mut out = String::with_capacity(page.len());
    for c in page.chars() {
        match c.is_ascii() {
            true => out.push(c),
            false => out.push_str(&format!("\\[u{:04X}]", u32::from(c))),
        }
    }
    out
}
