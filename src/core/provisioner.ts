import type { Outcome } from "./actions/action.ts";
import type { Core } from "./context.ts";
import { logFault } from "./faults.ts";
import type { Settings } from "./settings.ts";
import { sign } from "./signing.ts";

const TIMEOUT_MS = 10_000;
const WHAT = "NetworkProvisionerError";

/** What the provisioner is asked to make a network for. */
export interface NetworkRequest {
  /** Id of the task; the idempotency key too. */
  task: string;
  project_id: string;
  project_name: string;
  region: string;
}

/**
 * Asks the network provisioner of the deployment to do its part (workflow contract, 9.3): 2xx within 10 s is success. The
 * body is signed by the key that signs JWTs, as a detached JWS (RFC 7515, appendix F) in `X-JWS-Signature`. Never throws.
 */
export async function provisionNetwork({ settings, visit }: Core, request: NetworkRequest): Promise<Outcome> {
  const body = new TextEncoder().encode(JSON.stringify(request));
  const failed = (note: string): Outcome => ({ done: false, what: WHAT, note });
  try {
    const response = await fetch(settings.NETWORK_PROVISIONER_URL, {
      method: "POST",
      body,
      headers: {
        "Content-Type": "application/json",
        "Idempotency-Key": request.task,
        "X-JWS-Signature": await detachedSignature(settings, body),
      },
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    return response.ok
      ? { done: true, note: "The network has been set up." }
      : failed(`The network provisioner answered ${response.status}.`);
  } catch (error) {
    logFault("the network provisioner did not answer", error, { request: visit.id });
    return failed("The network provisioner did not answer.");
  }
}

/** Header and signature of a JWS whose payload is sent beside it. */
async function detachedSignature(settings: Settings, payload: Uint8Array): Promise<string> {
  const [header, , signature] = (await sign(settings, payload)).split(".");
  return `${header}..${signature}`;
}
