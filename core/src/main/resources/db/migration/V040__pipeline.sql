create table pipeline_source (
  id varchar(64) not null primary key,
  project varchar(128) not null,
  manifest varchar(64) not null,
  git_commit varchar(64) not null,
  dirty int not null,
  files int not null,
  bytes bigint not null,
  created_by varchar(64) not null,
  created_at bigint not null
);
create index pipeline_source_project on pipeline_source (project, created_at);

create table pipeline_run (
  id varchar(64) not null primary key,
  project varchar(128) not null,
  pipeline varchar(128) not null,
  parameters text not null,
  source_id varchar(64) not null,
  project_file varchar(64) not null,
  fresh int not null,
  cause varchar(512) not null,
  status varchar(16) not null,
  error text,
  started_by varchar(64) not null,
  created_at bigint not null,
  ended_at bigint
);
create index pipeline_run_project on pipeline_run (project, created_at);
create index pipeline_run_status on pipeline_run (status);

create table pipeline_step (
  run_id varchar(64) not null,
  step varchar(64) not null,
  attempt int not null,
  position int not null,
  kind varchar(32) not null,
  status varchar(16) not null,
  project varchar(128) not null,
  tracking_run varchar(64),
  cache_key varchar(64),
  key_parts text,
  reused_from varchar(256),
  started_at bigint,
  ended_at bigint,
  error text,
  summary text,
  outputs text,
  primary key (run_id, step, attempt)
);
create index pipeline_step_key on pipeline_step (project, cache_key);
