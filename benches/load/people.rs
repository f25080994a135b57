//! Task forces by the dozen, and their people, who answer the moment they are asked.

use std::fmt::Write as _;
use std::path::Path;

use super::desk::{Card, Desk, until};

/// Those of every task force who report: id and item, each with a number.
const REPORTERS: [(&str, &str); 4] = [
    ("sun-hongbin", "7-1"),
    ("song-xiaozheng", "2-2"),
    ("sun-jing", "9-1"),
    ("jiang-deqiang", "4-2"),
];

/// Who starts each of them.
const CHIEF: &str = "luan-pin";

const FIRST_ACCOUNT: i64 = 100_000;
const ACCOUNTS_A_FORCE: i64 = 10;
const FIRST_GROUP: i64 = -1_002_000_000_000;

/// A person who reports again and again.
pub struct Reporter {
    pub account: i64,
    item: &'static str,
    reports: usize,
}

/// So many task forces with the published plan, in a configuration of their own.
pub fn configure(folder: &Path, forces: usize) -> anyhow::Result<()> {
    let config = Path::new(env!("CARGO_MANIFEST_DIR")).join("config");
    let plan = std::fs::read_to_string(config.join("plans/rushan.toml"))?;
    std::fs::create_dir_all(folder.join("plans"))?;
    std::fs::create_dir_all(folder.join("holidays"))?;
    for file in std::fs::read_dir(config.join("holidays"))? {
        let file = file?;
        std::fs::copy(file.path(), folder.join("holidays").join(file.file_name()))?;
    }
    let settings = std::fs::read_to_string(config.join("duban.toml"))?;
    // What a line to a server of one's own, or a paid one, bears; else Telegram's thirty a second would be measured.
    std::fs::write(
        folder.join("duban.toml"),
        format!("{settings}\n[telegram]\nmessages_a_second = 1000\n"),
    )?;
    let mut people = String::new();
    for force in 0..forces {
        let id = format!("force-{force}");
        std::fs::write(
            folder.join(format!("plans/{id}.toml")),
            plan.replacen("id = \"rushan\"", &format!("id = \"{id}\""), 1),
        )?;
        writeln!(people, "[{id}]")?;
        let everybody = std::iter::once(CHIEF).chain(REPORTERS.iter().map(|(person, _)| *person));
        for (place, person) in everybody.enumerate() {
            writeln!(
                people,
                "{person} = {{ user_id = {} }}",
                account(force, place)
            )?;
        }
    }
    std::fs::write(folder.join("people.toml"), people)?;
    Ok(())
}

fn account(force: usize, place: usize) -> i64 {
    FIRST_ACCOUNT + force as i64 * ACCOUNTS_A_FORCE + place as i64
}

/// Everybody who reports.
pub fn reporters(forces: usize) -> Vec<Reporter> {
    let all = (0..REPORTERS.len()).flat_map(|place| (0..forces).map(move |force| (force, place)));
    all.map(|(force, place)| Reporter {
        account: account(force, place + 1),
        item: REPORTERS[place].1,
        reports: 0,
    })
    .collect()
}

/// Every task force goes live with a group of its own.
///
/// # Errors
/// The bot does not answer.
pub async fn go_live(desk: &Desk, forces: usize) -> anyhow::Result<()> {
    let chiefs: Vec<i64> = (0..forces).map(|force| account(force, 0)).collect();
    let shows = |chief: i64, label: &'static str| {
        move |card: Option<&Card>| {
            card.is_some_and(|card| card.buttons.iter().any(|(text, _)| text == label) && chief > 0)
        }
    };
    for (force, chief) in chiefs.iter().enumerate() {
        desk.join_group(FIRST_GROUP - force as i64, *chief);
        desk.say(*chief, "/golive");
    }
    for label in ["正式启用", "确认启用"] {
        for chief in &chiefs {
            let shown = shows(*chief, label);
            until(desk, label, |books| shown(books.cards.get(chief))).await?;
            let card = desk.books().cards.get(chief).cloned().unwrap_or_default();
            let data = card
                .buttons
                .iter()
                .find(|(text, _)| text == label)
                .map(|(_, data)| data.clone());
            desk.tap(*chief, &data.unwrap_or_default());
        }
    }
    for chief in &chiefs {
        until(desk, "the start", |books| {
            books
                .cards
                .get(chief)
                .is_some_and(|card| card.text.contains("此后按计划发送"))
        })
        .await?;
    }
    Ok(())
}

impl Reporter {
    /// Answers what the newest card asks; whether a report ends by it.
    pub fn act(&mut self, desk: &Desk) -> bool {
        let card = desk
            .books()
            .cards
            .get(&self.account)
            .cloned()
            .unwrap_or_default();
        let asks = |words: &str| card.text.contains(words);
        let label = |begin: &str| {
            card.buttons
                .iter()
                .find(|(text, _)| text.starts_with(begin))
                .map(|(_, data)| data.as_str())
        };
        if let Some(data) = label("提交") {
            self.reports += 1;
            desk.tap(self.account, data);
            return true;
        }
        let taps = ["接着填", "🟡"];
        if let Some(data) = taps.iter().find_map(|begin| label(begin)) {
            desk.tap(self.account, data);
        } else if asks("直接回复数字") {
            desk.say(self.account, "1");
        } else if asks("做了哪些工作") || asks("存在什么问题") || asks("下一步怎么做")
        {
            desk.say(self.account, &format!("第{}次：按计划推进", self.reports));
        } else if let Some(data) = ["仍是", "是，", "确认", "计入本期", "其余"]
            .iter()
            .find_map(|begin| label(begin))
        {
            desk.tap(self.account, data);
        } else {
            desk.say(self.account, &format!("/report {}", self.item));
        }
        false
    }
}
