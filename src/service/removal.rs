//! `/redact`: where the words of an entry stand outside the ledger, and what becomes of every place in the transaction of the
//! act: rows of the outbox and digests get the mark, raw updates are blanked, talks put away, our messages edited or deleted.

mod search;

use std::collections::BTreeSet;

use self::search::{Place, Search};
use super::effects::{ANSWER_PRIORITY, Gathering};
use super::event::read_state;
use super::force::Force;
use super::{Call, Service, ServiceError};
use crate::conversation::trail::{Places, Removable, entry_meant};
use crate::conversation::{Conversation, Event, Manner};
use crate::ledger::{Survey, Words};
use crate::plan::{Access, PersonId, Right, TaskForceId, may};
use crate::render::{self, Message, removal};
use crate::store::{
    Changes, CommitError, ConversationRow, NewOutgoing, OutboxRow, OutgoingKind, Removal,
    RewrittenDigest, Settled, StoreError,
};

/// Rows looked through at a time.
const PAGE: usize = 500;

/// An entry whose words may be removed, with everything that would follow.
#[derive(Debug)]
pub(super) struct Found {
    /// As the conversation sees it.
    pub removable: Removable,
    removal: Removal,
    calls: Vec<Place>,
    talks: Vec<(ConversationRow, Conversation)>,
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
                talks.push((row, without));
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
        for (row, mut without) in found.talks {
            let user_id = row.user_id;
            self.saw_talk(user_id, row.state);
            if Some(user_id) == own {
                // Who removes is through with that dialogue.
                without.waiting = None;
            }
            self.keep_talk(user_id, &without);
            let person = self.force.standing.person_of(user_id).cloned();
            if let Some(person) = person.filter(|_| Some(user_id) != own) {
                let message = render::trail::put_away();
                self.tell_person(&person, message, Manner::unasked());
            }
        }
    }
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
