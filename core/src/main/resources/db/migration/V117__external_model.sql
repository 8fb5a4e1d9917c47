-- Models that are bought or served elsewhere: of the inventory, not of the registry.
create table external_model (
  name varchar(128) not null primary key,
  owner varchar(64) not null,
  served_at varchar(512) not null,
  purpose text not null,
  tier varchar(16) not null,
  supplier varchar(256) not null,
  review_at bigint,
  reason text,
  retired_at bigint,
  added_by varchar(64) not null,
  added_at bigint not null,
  changed_at bigint not null
);
