create table environment (
  id varchar(64) not null primary key,
  state varchar(16) not null,
  python varchar(64) not null,
  platform varchar(128) not null,
  lock_sha256 varchar(64) not null,
  packages int not null,
  description text not null,
  failure text,
  created_at bigint not null,
  built_at bigint,
  used_at bigint not null
);
create index environment_used on environment (used_at);
