create table finding (
  id varchar(64) not null primary key,
  project varchar(128) not null,
  model varchar(256) not null,
  version varchar(64) not null,
  severity varchar(16) not null,
  blocking int not null,
  text text not null,
  owner varchar(64) not null,
  due_at bigint not null,
  filed_by varchar(64) not null,
  filed_at bigint not null,
  state varchar(16) not null,
  settled_by varchar(64),
  settled_at bigint,
  reason text,
  waived_until bigint
);
create index finding_model on finding (model);

create table approval_condition (
  id varchar(64) not null primary key,
  approval varchar(64) not null,
  subject varchar(512) not null,
  project varchar(128) not null,
  model varchar(256) not null,
  text text not null,
  measure text not null,
  due_at bigint not null,
  set_by varchar(64) not null,
  set_at bigint not null,
  met_by varchar(64),
  met_at bigint,
  note text
);
create index approval_condition_model on approval_condition (model);
