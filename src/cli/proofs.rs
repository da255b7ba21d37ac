//! The proofs of `pistor check`, as text, as JSON and as files.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::mpsc;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::failure::Failure;
use super::page::{Ink, Page};
use super::resilience;
use crate::intake;
use crate::pack::load::{self, LayerFiles, safety_case};
use crate::pack::{Pack, Rule};
use crate::proof::{
    self, Failure as Fault, Judge, News, Proved, Resilience, Subject, Unfounded, Witness, check_certificate,
    prove_telling, trimmed,
};
use crate::source::Report;

/// How many failures of one property the text shows.
const SHOWN: usize = 12;

/// Asks every question about a pack; the proofs are checked again meanwhile. How many claims follow, or which step does
/// not.
fn prove_and_check(subject: Subject<'_>) -> (proof::Report, Result<usize, Unfounded>) {
    let (tell, told) = mpsc::channel::<News>();
    std::thread::scope(|scope| {
        let judge = scope.spawn(move || {
            let mut judge = Judge::default();
            for (axioms, steps) in told {
                axioms.iter().for_each(|clause| judge.axiom(clause));
                steps.iter().try_for_each(|step| judge.step(step))?;
            }
            Ok(judge.claims())
        });
        // A judge that has refused listens no more.
        let report = prove_telling(subject, |news| drop(tell.send(news)));
        drop(tell);
        let checked = judge.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        (report, checked)
    })
}

/// What was proved about a pack.
pub(super) struct Proofs {
    report: proof::Report,
    statements: usize,
    /// How many claims the independent checker accepted, or what it refused.
    verified: Result<usize, String>,
    /// For each failure the places of what it blames, by its name.
    places: Vec<(String, Vec<String>)>,
    /// What the layers have to do with it; `None` where there is one pack only.
    above: Option<Above>,
}

/// What of a report the layers above the lowest pack have a part in.
struct Above {
    failures: BTreeSet<String>,
    goals: BTreeSet<String>,
}

impl Above {
    fn of(pack: &Pack, layers: &[LayerFiles], report: &proof::Report) -> Option<Self> {
        let above = layers.get(1..).filter(|above| !above.is_empty())?;
        let written = |kind: &str, id: &str| proof::place(pack, above, &format!("{kind}:{id}")).is_some();
        let changed = |rule: &Rule| rule.layer > 0 || !rule.tightened.is_empty() || rule.loosened.is_some();
        let of_layer = |id: &str| pack.rules.get(id).is_some_and(changed) || written("recipe", id);
        let concerns = |fault: &&Fault| {
            let blamed = fault.blame.iter().filter_map(|blamed| blamed.split_once(':')).map(|(_, id)| id);
            blamed.chain(fault.shadows.iter().flat_map(|shadow| &shadow.by).map(String::as_str)).any(of_layer)
        };
        let failures = report.properties.iter().flat_map(|row| &row.failures).filter(concerns);
        let goals = report.resilience.iter().map(|row| &row.goal).filter(|goal| written("goal", goal));
        Some(Self { failures: failures.map(|fault| fault.name.clone()).collect(), goals: goals.cloned().collect() })
    }
}

impl Proofs {
    pub fn of(pack: &Pack, layers: &[LayerFiles], today: Date) -> Result<Self, Report> {
        let case = safety_case(pack, layers)?;
        let below = load::below(layers)?;
        let (report, verified) = prove_and_check(Subject { pack, below: below.as_ref(), case: &case, today });
        let verified = verified.map_err(refused);
        let places = report
            .properties
            .iter()
            .flat_map(|row| &row.failures)
            .map(|fault| {
                let at =
                    |blamed: &String| proof::place(pack, layers, blamed).map(|place| format!("{place} ({blamed})"));
                (fault.name.clone(), fault.blame.iter().filter_map(at).collect())
            })
            .collect();
        let above = Above::of(pack, layers, &report);
        Ok(Self { report, statements: case.len(), verified, places, above })
    }

    pub fn is_clean(&self) -> bool {
        self.report.holds() && self.verified.is_ok() && self.faults().all(|(_, fault)| replays(fault))
    }

    fn faults(&self) -> impl Iterator<Item = (&Proved, &Fault)> {
        self.report.properties.iter().flat_map(|row| row.failures.iter().map(move |fault| (row, fault)))
    }

    fn places_of(&self, fault: &Fault) -> &[String] {
        self.places.iter().find(|(name, _)| *name == fault.name).map_or(&[], |(_, places)| places)
    }

    /// What is only for information is the same every day in the lowest pack: where layers are checked, what has nothing
    /// to do with them is counted, and listed on request.
    pub fn text(&self, page: &mut Page, all: bool) {
        page.gap();
        let above = self.above.as_ref().filter(|_| !all);
        for row in self.report.properties.iter().filter(|row| row.questions + row.audited > 0) {
            let (ink, sign) = match (row.failures.is_empty(), row.property.informs()) {
                (true, _) => (Ink::Good, "✓"),
                (false, true) => (Ink::Dim, "·"),
                (false, false) => (Ink::Stop, "✗"),
            };
            let except = match row.failures.len() {
                0 => String::new(),
                n => format!(", except for {n}"),
            };
            let audited = match row.audited {
                0 => String::new(),
                n => format!(", {n} plans audited"),
            };
            let said = format!("{}{except} ({} questions{audited})", row.property.sentence(), row.questions);
            page.inked(0, 2, ink, sign, &said);
            if row.property.informs() {
                if !row.failures.is_empty() {
                    let (shown, rest): (Vec<&Fault>, Vec<&Fault>) = row
                        .failures
                        .iter()
                        .partition(|fault| above.is_none_or(|above| above.failures.contains(&fault.name)));
                    if !shown.is_empty() {
                        page.inked(2, 2, Ink::Dim, row.property.code(), "what always comes before them:");
                        shown.iter().for_each(|fault| page.text(4, 2, &shadowed(fault)));
                    }
                    if !rest.is_empty() {
                        let said = format!("{} without a part of the layers; --all lists them", rest.len());
                        page.inked(2, 2, Ink::Dim, row.property.code(), &said);
                    }
                }
                continue;
            }
            for fault in row.failures.iter().take(SHOWN) {
                self.fault(page, row, fault);
            }
            if row.failures.len() > SHOWN {
                page.text(2, 2, &format!("and {} more; --format json lists them all", row.failures.len() - SHOWN));
            }
        }
        let (shown, rest): (Vec<&Resilience>, Vec<&Resilience>) =
            self.report.resilience.iter().partition(|row| above.is_none_or(|above| above.goals.contains(&row.goal)));
        resilience::text(page, &shown, rest.len());
        let work = &self.report.work;
        page.gap();
        page.text(
            0,
            2,
            &format!(
                "{} questions about all possible intakes, {} of them from {} statements of the safety case; {} nodes, {} clauses, \
                 {} runs of the solver.",
                work.questions,
                self.questions_of(proof::Property::SafetyCase),
                self.statements,
                work.nodes,
                work.clauses,
                work.solved
            ),
        );
        match &self.verified {
            Ok(claims) => {
                page.inked(0, 2, Ink::Good, "✓", &format!("{claims} proofs checked again without the solver"))
            }
            Err(why) => page.inked(0, 2, Ink::Stop, "✗", &format!("a proof was refused: {why}")),
        }
        page.text(
            0,
            2,
            "Proved is that the rules agree with the safety case and never propose what they exclude; not that the medicine is \
             right. To be trusted remain: reading the files, the circuit (compared with the assessment on random intakes), the \
             checker of proofs, and the sentences above. docs/proofs.md says more.",
        );
    }

    fn questions_of(&self, property: proof::Property) -> usize {
        self.report.properties.iter().find(|row| row.property == property).map_or(0, |row| row.questions)
    }

    fn fault(&self, page: &mut Page, row: &Proved, fault: &Fault) {
        page.inked(2, 2, Ink::Stop, row.property.code(), &fault.message);
        for place in self.places_of(fault) {
            page.text(4, 2, place);
        }
        let Some(witness) = &fault.witness else { return };
        page.text(4, 2, &format!("smallest patient: {}", witness.differs.join("; ")));
        if let Err(why) = &witness.replayed {
            page.inked(
                4,
                2,
                Ink::Stop,
                "✗",
                &format!("the assessment does not agree, which is a mistake of the program: {why}"),
            );
        }
    }

    pub fn rows(&self) -> Value {
        let properties = self.report.properties.iter().filter(|row| row.questions + row.audited > 0).map(|row| {
            let failures = row.failures.iter().map(|fault| {
                json!({
                    "question": fault.name,
                    "message": fault.message,
                    "places": self.places_of(fault),
                    "shadows": fault.shadows.iter().map(|s| json!({ "what": s.what, "by": s.by })).collect::<Vec<_>>(),
                    "witness": fault.witness.as_ref().map(|witness| json!({
                        "differs": witness.differs,
                        "intake": intake::write(&witness.intake),
                        "changed": witness.changed.as_ref().map(intake::write),
                        "replayed": witness.replayed.is_ok(),
                    })),
                })
            });
            json!({
                "code": row.property.code(),
                "property": row.property.sentence(),
                "questions": row.questions,
                "audited": row.audited,
                "informs": row.property.informs(),
                "failures": failures.collect::<Vec<_>>(),
            })
        });
        json!({
            "holds": self.is_clean(),
            "properties": properties.collect::<Vec<_>>(),
            "resilience": resilience::rows(&self.report.resilience),
            "work": self.report.work,
            "verified": self.verified.as_ref().ok(),
            "refused": self.verified.as_ref().err(),
        })
    }

    /// Writes the certificate: only what the claims rest on. What was left out takes nothing with it, or nobody is given
    /// the file.
    pub fn write_certificate(&self, path: &Path) -> Result<(), Failure> {
        let short = trimmed(&self.report.certificate).and_then(|short| check_certificate(&short).map(|_| short));
        let short = short.map_err(|unfounded| {
            Failure::plain(
                format!("a proof was refused: {}", refused(unfounded)),
                "report it: this is a mistake of the program",
            )
        })?;
        write(path, &short.to_text())
    }

    /// Writes every witness as an intake file.
    pub fn write_witnesses(&self, folder: &Path) -> Result<(), Failure> {
        let cannot = |error: std::io::Error| {
            Failure::plain(format!("cannot make the folder {}: {error}", folder.display()), "name another folder")
        };
        std::fs::create_dir_all(folder).map_err(cannot)?;
        let mut counts: Vec<(&str, usize)> = Vec::new();
        for (row, fault) in self.faults() {
            let Some(witness) = &fault.witness else { continue };
            let code = row.property.code();
            let n = match counts.iter_mut().find(|(known, _)| *known == code) {
                Some((_, n)) => {
                    *n += 1;
                    *n
                }
                None => {
                    counts.push((code, 1));
                    1
                }
            };
            write(&folder.join(format!("{code}-{n}.toml")), &file(&fault.message, &fault.name, witness))?;
            if let Some(changed) = &witness.changed {
                let after = Witness { intake: changed.clone(), ..witness.clone() };
                write(&folder.join(format!("{code}-{n}-changed.toml")), &file(&fault.message, &fault.name, &after))?;
            }
        }
        for (name, text) in resilience::files(&self.report.resilience) {
            write(&folder.join(name), &text)?;
        }
        Ok(())
    }
}

/// Who decides in its place, in a line: what the same others decide stands together.
fn shadowed(fault: &Fault) -> String {
    let mut by: Vec<(&[String], Vec<&str>)> = Vec::new();
    for shadow in &fault.shadows {
        let what = shadow.what.split_once(':').map_or(shadow.what.as_str(), |(_, id)| id);
        match by.iter_mut().find(|(others, _)| *others == shadow.by) {
            Some((_, same)) => same.push(what),
            None => by.push((&shadow.by, vec![what])),
        }
    }
    let subject = fault.name.split_once(':').map_or(fault.name.as_str(), |(_, subject)| subject);
    let parts = by.into_iter().map(|(others, what)| match what.as_slice() {
        ["best"] => others.join(" or "),
        what => format!("{} by {}", what.join(", "), others.join(" or ")),
    });
    let parts: Vec<String> = parts.collect();
    if parts.is_empty() { subject.to_owned() } else { format!("{subject}: {}", parts.join("; ")) }
}

fn refused(unfounded: Unfounded) -> String {
    match unfounded.claim {
        Some(claim) => format!("step {}, the claim {claim}, does not follow", unfounded.step),
        None => format!("step {} does not follow", unfounded.step),
    }
}

fn replays(fault: &Fault) -> bool {
    fault.witness.as_ref().is_none_or(|witness| witness.replayed.is_ok())
}

fn file(message: &str, name: &str, witness: &Witness) -> String {
    format!("# {name}\n# {message}\n# {}\n{}", witness.differs.join("; "), intake::write(&witness.intake))
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text)
        .map_err(|error| Failure::plain(format!("cannot write {}: {error}", path.display()), "name another file"))
}
