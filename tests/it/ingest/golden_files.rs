//! Every real file of 1C: kind, header, period, organisation, rows, totals and findings, pinned in one snapshot each.

use std::fmt::Write;

use sverka::ingest::{Parsed, Want, read::ReadLimits, sandbox::parse_bytes};

use super::{real_file, request, skipped};

fn described(parsed: &Parsed) -> String {
    let table = parsed.accounting.as_ref();
    let mut text = format!(
        "kind {}, sheet «{}», header {:?}, rows {}\n",
        parsed.kind.code(),
        parsed.sheet,
        parsed.header_rows,
        parsed.rows
    );
    let money = |m: Option<sverka::domain::money::Money>| m.map_or("none".to_owned(), |m| m.kopecks().to_string());
    if let Some(table) = table {
        let period = table.period.map(|p| format!("{} to {}", p.from, p.to)).unwrap_or_default();
        let _ = writeln!(
            text,
            "period «{period}», organisation «{}», filter «{}», grain {}, total {}, printed {}",
            table.organisation.as_deref().unwrap_or_default(),
            table.filter.as_deref().unwrap_or_default(),
            table.grain.code(),
            money(table.total),
            money(table.printed_total)
        );
        let ends = [table.sales.first(), table.sales.last()];
        for sale in ends.into_iter().flatten() {
            let (place, amount) = (sale.source.row, sale.amount.kopecks());
            let _ = writeln!(
                text,
                "  row {place}: {} {} «{}» {amount} {}",
                sale.number, sale.date, sale.party.name, sale.currency
            );
        }
    }
    for sentence in &parsed.understood {
        let _ = writeln!(text, "understood: {}", sentence.ru);
    }
    for finding in &parsed.findings {
        let cell = finding.source.as_ref().map(sverka::domain::finding::SourceRef::cell).unwrap_or_default();
        let _ = writeln!(text, "{:?} {} {cell}: {}", finding.severity, finding.code, finding.message.ru);
    }
    text
}

#[test]
fn every_real_file_is_pinned() {
    let root = std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/1c"));
    let Ok(entries) = std::fs::read_dir(&root) else { return skipped("1c") };
    let mut names: Vec<String> =
        entries.map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    let mut all = String::new();
    for name in names {
        let Some((_, bytes)) = real_file(&format!("1c/{name}")) else { return };
        let base = if name.contains("winery") { "UAH" } else { "RUB" };
        let request = sverka::ingest::ParseRequest { want: Want::Accounting, file_name: name.clone(), ..request(base) };
        let _ = writeln!(all, "== {name}\n{}", described(&parse_bytes(&bytes, &request, &ReadLimits::default())));
    }
    insta::assert_snapshot!(all);
}
