//! Scripts: times, people and taps as text. The transcript tests, `duban rehearse` and its `--script` read the same form.
//!
//! ```text
//! -- a remark
//! @ 2026-11-23 09:00        the clock moves on to then (Asia/Shanghai), everything on the way happens
//! 李俊卿> 18                 writes to the bot in private
//! 李俊卿# /status            writes into the group
//! 李俊卿> [提交]             taps the newest button that begins so, in private; with `#` in the group
//! 李俊卿> ^ 18              replies to the bot's newest message there
//! 李俊卿> ~ 19              edits the own newest message there
//! 李俊卿> + photo            sends a photo, `file NAME`, `album N`, `sticker`, `voice` or `location`
//! ! restart                 something happens to the bot or the chats; see [`Incident`]
//! ```
//!
//! Indented lines are what the bot answered; a reader passes over them.

use chrono::{DateTime, FixedOffset, NaiveDateTime, TimeZone, Utc};

/// Asia/Shanghai.
const SHANGHAI: FixedOffset = FixedOffset::east_opt(8 * 3600).expect("8 hours is a valid offset");

/// One line of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// The clock moves on.
    Clock(DateTime<Utc>),
    /// Somebody does something.
    Act {
        /// Name as in the plan, or of an account made by [`Incident::Stranger`].
        who: String,
        /// In the group rather than in private.
        in_group: bool,
        /// What.
        act: Act,
    },
    /// Something happens.
    Incident(Incident),
}

/// What a person does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Writes.
    Say(String),
    /// Replies to the bot's newest message.
    Reply(String),
    /// Edits the own newest message.
    Edit(String),
    /// Taps the newest button whose label begins so.
    Tap(String),
    /// Sends something else than text: kind and argument.
    Send(String, String),
}

/// What happens besides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Incident {
    /// The bot is stopped and started anew over the same store.
    Restart,
    /// The bot is stopped.
    Stop,
    /// The bot is started again.
    Start,
    /// An account nobody knows: its name.
    Stranger(String),
    /// The person blocks the bot.
    Block(String),
    /// The person unblocks it.
    Unblock(String),
    /// The person joins the group.
    Join(String),
    /// The person leaves it.
    Leave(String),
    /// The person adds the bot to the group.
    AddBot(String),
    /// The person adds the bot to another group of this title.
    AddBotTo(String, String),
    /// The person makes the bot an administrator.
    PromoteBot(String),
    /// The person takes the bot's right to write in the group.
    MuteBot(String),
    /// The person gives it back.
    UnmuteBot(String),
    /// Group acts are in the group of this title from now on.
    Group(String),
    /// Other words in the first plan's file, from the bot's next start on.
    Plan {
        /// What stands there.
        old: String,
        /// What stands there then.
        new: String,
    },
    /// The entry with this id is gone from the first plan's file, from the bot's next start on.
    PlanWithout(String),
    /// Holidays in the tables of their years, from the bot's next start on: each its name, first and last day off, then the
    /// make-up days (调休), as in `元旦 2027-01-01 2027-01-03 2027-01-04`.
    Holidays(Vec<String>),
    /// The person removes the bot.
    KickBot(String),
    /// The group becomes a supergroup by this person's hand.
    Migrate(String),
    /// Privacy mode on or off.
    Privacy(bool),
    /// The person opens a topic of this name; group acts are in it from now on.
    Topic(String, String),
    /// The topic is closed by this person.
    CloseTopic(String),
    /// The topic is deleted by this person.
    DeleteTopic(String),
    /// The newest message of the bot in the group that holds these words is deleted.
    DeleteMessage(String),
    /// An administrator writes as the group.
    Anonymous(String, String),
    /// A person writes as a channel.
    AsChannel(String, String),
    /// A person presses a button with this data on the bot's newest message in the private chat.
    Forge(String, String),
    /// A fault on the next calls of a method: method, count, kind.
    Fault(String, usize, String),
    /// A raw update.
    Inject(String),
}

/// A line that does not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {number}: {why}: {text}")]
pub struct NotALine {
    /// From 1.
    pub number: usize,
    /// What was expected.
    pub why: &'static str,
    /// The line.
    pub text: String,
}

/// The lines of a script with their text as written, answers and remarks left out.
///
/// # Errors
/// The first line that does not read.
pub fn parse(source: &str) -> Result<Vec<(String, Line)>, NotALine> {
    let numbered = source.lines().enumerate();
    let input = numbered.filter(|(_, line)| {
        !line.trim().is_empty() && !line.starts_with([' ', '\t']) && !line.starts_with("--")
    });
    input
        .map(|(index, text)| {
            let wrong = |why| NotALine {
                number: index + 1,
                why,
                text: text.to_owned(),
            };
            read_line(text.trim_end())
                .map(|line| (text.trim_end().to_owned(), line))
                .map_err(wrong)
        })
        .collect()
}

fn read_line(text: &str) -> Result<Line, &'static str> {
    if let Some(time) = text.strip_prefix('@') {
        return clock(time.trim()).map(Line::Clock);
    }
    if let Some(incident) = text.strip_prefix('!') {
        return read_incident(incident.trim()).map(Line::Incident);
    }
    let at = text
        .find(['>', '#'])
        .ok_or("expected `NAME> …`, `NAME# …`, `@ TIME`, `! …` or `-- …`")?;
    let (who, what) = text.split_at(at);
    let in_group = what.starts_with('#');
    let act = read_act(what[1..].trim())?;
    Ok(Line::Act {
        who: who.trim().to_owned(),
        in_group,
        act,
    })
}

fn clock(time: &str) -> Result<DateTime<Utc>, &'static str> {
    let forms = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"];
    let local = forms
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(time, form).ok());
    let local = local.ok_or("expected a time such as 2026-11-23 09:00")?;
    let at = SHANGHAI
        .from_local_datetime(&local)
        .single()
        .ok_or("no such time")?;
    Ok(at.with_timezone(&Utc))
}

fn read_act(what: &str) -> Result<Act, &'static str> {
    if let Some(label) = what.strip_prefix('[') {
        return label
            .strip_suffix(']')
            .map(|label| Act::Tap(label.to_owned()))
            .ok_or("expected `[button]`");
    }
    let rest = |mark: char| what.strip_prefix(mark).map(|rest| rest.trim().to_owned());
    if let Some(text) = rest('^') {
        return Ok(Act::Reply(text));
    }
    if let Some(text) = rest('~') {
        return Ok(Act::Edit(text));
    }
    if let Some(kind) = what.strip_prefix("+ ") {
        let (kind, argument) = kind.split_once(' ').unwrap_or((kind, ""));
        return Ok(Act::Send(kind.to_owned(), argument.to_owned()));
    }
    // `\n` in a script is a line break in the message.
    Ok(Act::Say(what.replace("\\n", "\n")))
}

fn read_incident(text: &str) -> Result<Incident, &'static str> {
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    let rest = rest.trim();
    let (first, second) = rest.split_once(' ').unwrap_or((rest, ""));
    let (name, words) = (first.to_owned(), second.trim().to_owned());
    Ok(match word {
        "restart" => Incident::Restart,
        "stop" => Incident::Stop,
        "start" => Incident::Start,
        "stranger" => Incident::Stranger(name),
        "block" => Incident::Block(name),
        "unblock" => Incident::Unblock(name),
        "join" => Incident::Join(name),
        "leave" => Incident::Leave(name),
        "add-bot" if words.is_empty() => Incident::AddBot(name),
        "add-bot" => Incident::AddBotTo(name, words),
        "promote-bot" => Incident::PromoteBot(name),
        "mute-bot" => Incident::MuteBot(name),
        "unmute-bot" => Incident::UnmuteBot(name),
        "group" => Incident::Group(rest.to_owned()),
        "plan-without" => Incident::PlanWithout(name),
        "holidays" => {
            let each = rest.split(';').map(|one| one.trim().to_owned());
            Incident::Holidays(each.collect())
        }
        "plan" => {
            let (old, new) = rest
                .split_once(" => ")
                .ok_or("expected `! plan OLD => NEW`")?;
            Incident::Plan {
                old: old.to_owned(),
                new: new.to_owned(),
            }
        }
        "kick-bot" => Incident::KickBot(name),
        "migrate" => Incident::Migrate(name),
        "privacy" => Incident::Privacy(first == "on"),
        "topic" => Incident::Topic(name, words),
        "close-topic" => Incident::CloseTopic(name),
        "delete-topic" => Incident::DeleteTopic(name),
        "delete-message" => Incident::DeleteMessage(rest.to_owned()),
        "anonymous" => Incident::Anonymous(name, words),
        "as-channel" => Incident::AsChannel(name, words),
        "forge" => Incident::Forge(name, words),
        "inject" => Incident::Inject(rest.to_owned()),
        "fault" => {
            let (count, kind) = second
                .split_once(' ')
                .ok_or("expected `! fault METHOD COUNT KIND`")?;
            Incident::Fault(
                name,
                count.parse().map_err(|_| "expected a count")?,
                kind.to_owned(),
            )
        }
        _ => {
            return Err(
                "expected restart, stop, start, stranger, block, unblock, join, leave, add-bot, promote-bot, mute-bot, unmute-bot, kick-bot, group, plan, plan-without, holidays, migrate, privacy, topic, close-topic, delete-topic, delete-message, anonymous, as-channel, forge, fault or inject",
            );
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_line_reads() {
        let source = "-- remark\n@ 2026-11-23 09:00\n李俊卿> 18\n    answer\n李俊卿# [提交]\n李俊卿> ^ a\n李俊卿> ~ b\n李俊卿> + file x.pdf\n! restart\n";
        let lines: Vec<Line> = parse(source)
            .unwrap()
            .into_iter()
            .map(|(_, line)| line)
            .collect();
        let act = |in_group, act| Line::Act {
            who: "李俊卿".into(),
            in_group,
            act,
        };
        assert_eq!(
            lines,
            [
                Line::Clock("2026-11-23T01:00:00Z".parse().unwrap()),
                act(false, Act::Say("18".into())),
                act(true, Act::Tap("提交".into())),
                act(false, Act::Reply("a".into())),
                act(false, Act::Edit("b".into())),
                act(false, Act::Send("file".into(), "x.pdf".into())),
                Line::Incident(Incident::Restart),
            ]
        );
    }

    #[test]
    fn a_changed_plan_file_reads_with_both_wordings() {
        let (_, line) = parse("! plan title = \"a b\" => title = \"c\"")
            .unwrap()
            .remove(0);
        let expected = Incident::Plan {
            old: "title = \"a b\"".into(),
            new: "title = \"c\"".into(),
        };
        assert_eq!(line, Line::Incident(expected));
        assert!(parse("! plan a").is_err());
    }

    #[test]
    fn a_line_that_does_not_read_is_named() {
        let error = parse("@ 2026-11-23 09:00\nnobody speaks").unwrap_err();
        assert_eq!(error.number, 2);
        assert!(
            parse("! explode")
                .unwrap_err()
                .to_string()
                .contains("expected restart")
        );
    }
}
