//! Backstage: what the page shows beside the chats, as values from whoever conducts, and what it may ask of them.

use chrono::{DateTime, Utc};
use tokio::sync::{mpsc, oneshot, watch};

/// How fast the room's clock runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Speed {
    /// It stands still.
    #[default]
    Paused,
    /// So many of its seconds a second.
    Times(u16),
    /// From event to event, none skipped.
    Max,
}

impl Speed {
    /// The speed the page calls so.
    pub fn called(name: &str) -> Option<Self> {
        Some(match name {
            "paused" => Self::Paused,
            "1" => Self::Times(1),
            "60" => Self::Times(60),
            "3600" => Self::Times(3600),
            "max" => Self::Max,
            _ => return None,
        })
    }

    /// What the page calls it.
    pub fn name(self) -> String {
        match self {
            Self::Paused => "paused".to_owned(),
            Self::Times(times) => times.to_string(),
            Self::Max => "max".to_owned(),
        }
    }
}

/// Somebody on the roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cast {
    /// Account.
    pub id: i64,
    /// Name.
    pub name: String,
    /// Post, as published.
    pub post: String,
    /// Short name of the first unit; empty for who has none.
    pub unit: String,
    /// `leader`, `deputy_leader`, `office`, `member` or `liaison`.
    pub role: &'static str,
}

/// A send to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// When.
    pub at: DateTime<Utc>,
    /// In words.
    pub what: String,
}

/// A message on its way, or one that had trouble.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// To which chat.
    pub chat: i64,
    /// `answer`, `reminder`, `digest`, `status` or `line`.
    pub kind: &'static str,
    /// `waiting`, `sending`, `unknown`, `dead`, `withdrawn` or `sent`.
    pub state: &'static str,
    /// When it was put in.
    pub since: DateTime<Utc>,
    /// Sends tried.
    pub attempts: i64,
    /// Not before then.
    pub not_before: Option<DateTime<Utc>>,
    /// When it was sent after all.
    pub sent_at: Option<DateTime<Utc>>,
    /// What went wrong last.
    pub error: Option<String>,
}

/// A script that is played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptView {
    /// Its name.
    pub name: String,
    /// Lines played.
    pub line: usize,
    /// Lines in all.
    pub lines: usize,
    /// The line in hand.
    pub text: String,
    /// Why it ended early.
    pub error: Option<String>,
}

/// Everything the page shows that is not in the chats.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Backstage {
    /// Different for each room that was begun.
    pub room: String,
    /// The task force.
    pub title: String,
    /// The roster.
    pub people: Vec<Cast>,
    /// Address of the stand-in, for other bots.
    pub stand_in: String,
    /// The clock's pace.
    pub speed: Speed,
    /// A jump or a script is under way.
    pub busy: bool,
    /// Where the jump ends.
    pub until: Option<DateTime<Utc>>,
    /// The bot runs.
    pub running: bool,
    /// Its first-start code, if it printed one.
    pub first_code: Option<String>,
    /// The next sends.
    pub planned: Vec<Planned>,
    /// What is not delivered, and what had trouble.
    pub queue: Vec<Pending>,
    /// Nobody answers at Telegram.
    pub down: bool,
    /// A violation ends the room.
    pub strict: bool,
    /// The script in hand.
    pub script: Option<ScriptView>,
    /// Names of rooms that can be opened.
    pub saved: Vec<String>,
}

/// What the page asks for and its own hands cannot do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// Somebody did something: the bot may answer.
    Settle,
    /// Another pace.
    Speed(Speed),
    /// On to the next thing the bot does.
    JumpToNext,
    /// On to then.
    JumpTo(DateTime<Utc>),
    /// Telegram is down, or is there again.
    Down(bool),
    /// The bot is killed in whatever it does and started again.
    Restart,
    /// The bot is stopped.
    Stop,
    /// The bot is started.
    Start,
    /// The room is kept under this name.
    Save(String),
    /// The room kept under this name takes the place of this one.
    Open(String),
    /// A script is played.
    Play {
        /// Its name.
        name: String,
        /// Its text.
        text: String,
    },
    /// The script ends where it is.
    StopScript,
}

/// A wish on its way, and where its outcome goes: nothing, or why not, in words.
#[derive(Debug)]
pub struct Order {
    /// What.
    pub wish: Wish,
    /// Whoever waits for the outcome.
    pub done: oneshot::Sender<Result<(), String>>,
}

/// The page's end of the line to whoever conducts.
#[derive(Debug, Clone)]
pub struct Orders {
    sender: mpsc::UnboundedSender<Order>,
    kills: watch::Sender<u64>,
}

/// The conductor's end.
#[derive(Debug)]
pub struct Inbox {
    /// Wishes in the order they came.
    pub orders: mpsc::UnboundedReceiver<Order>,
    /// Changes when the bot is to be killed in mid-flight.
    pub kills: watch::Receiver<u64>,
}

/// A line between page and conductor.
pub fn line() -> (Orders, Inbox) {
    let (sender, orders) = mpsc::unbounded_channel();
    let (kills, killed) = watch::channel(0);
    let inbox = Inbox {
        orders,
        kills: killed,
    };
    (Orders { sender, kills }, inbox)
}

impl Orders {
    /// Hands in a wish; the outcome arrives at the receiver, or never if nobody conducts any more.
    pub fn hand_in(&self, wish: Wish) -> oneshot::Receiver<Result<(), String>> {
        let (done, outcome) = oneshot::channel();
        let is_kill = matches!(wish, Wish::Restart | Wish::Stop);
        // Nobody conducts: the receiver says so by itself.
        let _ = self.sender.send(Order { wish, done });
        if is_kill {
            self.kills.send_modify(|kills| *kills += 1);
        }
        outcome
    }
}
