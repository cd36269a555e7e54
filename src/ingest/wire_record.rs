//! A CRM record on its way from the parsing child to its parent, without names of fields, for hundreds of thousands of
//! them may pass. Deliberately absent: everything else that passes (`wire`, `wire_sale`).

use std::{borrow::Cow, collections::BTreeMap};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::crm::{CrmId, CrmKind, CrmRecord};

/// A record, or the texts to make it of.
#[derive(Serialize, Deserialize)]
pub(super) struct WireRecord<'a> {
    #[serde(borrow)]
    source: Cow<'a, str>,
    kind: CrmKind,
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    title: Cow<'a, str>,
    #[serde(borrow)]
    full_name: Cow<'a, str>,
    #[serde(borrow)]
    inn: Cow<'a, str>,
    #[serde(borrow)]
    kpp: Cow<'a, str>,
    #[serde(borrow)]
    phone: Cow<'a, str>,
    #[serde(borrow)]
    email: Cow<'a, str>,
    #[serde(borrow)]
    city: Cow<'a, str>,
    #[serde(borrow)]
    responsible: Cow<'a, str>,
    #[serde(borrow)]
    external_id: Cow<'a, str>,
    #[serde(borrow)]
    company_id: Cow<'a, str>,
    #[serde(borrow)]
    company_name: Cow<'a, str>,
    won: bool,
    #[serde(with = "instant")]
    created_at: Option<DateTime<Utc>>,
    #[serde(with = "instant")]
    updated_at: Option<DateTime<Utc>>,
    #[serde(borrow)]
    fields: BTreeMap<Cow<'a, str>, Cow<'a, str>>,
}

/// An instant as seconds and nanoseconds.
mod instant {
    use chrono::{DateTime, Utc};
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    // serde hands the field over by reference.
    #[expect(clippy::ref_option, reason = "the signature is serde's")]
    pub(super) fn serialize<S: Serializer>(at: &Option<DateTime<Utc>>, to: S) -> Result<S::Ok, S::Error> {
        at.map(|at| (at.timestamp(), at.timestamp_subsec_nanos())).serialize(to)
    }

    pub(super) fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<Option<DateTime<Utc>>, D::Error> {
        let Some((seconds, nanos)) = Option::<(i64, u32)>::deserialize(from)? else { return Ok(None) };
        DateTime::from_timestamp(seconds, nanos).map(Some).ok_or_else(|| D::Error::custom("no instant"))
    }
}

impl<'a> WireRecord<'a> {
    /// A record to be written.
    pub fn of(record: &'a CrmRecord) -> Self {
        let text = |text: &'a String| Cow::Borrowed(text.as_str());
        Self {
            source: text(&record.id.source),
            kind: record.id.kind,
            id: text(&record.id.id),
            title: text(&record.title),
            full_name: text(&record.full_name),
            inn: text(&record.inn),
            kpp: text(&record.kpp),
            phone: text(&record.phone),
            email: text(&record.email),
            city: text(&record.city),
            responsible: text(&record.responsible),
            external_id: text(&record.external_id),
            company_id: text(&record.company_id),
            company_name: text(&record.company_name),
            won: record.won,
            created_at: record.created_at,
            updated_at: record.updated_at,
            fields: record.fields.iter().map(|(name, value)| (text(name), text(value))).collect(),
        }
    }

    /// The record that was read.
    pub fn into_record(self) -> CrmRecord {
        let fields = self.fields.into_iter().map(|(name, value)| (name.into_owned(), value.into_owned()));
        CrmRecord {
            id: CrmId { source: self.source.into_owned(), kind: self.kind, id: self.id.into_owned() },
            title: self.title.into_owned(),
            full_name: self.full_name.into_owned(),
            inn: self.inn.into_owned(),
            kpp: self.kpp.into_owned(),
            phone: self.phone.into_owned(),
            email: self.email.into_owned(),
            city: self.city.into_owned(),
            responsible: self.responsible.into_owned(),
            external_id: self.external_id.into_owned(),
            company_id: self.company_id.into_owned(),
            company_name: self.company_name.into_owned(),
            won: self.won,
            created_at: self.created_at,
            updated_at: self.updated_at,
            fields: fields.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_arrive_as_they_were_sent() {
        let id = CrmId { source: "crm".to_owned(), kind: CrmKind::Deal, id: "7".to_owned() };
        let bare = CrmRecord::new(id, "");
        let text = |text: &str| format!("{text} «\"\\\n»");
        let mut full = CrmRecord { won: true, created_at: DateTime::from_timestamp(1, 0), ..bare.clone() };
        full.updated_at = DateTime::from_timestamp(1_700_000_000, 5_000_000);
        let all = [
            &mut full.title,
            &mut full.full_name,
            &mut full.inn,
            &mut full.kpp,
            &mut full.phone,
            &mut full.email,
            &mut full.city,
            &mut full.responsible,
            &mut full.external_id,
            &mut full.company_id,
            &mut full.company_name,
        ];
        for (i, field) in all.into_iter().enumerate() {
            *field = text(&i.to_string());
        }
        full.fields = [("Отрасль".to_owned(), text("опт")), (text("VIP"), "1".to_owned())].into();
        for record in [bare, full] {
            let sent = postcard::to_stdvec(&WireRecord::of(&record)).expect("written");
            let read: WireRecord<'_> = postcard::from_bytes(&sent).expect("read");
            assert_eq!(read.into_record(), record);
        }
    }
}
