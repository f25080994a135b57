//! The messages of a talk in the group, by name: so that a reply to one is known for what it is, and the card is found again.

use super::draft::{Home, Sitting};
use super::say::ReportSay;
use crate::plan::PersonId;

const CARD: &str = "card/";
const FIELD: &str = "field/";

/// A message of somebody's talk in the group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TalkMessage {
    /// Whose talk.
    pub person: PersonId,
    /// Whether it is the card, which shows whatever question is open; otherwise a reply field, which belongs to one item.
    pub is_card: bool,
}

impl TalkMessage {
    /// From the name of a message; none for other messages.
    pub fn named(name: &str) -> Option<Self> {
        let (rest, is_card) = match name.strip_prefix(CARD) {
            Some(rest) => (rest, true),
            None => (name.strip_prefix(FIELD)?, false),
        };
        let (person, _) = rest.rsplit_once('/')?;
        let person = PersonId::new(person);
        Some(Self { person, is_card })
    }
}

/// The name of the card that was sent with this stamp.
fn card(person: &PersonId, stamp: u32) -> String {
    format!("{CARD}{person}/{stamp}")
}

impl Sitting {
    /// The name of the card of a talk in the group whose message id is not known yet.
    pub fn card_name(&self, person: &PersonId) -> Option<String> {
        let unknown = self.home == Home::Group && self.card.is_none();
        self.sent_as
            .filter(|_| unknown)
            .map(|stamp| card(person, stamp))
    }
}

impl ReportSay {
    /// The name under which a message of a talk in the group is found again; none for other messages.
    pub fn talk_name(&self) -> Option<String> {
        match self {
            Self::Ask(asking) if asking.home == Home::Group => {
                Some(card(&asking.person, asking.stamp))
            }
            Self::ReplyField(field) => Some(format!("{FIELD}{}/{}", field.person, field.stamp)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_whose_talk_a_message_belongs_to() {
        let li = PersonId::new("li-junqing");
        let named = TalkMessage::named(&card(&li, 7));
        assert_eq!(
            named.map(|message| (message.person, message.is_card)),
            Some((li, true))
        );
        assert_eq!(TalkMessage::named("sitting-37"), None);
        assert_eq!(TalkMessage::named("card/"), None);
    }
}
