//! The methods the stand-in plays, with the parameters each takes, as Bot API 10.1 names them.
//!
//! What is not in the table is recorded as a violation: a misspelt parameter is silently ignored by the real server.

use serde_json::{Map, Value};

/// Method and its parameters; `*` marks the required ones.
const METHODS: &[(&str, &str)] = &[
    ("getMe", ""),
    ("getUpdates", "offset limit timeout allowed_updates"),
    (
        "setWebhook",
        "url* certificate ip_address max_connections allowed_updates drop_pending_updates secret_token",
    ),
    ("deleteWebhook", "drop_pending_updates"),
    ("getWebhookInfo", ""),
    ("logOut", ""),
    ("close", ""),
    (
        "sendMessage",
        "business_connection_id chat_id* message_thread_id direct_messages_topic_id text* parse_mode entities link_preview_options disable_notification protect_content allow_paid_broadcast message_effect_id suggested_post_parameters reply_parameters reply_markup",
    ),
    (
        "sendPhoto",
        "business_connection_id chat_id* message_thread_id direct_messages_topic_id photo* caption parse_mode caption_entities show_caption_above_media has_spoiler disable_notification protect_content allow_paid_broadcast message_effect_id suggested_post_parameters reply_parameters reply_markup",
    ),
    (
        "sendDocument",
        "business_connection_id chat_id* message_thread_id direct_messages_topic_id document* thumbnail caption parse_mode caption_entities disable_content_type_detection disable_notification protect_content allow_paid_broadcast message_effect_id suggested_post_parameters reply_parameters reply_markup",
    ),
    (
        "sendMediaGroup",
        "business_connection_id chat_id* message_thread_id direct_messages_topic_id media* disable_notification protect_content allow_paid_broadcast message_effect_id reply_parameters",
    ),
    (
        "sendChatAction",
        "business_connection_id chat_id* message_thread_id action*",
    ),
    ("setMessageReaction", "chat_id* message_id* reaction is_big"),
    (
        "editMessageText",
        "business_connection_id chat_id message_id inline_message_id text parse_mode entities link_preview_options rich_message reply_markup",
    ),
    (
        "editMessageCaption",
        "business_connection_id chat_id message_id inline_message_id caption parse_mode caption_entities show_caption_above_media reply_markup",
    ),
    (
        "editMessageMedia",
        "business_connection_id chat_id message_id inline_message_id media* reply_markup",
    ),
    (
        "editMessageReplyMarkup",
        "business_connection_id chat_id message_id inline_message_id reply_markup",
    ),
    ("deleteMessage", "chat_id* message_id*"),
    ("deleteMessages", "chat_id* message_ids*"),
    (
        "answerCallbackQuery",
        "callback_query_id* text show_alert url cache_time",
    ),
    (
        "pinChatMessage",
        "business_connection_id chat_id* message_id* disable_notification",
    ),
    (
        "unpinChatMessage",
        "business_connection_id chat_id* message_id",
    ),
    ("unpinAllChatMessages", "chat_id*"),
    ("setMyCommands", "commands* scope language_code"),
    ("deleteMyCommands", "scope language_code"),
    ("getMyCommands", "scope language_code"),
    ("setMyName", "name language_code"),
    ("getMyName", "language_code"),
    ("setMyDescription", "description language_code"),
    ("getMyDescription", "language_code"),
    ("setMyShortDescription", "short_description language_code"),
    ("getMyShortDescription", "language_code"),
    ("setChatMenuButton", "chat_id menu_button"),
    ("setMyDefaultAdministratorRights", "rights for_channels"),
    ("getChat", "chat_id*"),
    ("getChatMember", "chat_id* user_id*"),
    ("getChatAdministrators", "chat_id* return_bots"),
    ("getChatMemberCount", "chat_id*"),
    ("leaveChat", "chat_id*"),
    ("getFile", "file_id*"),
];

/// Names inside nested parameters, by the parameter they stand in.
const NESTED: &[(&str, &str)] = &[
    (
        "reply_parameters",
        "message_id chat_id allow_sending_without_reply quote quote_parse_mode quote_entities quote_position checklist_task_id poll_option_id",
    ),
    (
        "link_preview_options",
        "is_disabled url prefer_small_media prefer_large_media show_above_text",
    ),
    (
        "reply_markup",
        "inline_keyboard force_reply input_field_placeholder selective keyboard is_persistent resize_keyboard one_time_keyboard remove_keyboard",
    ),
    ("scope", "type chat_id user_id"),
    ("commands", "command description"),
    (
        "media",
        "type media thumbnail caption parse_mode caption_entities show_caption_above_media has_spoiler disable_content_type_detection width height duration supports_streaming cover start_timestamp performer title",
    ),
];

/// Names inside an `InputMedia`, by its type.
const MEDIA: &[(&str, &str)] = &[
    (
        "photo",
        "type media caption parse_mode caption_entities show_caption_above_media has_spoiler",
    ),
    (
        "document",
        "type media thumbnail caption parse_mode caption_entities disable_content_type_detection",
    ),
];

/// Characters of what stands in an empty field for a reply.
const MAX_PLACEHOLDER: usize = 64;

/// Names inside a button of an inline keyboard.
const BUTTON: &str = "text icon_custom_emoji_id style url callback_data web_app login_url switch_inline_query switch_inline_query_current_chat switch_inline_query_chosen_chat copy_text callback_game pay";

/// The method as the documentation writes it; names are compared without case, as the real server does.
pub(super) fn method_named(name: &str) -> Option<&'static str> {
    METHODS
        .iter()
        .map(|(method, _)| *method)
        .find(|method| method.eq_ignore_ascii_case(name))
}

/// Everything in `values` that the documentation does not know, and every required parameter that is missing.
pub(super) fn mistakes(
    method: &str,
    values: &Map<String, Value>,
    has_upload: impl Fn(&str) -> bool,
) -> Vec<String> {
    let Some((_, known)) = METHODS.iter().find(|(name, _)| *name == method) else {
        return vec!["the stand-in does not play this method".to_owned()];
    };
    let mut mistakes = Vec::new();
    for parameter in known.split(' ').filter_map(|name| name.strip_suffix('*')) {
        if !values.contains_key(parameter) && !has_upload(parameter) {
            mistakes.push(format!("required parameter {parameter} is missing"));
        }
    }
    for (name, value) in values {
        if !lists(known, name) {
            mistakes.push(format!("unknown parameter {name}"));
        } else if value.is_null() {
            mistakes.push(format!("parameter {name} is null: leave it out"));
        } else {
            nested_mistakes(name, value, &mut mistakes);
        }
    }
    mistakes
}

fn lists(known: &str, name: &str) -> bool {
    known
        .split(' ')
        .any(|one| one.trim_end_matches('*') == name)
}

fn nested_mistakes(name: &str, value: &Value, mistakes: &mut Vec<String>) {
    let Some((_, known)) = NESTED.iter().find(|(parameter, _)| *parameter == name) else {
        return;
    };
    let parsed = match value {
        Value::String(text) => serde_json::from_str(text).unwrap_or(Value::Null),
        other => other.clone(),
    };
    let objects = match &parsed {
        Value::Array(objects) => objects.iter().collect(),
        one => vec![one],
    };
    for object in objects {
        unknown_names(object, known_in(object, known), name, mistakes);
        let placeholder = object.get("input_field_placeholder");
        let length = placeholder
            .and_then(Value::as_str)
            .map(|one| one.chars().count());
        if let Some(length) = length.filter(|length| !(1..=MAX_PLACEHOLDER).contains(length)) {
            mistakes.push(format!(
                "input_field_placeholder has {length} characters, 1 to {MAX_PLACEHOLDER} are allowed"
            ));
        }
        let rows = object.get("inline_keyboard").and_then(Value::as_array);
        for button in rows
            .into_iter()
            .flatten()
            .filter_map(Value::as_array)
            .flatten()
        {
            unknown_names(button, BUTTON, "inline_keyboard", mistakes);
        }
    }
}

/// The names an object may hold: of a medium, those of its type.
fn known_in(object: &Value, known: &'static str) -> &'static str {
    let kind = object.get("type").and_then(Value::as_str);
    let of_kind = MEDIA.iter().find(|(name, _)| kind == Some(name));
    of_kind.map_or(known, |(_, names)| names)
}

fn unknown_names(object: &Value, known: &str, place: &str, mistakes: &mut Vec<String>) {
    match object.as_object() {
        None => mistakes.push(format!("{place} does not hold an object")),
        Some(object) => {
            mistakes.extend(
                object
                    .keys()
                    .filter(|key| !lists(known, key))
                    .map(|key| format!("unknown name {key} in {place}")),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn mistakes_in(method: &str, values: Value) -> Vec<String> {
        mistakes(method, values.as_object().unwrap(), |_| false)
    }

    #[test]
    fn methods_are_found_without_regard_to_case() {
        assert_eq!(method_named("SendMessage"), Some("sendMessage"));
        assert_eq!(method_named("getupdates"), Some("getUpdates"));
        assert_eq!(method_named("sendMassage"), None);
    }

    #[test]
    fn a_misspelt_name_is_noticed_at_any_depth() {
        let good = json!({"chat_id": 1, "text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}});
        assert_eq!(mistakes_in("sendMessage", good), Vec::<String>::new());
        let bad = json!({"chat_id": 1, "txt": "x", "reply_markup": "{\"inline_keyboard\":[[{\"text\":\"a\",\"data\":\"b\"}]]}", "reply_parameters": {"message": 1}});
        assert_eq!(
            mistakes_in("sendMessage", bad),
            [
                "required parameter text is missing",
                "unknown name data in inline_keyboard",
                "unknown name message in reply_parameters",
                "unknown parameter txt",
            ]
        );
        let media = json!([{"type": "photo", "media": "attach://a", "has_spoiler": true}, {"type": "document", "media": "attach://b", "has_spoiler": true}]);
        assert_eq!(
            mistakes_in("sendMediaGroup", json!({"chat_id": 1, "media": media})),
            ["unknown name has_spoiler in media"]
        );
    }

    #[test]
    fn a_placeholder_too_long_for_its_field_is_noticed() {
        let asking = |placeholder: String| json!({"chat_id": 1, "text": "x", "reply_markup": {"force_reply": true, "input_field_placeholder": placeholder}});
        assert_eq!(
            mistakes_in("sendMessage", asking("数".repeat(64))),
            Vec::<String>::new()
        );
        assert_eq!(
            mistakes_in("sendMessage", asking("数".repeat(65))),
            ["input_field_placeholder has 65 characters, 1 to 64 are allowed"]
        );
    }
}
