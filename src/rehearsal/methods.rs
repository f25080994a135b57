//! The methods of the Bot API: which function carries out which, and those about chats, presses and the bot itself.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::files::FileKind;
use super::refusal::Refusal;
use super::request::Parameters;
use super::state::{BOT_ID, BOT_USERNAME, Standing, State};
use super::view::Answer;
use super::{editing, profile, sending, webhook};

/// Characters of the notice in an answer to a press.
const MAX_NOTICE: usize = 200;

/// Carries out a method of the table, all but `getUpdates`, which waits.
pub(super) fn carry_out(
    state: &mut State,
    method: &str,
    parameters: &Parameters,
) -> Result<Value, Refusal> {
    match method {
        "getMe" => Ok(state.me_json()),
        "setWebhook" => webhook::set(state, parameters),
        "deleteWebhook" => Ok(webhook::delete(state, parameters)),
        "getWebhookInfo" => Ok(webhook::info(state)),
        "logOut" | "close" | "setChatMenuButton" | "setMyDefaultAdministratorRights" => {
            Ok(Value::Bool(true))
        }
        "sendMessage" => sending::send_message(state, parameters),
        "sendPhoto" => sending::send_file(state, parameters, FileKind::Photo),
        "sendDocument" => sending::send_file(state, parameters, FileKind::Document),
        "sendMediaGroup" => sending::send_media_group(state, parameters),
        "sendChatAction" => sending::send_chat_action(state, parameters),
        "setMessageReaction" => editing::react(state, parameters),
        "editMessageText" => editing::edit_text(state, parameters),
        "editMessageCaption" => editing::edit_caption(state, parameters),
        "editMessageMedia" => editing::edit_media(state, parameters),
        "editMessageReplyMarkup" => editing::edit_markup(state, parameters),
        "deleteMessage" => editing::delete(state, parameters),
        "deleteMessages" => editing::delete_many(state, parameters),
        "pinChatMessage" => editing::pin(state, parameters),
        "unpinChatMessage" => editing::unpin(state, parameters),
        "unpinAllChatMessages" => editing::unpin_all(state, parameters),
        "answerCallbackQuery" => answer_press(state, parameters),
        "setMyCommands" => profile::set_commands(state, parameters),
        "deleteMyCommands" => profile::delete_commands(state, parameters),
        "getMyCommands" => profile::get_commands(state, parameters),
        "setMyName" => profile::set_profile(state, parameters, "name", 64),
        "setMyDescription" => profile::set_profile(state, parameters, "description", 512),
        "setMyShortDescription" => {
            profile::set_profile(state, parameters, "short_description", 120)
        }
        "getMyName" => Ok(profile::get_profile(state, parameters, "name")),
        "getMyDescription" => Ok(profile::get_profile(state, parameters, "description")),
        "getMyShortDescription" => Ok(profile::get_profile(state, parameters, "short_description")),
        "getChat" => get_chat(state, parameters),
        "getChatMember" => get_chat_member(state, parameters),
        "getChatAdministrators" => get_chat_administrators(state, parameters),
        "getChatMemberCount" => get_chat_member_count(state, parameters),
        "leaveChat" => leave_chat(state, parameters),
        "getFile" => state.files.info(parameters.text("file_id").as_deref()),
        _ => Err(Refusal::new(404, "Not Found: method not found")),
    }
}

fn answer_press(state: &mut State, parameters: &Parameters) -> Result<Value, Refusal> {
    let query_id = parameters.text("callback_query_id").unwrap_or_default();
    let press = state
        .presses
        .get(&query_id)
        .filter(|press| state.now - press.at <= state.answer_within)
        .cloned();
    let Some(press) = press else {
        return Err(Refusal::bad_request(
            "query is too old and response timeout expired or query ID is invalid",
        ));
    };
    let text = parameters.text("text").filter(|text| !text.is_empty());
    if text
        .as_ref()
        .is_some_and(|text| text.chars().count() > MAX_NOTICE)
    {
        return Err(Refusal::bad_request("MESSAGE_TOO_LONG"));
    }
    let url = parameters.text("url").filter(|url| !url.is_empty());
    if url.as_ref().is_some_and(|url| start_payload(url).is_none()) {
        return Err(Refusal::bad_request("URL_INVALID"));
    }
    state.answers.push(Answer {
        at: state.now,
        query_id,
        user: press.user,
        text,
        is_alert: parameters.flag("show_alert"),
        url,
    });
    Ok(Value::Bool(true))
}

/// The payload of a start link to the bot; `None` for any other address.
pub(super) fn start_payload(url: &str) -> Option<&str> {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))
        .unwrap_or(url);
    let (name, query) = rest.strip_prefix("t.me/")?.split_once('?')?;
    let payload = query.strip_prefix("start=")?;
    let fits = payload.len() <= 64
        && payload
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    (name.eq_ignore_ascii_case(BOT_USERNAME) && fits).then_some(payload)
}

fn get_chat(state: &State, parameters: &Parameters) -> Result<Value, Refusal> {
    let chat = state.readable_chat(parameters)?;
    match state.chats.get(&chat) {
        Some(known) => Ok(state.full_chat_json(known)),
        None => Err(Refusal::bad_request("chat not found")),
    }
}

/// The chat of a call about its members: these report a migration.
fn chat_with_members(state: &State, parameters: &Parameters) -> Result<i64, Refusal> {
    let chat = state.readable_chat(parameters)?;
    state.check_migration(chat)?;
    Ok(chat)
}

fn get_chat_member(state: &State, parameters: &Parameters) -> Result<Value, Refusal> {
    let chat = chat_with_members(state, parameters)?;
    let user = parameters
        .integer("user_id")
        .ok_or_else(|| Refusal::bad_request("invalid user_id specified"))?;
    if !state.people.contains_key(&user) {
        return Err(Refusal::bad_request("user not found"));
    }
    let standing = if chat > 0 {
        (user == chat || user == BOT_ID).then_some(Standing::Member)
    } else {
        state.standing(chat, user)
    };
    standing
        .map(|standing| state.member_json(user, standing))
        .ok_or_else(|| Refusal::bad_request("member not found"))
}

fn get_chat_administrators(state: &State, parameters: &Parameters) -> Result<Value, Refusal> {
    let chat = chat_with_members(state, parameters)?;
    if chat > 0 {
        return Err(Refusal::bad_request(
            "there are no administrators in the private chat",
        ));
    }
    let members = state
        .chats
        .get(&chat)
        .into_iter()
        .flat_map(|known| &known.members);
    let with_bots = parameters.flag("return_bots");
    let shown = members.filter(|(user, standing)| {
        let is_other_bot =
            **user != BOT_ID && state.people.get(user).is_some_and(|person| person.is_bot);
        standing.is_administrator() && (with_bots || !is_other_bot)
    });
    Ok(shown
        .map(|(user, standing)| state.member_json(*user, *standing))
        .collect())
}

fn get_chat_member_count(state: &State, parameters: &Parameters) -> Result<Value, Refusal> {
    let chat = state.readable_chat(parameters)?;
    if chat > 0 {
        return Ok(json!(2));
    }
    let present = state.chats.get(&chat).map_or(0, |known| {
        known
            .members
            .values()
            .filter(|standing| standing.is_present())
            .count()
    });
    Ok(json!(present))
}

fn leave_chat(state: &mut State, parameters: &Parameters) -> Result<Value, Refusal> {
    let chat = state.writable_chat(parameters)?;
    if chat > 0 {
        return Err(Refusal::bad_request(
            "chat member status can't be changed in private chats",
        ));
    }
    state.set_standing(chat, BOT_ID, Standing::Left, BOT_ID);
    Ok(Value::Bool(true))
}

/// How long a press can be answered unless a test says otherwise: not documented, commonly 10 to 15 seconds.
pub(super) const ANSWER_WITHIN: TimeDelta = TimeDelta::seconds(15);

pub(super) fn answer_within() -> TimeDelta {
    ANSWER_WITHIN
}
