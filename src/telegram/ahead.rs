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
        if let (Some(cell), Some(id)) = (self.ahead.take(row.id), &row.task_force) {
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
