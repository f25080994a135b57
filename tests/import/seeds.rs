//! Random breaks: a small generator of our own, so that a seed means the same on every machine.

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
    let mut random = Seeded(seed);
    let breaks = ["\n", " ", "\u{3000}", "  ", "\r\n"];
    let (gone, come) = (random.below(101), 1 + random.below(12));
    let mut moved = String::with_capacity(source.len() * 2);
    for c in source.chars() {
        if c.is_whitespace() {
            if random.below(100) >= gone {
                moved.push(c);
            }
            continue;
        }
        if random.below(100) < come {
            moved.push_str(breaks[usize::try_from(random.below(5)).unwrap()]);
        }
        moved.push(c);
    }
    moved
}
