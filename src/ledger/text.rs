//! Free text apart from the chain: the chain holds a salted SHA-256, so a text can be blanked and the chain still verifies.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Words of a person. Serialised as `{salt-less digest}` only; the body lives beside the chain and may be redacted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// Hex SHA-256 over salt and body.
    sha256: String,
    #[serde(skip)]
    salt: [u8; 16],
    #[serde(skip)]
    body: Option<String>,
}

impl Text {
    /// A new text with a random salt.
    pub fn new(body: impl Into<String>, salt: [u8; 16]) -> Self {
        let body = body.into();
        Self {
            sha256: Self::digest(&salt, &body),
            salt,
            body: Some(body),
        }
    }

    /// The words; none when they were redacted (or not loaded).
    pub fn body(&self) -> Option<&str> {
        self.body.as_deref()
    }

    /// Hex SHA-256 over salt and body: the key it is stored under.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Salt, to be stored beside the body.
    pub fn salt(&self) -> [u8; 16] {
        self.salt
    }

    /// Puts a stored body back. Returns false, and changes nothing, when it does not match the digest.
    pub fn restore(&mut self, salt: [u8; 16], body: String) -> bool {
        if Self::digest(&salt, &body) != self.sha256 {
            return false;
        }
        self.salt = salt;
        self.body = Some(body);
        true
    }

    fn digest(salt: &[u8; 16], body: &str) -> String {
        hex::encode(
            Sha256::new()
                .chain_update(salt)
                .chain_update(body)
                .finalize(),
        )
    }
}
