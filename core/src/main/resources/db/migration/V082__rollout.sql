alter table deployment add column rollout text;
update deployment set rollout = '{"kind":"staged"}' where candidate is not null and canary_percent is null;
update deployment
set rollout = '{"kind":"trial","step":0,"since":' || changed_at
  || ',"plan":{"steps":[{"mode":"LIVE","percent":' || canary_percent || ',"minRequests":' || canary_min_requests
  || ',"bake":0,"patience":0,"byHand":false}],"checks":{"failedShare":0.01}}}'
where candidate is not null and canary_percent is not null;
alter table deployment drop column canary_percent;
alter table deployment drop column canary_min_requests;
