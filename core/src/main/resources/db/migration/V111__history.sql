-- Which entries of the log told what was the case about an asset; made anew from the log at any time.
create table history_snapshot (
  subject varchar(512) not null,
  size bigint not null,
  places text not null,
  primary key (subject, size)
);
