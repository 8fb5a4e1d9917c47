-- The account whose person an account belongs to: a person's second account, or a machine user's owner.
alter table person add column owner_id varchar(64);
create index person_owner on person (owner_id);
