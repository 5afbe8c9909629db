import { rows } from "../../support/http.ts";

/** Runs something while these administrators are the only active ones and nobody is the bootstrap one. */
export async function asLastAdministrators(names: string[], run: () => Promise<void>): Promise<void> {
  const bootstrap = await rows("SELECT name FROM users WHERE bootstrap");
  const active = await rows("SELECT name FROM users WHERE role = 'ADMIN' AND state = 'active'");
  const others = active.filter(({ name }) => !names.includes(name));
  await rows("UPDATE users SET bootstrap = 0 WHERE bootstrap");
  for (const { name } of others) await rows("UPDATE users SET state = 'inactive' WHERE name = ?", name);
  try {
    await run();
  } finally {
    for (const { name } of others) await rows("UPDATE users SET state = 'active' WHERE name = ?", name);
    for (const { name } of bootstrap) await rows("UPDATE users SET bootstrap = 1 WHERE name = ?", name);
  }
}
