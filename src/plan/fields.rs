//! The tables of a document, taken field by field so that every mistake is found and has its line.

use std::ops::Range;

use chrono::{NaiveDate, NaiveTime};
use rust_decimal::Decimal;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::document::{At, Findings, date, decimal, time};
use super::mistake::{FieldMistake, Form, MistakeKind, Place};
use super::vocabulary::nearest;

/// Longest word of a fixed choice, in characters.
const MOST_WORD: usize = 100;

/// One table while its fields are taken. A field that is missing or wrong is noted and read as an empty value: a
/// document with a mistake is never used, and what refers to the element is still checked.
pub(super) struct Fields<'f, 's, 'd, 'i> {
    findings: &'f mut Findings<'s>,
    table: &'d DeTable<'i>,
    known: Vec<&'static str>,
    /// Where the table stands.
    pub at: usize,
    /// How mistakes name it.
    pub place: Option<Place>,
}

impl<'f, 's, 'd, 'i> Fields<'f, 's, 'd, 'i> {
    pub(super) fn new(
        findings: &'f mut Findings<'s>,
        table: &'d DeTable<'i>,
        at: usize,
        name: Option<&str>,
    ) -> Self {
        let id = table
            .get("id")
            .and_then(|id| id.get_ref().as_str())
            .map(str::to_owned);
        let place = name.map(|name| Place {
            table: name.to_owned(),
            id,
        });
        Self {
            findings,
            table,
            known: Vec::new(),
            at,
            place,
        }
    }

    /// Notes every field that nobody took.
    pub(super) fn done(self) {
        for key in self
            .table
            .keys()
            .filter(|key| !self.known.contains(&key.get_ref().as_ref()))
        {
            let field = key.get_ref().to_string();
            let nearest = nearest(&field, self.known.iter().copied());
            self.findings.note(
                key.span().start,
                self.place.as_ref(),
                FieldMistake::UnknownField { field, nearest },
            );
        }
    }

    /// Whether nothing wrong was found in the document so far.
    pub(super) fn clean(&self) -> bool {
        self.findings.is_empty()
    }

    pub(super) fn note(&mut self, at: usize, what: impl Into<MistakeKind>) {
        self.findings.note(at, self.place.as_ref(), what);
    }

    /// Lets a field stand that somebody else reads.
    pub(super) fn ignore(&mut self, key: &'static str) {
        self.known.push(key);
    }

    pub(super) fn required_text(&mut self, key: &'static str, limit: usize) -> At<String> {
        let found = self.text(key, limit);
        self.required(key, found)
    }

    pub(super) fn required_date(&mut self, key: &'static str) -> At<NaiveDate> {
        let found = self.date(key);
        self.required(key, found)
    }

    /// A text, trimmed, of at most `limit` characters and without control characters.
    pub(super) fn text(&mut self, key: &'static str, limit: usize) -> Option<At<String>> {
        let value = self.take(key)?;
        Some(self.text_of(key, value, limit).unwrap_or_default())
    }

    /// A list of texts; empty when it is missing.
    pub(super) fn texts(&mut self, key: &'static str, limit: usize) -> Vec<At<String>> {
        let values = self.list(key).unwrap_or_default();
        values
            .iter()
            .filter_map(|value| self.text_of(key, value, limit))
            .collect()
    }

    pub(super) fn flag(&mut self, key: &'static str) -> Option<bool> {
        let value = self.take(key)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.wrong_type(key, value.span(), Form::Flag);
        }
        flag
    }

    /// A whole number within a range.
    pub(super) fn integer(&mut self, key: &'static str, range: Range<u16>) -> Option<At<u16>> {
        let value = self.take(key)?;
        Some(self.integer_of(key, value, range).unwrap_or_default())
    }

    /// Whole numbers within a range; none when the list is missing.
    pub(super) fn integers(
        &mut self,
        key: &'static str,
        range: Range<u16>,
    ) -> Option<Vec<At<u16>>> {
        let values = self.list(key)?;
        Some(
            values
                .iter()
                .filter_map(|value| self.integer_of(key, value, range.clone()))
                .collect(),
        )
    }

    /// A decimal from `least` to `most`.
    pub(super) fn number(
        &mut self,
        key: &'static str,
        least: Decimal,
        most: Decimal,
    ) -> Option<At<Decimal>> {
        let value = self.take(key)?;
        let at = value.span().start;
        match decimal(value.get_ref()) {
            None => self.wrong_type(key, value.span(), Form::Number),
            Some(number) if number < least || number > most => {
                self.note(
                    at,
                    FieldMistake::OutOfRange {
                        field: key,
                        text: number.to_string(),
                        least,
                        most,
                    },
                );
            }
            Some(number) => return Some(At { value: number, at }),
        }
        Some(At { value: least, at })
    }

    pub(super) fn date(&mut self, key: &'static str) -> Option<At<NaiveDate>> {
        let value = self.take(key)?;
        let at = value.span().start;
        let date = date(value.get_ref());
        if date.is_none() {
            self.wrong_type(key, value.span(), Form::Date);
        }
        Some(At {
            value: date.unwrap_or_default(),
            at,
        })
    }

    /// A time of day without seconds, written `"09:00"` or as a TOML time.
    pub(super) fn time(&mut self, key: &'static str) -> Option<At<NaiveTime>> {
        let value = self.take(key)?;
        self.time_of(key, value)
    }

    /// Pairs of times of day; none when the list is missing.
    pub(super) fn time_pairs(
        &mut self,
        key: &'static str,
    ) -> Option<Vec<At<(NaiveTime, NaiveTime)>>> {
        let values = self.list(key)?;
        let mut pairs = Vec::new();
        for value in values {
            match value
                .get_ref()
                .as_array()
                .map(|pair| pair.iter().collect::<Vec<_>>())
                .as_deref()
            {
                Some([from, to]) => {
                    let (from, to) = (self.time_of(key, from), self.time_of(key, to));
                    pairs.extend(from.zip(to).map(|(from, to)| At {
                        value: (from.value, to.value),
                        at: from.at,
                    }));
                }
                Some(_) | None => self.wrong_type(key, value.span(), Form::List),
            }
        }
        Some(pairs)
    }

    /// One of a fixed choice of words.
    pub(super) fn choice<T: Copy>(
        &mut self,
        key: &'static str,
        choices: &[(&'static str, T)],
    ) -> Option<At<T>> {
        let written = self.text(key, MOST_WORD)?;
        if let Some((_, value)) = choices.iter().find(|(word, _)| *word == written.value) {
            return Some(At {
                value: *value,
                at: written.at,
            });
        }
        if !written.value.is_empty() {
            let choices = choices.iter().map(|(word, _)| *word).collect();
            self.note(
                written.at,
                FieldMistake::NotOneOf {
                    field: key,
                    text: written.value,
                    choices,
                },
            );
        }
        None
    }

    /// Whether the key is there at all, and where.
    pub(super) fn position(&self, key: &str) -> Option<usize> {
        self.table.get(key).map(|value| value.span().start)
    }

    /// Whether the value of a key is a list.
    pub(super) fn is_list(&self, key: &str) -> bool {
        self.table
            .get(key)
            .is_some_and(|value| value.get_ref().is_array())
    }

    /// Reads a table within this one.
    pub(super) fn table<T>(
        &mut self,
        key: &'static str,
        name: &str,
        read: impl FnOnce(&mut Fields) -> T,
    ) -> Option<T> {
        let value = self.take(key)?;
        let Some(table) = value.get_ref().as_table() else {
            self.wrong_type(key, value.span(), Form::Table);
            return None;
        };
        Some(element(
            self.findings,
            table,
            value.span().start,
            name,
            read,
        ))
    }

    /// Reads each table of a list of tables, every one on its own.
    pub(super) fn tables<T>(
        &mut self,
        key: &'static str,
        mut read: impl FnMut(&mut Fields) -> T,
    ) -> Vec<T> {
        let Some(value) = self.take(key) else {
            return Vec::new();
        };
        let Some(list) = value.get_ref().as_array() else {
            self.wrong_type(key, value.span(), Form::Tables);
            return Vec::new();
        };
        let mut elements = Vec::with_capacity(list.len());
        for value in list {
            match value.get_ref().as_table() {
                Some(table) => {
                    elements.push(element(
                        self.findings,
                        table,
                        value.span().start,
                        key,
                        &mut read,
                    ));
                }
                None => self.wrong_type(key, value.span(), Form::Tables),
            }
        }
        elements
    }

    fn take(&mut self, key: &'static str) -> Option<&'d Spanned<DeValue<'i>>> {
        self.known.push(key);
        self.table.get(key)
    }

    fn required<T: Default>(&mut self, key: &'static str, found: Option<At<T>>) -> At<T> {
        found.unwrap_or_else(|| {
            self.note(self.at, FieldMistake::MissingField { field: key });
            At {
                value: T::default(),
                at: self.at,
            }
        })
    }

    fn list(&mut self, key: &'static str) -> Option<Vec<&'d Spanned<DeValue<'i>>>> {
        let value = self.take(key)?;
        let list = value.get_ref().as_array().map(|list| list.iter().collect());
        if list.is_none() {
            self.wrong_type(key, value.span(), Form::List);
        }
        list
    }

    fn text_of(
        &mut self,
        field: &'static str,
        value: &Spanned<DeValue<'_>>,
        limit: usize,
    ) -> Option<At<String>> {
        let at = value.span().start;
        let Some(text) = value.get_ref().as_str() else {
            self.wrong_type(field, value.span(), Form::Text);
            return None;
        };
        let text = text.trim();
        let length = text.chars().count();
        if text.is_empty() {
            self.note(at, FieldMistake::Empty { field });
        } else if length > limit {
            self.note(
                at,
                FieldMistake::TooLong {
                    field,
                    length,
                    limit,
                },
            );
        } else if text.chars().any(char::is_control) {
            self.note(at, FieldMistake::ControlCharacter { field });
        }
        Some(At {
            value: text.to_owned(),
            at,
        })
    }

    fn integer_of(
        &mut self,
        field: &'static str,
        value: &Spanned<DeValue<'_>>,
        range: Range<u16>,
    ) -> Option<At<u16>> {
        let at = value.span().start;
        let digits = value
            .get_ref()
            .as_integer()
            .filter(|digits| digits.radix() == 10);
        let Some(digits) = digits.map(|digits| digits.as_str()) else {
            self.wrong_type(field, value.span(), Form::Integer);
            return None;
        };
        let number = digits.parse().ok().filter(|number| range.contains(number));
        if number.is_none() {
            let (least, most) = (
                Decimal::from(range.start),
                Decimal::from(range.end.saturating_sub(1)),
            );
            self.note(
                at,
                FieldMistake::OutOfRange {
                    field,
                    text: digits.to_owned(),
                    least,
                    most,
                },
            );
        }
        number.map(|value| At { value, at })
    }

    fn time_of(
        &mut self,
        field: &'static str,
        value: &Spanned<DeValue<'_>>,
    ) -> Option<At<NaiveTime>> {
        let time = time(value.get_ref());
        if time.is_none() {
            self.wrong_type(field, value.span(), Form::Time);
        }
        time.map(|time| At {
            value: time,
            at: value.span().start,
        })
    }

    fn wrong_type(&mut self, field: &str, span: Range<usize>, expected: Form) {
        self.note(
            span.start,
            FieldMistake::WrongType {
                field: field.to_owned(),
                expected,
            },
        );
    }
}

fn element<T>(
    findings: &mut Findings<'_>,
    table: &DeTable<'_>,
    at: usize,
    name: &str,
    read: impl FnOnce(&mut Fields) -> T,
) -> T {
    let mut fields = Fields::new(findings, table, at, Some(name));
    let value = read(&mut fields);
    fields.done();
    value
}
