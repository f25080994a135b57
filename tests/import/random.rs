//! Random plans written out as a government would and read back; and any text at all, which may give no plan but never a panic.

use std::fmt::Write;

use duban::plan::{Comparator, Plan};
use duban::render;
use proptest::prelude::*;

use crate::seeds::moved_but;
use crate::{checked, draft, read};

const TITLES: [&str; 12] = [
    "更新农机装备",
    "改造老旧电梯",
    "推广节水器具",
    "建设充电设施",
    "完善回收网络",
    "提升医疗条件",
    "规范市场秩序",
    "培育骨干企业",
    "优化公交线路",
    "整治城乡环境",
    "加强技能培训",
    "保障用地需求",
];
const SECTIONS: [&str; 4] = ["重点任务", "支撑行动", "要素供给", "保障措施"];
const UNITS: [&str; 10] = [
    "县发展和改革局",
    "县教育和体育局",
    "县财政局",
    "县商务局",
    "县水利局",
    "县住房和城乡建设局",
    "县交通运输局",
    "县农业农村局",
    "县公安局",
    "青禾供电公司",
];
const THINGS: [(&str, &str); 8] = [
    ("新建充电桩", "个"),
    ("改造管网", "公里"),
    ("更新车辆", "辆"),
    ("新增绿化面积", "万㎡"),
    ("设备完好率", "%"),
    ("回收网点", "处"),
    ("改造泵站", "座"),
    ("培训工人", "名"),
];
const NAMES: [&str; 8] = [
    "高远",
    "孙立本",
    "周帆",
    "吴桐",
    "欧阳明",
    "郑晓",
    "钱小东",
    "李强",
];

/// How one clause is written.
#[derive(Debug, Clone, Copy)]
enum Clause {
    Round,
    Square,
    OwnLine,
    Verbs,
    Sentence,
    Closing,
    BareLine,
}

/// How measures are numbered and titled.
#[derive(Debug, Clone, Copy)]
enum Form {
    Dot,
    List,
    Paren,
    Article,
}

#[derive(Debug, Clone)]
struct Measure {
    title: usize,
    leads: Vec<usize>,
    responsible: Vec<usize>,
    targets: Vec<Target>,
    clause: Clause,
    /// A further sentence on a line of its own.
    prose: String,
}

#[derive(Debug, Clone)]
struct Target {
    thing: usize,
    value: u32,
    comparator: usize,
    year: i32,
}

#[derive(Debug, Clone)]
struct Written {
    form: Form,
    by_line: bool,
    sections: Vec<Vec<Measure>>,
    people: Vec<(usize, usize)>,
    in_brackets: bool,
}

/// Words before and behind a number with what they mean.
const COMPARATORS: [(&str, &str, Comparator); 5] = [
    ("达到", "以上", Comparator::AtLeast),
    ("不低于", "", Comparator::AtLeast),
    ("超过", "", Comparator::Above),
    ("控制在", "以内", Comparator::AtMost),
    ("达到", "左右", Comparator::About),
];

fn units(ids: &[usize]) -> String {
    ids.iter()
        .map(|id| UNITS[*id])
        .collect::<Vec<_>>()
        .join("、")
}

impl Written {
    /// The document.
    fn text(&self) -> String {
        let mut text = "青禾县设备更新实施方案\n".to_owned();
        let mut number = 0;
        for (at, measures) in self.sections.iter().enumerate() {
            let numeral = ["一", "二", "三", "四"][at];
            writeln!(text, "{numeral}、{}", SECTIONS[at]).unwrap();
            for measure in measures {
                number += 1;
                self.measure(&mut text, number, measure);
            }
        }
        text.push_str("青禾县人民政府\n2024年8月5日\n附件\n工作专班名单\n");
        for (at, (name, unit)) in self.people.iter().enumerate() {
            let label = ["组长：", "副组长：", "成员："]
                .get(at)
                .copied()
                .unwrap_or("");
            let post = if at == 0 {
                "副县长".to_owned()
            } else {
                format!("{}党组成员、副局长", UNITS[*unit])
            };
            if self.in_brackets {
                writeln!(text, "{label}{}（{post}）", NAMES[*name]).unwrap()
            } else {
                writeln!(text, "{label}{}  {post}", NAMES[*name]).unwrap()
            }
        }
        text
    }

    fn measure(&self, text: &mut String, number: usize, measure: &Measure) {
        let numeral = [
            "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二",
        ][number - 1];
        match self.form {
            Form::Dot => write!(text, "{number}.").unwrap(),
            Form::List => write!(text, "{number}、").unwrap(),
            Form::Paren => write!(text, "（{numeral}）").unwrap(),
            Form::Article => write!(text, "第{numeral}条 ").unwrap(),
        }
        text.push_str(TITLES[measure.title]);
        text.push_str(if self.by_line { "\n" } else { "。" });
        text.push_str("把这项工作做细做实，让群众满意。");
        for target in &measure.targets {
            let ((name, unit), (before, behind, _)) =
                (THINGS[target.thing], COMPARATORS[target.comparator]);
            write!(
                text,
                "到{}年，{name}{before}{}{unit}{behind}。",
                target.year, target.value
            )
            .unwrap();
        }
        if !measure.prose.is_empty() {
            write!(text, "\n{}\n", measure.prose).unwrap();
        }
        let (leads, responsible) = (units(&measure.leads), units(&measure.responsible));
        match measure.clause {
            Clause::Round => write!(text, "（牵头单位：{leads}；责任单位：{responsible}）"),
            Clause::Square => write!(text, "〔牵头部门：{leads}；配合部门：{responsible}〕"),
            Clause::OwnLine => write!(text, "\n牵头单位：{leads}\n责任单位：{responsible}"),
            Clause::Verbs => write!(text, "（{leads}牵头，{responsible}按职责分工负责）"),
            Clause::Sentence => write!(text, "由{leads}牵头，{responsible}配合。"),
            Clause::Closing => write!(text, "稳步推进，由{leads}牵头，{responsible}参与。"),
            Clause::BareLine => write!(text, "\n{leads}牵头负责，{responsible}配合"),
        }
        .unwrap();
        text.push('\n');
    }

    /// What must come of it, in short lines.
    fn facts(&self) -> Vec<String> {
        let mut facts = Vec::new();
        let mut number = 0;
        for (at, measures) in self.sections.iter().enumerate() {
            for measure in measures {
                number += 1;
                facts.push(format!(
                    "{number} {} {} | {} | {}",
                    SECTIONS[at],
                    TITLES[measure.title],
                    units(&measure.leads),
                    units(&measure.responsible)
                ));
                for target in &measure.targets {
                    let (name, unit) = THINGS[target.thing];
                    facts.push(format!(
                        "{name} {:?} {}{unit} {}-12-31",
                        COMPARATORS[target.comparator].2, target.value, target.year
                    ));
                }
            }
        }
        for (at, (name, unit)) in self.people.iter().enumerate() {
            facts.push(format!(
                "{} {}",
                NAMES[*name],
                if at < 2 { "" } else { UNITS[*unit] }
            ));
        }
        facts
    }
}

fn facts_of(plan: &Plan) -> Vec<String> {
    let names = |ids: &[duban::plan::UnitId]| {
        ids.iter()
            .map(|id| plan.unit(id).unwrap().name.as_str())
            .collect::<Vec<_>>()
            .join("、")
    };
    let mut facts = Vec::new();
    for measure in &plan.measures {
        let section = &plan.section_of(&measure.id).unwrap().title;
        facts.push(format!(
            "{} {section} {} | {} | {}",
            measure.number,
            measure.title,
            names(&measure.lead_units),
            names(&measure.responsible_units)
        ));
        for target in plan
            .indicators
            .iter()
            .filter(|it| it.measure.as_ref() == Some(&measure.id))
        {
            let unit = &target.unit_of_measure;
            let value = unit.to_shown(target.target.unwrap());
            facts.push(format!(
                "{} {:?} {value}{} {}",
                target.name,
                target.comparator,
                unit.shown,
                target.due.unwrap()
            ));
        }
    }
    facts.extend(
        plan.members
            .iter()
            .map(|member| format!("{} {}", member.name, names(&member.units))),
    );
    facts
}

prop_compose! {
    fn measure(title: usize)(
        split in 1_usize..4,
        order in Just((0..UNITS.len()).collect::<Vec<_>>()).prop_shuffle(),
        more in 1_usize..4,
        targets in prop::collection::vec((0..THINGS.len(), 1_u32..5_000, 0..COMPARATORS.len(), 2024_i32..2030), 0..3),
        clause in prop::sample::select(vec![Clause::Round, Clause::Square, Clause::OwnLine, Clause::Verbs, Clause::Sentence, Clause::Closing, Clause::BareLine]),
    ) -> Measure {
        let mut targets: Vec<Target> = targets.into_iter().map(|(thing, value, comparator, year)| Target { thing, value, comparator, year }).collect();
        targets.dedup_by_key(|target| target.thing);
        Measure { title, leads: order[..split].to_vec(), responsible: order[split..split + more].to_vec(), targets, clause, prose: String::new() }
    }
}

fn written() -> impl Strategy<Value = Written> {
    let titles = Just((0..TITLES.len()).collect::<Vec<_>>()).prop_shuffle();
    let measures = (titles, 2_usize..=12).prop_flat_map(|(titles, count)| {
        titles
            .into_iter()
            .take(count)
            .map(measure)
            .collect::<Vec<_>>()
    });
    let people = (
        Just((0..NAMES.len()).collect::<Vec<_>>()).prop_shuffle(),
        prop::collection::vec(0..UNITS.len() - 1, 3..8),
    );
    let forms = prop::sample::select(vec![Form::Dot, Form::List, Form::Paren, Form::Article]);
    (
        measures,
        1_usize..=4,
        forms,
        any::<bool>(),
        people,
        any::<bool>(),
    )
        .prop_map(
            |(measures, sections, form, by_line, (names, units), in_brackets)| {
                let each = measures.len().div_ceil(sections.min(measures.len()));
                Written {
                    form,
                    by_line,
                    sections: measures.chunks(each).map(<[Measure]>::to_vec).collect(),
                    people: names.into_iter().zip(units).collect(),
                    in_brackets,
                }
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_random_plan_is_read_back(written in written()) {
        let text = written.text();
        let plan = checked(&draft(&text));
        prop_assert_eq!(facts_of(&plan), written.facts(), "{}", text);
    }

    #[test]
    fn a_random_plan_with_stopped_titles_is_read_back_whatever_its_white_space(written in written(), seed in any::<u64>()) {
        let mut written = written;
        written.by_line = false;
        for measure in written.sections.iter_mut().flatten().filter(|measure| !matches!(measure.clause, Clause::Round | Clause::Square | Clause::Verbs)) {
            measure.clause = Clause::Round;
        }
        let titles: Vec<&str> = written.sections.iter().flatten().map(|measure| TITLES[measure.title]).collect();
        let text = moved_but(&written.text(), seed, &titles);
        let plan = checked(&draft(&text));
        prop_assert_eq!(facts_of(&plan), written.facts(), "{}", text);
    }

    #[test]
    fn prose_about_units_changes_nobody(
        written in written(),
        prose in prop::sample::select(PROSE.to_vec()),
        unit in 0..UNITS.len(),
        at in any::<prop::sample::Index>(),
    ) {
        let mut written = written;
        let measures: Vec<&mut Measure> = written.sections.iter_mut().flatten().collect();
        let at = at.index(measures.len());
        if let Some(measure) = measures.into_iter().nth(at) {
            measure.prose = prose.replace('甲', UNITS[unit]);
        }
        let text = written.text();
        let plan = checked(&draft(&text));
        prop_assert_eq!(facts_of(&plan), written.facts(), "{}", text);
    }

    #[test]
    fn any_text_is_read_without_a_panic(text in any::<String>()) {
        all_of_it(&text);
    }

    #[test]
    fn any_row_of_the_words_of_plans_is_read_and_passes_the_check(words in prop::collection::vec(prop::sample::select(WORDS.to_vec()), 0..60)) {
        all_of_it(&words.concat());
    }
}

/// Sentences about a unit that are no clause.
const PROSE: [&str; 8] = [
    "由甲牵头制定方案，各有关方面配合。",
    "所需经费，由甲负责。",
    "所需经费由甲负责。",
    "甲要切实负责，抓好落实。",
    "由龙头企业牵头，甲配合。",
    "由甲牵头，各级干部配合，层层落实责任。",
    "甲牵头摸底、专家牵头评审。",
    "由甲负责人召集，每月一次。",
];

/// Pieces of plans, to be put together at random.
const WORDS: [&str; 66] = [
    "一、",
    "二、",
    "三、",
    "（一）",
    "（二）",
    "1.",
    "2.",
    "3、",
    "第一条",
    "第二条",
    "第一章",
    "。",
    "，",
    "；",
    "：",
    "、",
    "\n",
    "\t",
    " ",
    "（",
    "）",
    "〔",
    "〕",
    "“",
    "”",
    "《",
    "》",
    "牵头单位：",
    "责任单位：",
    "配合部门：",
    "市教育局",
    "市财政局",
    "各镇（街道）",
    "牵头",
    "按职责分工负责",
    "等部门",
    "不再一一列出",
    "以下均需",
    "组长：",
    "副组长：",
    "成员：",
    "办公室主任：",
    "张三",
    "欧阳明",
    "市教育局局长",
    "任务\t责任单位\n",
    "到2025年",
    "2025年6月底前",
    "每年",
    "年内",
    "较2023年",
    "增长",
    "达到",
    "控制在",
    "1.5",
    "百分之",
    "10",
    "万辆",
    "%",
    "个百分点",
    "以上",
    "左右",
    "0.8：1",
    "完成",
    "附件",
    "实施方案",
];

fn all_of_it(text: &str) {
    let reading = read(text);
    let _ = render::import::report(&reading.pieces, reading.draft.as_ref());
    if let Some(draft) = &reading.draft {
        let plan = checked(draft);
        let _ = render::import::summary(draft);
        let again = checked(&duban::import::update(draft.clone(), &plan));
        assert!(duban::plan::diff(&plan, &again).indicators.is_empty());
    }
}
