create table resource_grant (
  kind varchar(32) not null,
  resource varchar(256) not null,
  person_id varchar(64) not null,
  level varchar(16) not null,
  primary key (kind, resource, person_id)
);
create index resource_grant_person on resource_grant (person_id);
