alter table alert add column quiet int not null default 0;
