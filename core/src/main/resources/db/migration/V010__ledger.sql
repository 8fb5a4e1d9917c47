create table ledger_entry (
  idx bigint not null primary key,
  id varchar(64) not null,
  at bigint not null,
  actor varchar(64) not null,
  action varchar(64) not null,
  subject varchar(512) not null,
  leaf text not null,
  hash varchar(64) not null
);
create unique index ledger_entry_id on ledger_entry (id);

create table ledger_subject (
  subject varchar(512) not null,
  idx bigint not null,
  primary key (subject, idx)
);

create table ledger_node (
  height int not null,
  pos bigint not null,
  hash varchar(64) not null,
  primary key (height, pos)
);

create table ledger_checkpoint (
  size bigint not null primary key,
  at bigint not null,
  root varchar(64) not null,
  note text not null
);

create table ledger_delivery (
  consumer varchar(64) not null primary key,
  next_idx bigint not null
);
