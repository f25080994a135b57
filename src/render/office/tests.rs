//! Golden messages of the office, of people and of the group: long names, odd signs, empty and huge lists.

use insta::assert_snapshot;

use super::*;
use crate::conversation::Say;
use crate::conversation::command::{ALL, Command};
use crate::conversation::group::GroupSay;
use crate::conversation::office::{
    AdoptionSay, BaselineSay, BaselineTask, LiveSay, TermsSay, offer_of,
};
use crate::conversation::people::{LinkSay, PeopleSay};
use crate::conversation::query::QuerySay;
use crate::conversation::testing::{Stage, changed, words};
use crate::ledger::{Account, Initial};
use crate::plan::{PersonId, Why};

fn stage() -> Stage {
    Stage::live()
}

#[test]
fn an_unknown_outcome_names_what_may_have_arrived_and_where_to_look() {
    let stage = stage();
    let scene = stage.scene();
    let member = stage.standing.bindings.values().next().unwrap();
    let ask = |chat, slot| words(&unknown_outcome(&scene, i64::MAX, chat, slot));
    assert_snapshot!(ask(-1, Some("digest-16")), @"
        <b>发送结果不明</b>
        第16期周报可能已经发出，也可能没有。请到群里看一下再选择。
        [已见到] [重发]
        ");
    assert_snapshot!(ask(-1, None), @"
        <b>发送结果不明</b>
        发到群里的一份文件可能已经发出，也可能没有。请到群里看一下再选择。
        [已见到] [重发]
        ");
    assert_snapshot!(ask(member.account.user_id, None), @"
        <b>发送结果不明</b>
        发给栾频的一份文件可能已经发出，也可能没有。请问一下本人再选择。
        [已见到] [重发]
        ");
}

#[test]
fn troubles_of_sending_are_told_in_a_line_each() {
    let stage = stage();
    let scene = stage.scene();
    let lines = [
        no_rights(&scene, 1),
        refused(&scene, 17),
        group_trouble(&scene, &Act::GroupMigrated { from: -1, to: -2 }),
        group_trouble(&scene, &Act::TopicLost { chat: -1 }),
        group_trouble(&scene, &Act::GroupLost { chat: -1 }),
    ];
    assert_snapshot!(lines.iter().map(words).collect::<Vec<_>>().join("\n"), @"
        我在工作群里没有发言权限，消息已留存，稍后重试。请检查群权限设置。
        有一条消息（编号17）被 Telegram 拒收，没有发出。请把编号告诉维护人员。
        工作群已升级为超级群，绑定已自动更新，无需处理。
        工作话题已关闭或删除，群内消息改发到群里。要换话题，请在新话题里发送 /here
        我已被移出工作群，或不能在群里发言。群内提醒和周报暂时发不出，私聊照常。请把我重新加入，或在新群里发送 /here
        ");
}

#[test]
fn a_huge_difference_is_cut_and_counted() {
    let stage = stage();
    let new = changed(&[("市", "<县>")]);
    let message = offered(&stage.scene(), &new, Vec::new());
    let html = message.html();
    assert!(html.contains("&lt;县&gt;") && !html.contains("<县>"));
    assert!(message.blocks.len() <= 43, "{}", message.blocks.len());
    let last = &message.blocks[message.blocks.len() - 2];
    assert!(
        last.starts_with("另有") && last.contains("duban check --diff"),
        "{last}"
    );
}

#[test]
fn a_new_holiday_table_shows_the_days_ahead_that_change() {
    let stage = stage();
    let mut new = changed(&[]);
    let day = |year, month, day| chrono::NaiveDate::from_ymd_opt(year, month, day).unwrap();
    let table = crate::calendar::HolidayTable {
        year: 2026,
        off: vec![day(2026, 12, 7), day(2026, 1, 5)],
        make_up: vec![day(2026, 12, 5)],
    };
    let tables = std::collections::BTreeMap::from([(2026, table)]);
    new.calendar = crate::calendar::Calendar::new(tables, new.settings.hours.clone());
    assert_snapshot!(words(&offered(&stage.scene(), &new, Vec::new())), @"
        <b>方案有变更，请决定是否采用</b>
        日历 12月5日（周六）改为上班
        日历 12月7日（周一）改为休息
        不采用则继续按现行方案执行。
        [采用] [不采用]
        ");
}

#[test]
fn a_plan_offered_without_any_change_says_so() {
    let stage = stage();
    assert_snapshot!(words(&offered(&stage.scene(), &changed(&[]), Vec::new())), @"
        <b>方案有变更，请决定是否采用</b>
        内容没有变化，只是文件写法不同。
        不采用则继续按现行方案执行。
        [采用] [不采用]
        ");
}

#[test]
fn a_long_baseline_list_shows_ten_and_counts_the_rest() {
    let stage = stage();
    let tasks = stage.frame.plan.indicators.iter();
    let list: Vec<BaselineTask> = tasks
        .map(|indicator| BaselineTask {
            task: indicator.id.clone(),
            answer: Initial::Reached { on: None },
        })
        .collect();
    let message = say(
        &stage.scene(),
        &OfficeSay::Baseline(BaselineSay::List(list)),
    );
    assert_eq!(message.keyboard.len(), 10);
    assert_eq!(message.blocks.last().unwrap(), "其余19项随处理依次列出。");
    let none = OfficeSay::Baseline(BaselineSay::List(Vec::new()));
    assert_eq!(say(&stage.scene(), &none).html(), "初始台账已全部处理。");
}

#[test]
fn what_the_office_is_told_of_each_other_has_no_buttons() {
    let stage = stage();
    let inner = OfficeSay::Live(LiveSay::GoliveSure);
    assert!(!say(&stage.scene(), &inner).keyboard.is_empty());
    let told = OfficeSay::Told(Box::new(inner));
    assert!(say(&stage.scene(), &told).keyboard.is_empty());
}

/// Everything that can be an alert, with the longest facts it may carry.
fn alerts(stage: &Stage) -> Vec<Say> {
    let person: PersonId = "yang-yong".into();
    let decided = Some((stage.now, crate::ledger::Actor::Person(person.clone())));
    let measure = stage.frame.plan.measures[0].id.clone();
    let unit = stage.frame.plan.units[0].id.clone();
    let mut says: Vec<Say> = vec![
        PeopleSay::StrangerPress.into(),
        PeopleSay::DecidedBefore(decided.clone()).into(),
        PeopleSay::DecidedBefore(None).into(),
        LinkSay::Gone.into(),
        LinkSay::HasAccount(person.clone()).into(),
        LinkSay::LastOfficeMember(person).into(),
        LiveSay::AlreadyLive(decided.clone()).into(),
        LiveSay::NoGroup.into(),
        TermsSay::SettledBefore(decided.clone()).into(),
        AdoptionSay::DecidedBefore(decided.clone()).into(),
        AdoptionSay::DecidedBefore(None).into(),
        AdoptionSay::NoOfficeLeft.into(),
        BaselineSay::DecidedBefore(decided.clone()).into(),
        BaselineSay::DecidedBefore(None).into(),
        BaselineSay::OwnFiling.into(),
        GroupSay::DecidedBefore(decided).into(),
        GroupSay::NotTheGroup { may_bind: true }.into(),
        GroupSay::UseOwnAccount.into(),
        GroupSay::OldButton.into(),
        GroupSay::Elsewhere(Command::Invite).into(),
    ];
    let whys = [
        Why::NotOnRoster,
        Why::OfficeOnly,
        Why::OtherUnit(unit),
        Why::NotConcerned(measure),
        Why::LeaderReads,
        Why::LeadersOnly,
    ];
    says.extend(whys.map(|why| Say::from(GroupSay::Refused(why))));
    says
}

#[test]
fn alerts_fit_what_telegram_takes_and_hold_no_markup() {
    let stage = stage();
    for say in alerts(&stage) {
        let alert = crate::render::alert(&stage.scene(), &say);
        let length = alert.chars().count();
        assert!((1..=200).contains(&length), "{length}: {alert}");
        assert!(!alert.ends_with('…') && !alert.contains('<'), "{alert}");
    }
}

#[test]
fn an_alert_that_is_too_long_is_cut_with_a_sign() {
    let stage = stage();
    let long = QuerySay::Help {
        commands: ALL.to_vec(),
        private: true,
    };
    let alert = crate::render::alert(&stage.scene(), &long.into());
    assert_eq!(alert.chars().count(), 200);
    assert!(alert.ends_with('…') && !alert.contains("<b>"), "{alert}");
}

#[test]
fn names_with_signs_of_html_stay_words() {
    let mut stage = stage();
    for member in &mut stage.frame.plan.members {
        member.name = "<b>&\"很长很长很长很长很长的名字".to_owned();
    }
    let account = Account {
        user_id: 5,
        name: "</a>\u{202e}&".repeat(30),
        username: Some("a".repeat(32)),
    };
    let person: PersonId = "li-junqing".into();
    let says: Vec<Say> = vec![
        PeopleSay::Hello {
            person: person.clone(),
            several: true,
        }
        .into(),
        PeopleSay::Request(person.clone(), account.clone()).into(),
        LinkSay::Used(person.clone(), account).into(),
        PeopleSay::Unbound { page: 9 }.into(),
        LiveSay::WentLive(person).into(),
    ];
    for say in says {
        let html = crate::render::say(&stage.scene(), &say).html();
        let tags = html.matches('<').count();
        assert_eq!(
            tags,
            html.matches("<b>").count() + html.matches("</b>").count(),
            "{html}"
        );
        assert!(!html.contains('\u{202e}'));
    }
}

#[test]
fn an_offer_names_what_the_office_settled_otherwise() {
    let stage = stage();
    let offer = offer_of(&stage.frame, &changed(&[]), &stage.standing);
    assert!(offer.diff.is_empty() && offer.touched.is_empty() && offer.days.is_empty());
}

#[test]
fn a_new_holiday_table_shows_which_sends_move_and_counts_beyond_ten() {
    let stage = Stage::live();
    let day = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();
    let moved = crate::conversation::MovedSend {
        from: day("2027-02-05"),
        to: day("2027-02-04"),
        what: crate::conversation::PlannedKind::Digest,
    };
    let said = words(&offered(&stage.scene(), &changed(&[]), vec![moved; 12]));
    assert_eq!(
        said.matches("改期 工作周报：2027年2月5日 周五 → 2027年2月4日 周四")
            .count(),
        10,
        "{said}"
    );
    assert!(said.contains("另有2次发送改期"));
}
