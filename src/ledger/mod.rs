//! The ledger (台账): append-only, hash-chained entries, folded into the standing of every task at any moment.

mod amended;
mod asking;
mod assigned;
mod chain;
mod cosign;
mod deadlines;
mod decided;
mod entry;
mod evidence;
mod finish;
mod fold;
mod frame;
#[cfg(test)]
mod golden;
mod initial;
mod light;
mod matters;
mod meetings;
mod own;
mod pace;
mod period;
mod progress;
mod promises;
mod receipts;
mod redaction;
mod reports;
mod requests;
mod restored;
mod roster;
mod salts;
mod slips;
mod standing;
mod supplements;
mod terms;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod text;
mod texts;
mod trail;
mod view;
mod vocabulary;
mod yearly;

pub use amended::{Amendments, AssignedItem, Project, filing_of};
pub use asking::BASELINE_PERIODS;
pub use assigned::{Assignee, Assignment, Meeting, Origin, ProjectEntry, ProjectStage};
pub use chain::{Broken, Head, canonical, verify};
pub use cosign::{CoSign, CoSignature, CoSigned, Signature};
pub use decided::{Decided, Decision};
pub use entry::{Account, Act, Actor, BindingWay, ENTRY_VERSION, LedgerEntry, TaskEnd};
pub use evidence::{Evidence, EvidenceKept, EvidenceNotKept, Fetched, FileRef, NotKept};
pub use frame::{Frame, FrameMistakes};
pub use light::{Light, LightReason, light_of, light_since};
pub use matters::{
    Answer, MATTER_OLD, Matter, MatterAct, MatterAnswered, MatterEnd, MatterSettled,
};
pub use meetings::{CalledMeeting, Guest, MeetingEnd, MeetingTime, guests, people_called};
pub use own::{Own, OwnDecision, OwnDecisions};
pub use pace::{Pace, pace_curve, pace_of};
pub use period::{CountsFor, ReportingPeriod};
pub use progress::{
    Attachment, BaselineAnswer, FileId, Judgement, MilestoneStage, ProgressReport, SupportNeed,
    Value,
};
pub use promises::Promises;
pub use receipts::people_of;
pub use redaction::{LEAST_SOUGHT, Redacted, Redaction, Survey, Words};
pub use requests::{Freeze, Outcome, Request, Verdict, Wish};
pub use restored::{AfterRestore, Gap, Restored};
pub use roster::{
    Absence, AwayKind, Liaison, NamedLiaison, People, RosterChange, RosterEntry, Successor,
    UnitChange, UnitsChanged,
};
pub use salts::{Salts, code_sha256};
pub use slips::{
    SLIP_OFFER_AFTER, Sending, Slip, SlipColour, SlipDrafted, SlipHeld, SlipOver, SlipSent,
    SlipTold,
};
pub use standing::{Binding, Filed, Group, Hint, Invite, Pause, Posted, Standing, TaskState};
pub use supplements::Supplement;
pub use terms::{Settled, Settlement, Source, Terms};
pub use text::Text;
pub use trail::{Step, Subject, Trail};
pub use view::{Initial, Phase, TaskView};
