//! Who may enter what: no entry by somebody without the right, told apart from how the conversation asks for it.

use super::{Held, Laws, must};
use crate::ledger::{Act, Actor, BindingWay, Frame, LedgerEntry, Standing};
use crate::plan::{Access, PersonId, Right, may};

const LAW: &str = "no entry by someone without the right";

impl Laws {
    pub(super) fn hold_entry(&self, entry: &LedgerEntry) -> Held {
        if let Some(before) = self.before_they_ended(entry) {
            return hold_entry(self.frame().as_deref(), &before, entry);
        }
        hold_entry(self.frame().as_deref(), &self.standing, entry)
    }

    /// The standing before somebody ended their own account in the same moment: who names a successor for themselves, say.
    fn before_they_ended(&self, entry: &LedgerEntry) -> Option<Standing> {
        let Actor::Person(person) = &entry.by else {
            return None;
        };
        let same = self.entries.iter().enumerate().rev();
        let mut same = same.take_while(|(_, known)| known.at == entry.at && known.by == entry.by);
        let ended = same.find(|(_, known)| {
            matches!(&known.act, Act::Unbound { person: ended, .. } if ended == person)
        });
        ended.map(|(place, _)| Standing::fold(&self.entries[..place]))
    }
}

/// Whether an entry may stand behind this standing, under this plan; none before the first adoption.
///
/// # Errors
/// Whoever entered it has no right to it.
pub fn hold_entry(frame: Option<&Frame>, standing: &Standing, entry: &LedgerEntry) -> Held {
    let refuse = |why: &str| must(false, LAW, || format!("{why}: {entry:?}"));
    let person = match &entry.by {
        Actor::Person(person) => person,
        Actor::Bot if may_bot(&entry.act) => return Ok(()),
        Actor::Host => return Ok(()),
        Actor::Stranger(user_id) if may_stranger(standing, entry, *user_id) => return Ok(()),
        Actor::Bot | Actor::Stranger(_) => return refuse("by its own"),
    };
    // Before the first adoption there is nobody.
    let Some(frame) = frame else {
        return refuse("before the plan");
    };
    let is_theirs = matches!(&entry.act, Act::Bound { person: bound, .. } if bound == person);
    if !standing.bindings.contains_key(person) && !is_theirs {
        return refuse("by nobody's account");
    }
    let granted: Vec<PersonId> = standing.office_granted.iter().cloned().collect();
    let allowed = |right: &Right| may(&frame.plan, person, &granted, right) == Access::Allowed;
    let needed = needed(&entry.act);
    let is_own = takes_back_their_own(frame, standing, person, &entry.act);
    if !needed.is_empty() && !needed.iter().any(allowed) && !is_own {
        return refuse("without the right");
    }
    let Act::Answered(report) = &entry.act else {
        return Ok(());
    };
    // A report is of whoever may file the task, of the office in their place, or of who acts for its unit.
    let today = crate::calendar::date_of(entry.at);
    let Some(view) = frame.task_view(standing, &report.task, today) else {
        return refuse("of no task");
    };
    let rights = [Right::File(view.filing_unit.clone()), Right::FileOnBehalf];
    let own = view.task.filer.as_ref() == Some(person);
    match own || rights.iter().any(allowed) {
        true => Ok(()),
        false => refuse("report"),
    }
}

/// The member for whom a liaison was named, or who came after them, may take that back as long as nobody has decided on it.
fn takes_back_their_own(frame: &Frame, standing: &Standing, person: &PersonId, act: &Act) -> bool {
    let Act::LiaisonDecided {
        liaison,
        accepted: false,
    } = act
    else {
        return false;
    };
    let named = standing.people.liaisons_named.get(liaison);
    named.is_some_and(|named| frame.plan.current_person(&named.liaison.member) == person)
}

/// Somebody bound to nobody may ask in their own account's name, and use a link that lives.
fn may_stranger(standing: &Standing, entry: &LedgerEntry, user_id: i64) -> bool {
    match &entry.act {
        Act::BindingRequested { account, .. } => account.user_id == user_id,
        Act::Bound {
            person,
            account,
            way: BindingWay::Link,
        } => {
            let invite = standing.invites.get(person);
            account.user_id == user_id && invite.is_some_and(|invite| entry.at <= invite.expires_at)
        }
        // A link to somebody whom the office confirms is spent by asking.
        Act::InviteWithdrawn { person } => {
            let invite = standing.invites.get(person);
            invite.is_some_and(|invite| entry.at <= invite.expires_at)
        }
        _ => false,
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    use crate::ledger::Account;
    use crate::ledger::testing::{Story, liaison, rushan};

    #[test]
    fn only_the_member_a_liaison_was_named_for_takes_that_back_without_the_offices_right() {
        let mut story = Story::live(rushan());
        for (user_id, person) in [(1, "li-junqing"), (2, "lian-xiaohua")] {
            story.act(Act::Bound {
                person: person.into(),
                account: Account {
                    user_id,
                    name: person.to_owned(),
                    username: None,
                },
                way: BindingWay::Link,
            });
        }
        let liaison = story.by("li-junqing", liaison("li-junqing"));
        let before = story.standing();
        let frame = Arc::new(story.frame.clone()).amended(&before);
        let mut held = |person: &str, accepted| {
            story.by(person, Act::LiaisonDecided { liaison, accepted });
            hold_entry(Some(&frame), &before, story.entries.last().expect("one"))
        };
        assert_eq!(held("li-junqing", false), Ok(()));
        assert!(held("li-junqing", true).is_err());
        assert!(held("lian-xiaohua", false).is_err());
    }
}
