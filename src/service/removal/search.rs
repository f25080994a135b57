//! Every row of the outbox that may hold the words, and what its message shows now.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};

use crate::conversation::document::Document;
use crate::conversation::trail::{Left, Places};
use crate::ledger::{Act, Survey, Words};
use crate::render::{Message, removal};
use crate::service::calls::body_of;
use crate::service::{Call, Recipe};
use crate::store::{OutboxRow, OutboxState, Removal, Rewrite};

/// Telegram deletes a message within 48 hours; so much sooner it must be asked to, so that the call still comes in time.
const DELETABLE_HOURS: i64 = 47;

/// A call to a chat.
#[derive(Debug)]
pub(super) struct Place {
    pub chat: i64,
    pub thread: Option<i32>,
    pub call: Call,
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

/// The topic of a file that was sent, and when.
type Sent = (Option<i32>, Option<DateTime<Utc>>);

/// A search under way.
pub(super) struct Search<'a> {
    words: &'a Words,
    now: DateTime<Utc>,
    /// The first entry that is touched, and whether it names a task.
    first_seq: u64,
    names_task: bool,
    shown: BTreeMap<(i64, i32), Shown>,
    files: BTreeMap<(i64, i32), Sent>,
    pub removal: Removal,
    pub calls: Vec<Place>,
    pub places: Places,
}

impl<'a> Search<'a> {
    pub fn new(words: &'a Words, survey: &Survey, now: DateTime<Utc>) -> Self {
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
    pub fn take(&mut self, row: &OutboxRow) {
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
                    Document::Workbook { .. }
                    | Document::Bulletin
                    | Document::Tables
                    | Document::EvidenceIndex => true,
                    Document::Board | Document::Chart { .. } | Document::Calendar { .. } => {
                        self.names_task
                    }
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
    pub fn finish(&mut self) {
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
    matches!(call, Call::File(recipe) if recipe.document.is_pictures())
}

fn makes_message(call: &Call) -> bool {
    matches!(
        call,
        Call::Send { .. } | Call::Document { .. } | Call::File(_)
    )
}
