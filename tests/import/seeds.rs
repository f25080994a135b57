//! Random breaks: a small generator of our own, so that a seed means the same on every machine.

use std::collections::HashSet;

/// Pseudo-random numbers (splitmix64).
pub struct Seeded(pub u64);

impl Seeded {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `most`.
    pub fn below(&mut self, most: u64) -> u64 {
        self.next() % most
    }
}

/// The text with its line breaks and spaces moved: each goes with some chance, and new ones come anywhere, inside words
/// and names too.
pub fn moved(source: &str, seed: u64) -> String {
    moved_but(source, seed, &[])
}

/// The same, but no line is broken inside these words: a title on a line of its own and a broken one cannot be told apart.
pub fn moved_but(source: &str, seed: u64, whole: &[&str]) -> String {
    let inside: HashSet<usize> = whole
        .iter()
        .flat_map(|words| source.match_indices(words))
        .flat_map(|(at, words)| at + 1..at + words.len())
        .collect();
    let mut random = Seeded(seed);
    let breaks = ["\n", " ", "\u{3000}", "  ", "\r\n"];
    let (gone, come) = (random.below(101), 1 + random.below(12));
    let mut moved = String::with_capacity(source.len() * 2);
    for (at, c) in source.char_indices() {
        if c.is_whitespace() {
            if random.below(100) >= gone {
                moved.push(c);
            }
            continue;
        }
        if random.below(100) < come {
            let chosen = breaks[usize::try_from(random.below(5)).unwrap()];
            moved.push_str(if inside.contains(&at) { " " } else { chosen });
        }
        moved.push(c);
    }
    moved
}
