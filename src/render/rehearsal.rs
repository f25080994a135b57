//! What the rehearsal room says on the command line, and answers to wishes it cannot fulfil.

/// A jump into the past.
pub fn not_backwards() -> &'static str {
    "时钟只能向前拨；要回到从前，请打开保存过的预演室。"
}

/// A kept room of a later program.
pub fn newer_room() -> &'static str {
    "这个预演室由更新的版本保存，请用新版程序打开。"
}

/// A name that is none.
pub fn bad_room_name() -> &'static str {
    "名字只能用文字、数字、空格、- 和 _，最多 40 个字。"
}

/// The room could not be kept.
pub fn not_saved(why: &str) -> String {
    format!("没有保存：{why}")
}

/// The room could not be opened.
pub fn not_opened(why: &str) -> String {
    format!("打不开这个预演室：{why}")
}

/// A kept room was opened.
pub fn opened(page: &str, folder: &str) -> String {
    format!("已打开预演室 {folder}：{page}，按 Ctrl-C 退出。")
}

/// The port asked for is taken.
pub fn port_in_use(port: u16) -> String {
    format!("端口 {port} 已被占用，改用下一个空闲端口。")
}

/// Before anything is played.
pub fn opens(page: &str, api: &str) -> String {
    format!("预演室：{page}\n模拟的 Telegram 在 {api}，不联网，不发真实消息。先演示一个短工作周：")
}

/// Nobody is known, and nothing is played.
pub fn opens_unbound(page: &str, api: &str) -> String {
    format!(
        "预演室：{page}\n模拟的 Telegram 在 {api}，不联网，不发真实消息。谁都还没有登记，从首次启动开始。"
    )
}

/// The link that makes the office known, in a room where nobody is.
pub fn first_start(link: &str) -> String {
    format!(
        "首次启动链接（也在页面“群与人”里）：{link}\n请在页面上以专班办公室主任的身份打开，一小时内有效。"
    )
}

/// The built-in day has other people than the plan.
pub fn other_plan() -> String {
    "自带的演示按乳山的方案编写，这个方案里缺少其中的人，不演示。请在页面上以成员的身份操作，先由办公室主任发 /start；\
     要自动演示，用 --script 指定自己的脚本。"
        .to_owned()
}

/// After the script.
pub fn stays(page: &str) -> String {
    format!("演示结束。请在浏览器中打开 {page} 继续，按 Ctrl-C 退出。")
}
