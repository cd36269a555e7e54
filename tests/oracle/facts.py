"""Reads a company from its files: the same regulation, people, calendar and exports that the program reads. Deliberately
absent: what follows from them (`rules`)."""

import csv
import tomllib
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import cache

# Moscow keeps one offset all year.
ZONE = timezone(timedelta(hours=3))


@cache
def kopecks(text):
    """`1 234,56` or `1234.56` to an integer of kopecks."""
    return int(Decimal(text.replace("\xa0", "").replace(" ", "").replace(",", ".")) * 100)


@cache
def basis_points(text):
    """`12.5 %` to basis points."""
    return int(Decimal(text.replace("%", "").replace(",", ".").strip()) * 100)


@cache
def day_of(text):
    return datetime.strptime(text, "%d.%m.%Y").date()


@cache
def entry_time(text):
    return datetime.strptime(text, "%d.%m.%Y %H:%M:%S").replace(tzinfo=ZONE)


@cache
def instant(text):
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)


def table(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


class Company:
    """Everything that does not change from run to run, and the exports of every run."""

    def __init__(self, folder):
        self.folder = folder
        toml = lambda name: tomllib.loads((folder / name).read_text(encoding="utf-8"))
        self.versions = sorted(toml("policy.toml")["version"], key=lambda v: v["effective_from"])
        self.people = {p["name"]: p for p in toml("people.toml")["person"] if "manager" in p["roles"]}
        calendar = toml("calendar/2026.toml")
        self.days_off, self.working_weekends = set(calendar["days_off"]), set(calendar["working_weekends"])
        self.runs = [{"at": instant(r["at"]), "crm": instant(r["crm"]), "closes": r["closes"]}
                     for r in table(folder / "runs.csv")]
        self.decided = table(folder / "decisions.csv")
        self.exports = [self.sales(run) for run in range(len(self.runs))]
        each = range(len(self.runs))
        self.crm = [table(folder / f"crm-{run}.csv") for run in each]
        with_run = lambda name: [{**row, "run": int(row["run"])} for row in table(folder / name)]
        self.signed = [{**row, "on": date.fromisoformat(row["on"])} for row in with_run("acknowledgements.csv")]
        self.words = [{**row, "amount": int(row["amount"])} for row in with_run("deals.csv")]
        self.votes = with_run("votes.csv")
        self.plans = [{(self.people[row["Сотрудник"]]["id"], row["Период"]): kopecks(row["План"])
                       for row in table(folder / f"plans-{run}.csv")} for run in each]
        self.calls = [[{"number": row["Номер"], "seller": row["Сотрудник"], "start": entry_time(row["Начало"]),
                        "seconds": int(row["Длительность"]), "linked": row["ID звонка"]}
                       for row in table(folder / f"calls-{run}.csv")] for run in each]
        self.notes = [[{"seller": row["Ответственный"], "card": row["ID компании"], "number": row["Телефон"],
                        "created": entry_time(row["Дата создания"])}
                       for row in table(folder / f"notes-{run}.csv")] for run in each]

    def sales(self, run):
        """Documents of a run's export by identity; rows of one identity are lines of one document and add up."""
        documents = {}
        for row in table(self.folder / f"sales-{run}.csv"):
            day = day_of(row["Дата"])
            key = (row["Организация"].upper(), row["Номер"].upper(), day.year)
            figures = {base: kopecks(row[column]) for base, column in (
                ("with_vat", "Сумма с НДС"), ("without_vat", "Сумма без НДС"), ("margin", "Маржа"), ("column", "Премия"))}
            if key in documents:
                for base, value in figures.items():
                    documents[key][base] += value
                continue
            documents[key] = {"key": key, "date": day, "number": row["Номер"], "organisation": row["Организация"],
                              "name": row["Контрагент"], "inn": row["ИНН"], "seller": row["Ответственный"],
                              "currency": row["Валюта"], "returns": row["Возврат по"], **figures}
        return documents

    def version_on(self, day):
        """The version in force on a date."""
        found = None
        for version in self.versions:
            if version["effective_from"] <= day:
                found = version
        return found

    def is_working(self, day):
        return day in self.working_weekends if day.weekday() > 4 else day not in self.days_off

    def deadline(self, sold, grace):
        """The end of the g-th working day strictly after the sale: the first instant that lies outside."""
        day = sold
        while grace > 0:
            day += timedelta(days=1)
            grace -= self.is_working(day)
        return datetime(day.year, day.month, day.day, tzinfo=ZONE) + timedelta(days=1)

    def cards(self, run):
        """CRM cards as known in a run: the last content seen, and when each is held to have been entered."""
        known = {}
        for at in range(run + 1):
            taken = self.runs[at]["crm"]
            for row in self.crm[at]:
                created = entry_time(row["Дата создания"])
                if row["ID"] not in known:
                    without = any(self.runs[earlier]["crm"] > created for earlier in range(at))
                    known[row["ID"]] = {"entered": taken if without else created}
                known[row["ID"]].update(name=row["Название компании"], inn=row["Реквизит: ИНН"])
        return known


def month_of(day):
    return f"{day.year:04d}-{day.month:02d}"


def last_day(month):
    year, number = map(int, month.split("-"))
    return date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)
