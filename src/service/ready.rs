//! A row is about to leave: is it still true and allowed, and what becomes of it if not.

use chrono::Duration;

use super::effects::{Gathering, Occasion};
use super::recipients::may_have;
use super::replacement::{after_move, list_waiting, parts_of, replaced, waiting_on};
use super::{COMMIT_ATTEMPTS, Call, Force, Service, ServiceError};
use crate::ledger::{Act, Actor};
use crate::plan::{PersonId, TaskForceId};
use crate::render;
use crate::schedule::{self, Notice, NoticeKey, NoticeKind, NoticeTo};
use crate::store::{Changes, CommitError, NewOutgoing, OutboxRow, Settled};

/// What a claimed row is now.
#[derive(Debug)]
pub enum Ready {
    /// Leaves with this call.
    Go(Call),
    /// Is settled without leaving.
    Settle(Settled),
    /// Did not leave, and was settled together with what followed from that.
    Done,
}

impl Service {
    /// Asks, just before a row leaves, whether it is still true and allowed; renders what is rendered last.
    pub async fn ready(&self, row: &OutboxRow) -> Result<Ready, ServiceError> {
        for _ in 0..COMMIT_ATTEMPTS {
            match self.ready_once(row).await {
                Err(ServiceError::Commit(CommitError::HeadMoved)) => {}
                other => return other,
            }
        }
        Ok(Ready::Settle(Settled::Again {
            not_before: self.now() + Duration::seconds(1),
            error: "other writers kept moving the ledger's head".into(),
        }))
    }

    async fn ready_once(&self, row: &OutboxRow) -> Result<Ready, ServiceError> {
        let call: Call = match serde_json::from_str(&row.message.body) {
            Ok(call) => call,
            Err(error) => {
                return Ok(Ready::Settle(Settled::Dead {
                    error: format!("the row's body does not read: {error}"),
                }));
            }
        };
        // A group that was bound meanwhile is never left.
        if call == Call::Leave && self.is_bound(row.message.chat).await? {
            let reason = "the group was bound".to_owned();
            return Ok(Ready::Settle(Settled::Withdrawn { reason }));
        }
        let Some(id) = row.task_force.clone() else {
            return Ok(Ready::Go(call));
        };
        if self.is_vouched_for(&id, row, &call).await? {
            return Ok(Ready::Go(call));
        }
        let Some(mut force) = self.fresh_force(&id).await? else {
            return Ok(Ready::Go(call));
        };
        // It may have been sent after the copy was made.
        if let Some(gap) = force.restoring.filter(|gap| row.created_at < gap.to_at) {
            return Ok(Ready::Settle(Settled::Again {
                not_before: self.now() + Duration::minutes(1),
                error: format!("restored on {}, not decided", gap.to_at),
            }));
        }
        if let Some(moved) = after_move(row, force.standing.group.as_ref()) {
            return Ok(Ready::Settle(Settled::Replaced {
                with: Box::new(moved),
            }));
        }
        if let Call::File(recipe) = &call
            && !may_have(&force, row.message.chat, recipe)
        {
            let reason = "the right to it ended".to_owned();
            return Ok(Ready::Settle(Settled::Withdrawn { reason }));
        }
        if call == Call::Status && force.standing.finished.is_some() {
            return Ok(Ready::Settle(Settled::Withdrawn {
                reason: "the work is finished".into(),
            }));
        }
        if call == Call::Status {
            return self.ready_status(row, &id, &mut force).await;
        }
        match notice_of(row) {
            Some(notice) => self.ready_notice(row, call, notice, &mut force).await,
            None => Ok(self.ready_line(row, call, &force)),
        }
    }

    /// A notice leaves as long as it is true and allowed; a smaller one takes its place, and what is over is withdrawn.
    async fn ready_notice(
        &self,
        row: &OutboxRow,
        call: Call,
        notice: Notice,
        force: &mut Force,
    ) -> Result<Ready, ServiceError> {
        // The office asked for what nobody knew the outcome of to be sent again: that is no longer unasked.
        if row.maybe_sent && !row.message.kind.is_sent_again() {
            return Ok(Ready::Go(call));
        }
        if is_withheld(force, &notice) {
            return Ok(Ready::Settle(Settled::Withdrawn {
                reason: "withheld".into(),
            }));
        }
        let now = self.now();
        let of_office = notice.to == NoticeTo::Office;
        if of_office && !schedule::may_leave(&force.frame, &force.standing, &notice, now) {
            return Ok(Ready::Settle(Settled::Replaced {
                with: Box::new(list_waiting(row, &notice, &force.frame.calendar, now)),
            }));
        }
        let still = schedule::still_due(&force.frame, &force.standing, &notice, now);
        match still.map(|still| with_own_keys(still, &notice)) {
            Some(same) if same == notice && !told_twice(force, &notice, &call) => {
                Ok(Ready::Go(call))
            }
            Some(smaller) if self.parts_after(force, &notice).await?.is_empty() => {
                let gathering = Gathering::new(self, force, Occasion::without_event(Actor::Bot));
                let message = render::notice::message(&gathering.scene(), &smaller);
                Ok(Ready::Settle(Settled::Replaced {
                    with: Box::new(replaced(row, &notice, &smaller, message)),
                }))
            }
            // What shrank and has more parts is made anew by the schedule.
            Some(_) | None => self.withdraw_notice(row, &notice, force).await,
        }
    }

    /// What carries no notice and is late, met a pause, or could leave only when work rests (its chat took nothing before), waits
    /// for the next working moment. Answers know no latest moment; what the office does reaches its other people in a pause too.
    fn ready_line(&self, row: &OutboxRow, call: Call, force: &Force) -> Ready {
        let now = self.now();
        let Some(latest) = row.message.not_after else {
            return Ready::Go(call);
        };
        let paused = force.standing.pause.is_some() && !is_of_office(force, row.message.chat);
        let rests = !force.frame.calendar.in_working_hours(now);
        if !paused && !rests && now <= latest {
            return Ready::Go(call);
        }
        Ready::Settle(Settled::Replaced {
            with: Box::new(waiting_on(row, &force.frame.calendar, now)),
        })
    }

    /// Takes a notice back with all its parts: its keys are free again. A digest's entry is taken back too, so that it is
    /// made anew, marked 补发 when its day is over.
    async fn withdraw_notice(
        &self,
        row: &OutboxRow,
        notice: &Notice,
        force: &mut Force,
    ) -> Result<Ready, ServiceError> {
        let parts = self.parts_after(force, notice).await?;
        let mut gathering = Gathering::new(self, force, Occasion::without_event(Actor::Bot));
        let reason = "no longer true or allowed".to_owned();
        gathering.changes.settled = vec![(row.lease, Settled::Withdrawn { reason })];
        gathering.changes.withdraw = parts;
        if let NoticeKind::Digest { number, .. } = notice.kind {
            gathering.append(Actor::Bot, Act::DigestWithheld { number });
        }
        let (changes, _) = gathering.finish();
        self.commit_and_ask_again(force, changes).await?;
        Ok(Ready::Done)
    }

    /// A digest still waiting when the next one is due does not leave any more: the next one takes its number. Whether there was one.
    pub(super) async fn withhold_waiting_digest(
        &self,
        force: &mut Force,
    ) -> Result<bool, ServiceError> {
        let Some(number) = force.standing.digests.last().map(|last| last.number) else {
            return Ok(false);
        };
        let slot = format!("digest-{number}");
        let first = self.store.waiting_in_slot(&force.id, &slot).await?;
        if first.is_empty() || first.iter().any(|row| row.maybe_sent) {
            return Ok(false);
        }
        let parts = self
            .store
            .waiting_in_slot(&force.id, &parts_of(&slot))
            .await?;
        let mut gathering = Gathering::new(self, force, Occasion::without_event(Actor::Bot));
        let waiting = first.iter().chain(&parts);
        gathering.changes.withdraw = waiting.map(|row| row.id).collect();
        gathering.append(Actor::Bot, Act::DigestWithheld { number });
        let (changes, _) = gathering.finish();
        self.commit_and_ask_again(force, changes).await?;
        Ok(true)
    }

    /// What becomes of a row whose group is gone: a digest is made anew for the next group.
    pub(super) async fn without_group(
        &self,
        row: &OutboxRow,
        error: String,
    ) -> Result<Settled, ServiceError> {
        let made = notice_of(row).zip(row.task_force.as_ref());
        let Some((notice, id)) = made else {
            return Ok(Settled::Dead { error });
        };
        let Some(mut force) = self.fresh_force(id).await? else {
            return Ok(Settled::Dead { error });
        };
        let NoticeKind::Digest { number, .. } = notice.kind else {
            return Ok(Settled::Dead { error });
        };
        if !is_withheld(&force, &notice) {
            let parts = self.parts_after(&force, &notice).await?;
            let mut gathering =
                Gathering::new(self, &mut force, Occasion::without_event(Actor::Bot));
            gathering.changes.withdraw = parts;
            gathering.append(Actor::Bot, Act::DigestWithheld { number });
            let (changes, _) = gathering.finish();
            self.commit_or_stale(&mut force, changes).await?;
        }
        Ok(Settled::Withdrawn { reason: error })
    }

    async fn commit_and_ask_again(
        &self,
        force: &mut Force,
        changes: Changes,
    ) -> Result<(), ServiceError> {
        self.commit_or_stale(force, changes).await?;
        force.reload_given(&self.store, self.now()).await?;
        self.tick_rings.notify_one();
        Ok(())
    }

    /// The parts of a notice behind its first that wait still.
    async fn parts_after(&self, force: &Force, notice: &Notice) -> Result<Vec<i64>, ServiceError> {
        let slot = match (&notice.kind, notice.keys.first()) {
            (NoticeKind::Digest { number, .. }, _) => format!("digest-{number}"),
            (_, Some(key)) => key.0.clone(),
            (_, None) => return Ok(Vec::new()),
        };
        let rows = self
            .store
            .waiting_in_slot(&force.id, &parts_of(&slot))
            .await?;
        Ok(rows.iter().map(|row| row.id).collect())
    }

    async fn ready_status(
        &self,
        row: &OutboxRow,
        id: &TaskForceId,
        force: &mut Force,
    ) -> Result<Ready, ServiceError> {
        let known = self.store.latest_in_slot(id, "status").await?;
        // Where the group moved since, the old message stays behind and a new one is pinned.
        let here = |known: &OutboxRow| {
            known.message.chat == row.message.chat && known.message.thread == row.message.thread
        };
        let message_id = known.filter(here).and_then(|row| row.message_id);
        let now = self.now();
        let from = force.frame.calendar.next_working_instant(now);
        if message_id.is_none() && now < from {
            // An edit disturbs nobody; a new message waits for working hours like everything unasked.
            let with = NewOutgoing {
                not_before: from,
                ..row.message.clone()
            };
            return Ok(Ready::Settle(Settled::Replaced {
                with: Box::new(with),
            }));
        }
        let planned = force.planned_sends(now, 1);
        let gathering = Gathering::new(self, force, Occasion::without_event(Actor::Bot));
        let message = render::status::post(&gathering.scene(), &planned);
        Ok(Ready::Go(Call::ShowStatus {
            message_id,
            message,
        }))
    }
}

/// The notice a row carries.
pub(super) fn notice_of(row: &OutboxRow) -> Option<Notice> {
    serde_json::from_str(row.message.notice.as_deref()?).ok()
}

/// Whether a card still says of secrets what its person was told since, in a talk or on another card.
fn told_twice(force: &Force, notice: &Notice, call: &Call) -> bool {
    let schedule::NoticeTo::Person(person) = &notice.to else {
        return false;
    };
    force.standing.secrecy_shown.contains(person) && super::secrecy::says_so(call)
}

/// Whether a digest's entry was taken back while its row was on its way to the sender.
fn is_withheld(force: &Force, notice: &Notice) -> bool {
    let NoticeKind::Digest {
        number, cut_off_at, ..
    } = notice.kind
    else {
        return false;
    };
    let mut made = force.standing.digests.iter();
    !made.any(|made| made.number == number && made.cut_off_at == cut_off_at)
}

/// Whether a private chat is that of somebody of the office.
fn is_of_office(force: &Force, chat: i64) -> bool {
    let standing = &force.standing;
    let granted: Vec<PersonId> = standing.office_granted.iter().cloned().collect();
    let person = standing.person_of(chat);
    person.is_some_and(|person| force.frame.plan.is_office(person, &granted))
}

/// A notice to one of several keeps the keys it has of what is still true, and takes no other's.
fn with_own_keys(mut still: Notice, before: &Notice) -> Notice {
    let stays = |key: &&NoticeKey| {
        still
            .keys
            .iter()
            .any(|true_still| key.stands_for(true_still))
    };
    still.keys = before.keys.iter().filter(stays).cloned().collect();
    still
}
