//! A copy of a SQLite database in one consistent file, while it is in use.

use std::path::Path;

use super::statement::query;
use super::{Backend, Sql};
use crate::store::StoreError;

impl Sql {
    pub(in crate::store) async fn copy_to(&self, file: &Path) -> Result<(), StoreError> {
        match (self.backend, file.to_str()) {
            (Backend::Sqlite, Some(file)) => {
                let copy = query("VACUUM INTO $1").bind(file).takes_long();
                copy.execute(&mut self.writer.take().await?).await?;
                Ok(())
            }
            (Backend::Sqlite, None) | (Backend::Postgres, _) => Err(StoreError::NotCopied),
        }
    }
}
