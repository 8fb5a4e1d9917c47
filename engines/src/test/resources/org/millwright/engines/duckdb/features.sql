-- The last weather observation at the origin whose hour was over at the scheduled departure.
create view observation as
select *, time_hour + interval 1 hour as known_at from weather;

create view train as
select f.flight_id, f.event_time, w.known_at, w.temp
from flights f
asof left join observation w on f.origin = w.origin and f.event_time >= w.known_at
where strftime(f.event_time, '%Y-%m') < getvariable('through')
order by f.event_time, f.flight_id;
