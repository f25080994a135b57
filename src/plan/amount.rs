//! Decimal values and their units of measure; no floating point anywhere.

use std::fmt;

use rust_decimal::Decimal;

use super::Comparator;
use super::vocabulary::split_prefix;

/// The unit of measure of a ratio: 0.8 is shown 0.8:1.
pub const RATIO: &str = ":1";

/// 约 holds within this share of the target.
const ABOUT: Decimal = Decimal::from_parts(5, 0, 0, false, 2);

/// A unit of measure (计量单位) as shown, with the base unit values are kept in: 万辆 is 10,000 辆.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitOfMeasure {
    /// As shown, as in 万辆, %, 座; empty for a milestone; `:1` for a ratio.
    pub shown: String,
    /// Base unit, as in 辆.
    pub base: String,
    /// Base units in one shown unit, as in 10000.
    pub scale: Decimal,
}

impl UnitOfMeasure {
    /// Reads a unit as shown: a prefix 百, 千, 万 or 亿 before another unit becomes the scale.
    pub fn parse(shown: &str) -> Self {
        let shown = shown.trim();
        let (scale, base) = split_prefix(shown);
        Self {
            shown: shown.to_owned(),
            base: base.to_owned(),
            scale,
        }
    }

    /// A number in the shown unit as a value in the base unit; none past what a decimal holds.
    pub fn to_base(&self, shown: Decimal) -> Option<Decimal> {
        shown.checked_mul(self.scale)
    }

    /// A value in the base unit as a number in the shown unit, without trailing zeros.
    pub fn to_shown(&self, base: Decimal) -> Decimal {
        base.checked_div(self.scale).unwrap_or(base).normalize()
    }
}

/// A value in base units together with how it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amount<'a> {
    /// In base units.
    pub value: Decimal,
    /// How to show it.
    pub unit: &'a UnitOfMeasure,
}

/// As people read it: 0.4万辆, 97.5%, 0.8:1, without trailing zeros.
impl fmt::Display for Amount<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.unit.to_shown(self.value), self.unit.shown)
    }
}

/// Whether an actual value meets a target under a comparator; both in the same unit.
pub fn holds(comparator: Comparator, actual: Decimal, target: Decimal) -> bool {
    match comparator {
        Comparator::Above => actual > target,
        Comparator::AtLeast => actual >= target,
        Comparator::AtMost => actual <= target,
        Comparator::Exactly => actual == target,
        Comparator::About => match (actual.checked_sub(target), target.checked_mul(ABOUT)) {
            (Some(distance), Some(tolerance)) => distance.abs() <= tolerance.abs(),
            (None, _) | (_, None) => false,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn units_of_measure_are_read_with_their_prefix() {
        let read = |shown| {
            let unit = UnitOfMeasure::parse(shown);
            format!("{} {}", unit.scale, unit.base)
        };
        assert_eq!(read("万辆"), "10000 辆");
        assert_eq!(read("百家"), "100 家");
        assert_eq!(read("万亿元"), "1000000000000 元");
        assert_eq!(read("座"), "1 座");
        assert_eq!(read("万"), "1 万");
        assert_eq!(read("%"), "1 %");
        assert_eq!(read("百分点"), "1 百分点");
        assert_eq!(read(" :1 "), "1 :1");
        assert_eq!(read(""), "1 ");
        assert_eq!(read("亿亿亿元"), "10000000000000000 亿元");
    }

    #[test]
    fn amounts_are_shown_in_their_unit_without_trailing_zeros() {
        let shown = |value: &str, unit| {
            let unit = UnitOfMeasure::parse(unit);
            Amount {
                value: number(value),
                unit: &unit,
            }
            .to_string()
        };
        assert_eq!(shown("4000", "万辆"), "0.4万辆");
        assert_eq!(shown("15000.00", "万辆"), "1.5万辆");
        assert_eq!(shown("97.50", "%"), "97.5%");
        assert_eq!(shown("0.80", ":1"), "0.8:1");
        assert_eq!(shown("100", "座"), "100座");
        assert_eq!(shown("-0.0", "座"), "0座");
        assert_eq!(shown("3", "万辆"), "0.0003万辆");
    }

    #[test]
    fn shown_and_base_values_turn_into_each_other() {
        let unit = UnitOfMeasure::parse("万㎡");
        assert_eq!(unit.to_base(number("1.2")), Some(number("12000")));
        assert_eq!(unit.to_shown(number("12000")), number("1.2"));
        assert_eq!(unit.to_base(Decimal::MAX), None);
    }

    #[test]
    fn comparators_hold_at_their_edges() {
        let met = |comparator, actual, target| holds(comparator, number(actual), number(target));
        assert!(!met(Comparator::Above, "92", "92") && met(Comparator::Above, "92.1", "92"));
        assert!(met(Comparator::AtLeast, "10.0", "10") && !met(Comparator::AtLeast, "9.9", "10"));
        assert!(met(Comparator::AtMost, "7.9", "7.9") && !met(Comparator::AtMost, "7.91", "7.9"));
        assert!(met(Comparator::Exactly, "1.0", "1") && !met(Comparator::Exactly, "1.1", "1"));
        assert!(met(Comparator::About, "0.95", "1") && met(Comparator::About, "1.05", "1"));
        assert!(!met(Comparator::About, "0.949", "1") && !met(Comparator::About, "1.051", "1"));
        assert!(!holds(Comparator::About, Decimal::MIN, Decimal::MAX));
    }
}
