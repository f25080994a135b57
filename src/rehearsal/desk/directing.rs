//! What the page asks of the conductor: the clock, breaking things, saving and opening, scripts.

use chrono::DateTime;
use serde::Deserialize;
use serde_json::json;

use super::acting::Outcome;
use super::backstage::{Orders, Speed, Wish};
use crate::rehearsal::page::words;
use crate::rehearsal::world::World;

/// Longest rate limit that can be asked for, in seconds.
const LONGEST_LIMIT: u32 = 3600;

/// `POST /api/clock`.
#[derive(Debug, Deserialize)]
pub(super) struct ClockRequest {
    speed: Option<String>,
    jump: Option<String>,
}

/// `POST /api/break`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct BreakRequest {
    down: Option<bool>,
    slow: Option<bool>,
    rate_limit: Option<u32>,
    restart: Option<String>,
    stop: Option<bool>,
    start: Option<bool>,
}

/// `POST /api/save` and `/api/open`.
#[derive(Debug, Deserialize)]
pub(super) struct NameRequest {
    pub name: String,
}

/// `POST /api/script`.
#[derive(Debug, Deserialize)]
pub(super) struct ScriptRequest {
    text: Option<String>,
    name: Option<String>,
    stop: Option<bool>,
}

pub(super) fn clock(request: &ClockRequest) -> Result<Wish, &'static str> {
    Ok(match (&request.speed, request.jump.as_deref()) {
        (Some(speed), _) => Wish::Speed(Speed::called(speed).ok_or(words::NO_SUCH_SPEED)?),
        (None, Some("next")) => Wish::JumpToNext,
        (None, Some(time)) => {
            let at = DateTime::parse_from_rfc3339(time).map_err(|_| words::NO_SUCH_TIME)?;
            Wish::JumpTo(at.to_utc())
        }
        (None, None) => return Err(words::UNKNOWN_ACT),
    })
}

pub(super) fn faults(world: &World, orders: &Orders, request: &BreakRequest) -> Outcome {
    if request
        .rate_limit
        .is_some_and(|seconds| !(1..=LONGEST_LIMIT).contains(&seconds))
    {
        return Err(words::BAD_SECONDS);
    }
    if let Some(on) = request.slow {
        world.set_slow(on);
    }
    if let Some(seconds) = request.rate_limit {
        world.limit_all(seconds);
    }
    let restart = request.restart.as_deref().map(|_| Wish::Restart);
    let wishes = [
        request.down.map(Wish::Down),
        restart,
        (request.stop == Some(true)).then_some(Wish::Stop),
        (request.start == Some(true)).then_some(Wish::Start),
    ];
    for wish in wishes.into_iter().flatten() {
        orders.hand_in(wish);
    }
    orders.hand_in(Wish::Settle);
    Ok(json!({}))
}

pub(super) fn script(request: ScriptRequest) -> Result<Wish, &'static str> {
    match (request.text, request.stop) {
        (_, Some(true)) => Ok(Wish::StopScript),
        (Some(text), _) => Ok(Wish::Play {
            name: request.name.unwrap_or_default(),
            text,
        }),
        (None, _) => Err(words::EMPTY),
    }
}
