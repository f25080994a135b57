//! First lines of questions: what was wrong with an answer, or what became of it.

use super::words;
use crate::conversation::number::Refusal;
use crate::conversation::report::{Asking, MOST_FILES, MOST_WORDS, Note, Step};
use crate::plan::Indicator;
use crate::render::{Scene, naming};

/// The first line of a question; empty when there is none.
pub(super) fn line(scene: &Scene<'_>, asking: &Asking) -> String {
    let today = words::today(scene);
    let indicator = scene.frame.plan.indicator(&asking.draft.task);
    match &asking.note {
        Note::None => String::new(),
        Note::Refused(refusal) => refused(refusal, indicator),
        Note::TooLong(length) => {
            format!("最多 {MOST_WORDS} 字，您发来 {length} 字，没有记录。请精简后重发。")
        }
        Note::WrongMedia(media) => format!(
            "{}您发的是{}{}。",
            expected(asking.draft.step, indicator),
            words::media(media),
            where_it_fits(media, asking.draft.step)
        ),
        Note::WantsFile => "这一步请发图片或文件，或点按钮。".to_owned(),
        Note::NotADate => "日期看不明白，请这样写：12月10日、2026-12-10、月底。".to_owned(),
        Note::DateAhead(day) => format!("{}还没到，请填已经过去的日期。", naming::day(*day, today)),
        Note::DateBehind(day) => {
            format!("{}已经过去，请填以后的日期。", naming::day(*day, today))
        }
        Note::UseButtons => expected(asking.draft.step, indicator),
        Note::Empty => "还没有内容，请填写后再提交。".to_owned(),
        Note::Changed(step) => format!(
            "已按您修改的消息更新：{}。",
            changed(asking, *step, indicator)
        ),
        Note::ChangeRefused(step) => format!(
            "您修改的消息看不明白，答案不变：{}。",
            changed(asking, *step, indicator)
        ),
        Note::FileTaken => format!("已收到 {} 个文件。", asking.draft.answers.evidence.len()),
        Note::AlbumTaken => format!("已收到相册，里面的都会收下（共最多 {MOST_FILES} 个）。"),
        Note::TooManyFiles => format!("最多 {MOST_FILES} 个文件，多出的没有收。"),
        Note::TakenUp => "接着上次填。".to_owned(),
        Note::LookAgain => "情况有变化，请再核对一次。".to_owned(),
        Note::JudgementMissing => "还缺对进度的判断，请点[改判断]。".to_owned(),
        Note::WordsKept => "这句话已记下。".to_owned(),
    }
}

fn refused(refusal: &Refusal, indicator: Option<&Indicator>) -> String {
    let forms = indicator.map(words::forms).unwrap_or_default();
    let unit = indicator.map_or("", |indicator| indicator.unit_of_measure.shown.as_str());
    match refusal {
        Refusal::NotANumber => format!("这一步要一个数字，例如 {forms}。"),
        Refusal::TooLong(length) => {
            format!("这一步只要一个数字，例如 {forms}；您发来 {length} 个字，做了什么后面再填。")
        }
        Refusal::MoreThanANumber => {
            format!("这一步只要一个数字，例如 {forms}；做了什么后面再填。")
        }
        Refusal::Range => format!("请填一个准确的数，不要填范围，例如 {forms}。"),
        Refusal::Sum => format!("请直接填合计数，例如 {forms}。"),
        Refusal::Negative => format!("这一项不会是负数，请填现在的数，例如 {forms}。"),
        Refusal::OtherUnit(typed) => {
            let wanted = match unit {
                crate::plan::RATIO => "比值",
                unit => unit,
            };
            format!("这一项按“{wanted}”填，您写的是“{typed}”。请换算后填，例如 {forms}。")
        }
        Refusal::Grouping => {
            format!("数字里的逗号、小数点或空格看不明白，请写成 1200 或 1,200，例如 {forms}。")
        }
        Refusal::TooLarge => format!("这个数太大了，请核对后重填，例如 {forms}。"),
    }
}

/// What a question expects, in one sentence.
fn expected(step: Step, indicator: Option<&Indicator>) -> String {
    let forms = indicator.map(words::forms).unwrap_or_default();
    match step {
        Step::Value => format!("这一步要一个数字，例如 {forms}。"),
        Step::Reached | Step::Stage | Step::Judgement => "这一步请点下面的按钮。".to_owned(),
        Step::Preview | Step::Lines => "请点下面的按钮：提交、修改或退出。".to_owned(),
        Step::ReachedOn | Step::Wanted => "这一步要一个日期，例如 12月10日。".to_owned(),
        Step::Evidence => "这一步请发图片或文件，或点按钮。".to_owned(),
        Step::Reason
        | Step::Done
        | Step::Issues
        | Step::Next
        | Step::Support
        | Step::SupportWhat => "这一步请用文字回复，一两句话即可。".to_owned(),
    }
}

/// Where a file can be given instead.
fn where_it_fits(media: &crate::conversation::Media, step: Step) -> &'static str {
    let is_file = matches!(media, crate::conversation::Media::File { .. });
    match is_file && step != Step::Evidence {
        true => "，可在“佐证材料”一步上传",
        false => "",
    }
}

/// The answer of a step as it stands now.
fn changed(asking: &Asking, step: Step, indicator: Option<&Indicator>) -> String {
    let answers = &asking.draft.answers;
    let sentence = |text: &Option<crate::conversation::report::Words>| {
        let words = text
            .as_ref()
            .map(|given| words::cut(&given.text, words::MOST_LAST));
        words.unwrap_or_else(|| "无".to_owned())
    };
    match step {
        Step::Value => match (answers.value, indicator) {
            (Some(value), Some(indicator)) => words::spaced(value, &indicator.unit_of_measure),
            (Some(_) | None, _) => "未填".to_owned(),
        },
        Step::Done => sentence(&answers.done),
        Step::Issues => sentence(&answers.issues),
        Step::Next => sentence(&answers.next),
        Step::Support | Step::SupportWhat => sentence(&answers.support),
        Step::Reason => sentence(&answers.reason),
        Step::Judgement => answers.judgement.map_or_else(
            || "未填".to_owned(),
            |given| words::judgement(given).to_owned(),
        ),
        Step::Reached
        | Step::ReachedOn
        | Step::Stage
        | Step::Wanted
        | Step::Evidence
        | Step::Preview
        | Step::Lines => "答案".to_owned(),
    }
}
