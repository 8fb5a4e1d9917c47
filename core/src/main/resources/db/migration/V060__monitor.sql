create table monitor_deployment (
  name varchar(128) not null primary key,
  project varchar(128) not null,
  model varchar(128) not null,
  watermark bigint not null,
  label_watermark bigint not null,
  dropped bigint not null,
  duplicates bigint not null,
  skewed bigint not null,
  created_at bigint not null
);

create table monitor_batch (
  deployment varchar(128) not null,
  replica varchar(64) not null,
  sequence bigint not null,
  primary key (deployment, replica)
);

create table monitor_window (
  deployment varchar(128) not null,
  version varchar(32) not null,
  window_start bigint not null,
  window_end bigint not null,
  row_count bigint not null,
  late_count bigint not null,
  last_event bigint not null,
  label_count bigint not null,
  profile text,
  performance text,
  revision bigint not null,
  primary key (deployment, window_start, window_end, version)
);

create table prediction (
  deployment varchar(128) not null,
  prediction_id varchar(256) not null,
  version varchar(32) not null,
  event_time bigint not null,
  predicted double precision not null,
  scored_at bigint not null,
  outcome double precision,
  primary key (deployment, prediction_id, version)
);
create index prediction_event on prediction (deployment, event_time);

create table prediction_label (
  deployment varchar(128) not null,
  prediction_id varchar(256) not null,
  outcome double precision not null,
  observed_at bigint not null,
  received_at bigint not null,
  joined int not null,
  changes int not null,
  primary key (deployment, prediction_id)
);
create index prediction_label_joined on prediction_label (deployment, joined, received_at);

create table prediction_label_change (
  id varchar(64) not null primary key,
  deployment varchar(128) not null,
  prediction_id varchar(256) not null,
  outcome double precision not null,
  observed_at bigint not null,
  applied int not null,
  received_at bigint not null,
  received_from varchar(64) not null
);
create index prediction_label_change_id on prediction_label_change (deployment, prediction_id);

create table monitor_judgement (
  deployment varchar(128) not null,
  version varchar(32) not null,
  window_start bigint not null,
  window_end bigint not null,
  clause varchar(16) not null,
  verdict varchar(16) not null,
  is_leading int not null,
  method varchar(32) not null,
  measured double precision,
  threshold double precision not null,
  row_count bigint not null,
  note text not null,
  details text not null,
  judged_at bigint not null,
  primary key (deployment, window_start, window_end, version, clause)
);

create table alert (
  id varchar(64) not null primary key,
  deployment varchar(128) not null,
  project varchar(128) not null,
  model varchar(128) not null,
  version varchar(32) not null,
  clause varchar(16) not null,
  state varchar(16) not null,
  open_key varchar(256) unique,
  window_start bigint not null,
  window_end bigint not null,
  method varchar(32) not null,
  measured double precision not null,
  threshold double precision not null,
  row_count bigint not null,
  message text not null,
  assignee varchar(128) not null,
  raised_at bigint not null,
  acknowledged_by varchar(64),
  acknowledged_at bigint,
  note text,
  resolved_by varchar(64),
  resolved_at bigint,
  reason text
);
create index alert_deployment on alert (deployment, raised_at);

create table retraining (
  alert_id varchar(64) not null,
  data_end bigint not null,
  deployment varchar(128) not null,
  decision varchar(32) not null,
  reason text not null,
  run_id varchar(64),
  decided_at bigint not null,
  primary key (alert_id, data_end)
);
create index retraining_deployment on retraining (deployment, data_end);
