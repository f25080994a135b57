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

/// What an act is called where it is written.
fn name(act: &Act) -> &'static str {
    let written = serde_json::to_value(act).expect("an act is JSON");
    let named = written.get("act").and_then(serde_json::Value::as_str);
    let mut acts = ACTS.into_iter();
    acts.find(|act| named == Some(*act))
        .expect("every act is listed above")
}
