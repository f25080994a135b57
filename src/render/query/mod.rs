//! Answers to questions: overview, lists, one item, its history, choices, help.

mod lists;
mod overview;
mod supplement;
mod task;
#[cfg(test)]
mod tests;

use super::item::{self, some};
use super::{Button, Html, Message, Scene, command, naming};
use crate::calendar;
use crate::conversation::command::Command;
use crate::conversation::payload::Payload;
use crate::conversation::query::{CannotUrge, MOST_IN_ALERT, Press, QuerySay, Question, Wanted};
use crate::conversation::report;
use crate::digest::{Item, awaited_of};
use crate::ledger::Decided;
use crate::plan::{PersonId, TaskId};

pub(super) use overview::{state, summary};
pub(super) use supplement::measures as takes_part;
pub(super) use task::reported;

/// Characters of the items named in an alert of 200.
const MOST_NAMED: usize = 150;

/// Every message of this slice.
pub fn say(scene: &Scene<'_>, say: &QuerySay) -> Message {
    match say {
        QuerySay::Answer {
            question,
            page,
            urges,
            supplements,
            signs,
        } => {
            let beside = Beside {
                urges: *urges,
                supplements,
                signs: *signs,
            };
            answer(scene, question, *page, beside)
        }
        QuerySay::Choose {
            typed,
            choices,
            more,
        } => choose(scene, typed, choices, *more),
        QuerySay::NotFound { typed, wanted } => not_found(typed, *wanted),
        QuerySay::WhichHistory => {
            Message::text("请写明哪一项，例如 /history 6-1，或 /history 11。")
        }
        QuerySay::WhichDigest(typed) => Message::text(
            Html::new()
                .text(format!(
                    "看不懂“{typed}”。可以发 /digest 16 看第16期，/digest 2026-10 看某月各期，/digest 看即时周报。"
                )),
        ),
        QuerySay::DigestInPrivate => digest_in_private(scene),
        QuerySay::FixNeedsReason => Message::text(
            "更正周报要写明原因，例如：/digest fix 换热站多计1座。指定期号：/digest fix 16 原因。",
        ),
        QuerySay::Mine { person, full } => mine(scene, person, *full),
        QuerySay::Urged(task) => alert(format!(
            "已催办 {}，将在下一个工作时段提醒{}。",
            naming::task(scene.frame, task),
            whom(scene, task)
        )),
        QuerySay::UrgedAlready(task, decided) => urged_already(scene, task, decided),
        QuerySay::CannotUrge(task, why) => cannot_urge(scene, task, why),
        QuerySay::Supplement(say) => supplement::say(scene, say),
        QuerySay::Help { commands, private } => help(commands, *private),
        QuerySay::OneTaskForce => Message::text("您只在这一个专班里，不用切换。"),
        QuerySay::UnknownCommand(typed) => Message::text(Html::new().text(format!(
            "没有“{typed}”这个命令。发 /help 查看可用命令。"
        ))),
        QuerySay::UnknownWords => Message::text(
            "没有看懂。可以发：填报、状态、逾期、谁没报、第6项、周报、帮助；也可以直接发单位或姓名。",
        ),
    }
}

/// What the reader may do beside an item.
#[derive(Clone, Copy)]
struct Beside<'a> {
    /// 催办.
    urges: bool,
    /// 补充 of these.
    supplements: &'a [TaskId],
    /// 会签 of the item's newest answer, by its seq.
    signs: Option<u64>,
}

fn answer(scene: &Scene<'_>, question: &Question, page: usize, beside: Beside<'_>) -> Message {
    match question {
        Question::Overview => overview::overview(scene),
        Question::Measures => overview::measures(scene, page),
        Question::Units => overview::units(scene, page),
        Question::WithLight(light) => lists::with_light(scene, *light, page, beside),
        Question::Measure(measure) => lists::of_measure(scene, measure, page, beside),
        Question::Unit(unit) => lists::of_unit(scene, unit, page, beside),
        Question::Person(person) => lists::of_person(scene, person, page, beside),
        Question::Overdue => lists::overdue(scene, page, beside),
        Question::Missing => lists::missing(scene, page),
        Question::Task(task) => task::task(scene, task, beside),
        Question::History(task) => task::history(scene, task, page),
        Question::TakesPart(person) => supplement::takes_part(scene, person, page),
    }
}

/// A button that shows the answer to a question in place.
fn ask(label: impl Into<String>, question: Question) -> Button {
    let press = Press::Show { question, page: 0 };
    Button::press(label, Payload::Query(press).encode())
}

/// 催办 of one item.
fn urge(label: impl Into<String>, task: &TaskId) -> Button {
    Button::press(label, Payload::Query(Press::Urge(task.clone())).encode())
}

fn alert(text: String) -> Message {
    Message::text(Html::new().text(text))
}

fn choose(scene: &Scene<'_>, typed: &str, choices: &[Question], more: usize) -> Message {
    let rest = match more {
        0 => String::new(),
        more => format!("另有{more}个未列出，可写得更全一些。"),
    };
    let text = format!("“{typed}”可能指以下几个，请选择。{rest}");
    let mut message = Message::text(Html::new().text(text));
    for choice in choices {
        message = message.row(vec![ask(name_of(scene, choice), choice.clone())]);
    }
    message
}

/// What a choice is called on its button.
fn name_of(scene: &Scene<'_>, question: &Question) -> String {
    let frame = scene.frame;
    match question {
        Question::Unit(id) => naming::unit(frame, id),
        Question::Person(id) => naming::person_with_unit(frame, id),
        Question::Task(id) | Question::History(id) => naming::task(frame, id),
        Question::Measure(id) => frame.plan.measure(id).map_or_else(
            || id.to_string(),
            |measure| format!("第{}项 {}", measure.number, measure.title),
        ),
        Question::Overview => "总体进度".to_owned(),
        Question::WithLight(light) => item::light(*light).to_owned(),
        Question::Measures => "按举措".to_owned(),
        Question::Units => "按单位".to_owned(),
        Question::Overdue => "逾期".to_owned(),
        Question::Missing => "未反馈".to_owned(),
        Question::TakesPart(_) => "参与的举措".to_owned(),
    }
}

fn not_found(typed: &str, wanted: Wanted) -> Message {
    let expected = match wanted {
        Wanted::Status => "请写举措号（如 6）、指标号（如 6-1、总-3）、单位或姓名。",
        Wanted::History => "请写指标号（如 6-1、总-3）或举措号（如 11）。",
    };
    Message::text(Html::new().text(format!("没有找到“{typed}”。{expected}")))
}

fn digest_in_private(scene: &Scene<'_>) -> Message {
    let url = format!("https://t.me/{}", scene.bot.username);
    Message::text("即时周报只发给本人。请在私聊里发 /digest；往期周报可在这里看，例如 /digest 16。")
        .row(vec![Button::Link {
            text: "打开私聊".to_owned(),
            url,
        }])
}

fn mine(scene: &Scene<'_>, person: &PersonId, full: bool) -> Message {
    let today = calendar::date_of(scene.now);
    let member = scene.frame.plan.member(person);
    let items = member.map_or_else(Vec::new, |member| {
        awaited_of(scene.frame, scene.standing, scene.now, member)
    });
    if items.is_empty() {
        return alert("您目前没有待反馈的事项。".to_owned());
    }
    if !full {
        return alert(mine_in_alert(scene, &items));
    }
    let mut html = Html::new().bold(format!("您有{}项待反馈", items.len()));
    for item in &items {
        html = html.line().text(item::line(scene.frame, item, today));
    }
    let start = Payload::Report(report::Press::Start).encode();
    Message::text(html).row(vec![Button::press("我要填报", start)])
}

fn mine_in_alert(scene: &Scene<'_>, items: &[Item]) -> String {
    let name = |item: &Item| {
        format!(
            "{} {}",
            item::glyph(item.light),
            naming::task(scene.frame, &item.task)
        )
    };
    let names: Vec<String> = items.iter().map(name).collect();
    let shown = some(
        &names[..names.len().min(MOST_IN_ALERT)],
        "\n",
        MOST_NAMED,
        "项",
    );
    let rest = if items.len() > MOST_IN_ALERT {
        "\n完整清单见私聊。"
    } else {
        ""
    };
    format!("您有{}项待反馈：\n{shown}{rest}", items.len())
}

/// The person an item is asked of, as 市住建局李俊卿.
fn whom(scene: &Scene<'_>, task: &TaskId) -> String {
    let today = calendar::date_of(scene.now);
    let view = scene.frame.task_view(scene.standing, task, today);
    let filer = view.as_ref().and_then(|view| view.filer(scene.frame));
    filer.map_or_else(
        || "填报人".to_owned(),
        |filer| naming::person_with_unit(scene.frame, filer),
    )
}

fn urged_already(scene: &Scene<'_>, task: &TaskId, (at, by): &Decided) -> Message {
    let who = naming::actor(scene.frame, by);
    let when = naming::moment(*at, scene.now);
    let task = naming::task(scene.frame, task);
    alert(format!(
        "{task} 已由{who}于 {when} 催办，同一项一天只催一次。"
    ))
}

fn cannot_urge(scene: &Scene<'_>, task: &TaskId, why: &CannotUrge) -> Message {
    let name = naming::task(scene.frame, task);
    alert(match why {
        CannotUrge::NotOpen => format!("{name} 现在不在填报范围，无需催办。"),
        CannotUrge::SaidDone => format!("{name} 已报完成，等专班办公室确认，无需催办。"),
        CannotUrge::Nobody => format!("{name} 没有明确的填报人，请先用 /terms 定口径。"),
        CannotUrge::Unbound(person) => format!(
            "{}还没有登记，催办送不到。可用 /invite 发加入链接。",
            naming::person_with_unit(scene.frame, person)
        ),
        CannotUrge::NotLive => "尚未正式启用，不能催办。请先用 /golive。".to_owned(),
        CannotUrge::Paused => "主动发送已暂停，不能催办。恢复请用 /resume。".to_owned(),
    })
}

fn help(commands: &[Command], private: bool) -> Message {
    let mut html = Html::new()
        .bold("可用命令")
        .line()
        .html(&command::lines(commands));
    if private {
        html = html
            .line()
            .text("也可以直接发：填报、状态、逾期、谁没报、第6项、周报、帮助。");
    }
    Message::text(html)
}
