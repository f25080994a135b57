//! A small world for the schedule's tests: a plan, entries, and days that pass through `due` as they do in earnest.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use rust_decimal::Decimal;

use crate::calendar::{self, Calendar, HolidayTable};
use crate::ledger::{
    Account, Act, Actor, BaselineAnswer, BindingWay, ENTRY_VERSION, Frame, Judgement, LedgerEntry,
    ProgressReport, Standing, Text, Value,
};
use crate::plan::{self, Hash, PersonId, Settings};
use crate::schedule::{
    Given, Notice, NoticeKind, NoticeTo, Unfinished, Why, due, next_wakeup, slip_acts,
};

pub const RUSHAN: &str = include_str!("../../../config/plans/rushan.toml");

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn at(text: &str) -> DateTime<Utc> {
    let (date, time) = text.split_once(' ').unwrap();
    calendar::instant(day(date), NaiveTime::parse_from_str(time, "%H:%M").unwrap())
}

pub fn calendar() -> Calendar {
    let tables = [
        include_str!("../../../config/holidays/2024.toml"),
        include_str!("../../../config/holidays/2025.toml"),
        include_str!("../../../config/holidays/2026.toml"),
    ];
    let tables = tables.map(|source| HolidayTable::parse(source, "x").unwrap());
    let tables: BTreeMap<i32, HolidayTable> = tables.map(|table| (table.year, table)).into();
    Calendar::new(tables, Settings::default().hours)
}

pub fn frame(plan: &str) -> Frame {
    Frame {
        adoption: Hash([0; 32]),
        plan: plan::read(plan, "plan.toml").unwrap_or_else(|mistakes| panic!("{mistakes:?}")),
        settings: Settings::default(),
        calendar: calendar(),
    }
}

/// A plan of two units with one person each; `targets` are indicator tables.
pub fn small_plan(targets: &str) -> String {
    format!(
        r#"
[task_force]
id = "small"
name = "小专班"
short_name = "小专班"
starts = 2024-01-01
ends = 2028-12-31
office_chief = "chief"

[[unit]]
id = "a"
name = "甲局"

[[unit]]
id = "b"
name = "乙局"

[[unit]]
id = "c"
name = "丙会"

[[member]]
id = "leader"
name = "组长"
post = "组长"
role = "leader"

[[member]]
id = "chief"
name = "主任"
post = "主任"
units = ["c"]

[[member]]
id = "ann"
name = "安"
post = "局长"
units = ["a"]

[[member]]
id = "bob"
name = "宝"
post = "局长"
units = ["b"]

[[section]]
id = "s1"
number = "一"
title = "第一部分"

[[measure]]
id = "1"
number = 1
section = "s1"
title = "举措一"
summary = "举措一。"
leads = ["a"]

[[measure]]
id = "2"
number = 2
section = "s1"
title = "举措二"
summary = "举措二。"
leads = ["b"]

{targets}
"#
    )
}

/// An indicator of measure 1 (甲局) or 2 (乙局).
pub fn target(id: &str, due: &str, more: &str) -> String {
    let measure = id.split('-').next().unwrap();
    let due = if due.is_empty() {
        String::new()
    } else {
        format!("due = {due}")
    };
    format!(
        "[[indicator]]\nid = \"{id}\"\nmeasure = \"{measure}\"\nname = \"指标{id}\"\nkind = \"stock\"\ncomparator = \">=\"\n\
         target = 10\nunit = \"个\"\n{due}\n{more}\n"
    )
}

pub struct World {
    pub frame: Frame,
    pub standing: Standing,
    pub given: Given,
    pub now: DateTime<Utc>,
    /// Whether the bot enters by itself what it does in earnest: drafts of slips.
    pub drafts: bool,
}

impl World {
    /// Live with everybody bound and reachable.
    pub fn live(frame: Frame, from: &str) -> Self {
        let mut world = Self::bound(frame, from);
        world.enter("chief", Act::WentLive);
        world
    }

    /// Everybody bound and reachable, not live.
    pub fn bound(frame: Frame, from: &str) -> Self {
        let mut world = Self {
            frame,
            standing: Standing::default(),
            given: Given::default(),
            now: at(from),
            drafts: false,
        };
        world.enter(
            "chief",
            Act::GroupBound {
                chat: -100,
                thread: None,
            },
        );
        let people: Vec<PersonId> = world
            .frame
            .plan
            .members
            .iter()
            .map(|it| it.id.clone())
            .collect();
        for (user_id, person) in (1..).zip(people) {
            let account = Account {
                user_id,
                name: person.to_string(),
                username: None,
            };
            world.enter(
                "chief",
                Act::Bound {
                    person: person.clone(),
                    account,
                    way: BindingWay::Link,
                },
            );
            world.enter("chief", Act::Reachable { person });
        }
        world
    }

    pub fn small(targets: &[String], from: &str) -> Self {
        Self::live(frame(&small_plan(&targets.concat())), from)
    }

    pub fn enter(&mut self, by: &str, act: Act) -> u64 {
        let seq = self.standing.seq + 1;
        let by = Actor::Person(by.into());
        self.standing.apply(&LedgerEntry {
            seq,
            at: self.now,
            version: ENTRY_VERSION,
            by,
            act,
        });
        seq
    }

    pub fn goes(&mut self, to: &str) -> &mut Self {
        self.now = at(to);
        self
    }

    /// An answer to a task for the running period.
    pub fn answers(&mut self, task: &str, change: impl FnOnce(&mut ProgressReport)) -> u64 {
        let today = calendar::date_of(self.now);
        let view = self
            .frame
            .task_view(&self.standing, &task.into(), today)
            .unwrap();
        let mut report = ProgressReport::new(
            task.into(),
            self.frame.period(&view, today).id,
            Value::Number(Decimal::from(5)),
            Judgement::Normal,
        );
        change(&mut report);
        self.enter("ann", Act::Answered(report.into()))
    }

    pub fn answered(&mut self, task: &str) -> u64 {
        self.answers(task, |_| {})
    }

    pub fn baseline(&mut self, task: &str, answer: BaselineAnswer) {
        self.answers(task, |report| report.baseline = Some(answer));
    }

    pub fn pauses(&mut self, until: Option<&str>) {
        let reason = Text::new("会议", [0; 16]);
        self.enter(
            "chief",
            Act::Paused {
                reason,
                until: until.map(day),
            },
        );
    }

    pub fn leaves_unfinished(&mut self, person: &str, task: &str) {
        self.given.unfinished.push(Unfinished {
            person: person.into(),
            task: task.into(),
            since_at: self.now,
        });
    }

    /// What is due now, taken as given.
    pub fn due(&mut self) -> Vec<Notice> {
        if self.drafts {
            for act in slip_acts(&self.frame, &self.standing, self.now) {
                self.enter("chief", act);
            }
        }
        let notices = due(&self.frame, &self.standing, &self.given, self.now);
        for notice in &notices {
            for key in &notice.keys {
                assert!(
                    self.given.keys.insert(key.clone()),
                    "{key:?} is claimed twice"
                );
            }
            let today = calendar::date_of(self.now);
            for person in &notice.pings {
                self.given
                    .pings
                    .entry(person.clone())
                    .or_default()
                    .push(today);
            }
            if let NoticeKind::Digest {
                number,
                cut_off_at,
                late,
            } = notice.kind
            {
                self.enter("chief", digest_posted(number, cut_off_at, late));
            }
        }
        notices
    }

    /// What is due now as text, a line a notice.
    pub fn sent(&mut self) -> String {
        let notices = self.due().into_iter().filter(|it| !is_report(it));
        let shown: Vec<String> = notices.map(|it| show(&it)).collect();
        shown.join("\n")
    }

    /// Cards and lists until the end of `to`, with the day and time of each; digests and posts left out.
    pub fn until(&mut self, to: &str) -> String {
        self.run_until(to, |notice| {
            !matches!(
                notice.kind,
                NoticeKind::Digest { .. } | NoticeKind::GroupPost
            )
        })
    }

    /// What passes the filter until the end of `to`.
    pub fn run_until(&mut self, to: &str, shown: impl Fn(&Notice) -> bool) -> String {
        let end = calendar::instant(day(to).succ_opt().unwrap(), NaiveTime::MIN);
        let mut lines = Vec::new();
        while self.now < end {
            let now = calendar::local(self.now)
                .format("%m-%d %a %H:%M")
                .to_string();
            let notices = self.due();
            lines.extend(
                notices
                    .iter()
                    .filter(|it| shown(it) && !is_report(it))
                    .map(|it| format!("{now} {}", show(it))),
            );
            match next_wakeup(&self.frame, &self.standing, &self.given, self.now) {
                Some(next) => self.now = next,
                None => break,
            }
        }
        lines.join("\n")
    }
}

/// The report to the office comes every Monday; its own tests look at it.
pub fn is_report(notice: &Notice) -> bool {
    matches!(notice.kind, NoticeKind::OfficeReport { .. })
}

pub fn digest_posted(number: u32, cut_off_at: DateTime<Utc>, late: bool) -> Act {
    Act::DigestPosted {
        number,
        cut_off_at,
        late,
        last_seq: 0,
        adoption: Hash([0; 32]),
        program: String::new(),
        text_sha256: String::new(),
    }
}

/// A notice in one line: whom, sound, items with why.
pub fn show(notice: &Notice) -> String {
    let to = match &notice.to {
        NoticeTo::Group => "group".to_owned(),
        NoticeTo::Office => "office".to_owned(),
        NoticeTo::Person(person) => person.to_string(),
    };
    let sound = match (notice.silent, notice.pings.len()) {
        (true, 0) => "silent".to_owned(),
        (false, 0) => "sound".to_owned(),
        (false, 1) => "ping".to_owned(),
        (silent, pings) => format!("pings {pings}{}", if silent { " but silent" } else { "" }),
    };
    let kind = match &notice.kind {
        NoticeKind::Card | NoticeKind::GroupPost => String::new(),
        NoticeKind::Digest {
            number,
            cut_off_at,
            late,
        } => {
            let cut_off = calendar::local(*cut_off_at).format("%m-%d %H:%M");
            format!(
                " digest {number} of {cut_off}{}",
                if *late { " late" } else { "" }
            )
        }
        NoticeKind::BaselineMissing => " baseline missing".to_owned(),
        NoticeKind::WasDown { .. } => " was down".to_owned(),
        NoticeKind::Unaskable => " unaskable".to_owned(),
        NoticeKind::Matters(seqs) => format!(" matters {seqs:?}"),
        NoticeKind::CoSign(asked) => {
            let asked: Vec<String> = asked.iter().map(|(task, _)| task.to_string()).collect();
            format!(" co-sign {}", asked.join(", "))
        }
        NoticeKind::RequestsWait { .. } => " requests wait".to_owned(),
        NoticeKind::SlipDrafts(seqs) => format!(" slip drafts {}", seqs.len()),
        NoticeKind::Slip(seq) => format!(" slip {seq}"),
        NoticeKind::SlipsUnanswered(seqs) => format!(" slips unanswered {seqs:?}"),
        NoticeKind::SlipTold(seq) => format!(" slip told {seq}"),
        NoticeKind::OfficeReport { .. } => " report".to_owned(),
        NoticeKind::FinishOffer { last } => format!(" finish offered, {last}"),
        NoticeKind::Unreceived => " unreceived".to_owned(),
        NoticeKind::MeetingsHeld(seqs) => format!(" meetings held {seqs:?}"),
    };
    let meetings = notice.meetings.iter().map(|word| match &word.instead_of {
        None => format!("meeting {}", word.meeting),
        Some(other) => format!("meeting {} for {other}", word.meeting),
    });
    let items = notice.items.iter();
    let items = items.map(|it| format!("{} {}", it.task, why(&it.why)));
    let items: Vec<String> = meetings.chain(items).collect();
    let items = if items.is_empty() {
        String::new()
    } else {
        format!(": {}", items.join(", "))
    };
    format!("{to} {sound}{kind}{items}")
}

fn why(why: &Why) -> String {
    match why {
        Why::Rung { due, days } => format!("{}-{days}", due.format("%m%d")),
        Why::Overdue { due, times } => format!("{}+{times}", due.format("%m%d")),
        Why::Opens(_) => "opens".to_owned(),
        Why::Ping(_) => "ping".to_owned(),
        Why::LastPing(_) => "last".to_owned(),
        Why::Baseline(_) => "baseline".to_owned(),
        Why::FollowUp(seq) => format!("follow-up {seq}"),
        Why::NextStep(seq) => format!("next step {seq}"),
        Why::Snoozed => "put off".to_owned(),
        Why::Unfinished => "unfinished".to_owned(),
        Why::Unreceived => "unreceived".to_owned(),
    }
}
