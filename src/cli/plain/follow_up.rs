//! A session or a reaction written down line by line: the form of the screen, asked field by field. The red flags speak as soon
//! as an answer changes what they say.

use std::collections::BTreeSet;
use std::io::{BufRead, IsTerminal, Write};

use jiff::Timestamp;
use jiff::civil::Date;

use super::begin::{ELSEWHERE, hold_of};
use super::list::{say_hits, shown};
use super::talk::{Command, Talk, Typed, meant, nth};
use super::{Done, Stop};
use crate::cli::failure::Failure;
use crate::cli::options::Common;
use crate::cli::page::Page;
use crate::cli::records::{Recorded, Way, answered, failed, resolve, unknown};
use crate::cli::session::Session;
use crate::find::fold;
use crate::follow_up::{Answer, Entry, What, entry_rows, grade_words};
use crate::record::{self, Action, Document, Event, Hold, RecordId, Store, StoreError};
use crate::tui::app::{Loaded, RecordView};
use crate::tui::begun::{entered, form, kept};
use crate::tui::finder::Shelf;
use crate::tui::follow_up::{Choice, Field, FollowUpView, Kind, Value, reaction_fields, session_fields};

const WELCOME: &str = "Enter leaves a field as it is. `/save` goes to the end, `/back` to the field before, `/go lot` to a \
field by its name; `/help` says what else can be typed, `/quit` ends and keeps what was entered.";
const HELP: &str = "Enter: as it is. `clear`: empties the field. `back`: the field before. `go` and some words of its name: \
a field. `answers`: what was entered so far. `status`: whose record it is. `why`: what the red flags say, with reasons. \
`save`: to the end; it asks before anything is saved. `quit`: end; what was entered is kept as a draft. Where a name or a \
text is typed, commands have a slash: `/save`.";
const LATER: &str = "Causality and where it was reported can wait. Answer them now?";
const HITS: usize = 8;

/// What it takes to write something down.
pub(super) struct Desk<'a> {
    pub loaded: &'a Loaded,
    pub store: &'a mut dyn Store,
    pub records: &'a std::path::Path,
    pub today: Date,
    /// Who writes it down; "" when the configuration does not say.
    pub by: &'a str,
    /// Who acts, for the audit trail.
    pub actor: &'a str,
    /// Whose law holds, where the command line says.
    pub law: Option<&'a str>,
    /// Answer, and keep nothing.
    pub dry: bool,
}

/// What `records follow-up` asks for.
pub(in crate::cli) struct Asked<'a> {
    pub id: &'a str,
    pub by: Option<&'a str>,
    pub dry: bool,
}

/// `pistor records follow-up ID`, without a file.
pub(in crate::cli) fn run(common: &Common, way: &Way<'_>, asked: &Asked<'_>) -> Result<(String, Done), Failure> {
    let session = Session::open(common)?;
    let Some(mut store) = way.open()? else { return Err(unknown(asked.id)) };
    let id = resolve(&mut store, asked.id)?;
    let today = session.common.today();
    let law = session.common.jurisdiction.clone();
    let loaded = Loaded::new(session.pack);
    let typed = std::io::stdin();
    let mut talk = Talk::new(typed.lock(), std::io::stdout().lock(), !std::io::stdin().is_terminal());
    let by = asked.by.or(way.config.practitioner.name.as_deref()).unwrap_or_default().trim();
    let desk = Desk {
        loaded: &loaded,
        store: &mut store,
        records: &way.site.records,
        today,
        by,
        actor: way.actor(),
        law: law.as_deref(),
        dry: asked.dry,
    };
    desk.write_down(&mut talk, id, None)
}

/// What came of a field.
enum Step {
    Next,
    Back,
    To(usize),
    End,
}

/// A form being filled in.
struct Form<'a> {
    desk: Desk<'a>,
    id: RecordId,
    view: FollowUpView,
    /// What the red flags said when it was told last.
    told: Option<Answer>,
    /// Something was entered: it is kept as a draft.
    touched: bool,
    /// Why that failed the last time.
    unkept: Option<String>,
    _hold: Option<Hold>,
}

impl Desk<'_> {
    /// From the choice of what it is to the saved entry; with a draft, from where it was left.
    pub fn write_down<R: BufRead, W: Write>(
        self,
        talk: &mut Talk<R, W>,
        id: RecordId,
        draft: Option<record::Draft>,
    ) -> Result<(String, Done), Failure> {
        let stored = self.store.load(id, None).map_err(failed)?.ok_or_else(|| unknown(&id.to_string()))?;
        let document = stored.document().map_err(|why| failed(why.into()))?;
        // Reading it leaves a trace.
        let event = Event::with(Timestamp::now(), self.actor, Action::Opened, id, document.version);
        self.store.note(&event).map_err(failed)?;
        talk.say(&format!("Follow-up of {}, seen on {}.", whose(&document), document.assessment.today));
        let (version, about) = (document.version, document.follow_up.len());
        if about > 0 {
            talk.say_at(2, &format!("Written down so far: {about}; `pistor records show {id}` shows them."));
        }
        let (document, changes) = (Ok(document), Vec::new());
        let record = RecordView { id, version, newest: version, document, changes, back: None, chosen: 0, top: 0 };
        let now = Timestamp::now();
        let view = FollowUpView::new(Box::new(record), (RecordId::generate(now), now));
        let mut form = Form { desk: self, id, view, told: None, touched: false, unkept: None, _hold: None };
        let ended = form.choose(talk, draft).and_then(|()| form.hold(talk));
        let kept = form.touched && !form.desk.dry;
        let left = match &form.unkept {
            Some(_) => "what was entered since it was kept last is lost".to_owned(),
            None if kept => format!(
                "what was entered is kept as a draft; `pistor records follow-up {id}` or the screen goes on with it"
            ),
            None => "nothing was written down, and nothing is kept".to_owned(),
        };
        if let (Err(Stop::Quit | Stop::Input), Some(why)) = (&ended, &form.unkept) {
            return Err(Failure::plain(why, left));
        }
        match ended {
            Ok(text) => Ok((text, Done::Done)),
            Err(Stop::Quit) => Ok((format!("\n{}.\n", super::sentence(&left)), Done::Done)),
            Err(Stop::Input) => Err(Failure::plain("the input ended before it was saved", left)),
            Err(Stop::Store(why)) => Err(Failure::plain(why.to_string(), left)),
        }
    }
}

impl Form<'_> {
    /// What is to be written down: a session, a reaction, how one stands now, or what was begun.
    fn choose<R: BufRead, W: Write>(
        &mut self,
        talk: &mut Talk<R, W>,
        draft: Option<record::Draft>,
    ) -> Result<(), Stop> {
        if let Some(draft) = draft {
            return self.take_up(talk, &draft);
        }
        let id = self.id;
        let drafts = self.desk.store.drafts()?.drafts;
        let is_of = |draft: &record::Draft| draft.following.as_ref().is_some_and(|of| of.record == id);
        self.view.begun = drafts.into_iter().filter(is_of).collect();
        let rows = self.view.offered(Some(&self.desk.loaded.pack));
        loop {
            talk.gap();
            talk.say("What is to be written down?");
            talk.say_each(2, rows.iter().enumerate().map(|(n, row)| format!("{} {row}", n + 1)));
            let words = match talk.ask("Its number:", |_| false)? {
                Typed::Words(words) => words,
                Typed::Command(Command::Quit | Command::Back) => return Err(Stop::Quit),
                _ => {
                    talk.say("A number of the list, or `quit`.");
                    continue;
                }
            };
            let named = |word: &str| (fold(&words) == word).then_some(usize::from(word == "reaction"));
            let Some(at) = nth(&words, rows.len()).or_else(|| named("session")).or_else(|| named("reaction")) else {
                talk.say(&format!("There is no {words}: a number of the list, or `quit`."));
                continue;
            };
            return self.begin(talk, at);
        }
    }

    /// Begins the nth of what is offered.
    fn begin<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>, at: usize) -> Result<(), Stop> {
        let (pack, by, today) = (&self.desk.loaded.pack, self.desk.by, self.desk.today);
        let Ok(document) = &self.view.record.document else { return Err(Stop::Quit) };
        let open = self.view.open_ones();
        let (kind, fields) = match at {
            0 => (Kind::Session, session_fields(pack, document, by, today)),
            1 => (Kind::Reaction, reaction_fields(pack, document, None, by)),
            n => match (open.get(n - 2), self.view.begun.get(n.saturating_sub(2 + open.len()))) {
                (Some(open), _) => (Kind::Reaction, reaction_fields(pack, document, Some(*open), by)),
                (None, Some(draft)) => {
                    let draft = draft.clone();
                    return self.take_up(talk, &draft);
                }
                (None, None) => return Err(Stop::Quit),
            },
        };
        (self.view.kind, self.view.fields, self.view.chosen) = (kind, fields, 0);
        self.view.kept = entered(&self.view.fields);
        self._hold = hold_of(self.desk.records, self.view.draft).ok();
        talk.say(WELCOME);
        self.look(talk)
    }

    /// Goes on with what was begun, on the record as it is now.
    fn take_up<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>, draft: &record::Draft) -> Result<(), Stop> {
        let hold = hold_of(self.desk.records, draft.id);
        if let Err(true) = hold {
            talk.say(ELSEWHERE);
            return Err(Stop::Quit);
        }
        let (Ok(document), Some(of)) = (&self.view.record.document, &draft.following) else { return Err(Stop::Quit) };
        let (kind, fields, chosen) = form(&self.desk.loaded.pack, document, draft, of, self.desk.by, self.desk.today);
        (self.view.kind, self.view.fields, self.view.chosen) = (kind, fields, chosen);
        (self.view.draft, self.view.started) = (draft.id, draft.started_at);
        self.view.kept = entered(&self.view.fields);
        (self._hold, self.touched) = (hold.ok(), true);
        talk.say("What was begun goes on.");
        talk.say(WELCOME);
        self.say_entered(talk);
        self.look(talk)
    }

    /// Field by field, until somebody says that it is to be saved.
    fn hold<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>) -> Result<String, Stop> {
        loop {
            while self.view.chosen < self.view.fields.len() {
                let at = self.view.chosen;
                let to = match self.ask(talk, at)? {
                    Step::Next => self.after(talk, at)?,
                    Step::Back if at == 0 => {
                        talk.say("This is the first field.");
                        at
                    }
                    Step::Back => at - 1,
                    Step::To(at) => at,
                    Step::End => self.view.fields.len(),
                };
                self.view.chosen = to;
            }
            if let Some(what) = self.finish(talk)? {
                match self.save(&what) {
                    Ok(text) => return Ok(text),
                    Err(why) => {
                        talk.say(&format!("Not saved: {why}. All of it is still here: `save` tries again."));
                        self.elsewhere(talk, None)?;
                    }
                }
            }
        }
    }

    /// The field that follows: what can wait is asked only when somebody wants it.
    fn after<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>, at: usize) -> Result<usize, Stop> {
        let fields = &self.view.fields;
        let waits = |field: &Field| {
            field.key == "causality" || field.key.starts_with("naranjo.") || field.key.starts_with("reported.")
        };
        // Which entry is brought up to date was said when it was chosen.
        let fixed = |field: &Field| field.key == "updates";
        let mut next = at + 1;
        if fields.get(next).is_some_and(|field| field.key == "causality") {
            talk.gap();
            if !self.yes(talk, LATER)? {
                next += fields[next..].iter().take_while(|field| waits(field)).count();
            }
        }
        next += fields[next.min(fields.len())..].iter().take_while(|field| fixed(field)).count();
        Ok(next)
    }

    /// Asks one field.
    fn ask<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>, at: usize) -> Result<Step, Stop> {
        let Some(field) = self.view.fields.get(at) else { return Ok(Step::End) };
        if let Some(heading) = &field.heading {
            talk.gap();
            talk.say(heading);
        }
        if field.key.starts_with("given.")
            && field.key.ends_with(".product")
            && let Some(step) = self.as_planned(talk, at)?
        {
            return Ok(step);
        }
        loop {
            self.put(talk, at);
            let field = &self.view.fields[at];
            let (is_text, prompt) = (is_text(field), prompt(field));
            let words = |typed: &str| is_text || means(field, typed).is_some();
            match talk.ask(&prompt, words)? {
                Typed::Nothing => return Ok(Step::Next),
                Typed::Words(words) if fold(&words) == "save" && (words.starts_with('/') || !is_text) => {
                    return Ok(Step::End);
                }
                Typed::Words(words) => {
                    if self.answer(talk, at, &words)? {
                        return Ok(Step::Next);
                    }
                }
                Typed::Command(Command::Back) => return Ok(Step::Back),
                Typed::Command(Command::None) if matches!(field.value, Value::Many { .. }) => {
                    self.set(talk, at, |value| {
                        if let Value::Many { taken, .. } = value {
                            *taken = Some(BTreeSet::new());
                        }
                    })?;
                    return Ok(Step::Next);
                }
                Typed::Command(Command::Clear | Command::Unknown | Command::None) => {
                    self.set(talk, at, empty)?;
                    talk.say_at(2, "Left open: not known.");
                    return Ok(Step::Next);
                }
                Typed::Command(Command::Remove(number)) => self.remove(talk, at, &number)?,
                Typed::Command(Command::Go(name)) => match self.named(&name) {
                    Some(at) => return Ok(Step::To(at)),
                    None => talk.say(&format!("No field is called \"{name}\"; `answers` says their names.")),
                },
                Typed::Command(command) => self.anywhere(talk, &command)?,
            }
        }
    }

    /// A product as the plan has it: often only the lot is left to say.
    fn as_planned<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>, at: usize) -> Result<Option<Step>, Stop> {
        let product = at;
        let key = &self.view.fields[at].key;
        let of = key.trim_end_matches("product").to_owned();
        let fields = self.view.fields.iter().filter(|field| field.key.starts_with(&of));
        let short = |field: &Field| {
            let now = now(field)?;
            match field.key.rsplit('.').next()? {
                // These stand in the heading.
                "area" | "ingredient" => None,
                "ml" => Some(format!("{now} mL")),
                "points" => Some(format!("{now} points")),
                _ => Some(now),
            }
        };
        let plan: Vec<String> = fields.filter_map(short).collect();
        if plan.is_empty() {
            return Ok(None);
        }
        talk.say_at(2, &format!("In the plan: {}.", plan.join(", ")));
        let after = at + self.view.fields[at..].iter().take_while(|field| field.key.starts_with(&of)).count();
        loop {
            match talk.ask(
                "Given as planned? y: only lot and use-by date are asked; n: not given; d: every detail:",
                |_| false,
            )? {
                Typed::Words(words) => match fold(words.trim_start_matches('/')).as_str() {
                    "y" | "yes" => {
                        for name in ["lot", "expiry"] {
                            let key = format!("{of}{name}");
                            let Some(at) = self.view.fields.iter().position(|field| field.key == key) else { continue };
                            match self.ask(talk, at)? {
                                Step::Next => {}
                                // To the question whether it was given as planned.
                                Step::Back => return Ok(Some(Step::To(product))),
                                step => return Ok(Some(step)),
                            }
                        }
                        return Ok(Some(Step::To(after)));
                    }
                    "n" | "no" => {
                        self.set(talk, at, empty)?;
                        talk.say_at(2, "Not given: it is left out.");
                        return Ok(Some(Step::To(after)));
                    }
                    "d" => return Ok(None),
                    "save" => return Ok(Some(Step::End)),
                    _ => talk.say("y, n or d; `help` tells what else can be typed."),
                },
                Typed::Command(Command::Back) => return Ok(Some(Step::Back)),
                Typed::Command(Command::Go(name)) => match self.named(&name) {
                    Some(at) => return Ok(Some(Step::To(at))),
                    None => talk.say(&format!("No field is called \"{name}\"; `answers` says their names.")),
                },
                Typed::Command(command) => self.anywhere(talk, &command)?,
                Typed::Nothing => talk.say("y, n or d."),
            }
        }
    }

    /// Yes or no; `back` is no.
    fn yes<R: BufRead, W: Write>(&self, talk: &mut Talk<R, W>, prompt: &str) -> Result<bool, Stop> {
        loop {
            match talk.ask(&format!("{prompt} (y/n):"), |_| false)? {
                Typed::Words(words) if matches!(fold(&words).as_str(), "y" | "yes") => return Ok(true),
                Typed::Words(words) if matches!(fold(&words).as_str(), "n" | "no") => return Ok(false),
                Typed::Command(Command::Back) => return Ok(false),
                Typed::Command(command) => self.anywhere(talk, &command)?,
                Typed::Words(_) | Typed::Nothing => talk.say("Write y or n."),
            }
        }
    }

    /// The field, with what can be answered.
    fn put<R: BufRead, W: Write>(&self, talk: &mut Talk<R, W>, at: usize) {
        let field = &self.view.fields[at];
        match &field.value {
            Value::One { options, .. } | Value::Many { options, .. } => {
                talk.gap();
                talk.say(&field.label);
                let signs: Vec<String> =
                    self.view.signs(&self.desk.loaded.pack).iter().map(|sign| sign.id.clone()).collect();
                for option in options {
                    let own = option.id.parse().ok().filter(|_| field.key == "grade");
                    let words = own.map(|grade| grade_words(&self.desk.loaded.pack, &signs, grade));
                    talk.say_at(2, &format!("{} {}", option.key, words.as_ref().unwrap_or(&option.label)));
                }
            }
            Value::Signs { taken, .. } => {
                talk.gap();
                talk.say_each(2, taken.iter().enumerate().map(|(n, (_, label))| format!("{} {label}", n + 1)));
            }
            Value::Line(_) => {}
        }
    }

    /// Takes an answer; whether the field is done.
    fn answer<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>, at: usize, words: &str) -> Result<bool, Stop> {
        let field = &self.view.fields[at];
        match &field.value {
            Value::Line(_) => {
                let before = field.value.clone();
                let text = words.to_owned();
                self.view.fields[at].value = Value::Line(text.into());
                // Said while it is typed, and not only at the end.
                if let Some(why) = self.mistake(at) {
                    self.view.fields[at].value = before;
                    talk.say(&why);
                    return Ok(false);
                }
                self.look(talk)?;
                Ok(true)
            }
            Value::One { .. } => match means(field, words) {
                Some(chosen) => {
                    self.set(talk, at, |value| {
                        if let Value::One { taken, at, .. } = value {
                            (*taken, *at) = (Some(chosen), chosen);
                        }
                    })?;
                    Ok(true)
                }
                None => {
                    talk.say(&format!("\"{words}\" is not one of the answers."));
                    Ok(false)
                }
            },
            Value::Many { .. } => {
                let parts = words.split(',').map(str::trim).filter(|part| !part.is_empty());
                let chosen: Result<BTreeSet<usize>, &str> = parts.map(|part| means(field, part).ok_or(part)).collect();
                match chosen {
                    Ok(chosen) => {
                        self.set(talk, at, |value| {
                            if let Value::Many { taken, .. } = value {
                                *taken = Some(chosen);
                            }
                        })?;
                        Ok(true)
                    }
                    Err(part) => {
                        talk.say(&format!("\"{part}\" is not one of the answers."));
                        Ok(false)
                    }
                }
            }
            Value::Signs { .. } => {
                self.sign(talk, at, words)?;
                Ok(false)
            }
        }
    }

    /// Looks for a sign, and adds the one that was meant.
    fn sign<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>, at: usize, words: &str) -> Result<(), Stop> {
        let loaded = self.desk.loaded;
        let hits = loaded.finder.search(&loaded.pack, Shelf::Reactions, words, HITS);
        if hits.is_empty() {
            talk.say(&format!("Nothing is called \"{words}\": another word, or Enter, and write it in words next."));
            return Ok(());
        }
        say_hits(talk, &hits);
        loop {
            let line = match talk.ask("Its number; Enter: none of these.", |_| false)? {
                Typed::Words(line) => line,
                Typed::Nothing | Typed::Command(Command::Back | Command::None) => return Ok(()),
                Typed::Command(command) => {
                    self.anywhere(talk, &command)?;
                    continue;
                }
            };
            let rows = hits.iter().enumerate();
            let rows = rows.map(|(n, hit)| ((n + 1).to_string(), hit.id.as_str(), hit.label.as_str()));
            let Some(hit) = meant(&line, rows).and_then(|n| hits.get(n)) else {
                talk.say(&format!("\"{line}\" is none of them."));
                continue;
            };
            talk.say_at(2, &format!("added: {}", shown(hit)));
            let (id, label) = (hit.id.clone(), hit.label.clone());
            return self.set(talk, at, |value| {
                if let Value::Signs { taken, .. } = value
                    && !taken.iter().any(|(known, _)| *known == id)
                {
                    taken.push((id, label));
                }
            });
        }
    }

    fn remove<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>, at: usize, number: &str) -> Result<(), Stop> {
        let Value::Signs { taken, .. } = &self.view.fields[at].value else {
            talk.say("`remove` is for the list of signs; `clear` empties a field.");
            return Ok(());
        };
        let Some(n) = nth(number, taken.len()) else {
            talk.say(&format!("There is no sign {number}: `remove` and its number."));
            return Ok(());
        };
        self.set(talk, at, |value| {
            if let Value::Signs { taken, .. } = value {
                taken.remove(n);
            }
        })
    }

    /// Changes a field; what follows from it is said, and it is kept.
    fn set<R: BufRead, W: Write>(
        &mut self,
        talk: &mut Talk<R, W>,
        at: usize,
        edit: impl FnOnce(&mut Value),
    ) -> Result<(), Stop> {
        if let Some(field) = self.view.fields.get_mut(at) {
            edit(&mut field.value);
        }
        self.look(talk)
    }

    /// The red flags look at the form, say what is new, and it is kept as a draft.
    fn look<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>) -> Result<(), Stop> {
        let lots = self.view.lots();
        self.view.others = record::others_with(self.desk.store, self.id, &lots)?;
        self.view.weigh(&self.desk.loaded.pack, self.desk.today);
        self.say_news(talk);
        let now = entered(&self.view.fields);
        if now == self.view.kept {
            return Ok(());
        }
        self.view.kept = now;
        self.touched = true;
        if !self.desk.dry {
            let before = self.unkept.take();
            self.unkept = self.desk.store.put_draft(&kept(&self.view)).err().map(|why| why.to_string());
            if before != self.unkept {
                talk.say(&match &self.unkept {
                    Some(why) => format!(
                        "NOT KEPT: {why}. What you enter is only in this program now: do not end it. Every answer tries \
                         again."
                    ),
                    None => "Kept again: the draft is saved.".to_owned(),
                });
            }
        }
        Ok(())
    }

    /// What the red flags say now and did not say before.
    fn say_news<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>) {
        if self.view.answer == self.told {
            return;
        }
        let before = self.told.take();
        self.told.clone_from(&self.view.answer);
        let Some(answer) = &self.told else { return };
        let same = before.as_ref().is_some_and(|before| before.words() == answer.words());
        let known = |flag: &str| before.iter().flat_map(|before| &before.flags).any(|raised| raised.flag == flag);
        let fresh: Vec<_> = answer.flags.iter().filter(|raised| !known(&raised.flag)).collect();
        if same && fresh.is_empty() {
            return;
        }
        talk.gap();
        talk.say_at(2, &format!("{} {}", answer.response.sign(), answer.words().to_uppercase()));
        if !answer.to.is_empty() {
            talk.say_at(2, &format!("to: {}", answer.to.join(", ")));
        }
        for raised in fresh {
            talk.say_at(2, &format!("{} {}", raised.lead(), raised.words()));
            talk.say_each(4, raised.next.iter().map(|next| format!("- {next}")));
        }
    }

    /// What works at every field.
    fn anywhere<R: BufRead, W: Write>(&self, talk: &mut Talk<R, W>, command: &Command) -> Result<(), Stop> {
        match command {
            Command::Quit => {
                if self.unkept.is_some()
                    && !talk.yes("What was entered could not be kept. End all the same, and lose it?")?
                {
                    return Ok(());
                }
                return Err(Stop::Quit);
            }
            Command::Help => talk.say(HELP),
            // The field is put again.
            Command::Repeat => {}
            Command::Answers => self.say_entered(talk),
            Command::Status => talk.say(&format!("{}: {}.", self.kind(), self.view.patient())),
            Command::Why(_) => match &self.view.answer {
                Some(answer) => {
                    let mut page = Page::new(false);
                    answered(&mut page, answer);
                    talk.page(page);
                }
                None => talk.say("The red flags say nothing yet."),
            },
            _ => talk.say("That does nothing here; `help` tells what can be typed."),
        }
        Ok(())
    }

    fn kind(&self) -> &'static str {
        if self.view.kind == Kind::Session { "Session" } else { "Reaction" }
    }

    /// Everything that was entered, and what is open.
    fn say_entered<R: BufRead, W: Write>(&self, talk: &mut Talk<R, W>) {
        let mut open: Vec<&str> = Vec::new();
        for field in &self.view.fields {
            match now(field) {
                Some(now) => talk.say_at(2, &format!("{}: {now}", field.label)),
                None if !field.key.starts_with("naranjo.") => open.push(&field.label),
                None => {}
            }
        }
        if !open.is_empty() {
            talk.say_at(2, &format!("Open: {}.", open.join(", ")));
        }
    }

    /// The field that some words name: the first whose name begins with them, else has them.
    fn named(&self, words: &str) -> Option<usize> {
        let words = fold(words);
        let place = |is: &dyn Fn(&str) -> bool| self.view.fields.iter().position(|field| is(&fold(&field.label)));
        let begins = |label: &str| label.starts_with(&words);
        let has = |label: &str| label.contains(&words);
        if words.is_empty() { None } else { place(&begins).or_else(|| place(&has)) }
    }

    /// Why what stands in a field cannot be read.
    fn mistake(&self, at: usize) -> Option<String> {
        let name = |at: usize| self.view.fields.get(at).and_then(|field| field.key.rsplit('.').next());
        match self.view.read(&self.desk.loaded.pack, self.desk.today, self.desk.by, true) {
            Err((why, Some(field))) if name(field) == name(at) => Some(why),
            _ => None,
        }
    }

    /// The end of the form: what is said is said again, and saved when that is wanted.
    fn finish<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>) -> Result<Option<What>, Stop> {
        let (pack, today) = (&self.desk.loaded.pack, self.desk.today);
        let by = self.by();
        if let Some((at, why)) = self.view.missing() {
            talk.say(&format!("Not yet: {why}"));
            self.view.chosen = at;
            return Ok(None);
        }
        let mut what = match self.view.read(pack, today, &by, false) {
            Ok(what) => what,
            Err((why, at)) => {
                talk.say(&format!("Not yet: {why}"));
                return self.elsewhere(talk, at);
            }
        };
        let said = self.view.remarks_on(pack, &what);
        if let What::Reaction(seen) = &mut what {
            seen.weigh(pack, self.view.others, today);
        }
        talk.gap();
        talk.say(&format!("{} to be written down for {}:", self.kind(), self.view.patient()));
        let entry = Entry { number: 0, recorded_at: Timestamp::now(), by, what: what.clone() };
        talk.say_each(2, entry_rows(Some(pack), &entry).iter().map(|(what, words)| format!("{what}: {words}")));
        talk.say_each(2, said.iter().map(|words| format!("! {words}")));
        if let What::Reaction(seen) = &what {
            talk.say_at(2, &format!("{} {}", seen.answer.response.sign(), seen.answer.words().to_uppercase()));
        }
        let prompt = match self.desk.dry {
            true => "All of it so? Nothing is saved, only answered.",
            false => "Save it behind the record? It is never changed afterwards.",
        };
        if self.yes(talk, prompt)? { Ok(Some(what)) } else { self.elsewhere(talk, None) }
    }

    /// Which field is to be changed before it is saved.
    fn elsewhere<R: BufRead, W: Write>(
        &mut self,
        talk: &mut Talk<R, W>,
        at: Option<usize>,
    ) -> Result<Option<What>, Stop> {
        if let Some(at) = at {
            self.view.chosen = at;
            return Ok(None);
        }
        loop {
            match talk.ask("Which field? Some words of its name; `answers` says them, `save`, or `quit`:", |_| false)? {
                Typed::Words(words) if fold(words.trim_start_matches('/')) == "save" => return Ok(None),
                Typed::Words(name) | Typed::Command(Command::Go(name)) => match self.named(&name) {
                    Some(at) => {
                        self.view.chosen = at;
                        return Ok(None);
                    }
                    None => talk.say(&format!("No field is called \"{name}\".")),
                },
                Typed::Nothing => talk.say("A field, `save` or `quit`."),
                Typed::Command(command) => self.anywhere(talk, &command)?,
            }
        }
    }

    /// Who writes it down.
    fn by(&self) -> String {
        self.view.author().map_or(self.desk.by, |(_, name)| name).to_owned()
    }

    /// It goes behind the record.
    fn save(&mut self, what: &What) -> Result<String, StoreError> {
        let (pack, by) = (&self.desk.loaded.pack, self.by());
        let said = self.view.remarks_on(pack, what);
        let done = Recorded { pack, law: self.desk.law, id: self.id, what, said: &said };
        if self.desk.dry {
            let document = self.view.record.document.as_ref();
            return Ok(
                document.map_or_else(|_| String::new(), |document| format!("\n{}", done.text(false, false, document)))
            );
        }
        let draft = Some(self.view.draft);
        let (_, after) = record::follow_up(&mut *self.desk.store, self.id, what, draft, &by, Timestamp::now())?;
        Ok(format!("\n{}", done.text(false, true, &after)))
    }
}

fn whose(document: &Document) -> String {
    let name = document.patient.name.trim();
    let name = if name.is_empty() { "a patient without a name" } else { name };
    let born = document.patient.birth_date.map(|date| format!(", born {date}")).unwrap_or_default();
    format!("{name}{born}")
}

/// Whether any word is an answer.
fn is_text(field: &Field) -> bool {
    const NO_TEXT: [&str; 9] = ["date", "planned", "expiry", "ml", "points", "onset", "ended", "session_date", "on"];
    let name = field.key.rsplit('.').next().unwrap_or_default();
    matches!(field.value, Value::Line(_)) && !NO_TEXT.contains(&name)
}

fn prompt(field: &Field) -> String {
    let now = now(field);
    let mut notes: Vec<String> = Vec::new();
    match &field.value {
        Value::Many { .. } => notes.push("keys with commas, or `none`".to_owned()),
        Value::Signs { .. } => {
            notes.push("a sign or a lay word".to_owned());
            notes.push(if now.is_some() { "Enter ends the list" } else { "Enter: none" }.to_owned());
        }
        Value::Line(_) if !field.hint.is_empty() => notes.push(field.hint.clone()),
        Value::Line(_) | Value::One { .. } => {}
    }
    if !matches!(field.value, Value::Signs { .. }) {
        notes.extend(now.map(|now| format!("now {now}")));
    }
    if notes.is_empty() { format!("{}:", field.label) } else { format!("{} ({}):", field.label, notes.join("; ")) }
}

/// What stands in a field.
fn now(field: &Field) -> Option<String> {
    let label = |option: &Choice| option.label.clone();
    match &field.value {
        Value::Line(line) => Some(line.value().trim().to_owned()).filter(|text| !text.is_empty()),
        Value::One { options, taken, .. } => options.get((*taken)?).map(label),
        Value::Many { taken: Some(taken), .. } if taken.is_empty() => Some("none of them".to_owned()),
        Value::Many { options, taken, .. } => {
            let taken = taken.as_ref()?;
            Some(taken.iter().filter_map(|n| options.get(*n)).map(label).collect::<Vec<_>>().join(", "))
        }
        Value::Signs { taken, .. } if taken.is_empty() => None,
        Value::Signs { taken, .. } => {
            Some(taken.iter().map(|(_, label)| label.as_str()).collect::<Vec<_>>().join(", "))
        }
    }
}

/// Takes away what stands in a field.
fn empty(value: &mut Value) {
    match value {
        Value::Line(line) => line.reset(),
        Value::One { taken, .. } => *taken = None,
        Value::Many { taken, .. } => *taken = None,
        Value::Signs { taken, .. } => taken.clear(),
    }
}

/// Which option of a field a text means.
fn means(field: &Field, words: &str) -> Option<usize> {
    let (Value::One { options, .. } | Value::Many { options, .. }) = &field.value else { return None };
    let mut letters = words.chars();
    if let (Some(letter), None) = (letters.next(), letters.next())
        && let Some(at) = options.iter().position(|option| option.key == letter)
    {
        return Some(at);
    }
    meant(words, options.iter().map(|option| (option.key.to_string(), option.id.as_str(), option.label.as_str())))
}
