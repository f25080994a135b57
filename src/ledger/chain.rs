//! The chain: each entry's hash covers the one before it, its seq and its JSON.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::entry::LedgerEntry;

/// Bytes of the hash that are printed, as twelve hex digits.
const PRINTED_BYTES: usize = 6;

/// Head of a chain: the last entry's seq and hash. Seq 0 and zeros before the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Head {
    /// Seq of the last entry.
    pub seq: u64,
    /// Its SHA-256.
    pub hash: [u8; 32],
}

/// The first thing found wrong with a chain.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// The entry at this seq is missing or out of order.
    #[error("entry {0} is missing or out of order")]
    Gap(u64),
    /// The entry at this seq does not hash to what is stored.
    #[error("entry {0} was altered: it does not hash to what is stored")]
    Altered(u64),
    /// The entry at this seq cannot be read.
    #[error("entry {0} cannot be read")]
    Unreadable(u64),
    /// A digest printed a head that the chain does not hold: (seq, printed first 12 hex digits).
    #[error("the head after entry {0} is not {1}, which was printed")]
    HeadDiffers(u64, String),
    /// The chain is shorter than a head known from elsewhere.
    #[error("entries up to {0} were known; the chain is shorter")]
    TailMissing(u64),
}

impl Head {
    /// The head after `body`, the JSON of the next entry: SHA-256 over the hash before, the seq as eight bytes with the
    /// highest first, and the JSON.
    pub fn next(&self, body: &str) -> Head {
        self.at(self.seq + 1, body)
    }

    /// The same where the next entry's seq is another: a restored database leaves the numbers out that were lost.
    pub fn at(&self, seq: u64, body: &str) -> Head {
        let hash = Sha256::new()
            .chain_update(self.hash)
            .chain_update(seq.to_be_bytes())
            .chain_update(body)
            .finalize();
        Head {
            seq,
            hash: hash.into(),
        }
    }

    /// The first 12 hex digits, as printed under a digest.
    pub fn printed(&self) -> String {
        hex::encode(&self.hash[..PRINTED_BYTES])
    }
}

/// Canonical JSON of an entry, as stored and hashed.
pub fn canonical(entry: &LedgerEntry) -> String {
    serde_json::to_string(entry).expect("an entry holds only maps with text keys")
}

/// Walks stored entries (seq, JSON, hash) from 1 and holds them against the heads in `printed` (seq, 12 hex digits). Numbers
/// are left out only before an entry that says so itself ([`super::Restored`]), whose hash covers where it stands, and only
/// where nothing was printed of them that is known here.
///
/// # Errors
///
/// The first thing wrong, in the order of the chain: a missing tail comes last.
pub fn verify<'a>(
    stored: impl IntoIterator<Item = (u64, &'a str, [u8; 32])>,
    printed: &[(u64, String)],
) -> Result<Head, Broken> {
    let mut witnesses: BTreeMap<u64, Vec<&str>> = BTreeMap::new();
    for (seq, digits) in printed {
        witnesses.entry(*seq).or_default().push(digits);
    }
    let mut head = Head::default();
    witnessed(&head, &witnesses)?;
    for (seq, body, hash) in stored {
        let entry = serde_json::from_str::<LedgerEntry>(body).ok();
        let entry = entry.filter(|entry| entry.seq == seq && entry.follows(head.seq));
        if seq != head.seq + 1 && entry.is_none() {
            return Err(Broken::Gap(head.seq + 1));
        }
        if let Some((known, _)) = witnesses.range(head.seq + 1..seq.max(head.seq + 1)).next() {
            return Err(Broken::Gap(*known));
        }
        let next = head.at(seq, body);
        if hash != next.hash {
            return Err(Broken::Altered(seq));
        }
        if entry.is_none() {
            return Err(Broken::Unreadable(seq));
        }
        witnessed(&next, &witnesses)?;
        head = next;
    }
    match witnesses.last_key_value() {
        Some((&seq, _)) if seq > head.seq => Err(Broken::TailMissing(head.seq + 1)),
        Some(_) | None => Ok(head),
    }
}

/// Holds a head against what was printed of it.
fn witnessed(head: &Head, witnesses: &BTreeMap<u64, Vec<&str>>) -> Result<(), Broken> {
    let known = head.printed();
    let printed = witnesses.get(&head.seq).into_iter().flatten();
    match printed.copied().find(|digits| *digits != known) {
        Some(digits) => Err(Broken::HeadDiffers(head.seq, digits.to_owned())),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone, Utc};
    use proptest::prelude::*;

    use super::*;
    use crate::ledger::{Act, Actor, AfterRestore, ENTRY_VERSION, Gap, Restored};
    use crate::plan::PersonId;

    type Stored = Vec<(u64, String, [u8; 32])>;

    fn chain(length: u64) -> Stored {
        let mut head = Head::default();
        let mut stored = Vec::new();
        for seq in 1..=length {
            let entry = LedgerEntry {
                seq,
                at: Utc
                    .timestamp_opt(1_795_400_000 + 60 * seq as i64, 0)
                    .unwrap(),
                version: ENTRY_VERSION,
                by: Actor::Bot,
                act: Act::SecrecyShown {
                    person: PersonId::new(format!("p-{seq}")),
                },
            };
            let body = canonical(&entry);
            head = head.next(&body);
            stored.push((seq, body, head.hash));
        }
        stored
    }

    fn verified(stored: &Stored, printed: &[(u64, String)]) -> Result<Head, Broken> {
        verify(
            stored
                .iter()
                .map(|(seq, body, hash)| (*seq, body.as_str(), *hash)),
            printed,
        )
    }

    /// The head a digest would have printed after this many entries.
    fn printed(stored: &Stored, seq: u64) -> (u64, String) {
        let hash = stored[seq as usize - 1].2;
        (seq, Head { seq, hash }.printed())
    }

    #[test]
    fn a_whole_chain_verifies_to_its_head() {
        let stored = chain(5);
        let witnesses = [printed(&stored, 2), printed(&stored, 5)];
        let head = verified(&stored, &witnesses).unwrap();
        assert_eq!((head.seq, head.hash), (5, stored[4].2));
        assert_eq!(verified(&Vec::new(), &[]), Ok(Head::default()));
    }

    #[test]
    fn the_hash_covers_the_hash_before_the_seq_and_the_json() {
        let first = Head::default().next("{}");
        let same = Sha256::new()
            .chain_update([0; 32])
            .chain_update([0, 0, 0, 0, 0, 0, 0, 1])
            .chain_update("{}");
        assert_eq!(first.hash, <[u8; 32]>::from(same.finalize()));
        assert_eq!(first.printed(), hex::encode(first.hash)[..12]);
        assert_ne!(first.next("{}").hash, first.hash);
    }

    #[test]
    fn a_missing_tail_is_noticed_through_a_printed_head() {
        let stored = chain(5);
        let witness = [printed(&stored, 5)];
        let cut = stored[..3].to_vec();
        assert!(verified(&cut, &[]).is_ok());
        assert_eq!(verified(&cut, &witness), Err(Broken::TailMissing(4)));
        assert_eq!(verified(&Vec::new(), &witness), Err(Broken::TailMissing(1)));
    }

    #[test]
    fn a_chain_forged_anew_differs_from_the_head_that_was_printed() {
        let stored = chain(4);
        let witness = [(3, "3f9a1c07d2be".to_owned())];
        let broken = Broken::HeadDiffers(3, "3f9a1c07d2be".to_owned());
        assert_eq!(verified(&stored, &witness), Err(broken));
    }

    /// Five entries, then one of a database that was restored and continues behind number 9, then one more.
    fn restored() -> Stored {
        let mut stored = chain(5);
        let at = Utc.timestamp_opt(1_795_500_000, 0).unwrap();
        let act = Act::Restored(Restored {
            gap: Gap {
                from_at: at,
                to_at: at,
            },
            how: AfterRestore::Continue,
            last_seq: 5,
            confirmed_seq: 9,
            confirmed_digest: 2,
        });
        for (seq, act) in [(10, act), (11, Act::Resumed)] {
            let (last, _, hash) = stored.last().unwrap().clone();
            let entry = LedgerEntry {
                seq,
                at,
                version: ENTRY_VERSION,
                by: Actor::Host,
                act,
            };
            let body = canonical(&entry);
            let head = Head { seq: last, hash }.at(seq, &body);
            stored.push((seq, body, head.hash));
        }
        stored
    }

    #[test]
    fn numbers_are_left_out_only_where_the_entry_behind_them_says_so() {
        let stored = restored();
        let head = verified(&stored, &[printed(&stored, 5)]).unwrap();
        assert_eq!((head.seq, head.hash), (11, stored[6].2));
        let mut cut = stored.clone();
        cut.remove(5);
        assert_eq!(verified(&cut, &[]), Err(Broken::Gap(6)));
        let mut shorter = stored.clone();
        shorter.remove(4);
        assert_eq!(verified(&shorter, &[]), Err(Broken::Gap(5)));
        let mut renumbered = stored.clone();
        renumbered[5].0 = 9;
        assert_eq!(verified(&renumbered, &[]), Err(Broken::Gap(6)));
    }

    #[test]
    fn a_head_printed_among_the_numbers_left_out_betrays_them() {
        let witness = [(7, "3f9a1c07d2be".to_owned())];
        assert_eq!(verified(&restored(), &witness), Err(Broken::Gap(7)));
    }

    #[test]
    fn an_entry_that_cannot_be_read_is_named_even_if_it_hashes() {
        let body = "{\"seq\":1}".to_owned();
        let stored = vec![(1, body.clone(), Head::default().next(&body).hash)];
        assert_eq!(verified(&stored, &[]), Err(Broken::Unreadable(1)));
        let mut misnumbered = chain(1);
        misnumbered[0].1 = misnumbered[0].1.replace("\"seq\":1", "\"seq\":2");
        misnumbered[0].2 = Head::default().next(&misnumbered[0].1).hash;
        assert_eq!(verified(&misnumbered, &[]), Err(Broken::Unreadable(1)));
    }

    proptest! {
        #[test]
        fn any_single_changed_entry_is_found(length in 1_u64..12, at in any::<prop::sample::Index>(), byte in any::<prop::sample::Index>()) {
            let mut stored = chain(length);
            let at = at.index(stored.len());
            let byte = byte.index(stored[at].1.len());
            let mut bytes = stored[at].1.clone().into_bytes();
            bytes[byte] ^= 1;
            stored[at].1 = String::from_utf8(bytes).unwrap();
            prop_assert_eq!(verified(&stored, &[]), Err(Broken::Altered(at as u64 + 1)));
        }

        #[test]
        fn any_single_removed_entry_is_found(length in 1_u64..12, at in any::<prop::sample::Index>()) {
            let mut stored = chain(length);
            let witness = [printed(&stored, length)];
            let at = at.index(stored.len());
            stored.remove(at);
            let found = verified(&stored, &witness);
            let seq = at as u64 + 1;
            let expected = if seq == length { Broken::TailMissing(seq) } else { Broken::Gap(seq) };
            prop_assert_eq!(found, Err(expected));
        }

        #[test]
        fn any_two_swapped_entries_are_found(length in 2_u64..12, one in any::<prop::sample::Index>(), other in any::<prop::sample::Index>()) {
            let mut stored = chain(length);
            let (one, other) = (one.index(stored.len()), other.index(stored.len()));
            prop_assume!(one != other);
            stored.swap(one, other);
            prop_assert_eq!(verified(&stored, &[]), Err(Broken::Gap(one.min(other) as u64 + 1)));
            // Swapped with their seqs put right again, the hashes give them away.
            let (low, high) = (one.min(other), one.max(other));
            stored[low].0 = low as u64 + 1;
            stored[high].0 = high as u64 + 1;
            prop_assert_eq!(verified(&stored, &[]), Err(Broken::Altered(low as u64 + 1)));
        }
    }
}
