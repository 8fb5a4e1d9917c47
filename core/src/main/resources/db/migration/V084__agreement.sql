-- What is agreed about a model, each text that was proposed, and who accepted it for which role.
create table agreement (
  id varchar(64) not null primary key,
  project varchar(128) not null,
  model varchar(128) not null,
  digest varchar(80) not null,
  text text not null,
  state varchar(16) not null,
  proposed_by varchar(64) not null,
  proposed_at bigint not null,
  settled_by varchar(64),
  settled_at bigint,
  reason text
);
create index agreement_project on agreement (project, state);

create table agreement_acceptance (
  agreement_id varchar(64) not null,
  role varchar(32) not null,
  accepted_by varchar(64) not null,
  accepted_at bigint not null,
  primary key (agreement_id, role)
);

-- Clauses get keys, several of a kind, such as performance:rmse:origin=JFK; what is there keeps its own in small letters.
create table monitor_judgement_keyed (
  deployment varchar(128) not null,
  version varchar(32) not null,
  window_start bigint not null,
  window_end bigint not null,
  clause varchar(256) not null,
  verdict varchar(16) not null,
  is_leading int not null,
  method varchar(64) not null,
  measured double precision,
  threshold double precision not null,
  row_count bigint not null,
  note text not null,
  details text not null,
  judged_at bigint not null,
  primary key (deployment, window_start, window_end, version, clause)
);
insert into monitor_judgement_keyed (deployment, version, window_start, window_end, clause, verdict, is_leading, method,
    measured, threshold, row_count, note, details, judged_at)
  select deployment, version, window_start, window_end, lower(clause), verdict, is_leading, method,
    measured, threshold, row_count, note, details, judged_at from monitor_judgement;
drop table monitor_judgement;
alter table monitor_judgement_keyed rename to monitor_judgement;

create table alert_keyed (
  id varchar(64) not null primary key,
  deployment varchar(128) not null,
  project varchar(128) not null,
  model varchar(128) not null,
  version varchar(32) not null,
  clause varchar(256) not null,
  state varchar(16) not null,
  open_key varchar(400) unique,
  window_start bigint not null,
  window_end bigint not null,
  method varchar(64) not null,
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
insert into alert_keyed (id, deployment, project, model, version, clause, state, open_key, window_start, window_end, method,
    measured, threshold, row_count, message, assignee, raised_at, acknowledged_by, acknowledged_at, note, resolved_by,
    resolved_at, reason)
  select id, deployment, project, model, version, lower(clause), state, open_key, window_start, window_end, method,
    measured, threshold, row_count, message, assignee, raised_at, acknowledged_by, acknowledged_at, note, resolved_by,
    resolved_at, reason from alert;
drop table alert;
alter table alert_keyed rename to alert;
create index alert_deployment on alert (deployment, raised_at);
