-- Roles that the installation adds to the built-in ones, made of the same permissions (a JSON array of their names).
create table custom_role (
  name varchar(32) not null primary key,
  description varchar(512) not null,
  permissions text not null,
  created_by varchar(64) not null,
  created_at bigint not null
);
