/** The levels that lists are counted on, by how many bits a block leaves out of a key; the last is the whole list. */
const LEVELS = "(select column1 as level, column2 as bits from (values (1, 6), (2, 12), (3, 18), (4, 63)))";

const whole = (key: string) => `iif(bits = 63, 0, ${key} >> bits)`;

/** The statement that counts the users of each block anew, as `user_counts` keeps them. */
export const USERS_COUNTED = `select level, ${whole("seq")} as block,
    sum(role = 'ADMIN' and state = 'active') as active_admins, sum(role = 'ADMIN' and state = 'inactive') as inactive_admins,
    sum(role = 'USER' and state = 'active') as active_users, sum(role = 'USER' and state = 'inactive') as inactive_users
  from users, ${LEVELS} group by 1, 2 order by 1, 2`;

export const USERS_KEPT = `select * from user_counts
  where active_admins + inactive_admins + active_users + inactive_users > 0 order by level, block`;

const TIME = "-(created_at >> 12)";
const counted = (list: string, key: string, from: string) =>
  `select ${list} as list, level, ${whole(key)} as block, count(*) as rows from ${from}, ${LEVELS} group by 1, 2, 3`;

/** The same of all other lists in the order of their names, as `row_counts` keeps them. */
export const ROWS_COUNTED = [
  counted("'api_keys'", "seq", "api_keys"),
  counted("'fleet_tasks'", "-id", "fleet_tasks"),
  counted("'groups'", "seq", '"groups"'),
  counted("'jobs'", "-id", "jobs"),
  counted("'jobs.' || status", "-id", "jobs"),
  counted("'notifications'", TIME, "notifications"),
  counted("'notifications.open'", TIME, "(select * from notifications where not acknowledged)"),
  counted("'tasks'", TIME, "tasks"),
];

export const ROWS_KEPT = "select * from row_counts where rows > 0 order by list, level, block";

const numbers = "with recursive n(i) as (select cast(?1 as integer) union all select i + 1 from n where i + 1 < ?2)";
const body = `'{"actions":[],"notes":[],"requester":null,"approvedBy":null,"approvedAt":null,"completedAt":null,"cancelledAt":null,"createdAt":0}'`;

/** Statements that insert so many rows, from a number ?1 to a number ?2: users and what hangs on them, and one of each list a user. */
export const SEEDS = [
  `insert into users (seq, id, name, name_key, role, state, source, created_at, modified_at) ${numbers}
    select 1000 + i + i / 500 * 100, printf('%032x', i), 'mass-' || i, 'mass-' || i, iif(i % 50 = 0, 'ADMIN', 'USER'),
      iif(i % 7 = 0, 'inactive', 'active'), 'local', 1, 1 from n`,
  `insert into tasks (id, type, revision, sameness, open, address, requester, approved_by, action_notes, task_notes,
      approved, completed, cancelled, created_at, pending_until, body) ${numbers}
    select printf('%032x', i * 7919 % 1000003), 'signup', 1, '', 0, '203.0.113.9', '{}', '{}', '{}', '[]',
      i % 3 = 0, i % 6 = 0, i % 5 = 0, 1700000000000 + i * 700, 4000000000000,
      json_set(${body}, '$.id', printf('%032x', i * 7919 % 1000003)) from n`,
  `insert into notifications (id, task_id, notes, error, acknowledged, created_at) ${numbers}
    select printf('%032x', i), '', '{"notes":[]}', i % 100 = 0, i % 10 = 0, 1700000000000 + i * 900 from n`,
  `insert into jobs (key, name, status, created_at, updated_at) ${numbers}
    select printf('%032x', i), 'job', iif(i % 4 = 0, 'RUNNING', 'COMPLETED'), 1, 1 from n`,
  `insert into fleet_tasks (job_id, target, place, status, ready, created_at, updated_at) ${numbers}
    select (select min(id) from jobs), 'target-' || i, 0, 'FINISHED', 0, 1, 1 from n`,
  `insert into groups (id, name, created_at, modified_at) ${numbers}
    select printf('%032x', i), 'project-' || i, 1, 1 from n`,
  `insert into api_keys (id, identity, digest, user_id, scopes, created_at) ${numbers}
    select printf('%032x', i), printf('%032x', i), '', printf('%032x', i), '["pas"]', 1 from n`,
  `insert into audit_events (at, actor, via, event, subject) ${numbers}
    select 1700000000000 + i, 'actor-' || i % 9, 'session', iif(i % 3, 'user.change', 'user.delete'), 'subject-' || i % 10 from n`,
];
