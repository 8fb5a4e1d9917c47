create table webhook (
  id varchar(64) not null primary key,
  name varchar(63) not null,
  url text not null,
  description text,
  events text not null,
  active integer not null,
  secret text,
  created_at bigint not null,
  updated_at bigint not null
);

create table webhook_delivery (
  id varchar(64) not null primary key,
  webhook_id varchar(64) not null,
  event varchar(64) not null,
  body text not null,
  tries integer not null,
  due_at bigint not null,
  created_at bigint not null
);
create index webhook_delivery_due on webhook_delivery (due_at, id);
