//! 请核对: every line of a report before it is submitted, and what changed while it was written.

use chrono::NaiveDate;

use super::question::Question;
use super::words;
use crate::conversation::report::{Flow, Line, Purpose, Step, Submission, Tap, Words};
use crate::ledger::{Filed, pace_of};
use crate::plan::IndicatorKind;
use crate::render::{Button, Html, naming};

/// The preview.
pub(super) fn preview(question: &Question<'_>) -> Html {
    let asking = question.asking;
    let name = naming::task(question.scene.frame, &asking.draft.task);
    let mut html = Html::new().bold("请核对").text(format!(" · {name}"));
    match asking.draft.purpose {
        Purpose::Report => {}
        Purpose::Correction(of) => html = html.text(format!("（更正第 {of} 号）")),
        Purpose::Hint => html = html.text("（转交）"),
    }
    if let Some(person) = &asking.draft.on_behalf_of {
        let person = naming::person(question.scene.frame, person);
        html = html.text(format!("（代{person}填报）"));
    }
    for line in report_lines(question) {
        html = html.line().text(line);
    }
    for line in changes(question) {
        html = html.line().text(line);
    }
    html
}

fn report_lines(question: &Question<'_>) -> Vec<String> {
    let draft = &question.asking.draft;
    let answers = &draft.answers;
    let mut lines: Vec<String> = baseline_line(question).into_iter().collect();
    lines.extend(value_line(question));
    if draft.purpose == Purpose::Hint {
        lines.push(format!("说明：{}", shown(answers.done.as_ref())));
        return lines;
    }
    lines.push(judgement_line(question));
    let told = matches!(draft.flow, Flow::Number | Flow::Milestone | Flow::Narrative);
    if told || answers.done.is_some() {
        lines.push(format!("进展：{}", shown(answers.done.as_ref())));
    }
    if let Some(reason) = &answers.reason {
        lines.push(format!("原因：{}", shown(Some(reason))));
    }
    if answers.reached == Some(false) {
        let today = words::today(question.scene);
        let wanted = answers.wanted.map(|day| naming::day(day, today));
        lines.push(format!(
            "希望时限：{}",
            wanted.unwrap_or_else(|| "不申请".to_owned())
        ));
    }
    if told || answers.issues.is_some() {
        lines.push(format!("问题：{}", shown(answers.issues.as_ref())));
    }
    if told || answers.next.is_some() {
        lines.push(next_line(question));
    }
    if told || answers.support.is_some() {
        lines.push(support_line(question));
    }
    if !answers.evidence.is_empty() {
        lines.push(format!("佐证：{} 个文件", answers.evidence.len()));
    }
    lines
}

fn shown(words: Option<&Words>) -> String {
    match words {
        Some(words) => words::cut(&words.text, words::MOST_SHOWN),
        None => "无".to_owned(),
    }
}

fn baseline_line(question: &Question<'_>) -> Option<String> {
    let answers = &question.asking.draft.answers;
    let today = words::today(question.scene);
    Some(match (answers.reached?, answers.reached_on) {
        (true, Some(day)) => format!("结果：已完成（{}）", naming::day(day, today)),
        (true, None) => "结果：已完成".to_owned(),
        (false, _) => "结果：尚未完成".to_owned(),
    })
}

fn value_line(question: &Question<'_>) -> Option<String> {
    let draft = &question.asking.draft;
    let indicator = question.view.indicator?;
    let unit = &indicator.unit_of_measure;
    match draft.flow {
        Flow::Number | Flow::BaselineNumber => {
            let value = draft.answers.value.map(|value| words::spaced(value, unit));
            let last = question.last.as_ref().and_then(|last| last.value);
            let before = match draft.purpose {
                Purpose::Correction(_) => "原填",
                Purpose::Report | Purpose::Hint => "上次",
            };
            let last = last.map(|last| format!("{before} {}", words::number(last, unit)));
            let level = indicator.kind == IndicatorKind::Level;
            let target = match (words::target(indicator), indicator.target) {
                (Some(target), _) if level => Some(format!("目标 {target}")),
                (_, target) => target.map(|target| format!("目标 {}", words::number(target, unit))),
            };
            let beside: Vec<String> = [last, target].into_iter().flatten().collect();
            let value = value.unwrap_or_else(|| "本次不填".to_owned());
            let what = if level { "现值" } else { "累计" };
            match beside.is_empty() {
                true => Some(format!("{what}：{value}")),
                false => Some(format!("{what}：{value}（{}）", beside.join("，"))),
            }
        }
        Flow::Milestone | Flow::BaselineMilestone => {
            let stage = draft.answers.stage.map(words::stage);
            Some(format!("阶段：{}", stage.unwrap_or("本次不填")))
        }
        Flow::Narrative => None,
    }
}

fn judgement_line(question: &Question<'_>) -> String {
    let draft = &question.asking.draft;
    let judgement = draft.answers.judgement.map(words::judgement);
    let line = format!("判断：{}", judgement.unwrap_or("未填"));
    let expected = pace_of(question.scene.frame, &question.view, question.scene.now)
        .and_then(|pace| pace.expected_value)
        .filter(|_| draft.flow == Flow::Number);
    match (expected, question.view.indicator) {
        (Some(expected), Some(indicator)) => {
            let unit = &indicator.unit_of_measure;
            let shown = unit.to_shown(expected).round_dp(1).normalize();
            let expected = unit.to_base(shown).unwrap_or(expected);
            format!("{line}   序时：应 {}", words::spaced(expected, unit))
        }
        (Some(_) | None, _) => line,
    }
}

fn next_line(question: &Question<'_>) -> String {
    let answers = &question.asking.draft.answers;
    let day = answers
        .next_date
        .map(|day| naming::day(day, words::today(question.scene)));
    match day.filter(|_| answers.next.is_some()) {
        Some(day) => format!("下一步（{day}）：{}", shown(answers.next.as_ref())),
        None => format!("下一步：{}", shown(answers.next.as_ref())),
    }
}

fn support_line(question: &Question<'_>) -> String {
    let answers = &question.asking.draft.answers;
    let unit = answers.support_unit.as_ref();
    let unit = unit.map(|unit| naming::unit(question.scene.frame, unit));
    match (unit, &answers.support) {
        (Some(unit), Some(what)) => format!("需协调：{unit} · {}", shown(Some(what))),
        (None, Some(what)) => format!("需协调：{}", shown(Some(what))),
        (_, None) => "需协调：无".to_owned(),
    }
}

/// What changed while the report was written: somebody else's answer, the plan, the period.
fn changes(question: &Question<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(filed) = meanwhile(question) {
        lines.push(String::new());
        lines.push(meanwhile_line(question, filed));
    }
    lines.extend(plan_changes(question));
    if let Some((last, this)) = &question.asking.counts {
        lines.push(String::new());
        lines.push(format!(
            "{}还没有反馈。这次计入上期（{}），还是本期（{}）？",
            words::period(&last.id),
            words::period(&last.id),
            words::period(&this.id)
        ));
    }
    lines
}

fn meanwhile<'a>(question: &'a Question<'_>) -> Option<&'a Filed> {
    let shown = question.asking.draft.shown?;
    let mut reports = question.view.reports.iter();
    let filed = reports.find(|filed| filed.seq == shown)?;
    Some(filed)
}

fn meanwhile_line(question: &Question<'_>, filed: &Filed) -> String {
    let scene = question.scene;
    let value = match (filed.report.value, question.view.indicator) {
        (crate::ledger::Value::Number(value), Some(indicator)) => {
            words::spaced(value, &indicator.unit_of_measure)
        }
        (crate::ledger::Value::Stage(stage), _) => words::stage(stage).to_owned(),
        (crate::ledger::Value::Number(_) | crate::ledger::Value::None, _) => {
            words::judgement(filed.report.judgement).to_owned()
        }
    };
    format!(
        "{}已于 {} 填报本项：{value}（第 {} 号）。您这份怎么处理？",
        naming::filed_by(scene.frame, filed),
        naming::moment(filed.at, scene.now),
        filed.seq
    )
}

fn plan_changes(question: &Question<'_>) -> Vec<String> {
    let promised = &question.asking.draft.promised;
    let mut lines = Vec::new();
    let Some(indicator) = question.view.indicator else {
        return lines;
    };
    let today = words::today(question.scene);
    if indicator.target != promised.target
        && let (Some(now), Some(then)) = (indicator.target, promised.target)
    {
        let unit = &indicator.unit_of_measure;
        lines.push(format!(
            "填报期间目标由 {} 调整为 {}。",
            words::spaced(then, unit),
            words::spaced(now, unit)
        ));
    }
    let due =
        |day: Option<NaiveDate>| day.map_or("未定".to_owned(), |day| words::due(day, today));
    if question.view.due != promised.due {
        lines.push(format!(
            "填报期间完成时限由 {} 调整为 {}。",
            due(promised.due),
            due(question.view.due)
        ));
    }
    lines
}

/// The buttons under a preview.
pub(super) fn buttons(question: &Question<'_>) -> Vec<Vec<Button>> {
    let draft = &question.asking.draft;
    let mut rows = submit_rows(question);
    let value = match draft.flow {
        Flow::Number => Some("改数字"),
        Flow::Milestone => Some("改阶段"),
        Flow::BaselineNumber | Flow::BaselineMilestone if draft.purpose == Purpose::Hint => {
            Some("改数字")
        }
        Flow::BaselineNumber | Flow::BaselineMilestone => Some("改结果"),
        Flow::Narrative => None,
    };
    let mut row: Vec<Button> = Vec::new();
    row.extend(value.map(|label| question.tap(label, Tap::Line(Line::Value))));
    if draft.purpose == Purpose::Hint {
        row.push(question.tap("改说明", Tap::Line(Line::Done)));
        rows.push(row);
    } else {
        if draft.answers.reached != Some(true) {
            row.push(question.tap("改判断", Tap::Line(Line::Judgement)));
        }
        row.push(question.tap("改文字", Tap::Line(Line::Words)));
        rows.push(row);
        let evidence = match draft.answers.evidence.is_empty() {
            true => "加佐证材料",
            false => "改佐证材料",
        };
        rows.push(vec![question.tap(evidence, Tap::Line(Line::Evidence))]);
    }
    rows.push(vec![question.tap("退出", Tap::Quit)]);
    rows
}

fn submit_rows(question: &Question<'_>) -> Vec<Vec<Button>> {
    let asking = question.asking;
    let submit = |label: String, submission| question.tap(label, Tap::Submit(submission));
    if asking.draft.shown.is_some() {
        return vec![
            vec![
                submit("覆盖".to_owned(), Submission::Over),
                submit("作为更正".to_owned(), Submission::AsCorrection),
            ],
            vec![question.tap("放弃我的", Tap::Abandon)],
        ];
    }
    match (&asking.counts, asking.draft.purpose) {
        (Some((last, this)), _) => vec![
            vec![submit(
                format!("提交，计入本期（{}）", words::period(&this.id)),
                Submission::Plain,
            )],
            vec![submit(
                format!("提交，计入上期（{}）", words::period(&last.id)),
                Submission::ForLastPeriod,
            )],
        ],
        (None, Purpose::Report) => vec![vec![submit("提交".to_owned(), Submission::Plain)]],
        (None, Purpose::Correction(_)) => {
            vec![vec![submit("提交更正".to_owned(), Submission::Plain)]]
        }
        (None, Purpose::Hint) => vec![vec![submit("转交".to_owned(), Submission::Plain)]],
    }
}

/// 改文字: which line.
pub(super) fn lines(question: &Question<'_>) -> Html {
    let name = naming::task(question.scene.frame, &question.asking.draft.task);
    debug_assert_eq!(question.asking.draft.step, Step::Lines);
    Html::new().bold(name).line().line().text("改哪一行？")
}

/// Its buttons.
pub(super) fn line_buttons(question: &Question<'_>) -> Vec<Vec<Button>> {
    let line = |label, line| question.tap(label, Tap::Line(line));
    let mut rows = vec![
        vec![line("进展", Line::Done), line("问题", Line::Issues)],
        vec![line("下一步", Line::Next), line("需协调", Line::Support)],
        vec![
            question.tap("返回核对", Tap::Back),
            question.tap("退出", Tap::Quit),
        ],
    ];
    if question.asking.draft.answers.reached == Some(false) {
        let of_baseline = vec![line("原因", Line::Reason), line("希望时限", Line::Wanted)];
        rows.insert(0, of_baseline);
    }
    rows
}
