//! The clock: what the schedule says is due becomes rows of the outbox, with the keys they serve, in one commit.

use std::sync::atomic::Ordering;

use chrono::{DateTime, Duration, Utc};

use super::calls::calls_of;
use super::effects::{DIGEST_PRIORITY, Gathering, Occasion, REMINDER_PRIORITY};
use super::force::Force;
use super::replacement::{json_of, parts_of};
use super::vouch::digest_of;
use super::wakeups::ALIVE_EVERY_SECONDS;
use super::{COMMIT_ATTEMPTS, Call, Service, ServiceError};
use crate::calendar;
use crate::conversation::{Conversation, Manner};
use crate::ledger::{Act, Actor};
use crate::plan::{PersonId, TaskForceId};
use crate::render::{self, Message};
use crate::schedule::{self, Notice, NoticeKey, NoticeKind, NoticeTo};
use crate::store::{Changes, CommitError, OutgoingKind};

/// A group that nobody of the office confirmed is left after this long.
const FOREIGN_GROUP_HOURS: i64 = 24;

impl Service {
    /// Once a minute: a sign of life, foreign groups, and once a day what is old enough to go.
    pub(super) async fn keep_house(&self, now: DateTime<Utc>) -> Result<(), ServiceError> {
        let before = self.kept_house_at.load(Ordering::Relaxed);
        if (0..ALIVE_EVERY_SECONDS).contains(&(now.timestamp() - before)) {
            return Ok(());
        }
        self.kept_house_at.store(now.timestamp(), Ordering::Relaxed);
        self.store
            .set_fact(
                super::lifecycle::ALIVE_AT,
                Some(&now.timestamp().to_string()),
            )
            .await?;
        // What was kept for after a decision must not grow too old for it.
        if !self.undecided().await?.is_empty() {
            return Ok(());
        }
        self.leave_foreign_groups(now).await?;
        self.mend_unrouted().await?;
        let day = |seconds: i64| seconds.div_euclid(86_400);
        if day(before) != day(now.timestamp()) {
            self.store.expire(now).await?;
        }
        Ok(())
    }

    pub(super) async fn tick_one(
        &self,
        id: &TaskForceId,
    ) -> Result<Option<DateTime<Utc>>, ServiceError> {
        let mut taken: Vec<schedule::NoticeKey> = Vec::new();
        for _ in 0..COMMIT_ATTEMPTS {
            let version = self.version_of(id).await?;
            let Some(mut force) = self.fresh_force(id).await? else {
                return Ok(None);
            };
            if force.restoring.is_some() {
                // The decision wakes it.
                self.note_asleep(id, version, None);
                return Ok(None);
            }
            force.given.keys.extend(taken.iter().cloned());
            self.note_unfinished(&mut force).await?;
            self.end_pause(&mut force).await?;
            if let Err(error) = self.enter_slip_acts(&mut force).await {
                force.stale = true;
                match error {
                    ServiceError::Commit(CommitError::HeadMoved) => continue,
                    other => return Err(other),
                }
            }
            let due = schedule::due(&force.frame, &force.standing, &force.given, self.now());
            if due.is_empty() {
                return Ok(self.sleeps(&force, version));
            }
            let digest = |notice: &Notice| matches!(notice.kind, NoticeKind::Digest { .. });
            if due.iter().any(digest) && self.withhold_waiting_digest(&mut force).await? {
                continue;
            }
            match self.give_out(&mut force, due).await {
                Ok(()) => {}
                Err(ServiceError::Commit(CommitError::HeadMoved)) => force.stale = true,
                // Perhaps one so old that it was not read: from now on it counts as given.
                Err(ServiceError::Commit(CommitError::KeyTaken(key))) => {
                    taken.push(schedule::NoticeKey(key));
                    force.stale = true;
                }
                Err(error) => {
                    force.stale = true;
                    return Err(error);
                }
            }
        }
        Ok(Some(self.now() + Duration::seconds(1)))
    }

    /// Notes what people are in the middle of: they are not asked for it once more.
    pub(super) async fn note_unfinished(&self, force: &mut Force) -> Result<(), ServiceError> {
        let mut unfinished = Vec::new();
        for row in self.store.conversations(&force.id).await? {
            let person = force.standing.person_of(row.user_id).cloned();
            let state = row
                .state
                .as_deref()
                .and_then(|json| serde_json::from_str::<Conversation>(json).ok());
            if let (Some(person), Some(state)) = (person, state) {
                unfinished.extend(state.unfinished().map(|draft| schedule::Unfinished {
                    person: person.clone(),
                    task: draft.task.clone(),
                    since_at: draft.since_at.unwrap_or(row.updated_at),
                }));
            }
        }
        force.given.unfinished = unfinished;
        Ok(())
    }

    /// A pause with a last day ends on the morning after it.
    async fn end_pause(&self, force: &mut Force) -> Result<(), ServiceError> {
        let over = |pause: &crate::ledger::Pause| {
            pause
                .until
                .is_some_and(|until| calendar::date_of(self.now()) > until)
        };
        if !force.standing.pause.as_ref().is_some_and(over) {
            return Ok(());
        }
        let mut gathering = Gathering::new(self, force, Occasion::without_event(Actor::Bot));
        gathering.append(Actor::Bot, Act::Resumed);
        gathering.refresh_status();
        let (changes, _) = gathering.finish();
        self.commit_one(changes).await
    }

    /// Slips drafted and withdrawn, and the deputy leader told, by the rules alone.
    async fn enter_slip_acts(&self, force: &mut Force) -> Result<(), ServiceError> {
        let acts = schedule::slip_acts(&force.frame, &force.standing, self.now());
        if acts.is_empty() {
            return Ok(());
        }
        let mut gathering = Gathering::new(self, force, Occasion::without_event(Actor::Bot));
        for act in acts {
            gathering.append(Actor::Bot, act);
        }
        let (changes, _) = gathering.finish();
        self.commit_one(changes).await
    }

    async fn give_out(&self, force: &mut Force, due: Vec<Notice>) -> Result<(), ServiceError> {
        let digest = digest_of(&due);
        let mut gathering = Gathering::new(self, force, Occasion::without_event(Actor::Bot));
        let mut waiting_keys = Vec::new();
        for notice in due {
            if let NoticeKind::Digest {
                number,
                cut_off_at,
                late,
            } = notice.kind
            {
                gathering
                    .post_digest(Some(&notice), number, cut_off_at, late)
                    .await?;
                continue;
            }
            if let NoticeKind::OfficeReport { monday } = notice.kind {
                gathering.report_to_office(&notice, monday).await?;
                continue;
            }
            waiting_keys.extend(gathering.give(&notice));
        }
        gathering.carry_keys(waiting_keys);
        gathering.refresh_status();
        let (changes, _) = gathering.finish();
        let made_at = changes.now;
        self.commit_one(changes).await?;
        if let Some(digest) = digest {
            self.vouch(force, &digest, made_at);
        }
        Ok(())
    }

    async fn leave_foreign_groups(&self, now: DateTime<Utc>) -> Result<(), ServiceError> {
        for (name, since) in self.store.facts("foreign:").await? {
            let Some(chat) = name
                .strip_prefix("foreign:")
                .and_then(|chat| chat.parse::<i64>().ok())
            else {
                continue;
            };
            let since =
                DateTime::parse_from_rfc3339(&since).map_or(now, |since| since.with_timezone(&Utc));
            let bound = self.is_bound(chat).await?;
            if !bound && now - since < Duration::hours(FOREIGN_GROUP_HOURS) {
                continue;
            }
            let leave = (!bound).then(|| self.alone(chat, &Call::Leave));
            self.commit_one(Changes {
                facts: vec![(name, None)],
                outgoing: leave.into_iter().collect(),
                now,
                ..Changes::default()
            })
            .await?;
        }
        Ok(())
    }
}

/// The name under which a slip's row is found again, when nobody knows whether it arrived.
fn slip_slot(seq: u64) -> String {
    format!("slip-{seq}")
}

/// Whether what a notice holds stands in the group's post, or comes again by itself, when its person cannot be reached.
fn is_asked_again(kind: &NoticeKind) -> bool {
    match kind {
        NoticeKind::GroupPost
        | NoticeKind::Card
        | NoticeKind::Digest { .. }
        | NoticeKind::BaselineMissing
        | NoticeKind::WasDown { .. }
        | NoticeKind::Unaskable
        | NoticeKind::Unreceived => true,
        NoticeKind::RequestsWait { .. }
        | NoticeKind::FinishOffer { .. }
        | NoticeKind::MeetingsHeld(_)
        | NoticeKind::OfficeReport { .. }
        | NoticeKind::Matters(_)
        | NoticeKind::CoSign(_)
        | NoticeKind::SlipDrafts(_)
        | NoticeKind::Slip(_)
        | NoticeKind::SlipsUnanswered(_)
        | NoticeKind::SlipTold(_) => false,
    }
}

impl Gathering<'_> {
    /// Puts a notice into the outbox. What cannot be delivered in private gives its keys back to the caller: the group's post serves them.
    fn give(&mut self, notice: &Notice) -> Vec<String> {
        let message = render::notice::message(&self.scene(), notice);
        match &notice.to {
            NoticeTo::Group => {
                if let Some(group) = self
                    .force
                    .standing
                    .group
                    .clone()
                    .filter(|group| group.usable)
                {
                    self.push_notice(group.chat, group.thread, notice, message);
                    return Vec::new();
                }
            }
            NoticeTo::Person(person) => {
                let binding = self.force.standing.bindings.get(person).cloned();
                if let Some(binding) = binding.filter(|binding| binding.reachable) {
                    self.push_notice(binding.account.user_id, None, notice, message);
                    return Vec::new();
                }
                if !is_asked_again(&notice.kind) {
                    self.hold_notice(person, notice, message);
                    self.spend_keys(&notice.keys);
                    return Vec::new();
                }
                // No post in the group speaks of a meeting: it comes with the card of who can be reached again.
                if !notice.meetings.is_empty() {
                    self.neutral_line(person);
                }
            }
            NoticeTo::Office => {
                self.give_to_office(notice, &message);
                return Vec::new();
            }
        }
        notice.keys.iter().map(|key| key.0.clone()).collect()
    }

    /// One row for each person of the office, with keys of its own: one that cannot leave is given out again to that person
    /// alone. The list's own keys go with the first row; they are spent where there is none.
    pub(super) fn give_to_office(&mut self, notice: &Notice, message: &Message) {
        let mut of_list = Some(notice.keys.clone());
        for person in self.office() {
            let own: Vec<NoticeKey> = notice.keys.iter().map(|key| key.for_one(&person)).collect();
            if own.iter().all(|key| self.force.given.keys.contains(key)) {
                continue;
            }
            let binding = self.force.standing.bindings.get(&person);
            let Some(binding) = binding.filter(|binding| binding.reachable) else {
                // A report on a week is not worth a line in the group every week.
                if !matches!(notice.kind, NoticeKind::OfficeReport { .. }) {
                    self.tell_person(&person, message.clone(), Manner::unasked());
                }
                self.spend_keys(&own);
                continue;
            };
            let chat = binding.account.user_id;
            let keys = own.into_iter().chain(of_list.take().into_iter().flatten());
            let own_notice = Notice {
                keys: keys.collect(),
                ..notice.clone()
            };
            self.push_notice(chat, None, &own_notice, message.clone());
        }
        self.spend_keys(&of_list.unwrap_or_default());
    }

    /// These are given out for good, whatever becomes of the rows of this commit.
    pub(super) fn spend_keys(&mut self, keys: &[NoticeKey]) {
        self.force.given.keys.extend(keys.iter().cloned());
        let keys = keys.iter().map(|key| key.0.clone());
        self.changes.spent_keys.extend(keys);
    }

    /// What stands in no group post waits for the private chat; the group gets its neutral line.
    fn hold_notice(&mut self, person: &PersonId, notice: &Notice, message: Message) {
        let before = self.changes.outgoing.len();
        self.tell_person(person, message, Manner::unasked());
        if let NoticeKind::Slip(seq) = notice.kind {
            let rows = self.changes.outgoing[before..].iter_mut();
            for row in rows.filter(|row| row.keys.is_empty()) {
                row.kind = OutgoingKind::Slip;
                row.slot = Some(slip_slot(seq));
            }
        }
    }

    pub(super) fn push_notice(
        &mut self,
        chat: i64,
        thread: Option<i32>,
        notice: &Notice,
        message: Message,
    ) {
        let manner = Manner {
            silent: notice.silent,
            ..Manner::default()
        };
        let calls = calls_of(message, manner, None);
        for (index, call) in calls.iter().enumerate() {
            let (kind, slot) = match (&notice.kind, &notice.to) {
                (NoticeKind::Slip(seq), _) => (OutgoingKind::Slip, Some(slip_slot(*seq))),
                (_, NoticeTo::Office) => (OutgoingKind::Line, None),
                (_, NoticeTo::Group | NoticeTo::Person(_)) => (OutgoingKind::Reminder, None),
            };
            self.push_call(chat, thread, kind, REMINDER_PRIORITY, call);
            let day = calendar::date_of(notice.at.max(self.now));
            let row = self
                .changes
                .outgoing
                .last_mut()
                .expect("pushed on the line above");
            row.about = notice
                .items
                .iter()
                .map(|item| item.task.as_str())
                .collect::<Vec<_>>()
                .join(",");
            row.not_before = notice.at.max(self.now);
            row.not_after = Some(notice.not_after);
            if index > 0 {
                row.slot = notice.keys.first().map(|key| parts_of(&key.0));
            } else {
                // A notice of several parts is checked by its first, which goes before the others.
                row.slot = slot;
                row.notice = Some(json_of(notice));
                row.keys = notice.keys.iter().map(|key| key.0.clone()).collect();
                row.pings = notice
                    .pings
                    .iter()
                    .map(|person| (person.clone(), day))
                    .collect();
            }
        }
        self.force.given.keys.extend(notice.keys.iter().cloned());
        let day = calendar::date_of(notice.at.max(self.now));
        for person in &notice.pings {
            self.force
                .given
                .pings
                .entry(person.clone())
                .or_default()
                .push(day);
        }
    }

    /// Keys of what was not sent in private are spent with the first row of this commit (the group's post), or on their own.
    fn carry_keys(&mut self, keys: Vec<String>) {
        self.force
            .given
            .keys
            .extend(keys.iter().cloned().map(schedule::NoticeKey));
        match self.changes.outgoing.first_mut() {
            Some(row) => row.keys.extend(keys),
            None => self.changes.spent_keys.extend(keys),
        }
    }

    /// Pushes a digest's parts; the first carries the notice it serves, if it is one.
    pub(super) fn push_digest_parts(
        &mut self,
        notice: Option<&Notice>,
        slot: &str,
        message: Message,
    ) {
        let Some(group) = self
            .force
            .standing
            .group
            .clone()
            .filter(|group| group.usable)
        else {
            return;
        };
        let manner = Manner {
            silent: notice.is_none_or(|notice| notice.silent),
            ..Manner::default()
        };
        for (index, call) in calls_of(message, manner, None).iter().enumerate() {
            self.push_call(
                group.chat,
                group.thread,
                OutgoingKind::Digest,
                DIGEST_PRIORITY,
                call,
            );
            let row = self
                .changes
                .outgoing
                .last_mut()
                .expect("pushed on the line above");
            if index > 0 {
                row.slot = Some(parts_of(slot));
                continue;
            }
            row.slot = Some(slot.to_owned());
            if let Some(notice) = notice {
                row.keys = notice.keys.iter().map(|key| key.0.clone()).collect();
                row.not_after = Some(notice.not_after);
                row.notice = Some(json_of(notice));
            }
        }
    }
}
