import * as z from "zod";
import type { Login } from "../../../core/logins.ts";
import { refusalsWith } from "../../shape.ts";

/** The only domain. */
const DOMAIN = { id: "default", name: "Default" } as const;

const domainShape = z.object({ id: z.literal(DOMAIN.id), name: z.literal(DOMAIN.name) });
const namedShape = z.object({ id: z.string(), name: z.string(), domain: domainShape });

export const servicesShape = z.array(
  z.object({
    id: z.string(),
    type: z.string(),
    name: z.string(),
    endpoints: z.array(
      z.object({
        id: z.string(),
        interface: z.enum(["public", "internal", "admin"]),
        region: z.string(),
        region_id: z.string(),
        url: z.string(),
      }),
    ),
  }),
);

export const tokenShape = z
  .object({
    token: z.object({
      methods: z.array(z.string()),
      user: namedShape.extend({ password_expires_at: z.null() }),
      audit_ids: z.array(z.string()),
      expires_at: z.string(),
      issued_at: z.string(),
      project: namedShape.optional(),
      is_domain: z.literal(false).optional(),
      roles: z.array(z.object({ id: z.string(), name: z.string() })).optional(),
      catalog: servicesShape.optional(),
    }),
  })
  .meta({
    example: {
      token: {
        methods: ["password"],
        user: {
          id: "5f3c0e7a9b2d4c618e0f1a2b3c4d5e6f",
          name: "ines@example.org",
          domain: DOMAIN,
          password_expires_at: null,
        },
        audit_ids: ["Ub7KatxNUnoeBM5Wu5Cg6A"],
        expires_at: "2026-11-22T15:38:21.927000Z",
        issued_at: "2026-11-22T12:38:21.927000Z",
        project: { id: "0b6d2f4a8c1e4d3f9a5b7c9d1e3f5a7b", name: "kelp", domain: DOMAIN },
        is_domain: false,
        roles: [{ id: "project_admin", name: "project_admin" }],
      },
    },
  });

export const versionShape = z.object({
  version: z.object({
    id: z.string(),
    status: z.literal("stable"),
    updated: z.string(),
    links: z.array(z.object({ rel: z.literal("self"), href: z.string() })),
    "media-types": z.array(z.object({ base: z.string(), type: z.string() })),
  }),
});

export const catalogShape = z.object({ catalog: servicesShape, links: z.object({ self: z.string() }) });

const projectShape = z.object({
  id: z.string(),
  name: z.string(),
  domain_id: z.literal(DOMAIN.id),
  parent_id: z.literal(DOMAIN.id),
  enabled: z.literal(true),
  is_domain: z.literal(false),
});

export const projectsShape = z
  .object({
    projects: z.array(projectShape),
    links: z.object({ self: z.string(), previous: z.null(), next: z.null() }),
  })
  .meta({
    example: {
      projects: [
        {
          id: "0b6d2f4a8c1e4d3f9a5b7c9d1e3f5a7b",
          name: "kelp",
          domain_id: DOMAIN.id,
          parent_id: DOMAIN.id,
          enabled: true,
          is_domain: false,
        },
      ],
      links: { self: "https://ostiary.example/v3/auth/projects", previous: null, next: null },
    },
  });

const errorShape = z
  .object({ error: z.object({ code: z.int(), title: z.string(), message: z.string() }) })
  .meta({ id: "KeystoneRefusal" });

/** The documented refusals of a route. */
export const refusals = refusalsWith(errorShape);

const shown = (at: number) => new Date(at).toISOString().replace("Z", "000Z");

/** The document of a token; project and roles when it has a project in scope. */
export function showToken(
  { session, user, identity }: Login,
  methods: string[],
  catalog?: z.output<typeof servicesShape>,
): z.output<typeof tokenShape> {
  const { project_id: id, project_name: name, roles } = identity;
  return {
    token: {
      methods,
      user: { id: user.id, name: user.name, domain: DOMAIN, password_expires_at: null },
      audit_ids: [auditId(session.id)],
      expires_at: shown(session.expiresAt),
      issued_at: shown(session.createdAt),
      ...(id !== null &&
        name !== null && {
          project: { id, name, domain: DOMAIN },
          is_domain: false as const,
          roles: roles.map((role) => ({ id: role, name: role })),
        }),
      ...(catalog && { catalog }),
    },
  };
}

export const showProject = ({ id, name }: { id: string; name: string }): z.output<typeof projectShape> => ({
  id,
  name,
  domain_id: DOMAIN.id,
  parent_id: DOMAIN.id,
  enabled: true,
  is_domain: false,
});

/** Names a token without telling it: the 16 bytes of the session's id, which clients know as 22 letters. */
const auditId = (sessionId: string): string =>
  Uint8Array.fromHex(sessionId).toBase64({ alphabet: "base64url", omitPadding: true });
