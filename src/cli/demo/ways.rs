//! The thirteen ways of keeping a CRM filled, as the demo shows each of them: a title, what to look at, the mail or the
//! command where it is seen. Deliberately absent: the page (`index`).

use serde::Serialize;

/// One way.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Way {
    /// Its name.
    pub title: &'static str,
    /// What to look at.
    pub text: &'static str,
    /// Key of a mail of the demo; empty = none.
    pub mail: &'static str,
    /// A command to try; empty = none.
    pub command: &'static str,
}

const fn mail(title: &'static str, text: &'static str, mail: &'static str) -> Way {
    Way { title, text, mail, command: "" }
}

/// The ways that the page lists, in their order.
pub const WAYS: &[Way] = &[
    mail(
        "Автоматизация ввода",
        "к напоминанию приложен файл с карточками из учёта: осталось загрузить его в CRM",
        "alert.2026-10-27.0101",
    ),
    mail(
        "Нет полной премии за анонимного клиента",
        "в ведомости ГРАНИТ-СЕРВИС: премия по продаже начислена не полностью, с пунктом положения и строкой файла",
        "statement.2026-10/1.0003",
    ),
    mail(
        "Премия за ведение и сверка каждую пятницу",
        "менеджеры по одному, полнота карточек, восемь недель подряд; премии за полные карточки в ведомости",
        "audit.2026-W46.5.0001",
    ),
    mail(
        "Строже сначала для важных клиентов",
        "«Если бы все карточки мерили требованиями сегмента»: сколько карточек прошло бы",
        "company.2026-10.0001",
    ),
    mail("Сначала новички", "«По стажу в компании»: группы не меньше трёх человек", "company.2026-10.0001"),
    mail(
        "Цели компании для каждого",
        "одна страница в месяц всем: доля известных клиентов и что знает только один человек",
        "company.2026-10.0101",
    ),
    Way {
        title: "Лидеры как образец",
        text: "карточка и сделка месяца, выбранные по правилу, без клиента и продавца",
        mail: "company.2026-10.0101",
        command: "sverka -c demo/sverka.toml model card --month 2026-10 --anonymous",
    },
    Way {
        title: "Обучение для всех",
        text: "«Кому какая тема» и «Что изменилось после обучения»: письмо руководителю",
        mail: "company.2026-10.0001",
        command: "sverka -c demo/sverka.toml training list",
    },
    Way {
        title: "Новые должностные обязанности",
        text: "приложение к должностной инструкции из того же файла, по которому считается",
        mail: "",
        command: "sverka -c demo/sverka.toml regulation --annex",
    },
    Way {
        title: "Положение и регламент",
        text: "документ для подписи; на его пункты ссылается каждая строка ведомости",
        mail: "",
        command: "sverka -c demo/sverka.toml regulation",
    },
    mail("Игра", "«Месяц по правилам»: места в конкурсе за полноту карточек", "audit.2026-W46.5.0001"),
    Way {
        title: "Сделку закрывает решение руководителя",
        text: "«Сделки ждут решения руководителя» и таблица, в которой он отвечает",
        mail: "audit.2026-W46.5.0001",
        command: "sverka -c demo/sverka.toml deals list",
    },
    mail("Рабочая группа начинает", "пилот и остальные с интервалом: можно ли их отличить", "pilot.2026-10.0001"),
];
