//! What is wrong in a file the clerk writes, and the mend.

use crate::plan::{
    FieldMistake, Form, Mistake, MistakeKind, ReferenceMistake, SettingMistake, TargetMistake,
    Thing,
};

/// One line a mistake: file and line, the element, what is wrong, the mend.
pub fn mistakes(mistakes: &[Mistake]) -> Vec<String> {
    mistakes.iter().map(mistake).collect()
}

fn mistake(mistake: &Mistake) -> String {
    let place = mistake.place.as_ref().map(|place| match &place.id {
        Some(id) => format!("[{}] {id}：", place.table),
        None => format!("[{}]：", place.table),
    });
    let (wrong, mend) = match &mistake.what {
        MistakeKind::Field(what) => field_mistake(what),
        MistakeKind::Reference(what) => reference_mistake(what),
        MistakeKind::Target(what) => target_mistake(what),
        MistakeKind::Setting(what) => setting_mistake(what),
    };
    format!(
        "{}:{} {}{wrong}。{mend}。",
        mistake.file,
        mistake.line,
        place.unwrap_or_default()
    )
}

fn field_mistake(what: &FieldMistake) -> (String, String) {
    match what {
        FieldMistake::Syntax { detail } => (
            format!("不是有效的 TOML（{detail}）"),
            "请检查这一行的引号、括号和等号".to_owned(),
        ),
        FieldMistake::UnknownField { field, nearest } => (
            format!("没有名为 {field} 的字段"),
            instead(nearest, "请删除这一行"),
        ),
        FieldMistake::MissingField { field } => {
            (format!("缺少 {field}"), format!("请补上 {field} = …"))
        }
        FieldMistake::WrongType { field, expected } => (
            format!("{field} 的类型不对"),
            format!("应为{}", form(*expected)),
        ),
        FieldMistake::Empty { field } => (
            format!("{field} 是空的"),
            format!("请填写 {field}，或删除这一行"),
        ),
        FieldMistake::TooLong {
            field,
            length,
            limit,
        } => (
            format!("{field} 有 {length} 个字"),
            format!("请缩短到 {limit} 个字以内"),
        ),
        FieldMistake::ControlCharacter { field } => (
            format!("{field} 中有换行或控制字符"),
            "请写在一行内并删除这些字符".to_owned(),
        ),
        FieldMistake::BadId { text } => (
            format!("编号“{text}”不合规定"),
            "只用小写字母、数字和 -，不超过 24 个".to_owned(),
        ),
        FieldMistake::NotOneOf {
            field,
            text,
            choices,
        } => (
            format!("{field} 不能写“{text}”"),
            format!("可写 {}", choices.join("、")),
        ),
        FieldMistake::OutOfRange {
            field,
            text,
            least,
            most,
        } => (
            format!("{field} = {text} 超出范围"),
            format!("应在 {least} 到 {most} 之间"),
        ),
    }
}

fn reference_mistake(what: &ReferenceMistake) -> (String, String) {
    match what {
        ReferenceMistake::Duplicate {
            thing,
            field,
            text,
            first_line,
        } => (
            format!(
                "{}的 {field} “{text}”重复，第 {first_line} 行已有",
                self::thing(*thing)
            ),
            "请改用没有用过的编号".to_owned(),
        ),
        ReferenceMistake::Repeated { field, text } => (
            format!("{field} 中的“{text}”重复，或已列为牵头单位"),
            "请只保留一处".to_owned(),
        ),
        ReferenceMistake::Unknown {
            thing,
            field,
            text,
            nearest,
        } => {
            let mend = format!("请先登记，或改用已有的{}编号", self::thing(*thing));
            (
                format!("{field} 指向的{}“{text}”不存在", self::thing(*thing)),
                instead(nearest, &mend),
            )
        }
        ReferenceMistake::NoLead => (
            "没有牵头单位".to_owned(),
            "请在 leads 中至少写一个单位".to_owned(),
        ),
        ReferenceMistake::AmbiguousName { text, other } => (
            format!("名称“{text}”与单位 {other} 相同"),
            "请改名或删除其中一个别名".to_owned(),
        ),
        ReferenceMistake::FilesForNobody => (
            "没有写明代表哪个单位".to_owned(),
            "请在 units 中写单位编号".to_owned(),
        ),
        ReferenceMistake::LeaderFiles => (
            "组长、副组长不承担填报".to_owned(),
            "请删除 units，或把 role 改为 member".to_owned(),
        ),
        ReferenceMistake::FilerOfOther { person } => (
            format!("填报人 {person} 不代表本单位"),
            "请换成本单位人员，或在其 units 中加上本单位".to_owned(),
        ),
    }
}

fn target_mistake(what: &TargetMistake) -> (String, String) {
    match what {
        TargetMistake::BeforeStart {
            field,
            date,
            starts,
        } => (
            format!("{field} {date} 早于方案开始日"),
            format!("应在 {starts} 或以后"),
        ),
        TargetMistake::AfterEnd { field, date, ends } => (
            format!("{field} {date} 晚于截止日"),
            format!("应在 {ends} 或以前"),
        ),
        TargetMistake::OnMilestone { field } => (
            "节点类指标没有数值".to_owned(),
            format!("请删除 {field}，或改用其他 kind"),
        ),
        TargetMistake::FactDiffers { fact, other, field } => (
            format!("与 {other} 共用数据 {fact}，但 {field} 不同"),
            format!("请把两处的 {field} 改为一致，或分开 fact"),
        ),
        TargetMistake::PaceWithoutWay => (
            "比率类指标没有序时进度".to_owned(),
            "请删除 pace".to_owned(),
        ),
        TargetMistake::NeedsDue { field } => (
            format!("写了 {field} 但没有完成时限"),
            "请补上 due = 年-月-日".to_owned(),
        ),
        TargetMistake::PaceDates { date } => (
            format!("序时进度的日期 {date} 没有按先后排列"),
            "请按日期从早到晚排列，同一天只写一次".to_owned(),
        ),
        TargetMistake::PaceFalls { date } => (
            format!("序时进度在 {date} 变小"),
            "share 应逐步增大，从 0 到 1".to_owned(),
        ),
        TargetMistake::DoubtSubject => (
            "没有写明是关于什么的，或写了不止一个".to_owned(),
            "indicator、measure、unit、task_force 四项只写一项".to_owned(),
        ),
        TargetMistake::SetsNothing => (
            "sets 没有可以设定的内容".to_owned(),
            "sets 只用于关于 indicator 的问题，可写 filing_lead、due、baseline".to_owned(),
        ),
    }
}

fn setting_mistake(what: &SettingMistake) -> (String, String) {
    match what {
        SettingMistake::Cron { field, text } => (
            format!("{field} 的定时“{text}”看不懂"),
            "写六段：秒 分 时 日 月 星期，例如 0 0 9 15 * *".to_owned(),
        ),
        SettingMistake::CronNeverFires { field, text } => (
            format!("{field} 的定时“{text}”一年中没有一天触发"),
            "请检查日和月".to_owned(),
        ),
        SettingMistake::CronMissesPeriod {
            field,
            text,
            period,
        } => (
            format!("{field} 的定时“{text}”有的周期不触发，例如 {period} 开始的一期"),
            "请改为每个周期都有的日子".to_owned(),
        ),
        SettingMistake::CronTwiceADay { field, text } => (
            format!("{field} 的定时“{text}”一天触发不止一次"),
            "秒、分、时各写一个数".to_owned(),
        ),
        SettingMistake::OutsideHours { field, text } => (
            format!("{field} 的时刻“{text}”不在工作时间内"),
            "请改到 hours 写明的时段内".to_owned(),
        ),
        SettingMistake::PingBeforeOpening { text } => (
            format!("提醒“{text}”早于本期开始"),
            "请让 ping 在 opens 之后".to_owned(),
        ),
        SettingMistake::ThresholdsNotAscending => (
            "转黄的阈值不小于转红的阈值".to_owned(),
            "请让 yellow 小于 red".to_owned(),
        ),
        SettingMistake::HoursOverlap => (
            "工作时段重叠或先后颠倒".to_owned(),
            "请从早到晚写，每段先开始后结束".to_owned(),
        ),
        SettingMistake::RungsNotDescending => (
            "到期提醒的天数没有从大到小排列".to_owned(),
            "例如 [30, 7, 3, 1, 0]".to_owned(),
        ),
    }
}

fn instead(nearest: &Option<String>, otherwise: &str) -> String {
    match nearest {
        Some(nearest) => format!("是否应为 {nearest}？否则{otherwise}"),
        None => otherwise.to_owned(),
    }
}

fn form(form: Form) -> &'static str {
    match form {
        Form::Text => "带引号的文字",
        Form::Flag => "true 或 false",
        Form::Integer => "整数",
        Form::Number => "数字（不带引号）",
        Form::Date => "日期，例如 2025-12-31（不带引号）",
        Form::Time => "时刻，例如 \"09:00\"",
        Form::List => "列表，例如 [\"…\", \"…\"]",
        Form::Table => "一个表",
        Form::Tables => "若干个表，以 [[…]] 开头",
    }
}

fn thing(thing: Thing) -> &'static str {
    match thing {
        Thing::Unit => "单位",
        Thing::Person => "人员",
        Thing::Section => "部分",
        Thing::Measure => "举措",
        Thing::Indicator => "指标",
        Thing::Doubt => "口径",
    }
}
