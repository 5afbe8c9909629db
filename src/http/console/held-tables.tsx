import type { ListedKey } from "../../core/api-keys.ts";
import type { ControllerAccess } from "../../core/holdings.ts";
import { Table, When } from "../html/parts.tsx";

const SHOWN_MAX = 100;

/** What somebody has on controllers and their models. */
export function AccessTable({ controllers, empty }: { controllers: ControllerAccess[]; empty: string }) {
  const rows = controllers.flatMap(({ name, models, access, expiresAt }) => [
    [name, access, <End at={expiresAt} />],
    ...models.map((model) => [`${name} / ${model.name}`, model.access, <End at={model.expiresAt} />]),
  ]);
  return (
    <>
      <Table
        caption="Controllers and models"
        columns={["Controller or model", "Level", "Until"]}
        rows={rows.slice(0, SHOWN_MAX)}
        empty={empty}
      />
      {rows.length > SHOWN_MAX && <p class="hint">And {rows.length - SHOWN_MAX} more.</p>}
    </>
  );
}

const End = ({ at }: { at: number | null }) => (at === null ? <>no end</> : <When at={at} />);

/** What a table says of API keys, and the cells for one. */
export const KEY_COLUMNS = ["Label", "Scopes", "Made", "Last used", "Ends"];
export const keyCells = ({ label, identity, scopes, createdAt, lastUsedAt, expiresAt }: ListedKey) => [
  label ?? <code>{identity}</code>,
  scopes.join(", "),
  <When at={createdAt} />,
  <When at={lastUsedAt} />,
  expiresAt === null ? "never" : <When at={expiresAt} />,
];
