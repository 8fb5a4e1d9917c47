-- Features of a flight, as they are known at its scheduled departure (the prediction time, event_time).
--
-- Inputs (views)    flights, weather, planes
-- Variables         through   last month of data, 'YYYY-MM': it is held out for evaluation
--                   since     first day of the training rows, 'YYYY-MM-DD'; all without it
--                   replay    how many older rows to learn from again: 'all', a share such as '0.2', or a number
--                   month     the month to score or to replay, 'YYYY-MM'
--                   rows      how many of its flights to replay
-- Outputs           train     labelled flights before the month `through`
--                   holdout   labelled flights of the month `through`
--                   scoring   every flight of `month`, the label where it is known
--                   replay    a sample of `scoring`
--
-- Nothing from after the prediction time may come in. So dep_time, dep_delay, arr_time and air_time are not used,
-- arr_delay is the label only, and a weather observation counts only when its hour is over: the source stamps an
-- observation with the *start* of its hour although it was taken towards the end of it, and its rain is the hour's sum.

create view departure as
select *, time_hour + to_minutes(minute) as event_time from flights;

create view observation as
select *, time_hour + interval 1 hour as known_at from weather;

create view features as
select
    f.flight_id,
    f.event_time,
    strftime(make_date(f.year, f.month, f.day), '%Y-%m') as period,
    -- the schedule and the route
    f.carrier,
    f.origin,
    f.dest,
    f.distance::double as distance,
    (f.hour * 60 + f.minute)::double as departure_minute,
    (f.sched_arr_time // 100 * 60 + f.sched_arr_time % 100)::double as arrival_minute,
    isodow(make_date(f.year, f.month, f.day))::double as weekday,
    -- the aircraft; unknown aircraft have no number and no engine
    (f.year - p.year)::double as plane_age,
    p.seats::double as plane_seats,
    coalesce(p.engine, '') as plane_engine,
    -- the weather at the origin; an old observation predicts better than none (31 December has no weather at all);
    -- numbers are rounded to what a 32-bit float holds exactly
    w.temp::float::double as temperature,
    w.dewp::float::double as dew_point,
    w.humid::float::double as humidity,
    w.wind_dir::double as wind_direction,
    -- one observation of 12 February claims 1048 miles an hour: no value is better than that one
    (case when w.wind_speed < 150 then w.wind_speed end)::float::double as wind_speed,
    w.precip::float::double as rain,
    w.pressure::float::double as pressure,
    w.visib::float::double as visibility,
    -- the label: minutes late at the destination, early is negative; unknown for cancelled and diverted flights
    f.arr_delay::double as arr_delay
from departure f
asof left join observation w on f.origin = w.origin and f.event_time >= w.known_at
left join planes p on f.tailnum = p.tailnum;

-- older flights to learn from again, a sample that looks the same on every machine
create view replayed as
select flight_id from departure
where arr_delay is not null and event_time < getvariable('since')::timestamp
qualify row_number() over (order by md5(flight_id)) <= case
    when getvariable('replay') = 'all' then count(*) over ()
    when try_cast(getvariable('replay') as double) < 1 then try_cast(getvariable('replay') as double) * count(*) over ()
    else try_cast(getvariable('replay') as double) end;

create view train as
select * from features
where arr_delay is not null and period < getvariable('through')
    and (event_time >= coalesce(getvariable('since')::timestamp, timestamp '0001-01-01')
        or flight_id in (select flight_id from replayed))
order by event_time, flight_id;

create view holdout as
select * from features where arr_delay is not null and period = getvariable('through') order by event_time, flight_id;

create view scoring as
select * from features where period = getvariable('month') order by event_time, flight_id;

-- a sample that looks the same on every machine
create view replay as
select * from scoring
where flight_id in (select flight_id from scoring order by md5(flight_id) limit getvariable('rows')::bigint)
order by event_time, flight_id;
