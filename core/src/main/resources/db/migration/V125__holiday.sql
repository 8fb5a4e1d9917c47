create table holiday (
  holiday varchar(10) not null primary key,
  name varchar(128) not null,
  set_by varchar(64) not null,
  set_at bigint not null
);
