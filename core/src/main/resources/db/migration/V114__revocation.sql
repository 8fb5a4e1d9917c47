create table lineage_revocation (
  subject varchar(512) not null primary key,
  reason text not null,
  actor varchar(64) not null,
  at bigint not null
);
