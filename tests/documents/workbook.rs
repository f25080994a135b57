//! The workbook, read with calamine.

use std::io::Cursor;

use calamine::{Data, Range, Reader, Xlsx, open_workbook_from_rs};
use duban::calendar;
use duban::ledger::Value;

use crate::{month, written};

type Book = Xlsx<Cursor<Vec<u8>>>;

fn book() -> Book {
    open_workbook_from_rs(Cursor::new(written("duban.xlsx", &["export"]))).unwrap()
}

/// The rows under the header, and the header's titles.
fn sheet(book: &mut Book, name: &str) -> (Vec<String>, Vec<Vec<Data>>) {
    let range: Range<Data> = book.worksheet_range(name).unwrap();
    let rows: Vec<Vec<Data>> = range.rows().map(<[Data]>::to_vec).collect();
    let titles = rows[2].iter().map(ToString::to_string).collect();
    (titles, rows[3..].to_vec())
}

fn column<'r>(titles: &[String], row: &'r [Data], title: &str) -> &'r Data {
    let at = titles.iter().position(|known| known == title);
    &row[at.unwrap_or_else(|| panic!("no column {title} in {titles:?}"))]
}

#[test]
fn every_sheet_is_there_with_title_stamp_and_header() {
    let mut book = book();
    let names = [
        "目标台账",
        "举措和交办",
        "填报记录",
        "申请",
        "督办单",
        "协调事项",
        "项目库",
        "佐证材料",
    ];
    assert_eq!(book.sheet_names(), names);
    for name in names {
        let range = book.worksheet_range(name).unwrap();
        let title = range.get((0, 0)).unwrap().to_string();
        assert_eq!(title, format!("推动设备更新和以旧换新工作专班{name}"));
        let stamp = range.get((1, 0)).unwrap().to_string();
        assert!(
            stamp.starts_with("第6期 · 截至2026年12月31日 16:00 · 台账序号"),
            "{stamp}"
        );
    }
}

#[test]
fn targets_stand_in_the_plans_order_with_real_numbers_and_dates() {
    let (titles, rows) = sheet(&mut book(), "目标台账");
    let plan = &month().plan;
    assert_eq!(rows.len(), plan.indicators.len());
    for (row, indicator) in rows.iter().zip(&plan.indicators) {
        let get = |title| column(&titles, row, title);
        assert_eq!(get("目标").to_string(), indicator.name);
        match indicator.target {
            Some(target) => {
                let shown = indicator.unit_of_measure.to_shown(target);
                let shown: f64 = shown.to_string().parse().unwrap();
                assert_eq!(get("目标值"), &Data::Float(shown), "{}", indicator.id);
            }
            None => assert_eq!(get("目标值"), &Data::Empty, "{}", indicator.id),
        }
    }
    // 6-1: the office set a date in the place of a past one, and the unit is behind.
    let row = rows
        .iter()
        .find(|row| *column(&titles, row, "编号") == "6-1");
    let get = |title| column(&titles, row.unwrap(), title);
    let date = |title| get(title).as_date_text();
    assert_eq!(date("时限"), "2027-03-31");
    assert_eq!(date("原时限"), "2024-12-31");
    assert_eq!(get("当前值"), &Data::Float(8.0));
    assert_eq!(get("灯").to_string(), "滞后");
    assert_eq!(get("自评").to_string(), "有困难");
    assert_eq!(get("更新人").to_string(), "李俊卿");
    assert_eq!(date("更新日期"), "2026-11-23");
    let Data::Float(pace) = get("序时进度") else {
        panic!("{:?}", get("序时进度"))
    };
    assert!((0.25..0.35).contains(pace), "{pace}");
}

/// A date as the file keeps it, as people write it.
trait AsDate {
    fn as_date_text(&self) -> String;
}

impl AsDate for Data {
    fn as_date_text(&self) -> String {
        let Data::DateTime(date) = self else {
            panic!("no date: {self:?}")
        };
        let (year, month, day, ..) = date.to_ymd_hms_milli();
        format!("{year:04}-{month:02}-{day:02}")
    }
}

#[test]
fn every_answer_of_the_ledger_is_a_row() {
    let (titles, rows) = sheet(&mut book(), "填报记录");
    let answers = month().answers();
    assert!(answers.len() > 15);
    assert_eq!(rows.len(), answers.len());
    for (row, filed) in rows.iter().zip(&answers) {
        let get = |title| column(&titles, row, title);
        assert_eq!(get("记录号"), &Data::Float(filed.seq as f64));
        let day = calendar::date_of(filed.at).to_string();
        assert_eq!(get("填报时间").as_date_text(), day);
        let done = filed.report.done.as_ref().and_then(|text| text.body());
        assert_eq!(get("进展").to_string(), done.unwrap_or_default());
        if let Value::Number(number) = filed.report.value {
            let indicator = month().plan.indicator(&filed.report.task).unwrap();
            let shown = indicator.unit_of_measure.to_shown(number).to_string();
            assert_eq!(get("数值"), &Data::Float(shown.parse().unwrap()));
        }
    }
}

#[test]
fn what_begins_like_a_formula_stays_text() {
    let mut book = book();
    let (titles, rows) = sheet(&mut book, "填报记录");
    let like = "=SUM(A1:A9) 完成探漏46公里，<b>管网</b> & 阀门";
    let text = rows.iter().map(|row| column(&titles, row, "进展"));
    let found: Vec<&Data> = text
        .filter(|cell| cell.to_string().starts_with('='))
        .collect();
    assert_eq!(found, [&Data::String(like.to_owned())]);
    for name in book.sheet_names() {
        let formulas = book.worksheet_formula(&name).unwrap();
        let formulas: Vec<_> = formulas
            .used_cells()
            .filter(|(.., cell)| !cell.is_empty())
            .collect();
        assert_eq!(formulas, [], "{name}");
    }
}

#[test]
fn requests_slips_and_matters_are_the_ledgers() {
    let mut book = book();
    let (titles, rows) = sheet(&mut book, "申请");
    let said: Vec<String> = ["编号", "类别", "理由或说明", "结果", "办理人", "意见"]
        .map(|title| column(&titles, &rows[0], title).to_string())
        .into();
    let expected = [
        "交-1",
        "延期",
        "两个片区资料未交齐",
        "同意",
        "栾频",
        "延至2026-12-25",
    ];
    assert_eq!(
        (rows.len(), said.as_slice()),
        (1, &expected.map(str::to_owned)[..])
    );

    let (titles, rows) = sheet(&mut book, "督办单");
    let sent = rows
        .iter()
        .filter(|row| *column(&titles, row, "状态") == "待反馈");
    let sent: Vec<String> = sent
        .map(|row| column(&titles, row, "编号").to_string())
        .collect();
    assert_eq!(sent, ["6-1", "9-1"]);

    let (titles, rows) = sheet(&mut book, "协调事项");
    let said: Vec<String> = ["编号", "需协调单位", "事由", "状态"]
        .map(|title| column(&titles, &rows[0], title).to_string())
        .into();
    assert_eq!(said, ["2-2", "市发改局", "协调技改专项资金", "待答复"]);
}

/// One part of the workbook as text.
fn part(name: &str) -> String {
    crate::bulletin::part_of(&written("duban.xlsx", &["export"]), name)
}

#[test]
fn every_sheet_is_frozen_filtered_coloured_and_set_up_for_a4_landscape() {
    let names = part("xl/workbook.xml");
    for (at, columns) in [21, 14, 19, 12, 10, 11, 9, 15].into_iter().enumerate() {
        let sheet = part(&format!("xl/worksheets/sheet{}.xml", at + 1));
        for wanted in [
            r#"state="frozen""#,
            r#"ySplit="3""#,
            "<autoFilter ref=\"A3:",
            r#"<pageSetup paperSize="9" fitToHeight="0" orientation="landscape""#,
            "<pageSetUpPr fitToPage=\"1\"/>",
            "<oddFooter>&amp;L&amp;8第6期 · 截至2026年12月31日 16:00",
            "第 &amp;P 页，共 &amp;N 页</oddFooter>",
        ] {
            assert!(
                sheet.contains(wanted),
                "{wanted} is not in sheet {}",
                at + 1
            );
        }
        let widths = sheet.split_once("<cols>").unwrap().1;
        let widths = widths.split_once("</cols>").unwrap().0;
        let spans = widths.split("<col ").skip(1).map(|col| {
            let of = |key: &str| {
                let text = col.split_once(key).unwrap().1.split('"').next().unwrap();
                text.parse::<usize>().unwrap()
            };
            of("max=\"") + 1 - of("min=\"")
        });
        assert_eq!(spans.sum::<usize>(), columns, "every column has its width");
        let lights = sheet.matches("<cfRule ").count();
        let coloured = if at < 2 { 6 } else { 0 };
        assert_eq!(lights, coloured, "a ground for each light");
        // The header is printed on every page.
        let repeated = format!("name=\"_xlnm.Print_Titles\" localSheetId=\"{at}\"");
        assert!(names.contains(&repeated), "{names}");
    }
}
