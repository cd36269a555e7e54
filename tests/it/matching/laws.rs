//! Laws of matching: the order of either side decides nothing; the same input gives the same verdicts.

use proptest::prelude::*;
use sverka::domain::{crm::KnownRecord, party::Counterparty};

use super::{buyers, company, verdicts};

fn world() -> (Vec<Counterparty>, Vec<KnownRecord>) {
    let names = [
        "Ромашка",
        "ООО Ромашка",
        "Роза",
        "Гефест-Техно",
        "ИП Иванов И.И.",
        "ИП Иванов Иван Иванович",
        "Лютик Юг",
        "Покупатель",
    ];
    let inns = ["7707083893", "", "7743013901", "", "500100732259"];
    let list: Vec<(&str, &str, &str)> =
        (0..16).map(|i| (names[i % 8], inns[i % 5], if i % 3 == 0 { "770701001" } else { "" })).collect();
    let records = (0..20)
        .map(|i| {
            let mut record = company(&i.to_string(), names[(i * 3) % 8], inns[(i * 2) % 5], "");
            record.gone = i % 7 == 0;
            record.record.phone = if i % 4 == 0 { "+7 921 111-22-33".into() } else { String::new() };
            record.record.city = ["Тула", "Пермь", ""][i % 3].into();
            record
        })
        .collect();
    (buyers(&list), records)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn the_order_of_either_side_decides_nothing(
        left in Just((0..64_usize).collect::<Vec<_>>()).prop_shuffle(),
        right in Just((0..20_usize).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let (parties, records) = world();
        let plain = verdicts(&parties, &records, &[]);
        let order: Vec<usize> = left.into_iter().filter(|i| *i < parties.len()).collect();
        let mixed: Vec<Counterparty> = order.iter().map(|i| parties[*i].clone()).collect();
        let shuffled: Vec<KnownRecord> = right.iter().map(|i| records[*i].clone()).collect();
        let found = verdicts(&mixed, &shuffled, &[]);
        for (at, i) in order.iter().enumerate() {
            prop_assert_eq!(&found[at], &plain[*i]);
        }
    }
}
