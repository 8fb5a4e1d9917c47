alter table deployment add column halt text;
alter table lineage_certificate add column revoked_at bigint;
alter table lineage_certificate add column revoked_by varchar(64);
alter table lineage_certificate add column revoked_reason text;
