//! A person's word on a hold: a held run is done again as of its own instant, a held file is taken in or put away.
//! Deliberately absent: releasing without a name and a reason.

use super::{App, crm_intake, four_eyes, held, intake, reconcile, rule_intake};
use crate::{
    domain::{
        inbox::{FileRecord, FileState},
        run::{Hold, HoldSubject, Release},
        text::Text,
    },
    error::{Error, Result},
    ingest::Ready,
};

/// Releases the hold whose id begins so, and does what it had stopped; the sentence says what came of it.
pub async fn release(app: &App, id: &str, release: &Release, dismiss: bool) -> Result<Text> {
    let mut tx = app.db.begin().await?;
    let hold = tx.hold(id).await?.ok_or_else(|| {
        Error::input(Text::new(format!("остановки «{id}» нет"), format!("there is no hold “{id}”")))
            .hint(Text::new("список: sverka holds", "list them: sverka holds"))
    })?;
    if hold.release.is_some() {
        return Err(Error::input(Text::new("остановка уже снята", "the hold has been released already")));
    }
    tx.commit().await?;
    let text = match &hold.subject {
        HoldSubject::File { hash, name } => settle_file(app, &hold, hash, name, release, dismiss).await?,
        HoldSubject::Run { job, as_of, run, .. } => {
            let mut request = held::again(app, &hold, *job, run, *as_of).await?;
            four_eyes::second(app, &hold, &request, release).await?;
            request.releasing = Some((hold.id.clone(), release.clone()));
            let done = reconcile::reconcile(app, &request).await?;
            return Ok(if done.held.is_empty() {
                Text::new(
                    format!("прогон выполнен: записей {}, писем {}", done.entries.len(), done.mails.len()),
                    format!("the run is done: {} entries, {} mails", done.entries.len(), done.mails.len()),
                )
            } else {
                Text::new(
                    "исходные данные с тех пор изменились, и прогон снова ждёт проверки: sverka holds",
                    "the inputs have changed since, and the run waits again: sverka holds",
                )
            });
        }
    };
    // The file may have been all that a held run waited for.
    held::retry_held(app).await?;
    Ok(text)
}

/// Puts a set-aside file away, or takes it in. The hold ends when that is done: a crash in between leaves it open.
async fn settle_file(app: &App, hold: &Hold, hash: &str, name: &str, release: &Release, dismiss: bool) -> Result<Text> {
    let mut tx = app.db.begin().await?;
    let file = tx.file(hash).await?;
    tx.commit().await?;
    // Taken in already when a crash came before the hold ended.
    let known = file.as_ref().is_some_and(|f| f.state == FileState::Accepted);
    let text = match (dismiss, known) {
        (false, false) => Some(take_in(app, name, file).await?),
        (false, true) => Some(Text::new(format!("файл {name} принят"), format!("file {name} was taken in"))),
        (true, _) => None,
    };
    let mut tx = app.db.begin().await?;
    if dismiss && !known {
        tx.set_file_state(hash, FileState::Dismissed).await?;
    }
    tx.release_hold(&hold.id, release).await?;
    tx.commit().await?;
    Ok(text.unwrap_or_else(|| {
        Text::new(format!("файл {name} отложен и больше не мешает"), format!("file {name} was put away"))
    }))
}

/// Takes a set-aside file in after all, from its copy in the archive.
async fn take_in(app: &App, name: &str, file: Option<FileRecord>) -> Result<Text> {
    let gone = || {
        Error::input(Text::new(format!("копии файла {name} нет в архиве"), format!("no copy of {name} is archived")))
    };
    let file = file.ok_or_else(gone)?;
    let path = crate::ingest::archived(&app.config.store.archive, &file.hash).ok_or_else(gone)?;
    let size = std::fs::metadata(&path).map(|m| m.len()).unwrap_or_default();
    let ready = Ready { path, name: file.name.clone(), size, modified: file.as_of, hash: file.hash.clone() };
    let now = app.clock.now();
    let taken = match app.config.crm.iter().find(|c| c.name == file.source) {
        Some(source) => {
            let taken = crm_intake::source(app, source, std::slice::from_ref(&ready), now, Some(&file.hash)).await?;
            taken.into_iter().find(|f| f.hash == file.hash)
        }
        None if [rule_intake::CALLS, rule_intake::PLANS].contains(&file.source.as_str()) => {
            rule_intake::take(app, &file.source, &ready, now, true).await?
        }
        None => intake::accounting(app, &ready, now, true).await?,
    };
    if taken.is_some_and(|f| f.state == FileState::Accepted) {
        Ok(Text::new(format!("файл {name} принят"), format!("file {name} was taken in")))
    } else {
        let mut tx = app.db.begin().await?;
        tx.set_file_state(&file.hash, FileState::Dismissed).await?;
        tx.commit().await?;
        Ok(Text::new(
            format!("в файле {name} нечего принять: он отложен и больше не мешает"),
            format!("file {name} holds nothing to take in: it was put away"),
        ))
    }
}
