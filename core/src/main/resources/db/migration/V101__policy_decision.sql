create table policy_decision (
  id varchar(64) not null primary key,
  action varchar(32) not null,
  subject varchar(512) not null,
  target varchar(512) not null,
  project varchar(128) not null,
  stage varchar(64) not null,
  actor varchar(64) not null,
  outcome varchar(16) not null,
  policies text not null,
  inputs varchar(64) not null,
  findings text not null,
  decided_at bigint not null
);
create index policy_decision_subject on policy_decision (subject);
create index policy_decision_time on policy_decision (decided_at);
