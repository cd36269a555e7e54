"""The further parts of a made-up company: segments by turnover and newness, rates by plan, deals that wait, freshness, calls,
contests, signatures, and the tables they are read from. Deliberately absent: any computation of money (`further`)."""

import random
from datetime import date, datetime, timedelta

MONTHS = ("2026-03", "2026-04", "2026-05")


def share(bp):
    return f'"{bp // 100}.{bp % 100:02d} %"'


class Further:
    """What a company may have beside sales and cards. `say` is its own source of chance: the rest stays as it was."""

    def make_further(self, seed, number, sellers):
        self.say = say = random.Random(f"{seed}/{number}/further")
        has = lambda part: say.random() < part
        self.with_tiers = self.base != "column" and has(0.35)
        self.with_deals, self.with_signing, self.with_segments = has(0.35), has(0.3), has(0.4)
        self.with_fresh, self.with_calls, self.with_contest = has(0.3), has(0.3), has(0.35)
        self.sellers = sellers
        if has(0.4):
            # Accounting reaches back further: newness can be proven, and turnover has months to look at.
            self.documents += [self.older(at) for at in range(say.randrange(1, 4))]
        runs = range(len(self.runs))
        self.plans = [{"seller": seller, "month": month, "kopecks": say.randrange(1, say.choice([10**6, 6 * 10**7])),
                       "from": say.choice(runs)}
                      for seller in range(3) for month in MONTHS if self.with_tiers and has(0.7)]
        self.plans += [{**plan, "kopecks": plan["kopecks"] * 2 // 3 + 1, "from": plan["from"] + 1}
                       for plan in self.plans if has(0.15)]
        self.words = self.make_words() if self.with_deals else []
        self.calls, self.notes = [], []
        for at in range(say.randrange(3, 14) if self.with_calls else 0):
            self.call(at)
        if self.with_fresh:
            self.notes += [self.note(900 + at) for at in range(say.randrange(0, 5))]
        self.votes, seen = [], set()
        for _ in range(say.randrange(2, 9) if self.with_contest else 0):
            vote = {"run": say.choice(runs), "month": say.choice(MONTHS), "rule": "by_votes",
                    "juror": say.choice(["0001", "0002", "0003"]), "employee": sellers[say.randrange(3)][0]}
            key = (vote["month"], vote["juror"])
            if key not in seen:
                seen.add(key)
                self.votes.append(vote)
        self.signed = [{"run": say.choice(runs), "employee": ident, "version": f"V-{version}",
                        "on": date(2026, 2, 20) + timedelta(days=say.randrange(80))}
                       for ident, *_ in sellers for version in (1, 2, 3) if self.with_signing and has(0.7)]

    def older(self, at):
        amount = self.say.randrange(1, 30_000_000)
        return {"date": self.say.choice([date(2025, 9, 30), date(2025, 11, 15), date(2026, 1, 1), date(2026, 2, 28)]),
                "number": f"0000-8{at:05d}", "organisation": "Альфа", "party": self.say.randrange(6), "seller": 0,
                "amount": amount, "currency": self.say.choice(["RUB", "RUB", "RUB", "EUR"]), "returns": "",
                "net": amount * 100 // 120, "margin": amount // 4, "bonus": amount // 9, "from": 0, "until": 99, "lines": 1}

    def make_words(self):
        """What heads said of deals: mostly of the document as it stands, at times of a smaller one, or by the seller."""
        say, words = self.say, []
        for run in range(len(self.runs)):
            for doc in self.documents:
                if doc["amount"] > 0 and doc["date"].year == 2026 and doc["from"] <= run < doc["until"] and say.random() < 0.4:
                    amount = say.choice([doc["amount"]] * 4 + [doc["amount"] - 1, doc["amount"] + 1])
                    author = say.choice(["0001"] * 3 + [self.sellers[say.randrange(3)][0]])
                    key = f"{doc['organisation'].upper()}|{doc['number']}|{doc['date'].year}"
                    words.append({"run": run, "author": author, "sale": key, "amount": amount,
                                  "answer": say.choice(["approve", "approve", "approve", "return"])})
        return words

    def call(self, at):
        """A call of one or two legs, and perhaps a note of it: by somebody else, of another number, or too late."""
        say = self.say
        who = say.randrange(3)
        start = datetime(2026, 3, 1, 9) + timedelta(days=say.randrange(61), minutes=say.randrange(600), seconds=say.randrange(60))
        number, seconds = f"+7 916 {100 + at} 22 33", say.choice([0, 9, 10, 11, 29, 30, 31, 600])
        leg = {"number": number, "seller": who, "start": start, "seconds": seconds, "linked": f"c{at}",
               "from": say.choice([0, 0, 0, 1, 2])}
        self.calls.append(leg)
        if say.random() < 0.3 and seconds:
            # Rang with somebody else first.
            self.calls.append({**leg, "seller": (who + 1) % 3, "seconds": seconds - 1})
        if say.random() < 0.75:
            gap = say.choice([0, 1, 299, 300, 301, 900, 901])
            moment = start + timedelta(seconds=seconds + gap) if say.random() < 0.6 else start - timedelta(seconds=gap)
            self.notes.append({"id": 5000 + at, "seller": say.choice([who, who, who, (who + 1) % 3]), "created": moment,
                               "number": say.choice([number, number, number, "+7 916 999 22 33"]), "card": ""})

    def note(self, ident):
        """Something done with a client."""
        card = self.say.choice(self.cards)["id"] if self.cards else ""
        moment = datetime(2026, 2, 25, 12) + timedelta(days=self.say.randrange(80), seconds=self.say.randrange(3600))
        return {"id": ident, "seller": self.say.randrange(3), "created": moment, "number": "", "card": card}

    # --- the regulation -------------------------------------------------------------------------------------------

    def asks(self):
        """The line of a rule that waits for a signature."""
        return "requires_acknowledgement = true\n" if self.with_signing and self.say.random() < 0.5 else ""

    def tiers_text(self):
        if not self.with_tiers:
            return []
        say = self.say

        def steps():
            edges = [0, *sorted(say.sample([5000, 8000, 10_000, 11_050], say.randrange(1, 4)))]
            return "[" + ", ".join(f"{{ from = {share(e)}, rate = {share(say.randrange(50, 2500))} }}" for e in edges) + "]"

        text = [f'plan_base = "{say.choice(["with_vat", "without_vat", "margin"])}"']
        draw = say.random()
        if draw < 0.8:
            text.append(f"tiers = {steps()}")
        if draw > 0.5:
            text.append(f'department_tiers = {{ "Опт" = {steps()} }}')
        return text

    def segments_text(self, names):
        """Segments that follow from sales; their names are added to `names`."""
        if not self.with_segments:
            return []
        say, text = self.say, []
        if say.random() < 0.7:
            take = say.choice(["top = 1", "top = 2", 'at_least = "50000.00"', 'at_least = "0.01"'])
            text.append(f'\n[[version.segment]]\nname = "крупные"\nturnover = {{ months = {say.choice([1, 2, 6])}, {take} }}')
            names.append("крупные")
        if say.random() < 0.7:
            text.append(f'\n[[version.segment]]\nname = "новые"\nnew_months = {say.choice([1, 2, 3])}')
            names.append("новые")
        return text

    def further_rules(self, names, bands):
        """The further rules; and whether one of them looks at cards."""
        say, rules, cards = self.say, [], False
        shadow = lambda: say.choice(["false", "false", "false", "true"])
        who = lambda: say.choice(["", "", 'scope = { departments = ["Опт"] }', 'scope = { groups = ["пилот"] }',
                                  "scope = { hired_from = 2025-01-01 }"])
        of_segment = [f'scope = {{ segments = ["{name}"] }}' for name in names] or [""]
        if self.with_deals:
            scope = say.choice(["", 'scope = { min_amount = "50000.00" }', 'scope = { departments = ["Опт"] }', *of_segment])
            rules.append(f'\n[[version.rule]]\nkind = "deal_approval"\nescalate_working_days = 5\nshadow = {shadow()}\n'
                         f"{self.asks()}{scope}")
        if self.with_fresh:
            cards = True
            scope = say.choice([who(), 'scope = { min_amount = "1000.00" }', *of_segment])
            rules.append(f'\n[[version.rule]]\nkind = "freshness"\nfresh_days = {say.choice([7, 15, 25, 60])}\n'
                         f"shadow = {shadow()}\n{self.asks()}{scope}\nbands = [\n{bands(say)}\n]")
        if self.with_calls:
            text = f"bands = [\n{bands(say)}\n]" if say.random() < 0.7 else ""
            rules.append(f'\n[[version.rule]]\nkind = "call_recording"\nmin_seconds = {say.choice([0, 10, 30])}\n'
                         f'match_minutes = {say.choice([5, 15])}\nper_recorded = "{say.randrange(1, 9999) / 100:.2f}"\n'
                         f"shadow = {shadow()}\n{self.asks()}{who()}\n{text}")
        if self.with_contest:
            for by in say.sample(["votes", "streak", "card_score"], say.randrange(1, 4)):
                cards = cards or by == "card_score"
                prizes = sorted((say.randrange(1, 700_000) for _ in range(say.randrange(1, 4))), reverse=True)
                prizes = ", ".join(f'"{prize / 100:.2f}"' for prize in prizes)
                rules.append(f'\n[[version.rule]]\nkind = "contest"\nid = "by_{by}"\nby = "{by}"\nprizes = [{prizes}]\n'
                             f"shadow = {shadow()}\n{self.asks()}{who()}")
        return rules, cards

    # --- the tables -----------------------------------------------------------------------------------------------

    def write_further(self, folder):
        put = lambda name, rows: (folder / name).write_text("\n".join([*rows, ""]), encoding="utf-8")
        put("acknowledgements.csv", ["run;employee;version;on",
                                     *(f"{s['run']};{s['employee']};{s['version']};{s['on']}" for s in self.signed)])
        put("deals.csv", ["run;author;sale;amount;answer",
                          *(f"{w['run']};{w['author']};{w['sale']};{w['amount']};{w['answer']}" for w in self.words)])
        put("votes.csv", ["run;month;rule;juror;employee",
                          *(f"{v['run']};{v['month']};{v['rule']};{v['juror']};{v['employee']}" for v in self.votes)])
        name = lambda one: self.sellers[one["seller"]][1]
        for run, moment in enumerate(self.runs):
            known = {(plan["seller"], plan["month"]): plan for plan in self.plans if plan["from"] <= run}
            put(f"plans-{run}.csv", ["Сотрудник;Период;План", *(
                f"{name(p)};{p['month']};{p['kopecks'] // 100},{p['kopecks'] % 100:02d}" for p in known.values())])
            put(f"calls-{run}.csv", ["Номер;Сотрудник;Начало;Длительность;ID звонка", *(
                f"{c['number']};{name(c)};{c['start']:%d.%m.%Y %H:%M:%S};{c['seconds']};{c['linked']}"
                for c in self.calls if c["from"] <= run)])
            # Three hours: business time against the universal time of runs.
            until = moment["crm"] + timedelta(hours=3)
            put(f"notes-{run}.csv", ["ID;Тема дела;Тип дела;Ответственный;ID компании;Телефон;Дата создания", *(
                f"{n['id']};Разговор;Звонок;{name(n)};{n['card']};{n['number']};{n['created']:%d.%m.%Y %H:%M:%S}"
                for n in self.notes if n["created"] <= until)])
