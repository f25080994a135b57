//! What the rehearsal room says on the command line, and answers to wishes it cannot fulfil.

/// A jump into the past.
pub fn not_backwards() -> &'static str {
    "时钟只能向前拨；要回到从前，请打开保存过的预演室。"
}

/// The port asked for is taken.
pub fn port_in_use(port: u16) -> String {
    format!("端口 {port} 已被占用，改用下一个空闲端口。")
}

/// Before anything is played.
pub fn opens(page: &str, api: &str) -> String {
    format!("预演室：{page}\n模拟的 Telegram 在 {api}，不联网，不发真实消息。先演示一个短工作周：")
}

/// After the script.
pub fn stays(page: &str) -> String {
    format!("演示结束。请在浏览器中打开 {page} 继续，按 Ctrl-C 退出。")
}
