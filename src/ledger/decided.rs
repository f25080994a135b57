//! Who decided last on what: so that the second of two deciders sees what the first one did.

use chrono::{DateTime, Utc};

use super::entry::{Act, Actor};
use crate::plan::{DoubtId, Hash, PersonId, TaskId};

/// Something people decide. Its last decision stands in [`super::Standing::decided`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decision {
    /// Whether an account is somebody: confirmed, declined or ended.
    Binding(i64),
    /// Which group it works in.
    Group,
    /// 正式启用.
    Live,
    /// Paused or resumed.
    Pause,
    /// An offered adoption: taken or refused.
    Adoption(Hash),
    /// An open point of the terms.
    Terms(DoubtId),
    /// Whether a task is closed.
    Closing(TaskId),
    /// The deadline the office set.
    Due(TaskId),
    /// What became of a request, by its seq.
    Request(u64),
    /// Whether a task is frozen (挂账).
    Freeze(TaskId),
    /// How a vanished task ended.
    End(TaskId),
    /// Whether a matter of coordination (its seq) is settled.
    Matter(u64),
    /// What becomes of a supervision slip (its seq).
    Slip(u64),
    /// Whether the work is finished.
    Finish,
    /// Whether an assigned item still stands.
    Assignment(TaskId),
    /// Whether a meeting is still to come.
    Meeting(u64),
    /// The stage of a project.
    Stage(TaskId),
    /// Whether somebody is away.
    Away(PersonId),
    /// Whether a person named becomes a liaison, by the naming's seq.
    Liaison(u64),
    /// Who comes after a person.
    Person(PersonId),
    /// Whether a change of the roster stands, by its seq.
    Roster(u64),
    /// Whether the words of an entry stand, by its seq.
    Redaction(u64),
    /// How a restored database goes on.
    Restoration,
}

/// When something was decided and by whom.
pub type Decided = (DateTime<Utc>, Actor);

impl Decision {
    /// What an act decides, if it is a decision.
    #[expect(clippy::too_many_lines, reason = "every act has its line")]
    pub fn of(act: &Act) -> Option<Self> {
        Some(match act {
            Act::Adopted { adoption } | Act::AdoptionDeclined { adoption } => {
                Self::Adoption(*adoption)
            }
            Act::GroupBound { .. } => Self::Group,
            Act::BindingDeclined { user_id, .. } | Act::Unbound { user_id, .. } => {
                Self::Binding(*user_id)
            }
            Act::Bound { account, .. } => Self::Binding(account.user_id),
            Act::WentLive => Self::Live,
            Act::Paused { .. } | Act::Resumed => Self::Pause,
            Act::TermsSettled {
                doubt: Some(doubt), ..
            } => Self::Terms(doubt.clone()),
            Act::Closed { task } | Act::Reopened { task, .. } => Self::Closing(task.clone()),
            Act::ExtensionGranted { request, .. }
            | Act::ExtensionDeclined { request, .. }
            | Act::Returned { request, .. }
            | Act::RequestWithdrawn { request, .. } => Self::Request(*request),
            Act::Frozen { task, .. } | Act::Unfrozen { task } => Self::Freeze(task.clone()),
            Act::DueSet { task, .. } => Self::Due(task.clone()),
            Act::Ended { task, .. } => Self::End(task.clone()),
            Act::MatterSettled(settled) => Self::Matter(settled.matter),
            Act::SlipSent(sent) => Self::Slip(sent.slip),
            Act::SlipHeld(held) => Self::Slip(held.slip),
            Act::SlipTold(told) => Self::Slip(told.slip),
            Act::FinishDeclined | Act::Finished => Self::Finish,
            Act::AssignmentRevoked { task, .. } => Self::Assignment(task.clone()),
            Act::MeetingEnded { meeting, .. } => Self::Meeting(*meeting),
            Act::ProjectMoved { task, .. } => Self::Stage(task.clone()),
            Act::AwaySet(absence) => Self::Away(absence.person.clone()),
            Act::AwayEnded { person } => Self::Away(person.clone()),
            Act::LiaisonDecided { liaison, .. } => Self::Liaison(*liaison),
            Act::LiaisonEnded { person } | Act::Replaced { person, .. } => {
                Self::Person(person.clone())
            }
            Act::RosterUndone { change } => Self::Roster(*change),
            Act::Redacted(redacted) => Self::Redaction(redacted.seq),
            Act::Restored(_) => Self::Restoration,
            Act::FinishAsked
            | Act::TermsSettled { doubt: None, .. }
            | Act::LiaisonNamed(_)
            | Act::UnitChanged(_)
            | Act::Assigned(_)
            | Act::Acknowledged { .. }
            | Act::MeetingCalled(_)
            | Act::ProjectAdded(_)
            | Act::AdoptionOffered { .. }
            | Act::GroupMigrated { .. }
            | Act::GroupLost { .. }
            | Act::TopicLost { .. }
            | Act::Invited { .. }
            | Act::InviteWithdrawn { .. }
            | Act::BindingRequested { .. }
            | Act::OfficeGranted { .. }
            | Act::Reachable { .. }
            | Act::Unreachable { .. }
            | Act::Answered(_)
            | Act::Snoozed { .. }
            | Act::FollowUp { .. }
            | Act::Hinted { .. }
            | Act::HintDecided { .. }
            | Act::Supplemented { .. }
            | Act::CoSigned(_)
            | Act::MatterAnswered(_)
            | Act::SlipDrafted(_)
            | Act::ExtensionRequested { .. }
            | Act::ClosureProposed { .. }
            | Act::DigestPosted { .. }
            | Act::DigestWithheld { .. }
            | Act::DigestCorrected { .. }
            | Act::WasDown { .. }
            | Act::EvidenceKept(_)
            | Act::EvidenceNotKept(_)
            | Act::SecrecyShown { .. } => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{ENTRY_VERSION, LedgerEntry, Standing};

    #[test]
    fn the_last_decision_on_a_thing_is_remembered_with_who_made_it() {
        let entry = |seq, by: &str, act| LedgerEntry {
            seq,
            at: DateTime::UNIX_EPOCH + chrono::TimeDelta::days(seq as i64),
            version: ENTRY_VERSION,
            by: Actor::Person(by.into()),
            act,
        };
        let declined = Act::BindingDeclined {
            person: "a".into(),
            user_id: 7,
        };
        let standing = Standing::fold(&[
            entry(1, "chief", Act::WentLive),
            entry(2, "staff", declined),
            entry(3, "staff", Act::Resumed),
        ]);
        let by = |decision| standing.decided.get(&decision).map(|(_, by)| by.clone());
        assert_eq!(by(Decision::Live), Some(Actor::Person("chief".into())));
        assert_eq!(
            by(Decision::Binding(7)),
            Some(Actor::Person("staff".into()))
        );
        assert_eq!(by(Decision::Group), None);
    }
}
