create table monitor_segment (
  deployment varchar(128) not null,
  version varchar(32) not null,
  window_start bigint not null,
  window_end bigint not null,
  segment varchar(512) not null,
  row_count bigint not null,
  profile text not null,
  primary key (deployment, window_start, window_end, version, segment)
);
