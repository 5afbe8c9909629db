import * as z from "zod";
import type { ControllerAccess } from "../../../core/holdings.ts";
import { controllerAccessShape, modelAccessShape, showEnd } from "./holdings-shapes.ts";

/** A member as it comes; what it has to be is checked in the order of the contract. */
const member = z.unknown().optional();

export const grantBody = z.object({ access: member, expires_at: member }).meta({
  example: { access: "add-model", expires_at: "2035-01-31T18:00:00+01:00" },
});
export const modelGrantBody = z.object({ access: member, expires_at: member }).meta({ example: { access: "write" } });
export const controllerBody = z
  .object({ controller: member, type: member, region: member, credentials: member })
  .meta({ example: { controller: "north", type: "google", region: "europe-west1" } });
export const modelBody = z.object({ model: member, credentials: member }).meta({ example: { model: "web" } });

/** A controller by its name, and under that what somebody has there (contract, section 4, "ControllerMap"). */
export const controllerMapShape = z
  .record(
    z.string(),
    controllerAccessShape
      .pick({ access: true, expires_at: true, type: true })
      .extend({ models: z.array(z.record(z.string(), modelAccessShape.shape.access)) }),
  )
  .meta({ example: { north: { access: "add-model", models: [{ web: "write" }], type: "google" } } });

export const showControllerMap = (controller: ControllerAccess): z.output<typeof controllerMapShape> => ({
  [controller.name]: {
    access: controller.access,
    ...showEnd(controller),
    models: controller.models.map(({ name, access }) => ({ [name]: access })),
    type: controller.type,
  },
});

const people = z.array(z.object({ name: z.string(), access: z.string() }));
export const namesShape = z.array(z.string()).meta({ example: ["north", "south"] });
export const controllerShape = z
  .object({
    name: z.string(),
    type: z.string(),
    region: z.string().nullable(),
    models: namesShape,
    users: people,
  })
  .meta({
    example: {
      name: "north",
      type: "google",
      region: "europe-west1",
      models: ["web"],
      users: [{ name: "mira", access: "add-model" }],
    },
  });
export const modelShape = z
  .object({ name: z.string(), status: z.literal("ready"), users: people })
  .meta({ example: { name: "web", status: "ready", users: [{ name: "mira", access: "write" }] } });
