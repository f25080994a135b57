//! The end of the work: asked for, refused or taken back, confirmed.

use super::entry::{Act, Actor, LedgerEntry};
use super::standing::Standing;

impl Standing {
    /// What waits for the deputy leader, and what is over.
    pub(super) fn finish(&mut self, entry: &LedgerEntry) {
        self.finish_asked = match (&entry.act, &entry.by) {
            (Act::FinishAsked, Actor::Person(person)) => Some((entry.seq, person.clone())),
            _ => None,
        };
        if entry.act == Act::Finished {
            self.finished = Some((entry.at, entry.by.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::testing::{Story, rushan};

    #[test]
    fn a_request_waits_until_it_is_decided_and_the_end_stops_all_sending() {
        let mut story = Story::live(rushan());
        let seq = story.by("luan-pin", Act::FinishAsked);
        let asked = |story: &Story<'_>| story.standing().finish_asked;
        assert_eq!(asked(&story), Some((seq, "luan-pin".into())));
        story.by("zhang-xinlong", Act::FinishDeclined);
        assert_eq!(asked(&story), None);
        assert!(story.standing().may_send_unasked());
        story.by("luan-pin", Act::FinishAsked);
        story.by("zhang-xinlong", Act::Finished);
        let standing = story.standing();
        assert_eq!(standing.finish_asked, None);
        assert!(standing.finished.is_some() && !standing.may_send_unasked());
    }
}
