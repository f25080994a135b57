//! Buttons of report talks and cards, as data of at most 64 bytes: they name things, never a right.

use crate::ledger::{Judgement, MilestoneStage};
use crate::plan::{PersonId, TaskId};

/// A button of this slice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Press {
    /// 我要填报, common to everybody: starts the presser's own talk.
    Start,
    /// 只看我的: the presser's own open items.
    Mine,
    /// 填 6-1: a talk on this task.
    Item(TaskId),
    /// 接着填: goes on with the half-finished talk on this task.
    Resume(TaskId),
    /// 重新开始: drops what was half finished and asks from the start.
    Afresh(TaskId),
    /// 不要了: drops the half-finished talk on this task.
    Drop(TaskId),
    /// Another page of the list of items.
    Page(u16),
    /// 都无变化, to be confirmed.
    AllUnchanged,
    /// The confirmation, with a stamp of what was shown.
    KeepAll(u32),
    /// 晚些提醒: shows the choices.
    Later,
    /// One of them.
    LaterFor(Delay),
    /// 更正 of the report with this seq.
    Correct(u64),
    /// 代填 of an item of another unit, by the office.
    OnBehalf(TaskId),
    /// 转交 of an item the presser may not file.
    Hint(TaskId),
    /// 采用 of the hint with this seq, with the taker's judgement.
    TakeHint(u64, Judgement),
    /// 不采用.
    DropHint(u64),
    /// A button that one person alone may press, as in a group.
    Own(PersonId, Box<Press>),
    /// A button of one question of somebody's open talk.
    Talk {
        /// Whose talk.
        person: PersonId,
        /// Number of the question it stands under; an older one is stale.
        stamp: u32,
        /// What it says.
        tap: Tap,
    },
}

/// For how long a card is put off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delay {
    /// 两小时后.
    TwoHours,
    /// 明天.
    Tomorrow,
    /// 自己定日期: asks for the date.
    OwnDate,
}

/// A tap inside a talk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tap {
    /// 仍是8座, 同上次: keeps the last answer of this question.
    Keep,
    /// 其余不变，去核对: keeps the last answers of this and all later questions.
    KeepRest,
    /// One of the readings offered, from 0.
    Reading(u8),
    /// 不改: the answer given in this talk stays.
    Leave,
    /// 重新输入.
    Retype,
    /// 填写 (group): asks for words with a reply field.
    Type,
    /// The unit's own judgement.
    Judge(Judgement),
    /// A milestone's stage.
    Stage(MilestoneStage),
    /// Baseline: reached or not.
    Reached(bool),
    /// 无.
    Nothing,
    /// 跳过.
    Skip,
    /// 上一步.
    Back,
    /// 退出.
    Quit,
    /// 下一项: leaves this item for the next of the sitting.
    Next,
    /// The unit whose help is needed, from 0 in the list offered.
    Unit(u8),
    /// 完成: no more evidence.
    Enough,
    /// 清除: no evidence after all.
    Clear,
    /// 改…: asks this line again.
    Line(Line),
    /// 提交.
    Submit(Submission),
    /// 放弃: the item is left as somebody else answered it.
    Abandon,
}

/// A line of the preview that can be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// Number, stage or whether a past target was reached.
    Value,
    /// Judgement.
    Judgement,
    /// What was done.
    Done,
    /// Problems.
    Issues,
    /// Next step.
    Next,
    /// Whose help is needed.
    Support,
    /// Evidence.
    Evidence,
    /// Why a past target was not reached.
    Reason,
    /// The new date wanted for it.
    Wanted,
    /// 改文字: shows the lines of words to choose from.
    Words,
}

/// How an answer is submitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Submission {
    /// 提交, for the running period.
    Plain,
    /// 计入上期.
    ForLastPeriod,
    /// 覆盖: beside what somebody else answered meanwhile.
    Over,
    /// 作为更正 of what somebody else answered meanwhile.
    AsCorrection,
}

impl Press {
    /// As button data, without the slice's letter.
    pub fn encode(&self) -> String {
        match self {
            Self::Start => "s".to_owned(),
            Self::Mine => "m".to_owned(),
            Self::Item(task) => format!("i:{task}"),
            Self::Resume(task) => format!("e:{task}"),
            Self::Afresh(task) => format!("f:{task}"),
            Self::Drop(task) => format!("x:{task}"),
            Self::Page(page) => format!("g:{page}"),
            Self::AllUnchanged => "u".to_owned(),
            Self::KeepAll(stamp) => format!("k:{stamp}"),
            Self::Later => "l".to_owned(),
            Self::LaterFor(Delay::TwoHours) => "l:2".to_owned(),
            Self::LaterFor(Delay::Tomorrow) => "l:t".to_owned(),
            Self::LaterFor(Delay::OwnDate) => "l:d".to_owned(),
            Self::Correct(seq) => format!("c:{seq}"),
            Self::OnBehalf(task) => format!("b:{task}"),
            Self::Hint(task) => format!("h:{task}"),
            Self::TakeHint(seq, judgement) => format!("y:{seq}:{}", judgement_letter(*judgement)),
            Self::DropHint(seq) => format!("n:{seq}"),
            Self::Own(person, press) => format!("w:{person}:{}", press.encode()),
            Self::Talk { person, stamp, tap } => format!("t:{stamp}:{}:{person}", tap.encode()),
        }
    }

    /// From button data; none for what this slice never wrote.
    pub fn decode(data: &str) -> Option<Self> {
        let (letter, rest) = data.split_once(':').unwrap_or((data, ""));
        let task = || (!rest.is_empty()).then(|| TaskId::new(rest));
        Some(match (letter, rest) {
            ("s", "") => Self::Start,
            ("m", "") => Self::Mine,
            ("i", _) => Self::Item(task()?),
            ("e", _) => Self::Resume(task()?),
            ("f", _) => Self::Afresh(task()?),
            ("x", _) => Self::Drop(task()?),
            ("g", page) => Self::Page(page.parse().ok()?),
            ("u", "") => Self::AllUnchanged,
            ("k", stamp) => Self::KeepAll(stamp.parse().ok()?),
            ("l", "") => Self::Later,
            ("l", "2") => Self::LaterFor(Delay::TwoHours),
            ("l", "t") => Self::LaterFor(Delay::Tomorrow),
            ("l", "d") => Self::LaterFor(Delay::OwnDate),
            ("c", seq) => Self::Correct(seq.parse().ok()?),
            ("b", _) => Self::OnBehalf(task()?),
            ("h", _) => Self::Hint(task()?),
            ("y", rest) => {
                let (seq, letter) = rest.split_once(':')?;
                Self::TakeHint(seq.parse().ok()?, judgement_of(letter)?)
            }
            ("n", seq) => Self::DropHint(seq.parse().ok()?),
            ("w", rest) => {
                let (person, press) = rest.split_once(':')?;
                match Self::decode(press)? {
                    Self::Own(..) | Self::Talk { .. } => return None,
                    _ if person.is_empty() => return None,
                    press => Self::Own(PersonId::new(person), Box::new(press)),
                }
            }
            ("t", rest) => {
                let (stamp, rest) = rest.split_once(':')?;
                let (tap, person) = rest.split_once(':')?;
                if person.is_empty() {
                    return None;
                }
                Self::Talk {
                    person: PersonId::new(person),
                    stamp: stamp.parse().ok()?,
                    tap: Tap::decode(tap)?,
                }
            }
            _ => return None,
        })
    }
}

impl Tap {
    fn encode(self) -> String {
        match self {
            Self::Keep => "k".to_owned(),
            Self::KeepRest => "r".to_owned(),
            Self::Reading(index) => format!("v{index}"),
            Self::Leave => "o".to_owned(),
            Self::Retype => "t".to_owned(),
            Self::Type => "w".to_owned(),
            Self::Judge(judgement) => format!("j{}", judgement_letter(judgement)),
            Self::Stage(stage) => format!("m{}", stage_letter(stage)),
            Self::Reached(true) => "h1".to_owned(),
            Self::Reached(false) => "h0".to_owned(),
            Self::Nothing => "0".to_owned(),
            Self::Skip => "s".to_owned(),
            Self::Back => "b".to_owned(),
            Self::Quit => "q".to_owned(),
            Self::Next => "n".to_owned(),
            Self::Unit(index) => format!("u{index}"),
            Self::Enough => "e".to_owned(),
            Self::Clear => "c".to_owned(),
            Self::Line(line) => format!("l{}", line_letter(line)),
            Self::Submit(submission) => format!("p{}", submission_letter(submission)),
            Self::Abandon => "a".to_owned(),
        }
    }

    fn decode(data: &str) -> Option<Self> {
        let letter = data.chars().next()?;
        let rest = &data[letter.len_utf8()..];
        Some(match (letter, rest) {
            ('k', "") => Self::Keep,
            ('r', "") => Self::KeepRest,
            ('v', index) => Self::Reading(index.parse().ok()?),
            ('o', "") => Self::Leave,
            ('t', "") => Self::Retype,
            ('w', "") => Self::Type,
            ('j', letter) => Self::Judge(judgement_of(letter)?),
            ('m', letter) => Self::Stage(stage_of(letter)?),
            ('h', "1") => Self::Reached(true),
            ('h', "0") => Self::Reached(false),
            ('0', "") => Self::Nothing,
            ('s', "") => Self::Skip,
            ('b', "") => Self::Back,
            ('q', "") => Self::Quit,
            ('n', "") => Self::Next,
            ('u', index) => Self::Unit(index.parse().ok()?),
            ('e', "") => Self::Enough,
            ('c', "") => Self::Clear,
            ('l', letter) => Self::Line(line_of(letter)?),
            ('p', letter) => Self::Submit(submission_of(letter)?),
            ('a', "") => Self::Abandon,
            _ => return None,
        })
    }
}

const JUDGEMENTS: [(Judgement, &str); 4] = [
    (Judgement::Normal, "n"),
    (Judgement::Difficult, "d"),
    (Judgement::Blocked, "b"),
    (Judgement::Done, "f"),
];

const STAGES: [(MilestoneStage, &str); 3] = [
    (MilestoneStage::NotStarted, "n"),
    (MilestoneStage::Underway, "u"),
    (MilestoneStage::Completed, "c"),
];

const LINES: [(Line, &str); 10] = [
    (Line::Value, "v"),
    (Line::Judgement, "j"),
    (Line::Done, "d"),
    (Line::Issues, "i"),
    (Line::Next, "n"),
    (Line::Support, "s"),
    (Line::Evidence, "e"),
    (Line::Reason, "r"),
    (Line::Wanted, "t"),
    (Line::Words, "w"),
];

const SUBMISSIONS: [(Submission, &str); 4] = [
    (Submission::Plain, "p"),
    (Submission::ForLastPeriod, "l"),
    (Submission::Over, "o"),
    (Submission::AsCorrection, "c"),
];

fn letter<T: PartialEq>(table: &[(T, &'static str)], wanted: &T) -> &'static str {
    let found = table.iter().find(|(value, _)| value == wanted);
    found.expect("each table names every value").1
}

fn value<T: Copy>(table: &[(T, &'static str)], wanted: &str) -> Option<T> {
    let found = table.iter().find(|(_, letter)| *letter == wanted);
    found.map(|(value, _)| *value)
}

fn judgement_letter(judgement: Judgement) -> &'static str {
    letter(&JUDGEMENTS, &judgement)
}

fn judgement_of(letter: &str) -> Option<Judgement> {
    value(&JUDGEMENTS, letter)
}

fn stage_letter(stage: MilestoneStage) -> &'static str {
    letter(&STAGES, &stage)
}

fn stage_of(letter: &str) -> Option<MilestoneStage> {
    value(&STAGES, letter)
}

fn line_letter(line: Line) -> &'static str {
    letter(&LINES, &line)
}

fn line_of(letter: &str) -> Option<Line> {
    value(&LINES, letter)
}

fn submission_letter(submission: Submission) -> &'static str {
    letter(&SUBMISSIONS, &submission)
}

fn submission_of(letter: &str) -> Option<Submission> {
    value(&SUBMISSIONS, letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every_tap() -> Vec<Tap> {
        let mut taps = vec![
            Tap::Keep,
            Tap::KeepRest,
            Tap::Reading(255),
            Tap::Leave,
            Tap::Retype,
            Tap::Type,
            Tap::Reached(true),
            Tap::Reached(false),
            Tap::Nothing,
            Tap::Skip,
            Tap::Back,
            Tap::Quit,
            Tap::Next,
            Tap::Unit(255),
            Tap::Enough,
            Tap::Clear,
            Tap::Abandon,
        ];
        taps.extend(JUDGEMENTS.map(|(judgement, _)| Tap::Judge(judgement)));
        taps.extend(STAGES.map(|(stage, _)| Tap::Stage(stage)));
        taps.extend(LINES.map(|(line, _)| Tap::Line(line)));
        taps.extend(SUBMISSIONS.map(|(submission, _)| Tap::Submit(submission)));
        taps
    }

    fn every_press() -> Vec<Press> {
        let task = TaskId::new("a-target-of-24-character");
        let person = PersonId::new("a-person-of-24-character");
        let mut presses = vec![
            Press::Start,
            Press::Mine,
            Press::Item(task.clone()),
            Press::Resume(task.clone()),
            Press::Afresh(task.clone()),
            Press::Drop(task.clone()),
            Press::Page(u16::MAX),
            Press::AllUnchanged,
            Press::KeepAll(u32::MAX),
            Press::Later,
            Press::LaterFor(Delay::TwoHours),
            Press::LaterFor(Delay::Tomorrow),
            Press::LaterFor(Delay::OwnDate),
            Press::Correct(u64::MAX),
            Press::Hint(task.clone()),
            Press::Own(person.clone(), Box::new(Press::Item(task.clone()))),
            Press::Own(person.clone(), Box::new(Press::Correct(u64::MAX))),
            Press::Own(person.clone(), Box::new(Press::Afresh(task))),
            Press::DropHint(u64::MAX),
        ];
        presses.extend(JUDGEMENTS.map(|(judgement, _)| Press::TakeHint(u64::MAX, judgement)));
        presses.extend(every_tap().into_iter().map(|tap| Press::Talk {
            person: person.clone(),
            stamp: u32::MAX,
            tap,
        }));
        presses
    }

    #[test]
    fn every_button_comes_back_as_it_was_and_fits_the_limit() {
        for press in every_press() {
            let data = press.encode();
            assert!(
                data.len() <= crate::conversation::payload::DATA_LIMIT - 2,
                "{data}"
            );
            assert_eq!(Press::decode(&data), Some(press));
        }
    }

    #[test]
    fn foreign_and_cut_data_is_none() {
        for data in [
            "",
            ":",
            "i",
            "i:",
            "z",
            "t",
            "t:1",
            "t:1:k",
            "t:1:k:",
            "w:",
            "w:a:",
            "w::s",
            "w:a:w:a:s",
            "w:a:t:1:k:a",
            "t:x:k:a",
            "t:1:k9:a",
        ] {
            assert_eq!(Press::decode(data), None, "{data}");
        }
        for data in [
            "g:-1",
            "k:",
            "l:9",
            "c:",
            "y:1",
            "y:1:z",
            "t:1:座:a",
            "n:99999999999999999999",
        ] {
            assert_eq!(Press::decode(data), None, "{data}");
        }
    }
}
