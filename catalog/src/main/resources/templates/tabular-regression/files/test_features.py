"""Prove that no feature knows anything from after its flight's scheduled departure.

    python -m unittest test_features

The features of a flight must stay the same whatever happens later: other weather, other delays, other flights.
"""

import unittest
from pathlib import Path

import duckdb

FLIGHTS = """
    create table flights as select * from (values
        ('A', 2013, 6, 1, 1015, 1030, 15, 1200, 1145, 20, 'UA', 1, 'N1', 'EWR', 'IAH', 180, 1400, 10, 30,
         timestamp '2013-06-01 14:00'),
        ('B', 2013, 6, 1, null, 1200, null, null, 1330, null, 'AA', 2, null, 'JFK', 'MIA', null, 1089, 12, 0,
         timestamp '2013-06-01 16:00')
    ) as t(flight_id, year, month, day, dep_time, sched_dep_time, dep_delay, arr_time, sched_arr_time, arr_delay,
           carrier, flight, tailnum, origin, dest, air_time, distance, hour, minute, time_hour)
"""
WEATHER = """
    create table weather as
    select origin, hour_start as time_hour, 50.0 + row_number() over (order by origin, hour_start) as temp,
        40.0 as dewp, 60.0 as humid, 180 as wind_dir, 5.0 as wind_speed, 0.0 as precip, 1013.0 as pressure,
        10.0 as visib
    from (values ('EWR'), ('JFK'), ('LGA')) as o(origin),
        range(timestamp '2013-06-01 10:00', timestamp '2013-06-01 20:00', interval 1 hour) as h(hour_start)
"""
PLANES = "create table planes as select 'N1' as tailnum, 2000 as year, 150 as seats, 'Turbo-fan' as engine"
# A: at 14:30 the hour that started at 13:00 is the last that is over. B: at 16:00 it is the one that started at 15:00.
LAST_HOUR = {"A": "2013-06-01 13:00", "B": "2013-06-01 15:00"}


def features(
    changes: list[str] = (), columns: str = "* exclude (arr_delay)", table: str = "features"
) -> dict[str, tuple]:
    db = duckdb.connect()
    for statement in [FLIGHTS, WEATHER, PLANES, *changes, Path(__file__).with_name("features.sql").read_text()]:
        db.execute(statement)
    return {row[0]: row for row in db.execute(f"select flight_id, {columns} from {table}").fetchall()}


class FeaturesTest(unittest.TestCase):
    def test_uses_the_last_hour_that_is_over(self):
        db = duckdb.connect()
        db.execute(WEATHER)
        for flight, (_, temperature) in features(columns="temperature").items():
            origin = {"A": "EWR", "B": "JFK"}[flight]
            query = f"select temp from weather where origin = '{origin}' and time_hour = '{LAST_HOUR[flight]}'"
            self.assertEqual(temperature, float(db.execute(query).fetchone()[0]))

    def test_later_weather_changes_nothing(self):
        for flight, hour in LAST_HOUR.items():
            changed = features([f"update weather set temp = -99, precip = 9, visib = 0 where time_hour > '{hour}'"])
            self.assertEqual(changed[flight], features()[flight])

    def test_earlier_weather_counts(self):
        for flight, hour in LAST_HOUR.items():
            changed = features([f"update weather set temp = -99 where time_hour = '{hour}'"])
            self.assertNotEqual(changed[flight], features()[flight])

    def test_the_outcome_changes_only_the_label(self):
        outcome = "update flights set dep_time = 2359, dep_delay = 999, arr_time = 1, arr_delay = 999, air_time = 999"
        self.assertEqual(features([outcome]), features())
        self.assertEqual({row[1] for row in features([outcome], "arr_delay").values()}, {999.0})

    def test_other_flights_change_nothing(self):
        self.assertEqual(features(["delete from flights where flight_id = 'B'"])["A"], features()["A"])

    def test_older_flights_are_learnt_from_as_far_as_they_are_replayed(self):
        expected = {"0": {"B"}, "all": {"A", "B"}, "1": {"A", "B"}, "0.4": {"B"}}
        for replay, flights in expected.items():
            settings = ["update flights set arr_delay = 1", "set variable through = '2013-07'"]
            settings += ["set variable since = '2013-06-01 15:00'", f"set variable replay = '{replay}'"]
            self.assertEqual(set(features(settings, table="train")), flights, replay)
        self.assertEqual(set(features(["set variable through = '2013-07'"], table="train")), {"A"})

    def test_every_flight_keeps_one_row(self):
        self.assertEqual(sorted(features()), ["A", "B"])
        self.assertEqual(sorted(features(["delete from weather", "delete from planes"])), ["A", "B"])


if __name__ == "__main__":
    unittest.main()
