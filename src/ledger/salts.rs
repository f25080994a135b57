//! Salts and codes drawn in a fixed order from the randomness of one event.

use sha2::{Digest, Sha256};

/// A stream of salts and codes; the same seed gives the same stream.
#[derive(Debug)]
pub struct Salts {
    seed: [u8; 32],
    drawn: u64,
}

impl Salts {
    /// A stream from the randomness of one event.
    pub fn new(seed: [u8; 32]) -> Self {
        Self { seed, drawn: 0 }
    }

    /// A salt for a [`super::Text`].
    pub fn salt(&mut self) -> [u8; 16] {
        let mut salt = [0; 16];
        salt.copy_from_slice(&self.draw()[..16]);
        salt
    }

    /// A code for a deep link: 128 bits as 32 hex digits, which `?start=` takes as they are.
    pub fn code(&mut self) -> String {
        hex::encode(&self.draw()[..16])
    }

    fn draw(&mut self) -> [u8; 32] {
        self.drawn += 1;
        Sha256::new()
            .chain_update(self.seed)
            .chain_update(self.drawn.to_le_bytes())
            .finalize()
            .into()
    }
}

/// Hex SHA-256 of a code: what is stored in its place.
pub fn code_sha256(code: &str) -> String {
    hex::encode(Sha256::digest(code))
}
