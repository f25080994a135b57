//! The one table of commands: names, who may use them, where. Help and menus are built from it, so they cannot go stale.

use super::vocabulary::{ADDRESSING, SERIAL_COMMA, SLASHES, WORDS, half_width};
use super::{BotAccount, ChatKind, Happening};
use crate::ledger::{Frame, Standing};
use crate::plan::{Access, PersonId, Right, may};

/// A command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Command {
    /// `/start`, with a code or `report_<task>`.
    Start,
    /// `/iam 姓名`.
    Iam,
    /// `/invite`.
    Invite,
    /// `/rebind 姓名`.
    Rebind,
    /// `/away [姓名]`.
    Away,
    /// `/back [姓名]`.
    Back,
    /// `/liaison`: a member names one.
    Liaison,
    /// `/replace 姓名`: somebody comes after.
    Replace,
    /// `/unit`: a unit changes.
    Unit,
    /// `/here`.
    Here,
    /// `/golive`.
    Golive,
    /// `/pause 原因 [至日期]`.
    Pause,
    /// `/resume`.
    Resume,
    /// `/terms`.
    Terms,
    /// `/finish`: the end of the work.
    Finish,
    /// `/redact 37`: the words of an entry are removed.
    Redact,
    /// `/plan`: the difference of an offered plan, vanished tasks.
    Plan,
    /// `/report`.
    Report,
    /// `/cancel`.
    Cancel,
    /// `/status`.
    Status,
    /// `/overdue`.
    Overdue,
    /// `/missing`.
    Missing,
    /// `/history 6`.
    History,
    /// `/ledger 6-1`: the trail of an item.
    Ledger,
    /// `/digest`.
    Digest,
    /// `/export [6]`: the ledger workbook.
    Export,
    /// `/board [16]`: where everything stands, as pictures.
    Board,
    /// `/chart 6`: the targets of a measure over time, as a picture.
    Chart,
    /// `/bulletin [16]`: the report as an official document.
    Bulletin,
    /// `/calendar`: one's deadlines for a phone's calendar.
    Calendar,
    /// `/pack [16]`: all documents of one moment.
    Pack,
    /// `/matters`: open coordination.
    Matters,
    /// `/slips`: supervision slips.
    Slips,
    /// `/assign`: an item is put to units and people.
    Assign,
    /// `/project`, `/project add`: the list of projects.
    Project,
    /// `/meeting`: a meeting is called, moved, called off; its decisions.
    Meeting,
    /// `/switch`: another task force of those the account belongs to.
    Switch,
    /// `/help`.
    Help,
    /// `/extend 6-1`: 延期申请.
    Extend,
    /// `/close 6-1`: 办结申请.
    Close,
    /// `/reopen 6-1`: a closed item is open again.
    Reopen,
    /// `/freeze 6-1`: 挂账, and its end.
    Freeze,
    /// `/todo`: what waits for the office.
    Todo,
    /// Anything else that begins with a slash and is meant for us.
    Unknown,
}

/// Where a command works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Where {
    /// In a private chat alone.
    Private,
    /// In a group alone.
    Group,
    /// In both.
    Both,
}

/// What the table says of one command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The command.
    pub command: Command,
    /// Its name without the slash, as the menus show it.
    pub name: &'static str,
    /// The right its user must have; none: it is how a stranger becomes somebody.
    pub right: Option<Right>,
    /// Where it works.
    pub place: Where,
}

/// Every command but [`Command::Unknown`], in the order of help and menus.
pub const ALL: [Command; 43] = [
    Command::Report,
    Command::Status,
    Command::Overdue,
    Command::Missing,
    Command::History,
    Command::Ledger,
    Command::Digest,
    Command::Board,
    Command::Chart,
    Command::Matters,
    Command::Slips,
    Command::Calendar,
    Command::Export,
    Command::Bulletin,
    Command::Pack,
    Command::Extend,
    Command::Close,
    Command::Cancel,
    Command::Todo,
    Command::Reopen,
    Command::Freeze,
    Command::Away,
    Command::Back,
    Command::Liaison,
    Command::Assign,
    Command::Project,
    Command::Meeting,
    Command::Golive,
    Command::Pause,
    Command::Resume,
    Command::Terms,
    Command::Plan,
    Command::Invite,
    Command::Rebind,
    Command::Replace,
    Command::Unit,
    Command::Here,
    Command::Redact,
    Command::Finish,
    Command::Switch,
    Command::Help,
    Command::Start,
    Command::Iam,
];

impl Command {
    /// Its line of the table; none for [`Command::Unknown`].
    pub fn entry(self) -> Option<Entry> {
        let (name, right, place) = match self {
            Self::Start => ("start", None, Where::Both),
            Self::Iam => ("iam", None, Where::Private),
            Self::Invite => ("invite", Some(Right::Invite), Where::Private),
            Self::Rebind => ("rebind", Some(Right::Rebind), Where::Private),
            Self::Away => ("away", Some(Right::SetAway), Where::Private),
            Self::Back => ("back", Some(Right::SetAway), Where::Private),
            Self::Liaison => ("liaison", Some(Right::NameLiaison), Where::Private),
            Self::Replace => ("replace", Some(Right::Replace), Where::Private),
            Self::Unit => ("unit", Some(Right::ChangeUnits), Where::Private),
            Self::Here => ("here", Some(Right::BindGroup), Where::Group),
            Self::Golive => ("golive", Some(Right::GoLive), Where::Both),
            Self::Pause => ("pause", Some(Right::Pause), Where::Both),
            Self::Resume => ("resume", Some(Right::Pause), Where::Both),
            Self::Terms => ("terms", Some(Right::SettleTerms), Where::Private),
            Self::Redact => ("redact", Some(Right::Redact), Where::Private),
            Self::Finish => ("finish", Some(Right::Finish), Where::Private),
            Self::Plan => ("plan", Some(Right::Adopt), Where::Private),
            Self::Report => ("report", Some(Right::Hint), Where::Both),
            Self::Cancel => ("cancel", Some(Right::SeeStatus), Where::Both),
            Self::Status => ("status", Some(Right::SeeStatus), Where::Both),
            Self::Overdue => ("overdue", Some(Right::SeeStatus), Where::Both),
            Self::Missing => ("missing", Some(Right::SeeStatus), Where::Both),
            Self::History => ("history", Some(Right::SeeStatus), Where::Both),
            Self::Ledger => ("ledger", Some(Right::SeeStatus), Where::Private),
            Self::Digest => ("digest", Some(Right::SeeStatus), Where::Both),
            Self::Board => ("board", Some(Right::SeeStatus), Where::Both),
            Self::Chart => ("chart", Some(Right::SeeStatus), Where::Private),
            Self::Export => ("export", Some(Right::Export), Where::Private),
            Self::Bulletin => ("bulletin", Some(Right::Export), Where::Private),
            Self::Calendar => ("calendar", Some(Right::SeeStatus), Where::Private),
            Self::Pack => ("pack", Some(Right::Export), Where::Private),
            Self::Matters => ("matters", Some(Right::SeeStatus), Where::Both),
            Self::Slips => ("slips", Some(Right::SeeStatus), Where::Private),
            Self::Assign => ("assign", Some(Right::Assign), Where::Both),
            Self::Project => ("project", Some(Right::Assign), Where::Private),
            Self::Meeting => ("meeting", Some(Right::Assign), Where::Private),
            Self::Switch => ("switch", Some(Right::SeeStatus), Where::Private),
            Self::Help => ("help", Some(Right::SeeStatus), Where::Both),
            Self::Extend => ("extend", Some(Right::Hint), Where::Private),
            Self::Close => ("close", Some(Right::Hint), Where::Private),
            Self::Reopen => ("reopen", Some(Right::Decide), Where::Private),
            Self::Freeze => ("freeze", Some(Right::Decide), Where::Private),
            Self::Todo => ("todo", Some(Right::Decide), Where::Private),
            Self::Unknown => return None,
        };
        Some(Entry {
            command: self,
            name,
            right,
            place,
        })
    }

    /// Its name without the slash; empty for [`Command::Unknown`].
    pub fn name(self) -> &'static str {
        self.entry().map_or("", |entry| entry.name)
    }

    /// The command of this name, in any case.
    pub fn named(name: &str) -> Option<Self> {
        let same = |command: &Self| {
            command
                .entry()
                .is_some_and(|entry| entry.name.eq_ignore_ascii_case(name))
        };
        ALL.into_iter().find(same)
    }

    /// Whether it works in a chat of this kind.
    pub fn works_in(self, kind: ChatKind) -> bool {
        let place = self.entry().map(|entry| entry.place);
        match kind {
            ChatKind::Private => place != Some(Where::Group),
            ChatKind::Group => place != Some(Where::Private),
            ChatKind::Channel => false,
        }
    }

    /// Whether an account that is bound to nobody may use it.
    pub fn open_to_strangers(self) -> bool {
        self.entry().is_some_and(|entry| entry.right.is_none())
    }

    /// Whether it works in a group and needs no office.
    fn common(self) -> bool {
        self.works_in(ChatKind::Group)
            && match self {
                Self::Report
                | Self::Cancel
                | Self::Status
                | Self::Overdue
                | Self::Missing
                | Self::History
                | Self::Digest
                | Self::Board
                | Self::Matters
                | Self::Help => true,
                Self::Start
                | Self::Iam
                | Self::Invite
                | Self::Rebind
                | Self::Away
                | Self::Back
                | Self::Liaison
                | Self::Replace
                | Self::Unit
                | Self::Here
                | Self::Golive
                | Self::Pause
                | Self::Resume
                | Self::Terms
                | Self::Plan
                | Self::Slips
                | Self::Chart
                | Self::Export
                | Self::Bulletin
                | Self::Calendar
                | Self::Pack
                | Self::Extend
                | Self::Close
                | Self::Reopen
                | Self::Freeze
                | Self::Todo
                | Self::Finish
                | Self::Redact
                | Self::Ledger
                | Self::Assign
                | Self::Project
                | Self::Meeting
                | Self::Switch
                | Self::Unknown => false,
            }
    }
}

/// The commands a person may use, in the order of help: for `/help` and command menus. None: an account bound to nobody.
/// A menu shows those that [work in](Command::works_in) its kind of chat. `several`: the account belongs to several task
/// forces, between which it can switch.
pub fn menu_for(
    frame: &Frame,
    standing: &Standing,
    person: Option<&PersonId>,
    several: bool,
) -> Vec<Command> {
    let Some(person) = person else {
        return strangers_menu();
    };
    let granted: Vec<PersonId> = standing.office_granted.iter().cloned().collect();
    let useful = |command: &Command| {
        command.entry().is_some_and(|entry| {
            let allowed = |right: &Right| may(&frame.plan, person, &granted, right);
            entry
                .right
                .is_some_and(|right| allowed(&right) == Access::Allowed)
        })
    };
    let fits = |command: &Command| several || *command != Command::Switch;
    ALL.into_iter().filter(useful).filter(fits).collect()
}

/// What an account that is bound to nobody may use: the menu of whoever has no other.
pub fn strangers_menu() -> Vec<Command> {
    let open = |command: &Command| command.open_to_strangers();
    ALL.into_iter().filter(open).collect()
}

/// The menu of the task force's group: what every bound person may use there. Office people get theirs on top.
pub fn group_menu() -> Vec<Command> {
    ALL.into_iter().filter(|command| command.common()).collect()
}

/// The command in a text message, with its argument (trimmed; line breaks and runs of spaces count as one space). None for
/// plain words and for `/x@OtherBot`, which [`meant_for_another`] tells apart.
///
/// What keyboards and habits make of a command is understood: any case, a full-width slash, 、 for the slash of a Chinese
/// keyboard before a known name, no space before a Chinese argument (`/iam张三`) or a number (`/status6`).
pub fn of(bot: &BotAccount, happening: &Happening) -> Option<(Command, String)> {
    let called = called(happening)?;
    if called
        .bot
        .is_some_and(|name| !name.eq_ignore_ascii_case(&bot.username))
    {
        return None;
    }
    match known(called.name) {
        Some((command, inner)) => Some((command, argument(&format!("{inner} {}", called.rest)))),
        None if called.slash == SERIAL_COMMA => None,
        None => Some((Command::Unknown, called.name.to_owned())),
    }
}

/// Whether a message is a command to another bot (`/x@OtherBot`): not ours, and no answer to anything either.
pub fn meant_for_another(bot: &BotAccount, happening: &Happening) -> bool {
    called(happening)
        .and_then(|called| called.bot)
        .is_some_and(|name| !name.eq_ignore_ascii_case(&bot.username))
}

/// The command that plain words in a private chat stand for, as in 填报 or 状态 6.
pub fn in_words(text: &str) -> Option<(Command, String)> {
    let text = argument(text);
    let (word, rest) = text.split_once(' ').unwrap_or((&text, ""));
    let (_, command) = WORDS.iter().find(|(known, _)| *known == word)?;
    Some((*command, rest.to_owned()))
}

/// A message that begins with a slash and a name.
struct Called<'a> {
    slash: char,
    name: &'a str,
    bot: Option<&'a str>,
    rest: &'a str,
}

fn called(happening: &Happening) -> Option<Called<'_>> {
    let Happening::Text { text, .. } = happening else {
        return None;
    };
    let text = text.trim_start();
    let slash = text.chars().next().filter(|c| SLASHES.contains(c))?;
    let body = &text[slash.len_utf8()..];
    let word = body.split(char::is_whitespace).next().unwrap_or(body);
    let (name, bot, rest) = match word.split_once(ADDRESSING) {
        Some((name, bot)) => (name, Some(bot), &body[word.len()..]),
        None => (word, None, &body[word.len()..]),
    };
    // A slash alone, a path or a fraction is no command.
    let starts_well = name.chars().next().is_some_and(char::is_alphabetic);
    (starts_well && !name.contains(SLASHES)).then_some(Called {
        slash,
        name,
        bot,
        rest,
    })
}

/// The known command a name begins with, and what is stuck to it as the start of the argument.
fn known(name: &str) -> Option<(Command, &str)> {
    let plain: String = name.chars().map(half_width).collect();
    if let Some(command) = Command::named(&plain) {
        return Some((command, ""));
    }
    let letters = name.find(|c: char| !c.is_ascii_alphabetic());
    if let Some(at) = letters.filter(|&at| at > 0) {
        return Some((Command::named(&name[..at])?, &name[at..]));
    }
    let (word, command) = WORDS.iter().find(|(word, _)| name.starts_with(word))?;
    Some((*command, &name[word.len()..]))
}

fn argument(rest: &str) -> String {
    rest.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
