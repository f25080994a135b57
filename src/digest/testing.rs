//! What tests of documents share: the moment a story has come to.

use super::{Course, Digest, LookBack, Pack, Scope, Stamp, Walk, weekly};
use crate::ledger::testing::{Story, at};
use crate::ledger::{Frame, Head, Standing};

/// A story's standing at a moment, to make a pack from.
pub(crate) struct Taken<'a> {
    frame: &'a Frame,
    standing: Standing,
    pub(crate) stamp: Stamp,
    digest: Digest,
    pub(crate) scope: Scope,
}

impl<'a> Taken<'a> {
    /// The whole story at its Friday, before its first digest.
    pub(crate) fn of(story: &Story<'a>) -> Self {
        Self::at(story, "2026-11-27 16:00")
    }

    /// The whole story at a moment that it has come to, before its first digest.
    pub(crate) fn at(story: &Story<'a>, when: &str) -> Self {
        let standing = story.standing();
        let cut_off_at = at(when);
        let head = Head {
            seq: standing.seq,
            hash: [0x3f; 32],
        };
        Self {
            frame: story.frame,
            digest: weekly(story.frame, &standing, None, 1, cut_off_at, &head, false),
            stamp: Stamp {
                number: 1,
                posted: true,
                cut_off_at,
                seq: standing.seq,
                head: head.printed(),
                removed_by: Vec::new(),
            },
            standing,
            scope: Scope::default(),
        }
    }

    pub(crate) fn pack(&self) -> Pack<'_> {
        Pack {
            frame: self.frame,
            standing: &self.standing,
            stamp: &self.stamp,
            digest: &self.digest,
            scope: &self.scope,
        }
    }
}

/// The course of a story up to a moment, as a service takes it along.
pub(crate) fn course(story: &Story<'_>, look: &LookBack, until: &str) -> Course {
    let mut walk = Walk::new(look, at(until));
    let mut standing = Standing::default();
    for entry in &story.entries {
        let then = standing.adoption.map(|_| (story.frame, &standing));
        walk.take(then, Some(entry.at));
        standing.apply(entry);
    }
    walk.take(Some((story.frame, &standing)), None);
    walk.end()
}
