alter table prediction add column predicted_class varchar(256);
alter table prediction add column outcome_class varchar(256);
alter table prediction add column scores text;
alter table prediction add column segments text;
alter table prediction_label add column outcome_class varchar(256);
alter table prediction_label_change add column outcome_class varchar(256);
drop index prediction_label_joined;
/* [jooq ignore start] */
create index prediction_label_pending on prediction_label (deployment, received_at) where joined = 0;
/* [jooq ignore stop] */
