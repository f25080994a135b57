//! `/redact 37`: what would be removed, the reason, and two taps. Nothing changes before the second.

use serde::{Deserialize, Serialize};

use super::TrailSay;
use super::vocabulary::ENTRY_NUMBER;
use crate::conversation::office::Waiting;
use crate::conversation::vocabulary::half_width;
use crate::conversation::{
    ChatKind, Effect, Event, Happening, Manner, Say, Turn, Whom, group, people, report,
};
use crate::ledger::{Actor, Redaction, Survey, Text};
use crate::plan::{Access, PersonId, Right};

/// Characters a reason may have.
pub const MOST_REASON: usize = 1_000;

/// How far a removal has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Removing {
    /// The reason is wanted.
    Reason {
        /// Seq of the entry.
        seq: u64,
    },
    /// It was read; the first tap is wanted.
    Check {
        /// Seq of the entry.
        seq: u64,
        /// Why.
        reason: String,
    },
    /// The second tap is wanted.
    Sure {
        /// Seq of the entry.
        seq: u64,
        /// Why.
        reason: String,
    },
}

/// Where the same words stand outside the ledger, and what becomes of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Places {
    /// Messages that show them: the mark takes their place.
    pub edited: usize,
    /// Messages and files that are deleted.
    pub deleted: usize,
    /// Messages on their way: sent again with the mark, the copy that left is deleted.
    pub under_way: usize,
    /// Messages still waiting: they leave with the mark.
    pub waiting: usize,
    /// Half-finished talks: put away.
    pub talks: usize,
    /// Digests as kept.
    pub digests: Vec<u32>,
    /// What can neither be edited nor deleted.
    pub left: Vec<Left>,
}

/// A message or file that stays: people must be asked to delete it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// In which chat.
    pub chat: i64,
    /// When it was sent; none: nobody knows whether it was.
    pub sent_at: Option<chrono::DateTime<chrono::Utc>>,
    /// A file.
    pub file: bool,
}

/// An entry whose words can be removed.
#[derive(Debug, Clone, PartialEq)]
pub struct Removable {
    /// What of the ledger.
    pub survey: Survey,
    /// Where else.
    pub places: Places,
}

/// What this dialogue says.
#[derive(Debug, Clone, PartialEq)]
pub enum RedactSay {
    /// It needs the number of an entry, and how to find one.
    Which,
    /// There is no such entry.
    NotFound(u64),
    /// Its words were removed before.
    Already(u64, Redaction),
    /// It holds no free text and no files.
    Nothing(u64),
    /// What would be removed; the reason is wanted.
    View(Box<Removable>),
    /// A reason is wanted, in words.
    ReasonExpected,
    /// Longer than [`MOST_REASON`].
    TooLong(usize),
    /// The reason says what is to be removed.
    Repeats,
    /// The reason was read; the first tap is wanted.
    Check {
        /// Seqs of the entries.
        seqs: Vec<u64>,
        /// Of which it was asked.
        seq: u64,
        /// Where else.
        places: Places,
        /// Why.
        reason: String,
    },
    /// The second tap is wanted.
    Sure(u64),
    /// It was left.
    Left,
    /// It is done.
    Done {
        /// Seqs of the entries.
        seqs: Vec<u64>,
        /// By whom.
        by: PersonId,
        /// Where else.
        places: Places,
    },
    /// The other members of the office, and whose words they were, hear of it.
    Told {
        /// Seq of the entry.
        seq: u64,
        /// By whom.
        by: PersonId,
        /// Why.
        reason: String,
    },
}

impl From<RedactSay> for Say {
    fn from(say: RedactSay) -> Self {
        Self::Trail(TrailSay::Redact(say))
    }
}

impl Removing {
    /// Seq of the entry.
    pub fn seq(&self) -> u64 {
        match self {
            Self::Reason { seq } | Self::Check { seq, .. } | Self::Sure { seq, .. } => *seq,
        }
    }
}

/// The number of an entry, as in 37, 第37号, #37.
pub fn entry_number(argument: &str) -> Option<u64> {
    let plain: String = argument.chars().map(half_width).collect();
    let digits = plain.trim_matches(|c: char| c.is_whitespace() || ENTRY_NUMBER.contains(&c));
    digits.parse().ok()
}

/// `/redact`, with the number.
pub fn redact(turn: &mut Turn<'_, '_>, argument: &str) {
    match entry_number(argument) {
        Some(seq) => ask(turn, None, seq),
        None => turn.reply(RedactSay::Which.into()),
    }
}

/// Shows what would be removed and waits for the reason.
fn ask(turn: &mut Turn<'_, '_>, event: Option<&Event>, seq: u64) {
    let say = match removable(turn, seq) {
        Ok(removable) => {
            wait(turn, Removing::Reason { seq });
            RedactSay::View(Box::new(removable.clone()))
        }
        Err(refusal) => {
            turn.state.waiting = None;
            *refusal
        }
    };
    match event {
        Some(event) => turn.show(event, say.into()),
        None => turn.tell_here(say.into()),
    }
}

fn wait(turn: &mut Turn<'_, '_>, removing: Removing) {
    turn.state.waiting = Some(Waiting::Redact { removing });
}

/// The entry as it is now, if it still holds anything.
fn removable<'a>(turn: &Turn<'a, '_>, seq: u64) -> Result<&'a Removable, Box<RedactSay>> {
    let found = turn.context.removable;
    let Some(removable) = found.filter(|found| found.survey.entry.seq == seq) else {
        return Err(Box::new(RedactSay::NotFound(seq)));
    };
    let before = turn.context.standing.redacted.get(&seq);
    let over = before.is_some() && removable.survey.has_files_alone();
    if !over && !removable.survey.is_empty() {
        return Ok(removable);
    }
    Err(Box::new(match before {
        Some(before) => RedactSay::Already(seq, before.clone()),
        None => RedactSay::Nothing(seq),
    }))
}

/// The reason, or something else.
pub(in crate::conversation) fn on_words(
    turn: &mut Turn<'_, '_>,
    event: &Event,
    removing: Removing,
) -> bool {
    if let Access::Refused(why) = turn.context.may(&Right::Redact) {
        turn.state.waiting = None;
        group::refuse(turn, event, why);
        return true;
    }
    let text = match &event.happening {
        Happening::Text { text, .. } => text.trim(),
        Happening::Media { .. } => {
            turn.tell_here(RedactSay::ReasonExpected.into());
            return true;
        }
        _ => return false,
    };
    if report::is_quit(text) {
        turn.state.waiting = None;
        turn.tell_here(RedactSay::Left.into());
        return true;
    }
    let length = text.chars().count();
    if length == 0 || length > MOST_REASON {
        let say = match length {
            0 => RedactSay::ReasonExpected,
            _ => RedactSay::TooLong(length),
        };
        turn.tell_here(say.into());
        return true;
    }
    check(turn, None, removing.seq(), text.to_owned());
    true
}

/// Shows the reason as read and waits for the first tap.
fn check(turn: &mut Turn<'_, '_>, event: Option<&Event>, seq: u64, reason: String) {
    let say = match removable(turn, seq) {
        Ok(removable) if removable.survey.words.stand_in(&reason) => {
            wait(turn, Removing::Reason { seq });
            RedactSay::Repeats
        }
        Ok(removable) => {
            let seqs = removable.survey.seqs();
            let places = removable.places.clone();
            let removing = Removing::Check {
                seq,
                reason: reason.clone(),
            };
            wait(turn, removing);
            RedactSay::Check {
                seqs,
                seq,
                places,
                reason,
            }
        }
        Err(refusal) => {
            turn.state.waiting = None;
            *refusal
        }
    };
    match event {
        Some(event) => turn.show(event, say.into()),
        None => turn.tell_here(say.into()),
    }
}

/// Asks again what the dialogue waits for.
pub(in crate::conversation) fn ask_again(turn: &mut Turn<'_, '_>, removing: Removing) {
    match removing {
        Removing::Reason { seq } => ask(turn, None, seq),
        Removing::Check { seq, reason } => check(turn, None, seq, reason),
        Removing::Sure { seq, .. } => turn.tell_here(RedactSay::Sure(seq).into()),
    }
}

/// A button of this dialogue.
pub(super) fn on_press(turn: &mut Turn<'_, '_>, event: &Event, press: Press) {
    let open = match turn.state.waiting.clone() {
        Some(Waiting::Redact { removing }) if removing.seq() == press.seq() => removing,
        Some(_) | None => return no_longer(turn, event, press.seq()),
    };
    match (press, open) {
        (Press::Leave(_), _) => {
            turn.state.waiting = None;
            turn.show(event, RedactSay::Left.into());
        }
        (Press::Back(seq), Removing::Check { .. }) => ask(turn, Some(event), seq),
        (Press::Back(seq), Removing::Sure { reason, .. }) => {
            check(turn, Some(event), seq, reason);
        }
        (Press::Go(seq), Removing::Check { reason, .. }) => match removable(turn, seq) {
            Ok(_) => {
                wait(turn, Removing::Sure { seq, reason });
                turn.show(event, RedactSay::Sure(seq).into());
            }
            Err(_) => no_longer(turn, event, seq),
        },
        (Press::Sure(seq), Removing::Sure { reason, .. }) => remove(turn, event, seq, reason),
        (Press::Back(_) | Press::Go(_) | Press::Sure(_), _) => group::on_unknown_press(turn),
    }
}

/// The dialogue this button belongs to is over: somebody removed the words meanwhile, or it was left.
fn no_longer(turn: &mut Turn<'_, '_>, event: &Event, seq: u64) {
    match turn.context.standing.redacted.get(&seq).cloned() {
        Some(before) => {
            turn.state.waiting = None;
            turn.show(event, RedactSay::Already(seq, before).into());
        }
        None => group::on_unknown_press(turn),
    }
}

/// The second tap.
fn remove(turn: &mut Turn<'_, '_>, event: &Event, seq: u64, reason: String) {
    let (Ok(removable), Some(own)) = (removable(turn, seq), turn.context.person.cloned()) else {
        return no_longer(turn, event, seq);
    };
    turn.state.waiting = None;
    let why = Text::new(reason.clone(), turn.salts.salt());
    turn.push(Effect::Append(removable.survey.act(why)));
    turn.push(Effect::Remove);
    let done = RedactSay::Done {
        seqs: removable.survey.seqs(),
        by: own.clone(),
        places: removable.places.clone(),
    };
    turn.show(event, done.into());
    turn.push(Effect::RefreshStatus);
    let told = RedactSay::Told {
        seq,
        by: own.clone(),
        reason,
    };
    let author = match &removable.survey.entry.by {
        Actor::Person(person) if *person != own => Some(person),
        Actor::Person(_) | Actor::Bot | Actor::Host | Actor::Stranger(_) => None,
    };
    let outside = author.filter(|author| {
        let bound = turn.context.standing.bindings.contains_key(*author);
        bound && !people::office(turn.context).contains(author)
    });
    if let Some(author) = outside {
        turn.push(Effect::Tell {
            to: Whom::Person(author.clone()),
            say: told.clone().into(),
            manner: Manner::unasked(),
        });
    }
    people::tell_office_but(turn, &own, told.into());
}

/// Buttons of this dialogue, each with the entry's seq.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Press {
    /// 删除: the first tap.
    Go(u64),
    /// The second.
    Sure(u64),
    /// 上一步.
    Back(u64),
    /// 退出.
    Leave(u64),
}

impl Press {
    fn seq(self) -> u64 {
        match self {
            Self::Go(seq) | Self::Sure(seq) | Self::Back(seq) | Self::Leave(seq) => seq,
        }
    }

    /// As button data behind the slice's letter.
    pub(super) fn encode(self) -> String {
        match self {
            Self::Go(seq) => format!("r:{seq}"),
            Self::Sure(seq) => format!("R:{seq}"),
            Self::Back(seq) => format!("b:{seq}"),
            Self::Leave(seq) => format!("q:{seq}"),
        }
    }

    /// From such data.
    pub(super) fn decode(letter: &str, rest: &str) -> Option<Self> {
        let seq = rest.parse().ok()?;
        Some(match letter {
            "r" => Self::Go(seq),
            "R" => Self::Sure(seq),
            "b" => Self::Back(seq),
            "q" => Self::Leave(seq),
            _ => return None,
        })
    }
}

/// The entry that an event may be about, so that it is looked up before the event is answered.
pub fn entry_meant(
    bot: &crate::conversation::BotAccount,
    state: &crate::conversation::Conversation,
    event: &Event,
) -> Option<u64> {
    use crate::conversation::command::{self, Command};
    if event.place.kind != ChatKind::Private {
        return None;
    }
    let called = command::of(bot, &event.happening).or_else(|| match &event.happening {
        Happening::Text { text, .. } => command::in_words(text),
        _ => None,
    });
    match (called, &state.waiting) {
        (Some((Command::Redact, argument)), _) => entry_number(&argument),
        (_, Some(Waiting::Redact { removing })) => Some(removing.seq()),
        (_, Some(_) | None) => None,
    }
}
