//! The chain: each entry's hash covers the one before it, its seq and its JSON.

use super::entry::LedgerEntry;

/// Head of a chain: the last entry's seq and hash. Seq 0 and zeros before the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Head {
    /// Seq of the last entry.
    pub seq: u64,
    /// Its SHA-256.
    pub hash: [u8; 32],
}

/// The first thing found wrong with a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broken {
    /// The entry at this seq is missing or out of order.
    Gap(u64),
    /// The entry at this seq does not hash to what is stored.
    Altered(u64),
    /// The entry at this seq cannot be read.
    Unreadable(u64),
    /// A digest printed a head that the chain does not hold: (seq, printed first 12 hex digits).
    HeadDiffers(u64, String),
    /// The chain is shorter than a head known from elsewhere.
    TailMissing(u64),
}

impl Head {
    /// The head after `body`, the JSON of the next entry.
    pub fn next(&self, body: &str) -> Head {
        let _ = body;
        unimplemented!()
    }

    /// The first 12 hex digits, as printed under a digest.
    pub fn printed(&self) -> String {
        hex::encode(&self.hash[..6])
    }
}

/// Canonical JSON of an entry, as stored and hashed.
pub fn canonical(entry: &LedgerEntry) -> String {
    serde_json::to_string(entry).expect("an entry holds only maps with text keys")
}

/// Walks stored entries (seq, JSON, hash) from 1 and holds them against the heads in `printed` (seq, 12 hex digits).
pub fn verify<'a>(
    stored: impl IntoIterator<Item = (u64, &'a str, [u8; 32])>,
    printed: &[(u64, String)],
) -> Result<Head, Broken> {
    let _ = (stored, printed);
    unimplemented!()
}
