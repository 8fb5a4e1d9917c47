-- Tables of runs that people named: which runs, in which order, with which columns.
create table saved_view (
  experiment_id bigint not null,
  name varchar(100) not null,
  stage varchar(16) not null,
  filter text not null,
  order_by text not null,
  column_list text not null,
  saved_by varchar(64) not null,
  saved_at bigint not null,
  primary key (experiment_id, name)
);
