//! The report, read as a zip of XML.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::{month, written};

/// The parts of the report of the third digest.
pub fn parts() -> BTreeMap<String, String> {
    let bytes = written("bulletin.docx", &["bulletin", "--number", "3"]);
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let names = archive.file_names().map(|name| name.unwrap().into_owned());
    let names: Vec<String> = names.collect();
    let mut parts = BTreeMap::new();
    let text = |name: &String| !name.ends_with('/') && !name.starts_with("word/media/");
    for name in names.into_iter().filter(text) {
        let mut text = String::new();
        archive
            .by_name(&name)
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        parts.insert(name, text);
    }
    parts
}

/// One part of a report.
pub fn part_of(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    let mut part = archive.by_name(name).unwrap();
    part.read_to_string(&mut text).unwrap();
    text
}

/// The paragraphs of a part as text.
pub fn paragraphs(part: &str) -> Vec<String> {
    read(part).0
}

/// Paragraphs of a part as text, and how often each element stands in it.
fn read(part: &str) -> (Vec<String>, BTreeMap<String, usize>) {
    let mut reader = Reader::from_str(part);
    reader.config_mut().check_end_names = true;
    let (mut paragraphs, mut counts) = (Vec::new(), BTreeMap::new());
    let mut text = String::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) | Event::Empty(tag) => {
                let name = String::from_utf8(tag.name().as_ref().to_vec()).unwrap();
                *counts.entry(name).or_default() += 1;
            }
            Event::Text(words) => text.push_str(&words.decode().unwrap()),
            Event::GeneralRef(reference) => text.push(match reference.decode().unwrap().as_ref() {
                "lt" => '<',
                "gt" => '>',
                "amp" => '&',
                "quot" => '"',
                "apos" => '\'',
                other => panic!("&{other};"),
            }),
            Event::End(tag) if tag.name().as_ref() == b"w:p" => {
                paragraphs.push(std::mem::take(&mut text));
            }
            Event::Eof => return (paragraphs, counts),
            _ => {}
        }
    }
}

#[test]
fn every_part_is_whole_xml_and_the_text_follows_the_digest() {
    let parts = parts();
    assert!(
        parts["word/document.xml"].contains("rIdImage1"),
        "the board"
    );
    for (name, part) in parts
        .iter()
        .filter(|(name, _)| name.ends_with(".xml") || name.ends_with(".rels"))
    {
        assert!(!read(part).1.is_empty(), "{name}");
    }
    let (paragraphs, counts) = read(&parts["word/document.xml"]);
    let headings: Vec<&String> = paragraphs
        .iter()
        .filter(|text| {
            text.contains('、')
                && text.chars().count() < 16
                && "一二三四五六七八九十".contains(text.chars().next().unwrap())
        })
        .collect();
    assert_eq!(
        headings,
        [
            "一、总体进度",
            "二、滞后和预警事项",
            "三、需协调事项",
            "四、自评与灯色不一致的事项",
            "五、反馈情况",
            "六、近期到期事项",
            "七、分项进展",
            "八、交办事项"
        ]
    );
    assert_eq!(
        &paragraphs[..5],
        [
            "推动设备更新和以旧换新工作专班",
            "工作简报",
            "第3期",
            "专班办公室2026年12月11日",
            "第50周工作情况"
        ]
    );
    // Every item of the plan that speaks for itself stands in a table.
    let cells: Vec<&str> = paragraphs.iter().map(String::as_str).collect();
    for indicator in &month().plan.indicators {
        assert!(
            cells.contains(&indicator.name.as_str()),
            "{}",
            indicator.name
        );
    }
    let tables = counts["w:tbl"];
    assert!(tables > 8);
    assert_eq!(
        counts["w:tblHeader"], tables,
        "every table repeats its heading"
    );
}

#[test]
fn words_with_markup_stay_words() {
    let (paragraphs, _) = read(&parts()["word/document.xml"]);
    let typed = "=SUM(A1:A9) 完成探漏46公里，<b>管网</b> & 阀门";
    let report = written("first.docx", &["bulletin", "--number", "1"]);
    let (first, _) = read(&part_of(&report, "word/document.xml"));
    assert!(first.iter().any(|words| words.contains(typed)), "{first:?}");
    assert!(
        paragraphs.iter().all(|words| !words.contains(typed)),
        "later reports tell of later words"
    );
}

#[test]
fn page_fonts_and_lines_are_those_of_official_documents() {
    let parts = parts();
    let document = &parts["word/document.xml"];
    for wanted in [
        r#"w:w="11906""#,
        r#"w:h="16838""#,
        r#"w:top="2098""#,
        r#"w:bottom="1984""#,
        r#"w:left="1587""#,
        r#"w:right="1474""#,
    ] {
        assert!(document.contains(wanted), "{wanted}");
    }
    let styles = &parts["word/styles.xml"];
    for wanted in [
        "仿宋_GB2312",
        "黑体",
        "楷体_GB2312",
        r#"w:val="32""#,
        r#"w:line="560""#,
        r#"w:lineRule="exact""#,
    ] {
        assert!(styles.contains(wanted), "{wanted}");
    }
    let fonts = &parts["word/fontTable.xml"];
    for (name, other) in [
        ("仿宋_GB2312", "FangSong"),
        ("方正小标宋简体", "华文中宋"),
        ("黑体", "SimHei"),
    ] {
        assert!(
            fonts.contains(&format!(r#"w:name="{name}""#)) && fonts.contains(other),
            "{name}"
        );
    }
}

#[test]
fn both_footers_hold_the_page_number_and_the_stamp() {
    let parts = parts();
    let footers: Vec<&String> = parts
        .iter()
        .filter(|(name, _)| name.starts_with("word/footer"))
        .map(|(_, part)| part)
        .collect();
    assert_eq!(footers.len(), 2);
    for footer in footers {
        let (paragraphs, _) = read(footer);
        assert!(
            paragraphs[0].starts_with("— ") && paragraphs[0].ends_with(" —"),
            "{paragraphs:?}"
        );
        assert!(
            paragraphs[1].starts_with(&month().third_stamp()),
            "{paragraphs:?}"
        );
    }
}
