//! Doubts of a draft in words: the question with its reason, and a proposal.

use crate::import::{ChiefBasis, Why};

/// Most people named in one line.
const MOST_PEOPLE: usize = 6;

/// The question, without where it comes from.
pub(super) fn question(why: &Why) -> String {
    match why {
        Why::ChiefUnnamed { basis, .. } => match basis {
            ChiefBasis::OfficeUnit(unit) => {
                format!("方案未写明专班办公室主任姓名，只写明办公室设在{unit}。")
            }
            ChiefBasis::First => {
                "方案未写明专班办公室主任，也未写明办公室设在哪个单位。".to_owned()
            }
            ChiefBasis::Nobody => "方案没有专班名单，办公室主任待定。".to_owned(),
            ChiefBasis::Older(reason) => reason.clone(),
        },
        Why::NoDate => "方案没有印发日期，开始日是推定的。".to_owned(),
        Why::ForceNamed => "方案没有写明专班名称，由标题推定。".to_owned(),
        Why::NoEnd => "方案没有写任何完成时限，结束日暂定为当年年底。".to_owned(),
        Why::NoClause { .. } => "这一项没有写明责任单位。".to_owned(),
        Why::LeadInferred { .. } => "这一项没有写明牵头单位，只写了责任单位。".to_owned(),
        Why::AndOthers => "责任单位写到“等”为止，没有列全。".to_owned(),
        Why::Vague { name } => format!("责任单位只写“{name}”，未列名称。"),
        Why::OddUnit { name } => format!("“{name}”不像单位名称，没有列入。"),
        Why::OddEverywhere { name } => {
            format!("总的规定里的“{name}”不像单位名称，没有列入各项。")
        }
        Why::GeneralLead { .. } => "总体目标未写明填报单位。".to_owned(),
        Why::SeveralLeads { leads, .. } => {
            format!("这一项由{leads}个单位牵头，方案未写明这个目标由谁填报。")
        }
        Why::NoDue => "方案未写明完成时限。".to_owned(),
        Why::YearInferred => "时限没有写年份，按方案印发日期推定。".to_owned(),
        Why::BaseUnknown { year } => format!("目标与{year}年相比，方案未给出{year}年基数。"),
        Why::BaseInferred { year } => {
            format!("目标与上年相比，未写年份，按{year}年推定，也未给出基数。")
        }
        Why::Striven => "写的是“力争”，未必是硬指标。".to_owned(),
        Why::Below => "写的是“低于”，按“不高于”处理。".to_owned(),
        Why::LowerEnd => "写的是一个范围，取下限。".to_owned(),
        Why::FlowOrStock => "未说明是当年数还是累计数，按当年累计推定。".to_owned(),
        Why::About => "写的是“约”，没有给出范围。".to_owned(),
        Why::Ratio => "目标是比值，未说明两个量的统计期。".to_owned(),
        Why::Twice { other } => {
            format!("与 {other} 数值、时限相同，名称相近，疑为同一目标写了两次。")
        }
        Why::NobodyOfUnit => "该单位牵头举措，专班名单里没有该单位的人。".to_owned(),
        Why::CollectiveUnit => "该单位泛指多个单位，专班名单里没有它的人。".to_owned(),
        Why::IdleUnit => "该单位在名单里，没有承担任何举措。".to_owned(),
        Why::MaybeSame { other } => format!("名称与“{other}”相近，可能是同一单位。"),
        Why::SpelledOtherwise { name, .. } => format!("名单里写“{name}”，与任务分工的名称不一致。"),
        Why::StandsFor { name, .. } => format!("该单位在名单里没有人，名单里有“{name}”。"),
        Why::UnitUnknown { people } => {
            let shown: Vec<_> = people
                .iter()
                .take(MOST_PEOPLE)
                .map(String::as_str)
                .collect();
            let more = if people.len() > MOST_PEOPLE {
                format!("等{}人", people.len())
            } else {
                String::new()
            };
            format!("名单里没有写明{}{more}所在的单位。", shown.join("、"))
        }
        Why::Older { question, .. } => question.clone(),
    }
}

/// The proposal.
pub(super) fn proposal(why: &Why) -> String {
    match why {
        Why::ChiefUnnamed { proposed, basis } => match basis {
            ChiefBasis::Nobody => "请补上名单，并改写 office_chief。".to_owned(),
            ChiefBasis::OfficeUnit(_) | ChiefBasis::First | ChiefBasis::Older(_) => {
                format!("由{proposed}任办公室主任。")
            }
        },
        Why::NoDate => "请改为方案印发的日期。".to_owned(),
        Why::ForceNamed => "请改为专班的正式名称。".to_owned(),
        Why::NoEnd => "请补上方案的结束日。".to_owned(),
        Why::NoClause { unit } | Why::LeadInferred { unit } => format!("由{unit}牵头。"),
        Why::AndOthers => "按已列出的单位管理，其他单位需要时由办公室交办。".to_owned(),
        Why::Vague { .. } => "由牵头单位填报，其他单位需要时由办公室交办。".to_owned(),
        Why::OddUnit { .. } => "如是单位，请补入责任单位。".to_owned(),
        Why::OddEverywhere { .. } => "如是单位，请补入各项的责任单位。".to_owned(),
        Why::GeneralLead { unit } | Why::SeveralLeads { unit, .. } => format!("由{unit}填报。"),
        Why::NoDue => "以方案期末为完成时限，其间按期填报。".to_owned(),
        Why::YearInferred => "按推定的日期为完成时限。".to_owned(),
        Why::BaseUnknown { .. } | Why::BaseInferred { .. } => {
            "不填基数，直接填报增减的幅度。".to_owned()
        }
        Why::Striven => "按目标管理，未达到时由填报单位说明。".to_owned(),
        Why::Below => "按不高于该数值管理。".to_owned(),
        Why::LowerEnd => "达到下限即为完成。".to_owned(),
        Why::FlowOrStock => "按当年累计计算；如为历年累计，请把 kind 改为 stock。".to_owned(),
        Why::About => "“约”按上下5%掌握。".to_owned(),
        Why::Ratio => "按当年累计计算，填比值的前项，例如0.75即0.75:1。".to_owned(),
        Why::Twice { .. } => "两处为同一数字，填一次两处共用。".to_owned(),
        Why::NobodyOfUnit => "由办公室联系该单位确定填报人。".to_owned(),
        Why::CollectiveUnit => "不例行提醒，进展由牵头单位汇总，需要时由办公室交办。".to_owned(),
        Why::IdleUnit => "不例行提醒，只参与交办和协调事项。".to_owned(),
        Why::MaybeSame { other } => {
            format!("分列两个单位；如是同一单位，请并入“{other}”，名称列为别名。")
        }
        Why::SpelledOtherwise { person, .. } => format!("视为同一单位，由{person}填报。"),
        Why::StandsFor { person, .. } => format!("由{person}代表该单位填报。"),
        Why::Older { proposal, .. } => proposal.clone(),
        Why::UnitUnknown { .. } => "请在名单中写明各人所在的单位。".to_owned(),
    }
}
