create table break_glass (
  release_id varchar(64) not null primary key,
  project varchar(128) not null,
  reason text not null,
  digests text not null,
  broken_by varchar(64) not null,
  broken_at bigint not null,
  until_at bigint not null,
  state varchar(16) not null,
  settled_at bigint
);
create index break_glass_state on break_glass (state);
