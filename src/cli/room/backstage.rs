//! What the page shows beside the chats, gathered from plan, store and stage as plain values.

use super::{RoomSettings, saving};
use crate::cli::files::ConfigFiles;
use crate::cli::stage::Stage;
use crate::clock::Dice;
use crate::plan::{Member, Plan, Role};
use crate::rehearsal::desk::{Backstage, Cast};

/// The backstage of a room that was just begun.
pub(super) fn begun(config: &ConfigFiles, stage: &Stage, settings: &RoomSettings) -> Backstage {
    let title = config.plans.first().map(|file| &file.plan.task_force.name);
    Backstage {
        room: hex::encode(&Dice::System.throw().0[..8]),
        title: title.cloned().unwrap_or_default(),
        people: cast(config, stage),
        stand_in: stage.url(),
        running: true,
        strict: settings.strict,
        saved: saving::names(&settings.rooms),
        ..Backstage::default()
    }
}

/// Everybody on a roster, each once.
fn cast(config: &ConfigFiles, stage: &Stage) -> Vec<Cast> {
    let mut people: Vec<Cast> = Vec::new();
    for plan in config.plans.iter().map(|file| &file.plan) {
        for member in &plan.members {
            let Some(id) = stage.room().account(&member.name) else {
                continue;
            };
            if !people.iter().any(|known| known.id == id) {
                people.push(cast_as(plan, member, id));
            }
        }
    }
    people
}

fn cast_as(plan: &Plan, member: &Member, id: i64) -> Cast {
    let unit = member.units.first().and_then(|unit| plan.unit(unit));
    Cast {
        id,
        name: member.name.clone(),
        post: member.post.clone(),
        unit: unit.map(|unit| unit.short_name.clone()).unwrap_or_default(),
        role: if plan.is_office(&member.id, &[]) {
            "office"
        } else {
            role_name(member.role)
        },
    }
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::Leader => "leader",
        Role::DeputyLeader => "deputy_leader",
        Role::Member => "member",
        Role::Liaison => "liaison",
    }
}
