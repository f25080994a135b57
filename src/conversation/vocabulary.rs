//! Words that are read: command words, and the letters that Chinese keyboards put for others.

use super::command::Command;

/// What people type before a command: the slash, its full-width form, and 、 from the same key of a Chinese keyboard.
pub const SLASHES: [char; 3] = ['/', '／', SERIAL_COMMA];

/// 、, which begins an ordinary sentence more often than a command.
pub const SERIAL_COMMA: char = '、';

/// Between a command and the bot it is for, as in /status@duban_bot.
pub const ADDRESSING: [char; 2] = ['@', '＠'];

/// Chinese words for commands, in private on their own and everywhere behind a slash. Longer words stand before their beginnings.
pub const WORDS: [(&str, Command); 65] = [
    ("我要填报", Command::Report),
    ("填报进展", Command::Report),
    ("进展填报", Command::Report),
    ("填报", Command::Report),
    ("总体进度", Command::Status),
    ("状态", Command::Status),
    ("进度看板", Command::Board),
    ("进度曲线", Command::Chart),
    ("进度", Command::Status),
    ("逾期", Command::Overdue),
    ("谁没报", Command::Missing),
    ("未反馈", Command::Missing),
    ("历史", Command::History),
    ("台账", Command::Ledger),
    ("周报", Command::Digest),
    ("看板", Command::Board),
    ("曲线", Command::Chart),
    ("导出台账", Command::Export),
    ("导出", Command::Export),
    ("简报", Command::Bulletin),
    ("日程", Command::Calendar),
    ("材料包", Command::Pack),
    ("协调事项", Command::Matters),
    ("协调", Command::Matters),
    ("督办单", Command::Slips),
    ("交办", Command::Assign),
    ("取消", Command::Cancel),
    ("退出", Command::Cancel),
    ("切换专班", Command::Switch),
    ("切换", Command::Switch),
    ("帮助", Command::Help),
    ("菜单", Command::Help),
    ("正式启用", Command::Golive),
    ("启用", Command::Golive),
    ("暂停", Command::Pause),
    ("恢复办理", Command::Reopen),
    ("恢复", Command::Resume),
    ("口径", Command::Terms),
    ("申请延期", Command::Extend),
    ("延期申请", Command::Extend),
    ("延期", Command::Extend),
    ("申请办结", Command::Close),
    ("办结申请", Command::Close),
    ("办结", Command::Close),
    ("挂账", Command::Freeze),
    ("待办", Command::Todo),
    ("方案", Command::Plan),
    ("邀请", Command::Invite),
    ("换号", Command::Rebind),
    ("出差", Command::Away),
    ("休假", Command::Away),
    ("回来了", Command::Back),
    ("联络员", Command::Liaison),
    ("人员接替", Command::Replace),
    ("接替", Command::Replace),
    ("机构变动", Command::Unit),
    ("项目库", Command::Project),
    ("召集会议", Command::Meeting),
    ("会议", Command::Meeting),
    ("绑定本群", Command::Here),
    ("删除文字", Command::Redact),
    ("结束工作", Command::Finish),
    ("开始", Command::Start),
    ("我是", Command::Iam),
    ("本人是", Command::Iam),
];

/// Between a name and the post behind it, beside white space.
pub const BETWEEN_NAME_AND_POST: [char; 5] = ['，', ',', '、', '：', ':'];

/// Behind `/project` for a new one.
pub const ADD: [&str; 4] = ["add", "新增", "添加", "增加"];

/// Money is asked for in this unit.
pub const MONEY: &str = "万元";

/// That there is none.
pub const NONE: [&str; 5] = ["无", "没有", "未定", "不属于", "暂无"];

/// What stands for all there is.
pub const EVERYTHING: [&str; 3] = ["全部", "所有", "all"];

/// Before the last day of a pause, as in 至12月10日.
pub const UNTIL: [&str; 5] = ["截止到", "截至", "直到", "至", "到"];

/// Signs left over around a reason when the day behind it is taken off.
pub const LOOSE_SIGNS: [char; 12] = [
    '，', ',', '。', '；', ';', '、', '（', '）', '(', ')', '：', ':',
];

/// The half-width form of a full-width letter, digit or sign (U+FF01 to U+FF5E lie 0xFEE0 above ASCII).
pub fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    }
}

/// Before what a question is about, as in 第6项, 查看住建局.
pub const QUESTION_LEADS: [&str; 9] = [
    "查一下",
    "看一下",
    "查看",
    "查",
    "看",
    "第",
    "举措",
    "任务",
    "指标",
];

/// After what a question is about, as in 第6项的进度怎么样.
pub const QUESTION_TAILS: [&str; 17] = [
    "?",
    "。",
    "怎么样了",
    "怎么样",
    "的情况",
    "情况",
    "的进度",
    "进度",
    "的进展",
    "进展",
    "的状态",
    "状态",
    "的",
    "项",
    "条",
    "号",
    "同志",
];

/// What stands for the dash of 6-1.
pub const DASHES: [char; 9] = ['-', '–', '—', '－', '_', '.', '·', '之', '/'];

/// Before the reason of a digest's correction.
pub const FIX: [&str; 2] = ["fix", "更正"];

/// Around a digest's number, as in 第16期.
pub const NUMBER_LEADS: [&str; 4] = ["第", "No.", "no.", "#"];
/// Behind a digest's number.
pub const NUMBER_TAILS: [&str; 2] = ["期", "号"];

/// Behind a year.
pub const YEAR: char = '年';
/// Behind a month.
pub const MONTH: char = '月';
