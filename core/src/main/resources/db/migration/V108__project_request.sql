-- What followed from a request's answers, when it was asked.
create table project_assessment (
  project varchar(128) not null,
  digest varchar(64) not null,
  questionnaire varchar(256) not null,
  tier varchar(16) not null,
  reasons text not null,
  primary key (project, digest)
);

-- Who agreed to a request in which reviewing role.
create table project_consent (
  project varchar(128) not null,
  digest varchar(64) not null,
  role varchar(32) not null,
  by_id varchar(64) not null,
  at bigint not null,
  reason text not null,
  primary key (project, digest, role)
);

-- Questions, answers, what was sent back and what was found at reviews, in place.
create table project_note (
  id varchar(64) not null primary key,
  project varchar(128) not null,
  digest varchar(64) not null,
  kind varchar(16) not null,
  question varchar(64),
  by_id varchar(64) not null,
  at bigint not null,
  text text not null
);
create index project_note_project on project_note (project, at);
