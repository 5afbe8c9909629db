const PLAIN = /^[\w/.~-]*$/;

/**
 * The path of a request in one spelling: segments percent-decoded strictly and encoded again, a trailing slash dropped. A
 * segment that cannot be decoded becomes NUL, which is nobody's name, so that it is simply not found.
 */
export function canonicalPath(pathname: string): string {
  const path = pathname.length > 1 && pathname.endsWith("/") ? pathname.slice(0, -1) : pathname;
  return PLAIN.test(path) ? path : path.split("/").map(respell).join("/");
}

function respell(segment: string): string {
  try {
    // `+` stands for itself in a path and begins the views of one dialect.
    return encodeURIComponent(decodeURIComponent(segment)).replaceAll("%2B", "+");
  } catch {
    return "%00";
  }
}

/** The last segment of a path, decoded if it can be, else as it was sent. */
export function lastSegment(url: string): string {
  const segment = new URL(url).pathname.replace(/\/$/, "").split("/").at(-1) ?? "";
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Which methods a set of routes serves at a path; a path without parameters comes before one with them. */
export interface RouteMap {
  /** `noHead`: a GET that is not served to HEAD. */
  add(method: string, pattern: string, noHead: boolean): void;
  /** In the order of registration, HEAD behind GET; undefined for an unknown path. */
  methodsAt(path: string): string[] | undefined;
}

/** The paths of a pattern. */
export const shapeOf = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replace(/[.+]/g, "\\$&").replace(/\{[^}]+\}/g, "[^/]+")}$`);

export function routeMap(): RouteMap {
  const fixed = new Map<string, string[]>();
  const open: { pattern: string; shape: RegExp; methods: string[] }[] = [];
  const methodsOf = (pattern: string): string[] => {
    if (!pattern.includes("{")) {
      const methods = fixed.get(pattern) ?? [];
      fixed.set(pattern, methods);
      return methods;
    }
    const known = open.find((route) => route.pattern === pattern);
    if (known) return known.methods;
    const methods: string[] = [];
    open.push({ pattern, shape: shapeOf(pattern), methods });
    return methods;
  };
  return {
    add(method, pattern, noHead) {
      const added = method.toUpperCase();
      methodsOf(pattern).push(...(added === "GET" && !noHead ? ["GET", "HEAD"] : [added]));
    },
    methodsAt: (path) => fixed.get(path) ?? open.find(({ shape }) => shape.test(path))?.methods,
  };
}
