//! What `duban simulate` prints.

/// A story told to its end: its seed; deeds, calls, entries, deaths and polls; the hash of its journal.
pub fn told(seed: u64, counts: [u64; 5], hash: &str) -> String {
    let [deeds, calls, entries, deaths, polls] = counts;
    format!(
        "种子 {seed}：{deeds} 件事、{calls} 次调用、台账 {entries} 条、程序中断 {deaths} 次、{polls} 步，全部规则成立。\n记录摘要 {hash}"
    )
}

/// A story in which a law broke: seed, days and people, the law, what was seen, and the shortest story found.
pub fn broken(facts: (u64, u64, usize), law: &str, what: &str, story: &[String]) -> String {
    let (seed, days, people) = facts;
    let story = story.join("\n");
    format!(
        "种子 {seed}（{days} 天、{people} 人）：规则不成立：{law}\n{what}\n能找到的最短经过（duban simulate --seed {seed} --days {days} --people {people}）：\n{story}"
    )
}

/// How far a country is written: task forces and entries.
pub fn country(task_forces: usize, entries: u64) -> String {
    format!("已写入 {task_forces} 个专班、台账 {entries} 条")
}
