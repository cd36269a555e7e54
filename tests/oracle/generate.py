"""Writes made-up companies as files: a regulation, people, working days, and for every run the exports of accounting and
CRM as they stood. Deliberately absent: any computation of money (`rules`), reading (`facts`)."""

import random
from datetime import date, datetime, timedelta
from pathlib import Path

from generate_further import Further, share

WORDS = ("Гранит Вымпел Ласточка Меркурий Пилигрим Фрегат Кедр Байкал Уголёк Яхонт Рубеж Хрусталь Звезда Маяк "
         "Дубрава Ковыль Самоцвет Шторм Эталон Чайка").split()
SELLERS = [("0101", "Орлов Илья", "Опт", "2024-01-09", ["пилот"]), ("0102", "Соколова Анна", "Опт", "2026-03-16", []),
           ("0103", "Жуков Пётр", "Розница", "2025-06-02", ["пилот"])]
FIRST = date(2026, 3, 1)


def inn10(rng):
    """Ten digits whose last one is the checksum."""
    digits = [7, 7] + [rng.randrange(10) for _ in range(7)]
    weights = (2, 4, 10, 3, 5, 9, 4, 6, 8)
    return "".join(map(str, digits)) + str(sum(d * w for d, w in zip(digits, weights)) % 11 % 10)


def rubles(kopecks):
    sign = "-" if kopecks < 0 else ""
    return f"{sign}{abs(kopecks) // 100},{abs(kopecks) % 100:02d}"


def cut(rng, total, parts):
    """Cuts an amount into pieces above zero that add up to it."""
    marks = sorted(rng.sample(range(1, total), parts - 1)) if total > parts else []
    edges = [0, *marks, total]
    return [b - a for a, b in zip(edges, edges[1:])]


class Company(Further):
    """One company with its history."""

    def __init__(self, seed, number):
        self.rng = rng = random.Random(f"{seed}/{number}")
        names = rng.sample(WORDS, 6)
        self.parties = [{"name": f"ООО «{name}»", "inn": inn10(rng)} for name in names]
        self.base = rng.choice(["with_vat", "with_vat", "without_vat", "margin", "column"])
        self.runs = self.make_runs()
        self.documents = self.make_documents()
        self.cards = self.make_cards()
        self.decisions = self.make_decisions()
        self.make_further(seed, number, SELLERS)

    def make_runs(self):
        """Audits and closes of the first two months, in the order of time; the CRM data is a little older."""
        plan = [(date(2026, 3, 20), ""), (date(2026, 4, 3), ""), (date(2026, 4, 8), "2026-03"), (date(2026, 4, 24), ""),
                (date(2026, 5, 8), "2026-04"), (date(2026, 6, 2), "")]
        runs = []
        for day, closes in plan:
            if not closes and day != plan[-1][0] and self.rng.random() < 0.6:
                continue
            at = datetime(day.year, day.month, day.day, 14) + timedelta(minutes=self.rng.randrange(-120, 300))
            crm = at - timedelta(minutes=self.rng.choice([1, 45, 600, 3000]))
            runs.append({"at": at, "crm": crm, "closes": closes})
        return runs

    def make_documents(self):
        """Sales with their returns. Each has versions: from a run on it reads so."""
        documents = []
        for number in range(1, self.rng.randrange(3, 10)):
            day = FIRST + timedelta(days=self.rng.randrange(75))
            amount = self.rng.choice([self.rng.randrange(1, 900), self.rng.randrange(10_000, 40_000_000)])
            sale = {
                "date": day, "number": f"0000-{number:06d}", "organisation": self.rng.choice(["Альфа", "Альфа", "Бета"]),
                "party": self.rng.randrange(6), "seller": self.rng.choice([0, 0, 1, 1, 2, 2, 2, 3]), "amount": amount,
                "currency": "EUR" if self.rng.random() < 0.05 else "RUB", "returns": "",
                "net": amount * 100 // 120, "margin": self.rng.randrange(amount + 1), "bonus": self.rng.randrange(amount + 1),
                "from": self.rng.randrange(len(self.runs)), "until": 99, "lines": self.rng.choice([1, 1, 1, 2]),
            }
            back = self.returns_of(sale) if self.rng.random() < 0.45 else []
            documents.append(sale)
            documents.extend(back)
            if self.rng.random() < 0.3:
                self.change(documents, sale, back)
        return documents

    def returns_of(self, sale):
        """Pieces that come back, together the whole or less; the figures of a piece are pieces of the sale's figures."""
        pieces = self.rng.randrange(1, 4)
        whole = self.rng.random() < 0.6
        parts = {key: cut(self.rng, sale[key], pieces + (not whole)) for key in ("amount", "net", "margin", "bonus")}
        count = min(len(part) for part in parts.values()) - (not whole)
        # Without VAT it is never more than with it: the same share of every piece, the last one takes the rest.
        net = [amount * 100 // 120 for amount in parts["amount"]]
        parts["net"] = [*net[:-1], sale["net"] - sum(net[:-1])]
        if (any(len(part) != pieces + (not whole) for part in parts.values())
                or any(net > amount for net, amount in zip(parts["net"], parts["amount"]))):
            return []
        back, day = [], sale["date"]
        for at in range(count):
            day += timedelta(days=self.rng.randrange(0, 30))
            piece = {key: -parts[key][at] for key in parts}
            back.append({**sale, **piece, "date": day, "number": f"В000-{sale['number'][5:]}{at}",
                         "returns": sale["number"], "from": self.rng.randrange(len(self.runs)), "lines": 1,
                         "seller": self.rng.choice([sale["seller"], 0, 4])})
        return back

    def change(self, documents, sale, back):
        """Another amount, another seller, another buyer, or no document at all from a later run on."""
        at = self.rng.randrange(sale["from"], len(self.runs))
        kind = self.rng.choice(["amount", "seller", "party", "gone"])
        if kind == "amount" and back:
            kind = "seller"
        sale["until"] = at
        if kind == "gone":
            return
        after = {**sale, "from": at, "until": 99}
        if kind == "amount":
            after.update(amount=self.rng.randrange(1, 9_000_000))
            after.update(net=after["amount"] * 100 // 120, margin=after["amount"] // 3, bonus=after["amount"] // 7)
        elif kind == "seller":
            after["seller"] = self.rng.randrange(4)
        else:
            # The returns move with it: they are of the same buyer.
            after["party"] = self.rng.randrange(6)
            for piece in list(back):
                documents.append({**piece, "party": after["party"], "from": max(at, piece["from"])})
                piece["until"] = at
        documents.append(after)

    def make_cards(self):
        """CRM cards: created at an instant, seen from a run on, perhaps deleted, perhaps filled in later."""
        cards, start = [], datetime(2026, 2, 25)
        for at, party in enumerate(self.parties):
            kind = self.rng.choice(["inn", "inn", "inn", "none", "none", "tie", "other"])
            for twin in range({"inn": self.rng.choice([1, 1, 1, 2]), "none": 0, "tie": 2, "other": 1}[kind]):
                created = start + timedelta(days=self.rng.randrange(90), seconds=self.rng.randrange(86_400))
                if self.rng.random() < 0.2:
                    # Around midnight in Moscow, where deadlines end; midnight itself is read as a day without a time.
                    created = start + timedelta(days=self.rng.randrange(90), seconds=self.rng.choice([-1, 1]))
                first = next((n for n, run in enumerate(self.runs) if run["crm"] + timedelta(hours=3) >= created), 99)
                if self.rng.random() < 0.15:
                    # The CRM shows it later than its own date says: dated back.
                    first += self.rng.randrange(1, 3)
                cards.append({
                    "id": str(100 + at * 10 + twin), "party": at, "kind": kind, "created": created, "first": first,
                    "gone": first + self.rng.randrange(1, 4) if self.rng.random() < 0.1 else 99,
                    "fields": {key: self.rng.choice(["", "good", "junk"]) for key in ("phone", "email", "city")},
                    "filled": self.rng.choice([99, first + 1, first + 2]),
                })
        for one, two in zip(cards, cards[1:]):
            if one["kind"] == two["kind"] == "tie" and one["party"] == two["party"]:
                # Twins come and stay together: a single one would be a question of likeness.
                first = max(one["first"], two["first"])
                one.update(first=first, gone=99)
                two.update(first=first, gone=99)
                one["fields"].update(phone="good", city="good")
                two["fields"].update(phone="good", city="good")
        return cards

    def make_decisions(self):
        """A person confirms, rejects or exempts from a run on."""
        decisions = []
        for at, _ in enumerate(self.parties):
            own = [card for card in self.cards if card["party"] == at]
            run = self.rng.randrange(len(self.runs))
            draw = self.rng.random()
            if own and own[0]["kind"] in ("tie", "other") and draw < 0.6:
                if own[0]["first"] <= run:
                    decisions.append({"run": run, "party": at, "kind": "confirm", "card": own[0]["id"]})
            elif len(own) == 1 and own[0]["kind"] == "inn" and draw < 0.15 and own[0]["first"] <= run:
                decisions.append({"run": run, "party": at, "kind": "reject", "card": own[0]["id"]})
            elif draw > 0.95:
                decisions.append({"run": run, "party": at, "kind": "exempt", "card": ""})
        return decisions

    def write(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "calendar").mkdir(exist_ok=True)
        (folder / "sverka.toml").write_text('[company]\nname = "ООО «Проверка»"\norganisations = ["Альфа", "Бета"]\n\n'
                                            '[accounting]\nfolders = ["inbox/accounting"]\nstable_seconds = 0\n\n'
                                            '[[crm]]\nname = "crm"\nkind = "table"\nfolder = "inbox/crm"\n\n'
                                            '[web]\nlisten = ""\n', encoding="utf-8")
        (folder / "calendar" / "2026.toml").write_text(self.calendar(), encoding="utf-8")
        (folder / "people.toml").write_text(people(), encoding="utf-8")
        (folder / "policy.toml").write_text(self.policy(), encoding="utf-8")
        rows = [f"{run['at']:%Y-%m-%dT%H:%M:%SZ};{run['crm']:%Y-%m-%dT%H:%M:%SZ};{run['closes']}" for run in self.runs]
        (folder / "runs.csv").write_text("at;crm;closes\n" + "\n".join(rows) + "\n", encoding="utf-8")
        decided = [f"{d['run']};{self.parties[d['party']]['inn']};{d['kind']};{d['card']}" for d in self.decisions]
        (folder / "decisions.csv").write_text("\n".join(["run;inn;kind;card", *decided, ""]), encoding="utf-8")
        for number in range(len(self.runs)):
            (folder / f"sales-{number}.csv").write_text(self.sales(number), encoding="utf-8")
            (folder / f"crm-{number}.csv").write_text(self.crm(number), encoding="utf-8")
        self.write_further(folder)

    def calendar(self):
        off = sorted({FIRST + timedelta(days=self.rng.randrange(100)) for _ in range(6)})
        off = [day for day in off if day.weekday() < 5]
        extra = [day for day in (FIRST + timedelta(days=n) for n in range(100)) if day.weekday() > 4]
        extra = sorted(self.rng.sample(extra, 2))
        days = lambda many: ", ".join(day.isoformat() for day in many)
        return f"year = 2026\ndays_off = [{days(off)}]\nworking_weekends = [{days(extra)}]\nshort_days = []\n"

    def policy(self):
        """One to three versions; whatever a rule may say is said by some company."""
        starts = sorted({FIRST - timedelta(days=20)} | {FIRST + timedelta(days=self.rng.choice([9, 17, 31, 40, 61]))
                                                       for _ in range(self.rng.randrange(3))})
        return "\n".join(self.version(number, start) for number, start in enumerate(starts))

    def version(self, number, start):
        rng = self.rng
        text = [f'[[version]]\nid = "V-{number + 1}"\ntitle = "Редакция {number + 1}"\neffective_from = {start}',
                f"grace_working_days = {rng.choice([0, 1, 3, 5])}\n",
                f'[version.bonus]\nbase = "{self.base}"\nrate = {share(rng.choice([333, 1000, 1250, 777]))}']
        if rng.random() < 0.4:
            text.append(f'department_rates = {{ "Розница" = {share(rng.randrange(0, 3000))} }}')
        text += self.tiers_text()
        if rng.random() < 0.4:
            who = self.parties[rng.randrange(6)]
            named = rng.choice([f'names = ["{who["name"]}"]', f'inns = ["{who["inn"]}"]'])
            text.append(f'\n[[version.exempt]]\nname = "Свои"\n{named}')
        vip = rng.random() < 0.5
        if vip:
            members = ", ".join(f'"{self.parties[n]["inn"]}"' for n in rng.sample(range(6), 3))
            text.append(f'\n[[version.segment]]\nname = "vip"\nmembers = [{members}]')
        names = ["vip"] if vip else []
        text += self.segments_text(names)
        rules = self.missing_rules(vip, names) + self.caps()
        further, cards = self.further_rules(names, self.bands)
        rules += further
        complete = rng.random() < 0.7
        if complete:
            rules.append(self.completeness(names))
        if complete or cards:
            fields = {"title": 2, "inn": 3, "phone": rng.randrange(1, 5), "email": 2, "city": rng.randrange(1, 9)}
            text.append('\n[[version.profile]]\nsegment = "all"\nfields = { '
                        + ", ".join(f"{k} = {v}" for k, v in fields.items()) + " }")
            if vip and rng.random() < 0.6:
                text.append('\n[[version.profile]]\nsegment = "vip"\nfields = { inn = 1, phone = 2 }')
        rng.shuffle(rules)
        return "\n".join([*text, *rules, ""])

    def missing_rules(self, vip, names):
        """One rule for all, or two that are parted by department or segment; perhaps another one tried out."""
        rng = self.rng

        def rule(ident, scope, shadow="false"):
            gone = rng.choice([5000, 10_000, 3333, 2500])
            late = rng.choice([0, 1000, gone, gone // 3])
            kpi = rng.choice(["true", "false"])
            return (f'\n[[version.rule]]\nkind = "missing_counterparty"\nid = "{ident}"\nshadow = {shadow}\n'
                    f"missing = {share(gone)}\nlate = {share(late)}\nexclude_from_kpi = {kpi}\n{self.asks()}{scope}")

        draw = rng.random()
        if draw < 0.25:
            rules = [rule("missing_opt", 'scope = { departments = ["Опт"] }'),
                     rule("missing_retail", 'scope = { departments = ["Розница"] }')]
        elif draw < 0.4 and vip:
            rules = [rule("missing_vip", 'scope = { segments = ["vip"] }'),
                     rule("missing_all", 'scope = { segments = ["all"] }')]
        elif names and self.say.random() < 0.4:
            rules = [rule("missing_segment", f'scope = {{ segments = ["{self.say.choice(names)}"] }}')]
        elif draw < 0.6:
            scope = rng.choice(['scope = { groups = ["пилот"] }', "scope = { hired_from = 2025-01-01 }",
                                'scope = { min_amount = "25000.00" }'])
            rules = [rule("missing_counterparty", scope)]
        else:
            rules = [rule("missing_counterparty", "")]
        if rng.random() < 0.3:
            rules.append(rule("missing_tried", "", shadow="true"))
        return rules

    def caps(self):
        rng = self.rng

        def cap(ident, scope="", shadow="false"):
            return (f'\n[[version.rule]]\nkind = "cap"\nid = "{ident}"\nshadow = {shadow}\n'
                    f"cap = {share(rng.choice([0, 500, 2000, 1999]))}\n{scope}")

        rules = [cap("cap")]
        if rng.random() < 0.3:
            rules = [cap("cap_opt", 'scope = { departments = ["Опт"] }'),
                     cap("cap_retail", 'scope = { departments = ["Розница"] }')]
        if rng.random() < 0.2:
            rules.append(cap("cap_tried", shadow="true"))
        return rules

    @staticmethod
    def bands(rng):
        """Contiguous bands over 0 to 100 %, each with a sum or a share of the period's bonus."""
        edges = [0, *sorted(rng.sample(range(1, 10_000), rng.randrange(0, 3))), 10_000]
        bands = []
        for low, high in zip(edges, edges[1:]):
            premium = f'"{rng.randrange(0, 500_000) / 100:.2f}"' if rng.random() < 0.5 else share(rng.randrange(0, 2500))
            bands.append(f"    {{ from = {share(low)}, to = {share(high)}, premium = {premium} }},")
        return "\n".join(bands)

    def completeness(self, names):
        rng = self.rng
        bands = self.bands(rng)
        shadow = rng.choice(["false", "false", "false", "true"])
        scope = rng.choice(["", "", 'scope = { departments = ["Опт"] }', 'scope = { min_amount = "100.00" }'])
        if names and self.say.random() < 0.3:
            scope = f'scope = {{ segments = ["{self.say.choice([*names, "all"])}"] }}'
        return (f'\n[[version.rule]]\nkind = "completeness"\nshadow = {shadow}\n{self.asks()}{scope}\n'
                f"bands = [\n{bands}\n]")

    def sales(self, run):
        """The export of a run: everything accounting knows then."""
        head = ("Дата;Номер;Организация;Контрагент;ИНН;Ответственный;Сумма с НДС;Сумма без НДС;Маржа;Премия;Валюта;"
                "Возврат по")
        sellers = [name for _, name, *_ in SELLERS] + ["Неизвестный Сергей", ""]
        # One document from before the regulation: it is nobody's business, and no export is empty.
        early = "Альфа;ООО «Рассвет»;7707083893;Орлов Илья;1000,00;800,00;100,00;10,00;RUB;"
        rows = [head, f"01.02.2026;0000-900000;{early}"]
        for doc in self.documents:
            if not doc["from"] <= run < doc["until"]:
                continue
            party = self.parties[doc["party"]]
            figures = [doc[key] for key in ("amount", "net", "margin", "bonus")]
            split = doc["lines"] == 2 and min(figures) > 5
            parts = [[f // 3 for f in figures], [f - f // 3 for f in figures]] if split else [figures]
            for line in parts:
                amounts = ";".join(map(rubles, line))
                rows.append(f"{doc['date']:%d.%m.%Y};{doc['number']};{doc['organisation']};{party['name']};{party['inn']};"
                            f"{sellers[doc['seller']]};{amounts};{doc['currency']};{doc['returns']}")
        return "\n".join(rows) + "\n"

    def crm(self, run):
        rows = ["ID;Название компании;Реквизит: ИНН;Рабочий телефон;E-mail;Город;Дата создания"]
        rows += [f"{n};ООО «Посторонняя {n}»;;;;;01.02.2026 10:00:00" for n in range(10, 13)]
        first = {"phone": "+7 495 765-43-21", "email": "sales@buyer.example", "city": "Тверь"}
        # A second card with other particulars: two companies of one name, and no one says which it is.
        second = {"phone": "+7 812 345-67-89", "email": "office@other.example", "city": "Омск"}
        junk = {"phone": "1111111", "email": "нет", "city": "Тест"}
        for card in self.cards:
            if not card["first"] <= run < card["gone"]:
                continue
            party = self.parties[card["party"]]
            named = card["kind"] != "other"
            title = party["name"] if named else f"Кооператив {card['id']} Северный склад"
            inn = party["inn"] if card["kind"] == "inn" else ""
            good = second if card["id"].endswith("1") else first
            texts = {"": {key: "" for key in good}, "good": good, "junk": junk}
            value = {key: good[key] if run >= card["filled"] else texts[how][key] for key, how in card["fields"].items()}
            rows.append(f"{card['id']};{title};{inn};{value['phone']};{value['email']};{value['city']};"
                        f"{card['created']:%d.%m.%Y %H:%M:%S}")
        return "\n".join(rows) + "\n"


def people():
    text = []
    for ident, name, department, hired, groups in SELLERS:
        groups = ", ".join(f'"{group}"' for group in groups)
        text.append(f'[[person]]\nid = "{ident}"\nname = "{name}"\nemail = "p{ident}@firma.example"\n'
                    f'department = "{department}"\nroles = ["manager"]\nhired = {hired}\ngroups = [{groups}]\n')
    for ident, name, role in (("0001", "Громова Елена", "head"), ("0002", "Рябова Нина", "finance"),
                              ("0003", "Смирнов Олег", "operator")):
        text.append(f'[[person]]\nid = "{ident}"\nname = "{name}"\nemail = "p{ident}@firma.example"\nroles = ["{role}"]\n')
    return "\n".join(text)


def write_all(folder, seed, count):
    for number in range(count):
        Company(seed, number).write(Path(folder) / f"{number:04d}")
