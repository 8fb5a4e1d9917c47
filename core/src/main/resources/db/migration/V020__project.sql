create table project (
  name varchar(128) not null primary key,
  state varchar(16) not null,
  approved varchar(64),
  proposed varchar(64),
  reason text,
  created_at bigint not null,
  changed_at bigint not null
);

create table project_version (
  project varchar(128) not null,
  digest varchar(64) not null,
  text text not null,
  state varchar(16) not null,
  requested_by varchar(64) not null,
  requested_at bigint not null,
  decided_by varchar(64),
  decided_at bigint,
  reason text,
  primary key (project, digest)
);
