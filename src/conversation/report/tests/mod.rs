//! Transcripts of report talks: text in, text out, with a restart before every event.

mod answers;
mod baseline;
mod cards;
mod group;
mod meanwhile;
mod random;
mod start;
mod talk;

use std::sync::LazyLock;

use chrono::TimeDelta;
use insta::assert_snapshot;

use crate::conversation::Media;
use crate::conversation::testing::{GROUP, Stage, frame_of, group, private};
use crate::ledger::{Act, Actor, Frame};

const PLAN: &str = include_str!("plan.toml");

static FRAME: LazyLock<Frame> = LazyLock::new(|| frame_of(PLAN));

/// 李俊卿 of 市住建局.
const LI: i64 = 8;
/// 王力, liaison of 市住建局.
const WANG: i64 = 9;
/// 孙婧 of 市商务局.
const SUN: i64 = 10;
/// 栾频, office chief.
const CHIEF: i64 = 3;

/// A small plan, live since Monday, 23 November 2026, 09:40; everybody bound, private chats open, the notice on secrets seen.
fn stage() -> Stage {
    stage_on(FRAME.clone())
}

/// The same on another plan.
fn stage_on(frame: Frame) -> Stage {
    let mut stage = Stage::on(frame);
    let chat = GROUP;
    stage.append(Actor::Host, Act::GroupBound { chat, thread: None });
    for (person, user_id) in [
        ("luan-pin", CHIEF),
        ("li-junqing", LI),
        ("wang-li", WANG),
        ("sun-jing", SUN),
    ] {
        stage.bind(person, user_id);
        let person = person.into();
        stage.append(Actor::Host, Act::SecrecyShown { person });
    }
    stage.append(Actor::Host, Act::WentLive);
    stage
}

/// The small plan with words replaced.
fn changed(replacements: &[(&str, &str)]) -> Frame {
    let mut source = PLAN.to_owned();
    for (old, new) in replacements {
        assert!(source.contains(old), "the plan has no {old}");
        source = source.replacen(old, new, 1);
    }
    frame_of(&source)
}

/// A stage on which 6-1 was answered in October: 8 座, 正常, with a sentence and a next step.
fn answered_stage() -> Stage {
    let mut stage = stage();
    file_8(&mut stage);
    stage
}

fn file_8(stage: &mut Stage) {
    let now = stage.now;
    stage.now = "2026-10-26T10:00:00+08:00".parse().unwrap();
    stage.types(LI, "/report 6-1");
    stage.types(LI, "8");
    stage.taps(LI, "🟢");
    stage.types(LI, "南片区换热站已并网");
    stage.taps(LI, "无");
    stage.types(LI, "继续改造剩余2座");
    stage.taps(LI, "其余没有");
    stage.taps(LI, "提交");
    stage.now = now;
}

fn photo(id: &str) -> Media {
    Media::File {
        file_id: format!("file-{id}"),
        file_unique_id: id.to_owned(),
        name: None,
        mime: "image/jpeg".to_owned(),
        size: Some(120_000),
    }
}

fn document(id: &str, name: &str) -> Media {
    Media::File {
        file_id: format!("file-{id}"),
        file_unique_id: id.to_owned(),
        name: Some(name.to_owned()),
        mime: "application/pdf".to_owned(),
        size: None,
    }
}
