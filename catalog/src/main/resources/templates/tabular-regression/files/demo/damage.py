"""Make a damaged copy of a month of flights, to see that the contract keeps it out.

    python demo/damage.py --month 2013-06 --months DIR --out DIR

reads DIR/flights/2013-06.parquet as acquire.py wrote it and writes a copy under OUT in which some rows break a rule of
contract.yaml each: a negative distance, an unknown origin, a missing carrier, an id that is there twice.
"""

import argparse
from pathlib import Path

import duckdb

# column: (its damaged value, what that is)
DAMAGE = {
    "distance": ("case when row % 997 = 1 then -distance else distance end", "negative distance"),
    "origin": ("case when row % 1499 = 2 then 'XXX' else origin end", "unknown origin"),
    "carrier": ("case when row % 1999 = 3 then null else carrier end", "missing carrier"),
}
TWICE = "row % 2503 = 4"


def main() -> None:
    parser = argparse.ArgumentParser(description="Damage a copy of a month of flights.")
    parser.add_argument("--month", required=True, help="the month, YYYY-MM")
    parser.add_argument("--months", type=Path, required=True, help="folder that acquire.py wrote")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    args = parser.parse_args()

    source = args.months / "flights" / f"{args.month}.parquet"
    target = args.out / "flights" / f"{args.month}.parquet"
    target.parent.mkdir(parents=True, exist_ok=True)
    db = duckdb.connect(config={"threads": 2})
    db.execute(
        "create table good as select row_number() over (order by time_hour, flight_id) as row, * from read_parquet($1)",
        [str(source)],
    )
    for column, (expression, what) in DAMAGE.items():
        count = db.execute(f"select count(*) from good where {column} is distinct from ({expression})").fetchone()[0]
        print(f"{what}: {count} rows")
    twice = db.execute(f"select count(*) from good where {TWICE}").fetchone()[0]
    print(f"id there twice: {twice} flights")
    replacements = ", ".join(f"{expression} as {column}" for column, (expression, _) in DAMAGE.items())
    db.execute(f"""
        copy (
            select * exclude (row) replace ({replacements})
            from (select * from good union all select * from good where {TWICE})
            order by row
        ) to '{target}' (format parquet, compression zstd)
    """)


if __name__ == "__main__":
    main()
