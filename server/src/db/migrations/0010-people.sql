-- Roles (core/access/roles). Whoever was in a site owns it.
alter table members drop constraint members_role_check;
alter table members add constraint members_role_check
  check (role in ('owner', 'administrator', 'operator', 'viewer', 'auditor'));

-- May make sites and see the list of them. The first person that there is.
alter table users add column platform_admin boolean not null default false;
update users set platform_admin = true where id = (select id from users order by "createdAt", id limit 1);

-- In a site, only its own people exist.
alter table users enable row level security;
create policy site on users to netdelta_app using (id in (select user_id from members));
