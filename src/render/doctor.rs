//! What `duban doctor` says: what was found, and the mend.

use serde::Serialize;

/// How grave it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// As it should be.
    Good,
    /// Worth knowing.
    Note,
    /// It must be mended.
    Bad,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at, for a program.
    pub check: &'static str,
    /// How grave it is.
    pub level: Level,
    /// What was found.
    pub found: String,
    /// What to do about it.
    pub mend: Option<String>,
}

/// What `duban doctor --json` prints.
#[derive(Debug, Serialize)]
pub struct Report<'a> {
    /// Nothing must be mended.
    pub ok: bool,
    /// All findings.
    pub findings: &'a [Finding],
}

fn good(check: &'static str, found: impl Into<String>) -> Finding {
    Finding {
        check,
        level: Level::Good,
        found: found.into(),
        mend: None,
    }
}

fn note(check: &'static str, found: impl Into<String>, mend: impl Into<String>) -> Finding {
    Finding {
        check,
        level: Level::Note,
        found: found.into(),
        mend: Some(mend.into()),
    }
}

fn bad(check: &'static str, found: impl Into<String>, mend: impl Into<String>) -> Finding {
    Finding {
        level: Level::Bad,
        ..note(check, found, mend)
    }
}

/// A finding as a line, its mend on the next.
pub fn line(finding: &Finding) -> String {
    let mark = match finding.level {
        Level::Good => "正常",
        Level::Note => "注意",
        Level::Bad => "有误",
    };
    let mend = finding.mend.as_ref();
    let mend = mend.map_or(String::new(), |mend| format!("\n      → {mend}"));
    format!("[{mark}] {}{mend}", finding.found)
}

/// The last line.
pub fn summary(findings: &[Finding]) -> String {
    let count = |level| findings.iter().filter(|it| it.level == level).count();
    match (count(Level::Bad), count(Level::Note)) {
        (0, 0) => "体检完毕：一切正常。".to_owned(),
        (0, notes) => format!("体检完毕：可以运行，{notes} 处请留意。"),
        (bad, _) => format!("体检完毕：{bad} 处须处理。"),
    }
}

/// The folder of settings and plans.
pub fn configuration(mistakes: usize, folder: &str) -> Finding {
    match mistakes {
        0 => good("configuration", format!("配置目录 {folder} 没有错误")),
        count => bad(
            "configuration",
            format!("配置目录 {folder} 有 {count} 处错误"),
            "运行 duban check 逐条查看并改正。",
        ),
    }
}

/// Holiday tables: years that must be there now, and the next one where it is time.
pub fn holidays(year: i32, has_this: bool, next: Option<bool>, december: bool) -> Finding {
    let lacking = |year: i32| {
        (
            format!("没有 {year} 年放假安排，按周末和法定日暂定"),
            format!("请按国务院办公厅通知编写 holidays/{year}.toml，重启后由办公室采用。"),
        )
    };
    match (has_this, next) {
        (false, _) => {
            let (found, mend) = lacking(year);
            bad("holidays", found, mend)
        }
        (true, Some(false)) => {
            let (found, mend) = lacking(year + 1);
            match december {
                true => bad("holidays", found, mend),
                false => note("holidays", found, mend),
            }
        }
        (true, Some(true)) => good("holidays", format!("{year}、{} 年放假安排齐备", year + 1)),
        (true, None) => good("holidays", format!("{year} 年放假安排齐备")),
    }
}

/// A secret could not be read; the reason holds nothing of it.
pub fn secret(check: &'static str, why: &str) -> Finding {
    bad(
        check,
        format!("密钥读不到：{why}"),
        "请检查环境变量，或 _FILE 变量所指文件的路径、权限和内容。",
    )
}

/// No token is set.
pub fn no_token() -> Finding {
    bad(
        "token",
        "没有设置机器人令牌",
        "向 @BotFather 取得令牌，写入 TELOXIDE_TOKEN，或写入文件并用 TELOXIDE_TOKEN_FILE 指明。",
    )
}

/// Telegram refuses the token.
pub fn token_refused() -> Finding {
    bad(
        "token",
        "Telegram 不接受这个令牌",
        "在 @BotFather 用 /token 重新取得令牌；如已泄露，用 /revoke 作废后换新。",
    )
}

/// Telegram accepts the token.
pub fn token(username: &str) -> Finding {
    good("token", format!("令牌有效，机器人是 @{username}"))
}

/// Telegram cannot be asked at all.
pub fn unreachable(why: &str) -> Finding {
    bad(
        "api",
        format!("连不上 Telegram 接口（{why}）"),
        "请检查网络、DNS，以及 TELOXIDE_API_URL、TELOXIDE_PROXY 两项设置。",
    )
}

/// How long an answer takes, in milliseconds; whether that is long.
pub fn reached(millis: i64, slow: bool) -> Finding {
    let found = format!("Telegram 接口可达，应答 {millis} 毫秒");
    match slow {
        false => good("api", found),
        true => note(
            "api",
            format!("{found}，偏慢"),
            "按钮和答复会有延迟；请检查线路或代理。",
        ),
    }
}

/// How far our clock is off another, in milliseconds; less than nothing is behind.
pub fn clock(
    check: &'static str,
    other: &str,
    off_millis: i64,
    worth_a_note: bool,
    grave: bool,
) -> Finding {
    if !worth_a_note {
        return good(check, format!("本机时钟与{other}一致"));
    }
    let way = if off_millis > 0 { "快" } else { "慢" };
    let seconds = off_millis.abs() / 1000;
    let found = format!("本机时钟比{other}{way} {seconds} 秒");
    let mend = "打开自动对时：timedatectl set-ntp true，再用 timedatectl 查看。";
    match grave {
        true => bad(check, found, mend),
        false => note(check, found, mend),
    }
}

/// Telegram's server.
pub fn telegrams_clock() -> &'static str {
    "Telegram 服务器"
}

/// The database server.
pub fn databases_clock() -> &'static str {
    "数据库服务器"
}

/// No group can add the bot.
pub fn joins_no_groups() -> Finding {
    bad(
        "groups",
        "机器人被设为不能加入群组",
        "在 @BotFather 用 /setjoingroups 选 Enable。",
    )
}

/// Privacy mode.
pub fn privacy(reads_all: bool) -> Finding {
    match reads_all {
        false => good("privacy", "隐私模式开启：在群里只收到发给它的消息"),
        true => note(
            "privacy",
            "隐私模式关闭：群里所有消息都会发给机器人（它只处理发给它的，其余不留存）",
            "在 @BotFather 用 /setprivacy 选 Enable，再把机器人移出并重新加入群。",
        ),
    }
}

/// No group is bound.
pub fn no_group(task_force: &str) -> Finding {
    note(
        "groups",
        format!("{task_force}：还没有绑定群"),
        "把机器人加入专班群，由办公室人员在群里发 /here。",
    )
}

/// So many groups were asked about; of the others so many task forces have none.
pub fn more_groups(asked: usize, rest: usize, without: usize) -> Finding {
    note(
        "more_groups",
        format!("只查了前{asked}个专班的群，另有{rest}个未逐一查看，其中{without}个还没有绑定群"),
        "单个群可在群里发 /status 查看；日志和 /metrics 会记下发不出去的消息。",
    )
}

/// So many task forces have no routes yet.
pub fn unrouted(count: usize) -> Finding {
    note(
        "routes",
        format!("{count}个专班的索引尚未建立，没有查看它们的群"),
        "启动一次机器人（duban run）即自动建立，再运行 duban doctor。",
    )
}

/// What the bot is in a bound group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupRights {
    /// All it needs.
    All,
    /// It may not pin.
    NoPin,
    /// It may not write.
    NoWriting,
    /// It is not there.
    Outside,
}

/// The bot's rights in a bound group.
pub fn group(task_force: &str, rights: GroupRights) -> Finding {
    match rights {
        GroupRights::All => good("groups", format!("{task_force}：群内可发言、可置顶")),
        GroupRights::NoPin => note(
            "groups",
            format!("{task_force}：群内不能置顶消息，状态消息不会固定在群顶"),
            "请群主把机器人设为管理员，并给“置顶消息”权限。",
        ),
        GroupRights::NoWriting => bad(
            "groups",
            format!("{task_force}：机器人在群内被禁言"),
            "请群主解除限制，允许发送消息。",
        ),
        GroupRights::Outside => bad(
            "groups",
            format!("{task_force}：机器人不在绑定的群里，或群已解散"),
            "请把机器人重新加入群，由办公室人员在群里发 /here。",
        ),
    }
}

/// The group could not be asked about.
pub fn group_unasked(task_force: &str, why: &str) -> Finding {
    note(
        "groups",
        format!("{task_force}：没能查到群内权限（{why}）"),
        "稍后再试。",
    )
}

/// Polling, while a webhook is set: it is where updates go now.
pub fn webhook_in_the_way(url: &str) -> Finding {
    note(
        "webhook",
        format!("设置为轮询，但 Telegram 仍向 {url} 推送"),
        "duban 启动时会自动取消推送；如另有程序在用这个令牌，请先停掉它。",
    )
}

/// Polling, as set.
pub fn polling(pending: i64) -> Finding {
    good("webhook", format!("轮询方式，与设置一致；{pending} 条待收"))
}

/// Webhook, as set.
pub fn webhook(pending: i64) -> Finding {
    good(
        "webhook",
        format!("推送方式，地址与设置一致；{pending} 条待收"),
    )
}

/// Telegram posts to another address than the one set.
pub fn webhook_elsewhere(set: &str, url: &str) -> Finding {
    let now = if url.is_empty() { "未设置" } else { url };
    note(
        "webhook",
        format!("设置的推送地址是 {set}，Telegram 处现为：{now}"),
        "duban 启动时会自动设置；如正在运行，请看日志。",
    )
}

/// Telegram's last post failed.
pub fn webhook_failed(at: &str, why: &str) -> Finding {
    bad(
        "webhook",
        format!("Telegram 最近一次推送失败（{at}）：{why}"),
        "请检查域名、证书、反向代理，以及 webhook_listen 是否可达。",
    )
}

/// Webhook mode without its secret.
pub fn no_webhook_secret() -> Finding {
    bad(
        "webhook",
        "推送方式缺少密钥",
        "请把 16 至 256 个字母、数字、_ 或 - 写入 DUBAN_WEBHOOK_SECRET，或用 DUBAN_WEBHOOK_SECRET_FILE 指明文件。",
    )
}

/// There is no SQLite file yet.
pub fn no_database(path: &str) -> Finding {
    note(
        "database",
        format!("数据库 {path} 还不存在"),
        "首次运行 duban run 时自动建立；如应已存在，请检查 DATABASE_URL。",
    )
}

/// The database cannot be used; the reason is the store's own.
pub fn database_fault(why: &str) -> Finding {
    bad(
        "database",
        format!("数据库用不了：{why}"),
        "请检查 DATABASE_URL、文件权限，或数据库服务是否在运行。",
    )
}

/// Its tables.
pub fn migrations(version: Option<i64>, known: i64) -> Finding {
    match version {
        Some(version) if version == known => {
            good("migrations", format!("数据表版本 {version}，与程序一致"))
        }
        Some(version) if version > known => bad(
            "migrations",
            format!("数据表版本 {version} 高于程序认识的 {known}"),
            "请用较新的 duban，或恢复升级前的备份。",
        ),
        Some(version) => note(
            "migrations",
            format!("数据表版本 {version} 低于程序的 {known}"),
            "duban 启动时自动升级；请先备份。",
        ),
        None => note(
            "migrations",
            "数据库是空的",
            "首次运行 duban run 时自动建表。",
        ),
    }
}

/// Whether it is whole.
pub fn integrity(damage: Option<&str>) -> Finding {
    match damage {
        None => good("integrity", "数据库快速检查通过，各台账链头相符"),
        Some(damage) => bad(
            "integrity",
            format!("数据库有损坏：{damage}"),
            "请立即停止 duban，保留现有文件，用最近的备份恢复，再运行 duban verify。",
        ),
    }
}

/// Whether it can be written to; else the store's reason.
pub fn writing(refused: Option<&str>) -> Finding {
    match refused {
        None => good("writing", "数据库可写"),
        Some(why) => bad(
            "writing",
            format!("数据库写不进去：{why}"),
            "请检查文件和目录的权限、磁盘空间；如被其他程序锁住，请关闭它。",
        ),
    }
}

/// How much room is left, in megabytes.
pub fn room(megabytes: u64, little: bool, none: bool) -> Finding {
    let found = format!("数据目录所在磁盘剩余 {megabytes} MB");
    let mend = "请清理磁盘或扩容；写满后答复不会丢失，但会停在原处等待。";
    match (none, little) {
        (true, _) => bad("disk", found, mend),
        (false, true) => note("disk", found, mend),
        (false, false) => good("disk", found),
    }
}

/// A folder that duban writes to.
pub fn folder(check: &'static str, path: &str, usable: bool) -> Finding {
    match usable {
        true => good(check, format!("目录 {path} 可写")),
        false => bad(
            check,
            format!("目录 {path} 不能写"),
            "请检查它是否是目录、属主和权限；在 systemd 下请放在 StateDirectory 内。",
        ),
    }
}

/// Files of evidence are not fetched.
pub fn evidence_off() -> Finding {
    good("evidence", "已设置为不下载佐证材料")
}

/// Something else of a task force keeps it from being looked at.
pub fn ledger_fault(task_force: &str, why: &str) -> Finding {
    bad(
        "ledger",
        format!("{task_force}：台账读不出（{why}）"),
        "请运行 duban verify 查看；必要时用备份恢复。",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_must_be_mended_says_how_and_what_is_well_says_no_more() {
        let findings = [
            token("duban_bot"),
            privacy(true),
            group("乳山专班", GroupRights::Outside),
            clock("clock", telegrams_clock(), -61_500, true, true),
            holidays(2026, true, Some(false), false),
        ];
        let lines: Vec<String> = findings.iter().map(line).collect();
        insta::assert_snapshot!(lines.join("\n"), @"
        [正常] 令牌有效，机器人是 @duban_bot
        [注意] 隐私模式关闭：群里所有消息都会发给机器人（它只处理发给它的，其余不留存）
              → 在 @BotFather 用 /setprivacy 选 Enable，再把机器人移出并重新加入群。
        [有误] 乳山专班：机器人不在绑定的群里，或群已解散
              → 请把机器人重新加入群，由办公室人员在群里发 /here。
        [有误] 本机时钟比Telegram 服务器慢 61 秒
              → 打开自动对时：timedatectl set-ntp true，再用 timedatectl 查看。
        [注意] 没有 2027 年放假安排，按周末和法定日暂定
              → 请按国务院办公厅通知编写 holidays/2027.toml，重启后由办公室采用。
        ");
        assert_eq!(summary(&findings), "体检完毕：2 处须处理。");
        assert_eq!(summary(&findings[..2]), "体检完毕：可以运行，1 处请留意。");
        assert_eq!(summary(&findings[..1]), "体检完毕：一切正常。");
    }

    #[test]
    fn a_holiday_table_is_wanted_a_year_ahead_from_november_on() {
        let level = |this, next, december| holidays(2026, this, next, december).level;
        assert_eq!(level(true, None, false), Level::Good);
        assert_eq!(level(true, Some(true), true), Level::Good);
        assert_eq!(level(true, Some(false), false), Level::Note);
        assert_eq!(level(true, Some(false), true), Level::Bad);
        assert_eq!(level(false, None, false), Level::Bad);
    }

    #[test]
    fn tables_of_another_version_are_told_apart() {
        let level = |version| migrations(version, 3).level;
        assert_eq!(level(Some(3)), Level::Good);
        assert_eq!(level(Some(2)), Level::Note);
        assert_eq!(level(Some(4)), Level::Bad);
        assert_eq!(level(None), Level::Note);
    }
}
