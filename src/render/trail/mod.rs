//! 台账: the trail of an item, the newest entry last.

mod beside;
mod files;
mod finish;
mod lines;
mod office;

pub use finish::farewell;

use super::{Button, Html, Message, Scene, naming, without_tags};
use crate::conversation::payload::Payload;
use crate::conversation::trail::{Press, TrailSay};
use crate::ledger::{Subject, Trail};
use crate::plan::TaskId;

/// Entries on a page.
const STEPS: usize = 4;

/// UTF-16 units of the entries on a page: what Telegram takes in a message, less title and gaps.
const MOST_UNITS: usize = 3_900;

/// Every message of this slice.
pub fn say(scene: &Scene<'_>, say: &TrailSay) -> Message {
    match say {
        TrailSay::Finish(say) => finish::say(scene, say),
        TrailSay::WhichItem => Message::text(
            "请写明哪一项，例如 /ledger 6-1，也可写单位或姓名；人员、机构变动用 /ledger 人员，会议用 /ledger 会议",
        ),
        TrailSay::NotFound(typed) => plain(format!(
            "没有找到“{typed}”。请写指标号（如 6-1、总-3）或举措号（如 11）。"
        )),
        TrailSay::Choose { typed, tasks, more } => choose(scene, typed, tasks, *more),
    }
}

fn choose(scene: &Scene<'_>, typed: &str, tasks: &[TaskId], more: usize) -> Message {
    let rest = match more {
        0 => String::new(),
        more => format!("另有{more}项未列出，可写得更全一些。"),
    };
    let mut message = plain(format!("“{typed}”可能指以下几项，请选择。{rest}"));
    for task in tasks {
        let press = Press::Show {
            subject: Subject::Item(task.clone()),
            page: None,
        };
        message = message.row(vec![button(naming::task(scene.frame, task), press)]);
    }
    message
}

/// One page of a trail; a page past the end is the last.
pub fn trail(scene: &Scene<'_>, trail: &Trail, page: usize) -> Message {
    let shown = |step| String::from(lines::step(scene, &trail.subject, step));
    let steps: Vec<String> = trail.steps.iter().map(shown).collect();
    let pages = pages(&steps);
    let count = pages.len();
    let page = page.min(count - 1);
    let title = Html::new().bold(format!("台账 · {}", name(scene, &trail.subject)));
    let title = match steps.len() {
        0 => title.line().text("还没有任何记录。"),
        entries if count > 1 => title.text(format!(" · 共{entries}条，第{}/{count}页", page + 1)),
        entries => title.text(format!(" · 共{entries}条")),
    };
    let mut blocks = vec![String::from(title)];
    for step in &pages[page] {
        blocks.push(String::new());
        blocks.push((*step).clone());
    }
    let message = Message {
        blocks,
        ..Message::default()
    };
    message.row(turns(&trail.subject, page, count))
}

/// Entries page by page, the first filled first, so that an entry keeps its page when others come; at least one page.
fn pages(steps: &[String]) -> Vec<Vec<&String>> {
    let mut pages = vec![Vec::new()];
    let mut units = 0;
    for step in steps {
        let own = without_tags(step).encode_utf16().count();
        let full = |page: &Vec<&String>| {
            page.len() == STEPS || !page.is_empty() && units + own > MOST_UNITS
        };
        if pages.last().is_none_or(full) {
            pages.push(Vec::new());
            units = 0;
        }
        units += own;
        if let Some(page) = pages.last_mut() {
            page.push(step);
        }
    }
    pages
}

fn name(scene: &Scene<'_>, subject: &Subject) -> String {
    match subject {
        Subject::Item(task) => naming::task(scene.frame, task),
        Subject::People => "人员和机构变动".to_owned(),
        Subject::Meetings => "会议".to_owned(),
    }
}

/// Earlier entries stand on the pages before.
fn turns(subject: &Subject, page: usize, count: usize) -> Vec<Button> {
    let to = |label: &str, page| {
        let press = Press::Show {
            subject: subject.clone(),
            page: Some(page),
        };
        button(label, press)
    };
    let mut buttons = Vec::new();
    if page > 0 {
        buttons.push(to("‹ 更早", page - 1));
    }
    if page + 1 < count {
        buttons.push(to("更新 ›", page + 1));
    }
    buttons
}

fn button(label: impl Into<String>, press: Press) -> Button {
    Button::press(label, Payload::Trail(press).encode())
}

fn plain(text: String) -> Message {
    Message::text(Html::new().text(text))
}
