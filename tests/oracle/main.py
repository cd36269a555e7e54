"""Writes made-up companies and says what their ledgers must be: `main.py FOLDER SEED COUNT`. The answer goes to
FOLDER/oracle.csv, one line an amount. Deliberately absent: looking at what the program says."""

import sys
from pathlib import Path

from facts import Company
from generate import write_all
from rules import ledger


def main(folder, seed, count):
    write_all(folder, seed, count)
    lines = ["company;run;what;belongs_to;employee;subject;rule;kopecks;pay_period;correction"]
    for path in sorted(p for p in Path(folder).iterdir() if p.is_dir()):
        for number, run, entries in ledger(Company(path)):
            for what, amounts in (("wanted", run.wanted), ("shown", run.shown)):
                lines += [f"{path.name};{number};{what};{';'.join(key)};{amount};;"
                          for key, amount in sorted(amounts.items()) if amount]
            lines += [f"{path.name};{number};entry;{';'.join(key)};{amount};{paid};{int(late)}"
                      for key, paid, late, amount in entries]
    (Path(folder) / "oracle.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
