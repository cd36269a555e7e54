//! Who has acknowledged which version of the regulation, and when. Deliberately absent: how it was recorded (`store`), what
//! depends on it (`adjust`).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::org::EmployeeId;

/// One acknowledgement: from this day on the version's rules that ask for it post money for the employee.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Acknowledgement {
    /// Who.
    pub employee: EmployeeId,
    /// Version id of the policy.
    pub version: String,
    /// Day of the signature, in business time.
    pub on: NaiveDate,
    /// What the version said when it was signed (`PolicyVersion::content_hash`); empty: not remembered.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub content: String,
}
