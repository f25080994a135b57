//! On the way to Telegram: what is too large is told with its size, and a file that takes its time is shown to be coming.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use duban::clock::{Clock, Dice};
use duban::conversation::BotAccount;
use duban::conversation::document::Document;
use duban::ledger::{Account, Act, Actor, BindingWay, ENTRY_VERSION, LedgerEntry};
use duban::plan::{AdoptionText, Settings, TaskForceId};
use duban::rehearsal::{Fault, Server, World};
use duban::service::{Call, Moment, Recipe, Service};
use duban::store::{Changes, Memory, NewOutgoing, OutgoingKind, Store};
use duban::telegram::{ClientSettings, Clients, Look, Sender};
use secrecy::SecretString;

/// 栾频, the office's chief; 刘培根, the leader; 张新龙, the deputy leader; 宋校政, a member; somebody on no roster.
const CHIEF: i64 = 7;
const LEADER: i64 = 8;
const DEPUTY: i64 = 9;
const MEMBER: i64 = 10;
const STRANGER: i64 = 11;

/// The bound group, and another the bot is in.
const GROUP: i64 = -1001;
const OTHER_GROUP: i64 = -1002;

/// Waiting for the outside world is bounded; nothing is timed.
const PATIENCE: Duration = Duration::from_secs(60);

struct Desk {
    world: Arc<World>,
    clock: Clock,
    service: Arc<Service>,
    clients: Clients,
    _server: Server,
}

fn rushan() -> TaskForceId {
    "rushan".into()
}

impl Desk {
    /// A ledger with the plan, the accounts of four people and the group.
    async fn open() -> Self {
        let clock = Clock::manual("2026-11-23T01:00:00Z".parse().unwrap());
        let address = ([127, 0, 0, 1], 0).into();
        let server = Server::start(clock.clone(), address).await.unwrap();
        let world = server.world();
        for user in [CHIEF, LEADER, DEPUTY, MEMBER, STRANGER] {
            world.add_user(user, "某人", "");
            world.start(user, "");
        }
        for group in [GROUP, OTHER_GROUP] {
            world.add_group(group, "专班");
            world.join(group, CHIEF);
            world.add_bot(group, CHIEF);
        }
        let settings = ClientSettings {
            token: SecretString::from(server.token().to_owned()),
            api_url: Some(server.url()),
            proxy: None,
        };
        let account = BotAccount {
            id: 1,
            username: "duban_bot".to_owned(),
        };
        let store = Store::Memory(Memory::new());
        let service = Service::new(store, clock.clone(), Dice::seeded(1), account);
        let plan = include_str!("../../config/plans/rushan.toml").to_owned();
        let text = AdoptionText::new(plan, &Settings::default(), BTreeMap::new());
        service.load(vec![(rushan(), text)]).await.unwrap();
        let desk = Self {
            world,
            clock,
            service: Arc::new(service),
            clients: Clients::new(&settings).unwrap(),
            _server: server,
        };
        for (user_id, person) in [
            (CHIEF, "luan-pin"),
            (LEADER, "liu-peigen"),
            (DEPUTY, "zhang-xinlong"),
            (MEMBER, "song-xiaozheng"),
        ] {
            let account = Account {
                user_id,
                name: "某人".to_owned(),
                username: None,
            };
            let (person, way) = (person.into(), BindingWay::Host);
            desk.append(Act::Bound {
                person,
                account,
                way,
            })
            .await;
        }
        let (chat, thread) = (GROUP, None);
        desk.append(Act::GroupBound { chat, thread }).await;
        desk
    }

    async fn append(&self, act: Act) {
        let mut changes = self.changes();
        let entry = LedgerEntry {
            seq: 0,
            at: self.clock.now(),
            version: ENTRY_VERSION,
            by: Actor::Host,
            act,
        };
        let head = self.service.store().head(&rushan()).await.unwrap();
        changes.push_entry(head, entry);
        self.commit(changes).await;
    }

    fn changes(&self) -> Changes {
        Changes {
            task_force: Some(rushan()),
            now: self.clock.now(),
            ..Changes::default()
        }
    }

    async fn commit(&self, changes: Changes) {
        for result in self.service.store().commit(vec![changes]).await.unwrap() {
            result.unwrap();
        }
    }

    /// Puts documents of now out for the chief.
    async fn put_out(&self, documents: &[Document]) {
        self.put_out_for(CHIEF, documents).await;
    }

    async fn put_out_for(&self, chat: i64, documents: &[Document]) {
        let head = self.service.store().head(&rushan()).await.unwrap();
        let moment = Moment {
            number: 1,
            posted: false,
            cut_off_at: self.clock.now(),
            seq: head.seq,
        };
        let mut changes = self.changes();
        let row = |document: &Document| NewOutgoing {
            chat,
            thread: None,
            kind: OutgoingKind::Document,
            priority: 20,
            body: serde_json::to_string(&Call::File(Recipe {
                document: document.clone(),
                moment,
                silent: false,
            }))
            .unwrap(),
            about: String::new(),
            slot: None,
            notice: None,
            not_before: changes.now,
            not_after: None,
            keys: Vec::new(),
            pings: Vec::new(),
        };
        changes.outgoing = documents.iter().map(row).collect();
        self.commit(changes).await;
    }

    fn sender(&self, most_bytes: usize) -> Sender {
        Sender::taking_files(self.service.clone(), &self.clients, most_bytes)
    }

    /// Sends all there is, however long it has to wait for Telegram's pace.
    async fn send_all(&self, mut sender: Sender) {
        loop {
            match sender.look().await.unwrap() {
                Look::Settled => {}
                Look::Nothing(Some(next)) if next - self.clock.now() < TimeDelta::seconds(10) => {
                    self.clock.set(next);
                }
                Look::Nothing(_) => return,
                Look::TokenRefused => panic!("the stand-in knows its own token"),
            }
        }
    }

    fn words(&self) -> Vec<String> {
        let messages = self.world.messages(CHIEF).into_iter();
        let ours = messages.filter(|message| message.is_ours);
        ours.map(|message| message.text).collect()
    }

    /// Methods called so far that show or bring a file; of a chat action which.
    fn steps(&self) -> Vec<String> {
        let journal = self.world.journal().into_iter();
        let step = journal.filter_map(|call| match call.method.as_str() {
            "sendChatAction" => call.parameters["action"].as_str().map(str::to_owned),
            "sendDocument" | "sendPhoto" | "sendMediaGroup" => Some(call.method),
            _ => None,
        });
        step.collect()
    }
}

/// What of all documents a chat gets in the end.
async fn got(chat: i64) -> Vec<String> {
    let desk = Desk::open().await;
    desk.put_out_for(chat, &every_document()).await;
    desk.send_all(desk.sender(usize::MAX)).await;
    let journal = desk.world.journal().into_iter();
    let brought = journal.filter(|call| {
        matches!(
            call.method.as_str(),
            "sendDocument" | "sendPhoto" | "sendMediaGroup"
        )
    });
    let names = brought.map(|call| {
        assert_eq!(call.chat, Some(chat));
        let outcome = call.outcome.unwrap().unwrap();
        let name = outcome["document"]["file_name"]
            .as_str()
            .unwrap_or_default();
        let found = ENDINGS.iter().find(|ending| name.ends_with(*ending));
        found.map_or("picture", |ending| *ending).to_owned()
    });
    names.collect()
}

const ENDINGS: [&str; 5] = [".xlsx", ".docx", ".ics", ".jsonl", ".csv"];

#[tokio::test]
async fn whoever_leads_gets_every_document() {
    for chat in [CHIEF, DEPUTY, LEADER] {
        // 栾频's own deadlines are for 栾频 and whoever may have those of all.
        let all = [
            ".xlsx", ".xlsx", ".docx", "picture", ".ics", ".ics", ".jsonl", ".csv",
        ];
        assert_eq!(got(chat).await, all, "{chat}");
    }
}

#[tokio::test]
async fn a_right_that_ended_before_the_send_ends_the_send() {
    assert_eq!(got(MEMBER).await, ["picture"]);
    assert_eq!(got(STRANGER).await, [""; 0]);
}

#[tokio::test]
async fn the_group_gets_the_board_alone_and_another_group_nothing() {
    assert_eq!(got(GROUP).await, ["picture"]);
    assert_eq!(got(OTHER_GROUP).await, [""; 0]);
}

fn every_document() -> Vec<Document> {
    vec![
        Document::Workbook { measure: None },
        Document::Workbook {
            measure: Some("6".into()),
        },
        Document::Bulletin,
        Document::Board,
        Document::Calendar { person: None },
        Document::Calendar {
            person: Some("luan-pin".into()),
        },
        Document::Tables,
        Document::EvidenceIndex,
    ]
}

#[tokio::test]
async fn what_is_larger_than_the_limit_is_told_with_its_size_and_the_way_round() {
    let desk = Desk::open().await;
    desk.put_out(&every_document()).await;
    desk.send_all(desk.sender(100)).await;
    let limit = "超过 Telegram 单个文件 0.1 MB 的上限，没有发送。";
    let words = desk.words();
    assert_eq!(words.len(), every_document().len(), "{words:#?}");
    let ways = [
        (
            "台账有 ",
            "请按举措分开导出（/export 6），或在主机上用 duban export 导出。",
        ),
        ("台账有 ", "请在主机上用 duban export 导出。"),
        ("简报有 ", "请在主机上用 duban bulletin 导出。"),
        ("进度看板有 ", "请在主机上用 duban board 导出。"),
        (
            "时限日程有 ",
            "请各自导出自己的（/calendar），或在主机上用 duban calendar 导出。",
        ),
        ("时限日程有 ", "请在主机上用 duban calendar 导出。"),
        (
            "台账数据有 ",
            "请在主机上用 duban export --format jsonl 导出。",
        ),
        (
            "佐证材料目录有 ",
            "请在主机上用 duban export --evidence 导出。",
        ),
    ];
    for (said, (what, way)) in words.iter().zip(ways) {
        assert!(said.starts_with(what) && said.contains(" MB，"), "{said}");
        assert!(said.ends_with(&format!("{limit}{way}")), "{said}");
    }
    let brought = desk
        .steps()
        .into_iter()
        .filter(|step| step.starts_with("send"));
    assert_eq!(brought.count(), 0, "nothing was uploaded");
    assert_eq!(desk.world.violations(), []);
}

#[tokio::test]
async fn what_fits_leaves_though_another_document_does_not() {
    let desk = Desk::open().await;
    desk.put_out(&[Document::Bulletin, Document::EvidenceIndex])
        .await;
    desk.send_all(desk.sender(20_000)).await;
    let words = desk.words();
    assert!(words[0].starts_with("简报有 "), "{words:?}");
    assert!(words[1].contains("佐证材料目录"), "{words:?}");
    let brought = desk
        .steps()
        .into_iter()
        .filter(|step| step.starts_with("send"));
    assert_eq!(brought.collect::<Vec<_>>(), ["sendDocument"]);
}

#[tokio::test]
async fn a_file_is_shown_to_be_coming_before_it_is_made_and_as_long_as_it_takes() {
    let desk = Desk::open().await;
    let slow = Fault::Delay(Duration::from_secs(20));
    desk.world.fault("sendDocument", 1, slow);
    desk.put_out(&[Document::Workbook { measure: None }]).await;
    let mut sender = desk.sender(usize::MAX);
    let sending =
        tokio::spawn(async move { while sender.look().await.unwrap() == Look::Settled {} });
    // The clock stands still until something happens; where nothing does, somebody waits for it.
    let mut changes = desk.world.subscribe();
    let wait = async {
        while !sending.is_finished() {
            let moment = Duration::from_millis(50);
            if tokio::time::timeout(moment, changes.changed())
                .await
                .is_err()
            {
                desk.clock.set(desk.clock.now() + TimeDelta::seconds(4));
            }
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.unwrap();
    sending.await.unwrap();
    let steps = desk.steps();
    assert_eq!(steps[0], "upload_document", "before anything is made");
    // Telegram shows an action for five seconds; the send took twenty.
    let shown = steps.iter().filter(|step| *step == "upload_document");
    let brought = steps.iter().filter(|step| *step == "sendDocument");
    assert!(shown.count() >= 4, "{steps:?}");
    assert_eq!(brought.count(), 1, "{steps:?}");
}
