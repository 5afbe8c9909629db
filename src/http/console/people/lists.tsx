export const userPath = (name: string): string => `/console/users/${encodeURIComponent(name)}`;
export const groupPath = (name: string): string => `/console/groups/${encodeURIComponent(name)}`;

export const UserLink = ({ name }: { name: string }) => <a href={userPath(name)}>{name}</a>;
export const GroupLink = ({ name }: { name: string }) => <a href={groupPath(name)}>{name}</a>;

/** The fields of these names that something was filled in. */
export const filledOf = (form: URLSearchParams, ...names: string[]): Record<string, string> =>
  Object.fromEntries([...form].filter(([name, value]) => names.includes(name) && value !== ""));
