//! A draft as the text of a plan file.

use std::fmt::{Display, Write};

use super::{at, doubt, duty, remark, unread};
use crate::import::{
    About, ChiefBasis, Draft, DraftDoubt, DraftIndicator, DraftMeasure, DraftMember, DraftUnit,
};
use crate::plan::{Comparator, IndicatorKind, PaceCurve, Recurrence, Rhythm, Role};

/// Longest sentence of a plan file, in characters.
const MOST_SENTENCE: usize = 200;

/// The plan file of a draft: TOML that `duban check` reads without a mistake.
pub fn plan_file(draft: &Draft) -> String {
    let mut file = File::default();
    file.comment(&format!("{}（由公开文件读出的草案）", draft.title));
    for (name, value) in [("印发单位", &draft.body), ("文号", &draft.number)] {
        if !value.is_empty() {
            file.comment(&format!("{name}：{value}"));
        }
    }
    file.comment("摘要（summary）暂取原文首句，请改成自己的一句话。拿不准的都列为口径问题（doubt），请逐条核定。");
    for it in &draft.remarks {
        file.comment(&format!("{}{}", remark(&it.what), at(it.anchor.as_ref())));
    }
    for it in &draft.duties {
        file.comment(&format!("职责：{}", duty(it)));
    }
    for it in unread(draft) {
        file.comment(&format!("没有读懂：{it}"));
    }
    task_force(&mut file, draft);
    file.heading("单位");
    draft.units.iter().for_each(|it| unit(&mut file, it));
    file.heading("人员");
    draft.members.iter().for_each(|it| member(&mut file, it));
    file.heading("部分");
    for section in &draft.sections {
        file.table("section");
        file.text("id", &section.id);
        file.text("number", &section.number);
        file.text("title", &section.title);
    }
    file.heading("举措");
    draft.measures.iter().for_each(|it| measure(&mut file, it));
    file.heading("目标");
    draft
        .indicators
        .iter()
        .for_each(|it| indicator(&mut file, it));
    file.heading("口径问题与拟办意见");
    draft.doubts.iter().for_each(|it| doubtful(&mut file, it));
    file.text
}

#[derive(Default)]
struct File {
    text: String,
}

impl File {
    fn line(&mut self, line: impl Display) {
        writeln!(self.text, "{line}").expect("a string takes every line");
    }

    fn comment(&mut self, text: &str) {
        self.line(format_args!("# {}", text.replace(char::is_control, " ")));
    }

    fn heading(&mut self, text: &str) {
        self.line(format_args!(
            "\n# ---------------------------------------------------------------- {text}"
        ));
    }

    fn table(&mut self, name: &str) {
        self.line(format_args!("\n[[{name}]]"));
    }

    fn value(&mut self, key: &str, value: impl Display) {
        self.line(format_args!("{key} = {value}"));
    }

    fn text(&mut self, key: &str, text: &str) {
        self.value(key, quoted(text));
    }

    fn some_text(&mut self, key: &str, text: Option<&String>) {
        if let Some(text) = text {
            self.text(key, text);
        }
    }

    fn texts(&mut self, key: &str, texts: &[String]) {
        if !texts.is_empty() {
            let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
            self.value(key, format_args!("[{}]", texts.join(", ")));
        }
    }

    fn rhythm(&mut self, rhythm: Rhythm) {
        match rhythm {
            Rhythm::Monthly => {}
            Rhythm::Weekly => self.text("rhythm", "weekly"),
            Rhythm::TwoWeekly => self.text("rhythm", "two_weekly"),
            Rhythm::Quarterly => self.text("rhythm", "quarterly"),
        }
    }
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars().filter(|c| !c.is_control()) {
        if c == '"' || c == '\\' {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted + "\""
}

fn task_force(file: &mut File, draft: &Draft) {
    file.line("\n[task_force]");
    file.text("id", &draft.id);
    file.text("name", &draft.name);
    if draft.short_name != draft.name {
        file.text("short_name", &draft.short_name);
    }
    file.value("starts", draft.starts);
    file.value("ends", draft.ends);
    file.text("office_chief", &draft.office_chief);
    file.texts("office_staff", &draft.office_staff);
    let reason = draft
        .office_chief_inferred
        .as_ref()
        .map(|basis| match basis {
            ChiefBasis::OfficeUnit(unit) => format!(
                "方案只写明办公室设在{unit}，未写明主任姓名；暂按该单位在名单中的第一人推定。"
            ),
            ChiefBasis::First => "方案未写明办公室主任；暂按名单推定。".to_owned(),
            ChiefBasis::Nobody => "方案没有名单；请补上名单后改写。".to_owned(),
            ChiefBasis::Older(reason) => reason.clone(),
        });
    file.some_text("office_chief_inferred", reason.as_ref());
}

fn unit(file: &mut File, unit: &DraftUnit) {
    file.table("unit");
    file.text("id", &unit.id);
    file.text("name", &unit.name);
    file.some_text("short_name", unit.short_name.as_ref());
    file.texts("aliases", &unit.aliases);
    if unit.collective {
        file.value("collective", true);
    }
    file.some_text("filer", unit.filer.as_ref());
}

fn member(file: &mut File, member: &DraftMember) {
    file.table("member");
    file.text("id", &member.id);
    file.text("name", &member.name);
    file.text(
        "post",
        if member.post.is_empty() {
            "（未写明）"
        } else {
            &member.post
        },
    );
    match member.role {
        Role::Leader => file.text("role", "leader"),
        Role::DeputyLeader => file.text("role", "deputy_leader"),
        Role::Liaison => file.text("role", "liaison"),
        Role::Member => {}
    }
    file.texts("units", &member.units);
}

fn measure(file: &mut File, measure: &DraftMeasure) {
    file.table("measure");
    file.text("id", &measure.id);
    file.value("number", measure.number);
    file.text("section", &measure.section);
    file.text("title", &measure.title);
    file.text("summary", &measure.summary);
    file.texts("leads", &measure.leads);
    file.texts("responsible", &measure.responsible);
    file.rhythm(measure.rhythm);
}

fn indicator(file: &mut File, it: &DraftIndicator) {
    file.line("");
    file.comment(at(Some(&it.anchor)).trim_matches(['（', '）']));
    file.line("[[indicator]]");
    file.text("id", &it.id);
    file.some_text("measure", it.measure.as_ref());
    file.text("name", &it.name);
    file.text("kind", kind(it.kind));
    if let Some(target) = it.target {
        file.text("comparator", comparator(it.comparator));
        file.value("target", target);
        file.text("unit", &it.unit);
    }
    if let Some(year) = it.base_year {
        file.value("base_year", year);
    }
    if let Some(baseline) = it.baseline {
        file.value("baseline", baseline);
    }
    file.some_text("due_as_written", it.due_as_written.as_ref());
    if let Some(due) = it.due {
        file.value("due", due);
    }
    if it.recurrence == Recurrence::Yearly {
        file.text("recurrence", "yearly");
    }
    if let PaceCurve::Points(points) = &it.pace {
        let points: Vec<String> = points
            .iter()
            .map(|(date, share)| format!("{{ date = {date}, share = {share} }}"))
            .collect();
        file.value("pace", format_args!("[{}]", points.join(", ")));
    }
    file.some_text("filing_lead", it.filing_lead.as_ref());
    file.some_text("fact", it.fact.as_ref());
    file.rhythm(it.rhythm);
}

fn kind(kind: IndicatorKind) -> &'static str {
    match kind {
        IndicatorKind::Stock => "stock",
        IndicatorKind::Flow => "flow",
        IndicatorKind::Level => "level",
        IndicatorKind::Milestone => "milestone",
    }
}

fn comparator(comparator: Comparator) -> &'static str {
    match comparator {
        Comparator::Above => ">",
        Comparator::AtLeast => ">=",
        Comparator::AtMost => "<=",
        Comparator::Exactly => "=",
        Comparator::About => "~",
    }
}

fn doubtful(file: &mut File, it: &DraftDoubt) {
    file.table("doubt");
    file.text("id", &it.id);
    match &it.about {
        About::Indicator(id) => file.text("indicator", id),
        About::Measure(id) => file.text("measure", id),
        About::Unit(id) => file.text("unit", id),
        About::TaskForce => file.value("task_force", true),
    }
    let question = doubt::question(&it.why) + &at(it.anchor.as_ref());
    file.text("question", &cut(&question));
    file.text("proposal", &cut(&doubt::proposal(&it.why)));
    let lead = it
        .filing_lead
        .as_ref()
        .map(|unit| format!("filing_lead = {}", quoted(unit)));
    let due = it.due.map(|due| format!("due = {due}"));
    let sets: Vec<String> = lead
        .into_iter()
        .chain(due)
        .chain(it.baseline.map(|value| format!("baseline = {value}")))
        .collect();
    if !sets.is_empty() {
        file.value("sets", format_args!("{{ {} }}", sets.join(", ")));
    }
}

fn cut(text: &str) -> String {
    text.chars().take(MOST_SENTENCE).collect()
}
