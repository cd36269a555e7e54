//! Contested lines: opening one (with the check of the record that is named), deciding it, taking a decision back.
//! Deliberately absent: posting (the next run's difference does it), reading mails (`replies`), the command line.

use chrono::{DateTime, Utc};

use super::App;
use crate::{
    domain::{
        crm::CrmId,
        dispute::{self, Case, Claim, Dispute, DisputeEvent, EventKind, Refusal, Ruling, State},
        ledger::{LedgerEntry, SUBJECT_PERIOD},
        line_code::{LineCode, NoCode},
        matching,
        money::Rate,
        org::{Employee, EmployeeId, Resolved},
        text::Text,
        verdict::Verdict,
        words::{instant, percent},
    },
    error::{Error, Result},
    store::{self, LedgerFilter, StoreError},
};

/// Open disputes of one person: beyond that more would only bury the head who has to answer.
const MOST_OPEN: usize = 200;

/// What somebody contests.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Code of the line, as typed.
    pub code: String,
    /// What is claimed.
    pub claim: Claim,
    /// The CRM record, as typed: `123` or `crm:company:123`.
    pub crm_id: Option<String>,
    /// Who: name or personnel number.
    pub by: String,
    /// In his words.
    pub note: String,
    /// `cli`, or the hash of the mail.
    pub source: String,
}

/// The person of a name, an alias or a personnel number.
pub fn person<'a>(app: &'a App, name: &str) -> Result<&'a Employee> {
    let today = app.clock.now().with_timezone(&app.config.company.tz).date_naive();
    match app.config.roster.resolve(name, today) {
        Resolved::One(person) => Ok(person),
        Resolved::Nobody => Err(Error::input(Text::new(
            format!("в списке сотрудников нет «{name}»"),
            format!("“{name}” is not among the people"),
        ))
        .hint(Text::new(
            "укажите табельный номер или имя из списка сотрудников",
            "give a personnel number or a name of the people file",
        ))),
        Resolved::Ambiguous => Err(Error::input(Text::new(
            format!("имя «{name}» носят двое: укажите табельный номер"),
            format!("two people are called “{name}”: give the personnel number"),
        ))),
    }
}

/// The entry of a code as typed.
pub async fn entry_of(app: &App, code: &str) -> Result<(LineCode, LedgerEntry)> {
    let parsed = LineCode::parse(code).map_err(|why| match why {
        NoCode::Form => Error::input(Text::new(
            format!("«{code}» — не код строки: он выглядит как 0001-7Q"),
            format!("“{code}” is no line code: one looks like 0001-7Q"),
        )),
        NoCode::Check => Error::input(Text::new(
            format!("в коде «{code}» опечатка: контрольный знак не сходится"),
            format!("the code “{code}” is mistyped: its check sign does not fit"),
        )),
    });
    let parsed = parsed.map_err(|e| {
        e.hint(Text::new(
            "код стоит в ведомости рядом со строкой и в sverka ledger list",
            "the code stands beside the line in the statement and in sverka ledger list",
        ))
    })?;
    let mut tx = app.db.begin().await?;
    let filter = LedgerFilter { after_seq: parsed.seq - 1, ..LedgerFilter::default() };
    let entry = tx.ledger_entries(&filter).await?.into_iter().next().filter(|entry| parsed.fits(entry));
    tx.commit().await?;
    let entry = entry.ok_or_else(|| {
        Error::input(Text::new(
            format!("строки с кодом {parsed} в реестре нет"),
            format!("no line has the code {parsed}"),
        ))
    })?;
    Ok((parsed, entry))
}

/// Opens a dispute and compares the record that was named. A line has one open dispute at a time.
pub async fn open(app: &App, asked: &Asked) -> Result<Case> {
    let now = app.clock.now();
    let today = now.with_timezone(&app.config.company.tz).date_naive();
    let roster = &app.config.roster;
    let person = person(app, &asked.by)?;
    let (code, entry) = entry_of(app, &asked.code).await?;
    let owner = &entry.entry.key.employee;
    dispute::may_open(person, owner, roster).map_err(|why| refused(why, person))?;
    let terms = app.config.policy.as_of(today).map(|v| v.disputes).unwrap_or_default();
    let due = app.config.calendar.working_day_after(today, terms.deadline_working_days).ok_or_else(|| {
        Error::input(Text::new(
            "срок ответа не посчитать: нет производственного календаря на следующий год",
            "the day to answer cannot be counted: there is no calendar for the next year",
        ))
    })?;
    let opened = Dispute {
        id: store::new_id(now),
        code: code.to_string(),
        entry: entry.id.clone(),
        key: entry.entry.key.clone(),
        claim: asked.claim,
        crm_id: asked.crm_id.clone().filter(|id| !id.trim().is_empty()),
        by: person.id.clone(),
        note: asked.note.trim().to_owned(),
        opened_at: now,
        due,
        by_default: terms.by_default,
        source: asked.source.clone(),
    };
    let found = check(app, &opened, now).await?;
    let mut tx = app.db.begin().await?;
    let cases = tx.disputes().await?;
    let is_open = |case: &&Case| matches!(case.state(today), State::Open { .. });
    if let Some(other) = cases.iter().filter(is_open).find(|case| case.dispute.key == opened.key) {
        return Err(already(&other.dispute));
    }
    if cases.iter().filter(is_open).filter(|case| case.dispute.by == person.id).count() >= MOST_OPEN {
        return Err(Error::input(Text::new(
            format!("у сотрудника уже {MOST_OPEN} открытых оспариваний: дождитесь ответов"),
            format!("the person has {MOST_OPEN} open disputes already: wait for the answers"),
        )));
    }
    tx.open_dispute(&opened).await.map_err(|e| match e {
        StoreError::Duplicate(_) => already(&opened),
        other => other.into(),
    })?;
    let mut case = Case { dispute: opened, events: Vec::new() };
    if let Some(note) = found {
        let event = event(&case, EventKind::Checked, now, String::new(), note);
        tx.add_dispute_event(&event, 0).await?;
        case.events.push(event);
    }
    tx.commit().await?;
    Ok(case)
}

/// Decides a dispute: a head, never the owner of the line.
pub async fn decide(app: &App, id: &str, ruling: Ruling, by: &str, why: &str) -> Result<Case> {
    let kind = match ruling {
        Ruling::Uphold => EventKind::Uphold,
        Ruling::Withdraw => EventKind::Withdraw,
    };
    append(app, id, kind, by, why).await
}

/// Takes the last decision back: the dispute is open again, with a new day to answer.
pub async fn undo(app: &App, id: &str, by: &str, why: &str) -> Result<Case> {
    append(app, id, EventKind::Undone, by, why).await
}

async fn append(app: &App, id: &str, kind: EventKind, by: &str, why: &str) -> Result<Case> {
    let now = app.clock.now();
    let today = now.with_timezone(&app.config.company.tz).date_naive();
    let person = person(app, by)?;
    let mut tx = app.db.begin().await?;
    let mut case = one(tx.disputes().await?, id)?;
    dispute::may_decide(person, &case.dispute, &app.config.roster).map_err(|why| refused(why, person))?;
    let state = case.state(today);
    match (&state, kind) {
        (State::Decided { ruling, .. }, EventKind::Uphold | EventKind::Withdraw) => {
            let (code, ended) = (&case.dispute.code, ruling.text());
            return Err(Error::input(Text::new(
                format!("оспаривание строки {code} уже решено: {}", ended.ru),
                format!("the dispute of line {code} is decided already: {}", ended.en),
            ))
            .hint(Text::new("вернуть на рассмотрение: sverka dispute undo", "open it again: sverka dispute undo")));
        }
        (State::Open { .. }, EventKind::Undone) => {
            let code = &case.dispute.code;
            return Err(Error::input(Text::new(
                format!("оспаривание строки {code} ещё не решено, отменять нечего"),
                format!("the dispute of line {code} is not decided yet, there is nothing to undo"),
            )));
        }
        _ => {}
    }
    let mut next = event(&case, kind, now, person.name.clone(), Text::same(why.trim()));
    if kind == EventKind::Undone {
        let terms = app.config.policy.as_of(today).map(|v| v.disputes).unwrap_or_default();
        next.due = app.config.calendar.working_day_after(today, terms.deadline_working_days);
    }
    tx.add_dispute_event(&next, case.events.len()).await?;
    tx.commit().await?;
    case.events.push(next);
    Ok(case)
}

fn event(case: &Case, kind: EventKind, now: DateTime<Utc>, author: String, note: Text) -> DisputeEvent {
    let dispute = case.dispute.id.clone();
    DisputeEvent { id: store::new_id(now), dispute, kind, at: now, author, note, due: None }
}

/// The case of an id, of its beginning, or of a line's code (the newest one).
fn one(cases: Vec<Case>, id: &str) -> Result<Case> {
    let code = LineCode::parse(id).map(|code| code.to_string()).ok();
    let mut found: Vec<Case> = cases
        .into_iter()
        .filter(|case| code.as_ref() == Some(&case.dispute.code) || (id.len() >= 8 && case.dispute.id.starts_with(id)))
        .collect();
    if code.is_none() && found.len() > 1 {
        return Err(StoreError::Ambiguous(id.to_owned()).into());
    }
    found.pop().ok_or_else(|| {
        Error::input(Text::new(format!("оспаривания «{id}» нет"), format!("there is no dispute “{id}”")))
            .hint(Text::new("все оспаривания: sverka dispute list", "all disputes: sverka dispute list"))
    })
}

fn already(other: &Dispute) -> Error {
    let code = &other.code;
    Error::input(Text::new(
        format!("строка {code} уже оспорена, ответ до {}", other.due.format("%d.%m.%Y")),
        format!("line {code} is contested already, to be answered by {}", other.due),
    ))
}

fn refused(why: Refusal, person: &Employee) -> Error {
    let name = &person.name;
    Error::input(match why {
        Refusal::NotYours => Text::new(
            format!("{name} оспаривает только свои строки; за сотрудника это делает его руководитель"),
            format!("{name} contests only lines of his own; a head does it for the people of the department"),
        ),
        Refusal::NoHead => Text::new(
            format!("решает руководитель сотрудника, а {name} им не является"),
            format!("the employee's head decides, and {name} is not his head"),
        ),
        Refusal::Own => Text::new(
            format!("{name} не решает о собственной строке"),
            format!("{name} does not decide about a line of his own"),
        ),
    })
}

/// What the matcher says of the record that was named; `None` when none was.
async fn check(app: &App, asked: &Dispute, now: DateTime<Utc>) -> Result<Option<Text>> {
    let Some(named) = asked.crm_id.as_deref().map(str::trim) else { return Ok(None) };
    let view = super::view(app, now).await?;
    let facts = &view.loaded.facts;
    let same = |id: &CrmId| id.id == named || id.to_string() == named;
    let Some(record) = facts.records.iter().find(|known| same(&known.record.id)) else {
        return Ok(Some(Text::new(
            format!("записи CRM «{named}» нет ни в одной принятой выгрузке"),
            format!("no accepted export holds the CRM record “{named}”"),
        )));
    };
    let sale = facts.sales.iter().position(|sale| sale.key.0 == asked.key.subject);
    let party = sale.and_then(|at| facts.party_of.get(at)).and_then(|at| facts.parties.get(*at));
    let Some(party) = party.filter(|_| asked.key.subject != SUBJECT_PERIOD) else {
        return Ok(Some(Text::new(
            "строка не о продаже: сравнивать запись CRM не с чем",
            "the line is about no sale: there is nothing to compare the CRM record with",
        )));
    };
    let deadline = sale.and_then(|at| view.outcome.sales.get(at)).map(|own| own.deadline);
    let records = super::compute::matchable(facts);
    let (id, settings) = (&record.record.id, app.config.matching.into());
    let explained = matching::explain(&facts.parties, &records, &facts.decisions, &settings, &party.key, Some(id));
    let candidate = explained.as_ref().and_then(|e| e.candidates.first());
    let score = candidate.map(|c| i32::try_from(c.score_bp).unwrap_or(i32::MAX));
    let accepted = explained
        .as_ref()
        .is_some_and(|e| e.verdict.verdict == Verdict::InCrm && e.verdict.candidates.iter().any(|c| &c.id == id));
    let (name, title, entered) = (party.name.trim(), record.record.title.trim(), record.entered_at);
    let in_time = deadline.is_some_and(|day| entered < facts.end_of(day));
    let words = |lang| {
        let likeness = score.map_or_else(|| "—".to_owned(), |bp| percent(Rate::from_bp(bp), lang));
        (likeness, instant(entered, facts.tz, lang))
    };
    let ((alike_ru, at_ru), (alike_en, at_en)) =
        (words(crate::domain::text::Lang::Ru), words(crate::domain::text::Lang::En));
    let (same_ru, same_en) = if accepted {
        ("это та же организация", "it is the same company")
    } else {
        ("сама программа так не решает", "the program does not conclude so itself")
    };
    let (time_ru, time_en) =
        if in_time { ("в срок", "in time") } else { ("позже срока", "after the last day") };
    Ok(Some(Text::new(
        format!("{id} «{title}» и «{name}»: сходство {alike_ru}, {same_ru}; карточка внесена {at_ru}, {time_ru}"),
        format!("{id} “{title}” and “{name}”: likeness {alike_en}, {same_en}; the card was entered {at_en}, {time_en}"),
    )))
}

/// Every case, for lists.
pub async fn all(app: &App) -> Result<Vec<Case>> {
    let mut tx = app.db.begin().await?;
    let cases = tx.disputes().await?;
    tx.commit().await?;
    Ok(cases)
}

/// Name of a person for people; the number when he is not in the people file.
pub fn name_of(app: &App, id: &EmployeeId) -> String {
    app.config.roster.get(id).map_or_else(|| id.0.clone(), |p| p.name.clone())
}
