//! How long a keystroke in a picker takes: every vocabulary searched for every prefix of what people type.

mod stopwatch;

use std::error::Error;

use pistor::find::{Index, Vocabulary};
use pistor::pack::builtin;
use stopwatch::measure;

const TYPED: [&str; 6] = ["coumadin", "diabetes type 2", "hyaluronic acid", "Sjögren", "anaesthetc", "zzzzqqqq"];

fn main() -> Result<(), Box<dyn Error>> {
    let pack = builtin().map_err(|report| report.render(false))?;
    measure("find: build all indexes", || Vocabulary::ALL.map(|vocabulary| Index::new(&pack, vocabulary)));
    let indexes = Vocabulary::ALL.map(|vocabulary| Index::new(&pack, vocabulary));
    let rows: usize = indexes.iter().map(Index::len).sum();
    println!("{rows} items in {} vocabularies", indexes.len());
    for typed in TYPED {
        let prefixes: Vec<&str> = typed.char_indices().skip(1).map(|(n, _)| &typed[..n]).chain([typed]).collect();
        let mut turn = prefixes.iter().cycle();
        measure(&format!("find: one key of \"{typed}\", all lists"), || {
            let prefix = turn.next().copied().unwrap_or(typed);
            indexes.iter().map(|index| index.search(prefix, 20).len()).sum::<usize>()
        });
    }
    Ok(())
}
