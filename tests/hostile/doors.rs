//! What must hold for any bytes at each door: read as a number, as a date, as a plan file, as button data, as a posted body.
//!
//! The fuzz targets use this file as it is, so that they hold what the tests hold.

use chrono::{DateTime, NaiveDate};
use duban::conversation::payload::Payload;
use duban::conversation::{BotAccount, date, number};
use duban::plan::{self, AdoptionText, Settings, UnitOfMeasure};
use duban::telegram::{Intake, Received, read, take_posted};
use rust_decimal::Decimal;

/// Longest button data that Telegram lets through, in bytes.
pub const MOST_DATA: usize = 64;

const UNITS: [&str; 6] = ["座", "万辆", "%", ":1", "", "亿千瓦时"];

/// A number as typed, for targets in several units of measure.
pub fn number(typed: &str) {
    for unit in UNITS {
        let unit = UnitOfMeasure::parse(unit);
        for (target, last, negative) in [
            (None, None, true),
            (Some(Decimal::TEN), Some(Decimal::from(8)), false),
            (Some(Decimal::MAX), Some(Decimal::MIN), true),
        ] {
            let expected = number::Expected {
                unit: &unit,
                target,
                last,
                negative,
            };
            let values = match number::read(typed, &expected) {
                number::Reading::Accepted(value) => vec![value],
                number::Reading::Ambiguous(ambiguity) => {
                    assert!(
                        !ambiguity.readings.is_empty(),
                        "nothing to choose from: {typed:?}"
                    );
                    ambiguity.readings
                }
                number::Reading::Refused(_) => continue,
            };
            let below_zero = values.iter().any(|value| *value < Decimal::ZERO);
            assert!(negative || !below_zero, "below zero: {typed:?}: {values:?}");
            assert!(
                typed.trim().chars().count() <= number::MOST_TYPED,
                "{typed:?}"
            );
        }
    }
    // A unit of measure is itself a text of the plan's.
    let unit = UnitOfMeasure::parse(typed);
    let expected = number::Expected {
        unit: &unit,
        target: None,
        last: None,
        negative: true,
    };
    number::read(typed, &expected);
    number::read("8", &expected);
}

/// A date as written, alone, at the beginning and inside a sentence.
pub fn date(text: &str) {
    let days = [(2026, 11, 23), (2024, 2, 29), (1970, 1, 1)];
    let days = days.map(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d).expect("a date"));
    for today in days.into_iter().chain([NaiveDate::MIN, NaiveDate::MAX]) {
        for toward in [date::Toward::Future, date::Toward::Past] {
            date::read(text, today, toward);
            if let Some((_, rest)) = date::leading(text, today, toward) {
                assert!(text.ends_with(rest), "{text:?} leaves {rest:?}");
            }
        }
        if let Some(found) = date::find_ahead(text, today) {
            assert!(found >= today, "{text:?} is {found}, before {today}");
        }
    }
}

/// A plan file: read whole or refused with mistakes at its lines; what is read can be adopted and compared.
pub fn plan_file(source: &str) {
    match plan::read(source, "plan.toml") {
        Ok(read) => {
            let text =
                AdoptionText::new(source.to_owned(), &Settings::default(), Default::default());
            let frame = duban::ledger::Frame::read(&text).expect("what was read can be adopted");
            let changed = plan::diff(&frame.plan, &read);
            assert!(changed.is_empty(), "it differs from itself: {changed:?}");
            plan::gaps(&read);
        }
        Err(mistakes) => {
            assert!(!mistakes.is_empty(), "refused without a mistake");
            let lines = source.lines().count() + 1;
            for mistake in mistakes {
                assert!(
                    (1..=lines).contains(&mistake.line),
                    "{mistake:?} of {lines} lines"
                );
            }
        }
    }
}

/// Button data: what is understood is written again as it was understood, and fits into a button.
pub fn payload(data: &str) {
    if let Some(payload) = Payload::decode(data) {
        assert!(data.len() <= MOST_DATA, "no button of ours has {data:?}");
        assert_eq!(
            Payload::decode(&payload.encode()).as_ref(),
            Some(&payload),
            "{data:?}"
        );
    }
}

/// A body posted to the webhook: it is kept as what it is or refused, and what is kept is read or set aside.
pub fn webhook_body(body: &[u8]) {
    let bot = BotAccount {
        id: 1,
        username: "duban_bot".to_owned(),
    };
    let mut intake = Intake::new(bot.clone());
    match take_posted(&mut intake, body, DateTime::UNIX_EPOCH, |_| {}) {
        Received::Kept(row) | Received::Opens { row, .. } | Received::Follows { row, .. } => {
            let value: serde_json::Value =
                serde_json::from_slice(body).expect("it was read before");
            let kept: serde_json::Value =
                serde_json::from_str(&row.body).expect("it is kept as JSON");
            assert_eq!(value, kept, "it is kept as something else");
            if let Err(error) = read(&row.body, &bot) {
                assert!(!error.to_string().is_empty());
            }
        }
        Received::Passed(id) => {
            let value: serde_json::Value =
                serde_json::from_slice(body).expect("it was read before");
            assert_eq!(value["update_id"], id);
        }
        Received::NoUpdate => {}
    }
}
