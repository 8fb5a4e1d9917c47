create table signing_key (
  hint varchar(64) not null primary key,
  pem text not null,
  place varchar(256) not null,
  created_at bigint not null,
  retired_at bigint,
  untrusted_from bigint,
  revoked_at bigint,
  revoked_by varchar(64),
  revoked_reason text
);
