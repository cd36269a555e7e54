//! Which segment a counterparty belongs to: the first that names it by hand, by a flag of its CRM record, by its turnover or
//! as a new client. Deliberately absent: adding turnovers up (`turnover`).

use super::{
    super::{crm::CrmRecord, org::name_key, period::Period, policy::PolicyVersion},
    exempt::Handles,
    turnover::Turnovers,
};

/// Segment of everybody whom no other segment names.
pub(crate) const ALL: &str = "all";

/// First matching segment of the version. `records` are the records that are surely this counterparty, as they stood
/// at the close for closed periods (so a flag set later does not move a closed period) and as they stand for open ones.
pub(super) fn of<'a>(
    version: &'a PolicyVersion,
    (party, handles): (usize, &Handles),
    records: &[&CrmRecord],
    turnovers: &Turnovers<'_>,
    period: Period,
) -> &'a str {
    version
        .segments
        .iter()
        .find(|segment| {
            segment.members.iter().any(|m| handles.has_code(m) || handles.has_inn(m) || handles.has_name(m))
                || segment
                    .crm_flag
                    .as_ref()
                    .is_some_and(|(column, value)| records.iter().any(|record| flagged(record, column, value)))
                || segment.turnover.is_some_and(|rule| turnovers.takes(version, &rule, party, period))
                || segment.new_months.is_some_and(|months| turnovers.is_new(months, party, period))
        })
        .map_or(ALL, |segment| segment.name.as_str())
}

/// A column of the record by its header, without regard to case and punctuation.
pub(super) fn column<'a>(record: &'a CrmRecord, header: &str) -> Option<&'a str> {
    if let Some(value) = record.fields.get(header) {
        return Some(value);
    }
    let key = name_key(header);
    record.fields.iter().find(|(name, _)| name_key(name) == key).map(|(_, value)| value.as_str())
}

fn flagged(record: &CrmRecord, header: &str, value: &str) -> bool {
    column(record, header).is_some_and(|held| held.trim().to_lowercase() == value.trim().to_lowercase())
}
