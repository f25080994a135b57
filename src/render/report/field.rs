//! Messages with a reply field, for typed steps in the group.

use crate::conversation::report::{ReplyField, Step};
use crate::render::{Html, Message, Scene, naming};

/// A message with a reply field, in the group.
pub(super) fn reply_field(scene: &Scene<'_>, field: &ReplyField) -> Message {
    let name = naming::task(scene.frame, &field.task);
    let (asked, placeholder) = match field.step {
        Step::Value => ("请回复本条：现在的数字", "数字，例如 9"),
        Step::ReachedOn => ("请回复本条：完成日期", "日期，例如 12月10日"),
        Step::Wanted => ("请回复本条：希望的新时限", "日期，例如 12月10日"),
        Step::Evidence => ("请回复本条并附图片或文件", "附图片或文件"),
        Step::Reason => ("请回复本条：没有完成的原因", "一两句话"),
        Step::Issues => ("请回复本条：存在的问题", "一两句话"),
        Step::Next => ("请回复本条：下一步，可带日期", "一两句话"),
        Step::Support => ("请回复本条：需要协调的单位和事项", "单位：事项"),
        Step::SupportWhat => ("请回复本条：需要协调的事项", "一句话"),
        Step::Done
        | Step::Reached
        | Step::Stage
        | Step::Judgement
        | Step::Preview
        | Step::Lines => ("请回复本条：做了哪些工作", "一两句话"),
    };
    let html = Html::new()
        .mention(field.account.user_id, &field.account.name)
        .text(" ")
        .text(name)
        .line()
        .text(asked);
    Message {
        placeholder: Some(placeholder.to_owned()),
        ..Message::text(html)
    }
}
