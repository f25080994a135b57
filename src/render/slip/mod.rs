//! Messages on supervision slips (督办单): to the office as drafts, to the receiver as sent, to the deputy leader when nobody answered.

mod notices;

use chrono::NaiveDate;

use super::{Button, Html, Message, Scene, naming, people};
use crate::calendar;
use crate::conversation::matter::MOST_SENTENCE;
use crate::conversation::payload::Payload;
use crate::conversation::report;
use crate::conversation::slip::{Press, SlipSay};
use crate::digest::Item;
use crate::ledger::{SLIP_OFFER_AFTER, Slip, SlipColour, SlipOver};
use crate::plan::UnitId;
use crate::render::item::{self, clip};

pub use notices::{drafts, lines, sent, told, unanswered};

/// Slips on a page.
const MOST_LISTED: usize = 8;
/// Buttons of slips in a row.
const ROW: usize = 4;
/// Characters of the last progress quoted in a slip.
const MOST_DONE: usize = 60;

/// Every message of this slice.
pub fn say(scene: &Scene<'_>, say: &SlipSay) -> Message {
    match say {
        SlipSay::List { units, page } => list(scene, units.as_deref(), *page),
        SlipSay::Card { slip, decides } => card(scene, *slip, *decides),
        SlipSay::WordsWanted(seq) => words_wanted(scene, *seq),
        SlipSay::WordsRead { slip, words } => words_read(scene, *slip, words),
        SlipSay::DecidedBefore(seq, decided) => decided_before(scene, *seq, decided.as_ref()),
        SlipSay::Over(seq, over) => plain(format!(
            "{}，{}。",
            with(scene, *seq, name),
            over_words(*over)
        )),
        SlipSay::NoReceiver(seq) => plain(format!(
            "{}的填报单位没有已登记的填报人，督办单发不出去。请先用 /invite 登记。",
            with(scene, *seq, task_name)
        )),
        SlipSay::OwnSlip => {
            Message::text("这份督办单是发给您本人的，请由办公室其他人员或副组长决定。")
        }
        SlipSay::NotYours(seq) => plain(format!("{}不是发给您单位的。", with(scene, *seq, name))),
        SlipSay::Told(seq) => told_others(scene, *seq),
    }
}

/// Something said of a slip; of one that is not there, what it would be called.
fn with(scene: &Scene<'_>, seq: u64, said: fn(&Scene<'_>, &Slip) -> String) -> String {
    let slip = scene.standing.slips.get(&seq);
    slip.map_or_else(|| "督办单".to_owned(), |slip| said(scene, slip))
}

fn glyph(colour: SlipColour) -> &'static str {
    match colour {
        SlipColour::Blue => "🔵",
        SlipColour::Yellow => "🟡",
        SlipColour::Red => "🔴",
    }
}

pub(super) fn colour(colour: SlipColour) -> &'static str {
    match colour {
        SlipColour::Blue => "蓝",
        SlipColour::Yellow => "黄",
        SlipColour::Red => "红",
    }
}

/// 督办单第3号（红）; 督办单（红） of a draft.
fn name(_: &Scene<'_>, slip: &Slip) -> String {
    let colour = colour(slip.colour);
    match &slip.sent {
        Some(sent) => format!("督办单第{}号（{colour}）", sent.number),
        None => format!("督办单（{colour}）"),
    }
}

fn task_name(scene: &Scene<'_>, slip: &Slip) -> String {
    naming::task(scene.frame, &slip.task)
}

fn item_of(scene: &Scene<'_>, slip: &Slip) -> Option<Item> {
    let today = calendar::date_of(scene.now);
    let view = scene.frame.task_view(scene.standing, &slip.task, today)?;
    Some(Item::of(scene.frame, scene.standing, &view, scene.now))
}

/// Why it is drafted: 12月31日到期，尚未反馈; 落后序时31个点; 逾期8天.
fn why(scene: &Scene<'_>, slip: &Slip) -> String {
    let today = calendar::date_of(scene.now);
    let due = slip.due.map(|due| naming::day(due, today));
    match (slip.colour, due) {
        (SlipColour::Blue, Some(due)) => format!("{due}到期，临近时限仍未反馈"),
        (SlipColour::Red, Some(due)) => {
            let days = slip.due.map_or(0, |due| (today - due).num_days());
            format!("时限{due}，已逾期{days}天")
        }
        (SlipColour::Yellow | SlipColour::Blue | SlipColour::Red, _) => {
            item_of(scene, slip).map_or_else(String::new, |item| item::reason(&item, today))
        }
    }
}

/// What the draft asks for.
fn demand(colour: SlipColour) -> &'static str {
    match colour {
        SlipColour::Blue => "请在时限前反馈进展；有困难的写明原因和需要的支持。",
        SlipColour::Yellow => "请反馈滞后原因、补救措施和赶上进度的时间。",
        SlipColour::Red => "请在5个工作日内反馈逾期原因、目前进展和完成时间。",
    }
}

/// The slip itself, as its receiver reads it.
fn letter(scene: &Scene<'_>, slip: &Slip, own_words: Option<&str>) -> Html {
    let today = calendar::date_of(scene.now);
    let view = scene.frame.task_view(scene.standing, &slip.task, today);
    let unit = match &slip.sent {
        Some(sent) => Some(sent.unit.clone()),
        None => view.as_ref().and_then(|view| view.filing_unit.clone()),
    };
    let unit = unit.map_or_else(String::new, |unit| naming::unit(scene.frame, &unit));
    let title = match &slip.sent {
        Some(sent) => format!("督办单 第{}号", sent.number),
        None => "督办单（待发）".to_owned(),
    };
    let mut html = Html::new()
        .bold(title)
        .text(format!(" · {}{}", glyph(slip.colour), colour(slip.colour)))
        .line()
        .text(format!("{} · {unit}", task_name(scene, slip)))
        .line()
        .text(why(scene, slip));
    if let Some(line) = item_of(scene, slip).and_then(|item| number(scene, &item)) {
        html = html.line().text(line);
    }
    let last = view.as_ref().and_then(|view| view.last_report());
    if let Some(done) = last.and_then(|filed| filed.report.done.as_ref()?.body()) {
        html = html
            .line()
            .text(format!("上次进展：{}", clip(done, MOST_DONE)));
    }
    let sent_words = slip.sent.as_ref().and_then(|sent| sent.words.as_ref());
    let sent_words = sent_words.map(|words| words.body().unwrap_or(crate::render::REDACTED));
    let words = own_words.or(sent_words).unwrap_or(demand(slip.colour));
    html = html.line().text(format!("要求：{words}"));
    match &slip.sent {
        Some(sent) => html.line().text(format!(
            "专班办公室 {} · {}",
            naming::actor(scene.frame, &sent.by),
            naming::day(calendar::date_of(sent.at), today)
        )),
        None => html,
    }
}

/// 目标≥10座，现9座.
fn number(scene: &Scene<'_>, item: &Item) -> Option<String> {
    let indicator = scene.frame.plan.indicator(&item.task)?;
    let target = item::target(indicator)?;
    Some(match item.actual {
        Some(actual) => format!("目标{target}，现{}", item::amount(indicator, actual)),
        None => format!("目标{target}，尚未填报"),
    })
}

/// One slip as it stands.
fn card(scene: &Scene<'_>, seq: u64, decides: bool) -> Message {
    let Some(slip) = scene.standing.slips.get(&seq) else {
        return Message::text("找不到这份督办单。");
    };
    let today = calendar::date_of(scene.now);
    let html = letter(scene, slip, None).line().line();
    let html = html.text(state(scene, slip, today));
    let message = Message::text(html);
    let message = match decides {
        true => message.row(office_buttons(scene, slip, today)),
        false => message.row(answer_button(scene, slip, today)),
    };
    message.row(vec![press("‹ 督办单", Press::List(0))])
}

fn office_buttons(scene: &Scene<'_>, slip: &Slip, today: NaiveDate) -> Vec<Button> {
    let seq = slip.seq;
    if scene.frame.slip_over(scene.standing, slip, today).is_some() {
        return Vec::new();
    }
    let mut buttons = Vec::new();
    if slip.sent.is_none() {
        let held = slip.held.is_some();
        buttons.push(press("发出", Press::Send(seq, held)));
        buttons.push(press("修改", Press::Change(seq, held)));
        if slip.held.is_none() {
            buttons.push(press("暂缓", Press::Hold(seq)));
        }
    } else if may_be_told(scene, slip, today) {
        buttons.push(press("告知副组长", Press::Tell(seq, true)));
        if slip.held.is_none() {
            buttons.push(press("暂不告知", Press::Tell(seq, false)));
        }
    }
    buttons
}

/// Whether the deputy leader can be told of it: red, unanswered for long, not told.
fn may_be_told(scene: &Scene<'_>, slip: &Slip, today: NaiveDate) -> bool {
    let days = scene.frame.days_since_sent(slip, today);
    slip.colour == SlipColour::Red
        && slip.told.is_none()
        && days.is_some_and(|days| days >= SLIP_OFFER_AFTER)
}

fn answer_button(scene: &Scene<'_>, slip: &Slip, today: NaiveDate) -> Vec<Button> {
    let open = scene.frame.slip_over(scene.standing, slip, today).is_none();
    let task = scene.frame.plan.task(&slip.task).filter(|_| open);
    let button = task.map(|task| {
        let item = report::Press::Item(task.id.clone());
        Button::press(format!("填 {}", task.label), Payload::Report(item).encode())
    });
    button.into_iter().collect()
}

/// Where it stands: who decided what, whether it was answered.
fn state(scene: &Scene<'_>, slip: &Slip, today: NaiveDate) -> String {
    let over = scene.frame.slip_over(scene.standing, slip, today);
    let Some(sent) = &slip.sent else {
        return match (over, &slip.held) {
            (Some(over), _) => format!("状态：{}", over_words(over)),
            (None, Some(held)) => format!("状态：已由{}暂缓", people::by_and_when(scene, held)),
            (None, None) => format!("状态：待定，点[发出]才会发给{}", receiver(scene, slip)),
        };
    };
    let mut line = format!(
        "状态：{}发给{}，{}",
        naming::moment(sent.at, scene.now),
        naming::person(scene.frame, &sent.to),
        answered(scene, slip, over, today)
    );
    if let Some(told) = &slip.told {
        let by = people::by_and_when(scene, told);
        line.push_str(&format!("；已由{by}告知副组长"));
    } else if let Some(held) = &slip.held {
        let by = people::by_and_when(scene, held);
        line.push_str(&format!("；{by}定为暂不告知副组长"));
    }
    line
}

/// Who would get a draft.
fn receiver(scene: &Scene<'_>, slip: &Slip) -> String {
    let today = calendar::date_of(scene.now);
    let view = scene.frame.task_view(scene.standing, &slip.task, today);
    let filer = view.as_ref().and_then(|view| view.filer(scene.frame));
    filer.map_or_else(
        || "填报人".to_owned(),
        |filer| naming::person(scene.frame, filer),
    )
}

fn answered(scene: &Scene<'_>, slip: &Slip, over: Option<SlipOver>, today: NaiveDate) -> String {
    match over {
        Some(SlipOver::Answered) => "已反馈".to_owned(),
        Some(SlipOver::Closed) => "事项已办结或撤销".to_owned(),
        Some(SlipOver::Moved) => "时限已改".to_owned(),
        Some(SlipOver::Passed | SlipOver::Withdrawn) => "已失效".to_owned(),
        None => match scene.frame.days_since_sent(slip, today) {
            Some(days) if days > 0 => format!("{days}个工作日未反馈"),
            Some(_) | None => "尚未反馈".to_owned(),
        },
    }
}

fn over_words(over: SlipOver) -> &'static str {
    match over {
        SlipOver::Answered => "单位已反馈，自动撤回，无需再发",
        SlipOver::Closed => "事项已办结或撤销，自动撤回",
        SlipOver::Moved => "时限已改，自动撤回",
        SlipOver::Passed => "时限已过，自动撤回",
        SlipOver::Withdrawn => "已自动撤回",
    }
}

/// `/slips`: what waits for a decision first, then what waits for an answer, then the newest.
fn list(scene: &Scene<'_>, units: Option<&[UnitId]>, page: usize) -> Message {
    let today = calendar::date_of(scene.now);
    let own = |slip: &&Slip| match (units, &slip.sent) {
        (None, _) => true,
        (Some(units), Some(sent)) => units.contains(scene.frame.plan.current_unit(&sent.unit)),
        (Some(_), None) => false,
    };
    let rank = |slip: &&Slip| {
        let over = scene.frame.slip_over(scene.standing, slip, today).is_some();
        let place = match (over, &slip.sent, &slip.held) {
            (false, None, None) => 0,
            (false, Some(_), _) => 1,
            (false, None, Some(_)) => 2,
            (true, _, _) => 3,
        };
        (place, std::cmp::Reverse(slip.seq))
    };
    let mut slips: Vec<&Slip> = scene.standing.slips.values().filter(own).collect();
    slips.sort_by_key(rank);
    if slips.is_empty() {
        return Message::text(match units {
            None => "还没有督办单。到期、落后或逾期时自动起草，由您决定是否发出。",
            Some(_) => "您单位没有督办单。",
        });
    }
    let pages = slips.len().div_ceil(MOST_LISTED);
    let page = page.min(pages - 1);
    let shown: Vec<&Slip> = slips
        .iter()
        .skip(page * MOST_LISTED)
        .take(MOST_LISTED)
        .copied()
        .collect();
    let html = Html::new()
        .bold("督办单")
        .text(format!(" · {}份", slips.len()));
    let message = listed(scene, html, &shown, page * MOST_LISTED, today);
    let mut turning = Vec::new();
    if page > 0 {
        turning.push(press("‹ 上一页", Press::List(page - 1)));
    }
    if page + 1 < pages {
        turning.push(press("下一页 ›", Press::List(page + 1)));
    }
    message.row(turning)
}

/// Numbered lines, and a numbered button for each.
fn listed(
    scene: &Scene<'_>,
    mut html: Html,
    slips: &[&Slip],
    from: usize,
    today: NaiveDate,
) -> Message {
    let mut buttons = Vec::new();
    for (index, slip) in slips.iter().enumerate() {
        let place = from + index + 1;
        html = html
            .line()
            .text(format!("{place}. {}", line(scene, slip, today)));
        let task = scene.frame.plan.task(&slip.task);
        let label = task.map_or("", |task| task.label.as_str());
        buttons.push(press(format!("{place}. {label}"), Press::Show(slip.seq)));
    }
    let mut message = Message::text(html);
    for row in buttons.chunks(ROW) {
        message = message.row(row.to_vec());
    }
    message
}

/// 🔴 6-1 改造换热站 · 市住建局 · 第3号 · 5个工作日未反馈.
fn line(scene: &Scene<'_>, slip: &Slip, today: NaiveDate) -> String {
    let over = scene.frame.slip_over(scene.standing, slip, today);
    let (number, state) = match (&slip.sent, over, &slip.held) {
        (Some(sent), over, _) => (
            format!("第{}号", sent.number),
            answered(scene, slip, over, today),
        ),
        (None, Some(_), _) => (String::new(), "已撤回".to_owned()),
        (None, None, Some(_)) => ("暂缓".to_owned(), why(scene, slip)),
        (None, None, None) => ("待定".to_owned(), why(scene, slip)),
    };
    let unit = item_of(scene, slip).map_or_else(String::new, |item| item::unit(scene.frame, &item));
    item::join(
        format!("{} {}", glyph(slip.colour), task_name(scene, slip)),
        &[unit, number, state],
    )
}

fn words_wanted(scene: &Scene<'_>, seq: u64) -> Message {
    let Some(slip) = scene.standing.slips.get(&seq) else {
        return Message::text("找不到这份督办单。");
    };
    let html = Html::new()
        .bold(format!("修改 {}", name(scene, slip)))
        .line()
        .text(task_name(scene, slip))
        .line()
        .text(format!("现在的要求：{}", demand(slip.colour)))
        .line()
        .text(format!("请发新的要求，最多{MOST_SENTENCE}字。"));
    Message::text(html).row(vec![press("退出", Press::Leave(seq))])
}

fn words_read(scene: &Scene<'_>, seq: u64, words: &str) -> Message {
    let Some(slip) = scene.standing.slips.get(&seq) else {
        return Message::text("找不到这份督办单。");
    };
    let html = letter(scene, slip, Some(words))
        .line()
        .line()
        .text("核对后点[发出]；再发一段文字可重写。");
    Message::text(html).row(vec![
        press("发出", Press::SendChanged(seq)),
        press("退出", Press::Leave(seq)),
    ])
}

fn decided_before(
    scene: &Scene<'_>,
    seq: u64,
    decided: Option<&crate::ledger::Decided>,
) -> Message {
    let slip = scene.standing.slips.get(&seq);
    let what = slip.map_or("处理", |slip| {
        match (&slip.sent, &slip.told, &slip.held) {
            (Some(_), Some(_), _) => "告知副组长",
            (Some(_), None, Some(_)) => "定为暂不告知",
            (Some(_), None, None) => "发出",
            (None, _, _) => "暂缓",
        }
    });
    let by = decided.map_or_else(String::new, |decided| {
        format!("由{}", people::by_and_when(scene, decided))
    });
    plain(format!(
        "{}已{by}{what}，现在无需处理。",
        with(scene, seq, name)
    ))
}

/// To other members of the office, what one of them decided.
fn told_others(scene: &Scene<'_>, seq: u64) -> Message {
    let Some(slip) = scene.standing.slips.get(&seq) else {
        return Message::text("督办单已处理。");
    };
    let (what, by) = match (&slip.sent, &slip.told, &slip.held) {
        (_, Some((_, by)), _) => ("告知副组长", by),
        (Some(_), None, Some((_, by))) => ("定为暂不告知副组长", by),
        (Some(sent), None, None) => ("发出", &sent.by),
        (None, None, Some((_, by))) => ("暂缓", by),
        (None, None, None) => return plain(format!("{}待定。", name(scene, slip))),
    };
    plain(format!(
        "{} {} 已由{}{what}。",
        name(scene, slip),
        task_name(scene, slip),
        naming::actor(scene.frame, by)
    ))
}

fn plain(text: String) -> Message {
    Message::text(Html::new().text(text))
}

fn press(label: impl Into<String>, press: Press) -> Button {
    Button::press(label, Payload::Slip(press).encode())
}
