//! Who may enter what: no entry by somebody without the right, told apart from how the conversation asks for it.

use super::{Held, Laws, must};
use crate::ledger::{Act, Actor, LedgerEntry};
use crate::plan::{Access, PersonId, Right, may};

const LAW: &str = "no entry by someone without the right";

impl Laws {
    pub(super) fn hold_entry(&self, entry: &LedgerEntry) -> Held {
        let refuse = |why: &str| must(false, LAW, || format!("{why}: {entry:?}"));
        let person = match &entry.by {
            Actor::Person(person) => person,
            Actor::Bot if may_bot(&entry.act) => return Ok(()),
            Actor::Host => return Ok(()),
            Actor::Stranger(_) if matches!(entry.act, Act::BindingRequested { .. }) => {
                return Ok(());
            }
            Actor::Bot | Actor::Stranger(_) => return refuse("by its own"),
        };
        // Before the first adoption there is nobody.
        let Some(frame) = self.frame() else {
            return refuse("before the plan");
        };
        let is_theirs = matches!(&entry.act, Act::Bound { person: bound, .. } if bound == person);
        if !self.standing.bindings.contains_key(person) && !is_theirs {
            return refuse("by nobody's account");
        }
        // Whoever named a liaison may take that back.
        if let Act::LiaisonDecided { liaison, accepted } = &entry.act
            && !accepted
            && self
                .entries
                .iter()
                .any(|named| named.seq == *liaison && named.by == entry.by)
        {
            return Ok(());
        }
        let granted: Vec<PersonId> = self.standing.office_granted.iter().cloned().collect();
        let allowed = |right: &Right| may(&frame.plan, person, &granted, right) == Access::Allowed;
        let needed = needed(&entry.act);
        if needed.is_empty() || needed.iter().any(allowed) {
            return self.hold_report(entry, person);
        }
        refuse("without the right")
    }

    /// A report is of whoever may file the task, of the office in their place, or of who acts for its unit.
    fn hold_report(&self, entry: &LedgerEntry, person: &PersonId) -> Held {
        let Act::Answered(report) = &entry.act else {
            return Ok(());
        };
        let Some(frame) = self.frame() else {
            return Ok(());
        };
        let today = crate::calendar::date_of(entry.at);
        let Some(view) = frame.task_view(&self.standing, &report.task, today) else {
            return must(false, LAW, || format!("of no task: {entry:?}"));
        };
        let granted: Vec<PersonId> = self.standing.office_granted.iter().cloned().collect();
        let rights = [Right::File(view.filing_unit.clone()), Right::FileOnBehalf];
        let own = view.task.filer.as_ref() == Some(person);
        let allowed = rights
            .iter()
            .any(|right| may(&frame.plan, person, &granted, right) == Access::Allowed);
        must(own || allowed, LAW, || format!("report: {entry:?}"))
    }
}

/// What the program enters by rule.
fn may_bot(act: &Act) -> bool {
    matches!(
        act,
        Act::GroupMigrated { .. }
            | Act::GroupLost { .. }
            | Act::GroupBound { .. }
            | Act::TopicLost { .. }
            | Act::Reachable { .. }
            | Act::Unreachable { .. }
            | Act::Resumed
            | Act::WasDown { .. }
            | Act::DigestPosted { .. }
            | Act::DigestWithheld { .. }
            | Act::SlipDrafted(_)
            | Act::SlipTold(_)
            | Act::SlipHeld(_)
            | Act::SecrecyShown { .. }
            | Act::LiaisonEnded { .. }
            | Act::RequestWithdrawn { .. }
            | Act::MeetingEnded { .. }
    )
}

/// Any one of these rights is enough; of what needs none, none.
fn needed(act: &Act) -> &'static [Right] {
    match act {
        Act::Adopted { .. } | Act::AdoptionDeclined { .. } | Act::Ended { .. } => &[Right::Adopt],
        Act::GroupBound { .. } => &[Right::BindGroup],
        Act::Invited { .. } | Act::InviteWithdrawn { .. } => &[
            Right::Invite,
            Right::Rebind,
            Right::NameLiaison,
            Right::Replace,
        ],
        Act::BindingDeclined { .. } => &[Right::ConfirmBinding],
        Act::WentLive => &[Right::GoLive],
        Act::Paused { .. } | Act::Resumed => &[Right::Pause],
        Act::TermsSettled { .. } => &[Right::SettleTerms],
        Act::FollowUp { .. } => &[Right::FollowUp],
        Act::Closed { .. }
        | Act::ExtensionGranted { .. }
        | Act::ExtensionDeclined { .. }
        | Act::Returned { .. }
        | Act::Reopened { .. }
        | Act::Frozen { .. }
        | Act::Unfrozen { .. }
        | Act::DueSet { .. } => &[Right::Decide, Right::DecideAgain],
        Act::SlipDrafted(_) | Act::SlipSent(_) | Act::SlipHeld(_) | Act::SlipTold(_) => {
            &[Right::DecideSlips]
        }
        Act::DigestCorrected { .. } => &[Right::FixDigest],
        Act::FinishAsked | Act::FinishDeclined | Act::Finished => &[Right::Finish],
        Act::Assigned(_)
        | Act::AssignmentRevoked { .. }
        | Act::MeetingCalled(_)
        | Act::MeetingEnded { .. }
        | Act::ProjectAdded(_)
        | Act::ProjectMoved { .. } => &[Right::Assign],
        Act::LiaisonNamed(_) => &[Right::NameLiaison],
        Act::LiaisonDecided { .. } | Act::Replaced { .. } => &[Right::Replace],
        Act::Redacted(_) => &[Right::Redact],
        Act::Restored(_) => &[Right::Restore],
        Act::UnitChanged(_) => &[Right::ChangeUnits],
        Act::RosterUndone { .. } => &[Right::Replace, Right::ChangeUnits],
        Act::AwaySet(_) | Act::AwayEnded { .. } => &[Right::SetAway, Right::SetOthersAway],
        Act::AdoptionOffered { .. }
        | Act::GroupMigrated { .. }
        | Act::GroupLost { .. }
        | Act::TopicLost { .. }
        | Act::BindingRequested { .. }
        | Act::Bound { .. }
        | Act::Unbound { .. }
        | Act::OfficeGranted { .. }
        | Act::Reachable { .. }
        | Act::Unreachable { .. }
        | Act::Answered(_)
        | Act::Snoozed { .. }
        | Act::Hinted { .. }
        | Act::Supplemented { .. }
        | Act::HintDecided { .. }
        | Act::CoSigned(_)
        | Act::MatterAnswered(_)
        | Act::MatterSettled(_)
        | Act::ExtensionRequested { .. }
        | Act::ClosureProposed { .. }
        | Act::RequestWithdrawn { .. }
        | Act::DigestPosted { .. }
        | Act::DigestWithheld { .. }
        | Act::WasDown { .. }
        | Act::SecrecyShown { .. }
        | Act::Acknowledged { .. }
        | Act::LiaisonEnded { .. }
        | Act::EvidenceKept(_)
        | Act::EvidenceNotKept(_) => &[],
    }
}
