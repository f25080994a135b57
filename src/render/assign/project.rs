//! Messages on projects (项目库): the talk's questions, the list, one project.

use super::{money, plain, press, stage};
use crate::calendar;
use crate::conversation::assign::{Press, ProjectDraft, ProjectStep, ProjectTap};
use crate::ledger::{Project, ProjectStage};
use crate::plan::{MeasureId, PersonId, TaskId};
use crate::render::item::clip;
use crate::render::{Button, Html, Message, Scene, naming};

/// Projects on a page.
const PAGE: usize = 8;
/// Characters of a name in a list.
const MOST_NAME: usize = 30;

/// The question of the step.
pub(super) fn question(scene: &Scene<'_>, draft: &ProjectDraft) -> Message {
    let ask = |question: &str| {
        let html = Html::new().bold("项目库");
        let html = match draft.name.is_empty() {
            true => html.text(" · 新增项目"),
            false => html.text(format!(" · {}", clip(&draft.name, MOST_NAME))),
        };
        Message::text(html.line().line().text(question))
    };
    match draft.step {
        ProjectStep::Name => ask("项目叫什么？").row(vec![press("退出", Press::Leave)]),
        ProjectStep::Unit => ask("由哪个单位填报？发单位名称或简称。").row(ways_out()),
        ProjectStep::Measure => ask("属于第几项举措？发举措号，例如：6")
            .row(vec![tap("不属于哪一项", ProjectTap::NoMeasure)])
            .row(ways_out()),
        ProjectStep::Investment => {
            ask("总投资多少万元？例如：38000、9000万元、3.8亿元").row(ways_out())
        }
        ProjectStep::Funding => ask("申请资金多少万元？没有就发0。").row(ways_out()),
        ProjectStep::FundingOver => ask(&format!(
            "申请资金{}多于总投资{}，是这样吗？不是请重发。",
            money(draft.funding.unwrap_or_default()),
            money(draft.investment.unwrap_or_default())
        ))
        .row(vec![tap("是这样", ProjectTap::Right)])
        .row(ways_out()),
        ProjectStep::Stage => {
            let choices = ProjectStage::ALL.map(|one| tap(stage(one), ProjectTap::Stage(one)));
            ask("现在是哪个阶段？")
                .row(choices.to_vec())
                .row(ways_out())
        }
        ProjectStep::Next => {
            let next = draft.stage.and_then(ProjectStage::next).map_or("", stage);
            ask(&format!("预计哪天{next}？发日期，例如：12月31日"))
                .row(vec![tap("还没有日期", ProjectTap::NoDate)])
                .row(ways_out())
        }
        ProjectStep::Preview => preview(scene, draft),
    }
}

/// The date of the stage after the one a project goes to.
pub(super) fn date(scene: &Scene<'_>, task: &TaskId, to: ProjectStage) -> Message {
    let next = to.next().map_or("", stage);
    plain(format!(
        "{}：{}阶段，预计哪天{next}？发日期，例如：12月31日",
        name(scene, task),
        stage(to)
    ))
    .row(vec![tap("还没有日期", ProjectTap::NoDate)])
    .row(vec![press("退出", Press::Leave)])
}

fn preview(scene: &Scene<'_>, draft: &ProjectDraft) -> Message {
    let today = calendar::date_of(scene.now);
    let unit = draft.unit.as_ref();
    let unit = unit.map_or_else(String::new, |unit| naming::unit(scene.frame, unit));
    let html = Html::new()
        .bold("请核对")
        .text(" · 项目库")
        .line()
        .text(&draft.name)
        .line()
        .text(format!(
            "单位：{unit}{}",
            under(scene, draft.measure.as_ref())
        ))
        .line()
        .text(format!(
            "总投资{}，申请资金{}",
            money(draft.investment.unwrap_or_default()),
            money(draft.funding.unwrap_or_default())
        ))
        .line()
        .text(stands(
            draft.stage,
            draft.next.map(|day| naming::day(day, today)),
        ));
    Message::text(html)
        .row(vec![press("提交", Press::Submit)])
        .row(ways_out())
}

/// 阶段：立项，预计12月31日开工.
fn stands(at: Option<ProjectStage>, day: Option<String>) -> String {
    let Some(at) = at else {
        return String::new();
    };
    match (at.next(), day) {
        (Some(next), Some(day)) => format!("阶段：{}，预计{day}{}", stage(at), stage(next)),
        (Some(next), None) => format!("阶段：{}，{}日期未定", stage(at), stage(next)),
        (None, _) => format!("阶段：{}", stage(at)),
    }
}

fn under(scene: &Scene<'_>, measure: Option<&MeasureId>) -> String {
    let measure = measure.and_then(|id| scene.frame.plan.measure(id));
    measure.map_or_else(String::new, |measure| {
        format!("；第{}项举措", measure.number)
    })
}

/// The list, a page at a time.
pub(super) fn list(scene: &Scene<'_>, page: usize) -> Message {
    let today = calendar::date_of(scene.now);
    let all: Vec<&Project> = scene.standing.amendments.projects.iter().collect();
    let on_list = all.iter().filter(|project| !project.dropped).count();
    let pages = all.len().div_ceil(PAGE).max(1);
    let page = page.min(pages - 1);
    let mut html = Html::new().bold("项目库").text(format!(" · {on_list}个"));
    if all.is_empty() {
        html = html.line().text("还没有项目。");
    }
    let mut buttons = Vec::new();
    for project in all.iter().skip(page * PAGE).take(PAGE) {
        let task = project.task();
        let label = label(scene, &task);
        let state = match project.dropped {
            true => "已移出".to_owned(),
            false => stands(
                Some(project.stage),
                project.next.map(|day| naming::day(day, today)),
            ),
        };
        html = html.line().text(format!(
            "{} · {} · {} · {state}",
            clip(&name(scene, &task), MOST_NAME),
            naming::unit(scene.frame, &project.entry.unit),
            money(project.entry.investment)
        ));
        buttons.push(tap(label, ProjectTap::Show(task)));
    }
    let mut message = Message::text(html);
    for row in buttons.chunks(4) {
        message = message.row(row.to_vec());
    }
    let mut turning = Vec::new();
    if page > 0 {
        turning.push(tap("‹ 上一页", ProjectTap::List(page - 1)));
    }
    if page + 1 < pages {
        turning.push(tap("下一页 ›", ProjectTap::List(page + 1)));
    }
    message
        .row(turning)
        .row(vec![tap("新增项目", ProjectTap::Add)])
}

/// One project with the office's buttons; `by`: without them, to whoever hears that somebody changed it.
pub(super) fn one(scene: &Scene<'_>, task: &TaskId, by: Option<&PersonId>) -> Message {
    let Some(project) = scene.standing.amendments.project(task) else {
        return Message::text("没有这个项目。");
    };
    let today = calendar::date_of(scene.now);
    let entry = &project.entry;
    let state = match project.dropped {
        true => "已移出项目库，不再提醒".to_owned(),
        false => stands(
            Some(project.stage),
            project.next.map(|day| naming::day(day, today)),
        ),
    };
    let html = Html::new()
        .bold(name(scene, task))
        .line()
        .text(format!(
            "单位：{}{}",
            naming::unit(scene.frame, &entry.unit),
            under(scene, entry.measure.as_ref())
        ))
        .line()
        .text(format!(
            "总投资{}，申请资金{}",
            money(entry.investment),
            money(entry.funding)
        ))
        .line()
        .text(state);
    match by {
        None => buttons(Message::text(html), project),
        Some(by) => {
            let by = naming::person(scene.frame, by);
            Message::text(html.line().text(format!("（{by}办理）")))
        }
    }
}

fn buttons(message: Message, project: &Project) -> Message {
    let task = || project.task();
    let list = tap("‹ 项目库", ProjectTap::List(0));
    if project.dropped {
        return message.row(vec![tap("重新列入", ProjectTap::PutBack(task())), list]);
    }
    let mut moves = Vec::new();
    if let Some(next) = project.stage.next() {
        let label = format!("转入{}", stage(next));
        moves.push(tap(label, ProjectTap::Move(task(), next)));
        moves.push(tap("改日期", ProjectTap::Date(task())));
    }
    let before = ProjectStage::ALL
        .into_iter()
        .rev()
        .find(|one| *one < project.stage);
    if let Some(before) = before {
        let label = format!("退回{}", stage(before));
        moves.push(tap(label, ProjectTap::Move(task(), before)));
    }
    message
        .row(moves)
        .row(vec![tap("移出", ProjectTap::Drop(task(), false)), list])
}

/// Once more before a project is taken off.
pub(super) fn drop_sure(scene: &Scene<'_>, task: &TaskId) -> Message {
    plain(format!(
        "{}移出项目库后不再提醒，可以重新列入。确定吗？",
        name(scene, task)
    ))
    .row(vec![
        tap("确定移出", ProjectTap::Drop(task.clone(), true)),
        tap("返回", ProjectTap::Show(task.clone())),
    ])
}

fn name(scene: &Scene<'_>, task: &TaskId) -> String {
    let label = label(scene, task);
    let project = scene.standing.amendments.project(task);
    let name = project.and_then(|project| project.entry.name.body());
    format!("{label} {}", name.unwrap_or(crate::render::REDACTED))
}

fn label(scene: &Scene<'_>, task: &TaskId) -> String {
    let known = scene.frame.plan.task(task);
    known.map_or_else(|| task.to_string(), |task| task.label.clone())
}

fn tap(label: impl Into<String>, tap: ProjectTap) -> Button {
    press(label, Press::Project(tap))
}

fn ways_out() -> Vec<Button> {
    vec![press("上一步", Press::Back), press("退出", Press::Leave)]
}
