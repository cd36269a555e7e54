"""The contract of every number, computed a second time: verdicts, statuses, wanted amounts, the ledger. Written from the
description of the rules; nothing of the program is used or imitated. Deliberately absent: likeness of names (a card is the
buyer's when it carries his ИНН), and what `further` has: segments, plans, deals, calls, contests.

Readings where the description is silent:
- A return whose named sale is not among the documents takes nothing back and counts nowhere.
- Pieces of a return move the sale's base one after another, by date and number; a piece is worth the difference of the
  rounded amounts before and after it, so that pieces which make up the whole come to nothing.
- The limit of a period is the sum over the policy versions of (bonus of their sales x their cap), rounded once, and never
  more than the widest of these caps of the whole bonus; its line carries the rule of the latest version with documents.
- What a person has rejected is no candidate. A card that was deleted later proves its time of entry beside another card of
  the same ИНН; when no card is left, a person looks. A closed month is judged by the cards that stood at its close.
"""

from collections import defaultdict

from facts import basis_points, kopecks, last_day, month_of
from further import Further, in_band

NOT_FILLED = {"", "1111111", "нет", "Тест"}


def share(amount, bp):
    """amount x bp / 10 000, half away from zero."""
    whole, rest = divmod(abs(amount) * bp, 10_000)
    rounded = whole + (rest * 2 >= 10_000)
    return rounded if amount >= 0 else -rounded


class Run(Further):
    """One run of one company: what its facts ask for."""

    def __init__(self, company, number, closed):
        self.company, self.number = company, number
        self.at, self.crm = company.runs[number]["at"], company.runs[number]["crm"]
        self.documents = company.exports[number]
        self.cards = company.cards(number)
        self.decided = [d for d in company.decided if int(d["run"]) <= number]
        # Month -> run whose CRM data judges its cards.
        self.closed = closed
        self.wanted, self.shown = defaultdict(int), defaultdict(int)
        self.totals, self.segments, self.facts_of_plan = {}, {}, None
        self.sold = [found for sale in self.documents.values() if (found := self.terms(sale))]
        for found in self.sold:
            self.sale(*found)
        self.caps()
        self.periods()

    def terms(self, sale):
        """A sale with the version in force, its seller and its status; nothing for what no version or nobody answers for."""
        version, person = self.company.version_on(sale["date"]), self.company.people.get(sale["seller"])
        if sale["with_vat"] <= 0 or sale["currency"] != "RUB" or version is None or person is None:
            return None
        return sale, version, person, self.status(sale, version)

    def verdict(self, inn, name):
        """Verdict on a counterparty with the cards that are his."""
        own = [d for d in self.decided if d["inn"] == inn]
        confirmed = [d["card"] for d in own if d["kind"] == "confirm" and d["card"] in self.cards]
        if confirmed:
            return "in_crm", confirmed
        rejected = {d["card"] for d in own if d["kind"] == "reject"}
        same = [ident for ident, card in self.cards.items() if card["inn"] == inn and ident not in rejected]
        if same:
            there = {row["ID"] for row in self.company.crm[self.number]}
            return ("in_crm" if there & set(same) else "uncertain"), same
        alike = [ident for ident, card in self.cards.items() if card["name"] == name and not card["inn"]]
        return ("uncertain", alike) if len(alike) > 1 else ("not_in_crm", [])

    def is_exempt(self, sale, version):
        named = any(sale["name"] in c.get("names", []) or sale["inn"] in c.get("inns", []) for c in version.get("exempt", []))
        return named or any(d["kind"] == "exempt" and d["inn"] == sale["inn"] for d in self.decided)

    def status(self, sale, version):
        if self.is_exempt(sale, version):
            return "exempt"
        deadline = self.company.deadline(sale["date"], version["grace_working_days"])
        verdict, cards = self.verdict(sale["inn"], sale["name"])
        if verdict == "in_crm":
            entered = min(self.cards[card]["entered"] for card in cards)
            return "on_time" if entered < deadline else "late"
        if self.at < deadline:
            return "pending"
        if verdict == "not_in_crm":
            return "missing" if self.crm >= deadline else "not_judgeable"
        return verdict

    @staticmethod
    def covers(rule, person):
        scope = rule.get("scope", {})
        return ((not scope.get("departments") or person["department"] in scope["departments"])
                and (not scope.get("groups") or set(scope["groups"]) & set(person["groups"]))
                and ("hired_from" not in scope or person["hired"] >= scope["hired_from"]))

    def returns_of(self, sale):
        """Documents that take this sale back, in the order of date and number."""
        back = [d for d in self.documents.values()
                if d["with_vat"] < 0 and d["currency"] == sale["currency"] and d["returns"] == sale["number"]
                and (d["organisation"], d["inn"]) == (sale["organisation"], sale["inn"])]
        return sorted(back, key=lambda d: (d["date"], d["number"]))

    def sale(self, sale, version, person, status):
        """The sale and everything that comes back of it."""
        base, rate, before = version["bonus"]["base"], self.rate(sale, version, person), 0
        for document in [sale, *self.returns_of(sale)]:
            after = before + document[base]
            change = share(after, rate) - share(before, rate)
            month = month_of(document["date"])
            total = self.totals.setdefault((month, person["id"]), {})
            part = total.setdefault(version["id"], {"bonus": 0, "reductions": 0})
            part["bonus"] += change
            for rule in version["rule"]:
                key = (month, person["id"], "|".join(map(str, document["key"])), rule.get("id", rule["kind"]))
                within = self.covers_sale(rule, sale, version)
                posts = within and self.reaches(rule, version, person, sale["date"])
                into = self.wanted if posts else self.shown
                if rule["kind"] == "missing_counterparty":
                    bp = basis_points(rule[status]) if status in ("missing", "late") else 0
                    amount = share(share(before, rate), bp) - share(share(after, rate), bp)
                    into[key] += amount
                    part["reductions"] -= amount if posts else 0
                elif rule["kind"] == "deal_approval" and within and status != "exempt" and self.waits(sale, person):
                    into[key] -= change
            before = after

    def caps(self):
        """What reductions of a person and month exceed the limit by."""
        people = {p["id"]: p for p in self.company.people.values()}
        for (month, ident), total in self.totals.items():
            product, bonus, reductions, widest, name = 0, 0, 0, 0, None
            for version in self.company.versions:
                part = total.get(version["id"])
                rules = [r for r in version["rule"] if r["kind"] == "cap" and not r["shadow"]
                         and self.covers(r, people[ident])]
                if part is None or not rules:
                    continue
                bp = basis_points(rules[0]["cap"])
                product += part["bonus"] * bp
                bonus += part["bonus"]
                reductions += part["reductions"]
                widest, name = max(widest, bp), rules[0]["id"]
            whole, rest = divmod(max(product, 0), 10_000)
            limit = min(whole + (rest * 2 >= 10_000), share(max(bonus, 0), widest))
            if reductions > limit:
                self.wanted[(month, ident, "period", name)] += reductions - limit

    def periods(self):
        """Premiums of the months that are closed or being closed, by the cards as they stood at the close."""
        for month, run in self.closed.items():
            version = self.company.version_on(last_day(month))
            for rule in version["rule"]:
                name = rule.get("id", rule["kind"])
                if rule["kind"] == "contest":
                    for ident, posts, prize in self.contest(rule, month, version, run):
                        (self.wanted if posts else self.shown)[(month, ident, "period", name)] += prize
                for person in self.company.people.values():
                    posts = self.reaches(rule, version, person, last_day(month))
                    premium = self.premium(rule, month, person, version, run)
                    (self.wanted if posts else self.shown)[(month, person["id"], "period", name)] += premium

    def premium(self, rule, month, person, version, run):
        """What a rule over the whole month gives."""
        parts = self.totals.get((month, person["id"]), {}).values()
        bonus = max(sum(part["bonus"] for part in parts), 0)
        if rule["kind"] == "call_recording":
            made, recorded = self.calls(rule, month, person, run)
            each = kopecks(rule["per_recorded"]) * recorded
            return each + in_band(rule.get("bands", []), recorded * 10_000 // made, bonus, share) if made else 0
        if rule["kind"] == "completeness":
            value = self.mean_score(rule, month, person, version, run)
        elif rule["kind"] == "freshness":
            value = self.fresh_share(rule, month, person, version, run)
        else:
            return 0
        return 0 if value is None else in_band(rule["bands"], value, bonus, share)

    def mean_score(self, rule, month, person, version, run):
        """Mean of the scores of the cards of the month's buyers, rounded down; nothing without a card."""
        rows = {row["ID"]: row for row in self.company.crm[run]}
        scores = [self.score(inn, name, version, month, rows)
                  for inn, name in self.buyers(rule, month, person, version).items()]
        scores = [score for score in scores if score is not None]
        return sum(scores) // len(scores) if scores else None

    def cards_of(self, inn, name, rows):
        """The buyer's cards of an export; nothing for who is not certain."""
        verdict, cards = self.verdict(inn, name)
        if verdict == "uncertain":
            cards = [card for card in cards if card in rows and rows[card]["Реквизит: ИНН"] == inn]
            if not cards:
                return None
        return [card for card in cards if card in rows]

    def profile(self, inn, version, month):
        """Columns with weights that are asked of the buyer's card."""
        columns = {"title": "Название компании", "inn": "Реквизит: ИНН", "phone": "Рабочий телефон", "email": "E-mail",
                   "city": "Город"}
        profiles = {p["segment"]: p["fields"] for p in version["profile"]}
        fields = profiles.get(self.segment(inn, version, month)) or profiles["all"]
        return {columns[field]: weight for field, weight in fields.items()}

    def score(self, inn, name, version, month, rows):
        """Filled weight / total weight of the fullest card, rounded down; nothing for who is not certain."""
        cards, fields, best = self.cards_of(inn, name, rows), self.profile(inn, version, month), 0
        if cards is None:
            return None
        for row in (rows[card] for card in cards):
            full = sum(weight for column, weight in fields.items() if row[column] not in NOT_FILLED)
            best = max(best, full * 10_000 // sum(fields.values()))
        return best


def following(month):
    year, number = map(int, month.split("-"))
    return f"{year + number // 12:04d}-{number % 12 + 1:02d}"


def ledger(company):
    """Every run's wanted amounts, and the entries that it posts."""
    posted, closed = defaultdict(int), {}
    for number, moment in enumerate(company.runs):
        past = sorted(closed)
        if moment["closes"]:
            closed[moment["closes"]] = number
        run = Run(company, number, closed)
        entries = []
        for key in sorted(set(run.wanted) | set(posted)):
            amount = run.wanted.get(key, 0) - posted[key]
            if not amount:
                continue
            # A closed month never changes: its difference goes into the open one.
            late = bool(past) and key[0] <= past[-1]
            entries.append((key, following(past[-1]) if late else key[0], late, amount))
            posted[key] += amount
        yield number, run, entries
