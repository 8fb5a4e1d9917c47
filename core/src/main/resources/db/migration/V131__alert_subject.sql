alter table alert add column subject varchar(200) not null default '';
update alert set subject = 'project:' || project, deployment = ''
  where clause = 'review' and deployment = 'project ' || project;
update alert set subject = substr(clause, 10), deployment = '', model = ''
  where clause like 'decision:project:%' or clause like 'decision:policy:%';
update alert set subject = substr(clause, 10) where clause like 'decision:agreement:%';
update alert set subject = 'model:' || model || case when version = '' then '' else '/' || version end
  where clause like 'decision:approval:%' or clause like 'decision:release:%';
update alert set subject = 'deployment:' || deployment where subject = '';
update alert set open_key = subject || '|' || clause where open_key is not null;

drop index notice_waiting;
alter table notice add column subject varchar(200) not null default '';
update notice set subject = coalesce((select alert.subject from alert where alert.id = notice.alert_id),
    'deployment:' || deployment);
alter table notice drop column deployment;
create index notice_waiting on notice (is_waiting, channel_id, subject);

alter table notification_delivery add column subject varchar(200) not null default '';
update notification_delivery set subject = coalesce(
    (select min(notice.subject) from notice where notice.delivery_id = notification_delivery.id),
    'deployment:' || deployment);
alter table notification_delivery drop column deployment;
