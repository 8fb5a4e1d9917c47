create table gate_judgement (
  id varchar(64) not null primary key,
  project varchar(128) not null,
  subject varchar(512) not null,
  passed int not null,
  inputs varchar(64) not null,
  verdicts text not null,
  judged_at bigint not null
);
create index gate_judgement_subject on gate_judgement (subject);

create table approval (
  id varchar(64) not null primary key,
  project varchar(128) not null,
  subject varchar(512) not null,
  title varchar(512) not null,
  digests text not null,
  shown text not null,
  requested_by varchar(64) not null,
  author varchar(64) not null,
  requested_at bigint not null,
  expires_at bigint not null,
  state varchar(16) not null,
  decided_by varchar(64),
  decided_at bigint,
  reason text
);
create index approval_subject on approval (subject);
create index approval_state on approval (state);

create table release_request (
  id varchar(64) not null primary key,
  project varchar(128) not null,
  model varchar(256) not null,
  version varchar(64) not null,
  deployment varchar(128) not null,
  state varchar(16) not null,
  note text not null,
  requested_by varchar(64) not null,
  requested_at bigint not null,
  changed_at bigint not null
);
create index release_request_model on release_request (model, version);
