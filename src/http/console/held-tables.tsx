import type { ListedKey } from "../../core/api-keys.ts";
import type { ControllerAccess } from "../../core/holdings.ts";
import { Table, When } from "../html/parts.tsx";

const SHOWN_MAX = 100;

interface AccessProps {
  controllers: ControllerAccess[];
  empty: string;
  /** The page of a controller, for who may see it. */
  leadsTo(controller: ControllerAccess): string | undefined;
}

/** What somebody has on controllers and their models. */
export function AccessTable({ controllers, empty, leadsTo }: AccessProps) {
  const rows = controllers.flatMap((controller) => {
    const { name, models, access, expiresAt } = controller;
    const page = leadsTo(controller);
    return [
      [page ? <a href={page}>{name}</a> : name, access, <End at={expiresAt} />],
      ...models.map((model) => [`${name} / ${model.name}`, model.access, <End at={model.expiresAt} />]),
    ];
  });
  return (
    <>
      <Table
        caption="Controllers and models"
        columns={["Where", "Level", "Until"]}
        rows={rows.slice(0, SHOWN_MAX)}
        empty={empty}
      />
      {rows.length > SHOWN_MAX && <p class="hint">And {rows.length - SHOWN_MAX} more.</p>}
    </>
  );
}

/** When a grant ends. */
export const End = ({ at }: { at: number | null }) => (at === null ? <>no end</> : <When at={at} />);

/** What a table says of API keys, and the cells for one. */
export const KEY_COLUMNS = ["Label", "Scopes", "Created", "Last used", "Ends"];
export const keyCells = ({ label, identity, scopes, createdAt, lastUsedAt, expiresAt }: ListedKey) => [
  label ?? <code>{identity}</code>,
  scopes.join(", "),
  <When at={createdAt} />,
  <When at={lastUsedAt} />,
  expiresAt === null ? "never" : <When at={expiresAt} />,
];
