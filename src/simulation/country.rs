//! A country: many task forces with years of answers, written through the ledger's own functions, the same for the same seed.
//!
//! Nobody sends or receives anything here. It shows that the program does not cost more by the number of task forces it serves.

use std::fmt::Write as _;

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc};
use fastrand::Rng;

use super::setting::{below, one_of, percent};
use super::vocabulary as words;
use crate::calendar;
use crate::ledger::{
    Account, Act, Actor, BindingWay, ENTRY_VERSION, Frame, Head, Judgement, LedgerEntry,
    ProgressReport, ReportingPeriod, Salts, Standing, Text, Value,
};
use crate::plan::{AdoptionText, Rhythm, Settings, TaskForceId, TaskId};
use crate::schedule::{self, Given};
use crate::service::routes;
use crate::store::{Changes, Store, Wakeup};

/// People on a roster; the first three are the leader, the deputy leader and the office chief.
const PEOPLE: usize = 25;

/// The others stand for a unit each.
const LEADERS: usize = 3;

const MEASURES: usize = 10;

/// Targets of a measure, thirty in all.
const TARGETS: usize = 3;

/// So many of a hundred targets are answered in a week: about 3,570 entries in three years.
const ANSWERED: u32 = 71;

/// So many of a hundred answers come with words.
const WITH_WORDS: u32 = 60;

/// Friday at four, as the settings say where nothing else is said.
const DIGEST_HOUR: i64 = 16;

/// Settled weeks of a year.
const WEEKS_A_YEAR: u64 = 52;

/// Entries of one commit.
const ENTRIES_A_COMMIT: usize = 500;

/// What to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Country {
    /// How many task forces.
    pub task_forces: usize,
    /// Years of answers.
    pub years: u64,
    /// What everything is drawn from.
    pub seed: u64,
    /// A Friday: the last day with answers and a digest.
    pub ends: NaiveDate,
}

/// What was written of one task force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Entries.
    pub entries: u64,
    /// Its end of the chain.
    pub head: Head,
}

/// The id of a task force, from 0.
pub fn id_of(number: usize) -> TaskForceId {
    TaskForceId::new(format!("county-{number:04}"))
}

/// The group of a task force.
pub fn group_of(number: usize) -> i64 {
    -1_000_000_000_000 - i64::try_from(number).unwrap_or(i64::MAX / 2)
}

/// The account of a person of a task force, from 0; the third is the office chief.
pub fn account_of(number: usize, person: usize) -> i64 {
    let place = (number + 1) * 100 + person;
    5_000_000_000 + i64::try_from(place).unwrap_or(i64::MAX / 2)
}

/// A target of the plan, from 0, and the person who reports on it.
pub fn target(number: usize) -> (TaskId, usize) {
    let measure = number / TARGETS;
    let task = TaskId::new(format!("{}-{}", measure + 1, number % TARGETS + 1));
    (task, LEADERS + measure)
}

impl Country {
    /// What the program finds in its configuration folder of one task force.
    pub fn adoption(&self, number: usize) -> AdoptionText {
        let mut rng = self.rng(number);
        let settings = Settings {
            digest_board: false,
            ..Settings::default()
        };
        AdoptionText::new(self.plan(&mut rng, number), &settings, Default::default())
    }

    /// Writes one task force; the caller goes through all of them.
    pub async fn write(&self, store: &Store, number: usize) -> anyhow::Result<Written> {
        let text = self.adoption(number);
        let mut rng = self.rng(number);
        let frame = Frame::read(&text)?;
        let mut scribe = Scribe::new(store, id_of(number), self.starts(), &mut rng);
        let json = String::from_utf8(text.bytes())?;
        scribe.changes.adoptions.push((frame.adoption, json));
        let adoption = frame.adoption;
        scribe.append(Actor::Host, Act::Adopted { adoption });
        scribe.found(number);
        for week in 0..self.years * WEEKS_A_YEAR {
            self.week(&mut scribe, &frame, number, week).await?;
        }
        scribe.close(&frame).await
    }

    fn rng(&self, number: usize) -> Rng {
        let number = u64::try_from(number).unwrap_or(u64::MAX);
        Rng::with_seed(self.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ number)
    }

    /// The Monday of the first week.
    fn starts(&self) -> NaiveDate {
        calendar::monday_of(self.ends)
            - Days::new(7 * (self.years * WEEKS_A_YEAR).saturating_sub(1))
    }

    /// Answers of one week and its digest.
    async fn week(
        &self,
        scribe: &mut Scribe<'_>,
        frame: &Frame,
        number: usize,
        week: u64,
    ) -> anyhow::Result<()> {
        let monday = self.starts() + Days::new(7 * week);
        let period = period(frame, monday);
        let mut answers: Vec<(i64, usize)> = (0..MEASURES * TARGETS)
            .filter_map(|target| {
                let minute = scribe.rng.i64(0..4 * 24 * 60 + 8 * 60);
                percent(scribe.rng, ANSWERED).then_some((minute, target))
            })
            .collect();
        answers.sort_unstable();
        for (minute, place) in answers {
            let in_hours = TimeDelta::minutes(60 + minute / (24 * 60) * 24 * 60 + minute % 360);
            scribe.at = midnight(monday) + TimeDelta::hours(8) + in_hours;
            let (task, person) = target(place);
            let by = Actor::Person(format!("p-{person}").as_str().into());
            let report = scribe.report(task, &period.id, week);
            scribe.append(by, Act::Answered(report.into()));
        }
        let cut_off_at = midnight(monday + Days::new(4)) + TimeDelta::hours(DIGEST_HOUR);
        scribe.at = cut_off_at;
        let digest = Act::DigestPosted {
            number: u32::try_from(week + 1)?,
            cut_off_at,
            late: false,
            last_seq: scribe.head.seq,
            adoption: frame.adoption,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            text_sha256: hex::encode([u8::try_from(number % 251)?; 32]),
        };
        scribe.append(Actor::Bot, digest);
        scribe.turn_the_page().await
    }

    fn plan(&self, rng: &mut Rng, number: usize) -> String {
        let (starts, ends) = (self.starts(), self.ends + Days::new(900));
        let (id, name) = (id_of(number), words::TASK_FORCE);
        let mut plan = format!(
            "[task_force]\nid = \"{id}\"\nname = \"{name}{number}\"\nstarts = {starts}\nends = {ends}\noffice_chief = \"p-2\"\n\n"
        );
        for unit in LEADERS - 1..PEOPLE {
            let field = words::FIELDS[unit % words::FIELDS.len()];
            let bureau = words::BUREAU;
            let _ = writeln!(
                plan,
                "[[unit]]\nid = \"u{unit}\"\nname = \"{field}{unit}{bureau}\"\n"
            );
        }
        for person in 0..PEOPLE {
            let (family, given) = (one_of(rng, &words::FAMILY), one_of(rng, &words::GIVEN));
            let place = match person {
                0 => "role = \"leader\"".to_owned(),
                1 => "role = \"deputy_leader\"".to_owned(),
                _ => format!("units = [\"u{person}\"]"),
            };
            let post = words::POST;
            let _ = writeln!(
                plan,
                "[[member]]\nid = \"p-{person}\"\nname = \"{family}{given}{number}{person}\"\npost = \"{post}\"\n{place}\n"
            );
        }
        plan.push_str("[[section]]\nid = \"s1\"\nnumber = \"1\"\ntitle = \"1\"\n\n");
        for measure in 0..MEASURES {
            self.measure(&mut plan, rng, measure);
        }
        plan
    }

    fn measure(&self, plan: &mut String, rng: &mut Rng, measure: usize) {
        let (number, lead) = (measure + 1, LEADERS + measure);
        let title = one_of(rng, &words::SUBJECTS);
        let _ = writeln!(
            plan,
            "[[measure]]\nid = \"{number}\"\nnumber = {number}\nsection = \"s1\"\ntitle = \"{title}\"\nsummary = \"{title}\"\nleads = [\"u{lead}\"]\n"
        );
        for target in 1..=TARGETS {
            let name = one_of(rng, &words::SUBJECTS);
            let value = 1000 + below(rng, 9000);
            let unit = one_of(rng, &words::MEASURES);
            let due = self.ends + Days::new(60 + rng.u64(..700));
            let _ = writeln!(
                plan,
                "[[indicator]]\nid = \"{number}-{target}\"\nmeasure = \"{number}\"\nname = \"{name}\"\nkind = \"stock\"\ncomparator = \">=\"\ntarget = {value}\nunit = \"{unit}\"\nbaseline = 0\ndue = {due}\nrhythm = \"weekly\"\n"
            );
        }
    }
}

/// Writes one ledger from its beginning.
struct Scribe<'a> {
    store: &'a Store,
    rng: &'a mut Rng,
    salts: Salts,
    head: Head,
    standing: Standing,
    at: DateTime<Utc>,
    changes: Changes,
}

impl<'a> Scribe<'a> {
    fn new(store: &'a Store, id: TaskForceId, starts: NaiveDate, rng: &'a mut Rng) -> Self {
        let mut seed = [0; 32];
        rng.fill(&mut seed);
        let at = midnight(starts) - TimeDelta::days(4) + TimeDelta::hours(9);
        let changes = Changes {
            task_force: Some(id),
            expected: Some(Head::default()),
            now: at,
            ..Changes::default()
        };
        Self {
            store,
            rng,
            salts: Salts::new(seed),
            head: Head::default(),
            standing: Standing::default(),
            at,
            changes,
        }
    }

    fn append(&mut self, by: Actor, act: Act) {
        let entry = LedgerEntry {
            seq: self.head.seq + 1,
            at: self.at,
            version: ENTRY_VERSION,
            by,
            act,
        };
        self.standing.apply(&entry);
        self.head = self.changes.push_entry(self.head, entry);
    }

    /// Everybody is bound and has read the notice, the group is there, work begins.
    fn found(&mut self, number: usize) {
        self.append(
            Actor::Host,
            Act::GroupBound {
                chat: group_of(number),
                thread: None,
            },
        );
        for place in 0..PEOPLE {
            let person = || format!("p-{place}").as_str().into();
            let account = Account {
                user_id: account_of(number, place),
                name: format!("p-{place}"),
                username: None,
            };
            let way = BindingWay::File;
            let bound = Act::Bound {
                person: person(),
                account,
                way,
            };
            self.append(Actor::Host, bound);
            self.append(Actor::Bot, Act::Reachable { person: person() });
            self.append(Actor::Bot, Act::SecrecyShown { person: person() });
        }
        let chief = Actor::Person(format!("p-{}", LEADERS - 1).as_str().into());
        self.append(chief, Act::WentLive);
    }

    fn report(&mut self, task: TaskId, period: &str, week: u64) -> ProgressReport {
        let grown = 5 * week + self.rng.u64(..5);
        let judgement = match self.rng.u32(..100) {
            0..90 => Judgement::Normal,
            90..98 => Judgement::Difficult,
            _ => Judgement::Blocked,
        };
        let value = Value::Number(grown.into());
        let mut report = ProgressReport::new(task, period.to_owned(), value, judgement);
        if percent(self.rng, WITH_WORDS) {
            let (subject, other) = (one_of(self.rng, &words::SUBJECTS), self.rng.u32(..1000));
            let done = format!("{subject} {grown}, {other}");
            report.done = Some(Text::new(done, self.salts.salt()));
        }
        report
    }

    /// Commits what was written once it is much.
    async fn turn_the_page(&mut self) -> anyhow::Result<()> {
        if self.changes.entries.len() >= ENTRIES_A_COMMIT {
            self.commit().await?;
        }
        Ok(())
    }

    async fn commit(&mut self) -> anyhow::Result<()> {
        let next = Changes {
            task_force: self.changes.task_force.clone(),
            ..Changes::default()
        };
        let mut changes = std::mem::replace(&mut self.changes, next);
        changes.now = self.at;
        for result in self.store.commit(vec![changes]).await? {
            result?;
        }
        Ok(())
    }

    /// The last page, with both caches as the ledger has them.
    async fn close(mut self, frame: &Frame) -> anyhow::Result<Written> {
        self.changes.routes = Some(routes(frame, &self.standing));
        let id = self.changes.task_force.clone();
        self.commit().await?;
        let after = self.at + TimeDelta::hours(3);
        let next = schedule::next_wakeup(frame, &self.standing, &Given::default(), after);
        if let (Some(at), Some(id)) = (next, id)
            && let Some(wakeup) = self.store.wakeup(&id).await?
        {
            self.store.put_off(&[Wakeup { at, ..wakeup }]).await?;
        }
        Ok(Written {
            entries: self.head.seq,
            head: self.head,
        })
    }
}

fn midnight(day: NaiveDate) -> DateTime<Utc> {
    calendar::instant(day, chrono::NaiveTime::MIN)
}

fn period(frame: &Frame, monday: NaiveDate) -> ReportingPeriod {
    debug_assert_eq!(monday.weekday(), chrono::Weekday::Mon);
    ReportingPeriod::of(Rhythm::Weekly, monday, &frame.settings, &frame.calendar)
}
