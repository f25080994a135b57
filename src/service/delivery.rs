//! A row came back: what follows from a refusal.

use chrono::{DateTime, Duration};

use super::calls::body_of;
use super::effects::{ANSWER_PRIORITY, Gathering, Occasion};
use super::replacement::sent_anew;
use super::{Call, Service, ServiceError};
use crate::calendar;
use crate::conversation::Manner;
use crate::ledger::{Act, Actor};
use crate::plan::PersonId;
use crate::render::{self, Message};
use crate::store::{
    Changes, CommitError, FOREVER, NewOutgoing, OutboxRow, OutgoingKind, Settled, StoreError,
};

/// A group that takes no messages for want of rights is tried again after this long.
const NO_RIGHTS_RETRY_MINUTES: i64 = 30;

/// What Telegram's answer to a send means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// The private chat does not take messages: never started, blocked, account gone.
    PersonGone,
    /// The bot is out of the group, or it was deleted.
    GroupGone,
    /// The bot may not write there.
    NoRights,
    /// The topic is closed or deleted.
    TopicGone,
    /// The group became a supergroup with this id.
    Migrated(i64),
    /// The message to edit is gone.
    EditGone,
    /// The message is too old to be deleted.
    NotDeleted,
    /// Our text was refused.
    Refused(String),
}

impl Problem {
    /// Its name, as counted.
    pub fn name(&self) -> &'static str {
        match self {
            Self::PersonGone => "person_gone",
            Self::GroupGone => "group_gone",
            Self::NoRights => "no_rights",
            Self::TopicGone => "topic_gone",
            Self::Migrated(_) => "migrated",
            Self::EditGone => "edit_gone",
            Self::NotDeleted => "not_deleted",
            Self::Refused(_) => "refused",
        }
    }
}

impl Service {
    /// Records what came of a row.
    pub async fn settle(&self, row: &OutboxRow, settled: &Settled) -> Result<(), ServiceError> {
        match settled {
            Settled::Sent { .. } => {
                return match self.settle_sent(row, settled).await {
                    Err(ServiceError::Commit(CommitError::LeaseLost)) => {
                        self.on_lost_lease(row, settled).await
                    }
                    other => other,
                };
            }
            Settled::Again { .. }
            | Settled::Unknown { .. }
            | Settled::Dead { .. }
            | Settled::Withdrawn { .. }
            | Settled::Replaced { .. } => {
                self.store.settle(row.lease, settled, self.now()).await?;
            }
        }
        match settled {
            Settled::Withdrawn { .. } | Settled::Replaced { .. } => self.reload_given(row).await?,
            Settled::Unknown { .. } if !row.message.kind.is_sent_again() => {
                self.ask_whether_seen(row).await?
            }
            Settled::Sent { .. }
            | Settled::Again { .. }
            | Settled::Unknown { .. }
            | Settled::Dead { .. } => {}
        }
        Ok(())
    }

    async fn reload_given(&self, row: &OutboxRow) -> Result<(), ServiceError> {
        if let Some(id) = &row.task_force
            && let Some(mut force) = self.fresh_force(id).await?
        {
            force.reload_given(&self.store, self.now()).await?;
        }
        self.tick_rings.notify_one();
        Ok(())
    }

    /// Rows whose outcome became unknown by an expired lease wait for the office; it is asked once about each send.
    pub async fn ask_whether_seen(&self, row: &OutboxRow) -> Result<(), ServiceError> {
        let Some(id) = row.task_force.clone() else {
            return Ok(());
        };
        let Some(mut force) = self.working_force(&id).await? else {
            return Ok(());
        };
        let name = format!("asked_unknown:{}:{}", row.id, row.lease.number);
        if self.store.fact(&name).await?.is_some() {
            return Ok(());
        }
        let mut gathering = Gathering::new(self, &mut force, Occasion::without_event(Actor::Bot));
        gathering.changes.facts.push((name, Some(String::new())));
        let message = render::office::unknown_outcome(
            &gathering.scene(),
            row.id,
            row.message.chat,
            row.message.slot.as_deref(),
        );
        for person in gathering.office() {
            gathering.tell_person(&person, message.clone(), Manner::unasked());
        }
        let (changes, _) = gathering.finish();
        self.commit_or_stale(&mut force, changes).await
    }

    /// What follows from Telegram's refusal, and how the row is settled.
    pub async fn on_problem(
        &self,
        row: &OutboxRow,
        problem: &Problem,
    ) -> Result<Settled, ServiceError> {
        let error = format!("{problem:?}");
        match problem {
            Problem::Migrated(to) => {
                self.store.migrate_chat(row.message.chat, *to).await?;
                self.record_migration(row, *to).await?;
                Ok(Settled::Again {
                    not_before: self.now(),
                    error,
                })
            }
            Problem::TopicGone => {
                self.record_for_group(row, |chat| Act::TopicLost { chat })
                    .await?;
                let without_topic = NewOutgoing {
                    thread: None,
                    ..row.message.clone()
                };
                Ok(Settled::Replaced {
                    with: Box::new(without_topic),
                })
            }
            Problem::EditGone => self.without_message(row, error).await,
            Problem::NotDeleted => {
                self.tell_office_once_a_day(row, "not_deleted", |scene, _| {
                    render::trail::not_deleted(scene, row.message.chat)
                })
                .await?;
                Ok(Settled::Dead { error })
            }
            Problem::PersonGone => {
                self.record_unreachable(row).await?;
                Ok(Settled::Dead { error })
            }
            Problem::GroupGone => {
                self.record_for_group(row, |chat| Act::GroupLost { chat })
                    .await?;
                self.without_group(row, error).await
            }
            Problem::NoRights => {
                let not_before = self.now() + Duration::minutes(NO_RIGHTS_RETRY_MINUTES);
                let chat = row.message.chat;
                self.store.hold(Some(chat), not_before).await?;
                self.store
                    .set_fact(&muted(chat), Some(&not_before.to_rfc3339()))
                    .await?;
                self.tell_office_once_a_day(row, "no_rights", render::office::no_rights)
                    .await?;
                // The hold alone says when, so that its end lets the row go at once.
                Ok(Settled::Again {
                    not_before: self.now(),
                    error,
                })
            }
            Problem::Refused(why) => {
                tracing::error!(row = row.id, error = %why, "telegram refused a message of ours");
                self.tell_office_once_a_day(row, "refused", render::office::refused)
                    .await?;
                Ok(Settled::Dead { error })
            }
        }
    }

    async fn record_migration(&self, row: &OutboxRow, to: i64) -> Result<(), ServiceError> {
        let from = row.message.chat;
        self.record_for_group(row, |_| Act::GroupMigrated { from, to })
            .await
    }

    /// An entry about the task force's own group; nothing for other chats and nothing twice.
    async fn record_for_group(
        &self,
        row: &OutboxRow,
        act: impl Fn(i64) -> Act,
    ) -> Result<(), ServiceError> {
        let Some(id) = row.task_force.clone() else {
            return Ok(());
        };
        let Some(mut force) = self.working_force(&id).await? else {
            return Ok(());
        };
        let chat = row.message.chat;
        let act = act(chat);
        let ours = force
            .standing
            .group
            .as_ref()
            .filter(|group| group.chat == chat);
        let news = match (&act, ours) {
            (_, None) => false,
            (Act::TopicLost { .. }, Some(group)) => group.thread.is_some(),
            (Act::GroupLost { .. }, Some(group)) => group.usable,
            (_, Some(_)) => true,
        };
        if !news {
            return Ok(());
        }
        let mut gathering = Gathering::new(self, &mut force, Occasion::without_event(Actor::Bot));
        let message = render::office::group_trouble(&gathering.scene(), &act);
        gathering.append(Actor::Bot, act);
        for person in gathering.office() {
            gathering.tell_person(&person, message.clone(), Manner::unasked());
        }
        let (changes, _) = gathering.finish();
        self.commit_or_stale(&mut force, changes).await
    }

    /// What becomes of an edit whose message is gone, or cannot be edited: a new message, which waits for working hours where nobody
    /// asked for it.
    async fn without_message(
        &self,
        row: &OutboxRow,
        error: String,
    ) -> Result<Settled, ServiceError> {
        let with = match serde_json::from_str::<Call>(&row.message.body) {
            Ok(Call::Edit { message, .. }) => self.when_work_goes_on(sent_anew(row, message), row),
            // It may still be deleted; what is gone needs nothing more.
            Ok(Call::Redact { message_id, .. }) => {
                let body = body_of(&Call::Delete { message_id });
                let message = row.message.clone();
                return Ok(replaced_with(NewOutgoing { body, ..message }));
            }
            Ok(_) | Err(_) => return Ok(Settled::Dead { error }),
        };
        Ok(replaced_with(with.await?))
    }

    /// What nobody asked for, not before work goes on.
    async fn when_work_goes_on(
        &self,
        message: NewOutgoing,
        row: &OutboxRow,
    ) -> Result<NewOutgoing, ServiceError> {
        let asked_for = match message.kind {
            OutgoingKind::Answer | OutgoingKind::Document => true,
            OutgoingKind::Reminder
            | OutgoingKind::Digest
            | OutgoingKind::Slip
            | OutgoingKind::Status
            | OutgoingKind::Line => false,
        };
        let id = row.task_force.as_ref().filter(|_| !asked_for);
        let Some(id) = id else {
            return Ok(message);
        };
        let Some(force) = self.fresh_force(id).await? else {
            return Ok(message);
        };
        let calendar = &force.frame.calendar;
        let not_before = calendar.next_working_instant(self.now());
        Ok(NewOutgoing {
            not_before,
            not_after: Some(calendar.end_of_work(calendar::date_of(not_before))),
            ..message
        })
    }

    async fn record_unreachable(&self, row: &OutboxRow) -> Result<(), ServiceError> {
        let Some(id) = row.task_force.clone() else {
            return Ok(());
        };
        let Some(mut force) = self.working_force(&id).await? else {
            return Ok(());
        };
        let Some(person) = force.standing.person_of(row.message.chat).cloned() else {
            return Ok(());
        };
        let mut gathering = Gathering::new(self, &mut force, Occasion::without_event(Actor::Bot));
        if gathering.force.standing.reachable(&person) {
            gathering.append(
                Actor::Bot,
                Act::Unreachable {
                    person: person.clone(),
                },
            );
        }
        // Words may have been removed since the row was claimed.
        let stored = self.store.outgoing(row.id).await?;
        gathering.wait_for_private(stored.as_ref().unwrap_or(row), &person);
        let (changes, _) = gathering.finish();
        self.commit_or_stale(&mut force, changes).await
    }

    async fn tell_office_once_a_day(
        &self,
        row: &OutboxRow,
        what: &str,
        message: impl Fn(&render::Scene<'_>, i64) -> Message,
    ) -> Result<(), ServiceError> {
        let Some(id) = row.task_force.clone() else {
            return Ok(());
        };
        let name = format!(
            "told:{what}:{}:{}",
            row.message.chat,
            crate::calendar::date_of(self.now())
        );
        if self.store.fact(&name).await?.is_some() {
            return Ok(());
        }
        let Some(mut force) = self.working_force(&id).await? else {
            return Ok(());
        };
        let mut gathering = Gathering::new(self, &mut force, Occasion::without_event(Actor::Bot));
        gathering.changes.facts.push((name, Some(String::new())));
        let message = message(&gathering.scene(), row.id);
        for person in gathering.office() {
            // The chat in trouble cannot carry the news of its own trouble.
            let own = gathering
                .force
                .standing
                .bindings
                .get(&person)
                .is_some_and(|own| own.account.user_id == row.message.chat);
            if !own {
                gathering.tell_person(&person, message.clone(), Manner::unasked());
            }
        }
        let (changes, _) = gathering.finish();
        self.commit_or_stale(&mut force, changes).await
    }

    pub(super) async fn commit_or_stale(
        &self,
        force: &mut super::Force,
        changes: Changes,
    ) -> Result<(), ServiceError> {
        let committed = self.commit_one(changes).await;
        if committed.is_err() {
            force.stale = true;
        }
        committed
    }

    /// Commits one event of ours and rings for the sender.
    pub(super) async fn commit_one(&self, changes: Changes) -> Result<(), ServiceError> {
        let result = self.store.commit(vec![changes]).await?.pop();
        self.outbox_rings.notify_one();
        result
            .unwrap_or(Ok(()))
            .map_err(|error: CommitError| error.into())
    }

    /// A call to a chat outside any task force.
    pub(super) async fn push_alone(&self, chat: i64, call: &Call) -> Result<(), ServiceError> {
        self.commit_one(Changes {
            outgoing: vec![self.alone(chat, call)],
            now: self.now(),
            ..Changes::default()
        })
        .await
    }

    /// The row of a call to a chat outside any task force.
    pub(super) fn alone(&self, chat: i64, call: &Call) -> NewOutgoing {
        NewOutgoing {
            chat,
            thread: None,
            kind: OutgoingKind::Answer,
            priority: ANSWER_PRIORITY,
            body: body_of(call),
            about: String::new(),
            slot: None,
            notice: None,
            not_before: self.now(),
            not_after: None,
            keys: Vec::new(),
            pings: Vec::new(),
        }
    }
}

impl Gathering<'_> {
    /// The content waits for the private chat; the group gets its neutral line. Notices are not kept: the schedule asks again.
    fn wait_for_private(&mut self, row: &OutboxRow, person: &PersonId) {
        self.neutral_line(person);
        if row.message.notice.is_some() {
            return;
        }
        self.changes.holds.push((row.message.chat, Some(FOREVER)));
        self.changes.outgoing.push(NewOutgoing {
            not_before: self.now,
            keys: Vec::new(),
            pings: Vec::new(),
            ..row.message.clone()
        });
    }

    /// A group that was held for want of rights goes on as soon as the bot's standing in it changes.
    pub(super) async fn rights_may_be_back(&mut self, chat: i64) -> Result<(), StoreError> {
        let name = muted(chat);
        let Some(until) = self.service.store().fact(&name).await? else {
            return Ok(());
        };
        self.changes.facts.push((name, None));
        // A hold for another reason (429) may have followed when this one was over.
        let until = DateTime::parse_from_rfc3339(&until);
        if until.is_ok_and(|until| self.now < until) {
            self.changes.holds.push((chat, None));
        }
        Ok(())
    }

    /// What was gathered: changes to commit, and answers to presses for after the commit.
    pub fn finish(mut self) -> (Changes, Vec<super::PressAnswer>) {
        self.note_routes();
        (self.changes, self.presses)
    }

    /// What leads to the task force is written with the entries that change it.
    fn note_routes(&mut self) {
        if self.changes.entries.is_empty() {
            return;
        }
        let routes = super::directory::routes(&self.force.frame, &self.force.standing);
        if self.force.routes.as_ref() != Some(&routes) {
            self.force.routes = Some(routes.clone());
            self.changes.routes = Some(routes);
        }
    }
}

/// The fact that a group is held for want of rights, until when.
fn muted(chat: i64) -> String {
    format!("muted:{chat}")
}

fn replaced_with(with: NewOutgoing) -> Settled {
    Settled::Replaced {
        with: Box::new(with),
    }
}
