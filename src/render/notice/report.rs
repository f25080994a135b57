//! The report to the office (周一报告): at most two screens of a phone, and nothing of what is in order.

use chrono::{DateTime, Utc};

use super::words;
use crate::calendar;
use crate::conversation::PlannedSend;
use crate::digest::{Failure, Sent, Week};
use crate::ledger::{NotKept, Own};
use crate::plan::PersonId;
use crate::render::{Html, Message, Scene, item, meeting, naming, office};

/// Characters of names in one line.
const MOST_NAMES: usize = 40;
/// Decisions named in one line.
const MOST_OWN: usize = 3;
/// Meetings of the week ahead that are named.
const MOST_MEETINGS: usize = 4;
/// Sends of the week ahead that are listed.
const MOST_SENDS: usize = 6;

/// The week behind and the one ahead. `pings` are those of the week behind, of everybody who had more than one.
pub fn report(
    scene: &Scene<'_>,
    week: &Week,
    sent: &Sent,
    pings: &[(PersonId, usize)],
    ahead: &[PlannedSend],
) -> Message {
    let today = calendar::date_of(scene.now);
    let (from, to) = (naming::day(week.from, today), naming::day(week.to, today));
    let mut html = Html::new()
        .bold("每周报告")
        .text(format!(" · 上周（{from}至{to}）"));
    for line in behind(scene, week, sent, pings) {
        html = html.line().text(line);
    }
    if !week.meetings.is_empty() {
        html = html.line().line().bold("本周会议");
        for line in meetings(scene, week) {
            html = html.line().text(line);
        }
    }
    html = html.line().line().bold("本周计划发送");
    for send in ahead.iter().take(MOST_SENDS) {
        html = html.line().text(office::planned_line(scene, send));
    }
    if ahead.len() > MOST_SENDS {
        let rest = format!("另有{}次", ahead.len() - MOST_SENDS);
        html = html.line().text(rest);
    }
    if ahead.is_empty() {
        html = html.line().text("没有计划发送的内容。");
    }
    Message::text(html)
}

fn meetings(scene: &Scene<'_>, week: &Week) -> Vec<String> {
    let called = week.meetings.iter().take(MOST_MEETINGS);
    let called = called.filter_map(|seq| scene.standing.meeting(*seq));
    let mut lines: Vec<String> = called.map(|one| meeting::name(scene, one)).collect();
    if week.meetings.len() > MOST_MEETINGS {
        lines.push(format!("另有{}次", week.meetings.len() - MOST_MEETINGS));
    }
    lines
}

fn behind(scene: &Scene<'_>, week: &Week, sent: &Sent, pings: &[(PersonId, usize)]) -> Vec<String> {
    let slips = match sent.slips {
        0 => String::new(),
        slips => format!("，督办单{slips}份"),
    };
    let mut lines = vec![
        format!(
            "发出：提醒{}条，周报{}期{slips}",
            sent.reminders, sent.digests
        ),
        answered(week),
    ];
    if !sent.failed.is_empty() {
        let failed = sent.failed.iter();
        let failed: Vec<String> = failed
            .map(|(why, count)| format!("{}{count}条", failure(*why)))
            .collect();
        lines.push(format!("未送达：{}", failed.join("，")));
    }
    if sent.unknown > 0 {
        lines.push(format!(
            "发送结果不明：{}条，请点私聊里的按钮确认",
            sent.unknown
        ));
    }
    lines.extend(evidence(week));
    lines.extend(week.pauses.iter().map(|pause| paused(scene, *pause)));
    lines.extend(named(scene, "私聊联系不上", &week.unreachable, ""));
    lines.extend(named(scene, "未登记", &week.unbound, "（/invite）"));
    if !pings.is_empty() {
        let counted = pings.iter();
        let counted: Vec<String> = counted
            .map(|(person, count)| format!("{}{count}次", naming::person(scene.frame, person)))
            .collect();
        let people = item::some(&counted, "、", MOST_NAMES, "人");
        lines.push(format!("响铃提醒多于1次（上限2次）：{people}"));
    }
    lines.extend(own(scene, week));
    lines.extend(
        week.provisional
            .map(|year| format!("{year}年还没有放假安排，暂按周末和法定节假日推算，请更新放假表")),
    );
    lines
}

fn answered(week: &Week) -> String {
    let corrections = match week.corrections {
        0 => String::new(),
        count => format!("，更正{count}条"),
    };
    match week.answers {
        0 => format!("收到：没有填报{corrections}"),
        count => format!("收到：{}个单位填报{count}条{corrections}", week.units),
    }
}

/// 佐证材料：存档5个；未存2个（文件过大1个，原件已失效1个）
fn evidence(week: &Week) -> Option<String> {
    let count: usize = week.not_kept.iter().map(|(_, count)| count).sum();
    let why = week.not_kept.iter();
    let why: Vec<String> = why
        .map(|(why, count)| format!("{}{count}个", not_kept(*why)))
        .collect();
    let why = why.join("，");
    match (week.kept, count) {
        (0, 0) => None,
        (kept, 0) => Some(format!("佐证材料：存档{kept}个")),
        (0, count) => Some(format!("佐证材料：未存{count}个（{why}）")),
        (kept, count) => Some(format!("佐证材料：存档{kept}个；未存{count}个（{why}）")),
    }
}

fn not_kept(why: NotKept) -> &'static str {
    match why {
        NotKept::TooLarge => "文件过大",
        NotKept::Gone => "原件已失效",
        NotKept::Unreachable => "下载未成功",
    }
}

fn failure(why: Failure) -> &'static str {
    match why {
        Failure::PersonGone => "对方停用或未打开私聊",
        Failure::GroupGone => "不在工作群",
        Failure::Refused => "Telegram 拒收",
    }
}

fn paused(scene: &Scene<'_>, (from, to): (DateTime<Utc>, Option<DateTime<Utc>>)) -> String {
    let today = calendar::date_of(scene.now);
    let from = words::date_and_time(from, today);
    match to {
        Some(to) => format!("暂停发送：{from}至{}", words::date_and_time(to, today)),
        None => format!("暂停发送：{from}起"),
    }
}

fn named(scene: &Scene<'_>, what: &str, people: &[PersonId], how: &str) -> Option<String> {
    let names: Vec<String> = people
        .iter()
        .map(|person| naming::person(scene.frame, person))
        .collect();
    let shown = item::some(&names, "、", MOST_NAMES, "人");
    (!names.is_empty()).then(|| format!("{what}{}人：{shown}{how}", names.len()))
}

fn own(scene: &Scene<'_>, week: &Week) -> Option<String> {
    let shown = week.own.iter().take(MOST_OWN).map(|own| {
        let what = match &own.on {
            Own::Item(task) => naming::task(scene.frame, task),
            Own::Liaison(seq) => format!("第{seq}号联络员提名"),
        };
        let by = naming::actor(scene.frame, &own.by);
        format!("第{}号 {what}（{by}）", own.seq)
    });
    let shown: Vec<String> = shown.collect();
    let count = week.own.len();
    (count > 0).then(|| format!("自办自批{count}件：{}", shown.join("；")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::{BotAccount, PlannedKind};
    use crate::digest;
    use crate::ledger::testing::{Story, at, attached, day, liaison, report as said, rushan};
    use crate::ledger::{Act, Fetched, FileRef, Judgement, OwnDecisions, Standing, Value};
    use crate::plan::Hash;

    /// One who could not be reached, one who filed and decided, a digest nobody knows of.
    fn story() -> Story<'static> {
        let mut story = Story::live(rushan());
        story.now("2026-11-24 10:00");
        let mut filed = said("15-1", Value::None, Judgement::Normal);
        filed.evidence = vec![attached(None); 3];
        let seq = story.by("luan-pin", Act::Answered(filed.into()));
        let (task, due) = ("15-1".into(), day("2027-03-31"));
        story.by("luan-pin", Act::DueSet { task, due });
        let kept = Fetched::Kept {
            sha256: Hash::of(b"content"),
            size: 7,
        };
        let (large, gone) = (NotKept::TooLarge, NotKept::Gone);
        let fetched = [kept, Fetched::Not(large), Fetched::Not(gone)];
        for (index, fetched) in fetched.into_iter().enumerate() {
            story.act(FileRef { seq, index }.act(fetched));
        }
        story
    }

    fn week(story: &Story<'_>, standing: &Standing) -> Week {
        let mut own = OwnDecisions::default();
        for entry in &story.entries {
            own.take(story.frame, entry);
        }
        digest::week(story.frame, standing, own.found, day("2026-11-30"))
    }

    #[test]
    fn a_liaison_confirmed_by_whoever_named_them_is_told() {
        let mut story = Story::live(rushan());
        story.now("2026-11-24 10:00");
        let named = story.by("luan-pin", liaison("luan-pin"));
        let accepted = Act::LiaisonDecided {
            liaison: named,
            accepted: true,
        };
        story.by("luan-pin", accepted);
        let standing = story.standing();
        let bot = bot();
        let scene = scene(&story, &standing, &bot);
        let told = own(&scene, &week(&story, &standing));
        assert_eq!(
            told.as_deref(),
            Some("自办自批1件：第5号 第4号联络员提名（栾频）")
        );
    }

    fn bot() -> BotAccount {
        BotAccount {
            id: 1,
            username: "duban_bot".to_owned(),
        }
    }

    fn scene<'a>(story: &'a Story<'_>, standing: &'a Standing, bot: &'a BotAccount) -> Scene<'a> {
        Scene {
            frame: story.frame,
            standing,
            now: at("2026-11-30 08:30"),
            bot,
        }
    }

    #[test]
    fn a_week_with_everything_wrong_fits_two_screens() {
        let story = story();
        let standing = story.standing();
        let week = week(&story, &standing);
        let bot = bot();
        let scene = scene(&story, &standing, &bot);
        let sent = Sent {
            reminders: 31,
            digests: 1,
            slips: 2,
            failed: vec![(Failure::PersonGone, 2), (Failure::Refused, 1)],
            unknown: 1,
        };
        let digest = PlannedSend {
            at: at("2026-12-04 16:00"),
            what: PlannedKind::Digest,
            people: Vec::new(),
            tasks: 0,
        };
        let pings = [("li-junqing".into(), 2)];
        let told = report(&scene, &week, &sent, &pings, &[digest]).html();
        insta::assert_snapshot!(told, @r"
        <b>每周报告</b> · 上周（11月23日至11月29日）
        发出：提醒31条，周报1期，督办单2份
        收到：1个单位填报1条
        未送达：对方停用或未打开私聊2条，Telegram 拒收1条
        发送结果不明：1条，请点私聊里的按钮确认
        佐证材料：存档1个；未存2个（文件过大1个，原件已失效1个）
        未登记25人：刘培根、张新龙、栾频、孙洪斌、高伟、宋校政、刘浩、于晓蓉、杨勇、李俊卿、赵春晖等25人（/invite）
        响铃提醒多于1次（上限2次）：李俊卿2次
        自办自批1件：第5号 15-1 恒邦综合回收项目开工（栾频）
        2027年还没有放假安排，暂按周末和法定节假日推算，请更新放假表

        <b>本周计划发送</b>
        12月4日 周五 16:00 工作周报（群内）
        ");
        let lines: usize = told
            .lines()
            .map(|line| line.chars().count().div_ceil(18))
            .sum();
        assert!(lines <= 24, "{lines} lines of a phone");
    }
}
