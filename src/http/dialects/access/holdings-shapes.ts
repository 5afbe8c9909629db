import * as z from "zod";
import type { ControllerAccess, Holder, ModelAccess, OpenCredential } from "../../../core/holdings.ts";

const end = z.iso.datetime().optional();
const WEB = { name: "web", access: "write" };
const NORTH = { name: "north", type: "google", access: "add-model", models: [WEB] };

export const modelAccessShape = z
  .object({
    name: z.string(),
    access: z.enum(["read", "write", "admin"]),
    expires_at: end,
  })
  .meta({ example: WEB });
export const controllerAccessShape = z.object({
  name: z.string(),
  type: z.string(),
  access: z.enum(["login", "add-model", "superuser"]),
  expires_at: end,
  models: z.array(modelAccessShape),
});
export const credentialShape = z.object({
  name: z.string(),
  type: z.string(),
  key: z.object({ file: z.string() }),
});
export const userShape = z
  .object({
    name: z.string(),
    active: z.boolean(),
    credentials: z.array(credentialShape),
    ssh_keys: z.array(z.string()),
    controllers: z.array(controllerAccessShape),
  })
  .meta({ example: { name: "mira", active: true, credentials: [], ssh_keys: [], controllers: [NORTH] } });
export const leftShape = z.object({ name: z.string(), controllers: z.array(controllerAccessShape) });

/** The end of a grant, for one that has an end (contract, section 4). */
export const showEnd = ({ expiresAt }: { expiresAt: number | null }) =>
  expiresAt === null ? {} : { expires_at: new Date(expiresAt).toISOString() };

export const showModelAccess = (model: ModelAccess): z.output<typeof modelAccessShape> => ({
  name: model.name,
  access: model.access,
  ...showEnd(model),
});

export const showControllerAccess = (controller: ControllerAccess): z.output<typeof controllerAccessShape> => ({
  name: controller.name,
  type: controller.type,
  access: controller.access,
  ...showEnd(controller),
  models: controller.models.map(showModelAccess),
});

export const showCredential = ({ name, type, content }: OpenCredential): z.output<typeof credentialShape> => ({
  name,
  type,
  key: { file: content },
});

/** A user, with the contents of his credentials. */
export const showUser = (user: Holder, credentials: OpenCredential[]): z.output<typeof userShape> => ({
  name: user.name,
  active: user.active,
  credentials: credentials.map(showCredential),
  ssh_keys: user.sshKeys,
  controllers: user.controllers.map(showControllerAccess),
});

/** A user as he is listed after another was removed. */
export const showLeft = ({ name, controllers }: Holder): z.output<typeof leftShape> => ({
  name,
  controllers: controllers.map(showControllerAccess),
});
