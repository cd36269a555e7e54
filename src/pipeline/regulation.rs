//! Worked examples for the regulation from the company's own numbers. Deliberately absent: creating a database in order to
//! look for them.

use std::path::Path;

use super::App;
use crate::{
    config::Config,
    domain::{
        policy::PolicyVersion,
        regulation::{Examples, example},
    },
    env::Clock,
    error::Result,
    store::Db,
};

/// Whether there is a database to look into.
pub fn has_database(config: &Config) -> bool {
    let url = config.store.url.expose();
    Db::sqlite_path(url).is_none_or(|path| Path::new(&path).exists())
}

/// Examples of a version from what is computed today.
///
/// # Errors
/// When the database fails.
pub async fn examples(config: Config, clock: Clock, version: &PolicyVersion) -> Result<Examples> {
    let app = App::open(config, clock, App::own_binary()).await?;
    let now = app.clock.now();
    let view = super::view(&app, now).await;
    app.db.close().await;
    let view = view?;
    Ok(example::of_outcome(&view.loaded.facts, &view.outcome, version))
}
