-- What starts a training has many kinds: alerts, times, data, labels, files. A decision that waits may be followed by another.
create table retraining_event (
  deployment varchar(128) not null,
  event varchar(300) not null,
  data_end bigint not null,
  decision varchar(32) not null,
  reason text not null,
  run_id varchar(64),
  decided_at bigint not null,
  primary key (deployment, event, data_end)
);
insert into retraining_event (deployment, event, data_end, decision, reason, run_id, decided_at)
  select deployment, 'alert:' || alert_id, data_end, decision, reason, run_id, decided_at from retraining;
drop table retraining;
alter table retraining_event rename to retraining;
