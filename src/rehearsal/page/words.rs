//! The page's words that the server knows: service lines, refusals, the transcript.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use crate::rehearsal::MessageView;

/// Shown above what the bot writes.
pub const BOT_NAME: &str = "督办";
pub const NOT_JSON: &str = "请求须是 JSON。";
pub const NO_SUCH_PERSON: &str = "没有这个人。";
pub const NO_SUCH_CHAT: &str = "没有这个会话。";
pub const NOT_IN_GROUP: &str = "不在这个群里。";
pub const NOT_STARTED: &str = "还没有打开与机器人的私聊，请先点“开始”。";
pub const BLOCKED: &str = "已停用机器人，请先恢复。";
pub const EMPTY: &str = "没有内容。";
pub const TOO_LONG: &str = "太长：一条消息最多 4096 字。";
pub const NO_SUCH_MESSAGE: &str = "没有这条消息。";
pub const NOT_YOURS: &str = "只能修改自己的消息。";
pub const NO_SUCH_BUTTON: &str = "这个按钮已经不在了。";
pub const NO_START_LINK: &str = "这不是打开机器人的链接。";
pub const UNKNOWN_ACT: &str = "不认识这个动作。";
pub const ANOTHER_CHAT: &str = "这是别人的私聊。";
pub const NO_SUCH_SPEED: &str = "速度只能是 paused、1、60、3600 或 max。";
pub const NO_SUCH_TIME: &str = "时间要写成 2026-11-27T16:00:00+08:00。";
pub const CLOSED: &str = "预演室正在关闭。";
pub const BAD_NAME: &str = "名字要有 1 到 40 个字。";
pub const NAME_TAKEN: &str = "已有人叫这个名字。";
pub const FOREIGN_PAGE: &str = "只接受本机预演页面的请求。";
pub const NO_SUCH_FILE: &str = "没有这个文件。";
pub const NO_SUCH_PAGE: &str = "没有这个页面。";
pub const BAD_SECONDS: &str = "秒数要在 1 到 3600 之间。";
pub const BOT_NOT_THERE: &str = "机器人不在群里。";
pub const BOT_ALREADY_THERE: &str = "机器人已在群里。";
pub const ALREADY_SUPERGROUP: &str = "已经是超级群。";
pub const ALREADY_IN_GROUP: &str = "已在群里。";

/// A group as it was before it became a supergroup.
pub fn former_group(title: &str) -> String {
    format!("升级前的群 · {title}")
}

/// What a service message says; nothing for any other message.
pub fn service_line(message: &MessageView, bot: i64) -> Option<String> {
    let by = &message.from_name;
    let extra = &message.extra;
    if let Some(joined) = extra.get("new_chat_members").and_then(Value::as_array) {
        let self_made = joined
            .iter()
            .any(|user| user.get("id").and_then(Value::as_i64) == message.from);
        let who = names(joined, bot);
        return Some(if self_made {
            format!("{who} 加入了群组")
        } else {
            format!("{by} 邀请 {who} 加入了群组")
        });
    }
    if let Some(left) = extra.get("left_chat_member") {
        let self_made = left.get("id").and_then(Value::as_i64) == message.from;
        let who = name(left, bot);
        return Some(if self_made {
            format!("{who} 离开了群组")
        } else {
            format!("{by} 将 {who} 移出了群组")
        });
    }
    if extra.contains_key("pinned_message") {
        return Some(format!("{by} 置顶了一条消息"));
    }
    if extra.contains_key("migrate_to_chat_id") || extra.contains_key("migrate_from_chat_id") {
        return Some("群组已升级为超级群".to_owned());
    }
    topic_line(by, extra)
}

fn topic_line(by: &str, extra: &Map<String, Value>) -> Option<String> {
    let name = extra
        .get("forum_topic_created")
        .and_then(|topic| topic.get("name"))
        .and_then(Value::as_str);
    if let Some(name) = name {
        return Some(format!("{by} 新建了话题“{name}”"));
    }
    if extra.contains_key("forum_topic_closed") {
        return Some(format!("{by} 关闭了话题"));
    }
    extra
        .contains_key("forum_topic_reopened")
        .then(|| format!("{by} 重新打开了话题"))
}

fn names(users: &[Value], bot: i64) -> String {
    let names: Vec<String> = users.iter().map(|user| name(user, bot)).collect();
    names.join("、")
}

fn name(user: &Value, bot: i64) -> String {
    if user.get("id").and_then(Value::as_i64) == Some(bot) {
        return "机器人".to_owned();
    }
    let first = user.get("first_name").and_then(Value::as_str);
    first.unwrap_or_default().to_owned()
}

/// A message without words, in words.
pub fn stand_in(extra: &Map<String, Value>) -> String {
    let file = extra
        .get("document")
        .and_then(|document| document.get("file_name"))
        .and_then(Value::as_str);
    if let Some(name) = file {
        return format!("[文件 {name}]");
    }
    for (field, words) in [
        ("photo", "[照片]"),
        ("document", "[文件]"),
        ("sticker", "[贴纸]"),
        ("voice", "[语音]"),
        ("location", "[位置]"),
    ] {
        if extra.contains_key(field) {
            return words.to_owned();
        }
    }
    String::new()
}

/// Above the transcript.
pub fn transcript_heading(title: &str, from: &str, to: &str) -> String {
    format!("{title} 预演记录\n{from} 至 {to}\n")
}

/// One message of the transcript.
pub fn transcript_entry(time: &str, chat: &str, message: &MessageView, bot: i64) -> String {
    let mut entry = format!("{time} 〔{chat}〕");
    if let Some(line) = service_line(message, bot) {
        let _ = writeln!(entry, "{line}");
        return entry;
    }
    let mut marks = Vec::new();
    if message.is_ours && message.is_silent {
        marks.push("静音");
    }
    if message.edited_at.is_some() {
        marks.push("已编辑");
    }
    let marks = if marks.is_empty() {
        String::new()
    } else {
        format!("（{}）", marks.join("，"))
    };
    let _ = writeln!(entry, "{}{marks}：", message.from_name);
    let extra = stand_in(&message.extra);
    for line in extra.lines().chain(message.text.lines()) {
        let _ = writeln!(entry, "    {line}");
    }
    for row in &message.keyboard {
        let labels: Vec<String> = row
            .iter()
            .map(|button| format!("[{}]", button.text))
            .collect();
        let _ = writeln!(entry, "    {}", labels.join(" "));
    }
    entry
}
