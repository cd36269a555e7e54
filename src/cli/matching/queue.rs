//! `match list`: who waits for a person, in the order in which answers are worth most. Deliberately absent: that order
//! (`domain::review`).

use std::{collections::HashMap, path::Path};

use super::{candidates, quoted, speech};
use crate::{
    cli::output::Out,
    domain::text::Text,
    error::Result,
    pipeline::{self, App},
};

/// Prints the queue.
pub(super) async fn list(app: &App, path: &Path, out: Out) -> Result<()> {
    let view = pipeline::view(app, app.clock.now()).await?;
    let queue = pipeline::review::queue(&view.loaded, &view.outcome);
    if out.json {
        // A verdict a row, as in the other lists, with its place in the queue beside it.
        let verdicts: HashMap<_, _> = view.outcome.verdicts.iter().map(|v| (&v.party, v)).collect();
        let rows = queue.rows.iter().map(|row| {
            let verdict = verdicts.get(&row.party);
            serde_json::json!({
                "party": row.party, "name": row.name, "turnover_kopecks": row.total.kopecks(), "verdict": verdict,
                "open_kopecks": row.open.kopecks(), "open_sales": row.sales, "reach_kopecks": row.reach.kopecks(),
                "with": row.with, "why": row.why,
            })
        });
        out.json(&rows.collect::<Vec<_>>());
        return Ok(());
    }
    let program = speech::program(path);
    if queue.rows.is_empty() {
        let all = view.outcome.verdicts.len();
        out.say(&Text::new(
            format!(
                "ни один из {all} контрагентов не ждёт решения; все с выводами: {program} match list --verdict all"
            ),
            format!(
                "none of {all} counterparties waits for a decision; all of them: {program} match list --verdict all"
            ),
        ));
        return Ok(());
    }
    out.say(&queue.summary());
    for (place, row) in (1..).zip(&queue.rows) {
        out.line(format!("{place}. {}  {}", row.party, quoted(out.lang, row.name.trim())));
        out.line(format!("    {}", row.why.get(out.lang)));
        out.line(format!("    {}", row.reason.get(out.lang)));
        candidates(&row.candidates, out);
    }
    out.note(&Text::new(
        format!("решить: {program} match confirm|reject|same …; таблицей: {program} match export -o review.xlsx"),
        format!("decide: {program} match confirm|reject|same …; in a workbook: {program} match export -o review.xlsx"),
    ));
    Ok(())
}
