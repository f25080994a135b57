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
