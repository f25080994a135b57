//! What one guided answer costs on SQLite, from the update to the committed outbox: five updates, each kept in the inbox first. Run with `cargo bench --bench answer`.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use divan::counter::ItemsCount;
use divan::{AllocProfiler, Bencher};
use duban::clock::{Clock, Dice};
use duban::conversation::BotAccount;
use duban::ledger::Account;
use duban::plan::{AdoptionText, PersonId, Settings, TaskForceId};
use duban::render::Button;
use duban::service::{Call, Incoming, KnownAccount, Service};
use duban::store::{InboxRow, OutboxState, Store};
use duban::telegram::read;
use tokio::runtime::Runtime;

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

const PERSON: i64 = 100_001;
const UPDATES: usize = 5;

fn main() {
    divan::main();
}

struct Desk {
    runtime: Runtime,
    service: Arc<Service>,
    next_update: Cell<i64>,
    _folder: tempfile::TempDir,
}

impl Desk {
    fn open() -> Self {
        let runtime = Runtime::new().expect("a runtime starts");
        let folder = tempfile::tempdir().expect("a folder is made");
        let service = runtime.block_on(service(folder.path()));
        let desk = Self {
            runtime,
            service,
            next_update: Cell::new(1),
            _folder: folder,
        };
        desk.say("/start");
        desk
    }

    fn give(&self, content: &str) {
        let id = self.next_update.get();
        self.next_update.set(id + 1);
        let json = format!(r#"{{"update_id":{id},{content}}}"#);
        let row = InboxRow {
            update_id: id,
            lane: PERSON,
            received_at: self.service.now(),
            body: json.clone(),
            attempts: 0,
        };
        self.runtime.block_on(async {
            self.service
                .store()
                .receive(&[row])
                .await
                .expect("the update is kept");
            let event = read(&json, self.service.bot()).expect("the update reads");
            let processed = self
                .service
                .on_updates(vec![Incoming {
                    update_id: id,
                    event,
                }])
                .await
                .expect("the update commits");
            assert!(processed.failed.is_empty(), "{:?}", processed.failed);
        });
    }

    fn say(&self, text: &str) {
        let from = format!(r#"{{"id":{PERSON},"is_bot":false,"first_name":"李俊卿"}}"#);
        let chat = format!(r#"{{"id":{PERSON},"type":"private"}}"#);
        let id = self.next_update.get();
        self.give(&format!(r#""message":{{"message_id":{id},"date":1,"from":{from},"chat":{chat},"text":"{text}"}}"#));
    }

    fn tap(&self, label: &str) {
        let data = self.button(label);
        let from = format!(r#"{{"id":{PERSON},"is_bot":false,"first_name":"李俊卿"}}"#);
        let on =
            format!(r#"{{"message_id":1,"date":1,"chat":{{"id":{PERSON},"type":"private"}}}}"#);
        let id = self.next_update.get();
        self.give(&format!(r#""callback_query":{{"id":"{id}","from":{from},"message":{on},"chat_instance":"1","data":"{data}"}}"#));
    }

    /// Data of the button that begins so on the newest card.
    fn button(&self, label: &str) -> String {
        let waiting = self
            .runtime
            .block_on(self.service.store().outgoing_in_state(OutboxState::Waiting))
            .expect("the outbox reads");
        let rows = waiting
            .iter()
            .rev()
            .filter(|row| row.message.chat == PERSON);
        for row in rows {
            let (Ok(Call::Send { message, .. }) | Ok(Call::Edit { message, .. })) =
                serde_json::from_str(&row.message.body)
            else {
                continue;
            };
            for button in message.keyboard.iter().flatten() {
                if let Button::Press { text, data } = button
                    && text.starts_with(label)
                {
                    return data.clone();
                }
            }
        }
        panic!("no button {label}");
    }

    fn answer(&self) {
        self.say("/report 6-5");
        self.say("7.8");
        self.tap("🟢");
        self.tap("其余");
        self.tap("提交");
    }
}

async fn service(folder: &Path) -> Arc<Service> {
    let store = Store::open(&format!("sqlite:{}", folder.join("bench.db").display()))
        .await
        .expect("the database opens");
    let clock = Clock::manual("2026-11-23T01:00:00Z".parse().expect("a time"));
    let bot = BotAccount {
        id: 1,
        username: "duban_bot".into(),
    };
    let service = Arc::new(Service::new(store, clock, Dice::seeded(1), bot));
    let holidays = BTreeMap::from([(
        2026,
        include_str!("../config/holidays/2026.toml").to_owned(),
    )]);
    let text = AdoptionText::new(
        include_str!("../config/plans/rushan.toml").to_owned(),
        &Settings::default(),
        holidays,
    );
    let rushan = TaskForceId::from("rushan");
    service
        .load(vec![(rushan.clone(), text)])
        .await
        .expect("the plan is adopted");
    let known = KnownAccount {
        task_force: rushan,
        person: PersonId::from("li-junqing"),
        account: Account {
            user_id: PERSON,
            name: "李俊卿".into(),
            username: None,
        },
    };
    let unknown = service
        .pre_fill(std::slice::from_ref(&known))
        .await
        .expect("the account is bound");
    assert!(unknown.is_empty(), "{unknown:?}");
    service
}

/// The first answer of a talk each time: a fresh database, so that no sample carries the ones before it.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn guided_answer_on_sqlite(bencher: Bencher) {
    bencher
        .counter(ItemsCount::new(UPDATES))
        .with_inputs(Desk::open)
        .bench_refs(|desk| desk.answer());
}
