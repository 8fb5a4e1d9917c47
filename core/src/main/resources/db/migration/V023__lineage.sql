create table lineage_edge (
  from_ref varchar(512) not null,
  to_ref varchar(512) not null,
  run_id varchar(64) not null,
  at bigint not null,
  primary key (from_ref, to_ref, run_id)
);
create index lineage_edge_to on lineage_edge (to_ref);
create index lineage_edge_run on lineage_edge (run_id);

create table lineage_certificate (
  subject varchar(512) not null primary key,
  root_sha256 varchar(64) not null,
  statement_sha256 varchar(64) not null,
  key_hint varchar(64) not null,
  actor varchar(64) not null,
  authenticated int not null,
  at bigint not null
);
