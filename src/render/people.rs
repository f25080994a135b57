//! Messages of binding: who is who, links, confirmations, and the line strangers get.

use super::{Button, Html, Message, Scene, command, naming};
use crate::conversation::command::{Command, menu_for};
use crate::conversation::payload::Payload;
use crate::conversation::people::{LinkSay, PeopleSay, Press};
use crate::ledger::{Account, Decided, code_sha256};
use crate::plan::PersonId;

/// People without an account on one page.
const PAGE: usize = 10;

/// Characters shown of an account's name, which its owner chooses freely.
const MOST_NAME: usize = 40;

/// What a greeting names of the commands; the menu and `/help` have them all.
const EVERYDAY: [Command; 6] = [
    Command::Report,
    Command::Status,
    Command::Digest,
    Command::Todo,
    Command::Switch,
    Command::Help,
];

/// Every message of this slice.
pub fn say(scene: &Scene<'_>, say: &PeopleSay) -> Message {
    match say {
        PeopleSay::Stranger => stranger(scene),
        PeopleSay::StrangerPress => Message::text(
            "您还没有登记，这个按钮暂不能用。您若是专班成员，请私聊我发送 /iam 姓名，或向专班办公室要加入链接。",
        ),
        PeopleSay::Hello { person, several } => hello(scene, person, "", *several),
        PeopleSay::Welcome(person) => hello(scene, person, "登记完成。", false),
        PeopleSay::NameWanted => Message::text("请连同姓名发送，例如：/iam 张三"),
        PeopleSay::NoSuchName(name) => plain(format!(
            "没有可以登记的“{}”。请核对姓名，或向专班办公室要加入链接。",
            shown(name)
        )),
        PeopleSay::Asked(name) => plain(format!(
            "已把您登记为“{name}”的申请报专班办公室确认，结果会在这里告知。"
        )),
        PeopleSay::AskedBefore(name) => plain(format!(
            "您登记为“{name}”的申请还在等专班办公室确认，请勿重复提交。"
        )),
        PeopleSay::TooManyAsk => Message::text("待确认的申请较多。请直接向专班办公室要加入链接。"),
        PeopleSay::AlreadyYou(person) => plain(format!(
            "您已登记为{}，无需再次登记。",
            naming::person_with_unit(scene.frame, person)
        )),
        PeopleSay::LinkOfAnother(person) => plain(format!(
            "您已登记为{}。这个链接是给别人的，请转给本人；您打开不会生效。",
            naming::person_with_unit(scene.frame, person)
        )),
        PeopleSay::LinkUnknown => Message::text("链接无效或已经用过，请向专班办公室要新的。"),
        PeopleSay::LinkExpired => Message::text("链接已过期（有效期7天），请向专班办公室要新的。"),
        PeopleSay::Request(person, account) => request(scene, person, account),
        PeopleSay::RequestDecided {
            person,
            name,
            confirmed,
            decided,
        } => request_decided(scene, person, name, *confirmed, decided.as_ref()),
        PeopleSay::DecidedBefore(decided) => decided_before(scene, decided.as_ref()),
        PeopleSay::Declined => Message::text("您的登记申请未通过。如有疑问，请联系专班办公室。"),
        PeopleSay::Unbound { page } => unbound(scene, *page),
        PeopleSay::Link(say) => of_office(scene, say),
        PeopleSay::AccountEnded => {
            Message::text("您在本专班的登记已结束。如有疑问，请联系专班办公室。")
        }
        PeopleSay::Blocked(person) => plain(format!(
            "{}停用了与我的私聊，提醒暂时送不到本人。请提醒其重新打开私聊。",
            naming::person_with_unit(scene.frame, person)
        )),
        PeopleSay::Left => Message::text("已退出。"),
    }
}

/// What the office sees of links and accounts.
fn of_office(scene: &Scene<'_>, say: &LinkSay) -> Message {
    let name = |person| naming::person(scene.frame, person);
    let with_unit = |person| naming::person_with_unit(scene.frame, person);
    match say {
        LinkSay::Made {
            person,
            code,
            expires_at,
        } => link(scene, person, code, &naming::moment(*expires_at, scene.now)),
        LinkSay::Withdrawn(person) => plain(format!("给{}的链接已撤销。", name(person))),
        LinkSay::Gone => Message::text("这个链接已经用过、撤销，或被新链接代替。"),
        LinkSay::Used(person, account) => plain(format!(
            "账号{}已用链接登记为{}。若不是本人，请点撤销。",
            account_name(account),
            with_unit(person)
        ))
        .row(vec![press(
            "撤销",
            Press::Unbind(person.clone(), account.user_id),
        )]),
        LinkSay::BindingEnded(person, account) => plain(format!(
            "{}的登记（账号“{}”）已结束，草稿和待办保留。",
            with_unit(person),
            shown(account)
        )),
        LinkSay::HasAccount(person) => plain(format!(
            "{}已登记。换号请用 /rebind {}",
            with_unit(person),
            name(person)
        )),
        LinkSay::NotOnRoster(typed) => plain(format!(
            "名单里没有“{}”。请核对姓名，未登记人员见 /invite",
            shown(typed)
        )),
        LinkSay::RebindWhom => Message::text("请连同姓名发送，例如：/rebind 张三"),
        LinkSay::RebindSure(person) => rebind_sure(scene, person),
        LinkSay::LastOfficeMember(person) => plain(format!(
            "{}是专班办公室唯一已登记的人员，不能移除。请先为办公室另一人登记；账号丢失的，在主机上运行 duban bind --person {person} --office",
            name(person)
        )),
    }
}

fn stranger(scene: &Scene<'_>) -> Message {
    let name = &scene.frame.plan.task_force.name;
    plain(format!(
        "我只在{name}里工作。您若是成员，请向专班办公室要加入链接，或发送 /iam 姓名。"
    ))
}

/// Who the reader is, what is asked of them not to write here, and what they can do now.
fn hello(scene: &Scene<'_>, person: &PersonId, before: &str, several: bool) -> Message {
    let (frame, standing) = (scene.frame, scene.standing);
    let Some(member) = frame.plan.member(person) else {
        return Message::text("您不在现行名单上。如有疑问，请联系专班办公室。");
    };
    let office: Vec<PersonId> = standing.office_granted.iter().cloned().collect();
    let of_office = frame.plan.is_office(person, &office);
    let task_force = &frame.plan.task_force;
    let post = match (of_office, task_force.office_chief == *person) {
        (true, true) => "、专班办公室主任",
        (true, false) => "、专班办公室成员",
        (false, _) => "",
    };
    let units = if member.units.is_empty() {
        String::new()
    } else {
        format!("（{}）", naming::standing_for(frame, member))
    };
    let mut html = Html::new().text(format!(
        "{}同志，{before}您是{}{}{post}{units}。",
        member.name,
        task_force.name,
        naming::role(member.role)
    ));
    // Until the first card or talk has said so.
    if !standing.secrecy_shown.contains(person) {
        html = html
            .line()
            .text("不得在这里填报涉密、工作秘密和个人敏感信息。");
    }
    if of_office && standing.live_since.is_none() {
        let next = match &standing.group {
            Some(group) if group.usable => "尚未正式启用，核对后请用 /golive",
            Some(_) | None => "尚未绑定工作群：请把我加入工作群，在群里发送 /here",
        };
        html = html.line().line().text(next);
    }
    let commands: Vec<Command> = menu_for(frame, standing, Some(person), several)
        .into_iter()
        .filter(|command| EVERYDAY.contains(command))
        .collect();
    let commands = Html::new()
        .bold("常用命令")
        .line()
        .html(&command::lines(&commands));
    let blocks = vec![html.into(), String::new(), commands.into()];
    Message {
        blocks,
        ..Message::default()
    }
}

fn request(scene: &Scene<'_>, person: &PersonId, account: &Account) -> Message {
    let html = Html::new()
        .bold("登记确认")
        .line()
        .text(format!(
            "账号{}申请登记为{}。",
            account_name(account),
            naming::person_with_unit(scene.frame, person)
        ))
        .line()
        .text("账号名可以随意改动，请向本人核实后再确认。");
    Message::text(html).row(vec![
        press("确认是本人", Press::Confirm(account.user_id)),
        press("不是", Press::Decline(account.user_id)),
    ])
}

fn request_decided(
    scene: &Scene<'_>,
    person: &PersonId,
    name: &str,
    confirmed: bool,
    decided: Option<&Decided>,
) -> Message {
    let who = naming::person_with_unit(scene.frame, person);
    let result = if confirmed {
        format!("账号“{}”已登记为{who}。", shown(name))
    } else {
        format!("账号“{}”登记为{who}的申请未通过。", shown(name))
    };
    let by = match decided {
        Some(decided) => format!("由{}处理。", by_and_when(scene, decided)),
        None => "此人已经登记，申请失效。".to_owned(),
    };
    plain(format!("{result}{by}"))
}

/// For whoever comes second: 张新龙于 09:12.
pub(super) fn by_and_when(scene: &Scene<'_>, (at, by): &Decided) -> String {
    let at = naming::moment(*at, scene.now);
    format!("{}于 {at} ", naming::actor(scene.frame, by))
}

pub(super) fn decided_before(scene: &Scene<'_>, decided: Option<&Decided>) -> Message {
    match decided {
        Some(decided) => plain(format!(
            "本条已由{}处理，现在无需处理。",
            by_and_when(scene, decided)
        )),
        None => Message::text("本条已处理或已失效，现在无需处理。"),
    }
}

fn unbound(scene: &Scene<'_>, page: usize) -> Message {
    let (plan, standing) = (&scene.frame.plan, scene.standing);
    let missing: Vec<_> = plan
        .members
        .iter()
        .filter(|member| !standing.bindings.contains_key(&member.id))
        .collect();
    if missing.is_empty() {
        return plain(format!("名单上{}人均已登记。", plan.members.len()));
    }
    let pages = missing.len().div_ceil(PAGE);
    let page = page.min(pages - 1);
    let mut html = Html::new()
        .bold(format!("未登记{}人", missing.len()))
        .text(format!("，已登记{}人", plan.members.len() - missing.len()))
        .line()
        .text("点姓名生成加入链接，7天内有效，只能用一次，请私下转给本人。带 ✉ 的已有链接，再点会换新的。");
    let requests = standing.binding_requests.iter();
    for (person, account) in requests.map(|(_, request)| request) {
        html = html.line().text(format!(
            "待确认：账号{} → {}",
            account_name(account),
            naming::person_with_unit(scene.frame, person)
        ));
    }
    let mut message = Message::text(html);
    let shown: Vec<Button> = missing[page * PAGE..]
        .iter()
        .take(PAGE)
        .map(|member| {
            let mark = if standing.invites.contains_key(&member.id) {
                "✉ "
            } else {
                ""
            };
            let standing_for = naming::standing_for(scene.frame, member);
            let label = format!("{mark}{} {standing_for}", member.name);
            press(label, Press::Invite(member.id.clone()))
        })
        .collect();
    for row in shown.chunks(2) {
        message = message.row(row.to_vec());
    }
    for (user_id, (person, _)) in standing.binding_requests.iter().take(PAGE) {
        let name = naming::person(scene.frame, person);
        message = message.row(vec![
            press(format!("确认 {name}"), Press::Confirm(*user_id)),
            press(format!("不是 {name}"), Press::Decline(*user_id)),
        ]);
    }
    message.row(pager(page, pages))
}

fn pager(page: usize, pages: usize) -> Vec<Button> {
    let to = |label: &str, page: usize| {
        let page = u16::try_from(page).unwrap_or(u16::MAX);
        press(label, Press::Page(page))
    };
    let back = page.checked_sub(1).map(|before| to("上一页", before));
    let on = (page + 1 < pages).then(|| to("下一页", page + 1));
    back.into_iter().chain(on).collect()
}

fn link(scene: &Scene<'_>, person: &PersonId, code: &str, until: &str) -> Message {
    let name = naming::person(scene.frame, person);
    let task_force = &scene.frame.plan.task_force.name;
    let pass_on = Html::new()
        .text(format!(
            "{name}同志：请点此链接加入{task_force}，7天内有效，只能用一次。"
        ))
        .line()
        .text(format!("https://t.me/{}?start={code}", scene.bot.username));
    let note = Html::new().text(format!(
        "以上请私下转给本人，有效期至 {until} 。链接使用后会告知您。"
    ));
    Message {
        blocks: vec![pass_on.into(), String::new(), note.into()],
        ..Message::default()
    }
    .row(vec![press(
        "撤销链接",
        Press::withdraw_link(person, &code_sha256(code)),
    )])
}

fn rebind_sure(scene: &Scene<'_>, person: &PersonId) -> Message {
    let Some(binding) = scene.standing.bindings.get(person) else {
        return Message::text("此人没有登记账号，请用 /invite");
    };
    let account = &binding.account;
    plain(format!(
        "{}现登记的账号是{}。确认后旧账号立即停用，并生成新链接；草稿和待办保留。",
        naming::person_with_unit(scene.frame, person),
        account_name(account)
    ))
    .row(vec![
        press(
            "停用并生成链接",
            Press::Rebind(person.clone(), account.user_id),
        ),
        press("退出", Press::Leave),
    ])
}

/// “张三”（@zhangsan）, shortened.
fn account_name(account: &Account) -> String {
    let username = account.username.as_ref();
    let username = username.map_or_else(String::new, |name| format!("（@{name}）"));
    format!("“{}”{username}", shown(&account.name))
}

/// What somebody typed or calls themselves: on one line, not too long, and without signs that turn the line around.
pub(super) fn shown(name: &str) -> String {
    let turns = |c: &char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let line: String = name
        .chars()
        .filter(|c| !turns(c))
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(MOST_NAME)
        .collect();
    let cut = if name.chars().count() > MOST_NAME {
        "…"
    } else {
        ""
    };
    format!("{}{cut}", line.trim())
}

fn plain(text: String) -> Message {
    Message::text(Html::new().text(text))
}

fn press(label: impl Into<String>, press: Press) -> Button {
    Button::press(label, Payload::People(press).encode())
}
