//! Pictures that go with a digest are drawn while its texts leave: when their rows' turn comes they are ready.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::OnceCell;

use super::courier::Courier;
use crate::ledger::Head;
use crate::service::{BOARD_PRIORITY, Call, Made, Recipe, ServiceError};
use crate::store::{OutboxRow, Settled};

/// Pictures kept ready: some hundred kilobytes each.
const MOST_AHEAD: usize = 8;

/// A picture, and the ledger's head when it was begun; none where it could not be drawn.
type Cell = Arc<OnceCell<Option<(Head, Made)>>>;

/// Pictures drawn or being drawn, by their rows.
#[derive(Debug, Default)]
pub(super) struct Ahead(Mutex<Drawn>);

#[derive(Debug, Default)]
struct Drawn {
    last: i64,
    rows: BTreeMap<i64, Cell>,
}

impl Ahead {
    fn drawn(&self) -> MutexGuard<'_, Drawn> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a row's picture out, and forgets those of rows that never came.
    fn take(&self, row: i64) -> Option<Cell> {
        let mut drawn = self.drawn();
        let later = drawn.rows.split_off(&(row + 1));
        let mut sooner = std::mem::replace(&mut drawn.rows, later);
        sooner.remove(&row)
    }
}

impl Courier {
    /// The next row whose picture may be drawn before its turn has come; none when enough are ready.
    pub(super) async fn next_picture(&self) -> Result<Option<OutboxRow>, ServiceError> {
        let last = {
            let drawn = self.ahead.drawn();
            if drawn.rows.len() >= MOST_AHEAD {
                return Ok(None);
            }
            drawn.last
        };
        let store = self.service.store();
        let row = store.waiting_behind(BOARD_PRIORITY, last).await?;
        if let Some(row) = &row {
            let mut drawn = self.ahead.drawn();
            drawn.last = row.id;
            drawn.rows.insert(row.id, Cell::default());
        }
        Ok(row)
    }

    /// Draws it. What goes wrong is told when its turn comes and it is tried again.
    pub(super) async fn draw_ahead(&self, row: OutboxRow) {
        let cell = self.ahead.drawn().rows.get(&row.id).cloned();
        let call = serde_json::from_str(&row.message.body);
        if let (Some(cell), Ok(Call::File(recipe))) = (cell, call) {
            cell.get_or_init(|| self.drawn(&row, &recipe)).await;
        }
    }

    async fn drawn(&self, row: &OutboxRow, recipe: &Recipe) -> Option<(Head, Made)> {
        let id = row.task_force.as_ref()?;
        let head = self.service.store().head(id).await.ok()?;
        let made = self.service.make(row, recipe).await.ok()?.ok()?;
        Some((head, made))
    }

    /// What a recipe makes: as it was drawn ahead where the ledger has not moved since, for words may have been removed.
    pub(super) async fn make(
        &self,
        row: &OutboxRow,
        recipe: &Recipe,
    ) -> Result<Result<Made, Settled>, ServiceError> {
        // What somebody asked for is not drawn ahead, and its turn says nothing of those that are.
        let of_digest = row.message.priority >= BOARD_PRIORITY;
        let cell = of_digest.then(|| self.ahead.take(row.id)).flatten();
        if let (Some(cell), Some(id)) = (cell, &row.task_force) {
            let ready = cell.get_or_init(|| self.drawn(row, recipe)).await;
            if let Some((head, made)) = ready
                && *head == self.service.store().head(id).await?
            {
                return Ok(Ok(made.clone()));
            }
        }
        self.service.make(row, recipe).await
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chrono::{DateTime, Utc};
    use secrecy::SecretString;

    use super::super::client::{ClientSettings, Clients};
    use super::*;
    use crate::clock::{Clock, Dice};
    use crate::conversation::BotAccount;
    use crate::conversation::document::Document;
    use crate::ledger::{Act, Actor, ENTRY_VERSION, LedgerEntry};
    use crate::plan::{AdoptionText, Settings, TaskForceId};
    use crate::service::{File, Moment, Service};
    use crate::store::{Changes, Memory, NewOutgoing, OutboxState, OutgoingKind, Store};

    const NOW: &str = "2026-11-27T08:00:00Z";

    fn now() -> DateTime<Utc> {
        NOW.parse().unwrap()
    }

    fn rushan() -> TaskForceId {
        "rushan".into()
    }

    fn changes() -> Changes {
        Changes {
            task_force: Some(rushan()),
            now: now(),
            ..Changes::default()
        }
    }

    /// What no recipe makes.
    fn forged() -> Made {
        let (name, content) = ("forged".to_owned(), Vec::new());
        Made {
            file: File::Document { name, content },
            caption: String::new(),
        }
    }

    struct Desk(Courier);

    impl Desk {
        async fn open() -> Self {
            let account = BotAccount {
                id: 1,
                username: "duban_bot".to_owned(),
            };
            let store = Store::Memory(Memory::new());
            let service = Service::new(store, Clock::manual(now()), Dice::seeded(1), account);
            let plan = include_str!("../../config/plans/rushan.toml").to_owned();
            let text = AdoptionText::new(plan, &Settings::default(), BTreeMap::new());
            service.load(vec![(rushan(), text)]).await.unwrap();
            let settings = ClientSettings {
                token: SecretString::from("123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw_"),
                api_url: None,
                proxy: None,
            };
            let clients = Clients::new(&settings).unwrap();
            Self(Courier::new(Arc::new(service), &clients, usize::MAX))
        }

        async fn commit(&self, changes: Changes) {
            let store = self.0.service.store();
            for result in store.commit(vec![changes]).await.unwrap() {
                result.unwrap();
            }
        }

        /// The ledger moves.
        async fn append(&self) {
            let head = self.0.service.store().head(&rushan()).await.unwrap();
            let entry = LedgerEntry {
                seq: 0,
                at: now(),
                version: ENTRY_VERSION,
                by: Actor::Host,
                act: Act::Resumed,
            };
            let mut changes = changes();
            changes.push_entry(head, entry);
            self.commit(changes).await;
        }

        /// Boards of one digest, each for a chat of its own, at this priority; and their recipe.
        async fn put_out(&self, chats: std::ops::Range<i64>, priority: i64) -> Recipe {
            let head = self.0.service.store().head(&rushan()).await.unwrap();
            let recipe = Recipe {
                document: Document::Board,
                moment: Moment {
                    number: 1,
                    posted: false,
                    cut_off_at: now(),
                    seq: head.seq,
                },
                silent: true,
                anew: 0,
            };
            let row = |chat| NewOutgoing {
                chat,
                thread: None,
                kind: OutgoingKind::Digest,
                priority,
                body: serde_json::to_string(&Call::File(recipe.clone())).unwrap(),
                about: String::new(),
                slot: None,
                notice: None,
                not_before: now(),
                not_after: None,
                keys: Vec::new(),
                pings: Vec::new(),
            };
            let outgoing = chats.map(row).collect();
            self.commit(Changes {
                outgoing,
                ..changes()
            })
            .await;
            recipe
        }

        async fn row_for(&self, chat: i64) -> OutboxRow {
            let store = self.0.service.store();
            let rows = store.outgoing_in_state(OutboxState::Waiting).await.unwrap();
            let mut rows = rows.into_iter();
            rows.find(|row| row.message.chat == chat).unwrap()
        }

        /// As if this had been drawn for the row just now.
        async fn forge(&self, row: &OutboxRow) {
            let head = self.0.service.store().head(&rushan()).await.unwrap();
            let cell = OnceCell::new_with(Some(Some((head, forged()))));
            self.0.ahead.drawn().rows.insert(row.id, Arc::new(cell));
        }

        async fn made(&self, row: &OutboxRow, recipe: &Recipe) -> Made {
            self.0.make(row, recipe).await.unwrap().unwrap()
        }

        fn ready(&self) -> Vec<i64> {
            self.0.ahead.drawn().rows.keys().copied().collect()
        }
    }

    #[tokio::test]
    async fn what_was_drawn_ahead_leaves_once_and_is_what_its_cut_off_showed() {
        let desk = Desk::open().await;
        let recipe = desk.put_out(1..2, BOARD_PRIORITY).await;
        let row = desk.0.next_picture().await.unwrap().unwrap();
        desk.0.draw_ahead(row.clone()).await;
        let drawn = desk.0.ahead.drawn().rows[&row.id].clone();
        let (_, ahead) = drawn.get().unwrap().clone().unwrap();
        assert!(matches!(ahead.file, File::Pictures(_)));
        // Entered after the cut-off: it changes nothing in the picture.
        desk.append().await;
        let at_its_turn = desk.0.service.make(&row, &recipe).await.unwrap().unwrap();
        assert_eq!(ahead, at_its_turn);
        desk.forge(&row).await;
        assert_eq!(
            desk.made(&row, &recipe).await,
            forged(),
            "what is ready is taken"
        );
        assert_eq!(desk.ready(), [0; 0], "and kept no longer");
        assert_eq!(desk.made(&row, &recipe).await, at_its_turn);
    }

    #[tokio::test]
    async fn one_whose_ledger_moved_is_drawn_anew() {
        let desk = Desk::open().await;
        let recipe = desk.put_out(1..2, BOARD_PRIORITY).await;
        let row = desk.row_for(1).await;
        desk.forge(&row).await;
        desk.append().await;
        let made = desk.made(&row, &recipe).await;
        assert!(matches!(made.file, File::Pictures(_)), "{:?}", made.caption);
    }

    #[tokio::test]
    async fn each_is_drawn_once_few_are_kept_and_those_that_never_came_are_forgotten() {
        let desk = Desk::open().await;
        let recipe = desk.put_out(1..13, BOARD_PRIORITY).await;
        let mut rows = Vec::new();
        while let Some(row) = desk.0.next_picture().await.unwrap() {
            desk.forge(&row).await;
            rows.push(row);
        }
        assert_eq!(rows.len(), MOST_AHEAD);
        let chats: Vec<i64> = rows.iter().map(|row| row.message.chat).collect();
        assert_eq!(
            chats,
            (1..=8).collect::<Vec<_>>(),
            "in their order, each once"
        );
        // The first two were withdrawn meanwhile.
        desk.made(&rows[2], &recipe).await;
        assert_eq!(desk.ready().len(), MOST_AHEAD - 3);
        let next = desk.0.next_picture().await.unwrap().unwrap();
        assert_eq!(next.message.chat, 9);
    }

    #[tokio::test]
    async fn a_document_somebody_asked_for_takes_nothing_away_and_is_not_drawn_ahead() {
        let desk = Desk::open().await;
        let recipe = desk.put_out(1..3, BOARD_PRIORITY).await;
        desk.put_out(5..6, 0).await;
        for _ in 0..2 {
            let row = desk.0.next_picture().await.unwrap().unwrap();
            desk.forge(&row).await;
        }
        assert!(desk.0.next_picture().await.unwrap().is_none());
        let asked_for = desk.row_for(5).await;
        let made = desk.made(&asked_for, &recipe).await;
        assert!(matches!(made.file, File::Pictures(_)));
        assert_eq!(desk.ready().len(), 2);
    }
}
