//! Who may do what, from the roster and the office alone; accounts and groups are not known here.

use super::{MeasureId, PersonId, Plan, Role, UnitId};

/// An act that needs a right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Right {
    /// Answer a task that this unit files now (settlements applied); none: the office files it.
    File(Option<UnitId>),
    /// Add one 补充 under a measure as another lead or responsible unit.
    Supplement(MeasureId),
    /// File in the place of another unit (代填).
    FileOnBehalf,
    /// Say that one is away (出差, 休假), or that one is back.
    SetAway,
    /// The same of somebody else.
    SetOthersAway,
    /// Name a liaison (联络员) for oneself.
    NameLiaison,
    /// Put somebody in another's place on the roster; confirm and end liaisons.
    Replace,
    /// Rename, merge, split units.
    ChangeUnits,
    /// Send an answer to the filer as a hint (转交).
    Hint,
    /// Read status, history and digests.
    SeeStatus,
    /// Urge one item (催办).
    FollowUp,
    /// Settle open terms (口径).
    SettleTerms,
    /// Adopt a changed plan or decline it (采用 / 不采用).
    Adopt,
    /// Start unasked sending.
    GoLive,
    /// Pause and resume unasked sending.
    Pause,
    /// Make and withdraw one-time links.
    Invite,
    /// End a person's old account and make a new link.
    Rebind,
    /// Confirm that an account is the person it says, or withdraw that.
    ConfirmBinding,
    /// Bind the group or one topic of it.
    BindGroup,
    /// Correct a posted digest (更正).
    FixDigest,
    /// Act for this unit: answer a need (需协调), co-sign (会签); none: the office does.
    ActFor(Option<UnitId>),
    /// End a matter of coordination that another unit asked for.
    SettleMatters,
    /// Decide on supervision slips (督办单).
    DecideSlips,
    /// Decide on extensions and closures, reopen, freeze.
    Decide,
    /// Decide on a second extension of one task.
    DecideAgain,
    /// Ask to finish the work (结束).
    Finish,
    /// Assign items and take them back, call meetings, keep the list of projects (交办、会议、项目库).
    Assign,
    /// Take the whole ledger out as documents (台账、简报).
    Export,
    /// Remove what must not stand (删除文字).
    Redact,
    /// Say how a restored database goes on (接续 / 补发).
    Restore,
}

/// Whether a person may, and if not, why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// May.
    Allowed,
    /// May not.
    Refused(Why),
}

/// Why an act is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// Not on the roster and not of the office.
    NotOnRoster,
    /// Only the office and the deputy leader may.
    OfficeOnly,
    /// Only the deputy leader may.
    DeputyOnly,
    /// Only the people of this unit may.
    OtherUnit(UnitId),
    /// The person's units neither lead this measure nor answer for it.
    NotConcerned(MeasureId),
    /// The leader reads and is not asked.
    LeaderReads,
    /// Only the leaders and the office may.
    LeadersOnly,
    /// Only a member who stands for a unit may.
    MembersOnly,
}

/// May this person do this? `granted` are office people beyond the plan's own chief and staff.
pub fn may(plan: &Plan, person: &PersonId, granted: &[PersonId], right: &Right) -> Access {
    let office = plan.is_office(person, granted);
    let role = plan.member(person).map(|member| member.role);
    if role.is_none() && !office {
        return Access::Refused(Why::NotOnRoster);
    }
    let decides = office || role == Some(Role::DeputyLeader);
    match right {
        Right::SeeStatus => Access::Allowed,
        Right::File(unit) | Right::ActFor(unit) => may_file(plan, person, unit.as_ref(), decides),
        Right::Supplement(measure) => may_supplement(plan, person, measure),
        Right::Hint => match role {
            Some(Role::Leader) if !office => Access::Refused(Why::LeaderReads),
            Some(Role::Leader | Role::DeputyLeader | Role::Member | Role::Liaison) | None => {
                Access::Allowed
            }
        },
        Right::SetAway => match role {
            Some(Role::Member | Role::Liaison) => Access::Allowed,
            Some(Role::Leader | Role::DeputyLeader) | None => allowed_if(decides, Why::LeaderReads),
        },
        Right::NameLiaison => allowed_if(stands_for_a_unit(plan, person), Why::MembersOnly),
        Right::FileOnBehalf
        | Right::SetOthersAway
        | Right::Replace
        | Right::ChangeUnits
        | Right::FollowUp
        | Right::SettleTerms
        | Right::Adopt
        | Right::GoLive
        | Right::Pause
        | Right::Invite
        | Right::Rebind
        | Right::ConfirmBinding
        | Right::BindGroup
        | Right::FixDigest
        | Right::SettleMatters
        | Right::Assign
        | Right::DecideSlips => allowed_if(decides, Why::OfficeOnly),
        Right::Decide => allowed_if(decides, Why::OfficeOnly),
        Right::DecideAgain => allowed_if(role == Some(Role::DeputyLeader), Why::DeputyOnly),
        Right::Finish | Right::Redact | Right::Restore => allowed_if(decides, Why::OfficeOnly),
        Right::Export => allowed_if(decides || role == Some(Role::Leader), Why::LeadersOnly),
    }
}

/// A unit's own people file; what has no unit, or a unit that nobody stands for, is the office's.
fn may_file(plan: &Plan, person: &PersonId, unit: Option<&UnitId>, decides: bool) -> Access {
    let Some(unit) = unit else {
        return allowed_if(decides, Why::OfficeOnly);
    };
    let (filer, others) = plan.filers(unit);
    if filer.is_none() && others.is_empty() {
        return allowed_if(decides, Why::OfficeOnly);
    }
    let own = filer
        .into_iter()
        .chain(others)
        .any(|member| member.id == *person);
    allowed_if(own, Why::OtherUnit(unit.clone()))
}

fn may_supplement(plan: &Plan, person: &PersonId, measure: &MeasureId) -> Access {
    let refused = || Why::NotConcerned(measure.clone());
    let (Some(measure), Some(member)) = (plan.measure(measure), plan.member(person)) else {
        return Access::Refused(refused());
    };
    let concerned = measure
        .lead_units
        .iter()
        .chain(&measure.responsible_units)
        .any(|unit| member.units.contains(unit));
    allowed_if(concerned, refused())
}

fn stands_for_a_unit(plan: &Plan, person: &PersonId) -> bool {
    let member = plan.member(person);
    member.is_some_and(|member| member.role == Role::Member && !member.units.is_empty())
}

fn allowed_if(condition: bool, why: Why) -> Access {
    if condition {
        Access::Allowed
    } else {
        Access::Refused(why)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::read;

    const RUSHAN: &str = include_str!("../../config/plans/rushan.toml");

    /// Role × act × allowed, with the reason of each refusal.
    const GOLDEN: &str = include_str!("../../tests/golden/rights.txt");

    /// 侯世俊 made 市住建局's liaison; 高伟 granted the office.
    fn plan() -> Plan {
        let liaison = "units = [\"zjj\"]\nrole = \"liaison\"";
        let (before, after) = RUSHAN.split_once("units = [\"dsj\"]").unwrap();
        read(&format!("{before}{liaison}{after}"), "rushan.toml").unwrap()
    }

    fn rights() -> Vec<(&'static str, Right)> {
        vec![
            ("file own", Right::File(Some("zjj".into()))),
            ("file unmanned", Right::File(Some("zqjd".into()))),
            ("file no unit", Right::File(None)),
            ("supplement 11", Right::Supplement("11".into())),
            ("on behalf", Right::FileOnBehalf),
            ("set away", Right::SetAway),
            ("others away", Right::SetOthersAway),
            ("liaison", Right::NameLiaison),
            ("replace", Right::Replace),
            ("units", Right::ChangeUnits),
            ("hint", Right::Hint),
            ("status", Right::SeeStatus),
            ("follow up", Right::FollowUp),
            ("terms", Right::SettleTerms),
            ("adopt", Right::Adopt),
            ("go live", Right::GoLive),
            ("pause", Right::Pause),
            ("invite", Right::Invite),
            ("rebind", Right::Rebind),
            ("confirm", Right::ConfirmBinding),
            ("bind group", Right::BindGroup),
            ("fix digest", Right::FixDigest),
            ("act for own", Right::ActFor(Some("zjj".into()))),
            ("matters", Right::SettleMatters),
            ("slips", Right::DecideSlips),
            ("decide", Right::Decide),
            ("decide again", Right::DecideAgain),
            ("finish", Right::Finish),
            ("assign", Right::Assign),
            ("export", Right::Export),
            ("redact", Right::Redact),
            ("restore", Right::Restore),
        ]
    }

    /// Fails to compile when a right is added, so that it is put into the table above.
    fn is_in_table(right: &Right) -> bool {
        match right {
            Right::File(_)
            | Right::Supplement(_)
            | Right::FileOnBehalf
            | Right::SetAway
            | Right::SetOthersAway
            | Right::NameLiaison
            | Right::Replace
            | Right::ChangeUnits
            | Right::Hint
            | Right::SeeStatus
            | Right::FollowUp
            | Right::SettleTerms
            | Right::Adopt
            | Right::GoLive
            | Right::Pause
            | Right::Invite
            | Right::Rebind
            | Right::ConfirmBinding
            | Right::BindGroup
            | Right::FixDigest
            | Right::ActFor(_)
            | Right::SettleMatters
            | Right::DecideSlips
            | Right::Decide
            | Right::DecideAgain
            | Right::Finish
            | Right::Assign
            | Right::Export
            | Right::Redact
            | Right::Restore => rights().iter().any(|(_, known)| known == right),
        }
    }

    #[test]
    fn every_role_has_its_rights_and_no_others() {
        let plan = plan();
        let people = [
            "liu-peigen",
            "zhang-xinlong",
            "luan-pin",
            "gao-wei",
            "li-junqing",
            "hou-shijun",
            "liu-hao",
            "nobody",
        ];
        let granted = [PersonId::from("gao-wei")];
        let mut table = format!(
            "{:14}{}",
            "", "leader deputy chief granted member liaison other nobody\n"
        );
        for (name, right) in rights() {
            let cells = people.map(
                |person| match may(&plan, &person.into(), &granted, &right) {
                    Access::Allowed => "yes",
                    Access::Refused(Why::NotOnRoster) => "unknown",
                    Access::Refused(Why::OfficeOnly) => "office",
                    Access::Refused(Why::DeputyOnly) => "deputy",
                    Access::Refused(Why::OtherUnit(_)) => "unit",
                    Access::Refused(Why::NotConcerned(_)) => "measure",
                    Access::Refused(Why::LeaderReads) => "reads",
                    Access::Refused(Why::LeadersOnly) => "leaders",
                    Access::Refused(Why::MembersOnly) => "members",
                },
            );
            table += format!("{name:14}{}", cells.join(" ")).trim_end();
            table.push('\n');
        }
        assert_eq!(table, GOLDEN, "{table}");
        assert!(rights().iter().all(|(_, right)| is_in_table(right)));
    }

    #[test]
    fn an_office_person_beyond_the_roster_may_decide_but_not_supplement() {
        let (plan, clerk) = (plan(), PersonId::from("clerk"));
        let granted = [clerk.clone()];
        assert_eq!(may(&plan, &clerk, &granted, &Right::Adopt), Access::Allowed);
        let refused = Access::Refused(Why::NotConcerned("1".into()));
        assert_eq!(
            may(&plan, &clerk, &granted, &Right::Supplement("1".into())),
            refused
        );
    }
}
