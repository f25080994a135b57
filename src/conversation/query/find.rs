//! What people mean by 6, 6-1, 第六项, 住建局 or 李俊卿.

use super::Question;
use crate::conversation::number;
use crate::conversation::vocabulary::{DASHES, QUESTION_LEADS, QUESTION_TAILS, half_width};
use crate::ledger::Frame;
use crate::plan::{MeasureId, Plan, TaskId};

/// Longest part of a typed text that is repeated to its writer, in characters.
const MOST_REPEATED: usize = 20;

/// Shortest part of a name that finds it, in characters.
const LEAST_PART: usize = 2;

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// One thing.
    One(Question),
    /// Several.
    Many(Vec<Question>),
    /// Nothing.
    Nothing,
}

impl Found {
    fn of(mut all: Vec<Question>) -> Self {
        match all.len() {
            0 => Self::Nothing,
            1 => Self::One(all.remove(0)),
            _ => Self::Many(all),
        }
    }
}

/// A measure, an item, a unit or a person of the plan; by part of a name where the whole finds nothing.
pub fn find(frame: &Frame, typed: &str) -> Found {
    let text = bare(typed);
    match exactly(&frame.plan, &text) {
        Some(question) => Found::One(question),
        None => Found::of(by_part(&frame.plan, &text)),
    }
}

/// An item: a measure with several asks which.
pub fn find_task(frame: &Frame, typed: &str) -> Found {
    let tasks = tasks_named(frame, typed).into_iter();
    Found::of(tasks.map(Question::History).collect())
}

/// The items a typed name means, in plan order.
pub fn tasks_named(frame: &Frame, typed: &str) -> Vec<TaskId> {
    let text = bare(typed);
    let plan = &frame.plan;
    let found = match numbered(plan, &text) {
        Some(question) => vec![question],
        None => by_part(plan, &text),
    };
    let mut tasks: Vec<TaskId> = Vec::new();
    for question in found {
        match question {
            Question::Task(id) => tasks.push(id),
            Question::Measure(id) => tasks.extend(tasks_of(plan, &id)),
            Question::Overview
            | Question::WithLight(_)
            | Question::Measures
            | Question::Units
            | Question::Unit(_)
            | Question::Person(_)
            | Question::Overdue
            | Question::Missing
            | Question::History(_)
            | Question::TakesPart(_) => {}
        }
    }
    tasks.dedup();
    tasks
}

/// What plain words ask for: `第6项`, `6-1`, or the whole name of a unit or a person. A bare number is no question: it is more
/// likely an answer that came too late.
pub fn in_words(frame: &Frame, typed: &str) -> Option<Question> {
    let text = bare(typed);
    let as_typed: String = typed
        .chars()
        .map(half_width)
        .filter(|c| !c.is_whitespace())
        .collect();
    let bare_number =
        as_typed == text && number::small(&text).is_some_and(|(_, rest)| rest.is_empty());
    if bare_number {
        return None;
    }
    exactly(&frame.plan, &text)
}

/// A text cut to what is repeated to its writer.
pub fn cut(text: &str) -> String {
    let mut cut: String = text.chars().take(MOST_REPEATED).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}

/// Without spaces, in half width, with one kind of dash, and without 第…项 and the words of a question around it.
fn bare(typed: &str) -> String {
    let dashed = |c: char| if DASHES.contains(&c) { '-' } else { c };
    let folded: String = typed
        .chars()
        .map(half_width)
        .map(dashed)
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect();
    let mut text = folded.as_str();
    while let Some(rest) = QUESTION_LEADS
        .iter()
        .find_map(|lead| text.strip_prefix(lead))
    {
        text = rest;
    }
    while let Some(rest) = QUESTION_TAILS
        .iter()
        .find_map(|tail| text.strip_suffix(tail))
    {
        text = rest;
    }
    if text.is_empty() {
        folded
    } else {
        text.to_owned()
    }
}

fn exactly(plan: &Plan, text: &str) -> Option<Question> {
    let unit = || {
        plan.find_unit(text)
            .map(|unit| Question::Unit(unit.id.clone()))
    };
    let person = || {
        plan.find_member(text)
            .map(|member| Question::Person(member.id.clone()))
    };
    numbered(plan, text).or_else(unit).or_else(person)
}

/// A measure by its number, in digits or words, or an item by its label or id.
fn numbered(plan: &Plan, text: &str) -> Option<Question> {
    if let Some((number, "")) = number::small(text) {
        let measure = plan
            .measures
            .iter()
            .find(|measure| u32::from(measure.number) == number)?;
        return Some(Question::Measure(measure.id.clone()));
    }
    let labelled = plan.tasks.iter().find(|task| {
        task.label == text && task.measure.as_ref().map(MeasureId::as_str) != Some(text)
    });
    if let Some(task) = labelled {
        return Some(Question::Task(task.id.clone()));
    }
    if let Some(task) = plan.task(&TaskId::new(text)) {
        return Some(Question::Task(task.id.clone()));
    }
    spelled(plan, text)
}

/// 六-1, 总3: a label with its first part in words, or without the dash.
fn spelled(plan: &Plan, text: &str) -> Option<Question> {
    let label = |text: &str| {
        let task = plan.tasks.iter().find(|task| task.label == text)?;
        Some(Question::Task(task.id.clone()))
    };
    if let Some((measure, rest)) = number::small(text)
        && let Some(rest) = rest.strip_prefix('-')
        && let Some((target, "")) = number::small(rest)
    {
        return label(&format!("{measure}-{target}"));
    }
    let digit = text.find(|c: char| c.is_ascii_digit())?;
    let (word, digits) = text.split_at(digit);
    let plain = !word.is_empty() && !word.ends_with('-');
    plain.then(|| label(&format!("{word}-{digits}")))?
}

/// Everything with this in its name: units, people, items, measures; in that order.
fn by_part(plan: &Plan, text: &str) -> Vec<Question> {
    if text.chars().count() < LEAST_PART
        || number::small(text).is_some_and(|(_, rest)| rest.is_empty())
    {
        return same_name(plan, text);
    }
    let has = |name: &str| folded(name).contains(text);
    let units = plan.units.iter().filter(|unit| {
        has(&unit.name) || has(&unit.short_name) || unit.aliases.iter().any(|alias| has(alias))
    });
    let people = plan.members.iter().filter(|member| has(&member.name));
    let tasks = plan
        .indicators
        .iter()
        .filter(|indicator| has(&indicator.name));
    let measures = plan.measures.iter().filter(|measure| has(&measure.title));
    units
        .map(|unit| Question::Unit(unit.id.clone()))
        .chain(people.map(|member| Question::Person(member.id.clone())))
        .chain(tasks.map(|indicator| Question::Task(indicator.id.clone())))
        .chain(measures.map(|measure| Question::Measure(measure.id.clone())))
        .collect()
}

/// People of exactly this name, however short it is.
fn same_name(plan: &Plan, text: &str) -> Vec<Question> {
    let people = plan
        .members
        .iter()
        .filter(|member| folded(&member.name) == text);
    people
        .map(|member| Question::Person(member.id.clone()))
        .collect()
}

fn folded(name: &str) -> String {
    let half = name.chars().map(half_width).filter(|c| !c.is_whitespace());
    half.flat_map(char::to_lowercase).collect()
}

/// Targets of a measure, or its narrative where it has none.
fn tasks_of<'a>(plan: &'a Plan, measure: &MeasureId) -> impl Iterator<Item = TaskId> + use<'a> {
    let tasks: Vec<&TaskId> = plan
        .tasks_of_measure(measure)
        .map(|task| &task.id)
        .collect();
    let targets = tasks
        .iter()
        .filter(|id| plan.indicator(id).is_some())
        .count();
    let shown = if targets == 0 { tasks.len() } else { targets };
    tasks.into_iter().take(shown).cloned()
}
