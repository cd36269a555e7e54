//! What the demo says at its end: what happened in the three weeks in words of a sales head, and what to try next.
//! Every number is counted from the store and the conclusions, none is written here. Deliberately absent: mails.

use std::path::Path;

use crate::{
    cli::output::Out,
    deliver::format,
    domain::{
        ledger::EntryKind,
        money::Money,
        run::HoldSubject,
        text::{Lang, Text},
        verdict::{Status, Verdict},
    },
    error::Result,
    pipeline::{self, App},
    store::LedgerFilter,
};

/// Counts and says it.
pub async fn tell(app: &App, dir: &Path, out: Out) -> Result<()> {
    let told = count(app).await?;
    out.say(&Text::new(russian(&told), english(&told)));
    let folder = dir.display();
    let example = told.example;
    out.say(&Text::new(
        format!(
            "Посмотрите письма: {folder}/index.html\n\
             Что попробовать дальше:\n\
             \x20 sverka -c {folder}/sverka.toml explain {example}      откуда взялась первая запись\n\
             \x20 sverka -c {folder}/sverka.toml match list       какой клиент ждёт решения и почему\n\
             \x20 sverka -c {folder}/sverka.toml match export -o review.xlsx   то же таблицей: ответить и внести обратно\n\
             \x20 sverka -c {folder}/sverka.toml match list --verdict in-crm   как нашлись остальные\n\
             \x20 sverka -c {folder}/sverka.toml ledger verify    цела ли цепочка записей\n\
             \x20 sverka inspect \"{folder}/inbox/accounting/Продажи 2026-11.xlsx\"\n\
             \x20 sverka init моя-компания                        начать по-настоящему"
        ),
        format!(
            "Look at the mails: {folder}/index.html\n\
             What to try next:\n\
             \x20 sverka -c {folder}/sverka.toml explain {example}      where the first entry comes from\n\
             \x20 sverka -c {folder}/sverka.toml match list       which client waits for a decision, and why\n\
             \x20 sverka -c {folder}/sverka.toml match export -o review.xlsx   the same as a workbook, to answer in\n\
             \x20 sverka -c {folder}/sverka.toml match list --verdict in-crm   how the others were found\n\
             \x20 sverka -c {folder}/sverka.toml ledger verify    whether the chain is whole\n\
             \x20 sverka inspect \"{folder}/inbox/accounting/Продажи 2026-11.xlsx\"\n\
             \x20 sverka init my-company                          begin in earnest"
        ),
    ));
    Ok(())
}

/// What the demo came to.
struct Told {
    sales: usize,
    returns: usize,
    on_time: usize,
    late: usize,
    missing: usize,
    uncertain: usize,
    exempt: usize,
    other: usize,
    clients: usize,
    entries: usize,
    kinds: [(usize, Money); 5],
    total: Money,
    files: usize,
    runs: usize,
    mails: usize,
    audits: usize,
    alerts: usize,
    statements: usize,
    pages: usize,
    holds: usize,
    example: i64,
}

async fn count(app: &App) -> Result<Told> {
    let view = pipeline::view(app, app.clock.now()).await?;
    let mut tx = app.db.begin().await?;
    let entries = tx.ledger_entries(&LedgerFilter::default()).await?;
    let mails = tx.outbox(None, 10_000).await?;
    let mut holds = tx.holds(false).await?;
    holds.extend(tx.dropped_holds().await?.into_iter().map(|dropped| dropped.hold));
    tx.commit().await?;
    let documents = || view.loaded.facts.sales.iter().zip(&view.outcome.sales);
    let status = |all: &[Status]| documents().filter(|(s, a)| !s.is_return() && all.contains(&a.status)).count();
    let mail = |kind: &str| mails.iter().filter(|m| m.mail.kind.code() == kind).count();
    let files = holds.iter().filter(|h| matches!(h.subject, HoldSubject::File { .. })).count();
    let of = |kind: EntryKind| {
        let amounts = || entries.iter().filter(|e| e.entry.kind == kind).map(|e| e.entry.amount);
        (amounts().count(), amounts().sum())
    };
    Ok(Told {
        sales: documents().filter(|(s, _)| !s.is_return()).count(),
        returns: documents().filter(|(s, _)| s.is_return()).count(),
        on_time: status(&[Status::OnTime]),
        late: status(&[Status::Late]),
        missing: status(&[Status::Missing]),
        uncertain: status(&[Status::Uncertain]),
        exempt: status(&[Status::Exempt]),
        other: status(&[Status::Pending, Status::NotJudgeable]),
        clients: view.outcome.verdicts.iter().filter(|v| v.verdict == Verdict::Uncertain).count(),
        kinds: [
            EntryKind::Reduction,
            EntryKind::Correction,
            EntryKind::CapRelief,
            EntryKind::Premium,
            EntryKind::Deferral,
        ]
        .map(of),
        total: entries.iter().map(|e| e.entry.amount).sum(),
        runs: holds.len() - files,
        files,
        mails: mails.len(),
        audits: mail("audit"),
        alerts: mail("alert"),
        statements: mail("statement"),
        pages: mail("company") + mail("pilot"),
        holds: mail("held"),
        example: entries.first().map_or(1, |e| e.seq),
        entries: entries.len(),
    })
}

fn russian(t: &Told) -> String {
    let n = |number: usize, one: &str, few: &str, many: &str| {
        format::plural(Lang::Ru, i64::try_from(number).unwrap_or(i64::MAX), one, few, many)
    };
    let entries = |number: usize| n(number, "запись", "записи", "записей");
    let money = |amount: Money| format::signed(Lang::Ru, "RUB", amount);
    let [reductions, corrections, relief, premiums, deferred] = t.kinds;
    format!(
        "Три недели компании «Северный ветер», 26.10–13.11.2026 (и неделя до установки)\n\n\
         {}, {}\n\
         \x20 клиент занесён в CRM вовремя: {}\n\
         \x20 занесён с опозданием: {}\n\
         \x20 не занесён: {}\n\
         \x20 не ясно, тот ли клиент: {} ({}, решает человек; премия пока не меняется)\n\
         \x20 не проверяется по положению (розница): {}\n\
         \x20 ещё есть время или нельзя проверить: {}\n\n\
         Премии: {}, вместе {}\n\
         \x20 снижения и их отмена: {}, {}\n\
         \x20 исправления закрытого месяца: {}, {}\n\
         \x20 возврат сверх предела: {}, {}\n\
         \x20 премии за полные карточки: {}, {}\n\
         \x20 премия ждёт решения руководителя о сделке: {}, {}\n\n\
         Остановлено до проверки: {} (строки не сошлись с «Итого»), {} (ждал верного файла)\n\
         {}: недельных сверок {}, напоминаний менеджерам {}, ведомостей {}, страниц месяца {}, писем о приостановке {}\n\n\
         Что искать в письмах:\n\
         \x20 ГРАНИТ-СЕРВИС: не занесён, премия снижена; второе снижение упёрлось в предел\n\
         \x20 Орбита-М: внесли после закрытия октября, в ноябре часть снижения вернулась\n\
         \x20 Парус-Комплект: внесли поздно, но до закрытия, снижение меньше\n\
         \x20 Вектор-Опт: товар вернули, снижение отменено\n\
         \x20 Берёзка Трейдинг: в CRM с опечаткой и без ИНН, нашлась по названию\n\
         \x20 Меркурий: филиал в Твери нашёлся по ИНН головной организации\n\
         \x20 Альянс-Строй: в CRM две карточки без ИНН, нужно решение\n",
        n(t.sales, "продажа", "продажи", "продаж"),
        n(t.returns, "возврат", "возврата", "возвратов"),
        t.on_time,
        t.late,
        t.missing,
        t.uncertain,
        n(t.clients, "клиент", "клиента", "клиентов"),
        t.exempt,
        t.other,
        entries(t.entries),
        money(t.total),
        entries(reductions.0),
        money(reductions.1),
        entries(corrections.0),
        money(corrections.1),
        entries(relief.0),
        money(relief.1),
        entries(premiums.0),
        money(premiums.1),
        entries(deferred.0),
        money(deferred.1),
        n(t.files, "файл", "файла", "файлов"),
        n(t.runs, "запуск", "запуска", "запусков"),
        n(t.mails, "письмо", "письма", "писем"),
        t.audits,
        t.alerts,
        t.statements,
        t.pages,
        t.holds,
    )
}

fn english(t: &Told) -> String {
    let n = |number: usize, one: &str, many: &str| {
        format::plural(Lang::En, i64::try_from(number).unwrap_or(i64::MAX), one, many, many)
    };
    let entries = |number: usize| n(number, "entry", "entries");
    let money = |amount: Money| format::signed(Lang::En, "RUB", amount);
    let [reductions, corrections, relief, premiums, deferred] = t.kinds;
    format!(
        "Three weeks of the company “Northern Wind”, 26 Oct – 13 Nov 2026 (and the week before)\n\n\
         {}, {}\n\
         \x20 client entered in the CRM in time: {}\n\
         \x20 entered late: {}\n\
         \x20 not entered: {}\n\
         \x20 not clear whether it is the client: {} ({}, a person decides; no bonus changes until then)\n\
         \x20 not judged by the regulation (retail): {}\n\
         \x20 still in time or cannot be judged: {}\n\n\
         Bonuses: {}, {} in total\n\
         \x20 reductions and their reversal: {}, {}\n\
         \x20 corrections of a closed month: {}, {}\n\
         \x20 relief over the cap: {}, {}\n\
         \x20 premiums for complete cards: {}, {}\n\
         \x20 bonus awaiting the head’s decision on a deal: {}, {}\n\n\
         Held for a check: {} (rows did not add up to the total), {} (waited for the right file)\n\
         {}: weekly audits {}, alerts to managers {}, statements {}, pages of the month {}, notices of a hold {}\n\n\
         What to look for in the mails:\n\
         \x20 ГРАНИТ-СЕРВИС: never entered, bonus reduced; the second reduction met the cap\n\
         \x20 Орбита-М: entered after October was closed, part of the reduction came back in November\n\
         \x20 Парус-Комплект: entered late but before the close, a smaller reduction\n\
         \x20 Вектор-Опт: goods came back, the reduction was taken back\n\
         \x20 Берёзка Трейдинг: mistyped in the CRM and without a tax number, found by name\n\
         \x20 Меркурий: the branch was found by the tax number of the head office\n\
         \x20 Альянс-Строй: two cards without a tax number, a decision is needed\n",
        n(t.sales, "sale", "sales"),
        n(t.returns, "return", "returns"),
        t.on_time,
        t.late,
        t.missing,
        t.uncertain,
        n(t.clients, "client", "clients"),
        t.exempt,
        t.other,
        entries(t.entries),
        money(t.total),
        entries(reductions.0),
        money(reductions.1),
        entries(corrections.0),
        money(corrections.1),
        entries(relief.0),
        money(relief.1),
        entries(premiums.0),
        money(premiums.1),
        entries(deferred.0),
        money(deferred.1),
        n(t.files, "file", "files"),
        n(t.runs, "run", "runs"),
        n(t.mails, "mail", "mails"),
        t.audits,
        t.alerts,
        t.statements,
        t.pages,
        t.holds,
    )
}
