//! Messages on replacements (人员接替): what passes over, and the card of who comes after.

use super::{MOST_TEXT, link, plain, press, ways_out};
use crate::calendar;
use crate::conversation::roster::{After, Press, ReplaceSay};
use crate::digest::Item;
use crate::ledger::{Phase, TaskView};
use crate::plan::PersonId;
use crate::render::{Html, Message, Scene, item, naming, people};

/// Items named in a preview or a card; the rest are counted.
const MOST_ITEMS: usize = 20;

/// Characters of a last answer.
const MOST_ANSWER: usize = 60;

pub(super) fn say(scene: &Scene<'_>, say: &ReplaceSay) -> Message {
    let name = |person: &PersonId| naming::person_with_unit(scene.frame, person);
    let leave = || vec![press("退出", Press::Leave)];
    match say {
        ReplaceSay::WhoWanted => plain("谁不再参加专班工作？请写姓名。").row(leave()),
        ReplaceSay::NotOnRoster(typed) => plain(format!(
            "名单里没有“{}”。请核对姓名。",
            people::shown(typed)
        ))
        .row(leave()),
        ReplaceSay::AfterWanted(person) => plain(format!(
            "{}由谁接替？名单里的人写姓名；新来的写姓名和职务，例如：王芳 市住建局副局长",
            name(person)
        ))
        .row(ways_out()),
        ReplaceSay::Refused(typed) => plain(format!(
            "“{}”不在名单里，也读不出姓名和职务。新来的人请写姓名，空一格再写职务，例如：王芳 市住建局副局长",
            people::shown(typed)
        ))
        .row(ways_out()),
        ReplaceSay::TooLong(length) => {
            plain(format!("这段文字有{length}字，最多{MOST_TEXT}字，请缩短后重发。")).row(ways_out())
        }
        ReplaceSay::Same(person) => {
            plain(format!("{}不能由本人接替，请写另一个人。", name(person))).row(ways_out())
        }
        ReplaceSay::LastOfOffice(person) => plain(format!(
            "{}是专班办公室唯一已登记的人员。请先让接替的人登记为办公室人员，再办理。",
            name(person)
        )),
        ReplaceSay::Sure(person, after) => sure(scene, person, after),
        ReplaceSay::Done {
            person,
            successor,
            seq,
            by,
            decides,
        } => done(scene, (person, successor), *seq, by, *decides),
        ReplaceSay::HandOver { from, to } => hand_over(scene, from, to),
        ReplaceSay::UndoSure(seq) => undo_sure(*seq),
        ReplaceSay::BuiltOn(later) => plain(format!(
            "这项变动之后还有第{later}号变动与它相关，请先撤销第{later}号。"
        )),
        ReplaceSay::Undone {
            seq,
            person,
            by,
            decides,
        } => {
            let message = plain(format!(
                "已撤销第{seq}号人员接替（{}办理）。{}恢复在名单上，账号需重新登记。",
                naming::person(scene.frame, by),
                naming::person_with_unit(scene.frame, person)
            ));
            match decides {
                true => message.row(vec![link(person.clone())]),
                false => message,
            }
        }
        ReplaceSay::Stale => Message::text("这一步已经办过或已退出。重新办理请发 /replace"),
    }
}

/// The same question for a change of units.
pub(super) fn undo_sure(seq: u64) -> Message {
    plain(format!(
        "撤销第{seq}号变动后恢复原样，其间的填报记录不变。确定吗？"
    ))
    .row(vec![
        press("确定撤销", Press::Undo(seq, true)),
        press("退出", Press::Leave),
    ])
}

fn sure(scene: &Scene<'_>, person: &PersonId, after: &After) -> Message {
    let who = match after {
        After::Known(known) => naming::person_with_unit(scene.frame, known),
        After::New(named) => format!("{}（{}）", named.name, named.post),
    };
    let html = Html::new().bold("请核对 · 人员接替").line().text(format!(
        "{} → {who}",
        naming::person_with_unit(scene.frame, person)
    ));
    let items = items_of(scene, person);
    let html = passing(scene, html.line(), "移交的在办事项", &items)
        .line()
        .text("未办的申请、约定的下一步和未填完的内容一并移交；原账号停用，原填报记录不变。");
    Message::text(html).row(vec![
        press("确认接替", Press::ReplaceSure),
        press("退出", Press::Leave),
    ])
}

fn done(
    scene: &Scene<'_>,
    (person, successor): (&PersonId, &PersonId),
    seq: u64,
    by: &PersonId,
    decides: bool,
) -> Message {
    let message = plain(format!(
        "✅ {}由{}接替（第 {seq} 号，{}办理）。",
        naming::person(scene.frame, person),
        naming::person_with_unit(scene.frame, successor),
        naming::person(scene.frame, by)
    ));
    if !decides {
        return message;
    }
    let mut row = vec![press("撤销接替", Press::Undo(seq, false))];
    if !scene.standing.bindings.contains_key(successor) {
        row.insert(0, link(successor.clone()));
    }
    message.row(row)
}

/// What whoever comes after finds: open items with their last answers, promises and requests.
fn hand_over(scene: &Scene<'_>, from: &PersonId, to: &PersonId) -> Message {
    let html = Html::new()
        .text(format!(
            "{}同志，您接替{}的专班工作。",
            naming::person(scene.frame, to),
            naming::person(scene.frame, from)
        ))
        .line();
    let items = items_of(scene, to);
    Message::text(passing(scene, html, "移交给您的在办事项", &items))
}

/// Open items of which somebody is asked.
fn items_of<'a>(scene: &Scene<'a>, person: &PersonId) -> Vec<TaskView<'a>> {
    let today = calendar::date_of(scene.now);
    let views = scene.frame.task_views(scene.standing, today);
    let open = views.into_iter().filter(|view| match view.phase {
        Phase::Open | Phase::Baseline(_) | Phase::Frozen => true,
        Phase::Resting | Phase::Closed | Phase::Ended => false,
    });
    open.filter(|view| view.filer(scene.frame) == Some(person))
        .collect()
}

fn passing(scene: &Scene<'_>, html: Html, heading: &str, items: &[TaskView<'_>]) -> Html {
    if items.is_empty() {
        return html.text(format!("{heading}：无"));
    }
    let mut html = html.text(format!("{heading}（{}项）", items.len()));
    for view in items.iter().take(MOST_ITEMS) {
        html = html.line().text(line(scene, view));
    }
    if items.len() > MOST_ITEMS {
        let more = items.len() - MOST_ITEMS;
        html = html.line().text(format!("另有{more}项，见 /status"));
    }
    html
}

/// 6-1 改造换热站 · 9/10座 · 12月31日到期 · 约定12月10日 · 申请待批 · 南片区已并网.
fn line(scene: &Scene<'_>, view: &TaskView<'_>) -> String {
    let today = calendar::date_of(scene.now);
    let day = |date| naming::day(date, today);
    let now = Item::of(scene.frame, scene.standing, view, scene.now);
    let last = view.last_report();
    let done = last.and_then(|filed| filed.report.done.as_ref()?.body());
    let request = scene.standing.task_state(&view.task.id).open_request();
    item::join(
        naming::task(scene.frame, &view.task.id),
        &[
            item::value(scene.frame, &now),
            view.due
                .map_or_else(String::new, |due| format!("{}到期", day(due))),
            scene
                .frame
                .promised_on(view)
                .map_or_else(String::new, |on| format!("约定{}", day(on))),
            request.map_or_else(String::new, |_| "有申请待批".to_owned()),
            done.map_or_else(String::new, |done| item::clip(done, MOST_ANSWER)),
        ],
    )
}
