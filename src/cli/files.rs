//! The configuration folder: plans, settings, holiday tables and known accounts, read whole before anything starts.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::calendar::{Calendar, HolidayMistake, HolidayTable};
use crate::config::Deployment;
use crate::ledger::{Account, Frame};
use crate::plan::{self, AdoptionText, Mistake, PersonId, Plan, Settings, TaskForceId};
use crate::render::check::{self, FileFault, FileFaultKind};
use crate::service::KnownAccount;

/// Largest file read, in bytes: a plan of 10,000 targets has about four million.
const MOST_BYTES: u64 = 16_000_000;

/// One plan file.
#[derive(Debug)]
pub struct PlanFile {
    /// Its path as shown.
    pub name: String,
    /// Its text.
    pub source: String,
    /// The plan.
    pub plan: Plan,
}

/// The folder's content, without a mistake.
#[derive(Debug)]
pub struct ConfigFiles {
    /// Plans, by file name.
    pub plans: Vec<PlanFile>,
    /// Settings that change results.
    pub settings: Settings,
    /// The deployment's part.
    pub deployment: Deployment,
    /// Holiday tables as written, by year.
    pub holidays: BTreeMap<i32, String>,
    /// The working calendar made of them.
    pub calendar: Calendar,
    /// Accounts known beforehand.
    pub people: Vec<KnownAccount>,
}

/// Everything wrong with the folder.
#[derive(Debug, Clone, Default)]
pub struct Mistakes {
    /// In plans and settings.
    pub mistakes: Vec<Mistake>,
    /// In holiday tables.
    pub holidays: Vec<HolidayMistake>,
    /// In files as a whole.
    pub faults: Vec<FileFault>,
}

impl Mistakes {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count() == 0
    }

    /// How many.
    pub fn count(&self) -> usize {
        self.mistakes.len() + self.holidays.len() + self.faults.len()
    }

    /// All of them, a line each.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = check::file_faults(&self.faults);
        lines.extend(check::mistakes(&self.mistakes));
        lines.extend(check::holiday_mistakes(&self.holidays));
        lines
    }
}

impl ConfigFiles {
    /// What would be adopted, by task force.
    pub fn adoptions(&self) -> Vec<(TaskForceId, AdoptionText)> {
        let text = |file: &PlanFile| {
            AdoptionText::new(file.source.clone(), &self.settings, self.holidays.clone())
        };
        self.plans
            .iter()
            .map(|file| (file.plan.task_force.id.clone(), text(file)))
            .collect()
    }

    /// The frame a plan file would give.
    pub fn frame(&self, file: &PlanFile) -> Frame {
        let text = AdoptionText::new(file.source.clone(), &self.settings, self.holidays.clone());
        Frame {
            adoption: text.hash(),
            plan: file.plan.clone(),
            settings: self.settings.clone(),
            calendar: self.calendar.clone(),
        }
    }
}

/// Reads the folder: its content, or all its mistakes. What could be read comes with the mistakes too, for the gap report.
pub fn read_config(dir: &Path) -> (Vec<PlanFile>, Result<ConfigFiles, Mistakes>) {
    let mut wrong = Mistakes::default();
    let settings_file = dir.join("duban.toml");
    let source = if settings_file.exists() {
        text(&settings_file, &mut wrong).unwrap_or_default()
    } else {
        String::new()
    };
    let name = settings_file.display().to_string();
    let settings = Settings::read(&source, &name)
        .map_err(|mut all| wrong.mistakes.append(&mut all))
        .ok();
    let deployment = deployment(&source, &name, settings.is_some(), &mut wrong);
    let (holidays, tables) = holidays(&dir.join("holidays"), &mut wrong);
    let plans = plans(&dir.join("plans"), &mut wrong);
    let people = people(&dir.join("people.toml"), &plans, &mut wrong);
    match (settings, deployment) {
        (Some(settings), Some(deployment)) if wrong.is_empty() => {
            let calendar = Calendar::new(tables, settings.hours.clone());
            (
                Vec::new(),
                Ok(ConfigFiles {
                    plans,
                    settings,
                    deployment,
                    holidays,
                    calendar,
                    people,
                }),
            )
        }
        _ => (plans, Err(wrong)),
    }
}

fn text(path: &Path, wrong: &mut Mistakes) -> Option<String> {
    let mut fault = |what| {
        wrong.faults.push(FileFault {
            file: path.display().to_string(),
            what,
        })
    };
    match fs::metadata(path) {
        Ok(about) if about.len() > MOST_BYTES => {
            fault(FileFaultKind::TooLarge {
                size: about.len(),
                limit: MOST_BYTES,
            });
            return None;
        }
        Ok(_) => {}
        Err(error) => {
            fault(unopened(&error));
            return None;
        }
    }
    match fs::read(path).map(String::from_utf8) {
        Ok(Ok(text)) => return Some(text),
        Ok(Err(_)) => fault(FileFaultKind::NotUtf8),
        Err(error) => fault(unopened(&error)),
    }
    None
}

fn unopened(error: &std::io::Error) -> FileFaultKind {
    match error.kind() {
        std::io::ErrorKind::NotFound => FileFaultKind::Missing,
        _ => FileFaultKind::Unreadable {
            detail: error.to_string(),
        },
    }
}

fn toml_files(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path());
    let mut files: Vec<PathBuf> = entries
        .filter(|path| path.extension().is_some_and(|end| end == "toml"))
        .collect();
    files.sort();
    files
}

/// A syntax error is the settings' mistake already and is not said twice.
fn deployment(
    source: &str,
    name: &str,
    settings_read: bool,
    wrong: &mut Mistakes,
) -> Option<Deployment> {
    match Deployment::read(source) {
        Ok(deployment) => Some(deployment),
        Err(mistake) => {
            if settings_read {
                let what = FileFaultKind::Deployment {
                    detail: mistake.to_string(),
                };
                wrong.faults.push(FileFault {
                    file: name.to_owned(),
                    what,
                });
            }
            None
        }
    }
}

fn plans(dir: &Path, wrong: &mut Mistakes) -> Vec<PlanFile> {
    let files = toml_files(dir);
    if files.is_empty() {
        wrong.faults.push(FileFault {
            file: dir.display().to_string(),
            what: FileFaultKind::NoPlan,
        });
    }
    let mut plans: Vec<PlanFile> = Vec::new();
    for path in files {
        let name = path.display().to_string();
        let Some(source) = text(&path, wrong) else {
            continue;
        };
        match plan::read(&source, &name) {
            Err(mut mistakes) => wrong.mistakes.append(&mut mistakes),
            Ok(plan) => {
                let id = plan.task_force.id.clone();
                if plans.iter().any(|other| other.plan.task_force.id == id) {
                    let what = FileFaultKind::SameTaskForce { id: id.to_string() };
                    wrong.faults.push(FileFault {
                        file: name.clone(),
                        what,
                    });
                }
                plans.push(PlanFile { name, source, plan });
            }
        }
    }
    plans
}

fn holidays(
    dir: &Path,
    wrong: &mut Mistakes,
) -> (BTreeMap<i32, String>, BTreeMap<i32, HolidayTable>) {
    let mut texts = BTreeMap::new();
    let mut tables = BTreeMap::new();
    for path in toml_files(dir) {
        let name = path.display().to_string();
        let Some(source) = text(&path, wrong) else {
            continue;
        };
        let year = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .and_then(|stem| stem.parse::<i32>().ok());
        match (year, HolidayTable::parse(&source, &name)) {
            (_, Err(mistakes)) => wrong.holidays.extend(mistakes),
            (Some(year), Ok(table)) if table.year == year => {
                texts.insert(year, source);
                tables.insert(year, table);
            }
            (_, Ok(_)) => wrong.faults.push(FileFault {
                file: name,
                what: FileFaultKind::HolidayName,
            }),
        }
    }
    if let (Some(first), Some(last)) = (tables.keys().next(), tables.keys().next_back()) {
        for year in (*first..*last).filter(|year| !tables.contains_key(year)) {
            let what = FileFaultKind::HolidayMissing { year };
            wrong.faults.push(FileFault {
                file: dir.display().to_string(),
                what,
            });
        }
    }
    (texts, tables)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenAccount {
    user_id: i64,
    #[serde(default)]
    name: String,
    username: Option<String>,
}

fn people(path: &Path, plans: &[PlanFile], wrong: &mut Mistakes) -> Vec<KnownAccount> {
    if !path.exists() {
        return Vec::new();
    }
    let file = path.display().to_string();
    let Some(source) = text(path, wrong) else {
        return Vec::new();
    };
    let written: BTreeMap<String, BTreeMap<String, WrittenAccount>> = match toml::from_str(&source)
    {
        Ok(written) => written,
        Err(error) => {
            let line = error.span().map_or(1, |span| {
                source[..span.start.min(source.len())]
                    .lines()
                    .count()
                    .max(1)
            });
            let what = FileFaultKind::People {
                detail: format!("{line}: {}", error.message()),
            };
            wrong.faults.push(FileFault { file, what });
            return Vec::new();
        }
    };
    let mut people = Vec::new();
    for (task_force, accounts) in written {
        let plan = plans
            .iter()
            .map(|file| &file.plan)
            .find(|plan| plan.task_force.id.as_str() == task_force);
        let mut seen = BTreeSet::new();
        for (person, account) in accounts {
            let id = PersonId::from(person.as_str());
            let mut fault = |what| {
                wrong.faults.push(FileFault {
                    file: file.clone(),
                    what,
                })
            };
            if plan.and_then(|plan| plan.member(&id)).is_none() {
                fault(FileFaultKind::UnknownPerson {
                    id: format!("{task_force}.{person}"),
                });
            } else if !seen.insert(account.user_id) {
                fault(FileFaultKind::SameAccount {
                    user_id: account.user_id,
                });
            }
            let account = Account {
                user_id: account.user_id,
                name: account.name,
                username: account.username,
            };
            people.push(KnownAccount {
                task_force: TaskForceId::from(task_force.as_str()),
                person: id,
                account,
            });
        }
    }
    people
}
