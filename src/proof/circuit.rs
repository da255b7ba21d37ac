//! Formulas as a circuit in which equal parts are one: constants, free inputs, conjunctions, and negation on the wires.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Not;

/// A wire of a [`Circuit`], or its negation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Lit(u32);

impl Lit {
    /// The wire that is always off.
    pub const FALSE: Self = Self(0);
    /// The wire that is always on.
    pub const TRUE: Self = Self(1);

    pub(super) const fn positive(node: usize) -> Self {
        Self((node as u32) << 1)
    }

    /// The node it comes from.
    #[must_use]
    pub const fn node(self) -> usize {
        (self.0 >> 1) as usize
    }

    /// Whether it is the negation of its node.
    #[must_use]
    pub const fn negated(self) -> bool {
        self.0 & 1 == 1
    }

    /// A constant.
    #[must_use]
    pub const fn constant(on: bool) -> Self {
        if on { Self::TRUE } else { Self::FALSE }
    }

    /// Whether it is one of the two constants.
    #[must_use]
    pub const fn is_constant(self) -> bool {
        self.0 < 2
    }
}

impl Not for Lit {
    type Output = Self;

    fn not(self) -> Self {
        Self(self.0 ^ 1)
    }
}

/// What makes a node.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Node {
    /// Off.
    Constant,
    /// Free: any value is part of some intake.
    Input,
    /// On when all of them are.
    And(Box<[Lit]>),
}

/// Nodes in an order in which every one stands after those it is made from.
#[derive(Clone, Debug)]
pub struct Circuit {
    nodes: Vec<Node>,
    known: HashMap<Box<[Lit]>, Lit, BuildHasherDefault<Mix>>,
}

/// Numbers of wires are no secret and nobody chooses them to collide: a short hash will do.
#[derive(Clone, Copy, Default)]
struct Mix(u64);

impl Hasher for Mix {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    fn write_u32(&mut self, word: u32) {
        self.write_u64(u64::from(word));
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    fn write_usize(&mut self, word: usize) {
        self.write_u64(word as u64);
    }

    fn finish(&self) -> u64 {
        // The table reads the high bits and the low ones.
        self.0 ^ (self.0 >> 32)
    }
}

impl Default for Circuit {
    fn default() -> Self {
        Self { nodes: vec![Node::Constant], known: HashMap::default() }
    }
}

impl Circuit {
    /// A new free input.
    pub fn input(&mut self) -> Lit {
        self.nodes.push(Node::Input);
        Lit::positive(self.nodes.len() - 1)
    }

    /// On when all are on.
    pub fn all(&mut self, of: impl IntoIterator<Item = Lit>) -> Lit {
        let mut parts: Vec<Lit> = of.into_iter().filter(|lit| *lit != Lit::TRUE).collect();
        parts.sort_unstable();
        parts.dedup();
        // A wire and its negation are neighbours after sorting.
        if parts.contains(&Lit::FALSE) || parts.windows(2).any(|pair| pair[0] == !pair[1]) {
            return Lit::FALSE;
        }
        match parts.as_slice() {
            [] => Lit::TRUE,
            [one] => *one,
            _ => {
                let parts = parts.into_boxed_slice();
                if let Some(known) = self.known.get(&parts) {
                    return *known;
                }
                self.nodes.push(Node::And(parts.clone()));
                let lit = Lit::positive(self.nodes.len() - 1);
                self.known.insert(parts, lit);
                lit
            }
        }
    }

    /// On when one of them is.
    pub fn any(&mut self, of: impl IntoIterator<Item = Lit>) -> Lit {
        !self.all(of.into_iter().map(|lit| !lit).collect::<Vec<_>>())
    }

    /// As [`Circuit::any`] of wires that many formulas share: in blocks by position, so that two of them which differ in
    /// a few wires have most of their nodes in common.
    pub fn any_of_many(&mut self, of: &[Lit]) -> Lit {
        const BLOCK: usize = 16;
        if of.len() <= BLOCK {
            return self.any(of.iter().copied());
        }
        let blocks: Vec<Lit> = of.chunks(BLOCK).map(|block| self.any(block.iter().copied())).collect();
        self.any_of_many(&blocks)
    }

    /// For each of them: on when one of the others is.
    pub fn any_other(&mut self, of: &[Lit]) -> Vec<Lit> {
        let mut behind = vec![Lit::FALSE; of.len() + 1];
        for (n, lit) in of.iter().enumerate().rev() {
            behind[n] = self.or(behind[n + 1], *lit);
        }
        let mut before = Lit::FALSE;
        let mut others = Vec::with_capacity(of.len());
        for (lit, behind) in of.iter().zip(&behind[1..]) {
            others.push(self.or(before, *behind));
            before = self.or(before, *lit);
        }
        others
    }

    /// On when both are.
    pub fn and(&mut self, a: Lit, b: Lit) -> Lit {
        self.all([a, b])
    }

    /// On when one of both is.
    pub fn or(&mut self, a: Lit, b: Lit) -> Lit {
        self.any([a, b])
    }

    /// For k = 1, 2, ... up to `most`: on when at least k of them are.
    pub fn counts(&mut self, of: &[Lit], most: usize) -> Vec<Lit> {
        let mut row: Vec<Lit> = Vec::new();
        for lit in of {
            let mut next = Vec::new();
            for k in 0..(row.len() + 1).min(most) {
                let without = row.get(k).copied().unwrap_or(Lit::FALSE);
                let before = if k == 0 { Lit::TRUE } else { row[k - 1] };
                let with = self.and(before, *lit);
                next.push(self.or(without, with));
            }
            row = next;
        }
        row
    }

    /// All nodes; the first is the constant.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The free inputs.
    pub(super) fn inputs(&self) -> impl Iterator<Item = Lit> {
        self.nodes.iter().enumerate().filter(|(_, node)| **node == Node::Input).map(|(n, _)| Lit::positive(n))
    }

    /// The value of every node under 64 assignments at once; what `inputs` does not hold is off.
    #[must_use]
    pub fn simulate(&self, inputs: &HashMap<Lit, u64>) -> Vec<u64> {
        self.simulate_first(inputs, self.nodes.len())
    }

    /// The same for the first nodes only.
    pub(super) fn simulate_first(&self, inputs: &HashMap<Lit, u64>, nodes: usize) -> Vec<u64> {
        let mut values: Vec<u64> = Vec::with_capacity(nodes);
        for (n, node) in self.nodes.iter().take(nodes).enumerate() {
            let value = match node {
                Node::Constant => 0,
                Node::Input => inputs.get(&Lit::positive(n)).copied().unwrap_or(0),
                Node::And(parts) => parts.iter().fold(u64::MAX, |all, lit| all & word(&values, *lit)),
            };
            values.push(value);
        }
        values
    }
}

/// The 64 values of a wire in the result of [`Circuit::simulate`].
#[must_use]
pub fn word(values: &[u64], lit: Lit) -> u64 {
    let value = values.get(lit.node()).copied().unwrap_or(0);
    if lit.negated() { !value } else { value }
}

/// Exactly one of several alternatives, chosen by free inputs: whatever the inputs are, one alternative holds.
#[derive(Clone, Debug)]
pub struct OneOf {
    /// One wire for each alternative.
    pub alternatives: Vec<Lit>,
    /// The inputs, and for each alternative the values that choose it.
    choices: Vec<Vec<(Lit, bool)>>,
}

impl OneOf {
    /// `n` alternatives; all inputs off chooses the first.
    pub fn new(circuit: &mut Circuit, n: usize) -> Self {
        let mut bits = Vec::new();
        let mut choices = Vec::new();
        split(circuit, n, 0, &mut bits, &mut Vec::new(), &mut choices);
        let alternatives = choices
            .iter()
            .map(|path: &Vec<(Lit, bool)>| circuit.all(path.iter().map(|(bit, on)| if *on { *bit } else { !*bit })))
            .collect();
        Self { alternatives, choices }
    }

    /// The input values that choose an alternative.
    #[must_use]
    pub fn choose(&self, n: usize) -> &[(Lit, bool)] {
        self.choices.get(n).map_or(&[], Vec::as_slice)
    }
}

fn split(
    circuit: &mut Circuit,
    n: usize,
    depth: usize,
    bits: &mut Vec<Lit>,
    path: &mut Vec<(Lit, bool)>,
    choices: &mut Vec<Vec<(Lit, bool)>>,
) {
    if n <= 1 {
        choices.push(path.clone());
        return;
    }
    if bits.len() <= depth {
        bits.push(circuit.input());
    }
    // The first alternative keeps the shortest way to all bits off.
    let first = n.div_ceil(2);
    for (on, size) in [(false, first), (true, n - first)] {
        path.push((bits[depth], on));
        split(circuit, size, depth + 1, bits, path, choices);
        path.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values of a wire under every assignment of up to six inputs.
    fn table(circuit: &Circuit, inputs: &[Lit], lit: Lit) -> Vec<bool> {
        let mut words: HashMap<Lit, u64> = HashMap::new();
        for row in 0..1_u64 << inputs.len() {
            for (n, input) in inputs.iter().enumerate() {
                *words.entry(*input).or_default() |= (row >> n & 1) << row;
            }
        }
        let values = circuit.simulate(&words);
        (0..1 << inputs.len()).map(|row| word(&values, lit) >> row & 1 == 1).collect()
    }

    #[test]
    fn equal_parts_are_one_node_and_constants_fold() {
        let mut c = Circuit::default();
        let (a, b) = (c.input(), c.input());
        assert_eq!(c.and(a, b), c.all([b, a, Lit::TRUE, b]));
        assert_eq!(c.and(a, !a), Lit::FALSE);
        assert_eq!(c.or(a, !a), Lit::TRUE);
        assert_eq!(c.or(a, Lit::FALSE), a);
        assert_eq!(c.all([]), Lit::TRUE);
        assert_eq!(c.any([]), Lit::FALSE);
    }

    #[test]
    fn many_are_as_few() {
        let mut c = Circuit::default();
        let inputs: Vec<Lit> = (0..6).map(|_| c.input()).collect();
        let many: Vec<Lit> = (0..50).map(|n| if n % 20 < 6 { inputs[n % 20] } else { Lit::FALSE }).collect();
        let (blocks, plain) = (c.any_of_many(&many), c.any(many.iter().copied()));
        assert_eq!(table(&c, &inputs, blocks), table(&c, &inputs, plain));
        for (n, other) in c.any_other(&inputs).into_iter().enumerate() {
            let rest = inputs.iter().enumerate().filter(|(k, _)| *k != n).map(|(_, lit)| *lit);
            let rest = c.any(rest.collect::<Vec<_>>());
            assert_eq!(table(&c, &inputs, other), table(&c, &inputs, rest), "all but {n}");
        }
        assert_eq!(c.any_other(&inputs[..1]), [Lit::FALSE]);
    }

    #[test]
    fn counts_count() {
        let mut c = Circuit::default();
        let inputs: Vec<Lit> = (0..5).map(|_| c.input()).collect();
        let counts = c.counts(&inputs, 4);
        assert_eq!(counts.len(), 4);
        for (k, lit) in counts.iter().enumerate() {
            let expected: Vec<bool> = (0..32_u32).map(|row| row.count_ones() as usize > k).collect();
            assert_eq!(table(&c, &inputs, *lit), expected, "at least {}", k + 1);
        }
    }

    #[test]
    fn exactly_one_alternative_holds_whatever_the_inputs_are() {
        for n in 1..12 {
            let mut c = Circuit::default();
            let one = OneOf::new(&mut c, n);
            let inputs: Vec<Lit> =
                (0..c.nodes().len()).filter(|i| c.nodes()[*i] == Node::Input).map(Lit::positive).collect();
            for row in 0..1 << inputs.len() {
                let on = one.alternatives.iter().filter(|lit| table(&c, &inputs, **lit)[row]).count();
                assert_eq!(on, 1, "{n} alternatives, row {row}");
            }
            assert!(table(&c, &inputs, one.alternatives[0])[0], "all off is the first");
            for (k, lit) in one.alternatives.iter().enumerate() {
                let words: HashMap<Lit, u64> = one.choose(k).iter().map(|(bit, on)| (*bit, u64::from(*on))).collect();
                assert_eq!(word(&c.simulate(&words), *lit) & 1, 1, "choosing {k} of {n}");
            }
        }
    }
}
