//! What stands in the report.

use super::words::{body, front};
use super::*;
use crate::digest::testing::Taken;
use crate::ledger::Judgement;
use crate::ledger::testing::{Story, rushan};

/// The report as text: headings, paragraphs, and tables as lines.
fn text(blocks: &[Block]) -> String {
    let entry = |entry: &Entry| match entry {
        Entry::Words(words) | Entry::Mark(words) => words.clone(),
        Entry::Light(light) => crate::render::item::light(*light).to_owned(),
    };
    let lines = blocks.iter().map(|block| match block {
        Block::Heading(words) | Block::Subheading(words) | Block::Text(words) => words.clone(),
        Block::Board => "〔看板〕".to_owned(),
        Block::Grid(grid) => {
            let rows = grid.rows.iter().take(3).map(|row| {
                let cells: Vec<String> = row.iter().map(entry).collect();
                format!("| {} |", cells.join(" | "))
            });
            rows.collect::<Vec<String>>().join("\n")
        }
    });
    lines.collect::<Vec<String>>().join("\n")
}

#[test]
fn a_first_week_reads_from_the_whole_to_the_parts() {
    let mut story = Story::live(rushan());
    story.settle_all_but(&[]);
    story.answer("2-2", "1", Judgement::Blocked);
    story.ask_help("2-3", "23", "fgj", "协调技改专项资金");
    let taken = Taken::of(&story);
    let text = text(&body(&taken.pack()));
    let until = text.find("（二）").unwrap();
    insta::assert_snapshot!(&text[..until], @"
    一、总体进度
    截至2026年11月27日16时，目标29项：正常1项、预警1项、滞后1项、待定26项。未设目标的举措16项：待定16项。
    本期新转滞后1项（2-2 省级5G示范应用场景）；由滞后好转0项；新办结0项。
    | 目标 | 29 | 1 | 1 | 1 | 26 | 0 | 0 |
    | 举措 | 16 | 0 | 0 | 0 | 16 | 0 | 0 |
    〔看板〕
    二、滞后和预警事项
    | 2-2 | 省级5G示范应用场景 | 1/2个 | 滞后 | 受阻4天 | 市工信局 |  |
    | 2-3 | 智能工厂和数字化车间 | 23/28个 | 预警 | 有困难4天 | 市工信局 |  |
    三、需协调事项
    | 2-3 | 协调技改专项资金 | 市工信局 | 市发改局 | 4天 | 待答复 |
    四、反馈情况
    应反馈15个单位，已反馈0个。未反馈：市发改局（6项）、市教体局（1项）、市科技局（1项）、市工信局（6项）、市公安局（1项）、市财政局（1项）、市住建局（5项）、市交通局（1项）、市农业农村局（1项）、市商务局（8项）、市卫健局（2项）、市市场监管局（2项）、生态环境分局（1项）、市税务局（1项）、金融监管支局（1项）。
    五、近期到期事项
    下两周没有到期事项。
    六、分项进展
    （一）总体目标
    | 总-1 | 新能源汽车保有量 | 未填/0.4万辆 | 待定 | 市公安局 | 建账前到期，待报初始情况 |
    | 总-2 | 国三柴油货车淘汰 | 未填 | 待定 | 生态环境分局 | 建账前到期，待报初始情况 |
    | 总-3 | 报废汽车拆解量 | 未填/1.5万辆 | 待定 | 市商务局 | 建账前到期，待报初始情况 |
    ");
}

#[test]
fn what_was_not_posted_says_so() {
    let story = Story::live(rushan());
    let mut taken = Taken::of(&story);
    let said = |taken: &Taken<'_>| {
        let front = front(&taken.pack());
        (front.number, front.title)
    };
    let expected = |number: &str, title: &str| (number.to_owned(), title.to_owned());
    assert_eq!(said(&taken), expected("第1期", "第48周工作情况"));
    taken.stamp.posted = false;
    assert_eq!(
        said(&taken),
        expected("第1期（未发）", "截至11月27日工作情况")
    );
}

#[test]
fn a_picture_takes_the_boards_place_and_keeps_the_bytes_the_same() {
    let story = Story::live(rushan());
    let taken = Taken::of(&story);
    let picture = Picture {
        png: vec![0x89, b'P', b'N', b'G'],
        width: 1080,
        height: 540,
    };
    let with = bulletin(&taken.pack(), Some(&picture)).unwrap();
    let again = bulletin(&taken.pack(), Some(&picture)).unwrap();
    assert!(with == again, "the same picture, the same bytes");
    assert!(with != bulletin(&taken.pack(), None).unwrap());
    let text = String::from_utf8_lossy(&with);
    assert!(text.contains("word/media/rIdImage1.png"));
}
