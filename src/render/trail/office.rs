//! Requests, co-signatures, matters and slips in the trail of an item. Reasons that are for one person alone are not repeated here.

use chrono::NaiveDate;

use super::files::files;
use super::lines::body;
use crate::calendar;
use crate::ledger::{Act, CoSignature, Frame, LedgerEntry, ProjectStage, SlipColour};
use crate::render::assign::stage;
use crate::render::{Scene, naming};

/// Extensions, closures, reopening, freezing.
pub(super) fn requested(scene: &Scene<'_>, entry: &LedgerEntry) -> Vec<String> {
    let today = calendar::date_of(scene.now);
    let day = |date: &NaiveDate| naming::day(*date, today);
    match &entry.act {
        Act::ExtensionRequested {
            wanted,
            reason,
            progress,
            expired,
            ..
        } => {
            let late = if *expired { "（已逾期）" } else { "" };
            let mut lines = vec![format!("申请延期至{}{late}", day(wanted))];
            lines.push(format!("理由：{}", body(reason)));
            lines.extend(
                progress
                    .as_ref()
                    .map(|text| format!("目前进展：{}", body(text))),
            );
            lines
        }
        Act::ExtensionGranted { request, due, .. } => {
            vec![format!("同意第{request}号申请，延期至{}", day(due))]
        }
        Act::ExtensionDeclined { request, .. } => {
            vec![format!("不同意第{request}号申请，理由已告申请人")]
        }
        Act::ClosureProposed { words, .. } => {
            let mut lines = vec!["申请办结".to_owned()];
            lines.extend(words.as_ref().map(|text| format!("说明：{}", body(text))));
            lines.extend(files(scene, entry));
            lines
        }
        Act::Returned { request, .. } => vec![format!("退回第{request}号申请，理由已告申请人")],
        Act::RequestWithdrawn { request, .. } => vec![format!("撤回第{request}号申请")],
        Act::Reopened { reason, .. } => vec![format!("恢复办理：{}", body(reason))],
        Act::Frozen { until, reason, .. } => {
            vec![format!("挂账至{}：{}", day(until), body(reason))]
        }
        Act::Unfrozen { .. } => vec!["解除挂账".to_owned()],
        _ => Vec::new(),
    }
}

/// Assigned items and projects.
pub(super) fn assigned(act: &Act, today: NaiveDate) -> Vec<String> {
    match act {
        Act::Assigned(item) => {
            let due = item.due.map(|due| naming::day(due, today));
            let due = due.map_or_else(|| "长期".to_owned(), |due| format!("{due}前"));
            vec![format!("交办（{due}）"), body(&item.what)]
        }
        Act::Acknowledged { .. } => vec!["签收".to_owned()],
        Act::AssignmentRevoked { reason, .. } => vec![format!("撤销交办：{}", body(reason))],
        Act::ProjectAdded(project) => vec![format!("列入项目库：{}", body(&project.name))],
        Act::ProjectMoved { to, next, .. } => {
            let after = to.and_then(ProjectStage::next).map_or("", stage);
            let next = next.map(|next| format!("，预计{}{after}", naming::day(next, today)));
            vec![match to {
                Some(to) => format!("{}阶段{}", stage(*to), next.unwrap_or_default()),
                None => "移出项目库".to_owned(),
            }]
        }
        _ => Vec::new(),
    }
}

/// Co-signing, coordination, supervision slips.
pub(super) fn overseen(frame: &Frame, act: &Act) -> Vec<String> {
    let line = match act {
        Act::CoSigned(signed) => {
            let unit = naming::unit(frame, &signed.unit);
            let report = signed.report;
            match &signed.how {
                CoSignature::Agreed => format!("{unit}会签第{report}号：同意"),
                CoSignature::Supplemented(words) => {
                    format!("{unit}会签第{report}号：补充，{}", body(words))
                }
                // An objection goes to the office and the author alone.
                CoSignature::Objected(_) => format!("{unit}会签第{report}号：异议"),
            }
        }
        Act::MatterAnswered(answered) => {
            let how = match answered.helped {
                true => "已协助",
                false => "需上级协调",
            };
            let words = answered.words.as_ref().map(body);
            let words = words.map_or_else(String::new, |words| format!("：{words}"));
            format!("第{}号协调事项{how}{words}", answered.matter)
        }
        Act::MatterSettled(settled) => match settled.settled {
            true => format!("第{}号协调事项已解决", settled.matter),
            false => format!("第{}号协调事项仍未解决", settled.matter),
        },
        Act::SlipDrafted(drafted) => format!("拟督办单（{}）", colour(drafted.colour)),
        Act::SlipSent(sent) => {
            format!(
                "发出督办单第{}号，致{}",
                sent.number,
                naming::unit(frame, &sent.unit)
            )
        }
        Act::SlipHeld(held) => match held.withdrawn {
            true => "督办单已不需要，撤销".to_owned(),
            false => "督办单暂缓".to_owned(),
        },
        Act::SlipTold(_) => "红色督办单报告副组长".to_owned(),
        _ => return Vec::new(),
    };
    vec![line]
}

fn colour(colour: SlipColour) -> &'static str {
    match colour {
        SlipColour::Blue => "蓝",
        SlipColour::Yellow => "黄",
        SlipColour::Red => "红",
    }
}
