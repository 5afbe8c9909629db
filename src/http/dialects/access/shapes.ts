import * as z from "zod";
import { refusalsWith } from "../../shape.ts";

/** A message, of success or refusal, is a bare string. */
export const messageShape = z.string();

/** The documented refusals of a route. */
export const refusals = refusalsWith(messageShape);
