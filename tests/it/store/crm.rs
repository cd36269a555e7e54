//! Snapshots: versions, tombstones, order.

use sverka::{
    domain::{
        crm::{CrmKind, CrmRecord, CrmSnapshot},
        facts::SnapshotInfo,
    },
    store::{Db, SnapshotReport},
};

use super::{
    each_engine,
    samples::{at, company, record, snapshot},
};

each_engine!(
    the_same_snapshot_again_changes_nothing,
    the_same_content_later_is_only_confirmed,
    an_older_snapshot_is_refused,
    several_exports_of_one_instant_all_count,
    records_stand_as_they_stood,
    sources_do_not_touch_each_other,
    a_record_written_twice_counts_once,
    fifty_thousand_records_come_in,
);

pub(super) async fn accept(db: &Db, snapshot: &CrmSnapshot) -> SnapshotReport {
    let mut tx = db.begin().await.unwrap();
    let report = tx.accept_snapshot(snapshot, at(10_000)).await.unwrap();
    tx.commit().await.unwrap();
    report
}

fn figures(report: &SnapshotReport) -> (bool, usize, usize, usize) {
    (report.accepted, report.added, report.changed, report.gone)
}

async fn latest(db: &Db) -> Vec<SnapshotInfo> {
    db.begin().await.unwrap().latest_snapshots().await.unwrap()
}

async fn the_same_snapshot_again_changes_nothing(db: Db) {
    let first = snapshot(at(10), vec![company("1", None), company("2", Some(at(1)))]);
    assert_eq!(figures(&accept(&db, &first).await), (true, 2, 0, 0));
    let before = db.begin().await.unwrap().records_as_of(at(20)).await.unwrap();
    assert_eq!(figures(&accept(&db, &first).await), (true, 0, 0, 0));
    assert_eq!(db.begin().await.unwrap().records_as_of(at(20)).await.unwrap(), before);
    let [info] = latest(&db).await.try_into().unwrap();
    let hash = first.hash.clone();
    assert_eq!(info, SnapshotInfo { source: "bitrix".into(), as_of: at(10), hash, records: 2, previous_records: None });
}

async fn the_same_content_later_is_only_confirmed(db: Db) {
    let first = snapshot(at(10), vec![company("1", None), record(CrmKind::Deal, "9", None)]);
    accept(&db, &first).await;
    assert_eq!(figures(&accept(&db, &CrmSnapshot { as_of: at(30), ..first.clone() }).await), (true, 0, 0, 0));
    let [info] = latest(&db).await.try_into().unwrap();
    assert_eq!((info.as_of, info.records, info.previous_records), (at(30), 1, Some(1)), "deals are not counted");
    assert_eq!(figures(&accept(&db, &first).await), (true, 0, 0, 0), "known content of an earlier time is no news");
    assert_eq!(latest(&db).await[0].as_of, at(30));
    // Absence is known up to the confirmation, so a record created before it is back-dated.
    let late = accept(&db, &snapshot(at(40), vec![company("1", None), company("2", Some(at(20)))])).await;
    assert_eq!(late.findings[0].code, "back_dated");
}

async fn an_older_snapshot_is_refused(db: Db) {
    accept(&db, &snapshot(at(10), vec![company("1", None)])).await;
    let refused = accept(&db, &snapshot(at(9), vec![company("2", None)])).await;
    assert_eq!(figures(&refused), (false, 0, 0, 0));
    assert_eq!(refused.findings[0].code, "snapshot_older");
    assert_eq!(
        refused.findings[0].message.ru,
        "выгрузка CRM «bitrix» от 01.11.2026 00:09 UTC старше уже принятой от 01.11.2026 00:10 UTC; не принята, положите свежую"
    );
    assert_eq!(db.begin().await.unwrap().records_as_of(at(99)).await.unwrap().len(), 1);
    assert_eq!(latest(&db).await[0].as_of, at(10));
}

async fn several_exports_of_one_instant_all_count(db: Db) {
    let (a, b, c) = (company("1", Some(at(1))), company("2", Some(at(1))), company("3", None));
    for (added, records) in [vec![a.clone()], vec![a.clone(), b.clone()], vec![a, b, c]].into_iter().enumerate() {
        let report = accept(&db, &snapshot(at(10), records)).await;
        assert_eq!(figures(&report), (true, 1, 0, 0), "{added}");
        assert_eq!(report.findings, [], "exports of one instant prove no absence");
    }
    assert_eq!(latest(&db).await[0].as_of, at(10));
    let known = db.begin().await.unwrap().records_as_of(at(11)).await.unwrap();
    let entered: Vec<_> = known.iter().map(|k| k.entered_at).collect();
    assert_eq!(entered, [at(1), at(1), chrono::DateTime::UNIX_EPOCH]);
}

async fn records_stand_as_they_stood(db: Db) {
    let old = company("1", Some(at(1)));
    let new = CrmRecord { phone: "нет".into(), ..old.clone() };
    let contact = record(CrmKind::Contact, "1", None);
    accept(&db, &snapshot(at(10), vec![contact.clone(), old.clone()])).await;
    assert_eq!(figures(&accept(&db, &snapshot(at(20), vec![new.clone(), contact.clone()])).await), (true, 0, 1, 0));
    assert_eq!(figures(&accept(&db, &snapshot(at(30), vec![contact.clone()])).await), (true, 0, 0, 1));
    assert_eq!(figures(&accept(&db, &snapshot(at(40), vec![contact.clone()])).await), (true, 0, 0, 0), "gone once");
    assert_eq!(figures(&accept(&db, &snapshot(at(50), vec![contact.clone(), new.clone()])).await), (true, 0, 1, 0));

    let mut tx = db.begin().await.unwrap();
    assert_eq!(tx.records_as_of(at(9)).await.unwrap(), []);
    for (minute, content, gone) in
        [(10, &old, false), (19, &old, false), (20, &new, false), (30, &new, true), (45, &new, true), (50, &new, false)]
    {
        let [known_company, known_contact] = tx.records_as_of(at(minute)).await.unwrap().try_into().unwrap();
        assert_eq!((&known_company.record, known_company.gone), (content, gone), "minute {minute}");
        assert_eq!(known_company.entered_at, at(1));
        assert_eq!((&known_contact.record, known_contact.gone), (&contact, false));
    }
}

async fn sources_do_not_touch_each_other(db: Db) {
    let mut other = snapshot(at(5), vec![company("1", None)]);
    other.source = "amo".into();
    other.records[0].id.source = "amo".into();
    accept(&db, &snapshot(at(10), vec![company("1", None)])).await;
    assert_eq!(figures(&accept(&db, &other).await), (true, 1, 0, 0), "older than the other source's is no matter");
    let sources: Vec<String> = latest(&db).await.into_iter().map(|s| s.source).collect();
    assert_eq!(sources, ["amo", "bitrix"]);
    let known = db.begin().await.unwrap().records_as_of(at(10)).await.unwrap();
    assert_eq!(
        known.iter().map(|k| k.record.id.to_string()).collect::<Vec<_>>(),
        ["amo:company:1", "bitrix:company:1"]
    );
}

async fn a_record_written_twice_counts_once(db: Db) {
    let second = CrmRecord { city: "Омск".into(), ..company("1", None) };
    let report = accept(&db, &snapshot(at(10), vec![company("1", None), second])).await;
    assert_eq!(figures(&report), (true, 1, 0, 0));
    assert_eq!(report.findings[0].code, "duplicate_record");
    assert_eq!(db.begin().await.unwrap().records_as_of(at(10)).await.unwrap()[0].record.city, "Москва");
}

async fn fifty_thousand_records_come_in(db: Db) {
    let mut records: Vec<CrmRecord> = (0..50_000).map(|n| company(&n.to_string(), Some(at(n % 60)))).collect();
    assert_eq!(figures(&accept(&db, &snapshot(at(100), records.clone())).await), (true, 50_000, 0, 0));
    records[7].city = "Омск".into();
    records.pop();
    records.push(company("new", Some(at(1))));
    let report = accept(&db, &snapshot(at(200), records)).await;
    assert_eq!(figures(&report), (true, 1, 1, 1));
    assert_eq!(db.begin().await.unwrap().records_as_of(at(200)).await.unwrap().len(), 50_001);
}
