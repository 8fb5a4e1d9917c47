create table dataset (
  name varchar(64) not null primary key,
  project varchar(128) not null,
  created_at bigint not null
);
create index dataset_project on dataset (project);

create table dataset_version (
  id varchar(64) not null primary key,
  dataset varchar(64) not null,
  period varchar(64) not null,
  number int not null,
  state varchar(16) not null,
  sha256 varchar(64) not null,
  row_count bigint not null,
  byte_count bigint not null,
  source_sha256 varchar(64) not null,
  contract varchar(256) not null,
  contract_digest varchar(64) not null,
  columns text not null,
  profile text not null,
  report text,
  failing_sha256 varchar(64),
  origin text not null,
  created_at bigint not null,
  created_by varchar(64) not null
);
create unique index dataset_version_number on dataset_version (dataset, period, number);
create unique index dataset_version_bytes on dataset_version (dataset, period, sha256, contract_digest);
create index dataset_version_source on dataset_version (dataset, period, source_sha256);
