//! Sums of a document that contradict each other. Deliberately absent: totals (`totals`) and what becomes of the document.

use super::{place::Findings, raw::Row, sales::Input};

/// No tax is negative: the two columns are exchanged, or one of them is something else.
pub(super) fn net_above_amount(input: Input<'_>, row: Row<'_>, findings: &mut Findings) {
    let header = input.header;
    findings.hold(
        "net_above_amount",
        input.place.cell(row.number, header.column("net").unwrap_or_default()),
        format!(
            "«{}» больше, чем «{}»; проверьте, не перепутаны ли заголовки столбцов",
            header.title("net"),
            header.title("amount")
        ),
        format!(
            "“{}” is larger than “{}”; check that the headers are not exchanged",
            header.title("net"),
            header.title("amount")
        ),
    );
}

/// A sale and a return in one row.
pub(super) fn both_sides(input: Input<'_>, row: Row<'_>, findings: &mut Findings) {
    let column = input.header.column("amount_back").unwrap_or_default();
    findings.hold(
        "both_sides",
        input.place.cell(row.number, column),
        "у документа заполнены и приход, и расход; неясно, продажа это или возврат: проверьте документ в учёте",
        "the document has both an increase and a decrease; it is unclear whether it is a sale or a return: check it in accounting",
    );
}
