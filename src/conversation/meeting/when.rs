//! Day, time and place of a meeting as people write them: 12月3日下午2点半 三楼会议室.

use chrono::{NaiveDate, NaiveTime};

use super::MeetingSay;
use super::vocabulary::{self, Half};
use crate::conversation::date::{self, Toward};
use crate::conversation::number::small;

/// Characters a place may have.
pub const MOST_PLACE: usize = 60;

/// Characters an hour may have, as in 二十三.
const MOST_HOUR: usize = 3;

/// Hours that nobody meets at in the night: without a word before them they are the afternoon's.
const AFTERNOON: std::ops::RangeInclusive<u32> = 1..=6;

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct When {
    pub on: NaiveDate,
    pub at: Option<NaiveTime>,
    pub place: Option<String>,
}

/// Reads all three. A time or a place alone changes what is known already.
pub(super) fn read(text: &str, today: NaiveDate, known: Option<When>) -> Result<When, MeetingSay> {
    let text = vocabulary::plain(text);
    let day = date::leading(&text, today, Toward::Future);
    let (on, rest) = match (&day, &known) {
        (Some((on, rest)), _) => (*on, *rest),
        (None, Some(known)) => (known.on, text.as_str()),
        (None, None) => return Err(MeetingSay::DateUnclear),
    };
    let time = time(trimmed(rest));
    let (at, rest) = time.map_or((None, rest), |(at, rest)| (Some(at), rest));
    if day.is_none() && at.is_none() {
        return Err(MeetingSay::DateUnclear);
    }
    let place = trimmed(rest);
    let length = place.chars().count();
    if length > MOST_PLACE {
        return Err(MeetingSay::PlaceTooLong(length));
    }
    // 25:00 is no place either.
    let hour = place.trim_start_matches(|c: char| c.is_ascii_digit());
    if hour.len() < place.len() && hour.starts_with(vocabulary::COLON) {
        return Err(MeetingSay::DateUnclear);
    }
    let place = (!place.is_empty()).then(|| place.to_owned());
    let same_day = known.filter(|_| day.is_none());
    Ok(When {
        on,
        at,
        place: place.or_else(|| same_day?.place),
    })
}

fn trimmed(mut text: &str) -> &str {
    loop {
        text = text.trim();
        let shorter = vocabulary::AROUND
            .iter()
            .find_map(|word| text.strip_prefix(word));
        match shorter {
            Some(shorter) => text = shorter,
            None => return text.trim_end_matches(vocabulary::TAILS),
        }
    }
}

/// The time at the beginning of a text, and what follows it.
fn time(text: &str) -> Option<(NaiveTime, &str)> {
    let half = vocabulary::HALVES
        .iter()
        .find_map(|(word, half)| Some((*half, text.strip_prefix(word)?)));
    let (half, rest) = half.map_or((None, text), |(half, rest)| (Some(half), rest));
    let (hour, rest) = hour(rest.trim_start())?;
    let (minute, rest) = minutes(rest)?;
    let hour = match half {
        Some(Half::Afternoon) if hour < 12 => hour + 12,
        Some(Half::Noon) if hour < 4 => hour + 12,
        None if AFTERNOON.contains(&hour) => hour + 12,
        Some(Half::Morning | Half::Noon | Half::Afternoon) | None => hour,
    };
    Some((NaiveTime::from_hms_opt(hour, minute, 0)?, rest))
}

/// The hour before its sign, and the text from the sign on.
fn hour(text: &str) -> Option<(u32, &str)> {
    let is_sign = |c: char| c == vocabulary::COLON || vocabulary::HOUR_SIGNS.contains(&c);
    let signs = text.char_indices().take(MOST_HOUR + 1);
    let (end, _) = signs.into_iter().find(|(_, c)| is_sign(*c))?;
    let (number, rest) = text.split_at(end);
    let (hour, behind) = small(number)?;
    behind.trim().is_empty().then_some((hour, rest))
}

/// Minutes behind an hour: none where nothing says that the number before was one.
fn minutes(text: &str) -> Option<(u32, &str)> {
    if let Some(rest) = text.strip_prefix(vocabulary::COLON) {
        let (digits, rest) = rest.split_at_checked(2)?;
        return Some((digits.parse().ok()?, rest));
    }
    let rest = vocabulary::HOUR
        .iter()
        .find_map(|word| text.strip_prefix(word))?;
    let in_words = vocabulary::MINUTES
        .iter()
        .find_map(|(word, minutes)| Some((*minutes, rest.strip_prefix(word)?)));
    if let Some(found) = in_words {
        return Some(found);
    }
    match small(rest) {
        Some((minutes, rest)) if minutes < 60 => {
            let behind = rest.strip_prefix(vocabulary::MINUTE);
            Some((minutes, behind.unwrap_or(rest)))
        }
        Some(_) | None => Some((0, rest)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn read_on(text: &str) -> Option<(String, String, String)> {
        let when = read(text, day("2026-11-27"), None).ok()?;
        let at = when
            .at
            .map_or_else(String::new, |at| at.format("%H:%M").to_string());
        Some((when.on.to_string(), at, when.place.unwrap_or_default()))
    }

    #[test]
    fn day_time_and_place_are_read_however_they_are_written() {
        let whole = Some((
            "2026-12-03".to_owned(),
            "14:30".to_owned(),
            "三楼会议室".to_owned(),
        ));
        for text in [
            "12月3日下午2点半三楼会议室",
            "12月3日 14:30 三楼会议室",
            "12月3日１４：３０，地点：三楼会议室。",
            "2026-12-03 14:30 三楼会议室",
            "12.3 2:30 三楼会议室",
            "下周四下午两点三十分在三楼会议室",
            "12/3 14时30分 三楼会议室",
        ] {
            assert_eq!(read_on(text), whole, "{text}");
        }
    }

    #[test]
    fn time_and_place_may_be_left_out() {
        let of = |on: &str, at: &str, place: &str| {
            Some((on.to_owned(), at.to_owned(), place.to_owned()))
        };
        assert_eq!(read_on("12月3日"), of("2026-12-03", "", ""));
        assert_eq!(read_on("明天上午9点"), of("2026-11-28", "09:00", ""));
        assert_eq!(read_on("12月1 4点"), of("2026-12-01", "16:00", ""));
        assert_eq!(
            read_on("12月10日 301会议室"),
            of("2026-12-10", "", "301会议室")
        );
        assert_eq!(read_on("周一中午12点"), of("2026-11-30", "12:00", ""));
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for text in ["三楼会议室", "14:30", "12月3日 25:00", "12月35日", ""] {
            assert_eq!(read_on(text), None, "{text}");
        }
        let long = format!("12月3日 {}", "长".repeat(61));
        assert_eq!(
            read(&long, day("2026-11-27"), None),
            Err(MeetingSay::PlaceTooLong(61))
        );
    }

    #[test]
    fn a_time_alone_keeps_the_day_and_the_place() {
        let known = read("12月3日 14:30 三楼会议室", day("2026-11-27"), None).unwrap();
        let later = read("15:00", day("2026-11-27"), Some(known.clone())).unwrap();
        assert_eq!(
            (later.on, later.place.clone()),
            (known.on, known.place.clone())
        );
        assert_eq!(later.at, NaiveTime::from_hms_opt(15, 0, 0));
        let moved = read("12月4日", day("2026-11-27"), Some(known)).unwrap();
        assert_eq!((moved.at, moved.place), (None, None));
    }
}
