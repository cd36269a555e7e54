"""The further rules of the contract: segments that follow from sales, rates by plan, deals that wait, freshness, calls,
contests, signatures. Written from the description like `rules`. Deliberately absent: likeness of names, flags of the CRM.

Readings where the description is silent:
- The fact of the plan is what is left of the sales after the returns booked in the month, in the plan's figure, over every
  version of the month. A sale that does not count takes its returns with it. A rule that is only shown excludes nothing.
- A department with a rate of its own and no steps of its own keeps that rate, whatever the plan.
- A person whose word on a deal is recorded is a head; only the seller's own is left out. Exempt deals wait for nobody, and
  neither does what the rule's segments or least amount leave out: it is not even shown.
- Entering a card is upkeep. What happened before the first export that shows a card is not known; where days of the window lie
  before it, and no export of these days lacked the card, it is left out unless it was touched since. A buyer without a card is not fresh. Of several cards of a buyer the freshest counts.
- A note lies within the minutes when it was made so long before the call began or after it ended at the most.
- Exempt buyers take no place in a turnover from others; whoever of them bought as much as the last of the first is one of
  them, and a least turnover asks nobody whether he is exempt.
- Who is only shown in a contest is placed among those who take part, and takes no place from them; where nobody takes
  part, among all whom it is shown to.
- The parts of a shared prize add up to it: kopecks that cannot be shared go one each in the order of personnel numbers.
- A run of sales is broken by one whose buyer was late or is missing; others neither lengthen nor break it.
"""

from datetime import date, datetime, timedelta

from facts import ZONE, basis_points, kopecks, last_day, month_of


def months_before(day, months):
    at = day.year * 12 + day.month - 1 - months
    return date(at // 12, at % 12 + 1, 1)


def in_band(bands, value, bonus, share):
    """What the band of a share gives."""
    for band in bands:
        low, high = basis_points(band["from"]), basis_points(band["to"])
        if low <= value < high or value == high == 10_000:
            premium = band["premium"]
            return share(bonus, basis_points(premium)) if "%" in premium else kopecks(premium)
    return 0


class Further:
    """Part of a run: the facts are those of `rules.Run`."""

    def has_signed(self, person, version, day):
        return any(s["employee"] == person["id"] and s["version"] == version["id"] and s["on"] <= day
                   for s in self.company.signed if s["run"] <= self.number)

    def reaches(self, rule, version, person, day):
        """Whether the rule moves money of the person for a fact of this day."""
        return (not rule.get("shadow", False) and self.covers(rule, person)
                and (not rule.get("requires_acknowledgement") or self.has_signed(person, version, day)))

    def covers_sale(self, rule, sale, version):
        scope = rule.get("scope", {})
        return ((not scope.get("segments") or self.segment(sale["inn"], version, month_of(sale["date"])) in scope["segments"])
                and sale["with_vat"] >= kopecks(scope.get("min_amount", "0")))

    # --- segments ---------------------------------------------------------------------------------------------------

    def segment(self, inn, version, month):
        """The first group that the buyer belongs to on the month's first day."""
        key = (inn, version["id"], month)
        if key not in self.segments:
            self.segments[key] = next((s["name"] for s in version.get("segment", [])
                                       if self.belongs(inn, s, version, month)), "all")
        return self.segments[key]

    def belongs(self, inn, segment, version, month):
        start = date.fromisoformat(month + "-01")
        if inn in segment.get("members", []):
            return True
        turnover = segment.get("turnover")
        if turnover and inn in self.first_by_turnover(turnover, version, start):
            return True
        return "new_months" in segment and self.is_new(inn, months_before(start, segment["new_months"]))

    def first_by_turnover(self, turnover, version, start):
        since, sums, judged = months_before(start, turnover["months"]), {}, set()
        for doc in self.documents.values():
            if since <= doc["date"] < start and doc["currency"] == "RUB":
                sums[doc["inn"]] = sums.get(doc["inn"], 0) + doc["with_vat"]
                if not self.is_exempt(doc, version):
                    judged.add(doc["inn"])
        if "at_least" in turnover:
            return {inn for inn, total in sums.items() if total >= kopecks(turnover["at_least"])}
        best = sorted((sums[inn] for inn in judged if sums[inn] > 0), reverse=True)[:turnover["top"]]
        return {inn for inn, total in sums.items() if best and total >= best[-1]}

    def is_new(self, inn, since):
        """Nothing was sold before, and the data reach back far enough to say so."""
        if min(doc["date"] for doc in self.documents.values()) >= since:
            return False
        return all(doc["date"] >= since for doc in self.documents.values() if doc["inn"] == inn and doc["with_vat"] > 0)

    # --- rates by plan ----------------------------------------------------------------------------------------------

    def rate(self, sale, version, person):
        """Basis points of the bonus of a sale, its returns included."""
        bonus, department = version["bonus"], person["department"]
        if bonus["base"] == "column":
            return 10_000
        flat = bonus.get("department_rates", {})
        steps = bonus.get("department_tiers", {}).get(department)
        if steps is None and department not in flat:
            steps = bonus.get("tiers")
        month = month_of(sale["date"])
        plan = self.company.plans[self.number].get((person["id"], month), 0)
        if not steps or not plan:
            return basis_points(flat.get(department, bonus["rate"]))
        figure = bonus.get("plan_base", bonus["base"])
        attained = self.plan_facts().get((person["id"], month, figure), 0) * 10_000 // plan
        reached = [step for step in steps if basis_points(step["from"]) <= attained] or steps[:1]
        return basis_points(reached[-1]["rate"])

    def plan_facts(self):
        if self.facts_of_plan is None:
            self.facts_of_plan = {}
            for sale, version, person, status in self.sold:
                if not self.counts(sale, version, person, status):
                    continue
                for document in [sale, *self.returns_of(sale)]:
                    for figure in ("with_vat", "without_vat", "margin"):
                        key = (person["id"], month_of(document["date"]), figure)
                        self.facts_of_plan[key] = self.facts_of_plan.get(key, 0) + document[figure]
        return self.facts_of_plan

    def counts(self, sale, version, person, status):
        """Whether the sale counts in plan and fact."""
        for rule in version["rule"]:
            if not self.reaches(rule, version, person, sale["date"]) or not self.covers_sale(rule, sale, version):
                continue
            if (rule["kind"] == "missing_counterparty" and rule.get("exclude_from_kpi") and status in ("missing", "late")
                    or rule["kind"] == "deal_approval" and status != "exempt" and self.waits(sale, person)):
                return False
        return True

    # --- deals ------------------------------------------------------------------------------------------------------

    def waits(self, sale, person):
        """Whether no head has approved the deal as it stands now."""
        key = "|".join(map(str, sale["key"]))
        words = [w for w in self.company.words
                 if w["run"] <= self.number and w["sale"] == key and w["author"] != person["id"]]
        return not words or words[-1]["answer"] == "return" or words[-1]["amount"] < sale["with_vat"]

    # --- cards ------------------------------------------------------------------------------------------------------

    def buyers(self, rule, month, person, version):
        """Who was sold to in the month, as far as the rule looks: {ИНН: name}."""
        scope, found = rule.get("scope", {}), {}
        least = kopecks(scope.get("min_amount", "0"))
        for sale, terms, seller, status in self.sold:
            if seller is person and month_of(sale["date"]) == month and status != "exempt" and sale["with_vat"] >= least:
                inn = sale["inn"]
                if not scope.get("segments") or self.segment(inn, version, month) in scope["segments"]:
                    found[inn] = sale["name"]
        return found

    def fresh_share(self, rule, month, person, version, run):
        """Fresh cards among those of which it is known, rounded down; nothing without any."""
        states = [self.upkeep(inn, name, rule["fresh_days"], month, version, run)
                  for inn, name in self.buyers(rule, month, person, version).items()]
        judged = [state for state in states if state is not None]
        return sum(judged) * 10_000 // len(judged) if judged else None

    def upkeep(self, inn, name, days, month, version, run):
        """Whether the buyer's card was kept up in the days before the month's end; None: not known."""
        rows = {row["ID"]: row for row in self.company.crm[run]}
        found = self.cards_of(inn, name, rows)
        if found is None:
            return None
        after = last_day(month) + timedelta(days=1)
        end = datetime(after.year, after.month, after.day, tzinfo=ZONE)
        states = [self.touched(card, end - timedelta(days=days), end, self.profile(inn, version, month), run)
                  for card in found]
        return True if True in states else None if None in states else False

    def touched(self, card, since, end, fields, run):
        if since <= self.cards[card]["entered"] < end:
            return True
        if any(note["card"] == card and since <= note["created"] < end for note in self.company.notes[run]):
            return True
        shown = [{row["ID"]: row for row in self.company.crm[at]}.get(card) for at in range(run + 1)]
        for at in range(1, run + 1):
            one, two = shown[at - 1], shown[at]
            if one and two and self.company.runs[at - 1]["crm"] < end and self.company.runs[at]["crm"] >= since:
                if any(one[column] != two[column] and two[column] for column in fields):
                    return True
        first = next((at for at in range(run + 1) if shown[at]), None)
        if first is None:
            return False
        seen = [self.company.runs[at]["crm"] for at in range(first + 1)]
        return None if since < seen[-1] and all(at < since for at in seen[:-1]) else False

    # --- calls ------------------------------------------------------------------------------------------------------

    def calls(self, rule, month, person, run):
        """Calls made and calls recorded."""
        longest = {}
        for leg in self.company.calls[self.number]:
            best = longest.get(leg["linked"])
            if best is None or leg["seconds"] > best["seconds"]:
                longest[leg["linked"]] = leg
        around, made, recorded = timedelta(minutes=rule["match_minutes"]), 0, 0
        for call in longest.values():
            if (call["seller"] != person["name"] or call["seconds"] < rule["min_seconds"]
                    or month_of(call["start"].astimezone(ZONE).date()) != month):
                continue
            made += 1
            first, last = call["start"] - around, call["start"] + timedelta(seconds=call["seconds"]) + around
            recorded += any(note["seller"] == person["name"] and note["number"] == call["number"]
                            and first <= note["created"] <= last for note in self.company.notes[run])
        return made, recorded

    # --- contests ---------------------------------------------------------------------------------------------------

    def contest(self, rule, month, version, run):
        """Prizes by person: (who takes part, prize)."""
        people = list(self.company.people.values())
        values = {p["id"]: self.value(rule, month, p, version, run) for p in people}
        real = [p["id"] for p in people if self.reaches(rule, version, p, last_day(month)) and values[p["id"]]]
        prizes = [kopecks(prize) for prize in rule["prizes"]]
        found = [(ident, True, prize) for ident, prize in self.places(real, values, prizes).items()]
        shown = [p["id"] for p in people if values[p["id"]] and p["id"] not in real]
        for ident in shown:
            field = [*real, ident] if real else shown
            found.append((ident, False, self.places(field, values, prizes)[ident]))
        return found

    @staticmethod
    def places(idents, values, prizes):
        """Those who tie take their places together and share the prizes of these places."""
        won = {}
        for ident in idents:
            above = sum(values[other] > values[ident] for other in idents)
            equal = sum(values[other] == values[ident] for other in idents)
            ahead = sum(values[other] == values[ident] and other < ident for other in idents)
            each, rest = divmod(sum(prizes[above:above + equal]), equal)
            won[ident] = each + (ahead < rest)
        return won

    def value(self, rule, month, person, version, run):
        """What the person is placed by; nothing to be placed by is nothing."""
        if rule["by"] == "votes":
            return sum(v["employee"] == person["id"] and v["month"] == month and v["rule"] == rule["id"]
                       for v in self.company.votes if v["run"] <= self.number)
        if rule["by"] == "card_score":
            return self.mean_score(rule, month, person, version, run)
        own = [(sale["date"], sale["key"], status) for sale, _, seller, status in self.sold
               if seller is person and month_of(sale["date"]) == month]
        best = length = 0
        for *_, status in sorted(own):
            length = length + 1 if status == "on_time" else 0 if status in ("late", "missing") else length
            best = max(best, length)
        return best
