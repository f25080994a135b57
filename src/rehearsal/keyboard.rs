//! Reply markup: inline keyboards as the real server takes, cuts and refuses them; ForceReply and reply keyboards.

use serde_json::{Value, json};

use super::refusal::Refusal;
use super::request::Parameters;
use super::state::Asks;

/// Buttons in a row; the rest are cut without an error.
const MAX_PER_ROW: usize = 12;
/// Buttons in a keyboard; the rest are cut without an error.
const MAX_BUTTONS: usize = 300;
/// Bytes of `callback_data`.
const MAX_DATA: usize = 64;
/// Bytes of the whole markup; commonly reported, not documented.
const MAX_MARKUP: usize = 10 * 1024;

/// What hangs under a message.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Markup {
    None,
    /// The rows of an inline keyboard.
    Inline(Value),
    /// The reader's field for a reply is opened: the message can never be edited.
    ForceReply(Asks),
    /// A reply keyboard or its removal: the message can never be edited.
    Interface,
}

/// Reads `reply_markup`.
pub(super) fn read(parameters: &Parameters) -> Result<Markup, Refusal> {
    if parameters
        .values
        .get("reply_markup")
        .is_none_or(|value| value.is_null() || value == "")
    {
        return Ok(Markup::None);
    }
    let Some(markup) = parameters.nested("reply_markup") else {
        return Err(Refusal::bad_request(
            "can't parse reply keyboard markup JSON object",
        ));
    };
    if markup.to_string().len() > MAX_MARKUP {
        return Err(Refusal::bad_request("reply markup is too long"));
    }
    if let Some(rows) = markup.get("inline_keyboard") {
        return inline(rows);
    }
    if markup.get("force_reply").is_some() {
        return Ok(Markup::ForceReply(asks(&markup)));
    }
    if markup.get("keyboard").is_some() || markup.get("remove_keyboard").is_some() {
        return Ok(Markup::Interface);
    }
    Ok(Markup::None)
}

fn asks(markup: &Value) -> Asks {
    let placeholder = markup.get("input_field_placeholder");
    Asks {
        is_selective: markup.get("selective") == Some(&Value::Bool(true)),
        placeholder: placeholder.and_then(Value::as_str).map(str::to_owned),
    }
}

fn inline(rows: &Value) -> Result<Markup, Refusal> {
    let not_arrays = || Refusal::bad_request("object expected as reply markup");
    let mut kept = Vec::new();
    let mut left = MAX_BUTTONS;
    for row in rows.as_array().ok_or_else(not_arrays)? {
        let mut buttons = Vec::new();
        for shown in row
            .as_array()
            .ok_or_else(not_arrays)?
            .iter()
            .take(MAX_PER_ROW.min(left))
        {
            buttons.extend(button(shown)?);
        }
        left -= buttons.len();
        if !buttons.is_empty() {
            kept.push(Value::Array(buttons));
        }
    }
    Ok(if kept.is_empty() {
        Markup::None
    } else {
        Markup::Inline(Value::Array(kept))
    })
}

/// The button as it is shown; `None` for one without text, which is dropped without an error.
fn button(shown: &Value) -> Result<Option<Value>, Refusal> {
    let refused =
        |what: &str| Refusal::bad_request(format!("can't parse inline keyboard button: {what}"));
    let Some(text) = shown.get("text").and_then(Value::as_str) else {
        return Err(refused("Field \"text\" must be of type String"));
    };
    let field = |name: &str| {
        shown
            .get(name)
            .and_then(Value::as_str)
            .filter(|value| !value.is_empty())
    };
    let kept = if let Some(url) = field("url") {
        if !is_address(url) {
            return Err(Refusal::bad_request(format!(
                "inline keyboard button URL '{url}' is invalid: Wrong HTTP URL"
            )));
        }
        json!({"text": text, "url": url})
    } else if let Some(data) = field("callback_data") {
        if data.len() > MAX_DATA {
            return Err(Refusal::bad_request("BUTTON_DATA_INVALID"));
        }
        json!({"text": text, "callback_data": data})
    } else if let Some(copied) = shown.get("copy_text") {
        json!({"text": text, "copy_text": copied})
    } else {
        return Err(refused("Text buttons are unallowed in the inline keyboard"));
    };
    Ok((!text.trim().is_empty()).then_some(kept))
}

fn is_address(url: &str) -> bool {
    super::link::link_to(url).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_markup(markup: Value) -> Result<Markup, String> {
        let mut parameters = Parameters::default();
        parameters.values.insert("reply_markup".to_owned(), markup);
        read(&parameters).map_err(|refusal| refusal.description)
    }

    #[test]
    fn buttons_the_server_refuses_are_refused_in_its_words() {
        let keyboard =
            |button: Value| read_markup(json!({"inline_keyboard": [[button]]})).unwrap_err();
        assert_eq!(
            keyboard(json!({"text": "a", "callback_data": "督".repeat(22)})),
            "Bad Request: BUTTON_DATA_INVALID"
        );
        let text_only = "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard";
        assert_eq!(keyboard(json!({"text": "a"})), text_only);
        assert_eq!(
            keyboard(json!({"text": "a", "callback_data": ""})),
            text_only
        );
        assert_eq!(
            keyboard(json!({"text": "a", "url": "nowhere"})),
            "Bad Request: inline keyboard button URL 'nowhere' is invalid: Wrong HTTP URL"
        );
        assert_eq!(
            read_markup(json!("{{")).unwrap_err(),
            "Bad Request: can't parse reply keyboard markup JSON object"
        );
        assert_eq!(
            read_markup(json!({"inline_keyboard": vec![vec![json!({"text": "长".repeat(100), "callback_data": "x"})]; 40]})).unwrap_err(),
            "Bad Request: reply markup is too long"
        );
    }

    #[test]
    fn too_many_buttons_and_empty_ones_vanish_without_an_error() {
        let row = vec![json!({"text": "a", "callback_data": "b"}); 14];
        let Ok(Markup::Inline(rows)) =
            read_markup(json!({"inline_keyboard": [row, [{"text": " ", "callback_data": "b"}]]}))
        else {
            panic!("an inline keyboard is left");
        };
        assert_eq!(rows.as_array().map(Vec::len), Some(1));
        assert_eq!(rows[0].as_array().map(Vec::len), Some(12));
    }

    #[test]
    fn a_keyboard_may_come_as_json_text() {
        let as_text = r#"{"inline_keyboard":[[{"text":"填 6-1","callback_data":"r:6-1"}]]}"#;
        assert_eq!(
            read_markup(json!(as_text)),
            Ok(Markup::Inline(
                json!([[{"text": "填 6-1", "callback_data": "r:6-1"}]])
            ))
        );
        assert_eq!(
            read_markup(json!({"force_reply": true, "selective": true})),
            Ok(Markup::ForceReply(Asks {
                is_selective: true,
                placeholder: None
            }))
        );
        assert_eq!(
            read_markup(json!({"keyboard": [[{"text": "甲"}]]})),
            Ok(Markup::Interface)
        );
    }
}
