//! A TOML document with the lines of its mistakes, and its plain values as ours.
//!
//! Numbers are read from their digits as written: serde would pass them through floating point.

use chrono::{NaiveDate, NaiveTime};
use rust_decimal::Decimal;
use toml::de::{DeTable, DeValue};

use super::mistake::{FieldMistake, Mistake, MistakeKind, Place};

/// A value and the byte where it stands.
#[derive(Debug, Clone, Default)]
pub(super) struct At<T> {
    pub value: T,
    pub at: usize,
}

/// The mistakes of one file as they are found.
pub(super) struct Findings<'s> {
    file: &'s str,
    line_starts: Vec<usize>,
    mistakes: Vec<(usize, Mistake)>,
}

impl<'s> Findings<'s> {
    pub(super) fn new(source: &str, file: &'s str) -> Self {
        let breaks = source
            .bytes()
            .enumerate()
            .filter(|(_, byte)| *byte == b'\n')
            .map(|(at, _)| at + 1);
        Self {
            file,
            line_starts: std::iter::once(0).chain(breaks).collect(),
            mistakes: Vec::new(),
        }
    }

    /// The line, from 1, of a byte.
    pub(super) fn line(&self, at: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= at)
    }

    pub(super) fn note(&mut self, at: usize, place: Option<&Place>, what: impl Into<MistakeKind>) {
        let mistake = Mistake {
            file: self.file.to_owned(),
            line: self.line(at),
            place: place.cloned(),
            what: what.into(),
        };
        self.mistakes.push((at, mistake));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.mistakes.is_empty()
    }

    /// All mistakes in the order of the file.
    pub(super) fn into_mistakes(mut self) -> Vec<Mistake> {
        self.mistakes.sort_by_key(|(at, _)| *at);
        self.mistakes
            .into_iter()
            .map(|(_, mistake)| mistake)
            .collect()
    }
}

/// Parses a document. Syntax errors hide what follows them, so they are told alone, all of them.
pub(super) fn parse<'i>(source: &'i str, findings: &mut Findings<'_>) -> Option<DeTable<'i>> {
    let (document, errors) = DeTable::parse_recoverable(source);
    for error in &errors {
        let at = error.span().map_or(0, |span| span.start);
        findings.note(
            at,
            None,
            FieldMistake::Syntax {
                detail: error.message().to_owned(),
            },
        );
    }
    errors.is_empty().then(|| document.into_inner())
}

/// A decimal number; none for infinities, numbers past what a decimal holds exactly and anything else.
pub(super) fn decimal(value: &DeValue<'_>) -> Option<Decimal> {
    let digits = match value {
        DeValue::Integer(digits) if digits.radix() == 10 => digits.as_str(),
        DeValue::Float(digits) => digits.as_str(),
        DeValue::Integer(_)
        | DeValue::String(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_)
        | DeValue::Array(_)
        | DeValue::Table(_) => return None,
    };
    let digits = digits.strip_prefix('+').unwrap_or(digits);
    if digits.contains(['e', 'E']) {
        Decimal::from_scientific(digits).ok()
    } else {
        Decimal::from_str_exact(digits).ok()
    }
}

/// A date without a time.
pub(super) fn date(value: &DeValue<'_>) -> Option<NaiveDate> {
    let moment = value.as_datetime().filter(|moment| moment.time.is_none())?;
    let date = moment.date?;
    NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into())
}

/// A time of day without seconds, written `"09:00"` or as a TOML time.
pub(super) fn time(value: &DeValue<'_>) -> Option<NaiveTime> {
    if let Some(text) = value.as_str() {
        return NaiveTime::parse_from_str(text.trim(), "%H:%M").ok();
    }
    let moment = value.as_datetime().filter(|moment| moment.date.is_none())?;
    let time = moment
        .time
        .filter(|time| time.second.unwrap_or(0) == 0 && time.nanosecond.unwrap_or(0) == 0)?;
    NaiveTime::from_hms_opt(time.hour.into(), time.minute.into(), 0)
}
