//! Words a simulated task force is made of, and what simulated people type and tap.

/// Family names.
pub const FAMILY: [&str; 20] = [
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林",
    "何", "郭", "马", "欧阳",
];

/// Given names.
pub const GIVEN: [&str; 16] = [
    "伟", "芳", "娜", "敏", "静", "秀英", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "涛",
    "明霞",
];

/// What a bureau is for.
pub const FIELDS: [&str; 16] = [
    "教育",
    "科技",
    "工信",
    "公安",
    "财政",
    "自然资源",
    "住建",
    "交通",
    "农业",
    "海洋",
    "商务",
    "文旅",
    "卫健",
    "应急",
    "市场监管",
    "税务",
];

/// Ends a bureau's name.
pub const BUREAU: &str = "局";

/// A post.
pub const POST: &str = "副局长";

/// A task force's name.
pub const TASK_FORCE: &str = "推进<重点>任务 & 以旧换新工作专班";

/// What a measure or a target is about.
pub const SUBJECTS: [&str; 12] = [
    "老旧小区改造",
    "充电桩建设",
    "报废汽车回收",
    "电梯更新",
    "供水管网",
    "农机更新",
    "公交换电池",
    "家电换新<家>",
    "学校设备",
    "医院设备",
    "再生资源 & 回收",
    "标准提升",
];

/// Units of measure.
pub const MEASURES: [&str; 5] = ["辆", "万辆", "台", "%", "座"];

/// A sentence that says how something goes on.
pub const SENTENCES: [&str; 12] = [
    "按计划推进",
    "已完成招标，本周进场施工",
    "资金尚未到位，需财政局协调",
    "因天气原因进度滞后，预计下周恢复",
    "已签订合同 <框架协议> & 补充协议",
    "正在对接",
    "完成验收",
    "请住建局协助办理手续",
    "无",
    "没有变化",
    "同上次",
    "12月10日前完成设备安装",
];

/// What a question does not expect.
pub const NONSENSE: [&str; 20] = [
    "？？？",
    "在吗",
    "你好",
    "😂😂😂",
    "<b>粗体</b>",
    "&amp;",
    "/",
    "/nonsense",
    "一二三四五",
    "-",
    "……",
    "收到",
    "好的，谢谢",
    "123abc",
    "http://example.com/?a=1&b=2",
    "明天",
    "上个月",
    "2026-02-30",
    "99999999999999999999999999",
    "\u{202e}倒过来\u{0}",
];

/// Numbers as people type them.
pub const NUMBERS: [&str; 18] = [
    "0",
    "1",
    "2",
    "3.5",
    "8",
    "12",
    "100",
    "1.5万",
    "两百",
    "十二",
    "8/10",
    "约30",
    "3-5",
    "-1",
    "１２",
    "1,200",
    "50%",
    "0.4万辆",
];

/// Dates as people type them.
pub const DATES: [&str; 8] = [
    "下周五",
    "月底前",
    "明天",
    "12月31日",
    "2027-03-31",
    "三天后",
    "无",
    "昨天",
];

/// Labels a willing person taps, the first that stands on the newest card.
pub const WILLING: [&str; 24] = [
    "确认",
    "提交",
    "其余",
    "是，",
    "仍是",
    "同上次",
    "保持",
    "尚未完成",
    "不申请新时限",
    "🟢",
    "未开始",
    "进行中",
    "计入本期",
    "继续填",
    "接着填",
    "填 ",
    "都无变化",
    "我要填报",
    "采用",
    "同意",
    "批准",
    "发出",
    "签收",
    "已见到",
];

/// Stands in a question that a number answers.
pub const ASKS_NUMBER: [&str; 2] = ["直接回复数字", "回复数字"];

/// Stands in a question that words answer.
pub const ASKS_WORDS: [&str; 5] = ["一两句话", "原因是什么", "请写", "直接回复", "请回复"];

/// A period's words for a pause.
pub const PAUSE: &str = "系统检修";

/// Leaves whatever is open.
pub const LEAVE: [&str; 3] = ["/cancel", "取消", "退出"];

/// Decides well for whoever asked.
pub const STARTS: [&str; 2] = ["正式启用", "确认启用"];

/// Names a public holiday.
pub const HOLIDAY: &str = "放假";

/// A doubt about the terms.
pub const DOUBT: (&str, &str) = ("未写明由谁填报。", "由第一牵头单位填报。");

/// Ends the work.
pub const FINISH: &str = "/finish";

/// How anybody begins something.
pub const OPENINGS: [&str; 16] = [
    "/report",
    "/report {item}",
    "/report {item}",
    "/extend {item}",
    "/close {item}",
    "/close {item}",
    "/away",
    "/back",
    "/liaison",
    "/matters",
    "/slips",
    "/status {item}",
    "/status {unit}",
    "/history {item}",
    "/ledger {item}",
    "/calendar",
];

/// How the office begins something.
pub const OFFICE_OPENINGS: [&str; 34] = [
    "/assign",
    "/assign",
    "/project add",
    "/project",
    "/meeting",
    "/meeting",
    "/freeze {item}",
    "/freeze {item}",
    "/reopen {item}",
    "/terms",
    "/terms {item}",
    "/plan",
    "/plan",
    "/invite",
    "/rebind {person}",
    "/replace {person}",
    "/replace {person}",
    "/unit {unit}",
    "/unit",
    "/redact {seq}",
    "/redact {seq}",
    "/finish",
    "/slips",
    "/todo",
    "/todo",
    "/away {person}",
    "/back {person}",
    "/digest fix 多计一座",
    "/pause 系统检修 至{day}",
    "/resume",
    "/status {item}",
    "/overdue",
    "/missing",
    "/matters",
];

/// Leads out of a dialog, or back.
pub const WAYS_OUT: [&str; 6] = ["退出", "上一步", "返回", "‹", "撤回", "不改"];

/// Leads on in a dialog.
pub const FORWARD: [&str; 62] = [
    "提交",
    "确认",
    "确定",
    "发出",
    "下一步",
    "完成",
    "完，",
    "其余",
    "今天起",
    "没有文号",
    "无文号",
    "不属于",
    "是这样",
    "是，",
    "还没有日期",
    "发给联络员",
    "仍发给我",
    "生成加入链接",
    "采用",
    "同意",
    "签收",
    "采纳建议",
    "批准",
    "删除",
    "申请结束",
    "申请延期",
    "申请办结",
    "逐项交办",
    "已协助",
    "已解决",
    "新增项目",
    "转入",
    "移出",
    "立项",
    "每月",
    "专班会议",
    "出差",
    "休假",
    "更名",
    "并入",
    "分设",
    "别名",
    "撤销",
    "结束",
    "取消该项",
    "需上级协调",
    "补充",
    "异议",
    "办结",
    "退回",
    "催办",
    "挂账",
    "解除",
    "恢复",
    "告知",
    "暂缓",
    "改期",
    "重新",
    "写明",
    "改目标值",
    "交办",
    "重发",
];

/// Stands in a question that something typed answers.
pub const ASKS: [&str; 12] = [
    "请发",
    "请写",
    "请回复",
    "直接回复",
    "回复",
    "例如",
    "什么",
    "多少",
    "哪",
    "何时",
    "谁",
    "原因",
];

/// What is typed as an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A day to come.
    Day,
    /// From one day to another.
    Days,
    /// A time and a place.
    Meeting,
    /// An amount of money.
    Money,
    /// A measure's number.
    Measure,
    /// A unit's name.
    Unit,
    /// Somebody on the roster.
    Person,
    /// Somebody who is not, with a post.
    Somebody,
    /// A name for something new.
    Name,
    /// A number.
    Number,
    /// A sentence.
    Sentence,
}

/// What a question asks for that holds these words.
pub const KINDS: [(&str, Kind); 22] = [
    ("日期", Kind::Day),
    ("时限", Kind::Day),
    ("哪天", Kind::Day),
    ("几月", Kind::Day),
    ("至", Kind::Days),
    ("起止", Kind::Days),
    ("地点", Kind::Meeting),
    ("时间", Kind::Meeting),
    ("投资", Kind::Money),
    ("资金", Kind::Money),
    ("金额", Kind::Money),
    ("举措", Kind::Measure),
    ("单位", Kind::Unit),
    ("牵头", Kind::Unit),
    ("人员", Kind::Person),
    ("接替", Kind::Somebody),
    ("姓名", Kind::Somebody),
    ("联络员", Kind::Somebody),
    ("名称", Kind::Name),
    ("数字", Kind::Number),
    ("原因", Kind::Sentence),
    ("写", Kind::Sentence),
];

/// Amounts as people type them.
pub const MONEY: [&str; 4] = ["3000万元", "3.8亿元", "9000", "120万"];

/// A day as people type it.
pub fn day(day: chrono::NaiveDate) -> String {
    day.format("%Y年%-m月%-d日").to_string()
}

/// Two days as people type them.
pub fn days(from: chrono::NaiveDate, to: chrono::NaiveDate) -> String {
    format!("{}至{}", from.format("%-m月%-d日"), to.format("%-m月%-d日"))
}

/// A meeting's time and place.
pub fn meeting(day: chrono::NaiveDate) -> String {
    format!("{}下午2点半 三楼会议室", day.format("%-m月%-d日"))
}

/// The name of something new.
pub fn centre(number: u64) -> String {
    format!("服务<中心>{number}")
}
