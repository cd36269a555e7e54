//! What people were told before a run, and who has had his mail of the day. Deliberately absent: deciding what to tell
//! (`domain::report`).

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{App, reconcile::Request};
use crate::{
    domain::{
        org::EmployeeId,
        report::{AlertKind, AlertedItem, escalation::TalkedOf},
        run::Job,
        sale::SaleKey,
    },
    error::Result,
    store::{self, Tx},
};

/// Kind under which it is remembered that a head was told of a sale.
pub const ESCALATED: &str = "escalated";

/// What people were told.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// What managers were told.
    pub alerted: Vec<AlertedItem>,
    /// Passed deadlines that managers were told of, with the time.
    pub due: Vec<TalkedOf>,
    /// Sales that a head was told of.
    pub escalated: BTreeSet<(EmployeeId, SaleKey)>,
    /// Managers whose alert of the day is frozen already.
    pub today: BTreeSet<EmployeeId>,
    /// Heads whose mail of the day about what is not entered is frozen already.
    pub heads_today: BTreeSet<EmployeeId>,
}

impl Told {
    /// Everything told before a run.
    pub async fn of(app: &App, tx: &mut Tx, request: &Request, alerted: Vec<store::AlertedItem>) -> Result<Self> {
        let mut told = Self::default();
        for item in alerted {
            let store::AlertedItem { employee, sale, kind, at } = item;
            match AlertKind::parse(&kind) {
                Some(kind) => {
                    if kind == AlertKind::Due {
                        told.due.push(TalkedOf { employee: employee.clone(), sale: sale.clone(), at });
                    }
                    told.alerted.push(AlertedItem { employee, sale, kind });
                }
                None if kind == ESCALATED => {
                    told.escalated.insert((employee, sale));
                }
                None => {}
            }
        }
        if request.job == Job::Alerts {
            let day = request.as_of.with_timezone(&app.config.company.tz).date_naive();
            for person in &app.config.roster.people {
                if tx.outbox_mail(&format!("alert.{day}.{}", person.id.0)).await?.is_some() {
                    told.today.insert(person.id.clone());
                }
                if tx.outbox_mail(&format!("escalation.{day}.{}", person.id.0)).await?.is_some() {
                    told.heads_today.insert(person.id.clone());
                }
            }
        }
        Ok(told)
    }
}

/// What managers and heads are told by a run, as it is remembered.
pub fn remembered(
    alerted: &[AlertedItem],
    escalated: &[(EmployeeId, SaleKey)],
    at: DateTime<Utc>,
) -> Vec<store::AlertedItem> {
    let item = |employee: &EmployeeId, sale: &SaleKey, kind: &str| store::AlertedItem {
        employee: employee.clone(),
        sale: sale.clone(),
        kind: kind.to_owned(),
        at,
    };
    let told = alerted.iter().map(|i| item(&i.employee, &i.sale, i.kind.code()));
    told.chain(escalated.iter().map(|(employee, sale)| item(employee, sale, ESCALATED))).collect()
}
