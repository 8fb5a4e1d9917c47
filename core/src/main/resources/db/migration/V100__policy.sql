create table policy_version (
  name varchar(64) not null,
  digest varchar(64) not null,
  text text not null,
  published_by varchar(64) not null,
  published_at bigint not null,
  primary key (name, digest)
);

create table policy_in_force (
  name varchar(64) not null primary key,
  digest varchar(64) not null,
  activated_by varchar(64) not null,
  activated_at bigint not null,
  reason text not null
);
