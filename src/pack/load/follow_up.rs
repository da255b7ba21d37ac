//! Reads what follow-up needs: reactions, red flags, lists, questionnaires, reporting channels.

use super::{Loader, Tables, codes};
use crate::pack::follow_up::{
    Channel, FlagTest, Questionnaire, QuestionnaireItem, Reaction, RecordList, RedFlag, Response, Site, Span, SumBand,
};
use crate::pack::table::Set;
use crate::source::{Cursor, Fields, Problems};

/// The lists the program reads; a pack that records reactions has them all.
const LISTS: [&str; 6] = ["gais", "grade", "seriousness", "causality", "action", "outcome"];

/// Days of a century: more than any follow-up.
const MOST_DAYS: i32 = 36_500;

impl Loader {
    pub(super) fn follow_up(&mut self, tables: &Tables<'_>) {
        self.reactions(tables);
        self.red_flags(tables);
        self.record_lists(tables);
        self.questionnaires(tables);
        self.channels(tables);
    }

    fn reactions(&mut self, tables: &Tables<'_>) {
        self.each(tables, "reaction", |this, _, mut f| {
            let place = f.place();
            let id = this.id(&mut f);
            let label = f.text("label", &mut this.problems);
            let also = f.texts("also", &mut this.problems);
            let common = f.flag("common", &mut this.problems);
            let least = f.whole("least", 1, 5, &mut this.problems).unwrap_or(1);
            let grades = f.get("grades").map(|c| c.array(&mut this.problems)).unwrap_or_default();
            let grades = grades.iter().filter_map(|row| grade_words(row, &mut this.problems)).collect();
            let event = f.get("event");
            let event = event.and_then(|c| Self::reference(&this.pack.events, &c, "event", &mut this.problems));
            let grounds = this.grounds(&mut f);
            f.finish(&mut this.problems);
            if let (Some(id), Some(label)) = (id, label) {
                let row = Reaction { id, label, also, common, least: small(least), grades, event, grounds };
                Self::add(&mut this.pack.follow_up.reactions, row, "reaction", &place, &mut this.problems);
            }
        });
    }

    fn red_flags(&mut self, tables: &Tables<'_>) {
        let responses = Response::ALL.map(|response| (response.word(), response));
        self.each(tables, "red-flag", |this, layer, mut f| {
            let place = f.place();
            let id = this.id(&mut f);
            let title = f.text("title", &mut this.problems);
            let response_at = f.get("answer");
            let response = f.need_word("answer", &responses, &mut this.problems);
            let to_at = f.get("to");
            let to = f.text_or_none("to", &mut this.problems);
            let stop = f.flag("stop", &mut this.problems);
            let quarantine = f.flag("quarantine", &mut this.problems);
            let when = f.need("when", &mut this.problems).map(|c| this.flag_tests(&c, response)).unwrap_or_default();
            let message = f.text("message", &mut this.problems);
            let next = f.texts("next", &mut this.problems);
            let why = f.text("why", &mut this.problems);
            let grounds = this.grounds(&mut f);
            f.finish(&mut this.problems);
            let (Some(id), Some(title), Some(response), Some(message), Some(why)) = (id, title, response, message, why)
            else {
                return;
            };
            let at = response_at.unwrap_or_else(|| place.clone());
            let mut wrong = |at: &Cursor<'_>, message: &str, expected: &str| {
                this.problems.at(at, codes::FLAG_SHAPE, format!("red flag `{id}`: {message}"), expected);
            };
            if response.refers() && to.is_none() {
                wrong(&at, "it refers and does not say to whom", "expected a key `to` as well");
            }
            if let (false, Some(at)) = (response.refers(), &to_at) {
                wrong(at, "`to` is for an answer that refers", "take it away, or let the flag refer");
            }
            if response == Response::Reassure && (stop || quarantine) {
                wrong(&at, "it reassures and stops at once", "expected one of the two");
            }
            if response == Response::Reassure && layer > 0 {
                wrong(&at, "a layer cannot reassure", "a layer adds care; reassurance belongs to the built-in pack");
            }
            let place_kept = place.place();
            let row = RedFlag {
                id,
                title,
                response,
                to,
                stop,
                quarantine,
                when,
                message,
                next,
                why,
                grounds,
                place: place_kept,
            };
            Self::add(&mut this.pack.follow_up.flags, row, "red flag", &place, &mut this.problems);
        });
    }

    /// One table, or several of which one is enough.
    fn flag_tests(&mut self, cursor: &Cursor<'_>, response: Option<Response>) -> Vec<FlagTest> {
        let rows = cursor.one_or_many();
        if rows.is_empty() {
            let message = "this red flag can never hold";
            self.problems.at(cursor, codes::FLAG_SHAPE, message, "expected at least one table");
        }
        rows.iter().filter_map(|row| self.flag_test(row, response == Some(Response::Reassure))).collect()
    }

    fn flag_test(&mut self, cursor: &Cursor<'_>, reassures: bool) -> Option<FlagTest> {
        let mut f = cursor.table("`when`", &mut self.problems)?;
        let [grade_at, lot_at, with_at] =
            ["grade", "same_lot", "with"].map(|key| f.get(key).unwrap_or_else(|| cursor.clone()));
        let test = FlagTest {
            reactions: self.reaction_set(&mut f, "reaction"),
            with: self.reaction_set(&mut f, "with"),
            days: span(&mut f, "days", 0, MOST_DAYS, &mut self.problems),
            lasting: span(&mut f, "lasting", 0, MOST_DAYS, &mut self.problems),
            grade: span(&mut f, "grade", 1, 5, &mut self.problems),
            sites: self.sites(&mut f),
            areas: f
                .get("area")
                .map(|c| Self::refs(&self.pack.areas, Some(c), "area", &mut self.problems).into_iter().collect()),
            same_lot: span(&mut f, "same_lot", 1, 1000, &mut self.problems),
            serious: f.flag("serious", &mut self.problems),
        };
        f.finish(&mut self.problems);
        // With these forms a worse reaction could be answered more mildly: they cannot be written.
        let mut wrong = |at: &Cursor<'_>, message: &str, expected: &str| {
            self.problems.at(at, codes::FLAG_SHAPE, message, expected);
        };
        if reassures {
            if test.reactions.is_none() {
                wrong(
                    cursor,
                    "a flag that reassures names no sign",
                    "expected `reaction`: it is about these signs alone",
                );
            }
            if test.grade.at_most.is_none_or(|most| most > 2) || test.grade.at_least.is_some() {
                wrong(&grade_at, "reassurance needs a highest grade", "expected `grade = { at-most = 1 }`, or 2");
            }
            if test.with.is_some() || test.serious || !test.same_lot.is_all() {
                wrong(&with_at, "`with`, `serious` and `same_lot` are no grounds to reassure", "take them away");
            }
        } else {
            if test.grade.at_most.is_some() {
                wrong(&grade_at, "a flag holds from a grade upwards", "expected `grade = { at-least = ... }`");
            }
            if test.same_lot.at_most.is_some() {
                wrong(
                    &lot_at,
                    "a flag holds from a number of cases upwards",
                    "expected `same_lot = { at-least = ... }`",
                );
            }
            if test.reactions.is_none() && test.grade.is_all() && !test.serious && test.same_lot.is_all() {
                wrong(
                    cursor,
                    "this would hold for almost everything",
                    "expected `reaction`, `grade`, `serious` or `same_lot`",
                );
            }
        }
        Some(test)
    }

    fn reaction_set(&mut self, f: &mut Fields<'_>, key: &'static str) -> Option<Set<Reaction>> {
        let cursor = f.get(key)?;
        let table = &self.pack.follow_up.reactions;
        Some(Self::refs(table, Some(cursor), "reaction", &mut self.problems).into_iter().collect())
    }

    fn sites(&mut self, f: &mut Fields<'_>) -> Vec<Site> {
        let mut sites = Vec::new();
        for cursor in f.get("site").iter().flat_map(Cursor::one_or_many) {
            let Some(word) = cursor.text(&mut self.problems) else { continue };
            match Site::ALL.into_iter().find(|site| site.word() == word) {
                Some(site) => sites.push(site),
                None => {
                    let known = Site::ALL.map(Site::word);
                    self.problems.unknown_word(&cursor, codes::UNKNOWN_ID, "site", word, known);
                }
            }
        }
        sites
    }

    fn record_lists(&mut self, tables: &Tables<'_>) {
        self.each(tables, "record-list", |this, _, mut f| {
            let place = f.place();
            let id = this.id(&mut f);
            let label = f.text("label", &mut this.problems);
            let options = this.options(&mut f);
            let grounds = this.grounds(&mut f);
            f.finish(&mut this.problems);
            let (Some(id), Some(label)) = (id, label) else { return };
            if !LISTS.contains(&id.as_str()) {
                this.problems.unknown_word(&place, codes::UNKNOWN_ID, "list of a record", &id, LISTS);
                return;
            }
            if id == "grade" && !options.iter().map(|option| option.id.as_str()).eq(["1", "2", "3", "4", "5"]) {
                let message = "the grades are not 1 to 5";
                this.problems.at(
                    &place,
                    codes::FLAG_SHAPE,
                    message,
                    "expected the options 1, 2, 3, 4 and 5 in this order",
                );
            }
            let row = RecordList { id, label, options, grounds };
            Self::add(&mut this.pack.follow_up.lists, row, "list", &place, &mut this.problems);
        });
        let first = tables.get("reaction").and_then(|rows| rows.first());
        for list in LISTS {
            if let (Some((_, at)), None) = (first, self.pack.follow_up.lists.get(list)) {
                let message = format!("this pack has reactions and no list `{list}`");
                self.problems.at(at, codes::FLAG_SHAPE, message, "expected a [[record-list]] of this id somewhere");
            }
        }
    }

    fn questionnaires(&mut self, tables: &Tables<'_>) {
        self.each(tables, "questionnaire", |this, _, mut f| {
            let place = f.place();
            let id = this.id(&mut f);
            let label = f.text("label", &mut this.problems);
            let rows = f.need("items", &mut this.problems).map(|c| c.array(&mut this.problems)).unwrap_or_default();
            let items = rows.iter().filter_map(|row| this.questionnaire_item(row)).collect();
            let bands_at = f.need("bands", &mut this.problems);
            let rows = bands_at.as_ref().map(|c| c.array(&mut this.problems)).unwrap_or_default();
            let bands: Vec<SumBand> = rows.iter().filter_map(|row| sum_band(row, &mut this.problems)).collect();
            let grounds = this.grounds(&mut f);
            f.finish(&mut this.problems);
            let ends: Vec<Option<i32>> = bands.iter().map(|band| band.at_most).collect();
            let rising = ends.split_last().is_some_and(|(last, rest)| {
                last.is_none() && rest.iter().all(Option::is_some) && rest.is_sorted_by(|a, b| a < b)
            });
            if let (Some(at), false) = (&bands_at, rising) {
                let message = "the bands do not give every sum one word";
                this.problems.at(
                    at,
                    codes::SCALE_SHAPE,
                    message,
                    "expected rising `at-most`, and none on the last band",
                );
            }
            if let (Some(id), Some(label)) = (id, label) {
                let row = Questionnaire { id, label, items, bands, grounds };
                Self::add(&mut this.pack.follow_up.questionnaires, row, "questionnaire", &place, &mut this.problems);
            }
        });
    }

    fn questionnaire_item(&mut self, row: &Cursor<'_>) -> Option<QuestionnaireItem> {
        let mut f = row.table("an item", &mut self.problems)?;
        let id = self.id(&mut f);
        let ask = f.text("ask", &mut self.problems);
        let mut points = |key| f.whole(key, -10, 10, &mut self.problems).unwrap_or(0);
        let (yes, no, unknown) = (points("yes"), points("no"), points("unknown"));
        f.finish(&mut self.problems);
        Some(QuestionnaireItem { id: id?, ask: ask?, yes, no, unknown })
    }

    fn channels(&mut self, tables: &Tables<'_>) {
        self.each(tables, "reporting", |this, _, mut f| {
            let place = f.place();
            let id = this.id(&mut f);
            let jurisdiction = f.need("jurisdiction", &mut this.problems);
            let jurisdiction = jurisdiction
                .and_then(|c| Self::reference(&this.pack.jurisdictions, &c, "jurisdiction", &mut this.problems));
            let about = f.text("about", &mut this.problems);
            let authority = f.text_or_none("authority", &mut this.problems);
            let how = f.text("how", &mut this.problems);
            let within = f.text_or_none("within", &mut this.problems);
            let grounds = this.grounds(&mut f);
            f.finish(&mut this.problems);
            if let (Some(id), Some(jurisdiction), Some(about), Some(how)) = (id, jurisdiction, about, how) {
                let row = Channel { id, jurisdiction, about, authority, how, within, grounds };
                Self::add(&mut this.pack.follow_up.channels, row, "reporting channel", &place, &mut this.problems);
            }
        });
    }
}

fn small(n: i32) -> u8 {
    u8::try_from(n).unwrap_or(1)
}

fn grade_words(row: &Cursor<'_>, problems: &mut Problems) -> Option<(u8, String)> {
    let mut f = row.table("a grade", problems)?;
    let grade = f.need("grade", problems).and_then(|c| c.whole(1, 5, problems));
    let words = f.text("words", problems);
    f.finish(problems);
    Some((small(grade?), words?))
}

fn span(f: &mut Fields<'_>, key: &'static str, min: i32, max: i32, problems: &mut Problems) -> Span {
    let Some(cursor) = f.get(key) else { return Span::default() };
    let Some(mut inner) = cursor.table(&format!("`{key}`"), problems) else { return Span::default() };
    let at_least = inner.whole("at-least", min, max, problems);
    let at_most = inner.whole("at-most", min, max, problems);
    inner.finish(problems);
    let span = Span { at_least, at_most };
    if span.is_all() {
        problems.at(&cursor, codes::FLAG_SHAPE, format!("`{key}` has no end"), "expected `at-least` or `at-most`");
    }
    if let (Some(least), Some(most)) = (at_least, at_most)
        && most < least
    {
        let message = format!("`{key}` runs from {least} to {most}");
        problems.at(&cursor, codes::FLAG_SHAPE, message, "no number lies between them");
    }
    span
}

fn sum_band(row: &Cursor<'_>, problems: &mut Problems) -> Option<SumBand> {
    let mut f = row.table("a band", problems)?;
    let at_most = f.whole("at-most", -100, 100, problems);
    let value = f.text("value", problems);
    f.finish(problems);
    Some(SumBand { at_most, value: value? })
}
