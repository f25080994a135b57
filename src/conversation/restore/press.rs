//! Buttons of this slice. They name the restoration and the numbers that were shown, so that what is confirmed was read.

use super::Seen;
use crate::ledger::AfterRestore;

/// Buttons of this slice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Press {
    /// Which.
    pub step: Step,
    /// [`super::stamp_of`] the gap it was shown for.
    pub stamp: i64,
    /// The numbers shown.
    pub seen: Seen,
}

/// Which button it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// 接续 or 补发: the first tap.
    Choose(AfterRestore),
    /// The second.
    Sure(AfterRestore),
    /// 返回.
    Back,
}

/// Each step's letter.
const LETTERS: [(&str, Step); 5] = [
    ("c", Step::Choose(AfterRestore::Continue)),
    ("m", Step::Choose(AfterRestore::MakeUp)),
    ("C", Step::Sure(AfterRestore::Continue)),
    ("M", Step::Sure(AfterRestore::MakeUp)),
    ("b", Step::Back),
];

impl Press {
    /// As button data, without the slice's letter.
    pub fn encode(&self) -> String {
        let letter = LETTERS.iter().find(|(_, step)| *step == self.step);
        let letter = letter.map_or("", |(letter, _)| letter);
        let Seen { digest, seq } = self.seen;
        format!("{letter}:{}:{digest}:{seq}", self.stamp)
    }

    /// From button data; none for what this slice never wrote.
    pub fn decode(data: &str) -> Option<Self> {
        let parts: Vec<&str> = data.split(':').collect();
        let [letter, stamp, digest, seq] = parts.as_slice() else {
            return None;
        };
        let (_, step) = LETTERS.iter().find(|(known, _)| known == letter)?;
        Some(Self {
            step: *step,
            stamp: stamp.parse().ok()?,
            seen: Seen {
                digest: digest.parse().ok()?,
                seq: seq.parse().ok()?,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_button_is_read_as_it_was_written_and_nothing_else() {
        for (_, step) in LETTERS {
            let press = Press {
                step,
                stamp: 1_795_500_000,
                seen: Seen {
                    digest: u32::MAX,
                    seq: u64::MAX,
                },
            };
            let data = press.encode();
            assert_eq!(Press::decode(&data), Some(press));
            assert!(data.len() + 2 <= 64, "{data}");
        }
        for data in [
            "",
            "c",
            "c:1:2",
            "c:1:2:3:4",
            "x:1:2:3",
            "c:1:-2:3",
            ":1:2:3",
        ] {
            assert_eq!(Press::decode(data), None, "{data}");
        }
    }
}
