//! Questions of a talk: what is asked, the last answer beside it, and the buttons.

use super::{note, preview, words};
use crate::conversation::number::Unsure;
use crate::conversation::payload::Payload;
use crate::conversation::report::{
    Answers, Asking, Field, Flow, Home, MOST_FILES, Odd, Oddity, Press, Purpose, Step, Tap,
    can_keep_rest, last_answers,
};
use crate::ledger::{Judgement, MilestoneStage, TaskView};
use crate::plan::Indicator;
use crate::render::{Button, Html, Message, Scene, naming, notice};

/// A question together with the item as it stands.
pub(super) struct Question<'a> {
    pub scene: &'a Scene<'a>,
    pub asking: &'a Asking,
    pub view: TaskView<'a>,
    pub last: Option<Answers>,
}

/// A question of a talk.
pub(super) fn ask(scene: &Scene<'_>, asking: &Asking) -> Message {
    let Some(view) = words::view(scene, &asking.draft.task) else {
        return Message::text("这一项已不在方案中。");
    };
    let last = last_answers(&asking.draft, &view).map(|(_, last)| last);
    let question = Question {
        scene,
        asking,
        view,
        last,
    };
    let (body, keyboard) = match asking.draft.step {
        Step::Preview => (preview::preview(&question), preview::buttons(&question)),
        Step::Lines => (preview::lines(&question), preview::line_buttons(&question)),
        _ => match &asking.draft.odd {
            Some(odd) => (odd_question(&question, odd), odd_buttons(&question, odd)),
            None => (step_question(&question), step_buttons(&question)),
        },
    };
    let mut message = Message::text(framed(&question, body));
    for row in keyboard {
        message = message.row(row);
    }
    message
}

/// The question between its first line, the way to answer in the group, and the notice on secrets.
fn framed(question: &Question<'_>, body: Html) -> Html {
    let first = note::line(question.scene, question.asking);
    let mut html = Html::new();
    if !first.is_empty() {
        html = html.text(first).line().line();
    }
    html = html.html(&body);
    let way = way_to_answer(question.asking);
    if !way.is_empty() {
        html = html.line().text(way);
    }
    if question.asking.secrecy {
        html = html.line().line().text(notice::FIRST_CARD);
    }
    html
}

/// In the group one must tap or reply; every question says so.
fn way_to_answer(asking: &Asking) -> &'static str {
    match (asking.home, asking.field) {
        (Home::Private, _) => "",
        (Home::Group, Field::Plain) => "请点下面的按钮。",
        (Home::Group, Field::ByButton) => "请按住本条选“回复”来填，或点[填写]。",
        (Home::Group, Field::Follows) => "请回复下面那条消息，或点按钮。",
        (Home::Group, Field::ReplyHere) => "请按住本条选“回复”来填，或点按钮。",
    }
}

/// Number and name of the item, and which of how many it is.
pub(super) fn title(question: &Question<'_>, html: Html) -> Html {
    let asking = question.asking;
    let name = naming::task(question.scene.frame, &asking.draft.task);
    let html = html.bold(name);
    let html = match asking.draft.purpose {
        Purpose::Report if asking.of > 1 => {
            html.text(format!("（第{}/{}项）", asking.number, asking.of))
        }
        Purpose::Report => html,
        Purpose::Correction(of) => html.text(format!("（更正第 {of} 号）")),
        Purpose::Hint => html.text("（转交）"),
    };
    match asking.home {
        Home::Private => html,
        Home::Group => html
            .text(" · ")
            .text(naming::person(question.scene.frame, &asking.person)),
    }
}

/// Target, deadline and last value.
fn facts(question: &Question<'_>) -> String {
    let view = &question.view;
    let today = words::today(question.scene);
    let target = view.indicator.and_then(words::target);
    let due = view.due.map(|due| words::due(due, today));
    let given = given_now(question);
    let last = match (view.indicator, question.last.as_ref()) {
        _ if given.is_some() => given,
        (Some(indicator), Some(last)) => last
            .value
            .map(|value| format!("上次 {}", words::spaced(value, &indicator.unit_of_measure)))
            .or_else(|| {
                last.stage
                    .map(|stage| format!("上次 {}", words::stage(stage)))
            }),
        (None, _) => words::last(question.scene, view),
        (Some(_), None) => Some("尚未填报".to_owned()),
    };
    let facts = [target.map(|target| format!("目标 {target}")), due, last];
    facts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The number or stage given in this talk, beside the questions after it.
fn given_now(question: &Question<'_>) -> Option<String> {
    let draft = &question.asking.draft;
    let indicator = question.view.indicator?;
    let value = draft
        .answers
        .value
        .map(|value| words::spaced(value, &indicator.unit_of_measure));
    let stage = draft
        .answers
        .stage
        .map(|stage| words::stage(stage).to_owned());
    let given = value.or(stage)?;
    (!matches!(draft.step, Step::Value | Step::Stage)).then(|| format!("本次 {given}"))
}

fn step_question(question: &Question<'_>) -> Html {
    let html = title(question, Html::new());
    let facts = facts(question);
    let html = match facts.is_empty() {
        true => html,
        false => html.line().text(facts),
    };
    let html = html.line().line().text(asked(question));
    let html = match last_words(question) {
        Some(last) => html.line().text(format!("上次：{last}")),
        None => html,
    };
    match words_at(&question.asking.draft.answers, question.asking.draft.step) {
        Some(given) => html.line().text(format!("已填：{given}")),
        None => html,
    }
}

/// The question itself.
fn asked(question: &Question<'_>) -> String {
    let draft = &question.asking.draft;
    match draft.step {
        Step::Reached => "这一项在建账前已经到期。现在是否完成？".to_owned(),
        Step::ReachedOn => "哪天完成的？例如 2024年12月20日、去年底。".to_owned(),
        Step::Value => question
            .view
            .indicator
            .map(|indicator| words::value_question(indicator, draft.flow))
            .unwrap_or_default(),
        Step::Stage => "现在进展到哪一步？".to_owned(),
        Step::Reason => "没有按期完成的原因是什么？".to_owned(),
        Step::Wanted => "希望新的完成时限是哪天？例如 2027年6月30日。".to_owned(),
        Step::Judgement => "您对进度的判断？".to_owned(),
        Step::Done if draft.purpose == Purpose::Hint => "请用一句话说明情况。".to_owned(),
        Step::Done => "做了哪些工作？一两句话即可。".to_owned(),
        Step::Issues => "存在什么问题？没有就点[无]。".to_owned(),
        Step::Next => "下一步怎么做？可以带日期，例如“12月10日前并网”。".to_owned(),
        Step::Support => {
            "需要哪个单位协调？点单位，或直接回复，例如“市供电公司：接电”。".to_owned()
        }
        Step::SupportWhat => {
            let unit = draft.answers.support_unit.as_ref();
            let name = unit.map(|unit| naming::unit(question.scene.frame, unit));
            format!("需要{}协调什么？", name.unwrap_or_default())
        }
        Step::Evidence => {
            format!("有照片或文件请直接发来（佐证材料，可不填，最多{MOST_FILES}个）。")
        }
        Step::Preview | Step::Lines => String::new(),
    }
}

/// The last words given to this question.
fn last_words(question: &Question<'_>) -> Option<String> {
    words_at(question.last.as_ref()?, question.asking.draft.step)
}

/// The words (or the judgement) among some answers that belong to a question.
fn words_at(answers: &Answers, step: Step) -> Option<String> {
    let given = match step {
        Step::Done => answers.done.as_ref(),
        Step::Issues => answers.issues.as_ref(),
        Step::Next => answers.next.as_ref(),
        Step::Support | Step::SupportWhat => answers.support.as_ref(),
        Step::Reason => answers.reason.as_ref(),
        Step::Judgement => {
            return answers
                .judgement
                .map(|given| words::judgement(given).to_owned());
        }
        Step::Reached
        | Step::ReachedOn
        | Step::Value
        | Step::Stage
        | Step::Wanted
        | Step::Evidence
        | Step::Preview
        | Step::Lines => None,
    };
    given.map(|given| words::cut(&given.text, words::MOST_LAST))
}

impl Question<'_> {
    /// A button of this question.
    pub(super) fn tap(&self, label: impl Into<String>, tap: Tap) -> Button {
        let press = Press::Talk {
            person: self.asking.person.clone(),
            stamp: self.asking.stamp,
            tap,
        };
        Button::press(label, Payload::Report(press).encode())
    }

    fn indicator(&self) -> Option<&Indicator> {
        self.view.indicator
    }
}

fn step_buttons(question: &Question<'_>) -> Vec<Vec<Button>> {
    let mut rows = answer_rows(question);
    if let Some(label) = leave_label(question) {
        rows.push(vec![question.tap(label, Tap::Leave)]);
    }
    if question.asking.field == Field::ByButton {
        rows.push(vec![question.tap("填写", Tap::Type)]);
    }
    if let Some(label) = rest_label(question) {
        rows.push(vec![question.tap(label, Tap::KeepRest)]);
    }
    rows.push(way_out(question));
    rows
}

/// What the button says that leaves the answer of this talk as it is.
fn leave_label(question: &Question<'_>) -> Option<String> {
    let draft = &question.asking.draft;
    if let (Step::Value, Some(value), Some(indicator)) =
        (draft.step, draft.answers.value, question.indicator())
    {
        let amount = words::tight(value, &indicator.unit_of_measure);
        return Some(format!("不改，{amount}"));
    }
    let judged = draft.step == Step::Judgement;
    let given = words_at(&draft.answers, draft.step).filter(|_| !judged);
    given.map(|_| "不改".to_owned())
}

/// What the button says that goes straight to the preview.
fn rest_label(question: &Question<'_>) -> Option<&'static str> {
    let asking = question.asking;
    if !can_keep_rest(&asking.draft, question.last.as_ref(), asking.home) {
        return None;
    }
    let first = matches!(asking.draft.step, Step::Value | Step::Stage)
        || (asking.draft.step == Step::Judgement && asking.draft.flow == Flow::Narrative);
    Some(match (first, question.last.is_some()) {
        (true, _) => "都无变化，去核对",
        (false, true) => "其余不变，去核对",
        (false, false) => "其余没有，去核对",
    })
}

/// 跳过, 上一步, 下一项, 退出.
fn way_out(question: &Question<'_>) -> Vec<Button> {
    let asking = question.asking;
    let mut row = Vec::new();
    let skips = matches!(asking.draft.step, Step::Value | Step::Done)
        || (asking.draft.step == Step::Evidence && asking.draft.answers.evidence.is_empty());
    if skips {
        row.push(question.tap("跳过", Tap::Skip));
    }
    if asking.back {
        row.push(question.tap("上一步", Tap::Back));
    } else if asking.of > asking.number {
        row.push(question.tap("下一项", Tap::Next));
    }
    row.push(question.tap("退出", Tap::Quit));
    row
}

/// The buttons that answer the question.
fn answer_rows(question: &Question<'_>) -> Vec<Vec<Button>> {
    match question.asking.draft.step {
        Step::Reached => vec![vec![
            question.tap("已完成", Tap::Reached(true)),
            question.tap("尚未完成", Tap::Reached(false)),
        ]],
        Step::ReachedOn => vec![vec![question.tap("不清楚", Tap::Skip)]],
        Step::Value => value_row(question).into_iter().collect(),
        Step::Stage => vec![stage_row(question)],
        Step::Judgement => judgement_rows(question),
        Step::Wanted => vec![vec![question.tap("不申请新时限", Tap::Nothing)]],
        Step::Reason => words_row(question, None).into_iter().collect(),
        Step::Done => words_row(question, None).into_iter().collect(),
        Step::Issues => words_row(question, Some("无")).into_iter().collect(),
        Step::Next => words_row(question, Some("暂无")).into_iter().collect(),
        Step::Support => support_rows(question),
        Step::SupportWhat => vec![vec![question.tap("不需要协调", Tap::Nothing)]],
        Step::Evidence => evidence_row(question).into_iter().collect(),
        Step::Preview | Step::Lines => Vec::new(),
    }
}

fn value_row(question: &Question<'_>) -> Option<Vec<Button>> {
    let last = question.last.as_ref()?.value?;
    let unit = &question.indicator()?.unit_of_measure;
    let label = format!("仍是{}", words::tight(last, unit));
    Some(vec![question.tap(label, Tap::Keep)])
}

fn stage_row(question: &Question<'_>) -> Vec<Button> {
    let unfinished = question.asking.draft.answers.reached == Some(false);
    let stages = [
        MilestoneStage::NotStarted,
        MilestoneStage::Underway,
        MilestoneStage::Completed,
    ];
    stages
        .into_iter()
        .filter(|stage| !unfinished || *stage != MilestoneStage::Completed)
        .map(|stage| question.tap(words::stage(stage), Tap::Stage(stage)))
        .collect()
}

fn judgement_rows(question: &Question<'_>) -> Vec<Vec<Button>> {
    let button = |judgement| question.tap(words::judgement(judgement), Tap::Judge(judgement));
    let mut second = vec![button(Judgement::Blocked)];
    if question.asking.draft.answers.reached != Some(false) {
        second.push(button(Judgement::Done));
    }
    vec![
        vec![button(Judgement::Normal), button(Judgement::Difficult)],
        second,
    ]
}

/// 同上次, where there is something to keep, and a word for nothing.
fn words_row(question: &Question<'_>, nothing: Option<&str>) -> Option<Vec<Button>> {
    let mut row = Vec::new();
    if last_words(question).is_some() {
        row.push(question.tap("同上次", Tap::Keep));
    }
    if let Some(nothing) = nothing {
        row.push(question.tap(nothing, Tap::Nothing));
    }
    (!row.is_empty()).then_some(row)
}

fn support_rows(question: &Question<'_>) -> Vec<Vec<Button>> {
    let offered = question.asking.draft.offered.iter().enumerate();
    let units: Vec<Button> = offered
        .map(|(at, unit)| {
            let index = u8::try_from(at).unwrap_or(u8::MAX);
            question.tap(naming::unit(question.scene.frame, unit), Tap::Unit(index))
        })
        .collect();
    let mut rows: Vec<Vec<Button>> = units.chunks(2).map(<[Button]>::to_vec).collect();
    rows.extend(words_row(question, Some("不需要")));
    rows
}

fn evidence_row(question: &Question<'_>) -> Option<Vec<Button>> {
    let any = !question.asking.draft.answers.evidence.is_empty();
    any.then(|| {
        vec![
            question.tap("完成，去核对", Tap::Enough),
            question.tap("清除", Tap::Clear),
        ]
    })
}

/// An odd number is asked back, once.
fn odd_question(question: &Question<'_>, odd: &Odd) -> Html {
    let html = title(question, Html::new()).line().line();
    let (Some(indicator), Some(first)) = (question.indicator(), odd.readings.first()) else {
        return html;
    };
    let unit = &indicator.unit_of_measure;
    let got = words::spaced(*first, unit);
    let number = words::number(*first, unit);
    let text = match odd.why {
        Oddity::Fell(last) => format!(
            "收到 {got}，比上次（{}）少{}。是 {number} 吗？",
            words::spaced(last, unit),
            words::tight(last - *first, unit)
        ),
        Oddity::Tenfold(last) => {
            let more = first.abs() > last.abs();
            let how = if more {
                "十倍以上"
            } else {
                "十分之一以下"
            };
            format!(
                "收到 {got}，是上次（{}）的{how}。是 {number} 吗？",
                words::spaced(last, unit)
            )
        }
        Oddity::Same => format!("收到 {got}，与上次相同。确认没有变化吗？"),
        Oddity::PastTarget(by) => {
            format!(
                "收到 {got}，比目标多{}。是 {number} 吗？",
                words::tight(by, unit)
            )
        }
        Oddity::Unsure(Unsure::ScaleForgotten) => {
            let readings = odd.readings.iter().map(|value| words::spaced(*value, unit));
            let readings: Vec<String> = readings.collect();
            format!("“{}”是 {}？请点一个。", odd.typed, readings.join("还是 "))
        }
        Oddity::Unsure(Unsure::Fraction) => {
            let target = words::target(indicator).unwrap_or_default();
            let asked = match odd.readings.len() {
                1 => format!("现在的数是 {number} 吗？"),
                _ => "现在的数是哪一个？".to_owned(),
            };
            format!("收到“{}”，目标是 {target}。{asked}", odd.typed)
        }
        Oddity::Unsure(Unsure::Rough) => {
            format!("收到“{}”，请填准确数。是 {got}吗？", odd.typed)
        }
    };
    html.text(text)
}

fn odd_buttons(question: &Question<'_>, odd: &Odd) -> Vec<Vec<Button>> {
    let Some(indicator) = question.indicator() else {
        return vec![way_out(question)];
    };
    let unit = &indicator.unit_of_measure;
    let sure = odd.readings.len() == 1;
    let mut first: Vec<Button> = odd
        .readings
        .iter()
        .enumerate()
        .map(|(at, value)| {
            let amount = words::tight(*value, unit);
            let label = if sure {
                format!("是，{amount}")
            } else {
                amount
            };
            question.tap(label, Tap::Reading(u8::try_from(at).unwrap_or(u8::MAX)))
        })
        .collect();
    let last = question.last.as_ref().and_then(|last| last.value);
    if let Some(last) = last.filter(|last| !odd.readings.contains(last)) {
        let label = format!("改为 {}", words::spaced(last, unit));
        first.push(question.tap(label, Tap::Keep));
    }
    let second = vec![
        question.tap("重新输入", Tap::Retype),
        question.tap("退出", Tap::Quit),
    ];
    vec![first, second]
}
