create table channel (
  id varchar(64) not null primary key,
  name varchar(63) not null,
  live_key varchar(63) unique,
  project varchar(128),
  kind varchar(16) not null,
  target text not null,
  sealed text not null,
  route text not null,
  escalates_after bigint not null,
  quiet varchar(64) not null,
  failing_since bigint,
  failure text,
  created_at bigint not null,
  created_by varchar(64) not null
);

create table silence (
  id varchar(64) not null primary key,
  project varchar(128),
  deployment varchar(128),
  clause varchar(32),
  reason text not null,
  created_at bigint not null,
  created_by varchar(64) not null,
  ends_at bigint not null,
  ended_at bigint,
  ended_by varchar(64)
);
create index silence_ends on silence (ends_at);

create table notice (
  alert_id varchar(64) not null,
  event varchar(16) not null,
  channel_id varchar(64) not null,
  deployment varchar(128) not null,
  noted_at bigint not null,
  is_waiting int not null,
  delivery_id varchar(64),
  primary key (alert_id, event, channel_id)
);
create index notice_waiting on notice (is_waiting, channel_id, deployment);
create index notice_delivery on notice (delivery_id);

create table notification_delivery (
  id varchar(64) not null primary key,
  channel_id varchar(64) not null,
  deployment varchar(128) not null,
  state varchar(16) not null,
  tries int not null,
  due_at bigint not null,
  error text,
  created_at bigint not null,
  settled_at bigint
);
create index notification_delivery_due on notification_delivery (state, due_at);
create index notification_delivery_channel on notification_delivery (channel_id, created_at);
