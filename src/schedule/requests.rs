//! Requests three working days old reach the deputy leader once.

use super::moment::Moment;
use super::{Notice, NoticeKey, NoticeKind, NoticeTo};
use crate::calendar;
use crate::ledger::{Request, Standing};
use crate::plan::{PersonId, Role};

/// After so many working days the deputy leader hears of a request.
const WAITS: i64 = 3;

/// One silent card a deputy leader, with every request that is old enough and not yet told.
pub(super) fn waiting(moment: &Moment<'_>) -> Vec<Notice> {
    let members = moment.frame.plan.members.iter();
    let deputies = members.filter(|member| {
        member.role == Role::DeputyLeader && moment.standing.bindings.contains_key(&member.id)
    });
    deputies
        .filter_map(|deputy| card(moment, &deputy.id))
        .collect()
}

fn card(moment: &Moment<'_>, deputy: &PersonId) -> Option<Notice> {
    let open = moment.standing.open_requests().into_iter();
    let old = open.map(|(_, request)| request).filter(|request| {
        let key = NoticeKey::request(request.seq, deputy);
        let own = moment.frame.is_of(&request.by, deputy);
        // A second extension is the deputy leader's from the start.
        !own && !request.is_for_deputy() && is_old(moment, request) && !moment.is_given(&key)
    });
    let requests: Vec<u64> = old.map(|request| request.seq).collect();
    let keys: Vec<NoticeKey> = requests
        .iter()
        .map(|seq| NoticeKey::request(*seq, deputy))
        .collect();
    (!requests.is_empty()).then(|| Notice {
        kind: NoticeKind::RequestsWait { requests },
        to: NoticeTo::Person(deputy.clone()),
        at: moment.slot_on(moment.today),
        not_after: moment.frame.calendar.end_of_work(moment.today),
        keys,
        items: Vec::new(),
        meetings: Vec::new(),
        pings: Vec::new(),
        silent: true,
    })
}

fn is_old(moment: &Moment<'_>, request: &Request) -> bool {
    let asked = calendar::date_of(request.at);
    let day = moment.frame.calendar.add_working_days(asked, WAITS);
    moment.slot_on(day) <= moment.now
}

/// What of a queued card still waits.
pub(super) fn still(standing: &Standing, notice: &Notice) -> Option<Notice> {
    let NoticeKind::RequestsWait { requests } = &notice.kind else {
        return None;
    };
    let open = standing.open_requests();
    let waits = |seq: &u64| open.iter().any(|(_, request)| request.seq == *seq);
    let requests: Vec<u64> = requests.iter().copied().filter(waits).collect();
    (!requests.is_empty()).then(|| Notice {
        kind: NoticeKind::RequestsWait { requests },
        ..notice.clone()
    })
}
