//! What a version of the regulation says, as a hash: a signature holds for what was signed, so both must be comparable after
//! years. Written out field by field, one fact a line, and not by `Debug` or a serialiser: a new release must not change the
//! hash of an old regulation, or nobody's signature would count. A field that is added later is written only where the file
//! uses it. Deliberately absent: comments and order of keys in the file, the version's id (the register names it) and title,
//! both of which oblige nobody.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::{
    Band, BonusBase, BonusTerms, ContestBy, ExemptClass, PolicyVersion, Premium, Profile, Rule, RuleKind, Scope,
    Segment, Tier, Tiers, Turnover, TurnoverTake,
};
use crate::domain::dispute::{DisputeTerms, Ruling};

impl PolicyVersion {
    /// SHA-256 of what the version says, in hexadecimal.
    pub fn content_hash(&self) -> String {
        let mut text = Lines(String::new());
        text.version(self);
        Sha256::digest(text.0.as_bytes()).iter().fold(String::with_capacity(64), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }
}

/// The lines that are hashed: `key`, then every value with its length before it, so that no text can pass for another.
struct Lines(String);

impl Lines {
    fn put(&mut self, key: &str, values: &[&str]) {
        self.0.push_str(key);
        for value in values {
            let _ = write!(self.0, " {}:{value}", value.len());
        }
        self.0.push('\n');
    }

    fn sorted<'a>(&mut self, key: &str, values: impl IntoIterator<Item = &'a String>) {
        let mut values: Vec<&str> = values.into_iter().map(String::as_str).collect();
        values.sort_unstable();
        if !values.is_empty() {
            self.put(key, &values);
        }
    }

    fn version(&mut self, version: &PolicyVersion) {
        let PolicyVersion {
            id: _,
            title: _,
            effective_from,
            grace_working_days,
            bonus,
            exempt,
            segments,
            profiles,
            rules,
            disputes,
        } = version;
        self.put("from", &[&effective_from.to_string()]);
        self.put("grace", &[&grace_working_days.to_string()]);
        self.bonus(bonus);
        for class in exempt {
            let ExemptClass { name, names, inns, codes } = class;
            self.put("exempt", &[name]);
            self.sorted("names", names);
            self.sorted("inns", inns);
            self.sorted("codes", codes);
        }
        for segment in segments {
            self.segment(segment);
        }
        for Profile { segment, fields } in profiles {
            self.put("profile", &[segment]);
            for field in fields {
                self.put("field", &[&field.field, &field.weight.to_string()]);
            }
        }
        for rule in rules {
            self.rule(rule);
        }
        let DisputeTerms { deadline_working_days, by_default } = disputes;
        let silence = match by_default {
            Ruling::Withdraw => "withdraw",
            Ruling::Uphold => "uphold",
        };
        self.put("disputes", &[&deadline_working_days.to_string(), silence]);
    }

    fn bonus(&mut self, bonus: &BonusTerms) {
        let BonusTerms { base, rate, department_rates, tiers, plan_base } = bonus;
        self.put("bonus", &[base_word(*base), &rate.bp().to_string()]);
        for (department, rate) in department_rates {
            self.put("department", &[department, &rate.bp().to_string()]);
        }
        for Tiers { department, steps } in tiers {
            self.put("tiers", &[department.as_deref().unwrap_or_default()]);
            for Tier { from, rate } in steps {
                self.put("step", &[&from.bp().to_string(), &rate.bp().to_string()]);
            }
        }
        if !tiers.is_empty() {
            self.put("plan", &[base_word(*plan_base)]);
        }
    }

    fn segment(&mut self, segment: &Segment) {
        let Segment { name, members, crm_flag, turnover, new_months } = segment;
        self.put("segment", &[name]);
        self.sorted("members", members);
        if let Some((column, value)) = crm_flag {
            self.put("flag", &[column, value]);
        }
        if let Some(Turnover { months, take }) = turnover {
            let (how, much) = match take {
                TurnoverTake::Top(count) => ("top", count.to_string()),
                TurnoverTake::AtLeast(amount) => ("at_least", amount.kopecks().to_string()),
            };
            self.put("turnover", &[&months.to_string(), how, &much]);
        }
        if let Some(months) = new_months {
            self.put("new", &[&months.to_string()]);
        }
    }

    fn rule(&mut self, rule: &Rule) {
        let Rule { id, shadow, requires_acknowledgement, scope, kind } = rule;
        let word = |yes: &bool| if *yes { "yes" } else { "no" };
        self.put("rule", &[id, kind.code(), word(shadow), word(requires_acknowledgement)]);
        let Scope { departments, groups, hired_from, segments, min_amount } = scope;
        self.sorted("departments", departments);
        self.sorted("groups", groups);
        self.sorted("segments", segments);
        if let Some(day) = hired_from {
            self.put("hired_from", &[&day.to_string()]);
        }
        if let Some(amount) = min_amount {
            self.put("min_amount", &[&amount.kopecks().to_string()]);
        }
        match kind {
            RuleKind::MissingCounterparty { missing, late, exclude_from_kpi } => {
                self.put("shares", &[&missing.bp().to_string(), &late.bp().to_string(), word(exclude_from_kpi)]);
            }
            RuleKind::Completeness { bands } => self.bands(bands),
            RuleKind::Freshness { fresh_days, bands } => {
                self.put("days", &[&fresh_days.to_string()]);
                self.bands(bands);
            }
            RuleKind::DealApproval { escalate_working_days } => self.put("days", &[&escalate_working_days.to_string()]),
            RuleKind::CallRecording { min_seconds, match_minutes, per_recorded, bands } => {
                let each = per_recorded.kopecks().to_string();
                self.put("calls", &[&min_seconds.to_string(), &match_minutes.to_string(), &each]);
                self.bands(bands);
            }
            RuleKind::Contest { by, prizes } => {
                let by = match by {
                    ContestBy::CardScore => "card_score",
                    ContestBy::Streak => "streak",
                    ContestBy::Votes => "votes",
                };
                self.put("by", &[by]);
                for prize in prizes {
                    self.put("prize", &[&prize.kopecks().to_string()]);
                }
            }
            RuleKind::Cap { cap } => self.put("cap", &[&cap.bp().to_string()]),
        }
    }

    fn bands(&mut self, bands: &[Band]) {
        for Band { from, to, premium } in bands {
            let (how, much) = match premium {
                Premium::Fixed(amount) => ("sum", amount.kopecks().to_string()),
                Premium::ShareOfBonus(share) => ("share", share.bp().to_string()),
            };
            self.put("band", &[&from.bp().to_string(), &to.bp().to_string(), how, &much]);
        }
    }
}

const fn base_word(base: BonusBase) -> &'static str {
    match base {
        BonusBase::WithVat => "with_vat",
        BonusBase::WithoutVat => "without_vat",
        BonusBase::Margin => "margin",
        BonusBase::Column => "column",
    }
}
