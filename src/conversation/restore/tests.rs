//! The numbers that the office types.

use super::*;

#[test]
fn the_two_numbers_are_read_in_either_order_and_nothing_else_is_taken_for_them() {
    let read = |text: &str| numbers_in(text).map(|seen| (seen.digest, seen.seq));
    for text in [
        "17 52",
        "第17期 第52号",
        "周报第17期，记录第52号。",
        "第52号，第17期",
        "１７，５２",
        "17/52",
    ] {
        assert_eq!(read(text), Some((17, 52)), "{text}");
    }
    assert_eq!(read("0 1"), Some((0, 1)));
    for text in [
        "",
        "17",
        "17 52 3",
        "6-1 已完成 9 座",
        "/status 6",
        "-17 52",
        "99999999999999999999 1",
    ] {
        assert_eq!(read(text), None, "{text}");
    }
    assert_eq!(read("99999999999 1"), Some((u32::MAX, 1)));
}
