create table registered_model (
  name varchar(256) not null primary key,
  description text,
  project varchar(128),
  last_version bigint not null,
  created_at bigint not null,
  updated_at bigint not null
);

create table registered_model_tag (
  name varchar(256) not null,
  tag_key varchar(250) not null,
  val text not null,
  primary key (name, tag_key)
);

create table registered_model_alias (
  name varchar(256) not null,
  alias varchar(255) not null,
  version bigint not null,
  primary key (name, alias)
);

create table model_version (
  name varchar(256) not null,
  version bigint not null,
  source text not null,
  location text not null,
  run_id varchar(64),
  model_id varchar(64),
  run_link text,
  description text,
  stage varchar(16) not null,
  files varchar(64) not null,
  made_by varchar(64) not null,
  created_at bigint not null,
  updated_at bigint not null,
  bundle_digest varchar(64),
  bundle_archive varchar(64),
  handoff text,
  certificate varchar(64),
  primary key (name, version)
);
create index model_version_run on model_version (run_id);
create index model_version_model on model_version (model_id);
create index model_version_updated on model_version (updated_at);

create table model_version_tag (
  name varchar(256) not null,
  version bigint not null,
  tag_key varchar(250) not null,
  val text not null,
  primary key (name, version, tag_key)
);
