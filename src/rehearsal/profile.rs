//! What the bot says about itself: command menus by scope and language, name and descriptions.

use serde_json::{Value, json};

use super::refusal::Refusal;
use super::request::{Parameters, integer};
use super::state::{Standing, State};

/// Commands in one menu.
const MAX_COMMANDS: usize = 100;
/// Characters of a command's name.
const MAX_COMMAND: usize = 32;
/// Characters of a command's description.
const MAX_DESCRIPTION: usize = 256;

pub(super) fn set_commands(state: &mut State, parameters: &Parameters) -> Result<Value, Refusal> {
    let Some(Value::Array(commands)) = parameters.nested("commands") else {
        return Err(Refusal::bad_request("can't parse commands JSON object"));
    };
    if commands.len() > MAX_COMMANDS {
        return Err(Refusal::bad_request("BOT_COMMANDS_TOO_MUCH"));
    }
    let mut menu = Vec::new();
    for shown in &commands {
        menu.push(command(shown)?);
    }
    let key = menu_key(state, parameters)?;
    state.menus.insert(key, menu);
    Ok(Value::Bool(true))
}

fn command(shown: &Value) -> Result<Value, Refusal> {
    let field = |name: &str| {
        shown
            .get(name)
            .and_then(Value::as_str)
            .map(str::trim)
            .unwrap_or_default()
    };
    let (name, description) = (
        field("command").trim_start_matches('/'),
        field("description"),
    );
    let refused = |what: &str| Err(Refusal::bad_request(what));
    if name.is_empty() {
        return refused("command must be non-empty");
    }
    if name.chars().count() > MAX_COMMAND {
        return refused("command length must not exceed 32");
    }
    if !name
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    {
        return refused("BOT_COMMAND_INVALID");
    }
    if description.is_empty() {
        return refused("command description must be non-empty");
    }
    if description.chars().count() > MAX_DESCRIPTION {
        return refused("command description length must not exceed 256");
    }
    Ok(json!({"command": name, "description": description}))
}

pub(super) fn delete_commands(
    state: &mut State,
    parameters: &Parameters,
) -> Result<Value, Refusal> {
    let key = menu_key(state, parameters)?;
    state.menus.remove(&key);
    Ok(Value::Bool(true))
}

pub(super) fn get_commands(state: &mut State, parameters: &Parameters) -> Result<Value, Refusal> {
    let key = menu_key(state, parameters)?;
    Ok(json!(state.menus.get(&key).cloned().unwrap_or_default()))
}

/// Scope and language as one key.
fn menu_key(state: &State, parameters: &Parameters) -> Result<(String, String), Refusal> {
    let language = parameters.text("language_code").unwrap_or_default();
    if !(language.is_empty()
        || language.len() == 2 && language.chars().all(|c| c.is_ascii_lowercase()))
    {
        return Err(Refusal::bad_request("invalid language code specified"));
    }
    let Some(scope) = parameters.nested("scope") else {
        return Ok(("default".to_owned(), language));
    };
    let kind = scope
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let chat = || {
        let chat = state.known_chat(scope.get("chat_id"))?;
        state.check_migration(chat)?;
        Ok(chat)
    };
    let key = match kind {
        "default" | "all_private_chats" | "all_group_chats" | "all_chat_administrators" => {
            kind.to_owned()
        }
        "chat" | "chat_administrators" => format!("{kind} {}", chat()?),
        "chat_member" => {
            let user = scope
                .get("user_id")
                .and_then(integer)
                .filter(|user| state.people.contains_key(user));
            format!(
                "{kind} {} {}",
                chat()?,
                user.ok_or_else(|| Refusal::bad_request("user not found"))?
            )
        }
        _ => {
            return Err(Refusal::bad_request(
                "unsupported type specified in BotCommandScope",
            ));
        }
    };
    Ok((key, language))
}

impl State {
    /// The commands a person's client offers in a chat, by Telegram's order of scopes.
    pub fn menu(&self, user: i64, chat: i64, language: &str) -> Vec<(String, String)> {
        let is_administrator = self
            .standing(chat, user)
            .is_some_and(Standing::is_administrator);
        let mut scopes = Vec::new();
        if chat > 0 {
            scopes.extend([format!("chat {chat}"), "all_private_chats".to_owned()]);
        } else {
            scopes.push(format!("chat_member {chat} {user}"));
            scopes.extend(is_administrator.then(|| format!("chat_administrators {chat}")));
            scopes.push(format!("chat {chat}"));
            scopes.extend(is_administrator.then(|| "all_chat_administrators".to_owned()));
            scopes.push("all_group_chats".to_owned());
        }
        scopes.push("default".to_owned());
        let menu = scopes
            .into_iter()
            .flat_map(|scope| [(scope.clone(), language.to_owned()), (scope, String::new())])
            .find_map(|key| self.menus.get(&key).filter(|menu| !menu.is_empty()));
        let field = |command: &Value, name: &str| {
            command
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        menu.into_iter()
            .flatten()
            .map(|one| (field(one, "command"), field(one, "description")))
            .collect()
    }
}

/// `setMyName`, `setMyDescription`, `setMyShortDescription`: `limit` in characters.
pub(super) fn set_profile(
    state: &mut State,
    parameters: &Parameters,
    field: &'static str,
    limit: usize,
) -> Result<Value, Refusal> {
    let text = parameters.text(field).unwrap_or_default();
    if text.chars().count() > limit {
        return Err(Refusal::bad_request(format!(
            "{} is too long",
            field.replace('_', " ")
        )));
    }
    let language = parameters.text("language_code").unwrap_or_default();
    state.profile.insert((field.to_owned(), language), text);
    Ok(Value::Bool(true))
}

/// `getMyName`, `getMyDescription`, `getMyShortDescription`.
pub(super) fn get_profile(state: &State, parameters: &Parameters, field: &'static str) -> Value {
    let language = parameters.text("language_code").unwrap_or_default();
    let text = state
        .profile
        .get(&(field.to_owned(), language))
        .or_else(|| state.profile.get(&(field.to_owned(), String::new())));
    json!({field: text.cloned().unwrap_or_default()})
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    #[test]
    fn the_narrowest_menu_is_offered() {
        let mut state = State::new(DateTime::from_timestamp(1_795_000_000, 0).unwrap());
        state.add_person(42, false, "张新龙", "");
        let mut set = |scope: Value, command: &str| {
            let mut parameters = Parameters::default();
            parameters.values.insert(
                "commands".to_owned(),
                json!([{"command": command, "description": "说明"}]),
            );
            parameters.values.insert("scope".to_owned(), scope);
            set_commands(&mut state, &parameters).map_err(|refusal| refusal.description)
        };
        assert_eq!(set(json!({"type": "default"}), "help"), Ok(json!(true)));
        assert_eq!(
            set(json!({"type": "chat", "chat_id": 42}), "status"),
            Ok(json!(true))
        );
        assert_eq!(
            set(json!({"type": "chat", "chat_id": 43}), "status"),
            Err("Bad Request: chat not found".to_owned())
        );
        assert_eq!(
            set(json!({"type": "default"}), "Help"),
            Err("Bad Request: BOT_COMMAND_INVALID".to_owned())
        );
        let names = |user, chat| {
            state
                .menu(user, chat, "zh")
                .into_iter()
                .map(|(name, _)| name)
                .collect::<Vec<_>>()
        };
        assert_eq!(names(42, 42), ["status"]);
        assert_eq!(names(7, 7), ["help"]);
    }
}
