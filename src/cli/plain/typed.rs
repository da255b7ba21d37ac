//! What was typed on the screen and is no answer: the consultation line by line has no place where it could wait.

use std::io::{BufRead, Write};

use super::talk::Talk;
use super::{Consultation, Stop};

impl Consultation<'_> {
    /// Says it, and asks those questions again: the answer that it was to replace counts no longer.
    pub(super) fn let_go_typed<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>) -> Result<(), Stop> {
        let pack = &self.loaded.pack;
        for (ix, question) in pack.questions.entries() {
            if let Some(typed) = self.sheet.typed_for(&question.id) {
                talk.say(&format!("{}: \"{typed}\" was typed and not accepted; the question is open.", question.label));
                self.passed.remove(&ix.get());
            }
        }
        self.change(|sheet| sheet.pending.clear())
    }
}
