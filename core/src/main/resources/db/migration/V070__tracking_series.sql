-- Runs get a small number beside their id, which everything that they log refers to; the histories of metrics lie by
-- series, a key of one run, and the latest value of each series where searches find it by value. autonumber, clustered and
-- indexed are the database's own words for numbering rows, keeping them in the order of the key, and as much of a text as
-- an index takes.
create table run_numbered (
  num integer not null /* [jooq ignore start] */ ${autonumber} /* [jooq ignore stop] */ primary key,
  id varchar(64) not null,
  experiment_id bigint not null,
  name text not null,
  user_id text not null,
  status varchar(16) not null,
  start_time bigint not null,
  end_time bigint,
  artifact_uri text not null,
  stage varchar(16) not null,
  deleted_at bigint,
  made_by varchar(64)
);
insert into run_numbered (id, experiment_id, name, user_id, status, start_time, end_time, artifact_uri, stage, deleted_at, made_by)
  select id, experiment_id, name, user_id, status, start_time, end_time, artifact_uri, stage, deleted_at, made_by from run order by id;

create table param_numbered (
  run_num integer not null,
  param_key varchar(250) not null,
  experiment_id bigint not null,
  val text not null,
  primary key (run_num, param_key)
) /* [jooq ignore start] */ ${clustered} /* [jooq ignore stop] */;
insert into param_numbered (run_num, param_key, experiment_id, val)
  select r.num, p.param_key, r.experiment_id, p.val from run_param p join run_numbered r on r.id = p.run_id;

create table tag_numbered (
  run_num integer not null,
  tag_key varchar(250) not null,
  experiment_id bigint not null,
  val text not null,
  primary key (run_num, tag_key)
) /* [jooq ignore start] */ ${clustered} /* [jooq ignore stop] */;
insert into tag_numbered (run_num, tag_key, experiment_id, val)
  select r.num, t.tag_key, r.experiment_id, t.val from run_tag t join run_numbered r on r.id = t.run_id;

create table metric_series (
  series integer not null /* [jooq ignore start] */ ${autonumber} /* [jooq ignore stop] */ primary key,
  run_num integer not null,
  metric_key varchar(250) not null,
  experiment_id bigint not null,
  step bigint not null,
  ts bigint not null,
  val double precision not null,
  is_nan integer not null
);
insert into metric_series (run_num, metric_key, experiment_id, step, ts, val, is_nan)
  select r.num, m.metric_key, r.experiment_id, m.step, m.ts, m.val, m.is_nan from latest_metric m join run_numbered r on r.id = m.run_id;
create unique index metric_series_run on metric_series (run_num, metric_key);

create table metric_point (
  series integer not null,
  ts bigint not null,
  step bigint not null,
  val double precision not null,
  is_nan integer not null,
  primary key (series, ts, step, val, is_nan)
) /* [jooq ignore start] */ ${clustered} /* [jooq ignore stop] */;
insert into metric_point (series, ts, step, val, is_nan)
  select s.series, m.ts, m.step, m.val, m.is_nan from metric m
  join run_numbered r on r.id = m.run_id
  join metric_series s on s.run_num = r.num and s.metric_key = m.metric_key;

drop table metric;
drop table latest_metric;
drop table run_param;
drop table run_tag;
drop table run;
alter table run_numbered rename to run;
alter table param_numbered rename to run_param;
alter table tag_numbered rename to run_tag;

create unique index run_id on run (id);
create index run_recent on run (experiment_id, start_time desc, id, stage);
create index metric_series_value on metric_series (experiment_id, metric_key, is_nan, val, run_num);
/* [jooq ignore start] */
create index run_param_value on run_param (experiment_id, param_key, ${indexed}, run_num);
create index run_tag_value on run_tag (experiment_id, tag_key, ${indexed}, run_num);
/* [jooq ignore stop] */
