//! Two packs by their ids: what of the one the other has as well, under which position.

use super::super::reading::Said;
use crate::pack::{
    Amount, Area, ChoiceOption, Condition, Goal, Identified, Item, Ix, List, Pack, Qualifier, QualifierKind,
    QualifierTest, QuestionIx, QuestionKind, Range, Scale, Set, Table, ValueTest,
};

/// From one pack to another.
#[derive(Clone, Copy, Debug)]
pub struct Names<'p> {
    /// The pack whose positions are given.
    pub from: &'p Pack,
    /// The pack whose positions are wanted.
    pub to: &'p Pack,
}

fn same<T: Identified>(from: &Table<T>, to: &Table<T>, ix: Ix<T>) -> Option<Ix<T>> {
    to.find(from[ix].id())
}

fn option(from: &[ChoiceOption], to: &[ChoiceOption], n: usize) -> Option<usize> {
    let id = &from.get(n)?.id;
    to.iter().position(|option| option.id == *id)
}

impl Names<'_> {
    /// The same the other way round.
    #[must_use]
    pub const fn back(self) -> Self {
        Self { from: self.to, to: self.from }
    }

    /// A question that both have, of one kind.
    pub fn question(&self, ix: QuestionIx) -> Option<QuestionIx> {
        let there = same(&self.from.questions, &self.to.questions, ix)?;
        let (one, other) = (&self.from.questions[ix], &self.to.questions[there]);
        let alike = match (&one.kind, &other.kind) {
            (QuestionKind::List(one), QuestionKind::List(other)) => one == other,
            (one, other) => std::mem::discriminant(one) == std::mem::discriminant(other),
        };
        (alike && one.derived == other.derived && one.scale.is_some() == other.scale.is_some()).then_some(there)
    }

    /// An option of a choice that both have.
    pub fn answer(&self, question: QuestionIx, n: usize) -> Option<usize> {
        let there = self.question(question)?;
        option(self.from.questions[question].options(), self.to.questions[there].options(), n)
    }

    /// An entry of a list.
    pub fn item(&self, list: List, ix: Ix<Item>) -> Option<Ix<Item>> {
        same(self.from.list(list), self.to.list(list), ix)
    }

    /// A goal.
    pub fn goal(&self, ix: Ix<Goal>) -> Option<Ix<Goal>> {
        same(&self.from.goals, &self.to.goals, ix)
    }

    /// An area.
    pub fn area(&self, ix: Ix<Area>) -> Option<Ix<Area>> {
        same(&self.from.areas, &self.to.areas, ix)
    }

    /// A qualifier that both have, of one kind.
    pub fn qualifier(&self, ix: Ix<Qualifier>) -> Option<Ix<Qualifier>> {
        let there = same(&self.from.qualifiers, &self.to.qualifiers, ix)?;
        let kinds = (&self.from.qualifiers[ix].kind, &self.to.qualifiers[there].kind);
        (std::mem::discriminant(kinds.0) == std::mem::discriminant(kinds.1)).then_some(there)
    }

    /// An option of a qualifier.
    pub fn said(&self, ix: Ix<Qualifier>, n: usize) -> Option<usize> {
        let there = self.qualifier(ix)?;
        match (&self.from.qualifiers[ix].kind, &self.to.qualifiers[there].kind) {
            (QualifierKind::Choice(from), QualifierKind::Choice(to)) => option(from, to, n),
            _ => None,
        }
    }

    /// Whether an entry can say this of a qualifier in the other pack too.
    pub(in super::super) fn can_say(&self, qualifier: Ix<Qualifier>, said: Said) -> bool {
        let kind = self.qualifier(qualifier).map(|there| &self.to.qualifiers[there].kind);
        match said {
            Said::Nothing => true,
            Said::Option(n) => self.said(qualifier, n).is_some(),
            Said::Area(area) => kind.is_some() && self.area(area).is_some(),
            Said::Number(n) => matches!(kind, Some(QualifierKind::Number(kind)) if kind.min <= n && n <= kind.max),
        }
    }

    /// A scale that both have and that comes to the same answers.
    pub fn scale(&self, ix: Ix<Scale>) -> Option<Ix<Scale>> {
        let there = same(&self.from.scales, &self.to.scales, ix)?;
        let form = |pack: &Pack, scale: &Scale| {
            let items =
                scale.items.iter().map(|item| (pack.questions[item.question].id().to_owned(), item.points.clone()));
            let answers = pack.questions[scale.answers].id().to_owned();
            format!("{answers} {:?} {:?}", items.collect::<Vec<_>>(), scale.bands)
        };
        (form(self.from, &self.from.scales[ix]) == form(self.to, &self.to.scales[there])).then_some(there)
    }

    /// Whether a value of a number question can be answered in the other pack too.
    pub fn takes(&self, question: QuestionIx, value: Amount) -> bool {
        let there = self.question(question).map(|there| &self.to.questions[there].kind);
        !matches!(there, Some(QuestionKind::Number(kind)) if value < kind.min || value > kind.max)
    }

    /// A condition in the other pack's positions, for what it tells apart; what only this pack has is left out, as no
    /// intake that both can read has it.
    pub fn reading(&self, condition: &Condition) -> Condition {
        let all = |of: &[Condition]| of.iter().map(|part| self.reading(part)).collect::<Vec<_>>();
        match condition {
            Condition::All(of) => Condition::All(all(of)),
            Condition::Any(of) => Condition::Any(all(of)),
            Condition::AtLeast { count, of } => Condition::AtLeast { count: *count, of: all(of) },
            Condition::Not(inner) => Condition::Not(Box::new(self.reading(inner))),
            Condition::Choice { question, options } => {
                let Some(there) = self.question(*question) else { return Condition::always() };
                let chosen = (0..64).filter(|n| options >> n & 1 == 1).filter_map(|n| self.answer(*question, n));
                Condition::Choice { question: there, options: chosen.fold(0, |bits, n| bits | 1 << n) }
            }
            Condition::Number { question, range } => match self.question(*question) {
                Some(question) => Condition::Number { question, range: *range },
                None => Condition::always(),
            },
            Condition::Listed { question, list, items, with } => {
                let Some(question) = self.question(*question) else { return Condition::always() };
                let items: Set<Item> = items.iter().filter_map(|item| self.item(*list, item)).collect();
                let with = with.iter().filter_map(|test| self.test(test)).collect();
                Condition::Listed { question, list: *list, items, with }
            }
            Condition::Goal { .. } => Condition::always(),
        }
    }

    fn test(&self, test: &QualifierTest) -> Option<QualifierTest> {
        let qualifier = self.qualifier(test.qualifier)?;
        let test = match &test.test {
            ValueTest::Number(range) => ValueTest::Number(*range),
            ValueTest::Choice(bits) => {
                let chosen = (0..64).filter(|n| bits >> n & 1 == 1).filter_map(|n| self.said(test.qualifier, n));
                ValueTest::Choice(chosen.fold(0, |bits, n| bits | 1 << n))
            }
        };
        Some(QualifierTest { qualifier, test })
    }

    /// The ends of what the other pack's numbers take, as tests: no cell of a number then stands on both sides of one.
    pub fn ends(&self) -> Vec<Condition> {
        let questions = self.from.questions.entries();
        let ends = questions.filter_map(|(ix, _)| {
            let there = self.question(ix)?;
            let QuestionKind::Number(kind) = &self.to.questions[there].kind else { return None };
            let after = Amount::thousandths(kind.max.as_thousandths() + 1);
            Some(Condition::Number { question: ix, range: Range { from: Some(kind.min), below: Some(after) } })
        });
        ends.collect()
    }

    /// What only the first pack has, in words.
    pub fn missing(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut note = |kind: &str, ids: Vec<&str>| {
            if !ids.is_empty() {
                const SHOWN: usize = 12;
                let more = match ids.len().checked_sub(SHOWN) {
                    Some(more) if more > 0 => format!(" and {more} more"),
                    _ => String::new(),
                };
                let shown = ids.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
                lines.push(format!("{kind}: {shown}{more}"));
            }
        };
        fn only<'a, T: Identified>(from: &'a Table<T>, to: &Table<T>) -> Vec<&'a str> {
            from.ids().filter(|id| to.get(id).is_none()).collect()
        }
        let (from, to) = (self.from, self.to);
        for list in List::ALL {
            note(list.word(), only(from.list(list), to.list(list)));
        }
        note("goals", only(&from.goals, &to.goals));
        note("areas", only(&from.areas, &to.areas));
        note("jurisdictions", only(&from.jurisdictions, &to.jurisdictions));
        note("qualifiers", only(&from.qualifiers, &to.qualifiers));
        let questions = from.questions.entries().filter(|(ix, _)| self.question(*ix).is_none());
        note("questions", questions.map(|(_, question)| question.id()).collect());
        for (ix, question) in
            from.questions.entries().filter(|(ix, q)| self.question(*ix).is_some() && q.scale.is_none())
        {
            if ix == from.roles.jurisdiction {
                continue;
            }
            let options = question.options().iter().enumerate().filter(|(n, _)| self.answer(ix, *n).is_none());
            note(&format!("answers of {}", question.id), options.map(|(_, option)| option.id.as_str()).collect());
        }
        let scales = from.scales.entries().filter(|(ix, _)| self.scale(*ix).is_none());
        note("scales (their questions count as answered directly)", scales.map(|(_, scale)| scale.id()).collect());
        lines
    }
}
