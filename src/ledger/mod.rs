//! The ledger (台账): append-only, hash-chained entries, folded into the standing of every task at any moment.

mod amended;
mod asking;
mod assigned;
mod chain;
mod decided;
mod entry;
mod fold;
mod frame;
#[cfg(test)]
mod golden;
mod light;
mod pace;
mod period;
mod receipts;
mod reports;
mod salts;
mod standing;
mod supplements;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod text;
mod texts;
mod view;
mod yearly;

pub use amended::{Amendments, AssignedItem, CalledMeeting, Project, filing_of};
pub use asking::BASELINE_PERIODS;
pub use assigned::{Assignee, Assignment, Meeting, Origin, ProjectEntry, ProjectStage};
pub use chain::{Broken, Head, canonical, verify};
pub use decided::{Decided, Decision};
pub use entry::{
    Account, Act, Actor, Attachment, BaselineAnswer, BindingWay, ENTRY_VERSION, Judgement,
    LedgerEntry, MilestoneStage, ProgressReport, Settlement, SupportNeed, TaskEnd, Value,
};
pub use frame::{Frame, FrameMistakes};
pub use light::{Light, LightReason, light_of, light_since};
pub use pace::{Pace, pace_of};
pub use period::{CountsFor, ReportingPeriod};
pub use receipts::people_of;
pub use salts::{Salts, code_sha256};
pub use standing::{
    Binding, Filed, Group, Hint, Invite, Pause, Posted, Settled, Standing, TaskState,
};
pub use supplements::Supplement;
pub use text::Text;
pub use view::{Initial, Phase, TaskView};
