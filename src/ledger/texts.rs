//! The free texts of an act: what is stored beside the chain when it is written, and put back when it is read.

use std::sync::Arc;

use super::assigned::{Assignment, Meeting, Origin};
use super::cosign::CoSignature;
use super::entry::Act;
use super::progress::{Attachment, BaselineAnswer, FileId, ProgressReport};
use super::roster::{Liaison, Successor};
use super::terms::Settlement;
use super::text::Text;

/// Writes one walk over an act's texts, once for `&Text` and once for `&mut Text`: the match stays exhaustive and
/// there is one of it.
macro_rules! walk {
    ($act_texts:ident, $report_texts:ident, $file_texts:ident, $inner:path, $iter:ident $(, $mutable:tt)?) => {
        #[expect(clippy::too_many_lines, reason = "every act has its line")]
        fn $act_texts(act: &$($mutable)? Act) -> Vec<&$($mutable)? Text> {
            match act {
                Act::Paused { reason, .. }
                | Act::DigestCorrected { reason, .. }
                | Act::AssignmentRevoked { reason, .. } => vec![reason],
                Act::Assigned(item) => {
                    let Assignment { what, origin, .. } = $inner(item);
                    let mut texts = vec![what];
                    if let Origin::Other(words) = origin {
                        texts.push(words);
                    }
                    texts
                }
                Act::LiaisonNamed(liaison) => {
                    let Liaison { name, post, .. } = $inner(liaison);
                    vec![name, post]
                }
                Act::Replaced { successor, .. } => match successor {
                    Successor::New { name, post } => vec![name, post],
                    Successor::Known(_) => Vec::new(),
                },
                Act::UnitChanged(changed) => vec![&$($mutable)? $inner(changed).basis],
                Act::MeetingCalled(meeting) => {
                    let Meeting { topic, place, .. } = $inner(meeting);
                    let mut texts = vec![topic];
                    texts.extend(place);
                    texts
                }
                Act::ProjectAdded(project) => vec![&$($mutable)? $inner(project).name],
                Act::Supplemented { words, .. } => vec![words],
                Act::ExtensionRequested { reason, progress, .. } => {
                    let mut texts = vec![reason];
                    texts.extend(progress);
                    texts
                }
                Act::ExtensionDeclined { reason, .. }
                | Act::Returned { reason, .. }
                | Act::Reopened { reason, .. }
                | Act::Frozen { reason, .. } => vec![reason],
                Act::ClosureProposed { words, evidence, .. } => {
                    let mut texts: Vec<_> = words.$iter().collect();
                    texts.extend(evidence.$iter().flat_map($file_texts));
                    texts
                }
                Act::TermsSettled { how, basis, .. } => {
                    let words = match how {
                        Settlement::InWords { words, .. } => Some(words),
                        Settlement::AsProposed(_) | Settlement::Changed { .. } => None,
                    };
                    words.into_iter().chain(basis).collect()
                }
                Act::Answered(report) => $report_texts($inner(report)),
                Act::Hinted { words, .. } => words.$iter().collect(),
                Act::CoSigned(signed) => match &$($mutable)? signed.how {
                    CoSignature::Supplemented(words) | CoSignature::Objected(words) => vec![words],
                    CoSignature::Agreed => Vec::new(),
                },
                Act::MatterAnswered(answered) => answered.words.$iter().collect(),
                Act::SlipSent(sent) => sent.words.$iter().collect(),
                Act::Redacted(redacted) => vec![&$($mutable)? $inner(redacted).reason],
                Act::Adopted { .. }
                | Act::AdoptionOffered { .. }
                | Act::AdoptionDeclined { .. }
                | Act::GroupBound { .. }
                | Act::GroupMigrated { .. }
                | Act::GroupLost { .. }
                | Act::TopicLost { .. }
                | Act::Invited { .. }
                | Act::InviteWithdrawn { .. }
                | Act::BindingRequested { .. }
                | Act::BindingDeclined { .. }
                | Act::Bound { .. }
                | Act::Unbound { .. }
                | Act::OfficeGranted { .. }
                | Act::Reachable { .. }
                | Act::Unreachable { .. }
                | Act::WentLive
                | Act::Resumed
                | Act::Snoozed { .. }
                | Act::FollowUp { .. }
                | Act::HintDecided { .. }
                | Act::MatterSettled(_)
                | Act::SlipDrafted(_)
                | Act::SlipHeld(_)
                | Act::SlipTold(_)
                | Act::Closed { .. }
                | Act::DueSet { .. }
                | Act::ExtensionGranted { .. }
                | Act::RequestWithdrawn { .. }
                | Act::Unfrozen { .. }
                | Act::Ended { .. }
                | Act::DigestPosted { .. }
                | Act::DigestWithheld { .. }
                | Act::WasDown { .. }
                | Act::Restored(_)
                | Act::FinishAsked
                | Act::FinishDeclined
                | Act::Finished
                | Act::AwaySet(_)
                | Act::AwayEnded { .. }
                | Act::LiaisonDecided { .. }
                | Act::LiaisonEnded { .. }
                | Act::RosterUndone { .. }
                | Act::SecrecyShown { .. }
                | Act::EvidenceKept(_)
                | Act::EvidenceNotKept(_)
                | Act::Acknowledged { .. }
                | Act::MeetingEnded { .. }
                | Act::ProjectMoved { .. } => Vec::new(),
            }
        }

        fn $report_texts(report: &$($mutable)? ProgressReport) -> Vec<&$($mutable)? Text> {
            // Every field is named, so that a new text cannot be forgotten.
            let ProgressReport {
                done, issues, next_steps, support_needed, evidence, baseline,
                task: _, period: _, value: _, judgement: _, next_date: _, unchanged: _, late: _, corrects: _, hinted_by: _, on_behalf_of: _,
            } = report;
            let mut texts: Vec<_> = done.$iter().chain(issues).chain(next_steps).collect();
            texts.extend(support_needed.$iter().map(|need| &$($mutable)? need.what));
            texts.extend(evidence.$iter().flat_map($file_texts));
            match baseline {
                Some(BaselineAnswer::NotReached { reason, .. }) => texts.push(reason),
                Some(BaselineAnswer::Reached { .. }) | None => {}
            }
            texts
        }

        fn $file_texts(file: &$($mutable)? Attachment) -> Vec<&$($mutable)? Text> {
            let Attachment { file_id, file_unique_id, name, mime: _, size: _ } = file;
            let mut texts = Vec::new();
            for id in [file_id, file_unique_id] {
                match id {
                    FileId::Apart(text) => texts.push(text),
                    FileId::Within(_) => {}
                }
            }
            texts.extend(name);
            texts
        }
    };
}

walk!(texts_of, texts_of_report, texts_of_file, Arc::as_ref, iter);
walk!(
    texts_mut_of,
    texts_mut_of_report,
    texts_mut_of_file,
    Arc::make_mut,
    iter_mut,
    mut
);

impl Act {
    /// Its free texts, in the order of its fields.
    pub fn texts(&self) -> Vec<&Text> {
        texts_of(self)
    }

    /// The same, to put stored bodies back.
    pub fn texts_mut(&mut self) -> Vec<&mut Text> {
        texts_mut_of(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{Judgement, SupportNeed, Value};

    fn text(words: &str) -> Text {
        Text::new(words, [1; 16])
    }

    fn full_report() -> Act {
        let file = |name| Attachment {
            file_id: FileId::new("id", [1; 16]),
            file_unique_id: FileId::new("unique", [1; 16]),
            name,
            mime: "image/jpeg".to_owned(),
            size: None,
        };
        Act::Answered(std::sync::Arc::new(ProgressReport {
            task: "i-6-1".into(),
            period: "2026-11".to_owned(),
            value: Value::None,
            judgement: Judgement::Blocked,
            done: Some(text("并网试运行")),
            issues: Some(text("接电")),
            next_steps: Some(text("完成最后1座")),
            next_date: None,
            support_needed: Some(SupportNeed {
                unit: None,
                what: text("供电"),
            }),
            evidence: vec![file(None), file(Some(text("验收单.pdf")))],
            baseline: Some(BaselineAnswer::NotReached {
                reason: text("管材到货晚"),
                wanted: None,
            }),
            unchanged: false,
            late: false,
            corrects: None,
            hinted_by: None,
            on_behalf_of: None,
        }))
    }

    #[test]
    fn a_report_has_its_texts_in_order() {
        let act = full_report();
        let words: Vec<_> = act.texts().iter().map(|text| text.body()).collect();
        let expected = [
            "并网试运行",
            "接电",
            "完成最后1座",
            "供电",
            "id",
            "unique",
            "id",
            "unique",
            "验收单.pdf",
            "管材到货晚",
        ];
        assert_eq!(words, expected.map(Some));
    }

    #[test]
    fn texts_come_back_into_an_act_read_from_json() {
        let written = full_report();
        let json = serde_json::to_string(&written).unwrap();
        let mut read: Act = serde_json::from_str(&json).unwrap();
        assert!(read.texts().iter().all(|text| text.body().is_none()));
        for (blank, text) in read.texts_mut().into_iter().zip(written.texts()) {
            assert!(blank.restore(text.salt(), text.body().unwrap().to_owned()));
        }
        assert_eq!(read, written);
    }
}
