-- The newest files of each project, as a push sent them.
create table pipeline_push (
  project varchar(128) not null primary key,
  source_id varchar(80) not null,
  git_commit varchar(64) not null,
  pushed_by varchar(64) not null,
  pushed_at bigint not null
);
