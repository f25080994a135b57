//! The report to the office: what the outbox, the ledger and the schedule say of the week behind and the one ahead.

use chrono::{Days, NaiveDate, NaiveTime};

use super::effects::Gathering;
use super::force::TaskForceError;
use crate::calendar;
use crate::conversation::PlannedSend;
use crate::digest::{self, Failure, Sent};
use crate::ledger::OwnDecisions;
use crate::plan::PersonId;
use crate::render;
use crate::schedule::Notice;
use crate::store::{OutboxState, Outcome, OutgoingKind};

/// Sends that are looked at to find those of the week ahead.
const MOST_SENDS: usize = 20;

impl Gathering<'_> {
    /// Tells every member of the office who can be reached of the week before the one that begins with `monday`.
    pub(super) async fn report_to_office(
        &mut self,
        notice: &Notice,
        monday: NaiveDate,
    ) -> Result<(), TaskForceError> {
        let message = {
            let (force, store) = (&*self.force, self.service.store());
            let mut own = OwnDecisions::default();
            let take = |entry| own.take(&force.frame, &entry);
            store.each_entry(&force.id, 0, force.head.seq, take).await?;
            let since = calendar::instant(monday - Days::new(7), NaiveTime::MIN);
            let outcomes = store.outcomes(&force.id, since).await?;
            let week = digest::week(&force.frame, &force.standing, own.found, monday);
            let pings = self.pings_before(monday);
            let ahead = self.sends_in_week(monday);
            let sent = sent(&outcomes);
            render::notice::report(&self.scene(), &week, &sent, &pings, &ahead)
        };
        self.give_to_office(notice, &message);
        Ok(())
    }

    /// Everybody who was pinged more than once in the week before.
    fn pings_before(&self, monday: NaiveDate) -> Vec<(PersonId, usize)> {
        let week = monday - Days::new(7)..monday;
        let counted = self.force.given.pings.iter().map(|(person, days)| {
            let count = days.iter().filter(|day| week.contains(day)).count();
            (person.clone(), count)
        });
        counted.filter(|(_, count)| *count > 1).collect()
    }

    fn sends_in_week(&self, monday: NaiveDate) -> Vec<PlannedSend> {
        let planned = self.force.planned_sends(self.now, MOST_SENDS);
        let this_week =
            |send: &PlannedSend| calendar::monday_of(calendar::date_of(send.at)) == monday;
        planned.into_iter().filter(this_week).collect()
    }
}

fn sent(outcomes: &[Outcome]) -> Sent {
    let mut sent = Sent::default();
    for outcome in outcomes {
        let left = match outcome.kind {
            OutgoingKind::Reminder => Some(&mut sent.reminders),
            OutgoingKind::Digest => Some(&mut sent.digests),
            OutgoingKind::Slip => Some(&mut sent.slips),
            OutgoingKind::Answer
            | OutgoingKind::Document
            | OutgoingKind::Status
            | OutgoingKind::Line => None,
        };
        match (outcome.state, left) {
            (OutboxState::Sent, Some(left)) => *left += outcome.rows,
            (OutboxState::Unknown, _) => sent.unknown += outcome.rows,
            (OutboxState::Dead, _) => {
                let why = failure(outcome.error.as_deref().unwrap_or_default());
                match sent.failed.iter_mut().find(|(known, _)| *known == why) {
                    Some((_, rows)) => *rows += outcome.rows,
                    None => sent.failed.push((why, outcome.rows)),
                }
            }
            (
                OutboxState::Sent
                | OutboxState::Waiting
                | OutboxState::Leased
                | OutboxState::Withdrawn,
                _,
            ) => {}
        }
    }
    sent.failed.sort_unstable();
    sent
}

/// What an error of a dead row comes to, by Telegram's words.
fn failure(error: &str) -> Failure {
    let error = error.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| error.contains(word));
    if says(&[
        "blocked",
        "deactivated",
        "initiate conversation",
        "chat not found",
    ]) {
        Failure::PersonGone
    } else if says(&["kicked", "not a member", "group chat was deleted"]) {
        Failure::GroupGone
    } else {
        Failure::Refused
    }
}
