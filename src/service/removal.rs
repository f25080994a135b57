//! `/redact`: where the words of an entry stand outside the ledger, and what becomes of every place in the transaction of the
//! act: rows of the outbox and digests get the mark, raw updates are blanked, talks put away, our messages edited or deleted.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, Utc};

use super::calls::body_of;
use super::effects::{ANSWER_PRIORITY, Gathering};
use super::event::{conversation_row, read_state};
use super::force::Force;
use super::{Call, Recipe, Service, ServiceError};
use crate::conversation::document::Document;
use crate::conversation::trail::{Left, Places, Removable, entry_meant};
use crate::conversation::{Conversation, Event, Manner};
use crate::ledger::{Act, Survey, Words};
use crate::plan::{Access, PersonId, Right, TaskForceId, may};
use crate::render::{self, Message, removal};
use crate::store::{
    Changes, CommitError, NewOutgoing, OutboxRow, OutboxState, OutgoingKind, Removal, Rewrite,
    RewrittenDigest, Settled, StoreError,
};

/// Rows looked through at a time.
const PAGE: usize = 500;

/// Telegram deletes a message within 48 hours; so much sooner it must be asked to, so that the call still comes in time.
const DELETABLE_HOURS: i64 = 47;

/// An entry whose words may be removed, with everything that would follow.
#[derive(Debug)]
pub(super) struct Found {
    /// As the conversation sees it.
    pub removable: Removable,
    removal: Removal,
    calls: Vec<Place>,
    talks: Vec<(i64, Conversation)>,
}

/// A call to a chat.
#[derive(Debug)]
struct Place {
    chat: i64,
    thread: Option<i32>,
    call: Call,
}

/// What a message of ours shows now.
struct Shown {
    message: Message,
    thread: Option<i32>,
    sent_at: Option<DateTime<Utc>>,
    /// It can only be deleted: it opened a reply field.
    fixed: bool,
    /// Newer words for it are on their way.
    pending: bool,
}

/// A search under way.
struct Search<'a> {
    words: &'a Words,
    now: DateTime<Utc>,
    /// The first entry that is touched, and whether it names a task.
    first_seq: u64,
    names_task: bool,
    shown: BTreeMap<(i64, i32), Shown>,
    files: BTreeMap<(i64, i32), (Option<i32>, Option<DateTime<Utc>>)>,
    removal: Removal,
    calls: Vec<Place>,
    places: Places,
}

impl Service {
    /// Looks up the entry that an event would have words removed of; nothing for who may not.
    pub(super) async fn removable(
        &self,
        force: &Force,
        person: Option<&PersonId>,
        state: &Conversation,
        event: &Event,
        update_id: i64,
    ) -> Result<Option<Box<Found>>, StoreError> {
        let (Some(person), Some(seq)) = (person, entry_meant(&self.bot, state, event)) else {
            return Ok(None);
        };
        let granted: Vec<PersonId> = force.standing.office_granted.iter().cloned().collect();
        let allowed = may(&force.frame.plan, person, &granted, &Right::Redact);
        if allowed != Access::Allowed || seq == 0 || seq > force.head.seq {
            return Ok(None);
        }
        let mut entry = None;
        let (id, head) = (&force.id, force.head.seq);
        self.store
            .each_entry(id, seq - 1, seq, |read| entry = Some(read))
            .await?;
        let Some(mut survey) = entry.map(Survey::new) else {
            return Ok(None);
        };
        if survey.is_empty() {
            return Ok(Some(Box::new(Found::nothing(survey))));
        }
        self.store
            .each_entry(id, 0, head, |entry| survey.take(&entry))
            .await?;
        let found = self.search(id, survey, update_id).await?;
        Ok(Some(Box::new(found)))
    }

    async fn search(
        &self,
        id: &TaskForceId,
        survey: Survey,
        update_id: i64,
    ) -> Result<Found, StoreError> {
        let words = survey.words.clone();
        let mut search = Search::new(&words, &survey, self.now());
        let mut after = 0;
        loop {
            let rows = self.store.rows_after(id, after, PAGE).await?;
            let Some(last) = rows.last() else { break };
            after = last.id;
            rows.iter().for_each(|row| search.take(row));
        }
        search.finish();
        let (mut removal, mut places, calls) = (search.removal, search.places, search.calls);
        if !words.is_empty() {
            removal.updates = self.updates_with(&words, update_id).await?;
            removal.digests = self.digests_with(id, &words).await?;
        }
        let numbers: BTreeSet<u32> = removal.digests.iter().map(|it| it.number).collect();
        places.digests = numbers.into_iter().collect();
        let mut talks = Vec::new();
        for row in self.store.conversations(id).await? {
            let state = row.state.as_deref().map(read_state).unwrap_or_default();
            if let Some(without) = talk_without(&state, &words) {
                talks.push((row.user_id, without));
            }
        }
        places.talks = talks.len();
        removal.texts = survey.texts();
        Ok(Found {
            removable: Removable { survey, places },
            removal,
            calls,
            talks,
        })
    }

    async fn updates_with(&self, words: &Words, own: i64) -> Result<Vec<i64>, StoreError> {
        let mut with = Vec::new();
        let mut after = i64::MIN;
        loop {
            let page = self.store.updates_after(after, Some(own), PAGE).await?;
            let Some((last, _)) = page.last() else { break };
            after = *last;
            let carries = page.iter().filter(|(_, row)| {
                let body = serde_json::from_str(&row.body);
                body.is_ok_and(|body| stands_in_json(&body, words))
            });
            with.extend(carries.map(|(key, _)| *key));
        }
        Ok(with)
    }

    async fn digests_with(
        &self,
        id: &TaskForceId,
        words: &Words,
    ) -> Result<Vec<RewrittenDigest>, StoreError> {
        let mut with = Vec::new();
        let (mut number, mut version) = (0, 0);
        for row in self.store.digests(id).await? {
            version = if row.number == number { version + 1 } else { 1 };
            number = row.number;
            let message = serde_json::from_str::<Message>(&row.body).ok();
            if let Some(without) = message.and_then(|it| removal::without(&it, words)) {
                with.push(RewrittenDigest {
                    number,
                    version,
                    body: serde_json::to_string(&without).expect("a message holds only texts"),
                });
            }
        }
        Ok(with)
    }

    /// The copy that left while its row's words were removed is deleted; the row itself is sent again without them.
    pub(super) async fn on_lost_lease(
        &self,
        row: &OutboxRow,
        settled: &Settled,
    ) -> Result<(), ServiceError> {
        let lost = Err(CommitError::LeaseLost.into());
        let Settled::Sent {
            message_id: Some(message_id),
        } = settled
        else {
            return lost;
        };
        let stored = self.store.outgoing(row.id).await?;
        let rewritten = stored.is_some_and(|stored| stored.message.body != row.message.body);
        let makes_message = match serde_json::from_str::<Call>(&row.message.body) {
            Ok(Call::Send { .. } | Call::Document { .. } | Call::File(_)) => true,
            Ok(_) | Err(_) => false,
        };
        if !rewritten || !makes_message {
            return lost;
        }
        let call = Call::Delete {
            message_id: *message_id,
        };
        let delete = NewOutgoing {
            thread: row.message.thread,
            ..self.alone(row.message.chat, &call)
        };
        self.commit_one(Changes {
            task_force: row.task_force.clone(),
            outgoing: vec![delete],
            now: self.now(),
            ..Changes::default()
        })
        .await
    }
}

impl Found {
    fn nothing(survey: Survey) -> Self {
        Self {
            removable: Removable {
                survey,
                places: Places::default(),
            },
            removal: Removal::default(),
            calls: Vec::new(),
            talks: Vec::new(),
        }
    }
}

impl Gathering<'_> {
    /// What follows from the act that was appended just now.
    pub(super) fn remove(&mut self) {
        let Some(found) = self.removal.take() else {
            return;
        };
        self.changes.removal = found.removal;
        for Place { chat, thread, call } in found.calls {
            self.push_call(chat, thread, OutgoingKind::Answer, ANSWER_PRIORITY, &call);
        }
        let own = self.occasion.place.as_ref().map(|place| place.chat);
        for (user_id, without) in found.talks {
            let group = self.force.standing.group.as_ref().map(|group| group.chat);
            if Some(user_id) == own {
                self.without_own(user_id, &without);
                continue;
            }
            let row = conversation_row(user_id, &without, group, self.now);
            self.changes.conversations.push(row);
            if let Some(person) = self.force.standing.person_of(user_id).cloned() {
                let message = render::trail::put_away();
                self.tell_person(&person, message, Manner::unasked());
            }
        }
    }

    /// Who removes is out of that dialogue; what else they had begun is as it was found.
    fn without_own(&mut self, user_id: i64, without: &Conversation) {
        let without = Conversation {
            waiting: None,
            ..without.clone()
        };
        let group = self.force.standing.group.as_ref().map(|group| group.chat);
        let row = conversation_row(user_id, &without, group, self.now);
        self.changes
            .conversations
            .retain(|row| row.user_id != user_id);
        self.changes.conversations.push(row);
    }
}

impl<'a> Search<'a> {
    fn new(words: &'a Words, survey: &Survey, now: DateTime<Utc>) -> Self {
        let names_task = |act: &Act| matches!(act, Act::Assigned(_) | Act::ProjectAdded(_));
        let mut acts = survey.also.values().map(|entry| &entry.act);
        Self {
            words,
            now,
            first_seq: survey.seqs().first().copied().unwrap_or_default(),
            names_task: names_task(&survey.entry.act) || acts.any(names_task),
            shown: BTreeMap::new(),
            files: BTreeMap::new(),
            removal: Removal::default(),
            calls: Vec::new(),
            places: Places::default(),
        }
    }

    /// Takes the next row in, in the order of their ids.
    fn take(&mut self, row: &OutboxRow) {
        let Ok(call) = serde_json::from_str::<Call>(&row.message.body) else {
            return;
        };
        let without = self.without(&call);
        if let Some(without) = &without {
            self.removal.rows.push(Rewrite {
                lease: row.lease,
                state: row.state,
                body: body_of(without),
            });
        }
        if self.holds_file(&call) {
            self.take_file(row, &call);
        }
        let carries = without.is_some();
        if carries {
            self.count(row, &call);
        }
        self.note_shown(row, call);
    }

    /// The call without the words; none where they do not stand in it.
    fn without(&self, call: &Call) -> Option<Call> {
        match call {
            Call::Send {
                message,
                silent,
                reply_to,
                force_reply,
            } => Some(Call::Send {
                message: removal::without(message, self.words)?,
                silent: *silent,
                reply_to: *reply_to,
                force_reply: *force_reply,
            }),
            Call::Edit {
                message_id,
                message,
            } => Some(Call::Edit {
                message_id: *message_id,
                message: removal::without(message, self.words)?,
            }),
            Call::Redact {
                message_id,
                message,
            } => Some(Call::Redact {
                message_id: *message_id,
                message: removal::without(message, self.words)?,
            }),
            Call::Document {
                name,
                content,
                caption,
            } => {
                let new_content = removal::from_text(content, self.words);
                let new_caption = removal::from_html(caption, self.words);
                let changed = new_content.is_some() || new_caption.is_some();
                changed.then(|| Call::Document {
                    name: name.clone(),
                    content: new_content.unwrap_or_else(|| content.clone()),
                    caption: new_caption.unwrap_or_else(|| caption.clone()),
                })
            }
            Call::Status
            | Call::ShowStatus { .. }
            | Call::File(_)
            | Call::Menu(_)
            | Call::Delete { .. }
            | Call::Leave => None,
        }
    }

    /// Whether a file made from the ledger may hold them.
    fn holds_file(&self, call: &Call) -> bool {
        match call {
            Call::File(recipe) => {
                let shows = match &recipe.document {
                    Document::Workbook { .. } | Document::Bulletin => true,
                    Document::Board | Document::Calendar { .. } => self.names_task,
                };
                shows && recipe.moment.seq >= self.first_seq
            }
            Call::Send { .. }
            | Call::Edit { .. }
            | Call::Redact { .. }
            | Call::Delete { .. }
            | Call::Status
            | Call::ShowStatus { .. }
            | Call::Document { .. }
            | Call::Menu(_)
            | Call::Leave => false,
        }
    }

    /// A file is made when it leaves: one that waits needs nothing, one under way may have been made before.
    fn take_file(&mut self, row: &OutboxRow, call: &Call) {
        if row.state == OutboxState::Leased
            && let Call::File(recipe) = call
        {
            let anew = Recipe {
                anew: recipe.anew + 1,
                ..recipe.clone()
            };
            self.removal.rows.push(Rewrite {
                lease: row.lease,
                state: row.state,
                body: body_of(&Call::File(anew)),
            });
        }
        self.count(row, call);
    }

    /// What becomes of a row with the words, but for messages that can be edited: those are seen at the end.
    fn count(&mut self, row: &OutboxRow, call: &Call) {
        let file = matches!(call, Call::Document { .. } | Call::File(_));
        let chat = row.message.chat;
        let unsure = Left {
            chat,
            sent_at: None,
            file,
        };
        match row.state {
            OutboxState::Waiting => {
                let made_anew = matches!(call, Call::File(_));
                self.places.waiting += usize::from(!made_anew);
                if row.maybe_sent {
                    self.places.left.push(unsure);
                }
            }
            OutboxState::Leased => self.places.under_way += 1,
            OutboxState::Unknown => self.places.left.push(unsure),
            OutboxState::Sent => match row.message_id {
                // An album has more messages than the one whose id is known.
                Some(_) if is_album(call) => self.stays(chat, row.sent_at, file),
                Some(message_id) if file => {
                    let of = (row.message.thread, row.sent_at);
                    self.files.insert((chat, message_id), of);
                }
                Some(_) => {}
                None if makes_message(call) => self.stays(chat, row.sent_at, file),
                None => {}
            },
            OutboxState::Withdrawn | OutboxState::Dead => {}
        }
    }

    fn stays(&mut self, chat: i64, sent_at: Option<DateTime<Utc>>, file: bool) {
        self.places.left.push(Left {
            chat,
            sent_at,
            file,
        });
    }

    /// Follows what every message of ours shows: sent, then edited any number of times.
    fn note_shown(&mut self, row: &OutboxRow, call: Call) {
        let chat = row.message.chat;
        let pending = match row.state {
            OutboxState::Sent => false,
            OutboxState::Waiting | OutboxState::Leased => true,
            OutboxState::Unknown | OutboxState::Withdrawn | OutboxState::Dead => return,
        };
        match call {
            Call::Send {
                message,
                force_reply,
                ..
            } => {
                if let Some(message_id) = row.message_id.filter(|_| !pending) {
                    let shown = Shown {
                        message,
                        thread: row.message.thread,
                        sent_at: row.sent_at,
                        fixed: force_reply,
                        pending,
                    };
                    self.shown.insert((chat, message_id), shown);
                }
            }
            Call::Edit {
                message_id,
                message,
            }
            | Call::Redact {
                message_id,
                message,
            } => {
                let before = self.shown.get(&(chat, message_id));
                let shown = Shown {
                    message,
                    thread: row.message.thread,
                    sent_at: before.map_or(row.sent_at, |before| before.sent_at),
                    fixed: before.is_some_and(|before| before.fixed),
                    pending,
                };
                self.shown.insert((chat, message_id), shown);
            }
            Call::Delete { message_id } => {
                self.shown.remove(&(chat, message_id));
                self.files.remove(&(chat, message_id));
            }
            Call::Status
            | Call::ShowStatus { .. }
            | Call::Document { .. }
            | Call::File(_)
            | Call::Menu(_)
            | Call::Leave => {}
        }
    }

    /// What the messages show now decides what becomes of them.
    fn finish(&mut self) {
        for ((chat, message_id), shown) in std::mem::take(&mut self.shown) {
            if shown.pending {
                continue;
            }
            let Some(message) = removal::without(&shown.message, self.words) else {
                continue;
            };
            if shown.fixed {
                self.delete(chat, message_id, shown.thread, shown.sent_at, false);
                continue;
            }
            self.places.edited += 1;
            self.calls.push(Place {
                chat,
                thread: shown.thread,
                call: Call::Redact {
                    message_id,
                    message,
                },
            });
        }
        for ((chat, message_id), (thread, sent_at)) in std::mem::take(&mut self.files) {
            self.delete(chat, message_id, thread, sent_at, true);
        }
    }

    /// Deletes what is young enough; the rest stays and is named.
    fn delete(
        &mut self,
        chat: i64,
        message_id: i32,
        thread: Option<i32>,
        sent_at: Option<DateTime<Utc>>,
        file: bool,
    ) {
        let oldest = self.now - Duration::hours(DELETABLE_HOURS);
        if sent_at.is_none_or(|at| at < oldest) {
            return self.stays(chat, sent_at, file);
        }
        self.places.deleted += 1;
        self.calls.push(Place {
            chat,
            thread,
            call: Call::Delete { message_id },
        });
    }
}

fn is_album(call: &Call) -> bool {
    matches!(call, Call::File(recipe) if recipe.document == Document::Board)
}

fn makes_message(call: &Call) -> bool {
    matches!(
        call,
        Call::Send { .. } | Call::Document { .. } | Call::File(_)
    )
}

/// What somebody is in the middle of, without what holds the words; none where nothing does.
fn talk_without(state: &Conversation, words: &Words) -> Option<Conversation> {
    fn holds(part: &impl serde::Serialize, words: &Words) -> bool {
        serde_json::to_value(part).is_ok_and(|json| stands_in_json(&json, words))
    }
    let mut without = state.clone();
    without.sitting.take_if(|sitting| holds(sitting, words));
    without.drafts.retain(|draft| !holds(draft, words));
    without.waiting.take_if(|waiting| holds(waiting, words));
    (without != *state).then_some(without)
}

fn stands_in_json(json: &serde_json::Value, words: &Words) -> bool {
    use serde_json::Value;
    match json {
        Value::String(text) => words.stand_in(text),
        Value::Array(items) => items.iter().any(|item| stands_in_json(item, words)),
        Value::Object(fields) => fields.values().any(|field| stands_in_json(field, words)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}
