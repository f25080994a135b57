//! What commands are called in menus and in help.

use super::Html;
use crate::conversation::command::{Command, Where};

/// One line on what a command does, at most 256 characters, for menus and help.
pub fn description(command: Command) -> &'static str {
    match command {
        Command::Start => "开始使用，或用加入链接登记",
        Command::Iam => "登记本人姓名，由专班办公室确认",
        Command::Invite => "为未登记人员生成加入链接",
        Command::Rebind => "为换号人员重新生成链接",
        Command::Away => "登记出差、休假和代填人",
        Command::Back => "登记返岗",
        Command::Liaison => "指定联络员，由专班办公室确认",
        Command::Replace => "办理人员接替",
        Command::Unit => "办理机构变动：更名、并入、分设、别名",
        Command::Here => "把本群（或本话题）设为工作群",
        Command::Golive => "正式启用提醒和周报",
        Command::Pause => "暂停全部主动发送",
        Command::Resume => "恢复主动发送",
        Command::Terms => "逐条确定口径；加指标号查看和调整一项",
        Command::Plan => "采用新方案，处理已撤项目和初始台账",
        Command::Finish => "申请结束专班工作",
        Command::Redact => "按规定删除台账一条记录的文字",
        Command::Report => "填报进展",
        Command::Cancel => "退出正在进行的操作",
        Command::Status => "查看进度，可加举措号、单位或姓名",
        Command::Overdue => "查看逾期项目",
        Command::Missing => "查看本期未反馈单位",
        Command::History => "查看某项的填报记录",
        Command::Ledger => "查看某项的台账，逐条留痕",
        Command::Digest => "查看周报，可加期号或月份",
        Command::Board => "查看进度看板和走势（图），可加期号",
        Command::Chart => "查看某项举措的进度曲线图",
        Command::Matters => "查看需协调事项",
        Command::Slips => "查看督办单",
        Command::Export => "导出台账（Excel），可加举措号",
        Command::Bulletin => "导出简报（Word），可加期号",
        Command::Calendar => "把本人各项时限导出为日程",
        Command::Pack => "一次导出台账、简报、日程和看板",
        Command::Assign => "交办事项，可直接回复一条消息来交办",
        Command::Project => "项目库：新增、转阶段、移出",
        Command::Meeting => "召集会议、改期、取消，会后交办议定事项",
        Command::Switch => "换到另一个专班",
        Command::Help => "查看全部可用命令",
        Command::Extend => "申请延期",
        Command::Close => "申请办结",
        Command::Reopen => "把已办结的项目恢复办理",
        Command::Freeze => "挂账，或解除挂账",
        Command::Todo => "查看待处理事项",
        Command::Unknown => "",
    }
}

/// How a command is typed, with an example of its argument.
pub fn usage(command: Command) -> String {
    let argument = match command {
        Command::Iam | Command::Rebind | Command::Replace => " 姓名",
        Command::Pause => " 原因 [至日期]",
        Command::Status | Command::History | Command::Chart => " 6",
        Command::Export => " [6]",
        Command::Bulletin | Command::Board | Command::Pack => " [16]",
        Command::Extend | Command::Close | Command::Reopen | Command::Freeze => " 6-1",
        Command::Terms => " [6-1]",
        Command::Ledger => " 6-1",
        Command::Redact => " 37",
        Command::Digest => " 16",
        Command::Start
        | Command::Invite
        | Command::Away
        | Command::Back
        | Command::Liaison
        | Command::Unit
        | Command::Here
        | Command::Golive
        | Command::Resume
        | Command::Plan
        | Command::Finish
        | Command::Report
        | Command::Cancel
        | Command::Assign
        | Command::Project
        | Command::Meeting
        | Command::Overdue
        | Command::Missing
        | Command::Matters
        | Command::Slips
        | Command::Calendar
        | Command::Switch
        | Command::Help
        | Command::Todo
        | Command::Unknown => "",
    };
    format!("{}{argument}", slash(command))
}

/// The command as people type it, as in `/report`.
pub fn slash(command: Command) -> String {
    format!("/{}", command.name())
}

/// A command menu of Telegram: names without the slash, and descriptions.
pub fn menu(commands: &[Command]) -> Vec<(&'static str, &'static str)> {
    let line = |command: &Command| (command.name(), description(*command));
    commands.iter().map(line).collect()
}

/// Lines for `/help`: usage, description, and where it works if not everywhere.
pub fn lines(commands: &[Command]) -> Html {
    let mut html = Html::new();
    for (at, command) in commands.iter().enumerate() {
        if at > 0 {
            html = html.line();
        }
        html = html.text(format!(
            "{}  {}{}",
            usage(*command),
            description(*command),
            place(*command)
        ));
    }
    html
}

fn place(command: Command) -> &'static str {
    match command.entry().map(|entry| entry.place) {
        Some(Where::Private) => "（私聊）",
        Some(Where::Group) => "（群内）",
        Some(Where::Both) | None => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::command::ALL;

    #[test]
    fn every_command_has_a_menu_line_that_telegram_takes() {
        for (name, description) in menu(&ALL) {
            assert!((1..=32).contains(&name.len()), "{name}");
            assert!(
                name.bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
            );
            assert!((1..=256).contains(&description.chars().count()), "{name}");
        }
        assert_eq!(menu(&ALL).len(), ALL.len());
    }

    #[test]
    fn help_shows_usage_and_place() {
        let html = lines(&[Command::Report, Command::Pause, Command::Here]).to_string();
        insta::assert_snapshot!(html, @"
        /report  填报进展
        /pause 原因 [至日期]  暂停全部主动发送
        /here  把本群（或本话题）设为工作群（群内）
        ");
    }
}
