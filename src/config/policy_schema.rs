//! The regulation file as a JSON Schema, for editors that complete and check while one types. It knows shapes, words and
//! keys; what needs arithmetic or the people (bands, caps, departments) only the reader checks. A test compares its keys with
//! those the reader knows. Deliberately absent: values of a company.

use serde_json::{Map, Value, json};

/// The schema (draft 2020-12).
pub fn schema() -> Value {
    let mut root = object(
        "Положение о премировании в цифрах.",
        &["version"],
        [("version", list("Редакции; продажа оценивается по действовавшей в день продажи.", version()))],
    );
    root["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    root["title"] = json!("sverka: policy.toml");
    root["properties"]["version"]["minItems"] = json!(1);
    root
}

/// An object whose keys are all known.
fn object<const N: usize>(about: &str, required: &[&str], keys: [(&str, Value); N]) -> Value {
    let keys: Map<String, Value> = keys.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    json!({
        "description": about, "type": "object", "additionalProperties": false, "required": required, "properties": keys,
    })
}

fn list(about: &str, items: Value) -> Value {
    json!({ "description": about, "type": "array", "items": items })
}

fn text(about: &str) -> Value {
    json!({ "description": about, "type": "string" })
}

fn name(about: &str) -> Value {
    json!({ "description": about, "type": "string", "pattern": "\\S" })
}

fn texts(about: &str) -> Value {
    list(about, json!({ "type": "string" }))
}

fn whole(about: &str, least: u32, most: u32) -> Value {
    json!({ "description": about, "type": "integer", "minimum": least, "maximum": most })
}

fn flag(about: &str) -> Value {
    json!({ "description": about, "type": "boolean" })
}

fn date(about: &str) -> Value {
    json!({
        "description": about, "type": "string",
        "pattern": "^\\s*([0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{1,2}\\.[0-9]{1,2}\\.[0-9]{4})\\s*$",
    })
}

fn words(about: &str, words: &[&str]) -> Value {
    json!({ "description": about, "enum": words })
}

/// `"3.5 %"`.
fn share(about: &str) -> Value {
    json!({ "description": about, "type": "string", "pattern": "^\\s*[0-9][0-9\\s]*([.,][0-9]{1,2})?\\s*%\\s*$" })
}

/// The same in basis points.
fn basis_points(about: &str) -> Value {
    whole(&format!("{about} В базисных пунктах: 1 = 0,01 %."), 0, 10_000)
}

/// `"3000.00"`, or whole rubles.
fn sum(about: &str) -> Value {
    json!({
        "description": about,
        "anyOf": [
            { "type": "string", "pattern": "^\\s*[0-9][0-9\\s]*([.,][0-9]{1,2})?\\s*$" },
            { "type": "integer", "minimum": 0 },
        ],
    })
}

/// A sum, or a share of the period's bonus.
fn premium(about: &str) -> Value {
    json!({
        "description": about,
        "anyOf": [
            { "type": "string", "pattern": "^\\s*[0-9][0-9\\s]*([.,][0-9]{1,2})?\\s*%?\\s*$" },
            { "type": "integer", "minimum": 0 },
        ],
    })
}

fn version() -> Value {
    object(
        "Одна редакция. Действующую не правят: добавляют новую с будущей датой.",
        &["id", "title", "effective_from", "grace_working_days", "bonus"],
        [
            ("id", name("Короткое имя, его называет каждая строка ведомости.")),
            ("title", name("Название для людей.")),
            ("effective_from", date("Первый день действия.")),
            ("grace_working_days", whole("Рабочих дней после дня продажи на карточку.", 0, 60)),
            ("bonus", bonus()),
            ("disputes", disputes()),
            ("exempt", list("Кто не оценивается.", exempt())),
            ("segment", list("Группы покупателей; первая подходящая.", segment())),
            ("profile", list("Состав карточки по группам.", profile())),
            ("rule", list("Правила в порядке пунктов положения.", json!({ "oneOf": rules() }))),
        ],
    )
}

fn disputes() -> Value {
    object(
        "Оспаривание строк расчёта.",
        &["deadline_working_days", "default"],
        [
            ("deadline_working_days", whole("Рабочих дней на ответ руководителя.", 1, 60)),
            (
                "default",
                words(
                    "Что действует без ответа: строка остаётся (uphold) или снята (withdraw).",
                    &["uphold", "withdraw"],
                ),
            ),
        ],
    )
}

fn bonus() -> Value {
    let tiers = || {
        object(
            "Ступень: от этой доли плана такая ставка.",
            &["from", "rate"],
            [("from", share("Выполнение плана.")), ("rate", share("Ставка."))],
        )
    };
    let by_department =
        |about: &str, each: Value| json!({ "description": about, "type": "object", "additionalProperties": each });
    let mut terms = object(
        "Премия по продаже = база × ставка.",
        &["base"],
        [
            ("base", words("С чего считается премия.", &["with_vat", "without_vat", "margin", "column"])),
            ("rate", share("Ставка для всех.")),
            ("rate_bp", basis_points("Ставка для всех.")),
            ("department_rates", by_department("Ставки отделов.", share("Ставка."))),
            ("tiers", list("Ставки по выполнению плана.", tiers())),
            ("department_tiers", by_department("Ставки отделов по выполнению плана.", list("Ступени.", tiers()))),
            ("plan_base", words("В чём измеряется план.", &["with_vat", "without_vat", "margin"])),
        ],
    );
    terms["anyOf"] = json!([
        { "required": ["rate"] }, { "required": ["rate_bp"] }, { "properties": { "base": { "const": "column" } } },
    ]);
    terms
}

fn exempt() -> Value {
    let mut class = object(
        "Кто не оценивается: класс с именем.",
        &["name"],
        [
            ("name", text("Имя класса в отчётах.")),
            ("names", texts("Названия.")),
            ("inns", texts("ИНН.")),
            ("codes", texts("Коды учётной системы.")),
        ],
    );
    class["anyOf"] = ["names", "inns", "codes"]
        .map(|key| json!({ "required": [key], "properties": { key: { "minItems": 1 } } }))
        .into();
    class
}

fn segment() -> Value {
    let flag = object(
        "Столбец CRM и значение, которым отмечены покупатели.",
        &["column", "value"],
        [("column", text("Столбец.")), ("value", text("Значение."))],
    );
    let mut turnover = object(
        "По обороту за месяцы до начала периода; одно из двух: top или at_least.",
        &["months"],
        [
            ("months", whole("Сколько месяцев.", 1, 36)),
            ("top", whole("Столько первых.", 1, 100_000)),
            ("at_least", sum("Оборот не меньше.")),
        ],
    );
    turnover["oneOf"] = json!([{ "required": ["top"] }, { "required": ["at_least"] }]);
    object(
        "Группа покупателей.",
        &["name"],
        [
            ("name", text("Имя группы.")),
            ("members", texts("Названия, ИНН или коды.")),
            ("crm_flag", flag),
            ("turnover", turnover),
            ("new_months", whole("Новые: первая продажа не раньше, месяцев до начала периода.", 1, 36)),
        ],
    )
}

fn profile() -> Value {
    let weight = whole("Вес поля.", 1, 1000);
    object(
        "Что должно быть в карточке.",
        &["segment", "fields"],
        [
            ("segment", text("Группа; all — все остальные.")),
            ("extends", text("Все поля этого профиля и свои.")),
            (
                "fields",
                json!({
                    "description": "Поле карточки или заголовок столбца CRM и его вес.",
                    "type": "object", "minProperties": 1, "additionalProperties": weight,
                }),
            ),
        ],
    )
}

fn scope() -> Value {
    object(
        "На кого действует; пусто — на всех.",
        &[],
        [
            ("departments", texts("Отделы.")),
            ("groups", texts("Группы сотрудников.")),
            ("hired_from", date("Принятые с этого дня.")),
            ("segments", texts("Группы покупателей.")),
            ("min_amount", sum("Продажи не меньше.")),
        ],
    )
}

fn bands() -> Value {
    let band = object(
        "Ступень; верхняя граница принадлежит следующей.",
        &["from", "to", "premium"],
        [("from", share("От.")), ("to", share("До.")), ("premium", premium("Сумма или доля премии периода."))],
    );
    list("Ступени подряд от 0 до 100 %.", band)
}

/// A kind of rule: its own keys beside those that all have.
fn rule<const N: usize>(kind: &str, about: &str, required: &[&str], keys: [(&str, Value); N]) -> Value {
    let mut rule = object(about, &[&["kind"], required].concat(), keys);
    for (key, value) in [
        ("id", text("Имя правила в записях; без него имя вида.")),
        ("kind", json!({ "const": kind })),
        ("shadow", flag("Только считать и показывать.")),
        ("requires_acknowledgement", flag("Только для тех, кто ознакомлен с редакцией под подпись.")),
        ("scope", scope()),
    ] {
        rule["properties"][key] = value;
    }
    rule
}

fn either(rule: &mut Value, pairs: &[[&str; 2]]) {
    let one = |[a, b]: &[&str; 2]| json!({ "oneOf": [{ "required": [a] }, { "required": [b] }] });
    rule["allOf"] = pairs.iter().map(one).collect();
}

fn rules() -> Vec<Value> {
    let mut missing = rule(
        "missing_counterparty",
        "Покупателя нет в CRM к сроку.",
        &[],
        [
            ("missing", share("Доля премии, которая не начисляется, пока карточки нет.")),
            ("missing_bp", basis_points("Доля премии, которая не начисляется, пока карточки нет.")),
            ("late", share("То же, если карточка внесена после срока.")),
            ("late_bp", basis_points("То же, если карточка внесена после срока.")),
            ("exclude_from_kpi", flag("Не засчитывать такие продажи в план.")),
        ],
    );
    either(&mut missing, &[["missing", "missing_bp"], ["late", "late_bp"]]);
    let mut cap = rule(
        "cap",
        "Предел снижений сотрудника за период.",
        &[],
        [
            ("cap", share("Доля премии периода.")),
            ("cap_bp", basis_points("Доля премии периода.")),
            ("cap_reason", text("Обоснование предела выше 20 %.")),
        ],
    );
    either(&mut cap, &[["cap", "cap_bp"]]);
    let mut calls = rule(
        "call_recording",
        "Премия за звонки, записанные в CRM.",
        &["min_seconds", "match_minutes"],
        [
            ("min_seconds", whole("Короче не считается.", 0, 3600)),
            ("match_minutes", whole("Как далеко может лежать запись.", 1, 1440)),
            ("per_recorded", sum("За каждый записанный.")),
            ("bands", bands()),
        ],
    );
    calls["anyOf"] = json!([{ "required": ["per_recorded"] }, { "required": ["bands"] }]);
    vec![
        missing,
        rule("completeness", "Премия за полноту карточек.", &["bands"], [("bands", bands())]),
        rule(
            "freshness",
            "Премия за актуальность карточек.",
            &["fresh_days", "bands"],
            [("fresh_days", whole("Дней до конца периода.", 1, 366)), ("bands", bands())],
        ),
        rule(
            "deal_approval",
            "Премия откладывается до одобрения сделки руководителем.",
            &[],
            [("escalate_working_days", whole("Рабочих дней до напоминания.", 1, 60))],
        ),
        calls,
        rule(
            "contest",
            "Призы по местам.",
            &["by", "prizes"],
            [
                ("by", words("Показатель.", &["card_score", "streak", "votes"])),
                ("prizes", {
                    let mut prizes = list("Призы с первого места.", sum("Приз."));
                    prizes["minItems"] = json!(1);
                    prizes
                }),
            ],
        ),
        cap,
    ]
}
