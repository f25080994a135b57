//! Nobody decides on what they filed or asked for, while somebody else can.

use crate::conversation::{Context, people};
use crate::ledger::Actor;
use crate::plan::{PersonId, Role};

/// Whether somebody's own matter may be decided by them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bar {
    /// It is not their own.
    Free,
    /// It is, and somebody else can decide.
    Barred,
    /// It is, and there is nobody else: allowed, and printed as 自办自批.
    Alone,
}

/// Whether the event's person may decide on what `by` filed or asked for.
pub fn barred(context: &Context<'_>, by: &Actor) -> Bar {
    let Some(own) = context.person else {
        return Bar::Barred;
    };
    // What somebody left behind is their successor's.
    if !context.frame.is_of(by, own) {
        return Bar::Free;
    }
    let office = people::office(context);
    let decides = |person: &PersonId| {
        let member = context.frame.plan.member(person);
        let deputy = member.is_some_and(|member| member.role == Role::DeputyLeader);
        person != own && (deputy || office.contains(person))
    };
    if context.standing.bindings.keys().any(decides) {
        Bar::Barred
    } else {
        Bar::Alone
    }
}
