//! `pistor keys`: the keys of the screen, as the configuration has them. docs/keys.md is made of it.

use serde_json::{Map, json};

use super::Ended;
use super::failure::Failure;
use super::options::{Common, Format};
use super::page::{Ink, Page, json as as_json};
use super::screen;
use crate::config::{self, Places};
use crate::tui::action::{ACTIONS, ActionDef};
use crate::tui::context::Context;
use crate::tui::keymap::KeyMap;
use crate::tui::keys::Chord;

#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  \
    pistor keys                       commands, ids and keys, with those of your configuration\n  \
    pistor keys undo                  what has to do with it\n  \
    pistor keys --format json         the same for programs\n  \
    pistor keys --markdown            the page docs/keys.md, without your configuration\n  \
    pistor keys --schema > keys.json  a JSON schema of [keys] for editors")]
pub(super) struct Args {
    /// Only commands with this word in their id, key or help
    #[arg(value_name = "WORD")]
    word: Option<String>,
    /// The page docs/keys.md: all keys as they are without a configuration
    #[arg(long, conflicts_with_all = ["word", "schema"])]
    markdown: bool,
    /// A JSON schema of the table [keys] of the configuration
    #[arg(long, conflicts_with = "word")]
    schema: bool,
    #[command(flatten)]
    pub common: Common,
}

pub(super) fn run(common: &Common, args: &Args) -> Result<(String, Ended), Failure> {
    if args.markdown {
        return Ok((markdown(), Ended::Done));
    }
    if args.schema {
        return Ok((schema(), Ended::Done));
    }
    let map = configured(common)?;
    let word = args.word.as_deref().unwrap_or_default().to_lowercase();
    let wanted = |def: &ActionDef, keys: &[Chord]| {
        let text = format!("{} {} {}", def.id, def.help, KeyMap::labels(keys).join(" ")).to_lowercase();
        text.contains(&word)
    };
    let found: Vec<_> = map.commands().filter(|(def, keys)| wanted(def, keys)).collect();
    let text = match common.format() {
        Format::Json => as_json(&found.iter().map(|(def, keys)| row(def, keys)).collect::<Vec<_>>()),
        Format::Text if found.is_empty() => format!("no command has to do with \"{word}\"\n"),
        Format::Text => {
            let mut page = Page::new(common.colour_of_results());
            for (def, keys) in found {
                let changed = if *keys == *def.keys { "" } else { " (from the configuration)" };
                let keys = if keys.is_empty() { "no key".to_owned() } else { KeyMap::labels(keys).join("  ") };
                page.inked(0, 2, Ink::Bold, &keys, &format!("{}{changed}", def.id));
                page.inked(4, 4, Ink::Dim, "", def.help);
            }
            page.finish()
        }
    };
    Ok((text, Ended::Done))
}

/// The keys with what the usual configuration changes.
pub(super) fn configured(common: &Common) -> Result<KeyMap, Failure> {
    screen::keys(&config::load(common.config.as_deref(), &Places::of_this_machine())?)
}

fn row(def: &ActionDef, keys: &[Chord]) -> serde_json::Value {
    let written = |keys: &[Chord]| keys.iter().map(|chord| chord.written()).collect::<Vec<_>>();
    let places: Vec<_> = Context::ALL.into_iter().filter(|context| def.is_in(*context)).map(Context::place).collect();
    json!({
        "id": def.id, "keys": written(keys), "default": written(def.keys), "label": def.label, "help": def.help,
        "places": places,
    })
}

const HEAD: &str = "# Keys

The keys of the screen, as they are without a configuration. `?` shows those of the place where one is, `Ctrl-P` finds every
command by name, and `pistor keys` prints this list with the keys of your configuration. This page is made by `pistor keys
--markdown`; a test holds it.

Where a text is typed letters are text; the other keys work there too. Digits and letters beside answers take them, and win
over commands.

To change keys, name commands by their ids in `[keys]` of the configuration:

```toml
[keys]
undo = \"z\"
palette = [\"F12\", \"Alt-x\"]
\"home.formulary\" = \"F5\"
\"home.delete-draft\" = []            # no key: by name only, with the list of commands
```

What is said there takes the place of all keys of that command. A key is a character (`x`, `X`), `F1` to `F24`, `Space`, `Tab`,
`Shift-Tab`, `Up`, `Down`, `Left`, `Right`, `PgUp`, `PgDn`, `Home`, `End`, `Insert`, `Del`, `Backspace`, with `Ctrl-` or `Alt-`
before it where wanted. `Enter`, `Esc` and `Ctrl-C` stay where they are: nobody loses the way on, the way back and the end. A
key that would mean two things in one place, a letter where text is typed and a digit where answers have digits are refused,
with line and column. `pistor keys --schema` prints a JSON schema of the table.

| id | keys | does |
| --- | --- | --- |
";

fn markdown() -> String {
    let mut out = HEAD.to_owned();
    for def in ACTIONS {
        let keys: Vec<String> =
            KeyMap::labels(def.keys).iter().map(|key| format!("`{}`", key.replace('|', "\\|"))).collect();
        out.push_str(&format!("| `{}` | {} | {} |\n", def.id, keys.join(" "), def.help));
    }
    out
}

fn schema() -> String {
    let key = json!({ "type": "string", "minLength": 1 });
    let keys = json!({ "anyOf": [key, { "type": "array", "items": key }] });
    let properties: Map<_, _> = ACTIONS
        .iter()
        .map(|def| {
            let default: Vec<_> = def.keys.iter().map(|chord| chord.written()).collect();
            let mut one = keys.clone();
            one["description"] = json!(def.help);
            one["default"] = json!(default);
            (def.id.to_owned(), one)
        })
        .collect();
    as_json(&json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "[keys] of the configuration of pistor",
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    }))
}
