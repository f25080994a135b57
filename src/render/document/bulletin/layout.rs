//! How the report looks: page, fonts and spacing by GB/T 9704—2012, in twentieths of a point and half points as the format counts.

use docx_rs::{
    AlignmentType, BorderType, DocGrid, DocGridType, Docx, Footer, HeightRule, LineSpacing,
    LineSpacingType, PageMargin, PageNum, Paragraph, ParagraphBorder, ParagraphBorderPosition,
    ParagraphBorders, Pic, Run, RunFonts, Shading, SpecialIndentType, Style, StyleType, Tab,
    TabValueType, Table, TableCell, TableCellMargins, TableLayoutType, TableRow, VAlignType,
    WidthType,
};

use super::words::Front;
use super::{Block, Entry, Grid, Picture};
use crate::ledger::Light;
use crate::render::document::clean;
use crate::render::item::{self, OFFICE};

/// A4.
const PAGE: (u32, u32) = (11_906, 16_838);
/// 37 mm above, 35 mm below, 28 mm left, 26 mm right.
const TOP: i32 = 2_098;
const BOTTOM: i32 = 1_984;
const LEFT: i32 = 1_587;
const RIGHT: i32 = 1_474;
/// The page number stands 7 mm below the text.
const FOOTER: i32 = 1_077;
/// Width of the text: 156 mm.
const TEXT_WIDTH: usize = 8_845;
/// 28 points a line: 22 lines a page.
const LINE: i32 = 560;
/// Twentieths of a point between characters: so 28 of 三号 fit on a line.
const SPACING: i32 = -4;
/// Two characters of 三号.
const INDENT: i32 = 640;

/// 小初, 二号, 三号, 四号, 五号, 小五 in half points.
const SIZE_MAST: usize = 72;
const SIZE_TITLE: usize = 44;
const SIZE_BODY: usize = 32;
const SIZE_PAGE: usize = 28;
const SIZE_CELL: usize = 21;
const SIZE_STAMP: usize = 18;

const TITLE_FONT: &str = "方正小标宋简体";
const BODY_FONT: &str = "仿宋_GB2312";
const HEADING_FONT: &str = "黑体";
const SUBHEADING_FONT: &str = "楷体_GB2312";
const PAGE_FONT: &str = "宋体";
const LATIN_FONT: &str = "Times New Roman";

/// The red of a masthead.
const RED: &str = "C00000";

/// Rows at the end of the text that go with the imprint.
const ROWS_THAT_STAY: usize = 3;

/// Styles the office finds in its list.
const HEADING: &str = "Heading1";
const SUBHEADING: &str = "Heading2";
const BODY: &str = "BodyText";

/// English metric units a pixel of the picture takes when the picture is as wide as the text.
const EMU_A_TWIP: u64 = 635;
/// Most height of the picture, in twips: a page of text less two lines.
const MOST_PICTURE: u64 = 11_600;

pub(super) fn document(front: &Front, body: &[Block], board: Option<&Picture>) -> Docx {
    let mut docx = page(front);
    for style in styles() {
        docx = docx.add_style(style);
    }
    docx = masthead(docx, front);
    for (at, block) in body.iter().enumerate() {
        // The imprint never stands alone on a page: the end of the text goes over with it.
        let is_last = at + 1 == body.len();
        docx = match block {
            Block::Heading(words) => docx.add_paragraph(styled(HEADING, words)),
            Block::Subheading(words) => docx.add_paragraph(styled(SUBHEADING, words)),
            Block::Text(words) => docx.add_paragraph(styled(BODY, words).keep_next(is_last)),
            // A table is followed by a paragraph, so that the next does not grow onto it.
            Block::Grid(grid) => docx
                .add_table(table(grid, is_last))
                .add_paragraph(gap().keep_next(is_last)),
            Block::Board => match board {
                Some(picture) => docx.add_paragraph(pictured(picture)),
                None => docx,
            },
        };
    }
    imprint(docx, front)
}

fn page(front: &Front) -> Docx {
    let margin = PageMargin::new()
        .top(TOP)
        .bottom(BOTTOM)
        .left(LEFT)
        .right(RIGHT);
    let mut docx = Docx::new()
        .page_size(PAGE.0, PAGE.1)
        .page_margin(margin.header(850).footer(FOOTER))
        .default_fonts(fonts(BODY_FONT))
        .default_size(SIZE_BODY)
        .created_at(&front.made)
        .updated_at(&front.made)
        .footer(footer(front, AlignmentType::Right))
        .even_footer(footer(front, AlignmentType::Left));
    let grid = DocGrid::new().grid_type(DocGridType::Lines);
    let line = usize::try_from(LINE).unwrap_or_default();
    docx.document = docx.document.doc_grid(grid.line_pitch(line));
    docx
}

fn fonts(east_asian: &str) -> RunFonts {
    RunFonts::new()
        .ascii(LATIN_FONT)
        .hi_ansi(LATIN_FONT)
        .east_asia(east_asian)
}

fn styles() -> [Style; 3] {
    let style = |id: &str, name: &str, font: &str| {
        Style::new(id, StyleType::Paragraph)
            .name(name)
            .fonts(fonts(font))
            .size(SIZE_BODY)
            .line_spacing(exactly(LINE))
            .indent(None, Some(SpecialIndentType::FirstLine(INDENT)), None, None)
            .first_line_chars(200)
    };
    [
        style(BODY, "Body Text", BODY_FONT),
        style(HEADING, "heading 1", HEADING_FONT).outline_lvl(0),
        style(SUBHEADING, "heading 2", SUBHEADING_FONT).outline_lvl(1),
    ]
}

fn exactly(line: i32) -> LineSpacing {
    LineSpacing::new()
        .line_rule(LineSpacingType::Exact)
        .line(line)
}

fn run(words: &str) -> Run {
    Run::new().add_text(clean(words))
}

fn styled(style: &str, words: &str) -> Paragraph {
    let heading = style != BODY;
    Paragraph::new()
        .style(style)
        .keep_next(heading)
        .add_run(run(words).character_spacing(SPACING))
}

/// Issuer, 工作简报, number, who and when above a red line, then the title.
fn masthead(docx: Docx, front: &Front) -> Docx {
    let red = |words: &str, size| {
        let run = run(words).fonts(fonts(TITLE_FONT)).size(size).color(RED);
        Paragraph::new()
            .align(AlignmentType::Center)
            .snap_to_grid(false)
            .add_run(run)
    };
    let right = Tab::new().val(TabValueType::Right).pos(TEXT_WIDTH);
    let line = ParagraphBorder::new(ParagraphBorderPosition::Bottom);
    let line = line.val(BorderType::Single).size(18).space(6).color(RED);
    let issued = Paragraph::new()
        .add_tab(right)
        .line_spacing(exactly(LINE))
        .set_borders(ParagraphBorders::with_empty().set(line))
        .add_run(run(OFFICE))
        .add_run(Run::new().add_tab())
        .add_run(run(&front.date));
    let title = run(&front.title).fonts(fonts(TITLE_FONT)).size(SIZE_TITLE);
    let title = Paragraph::new()
        .align(AlignmentType::Center)
        .snap_to_grid(false)
        .line_spacing(LineSpacing::new().before(480).after(360))
        .add_run(title);
    let number = Paragraph::new()
        .align(AlignmentType::Center)
        .add_run(run(&front.number));
    docx.add_paragraph(red(&front.issuer, SIZE_TITLE))
        .add_paragraph(red("工作简报", SIZE_MAST))
        .add_paragraph(number)
        .add_paragraph(issued)
        .add_paragraph(title)
}

/// 版记: to whom it goes, who made it and when, between two lines.
fn imprint(docx: Docx, front: &Front) -> Docx {
    let line = |position| {
        let line = ParagraphBorder::new(position).val(BorderType::Single);
        ParagraphBorders::with_empty().set(line.size(6).space(2).color("000000"))
    };
    let right = Tab::new().val(TabValueType::Right).pos(TEXT_WIDTH);
    let paragraph = |words: &str| {
        let run = run(words).size(SIZE_PAGE);
        Paragraph::new().line_spacing(exactly(LINE)).add_run(run)
    };
    let printed = format!("{}印发", front.date);
    let last = paragraph(OFFICE)
        .add_tab(right)
        .set_borders(line(ParagraphBorderPosition::Bottom))
        .add_run(Run::new().add_tab())
        .add_run(run(&printed).size(SIZE_PAGE));
    docx.add_paragraph(gap().keep_next(true))
        .add_paragraph(
            paragraph("报：组长、副组长。")
                .keep_next(true)
                .set_borders(line(ParagraphBorderPosition::Top)),
        )
        .add_paragraph(paragraph("送：各成员单位。").keep_next(true))
        .add_paragraph(last)
}

/// — 1 —, on the right of odd pages and on the left of even ones; below it the stamp.
fn footer(front: &Front, side: AlignmentType) -> Footer {
    let number = fonts(PAGE_FONT).ascii(PAGE_FONT).hi_ansi(PAGE_FONT);
    let dash = |words: &str| run(words).fonts(number.clone()).size(SIZE_PAGE);
    // One character of 四号 from the edge.
    let inset = Some(280);
    let paragraph = Paragraph::new()
        .align(side)
        .size(SIZE_PAGE)
        .fonts(number.clone());
    let paragraph = match side {
        AlignmentType::Left => paragraph.indent(inset, None, None, None),
        _ => paragraph.indent(None, None, inset, None),
    };
    let paragraph = paragraph
        .add_run(dash("— "))
        .add_page_num(PageNum::new())
        .add_run(dash(" —"));
    let stamp = run(&front.stamp).size(SIZE_STAMP).color("7F7F7F");
    let stamp = Paragraph::new().align(AlignmentType::Center).add_run(stamp);
    Footer::new().add_paragraph(paragraph).add_paragraph(stamp)
}

/// Half a line between a table and what follows, off the grid, which knows whole lines alone.
fn gap() -> Paragraph {
    Paragraph::new()
        .snap_to_grid(false)
        .line_spacing(exactly(LINE / 2))
}

fn pictured(picture: &Picture) -> Paragraph {
    let most = TEXT_WIDTH as u64 * EMU_A_TWIP;
    let height = most * u64::from(picture.height) / u64::from(picture.width.max(1));
    let height = height.min(MOST_PICTURE * EMU_A_TWIP);
    let width = height * u64::from(picture.width) / u64::from(picture.height.max(1));
    let emu = |length: u64| u32::try_from(length).unwrap_or(u32::MAX);
    // The crate counts its pictures on for as long as the program runs; here they are told apart within one file.
    let pic = Pic::new_with_dimensions(picture.png.clone(), picture.width, picture.height)
        .id("rIdImage1")
        .size(emu(width), emu(height));
    Paragraph::new()
        .align(AlignmentType::Center)
        .snap_to_grid(false)
        .add_run(Run::new().add_image(pic))
}

/// `stays`: its last rows stay on the page of what follows.
fn table(grid: &Grid, stays: bool) -> Table {
    let shares: usize = grid
        .columns
        .iter()
        .map(|(_, share)| usize::from(*share))
        .sum();
    let width = |share: u16| TEXT_WIDTH * usize::from(share) / shares.max(1);
    let widths: Vec<usize> = grid
        .columns
        .iter()
        .map(|(_, share)| width(*share))
        .collect();
    let heading = grid.columns.iter().zip(&widths).map(|((title, _), width)| {
        let words = run(title).fonts(fonts(HEADING_FONT)).size(SIZE_CELL);
        cell(*width, AlignmentType::Center, words, true).shading(Shading::new().fill("EAEFF5"))
    });
    let mut rows = vec![row(heading.collect())];
    for (at, entries) in grid.rows.iter().enumerate() {
        let stays = stays && at + ROWS_THAT_STAY >= grid.rows.len();
        let cells = entries
            .iter()
            .zip(&widths)
            .map(|(entry, width)| filled(entry, *width, stays));
        rows.push(row(cells.collect()));
    }
    Table::new(rows)
        .set_grid(widths)
        .layout(TableLayoutType::Fixed)
        .width(TEXT_WIDTH, WidthType::Dxa)
        .margins(TableCellMargins::new().margin(30, 70, 30, 70))
}

fn row(cells: Vec<TableCell>) -> TableRow {
    TableRow::new(cells)
        .row_height(380.0)
        .height_rule(HeightRule::AtLeast)
        .cant_split()
}

fn filled(entry: &Entry, width: usize, stays: bool) -> TableCell {
    let words = |words: &str| run(words).size(SIZE_CELL);
    let cell = |side, words| cell(width, side, words, stays);
    match entry {
        Entry::Words(text) => cell(AlignmentType::Left, words(text)),
        Entry::Mark(text) => cell(AlignmentType::Center, words(text)),
        Entry::Light(light) => cell(AlignmentType::Center, words(item::light(*light)))
            .shading(Shading::new().fill(ground(*light))),
    }
}

/// `stays`: on the page of the row below, or of the paragraph behind the table.
fn cell(width: usize, side: AlignmentType, words: Run, stays: bool) -> TableCell {
    let paragraph = Paragraph::new()
        .align(side)
        .keep_next(stays)
        .snap_to_grid(false)
        .line_spacing(exactly(300))
        .add_run(words);
    TableCell::new()
        .width(width, WidthType::Dxa)
        .vertical_align(VAlignType::Center)
        .add_paragraph(paragraph)
}

/// The light ground of a light's word, as in the workbook.
fn ground(light: Light) -> String {
    format!("{:06X}", crate::render::document::ground(light))
}
