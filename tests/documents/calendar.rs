//! The calendar, read with a parser of the format.

use icalendar::parser::{read_calendar, unfold};

use crate::{month, written};

struct Happening {
    uid: String,
    start: String,
    end: String,
    all_day: bool,
    summary: String,
    alarms: usize,
}

fn events(arguments: &[&str]) -> Vec<Happening> {
    let text = String::from_utf8(written("calendar.ics", arguments)).unwrap();
    assert!(
        text.lines().all(|line| line.len() <= 75),
        "lines are folded"
    );
    assert!(text.matches('\n').count() == text.matches("\r\n").count());
    let unfolded = unfold(&text);
    let calendar = read_calendar(&unfolded).unwrap();
    let property = |name: &str| {
        calendar
            .properties
            .iter()
            .find(|it| it.name == name)
            .unwrap()
            .val
            .to_string()
    };
    assert_eq!(property("VERSION"), "2.0");
    assert!(property("X-WR-CALDESC").contains("台账序号"));
    let events = calendar.components.iter().map(|event| {
        assert_eq!(event.name, "VEVENT");
        let found = |name: &str| event.find_prop(name).unwrap();
        let alarms = event.components.iter().filter(|it| it.name == "VALARM");
        Happening {
            uid: found("UID").val.to_string(),
            start: found("DTSTART").val.to_string(),
            end: found("DTEND").val.to_string(),
            all_day: found("DTSTART")
                .params
                .iter()
                .any(|it| it.key == "VALUE" && it.val.as_ref().is_some_and(|val| *val == "DATE")),
            summary: found("SUMMARY").val.to_string(),
            alarms: alarms.count(),
        }
    });
    events.collect()
}

#[test]
fn a_persons_deadlines_are_all_day_events_with_alarms() {
    let events = events(&["calendar", "--person", "宋校政"]);
    let days: Vec<(&str, &str)> = events
        .iter()
        .map(|it| (it.summary.as_str(), it.start.as_str()))
        .collect();
    assert_eq!(
        days,
        [
            ("3-1 省级以上绿色工厂 到期", "20270630"),
            ("总-7 数字化研发工具普及率 到期", "20271231"),
            ("2-2 省级5G示范应用场景 到期", "20271231"),
            ("2-3 智能工厂和数字化车间 到期", "20271231"),
            ("3-2 省级以上绿色工厂 到期", "20271231"),
        ]
    );
    assert!(events.iter().all(|it| it.all_day && it.alarms == 2));
    assert_eq!(
        (events[0].uid.as_str(), events[0].end.as_str()),
        ("3-1@rushan.duban", "20270701")
    );
}

#[test]
fn without_a_person_the_deadlines_of_all_are_there_once_each() {
    let all = events(&["calendar"]);
    let mut ids: Vec<&str> = all.iter().map(|it| it.uid.as_str()).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((count, ids.len()), (count, count));
    assert!(all.is_sorted_by_key(|it| it.start.clone()));
    let planned = month()
        .plan
        .indicators
        .iter()
        .filter(|it| it.due.is_some())
        .count();
    assert!((10..planned).contains(&count), "{count} of {planned}");
}
