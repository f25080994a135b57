//! Messages of `/redact`: what would be removed, what stays, and what was done.

use super::{button, lines, plain};
use crate::conversation::trail::{
    Left, MOST_REASON, Places, Press, RedactPress, RedactSay, Removable,
};
use crate::ledger::{LEAST_SOUGHT, Step, Subject, Survey};
use crate::render::item::{clip, some};
use crate::render::{Html, Message, REDACTED, Scene, naming};

/// Numbers of entries in a row before the rest is counted, in characters.
const MOST_NUMBERS: usize = 120;
/// Characters of one text where an entry belongs to no item.
const MOST_WORDS: usize = 200;
/// What stays, named before the rest is counted.
const MOST_LEFT: usize = 10;

pub(super) fn say(scene: &Scene<'_>, say: &RedactSay) -> Message {
    let name = |person| naming::person_with_unit(scene.frame, person);
    match say {
        RedactSay::Which => Message::text(
            "请写明台账记录的编号，例如 /redact 37。编号（第37号）在 /ledger 6-1、/ledger 人员、/ledger 会议 里可以查到，导出的台账里也有。",
        ),
        RedactSay::NotFound(seq) => {
            plain(format!("台账里没有第{seq}号。编号可用 /ledger 6-1 查看。"))
        }
        RedactSay::Already(seq, before) => plain(format!(
            "第{seq}号的文字已由{}于 {} 删除（第{}号），现在无需处理。",
            naming::actor(scene.frame, &before.by),
            naming::moment(before.at, scene.now),
            before.seq
        )),
        RedactSay::Nothing(seq) => plain(format!("第{seq}号没有文字和文件，无需删除。")),
        RedactSay::View(removable) => view(scene, removable),
        RedactSay::ReasonExpected => Message::text("请直接回复文字，写明删除原因。退出用 /cancel"),
        RedactSay::TooLong(length) => {
            plain(format!("原因有{length}字，请控制在{MOST_REASON}字以内。"))
        }
        RedactSay::Repeats => {
            Message::text("原因会留在台账里，请不要重复要删除的文字，换个说法再发一次。")
        }
        RedactSay::Check {
            seqs,
            seq,
            places,
            reason,
        } => check(scene, seqs, *seq, places, reason),
        RedactSay::Sure(seq) => Message::text("再点一次即删除，不能恢复。")
            .row(vec![button(
                "确认，删除",
                Press::Redact(RedactPress::Sure(*seq)),
            )])
            .row(leaving(*seq, true)),
        RedactSay::Left => Message::text("已退出，没有删除任何内容。"),
        RedactSay::Done { seqs, by, places } => done(scene, seqs, &name(by), places),
        RedactSay::Told { seq, by, reason } => plain(format!(
            "第{seq}号记录的文字已由{}按规定删除。原因：{reason}\n这些文字如由您发给过机器人，请在聊天里自行删除原话。",
            name(by)
        )),
    }
}

/// To whoever had begun something in which the words stood.
pub fn put_away() -> Message {
    Message::text("您没填完的内容里有已按规定删除的文字，已清除。需要填报请用 /report 重新开始。")
}

/// To the office: a message with removed words is too old to be deleted.
pub fn not_deleted(scene: &Scene<'_>, chat: i64) -> Message {
    let where_to = whose(scene, chat);
    plain(format!(
        "{where_to}里有一条含已删除文字的消息已过可撤回的时限，没有撤回，请通知有关人员自行删除。"
    ))
}

fn view(scene: &Scene<'_>, removable: &Removable) -> Message {
    let Removable { survey, places } = removable;
    let seq = survey.entry.seq;
    let title = Html::new().bold(format!("删除文字 · 第{seq}号"));
    let asks =
        format!("请直接回复删除原因，{MOST_REASON}字以内；原因留在台账里，不要重复要删除的文字。");
    let mut blocks: Vec<String> = vec![title.into(), entry(scene, survey).into(), String::new()];
    blocks.push(Html::new().text(what_goes(survey)).into());
    blocks.extend(also(survey).map(|line| Html::new().text(line).into()));
    blocks.extend(
        elsewhere(places)
            .into_iter()
            .map(|line| Html::new().text(line).into()),
    );
    blocks.extend(
        left(scene, places)
            .into_iter()
            .map(|line| Html::new().text(line).into()),
    );
    blocks.extend([String::new(), asks]);
    let message = Message {
        blocks,
        ..Message::default()
    };
    message.row(leaving(seq, false))
}

/// The entry as its trail has it; one of no item with its texts alone.
fn entry(scene: &Scene<'_>, survey: &Survey) -> Html {
    let entry = &survey.entry;
    let step = Step {
        entry: entry.clone(),
        before: None,
        own: false,
    };
    if let Some(subject) = Subject::of(entry) {
        let item = match &subject {
            Subject::Item(task) => Html::new().text(naming::task(scene.frame, task)).line(),
            Subject::People | Subject::Meetings => Html::new(),
        };
        return item.html(&lines::step(scene, &subject, &step));
    }
    let when = naming::moment(entry.at, scene.now);
    let who = naming::actor(scene.frame, &entry.by);
    let mut html = Html::new().text(format!("{when} {who}"));
    for text in entry.act.texts() {
        if let Some(body) = text.body() {
            html = html.line().text(clip(body, MOST_WORDS));
        }
    }
    html
}

fn what_goes(survey: &Survey) -> String {
    let files = survey.entry.act.attachments().len();
    let mut line = match files {
        0 => "以上文字将删除，数字、日期、姓名和判断保留。".to_owned(),
        files => format!("以上文字和{files}个文件将删除，数字、日期、姓名和判断保留。"),
    };
    if survey.has_short_words() {
        line.push_str(&format!(
            "不足{LEAST_SOUGHT}字的只在本条删除，消息里的不查。"
        ));
    }
    if survey.has_ids_in_chain() {
        line.push_str("早期版本登记的文件编号在台账链里，删不掉；已保存的文件会删除。");
    }
    line
}

fn also(survey: &Survey) -> Option<String> {
    let seqs: Vec<u64> = survey.also.keys().copied().collect();
    (!seqs.is_empty()).then(|| format!("同样的文字还在{}，一并删除。", super::numbers(&seqs)))
}

/// What becomes of the same words outside the ledger.
fn elsewhere(places: &Places) -> Vec<String> {
    let Places {
        edited,
        deleted,
        under_way,
        waiting,
        talks,
        digests,
        left: _,
    } = places;
    let mut lines = Vec::new();
    if *edited > 0 {
        lines.push(format!("已发的{edited}条消息里改为“{REDACTED}”"));
    }
    if *deleted > 0 {
        lines.push(format!("撤回{deleted}条消息或文件"));
    }
    if *waiting + *under_way > 0 {
        lines.push(format!("待发的{}条消息里同样改过再发", waiting + under_way));
    }
    if !digests.is_empty() {
        let numbers: Vec<String> = digests
            .iter()
            .map(|number| format!("第{number}期"))
            .collect();
        let numbers = some(&numbers, "、", MOST_NUMBERS, "期");
        lines.push(format!("留存的周报{numbers}同样改过"));
    }
    if *talks > 0 {
        lines.push(format!("{talks}人没填完的内容含有这些文字，予以清除"));
    }
    lines
}

/// What can neither be edited nor deleted: where it is, so that people can be asked.
fn left(scene: &Scene<'_>, places: &Places) -> Vec<String> {
    if places.left.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![format!(
        "撤不回的{}处，请通知有关人员自行删除：",
        places.left.len()
    )];
    lines.extend(
        places
            .left
            .iter()
            .take(MOST_LEFT)
            .map(|one| place(scene, one)),
    );
    if places.left.len() > MOST_LEFT {
        lines.push(format!(" 另有{}处", places.left.len() - MOST_LEFT));
    }
    lines
}

fn place(scene: &Scene<'_>, left: &Left) -> String {
    let chat = whose(scene, left.chat);
    let what = if left.file { "文件" } else { "消息" };
    match left.sent_at {
        Some(at) => format!(" {chat}：{} 的{what}", naming::moment(at, scene.now)),
        None => format!(" {chat}：一条不知是否送达的{what}"),
    }
}

fn whose(scene: &Scene<'_>, chat: i64) -> String {
    match scene.standing.person_of(chat) {
        Some(person) => format!("{}的私聊", naming::person(scene.frame, person)),
        None if chat < 0 => "工作群".to_owned(),
        None => "已换号人员的私聊".to_owned(),
    }
}

fn check(scene: &Scene<'_>, seqs: &[u64], seq: u64, places: &Places, reason: &str) -> Message {
    let mut html = Html::new()
        .bold("请核对")
        .line()
        .text(format!("删除{}的文字", super::numbers(seqs)));
    for line in elsewhere(places).into_iter().chain(left(scene, places)) {
        html = html.line().text(line);
    }
    let html = html.line().text(format!("原因：{reason}"));
    Message::text(html)
        .row(vec![button("删除", Press::Redact(RedactPress::Go(seq)))])
        .row(leaving(seq, true))
}

fn done(scene: &Scene<'_>, seqs: &[u64], by: &str, places: &Places) -> Message {
    let mut html = Html::new().text(format!("已由{by}删除{}的文字。", super::numbers(seqs)));
    for line in elsewhere(places).into_iter().chain(left(scene, places)) {
        html = html.line().text(line);
    }
    html = html
        .line()
        .text("填报人发给机器人的原话请本人在聊天里删除；备份、此前导出的文件和截图不在本系统内，请另行处理。");
    Message::text(html)
}

fn leaving(seq: u64, back: bool) -> Vec<crate::render::Button> {
    let leave = button("退出", Press::Redact(RedactPress::Leave(seq)));
    match back {
        true => vec![
            button("上一步", Press::Redact(RedactPress::Back(seq))),
            leave,
        ],
        false => vec![leave],
    }
}
