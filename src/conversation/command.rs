//! The one table of commands: names, who may use them, where they come from. Help and menus are built from it.

use super::{BotAccount, Happening};

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
    /// `/digest`.
    Digest,
    /// `/help`.
    Help,
    /// Anything else that begins with a slash and is meant for us.
    Unknown,
}

impl Command {
    /// Whether an account that is bound to nobody may use it.
    pub fn open_to_strangers(self) -> bool {
        match self {
            Self::Start | Self::Iam => true,
            Self::Invite
            | Self::Rebind
            | Self::Here
            | Self::Golive
            | Self::Pause
            | Self::Resume
            | Self::Terms
            | Self::Plan
            | Self::Report
            | Self::Cancel
            | Self::Status
            | Self::Overdue
            | Self::Missing
            | Self::History
            | Self::Digest
            | Self::Help
            | Self::Unknown => false,
        }
    }
}

/// The command in a text message, with its argument (trimmed; line breaks count as spaces). None for `/x@OtherBot`.
pub fn of(bot: &BotAccount, happening: &Happening) -> Option<(Command, String)> {
    let _ = (bot, happening);
    None
}
