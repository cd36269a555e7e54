//! `sverka match`: who was found in the CRM and why, and a person's decisions about it: remembered, dated, undone by an
//! entry of their own. Deliberately absent: scoring (`domain::matching`).

mod doubles;
pub(super) mod explain;
mod queue;
mod standing;
mod workbook;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Subcommand, ValueEnum};

use super::{output::Out, session, speech};
use crate::{
    domain::{
        crm::{CrmId, CrmKind},
        decisions::surely_different,
        facts::Facts,
        money::{Money, Rate},
        party::PartyKey,
        tax_id::{self, Inn, InnStrength},
        text::{Lang, Text},
        verdict::{Candidate, Decision, DecisionKind, PartyVerdict, Verdict},
        words::percent,
    },
    env::Clock,
    error::{Error, Result},
    pipeline::{self, App},
};

/// Subcommands of `match`.
#[derive(Debug, Subcommand)]
pub enum MatchCommand {
    /// Контрагенты с выводом о каждом; по умолчанию те, что ждут решения.
    List {
        /// Какие показать.
        #[arg(long, value_enum, default_value_t = Which::Uncertain)]
        verdict: Which,
    },
    /// Почему такой вывод: кандидаты в числах, от первого слова до порогов.
    Explain {
        /// Ключ контрагента из списка.
        party: String,
        /// Номер записи CRM; без него лучшие кандидаты.
        crm_id: Option<String>,
    },
    /// Это одна и та же организация (или, без записи, не клиент: --exempt).
    Confirm {
        /// Ключ контрагента из списка.
        party: String,
        /// Номер записи CRM (или источник:вид:номер).
        crm_id: Option<String>,
        /// Не клиент, которого заносят в CRM.
        #[arg(long, conflicts_with = "crm_id")]
        exempt: bool,
        /// Пояснение.
        #[arg(long, default_value = "")]
        note: String,
        /// Кто решает.
        #[arg(long)]
        by: Option<String>,
    },
    /// Это разные организации.
    Reject {
        /// Ключ контрагента из списка.
        party: String,
        /// Номер записи CRM.
        crm_id: String,
        /// Пояснение.
        #[arg(long, default_value = "")]
        note: String,
        /// Кто решает.
        #[arg(long)]
        by: Option<String>,
    },
    /// Два контрагента учёта: одна и та же организация, вывод о них общий.
    Same {
        /// Ключ контрагента из списка.
        party: String,
        /// Ключ другого контрагента.
        other: String,
        /// Пояснение.
        #[arg(long, default_value = "")]
        note: String,
        /// Кто решает.
        #[arg(long)]
        by: Option<String>,
    },
    /// Двойные карточки CRM и учёта, испорченные карточки учёта.
    Duplicates,
    /// Записать очередь на разбор в таблицу .xlsx.
    Export {
        /// Куда записать.
        #[arg(long, short, value_name = "ФАЙЛ")]
        output: PathBuf,
        /// Заменить файл, если он уже есть.
        #[arg(long)]
        force: bool,
    },
    /// Внести решения из заполненной таблицы.
    Import {
        /// Заполненная таблица.
        file: PathBuf,
        /// Кто решает.
        #[arg(long)]
        by: Option<String>,
        /// Только показать, что будет внесено.
        #[arg(long)]
        dry_run: bool,
    },
    /// Отменить решение по его номеру.
    Undo {
        /// Номер решения (список: match list --verdict decisions).
        decision: String,
        /// Пояснение.
        #[arg(long, default_value = "")]
        note: String,
        /// Кто решает.
        #[arg(long)]
        by: Option<String>,
    },
}

/// Verdicts, as arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Which {
    /// To be reviewed.
    Uncertain,
    /// Not found.
    NotInCrm,
    /// Found.
    InCrm,
    /// Card too poor.
    NotJudgeable,
    /// Decided by a person.
    Decided,
    /// All decisions in force, as they were made.
    Decisions,
    /// Decisions that no counterparty or record of today answers to.
    Orphaned,
    /// Decisions that newer data speaks against.
    SecondLook,
    /// Everything.
    All,
}

/// Runs the subcommand.
pub fn run(command: &MatchCommand, path: &Path, out: Out) -> Result<ExitCode> {
    session::with_app(path, Clock::system(), async |app| {
        match command {
            MatchCommand::List { verdict: Which::Uncertain } => queue::list(&app, path, out).await?,
            MatchCommand::List { verdict: which @ (Which::Decisions | Which::Orphaned | Which::SecondLook) } => {
                standing::list(&app, path, *which, out).await?;
            }
            MatchCommand::List { verdict } => list(&app, *verdict, out).await?,
            MatchCommand::Explain { party, crm_id } => {
                known(&app, party).await?;
                let mut asked = None;
                if let Some(id) = crm_id {
                    asked = Some(find(&app, party, id).await?);
                }
                explain::show(&app, party, asked.as_ref(), out).await?;
            }
            MatchCommand::Duplicates => doubles::list(&app, out).await?,
            MatchCommand::Export { output, force } => workbook::export(&app, path, output, *force, out).await?,
            MatchCommand::Import { file, by, dry_run } => {
                return workbook::import(&app, file, by.as_deref(), *dry_run, out).await;
            }
            MatchCommand::Same { party, other, note, by } => {
                known(&app, party).await?;
                known(&app, other).await?;
                if party == other {
                    return Err(Error::input(Text::new(
                        "контрагент и так одна организация с самим собой",
                        "a counterparty is the same company as itself anyway",
                    )));
                }
                let kind = DecisionKind::Same(PartyKey(other.clone()));
                decide(&app, path, party, kind, note, by.as_deref(), out).await?;
            }
            MatchCommand::Confirm { party, crm_id, exempt, note, by } => {
                let kind = match crm_id {
                    Some(id) => {
                        let record = find(&app, party, id).await?;
                        remark_on_others(&app, party, &record, out).await?;
                        DecisionKind::Confirm(record)
                    }
                    None if *exempt => {
                        known(&app, party).await?;
                        DecisionKind::Exempt
                    }
                    None => {
                        return Err(Error::input(Text::new("не указана запись CRM", "no CRM record is given"))
                            .hint(Text::new("укажите её номер или --exempt", "give its id or --exempt")));
                    }
                };
                decide(&app, path, party, kind, note, by.as_deref(), out).await?;
            }
            MatchCommand::Reject { party, crm_id, note, by } => {
                let kind = DecisionKind::Reject(find(&app, party, crm_id).await?);
                decide(&app, path, party, kind, note, by.as_deref(), out).await?;
            }
            MatchCommand::Undo { decision, note, by } => {
                let author = session::author(by.as_deref())?;
                let mut tx = app.db.begin().await?;
                if !tx.undo_decision(decision, &author, app.clock.now(), note).await? {
                    return Err(Error::input(Text::new(
                        format!("действующего решения «{decision}» нет"),
                        format!("there is no decision “{decision}” in force"),
                    )));
                }
                tx.commit().await?;
                if out.json {
                    out.json(&serde_json::json!({ "undone": decision }));
                } else {
                    out.say(&Text::new(
                        "решение отменено; учтётся в следующем прогоне",
                        "undone; the next run takes it into account",
                    ));
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    })
}

async fn list(app: &App, which: Which, out: Out) -> Result<()> {
    let view = pipeline::view(app, app.clock.now()).await?;
    let turnover = view.turnover();
    let wanted = |v: &&PartyVerdict| match which {
        Which::All => true,
        Which::Decided => v.decision.is_some(),
        Which::Uncertain | Which::Decisions | Which::Orphaned | Which::SecondLook => v.verdict == Verdict::Uncertain,
        Which::NotInCrm => v.verdict == Verdict::NotInCrm,
        Which::InCrm => v.verdict == Verdict::InCrm,
        Which::NotJudgeable => v.verdict == Verdict::NotJudgeable,
    };
    let mut rows: Vec<(i64, &PartyVerdict, &str)> = view
        .outcome
        .verdicts
        .iter()
        .zip(&view.loaded.facts.parties)
        .map(|(verdict, party)| (turnover.get(&party.key).map_or(0, |sum| sum.kopecks()), verdict, party.name.as_str()))
        .filter(|(_, v, _)| wanted(v))
        .collect();
    // The most money at stake first.
    rows.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.party.cmp(&b.1.party)));
    if out.json {
        let list: Vec<_> = rows
            .iter()
            .map(|(kopecks, v, name)| serde_json::json!({ "party": v.party, "name": name, "turnover_kopecks": kopecks, "verdict": v }))
            .collect();
        out.json(&list);
        return Ok(());
    }
    if rows.is_empty() {
        out.say(&Text::new("таких контрагентов нет", "there are no such counterparties"));
    }
    for (kopecks, verdict, name) in rows {
        let amount = speech::amount(out.lang, Money::from_kopecks(kopecks));
        let (found, name) = (self::verdict(verdict.verdict), name.trim());
        out.line(format!("{}  {}  {amount}  {}", verdict.party, quoted(out.lang, name), found.get(out.lang)));
        out.line(format!("    {}", verdict.reason.get(out.lang)));
        candidates(&verdict.candidates, out);
        if let Some(decision) = &verdict.decision {
            out.say(&Text::new(format!("    решение {decision}"), format!("    decision {decision}")));
        }
    }
    Ok(())
}

/// One line a candidate.
fn candidates(list: &[Candidate], out: Out) {
    for candidate in list {
        out.line(format!(
            "    {:>5}  {}  {}  {}",
            score(candidate, out.lang),
            candidate.id,
            quoted(out.lang, candidate.title.trim()),
            candidate.reason.get(out.lang)
        ));
    }
}

async fn decide(
    app: &App,
    path: &Path,
    party: &str,
    kind: DecisionKind,
    note: &str,
    by: Option<&str>,
    out: Out,
) -> Result<()> {
    let decision = Decision {
        id: uuid::Uuid::now_v7().to_string(),
        at: app.clock.now(),
        author: session::author(by)?,
        party: PartyKey(party.to_owned()),
        kind,
        note: note.to_owned(),
    };
    let facts = known(app, party).await?;
    let mut tx = app.db.begin().await?;
    pipeline::review::record(&mut tx, std::slice::from_ref(&decision), &facts).await?;
    tx.commit().await?;
    if out.json {
        out.json(&serde_json::json!({ "decision": decision.id }));
    } else {
        let (id, program) = (&decision.id, speech::program(path));
        out.say(&Text::new(
            format!("решение записано, учтётся в следующем прогоне; отменить: {program} match undo {id}"),
            format!("recorded; the next run takes it into account; undo it: {program} match undo {id}"),
        ));
    }
    Ok(())
}

/// A person's word outranks identifiers and earlier words, but nobody should overlook that they differ.
async fn remark_on_others(app: &App, party: &str, record: &CrmId, out: Out) -> Result<()> {
    let facts = known(app, party).await?;
    let Some(own) = facts.parties.iter().find(|p| p.key.0 == party) else { return Ok(()) };
    let known = facts.records.iter().find(|r| &r.record.id == record);
    let card = known.map(|r| tax_id::read_cell(&r.record.inn).0).unwrap_or_default();
    let differ = !own.inns.iter().any(|(inn, _)| card.iter().any(|(other, _)| other == inn));
    if !card.is_empty() && !own.inns.is_empty() && differ {
        let list = |inns: &[(Inn, InnStrength)]| inns.iter().map(|(i, _)| i.to_string()).collect::<Vec<_>>().join(", ");
        out.note(&Text::new(
            format!("обратите внимание: ИНН разные, в учёте {}, в карточке {}", list(&own.inns), list(&card)),
            format!("note: the tax numbers differ, {} in accounting, {} on the card", list(&own.inns), list(&card)),
        ));
    }
    let confirmed = facts.decisions.iter().filter(|d| matches!(&d.kind, DecisionKind::Confirm(id) if id == record));
    let owner = confirmed.filter_map(|d| Some((d, facts.parties.iter().find(|p| p.key == d.party)?)));
    for (decision, other) in owner.filter(|(_, other)| surely_different(other, own, known)) {
        let (name, id) = (other.name.trim(), &decision.id);
        out.note(&Text::new(
            format!("обратите внимание: карточка уже подтверждена за «{name}» (решение {id})"),
            format!("note: the record is confirmed for “{name}” already (decision {id})"),
        ));
    }
    Ok(())
}

/// What a verdict is called.
pub(super) fn verdict(verdict: Verdict) -> Text {
    match verdict {
        Verdict::InCrm => Text::new("есть в CRM", "in the CRM"),
        Verdict::NotInCrm => Text::new("нет в CRM", "not in the CRM"),
        Verdict::Uncertain => Text::new("решает человек", "a person decides"),
        Verdict::NotJudgeable => Text::new("нельзя судить", "cannot be judged"),
    }
}

/// How alike a candidate is, in hundredths.
pub(super) fn score(candidate: &Candidate, lang: Lang) -> String {
    percent(Rate::from_bp(i32::try_from(candidate.score_bp).unwrap_or(i32::MAX)), lang)
}

/// A name in the quotation marks of the language.
pub(super) fn quoted(lang: Lang, name: &str) -> String {
    if lang == Lang::Ru { format!("«{name}»") } else { format!("“{name}”") }
}

/// Facts as of now, when the counterparty is among them.
async fn known(app: &App, party: &str) -> Result<Facts> {
    let mut tx = app.db.begin().await?;
    let loaded = pipeline::facts::load(app, &mut tx, app.clock.now(), &[]).await?;
    tx.commit().await?;
    if !loaded.facts.parties.iter().any(|p| p.key.0 == party) {
        return Err(Error::input(Text::new(
            format!("контрагента с ключом «{party}» нет"),
            format!("there is no counterparty with the key “{party}”"),
        ))
        .hint(Text::new("ключи: sverka match list --verdict all", "keys: sverka match list --verdict all")));
    }
    Ok(loaded.facts)
}

/// Finds the record meant by `ID` or `source:kind:ID`, and refuses a counterparty or a record that does not exist.
async fn find(app: &App, party: &str, id: &str) -> Result<CrmId> {
    let facts = known(app, party).await?;
    let found: Vec<&CrmId> = facts
        .records
        .iter()
        .map(|r| &r.record.id)
        .filter(|r| matches!(r.kind, CrmKind::Company | CrmKind::Contact) && (r.id == id || r.to_string() == id))
        .collect();
    match found.as_slice() {
        [one] => Ok((*one).clone()),
        [] => Err(Error::input(Text::new(format!("записи «{id}» в CRM нет"), format!("the CRM has no record “{id}”")))),
        several => {
            let list = several.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            Err(Error::input(Text::new(
                format!("под номером «{id}» несколько записей: {list}"),
                format!("several records have the id “{id}”: {list}"),
            )))
        }
    }
}
