create table reproduction (
  id varchar(64) not null primary key,
  subject varchar(512) not null,
  project varchar(128) not null,
  state varchar(16) not null,
  verdict varchar(32),
  cause varchar(32) not null,
  reason text not null,
  asked_by varchar(64) not null,
  scheduled integer not null,
  asked_at bigint not null,
  started_at bigint,
  ended_at bigint,
  starts integer not null,
  runs text not null,
  report_sha256 varchar(64)
);
create index reproduction_subject on reproduction (subject, asked_at);
create index reproduction_state on reproduction (state);
