create table experiment (
  id bigint not null primary key,
  name varchar(500) not null,
  artifact_location text not null,
  stage varchar(16) not null,
  created_at bigint not null,
  updated_at bigint not null
);
create unique index experiment_name on experiment (name);

create table experiment_tag (
  experiment_id bigint not null,
  tag_key varchar(250) not null,
  val text not null,
  primary key (experiment_id, tag_key)
);

create table run (
  id varchar(64) not null primary key,
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
create index run_experiment on run (experiment_id, stage, start_time);

create table run_param (
  run_id varchar(64) not null,
  param_key varchar(250) not null,
  val text not null,
  primary key (run_id, param_key)
);

create table run_tag (
  run_id varchar(64) not null,
  tag_key varchar(250) not null,
  val text not null,
  primary key (run_id, tag_key)
);

create table metric (
  run_id varchar(64) not null,
  metric_key varchar(250) not null,
  ts bigint not null,
  step bigint not null,
  val double precision not null,
  is_nan integer not null,
  primary key (run_id, metric_key, ts, step, val, is_nan)
);

create table latest_metric (
  run_id varchar(64) not null,
  metric_key varchar(250) not null,
  ts bigint not null,
  step bigint not null,
  val double precision not null,
  is_nan integer not null,
  primary key (run_id, metric_key)
);

create table run_dataset (
  id varchar(64) not null primary key,
  experiment_id bigint not null,
  name varchar(500) not null,
  digest varchar(36) not null,
  source_type text not null,
  source text not null,
  schema_json text,
  profile text
);
create unique index run_dataset_identity on run_dataset (experiment_id, name, digest);

create table run_input (
  run_id varchar(64) not null,
  dataset_id varchar(64) not null,
  pos integer not null,
  primary key (run_id, dataset_id)
);

create table run_input_tag (
  run_id varchar(64) not null,
  dataset_id varchar(64) not null,
  tag_key varchar(255) not null,
  val text not null,
  primary key (run_id, dataset_id, tag_key)
);

create table run_model (
  run_id varchar(64) not null,
  model_id varchar(64) not null,
  direction varchar(8) not null,
  step bigint not null,
  primary key (run_id, model_id, direction)
);

create table logged_model (
  id varchar(64) not null primary key,
  experiment_id bigint not null,
  name text not null,
  model_type text not null,
  status varchar(32) not null,
  source_run_id varchar(64),
  artifact_uri text not null,
  stage varchar(16) not null,
  created_at bigint not null,
  updated_at bigint not null
);
create index logged_model_experiment on logged_model (experiment_id, stage, created_at);
create index logged_model_run on logged_model (source_run_id);

create table logged_model_param (
  model_id varchar(64) not null,
  param_key varchar(250) not null,
  val text not null,
  primary key (model_id, param_key)
);

create table logged_model_tag (
  model_id varchar(64) not null,
  tag_key varchar(250) not null,
  val text not null,
  primary key (model_id, tag_key)
);

create table logged_model_metric (
  model_id varchar(64) not null,
  metric_key varchar(250) not null,
  ts bigint not null,
  step bigint not null,
  run_id varchar(64) not null,
  val double precision not null,
  is_nan integer not null,
  dataset_name varchar(500),
  dataset_digest varchar(36),
  primary key (model_id, metric_key, ts, step, run_id)
);

-- One row a file or folder of the artifact tree; only these rows know names, the bytes lie under their hash.
create table artifact_file (
  dir varchar(2000) not null,
  name varchar(255) not null,
  sha256 varchar(64),
  size bigint not null,
  updated_at bigint not null,
  primary key (dir, name)
);
create index artifact_file_sha256 on artifact_file (sha256);
