-- What transparency logs answered when checkpoints were entered there: the bundle proves it offline.
create table anchor_receipt (
  target varchar(512) not null,
  size bigint not null,
  uuid varchar(128) not null,
  bundle text not null,
  primary key (target, size)
);
