//! The pinned status message (置顶状态): short, edited in place, with what is sent next.

use super::query::{state, summary};
use super::{Html, Message, Scene, naming};
use crate::calendar;
use crate::conversation::{PlannedKind, PlannedSend};
use crate::digest::status;

/// Planned sends that are named.
const MOST_NEXT: usize = 2;

/// The pinned status: where things stand, whether it is live or paused, and the next planned sends.
pub fn post(scene: &Scene<'_>, next: &[PlannedSend]) -> Message {
    let status = status(scene.frame, scene.standing, scene.now);
    let mut html = Html::new()
        .bold(&scene.frame.plan.task_force.short_name)
        .html(&state(scene));
    for line in summary(&status) {
        html = html.line().text(line);
    }
    if scene.standing.live_since.is_some() && scene.standing.pause.is_none() {
        for send in next.iter().take(MOST_NEXT) {
            html = html.line().text(planned(scene, send));
        }
        if next.is_empty() {
            html = html.line().text("近期没有计划发送");
        }
    }
    let at = calendar::local(scene.now).format("%-m月%-d日 %H:%M");
    Message::text(html.line().text(format!("更新于 {at} · 详情发 /status")))
}

/// 下次：11月27日 周五 16:00 周报.
fn planned(scene: &Scene<'_>, send: &PlannedSend) -> String {
    let today = calendar::date_of(scene.now);
    let day = calendar::date_of(send.at);
    let time = calendar::local(send.at).format("%H:%M");
    let what = match send.what {
        PlannedKind::Digest => "周报".to_owned(),
        PlannedKind::Reminder => format!("进展提醒（{}人）", send.people.len()),
        PlannedKind::Meeting => format!("会议提醒（{}人）", send.people.len()),
        PlannedKind::Other => "其他通知".to_owned(),
    };
    let date = naming::day(day, today);
    format!("下次：{date} {} {time} {what}", naming::weekday(day))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::BotAccount;
    use crate::ledger::Act;
    use crate::ledger::testing::{self, Story, at, rushan};

    fn shown(story: &Story<'_>, when: &str, next: &[PlannedSend]) -> String {
        let bot = BotAccount {
            id: 1,
            username: "duban_bot".to_owned(),
        };
        let standing = story.standing_at(when);
        let scene = Scene {
            frame: story.frame,
            standing: &standing,
            now: at(when),
            bot: &bot,
        };
        post(&scene, next).html()
    }

    fn sends() -> [PlannedSend; 2] {
        let send = |when, what, people: &[&str]| PlannedSend {
            at: at(when),
            what,
            people: people.iter().map(|person| (*person).into()).collect(),
            tasks: 3,
        };
        [
            send(
                "2026-11-26 09:00",
                PlannedKind::Reminder,
                &["li-junqing", "sun-jing"],
            ),
            send("2026-11-27 16:00", PlannedKind::Digest, &[]),
        ]
    }

    #[test]
    fn the_pinned_status_names_what_is_sent_next() {
        let story = Story::live(rushan());
        insta::assert_snapshot!(shown(&story, "2026-11-24 09:40", &sends()), @r"
        <b>推动设备更新和以旧换新</b>
        29项目标：⚪ 29
        16项举措：⚪ 16
        本期应反馈14个单位，已反馈0
        下次：11月26日 周四 09:00 进展提醒（2人）
        下次：11月27日 周五 16:00 周报
        更新于 11月24日 09:40 · 详情发 /status
        ");
    }

    #[test]
    fn before_golive_and_in_a_pause_it_says_so_and_plans_nothing() {
        let story = Story::new(rushan());
        insta::assert_snapshot!(shown(&story, "2026-11-21 09:40", &sends()), @r"
        <b>推动设备更新和以旧换新</b>
        尚未正式启用，暂不提醒。
        29项目标：⚪ 29
        16项举措：⚪ 16
        更新于 11月21日 09:40 · 详情发 /status
        ");
        let mut story = Story::live(rushan());
        story.now("2026-11-25 09:00");
        let reason = testing::text("换届<期间>");
        let until = Some(testing::day("2026-12-04"));
        story.by("luan-pin", Act::Paused { reason, until });
        let paused = shown(&story, "2026-11-26 09:40", &sends());
        assert!(
            paused.contains("主动发送已暂停，至12月4日：换届&lt;期间&gt;"),
            "{paused}"
        );
        assert!(!paused.contains("下次"), "{paused}");
    }
}
