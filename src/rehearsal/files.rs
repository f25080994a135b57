//! Files: what people and the bot upload, by file id, for `getFile` and for download.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::refusal::Refusal;
use super::request::{Parameters, Upload};

/// A photo the bot uploads, in bytes.
const MAX_PHOTO: usize = 10 * 1024 * 1024;
/// A file the bot fetches, in bytes.
const MAX_DOWNLOAD: usize = 20 * 1024 * 1024;
/// Width and height of a photo together, in pixels.
const MAX_PHOTO_SIDES: u32 = 10_000;
/// The longer side of a photo in shorter ones.
const MAX_RATIO: u32 = 20;

/// What a file is sent as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum FileKind {
    Photo,
    Document,
}

impl FileKind {
    /// The field of a message that shows it, and of a request that brings it.
    pub fn field(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Document => "document",
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct StoredFile {
    pub id: String,
    pub kind: FileKind,
    pub name: String,
    pub path: String,
    #[serde(with = "hex")]
    pub bytes: Vec<u8>,
}

/// All files by file id.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Files {
    by_id: BTreeMap<String, StoredFile>,
}

impl Files {
    /// Keeps a file and gives its file id, of the length and alphabet real ones have.
    pub fn keep(&mut self, kind: FileKind, name: &str, bytes: Vec<u8>) -> String {
        let number = self.by_id.len() + 1;
        let (prefix, folder, ending) = match kind {
            FileKind::Photo => ("AgACAgUAAx", "photos", ".jpg".to_owned()),
            FileKind::Document => (
                "BQACAgUAAx",
                "documents",
                name.rfind('.')
                    .map(|at| name[at..].to_owned())
                    .unwrap_or_default(),
            ),
        };
        let id = format!("{prefix}{number:0>62}");
        let path = format!("{folder}/file_{number}{ending}");
        self.by_id.insert(
            id.clone(),
            StoredFile {
                id: id.clone(),
                kind,
                name: name.to_owned(),
                path,
                bytes,
            },
        );
        id
    }

    pub fn by_id(&self, id: &str) -> Option<&StoredFile> {
        self.by_id.get(id)
    }

    /// The content behind a `file_path`.
    pub fn by_path(&self, path: &str) -> Option<&[u8]> {
        self.by_id
            .values()
            .find(|file| file.path == path)
            .map(|file| file.bytes.as_slice())
    }

    /// Takes what `reference` names: `attach://part`, a file id, or nothing but a part called `field`.
    pub fn resolve(
        &mut self,
        kind: FileKind,
        field: &str,
        reference: Option<&str>,
        parameters: &Parameters,
    ) -> Result<String, Refusal> {
        let upload = match reference {
            Some(reference) => match reference.strip_prefix("attach://") {
                Some(part) => parameters
                    .uploads
                    .get(part)
                    .ok_or_else(|| Refusal::bad_request("can't find uploaded file in request"))?,
                None => return self.known(kind, reference),
            },
            None => parameters.uploads.get(field).ok_or_else(|| {
                Refusal::bad_request(format!("there is no {field} in the request"))
            })?,
        };
        check(kind, upload)?;
        Ok(self.keep(
            kind,
            if upload.file_name.is_empty() {
                "file"
            } else {
                &upload.file_name
            },
            upload.bytes.clone(),
        ))
    }

    fn known(&self, kind: FileKind, id: &str) -> Result<String, Refusal> {
        let wrong = || Refusal::bad_request("wrong file identifier/HTTP URL specified");
        let file = self.by_id.get(id).ok_or_else(wrong)?;
        if file.kind != kind {
            let (is, wanted) = (capital(file.kind.field()), capital(kind.field()));
            return Err(Refusal::bad_request(format!(
                "can't use file of type {is} as {wanted}"
            )));
        }
        Ok(file.id.clone())
    }

    /// The field of a message that shows the file.
    pub fn shown(&self, id: &str) -> Map<String, Value> {
        let mut extra = Map::new();
        let Some(file) = self.by_id.get(id) else {
            return extra;
        };
        let unique = format!(
            "AQAD{:0>12}",
            id.trim_start_matches(|c: char| !c.is_ascii_digit())
                .trim_start_matches('0')
        );
        let mut shown =
            json!({"file_id": id, "file_unique_id": unique, "file_size": file.bytes.len()});
        match file.kind {
            FileKind::Photo => {
                let (width, height) = picture_size(&file.bytes).unwrap_or((1280, 960));
                shown["width"] = json!(width);
                shown["height"] = json!(height);
                extra.insert("photo".to_owned(), json!([shown]));
            }
            FileKind::Document => {
                shown["file_name"] = json!(file.name);
                shown["mime_type"] = json!(mime_type(&file.name));
                extra.insert("document".to_owned(), shown);
            }
        }
        extra
    }

    /// `getFile`.
    pub fn info(&self, id: Option<&str>) -> Result<Value, Refusal> {
        let id = id
            .filter(|id| !id.is_empty())
            .ok_or_else(|| Refusal::bad_request("file_id not specified"))?;
        let file = self
            .by_id
            .get(id)
            .ok_or_else(|| Refusal::bad_request("invalid file_id"))?;
        if file.bytes.len() > MAX_DOWNLOAD {
            return Err(Refusal::bad_request("file is too big"));
        }
        let shown = self.shown(id);
        let unique = shown
            .values()
            .find_map(|v| {
                v.pointer("/0/file_unique_id")
                    .or_else(|| v.get("file_unique_id"))
            })
            .cloned();
        Ok(
            json!({"file_id": id, "file_unique_id": unique, "file_size": file.bytes.len(), "file_path": file.path}),
        )
    }
}

fn check(kind: FileKind, upload: &Upload) -> Result<(), Refusal> {
    if upload.bytes.is_empty() {
        return Err(Refusal::bad_request("file must be non-empty"));
    }
    if kind == FileKind::Document {
        return Ok(());
    }
    if upload.bytes.len() > MAX_PHOTO {
        return Err(Refusal::bad_request(format!(
            "file of size {} bytes is too big for a photo; the maximum size is {MAX_PHOTO} bytes",
            upload.bytes.len()
        )));
    }
    let Some((width, height)) = picture_size(&upload.bytes) else {
        return Err(Refusal::bad_request("IMAGE_PROCESS_FAILED"));
    };
    let (long, short) = (width.max(height), width.min(height));
    if width.saturating_add(height) > MAX_PHOTO_SIDES || long > short.saturating_mul(MAX_RATIO) {
        return Err(Refusal::bad_request("PHOTO_INVALID_DIMENSIONS"));
    }
    Ok(())
}

/// Width and height of a picture, in pixels.
fn picture_size(bytes: &[u8]) -> Option<(u32, u32)> {
    png_size(bytes).or_else(|| jpeg_size(bytes))
}

/// Width and height from the head of a PNG.
fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let sides = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?.get(8..16)?;
    let side = |at: usize| sides[at..at + 4].try_into().map(u32::from_be_bytes).ok();
    Some((side(0)?, side(4)?))
}

/// Width and height from the first frame header of a JPEG (ITU-T T.81, B.2.2): markers 0xC0 to 0xCF but those of tables.
fn jpeg_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut rest = bytes.strip_prefix(&[0xff, 0xd8])?;
    while let [0xff, marker, high, low, segment @ ..] = rest {
        let is_frame = matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc);
        if is_frame {
            let [_, height_high, height_low, width_high, width_low, ..] = segment else {
                return None;
            };
            let side = |high: &u8, low: &u8| u32::from(u16::from_be_bytes([*high, *low]));
            return Some((side(width_high, width_low), side(height_high, height_low)));
        }
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        rest = segment.get(length.checked_sub(2)?..)?;
    }
    None
}

fn mime_type(name: &str) -> &'static str {
    let ending = name.rsplit('.').next().unwrap_or_default();
    match ending.to_ascii_lowercase().as_str() {
        "pdf" => "application/pdf",
        "txt" => "text/plain",
        "csv" => "text/csv",
        "html" => "text/html",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => "application/octet-stream",
    }
}

fn capital(field: &str) -> String {
    let mut chars = field.chars();
    chars
        .next()
        .map(|first| first.to_ascii_uppercase().to_string() + chars.as_str())
        .unwrap_or_default()
}
