//! What the clerk reads of `duban preview`: every slot with day, kind, people and why, and pings by person and week.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::naming;
use crate::calendar;
use crate::ledger::Frame;
use crate::plan::PersonId;
use crate::schedule::{Assume, Notice, NoticeItem, NoticeKind, NoticeTo, Preview, Why};

/// The whole preview, a line each.
pub fn preview(
    frame: &Frame,
    preview: &Preview,
    from: NaiveDate,
    to: NaiveDate,
    assume: Assume,
) -> Vec<String> {
    let assumed = match assume {
        Assume::Silent => "假定无人反馈",
        Assume::Punctual => "假定人人收到即反馈",
    };
    let name = &frame.plan.task_force.name;
    let mut lines = vec![format!("{name}：{from} 至 {to} 的发送计划（{assumed}）")];
    lines.extend(provisional(&preview.provisional));
    let mut slots: BTreeMap<_, Vec<&Notice>> = BTreeMap::new();
    for notice in &preview.notices {
        slots.entry(notice.at).or_default().push(notice);
    }
    for (at, notices) in slots {
        let day = calendar::date_of(at);
        let time = calendar::local(at).format("%H:%M");
        lines.push(String::new());
        lines.push(format!("{day} {} {time}", naming::weekday(day)));
        lines.extend(notices.iter().map(|notice| line(frame, notice)));
    }
    lines.push(String::new());
    lines.extend(totals(frame, preview));
    lines
}

/// Years without a table: what they are reckoned with, and the mend.
pub fn provisional(years: &[i32]) -> Vec<String> {
    let line = |year: &i32| {
        format!(
            "注意：{year}年尚无放假安排，按周末和13个法定节假日暂定，不含调休；公布后请写入 config/holidays/{year}.toml"
        )
    };
    years.iter().map(line).collect()
}

/// Whom, how loud, what and why.
fn line(frame: &Frame, notice: &Notice) -> String {
    let sound = match (notice.silent, notice.pings.len()) {
        (true, _) => "静音".to_owned(),
        (false, 0) => "响铃（本人要求）".to_owned(),
        (false, 1) => "响铃".to_owned(),
        (false, people) => format!("响铃（计{people}人）"),
    };
    let (to, what) = match &notice.kind {
        NoticeKind::GroupPost => ("群".to_owned(), "进展提醒"),
        NoticeKind::Card => (recipient(frame, &notice.to), "卡片"),
        NoticeKind::Digest { number, late, .. } => {
            let late = if *late { "（补发）" } else { "" };
            return format!("  群　第{number}期周报{late}，{sound}");
        }
        NoticeKind::BaselineMissing => ("专班办公室".to_owned(), "未提供初始情况"),
        NoticeKind::Unaskable => ("专班办公室".to_owned(), "没有填报人的事项"),
        NoticeKind::Matters(_) => {
            return format!("  {}　协调事项，{sound}", recipient(frame, &notice.to));
        }
        NoticeKind::CoSign(_) => {
            return format!("  {}　会签，{sound}", recipient(frame, &notice.to));
        }
        NoticeKind::SlipDrafts(_) => return format!("  专班办公室　督办单待定，{sound}"),
        NoticeKind::Slip(_) => {
            return format!("  {}　督办单，{sound}", recipient(frame, &notice.to));
        }
        NoticeKind::SlipsUnanswered(_) => {
            return format!("  专班办公室　红色督办单未反馈，{sound}");
        }
        NoticeKind::SlipTold(_) => {
            return format!(
                "  {}　红色督办单报告，{sound}",
                recipient(frame, &notice.to)
            );
        }
        NoticeKind::RequestsWait { requests } => {
            let to = recipient(frame, &notice.to);
            return format!("  {to}　待批申请，{sound}，{}件", requests.len());
        }
        NoticeKind::FinishOffer { .. } => return format!("  专班办公室　结束工作的提示，{sound}"),
        NoticeKind::OfficeReport { .. } => return format!("  专班办公室　每周报告，{sound}"),
        NoticeKind::Unreceived => ("专班办公室".to_owned(), "交办未签收"),
        NoticeKind::MeetingsHeld(seqs) => {
            return format!(
                "  专班办公室　会议议定事项待交办，{sound}，{}次",
                seqs.len()
            );
        }
        NoticeKind::WasDown { .. } => return format!("  专班办公室　停运说明，{sound}"),
    };
    let count = notice.items.len();
    let meetings = match notice.meetings.len() {
        0 => String::new(),
        meetings if count == 0 => {
            return format!("  {to}　会议提醒，{sound}，{meetings}次");
        }
        meetings => format!("会议提醒{meetings}次，"),
    };
    format!(
        "  {to}　{what}，{sound}，{meetings}{count}项：{}",
        reasons(frame, &notice.items)
    )
}

fn recipient(frame: &Frame, to: &NoticeTo) -> String {
    match to {
        NoticeTo::Group => "群".to_owned(),
        NoticeTo::Office => "专班办公室".to_owned(),
        NoticeTo::Person(person) => naming::person_with_unit(frame, person),
    }
}

/// Items by reason: 本期提醒 m10、m11；12月31日前7天 9-1.
fn reasons(frame: &Frame, items: &[NoticeItem]) -> String {
    let mut reasons: Vec<(String, Vec<String>)> = Vec::new();
    for item in items {
        let (why, task) = (reason(&item.why), label(frame, item));
        match reasons.iter_mut().find(|(known, _)| *known == why) {
            Some((_, tasks)) => tasks.push(task),
            None => reasons.push((why, vec![task])),
        }
    }
    let told = reasons
        .into_iter()
        .map(|(why, tasks)| format!("{why} {}", tasks.join("、")));
    told.collect::<Vec<_>>().join("；")
}

fn label(frame: &Frame, item: &NoticeItem) -> String {
    let task = frame.plan.task(&item.task);
    task.map_or_else(|| item.task.to_string(), |task| task.label.clone())
}

fn reason(why: &Why) -> String {
    match why {
        Why::Rung { due, days: 0 } => format!("{due}到期当日"),
        Why::Rung { due, days } => format!("{due}到期前{days}天"),
        Why::Overdue { due, times } => format!("{due}已逾期，第{times}次"),
        Why::Opens(period) => format!("{period}填报开始"),
        Why::Ping(period) => format!("{period}提醒"),
        Why::LastPing(period) => format!("{period}最后提醒"),
        Why::Baseline(period) => format!("{period}初始台账"),
        Why::FollowUp(_) => "催办".to_owned(),
        Why::NextStep(_) => "下一步到日期".to_owned(),
        Why::Snoozed => "晚些提醒".to_owned(),
        Why::Unfinished => "未填完".to_owned(),
        Why::Unreceived => "未签收".to_owned(),
    }
}

/// Pings by person and week.
fn totals(frame: &Frame, preview: &Preview) -> Vec<String> {
    let (a_week, a_day) = preview.most_pings();
    let settings = &frame.settings;
    let mut lines = vec![format!(
        "响铃合计：单人单日最多{a_day}次（限{}次），单人单周最多{a_week}次（限{}次）",
        settings.pings_a_day, settings.pings_a_week
    )];
    let members = frame.plan.members.iter().map(|member| &member.id);
    let (pinged, spared): (Vec<_>, Vec<_>) =
        members.partition(|person| preview.pings.contains_key(*person));
    lines.extend(
        pinged
            .into_iter()
            .map(|person| person_total(frame, preview, person)),
    );
    if !spared.is_empty() {
        let names = spared.iter().map(|person| naming::person(frame, person));
        let names: Vec<String> = names.collect();
        lines.push(format!("  不响铃{}人：{}", names.len(), names.join("、")));
    }
    lines
}

fn person_total(frame: &Frame, preview: &Preview, person: &PersonId) -> String {
    let weeks = preview.pings.get(person).into_iter().flatten();
    let total: usize = weeks.clone().map(|(_, pings)| pings).sum();
    let by_week: Vec<String> = weeks
        .map(|(monday, pings)| format!("{monday}周{pings}"))
        .collect();
    let name = naming::person_with_unit(frame, person);
    format!("  {name}　{total}次：{}", by_week.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Standing;
    use crate::ledger::testing::{day, rushan};

    fn shown(from: &str, to: &str, assume: Assume) -> String {
        let (from, to) = (day(from), day(to));
        let frame = rushan();
        let planned = crate::schedule::preview(frame, &Standing::default(), from, to, assume);
        preview(frame, &planned, from, to, assume).join("\n")
    }

    #[test]
    fn a_preview_lists_every_slot_with_people_and_reasons() {
        insta::assert_snapshot!(shown("2026-12-28", "2027-01-08", Assume::Silent), @r"
    推动设备更新和以旧换新工作专班：2026-12-28 至 2027-01-08 的发送计划（假定无人反馈）
    注意：2027年尚无放假安排，按周末和13个法定节假日暂定，不含调休；公布后请写入 config/holidays/2027.toml
    
    2026-12-28 周一 08:30
      专班办公室　每周报告，静音
    
    2026-12-28 周一 09:00
      群　进展提醒，静音，3项：2026-12-31到期前3天 9-1；2026-12最后提醒 10、11
      孙婧（市商务局）　卡片，响铃，3项：2026-12-31到期前3天 9-1；2026-12最后提醒 10、11
    
    2026-12-29 周二 09:00
      群　进展提醒，静音，29项：2026-12初始台账 15-1、6-1、6-2、6-3、6-4、5-1、12-1、8-1；2026-12最后提醒 13、14、22、26、7-1、18、2-2、2-3、3-2、1、16、17、19、23、6-5、4-2、8-2、20、21、24、25
      高伟（市科技局）　卡片，响铃，1项：2026-12最后提醒 18
      宫洪波（市市场监管局）　卡片，响铃，2项：2026-12最后提醒 20、21
      宫云山（金融监管支局）　卡片，响铃，1项：2026-12最后提醒 25
      蒋德强（市农业农村局）　卡片，响铃，1项：2026-12最后提醒 4-2
      李俊卿（市住建局）　卡片，响铃，5项：2026-12初始台账 6-1、6-2、6-3、6-4；2026-12最后提醒 6-5
      李松涛（市税务局）　卡片，响铃，1项：2026-12最后提醒 24
      栾频（市发改局）　卡片，响铃，5项：2026-12初始台账 15-1；2026-12最后提醒 13、14、22、26
      宋校政（市工信局）　卡片，响铃，7项：2026-12最后提醒 2-2、2-3、3-2、1、16、17、19
      孙洪斌（市教体局）　卡片，响铃，1项：2026-12最后提醒 7-1
      孙婧（市商务局）　卡片，静音，1项：2026-12初始台账 12-1
      殷宗震（市卫健局）　卡片，响铃，2项：2026-12初始台账 8-1；2026-12最后提醒 8-2
      于晓蓉（市财政局）　卡片，响铃，1项：2026-12最后提醒 23
      赵春晖（市交通局）　卡片，静音，1项：2026-12初始台账 5-1
      专班办公室　没有填报人的事项，静音，8项：2026-12初始台账 总-1、总-2、总-4；2026-12填报开始 总-6、总-7、总-8、总-9、总-10
    
    2026-12-30 周三 09:00
      专班办公室　督办单待定，静音
    
    2026-12-31 周四 09:00
      群　进展提醒，静音，1项：2026-12-31到期当日 9-1
      孙婧（市商务局）　卡片，响铃，1项：2026-12-31到期当日 9-1
    
    2026-12-31 周四 16:00
      群　第1期周报，静音
    
    2027-01-04 周一 08:30
      专班办公室　每周报告，静音
    
    2027-01-08 周五 16:00
      群　第2期周报，静音
    
    响铃合计：单人单日最多1次（限1次），单人单周最多2次（限2次）
      栾频（市发改局）　1次：2026-12-28周1
      孙洪斌（市教体局）　1次：2026-12-28周1
      高伟（市科技局）　1次：2026-12-28周1
      宋校政（市工信局）　1次：2026-12-28周1
      于晓蓉（市财政局）　1次：2026-12-28周1
      李俊卿（市住建局）　1次：2026-12-28周1
      蒋德强（市农业农村局）　1次：2026-12-28周1
      孙婧（市商务局）　2次：2026-12-28周2
      殷宗震（市卫健局）　1次：2026-12-28周1
      宫洪波（市市场监管局）　1次：2026-12-28周1
      李松涛（市税务局）　1次：2026-12-28周1
      宫云山（金融监管支局）　1次：2026-12-28周1
      不响铃13人：刘培根、张新龙、刘浩、杨勇、赵春晖、李强、姜子华、苏国洪、杜超、于福盟、宋波、连晓华、侯世俊
    ");
    }

    #[test]
    fn a_punctual_week_has_no_pings() {
        insta::assert_snapshot!(shown("2026-12-07", "2026-12-11", Assume::Punctual), @r"
    推动设备更新和以旧换新工作专班：2026-12-07 至 2026-12-11 的发送计划（假定人人收到即反馈）
    
    2026-12-07 周一 08:30
      专班办公室　每周报告，静音
    
    2026-12-11 周五 16:00
      群　第1期周报，静音
    
    响铃合计：单人单日最多0次（限1次），单人单周最多0次（限2次）
      不响铃25人：刘培根、张新龙、栾频、孙洪斌、高伟、宋校政、刘浩、于晓蓉、杨勇、李俊卿、赵春晖、蒋德强、李强、孙婧、姜子华、殷宗震、苏国洪、宫洪波、杜超、于福盟、宋波、连晓华、李松涛、宫云山、侯世俊
    ");
    }
}
