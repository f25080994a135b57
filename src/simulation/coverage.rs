//! What occurred in a story: the acts of its ledger and the commands people gave.

use std::collections::BTreeMap;

use crate::conversation::command;
use crate::ledger::Act;

/// How often each act was entered and each command given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// By the act's name.
    pub acts: BTreeMap<&'static str, u64>,
    /// By the command's name without the slash.
    pub commands: BTreeMap<String, u64>,
}

/// Every act there is.
pub const ACTS: [&str; 72] = [
    "adopted",
    "adoption_offered",
    "adoption_declined",
    "group_bound",
    "group_migrated",
    "group_lost",
    "topic_lost",
    "invited",
    "invite_withdrawn",
    "binding_requested",
    "binding_declined",
    "bound",
    "unbound",
    "office_granted",
    "reachable",
    "unreachable",
    "went_live",
    "paused",
    "resumed",
    "terms_settled",
    "answered",
    "snoozed",
    "follow_up",
    "hinted",
    "supplemented",
    "hint_decided",
    "co_signed",
    "matter_answered",
    "matter_settled",
    "slip_drafted",
    "slip_sent",
    "slip_held",
    "slip_told",
    "closed",
    "due_set",
    "extension_requested",
    "extension_granted",
    "extension_declined",
    "closure_proposed",
    "returned",
    "request_withdrawn",
    "reopened",
    "frozen",
    "unfrozen",
    "ended",
    "digest_posted",
    "digest_withheld",
    "digest_corrected",
    "was_down",
    "finish_asked",
    "finish_declined",
    "finished",
    "secrecy_shown",
    "assigned",
    "acknowledged",
    "assignment_revoked",
    "meeting_called",
    "meeting_ended",
    "project_added",
    "project_moved",
    "away_set",
    "away_ended",
    "liaison_named",
    "liaison_decided",
    "liaison_ended",
    "replaced",
    "unit_changed",
    "roster_undone",
    "evidence_kept",
    "evidence_not_kept",
    "redacted",
    "restored",
];

/// Acts that no story holds, and why.
pub const NOT_TOLD: [(&str, &str); 5] = [
    (
        "restored",
        "the host puts a backup back at the command line",
    ),
    ("office_granted", "the host grants it at the command line"),
    ("topic_lost", "the group of a story has no topics"),
    (
        "evidence_kept",
        "files are fetched by the system's threads, whose order no seed decides",
    ),
    (
        "evidence_not_kept",
        "files are fetched by the system's threads, whose order no seed decides",
    ),
];

impl Coverage {
    /// Counts an act.
    pub fn count(&mut self, act: &Act) {
        *self.acts.entry(name(act)).or_default() += 1;
    }

    /// Counts a command, if the words are one.
    pub fn count_words(&mut self, words: &str) {
        let command = words
            .strip_prefix('/')
            .and_then(|rest| rest.split_whitespace().next());
        if let Some(command) = command {
            *self.commands.entry(command.to_owned()).or_default() += 1;
        }
    }

    /// Adds what another story held.
    pub fn add(&mut self, other: &Self) {
        for (act, times) in &other.acts {
            *self.acts.entry(act).or_default() += times;
        }
        for (command, times) in &other.commands {
            *self.commands.entry(command.clone()).or_default() += times;
        }
    }

    /// Acts with how often they occurred, the rarest first.
    pub fn counted_acts(&self) -> Vec<(&str, u64)> {
        let acts = self.acts.iter().map(|(act, times)| (*act, *times));
        rarest_first(acts.collect())
    }

    /// Commands with how often they were given, the rarest first; what is no command of ours is left out.
    pub fn counted_commands(&self) -> Vec<(&str, u64)> {
        let known = |name: &str| command::ALL.iter().any(|known| known.name() == name);
        let commands = self.commands.iter();
        let commands = commands.map(|(command, times)| (command.as_str(), *times));
        rarest_first(commands.filter(|(command, _)| known(command)).collect())
    }

    /// Acts that did not occur.
    pub fn missing(&self) -> Vec<&'static str> {
        let told = |act: &&&str| !self.acts.contains_key(**act);
        ACTS.iter().filter(told).copied().collect()
    }
}

fn rarest_first(mut counts: Vec<(&str, u64)>) -> Vec<(&str, u64)> {
    counts.sort_by_key(|(name, times)| (*times, *name));
    counts
}

fn name(act: &Act) -> &'static str {
    match act {
        Act::Adopted { .. } => "adopted",
        Act::AdoptionOffered { .. } => "adoption_offered",
        Act::AdoptionDeclined { .. } => "adoption_declined",
        Act::GroupBound { .. } => "group_bound",
        Act::GroupMigrated { .. } => "group_migrated",
        Act::GroupLost { .. } => "group_lost",
        Act::TopicLost { .. } => "topic_lost",
        Act::Invited { .. } => "invited",
        Act::InviteWithdrawn { .. } => "invite_withdrawn",
        Act::BindingRequested { .. } => "binding_requested",
        Act::BindingDeclined { .. } => "binding_declined",
        Act::Bound { .. } => "bound",
        Act::Unbound { .. } => "unbound",
        Act::OfficeGranted { .. } => "office_granted",
        Act::Reachable { .. } => "reachable",
        Act::Unreachable { .. } => "unreachable",
        Act::WentLive => "went_live",
        Act::Paused { .. } => "paused",
        Act::Resumed => "resumed",
        Act::TermsSettled { .. } => "terms_settled",
        Act::Answered(_) => "answered",
        Act::Snoozed { .. } => "snoozed",
        Act::FollowUp { .. } => "follow_up",
        Act::Hinted { .. } => "hinted",
        Act::Supplemented { .. } => "supplemented",
        Act::HintDecided { .. } => "hint_decided",
        Act::CoSigned(_) => "co_signed",
        Act::MatterAnswered(_) => "matter_answered",
        Act::MatterSettled(_) => "matter_settled",
        Act::SlipDrafted(_) => "slip_drafted",
        Act::SlipSent(_) => "slip_sent",
        Act::SlipHeld(_) => "slip_held",
        Act::SlipTold(_) => "slip_told",
        Act::Closed { .. } => "closed",
        Act::DueSet { .. } => "due_set",
        Act::ExtensionRequested { .. } => "extension_requested",
        Act::ExtensionGranted { .. } => "extension_granted",
        Act::ExtensionDeclined { .. } => "extension_declined",
        Act::ClosureProposed { .. } => "closure_proposed",
        Act::Returned { .. } => "returned",
        Act::RequestWithdrawn { .. } => "request_withdrawn",
        Act::Reopened { .. } => "reopened",
        Act::Frozen { .. } => "frozen",
        Act::Unfrozen { .. } => "unfrozen",
        Act::Ended { .. } => "ended",
        Act::DigestPosted { .. } => "digest_posted",
        Act::DigestWithheld { .. } => "digest_withheld",
        Act::DigestCorrected { .. } => "digest_corrected",
        Act::WasDown { .. } => "was_down",
        Act::FinishAsked => "finish_asked",
        Act::FinishDeclined => "finish_declined",
        Act::Finished => "finished",
        Act::SecrecyShown { .. } => "secrecy_shown",
        Act::Assigned(_) => "assigned",
        Act::Acknowledged { .. } => "acknowledged",
        Act::AssignmentRevoked { .. } => "assignment_revoked",
        Act::MeetingCalled(_) => "meeting_called",
        Act::MeetingEnded { .. } => "meeting_ended",
        Act::ProjectAdded(_) => "project_added",
        Act::ProjectMoved { .. } => "project_moved",
        Act::AwaySet(_) => "away_set",
        Act::AwayEnded { .. } => "away_ended",
        Act::LiaisonNamed(_) => "liaison_named",
        Act::LiaisonDecided { .. } => "liaison_decided",
        Act::LiaisonEnded { .. } => "liaison_ended",
        Act::Replaced { .. } => "replaced",
        Act::UnitChanged(_) => "unit_changed",
        Act::RosterUndone { .. } => "roster_undone",
        Act::EvidenceKept(_) => "evidence_kept",
        Act::EvidenceNotKept(_) => "evidence_not_kept",
        Act::Redacted(_) => "redacted",
        Act::Restored(_) => "restored",
    }
}
