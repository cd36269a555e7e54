//! Models of what people read: values arranged for one reader, not markup. Every instant is already in the business
//! time zone and every sum already added up, so that the text part, the HTML part and the workbook of a mail cannot
//! disagree. Deliberately absent: words of the mails (`templates/`), formatting (`deliver::filters`), the clock.

pub mod alert;
mod alert_cost;
pub mod audit;
pub mod audit_deals;
mod audit_parts;
pub mod audit_rows;
pub mod audit_rules;
mod audit_seen;
pub mod beside;
pub mod bounced;
pub mod company;
pub mod contested;
pub mod escalation;
pub mod frame;
pub mod held;
pub mod import_card;
pub mod pilot;
pub mod statement;
mod statement_parts;
pub mod personal;
pub mod undelivered;
pub mod weekly;

/// Part of what a statement is made of.
pub use super::adjust::PeriodBonus;
pub use alert::{AlertKind, AlertReport, AlertedItem};
pub use audit::{AuditFigures, AuditReport};
pub use beside::SaleVersion;
pub use bounced::BouncedReport;
pub use company::CompanyReport;
pub use contested::ContestedReport;
pub use escalation::EscalationReport;
pub use frame::{Frame, ReportContext};
pub use held::HeldReport;
pub use import_card::{ImportCard, ImportFormat};
pub use personal::PersonalReport;
pub use pilot::PilotReport;
pub use statement::{StatementFigures, StatementInput, StatementReport};
pub use undelivered::UndeliveredReport;
pub use weekly::WeeklyReport;

use serde::{Deserialize, Serialize};

use super::{
    finding::Finding,
    ledger::{self, NewEntry},
    money::Money,
    org::{EmployeeId, Roster},
    sale::Sale,
    text::Text,
};

/// How many sales and how much money, returns counted in the money but not in the number: a return takes money back,
/// it is no sale of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Sales, without returns.
    pub count: u32,
    /// Net sum with VAT, kopecks; returns lower it.
    pub amount: Money,
}

impl Tally {
    /// Counts one document in.
    pub fn add(&mut self, amount: Money) {
        if !amount.is_negative() {
            self.count += 1;
        }
        self.amount += amount;
    }

    /// Whether nothing at all was counted in.
    pub const fn is_empty(self) -> bool {
        self.count == 0 && self.amount.is_zero()
    }
}

/// A document as people name it: «№ 0000-000123 от 05.11.2026».
pub fn document(sale: &Sale) -> Text {
    let (ru, en) = (sale.date.format("%d.%m.%Y"), sale.date.format("%-d %b %Y"));
    Text::new(format!("№ {} от {ru}", sale.number), format!("No. {} of {en}", sale.number))
}

/// The document of an entry; empty for rules over a period, whose entries come from no row: a reader is told the period
/// in words instead.
pub(super) fn subject(entry: &NewEntry) -> Text {
    if entry.key.subject == ledger::SUBJECT_PERIOD { Text::default() } else { entry.evidence.document.clone() }
}

/// Name of a person, or the bare personnel number of somebody who is not in the people file.
pub fn name_of(roster: &Roster, id: &EmployeeId) -> String {
    roster.get(id).map_or_else(|| id.0.clone(), |person| person.name.clone())
}

/// A finding arranged for reading: place and sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FindingLine {
    /// `note`, `warn`, `hold`.
    pub severity: String,
    /// `Продажи.xlsx, лист «TDSheet», F217`; empty when it has no place.
    pub place: Text,
    /// What is wrong and what to do.
    pub message: Text,
}

impl FindingLine {
    /// The finding for reading.
    pub fn of(finding: &Finding) -> Self {
        Self {
            severity: format!("{:?}", finding.severity).to_lowercase(),
            place: finding.source.as_ref().map(super::finding::SourceRef::describe).unwrap_or_default(),
            message: finding.message.clone(),
        }
    }
}
