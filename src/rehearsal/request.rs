//! Requests: a method name with its parameters and files, read from a JSON, urlencoded or multipart body or a query string.

use std::collections::BTreeMap;

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Multipart};
use axum::http::{Request, header};
use serde_json::{Map, Value};

use super::refusal::Refusal;

/// The whole body, files included: the cloud server takes 50 MB files; the rest is room for the other parts.
pub(super) const MAX_BODY: usize = 52 * 1024 * 1024;
/// One uploaded file.
const MAX_FILE: usize = 50 * 1024 * 1024;
/// All parameters together, files apart.
const MAX_PARAMETERS: usize = 1024 * 1024;
/// Files in one request.
const MAX_FILES: usize = 50;

/// A file that came with a request.
#[derive(Debug, Clone)]
pub(super) struct Upload {
    pub file_name: String,
    pub bytes: Vec<u8>,
}

/// One call of the bot: parameters by name and uploads by the name of their part.
#[derive(Debug, Default)]
pub(super) struct Parameters {
    pub values: Map<String, Value>,
    pub uploads: BTreeMap<String, Upload>,
}

impl Parameters {
    /// A string; numbers and booleans are taken as they are written.
    pub fn text(&self, name: &str) -> Option<String> {
        match self.values.get(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Null => None,
            other => Some(other.to_string()),
        }
    }

    /// A whole number, also when it came as a string.
    pub fn integer(&self, name: &str) -> Option<i64> {
        integer(self.values.get(name)?)
    }

    /// `true`, `"true"`, `"True"`, `"1"`, `"yes"` are true; all else is false.
    pub fn flag(&self, name: &str) -> bool {
        self.values.get(name).is_some_and(is_true)
    }

    /// An object or array, also when it came as JSON text; `None` when absent or not JSON.
    pub fn nested(&self, name: &str) -> Option<Value> {
        match self.values.get(name)? {
            Value::String(text) => serde_json::from_str(text)
                .ok()
                .filter(|value: &Value| value.is_object() || value.is_array()),
            Value::Null => None,
            other => Some(other.clone()),
        }
    }

    /// The parameters as the journal keeps them, each upload as its name and size.
    pub fn for_journal(&self) -> Map<String, Value> {
        let mut values = self.values.clone();
        for (name, upload) in &self.uploads {
            values.insert(
                name.clone(),
                Value::String(format!(
                    "file {:?}, {} bytes",
                    upload.file_name,
                    upload.bytes.len()
                )),
            );
        }
        values
    }
}

/// A flag, also as the text of a form.
pub(super) fn is_true(value: &Value) -> bool {
    match value {
        Value::Bool(flag) => *flag,
        Value::String(text) => matches!(text.to_ascii_lowercase().as_str(), "true" | "1" | "yes"),
        Value::Number(number) => number.as_i64() == Some(1),
        _ => false,
    }
}

/// A whole number, also when it is written as a string.
pub(super) fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// Reads query string and body. A body wins over the query string.
pub(super) async fn read(request: Request<Body>) -> Result<Parameters, Refusal> {
    let mut parameters = Parameters::default();
    if let Some(query) = request.uri().query() {
        read_form(query, &mut parameters);
    }
    let kind = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default()
        .to_ascii_lowercase();
    if kind.starts_with("multipart/form-data") {
        read_multipart(request, &mut parameters).await?;
    } else {
        let body = to_bytes(request.into_body(), MAX_BODY)
            .await
            .map_err(|_| Refusal::new(413, "Request Entity Too Large"))?;
        if body.len() > MAX_PARAMETERS {
            return Err(Refusal::too_large("too many parameters"));
        }
        read_plain(&kind, &body, &mut parameters)?;
    }
    Ok(parameters)
}

fn read_plain(kind: &str, body: &[u8], parameters: &mut Parameters) -> Result<(), Refusal> {
    if kind.starts_with("application/json") {
        if body.is_empty() {
            return Ok(());
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(values)) => parameters.values.extend(values),
            Ok(_) | Err(_) => return Err(Refusal::bad_request("can't parse JSON object")),
        }
    } else if kind.starts_with("application/x-www-form-urlencoded") {
        read_form(&String::from_utf8_lossy(body), parameters);
    }
    Ok(())
}

fn read_form(text: &str, parameters: &mut Parameters) {
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        parameters.values.insert(
            percent_decode(&name.replace('+', " ")),
            Value::String(percent_decode(&value.replace('+', " "))),
        );
    }
}

async fn read_multipart(
    request: Request<Body>,
    parameters: &mut Parameters,
) -> Result<(), Refusal> {
    let broken = |_| Refusal::bad_request("can't parse multipart/form-data");
    let mut multipart = Multipart::from_request(request, &())
        .await
        .map_err(|_| Refusal::bad_request("boundary not found in the multipart/form-data"))?;
    let mut size = 0;
    while let Some(part) = multipart.next_field().await.map_err(broken)? {
        let name = part.name().unwrap_or_default().to_owned();
        if let Some(file_name) = part.file_name().map(percent_decode) {
            let bytes = part
                .bytes()
                .await
                .map_err(|_| Refusal::new(413, "Request Entity Too Large"))?
                .to_vec();
            if bytes.len() > MAX_FILE {
                return Err(Refusal::new(413, "Request Entity Too Large"));
            }
            parameters.uploads.insert(name, Upload { file_name, bytes });
            if parameters.uploads.len() > MAX_FILES {
                return Err(Refusal::too_large("too many files attached"));
            }
        } else {
            let text = part.text().await.map_err(broken)?;
            size += name.len() + text.len();
            if size > MAX_PARAMETERS {
                return Err(Refusal::too_large("too many parameters"));
            }
            parameters.values.insert(name, Value::String(text));
        }
    }
    Ok(())
}

/// Decodes `%41`; what is not a valid escape stays as it is.
pub(super) fn percent_decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = (bytes[at] == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match escaped {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}
