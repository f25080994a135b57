//! 待您处理: the list, paged in place, and the deputy leader's card on old requests.

use super::{card, press};
use crate::calendar;
use crate::conversation::office;
use crate::conversation::payload::Payload;
use crate::conversation::report;
use crate::conversation::request::{ON_PAGE, Origin, Press, Waits, waiting_for};
use crate::ledger::{Initial, Judgement};
use crate::plan::{PersonId, TaskId};
use crate::render::{Button, Html, Message, Scene, meeting, naming, roster};

/// The list of what waits for this person.
pub(super) fn list(scene: &Scene<'_>, person: &PersonId, page: usize) -> Message {
    let waits = waiting_for(scene.frame, scene.standing, person, scene.now);
    if waits.is_empty() {
        return Message::text("没有待您处理的事项。");
    }
    let pages = waits.len().div_ceil(ON_PAGE);
    let page = page.min(pages - 1);
    let html = Html::new().bold(format!("待您处理 {} 件", waits.len()));
    let mut blocks = vec![String::from(html)];
    let mut keyboard = Vec::new();
    let shown = waits.iter().enumerate().skip(page * ON_PAGE).take(ON_PAGE);
    for (at, waits) in shown {
        let (text, buttons) = line(scene, waits, page);
        blocks.push(Html::new().text(format!("{}. {text}", at + 1)).into());
        keyboard.extend(buttons);
    }
    let turn = |label: &str, page: usize| {
        press(label, Press::Todo(u16::try_from(page).unwrap_or(u16::MAX)))
    };
    let mut turns = Vec::new();
    turns.extend((page > 0).then(|| turn("‹ 上一页", page.saturating_sub(1))));
    turns.extend((page + 1 < pages).then(|| turn("下一页 ›", page + 1)));
    let message = Message {
        blocks,
        keyboard,
        ..Message::default()
    };
    message.row(turns)
}

fn line(scene: &Scene<'_>, waits: &Waits, page: usize) -> (String, Vec<Vec<Button>>) {
    match waits {
        Waits::Request(seq) => {
            let Some((task, request)) = scene.standing.request(*seq) else {
                return (String::new(), Vec::new());
            };
            let origin = Origin::List(u16::try_from(page).unwrap_or(u16::MAX));
            let buttons = card::buttons(request, &label(scene, task), origin);
            let lines = card::lines(scene, task, request);
            (lines.join("\n   "), vec![buttons])
        }
        Waits::Hint(task, seq) => (
            format!("转交待采用：{}", naming::task(scene.frame, task)),
            hint_buttons(&label(scene, task), *seq),
        ),
        Waits::Liaison(seq) => {
            let (text, buttons) = roster::liaison_waiting(scene, *seq);
            (text, vec![buttons])
        }
        Waits::Meeting(seq) => {
            let (text, buttons) = meeting::waiting(scene, *seq);
            (text, vec![buttons])
        }
        Waits::Baseline(task, answer) => baseline(scene, task, answer),
        Waits::Offer => {
            let view = Payload::Office(office::Press::Offer).encode();
            let button = Button::press("查看方案变化", view);
            ("新方案待采用".to_owned(), vec![vec![button]])
        }
    }
}

fn label(scene: &Scene<'_>, task: &TaskId) -> String {
    let found = scene.frame.plan.task(task);
    found.map_or_else(|| task.to_string(), |task| task.label.clone())
}

fn hint_buttons(label: &str, seq: u64) -> Vec<Vec<Button>> {
    let button = |text: String, press| Button::press(text, Payload::Report(press).encode());
    let take = |judgement, word: &str| {
        button(
            format!("采用：{word}"),
            report::Press::TakeHint(seq, judgement),
        )
    };
    vec![
        vec![
            take(Judgement::Normal, "正常"),
            take(Judgement::Difficult, "有困难"),
        ],
        vec![
            take(Judgement::Blocked, "受阻"),
            take(Judgement::Done, "已完成"),
            button(format!("{label} 不采用"), report::Press::DropHint(seq)),
        ],
    ]
}

fn baseline(scene: &Scene<'_>, task: &TaskId, answer: &Initial) -> (String, Vec<Vec<Button>>) {
    let (name, label) = (naming::task(scene.frame, task), label(scene, task));
    let today = calendar::date_of(scene.now);
    let button = |text: String, press| Button::press(text, Payload::Office(press).encode());
    match answer {
        Initial::Reached { .. } => (
            format!("初始台账：{name}，已完成，待办结"),
            vec![vec![button(
                format!("✅ 办结 {label}"),
                office::Press::Close(task.clone()),
            )]],
        ),
        Initial::NotReached { wanted } => {
            let wanted = wanted.filter(|day| *day > today);
            let asks = wanted.map_or(String::new(), |day| {
                format!("，申请{}完成", naming::day(day, today))
            });
            let set = wanted.map(|day| {
                let text = format!("{label} 定为{}", naming::day(day, today));
                button(text, office::Press::Due(task.clone(), day))
            });
            let other = office::Press::OtherDue(task.clone());
            let other = button(format!("{label} 另定时限"), other);
            (
                format!("初始台账：{name}，未完成{asks}，待定时限"),
                vec![set.into_iter().chain([other]).collect()],
            )
        }
        Initial::Unknown => (name, Vec::new()),
    }
}

/// To the deputy leader, once: requests that have waited for days.
pub fn overdue_requests(scene: &Scene<'_>, requests: &[u64]) -> Message {
    let html = Html::new()
        .bold(format!("待批超过三个工作日 {} 件", requests.len()))
        .line()
        .text("专班办公室尚未批复，您可以直接决定，或用 /todo 查看全部。");
    let mut blocks = vec![String::from(html)];
    let mut keyboard = Vec::new();
    for (at, seq) in requests.iter().enumerate().take(ON_PAGE) {
        let Some((task, request)) = scene.standing.request(*seq) else {
            continue;
        };
        let lines = card::lines(scene, task, request).join("\n   ");
        blocks.push(Html::new().text(format!("{}. {lines}", at + 1)).into());
        keyboard.push(card::buttons(request, &label(scene, task), Origin::List(0)));
    }
    Message {
        blocks,
        keyboard,
        ..Message::default()
    }
}
