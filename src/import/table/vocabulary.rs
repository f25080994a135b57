//! Words in the heading row of a table of tasks.

/// Heads the column of numbers.
pub(super) const NUMBERS: [&str; 3] = ["序号", "编号", "项目号"];
/// Heads the column of what is to be done.
pub(super) const TASKS: [&str; 8] = [
    "重点任务",
    "工作任务",
    "主要任务",
    "具体任务",
    "任务",
    "工作内容",
    "举措",
    "事项",
];
/// Heads a column that says more about it, or the column itself where no other word does.
pub(super) const CONTENTS: [&str; 10] = [
    "内容", "目标", "指标", "措施", "要求", "标准", "成效", "进度", "项目", "工作",
];
/// Heads the column of deadlines.
pub(super) const DUES: [&str; 5] = ["完成时限", "完成时间", "时限", "时间节点", "时间要求"];
/// Heads columns about people, for whom a measure has no place.
pub(super) const PEOPLE: [&str; 5] = ["领导", "责任人", "联系人", "负责人", "电话"];
/// First words of rows that sum up or explain others.
pub(super) const SUMS: [&str; 6] = ["合计", "总计", "小计", "备注", "说明", "注"];
