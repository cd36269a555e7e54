//! What rows of signatures mean: whom they are of, which version, which day, and what stands already. A file is taken whole
//! or not at all, so the caller records nothing while anything is refused. Deliberately absent: reading tables (`ingest`),
//! recording (`store`).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::{
    acknowledgement::Acknowledgement,
    finding::{Finding, Severity, SourceRef},
    org::{Employee, Resolved, Roster},
    policy::{Policy, PolicyVersion},
    text::Text,
    words::{both, date},
};

/// The text of a cell with its place; an empty place: typed by hand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// What stands there.
    pub text: String,
    /// Where.
    pub at: SourceRef,
}

/// One row of signatures.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedRow {
    /// Personnel number, or the name of one person.
    pub employee: Written,
    /// Version id; empty = the one the command names.
    pub version: Written,
    /// The day as written.
    pub day: Written,
    /// The day as read; `None` when it is empty or no date.
    pub on: Option<NaiveDate>,
}

/// What rows are judged against.
#[derive(Clone, Copy, Debug)]
pub struct Against<'a> {
    /// The people.
    pub roster: &'a Roster,
    /// The regulation.
    pub policy: &'a Policy,
    /// Acknowledgements that stand.
    pub standing: &'a [Acknowledgement],
    /// Those that stand for a former text of their version: they make room for one of the text as it is.
    pub former: &'a [Acknowledgement],
    /// The version of rows that name none.
    pub version: Option<&'a str>,
    /// Today in the business time zone: nobody has signed tomorrow.
    pub today: NaiveDate,
}

/// What comes of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// To be recorded, in the order of the rows.
    pub record: Vec<(Acknowledgement, SourceRef)>,
    /// Rows that say what stands already.
    pub known: usize,
    /// Rows of people who have not signed yet: no day.
    pub blank: usize,
    /// Rows that say nothing usable; while there is one, nothing is recorded.
    pub refused: Vec<Finding>,
}

/// Judges rows of signatures.
pub fn plan(rows: &[SignedRow], against: Against<'_>) -> Plan {
    let mut plan = Plan::default();
    for row in rows {
        if row.day.text.is_empty() {
            plan.blank += 1;
            continue;
        }
        match judge(row, against) {
            Err(finding) => plan.refused.push(*finding),
            Ok(signed) => {
                let same = |a: &&Acknowledgement| a.employee == signed.employee && a.version == signed.version;
                let written = plan.record.iter().map(|(a, _)| a);
                let former = against.former.iter().find(same);
                match against.standing.iter().chain(written).find(same) {
                    // The same sheet again is no signature under the new text.
                    None if former.is_some_and(|old| signed.on <= old.on) => {
                        plan.refused.push(*refuse(&row.day, "acknowledged_former_text", former_text(&signed)));
                    }
                    None => plan.record.push((signed, SourceRef { column: "".into(), ..row.employee.at.clone() })),
                    Some(old) if old.on == signed.on => plan.known += 1,
                    Some(old) => plan.refused.push(*refuse(&row.day, "acknowledgement_differs", differs(old, &signed))),
                }
            }
        }
    }
    plan
}

fn judge(row: &SignedRow, against: Against<'_>) -> Result<Acknowledgement, Box<Finding>> {
    let Some(on) = row.on else {
        let text = &row.day.text;
        let words = Text::new(
            format!("«{text}» — не дата; пишите 20.11.2026"),
            format!("“{text}” is not a date; write 2026-11-20"),
        );
        return Err(refuse(&row.day, "acknowledgement_date", words));
    };
    if on > against.today {
        let words = both(|lang| match lang {
            crate::domain::text::Lang::Ru => {
                format!("{} ещё не наступило: подпись ставят после ознакомления", date(on, lang))
            }
            crate::domain::text::Lang::En => {
                format!("{} is still ahead: one signs after having read", date(on, lang))
            }
        });
        return Err(refuse(&row.day, "acknowledgement_ahead", words));
    }
    let person = person(&row.employee, against.roster, on)?;
    let version = if row.version.text.is_empty() { against.version.unwrap_or_default() } else { &row.version.text };
    let at = if row.version.at.row > 0 { &row.version } else { &row.employee };
    let known = against.policy.versions.iter().map(|v| v.id.as_str());
    if version.is_empty() {
        let words = Text::new(
            "не сказано, с какой редакцией ознакомлен; впишите её или укажите --version",
            "it is not said which version was read; write it down or give --version",
        );
        return Err(refuse(at, "acknowledgement_version", words));
    }
    if !known.clone().any(|id| id == version) {
        let list = known.collect::<Vec<_>>().join(", ");
        let words = Text::new(
            format!("редакции «{version}» нет; есть: {list}"),
            format!("there is no version “{version}”; there are: {list}"),
        );
        return Err(refuse(at, "acknowledgement_version", words));
    }
    let content = against.policy.versions.iter().find(|v| v.id == version).map(PolicyVersion::content_hash);
    let (employee, version, content) = (person.id.clone(), version.to_owned(), content.unwrap_or_default());
    Ok(Acknowledgement { employee, version, on, content })
}

fn person<'a>(written: &Written, roster: &'a Roster, on: NaiveDate) -> Result<&'a Employee, Box<Finding>> {
    let text = written.text.trim();
    let refused = |words| Err(refuse(written, "acknowledgement_person", words));
    if text.is_empty() {
        return refused(Text::new("не сказано, кто подписал", "it is not said who signed"));
    }
    match roster.resolve(text, on) {
        Resolved::One(person) => Ok(person),
        Resolved::Ambiguous => refused(Text::new(
            format!("«{text}» — это несколько сотрудников; впишите табельный номер"),
            format!("“{text}” is several employees; write the personnel number"),
        )),
        Resolved::Nobody => {
            // A number cell loses the zeros in front; which person is meant stays for a person to say.
            let bare = |id: &str| id.trim_start_matches('0').to_owned();
            let near: Vec<&str> =
                roster.people.iter().map(|p| p.id.0.as_str()).filter(|id| bare(id) == bare(text)).collect();
            let (mut ru, mut en) = (
                format!("сотрудника «{text}» нет в списке людей"),
                format!("nobody is called “{text}” in the people file"),
            );
            if !near.is_empty() && !bare(text).is_empty() {
                let near = near.join(", ");
                ru.push_str(&format!("; возможно, {near}: нули впереди сохраняет только текстовая ячейка"));
                en.push_str(&format!("; perhaps {near}: only a text cell keeps zeros in front"));
            }
            refused(Text::new(ru, en))
        }
    }
}

fn differs(old: &Acknowledgement, new: &Acknowledgement) -> Text {
    both(|lang| {
        let (id, version, was, is) = (&old.employee.0, &old.version, date(old.on, lang), date(new.on, lang));
        match lang {
            crate::domain::text::Lang::Ru => format!(
                "ознакомление {id} с редакцией «{version}» уже записано на {was}, а здесь {is}; неверную запись сначала \
                 отмените"
            ),
            crate::domain::text::Lang::En => format!(
                "the acknowledgement of version “{version}” by {id} is recorded for {was} already, here it is {is}; undo \
                 the wrong one first"
            ),
        }
    })
}

fn former_text(new: &Acknowledgement) -> Text {
    both(|lang| {
        let (id, version, on) = (&new.employee.0, &new.version, date(new.on, lang));
        match lang {
            crate::domain::text::Lang::Ru => format!(
                "{on} {id} подписал прежний текст редакции «{version}», с тех пор она изменена; нужна подпись под новым текстом, \
                 с её днём"
            ),
            crate::domain::text::Lang::En => format!(
                "on {on} {id} signed a former text of version “{version}”, which was changed since; a signature under the new \
                 text is needed, with its own day"
            ),
        }
    })
}

fn refuse(written: &Written, code: &str, words: Text) -> Box<Finding> {
    let finding = Finding::new(Severity::Hold, code, words);
    Box::new(if written.at.file.is_empty() { finding } else { finding.at(written.at.clone()) })
}
