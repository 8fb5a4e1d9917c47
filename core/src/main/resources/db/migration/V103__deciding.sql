alter table approval add column needed int not null default 1;
alter table approval add column again varchar(64);
alter table approval add column reminded int not null default 0;

create table approval_vote (
  approval varchar(64) not null,
  person varchar(64) not null,
  seat varchar(64) not null,
  voted_at bigint not null,
  reason text not null,
  primary key (approval, person)
);

create table approval_note (
  id varchar(64) not null primary key,
  approval varchar(64) not null,
  kind varchar(16) not null,
  person varchar(64) not null,
  noted_at bigint not null,
  text text not null
);
create index approval_note_approval on approval_note (approval);

create table deputy (
  id varchar(64) not null primary key,
  person varchar(64) not null,
  deputy varchar(64) not null,
  named_at bigint not null,
  until_at bigint not null,
  ended_at bigint
);
create index deputy_person on deputy (person);
create index deputy_deputy on deputy (deputy);
