//! The ledger workbook (台账, xlsx): a sheet a table, ready to be read, filtered and printed on A4.

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{
    Color, ConditionalFormatText, ConditionalFormatTextRule, DocProperties, ExcelDateTime, Format,
    FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use super::table::{Cell, Column, Table};
use super::tables::tables;
use super::{Unmade, ground, is_like_a_formula, is_text, stamp_line, title_of};
use crate::calendar;
use crate::digest::Pack;
use crate::ledger::Light;
use crate::render::item;

/// Rows of a sheet above which it is written as it grows, with no more than a row of it in memory.
pub(super) const LARGE: usize = 2_000;

/// UTF-16 units Excel takes in a cell.
const MOST_IN_CELL: usize = 32_767;

/// Rows Excel takes in a sheet.
const MOST_ROWS: usize = 1_048_576;

/// Points of a line of text.
const LINE_HEIGHT: f64 = 12.5;

/// Lines a row is high at most: Excel takes 409 points.
const MOST_LINES: usize = 30;

/// Title, stamp and header stand above the rows.
const HEADER: u32 = 2;

/// Paper size of A4 in the format's own numbering.
const A4: u8 = 9;

/// Margins in inches: left, right, top, bottom, header, footer.
const MARGINS: [f64; 6] = [0.4, 0.4, 0.55, 0.6, 0.3, 0.3];

/// The font of Chinese office software.
const FONT: &str = "宋体";

/// Which formats a column of cells may need.
struct Formats {
    title: Format,
    stamp: Format,
    header: Format,
    text: Format,
    /// Text that would be a formula if somebody typed it.
    guarded: Format,
    centred: Format,
    number: Format,
    whole_number: Format,
    whole: Format,
    percent: Format,
    date: Format,
    moment: Format,
}

/// The whole workbook. `row_made` is called after every row.
///
/// # Errors
/// A table has more rows than a sheet takes, or the temporary file of a large one cannot be written.
pub fn workbook(pack: &Pack<'_>, row_made: &mut dyn FnMut()) -> Result<Vec<u8>, Unmade> {
    let mut book = Workbook::new();
    book.set_properties(&properties(pack)?);
    let formats = Formats::new();
    for table in tables(pack) {
        if table.count + HEADER as usize + 1 > MOST_ROWS {
            return Err(Unmade::TooManyRows(table.count));
        }
        // The file of a large sheet is written row by row; a small one is kept, so that its words are stored once.
        let sheet = match table.count > LARGE {
            true => book.add_worksheet_with_constant_memory()?,
            false => book.add_worksheet(),
        };
        fill(sheet, pack, table, &formats, row_made)?;
    }
    Ok(book.save_to_buffer()?)
}

/// Nothing of the machine or of the hour it is made at.
fn properties(pack: &Pack<'_>) -> Result<DocProperties, XlsxError> {
    Ok(DocProperties::new()
        .set_title(title_of(pack.frame, "台账"))
        .set_author(crate::render::item::OFFICE)
        .set_comment(stamp_line(pack.stamp))
        .set_creation_datetime(&moment(pack.stamp.cut_off_at)?))
}

impl Formats {
    fn new() -> Self {
        let base = Format::new().set_font_name(FONT).set_font_size(10);
        let cell = base
            .clone()
            .set_border(FormatBorder::Thin)
            .set_border_color(Color::RGB(0xBF_BF_BF))
            .set_align(FormatAlign::VerticalCenter)
            .set_text_wrap();
        let centred = cell.clone().set_align(FormatAlign::Center);
        Self {
            title: base
                .clone()
                .set_font_size(16)
                .set_bold()
                .set_align(FormatAlign::VerticalCenter),
            stamp: base
                .set_font_color(Color::RGB(0x59_59_59))
                .set_align(FormatAlign::VerticalCenter),
            header: centred
                .clone()
                .set_bold()
                .set_background_color(Color::RGB(0xDD_E6_F0)),
            guarded: cell.clone().set_quote_prefix(),
            number: cell.clone().set_num_format("#,##0.0###"),
            whole_number: cell.clone().set_num_format("#,##0"),
            whole: centred.clone().set_num_format("0"),
            percent: centred.clone().set_num_format("0.0%"),
            date: centred.clone().set_num_format("yyyy-mm-dd"),
            moment: centred.clone().set_num_format("yyyy-mm-dd hh:mm"),
            text: cell,
            centred,
        }
    }
}

fn fill(
    sheet: &mut Worksheet,
    pack: &Pack<'_>,
    table: Table<'_>,
    formats: &Formats,
    row_made: &mut dyn FnMut(),
) -> Result<(), Unmade> {
    let last = u16::try_from(table.columns.len()).unwrap_or(u16::MAX) - 1;
    sheet.set_name(table.title)?;
    for (at, column) in (0..).zip(table.columns) {
        sheet.set_column_width(at, f64::from(column.width))?;
    }
    head(sheet, pack, &table, formats)?;
    let mut row = HEADER;
    for cells in table.rows {
        row += 1;
        sheet.set_row_height(row, height(table.columns, &cells))?;
        for (at, cell) in (0..).zip(&cells) {
            write(sheet, row, at, cell, formats)?;
        }
        row_made();
    }
    sheet.autofilter(HEADER, 0, row.max(HEADER + 1), last)?;
    sheet.set_freeze_panes(HEADER + 1, frozen_columns(table.columns))?;
    colour_lights(sheet, table.columns, row)?;
    print_set_up(sheet, pack)?;
    Ok(())
}

/// High enough for the longest words of a row: not every program finds that out itself when it opens the file.
fn height(columns: &[Column], cells: &[Cell]) -> f64 {
    let lines = columns.iter().zip(cells).map(|(column, cell)| match cell {
        Cell::Text(text) => lines_in(text, usize::from(column.width)),
        Cell::Empty
        | Cell::Code(..)
        | Cell::Number(_)
        | Cell::Percent(_)
        | Cell::Whole(_)
        | Cell::Date(_)
        | Cell::Moment(_)
        | Cell::Flag(_) => 1,
    });
    let lines = lines.max().unwrap_or(1).min(MOST_LINES);
    LINE_HEIGHT * lines as f64 + LINE_HEIGHT / 2.0
}

/// Lines that words take in a column; a Chinese character is as wide as two of the others.
fn lines_in(text: &str, width: usize) -> usize {
    let lines = text.split('\n').map(|line| {
        let places: usize = line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
        // A character that does not fit any more leaves the end of its line empty.
        places.div_ceil(width.saturating_sub(1).max(2)).max(1)
    });
    lines.sum()
}

/// Title, stamp and header.
fn head(
    sheet: &mut Worksheet,
    pack: &Pack<'_>,
    table: &Table<'_>,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let title = title_of(pack.frame, table.title);
    sheet.set_row_height(0, 26)?;
    sheet.write_string_with_format(0, 0, title, &formats.title)?;
    sheet.write_string_with_format(1, 0, stamp_line(pack.stamp), &formats.stamp)?;
    sheet.set_row_height(HEADER, 30)?;
    for (at, column) in (0..).zip(table.columns) {
        sheet.write_string_with_format(HEADER, at, column.title, &formats.header)?;
    }
    Ok(())
}

/// The columns up to the one that says what a row is about stay in view.
fn frozen_columns(columns: &[Column]) -> u16 {
    let label = columns.iter().position(|column| column.key == "label");
    let label = label.and_then(|at| u16::try_from(at).ok());
    label.map_or(0, |at| at + 1).min(3)
}

fn write(
    sheet: &mut Worksheet,
    row: u32,
    at: u16,
    cell: &Cell,
    formats: &Formats,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => sheet.write_blank(row, at, &formats.text)?,
        Cell::Text(text) => {
            let format = match is_like_a_formula(text) {
                true => &formats.guarded,
                false => &formats.text,
            };
            sheet.write_string_with_format(row, at, fitting(text), format)?
        }
        Cell::Code(_, words) => {
            sheet.write_string_with_format(row, at, *words, &formats.centred)?
        }
        Cell::Number(number) => match float(*number) {
            Some(float) => {
                sheet.write_number_with_format(row, at, float, number_format(*number, formats))?
            }
            None => sheet.write_string_with_format(row, at, number.to_string(), &formats.text)?,
        },
        Cell::Percent(percent) => match float(*percent / Decimal::ONE_HUNDRED) {
            Some(share) => sheet.write_number_with_format(row, at, share, &formats.percent)?,
            None => sheet.write_blank(row, at, &formats.text)?,
        },
        // A seq or a count stays far below what a float holds exactly.
        Cell::Whole(count) => {
            sheet.write_number_with_format(row, at, *count as f64, &formats.whole)?
        }
        Cell::Date(day) => {
            sheet.write_datetime_with_format(row, at, &date(*day)?, &formats.date)?
        }
        Cell::Moment(at_time) => {
            sheet.write_datetime_with_format(row, at, &moment(*at_time)?, &formats.moment)?
        }
        Cell::Flag(flag) => {
            let words = if *flag { "是" } else { "" };
            sheet.write_string_with_format(row, at, words, &formats.centred)?
        }
    };
    Ok(())
}

/// With line ends as Excel writes them, without signs that are no text, and not longer than a cell takes.
fn fitting(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let fits = |c: &char| matches!(c, '\n' | '\t') || is_text(*c);
    let mut units = 0;
    let cell = text.chars().filter(fits).take_while(|c| {
        units += c.len_utf16();
        units <= MOST_IN_CELL
    });
    cell.collect()
}

/// A whole number shows no decimal point.
fn number_format(number: Decimal, formats: &Formats) -> &Format {
    match number.fract().is_zero() {
        true => &formats.whole_number,
        false => &formats.number,
    }
}

fn float(number: Decimal) -> Option<f64> {
    number.to_f64().filter(|float| float.is_finite())
}

fn date(day: NaiveDate) -> Result<ExcelDateTime, XlsxError> {
    let (year, month, day) = parts(day);
    ExcelDateTime::from_ymd(year, month, day)
}

/// Local time.
fn moment(at: DateTime<Utc>) -> Result<ExcelDateTime, XlsxError> {
    let local = calendar::local(at);
    let (year, month, day) = parts(local.date_naive());
    let hour = u16::try_from(local.hour()).unwrap_or_default();
    let minute = u8::try_from(local.minute()).unwrap_or_default();
    ExcelDateTime::from_ymd(year, month, day)?.and_hms(hour, minute, 0.0)
}

fn parts(day: NaiveDate) -> (u16, u8, u8) {
    let year = u16::try_from(day.year()).unwrap_or(u16::MAX);
    let month = u8::try_from(day.month()).unwrap_or(u8::MAX);
    (year, month, u8::try_from(day.day()).unwrap_or(u8::MAX))
}

/// A light's word on a light ground of its colour.
fn colour_lights(
    sheet: &mut Worksheet,
    columns: &[Column],
    last_row: u32,
) -> Result<(), XlsxError> {
    let light = columns.iter().position(|column| column.key == "light");
    let Some(at) = light.and_then(|at| u16::try_from(at).ok()) else {
        return Ok(());
    };
    let lights = [
        Light::Red,
        Light::Yellow,
        Light::Green,
        Light::Grey,
        Light::Done,
        Light::Frozen,
    ];
    for light in lights {
        let format = Format::new().set_background_color(Color::RGB(ground(light)));
        let rule = ConditionalFormatText::new()
            .set_rule(ConditionalFormatTextRule::BeginsWith(
                item::light(light).to_owned(),
            ))
            .set_format(format);
        sheet.add_conditional_format(HEADER + 1, at, last_row.max(HEADER + 1), at, &rule)?;
    }
    Ok(())
}

/// A4 landscape, as wide as the page, the header on every one, the stamp in the footer.
fn print_set_up(sheet: &mut Worksheet, pack: &Pack<'_>) -> Result<(), XlsxError> {
    let [left, right, top, bottom, header, footer] = MARGINS;
    sheet
        .set_paper_size(A4)
        .set_landscape()
        .set_print_fit_to_pages(1, 0)
        .set_margins(left, right, top, bottom, header, footer)
        .set_footer(format!(
            "&L&8{}&R&8第 &P 页，共 &N 页",
            stamp_line(pack.stamp).replace('&', "&&")
        ));
    sheet.set_repeat_rows(HEADER, HEADER)?;
    Ok(())
}
