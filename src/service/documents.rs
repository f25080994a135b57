//! Documents: asked for as recipes, made from the ledger folded to their seq just before they leave.

use std::sync::Arc;

use chrono::{DateTime, SubsecRound, Utc};
use serde::{Deserialize, Serialize};

use super::calls::body_of;
use super::effects::{ANSWER_PRIORITY, DIGEST_PRIORITY, Gathering};
use super::fold::Folded;
use super::force::TaskForceError;
use super::{Call, Service, ServiceError};
use crate::clock::Clock;
use crate::conversation::document::Document;
use crate::digest::{self, Course, Digest, LookBack, Pack, Scope, Stamp};
use crate::ledger::{Frame, Posted, Standing};
use crate::plan::TaskForceId;
use crate::render::{self, Message};
use crate::store::{NewOutgoing, OutboxRow, OutgoingKind, Settled};

/// What a document is made from, as it waits in the outbox. The same recipe gives the same bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipe {
    /// Which document.
    pub document: Document,
    /// The moment.
    pub moment: Moment,
    /// Whether it comes without a sound.
    #[serde(default)]
    pub silent: bool,
    /// Times it had to be made anew while it was under way, because words were removed.
    #[serde(default)]
    pub anew: u32,
}

/// A moment of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// Number of the digest it goes with; of the next where none was posted.
    pub number: u32,
    /// Whether that digest was posted.
    pub posted: bool,
    /// Cut-off.
    pub cut_off_at: DateTime<Utc>,
    /// Last entry it sees.
    pub seq: u64,
}

/// The ledger at a moment.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// Plan, settings and calendar.
    pub frame: Arc<Frame>,
    /// The fold.
    pub standing: Standing,
    /// What stands in footers.
    pub stamp: Stamp,
    /// The digest of that moment.
    pub digest: Digest,
    /// The lights of the weeks before it, as far as they were looked for.
    pub course: Course,
}

/// A file as it leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum File {
    /// Sent as a document.
    Document {
        /// File name.
        name: String,
        /// Content.
        content: Vec<u8>,
    },
    /// Sent as a photo, which Telegram shows at once and takes up to 10 MB; several as one album.
    Pictures(Vec<Sheet>),
}

/// One sheet of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// File name.
    pub name: String,
    /// PNG.
    pub content: Vec<u8>,
}

/// A file with what stands below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The file.
    pub file: File,
    /// Caption in HTML.
    pub caption: String,
}

impl File {
    /// Bytes of its largest piece.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Document { content, .. } => content.len(),
            Self::Pictures(sheets) => {
                let bytes = sheets.iter().map(|sheet| sheet.content.len());
                bytes.max().unwrap_or_default()
            }
        }
    }
}

impl Snapshot {
    /// What documents are made from.
    pub fn pack<'a>(&'a self, scope: &'a Scope) -> Pack<'a> {
        Pack {
            frame: &self.frame,
            standing: &self.standing,
            stamp: &self.stamp,
            digest: &self.digest,
            scope,
        }
    }

    /// One document of it.
    ///
    /// # Errors
    /// It is larger than its form takes, or cannot be written.
    pub fn make(&self, document: &Document) -> Result<Made, render::document::Unmade> {
        let caption = render::document::caption(&self.frame, &self.stamp, document);
        if let Some(sheets) = self.pictures(document)? {
            let file = File::Pictures(sheets);
            return Ok(Made { file, caption });
        }
        let content = self.content(document)?;
        let name = render::document::file_name(&self.frame, &self.stamp, document);
        Ok(Made {
            file: File::Document { name, content },
            caption,
        })
    }

    /// The bytes of a document other than pictures.
    ///
    /// # Errors
    /// It is larger than its form takes, or cannot be written.
    pub fn content(&self, document: &Document) -> Result<Vec<u8>, render::document::Unmade> {
        let scope = render::document::scope_of(document);
        let pack = self.pack(&scope);
        let board = match document {
            Document::Bulletin => {
                let svg = render::picture::front(&pack, &self.course);
                svg.map(|svg| render::picture::of(&svg)).transpose()?
            }
            Document::Workbook { .. }
            | Document::Board
            | Document::Chart { .. }
            | Document::Calendar { .. }
            | Document::Tables
            | Document::EvidenceIndex => None,
        };
        render::document::content(&pack, document, board.as_ref())
    }

    /// The sheets of a document that is pictures; none of another.
    ///
    /// # Errors
    /// One cannot be drawn.
    pub fn pictures(
        &self,
        document: &Document,
    ) -> Result<Option<Vec<Sheet>>, render::document::Unmade> {
        let scope = Scope::default();
        let (pack, course) = (self.pack(&scope), &self.course);
        let svgs = match document {
            Document::Board => render::picture::board(&pack, course),
            Document::Chart { measure } => render::picture::chart(&pack, course, measure.as_ref()),
            Document::Workbook { .. }
            | Document::Bulletin
            | Document::Calendar { .. }
            | Document::Tables
            | Document::EvidenceIndex => return Ok(None),
        };
        let of = svgs.len();
        let drawn = svgs.iter().enumerate().map(|(index, svg)| {
            let name = render::document::file_name(&self.frame, &self.stamp, document);
            let name = render::picture::sheet_name(&name, index, of);
            let content = render::picture::png(svg)?;
            Ok(Sheet { name, content })
        });
        drawn.collect::<Result<_, _>>().map(Some)
    }

    /// The trend of the last weeks alone, as PNG.
    ///
    /// # Errors
    /// It cannot be drawn.
    pub fn trend(&self) -> Result<Sheet, render::document::Unmade> {
        let scope = Scope::default();
        let svg = render::picture::trend(&self.pack(&scope), &self.course);
        Ok(Sheet {
            name: render::document::trend_name(&self.frame, &self.stamp),
            content: render::picture::png(&svg)?,
        })
    }
}

impl Moment {
    /// The moment of a posted digest; after a correction that of the correction.
    fn of(posted: &Posted) -> Self {
        let corrected = posted.corrections.last().map(|seq| seq - 1);
        Self {
            number: posted.number,
            posted: true,
            cut_off_at: posted.cut_off_at,
            seq: corrected.unwrap_or(posted.last_seq),
        }
    }
}

impl Gathering<'_> {
    /// Queues documents of one moment for the asker.
    pub(super) fn send_documents(&mut self, documents: Vec<Document>, number: Option<u32>) {
        let Some(place) = self.occasion.place.clone() else {
            return;
        };
        let moment = self.moment(number);
        for document in documents {
            let call = Call::File(Recipe {
                document,
                moment,
                silent: false,
                anew: 0,
            });
            self.push_call(
                place.chat,
                place.thread,
                OutgoingKind::Document,
                DIGEST_PRIORITY,
                &call,
            );
        }
    }

    /// The moment of a posted digest, or now.
    pub(super) fn moment(&self, number: Option<u32>) -> Moment {
        let digests = &self.force.standing.digests;
        let posted = digests.iter().find(|posted| Some(posted.number) == number);
        posted.map_or_else(
            || Moment {
                number: self.force.standing.next_digest(),
                posted: false,
                cut_off_at: self.now.trunc_subsecs(0),
                seq: self.force.head.seq,
            },
            Moment::of,
        )
    }
}

impl Service {
    /// The ledger at a moment, with what is looked back for; none for an unknown task force. `read` is called with the seq of
    /// every entry as it is folded.
    pub async fn snapshot(
        &self,
        id: &TaskForceId,
        moment: Moment,
        look: &LookBack,
        read: impl FnMut(u64),
    ) -> Result<Option<Snapshot>, ServiceError> {
        let Some(before) = self.digest_before(id, moment).await? else {
            return Ok(None);
        };
        let folded = self.fold_to(id, before.as_ref(), moment, look, read);
        let Folded {
            before: past,
            standing,
            course,
        } = folded.await?;
        let head = self.head_at(id, moment.seq).await?;
        let adoption = standing
            .adoption
            .ok_or_else(|| TaskForceError::NothingAdopted(id.clone()))?;
        let Some(mut force) = self.fresh_force(id).await? else {
            return Ok(None);
        };
        let frame = force.frame_of(&self.store, adoption, &standing).await?;
        let previous = match past.zip(before) {
            Some((standing, posted)) => Some((
                force
                    .frame_of(&self.store, posted.adoption, &standing)
                    .await?,
                standing,
                posted.cut_off_at,
            )),
            None => None,
        };
        let previous = previous.as_ref();
        let previous = previous.map(|(frame, standing, at)| (frame.as_ref(), standing, *at));
        let Moment {
            number,
            posted,
            cut_off_at,
            seq,
        } = moment;
        let digest = digest::weekly(
            &frame, &standing, previous, number, cut_off_at, &head, false,
        );
        let stamp = Stamp {
            number,
            posted,
            cut_off_at,
            seq,
            head: head.printed(),
            removed_by: force.standing.removed_since(seq),
        };
        Ok(Some(Snapshot {
            frame,
            standing,
            stamp,
            digest,
            course,
        }))
    }

    /// The moment of a posted digest; none where there is no such number.
    pub async fn moment_of_digest(
        &self,
        id: &TaskForceId,
        number: u32,
    ) -> Result<Option<Moment>, ServiceError> {
        let force = self.fresh_force(id).await?;
        Ok(force.and_then(|force| {
            let mut posted = force.standing.digests.iter();
            posted
                .find(|posted| posted.number == number)
                .map(Moment::of)
        }))
    }

    /// Now, or the time of the last entry where that lies ahead: a rehearsal's clock may.
    pub async fn latest_moment(&self, id: &TaskForceId) -> Result<DateTime<Utc>, ServiceError> {
        let force = self.fresh_force(id).await?;
        let last = force.and_then(|force| force.standing.at);
        Ok(last.map_or(self.now(), |last| last.max(self.now())))
    }

    /// The moment `at`, now or past: all that was written until then. At the cut-off of a posted digest it is that digest's.
    pub async fn moment_at(
        &self,
        id: &TaskForceId,
        at: DateTime<Utc>,
    ) -> Result<Moment, ServiceError> {
        let at = at.trunc_subsecs(0);
        let (mut seq, mut open) = (0, true);
        self.store
            .each_entry(id, 0, u64::MAX, |entry| {
                // Order is seq, never time: what follows on a later entry belongs behind it.
                open &= entry.at.trunc_subsecs(0) <= at;
                if open {
                    seq = entry.seq;
                }
            })
            .await?;
        let force = self.fresh_force(id).await?;
        let digests = force
            .as_ref()
            .map_or(&[][..], |force| &force.standing.digests);
        let exactly = digests.iter().find(|posted| posted.cut_off_at == at);
        let before = digests.iter().rfind(|posted| posted.seq <= seq);
        Ok(exactly.map_or_else(
            || Moment {
                number: before.map_or(1, |posted| posted.number + 1),
                posted: false,
                cut_off_at: at,
                seq,
            },
            Moment::of,
        ))
    }

    /// The digest before that moment's, if there is one; an outer none for an unknown task force.
    async fn digest_before(
        &self,
        id: &TaskForceId,
        moment: Moment,
    ) -> Result<Option<Option<Posted>>, ServiceError> {
        let before = |posted: &&Posted| posted.number < moment.number && posted.seq <= moment.seq;
        let force = self.fresh_force(id).await?;
        Ok(force.map(|force| force.standing.digests.iter().rfind(before).cloned()))
    }

    /// Makes what a row carries, outside of any transaction and off the threads that serve everybody; what the row becomes where it cannot be made.
    pub async fn make(
        &self,
        row: &OutboxRow,
        recipe: &Recipe,
    ) -> Result<Result<Made, Settled>, ServiceError> {
        let gone = || Settled::Dead {
            error: "its task force is gone".into(),
        };
        let Some(id) = row.task_force.as_ref() else {
            return Ok(Err(gone()));
        };
        let look = render::document::looks_back(&recipe.document);
        let snapshot = self.snapshot(id, recipe.moment, &look, |_| ());
        let Some(snapshot) = snapshot.await? else {
            return Ok(Err(gone()));
        };
        let document = recipe.document.clone();
        let made = match self.clock {
            Clock::System | Clock::Shifted(_) => {
                tokio::task::spawn_blocking(move || snapshot.make(&document)).await
            }
            // Where time stands still, no other thread decides what comes first.
            Clock::Manual(_) => Ok(snapshot.make(&document)),
        };
        Ok(match made {
            Ok(Ok(made)) => Ok(made),
            Ok(Err(why)) => {
                tracing::error!(row = row.id, error = %why, "a document could not be made");
                Err(said_instead(
                    row,
                    render::document::unmade(&recipe.document, &why),
                ))
            }
            Err(error) => {
                tracing::error!(row = row.id, %error, "making a document ended before its time");
                Err(said_instead(
                    row,
                    render::document::broken(&recipe.document),
                ))
            }
        })
    }
}

/// Words in the place of a file.
pub fn said_instead(row: &OutboxRow, message: Message) -> Settled {
    let call = Call::Send {
        message,
        silent: false,
        reply_to: None,
        force_reply: false,
    };
    Settled::Replaced {
        with: Box::new(NewOutgoing {
            kind: OutgoingKind::Answer,
            priority: ANSWER_PRIORITY,
            body: body_of(&call),
            ..row.message.clone()
        }),
    }
}
