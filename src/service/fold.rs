//! The ledger folded once up to a moment, and what is seen on the way: the standing of the digest before, the lights of the weeks.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::documents::Moment;
use super::force::TaskForceError;
use super::{Service, ServiceError};
use crate::digest::{Course, LookBack, Walk};
use crate::ledger::{Frame, LedgerEntry, Posted, Standing};
use crate::plan::{Hash, TaskForceId};

/// What a fold came to.
pub(super) struct Folded {
    /// The standing that the digest before saw, if there was one.
    pub before: Option<Standing>,
    /// The standing.
    pub standing: Standing,
    /// The lights on the way, as far as they were looked for.
    pub course: Course,
}

/// A fold on its way.
struct Fold<'l> {
    /// Seq after which the standing is kept.
    seen: Option<u64>,
    before: Option<Standing>,
    standing: Standing,
    walk: Walk<'l>,
    /// Plans as adopted, as far as they were read.
    frames: BTreeMap<Hash, Arc<Frame>>,
    /// The last one as the ledger amends it, and for which adoption and amendment that is.
    amended: Option<((Hash, u64), Arc<Frame>)>,
}

impl Fold<'_> {
    /// Looks at the days before an entry and takes it in. What is looked at needs the plan of that day: its hash where it was
    /// not read yet; nothing is changed then.
    fn take(&mut self, entry: Option<&LedgerEntry>) -> Result<(), Hash> {
        let before = entry.map(|entry| entry.at);
        if self.walk.is_due(before) {
            let frame = self.frame()?;
            let then = frame.as_deref().map(|frame| (frame, &self.standing));
            self.walk.take(then, before);
        }
        let Some(entry) = entry else {
            return Ok(());
        };
        self.standing.apply(entry);
        if Some(entry.seq) == self.seen {
            self.before = Some(self.standing.clone());
        }
        Ok(())
    }

    /// The plan as it is now; none before the first adoption.
    fn frame(&mut self) -> Result<Option<Arc<Frame>>, Hash> {
        let Some(hash) = self.standing.adoption else {
            return Ok(None);
        };
        let wanted = (hash, self.standing.amendments.seq);
        let kept = self.amended.take_if(|(made_for, _)| *made_for != wanted);
        drop(kept);
        if self.amended.is_none() {
            let frame = self.frames.get(&hash).ok_or(hash)?;
            self.amended = Some((wanted, frame.amended(&self.standing)));
        }
        Ok(self.amended.as_ref().map(|(_, frame)| frame.clone()))
    }
}

impl Service {
    /// The standing at a moment, in one pass over the ledger. `read` is called with the seq of every entry as it is folded.
    pub(super) async fn fold_to(
        &self,
        id: &TaskForceId,
        before: Option<&Posted>,
        moment: Moment,
        look: &LookBack,
        mut read: impl FnMut(u64),
    ) -> Result<Folded, ServiceError> {
        let mut fold = Fold {
            seen: before.map(|posted| posted.last_seq),
            before: None,
            standing: Standing::default(),
            walk: Walk::new(look, moment.cut_off_at),
            frames: BTreeMap::new(),
            amended: None,
        };
        loop {
            let mut unread = None;
            self.store
                .each_entry(id, fold.standing.seq, moment.seq, |entry| {
                    if unread.is_some() {
                        return;
                    }
                    match fold.take(Some(&entry)) {
                        Ok(()) => read(entry.seq),
                        Err(hash) => unread = Some(hash),
                    }
                })
                .await?;
            let Some(hash) = unread.or_else(|| fold.take(None).err()) else {
                break;
            };
            let force = self.fresh_force(id).await?;
            let mut force = force.ok_or_else(|| TaskForceError::NothingAdopted(id.clone()))?;
            let frame = force.adopted_frame(&self.store, hash).await?;
            fold.frames.insert(hash, frame);
        }
        Ok(Folded {
            before: fold.before,
            standing: fold.standing,
            course: fold.walk.end(),
        })
    }
}
