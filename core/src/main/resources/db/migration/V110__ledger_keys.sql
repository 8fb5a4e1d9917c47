-- The public keys that signed the log, the newest with the greatest place.
create table ledger_key (
  place int not null primary key,
  vkey varchar(256) not null,
  at bigint not null
);

-- Which checkpoints were kept outside, and where.
create table ledger_anchor (
  target varchar(512) not null,
  size bigint not null,
  at bigint not null,
  note text not null,
  primary key (target, size)
);

-- What names people: the log holds a salted digest of it, this row can be erased.
create table ledger_personal (
  entry_id varchar(64) not null,
  field varchar(64) not null,
  salt varchar(64) not null,
  plain text not null,
  primary key (entry_id, field)
);
