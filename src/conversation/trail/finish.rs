//! 结束: asked by the office, confirmed by the deputy leader; after it every command has one answer.

use super::{Event, Say, TrailSay, Turn};
use crate::conversation::{
    ChatKind, Context, Effect, Happening, Manner, Whom, command, group, people,
};
use crate::ledger::{Act, Decided, Decision};
use crate::plan::{PersonId, Role};

/// What is said of the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FinishSay {
    /// `/finish`: what is not closed, and who would have to confirm.
    Overview(Vec<PersonId>),
    /// There is a deputy leader, but none with an account.
    NoDeputy,
    /// It was asked for and waits.
    Asked {
        /// By whom.
        by: PersonId,
        /// Seq of the entry.
        seq: u64,
    },
    /// To whoever confirms: what is not closed, with buttons.
    Confirm {
        /// By whom it was asked.
        by: PersonId,
        /// Seq of the entry.
        seq: u64,
    },
    /// The same once more.
    Sure(u64),
    /// The alert: another person confirms.
    NotYours,
    /// It was taken back, or refused by who would have confirmed.
    Declined {
        /// By whom.
        by: PersonId,
        /// Whether that is who had asked.
        withdrawn: bool,
    },
    /// The alert: somebody decided before, or nothing is asked for.
    DecidedBefore(Option<Decided>),
    /// It is over.
    Finished(PersonId),
    /// What every command is answered with afterwards.
    Over,
}

impl From<FinishSay> for Say {
    fn from(say: FinishSay) -> Self {
        Self::Trail(TrailSay::Finish(say))
    }
}

/// Who confirms what this person asks for: another deputy leader; where the roster has none, another member of the office;
/// where there is nobody, the person (自办自批).
fn confirmers(context: &Context<'_>, asker: &PersonId) -> Vec<PersonId> {
    let bound = |person: &PersonId| context.standing.bindings.contains_key(person);
    let members = context.frame.plan.members.iter();
    let deputies: Vec<PersonId> = members
        .filter(|member| member.role == Role::DeputyLeader && member.id != *asker)
        .map(|member| member.id.clone())
        .collect();
    if !deputies.is_empty() {
        return deputies.into_iter().filter(bound).collect();
    }
    let office = people::office(context);
    let others: Vec<PersonId> = office.into_iter().filter(|it| it != asker).collect();
    match others.is_empty() {
        true => vec![asker.clone()],
        false => others,
    }
}

/// `/finish`: shows what is open; nothing is asked for before the tap.
pub fn finish(turn: &mut Turn<'_, '_>, _event: &Event) {
    let Some(own) = turn.context.person else {
        return;
    };
    let say = match &turn.context.standing.finish_asked {
        Some((seq, by)) => FinishSay::Asked {
            by: by.clone(),
            seq: *seq,
        },
        None => match confirmers(turn.context, own) {
            people if people.is_empty() => FinishSay::NoDeputy,
            people => FinishSay::Overview(people),
        },
    };
    turn.reply(say.into());
}

/// 申请结束.
pub(super) fn ask(turn: &mut Turn<'_, '_>, event: &Event) {
    let Some(own) = turn.context.person.cloned() else {
        return;
    };
    if let Some((seq, by)) = turn.context.standing.finish_asked.clone() {
        return turn.show(event, FinishSay::Asked { by, seq }.into());
    }
    let confirmers = confirmers(turn.context, &own);
    if confirmers.is_empty() {
        return turn.show(event, FinishSay::NoDeputy.into());
    }
    turn.push(Effect::Append(Act::FinishAsked));
    let seq = turn.context.standing.seq + 1;
    let by = own.clone();
    turn.show(event, FinishSay::Asked { by, seq }.into());
    for person in confirmers {
        let confirm = FinishSay::Confirm {
            by: own.clone(),
            seq,
        };
        turn.push(Effect::Tell {
            to: Whom::Person(person),
            say: confirm.into(),
            manner: Manner::unasked(),
        });
    }
}

/// 不结束 of who confirms, or 撤回 of who asked.
pub(super) fn decline(turn: &mut Turn<'_, '_>, event: &Event, seq: u64) {
    let Some((own, asker)) = waiting(turn, event, seq) else {
        return;
    };
    if own != asker && !confirmers(turn.context, &asker).contains(&own) {
        return turn.push(Effect::alert(FinishSay::NotYours.into()));
    }
    turn.push(Effect::Append(Act::FinishDeclined));
    let say = FinishSay::Declined {
        by: own.clone(),
        withdrawn: own == asker,
    };
    turn.show(event, say.clone().into());
    tell(turn, &own, &asker, say);
}

/// 确认结束: once to see, once to do.
pub(super) fn confirm(turn: &mut Turn<'_, '_>, event: &Event, seq: u64, sure: bool) {
    let Some((own, asker)) = waiting(turn, event, seq) else {
        return;
    };
    if !confirmers(turn.context, &asker).contains(&own) {
        return turn.push(Effect::alert(FinishSay::NotYours.into()));
    }
    if !sure {
        return turn.show(event, FinishSay::Sure(seq).into());
    }
    turn.push(Effect::Append(Act::Finished));
    turn.push(Effect::CloseDown);
    turn.show(event, FinishSay::Finished(own.clone()).into());
    tell(turn, &own, &asker, FinishSay::Finished(own.clone()));
}

/// The presser and the asker, where this very request still waits.
fn waiting(turn: &mut Turn<'_, '_>, event: &Event, seq: u64) -> Option<(PersonId, PersonId)> {
    let own = turn.context.person?.clone();
    let standing = turn.context.standing;
    match &standing.finish_asked {
        Some((asked, by)) if *asked == seq => Some((own, by.clone())),
        Some(_) | None => {
            let decided = standing.decided.get(&Decision::Finish).cloned();
            let say = FinishSay::DecidedBefore(decided);
            turn.push(Effect::alert(say.clone().into()));
            turn.show(event, say.into());
            None
        }
    }
}

/// The office and the asker hear of it without a sound.
fn tell(turn: &mut Turn<'_, '_>, own: &PersonId, asker: &PersonId, say: FinishSay) {
    let office = people::office(turn.context);
    if asker != own && !office.contains(asker) {
        turn.push(Effect::Tell {
            to: Whom::Person(asker.clone()),
            say: say.clone().into(),
            manner: Manner::unasked(),
        });
    }
    people::tell_office_but(turn, own, say.into());
}

/// Once the work is finished: one line for whoever addresses the bot, and nothing else happens.
pub fn after_the_end(turn: &mut Turn<'_, '_>, event: &Event) {
    let pressed = matches!(event.happening, Happening::Pressed { .. });
    let called = command::of(turn.context.bot, &event.happening).is_some();
    let addressed = pressed
        || called
        || event.place.kind == ChatKind::Private
        || group::replies_to_bot(&event.happening);
    let edited = matches!(event.happening, Happening::Edited { .. });
    if addressed && !edited {
        turn.refuse(event, FinishSay::Over.into());
    }
}
