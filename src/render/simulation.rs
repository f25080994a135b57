//! What `duban simulate` prints.

/// A story told to its end: its seed; deeds, calls, entries, deaths and polls; the hash of its journal.
pub fn told(seed: u64, counts: [u64; 5], hash: &str) -> String {
    let [deeds, calls, entries, deaths, polls] = counts;
    format!(
        "种子 {seed}：{deeds} 件事、{calls} 次调用、台账 {entries} 条、程序中断 {deaths} 次、{polls} 步，全部规则成立。\n记录摘要 {hash}"
    )
}

/// A story in which a law broke: seed, days and people, the law, what was seen, the shortest story found and what its chats
/// showed last.
pub fn broken(
    facts: (u64, u64, usize),
    law: &str,
    what: &str,
    (story, transcript): (&[String], &[String]),
) -> String {
    let (seed, days, people) = facts;
    let (story, transcript) = (story.join("\n"), transcript.join("\n"));
    format!(
        "种子 {seed}（{days} 天、{people} 人）：规则不成立：{law}\n{what}\n能找到的最短经过（duban simulate --seed {seed} --days {days} --people {people}）：\n{story}\n\n最后的消息：\n{transcript}"
    )
}

/// What occurred in all stories: acts and commands with how often, the rarest first, and acts that did not occur.
pub fn occurred(acts: &[(&str, u64)], commands: &[(&str, u64)], missing: &[&str]) -> String {
    let listed = |counts: &[(&str, u64)]| {
        let counts = counts.iter().map(|(name, times)| format!("{name} {times}"));
        counts.collect::<Vec<_>>().join("、")
    };
    let missing = match missing.is_empty() {
        true => "无".to_owned(),
        false => missing.join("、"),
    };
    format!(
        "台账行为：{}\n未出现的行为：{missing}\n命令：{}",
        listed(acts),
        listed(commands)
    )
}

/// How far a country is written: task forces and entries.
pub fn country(task_forces: usize, entries: u64) -> String {
    format!("已写入 {task_forces} 个专班、台账 {entries} 条")
}
