//! Answers to the open question: words, taps and files change the draft and say where the talk goes.

pub(super) use super::draft::has_answer;
use super::draft::{Draft, File, Flow, Home, Purpose, Step, Words};
use super::press::{Line, Submission, Tap};
use super::say::Note;
use super::value::{self, Taken};
use super::{flow, support, vocabulary};
use crate::conversation::Media;
use crate::conversation::date::{self, Toward};
use crate::ledger::{Frame, Judgement, MilestoneStage, TaskView};

/// Characters of one answer; four phone screens.
pub const MOST_WORDS: usize = 1_000;

/// Files of one answer, as many as an album holds.
pub const MOST_FILES: usize = 10;

/// What an answer is held against.
#[derive(Clone, Copy)]
pub(super) struct Facts<'a> {
    /// Plan in force.
    pub frame: &'a Frame,
    /// The item as it stands.
    pub view: &'a TaskView<'a>,
    /// Today.
    pub today: chrono::NaiveDate,
    /// Where the talk is held.
    pub home: Home,
}

/// Where the talk goes.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Outcome {
    /// To the next question.
    Advance,
    /// To this question.
    To(Step),
    /// The same question again, with a first line.
    Again(Note),
    /// Nothing is said (further files of an album).
    Quiet,
    /// The tap does not belong to this question.
    Stale,
    /// The reply field is wanted.
    Field,
    /// Leaves the talk.
    Quit,
    /// Leaves this item for the next.
    Next,
    /// Submits.
    Submit(Submission),
    /// Leaves the item as somebody else answered it.
    Abandon,
}

/// Words at the open question.
pub(super) fn words(draft: &mut Draft, facts: &Facts<'_>, text: &str) -> Outcome {
    let length = text.chars().count();
    if length > MOST_WORDS {
        return Outcome::Again(Note::TooLong(length));
    }
    if draft.odd.is_some() {
        return words_on_odd(draft, facts, text);
    }
    if let Some(control) = vocabulary::control(text) {
        match tap(draft, facts, control) {
            // 完成 and 没有 can be answers of their own; 同上次 never is.
            Outcome::Stale if !is_word_too(control) => return Outcome::Again(Note::UseButtons),
            Outcome::Stale => {}
            outcome => return outcome,
        }
    }
    let text = text.trim();
    if text.is_empty() {
        return Outcome::Again(Note::Empty);
    }
    match draft.step {
        Step::Reached => match vocabulary::reached(text) {
            Some(reached) => tap(draft, facts, Tap::Reached(reached)),
            None => Outcome::Again(Note::UseButtons),
        },
        Step::Stage => match vocabulary::stage(text) {
            Some(stage) => tap(draft, facts, Tap::Stage(stage)),
            None => Outcome::Again(Note::UseButtons),
        },
        Step::Judgement => match vocabulary::judgement(text) {
            Some(judgement) => tap(draft, facts, Tap::Judge(judgement)),
            None => Outcome::Again(Note::UseButtons),
        },
        Step::Value => valued(value::take(draft, facts.view, text)),
        Step::ReachedOn | Step::Wanted => dated(draft, facts, text),
        Step::Support => support::take(draft, facts.frame, text),
        Step::Reason | Step::Done | Step::Issues | Step::Next | Step::SupportWhat => {
            put_words(draft, facts, new_words(text));
            Outcome::Advance
        }
        Step::Evidence => Outcome::Again(Note::WantsFile),
        Step::Preview | Step::Lines => Outcome::Again(Note::UseButtons),
    }
}

/// Whether what stands for a button can also be meant as words.
fn is_word_too(control: Tap) -> bool {
    matches!(control, Tap::Nothing | Tap::Enough | Tap::Submit(_))
}

pub(super) fn new_words(text: &str) -> Words {
    Words {
        text: text.trim().to_owned(),
        kept_from: None,
    }
}

fn words_on_odd(draft: &mut Draft, facts: &Facts<'_>, text: &str) -> Outcome {
    match vocabulary::yes_or_no(text) {
        Some(true) => tap(draft, facts, Tap::Reading(0)),
        Some(false) => tap(draft, facts, Tap::Retype),
        None => {
            if let Some(control) = vocabulary::control(text) {
                let outcome = tap(draft, facts, control);
                if outcome != Outcome::Stale {
                    return outcome;
                }
            }
            valued(value::take(draft, facts.view, text))
        }
    }
}

/// Puts words where the open question wants them.
fn put_words(draft: &mut Draft, facts: &Facts<'_>, words: Words) {
    let answers = &mut draft.answers;
    match draft.step {
        Step::Reason => answers.reason = Some(words),
        Step::Done => answers.done = Some(words),
        Step::Issues => answers.issues = Some(words),
        Step::Next => {
            answers.next_date = date::find_ahead(&words.text, facts.today);
            answers.next = Some(words);
        }
        Step::Support | Step::SupportWhat => answers.support = Some(words),
        Step::Reached
        | Step::ReachedOn
        | Step::Value
        | Step::Stage
        | Step::Wanted
        | Step::Judgement
        | Step::Evidence
        | Step::Preview
        | Step::Lines => {}
    }
}

fn dated(draft: &mut Draft, facts: &Facts<'_>, text: &str) -> Outcome {
    let past = draft.step == Step::ReachedOn;
    let toward = if past { Toward::Past } else { Toward::Future };
    let Some(day) = date::read(text, facts.today, toward) else {
        return Outcome::Again(Note::NotADate);
    };
    if past && day > facts.today {
        return Outcome::Again(Note::DateAhead(day));
    }
    if !past && day <= facts.today {
        return Outcome::Again(Note::DateBehind(day));
    }
    match past {
        true => draft.answers.reached_on = Some(day),
        false => draft.answers.wanted = Some(day),
    }
    Outcome::Advance
}

/// A tap at the open question.
pub(super) fn tap(draft: &mut Draft, facts: &Facts<'_>, tap: Tap) -> Outcome {
    match tap {
        Tap::Back => back(draft, facts),
        Tap::Quit => Outcome::Quit,
        Tap::Next => Outcome::Next,
        Tap::Type if flow::is_typed(draft.step) => Outcome::Field,
        Tap::Reading(index) => match value::pick(draft, facts.view, usize::from(index)) {
            Some(taken) => valued(taken),
            None => Outcome::Stale,
        },
        Tap::Leave if has_answer(&draft.answers, draft.step) => Outcome::Advance,
        Tap::Retype if draft.odd.is_some() => {
            draft.odd = None;
            Outcome::Again(Note::None)
        }
        Tap::Keep => keep(draft, facts),
        Tap::KeepRest => keep_rest(draft, facts),
        Tap::Judge(judgement) if draft.step == Step::Judgement => judge(draft, judgement),
        Tap::Stage(stage) if draft.step == Step::Stage => {
            draft.answers.stage = Some(stage);
            Outcome::Advance
        }
        Tap::Reached(reached) if draft.step == Step::Reached => is_reached(draft, reached),
        Tap::Nothing | Tap::Skip => leave_out(draft, tap),
        Tap::Unit(index) if draft.step == Step::Support => support::pick(draft, index),
        Tap::Enough if draft.step == Step::Evidence => Outcome::Advance,
        Tap::Clear if draft.step == Step::Evidence => {
            draft.answers.evidence.clear();
            draft.answers.turned_away = false;
            Outcome::Again(Note::None)
        }
        Tap::Line(line) if matches!(draft.step, Step::Preview | Step::Lines) => {
            to_line(draft, line)
        }
        Tap::Submit(submission) if draft.step == Step::Preview => Outcome::Submit(submission),
        Tap::Abandon if draft.step == Step::Preview => Outcome::Abandon,
        Tap::Type
        | Tap::Leave
        | Tap::Retype
        | Tap::Judge(_)
        | Tap::Stage(_)
        | Tap::Reached(_)
        | Tap::Unit(_)
        | Tap::Enough
        | Tap::Clear
        | Tap::Line(_)
        | Tap::Submit(_)
        | Tap::Abandon => Outcome::Stale,
    }
}

fn back(draft: &mut Draft, facts: &Facts<'_>) -> Outcome {
    if draft.odd.take().is_some() {
        return Outcome::Again(Note::None);
    }
    match flow::before(draft, facts.home) {
        Some(step) => Outcome::To(step),
        None => Outcome::Again(Note::None),
    }
}

/// Where a number leads.
fn valued(taken: Taken) -> Outcome {
    match taken {
        Taken::Value => Outcome::Advance,
        Taken::Questioned => Outcome::Again(Note::None),
        Taken::Refused(note) => Outcome::Again(note),
    }
}

fn judge(draft: &mut Draft, judgement: Judgement) -> Outcome {
    draft.answers.judgement = Some(judgement);
    Outcome::Advance
}

fn is_reached(draft: &mut Draft, reached: bool) -> Outcome {
    let answers = &mut draft.answers;
    answers.reached = Some(reached);
    if reached {
        answers.judgement = Some(Judgement::Done);
        answers.reason = None;
        answers.wanted = None;
        if draft.flow == Flow::BaselineMilestone {
            answers.stage = Some(MilestoneStage::Completed);
        }
    } else {
        answers.reached_on = None;
        answers.judgement = answers
            .judgement
            .filter(|judgement| *judgement != Judgement::Done);
    }
    draft.return_to = None;
    Outcome::Advance
}

/// 无 and 跳过: the answer is left out. A judgement, a stage and whether a past target was reached are needed.
fn leave_out(draft: &mut Draft, tap: Tap) -> Outcome {
    let answers = &mut draft.answers;
    match draft.step {
        Step::ReachedOn => answers.reached_on = None,
        Step::Value if tap == Tap::Skip => {
            draft.odd = None;
            answers.value = None;
        }
        Step::Wanted => answers.wanted = None,
        Step::Done => answers.done = None,
        Step::Issues => answers.issues = None,
        Step::Next => {
            answers.next = None;
            answers.next_date = None;
        }
        Step::Support => {
            answers.support_unit = None;
            answers.support = None;
        }
        Step::SupportWhat => {
            answers.support_unit = None;
            answers.support = None;
        }
        Step::Evidence => {}
        Step::Reached
        | Step::Value
        | Step::Stage
        | Step::Reason
        | Step::Judgement
        | Step::Preview
        | Step::Lines => return Outcome::Stale,
    }
    Outcome::Advance
}

/// 同上次 at one question.
fn keep(draft: &mut Draft, facts: &Facts<'_>) -> Outcome {
    let Some((_, last)) = flow::last_answers(draft, facts.view) else {
        return Outcome::Stale;
    };
    if take_over(draft, &last, draft.step) {
        draft.odd = None;
        Outcome::Advance
    } else {
        Outcome::Stale
    }
}

/// Copies the last answer of one question; false when there is none.
fn take_over(draft: &mut Draft, last: &super::draft::Answers, step: Step) -> bool {
    let answers = &mut draft.answers;
    match step {
        Step::Reached => answers.reached = last.reached,
        Step::ReachedOn => answers.reached_on = last.reached_on,
        Step::Value => answers.value = last.value,
        Step::Stage => answers.stage = last.stage,
        Step::Reason => answers.reason.clone_from(&last.reason),
        Step::Wanted => answers.wanted = last.wanted,
        Step::Judgement => answers.judgement = last.judgement,
        Step::Done => answers.done.clone_from(&last.done),
        Step::Issues => answers.issues.clone_from(&last.issues),
        Step::Next => {
            answers.next.clone_from(&last.next);
            answers.next_date = last.next_date;
        }
        Step::Support => {
            answers.support_unit.clone_from(&last.support_unit);
            answers.support.clone_from(&last.support);
        }
        Step::SupportWhat | Step::Evidence | Step::Preview | Step::Lines => return false,
    }
    has_answer(last, step)
}

/// Whether 其余不变 can be offered: the questions from here on that need an answer have a last one (or an answer already).
pub fn can_keep_rest(draft: &Draft, last: Option<&super::draft::Answers>, home: Home) -> bool {
    let apart = draft.purpose == Purpose::Hint || draft.step == Step::SupportWhat;
    if draft.return_to.is_some() || draft.odd.is_some() || apart {
        return false;
    }
    let steps = flow::steps(draft, home);
    let Some(at) = steps.iter().position(|step| *step == draft.step) else {
        return false;
    };
    let rest = &steps[at..];
    let known = |step: Step| {
        let kept = last.is_some_and(|last| has_answer(last, step));
        kept || (step != draft.step && has_answer(&draft.answers, step))
    };
    let needed = [
        Step::Reached,
        Step::Value,
        Step::Stage,
        Step::Reason,
        Step::Judgement,
    ];
    let mut needed = needed.into_iter().filter(|step| rest.contains(step));
    let worth_it = rest.len() > 2;
    worth_it && needed.all(known)
}

fn keep_rest(draft: &mut Draft, facts: &Facts<'_>) -> Outcome {
    let last = flow::last_answers(draft, facts.view).map(|(_, last)| last);
    if !can_keep_rest(draft, last.as_ref(), facts.home) {
        return Outcome::Stale;
    }
    let steps = flow::steps(draft, facts.home);
    let at = steps.iter().position(|step| *step == draft.step);
    for step in &steps[at.unwrap_or(0)..] {
        let answered_anew = *step != draft.step && has_answer(&draft.answers, *step);
        if let Some(last) = &last
            && has_answer(last, *step)
            && !answered_anew
        {
            take_over(draft, last, *step);
        }
    }
    Outcome::To(Step::Preview)
}

fn to_line(draft: &mut Draft, line: Line) -> Outcome {
    let baseline = matches!(draft.flow, Flow::BaselineNumber | Flow::BaselineMilestone);
    let step = match (line, draft.flow) {
        (Line::Value, _) if baseline && draft.purpose != Purpose::Hint => Step::Reached,
        (Line::Value, Flow::Number | Flow::BaselineNumber) => Step::Value,
        (Line::Value, Flow::Milestone | Flow::BaselineMilestone) => Step::Stage,
        (Line::Value, Flow::Narrative) => return Outcome::Stale,
        (Line::Judgement, _) => Step::Judgement,
        (Line::Done, _) => Step::Done,
        (Line::Issues, _) => Step::Issues,
        (Line::Next, _) => Step::Next,
        (Line::Support, _) => Step::Support,
        (Line::Evidence, _) => Step::Evidence,
        (Line::Reason | Line::Wanted, _) if draft.answers.reached != Some(false) => {
            return Outcome::Stale;
        }
        (Line::Reason, _) => Step::Reason,
        (Line::Wanted, _) => Step::Wanted,
        (Line::Words, _) => return Outcome::To(Step::Lines),
    };
    draft.return_to = (step != Step::Reached).then_some(Step::Preview);
    Outcome::To(step)
}

/// A photo, file or anything else at the open question. `album` ties the files of one album together.
pub(super) fn media(draft: &mut Draft, media: &Media, album: Option<&str>) -> Outcome {
    let same_album = album.is_some() && draft.answers.album.as_deref() == album;
    let Media::File {
        file_id,
        file_unique_id,
        name,
        mime,
        size,
    } = media
    else {
        return Outcome::Again(Note::WrongMedia(media.clone()));
    };
    if draft.step != Step::Evidence && !same_album {
        return Outcome::Again(Note::WrongMedia(media.clone()));
    }
    let known = |file: &File| file.file_unique_id == *file_unique_id;
    let twice = draft.answers.evidence.iter().any(known);
    if !twice && draft.answers.evidence.len() >= MOST_FILES {
        let told = std::mem::replace(&mut draft.answers.turned_away, same_album);
        return match same_album && told {
            true => Outcome::Quiet,
            false => Outcome::Again(Note::TooManyFiles),
        };
    }
    if !twice {
        draft.answers.evidence.push(File {
            file_id: file_id.clone(),
            file_unique_id: file_unique_id.clone(),
            name: name.clone(),
            mime: mime.clone(),
            size: *size,
        });
    }
    draft.answers.album = album.map(str::to_owned);
    match (same_album, album) {
        (true, _) => Outcome::Quiet,
        (false, Some(_)) => Outcome::Again(Note::AlbumTaken),
        (false, None) => Outcome::Again(Note::FileTaken),
    }
}

/// An edit of an earlier message: the answer it gave changes, the open question stays.
pub(super) fn edited(draft: &mut Draft, facts: &Facts<'_>, step: Step, text: &str) -> Outcome {
    let before = draft.clone();
    draft.odd = None;
    draft.step = step;
    let outcome = words(draft, facts, text);
    let questioned = draft.odd.is_some();
    if outcome == Outcome::Advance {
        draft.step = before.step;
        draft.return_to = before.return_to;
        draft.odd = before.odd.filter(|_| step != Step::Value);
        return Outcome::Again(Note::Changed(step));
    }
    if questioned {
        // The new number is odd: it is questioned now, and the talk comes back to where it was.
        draft.return_to = before.return_to.or(Some(before.step));
        return Outcome::Again(Note::None);
    }
    *draft = before;
    Outcome::Again(Note::ChangeRefused(step))
}
