//! Files of a moment: what people sent as evidence (佐证材料) with answers and closure requests.

use chrono::{DateTime, Utc};

use super::Pack;
use crate::ledger::{Attachment, Fetched, FileRef, Filed, Request, Wish};
use crate::plan::TaskId;

/// A file of an answer or a closure request.
#[derive(Debug, Clone, Copy)]
pub struct FileRow<'a> {
    /// Which file of the ledger.
    pub file: FileRef,
    /// On which task.
    pub task: &'a TaskId,
    /// With what it came.
    pub with: FileWith<'a>,
    /// What Telegram told of it.
    pub attachment: &'a Attachment,
    /// What became of it, and when; none while it waits and once it is redacted.
    pub fetched: Option<(DateTime<Utc>, Fetched)>,
}

/// With what a file came.
#[derive(Debug, Clone, Copy)]
pub enum FileWith<'a> {
    /// An answer.
    Answer(&'a Filed),
    /// A request for closure.
    Closure(&'a Request),
}

impl FileRow<'_> {
    /// Whether it was redacted: its ids are gone.
    pub fn is_redacted(&self) -> bool {
        self.attachment.file_id.id().is_none()
    }

    /// When it came.
    pub fn at(&self) -> DateTime<Utc> {
        match self.with {
            FileWith::Answer(filed) => filed.at,
            FileWith::Closure(request) => request.at,
        }
    }
}

impl<'a> Pack<'a> {
    /// All files, in the order in which they came.
    pub fn files(&self) -> Vec<FileRow<'a>> {
        let answers = self.answers().flat_map(|row| {
            let report = &row.filed.report;
            let with = FileWith::Answer(row.filed);
            self.files_of(row.filed.seq, &report.task, with, &report.evidence)
        });
        let closures = self.requests().into_iter().flat_map(|row| {
            let evidence = match &row.request.wish {
                Wish::Closure { evidence, .. } => evidence.as_slice(),
                Wish::Extension { .. } => &[],
            };
            let with = FileWith::Closure(row.request);
            self.files_of(row.request.seq, row.task, with, evidence)
        });
        let mut rows: Vec<FileRow<'a>> = answers.chain(closures).collect();
        rows.sort_by_key(|row| row.file);
        rows
    }

    fn files_of(
        &self,
        seq: u64,
        task: &'a TaskId,
        with: FileWith<'a>,
        attachments: &'a [Attachment],
    ) -> Vec<FileRow<'a>> {
        let evidence = &self.standing.evidence;
        let rows = attachments.iter().enumerate().map(|(index, attachment)| {
            let file = FileRef { seq, index };
            let row = FileRow {
                file,
                task,
                with,
                attachment,
                fetched: None,
            };
            match row.is_redacted() {
                true => row,
                false => FileRow {
                    fetched: evidence.of(file).copied(),
                    ..row
                },
            }
        });
        rows.collect()
    }
}
