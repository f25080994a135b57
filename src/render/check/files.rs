//! What is wrong with a file as a whole, with a holiday table, and which years have none.

use serde::Serialize;

use crate::calendar::{HolidayMistake, HolidayMistakeKind};

/// A file that could not be read as text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileFault {
    /// The file as the caller names it.
    pub file: String,
    /// What is wrong.
    #[serde(flatten)]
    pub what: FileFaultKind,
}

/// What is wrong with a file as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum FileFaultKind {
    /// Not there.
    Missing,
    /// The system refused it; in the system's words.
    Unreadable {
        /// The system's words.
        detail: String,
    },
    /// Larger than such a file ever is.
    TooLarge {
        /// Bytes.
        size: u64,
        /// At most.
        limit: u64,
    },
    /// Not UTF-8.
    NotUtf8,
    /// A folder without a single plan file.
    NoPlan,
    /// Holds a task force that another file holds already.
    SameTaskForce {
        /// Its id.
        id: String,
    },
    /// The deployment's tables of the settings file; in the parser's words.
    Deployment {
        /// The parser's words.
        detail: String,
    },
    /// Known accounts that do not read; in the parser's words.
    People {
        /// The parser's words.
        detail: String,
    },
    /// Known accounts name a task force or person that no plan has.
    UnknownPerson {
        /// As written, task force and person.
        id: String,
    },
    /// Two people of one task force share an account.
    SameAccount {
        /// The account's numeric id.
        user_id: i64,
    },
    /// A holiday table whose name is not its year.
    HolidayName,
    /// A year between two tables that has none.
    HolidayMissing {
        /// The year.
        year: i32,
    },
}

/// One line a file.
pub fn file_faults(faults: &[FileFault]) -> Vec<String> {
    faults.iter().map(file_fault).collect()
}

fn file_fault(fault: &FileFault) -> String {
    let (wrong, mend) = match &fault.what {
        FileFaultKind::Missing => (
            "没有这个文件".to_owned(),
            "请检查路径，或用 --config 指定目录".to_owned(),
        ),
        FileFaultKind::Unreadable { detail } => {
            (format!("读不了（{detail}）"), "请检查文件权限".to_owned())
        }
        FileFaultKind::TooLarge { size, limit } => (
            format!("文件有 {size} 字节，太大"),
            format!("请控制在 {limit} 字节以内"),
        ),
        FileFaultKind::NotUtf8 => (
            "不是 UTF-8 编码".to_owned(),
            "请用编辑器另存为 UTF-8".to_owned(),
        ),
        FileFaultKind::NoPlan => (
            "没有方案文件".to_owned(),
            "请放入一个 .toml 方案".to_owned(),
        ),
        FileFaultKind::SameTaskForce { id } => (
            format!("专班 {id} 已在另一个文件里"),
            "每个专班一个文件，请改 id 或删去一个".to_owned(),
        ),
        FileFaultKind::Deployment { detail } => (
            format!("部署设置有误（{detail}）"),
            "请对照 README 的设置表改正".to_owned(),
        ),
        FileFaultKind::People { detail } => (
            format!("看不懂（{detail}）"),
            "先写 [专班id]，下面一人一行：人员id = { user_id = 123 }".to_owned(),
        ),
        FileFaultKind::UnknownPerson { id } => (
            format!("方案里没有 {id}"),
            "请改成方案名单里的 id，或删去这一行".to_owned(),
        ),
        FileFaultKind::SameAccount { user_id } => (
            format!("账号 {user_id} 写给了两个人"),
            "一个账号在一个专班里只能是一个人".to_owned(),
        ),
        FileFaultKind::HolidayName => (
            "文件名与表中年份不一致".to_owned(),
            "请按年份命名，如 2027.toml".to_owned(),
        ),
        FileFaultKind::HolidayMissing { year } => (
            format!("缺 {year} 年放假安排"),
            "请按国务院办公厅通知补上".to_owned(),
        ),
    };
    format!("{}：{wrong}。{mend}。", fault.file)
}

/// One line a mistake of a holiday table.
pub fn holiday_mistakes(mistakes: &[HolidayMistake]) -> Vec<String> {
    let line = |it: &HolidayMistake| {
        let (wrong, mend) = holiday_mistake(&it.what);
        format!("{}:{} {wrong}。{mend}。", it.file, it.line)
    };
    mistakes.iter().map(line).collect()
}

fn holiday_mistake(what: &HolidayMistakeKind) -> (String, &'static str) {
    match what {
        HolidayMistakeKind::Unreadable(detail) => (
            format!("看不懂（{detail}）"),
            "请对照 config/holidays 中其他年份的写法",
        ),
        HolidayMistakeKind::NotADate(text) => (
            format!("“{text}”不是日期"),
            "写成 2026-01-01 的样子，不带引号和时刻",
        ),
        HolidayMistakeKind::OtherYear(date) => (
            format!("{date} 不在本表年份内"),
            "请改日期，或移到那一年的表",
        ),
        HolidayMistakeKind::EndsBeforeItBegins(date) => {
            (format!("假期到 {date} 结束，早于开始"), "请检查 from 和 to")
        }
        HolidayMistakeKind::TooLong(days) => {
            (format!("一次放假 {days} 天，太长"), "请检查 from 和 to")
        }
        HolidayMistakeKind::MakeUpOnWeekday(date) => {
            (format!("{date} 本来就上班"), "make_up 只写周末的上班日")
        }
        HolidayMistakeKind::OffAndMakeUp(date) => {
            (format!("{date} 既放假又上班"), "请对照通知，只保留一处")
        }
        HolidayMistakeKind::Twice(date) => (format!("{date} 写了两次"), "请只保留一处"),
        HolidayMistakeKind::NoHoliday => {
            ("表里没有一个假期".to_owned(), "请按通知填写 [[holiday]]")
        }
    }
}

/// What is said of years without a table; no mistake, since the notice comes out late in the year before.
pub fn provisional_years(years: &[i32]) -> Option<String> {
    let years: Vec<_> = years.iter().map(|year| format!("{year}年")).collect();
    let said = format!(
        "{}没有放假安排表，暂按周末和法定节假日计算，不含调休（暂定）。国务院办公厅公布后，请在 config/holidays 中补上。",
        years.join("、")
    );
    (!years.is_empty()).then_some(said)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::HolidayTable;

    #[test]
    fn files_that_cannot_be_read_are_told_with_the_mend() {
        let fault = |what| FileFault {
            file: "config/duban.toml".to_owned(),
            what,
        };
        let told = file_faults(&[
            fault(FileFaultKind::Missing),
            fault(FileFaultKind::Unreadable {
                detail: "Permission denied".to_owned(),
            }),
            fault(FileFaultKind::TooLarge { size: 9, limit: 8 }),
            fault(FileFaultKind::NotUtf8),
        ]);
        insta::assert_snapshot!(told.join("\n"), @"
        config/duban.toml：没有这个文件。请检查路径，或用 --config 指定目录。
        config/duban.toml：读不了（Permission denied）。请检查文件权限。
        config/duban.toml：文件有 9 字节，太大。请控制在 8 字节以内。
        config/duban.toml：不是 UTF-8 编码。请用编辑器另存为 UTF-8。
        ");
    }

    #[test]
    fn mistakes_of_a_holiday_table_are_told_with_the_mend() {
        let source = "year = 2026\n[[holiday]]\nname = \"元旦\"\nfrom = 2026-01-03\nto = 2026-01-01\nmake_up = [2026-01-05]\n";
        let wrong = HolidayTable::parse(source, "2026.toml").unwrap_err();
        insta::assert_snapshot!(holiday_mistakes(&wrong).join("\n"), @"
        2026.toml:5 假期到 2026-01-01 结束，早于开始。请检查 from 和 to。
        2026.toml:6 2026-01-05 本来就上班。make_up 只写周末的上班日。
        ");
    }

    #[test]
    fn years_without_a_table_are_named() {
        assert_eq!(provisional_years(&[]), None);
        assert!(
            provisional_years(&[2027, 2028])
                .unwrap()
                .starts_with("2027年、2028年没有放假安排表")
        );
    }
}
