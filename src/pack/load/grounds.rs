//! Reads on what a statement rests, how strong that is, and who has looked at it: no statement goes without.

use std::sync::Arc;

use jiff::civil::Date;

use super::{Loader, Tables, codes};
use crate::pack::fact::{Basis, Grade, Grounds, Source};
use crate::pack::review::{Clinician, ReviewState, SignOff};
use crate::pack::table::Ix;
use crate::source::{Cursor, Fields, MISSING_KEY};

/// How well an effect was studied.
pub(super) const GRADES: [(&str, Grade); 5] =
    [("A", Grade::A), ("B", Grade::B), ("C", Grade::C), ("D", Grade::D), ("X", Grade::X)];

/// The same, and what a regulator has set; that is no evidence of an effect.
const ALL_GRADES: [(&str, Grade); 6] =
    [("A", Grade::A), ("B", Grade::B), ("C", Grade::C), ("D", Grade::D), ("X", Grade::X), ("R", Grade::R)];

const BASES: [(&str, Basis); 3] = [("source", Basis::Source), ("general", Basis::General), ("policy", Basis::Policy)];

impl Loader {
    /// Reads `basis`, `sources`, `evidence` and the state of review.
    pub(super) fn grounds(&mut self, fields: &mut Fields<'_>) -> Grounds {
        let review = self.review_of(fields);
        self.grounds_within(fields, &review)
    }

    /// Reads `basis`, `sources` and `evidence` of a part of an item, which was reviewed with the whole.
    pub(super) fn grounds_within(&mut self, fields: &mut Fields<'_>, review: &ReviewState) -> Grounds {
        let (basis, sources) = self.basis(fields);
        let evidence = fields.word("evidence", &ALL_GRADES, &mut self.problems);
        if fields.get("evidence").is_none() {
            self.problems.at_with_help(
                &fields.place(),
                codes::NO_SOURCE,
                format!("{} has no evidence grade", fields.what()),
                "expected `evidence`",
                "one of A, B, C, D, X, or R for what a licence, a label or the law sets",
            );
        }
        Grounds { basis, sources, evidence: evidence.unwrap_or(Grade::D), review: review.clone() }
    }

    /// Reads `basis` and `sources`.
    pub(super) fn basis(&mut self, fields: &mut Fields<'_>) -> (Basis, Vec<Ix<Source>>) {
        let basis_at = fields.get("basis");
        let basis = fields.word("basis", &BASES, &mut self.problems);
        if basis_at.is_none() {
            self.problems.at_with_help(
                &fields.place(),
                codes::NO_SOURCE,
                format!("{} does not say on what it rests", fields.what()),
                "expected `basis`",
                "`basis = \"source\"` with `sources`, or `\"general\"`, or `\"policy\"`",
            );
        }
        let named = fields.get("sources").is_some_and(|c| !c.one_or_many().is_empty());
        let sources = self.sources(fields.get("sources"));
        if basis == Some(Basis::Source) && !named {
            let at = basis_at.unwrap_or_else(|| fields.place());
            self.problems.at_with_help(
                &at,
                codes::NO_SOURCE,
                "basis is \"source\" and no source is cited",
                "a citation is missing",
                "add `sources = [\"...\"]`, or say `basis = \"general\"` or `\"policy\"`",
            );
        }
        (basis.unwrap_or(Basis::General), sources)
    }

    pub(super) fn sources(&mut self, cursor: Option<Cursor<'_>>) -> Vec<Ix<Source>> {
        Self::refs(&self.pack.sources, cursor, "source", &mut self.problems)
    }

    /// Reads the `[review]` tables, one for each file.
    pub(super) fn reviews(&mut self, tables: &Tables<'_>) {
        for (_, cursor) in tables.get("review").into_iter().flatten() {
            let review = self.review(cursor);
            self.reviews.insert(Arc::as_ptr(cursor.file()), review);
        }
    }

    /// The state of review of an item: its own `review`, or that of its file.
    pub(super) fn review_of(&mut self, fields: &mut Fields<'_>) -> ReviewState {
        if let Some(own) = fields.get("review") {
            return self.review(&own);
        }
        if let Some(review) = self.reviews.get(&Arc::as_ptr(fields.file())) {
            return review.clone();
        }
        self.problems.at_with_help(
            &fields.place(),
            codes::NO_REVIEW,
            format!("{} has no review state, and neither has its file", fields.what()),
            "expected `review`, or [review] in the file",
            "add [review] with `since` and `due` (and `by` and `on` once a clinician has looked) to the file",
        );
        // Once is enough for a file.
        self.reviews.insert(Arc::as_ptr(fields.file()), ReviewState::default());
        ReviewState::default()
    }

    pub(super) fn review(&mut self, cursor: &Cursor<'_>) -> ReviewState {
        let Some(mut f) = cursor.table("[review]", &mut self.problems) else { return ReviewState::default() };
        let since = f.need("since", &mut self.problems).and_then(|c| c.date(&mut self.problems));
        let due_at = f.need("due", &mut self.problems);
        let due = due_at.as_ref().and_then(|c| c.date(&mut self.problems));
        let by_at = f.get("by");
        let by = f.text_or_none("by", &mut self.problems);
        let on_at = f.get("on");
        let on = on_at.as_ref().and_then(|c| c.date(&mut self.problems));
        // Half a name would count as none, and nobody would be told.
        let other = if by_at.is_some() { "on" } else { "by" };
        if let Some(half) = by_at.xor(on_at.clone()) {
            let expected = format!("expected a key `{other}` as well");
            self.problems.at(&half, MISSING_KEY, format!("the review lacks `{other}`"), expected);
        }
        f.finish(&mut self.problems);
        let (Some(since), Some(due)) = (since, due) else { return ReviewState::default() };
        if let (Some(at), Some(on)) = (&on_at, on)
            && on < since
        {
            let message = format!("reviewed on {on}, before it was written");
            self.problems.at(at, codes::NO_REVIEW, message, format!("expected {since} or later"));
        }
        let review = ReviewState { since, due, clinician: by.zip(on).map(|(by, on)| Clinician { by, on }) };
        if let Some(at) = &due_at {
            self.review_agrees(&review, at);
        }
        review
    }

    /// What is due before it was written or reviewed was meant otherwise.
    pub(super) fn review_agrees(&mut self, review: &ReviewState, at: &Cursor<'_>) {
        let latest = review.clinician.iter().map(|clinician| clinician.on).fold(review.since, Date::max);
        if review.due < latest {
            let message = format!("due on {}, before it was written or reviewed", review.due);
            self.problems.at(at, codes::NO_REVIEW, message, format!("expected a review due after {latest}"));
        }
    }

    /// Reads the clinic's sign-offs; each names a pack in use and the version that was read.
    pub(super) fn sign_offs(&mut self, tables: &Tables<'_>) {
        self.each(tables, "signoff", |this, _, mut f| {
            let pack_at = f.need("pack", &mut this.problems);
            let pack = pack_at.as_ref().and_then(|c| c.some_text("pack", &mut this.problems)).map(str::to_owned);
            let version = f.text("version", &mut this.problems);
            let by = f.text("by", &mut this.problems);
            let on = f.need("on", &mut this.problems).and_then(|c| c.date(&mut this.problems));
            f.finish(&mut this.problems);
            if let (Some(at), Some(id)) = (&pack_at, &pack)
                && !this.pack.layers.iter().any(|layer| layer.id == *id)
            {
                let known = this.pack.layers.iter().map(|layer| layer.id.as_str());
                this.problems.unknown_word(at, codes::UNKNOWN_ID, "pack", id, known);
            }
            if let (Some(pack), Some(version), Some(by), Some(on)) = (pack, version, by, on) {
                this.pack.sign_offs.push(SignOff { pack, version, by, on });
            }
        });
    }
}
