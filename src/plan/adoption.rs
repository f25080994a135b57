//! What one adoption (采用) fixes: the texts that results follow from, and their hash.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

use super::Settings;

/// The texts of one adoption, kept in the database for ever: the past is folded against them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdoptionText {
    /// The plan file as it was.
    pub plan: String,
    /// The settings that change results, every default spelled out ([`Settings::written`]); reads with
    /// [`Settings::read`]. A later program's defaults do not reach it, nor do the deployment's secrets.
    pub settings: String,
    /// Holiday tables (放假安排) as they were, by year.
    pub holidays: BTreeMap<i32, String>,
}

impl AdoptionText {
    /// The texts of an adoption of these.
    pub fn new(plan: String, settings: &Settings, holidays: BTreeMap<i32, String>) -> Self {
        Self {
            plan,
            settings: settings.written(),
            holidays,
        }
    }

    /// The bytes that are stored and hashed: JSON with fields in their order and years ascending.
    pub fn bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("texts and integer keys always serialise")
    }

    /// SHA-256 of [`Self::bytes`], by which a ledger entry names the adoption.
    pub fn hash(&self) -> Hash {
        Hash::of(&self.bytes())
    }
}

/// A SHA-256, shown as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// The hash of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

/// The text is not 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a hash is 64 hexadecimal digits")]
pub struct NotAHash;

impl FromStr for Hash {
    type Err = NotAHash;

    fn from_str(text: &str) -> Result<Self, NotAHash> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| NotAHash)?;
        Ok(Self(bytes))
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text() -> AdoptionText {
        let holidays = BTreeMap::from([(2027, "二".to_owned()), (2026, "一".to_owned())]);
        AdoptionText {
            plan: "plan\n".to_owned(),
            settings: "slot = \"09:00\"\n".to_owned(),
            holidays,
        }
    }

    #[test]
    fn an_adoption_has_the_same_bytes_and_hash_for_ever() {
        let json = r#"{"plan":"plan\n","settings":"slot = \"09:00\"\n","holidays":{"2026":"一","2027":"二"}}"#;
        assert_eq!(text().bytes(), json.as_bytes());
        assert_eq!(serde_json::from_str::<AdoptionText>(json).unwrap(), text());
        let hash = "6c911c3467da2a8e71657474413919fe9d3ad58020155c5435e70052388eabcd";
        assert_eq!(text().hash().to_string(), hash);
    }

    #[test]
    fn any_change_of_a_text_is_another_adoption() {
        let other = AdoptionText {
            holidays: BTreeMap::new(),
            ..text()
        };
        assert_ne!(other.hash(), text().hash());
    }

    #[test]
    fn an_adoption_spells_its_settings_out() {
        let adoption = AdoptionText::new(String::new(), &Settings::default(), BTreeMap::new());
        assert_eq!(
            Settings::read(&adoption.settings, "adopted"),
            Ok(Settings::default())
        );
        assert!(adoption.settings.contains("days_before = [30, 7, 3, 1, 0]"));
    }

    #[test]
    fn a_hash_is_read_back_from_its_digits() {
        let hash = Hash::of(b"");
        assert_eq!(
            hash.to_string(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        assert_eq!(hash.to_string().parse(), Ok(hash));
        assert_eq!(
            serde_json::from_str::<Hash>(&serde_json::to_string(&hash).unwrap()).unwrap(),
            hash
        );
        assert_eq!("e3b0".parse::<Hash>(), Err(NotAHash));
        assert_eq!("zz".repeat(32).parse::<Hash>(), Err(NotAHash));
    }
}
