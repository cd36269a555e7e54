//! What reports and the gate are told from the configuration. Deliberately absent: facts.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::App;
use crate::{
    config::{self, Config, CrmPreset},
    deliver::Sender,
    domain::{
        due,
        facts::end_of_day,
        gate,
        period::Period,
        report::{ImportFormat, ReportContext},
        run::Job,
    },
};

/// Occurrences among which the next one that is meant is looked for.
const MONTH: usize = 62;

/// The frame of every report of a run.
pub fn report_context(app: &App, job: Option<Job>, as_of: DateTime<Utc>, now: DateTime<Utc>) -> ReportContext {
    let config = &app.config;
    let tz = config.company.tz;
    let next = |job: Job| {
        let cron: croner::Cron = config.schedule.cron(job).parse().ok()?;
        let after = |at: &DateTime<Utc>| due::next_after(&cron, tz, *at);
        // Of the days on which the monthly pages may leave one a month is meant.
        let mut coming = std::iter::successors(after(&now), after).take(MONTH);
        coming.find(|at| due::is_meant(job, &cron, tz, &config.calendar, *at))
    };
    ReportContext {
        company: config.company.name.clone(),
        as_of,
        now,
        late: None,
        by_hand: false,
        week_of: None,
        merged_dues: Vec::new(),
        next_at: job.and_then(next),
        tz,
        crm_link: config.mail.crm_link.clone().unwrap_or_default(),
        import: import_format(config),
        public_url: config.web.public_url.clone().unwrap_or_default(),
        ledger_head: String::new(),
        input_hash: String::new(),
        currency: config.company.currency.clone(),
        stale_after: TimeDelta::hours(i64::from(config.gate.warn.crm_age_hours)),
        closes: closes(config, as_of),
    }
}

/// When the periods around the instant are due to be closed.
fn closes(config: &config::Config, as_of: DateTime<Utc>) -> BTreeMap<Period, DateTime<Utc>> {
    let tz = config.company.tz;
    let Ok(cron) = config.schedule.cron(Job::Close).parse::<croner::Cron>() else { return BTreeMap::new() };
    let this = Period::of(as_of.with_timezone(&tz).date_naive());
    [this.prev(), this, this.next()]
        .into_iter()
        .filter_map(|p| Some((p, due::next_after(&cron, tz, end_of_day(tz, p.last_day()))?)))
        .collect()
}

/// Levels of the gate.
pub fn gate_settings(gate: &config::Gate) -> gate::GateSettings {
    let levels = |l: &config::GateLevels| gate::Levels {
        crm_age_hours: l.crm_age_hours,
        accounting_age_hours: l.accounting_age_hours,
        crm_shrink_bp: l.crm_shrink_bp,
        unknown_manager_bp: l.unknown_manager_bp,
        reductions_bp: l.reductions_bp,
        outside_period_bp: Some(l.outside_period_bp),
        vanished_bp: l.vanished_bp,
    };
    gate::GateSettings { warn: levels(&gate.warn), hold: levels(&gate.hold) }
}

/// Who mails come from.
pub fn sender(app: &App) -> Sender {
    let mail = &app.config.mail;
    Sender {
        address: mail.from.clone(),
        name: mail.from_name.clone(),
        reply_to: mail.reply_to.clone().unwrap_or_default(),
        templates: app.templates.clone(),
    }
}

/// The import of the first CRM that has a known one.
fn import_format(config: &Config) -> ImportFormat {
    let known = config.crm.iter().find_map(|crm| match crm.preset {
        CrmPreset::Bitrix24 => Some(ImportFormat::Bitrix24),
        CrmPreset::Amocrm => Some(ImportFormat::Amocrm),
        CrmPreset::Auto | CrmPreset::QuickSales | CrmPreset::SalesExpert | CrmPreset::Plain => None,
    });
    known.unwrap_or_default()
}
