//! What was heard: the bot's messages, edits and alerts since the last time, as indented text.

use std::fmt::Write as _;

use chrono::{DateTime, FixedOffset, Utc};
use serde_json::Value;

use super::Call;
use super::room::Room;

/// Asia/Shanghai.
const SHANGHAI: FixedOffset = FixedOffset::east_opt(8 * 3600).expect("8 hours is a valid offset");

impl Room {
    /// What the bot did since the last time, as indented text: messages, edits, alerts. Edits of the pinned status are left out.
    pub fn heard(&mut self) -> String {
        self.heard_from(None)
    }

    /// What was heard. Chats pace their sends apart, so their order within a minute is chance: the chat of the act comes first, then people as
    /// on the roster, then groups.
    pub(super) fn heard_from(&mut self, first: Option<i64>) -> String {
        let (seen, journal) = self.world.journal_from(self.seen);
        let mut text = String::new();
        let mut calls: Vec<&Call> = journal.iter().collect();
        let chat = |call: &Call| call.chat.unwrap_or_default();
        calls.sort_by_key(|call| {
            let chat = chat(call);
            (
                call.at.timestamp() / 60,
                Some(chat) != first,
                chat < 0,
                chat,
            )
        });
        for call in calls {
            if let Some(said) = self.said(call) {
                if let Some((_, payload)) = said.rsplit_once("?start=") {
                    let end = payload
                        .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-'));
                    self.newest_link = Some(payload[..end.unwrap_or(payload.len())].to_owned());
                }
                self.stamp(call.at, &mut text);
                text.push_str(&said);
            }
        }
        self.seen = seen;
        self.answers(&mut text);
        text
    }

    fn stamp(&mut self, at: DateTime<Utc>, text: &mut String) {
        let minute = |at: DateTime<Utc>| at.timestamp() / 60;
        if self
            .shown_at
            .is_none_or(|shown| minute(shown) != minute(at))
        {
            let _ = writeln!(
                text,
                "    ── {}",
                at.with_timezone(&SHANGHAI).format("%Y-%m-%d %H:%M")
            );
            self.shown_at = Some(at);
        }
    }

    fn said(&self, call: &Call) -> Option<String> {
        let Some(Ok(result)) = &call.outcome else {
            return None;
        };
        let chat = call.chat?;
        let verb = match call.method.as_str() {
            "sendMessage" => "",
            "editMessageText" => {
                let id = result.get("message_id")?.as_i64()?;
                if self
                    .world
                    .message(chat, id)
                    .is_some_and(|message| message.is_pinned)
                {
                    return None;
                }
                " (edited)"
            }
            "sendDocument" => {
                let name = result.pointer("/document/file_name");
                let name = name.and_then(Value::as_str).unwrap_or_default();
                &format!(" (file {name})")
            }
            "sendPhoto" => " (photo)",
            "sendMediaGroup" => &format!(" ({} files)", result.as_array()?.len()),
            "pinChatMessage" => return Some(format!("    → {} (pinned)\n", self.name(chat))),
            "leaveChat" => return Some(format!("    → {} (left)\n", self.name(chat))),
            _ => return None,
        };
        let mut said = format!(
            "    → {}{verb}{}\n",
            self.name(chat),
            if call.is_silent() { " (silent)" } else { "" }
        );
        let body = result
            .get("text")
            .or(result.get("caption"))
            .or(result.pointer("/0/caption"))
            .and_then(Value::as_str)
            .unwrap_or_default();
        for line in body.lines() {
            let _ = writeln!(said, "      {line}");
        }
        for row in super::view::rows(result.pointer("/reply_markup/inline_keyboard")) {
            let labels: Vec<String> = row
                .iter()
                .map(|button| format!("[{}]", button.text))
                .collect();
            let _ = writeln!(said, "      {}", labels.join(" "));
        }
        Some(said)
    }

    fn answers(&mut self, text: &mut String) {
        let answers = self.world.answers();
        for answer in &answers[self.answered.min(answers.len())..] {
            let mut line = String::new();
            if let Some(words) = &answer.text {
                let words = words.replace('\n', " / ");
                let _ = writeln!(line, "    ! {}: {words}", self.name(answer.user));
            }
            if let Some(url) = &answer.url {
                let _ = writeln!(line, "    ! {}: opens {url}", self.name(answer.user));
            }
            if !line.is_empty() {
                self.stamp(answer.at, text);
                text.push_str(&line);
            }
        }
        self.answered = answers.len();
    }

    fn name(&self, chat: i64) -> String {
        if let Some((name, _)) = self.accounts.iter().find(|(_, id)| **id == chat) {
            return name.clone();
        }
        let mut chats = self.world.chats().into_iter();
        let title = chats.find_map(|(id, title)| (id == chat).then_some(title));
        title.unwrap_or_else(|| chat.to_string())
    }
}
