create table card_section (
  id varchar(64) not null primary key,
  subject varchar(512) not null,
  section varchar(64) not null,
  version bigint not null,
  text text not null,
  author varchar(64) not null,
  at bigint not null
);
create index card_section_subject on card_section (subject, section, version);
