//! What the clerk reads on the command line besides check's report.

use super::Message;
use crate::conversation::BotAccount;
use crate::digest::Stamp;
use crate::plan::Plan;

/// Heading of a plan's part of the report.
pub fn plan_heading(file: &str, plan: &Plan) -> String {
    format!(
        "\n{}（{file}）：{} 项举措、{} 项目标、{} 人",
        plan.task_force.name,
        plan.measures.len(),
        plan.indicators.len(),
        plan.members.len()
    )
}

/// The last line of the report.
pub fn summary(mistakes: usize) -> String {
    match mistakes {
        0 => "检查完毕：没有错误。".to_owned(),
        count => format!("检查完毕：有 {count} 处错误，请改正后再运行。"),
    }
}

/// Nothing was adopted yet, so there is nothing to compare with.
pub fn nothing_adopted(plan: &Plan) -> String {
    format!(
        "{}：尚未采用任何方案，首次运行时采用当前文件。",
        plan.task_force.name
    )
}

/// The files are what is adopted.
pub fn no_difference(plan: &Plan) -> String {
    format!("{}：与已采用的方案一致。", plan.task_force.name)
}

/// What a changed holiday table means.
pub fn holidays_changed(years: &[i32]) -> String {
    let years: Vec<String> = years.iter().map(i32::to_string).collect();
    format!(
        "放假安排有变：{} 年。各次发送随之调整，见 duban preview。",
        years.join("、")
    )
}

/// What `duban bind` did.
pub fn bound(name: &str, user_id: i64, office: bool) -> String {
    let rights = if office {
        "，并有办公室权限"
    } else {
        ""
    };
    format!("已绑定：{name} = {user_id}{rights}。对方给机器人发 /start 后即可使用。")
}

/// A stored message as people saw it: visible text, markup dropped.
pub fn message_text(body: &str) -> serde_json::Result<String> {
    let message: Message = serde_json::from_str(body)?;
    Ok(super::without_tags(&message.html()))
}

/// The ledger's head at the end of a stored digest: its seq, and the first digits of its hash.
pub fn printed_head(body: &str) -> Option<(u64, String)> {
    let text = message_text(body).ok()?;
    let last = text.lines().rev().find(|line| line.contains("序号 "))?;
    let (seq, digits) = last.split_once("序号 ")?.1.split_once(" · ")?;
    let digits = digits.trim();
    let fits = digits.len() == 12 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    fits.then(|| Some((seq.trim().parse().ok()?, digits.to_owned())))?
}

/// The first-start code, for the terminal of the clerk who installs the bot.
pub fn first_code(bot: &BotAccount, name: &str, code: &str) -> String {
    format!(
        "首次启动：请专班办公室主任 {name} 在一小时内私聊打开\n  https://t.me/{}?start={code}\n或给 @{} 发送 /start {code}。此码只能用一次，请勿转发。",
        bot.username, bot.username
    )
}

/// Before the bar while the ledger is read.
pub fn reading_ledger() -> &'static str {
    "读取台账"
}

/// Before the bar while rows are written.
pub fn writing_rows() -> &'static str {
    "写入各行"
}

/// On a document or digest made again: why it is not as it was.
pub fn removed_since(removed_by: &[u64]) -> Option<String> {
    let removed = super::document::removal(removed_by)?;
    Some(format!("{removed}，与当时的内容不再逐字节相同。"))
}

/// A document was written.
pub fn written(path: &str, stamp: &Stamp) -> String {
    format!("已写入 {path}\n{}", super::document::stamp_line(stamp))
}

/// Before the bar while files of evidence are checked and packed.
pub fn packing_evidence() -> &'static str {
    "打包佐证材料"
}

/// Evidence was packed.
pub fn evidence_written(path: &str, packed: usize, all: usize, stamp: &Stamp) -> String {
    let files = match all - packed {
        0 => format!("佐证材料 {all} 件，全部在包内"),
        rest => format!("佐证材料 {all} 件，包内 {packed} 件，另 {rest} 件的原因见索引"),
    };
    format!("{files}\n{}", written(path, stamp))
}

/// A backup was written and checked.
pub fn backed_up(path: &str) -> String {
    format!("已备份到 {path}，完整性和台账链已核验。请把它复制到另一台机器。")
}

/// Evidence was copied beside a backup.
pub fn evidence_copied(folder: &str, copied: usize, missing: usize) -> String {
    format!(
        "佐证文件 {copied} 件已复制到 {folder}{}",
        not_found(missing)
    )
}

/// A backup without evidence.
pub fn evidence_left(files: usize) -> String {
    match files {
        0 => "台账里没有佐证文件。".to_owned(),
        count => format!(
            "台账里的佐证文件 {count} 件不在备份内：加 --evidence 一并复制，或另行备份佐证文件夹。"
        ),
    }
}

/// A backup is in the database's place.
pub fn put_back(database: &str, kept: Option<&str>) -> String {
    let kept = kept.map_or_else(String::new, |kept| format!("原数据库保留为 {kept}。"));
    format!(
        "已恢复到 {database}。{kept}下次启动处于暂停：不主动发送，由专班办公室私聊中选择接续或补发（也可在主机上运行 duban restore --decide）。"
    )
}

/// Evidence after a backup was put back.
pub fn evidence_put_back(there: usize, missing: usize) -> String {
    format!("台账里的佐证文件：{there} 件在位{}", not_found(missing))
}

fn not_found(missing: usize) -> String {
    match missing {
        0 => "。".to_owned(),
        count => format!("，{count} 件找不到或已损坏，请从佐证文件夹的备份补齐。"),
    }
}

/// A database put back by other means is marked.
pub fn marked_restored() -> &'static str {
    "已标记为从备份恢复：下次启动处于暂停，由专班办公室选择接续或补发。"
}

/// Before the rehearsal's chat.
pub fn rehearsal_opens(url: &str) -> String {
    format!("预演开始。模拟的 Telegram 在 {url}，不联网，不发真实消息。")
}
