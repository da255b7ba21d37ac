//! Reads a session or a reaction from a TOML file; every mistake with its place.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::course;
use super::entry::{Entry, Given, Onset, Outcome, Performed, Reported, Seen, What};
use crate::find::fold;
use crate::pack::{Identified, Pack, Response, Site, Table};
use crate::source::{Amount, Code, Cursor, Fields, Problems, Report, SourceFile, parse};

/// Something that the pack or the consultation does not have.
const UNKNOWN: Code = Code("F0101");
/// Things that cannot both be.
const CONTRADICTION: Code = Code("F0102");
/// Not one session or one reaction.
const NOT_ONE: Code = Code("F0103");

/// Words of the answers of a questionnaire.
const ANSWERS: [(&str, &str); 3] = [("yes", "yes"), ("no", "no"), ("unknown", "unknown")];

/// What a file is read against.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// The clinical content.
    pub pack: &'a Pack,
    /// What the consultation has so far.
    pub entries: &'a [Entry],
    /// The day.
    pub today: Date,
    /// Who writes it down.
    pub by: &'a str,
    /// Whose consultation it is.
    pub patient: &'a str,
}

/// Reads `[session]` or `[reaction]`. A reaction still has to be weighed ([`Seen::weigh`]).
///
/// # Errors
/// Every mistake with its place.
pub fn read(setting: Setting<'_>, file: &Arc<SourceFile>) -> Result<What, Report> {
    let mut problems = Problems::default();
    let table = parse(file, &mut problems);
    let mut fields = Fields::of_file(file, &table, "the file");
    let (session, reaction) = (fields.get("session"), fields.get("reaction"));
    if let Some(at) = fields.get("patient")
        && let Some(name) = at.text(&mut problems)
        && fold(name) != fold(setting.patient)
    {
        let message = format!("this is about `{name}`, and the consultation is of `{}`", setting.patient);
        problems.at(&at, CONTRADICTION, message, "expected the patient of the consultation");
    }
    let place = fields.place();
    fields.finish(&mut problems);
    let mut reader = Reader { setting, problems };
    let what = match (session, reaction) {
        (Some(session), None) => reader.session(&session).map(What::Session),
        (None, Some(reaction)) => reader.reaction(&reaction).map(|seen| What::Reaction(Box::new(seen))),
        (Some(_), Some(second)) => {
            let message = "a session and a reaction in one file";
            reader.problems.at(&second, NOT_ONE, message, "expected one of them; write two files");
            None
        }
        (None, None) => {
            let help = "`pistor records follow-up --help` shows both";
            let message = "neither a session nor a reaction";
            reader.problems.at_with_help(&place, NOT_ONE, message, "expected [session] or [reaction]", help);
            None
        }
    };
    match what {
        Some(what) if reader.problems.is_empty() => Ok(what),
        _ => Err(reader.problems.into_report()),
    }
}

struct Reader<'a> {
    setting: Setting<'a>,
    problems: Problems,
}

impl Reader<'_> {
    fn session(&mut self, cursor: &Cursor<'_>) -> Option<Performed> {
        let mut f = cursor.table("[session]", &mut self.problems)?;
        let date_at = f.need("date", &mut self.problems);
        let date = date_at.as_ref().and_then(|c| self.past(c));
        let planned = f.whole("planned", 1, 1000, &mut self.problems).and_then(|n| u32::try_from(n).ok());
        let practitioner = f.text_or_none("practitioner", &mut self.problems);
        let room = self.words(&mut f, "room");
        let note = self.words(&mut f, "note");
        let rows = f.get("given").map(|c| c.array(&mut self.problems)).unwrap_or_default();
        let given: Vec<Given> = rows.iter().filter_map(|row| self.given(row)).collect();
        let rows = f.get("outcome").map(|c| c.array(&mut self.problems)).unwrap_or_default();
        let outcome = rows.iter().filter_map(|row| self.outcome(row)).collect();
        f.finish(&mut self.problems);
        if given.is_empty() && rows.is_empty() && note.is_empty() {
            let help =
                "write [[session.given]] for each product, [[session.outcome]] for each area looked at, or a note";
            self.problems.at_with_help(
                cursor,
                NOT_ONE,
                "a session in which nothing was done",
                "expected a product, the outcome of an area, or a note",
                help,
            );
        }
        let practitioner = practitioner.unwrap_or_else(|| self.setting.by.to_owned());
        Some(Performed { date: date?, planned, practitioner, room, note, given, outcome })
    }

    fn given(&mut self, row: &Cursor<'_>) -> Option<Given> {
        let pack = self.setting.pack;
        let mut f = row.table("[[session.given]]", &mut self.problems)?;
        let area = f.need("area", &mut self.problems).and_then(|c| self.id(&pack.areas, &c, "area"));
        let product = f.text("product", &mut self.problems);
        let ingredient = f.get("ingredient").and_then(|c| self.id(&pack.ingredients, &c, "ingredient"));
        let lot = f.text_or_none("lot", &mut self.problems);
        let expiry = f.get("expiry").and_then(|c| c.date(&mut self.problems));
        let dilution = self.words(&mut f, "dilution");
        let ml = f.positive("ml", &mut self.problems).map(Amount::as_f64);
        let points = f.whole("points", 1, 10_000, &mut self.problems).and_then(|n| u32::try_from(n).ok());
        let technique = f.get("technique").and_then(|c| self.id(&pack.techniques, &c, "technique"));
        let needle = self.words(&mut f, "needle");
        let site = self.words(&mut f, "site");
        f.finish(&mut self.problems);
        Some(Given {
            area: area?,
            product: product?,
            ingredient,
            lot,
            expiry,
            dilution,
            ml,
            points,
            technique,
            needle,
            site,
        })
    }

    fn outcome(&mut self, row: &Cursor<'_>) -> Option<Outcome> {
        let pack = self.setting.pack;
        let mut f = row.table("[[session.outcome]]", &mut self.problems)?;
        let area = f.need("area", &mut self.problems).and_then(|c| self.id(&pack.areas, &c, "area"));
        let gais = f.get("gais").and_then(|c| self.option("gais", &c));
        let photo = self.words(&mut f, "photo");
        let note = self.words(&mut f, "note");
        f.finish(&mut self.problems);
        Some(Outcome { area: area?, gais, photo, note })
    }

    fn reaction(&mut self, cursor: &Cursor<'_>) -> Option<Seen> {
        let pack = self.setting.pack;
        let mut f = cursor.table("[reaction]", &mut self.problems)?;
        let updates = f.get("updates").and_then(|c| self.earlier(&c, "reaction"));
        let unsigned = f.get("what").is_none_or(|c| c.one_or_many().is_empty());
        let what: Vec<String> =
            f.get("what").map(|c| self.ids(&pack.follow_up.reactions, &c, "reaction")).unwrap_or_default();
        let text = self.words(&mut f, "text");
        let session_at = f.get("session");
        let session = session_at.as_ref().and_then(|c| self.earlier(c, "session"));
        let date_at = f.get("session_date");
        let own_date = date_at.as_ref().and_then(|c| self.past(c));
        let onset = self.onset(&mut f);
        let ended_at = f.get("ended");
        let ended = ended_at.as_ref().and_then(|c| self.past(c));
        let area = f.get("area").and_then(|c| self.id(&pack.areas, &c, "area"));
        let site = f.word("site", &Site::ALL.map(|site| (site.word(), site)), &mut self.problems);
        let grade_at = f.need("grade", &mut self.problems);
        let grade = grade_at.as_ref().and_then(|c| c.whole(1, 5, &mut self.problems)).unwrap_or(1);
        let serious_at = f.get("serious");
        let serious = serious_at.as_ref().map(|c| self.options("seriousness", c)).unwrap_or_default();
        let lots = f.get("lots");
        let own_lots = lots.as_ref().map(|_| f.texts("lots", &mut self.problems));
        let causality = f.get("causality").and_then(|c| self.option("causality", &c));
        let action = f.get("action").map(|c| self.options("action", &c)).unwrap_or_default();
        let outcome = f.get("outcome").and_then(|c| self.option("outcome", &c));
        let note = self.words(&mut f, "note");
        let naranjo = f.get("naranjo").map(|c| self.naranjo(&c)).unwrap_or_default();
        let reported = f.get("reported").and_then(|c| self.reported(&c));
        f.finish(&mut self.problems);
        if serious_at.is_none() {
            let help =
                "`serious = []` says that none of the criteria is met; `pistor records follow-up --help` lists them";
            let message = "nobody has said whether it is serious";
            self.problems.at_with_help(
                cursor,
                crate::source::MISSING_KEY,
                message,
                "expected a key `serious` here",
                help,
            );
        }
        if unsigned && text.is_empty() {
            let help = "`pistor find reactions TEXT` gives the ids; what has none is kept in words: text = \"...\"";
            self.problems.at_with_help(cursor, NOT_ONE, "a reaction without a sign", "expected `what` or `text`", help);
        }
        if let (Some(at), true) = (&date_at, session.is_some()) {
            let message = "`session` and `session_date` both say which session it was";
            self.problems.at(at, CONTRADICTION, message, "expected one of them");
        }
        let grade = u8::try_from(grade).unwrap_or(1);
        if let Some(at) = &grade_at {
            self.least(&what, grade, at);
            self.death(grade, &serious, outcome.as_deref(), serious_at.as_ref().unwrap_or(at));
        }
        // Without a word about the session it is the last one before it began.
        let (session, session_date) = self.after(session, own_date, onset.1);
        let lots = own_lots.unwrap_or_else(|| self.lots_of(session));
        let seen = Seen {
            updates,
            what,
            text,
            session,
            session_date,
            onset: onset.1,
            ended,
            area,
            site,
            grade,
            grade_words: String::new(),
            serious,
            lots,
            same_lot: None,
            causality,
            action,
            outcome,
            note,
            naranjo,
            reported,
            answer: super::answer::nothing(Response::Watch),
        };
        self.in_order(&seen, onset.0.as_ref(), ended_at.as_ref());
        Some(seen)
    }

    /// When it began, and where that stands.
    fn onset<'a>(&mut self, f: &mut Fields<'a>) -> (Option<Cursor<'a>>, Onset) {
        let (on, hours, days) = (f.get("onset"), f.get("onset_hours"), f.get("onset_days"));
        let given: Vec<&Cursor<'_>> = [&on, &hours, &days].into_iter().flatten().collect();
        if let [_, second, ..] = given.as_slice() {
            let message = "two keys say when it began";
            self.problems.at(second, CONTRADICTION, message, "expected one of `onset`, `onset_hours`, `onset_days`");
        }
        let number = |c: &Cursor<'_>, most, this: &mut Self| {
            c.whole(0, most, &mut this.problems).and_then(|n| u32::try_from(n).ok())
        };
        let onset = if let Some(c) = &on {
            match c.scalar() {
                Some(crate::source::Scalar::Text("unknown")) => Some(Onset::Unknown),
                _ => self.past(c).map(Onset::On),
            }
        } else if let Some(c) = &hours {
            number(c, 100_000, self).map(Onset::Hours)
        } else if let Some(c) = &days {
            number(c, 36_500, self).map(Onset::Days)
        } else {
            None
        };
        (on.or(hours).or(days), onset.unwrap_or(Onset::Unknown))
    }

    /// A sign has a lowest grade.
    fn least(&mut self, what: &[String], grade: u8, at: &Cursor<'_>) {
        for sign in what.iter().filter_map(|id| self.setting.pack.follow_up.reactions.get(id)) {
            if grade < sign.least {
                let message = format!("{} is never of grade {grade}", sign.label.to_lowercase());
                self.problems.at(at, CONTRADICTION, message, format!("expected {} or more", sign.least));
            }
        }
    }

    /// Grade 5, "death" among the criteria and a fatal outcome are one and the same; one of them alone is a slip.
    fn death(&mut self, grade: u8, serious: &[String], outcome: Option<&str>, at: &Cursor<'_>) {
        let listed = self.setting.pack.follow_up.lists.get("seriousness").is_some_and(|l| l.option("death").is_some());
        let died = [grade == 5, serious.iter().any(|one| one == "death"), outcome == Some("fatal")];
        if (listed && died[0] != died[1]) || (died[2] && !died[0]) {
            let say = |yes: bool| if yes { "says that the patient died" } else { "does not" };
            let message =
                format!("the grade {}, the seriousness {}, the outcome {}", say(died[0]), say(died[1]), say(died[2]));
            let help = "death is grade 5 and the criterion \"death\" together; take away what is not so";
            self.problems.at_with_help(at, CONTRADICTION, message, "they contradict each other", help);
        }
    }

    fn in_order(&mut self, seen: &Seen, onset: Option<&Cursor<'_>>, ended: Option<&Cursor<'_>>) {
        if let (Some(at), Some(began), Some(date)) = (onset, seen.began(), seen.session_date)
            && began < date
        {
            let message = format!("it began on {began}, before the session of {date}");
            let help = "name the session it came after: `session = N`, or `session_date`";
            self.problems.at_with_help(at, CONTRADICTION, message, "expected a later day", help);
        }
        if let (Some(at), Some(began), Some(end)) = (ended, seen.began(), seen.ended)
            && end < began
        {
            let message = format!("it ended on {end} and began on {began}");
            self.problems.at(at, CONTRADICTION, message, "expected a later day");
        }
    }

    fn naranjo(&mut self, cursor: &Cursor<'_>) -> BTreeMap<String, String> {
        let mut answers = BTreeMap::new();
        let Some(f) = cursor.table("`naranjo`", &mut self.problems) else { return answers };
        let Some(of) = self.setting.pack.follow_up.questionnaires.get("naranjo") else { return answers };
        for (key, key_at, value) in f.entries() {
            if !of.items.iter().any(|item| item.id == key) {
                let known = of.items.iter().map(|item| item.id.as_str());
                self.problems.unknown_word(&key_at, UNKNOWN, "question", key, known);
                continue;
            }
            let Some(word) = value.text(&mut self.problems) else { continue };
            match ANSWERS.iter().find(|(known, _)| *known == word) {
                Some((word, _)) => {
                    answers.insert(key.to_owned(), (*word).to_owned());
                }
                None => self.problems.unknown_word(&value, UNKNOWN, "answer", word, ANSWERS.map(|(word, _)| word)),
            }
        }
        answers
    }

    fn reported(&mut self, cursor: &Cursor<'_>) -> Option<Reported> {
        let mut f = cursor.table("`reported`", &mut self.problems)?;
        let to = f.text("to", &mut self.problems);
        let on = f.need("on", &mut self.problems).and_then(|c| self.past(&c));
        let number = self.words(&mut f, "number");
        f.finish(&mut self.problems);
        Some(Reported { to: to?, on: on?, number })
    }

    /// The session that is meant: the one named, or the last one before it began.
    fn after(&self, session: Option<u32>, date: Option<Date>, onset: Onset) -> (Option<u32>, Option<Date>) {
        let mut sessions = course::performed(self.setting.entries);
        if let Some(number) = session {
            return (Some(number), sessions.find(|(n, _)| *n == number).map(|(_, session)| session.date));
        }
        if date.is_some() {
            let same = sessions.find(|(_, session)| Some(session.date) == date);
            return (same.map(|(n, _)| n), date);
        }
        let began = if let Onset::On(day) = onset { day } else { self.setting.today };
        let before = sessions.filter(|(_, session)| session.date <= began);
        let last = before.max_by_key(|(n, session)| (session.date, *n));
        (last.map(|(n, _)| n), last.map(|(_, session)| session.date))
    }

    fn lots_of(&self, session: Option<u32>) -> Vec<String> {
        let of = self.setting.entries.iter().find(|entry| Some(entry.number) == session);
        of.map_or_else(Vec::new, |entry| entry.lots().into_iter().map(str::to_owned).collect())
    }

    /// The number of an earlier entry of a kind.
    fn earlier(&mut self, cursor: &Cursor<'_>, kind: &str) -> Option<u32> {
        let number = cursor.whole(1, 100_000, &mut self.problems).and_then(|n| u32::try_from(n).ok())?;
        let known = self.setting.entries.iter().any(|entry| entry.number == number && entry.kind() == kind);
        if !known {
            let of: Vec<String> =
                self.setting.entries.iter().filter(|e| e.kind() == kind).map(|e| e.number.to_string()).collect();
            let help = if of.is_empty() {
                format!("no {kind} is recorded yet")
            } else {
                format!("numbers of a {kind}: {}", of.join(", "))
            };
            let message = format!("entry {number} of this consultation is no {kind}");
            self.problems.at_with_help(cursor, UNKNOWN, message, format!("expected the number of a {kind}"), help);
        }
        known.then_some(number)
    }

    /// A day that has come.
    fn past(&mut self, cursor: &Cursor<'_>) -> Option<Date> {
        let date = cursor.date(&mut self.problems)?;
        if date > self.setting.today {
            let message = format!("{date} is still to come");
            self.problems.at(cursor, CONTRADICTION, message, format!("expected {} or earlier", self.setting.today));
            return None;
        }
        Some(date)
    }

    fn words(&mut self, f: &mut Fields<'_>, key: &'static str) -> String {
        f.text_or_none(key, &mut self.problems).unwrap_or_default()
    }

    fn id<T: Identified>(&mut self, table: &Table<T>, cursor: &Cursor<'_>, kind: &str) -> Option<String> {
        let id = cursor.text(&mut self.problems)?;
        if table.find(id).is_none() {
            self.problems.unknown_word(cursor, UNKNOWN, kind, id, table.ids());
            return None;
        }
        Some(id.to_owned())
    }

    fn ids<T: Identified>(&mut self, table: &Table<T>, cursor: &Cursor<'_>, kind: &str) -> Vec<String> {
        let mut ids: Vec<String> = Vec::new();
        for one in cursor.one_or_many() {
            ids.extend(self.id(table, &one, kind).filter(|id| !ids.contains(id)));
        }
        ids
    }

    fn option(&mut self, list: &str, cursor: &Cursor<'_>) -> Option<String> {
        let word = cursor.text(&mut self.problems)?;
        let list = self.setting.pack.follow_up.lists.get(list)?;
        if list.option(word).is_none() {
            let known = list.options.iter().map(|option| option.id.as_str());
            self.problems.unknown_word(cursor, UNKNOWN, &list.label.to_lowercase(), word, known);
            return None;
        }
        Some(word.to_owned())
    }

    fn options(&mut self, list: &str, cursor: &Cursor<'_>) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        for one in cursor.one_or_many() {
            words.extend(self.option(list, &one).filter(|word| !words.contains(word)));
        }
        words
    }
}
