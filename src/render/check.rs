//! What the clerk reads on the command line: mistakes with the mend, gaps, and what a change would change.

mod changes;
mod files;
mod mistakes;

use std::collections::HashSet;

use serde::Serialize;

use super::picture::font;
use crate::calendar::HolidayMistake;

use crate::plan::{self, CharacterAt, FilingBasis, FilingLine, GapReport, Mistake, Plan};

pub use changes::{moved_sends, plan_diff, settings_diff};
pub use files::{FileFault, FileFaultKind, file_faults, holiday_mistakes, provisional_years};
pub use mistakes::mistakes;

/// What `duban check --json` prints: a program reads the same facts.
#[derive(Debug, Serialize)]
pub struct Checked<'a> {
    /// Files that could not be read. The exit code is 1 if there is one, or a mistake.
    pub faults: &'a [FileFault],
    /// All mistakes of plans and settings.
    pub mistakes: &'a [Mistake],
    /// All mistakes of holiday tables.
    pub holiday_mistakes: &'a [HolidayMistake],
    /// Years of the plans that have no holiday table.
    pub provisional_years: &'a [i32],
    /// Gaps of each plan that could be read.
    pub plans: Vec<CheckedPlan<'a>>,
}

/// The gaps of one plan.
#[derive(Debug, Serialize)]
pub struct CheckedPlan<'a> {
    /// The file.
    pub file: &'a str,
    /// Its task force.
    pub task_force: &'a str,
    /// The gaps.
    pub gaps: &'a GapReport,
    /// Characters that pictures show as a box: the font does not have them.
    pub not_in_font: &'a [CharacterAt],
}

/// Facts as JSON on several lines.
pub fn json(facts: &impl Serialize) -> String {
    serde_json::to_string_pretty(facts).expect("facts have text keys only")
}

/// The gap report of one plan. Gaps are no mistakes; the office settles them.
pub fn gap_report(plan: &Plan, gaps: &GapReport) -> Vec<String> {
    let unit = |id| {
        plan.unit(id)
            .map_or_else(|| format!("{id}"), |unit| unit.short_name.clone())
    };
    let person = |id| {
        plan.member(id).map_or_else(
            || format!("{id}"),
            |member| format!("{}（{}）", member.name, member.post),
        )
    };
    let mut lines = vec![format!(
        "{}：{} 项举措，{} 项指标，{} 人",
        plan.task_force.name,
        plan.measures.len(),
        plan.indicators.len(),
        plan.members.len()
    )];
    lines.extend(group(
        "牵头单位没有成员",
        gaps.leads_without_member.iter().map(unit),
    ));
    lines.extend(group(
        "成员没有对应举措",
        gaps.members_without_measure.iter().map(person),
    ));
    lines.extend(group(
        "没有人代表的单位",
        gaps.unrepresented.iter().map(unit),
    ));
    lines.extend(group(
        "集体单位，不例行提醒",
        gaps.collective.iter().map(unit),
    ));
    let open_terms: HashSet<_> = gaps.open_terms.iter().collect();
    lines.push(heading("待定口径", open_terms.len()));
    for doubt in plan
        .doubts
        .iter()
        .filter(|doubt| open_terms.contains(&doubt.id))
    {
        lines.push(format!("  {} {}", doubt.id, doubt.question));
        lines.push(format!("    拟：{}", doubt.proposal));
    }
    lines.extend(group(
        "谁填报什么",
        gaps.filing.iter().map(|line| filing(plan, line)),
    ));
    lines
}

/// Most lines of a file that are named for one character.
const MOST_LINES: usize = 5;

/// The characters of a plan's texts that the pictures' font does not have.
pub fn not_in_font(source: &str) -> Vec<CharacterAt> {
    plan::characters(source, font::lacks)
}

/// What is said of them; no mistake, and nothing where there is none.
pub fn not_in_font_report(file: &str, found: &[CharacterAt]) -> Vec<String> {
    if found.is_empty() {
        return Vec::new();
    }
    let said = |found: &CharacterAt| {
        let CharacterAt { character, lines } = found;
        let named: Vec<String> = lines
            .iter()
            .take(MOST_LINES)
            .map(usize::to_string)
            .collect();
        let more = match lines.len() > MOST_LINES {
            true => format!("等{}处", lines.len()),
            false => String::new(),
        };
        let code = u32::from(*character);
        let shown = match character.is_control() {
            true => String::new(),
            false => format!("“{character}”"),
        };
        let lines = named.join("、");
        format!("{file}:{lines}{more} {shown}（U+{code:04X}）")
    };
    group(
        "字库没有的字，图中显示为□，不影响运行",
        found.iter().map(said),
    )
}

fn group(title: &str, items: impl ExactSizeIterator<Item = String>) -> Vec<String> {
    let heading = heading(title, items.len());
    std::iter::once(heading)
        .chain(items.map(|item| format!("  {item}")))
        .collect()
}

fn heading(title: &str, count: usize) -> String {
    match count {
        0 => format!("{title}：无"),
        count => format!("{title}（{count}）："),
    }
}

/// `6-1 改造换热站 → 市住建局 李俊卿`, with why where it is not simply the first lead.
fn filing(plan: &Plan, line: &FilingLine) -> String {
    let short = |id| plan.unit(id).map_or("", |unit| unit.short_name.as_str());
    let task = plan
        .task(&line.task)
        .map(|task| format!("{} {}", task.label, task.name))
        .unwrap_or_default();
    let unit = line.unit.as_ref().map_or("专班办公室", short);
    let person = match (&line.unit, &line.person) {
        (Some(_), Some(id)) => plan
            .member(id)
            .map(|member| format!(" {}", member.name))
            .unwrap_or_default(),
        (Some(_), None) => "（无人，由专班办公室填报）".to_owned(),
        (None, _) => String::new(),
    };
    let basis = match line.basis {
        FilingBasis::FirstLead | FilingBasis::Office => "",
        FilingBasis::Field => "（方案文件指定）",
        FilingBasis::Inferred => "（推定，待定）",
    };
    let proposed = line
        .proposed
        .as_ref()
        .map(|unit| format!("（拟由{}填报）", short(unit)))
        .unwrap_or_default();
    format!("{task} → {unit}{person}{basis}{proposed}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::HolidayTable;
    use crate::plan::{PlanDiff, Settings, diff, gaps, read};

    const RUSHAN: &str = include_str!("../../config/plans/rushan.toml");

    fn rushan(changes: &[(&str, &str)]) -> String {
        let apply = |source: String, (from, to): &(&str, &str)| {
            assert!(source.contains(from), "{from} is not in the plan");
            source.replacen(from, to, 1)
        };
        changes.iter().fold(RUSHAN.to_owned(), apply)
    }

    #[test]
    fn mistakes_are_told_with_file_line_and_mend() {
        let source = rushan(&[
            ("id = \"kjj\"", "id = \"KJJ\""),
            (
                "post = \"市农业农村局副局长\"",
                "poste = \"市农业农村局副局长\"",
            ),
            ("leads = [\"nyj\"]", "leads = [\"nyjj\"]"),
            ("due = 2025-12-31", "due = 2023-12-31"),
            ("target = 15\n", "target = \"15\"\n"),
        ]);
        insta::assert_snapshot!(mistakes(&read(&source, "plans/rushan.toml").unwrap_err()).join("\n"), @"
        plans/rushan.toml:32 [unit] KJJ：编号“KJJ”不合规定。只用小写字母、数字和 -，不超过 24 个。
        plans/rushan.toml:181 [member] gao-wei：units 指向的单位“kjj”不存在。请先登记，或改用已有的单位编号。
        plans/rushan.toml:219 [member] jiang-deqiang：缺少 post。请补上 post = …。
        plans/rushan.toml:222 [member] jiang-deqiang：没有名为 poste 的字段。是否应为 post？否则请删除这一行。
        plans/rushan.toml:375 [measure] 4：leads 指向的单位“nyjj”不存在。是否应为 nyj？否则请先登记，或改用已有的单位编号。
        plans/rushan.toml:493 [measure] 17：responsible 指向的单位“kjj”不存在。请先登记，或改用已有的单位编号。
        plans/rushan.toml:501 [measure] 18：leads 指向的单位“kjj”不存在。请先登记，或改用已有的单位编号。
        plans/rushan.toml:586 [indicator] g-1：due 2023-12-31 早于方案开始日。应在 2024-08-05 或以后。
        plans/rushan.toml:620 [indicator] g-5：target 的类型不对。应为数字（不带引号）。
        ");
    }

    #[test]
    fn mistakes_of_settings_are_told_the_same_way() {
        let wrong = Settings::read(
            "slot = \"19:00\"\ndigest = \"0 0 16 30 2 *\"\n[log]\n[ladder]\nevery = 3",
            "duban.toml",
        );
        insta::assert_snapshot!(mistakes(&wrong.unwrap_err()).join("\n"), @"
        duban.toml:1 slot 的时刻“19:00”不在工作时间内。请改到 hours 写明的时段内。
        duban.toml:2 digest 的定时“0 0 16 30 2 *”一年中没有一天触发。请检查日和月。
        duban.toml:5 [ladder]：没有名为 every 的字段。请删除这一行。
        ");
    }

    #[test]
    fn the_gap_report_of_the_rushan_plan() {
        let plan = read(RUSHAN, "rushan.toml").unwrap();
        let report = gap_report(&plan, &gaps(&plan));
        insta::assert_snapshot!(report[..13].join("\n"), @"
        推动设备更新和以旧换新工作专班：26 项举措，29 项指标，25 人
        牵头单位没有成员：无
        成员没有对应举措（3）：
          杜超（市供销社监事会副主任）
          连晓华（乳山供电公司副总经理）
          侯世俊（市大数据中心副主任）
        没有人代表的单位：无
        集体单位，不例行提醒（2）：
          各镇区街道
          有关部门
        待定口径（32）：
          chief 方案未写明专班办公室主任姓名，只写明办公室设在市发展和改革局。
            拟：由市发展和改革局排在首位的副局长栾频任办公室主任。
        ");
        assert_eq!(report.len(), 13 + 2 * 31 + 1 + 29 + 26);
    }

    #[test]
    fn who_files_what_is_told_with_its_reason() {
        let plan = read(
            &rushan(&[("units = [\"wjj\"]", "units = [\"dsj\"]")]),
            "rushan.toml",
        )
        .unwrap();
        let report = gap_report(&plan, &gaps(&plan));
        let told = |label: &str| {
            report
                .iter()
                .find(|line| line.starts_with(&format!("  {label} ")))
                .unwrap()
                .clone()
        };
        insta::assert_snapshot!(["总-1", "5-1", "6-1", "8-1", "22"].map(told).join("\n"), @"
          总-1 新能源汽车保有量 → 专班办公室（拟由市公安局填报）
          5-1 公交动力电池更换 → 市交通局 赵春晖（推定，待定）
          6-1 改造换热站 → 市住建局 李俊卿
          8-1 村卫生室重点改造 → 市卫健局（无人，由专班办公室填报）
          22 加强组织领导 → 市发改局 栾频
        ");
    }

    #[test]
    fn a_difference_is_told_in_short_lines() {
        let changed = rushan(&[
            ("office_chief = \"luan-pin\"", "office_chief = \"gao-wei\""),
            ("target = 0.4", "target = 0.45"),
            (
                "responsible = [\"yjj\", \"scj\", \"sthj\", \"zqjd\"]",
                "responsible = [\"czj\", \"scj\", \"sthj\", \"zqjd\"]",
            ),
            (
                "kind = \"milestone\"",
                "kind = \"milestone\"\nrhythm = \"weekly\"",
            ),
            ("id = \"7-1\"", "id = \"7-2\""),
            ("summary = \"帮助化工", "summary = \"支持化工"),
        ]);
        let diff = diff(
            &read(RUSHAN, "old").unwrap(),
            &read(&changed, "new").unwrap(),
        );
        insta::assert_snapshot!(plan_diff(&diff).join("\n"), @"
        专班 办公室主任：栾频 → 高伟
        改 举措 1 加快传统产业转型升级
          摘要有改动
        改 举措 3 推动企业绿色化转型
          责任单位：＋市财政局 －市应急局
        改 指标 g-1 新能源汽车保有量
          目标值：0.4万辆 → 0.45万辆
        改 指标 g-2 国三柴油货车淘汰
          填报周期：每月 → 每周
        － 指标 7-1 室外智慧健身路径
        ＋ 指标 7-2 室外智慧健身路径
        撤销的任务：7-1，采用前须逐项确定并入或取消
        ");
    }

    #[test]
    fn no_difference_is_said_too() {
        assert_eq!(plan_diff(&PlanDiff::default()), ["没有变化"]);
    }

    #[test]
    fn changed_settings_are_told_by_key() {
        let changed = Settings::read("[ladder]\ndays_before = [7, 0]", "duban.toml").unwrap();
        let changes = crate::plan::settings_diff(&Settings::default(), &changed);
        assert_eq!(
            settings_diff(&changes),
            ["设置 ladder.days_before：[30, 7, 3, 1, 0] → [7, 0]"]
        );
    }

    #[test]
    fn a_program_reads_the_same_facts_as_json() {
        let plan = read(RUSHAN, "rushan.toml").unwrap();
        let (wrong, gaps) = (read("x = 1", "x.toml").unwrap_err(), gaps(&plan));
        let lacking = not_in_font("name = \"☃\"");
        let plans = vec![CheckedPlan {
            file: "rushan.toml",
            task_force: plan.task_force.id.as_str(),
            gaps: &gaps,
            not_in_font: &lacking,
        }];
        let checked = Checked {
            faults: &[],
            mistakes: &wrong,
            holiday_mistakes: &HolidayTable::parse("year = 2026", "2026.toml").unwrap_err(),
            provisional_years: &[2027],
            plans,
        };
        let checked: serde_json::Value = serde_json::from_str(&json(&checked)).unwrap();
        assert_eq!(checked["mistakes"][1]["mistake"], "unknown_field");
        assert_eq!(checked["mistakes"][1]["line"], 1);
        assert_eq!(checked["holiday_mistakes"][0]["mistake"], "no_holiday");
        assert_eq!(checked["plans"][0]["gaps"]["filing"][0]["proposed"], "gaj");
        let lacking = serde_json::json!([{ "character": "☃", "lines": [1] }]);
        assert_eq!(checked["plans"][0]["not_in_font"], lacking);
    }

    #[test]
    fn characters_the_font_lacks_are_named_with_their_places() {
        assert_eq!(not_in_font(RUSHAN), []);
        let source = rushan(&[
            ("name = \"李俊卿\"", "name = \"李㐀卿🀄\""),
            (
                "title = \"加速建筑领域设备更新\"",
                "title = \"加速\u{fe0f}🀄\"",
            ),
        ]);
        assert!(read(&source, "rushan.toml").is_ok());
        let report = not_in_font_report("plans/rushan.toml", &not_in_font(&source));
        insta::assert_snapshot!(report.join("\n"), @"
        字库没有的字，图中显示为□，不影响运行（2）：
          plans/rushan.toml:209 “㐀”（U+3400）
          plans/rushan.toml:209、391 “🀄”（U+1F004）
        ");
        let often = "\n\nx = [\"🀄\",\n\"🀄\",\n\"🀄\",\n\"🀄\",\n\"🀄\",\n\"\\u0007🀄\"]";
        let report = not_in_font_report("p.toml", &not_in_font(often));
        insta::assert_snapshot!(report.join("\n"), @"
        字库没有的字，图中显示为□，不影响运行（2）：
          p.toml:3、4、5、6、7等6处 “🀄”（U+1F004）
          p.toml:8 （U+0007）
        ");
        assert!(not_in_font_report("p.toml", &[]).is_empty());
    }
}
