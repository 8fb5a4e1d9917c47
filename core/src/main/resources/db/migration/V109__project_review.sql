-- When somebody last looked whether a project is still what was approved; overdue_at once its being late was told.
create table project_review (
  project varchar(128) not null primary key,
  reviewed_by varchar(64) not null,
  reviewed_at bigint not null,
  overdue_at bigint
);
