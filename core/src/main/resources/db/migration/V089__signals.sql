create table monitor_mark (
  deployment varchar(128) not null,
  mark varchar(32) not null,
  at bigint not null,
  primary key (deployment, mark)
);

create table monitor_note (
  deployment varchar(128) not null,
  kind varchar(32) not null,
  subject varchar(128) not null,
  version varchar(32) not null,
  window_start bigint not null,
  window_end bigint not null,
  at bigint not null,
  note text not null,
  details text not null,
  noted_at bigint not null,
  primary key (deployment, kind, subject, version, window_start, window_end)
);
