//! The fold: each entry changes the standing at a cost that does not grow with the chain.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::decided::Decision;
use super::entry::{Account, Act, LedgerEntry};
use super::evidence::{EvidenceKept, Fetched, FileRef};
use super::progress::{ProgressReport, Value};
use super::standing::{Binding, Filed, Group, Hint, Invite, Pause, Posted, Standing, TaskState};
use super::text::Text;
use crate::plan::{Hash, PersonId, TaskId};

impl Standing {
    /// The standing after all `entries`, which must start at seq 1.
    pub fn fold<'a>(entries: impl IntoIterator<Item = &'a LedgerEntry>) -> Self {
        let mut standing = Self::default();
        for entry in entries {
            standing.apply(entry);
        }
        standing
    }

    /// Takes in the next entry.
    #[expect(clippy::too_many_lines, reason = "one arm an act")]
    pub fn apply(&mut self, entry: &LedgerEntry) {
        self.seq = entry.seq;
        self.at = Some(entry.at);
        self.evidence.enlist(entry);
        match &entry.act {
            Act::Adopted { adoption } => self.adopt(*adoption, entry.at),
            Act::AdoptionOffered { adoption } => self.offered = Some(*adoption),
            Act::AdoptionDeclined { adoption } => self.decline(*adoption),
            Act::GroupBound { chat, thread } => self.bind_group(*chat, *thread),
            Act::GroupMigrated { from, to } => self.in_group(*from, |group| {
                group.chat = *to;
                group.usable = true;
            }),
            Act::GroupLost { chat } => self.in_group(*chat, |group| group.usable = false),
            Act::TopicLost { chat } => self.in_group(*chat, |group| group.thread = None),
            Act::Invited { .. } => self.invite(entry),
            Act::InviteWithdrawn { person } => drop(self.invites.remove(person)),
            Act::BindingRequested { person, account } => self.request_binding(person, account),
            Act::BindingDeclined { user_id, .. } => drop(self.binding_requests.remove(user_id)),
            Act::Bound {
                person, account, ..
            } => self.bind(person, account, entry.at),
            Act::Unbound { person, user_id } => self.unbind(person, *user_id),
            Act::OfficeGranted { person } => drop(self.office_granted.insert(person.clone())),
            Act::Reachable { person } => self.set_reachable(person, true),
            Act::Unreachable { person } => self.set_reachable(person, false),
            Act::WentLive => drop(self.live_since.get_or_insert(entry.at)),
            Act::Paused { reason, until } => self.pause(reason, *until, entry.at),
            Act::Resumed => self.resume(entry.at),
            Act::TermsSettled { .. } => self.settle(entry),
            Act::Answered(report) => self.answer(entry, report),
            Act::Snoozed { person, until_at } => {
                self.snoozed.insert(person.clone(), *until_at);
            }
            Act::FollowUp { task } => {
                let urged = (entry.seq, entry.at, entry.by.clone());
                self.task_mut(task).follow_ups.push(urged);
            }
            Act::Hinted { task, value, words } => self.hint(entry, task, *value, words.as_ref()),
            Act::Supplemented {
                task,
                unit,
                period,
                words,
            } => self.supplement(entry, (task, unit), period, words),
            Act::HintDecided { hint, taken } => self.decide_hint(*hint, *taken),
            Act::CoSigned(signed) => self.cosign(entry, signed),
            Act::MatterAnswered(answered) => self.answer_matter(entry, answered),
            Act::MatterSettled(settled) => self.settle_matter(entry, settled),
            Act::SlipDrafted(drafted) => self.draft_slip(entry, drafted),
            Act::SlipSent(sent) => self.send_slip(entry, sent),
            Act::SlipHeld(held) => self.hold_slip(entry, held),
            Act::SlipTold(told) => self.tell_slip(entry, told),
            Act::DueSet { task, due } => {
                self.task_mut(task).dues.push((entry.seq, entry.at, *due));
                self.overtake_request(entry, task);
            }
            Act::Ended { task, how } => {
                self.task_mut(task).ended = Some(how.clone());
                self.overtake_request(entry, task);
            }
            Act::DigestPosted { .. } => self.post_digest(entry),
            Act::DigestWithheld { number } => self.digests.retain(|made| made.number != *number),
            Act::DigestCorrected { number, .. } => self.correct_digest(*number, entry.seq),
            Act::WasDown { from_at, to_at } => self.downtimes.push((entry.seq, *from_at, *to_at)),
            Act::Closed { task } => self.close(entry, task),
            Act::Reopened { task, reason } => self.reopen(entry, task, reason),
            Act::ExtensionRequested { .. } => self.ask_extension(entry),
            Act::ClosureProposed { .. } => self.propose_closure(entry),
            Act::ExtensionGranted { task, due, .. } => self.grant(entry, task, *due),
            Act::ExtensionDeclined { task, reason, .. } => self.refuse(entry, task, reason, false),
            Act::Returned { task, reason, .. } => self.refuse(entry, task, reason, true),
            Act::RequestWithdrawn { task, .. } => self.withdraw_request(entry, task),
            Act::Frozen {
                task,
                until,
                reason,
            } => self.freeze(entry, task, *until, reason),
            Act::Unfrozen { task } => self.task_mut(task).frozen = None,
            Act::FinishAsked | Act::FinishDeclined | Act::Finished => self.finish(entry),
            Act::SecrecyShown { person } => drop(self.secrecy_shown.insert(person.clone())),
            Act::Assigned(item) => self.assign(entry, item),
            Act::Acknowledged { task } => self.acknowledge(entry, task),
            Act::AssignmentRevoked { task, reason } => self.revoke(entry, task, reason),
            Act::MeetingCalled(meeting) => self.call_meeting(entry, meeting),
            Act::MeetingEnded { .. } => self.end_meeting(entry),
            Act::ProjectAdded(project) => self.add_project(entry, project),
            Act::AwaySet(absence) => self.set_away(absence),
            Act::AwayEnded { person } => drop(self.people.absences.remove(person)),
            Act::LiaisonNamed(liaison) => self.name_liaison(entry, liaison),
            Act::LiaisonDecided { liaison, accepted } => {
                self.decide_liaison(entry, *liaison, *accepted);
            }
            Act::LiaisonEnded { person } => self.end_liaison(entry, person),
            Act::Replaced { person, successor } => self.replace(entry, person, successor),
            Act::UnitChanged(changed) => self.change_unit(entry, changed),
            Act::RosterUndone { change } => self.undo_roster_change(entry, *change),
            Act::ProjectMoved { task, to, next } => self.move_project(entry, task, *to, *next),
            Act::EvidenceKept(kept) => self.keep_evidence(entry, kept),
            Act::EvidenceNotKept(not) => {
                let (seq, index) = (not.seq, not.index);
                self.evidence
                    .note(entry, FileRef { seq, index }, Fetched::Not(not.why));
            }
            Act::Redacted(redacted) => self.redact(entry, redacted),
            Act::Restored(restored) => self.restore(entry, restored),
        }
        if let Some(decision) = Decision::of(&entry.act) {
            self.decided.insert(decision, (entry.at, entry.by.clone()));
        }
    }

    fn adopt(&mut self, adoption: Hash, at: DateTime<Utc>) {
        self.adoption = Some(adoption);
        self.adopted_at = Some(at);
        self.offered = None;
        self.declined.remove(&adoption);
    }

    /// The later act wins: an offer made after the one declined stays open.
    fn decline(&mut self, adoption: Hash) {
        self.offered = self.offered.filter(|offered| *offered != adoption);
        self.declined.insert(adoption);
    }

    fn bind_group(&mut self, chat: i64, thread: Option<i32>) {
        self.group = Some(Group {
            chat,
            thread,
            usable: true,
        });
    }

    fn in_group(&mut self, chat: i64, change: impl FnOnce(&mut Group)) {
        if let Some(group) = self.group.as_mut().filter(|group| group.chat == chat) {
            change(group);
        }
    }

    fn invite(&mut self, entry: &LedgerEntry) {
        let Act::Invited {
            person,
            code_sha256,
            expires_at,
        } = &entry.act
        else {
            return;
        };
        let invite = Invite {
            code_sha256: code_sha256.clone(),
            expires_at: *expires_at,
        };
        self.invites.insert(person.clone(), invite);
    }

    fn request_binding(&mut self, person: &PersonId, account: &Account) {
        let request = (person.clone(), account.clone());
        self.binding_requests.insert(account.user_id, request);
    }

    /// One account is one person, one person one account.
    fn bind(&mut self, person: &PersonId, account: &Account, at: DateTime<Utc>) {
        self.binding_requests.remove(&account.user_id);
        self.invites.remove(person);
        let ends = |(other, binding): &(&PersonId, &Binding)| {
            *other == person || binding.account.user_id == account.user_id
        };
        let ended = self.bindings.iter().filter(ends);
        let ended: Vec<(PersonId, i64)> = ended
            .map(|(other, binding)| (other.clone(), binding.account.user_id))
            .collect();
        for (other, user_id) in ended {
            self.unbind(&other, user_id);
        }
        let binding = Binding {
            account: account.clone(),
            since_at: at,
            reachable: false,
        };
        self.bindings.insert(person.clone(), binding);
        self.note_met(person);
        self.note_binding(person);
    }

    fn unbind(&mut self, person: &PersonId, user_id: i64) {
        let bound = self.bindings.get(person);
        if bound.is_some_and(|binding| binding.account.user_id == user_id) {
            self.bindings.remove(person);
            self.former_accounts.insert(person.clone(), user_id);
            self.note_binding(person);
        }
    }

    fn set_reachable(&mut self, person: &PersonId, reachable: bool) {
        if let Some(binding) = self.bindings.get_mut(person) {
            binding.reachable = reachable;
        }
    }

    fn pause(&mut self, reason: &Text, until: Option<NaiveDate>, at: DateTime<Utc>) {
        let since_at = self.pause.as_ref().map_or(at, |pause| pause.since_at);
        self.pause = Some(Pause {
            since_at,
            reason: reason.clone(),
            until,
        });
    }

    fn resume(&mut self, at: DateTime<Utc>) {
        if let Some(pause) = self.pause.take() {
            self.pauses.push((pause.since_at, at));
        }
    }

    fn answer(&mut self, entry: &LedgerEntry, report: &Arc<ProgressReport>) {
        self.follow_need(entry, report);
        let filed = Arc::new(Filed {
            seq: entry.seq,
            at: entry.at,
            by: entry.by.clone(),
            report: report.clone(),
        });
        self.task_mut(&report.task).reports.push(filed);
    }

    fn hint(&mut self, entry: &LedgerEntry, task: &TaskId, value: Value, words: Option<&Text>) {
        self.hinted.insert(entry.seq, task.clone());
        self.task_mut(task).hints.push(Hint {
            seq: entry.seq,
            at: entry.at,
            by: entry.by.clone(),
            value,
            words: words.cloned(),
            taken: None,
        });
    }

    fn decide_hint(&mut self, seq: u64, taken: bool) {
        let Some(state) = self
            .hinted
            .get(&seq)
            .and_then(|task| self.tasks.get_mut(task))
        else {
            return;
        };
        // Hints of a task stand in the order of their seq.
        if let Ok(at) = state.hints.binary_search_by_key(&seq, |hint| hint.seq) {
            state.hints[at].taken = Some(taken);
        }
    }

    fn post_digest(&mut self, entry: &LedgerEntry) {
        let Act::DigestPosted {
            number,
            cut_off_at,
            last_seq,
            adoption,
            late,
            text_sha256,
            ..
        } = &entry.act
        else {
            return;
        };
        self.digests.push(Posted {
            number: *number,
            seq: entry.seq,
            cut_off_at: *cut_off_at,
            last_seq: *last_seq,
            adoption: *adoption,
            late: *late,
            text_sha256: text_sha256.clone(),
            corrections: Vec::new(),
        });
    }

    fn correct_digest(&mut self, number: u32, seq: u64) {
        let posted = self.digests.iter_mut().rev();
        if let Some(digest) = posted.into_iter().find(|digest| digest.number == number) {
            digest.corrections.push(seq);
        }
    }

    fn keep_evidence(&mut self, entry: &LedgerEntry, kept: &EvidenceKept) {
        let EvidenceKept {
            seq,
            index,
            sha256,
            size,
        } = *kept;
        let fetched = Fetched::Kept { sha256, size };
        self.evidence.note(entry, FileRef { seq, index }, fetched);
    }

    pub(super) fn task_mut(&mut self, task: &TaskId) -> &mut TaskState {
        // Most entries are about tasks known already; their ids need not be copied.
        if !self.tasks.contains_key(task) {
            self.tasks.insert(task.clone(), TaskState::default());
        }
        self.tasks
            .get_mut(task)
            .expect("it was put there if it was missing")
    }
}
