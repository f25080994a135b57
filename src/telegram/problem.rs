//! What Telegram's answer to a send means, over its own words: teloxide knows several of them in an older wording.

use std::io;

use chrono::{DateTime, Duration, Utc};
use teloxide::{ApiError, RequestError};

use crate::service::Problem;
use crate::store::Settled;

/// Wait before a send of unknown outcome is made again.
const UNKNOWN_WAIT_SECONDS: i64 = 3;
/// Wait before a connection that never came about is tried again.
const REFUSED_WAIT_SECONDS: i64 = 2;

/// What a refusal or failure comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// As good as sent.
    Fine,
    /// Settled without more ado.
    Settle(Settled),
    /// Hold the chat for so long, then again.
    Flood(Duration),
    /// Something follows from it.
    Problem(Problem),
    /// Formatting was refused: the same without it.
    WithoutFormatting,
    /// The message replied to is gone: the same without the reply.
    WithoutReply,
    /// The token is not valid any more.
    Fatal,
}

/// Judges an error of a send.
pub fn judge(error: &RequestError, now: DateTime<Utc>) -> Verdict {
    match error {
        RequestError::RetryAfter(seconds) => {
            Verdict::Flood(Duration::seconds(i64::from(seconds.seconds())))
        }
        RequestError::MigrateToChatId(chat) => Verdict::Problem(Problem::Migrated(chat.0)),
        RequestError::Network(network) if network.is_connect() => refused(now),
        RequestError::Io(broken) if broken.kind() == io::ErrorKind::ConnectionRefused => {
            refused(now)
        }
        // `ok: true` whose result does not read counts as sent; anything else unreadable is an unknown outcome.
        RequestError::InvalidJson { raw, .. } if raw.starts_with("{\"ok\":true") => Verdict::Fine,
        RequestError::Network(_) | RequestError::InvalidJson { .. } | RequestError::Io(_) => {
            unknown(now, "no answer")
        }
        RequestError::Api(error) => judge_words(&words_of(error), now),
    }
}

/// What keeps a file from being fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileVerdict {
    /// Telegram hands out no file of that size.
    TooLarge,
    /// Telegram says no to this file; it may say yes later.
    Refused,
    /// It did not come through.
    Failed,
    /// No file can be fetched, for so long if that is known.
    Outage(Option<Duration>),
}

/// Judges an error of `getFile`.
pub fn judge_file(error: &RequestError) -> FileVerdict {
    match error {
        RequestError::RetryAfter(seconds) => {
            FileVerdict::Outage(Some(Duration::seconds(i64::from(seconds.seconds()))))
        }
        RequestError::Network(network) if network.is_connect() => FileVerdict::Outage(None),
        RequestError::Network(_)
        | RequestError::InvalidJson { .. }
        | RequestError::Io(_)
        | RequestError::MigrateToChatId(_) => FileVerdict::Failed,
        RequestError::Api(error) => {
            let words = words_of(error);
            if words.contains("too big") {
                return FileVerdict::TooLarge;
            }
            match meaning_of(&words) {
                Meaning::Flood | Meaning::Fatal => FileVerdict::Outage(None),
                Meaning::Unknown => FileVerdict::Failed,
                _ => FileVerdict::Refused,
            }
        }
    }
}

/// Judges an error of a download by its HTTP status.
pub fn judge_download(error: &reqwest::Error) -> FileVerdict {
    match error.status().map(|status| status.as_u16()) {
        None if error.is_connect() => FileVerdict::Outage(None),
        // 401 and 403 refuse the token, not the file.
        Some(401 | 403 | 429) => FileVerdict::Outage(None),
        Some(400..500) => FileVerdict::Refused,
        None | Some(_) => FileVerdict::Failed,
    }
}

fn words_of(error: &ApiError) -> String {
    match error {
        ApiError::Unknown(text) => text.to_lowercase(),
        known => known.to_string().to_lowercase(),
    }
}

fn refused(now: DateTime<Utc>) -> Verdict {
    Verdict::Settle(Settled::Again {
        not_before: now + Duration::seconds(REFUSED_WAIT_SECONDS),
        error: "no connection".into(),
    })
}

fn unknown(now: DateTime<Utc>, error: &str) -> Verdict {
    let not_before = now + Duration::seconds(UNKNOWN_WAIT_SECONDS);
    Verdict::Settle(Settled::Unknown {
        not_before,
        error: error.into(),
    })
}

/// Telegram's words, in lower case, and what they come to; the first that fits counts.
const WORDS: [(&[&str], Meaning); 12] = [
    (
        &[
            "message is not modified",
            "query is too old",
            "message to delete not found",
            "message to pin not found",
            "message to react not found",
        ],
        Meaning::Fine,
    ),
    (&["too many requests"], Meaning::Flood),
    (
        &[
            "bot was kicked",
            "bot is not a member",
            "group chat was deleted",
            "group is deactivated",
        ],
        Meaning::GroupGone,
    ),
    (
        &[
            "blocked by the user",
            "user is deactivated",
            "initiate conversation",
            "can't send messages to the bot",
            "chat not found",
        ],
        Meaning::PersonGone,
    ),
    (
        &[
            "not enough rights",
            "no write access",
            "chat_write_forbidden",
            "need administrator rights",
        ],
        Meaning::NoRights,
    ),
    (
        &["message thread not found", "topic_closed", "topic_deleted"],
        Meaning::TopicGone,
    ),
    (&["message can't be deleted"], Meaning::NotDeleted),
    (
        &[
            "message to edit not found",
            "message can't be edited",
            "message_id_invalid",
        ],
        Meaning::EditGone,
    ),
    (
        &[
            "message to be replied not found",
            "message to reply not found",
            "reply message not found",
        ],
        Meaning::WithoutReply,
    ),
    (
        &["can't parse entities", "can't parse message text"],
        Meaning::WithoutFormatting,
    ),
    (
        &["unauthorized", "invalid bot token", "invalid token"],
        Meaning::Fatal,
    ),
    (
        &[
            "internal server error",
            "bad gateway",
            "gateway time",
            "restart",
        ],
        Meaning::Unknown,
    ),
];

#[derive(Clone, Copy)]
enum Meaning {
    Fine,
    Flood,
    GroupGone,
    PersonGone,
    NoRights,
    TopicGone,
    EditGone,
    NotDeleted,
    WithoutReply,
    WithoutFormatting,
    Fatal,
    Unknown,
    Refused,
}

fn meaning_of(words: &str) -> Meaning {
    let fits = |(any, _): &&(&[&str], Meaning)| any.iter().any(|phrase| words.contains(phrase));
    let found = WORDS.iter().find(fits);
    found.map_or(Meaning::Refused, |(_, meaning)| *meaning)
}

/// Judges Telegram's description, in lower case.
fn judge_words(words: &str, now: DateTime<Utc>) -> Verdict {
    match meaning_of(words) {
        Meaning::Fine => Verdict::Fine,
        Meaning::Flood => Verdict::Flood(Duration::seconds(REFUSED_WAIT_SECONDS)),
        Meaning::GroupGone => Verdict::Problem(Problem::GroupGone),
        Meaning::PersonGone => Verdict::Problem(Problem::PersonGone),
        Meaning::NoRights => Verdict::Problem(Problem::NoRights),
        Meaning::TopicGone => Verdict::Problem(Problem::TopicGone),
        Meaning::EditGone => Verdict::Problem(Problem::EditGone),
        Meaning::NotDeleted => Verdict::Problem(Problem::NotDeleted),
        Meaning::WithoutReply => Verdict::WithoutReply,
        Meaning::WithoutFormatting => Verdict::WithoutFormatting,
        Meaning::Fatal => Verdict::Fatal,
        Meaning::Unknown => unknown(now, "server error"),
        Meaning::Refused => Verdict::Problem(Problem::Refused(words.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn of(words: &str) -> Verdict {
        judge(
            &RequestError::Api(ApiError::Unknown(words.into())),
            DateTime::UNIX_EPOCH,
        )
    }

    #[test]
    fn telegrams_own_words_are_judged_in_both_forms() {
        for words in [
            "Forbidden: bot was blocked by the user",
            "Forbidden: bot can't initiate conversation with a user",
        ] {
            assert_eq!(of(words), Verdict::Problem(Problem::PersonGone), "{words}");
        }
        let known = RequestError::Api(ApiError::BotBlocked);
        assert_eq!(
            judge(&known, DateTime::UNIX_EPOCH),
            Verdict::Problem(Problem::PersonGone)
        );
        assert_eq!(
            of("Forbidden: bot was kicked from the group chat"),
            Verdict::Problem(Problem::GroupGone)
        );
        assert_eq!(
            of("Bad Request: TOPIC_CLOSED"),
            Verdict::Problem(Problem::TopicGone)
        );
        assert_eq!(
            of("Bad Request: message thread not found"),
            Verdict::Problem(Problem::TopicGone)
        );
        assert_eq!(
            of(
                "Bad Request: message is not modified: specified new message content and reply markup are exactly the same"
            ),
            Verdict::Fine
        );
        assert_eq!(
            of("Bad Request: have no write access to the chat"),
            Verdict::Problem(Problem::NoRights)
        );
        assert_eq!(
            of("Bad Request: can't parse entities: Unsupported start tag"),
            Verdict::WithoutFormatting
        );
    }

    #[test]
    fn what_was_sent_counts_as_sent_though_its_result_does_not_read() {
        let unreadable = |raw: &str| {
            let source = serde_json::from_str::<bool>(raw).unwrap_err();
            let (source, raw) = (Arc::new(source), raw.into());
            let error = RequestError::InvalidJson { source, raw };
            judge(&error, DateTime::UNIX_EPOCH)
        };
        for sent in [
            r#"{"ok":true,"result":{"message_id":"a form of later years"}}"#,
            r#"{"ok":true,"result":{"message_id":7,"#,
        ] {
            assert_eq!(unreadable(sent), Verdict::Fine, "{sent}");
        }
        for unknown in ["<html>502 Bad Gateway</html>", "", r#"{"ok":"#] {
            let verdict = unreadable(unknown);
            let waits = matches!(verdict, Verdict::Settle(Settled::Unknown { .. }));
            assert!(waits, "{unknown}: {verdict:?}");
        }
    }

    #[test]
    fn an_unheard_of_refusal_is_final_and_never_repeated() {
        assert!(matches!(
            of("Bad Request: SOMETHING_NEW"),
            Verdict::Problem(Problem::Refused(_))
        ));
    }
}
