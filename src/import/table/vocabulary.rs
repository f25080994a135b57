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
/// Heads the column of deadlines.
pub(super) const DUES: [&str; 5] = ["完成时限", "完成时间", "时限", "时间节点", "时间要求"];
/// Between the units of a cell.
pub(super) const LIST_SIGN: &str = "、";
