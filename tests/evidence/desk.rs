//! A ledger whose people sent files, a stand-in that has them, and a shelf.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use duban::clock::{Clock, Dice};
use duban::conversation::BotAccount;
use duban::ledger::{
    Act, Actor, Attachment, ENTRY_VERSION, Fetched, FileId, FileRef, Judgement, LedgerEntry,
    ProgressReport, Text, Value,
};
use duban::plan::{AdoptionText, Settings, TaskForceId};
use duban::rehearsal::{Post, Server, World};
use duban::service::Service;
use duban::store::{Changes, Memory, Shelf, Store};
use duban::telegram::{ClientSettings, Fetcher, Looked};
use secrecy::SecretString;

const PERSON: i64 = 7;

/// The limit of the tests, in bytes.
pub const MOST: u64 = 100_000;

pub struct Desk {
    pub world: Arc<World>,
    pub clock: Clock,
    pub service: Arc<Service>,
    pub fetcher: Fetcher,
    pub shelf: Shelf,
    settings: ClientSettings,
    folder: tempfile::TempDir,
    _server: Server,
}

pub fn rushan() -> TaskForceId {
    "rushan".into()
}

impl Desk {
    pub async fn open() -> Self {
        Self::over(Store::Memory(Memory::new())).await
    }

    pub async fn over(store: Store) -> Self {
        let clock = Clock::manual("2026-11-23T01:00:00Z".parse().unwrap());
        let address = ([127, 0, 0, 1], 0).into();
        let server = Server::start(clock.clone(), address).await.unwrap();
        let world = server.world();
        world.add_user(PERSON, "李俊卿", "");
        world.start(PERSON, "");
        let settings = ClientSettings {
            token: SecretString::from(server.token().to_owned()),
            api_url: Some(server.url()),
            proxy: None,
        };
        let service = service(store, clock.clone()).await;
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::new(folder.path().join("evidence"));
        let fetcher = Fetcher::new(service.clone(), &settings, shelf.clone(), Some(MOST)).unwrap();
        Self {
            world,
            clock,
            service,
            fetcher,
            shelf,
            settings,
            folder,
            _server: server,
        }
    }

    /// The program started again over the same store and shelf.
    pub async fn restart(&mut self, most_bytes: Option<u64>) {
        self.service = service(self.service.store().clone(), self.clock.clone()).await;
        let (service, shelf) = (self.service.clone(), self.shelf.clone());
        self.fetcher = Fetcher::new(service, &self.settings, shelf, most_bytes).unwrap();
    }

    /// A file as the person's phone sends it to the bot.
    pub fn sent(&self, post: Post) -> Attachment {
        let message = self.world.post(PERSON, PERSON, post);
        let extra = self.world.message(PERSON, message).unwrap().extra;
        let photo = || extra.get("photo")?.get(0);
        let shown = extra.get("document").or_else(photo).unwrap();
        let word = |key: &str| shown.get(key).and_then(|word| word.as_str());
        Attachment {
            file_id: FileId::new(word("file_id").unwrap(), [1; 16]),
            file_unique_id: FileId::new(word("file_unique_id").unwrap(), [2; 16]),
            name: word("file_name").map(|name| Text::new(name, [3; 16])),
            mime: word("mime_type").unwrap_or("image/jpeg").to_owned(),
            size: shown["file_size"].as_u64(),
        }
    }

    /// An answer with files; gives its seq.
    pub async fn answer(&self, evidence: Vec<Attachment>) -> u64 {
        let report = ProgressReport {
            evidence,
            ..ProgressReport::new(
                "6-1".into(),
                "2026-11".to_owned(),
                Value::None,
                Judgement::Normal,
            )
        };
        self.append(Act::Answered(report.into())).await
    }

    pub async fn append(&self, act: Act) -> u64 {
        let store = self.service.store();
        let now = self.clock.now();
        let mut changes = Changes {
            task_force: Some(rushan()),
            now,
            ..Changes::default()
        };
        let entry = LedgerEntry {
            seq: 0,
            at: now,
            version: ENTRY_VERSION,
            by: Actor::Person("li-junqing".into()),
            act,
        };
        let head = store.head(&rushan()).await.unwrap();
        let head = changes.push_entry(head, entry);
        for result in store.commit(vec![changes]).await.unwrap() {
            result.unwrap();
        }
        // What leads to its files is written with the next look at the task force.
        assert!(self.service.standing_now(&rushan()).await.is_some());
        head.seq
    }

    /// Looks until nothing can be tried; when the next can.
    pub async fn fetch_all(&mut self) -> Option<DateTime<Utc>> {
        loop {
            match self.fetcher.look().await.unwrap() {
                Looked::Tried => {}
                Looked::Nothing(until) => return until,
            }
        }
    }

    /// What the ledger says of files, in its order.
    pub async fn told(&self) -> Vec<(FileRef, Fetched)> {
        let store = self.service.store();
        let entries = store.entries_after(&rushan(), 0).await.unwrap();
        let told = entries.into_iter().filter_map(|entry| match entry.act {
            Act::EvidenceKept(kept) => {
                let (seq, index) = (kept.seq, kept.index);
                let (sha256, size) = (kept.sha256, kept.size);
                Some((FileRef { seq, index }, Fetched::Kept { sha256, size }))
            }
            Act::EvidenceNotKept(not) => {
                let (seq, index) = (not.seq, not.index);
                Some((FileRef { seq, index }, Fetched::Not(not.why)))
            }
            _ => None,
        });
        told.collect()
    }

    /// The names of all files below the folder, drafts too.
    pub fn on_disk(&self) -> Vec<String> {
        let mut names = Vec::new();
        let mut folders = vec![self.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path: PathBuf = entry.unwrap().path();
                match path.is_dir() {
                    true => folders.push(path),
                    false => names.push(name_of(&path)),
                }
            }
        }
        names.sort();
        names
    }

    /// Calls of this method so far.
    pub fn calls(&self, method: &str) -> usize {
        let journal = self.world.journal();
        journal.iter().filter(|call| call.method == method).count()
    }

    pub fn wait(&self, time: TimeDelta) {
        self.clock.set(self.clock.now() + time);
    }
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}

async fn service(store: Store, clock: Clock) -> Arc<Service> {
    let account = BotAccount {
        id: 1,
        username: "duban_bot".to_owned(),
    };
    let service = Service::new(store, clock, Dice::seeded(1), account);
    let plan = include_str!("../../config/plans/rushan.toml").to_owned();
    let text = AdoptionText::new(plan, &Settings::default(), BTreeMap::new());
    service.load(vec![(rushan(), text)]).await.unwrap();
    Arc::new(service)
}
