//! `pistor train play`: a case line by line, for any terminal, screen readers and pipes.

use std::io::{BufRead, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;

use super::Ended;
use super::failure::Failure;
use super::new_file::Reserved;
use super::options::Common;
use super::page::clean;
use super::train::School;
use super::train_mark::marked;
use super::train_pick::{ModeName, Picked, nothing_due, pick};
use crate::find::{Index, Vocabulary, fold};
use crate::pack::{Amount, Pack, QuestionIx, QuestionKind};
use crate::training::{
    Attempt, BegunExam, Case, CocktailCommit, Confidence, Contraindications, Decision, Flag, Header, How, Interview,
    Mix, Mode, Part, Patient, PlanCommit, Sat, Sealed, SkinCommit, SkinCommitted, minutes,
};
use crate::tui::training::{Weight, found_questions};

#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct PlayArgs {
    /// The case, its file, or a rule for which one is made; without it the case that covers most of what is due
    #[arg(value_name = "ID")]
    pub id: Option<String>,
    /// The seed: the same seed is the same patient
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u64).range(0..=i32::MAX as u64))]
    pub seed: u64,
    /// A case made for a rule that no written case exercises, drawn by the seed; which rule is said at the end
    #[arg(long, conflicts_with = "id")]
    pub made: bool,
    /// Who is assessing; an exam needs a name
    #[arg(long, value_name = "NAME")]
    pub trainee: Option<String>,
    /// Write the attempt as a sealed file; an existing file is never replaced
    #[arg(long, value_name = "FILE")]
    pub seal: Option<PathBuf>,
    /// How: with hints that cost; an exam; what is due; a case for each topic
    #[arg(long, value_enum, value_name = "MODE", default_value = "practice")]
    pub mode: ModeName,
    /// The same as `--mode exam`: timed, no hints, nothing is revealed, only the sealed file is written
    #[arg(long)]
    pub exam: bool,
    /// Sit a station of the paper of this number; `pistor train paper` shows them
    #[arg(long, value_name = "NUMBER", requires = "station", conflicts_with_all = ["id", "seed", "made"])]
    pub paper: Option<u64>,
    /// Which station of the paper, from 1
    #[arg(long, value_name = "N", requires = "paper", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub station: Option<u32>,
    /// The topic of the fast track; without it the first that was not passed
    #[arg(long, value_name = "TOPIC", conflicts_with_all = ["id", "made", "paper"])]
    pub topic: Option<String>,
    /// Keep the attempt and remember what to practise
    #[arg(long)]
    pub keep: bool,
    #[command(flatten)]
    pub common: Common,
}

impl PlayArgs {
    /// Who is assessing.
    fn trainee(&self) -> &str {
        self.trainee.as_deref().unwrap_or("trainee")
    }
}

const EXAMPLES: &str = "Examples:\n  \
  pistor train play a-week-late --keep           a written case\n  \
  pistor train play isotretinoin-recent --seed 7 a case made for a rule; another seed, another patient\n  \
  pistor train play --made --seed 7              a made case, and nobody says what for\n  \
  pistor train play --mode review --keep         the case that covers most of what is due\n  \
  pistor train play --mode fast-track --keep     for those who know already: a case for each topic\n  \
  pistor train play --exam --paper 42 --station 1 --seal ada-1.attempt --trainee Ada";

pub(super) fn run(school: &School, args: &PlayArgs) -> Result<(String, Ended), Failure> {
    if args.keep {
        // What cannot be kept is said before the work and not after it.
        let store = school.store()?;
        let failed = |why: String| Failure::plain(why, "");
        store.cards().map_err(failed)?;
        store.results().map_err(failed)?;
    }
    let Picked { case, seed, mode, why, station } = match pick(school, args)? {
        Some(picked) => picked,
        None => return Ok((nothing_due(school)?, Ended::Done)),
    };
    // Before anything is asked: an attempt that has nowhere to go would be lost at its end.
    let place = args.seal.as_deref().map(Reserved::new).transpose()?;
    let (input, out) = (std::io::stdin().lock(), std::io::stdout().lock());
    let mut desk = Desk { school, mode, input, out, started: Instant::now(), since: Timestamp::now() };
    if let Some(why) = why {
        desk.say(&why);
    }
    let header = Header {
        trainee: args.trainee().to_owned(),
        case: case.id.clone(),
        version: case.version,
        seed,
        mode,
        day: school.common.today(),
        pack: school.pack.hash.clone(),
        sat: match mode {
            Mode::Exam => Some(begins(school, args, &case, seed, station, desk.since)?),
            _ => None,
        },
    };
    let begun = BegunExam::of(&header);
    if let Some(before) = header.sat.as_ref().map(|sat| sat.before).filter(|before| *before > 0) {
        desk.say(&format!("{} has begun this exam before ({before}): that will stand in the file.", args.trainee()));
    }
    note(school, begun.as_ref())?;
    let sealed = desk.play(header, &case).ok_or_else(|| {
        Failure::plain("the attempt was left before it was sealed; nothing was kept", "it ends with the confidence")
    })?;
    drop(desk);
    if let Some(place) = place {
        place.fill(&sealed.to_file())?;
    }
    note(school, begun.map(|exam| BegunExam { sealed: true, ..exam }).as_ref())?;
    if mode == Mode::Exam {
        let text = format!("Sealed. Nothing is revealed in an exam. Note the seal:\n{}\n", sealed.seal());
        return Ok((text, Ended::Done));
    }
    marked(school, &sealed, args.keep)
}

/// What the file of an exam says of its beginning.
fn begins(
    school: &School,
    args: &PlayArgs,
    case: &Case,
    seed: u64,
    station: Option<(u64, usize)>,
    started: Timestamp,
) -> Result<Sat, Failure> {
    let known = school.exams()?;
    let before = known.iter().filter(|exam| exam.is_of(args.trainee(), &case.id, seed)).count();
    let (paper, station) = station.unzip();
    Ok(Sat { started, paper, station, before: u32::try_from(before).unwrap_or(u32::MAX) })
}

/// Notes that an exam was begun, or sealed.
fn note(school: &School, exam: Option<&BegunExam>) -> Result<(), Failure> {
    exam.map_or(Ok(()), |exam| school.store()?.note_exam(exam).map_err(|why| Failure::plain(why, "")))
}

/// Two streams, and the time since the beginning.
struct Desk<'s, R, W> {
    school: &'s School,
    mode: Mode,
    input: R,
    out: W,
    started: Instant,
    since: Timestamp,
}

impl<R: BufRead, W: Write> Desk<'_, R, W> {
    /// One attempt; `None` when the input ends early.
    fn play(&mut self, header: Header, case: &Arc<Case>) -> Option<Sealed> {
        let pack = &self.school.pack;
        let seed = header.seed;
        self.say("TRAINING: an invented patient, no consultation.");
        self.say(&format!("{} (level {}, {} minutes)", case.title, case.level, case.minutes));
        self.say(&case.brief);
        let attempt = Attempt::new(Patient::of(pack, case, seed), header);
        let known: Vec<String> = attempt.patient().volunteered().map(|fact| fact.says.clone()).collect();
        known.iter().for_each(|says| self.say(&format!("- {says}")));
        let mut interview = attempt.begin();
        self.interview(&mut interview)?;
        self.commits(interview, &case.twists)
    }

    fn interview(&mut self, interview: &mut Attempt<Interview>) -> Option<()> {
        let pack = &self.school.pack;
        self.say("\nInterview: `ask`, `probe` (more closely), `exam` or `document`, then a question; `?` lists them; `done`; `quit`.");
        if self.mode.hints() {
            self.say(
                "`hint` points at something that was not heard yet; it costs a minute, and what it finds counts half.",
            );
        }
        if let Some(left) = interview.seconds_left(0) {
            let words = "They are over by the clock, or when the questions have cost as much (ask 20 seconds, probe 30, exam 45, \
                         document 60). The clock runs by the time of day.";
            self.say(&format!(
                "This is an exam: {} minutes for questions, then only committing remains. {words}",
                left / 60
            ));
        }
        loop {
            let line = self.line("> ")?;
            let (word, question) = line.split_once(' ').unwrap_or((&line, ""));
            if word == "done" {
                return Some(());
            }
            if word == "hint" {
                let at = self.seconds();
                let said = interview.hint(pack, at).map_or_else(|why| why.to_string(), |hint| hint.says);
                self.say(&format!("  {said}"));
                continue;
            }
            let how = How::WORDS.iter().find(|(known, _)| *known == word).map(|(_, how)| *how);
            let (how, one) = match (how, question_called(pack, question.trim())) {
                (Some(how), Ok(one)) => (how, one),
                (_, found) => {
                    let found = match found {
                        Ok(one) => vec![one],
                        Err(several) => several,
                    };
                    if found.is_empty() {
                        self.say(&format!("  No question is called `{}`; `?` lists them.", question.trim()));
                    }
                    for ix in found {
                        let row = &pack.questions[ix];
                        self.say(&format!("  {}: {}", row.id, row.label));
                    }
                    self.say("Write for example: ask medicines");
                    continue;
                }
            };
            let at = self.seconds();
            let reply = interview.ask(&pack.questions[one].id, how, at);
            reply.says.iter().for_each(|says| self.say(&format!("  {says}")));
            if let Some(left) = interview.seconds_left(at) {
                self.say(&format!("  ({} left)", minutes(left)));
            }
        }
    }

    fn commits(&mut self, interview: Attempt<Interview>, twists: &[crate::training::Twist]) -> Option<Sealed> {
        let pack = &self.school.pack;
        let asked: Vec<(&str, &str)> = {
            let of_patient = |id: &str| interview.patient().asks(id);
            let rows = pack.questions.iter().filter(|row| row.id.starts_with("skin.") && of_patient(&row.id));
            rows.map(|row| (row.id.as_str(), row.label.as_str())).collect()
        };
        self.say("\nCommit 1: skin.");
        let mut skin = SkinCommit::default();
        for (id, label) in asked {
            if let Some(answer) = self.finding(id, label)? {
                skin.findings.insert(id.to_owned(), answer);
            }
        }
        let at = self.seconds();
        let mut attempt = interview.commit_skin(skin, at);
        self.say(
            "\nCommit 2: contraindications. One a line: a name, or the id of a question; an empty line ends the list.",
        );
        if self.mode.hints() {
            self.say("`hint` names a rule to think of.");
        }
        let mut found = Contraindications::default();
        self.flags(&mut attempt, &mut found, Weight::Absolute)?;
        self.flags(&mut attempt, &mut found, Weight::Relative)?;
        self.flags(&mut attempt, &mut found, Weight::Unknown)?;
        let at = self.seconds();
        let mut attempt = attempt.commit_contraindications(found, at);
        for twist in twists {
            self.say(&format!("\nNews: {}\nThe plan: {}", twist.reveals, twist.hypothesis));
            let answer = self.whole("less or more tenable, -2 to 2: ", -2, 2)?;
            let at = self.seconds();
            attempt.answer_twist(i8::try_from(answer).unwrap_or(0), at);
        }
        let decision = loop {
            let word = self.line("\nCommit 3: treat, clearance, defer, refer or decline: ")?;
            match Decision::WORDS.iter().find(|(known, _)| *known == word) {
                Some((_, decision)) => break *decision,
                None => self.say("Write one of the five words."),
            }
        };
        let at = self.seconds();
        let attempt = attempt.commit_decision(decision, at);
        self.say("\nCommit 4: cocktail. GOAL AREA INGREDIENT ML [INGREDIENT ML]..., by ids; an empty line ends it.");
        let mut mixes = Vec::new();
        loop {
            let line = self.line("mix: ")?;
            if line.is_empty() {
                break;
            }
            match self.mix(&line) {
                Ok(mix) => mixes.push(mix),
                Err(why) => self.say(&why),
            }
        }
        let at = self.seconds();
        let attempt = attempt.commit_cocktail(CocktailCommit { mixes }, at);
        self.say("\nCommit 5: plan and consent.");
        let sessions = self.whole("sessions (0: none): ", 0, 100)?;
        let mut plan = PlanCommit { sessions: sessions.unsigned_abs(), ..PlanCommit::default() };
        if sessions > 0 {
            plan.interval_days = self.whole("days between sessions: ", 0, 1000)?.unsigned_abs();
            plan.review = self.line("a review with a rule for stopping (y/n): ")?.starts_with('y');
            plan.consent = self.consent()?;
        }
        let at = self.seconds();
        let attempt = attempt.commit_plan(plan, at);
        self.say("\nHow sure are you, 0 to 100?");
        let sure = |desk: &mut Self, what: &str| desk.whole(what, 0, 100).map(|n| u8::try_from(n).unwrap_or(0));
        let confidence = Confidence {
            contraindications: sure(self, "contraindications: ")?,
            decision: sure(self, "decision: ")?,
            cocktail: sure(self, "cocktail: ")?,
        };
        let at = self.seconds();
        Some(attempt.seal(confidence, at))
    }

    /// One finding of the skin: the id or the label of an option, or a number; an empty line leaves it out.
    fn finding(&mut self, id: &str, label: &str) -> Option<Option<String>> {
        let pack = &self.school.pack;
        let options = pack.questions.get(id).map_or(&[][..], |row| row.options());
        let known: Vec<String> = options
            .iter()
            .map(|option| {
                let name = if option.id == option.label {
                    option.id.clone()
                } else {
                    format!("{} ({})", option.id, option.label)
                };
                option.help.as_ref().map_or(name.clone(), |help| format!("{name}: {help}"))
            })
            .collect();
        loop {
            let answer = self.line(&format!("{label} (`?` lists the answers; empty: not known): "))?;
            if answer.is_empty() {
                return Some(None);
            }
            let same = |option: &&crate::pack::ChoiceOption| {
                option.id.eq_ignore_ascii_case(&answer) || option.label.eq_ignore_ascii_case(&answer)
            };
            match options.iter().find(same) {
                Some(option) => return Some(Some(option.id.clone())),
                None if options.is_empty() && Amount::parse(&answer).is_some() => return Some(Some(answer)),
                None if options.is_empty() => self.say("  a number, such as 12"),
                None => {
                    self.say("  one of:");
                    known.iter().for_each(|option| self.say(&format!("  {option}")));
                }
            }
        }
    }

    fn flags(
        &mut self,
        attempt: &mut Attempt<SkinCommitted>,
        found: &mut Contraindications,
        weight: Weight,
    ) -> Option<()> {
        let prompt = match weight {
            Weight::Absolute => "stops treatment: ",
            Weight::Relative => "asks for care or clearance: ",
            Weight::Unknown => "still unknown: ",
        };
        loop {
            let typed = self.line(prompt)?;
            if typed.is_empty() {
                return Some(());
            }
            if typed == "hint" {
                let at = self.seconds();
                let named: Vec<Flag> = found.flags().cloned().collect();
                let said =
                    attempt.hint(&self.school.pack, &named, at).map_or_else(|why| why.to_string(), |hint| hint.says);
                self.say(&format!("  {said}"));
                continue;
            }
            match self.flag(&typed) {
                Ok(flag) if weight != Weight::Unknown && self.is_list(&flag) => {
                    // A whole list speaks neither for nor against anything.
                    let label = flag.label(&self.school.pack);
                    self.say(&format!("  {label}: which of them? Write its name."));
                }
                Ok(flag) => {
                    self.say(&format!("  noted: {}", flag.label(&self.school.pack)));
                    match weight {
                        Weight::Absolute => found.absolute.push(flag),
                        Weight::Relative => found.relative.push(flag),
                        Weight::Unknown => found.unknown.push(flag),
                    }
                }
                Err(near) => self.say(&near),
            }
        }
    }

    fn is_list(&self, flag: &Flag) -> bool {
        let row = self.school.pack.questions.get(flag.text());
        row.is_some_and(|row| matches!(row.kind, QuestionKind::List(_)))
    }

    /// An id is taken as it is; a name only when it is one, so that nothing similar slips in.
    fn flag(&self, typed: &str) -> Result<Flag, String> {
        let pack = &self.school.pack;
        let by_id = Flag::parse(pack, typed);
        if by_id.is_ok() {
            return by_id;
        }
        let mut near = Vec::new();
        for (vocabulary, kind) in [
            (Vocabulary::Conditions, "condition"),
            (Vocabulary::Medications, "medication"),
            (Vocabulary::Allergens, "allergen"),
            (Vocabulary::Events, "event"),
            (Vocabulary::Provenance, "provenance"),
        ] {
            for hit in Index::new(pack, vocabulary).search(typed, 3) {
                let id = format!("{kind}:{}", hit.id);
                if hit.exact {
                    return Flag::parse(pack, &id);
                }
                near.push(format!("  {id} ({})", hit.label));
            }
        }
        let none = format!("  nothing is called `{typed}`; `?` in the interview lists the questions");
        Err(if near.is_empty() { none } else { format!("  write one of:\n{}", near.join("\n")) })
    }

    fn mix(&self, line: &str) -> Result<Mix, String> {
        let pack = &self.school.pack;
        let mut words = line.split_whitespace();
        let shape = || "  write for example: hydration cheeks hyaluronic-acid 1.0".to_owned();
        let (goal, area) = words.next().zip(words.next()).ok_or_else(shape)?;
        if pack.goals.get(goal).is_none() || pack.areas.get(area).is_none() {
            return Err(format!("  there is no goal `{goal}` or no area `{area}`; `pistor find goals ''` lists them"));
        }
        let mut ingredients = Vec::new();
        while let Some(id) = words.next() {
            let known = pack.ingredients.get(id).is_some();
            let ml = words.next().and_then(Amount::parse).filter(|ml| *ml > Amount::ZERO).ok_or_else(shape)?;
            if !known {
                return Err(format!("  there is no ingredient `{id}`; `pistor find ingredients TEXT` searches them"));
            }
            ingredients.push(Part { id: id.to_owned(), volume_ml: ml.as_f64() });
        }
        if ingredients.is_empty() {
            return Err(shape());
        }
        Ok(Mix { goal: goal.to_owned(), area: area.to_owned(), ingredients })
    }

    fn consent(&mut self) -> Option<Vec<String>> {
        loop {
            let line = self.line("consent points beyond the usual, by ids (`?` lists them, a word searches): ")?;
            let known = &self.school.pack.consent;
            let ids: Vec<String> = line.split([' ', ',']).filter(|id| !id.is_empty()).map(str::to_owned).collect();
            if ids.iter().all(|id| known.get(id).is_some()) {
                return Some(ids);
            }
            // What was typed searches ids and texts; nothing typed, or nothing found, lists all.
            let words = fold(line.trim_matches('?').trim());
            let has = |row: &&crate::pack::Consent| fold(&format!("{} {}", row.id, row.text)).contains(&words);
            let found: Vec<_> = known.iter().filter(has).collect();
            let shown = if found.is_empty() { known.iter().collect() } else { found };
            self.say("  one or more of:");
            shown.iter().for_each(|row| self.say(&format!("  {}: {}", row.id, row.text)));
        }
    }

    fn whole(&mut self, prompt: &str, low: i32, high: i32) -> Option<i32> {
        loop {
            match self.line(prompt)?.parse() {
                Ok(n) if (low..=high).contains(&n) => return Some(n),
                _ => self.say(&format!("  a whole number from {low} to {high}")),
            }
        }
    }

    /// What was typed; `None` where the attempt is left: by `quit` or the end of the input.
    fn line(&mut self, prompt: &str) -> Option<String> {
        // A reader that has gone away ends the attempt at the next line.
        let _ = write!(self.out, "{}", printable(prompt));
        let _ = self.out.flush();
        let mut line = String::new();
        let read = self.input.read_line(&mut line).ok()?;
        Some(line.trim()).filter(|line| read > 0 && *line != "quit").map(str::to_owned)
    }

    fn say(&mut self, text: &str) {
        let _ = writeln!(self.out, "{}", printable(text));
    }

    /// Seconds since the beginning. The clock of an exam is that of the day: a machine that slept stops only the other one.
    fn seconds(&self) -> u32 {
        let elapsed = u32::try_from(self.started.elapsed().as_secs()).unwrap_or(u32::MAX);
        match self.mode {
            Mode::Exam => {
                elapsed.max(u32::try_from(Timestamp::now().as_second() - self.since.as_second()).unwrap_or(0))
            }
            _ => elapsed,
        }
    }
}

/// The question of that id, or the one that is called so; else those that come near it.
fn question_called(pack: &Pack, words: &str) -> Result<QuestionIx, Vec<QuestionIx>> {
    if let Some(ix) = pack.questions.find(words) {
        return Ok(ix);
    }
    // A name that is exactly one stands before all that merely has the word.
    let mut exact = pack.questions.entries().filter(|(_, row)| fold(&row.label) == fold(words));
    if let (Some((ix, _)), None) = (exact.next(), exact.next()) {
        return Ok(ix);
    }
    let found: Vec<QuestionIx> = found_questions(pack, words).into_iter().map(|(_, ix)| ix).collect();
    let mut named = found.iter().copied().filter(|ix| fold(&pack.questions[*ix].label).contains(&fold(words)));
    match (found.as_slice(), named.next(), named.next()) {
        ([one], _, _) => Ok(*one),
        (_, Some(one), None) => Ok(one),
        _ => Err(found),
    }
}

/// Lines stay lines; nothing else may act on a terminal.
fn printable(text: &str) -> String {
    text.split('\n').map(clean).collect::<Vec<_>>().join("\n")
}
