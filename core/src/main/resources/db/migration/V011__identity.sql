create table person (
  id varchar(64) not null primary key,
  name varchar(128) not null,
  display varchar(256) not null,
  kind varchar(16) not null,
  roles varchar(512) not null,
  password_hash varchar(256),
  created_at bigint not null,
  disabled_at bigint
);
create unique index person_name on person (name);

create table token (
  id varchar(64) not null primary key,
  person_id varchar(64) not null,
  secret_hash varchar(64) not null,
  label varchar(256) not null,
  run_id varchar(64),
  created_at bigint not null,
  expires_at bigint,
  revoked_at bigint
);
create index token_person on token (person_id);

create table membership (
  project varchar(128) not null,
  person_id varchar(64) not null,
  role varchar(32) not null,
  primary key (project, person_id, role)
);
create index membership_person on membership (person_id);
