create table deployment (
  name varchar(128) not null primary key,
  project varchar(128) not null,
  model varchar(256) not null,
  production varchar(64),
  previous varchar(64),
  candidate varchar(64),
  canary_percent int,
  canary_min_requests int,
  created_at bigint not null,
  changed_at bigint not null
);
create index deployment_project on deployment (project);

create table deployment_version (
  deployment varchar(128) not null,
  version varchar(64) not null,
  bundle varchar(64) not null,
  digest varchar(64) not null,
  stage varchar(16) not null,
  reason text not null,
  smoke_rows int not null,
  smoke_largest double precision not null,
  deployed_by varchar(64) not null,
  deployed_at bigint not null,
  changed_at bigint not null,
  primary key (deployment, version)
);
