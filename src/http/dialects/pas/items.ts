import type { ApiKey, Group, User } from "../../../core/collections.ts";
import type { Json } from "../../../core/values.ts";

/** What is shown of a thing: its data, in the order of the contract's section 3, and links. */
export interface Item {
  data: Data;
  links: Link[];
}

export type Data = { [key: string]: Json };
export type Link = { rel: string; href?: string; method?: string; type?: string; value?: string; name?: string };

/** A time as this dialect shows it: UTC, six decimals, no zone (contract, 2.2). */
export const shownTime = (at: number): string => new Date(at).toISOString().replace("Z", "000");
const shownOrNull = (at: number | null) => (at === null ? null : shownTime(at));

interface Common {
  seq: number;
  id: string;
  creator: string | null;
  createdAt: number;
}

const common = ({ seq, id, creator, createdAt }: Common, modifiedAt: number, state: string | null): Data => ({
  id: seq,
  uuid: id,
  creator: creator ?? "",
  created: shownTime(createdAt),
  modified: shownTime(modifiedAt),
  state,
  deleted: null,
});

/** The data of a user; never a password. */
export const userData = (user: User): Data => ({
  ...common(user, user.modifiedAt, user.state),
  username: user.name,
  email: user.email,
  // Kept as an empty text: nothing else can be said of it.
  source: user.source || null,
});

export const groupData = (group: Group): Data => ({
  ...common(group, group.modifiedAt, null),
  parent: group.parent,
  groupname: group.name,
});

/** The data of an API key; its secret only where it is told, in the answer to its creation. */
export const keyData = (key: ApiKey, ownerName: string, secret?: string): Data => ({
  ...common(key, key.createdAt, null),
  userid: ownerName,
  label: key.label,
  apikey_identity: key.identity,
  ...(secret !== undefined && { apikey_secret: secret }),
  expires_at: shownOrNull(key.expiresAt),
  scopes: key.scopes,
  last_used_on: shownOrNull(key.lastUsedAt),
});

export const userHref = (origin: string, name: string): string => `${origin}/auth/user/${encodeURIComponent(name)}`;
export const groupHref = (origin: string, name: string): string => `${origin}/auth/group/${encodeURIComponent(name)}`;

const itemLinks = (href: string): Link[] => [
  { rel: "self", href },
  { rel: "update", href, method: "PATCH" },
  { rel: "delete", href, method: "DELETE" },
];

/** A user with the names of his groups in the order of joining, `__default__` first; `href`: where he was asked for. */
export function userItem(user: User, groups: string[], origin: string, href = userHref(origin, user.name)): Item {
  const links: Link[] = [
    ...itemLinks(href),
    { rel: "statemachine", href: `${href}/+statemachine`, method: "POST" },
    { rel: "userid", value: user.id },
    ...groups.map((name) => ({ rel: "group", name, href: groupHref(origin, name) })),
  ];
  return { data: userData(user), links };
}

/** A group with the names of its active members in the order of joining. */
export function groupItem(group: Group, members: string[], origin: string): Item {
  const shown = members.map((name) => ({ rel: "member", href: userHref(origin, name) }));
  return { data: groupData(group), links: [...itemLinks(groupHref(origin, group.name)), ...shown] };
}

export function keyItem(key: ApiKey, ownerName: string, origin: string, secret?: string): Item {
  const href = `${origin}/auth/apikey/${key.id}`;
  return {
    data: keyData(key, ownerName, secret),
    links: [
      { rel: "self", href },
      { rel: "delete", href, method: "DELETE" },
    ],
  };
}
