//! Digests: made from the ledger up to a seq, kept as sent, made again byte for byte, corrected in the open.

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};

use super::calls::calls_of;
use super::documents::{Moment, Recipe};
use super::effects::{ANSWER_PRIORITY, BOARD_PRIORITY, Gathering};
use super::force::{Force, TaskForceError, standing_at};
use super::replacement::parts_of;
use super::{Call, Service, ServiceError};
use crate::calendar;
use crate::conversation::Manner;
use crate::conversation::document::Document;
use crate::digest::{self, Digest};
use crate::ledger::{Act, Actor, Frame, Head, Posted, Standing};
use crate::plan::{Hash, TaskForceId};
use crate::render::{self, Message};
use crate::schedule::Notice;
use crate::store::{DigestRow, OutboxRow, OutgoingKind, Store, StoreError};

/// A digest made again, held against what was sent.
#[derive(Debug)]
pub struct Remade {
    /// As sent.
    pub sent: String,
    /// As made again.
    pub again: String,
    /// Seqs of the entries that have removed words from what it saw since, and from both.
    pub removed_by: Vec<u64>,
}

impl Remade {
    /// Byte offset of the first difference; none when they are the same.
    pub fn first_difference(&self) -> Option<usize> {
        if self.sent == self.again {
            return None;
        }
        let same = self
            .sent
            .bytes()
            .zip(self.again.bytes())
            .take_while(|(sent, again)| sent == again);
        Some(same.count())
    }
}

/// What a digest is made from.
struct Basis {
    number: u32,
    cut_off_at: DateTime<Utc>,
    last_seq: u64,
    adoption: Hash,
    late: bool,
}

impl Basis {
    fn of(posted: &Posted) -> Self {
        Self {
            number: posted.number,
            cut_off_at: posted.cut_off_at,
            last_seq: posted.last_seq,
            adoption: posted.adoption,
            late: posted.late,
        }
    }
}

/// The slot of a digest's correction, counted from one.
pub fn correction_slot(number: u32, nth: usize) -> String {
    match nth {
        0 | 1 => format!("digest-{number}-correction"),
        more => format!("digest-{number}-correction-{more}"),
    }
}

impl Gathering<'_> {
    /// Makes the weekly digest, records it and queues it for the group.
    pub(super) async fn post_digest(
        &mut self,
        notice: Option<&Notice>,
        number: u32,
        cut_off_at: DateTime<Utc>,
        late: bool,
    ) -> Result<(), TaskForceError> {
        let basis = Basis {
            number,
            cut_off_at,
            last_seq: self.force.head.seq,
            adoption: self.force.frame.adoption,
            late,
        };
        let digest = self.digest_now(&basis).await?;
        let message = render::digest::post(&self.force.frame, &digest);
        self.push_digest_parts(notice, &format!("digest-{number}"), message.clone());
        self.push_board(&basis);
        let keys = notice.map_or(&[][..], |notice| &notice.keys);
        self.force.given.keys.extend(keys.iter().cloned());
        if self
            .force
            .standing
            .group
            .as_ref()
            .is_none_or(|group| !group.usable)
        {
            self.changes
                .spent_keys
                .extend(keys.iter().map(|key| key.0.clone()));
        }
        let body = message_body(&message);
        self.append(
            Actor::Bot,
            Act::DigestPosted {
                number,
                cut_off_at,
                late,
                last_seq: basis.last_seq,
                adoption: basis.adoption,
                program: env!("CARGO_PKG_VERSION").to_owned(),
                text_sha256: sha256(&body),
            },
        );
        self.changes.digests.push(DigestRow {
            number,
            cut_off_at,
            body,
        });
        Ok(())
    }

    /// The board behind the digest's parts, silently: it waits for them and is taken back with them, and they never wait for it.
    fn push_board(&mut self, basis: &Basis) {
        let group = self.force.standing.group.clone();
        let Some(group) = group.filter(|group| group.usable) else {
            return;
        };
        if !self.force.frame.settings.digest_board {
            return;
        }
        let call = Call::File(Recipe {
            document: Document::Board,
            moment: Moment {
                number: basis.number,
                posted: true,
                cut_off_at: basis.cut_off_at,
                seq: basis.last_seq,
            },
            silent: true,
            anew: 0,
        });
        let (chat, thread) = (group.chat, group.thread);
        self.push_call(chat, thread, OutgoingKind::Digest, BOARD_PRIORITY, &call);
        if let Some(row) = self.changes.outgoing.last_mut() {
            row.slot = Some(parts_of(&format!("digest-{}", basis.number)));
        }
    }

    async fn digest_now(&mut self, basis: &Basis) -> Result<Digest, TaskForceError> {
        let previous = self
            .force
            .standing
            .digests
            .iter()
            .rfind(|posted| posted.number < basis.number)
            .cloned();
        let previous = past(self.service.store(), self.force, previous.as_ref()).await?;
        let head = self.force.head;
        Ok(make(
            &self.force.frame,
            &self.force.standing,
            previous.as_ref(),
            basis,
            &head,
        ))
    }

    /// A stored digest for the asker, page by page.
    pub(super) async fn show_digest(
        &mut self,
        number: u32,
        page: usize,
        message_id: Option<i32>,
    ) -> Result<(), TaskForceError> {
        let message = if number == 0 {
            let cut_off_at = self.now;
            let number = self.force.standing.next_digest();
            let basis = Basis {
                number,
                cut_off_at,
                last_seq: self.force.head.seq,
                adoption: self.force.frame.adoption,
                late: false,
            };
            let digest = self.digest_now(&basis).await?;
            Some(render::digest::for_asker(&self.force.frame, &digest))
        } else {
            let mut posted = self.force.standing.digests.iter();
            let stored = if posted.any(|posted| posted.number == number) {
                self.service.store().digest(&self.force.id, number).await?
            } else {
                None
            };
            stored.and_then(|row| serde_json::from_str::<Message>(&row.body).ok())
        };
        let shown = match message {
            Some(message) => render::digest::page(number, message, page),
            None => render::digest::unknown_number(&self.scene(), number),
        };
        self.show(shown, message_id);
        Ok(())
    }

    /// The digests of a month: the one there is, or a list with a button each.
    pub(super) async fn show_digests_of(
        &mut self,
        year: i32,
        month: u32,
    ) -> Result<(), TaskForceError> {
        use chrono::Datelike;
        let of_month = |posted: &&Posted| {
            let day = calendar::date_of(posted.cut_off_at);
            (day.year(), day.month()) == (year, month)
        };
        let numbers: Vec<(u32, DateTime<Utc>)> = self
            .force
            .standing
            .digests
            .iter()
            .filter(of_month)
            .map(|posted| (posted.number, posted.cut_off_at))
            .collect();
        if let [(only, _)] = numbers.as_slice() {
            return self.show_digest(*only, 0, None).await;
        }
        let message = render::digest::list(year, month, &numbers);
        self.show(message, None);
        Ok(())
    }

    /// Marks the posted digest's head as corrected and posts the correction under the same number.
    pub(super) async fn correct_digest(
        &mut self,
        number: Option<u32>,
        reason: String,
    ) -> Result<(), TaskForceError> {
        let wanted = |posted: &&Posted| number.is_none_or(|number| posted.number == number);
        let Some(posted) = self.force.standing.digests.iter().rfind(wanted).cloned() else {
            let message = render::digest::unknown_number(&self.scene(), number.unwrap_or(0));
            self.show(message, None);
            return Ok(());
        };
        let basis = Basis {
            number: posted.number,
            cut_off_at: posted.cut_off_at,
            last_seq: self.force.head.seq,
            adoption: self.force.frame.adoption,
            late: false,
        };
        let digest = self.digest_now(&basis).await?;
        let corrected = render::digest::correction(&self.force.frame, &digest, &reason);
        self.make_way(&posted).await?;
        let before = self.changes.outgoing.len();
        let slot = correction_slot(posted.number, posted.corrections.len() + 1);
        self.push_digest_parts(None, &slot, corrected.clone());
        // The group did not ask for it: it comes when work goes on.
        let calendar = &self.force.frame.calendar;
        let from = calendar.next_working_instant(self.now);
        let until = calendar.end_of_work(calendar::date_of(from));
        for row in &mut self.changes.outgoing[before..] {
            row.not_before = from;
            row.not_after = Some(until);
        }
        let salt = self.salts().salt();
        let act = Act::DigestCorrected {
            number: posted.number,
            reason: crate::ledger::Text::new(reason, salt),
            last_seq: basis.last_seq,
            adoption: basis.adoption,
            text_sha256: sha256(&message_body(&corrected)),
        };
        self.append(self.occasion.by.clone(), act);
        Ok(())
    }

    /// Before a correction: one that did not leave yet is taken back, and the newest that stands in the group is marked.
    async fn make_way(&mut self, posted: &Posted) -> Result<(), StoreError> {
        let (store, id) = (self.service.store(), self.force.id.clone());
        for nth in (1..=posted.corrections.len()).rev() {
            let slot = correction_slot(posted.number, nth);
            if let Some(row) = store.latest_in_slot(&id, &slot).await? {
                self.mark_corrected(&row);
                return Ok(());
            }
            let first = store.waiting_in_slot(&id, &slot).await?;
            if first.iter().any(|row| row.maybe_sent) {
                continue;
            }
            let parts = store.waiting_in_slot(&id, &parts_of(&slot)).await?;
            let waiting = first.iter().chain(&parts).map(|row| row.id);
            self.changes.withdraw.extend(waiting);
        }
        let slot = format!("digest-{}", posted.number);
        if let Some(row) = store.latest_in_slot(&id, &slot).await? {
            self.mark_corrected(&row);
        }
        Ok(())
    }

    fn mark_corrected(&mut self, row: &OutboxRow) {
        let (Some(message_id), Ok(Call::Send { message, .. })) =
            (row.message_id, serde_json::from_str(&row.message.body))
        else {
            return;
        };
        let call = Call::Edit {
            message_id,
            message: render::digest::marked_corrected(message),
        };
        self.push_call(
            row.message.chat,
            row.message.thread,
            OutgoingKind::Line,
            ANSWER_PRIORITY,
            &call,
        );
    }

    /// New words for a message of ours in the event's chat, or a message there.
    pub(super) fn show(&mut self, message: Message, message_id: Option<i32>) {
        let Some(place) = self.occasion.place.clone() else {
            return;
        };
        match message_id {
            Some(message_id) => {
                let call = Call::Edit {
                    message_id,
                    message,
                };
                self.push_call(
                    place.chat,
                    place.thread,
                    OutgoingKind::Answer,
                    ANSWER_PRIORITY,
                    &call,
                );
            }
            None => {
                for call in calls_of(message, Manner::default(), None) {
                    self.push_call(
                        place.chat,
                        place.thread,
                        OutgoingKind::Answer,
                        ANSWER_PRIORITY,
                        &call,
                    );
                }
            }
        }
    }
}

impl Service {
    /// A posted digest made again from the ledger, beside what was sent. None when there is no such number.
    pub async fn remake_digest(
        &self,
        id: &TaskForceId,
        number: u32,
    ) -> Result<Option<Remade>, ServiceError> {
        let Some(row) = self.store.digest(id, number).await? else {
            return Ok(None);
        };
        let Some(mut force) = self.fresh_force(id).await? else {
            return Ok(None);
        };
        let mut posted = force.standing.digests.iter();
        let Some(basis) = posted.find(|posted| posted.number == number).map(Basis::of) else {
            return Ok(None);
        };
        let standing = standing_at(&self.store, id, basis.last_seq).await?;
        let frame = force
            .frame_of(&self.store, basis.adoption, &standing)
            .await?;
        let previous = standing.digests.last().cloned();
        let previous = past(&self.store, &mut force, previous.as_ref()).await?;
        let head = self.head_at(id, basis.last_seq).await?;
        let digest = make(&frame, &standing, previous.as_ref(), &basis, &head);
        Ok(Some(Remade {
            sent: row.body,
            again: message_body(&render::digest::post(&frame, &digest)),
            removed_by: force.standing.removed_since(basis.last_seq),
        }))
    }

    pub(super) async fn head_at(&self, id: &TaskForceId, seq: u64) -> Result<Head, StoreError> {
        let hash = self.store.hash_at(id, seq).await?;
        Ok(hash.map_or_else(Head::default, |hash| Head { seq, hash }))
    }
}

struct Past {
    frame: std::sync::Arc<Frame>,
    standing: Standing,
    cut_off_at: DateTime<Utc>,
}

/// Frame and standing as a posted digest saw them.
async fn past(
    store: &Store,
    force: &mut Force,
    posted: Option<&Posted>,
) -> Result<Option<Past>, TaskForceError> {
    let Some(posted) = posted else {
        return Ok(None);
    };
    let kept = force.before.take_if(|before| before.seq == posted.last_seq);
    let standing = match kept {
        Some(standing) => standing,
        None => standing_at(store, &force.id, posted.last_seq).await?,
    };
    let frame = force.frame_of(store, posted.adoption, &standing).await?;
    Ok(Some(Past {
        frame,
        standing,
        cut_off_at: posted.cut_off_at,
    }))
}

fn make(
    frame: &Frame,
    standing: &Standing,
    previous: Option<&Past>,
    basis: &Basis,
    head: &Head,
) -> Digest {
    let previous = previous.map(|past| (past.frame.as_ref(), &past.standing, past.cut_off_at));
    digest::weekly(
        frame,
        standing,
        previous,
        basis.number,
        basis.cut_off_at,
        head,
        basis.late,
    )
}

fn message_body(message: &Message) -> String {
    serde_json::to_string(message).expect("a message holds only texts")
}

fn sha256(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}
