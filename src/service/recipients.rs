//! Who may have a document, asked once more right before it leaves.

use super::documents::{Moment, Recipe};
use super::force::Force;
use crate::conversation::document::Document;
use crate::ledger::{Posted, Standing};
use crate::plan::{Access, PersonId, Right, may};

/// Whether that chat may have this document now: rights may end between the wish and the send, and a digest may be taken
/// back whose board still waits. The group gets the board alone.
pub(super) fn may_have(force: &Force, chat: i64, recipe: &Recipe) -> bool {
    let (standing, document) = (&force.standing, &recipe.document);
    if chat < 0 {
        let own = standing
            .group
            .as_ref()
            .is_some_and(|group| group.chat == chat);
        return own && *document == Document::Board && is_still_posted(standing, recipe.moment);
    }
    let Some(person) = standing.person_of(chat) else {
        return false;
    };
    let granted: Vec<PersonId> = standing.office_granted.iter().cloned().collect();
    let allowed = |right| may(&force.frame.plan, person, &granted, right) == Access::Allowed;
    match document {
        Document::Calendar { person: Some(of) } if of == person => allowed(&Right::SeeStatus),
        Document::Board | Document::Chart { .. } => allowed(&Right::SeeStatus),
        Document::Workbook { .. }
        | Document::Bulletin
        | Document::Calendar { .. }
        | Document::Tables
        | Document::EvidenceIndex => allowed(&Right::Export),
    }
}

/// Whether the digest a moment belongs to was not taken back.
fn is_still_posted(standing: &Standing, moment: Moment) -> bool {
    let same =
        |posted: &Posted| posted.number == moment.number && posted.cut_off_at == moment.cut_off_at;
    !moment.posted || standing.digests.iter().any(same)
}
