//! Single values by name. Deliberately absent: anything that deserves a table.

use super::{
    engine::{Tx, on_engine},
    error::Result,
};

impl Tx {
    /// The value of a name.
    pub async fn meta(&mut self, key: &str) -> Result<Option<String>> {
        Ok(on_engine!(self, conn => sqlx::query_scalar("SELECT value FROM meta WHERE key = $1")
            .bind(key).fetch_optional(conn).await)?)
    }

    /// Sets the value of a name.
    pub async fn set_meta(&mut self, key: &str, value: &str) -> Result<()> {
        on_engine!(self, conn => sqlx::query(
            "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
            .bind(key).bind(value).execute(conn).await.map(|done| done.rows_affected()))?;
        Ok(())
    }
}
