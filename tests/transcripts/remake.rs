//! Digest No. 1 is made again, byte for byte, after everything that must not touch it.

use duban::plan::{AdoptionText, Settings, TaskForceId};
use duban::rehearsal::GROUP;
use duban::rehearsal::script::Act;
use duban::render::{Message, without_tags};

use crate::config;
use crate::year::{Year, act, at};

/// The 2027 table of this story: made up, no notice of the State Council.
const HOLIDAYS_2027: &str =
    "year = 2027\n\n[[holiday]]\nname = \"元旦\"\nfrom = 2027-01-01\nto = 2027-01-03\n";

async fn adopt(year: &mut Year, text: AdoptionText) {
    let adopted = text.hash();
    year.stage
        .bot()
        .set_adoptions(vec![(TaskForceId::from("rushan"), text)]);
    year.stage.restart().await;
    year.settle().await;
    act(&mut year.stage, "栾频", Act::Tap("采用".into())).await;
    let frame = year
        .stage
        .bot()
        .service()
        .frame(&TaskForceId::from("rushan"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(frame.adoption, adopted, "the office's tap adopts");
}

/// A late answer with its correction, and another value for its target.
async fn answered_and_changed_later(year: &mut Year) {
    // A late answer, counted for the period it is late for, and its correction.
    year.until(at("2026-12-03T10:00:00+08:00")).await;
    for step in [
        Act::Say("/report 6-5".into()),
        Act::Say("7.8".into()),
        Act::Tap("🟢".into()),
        Act::Tap("其余".into()),
        Act::Tap("提交".into()),
        Act::Tap("更正".into()),
        Act::Tap("改数字".into()),
        Act::Say("7.6".into()),
        Act::Tap("提交更正".into()),
    ] {
        act(&mut year.stage, "李俊卿", step).await;
    }
    // What the office changes later of a target's terms.
    for step in [
        Act::Say("/terms 6-5".into()),
        Act::Tap("改目标值".into()),
        Act::Say("7".into()),
        Act::Say("乳发改〔2026〕12号".into()),
        Act::Tap("确认调整".into()),
    ] {
        act(&mut year.stage, "栾频", step).await;
    }
}

/// A unit with another name, and its member gone: the plan's words stay as they were.
async fn renamed_and_replaced(year: &mut Year) {
    for step in [
        Act::Say("/unit 住建局".into()),
        Act::Tap("更名".into()),
        Act::Say("市城乡建设局".into()),
        Act::Tap("今天起".into()),
        Act::Say("乳编〔2026〕12号".into()),
        Act::Tap("确认".into()),
        Act::Say("/replace 李俊卿".into()),
        Act::Say("刘洋 副局长".into()),
        Act::Tap("确认接替".into()),
    ] {
        act(&mut year.stage, "栾频", step).await;
    }
}

#[tokio::test]
async fn digest_no_1_is_remade_as_it_was_received() {
    let rushan = TaskForceId::from("rushan");
    let mut year = Year::begun().await;
    year.until(at("2026-11-27T16:05:00+08:00")).await;
    let received: Vec<String> = (year.stage.room().world().messages(GROUP).into_iter())
        .filter(|message| {
            message.is_ours && !message.is_pinned && message.at >= at("2026-11-27T16:00:00+08:00")
        })
        .map(|message| message.text)
        // The board behind it is a picture.
        .filter(|text| !text.is_empty() && !text.contains("进度看板"))
        .collect();
    assert!(received[0].contains("第1期"), "{received:?}");

    answered_and_changed_later(&mut year).await;
    let config = config("");
    let file = &config.plans[0];
    let settings = Settings::read("[thresholds]\nyellow = 5\nred = 15\n", "duban.toml").unwrap();
    adopt(
        &mut year,
        AdoptionText::new(file.source.clone(), &settings, config.holidays.clone()),
    )
    .await;
    let mut holidays = config.holidays.clone();
    holidays.insert(2027, HOLIDAYS_2027.to_owned());
    let plan = file
        .source
        .replace("name = \"改造换热站\"", "name = \"换热站改造\"");
    assert_ne!(plan, file.source);
    adopt(&mut year, AdoptionText::new(plan, &settings, holidays)).await;
    renamed_and_replaced(&mut year).await;
    year.until(at("2026-12-11T16:05:00+08:00")).await;

    let service = year.stage.bot().service().clone();
    let remade = service.remake_digest(&rushan, 1).await.unwrap().unwrap();
    assert_eq!(
        remade.first_difference(),
        None,
        "sent:\n{}\nagain:\n{}",
        remade.sent,
        remade.again
    );
    let message: Message = serde_json::from_str(&remade.again).unwrap();
    let again: String = without_tags(&message.html()).split_whitespace().collect();
    let numbered = |text: &str| -> String {
        text.split("（1/")
            .next()
            .unwrap_or(text)
            .split_whitespace()
            .collect()
    };
    let heard: String = received.iter().map(|text| numbered(text)).collect();
    assert_eq!(received.len(), 1, "No. 1 of a silent week fits one message");
    assert_eq!(heard, again, "the text as the stand-in received it");
    let third = service.remake_digest(&rushan, 3).await.unwrap().unwrap();
    assert!(
        third.sent.contains("换热站改造") && !remade.sent.contains("换热站改造"),
        "the later digests follow the later plan"
    );
    assert!(
        third.sent.contains("原目标≤7.9%") && !remade.sent.contains("原目标"),
        "and the terms as they were changed"
    );
    assert!(
        third.sent.contains("市城乡建设局") && !third.sent.contains("市住建局"),
        "and units as they are called now"
    );
    assert!(remade.sent.contains("市住建局"), "the first as it was");
    assert_eq!(third.first_difference(), None);
}
