/** What a statement can fail with that the layers above may decide about; anything else is a bug. */
export type Fault =
  /** A uniqueness or foreign key that the table refused, named by its columns (`users.name_key`), or by its text for a trigger. */
  | { kind: "constraint"; on: string }
  /** The database could not be reached or did not answer as a database: nobody knows whether the statement took effect. */
  | { kind: "unreachable" };

/** A fault of D1 as data. Its message never holds SQL or parameters. */
export class StorageFault extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.kind === "constraint" ? `constraint: ${fault.on}` : fault.kind);
    this.fault = fault;
    this.name = "StorageFault";
  }
}

/**
 * What an error that D1 threw means. A constraint violation and everything that does not come from SQLite itself (a lost
 * connection, an overload) becomes a `StorageFault`; a statement that SQLite cannot understand is a bug and stays what it was.
 */
export function asFault(error: unknown): unknown {
  const message = error instanceof Error ? error.message : String(error);
  const unique = /UNIQUE constraint failed: ([^:]+)/.exec(message)?.[1];
  if (unique) return new StorageFault({ kind: "constraint", on: unique.split(", ").join("+") });
  const missing = /NOT NULL constraint failed: ([^:]+)/.exec(message)?.[1];
  if (missing) return new StorageFault({ kind: "constraint", on: missing });
  if (/FOREIGN KEY constraint failed/.test(message)) {
    return new StorageFault({ kind: "constraint", on: "foreign key" });
  }
  if (/protected administrator/.test(message)) {
    return new StorageFault({ kind: "constraint", on: "protected administrator" });
  }
  return /SQLITE_|D1_TYPE_ERROR/.test(message) ? error : new StorageFault({ kind: "unreachable" });
}

/** The fault behind an error, however deep drizzle has wrapped it. */
export function faultOf(error: unknown): Fault | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (at instanceof StorageFault) return at.fault;
  }
  return undefined;
}

/** The constraint that an error names, if that is what it is about. */
export function violated(error: unknown): string | undefined {
  const fault = faultOf(error);
  return fault?.kind === "constraint" ? fault.on : undefined;
}
