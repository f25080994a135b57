//! The conductor: the one owner of stage and bot. Takes wishes between two steps, moves the clock, plays scripts, says what there is to see.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tempfile::TempDir;
use tokio::sync::watch;
use tokio::time::{Interval, MissedTickBehavior, interval, timeout};

use super::playing::Playing;
use super::queue::{QueueWatch, end_leases};
use super::saving;
use crate::cli::stage::Stage;
use crate::clock::Clock;
use crate::rehearsal::desk::{Backstage, Inbox, Order, Orders, Planned, Speed, Wish};
use crate::rehearsal::script::{self, Line};
use crate::rehearsal::{BOT_USERNAME, Player, World};
use crate::render;

/// Real time between two moves of a running clock.
const TICK: Duration = Duration::from_millis(250);
/// What is to be seen is told at most this often while the conductor is busy.
const FRESH: Duration = Duration::from_millis(250);
/// Sends to come that are listed.
const PLANNED: usize = 10;
/// How far ahead the next thing the bot does is looked for.
const HORIZON: TimeDelta = TimeDelta::days(400);

/// Why the room ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The page's line was closed.
    Closed,
    /// A violation in a strict room.
    Violated,
}

/// Owns the stage.
pub struct Conductor {
    stage: Stage,
    /// Keeps the line open while somebody conducts.
    _orders: Orders,
    /// Where rooms are kept.
    rooms: PathBuf,
    /// Holds the database.
    work: TempDir,
    inbox: Inbox,
    shown: watch::Sender<Backstage>,
    clock: Clock,
    speed: Speed,
    goal: Option<Goal>,
    script: Option<Playing>,
    /// A script waits because somebody paused.
    is_held: bool,
    /// Somebody acted.
    is_unsettled: bool,
    /// A wish changed what the page shows.
    is_stale: bool,
    violations: usize,
    queue: QueueWatch,
    planned_for: Option<(usize, bool)>,
    tick: Interval,
    fresh: Interval,
}

/// Where a jump ends.
#[derive(Debug, Clone, Copy)]
struct Goal {
    at: DateTime<Utc>,
    /// Ends as soon as the bot has sent something after so many calls; the clock then stays there.
    calls: Option<usize>,
}

impl Conductor {
    pub(super) fn new(
        stage: Stage,
        (rooms, work): (PathBuf, TempDir),
        (orders, inbox): (Orders, Inbox),
        shown: watch::Sender<Backstage>,
    ) -> Self {
        let every = |period| {
            let mut interval = interval(period);
            interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
            interval
        };
        Self {
            clock: stage.room().world().clock().clone(),
            stage,
            rooms,
            work,
            _orders: orders,
            inbox,
            shown,
            speed: Speed::Paused,
            goal: None,
            script: None,
            is_held: false,
            is_unsettled: false,
            is_stale: false,
            violations: 0,
            queue: QueueWatch::default(),
            planned_for: None,
            tick: every(TICK),
            fresh: every(FRESH),
        }
    }

    /// Plays a script from its first line on, printing what is said.
    pub fn play(&mut self, name: &str, lines: Vec<(String, Line)>, is_printed: bool) {
        // What was said before belongs to nobody's line.
        self.stage.heard();
        self.goal = None;
        self.is_held = false;
        self.script = Some(Playing::new(name, lines, is_printed));
    }

    /// Whether a script is being played.
    pub fn is_playing(&self) -> bool {
        self.script.as_ref().is_some_and(|one| !one.is_over())
    }

    /// The stage.
    pub fn stage(&self) -> &Stage {
        &self.stage
    }

    /// Ends bot and stand-in; the room's database goes with it.
    pub async fn close(self) {
        let store = self.stage.store().clone();
        self.stage.close().await;
        store.close().await;
    }

    /// Conducts until the page is closed or, in a strict room, until the first violation.
    ///
    /// # Errors
    /// The store fails, or the bot cannot go on.
    pub async fn run(&mut self) -> anyhow::Result<Ending> {
        loop {
            if let Some(ending) = self.turn().await? {
                return Ok(ending);
            }
        }
    }

    /// Conducts until no script and no jump is under way.
    ///
    /// # Errors
    /// As [`Conductor::run`].
    pub async fn run_script(&mut self) -> anyhow::Result<Option<Ending>> {
        while self.is_busy() {
            if let Some(ending) = self.turn().await? {
                return Ok(Some(ending));
            }
        }
        self.show().await?;
        Ok(None)
    }

    /// One step of whatever is in hand.
    async fn turn(&mut self) -> anyhow::Result<Option<Ending>> {
        while let Ok(order) = self.inbox.orders.try_recv() {
            self.take(order).await?;
        }
        if std::mem::take(&mut self.is_stale) {
            self.show().await?;
        }
        if let Some(ending) = self.report_violations() {
            self.show().await?;
            return Ok(Some(ending));
        }
        if self.is_unsettled {
            self.is_unsettled = false;
            self.settle().await?;
        } else if let Some(goal) = self.goal {
            self.step(goal).await?;
        } else if self.is_playing() && !self.is_held {
            self.play_line().await?;
        } else {
            return self.idle().await;
        }
        if timeout(Duration::ZERO, self.fresh.tick()).await.is_ok() {
            self.show().await?;
        }
        Ok(None)
    }

    /// The link with the bot's first-start code, if it gave one.
    pub fn start_link(&mut self) -> Option<String> {
        let code = self.stage.bot().first_code()?;
        Some(format!("https://t.me/{BOT_USERNAME}?start={code}"))
    }

    fn is_busy(&self) -> bool {
        self.goal.is_some() || self.is_unsettled || (self.is_playing() && !self.is_held)
    }

    /// Nothing is in hand: the clock goes its pace, or everything waits for a wish.
    async fn idle(&mut self) -> anyhow::Result<Option<Ending>> {
        let times = match self.speed {
            Speed::Max => {
                self.step_at_once().await?;
                if timeout(Duration::ZERO, self.fresh.tick()).await.is_ok() {
                    self.show().await?;
                }
                return Ok(None);
            }
            Speed::Times(times) => Some(times),
            Speed::Paused => None,
        };
        self.show().await?;
        let world = self.stage.room().world().clone();
        let order = tokio::select! {
            order = self.inbox.orders.recv() => order,
            // Another bot may break a rule while ours rests.
            () = world.violated(self.violations) => return Ok(None),
            _ = self.tick.tick(), if times.is_some() => {
                let more = TimeDelta::from_std(TICK)? * i32::from(times.unwrap_or(1));
                self.run_to(self.clock.now() + more).await?;
                return Ok(None);
            }
        };
        match order {
            Some(order) => self.take(order).await.map(|()| None),
            None => Ok(Some(Ending::Closed)),
        }
    }

    async fn run_to(&mut self, at: DateTime<Utc>) -> anyhow::Result<()> {
        let work = self.stage.bot().run_to(at);
        unless_killed(&mut self.inbox.kills, work).await
    }

    async fn settle(&mut self) -> anyhow::Result<()> {
        let work = self.stage.bot().come_to_rest();
        unless_killed(&mut self.inbox.kills, work).await
    }

    /// Does what is due now, then moves the clock on to what is due next, at most to the goal.
    async fn step(&mut self, goal: Goal) -> anyhow::Result<()> {
        let next = self.rest().await?;
        let world = self.stage.room().world();
        if goal.calls.is_some_and(|calls| has_sent(world, calls)) {
            self.goal = None;
            return self.settle().await;
        }
        match next.filter(|next| *next <= goal.at) {
            Some(next) => self.clock.set(next),
            None => {
                self.goal = None;
                if goal.calls.is_none() {
                    self.run_to(goal.at).await?;
                }
            }
        }
        Ok(())
    }

    /// One event at full speed; without any to come the clock stands still.
    async fn step_at_once(&mut self) -> anyhow::Result<()> {
        match self.rest().await? {
            Some(next) => self.clock.set(next),
            None => self.speed = Speed::Paused,
        }
        Ok(())
    }

    /// What is due now is done; gives what is due next, nothing when the bot was killed in it.
    async fn rest(&mut self) -> anyhow::Result<Option<DateTime<Utc>>> {
        let work = self.stage.bot().rest();
        unless_killed(&mut self.inbox.kills, work).await
    }

    async fn play_line(&mut self) -> anyhow::Result<()> {
        let Some(playing) = &mut self.script else {
            return Ok(());
        };
        if playing.is_on_the_way {
            // Its time has come: the goal was reached.
            playing.is_on_the_way = false;
            let heard = self.stage.heard();
            if playing.is_printed {
                print!("{heard}");
            }
            return Ok(());
        }
        let (text, line) = playing.lines[playing.next].clone();
        playing.next += 1;
        if playing.is_printed {
            println!("{text}");
        }
        if let Line::Clock(at) = line {
            playing.is_on_the_way = true;
            self.goal = Some(Goal { at, calls: None });
            return Ok(());
        }
        // The bot's work is too large to be handed on by value from one stack frame to the next.
        let work = Box::pin(self.stage.play(&line));
        let heard = unless_killed(&mut self.inbox.kills, async { Ok(Some(work.await)) }).await?;
        match heard {
            None => {}
            Some(Ok(heard)) if playing.is_printed => print!("{heard}"),
            Some(Ok(_)) => {}
            Some(Err(error)) => {
                eprintln!("{text}: {error:#}");
                playing.error = Some(format!("{text}: {error:#}"));
            }
        }
        Ok(())
    }

    /// Carries out a wish and says what came of it.
    async fn take(&mut self, order: Order) -> anyhow::Result<()> {
        self.is_stale |= order.wish != Wish::Settle;
        let outcome = self.fulfil(order.wish).await?;
        // Whoever asked may have gone meanwhile.
        let _ = order.done.send(outcome);
        Ok(())
    }

    async fn fulfil(&mut self, wish: Wish) -> anyhow::Result<Result<(), String>> {
        match wish {
            Wish::Settle => self.is_unsettled = true,
            Wish::Speed(speed) => self.set_speed(speed),
            Wish::JumpToNext => {
                let calls = Some(self.stage.room().world().calls_made());
                let at = self.clock.now() + HORIZON;
                self.goal = Some(Goal { at, calls });
            }
            Wish::JumpTo(at) if at < self.clock.now() => {
                return Ok(Err(render::rehearsal::not_backwards().to_owned()));
            }
            Wish::JumpTo(at) => self.goal = Some(Goal { at, calls: None }),
            Wish::Down(true) => self.stage.go_down().await,
            Wish::Down(false) => self.stage.come_up().await?,
            Wish::Restart => {
                self.kill().await?;
                self.stage.bot().start().await;
                self.is_unsettled = true;
            }
            Wish::Stop => self.kill().await?,
            Wish::Start if !self.stage.bot().is_running() => {
                self.stage.bot().start().await;
                self.is_unsettled = true;
            }
            Wish::Start => {}
            Wish::Save(name) => return Ok(self.save(&name).await),
            Wish::Open(name) => {
                let Some(folder) = saving::folder_of(&self.rooms, &name) else {
                    return Ok(Err(render::rehearsal::bad_room_name().to_owned()));
                };
                let opened = self.open_kept(&folder).await;
                return Ok(
                    opened.map_err(|error| render::rehearsal::not_opened(&format!("{error:#}")))
                );
            }
            Wish::Play { name, text } => return Ok(self.begin_script(&name, &text)),
            Wish::StopScript => {
                self.script = None;
                self.goal = None;
            }
        }
        Ok(Ok(()))
    }

    /// Pausing ends a jump and holds a script; any pace lets the script go on.
    fn set_speed(&mut self, speed: Speed) {
        self.speed = speed;
        let is_paused = speed == Speed::Paused;
        self.is_held = is_paused && self.is_playing();
        if is_paused && !self.is_held {
            self.goal = None;
        }
    }

    async fn kill(&mut self) -> anyhow::Result<()> {
        self.stage.bot().stop().await;
        // The kill itself has arrived with the wish.
        self.inbox.kills.borrow_and_update();
        let now = self.clock.now();
        end_leases(self.stage.bot().store(), now).await
    }

    async fn save(&mut self, name: &str) -> Result<(), String> {
        let Some(folder) = saving::folder_of(&self.rooms, name) else {
            return Err(render::rehearsal::bad_room_name().to_owned());
        };
        let room = self.shown.borrow().room.clone();
        let saved = saving::save(&mut self.stage, &room, &folder).await;
        self.shown
            .send_modify(|shown| shown.saved = saving::names(&self.rooms));
        saved.map_err(|error| render::rehearsal::not_saved(&format!("{error:#}")))
    }

    /// Puts a kept room in the place of this one, the clock standing still. If that fails, this one goes on.
    ///
    /// # Errors
    /// The kept room is broken, or of a newer program.
    pub async fn open_kept(&mut self, folder: &Path) -> anyhow::Result<()> {
        let kept = saving::read(folder).await?;
        let (room, work) = saving::put_on(&mut self.stage, kept).await?;
        self.work = work;
        (self.goal, self.script, self.is_held) = (None, None, false);
        (self.speed, self.planned_for) = (Speed::Paused, None);
        self.queue = QueueWatch::default();
        self.violations = self.stage.violations().len();
        self.shown.send_modify(|shown| shown.room = room);
        self.is_unsettled = true;
        self.show().await
    }

    fn begin_script(&mut self, name: &str, text: &str) -> Result<(), String> {
        let lines = script::parse(text).map_err(|error| error.to_string())?;
        self.play(name, lines, false);
        Ok(())
    }

    /// New violations go to stderr; in a strict room the first one ends it.
    fn report_violations(&mut self) -> Option<Ending> {
        let violations = self.stage.violations();
        for violation in violations.iter().skip(self.violations) {
            eprintln!("{}: {}", violation.method, violation.what);
        }
        let is_new = violations.len() > self.violations;
        self.violations = violations.len();
        let is_strict = self.shown.borrow().strict;
        (is_strict && is_new).then_some(Ending::Violated)
    }

    /// Tells the page what there is to see.
    async fn show(&mut self) -> anyhow::Result<()> {
        let queue = self.queue.look(self.stage.bot().store()).await?;
        let planned = self.planned().await?;
        let first_code = self.stage.bot().first_code();
        let (running, down) = (self.stage.bot().is_running(), self.stage.is_down());
        let busy = self.is_busy();
        self.shown.send_modify(|shown| {
            shown.speed = self.speed;
            shown.busy = busy;
            shown.until = self
                .goal
                .filter(|goal| goal.calls.is_none())
                .map(|goal| goal.at);
            shown.queue = queue;
            if let Some(planned) = planned {
                shown.planned = planned;
            }
            shown.first_code = first_code;
            (shown.running, shown.down) = (running, down);
            shown.script = self.script.as_ref().map(Playing::view);
        });
        self.stage.room().world().mark_changed();
        Ok(())
    }

    /// The sends to come, if they may differ from those shown.
    async fn planned(&mut self) -> anyhow::Result<Option<Vec<Planned>>> {
        if !self.stage.bot().is_running() {
            return Ok(Some(Vec::new()));
        }
        let made = self.stage.room().world().calls_made();
        let now = self.clock.now();
        let is_past = {
            let shown = self.shown.borrow();
            shown.planned.first().is_none_or(|first| first.at <= now)
        };
        if self.planned_for == Some((made, true)) && !is_past {
            return Ok(None);
        }
        self.planned_for = Some((made, true));
        let outlook = self.stage.bot().service().outlook(PLANNED).await?;
        let planned = outlook.into_iter().map(|(at, what)| Planned { at, what });
        Ok(Some(planned.collect()))
    }
}

/// Whether a message was sent after the first so many calls; an edit of the pinned status is none.
fn has_sent(world: &World, calls: usize) -> bool {
    let (_, newer) = world.journal_from(calls);
    newer
        .iter()
        .any(|call| call.method.starts_with("send") && matches!(call.outcome, Some(Ok(_))))
}

/// Runs the bot's work; a kill drops it where it stands and gives the empty result.
async fn unless_killed<T: Default>(
    kills: &mut watch::Receiver<u64>,
    work: impl Future<Output = anyhow::Result<T>>,
) -> anyhow::Result<T> {
    tokio::select! {
        biased;
        Ok(()) = kills.changed() => Ok(T::default()),
        done = work => done,
    }
}
