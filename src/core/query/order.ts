export interface OrderWish {
  /** A field, or an alias. */
  name: string;
  direction: "asc" | "desc";
}

/** Reads `name`, `name:asc` or `name:desc` (PAS contract, 5.1); undefined for anything else. */
export function parseOrder(text: string): OrderWish | undefined {
  const [, name = "", direction = "asc"] = /^([^:]+)(?::(asc|desc))?$/.exec(text) ?? [];
  return name ? { name, direction: direction === "desc" ? "desc" : "asc" } : undefined;
}
