//! The pictures of a mail and how templates find them: by name in `pictures`, each with its Content-ID and size. A mail is
//! complete without them, so a picture that cannot be drawn is left out. Deliberately absent: drawing (`trend_picture`).

use std::collections::BTreeMap;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::domain::{report::AuditReport, text::Lang};

use super::{message, raster, trend_picture};

/// Managers beyond these have no line: no list in a mail is longer.
const MOST: usize = 40;

/// A picture inside a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inline {
    /// Content-ID without brackets.
    pub id: String,
    /// PNG.
    pub bytes: Vec<u8>,
}

/// Pictures of one mail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pictures {
    /// Each once, by its content: alike lines are one picture.
    pub list: BTreeMap<String, Inline>,
    /// What templates see.
    shown: Value,
}

impl Pictures {
    /// None.
    pub fn none() -> Self {
        Self { list: BTreeMap::new(), shown: json!({ "team": null, "managers": [] }) }
    }

    /// What templates see: `team` and, in the order of the managers, `managers`; null where there is no picture.
    pub fn context(&self) -> Value {
        self.shown.clone()
    }

    /// The charts of an audit.
    pub fn of_audit(report: &AuditReport, lang: Lang, key: &str) -> Self {
        let mut all = Self::none();
        if report.weeks.len() > 1 {
            let size = trend_picture::weeks_size(report.weeks.len());
            all.shown["team"] = all.add(&trend_picture::weeks(&report.weeks, lang), size, key);
        }
        let mut lines = Vec::new();
        for (at, manager) in report.managers.iter().enumerate() {
            let moved = manager.trend.iter().any(|share| Some(share) != manager.trend.first());
            lines.push(if moved && at < MOST {
                all.add(&trend_picture::spark(&manager.trend), trend_picture::SPARK, key)
            } else {
                Value::Null
            });
        }
        all.shown["managers"] = Value::Array(lines);
        all
    }

    fn add(&mut self, svg: &str, (width, height): (u32, u32), key: &str) -> Value {
        let bytes = match raster::png(svg) {
            Ok(bytes) => bytes,
            Err(error) => {
                tracing::warn!("a chart could not be drawn, the mail goes without it: {error}");
                return Value::Null;
            }
        };
        let name = message::hex(&Sha256::digest(&bytes), 6);
        // Letters and digits only, whatever the key and the domain are: it stands in a header and in a link.
        let id = format!("{name}.{}@sverka", message::hex(&Sha256::digest(key), 6));
        let shown = json!({ "id": id, "width": width, "height": height });
        self.list.insert(name, Inline { id, bytes });
        shown
    }
}
