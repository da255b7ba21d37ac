//! Effects of the training: its own folder, and cases that are made beside the screen.

use std::sync::Arc;
use std::thread;

use jiff::civil::Date;

use super::app::Loaded;
use super::training::{Chore, News, Wish};
use crate::training::{Case, MadeId, ShortCard, Store, rule_card};

/// Tells the screen what came of something that was done beside it.
type Tell = Arc<dyn Fn(News) + Send + Sync>;

/// Keeps practice.
pub struct Clerk {
    store: Option<Store>,
    tell: Tell,
}

impl Clerk {
    /// A clerk with a folder, if there is a place for one.
    pub fn new(store: Option<Store>, tell: impl Fn(News) + Send + Sync + 'static) -> Self {
        Self { store, tell: Arc::new(tell) }
    }

    /// Does something; what is done beside the screen is told later.
    pub fn take(&self, chore: Chore, loaded: Option<&Arc<Loaded>>) -> Option<News> {
        let store = || self.store.as_ref().ok_or_else(|| "there is no home folder; set PISTOR_DATA".to_owned());
        match chore {
            Chore::Shelf => Some(News::Shelf(store().and_then(|store| store.shelf().map(Box::new)))),
            Chore::KeepDraft(draft) => store().and_then(|store| store.put_draft(&draft)).err().map(News::Failed),
            Chore::BeginExam(exam) => store().and_then(|store| store.note_exam(&exam)).err().map(News::Failed),
            Chore::DropDraft(name) => store().and_then(|store| store.drop_draft(&name)).err().map(News::Failed),
            Chore::Keep(deposit) => Some(News::Kept(store().and_then(|store| store.keep(&deposit)))),
            Chore::Read(name) => Some(News::Read(store().and_then(|store| store.attempt(&name)))),
            Chore::Note(card, rating, day) => {
                store().and_then(|store| store.note(&card, rating, day).map(drop)).err().map(News::Failed)
            }
            Chore::Card(rule, seed, day) => {
                let loaded = Arc::clone(loaded?);
                let tell = Arc::clone(&self.tell);
                let beside = thread::Builder::new().name("maker".to_owned());
                let started = beside.spawn(move || tell(News::Card(card(&loaded, &rule, seed, day).map(Box::new))));
                started.err().map(|_| News::Card(None))
            }
            Chore::Make(wish, day) => {
                let loaded = Arc::clone(loaded?);
                let tell = Arc::clone(&self.tell);
                let beside = thread::Builder::new().name("maker".to_owned());
                let started = beside.spawn(move || tell(News::Made(make(&loaded, &wish, day))));
                started.err().map(|why| News::Made(Err(why.to_string())))
            }
        }
    }
}

/// Makes a short card: about a patient who is made for it, or, where nobody can be, about the rule.
fn card(loaded: &Loaded, rule: &str, seed: u64, day: Date) -> Option<ShortCard> {
    let id = MadeId { seed, ..MadeId::first(rule) };
    let made = loaded.school.as_ref()?.made(&loaded.pack, &id, day).ok();
    rule_card(&loaded.pack, rule, seed, day, made.as_ref())
}

/// Makes a case.
fn make(loaded: &Loaded, wish: &Wish, day: Date) -> Result<Arc<Case>, String> {
    let school = loaded.school.as_ref().ok_or("there are no cases")?;
    let pack = &loaded.pack;
    match wish {
        Wish::Again(id) => school.case(pack, id, day),
        Wish::Rule(rule, seed) => school.made(pack, &MadeId { seed: *seed, ..MadeId::first(rule) }, day),
        Wish::Drawn(seed) => school.drawn(pack, *seed, day),
    }
}
