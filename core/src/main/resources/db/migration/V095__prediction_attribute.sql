create table prediction_attribute (
  deployment varchar(128) not null,
  prediction_id varchar(256) not null,
  attributes text not null,
  received_at bigint not null,
  primary key (deployment, prediction_id)
);
