//! Decimal values and their units of measure; no floating point anywhere.

use rust_decimal::Decimal;

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

/// A value in base units together with how it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amount<'a> {
    /// In base units.
    pub value: Decimal,
    /// How to show it.
    pub unit: &'a UnitOfMeasure,
}
