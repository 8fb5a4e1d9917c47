-- The person behind the account that accepted: two accounts of one person are not two people.
alter table agreement_acceptance add column person varchar(64) not null default '';
update agreement_acceptance set person = accepted_by;
