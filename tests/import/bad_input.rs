//! What is no plan, and files in the forms that offices keep them in, through the program itself.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::{checked, read};

#[test]
fn what_is_no_plan_gives_none() {
    for source in [
        "",
        "\n \t \u{3000}\n",
        "今天天气很好，我们去公园。",
        "一、苹果\n二、梨\n三、桃",
        "1.把水烧开。\n2.放茶叶。",
        "责任单位：",
        "《》（）〔〕“”",
    ] {
        assert!(read(source).draft.is_none(), "{source}");
    }
}

/// Runs the program on a document of this content.
fn import(name: &str, content: &[u8], arguments: &[&str]) -> (Output, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), content).unwrap();
    (run(folder.path(), name, arguments), folder)
}

fn run(folder: &Path, name: &str, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_duban"))
        .arg("import")
        .arg(name)
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn said(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

const PLAN: &str = include_str!("documents/standing-rule.txt");

#[test]
fn a_document_becomes_a_draft_and_nothing_is_written_over() {
    let (first, folder) = import("plan.txt", PLAN.as_bytes(), &[]);
    assert_eq!(
        (first.status.code(), said(&first.stderr)),
        (Some(0), String::new())
    );
    let path = folder.path().join("config/plans/hewan.toml");
    let written = fs::read_to_string(&path).unwrap();
    assert!(duban::plan::read(&written, "hewan.toml").is_ok());
    assert!(said(&first.stdout).contains("存疑"));

    fs::write(&path, "# 已经改过").unwrap();
    let second = run(folder.path(), "plan.txt", &[]);
    assert_eq!(second.status.code(), Some(1));
    assert!(said(&second.stderr).contains("已经存在，没有覆盖"));
    assert_eq!(fs::read_to_string(&path).unwrap(), "# 已经改过");
}

#[test]
fn a_look_writes_nothing_and_a_dash_prints_the_draft() {
    let (looked, folder) = import("plan.txt", PLAN.as_bytes(), &["--report"]);
    assert_eq!(looked.status.code(), Some(0));
    assert!(said(&looked.stdout).contains("│ 举措 2 规范收运"));
    assert!(!folder.path().join("config").exists());

    let printed = run(folder.path(), "plan.txt", &["--out", "-", "--id", "green"]);
    let plan = duban::plan::read(&said(&printed.stdout), "-").unwrap();
    assert_eq!(plan.task_force.id.as_str(), "green");
    assert!(!folder.path().join("config").exists());
}

#[test]
fn what_a_newer_document_changes_is_shown() {
    let (first, folder) = import("plan.txt", PLAN.as_bytes(), &["--out", "old.toml"]);
    assert_eq!(first.status.code(), Some(0));
    fs::write(
        folder.path().join("newer.txt"),
        PLAN.replace("新增分类亭80处", "新增分类亭95处"),
    )
    .unwrap();
    let newer = run(folder.path(), "newer.txt", &["--update", "old.toml"]);
    assert_eq!(newer.status.code(), Some(0));
    let told = said(&newer.stdout);
    let changes = told.split_once("与 old.toml 相比：\n").unwrap().1;
    assert_eq!(changes, "改 指标 1-1 新增分类亭\n  目标值：80处 → 95处\n");
    let same = said(&run(folder.path(), "plan.txt", &["--update", "old.toml"]).stdout);
    assert!(same.ends_with("没有变化\n"));
}

#[test]
fn files_that_hold_no_plan_say_so_in_one_line_and_end_with_1() {
    let not_text: &[u8] = b"\x7fELF\0\x01\x02\0\xff";
    let big5 = encoding_rs::BIG5
        .encode("各單位應於期限內完成設備更新，並將辦理情形送會")
        .0
        .into_owned();
    let shift = encoding_rs::SHIFT_JIS
        .encode("設備の更新を進める。")
        .0
        .into_owned();
    let gb = encoding_rs::GB18030.encode(PLAN).0.into_owned();
    let entity = zipped(&[(
        "word/document.xml",
        "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>",
    )]);
    for (name, content, words) in [
        ("empty.txt", &b""[..], "是空文件"),
        ("blank.txt", b" \n\n", "是空文件"),
        ("letter.txt", "今天天气很好。".as_bytes(), "没有读到举措"),
        ("program.txt", not_text, "文字编码认不出来"),
        ("big5.txt", &big5, "文字编码认不出来"),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧的 .doc"),
        ("scan.pdf", b"%PDF-1.7", "PDF"),
        ("scan.pdf", b"%PDF-1.4", "全选、复制其中的文字"),
        ("rich.rtf", b"{\\rtf1\\ansi a}", "RTF"),
        ("script.html", b"<script>1.</script>", "里面没有文字"),
        ("shift.txt", &shift, "文字编码认不出来"),
        (
            "zero.txt",
            &[PLAN.as_bytes(), &[0]].concat(),
            "文字编码认不出来",
        ),
        (
            "cut.txt",
            &PLAN.as_bytes()[..PLAN.len() - 5],
            "行有读不出的字节",
        ),
        (
            "gb-cut.txt",
            &[&gb[..], &[0x81]].concat(),
            "行有读不出的字节",
        ),
        ("broken.docx", b"PK\x03\x04 not a zip", "不是 .docx 文件"),
        (
            "other.docx",
            &zipped(&[("other.xml", "a")]),
            "不是 .docx 文件",
        ),
        ("entity.docx", &entity, "不是 .docx 文件"),
        ("named.docx", b"plain", "不是 .docx 文件"),
    ] {
        let (output, _folder) = import(name, content, &[]);
        let told = said(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{name}: {told}");
        assert!(
            told.contains(words) && told.lines().count() == 1,
            "{name}: {told}"
        );
    }
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("folder.txt")).unwrap();
    for (name, words) in [("nowhere.txt", "没有这个文件"), ("folder.txt", "是文件夹")] {
        let output = run(folder.path(), name, &[]);
        assert_eq!(output.status.code(), Some(1));
        assert!(said(&output.stderr).contains(words));
    }
}

#[test]
fn other_forms_of_the_same_text_give_the_same_plan() {
    let plain = drafted("plan.txt", PLAN.as_bytes());
    let little: Vec<u8> = PLAN.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = PLAN.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(drafted("little.txt", &little), plain);
    assert_eq!(
        drafted("big.txt", &[&[0xfe, 0xff], &big[..]].concat()),
        plain
    );
    assert_eq!(
        drafted(
            "marked.txt",
            &[&[0xef, 0xbb, 0xbf], PLAN.as_bytes()].concat()
        ),
        plain
    );
    for (name, text) in [
        ("old-mac.txt", PLAN.replace('\n', "\r")),
        ("windows.txt", PLAN.replace('\n', "\r\n")),
        ("joined.txt", between(PLAN, "\u{200b}")),
        ("turned.txt", between(PLAN, "\u{202e}")),
        ("marks.txt", between(PLAN, "\u{301}")),
        ("spaced.txt", between(PLAN, "\u{3000}")),
        ("wide.txt", PLAN.chars().map(wide).collect()),
        (
            "nested.html",
            "<div>".repeat(10_000) + &PLAN.replace('\n', "<br>"),
        ),
        (
            "cells.html",
            "<table><tr><td>".repeat(10_000) + &PLAN.replace('\n', "<p>"),
        ),
    ] {
        assert_eq!(drafted(name, text.as_bytes()), plain, "{name}");
    }
}

/// The draft that the program makes of a document.
#[track_caller]
fn drafted(name: &str, content: &[u8]) -> String {
    let (output, _folder) = import(name, content, &["--out", "-"]);
    let aside = said(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{name}: {aside}");
    said(&output.stdout)
}

fn between(text: &str, sign: &str) -> String {
    text.chars().map(|c| format!("{c}{sign}")).collect()
}

/// A sign in its full width.
fn wide(c: char) -> char {
    match c {
        '!'..='~' => char::from_u32(u32::from(c) + 0xfee0).unwrap(),
        c => c,
    }
}

#[test]
fn bombs_end_in_a_clear_line() {
    let nested = |inner: &str, depth: usize, ends: &str| {
        document(&(inner.repeat(depth) + "<w:p/>" + &ends.repeat(depth)))
    };
    let tables = nested("<w:tbl><w:tr><w:tc>", 60, "</w:tc></w:tr></w:tbl>");
    let deep = nested("<w:p>", 100_000, "</w:p>");
    let huge = document(&format!("<w:p><w:r><w:t>{}", "一".repeat(43_000_000)));
    let spans = "<tr><td rowspan=200 colspan=200>一</td></tr>".repeat(2_000);
    for (name, content, words) in [
        (
            "tables.docx",
            zipped(&[("word/document.xml", &tables)]),
            "里面没有文字",
        ),
        (
            "deep.docx",
            zipped(&[("word/document.xml", &deep)]),
            "不是 .docx 文件",
        ),
        ("huge.docx", zipped(&[("word/document.xml", &huge)]), "太大"),
        (
            "spans.html",
            format!("<table>{spans}").into_bytes(),
            "没有读到举措",
        ),
    ] {
        let (output, _folder) = import(name, &content, &[]);
        let told = said(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{name}: {told}");
        assert!(
            told.contains(words) && told.lines().count() == 1,
            "{name}: {told}"
        );
    }
}

#[test]
fn thousands_of_signs_of_one_kind_are_read_and_pass_the_check() {
    const SIGNS: usize = 4_000;
    let head = "青禾县设备更新方案\n2025年3月1日\n一、重点任务\n1.推进工作。";
    for sign in [
        "（",
        "（）",
        "“",
        "\n",
        "1",
        "、",
        "，",
        "。",
        "；",
        "：",
        "一",
        "三",
        "第一条",
        "2025年、",
        "较2023年",
        "较2023年、3家、",
        "2026年完成、",
        "2026年完成，",
        "3—",
        "3:",
        "百分之",
        "前",
        "第",
        "新建",
        "由3家提高到",
        "由3家提高到5家，",
        "牵头单位：",
        "县财政局、",
        "县财政局牵头，",
        "组长：",
        "张 ",
        "方案",
        "附件",
        "|",
        "\t",
        "\u{200b}",
        "\u{c}\n",
        "a",
        "𠮷",
        "每年",
        "分别",
        "翻",
        "十",
        "1.",
        "（一）",
        "一、",
    ] {
        let run = sign.repeat(SIGNS / sign.chars().count());
        for source in [
            run.clone(),
            format!("{head}{run}（牵头单位：县财政局）"),
            format!("{head}（牵头单位：县财政局；责任单位：{run}）"),
            format!("{head}（牵头单位：县财政局）\n附件\n成员：{run}"),
        ] {
            if let Some(draft) = read(&source).draft {
                checked(&draft);
            }
        }
    }
}

#[test]
fn a_table_of_ten_thousand_columns_is_read() {
    let heads: String = (0..10_000).map(|at| format!("\t内容{at}")).collect();
    let cells = "\t改造3处".repeat(10_000);
    let source = format!(
        "青禾县设备更新方案\n2025年3月1日\n序号\t重点任务\t牵头单位{heads}\n1\t更新农机\t县财政局{cells}\n"
    );
    let draft = read(&source).draft.unwrap();
    assert_eq!(draft.indicators.len(), 10_000);
    checked(&draft);
}

#[test]
fn gb_18030_pages_and_word_files_give_the_same_plan_as_plain_text() {
    let draft = |name: &str, content: &[u8]| {
        let (output, _folder) = import(name, content, &["--out", "-"]);
        assert_eq!(
            output.status.code(),
            Some(0),
            "{name}: {}",
            said(&output.stderr)
        );
        said(&output.stdout)
    };
    let plain = draft("plan.txt", PLAN.as_bytes());
    assert_eq!(draft("gb.txt", &encoding_rs::GB18030.encode(PLAN).0), plain);
    let paragraphs: String = PLAN.lines().map(|line| format!("<p>{line}</p>")).collect();
    let page = format!(
        "<!doctype html><html><head><meta charset=\"gbk\"><title>某网</title></head><body>{paragraphs}<script>1<2</script></body></html>"
    );
    assert_eq!(draft("plan.html", page.as_bytes()), plain);
    assert_eq!(draft("gb.html", &encoding_rs::GBK.encode(&page).0), plain);
    assert_eq!(draft("plan.docx", &word(PLAN)), plain);
}

/// A Word file of these lines; lines with tabs are a table.
fn word(lines: &str) -> Vec<u8> {
    let body: String = lines
        .lines()
        .map(|line| {
            let half = line
                .char_indices()
                .nth(line.chars().count() / 2)
                .map_or(0, |(at, _)| at);
            let (first, second) = line.split_at(half);
            format!("<w:p><w:r><w:t>{first}</w:t></w:r><w:r><w:t>{second}</w:t></w:r></w:p>")
        })
        .collect();
    zipped(&[("word/document.xml", &document(&body))])
}

fn document(body: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{body}</w:body></w:document>"
    )
}

fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    use std::io::Write;
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, part) in parts {
        archive
            .start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        archive.write_all(part.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn numbers_that_word_sets_by_itself_and_its_tables_are_read() {
    let paragraph = |level: u8, text: &str| {
        format!(
            "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"7\"/></w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"
        )
    };
    let cell = |text: &str| format!("<w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>");
    let row = |cells: [&str; 3]| format!("<w:tr>{}</w:tr>", cells.map(cell).concat());
    let body = format!(
        "<w:p><w:r><w:t>青禾县设备更新方案</w:t></w:r></w:p><w:p><w:r><w:t>2025年3月1日</w:t></w:r></w:p>{}{}{}<w:p><w:r><w:t>附件</w:t></w:r></w:p><w:tbl>{}{}{}</w:tbl>",
        paragraph(0, "重点任务"),
        paragraph(1, "更新农机。更新农机30台。"),
        paragraph(1, "改造电梯。改造电梯4部。"),
        row(["任务", "牵头单位", "责任单位"]),
        row(["更新农机", "县农业农村局", "县财政局"]),
        row(["改造电梯", "县市场监管局", "县住建局"]),
    );
    let numbering = "<w:numbering xmlns:w=\"w\"><w:abstractNum w:abstractNumId=\"1\"><w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"chineseCountingThousand\"/><w:lvlText w:val=\"%1、\"/></w:lvl>\
                     <w:lvl w:ilvl=\"1\"><w:start w:val=\"1\"/><w:numFmt w:val=\"decimal\"/><w:lvlText w:val=\"%2.\"/></w:lvl></w:abstractNum><w:num w:numId=\"7\"><w:abstractNumId w:val=\"1\"/></w:num></w:numbering>";
    let file = zipped(&[
        ("word/document.xml", &document(&body)),
        ("word/numbering.xml", numbering),
    ]);
    let (output, _folder) = import("plan.docx", &file, &["--out", "-"]);
    let plan = duban::plan::read(&said(&output.stdout), "-")
        .unwrap_or_else(|wrong| panic!("{wrong:?}\n{}", said(&output.stderr)));
    let told: Vec<String> = plan
        .measures
        .iter()
        .map(|it| {
            format!(
                "{} {} {} {}",
                it.number, it.title, it.lead_units[0], it.responsible_units[0]
            )
        })
        .collect();
    assert_eq!(told, ["1 更新农机 nyncj czj", "2 改造电梯 scjgj zjj"]);
}

#[test]
fn measures_beyond_what_a_plan_holds_are_told_as_unread() {
    const SECTIONS: [&str; 12] = [
        "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二",
    ];
    let mut source = String::from("青禾县设备更新方案\n2025年3月1日\n");
    for section in SECTIONS {
        source.push_str(&format!("{section}、重点任务\n"));
        for number in 1..=900 {
            source.push_str(&format!(
                "{number}.做好第{number}片区改造。2025年底前改造管网{number}米。（县住建局牵头）\n"
            ));
        }
    }
    let draft = read(&source).draft.unwrap();
    let numbers: Vec<u16> = draft.measures.iter().map(|it| it.number).collect();
    let odd = numbers.iter().zip(1..).find(|(is, should)| *is != should);
    assert_eq!((odd, numbers.len()), (None, 9_999));
    assert_eq!(
        draft.unread.len(),
        10_800 - 9_999,
        "{:?}",
        draft.unread.last()
    );
    let summary = duban::render::import::summary(&draft).join("\n");
    assert!(summary.contains("没有读懂 801 处"), "{summary}");
    assert!(summary.contains("一个方案文件最多 9999 项"), "{summary}");
}

#[test]
fn a_table_of_very_many_rows_gives_a_measure_for_each_up_to_the_limit() {
    let mut source = String::from("青禾县设备更新方案\n2025年3月1日\n序号\t重点任务\t牵头单位\n");
    for number in 1..=10_003 {
        source.push_str(&format!("{number}\t改造第{number}片区\t县住建局\n"));
    }
    let draft = read(&source).draft.unwrap();
    let last = draft.measures.last().unwrap();
    assert_eq!(
        (last.number, last.title.as_str()),
        (9_999, "改造第9999片区")
    );
    assert_eq!(draft.unread.len(), 4, "{:?}", draft.unread);
    checked(&draft);
}
