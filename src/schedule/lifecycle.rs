//! The daemon's life: one instance, woken every few seconds, told to stop by a signal, finished with what it began.
//! Deliberately absent: what a tick does, and any retry of a failed tick other than the next one.

use std::{sync::Arc, time::Duration};

use tokio::sync::Mutex;
use tokio_cron_scheduler::{Job as Alarm, JobScheduler};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    error::{Error, Result},
    ingest::Spool,
    pipeline::App,
    web::{self, Pulse},
};

/// How often the loop is woken.
const WAKE: &str = "*/2 * * * * *";
/// What is running gets this long to finish after a signal.
const DRAIN: Duration = Duration::from_mins(1);

/// Runs until SIGTERM or SIGINT (a second one aborts).
pub async fn run(app: App) -> Result<()> {
    let stop = CancellationToken::new();
    let tasks = TaskTracker::new();
    let pulse = Arc::new(Pulse::default());
    if let Some(address) = app.config.web.listen {
        let listener = tokio::net::TcpListener::bind(address)
            .await
            .map_err(|e| Error::bug(&format!("listen on {address}"), e))?;
        tasks.spawn(web::serve(listener, app.clone(), pulse.clone(), stop.clone()));
    }
    let mut alarm = alarm(&app, &tasks, &stop, &pulse).await?;
    let _ = sd_notify::notify(&[sd_notify::NotifyState::Ready]);
    tracing::info!("sverka is running");

    wait_for_signal().await;
    tracing::info!("stopping: finishing what is running");
    let _ = sd_notify::notify(&[sd_notify::NotifyState::Stopping]);
    stop.cancel();
    let _ = alarm.shutdown().await;
    tasks.close();
    tokio::select! {
        () = tasks.wait() => tracing::info!("stopped"),
        () = tokio::time::sleep(DRAIN) => tracing::warn!("stopped with work unfinished: it will be taken up at the next start"),
        () = wait_for_signal() => tracing::warn!("second signal: stopped at once"),
    }
    app.db.close().await;
    Ok(())
}

/// The alarm clock: never two ticks at once, nothing lost at stop.
async fn alarm(app: &App, tasks: &TaskTracker, stop: &CancellationToken, pulse: &Arc<Pulse>) -> Result<JobScheduler> {
    let failed = |e: tokio_cron_scheduler::JobSchedulerError| Error::bug("start the timer", e);
    let busy = Arc::new(Mutex::new(Spool::new(app.spool_settings())));
    let holder = uuid::Uuid::now_v7().to_string();
    let (app, tasks, stop, pulse) = (app.clone(), tasks.clone(), stop.clone(), pulse.clone());
    let alarm = JobScheduler::new().await.map_err(failed)?;
    let wake = Alarm::new_async(WAKE, move |_, _| {
        let (app, tasks, busy, stop) = (app.clone(), tasks.clone(), busy.clone(), stop.clone());
        let (holder, pulse) = (holder.clone(), pulse.clone());
        Box::pin(async move {
            if stop.is_cancelled() {
                return;
            }
            let Ok(mut spool) = busy.try_lock_owned() else { return };
            tasks.spawn(async move {
                match super::tick(&app, &mut spool, &holder).await {
                    Ok(_) => {
                        pulse.beat(app.clock.now());
                        let _ = sd_notify::notify(&[sd_notify::NotifyState::Watchdog]);
                    }
                    // The next tick takes up whatever this one left: rows and files are still there.
                    Err(error) => {
                        pulse.failed();
                        tracing::error!("a tick failed: {}", error.message.en);
                    }
                }
            });
        })
    })
    .map_err(failed)?;
    alarm.add(wake).await.map_err(failed)?;
    alarm.start().await.map_err(failed)?;
    Ok(alarm)
}

async fn wait_for_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
        Err(_) => {
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}
