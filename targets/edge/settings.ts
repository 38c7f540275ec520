import type { RequestScope } from "./request_scope.ts";

/** How a request went: sent whole, or why not. */
export type Outcome = "sent" | "cancelled" | "timed out" | "failed";

/** What is told of a request that is over. */
export interface RequestOutcome {
  /** The request's id, which its log lines and the header `x-request-id` of a 500 have too. */
  readonly id: string;
  /** The request: its method and address; Deno forgets its headers and body when it is over. */
  readonly request: Request;
  /** How it went. */
  readonly outcome: Outcome;
  /** The status that was answered, or would have been. */
  readonly status: number;
  /** How long it took, its body included and background work not, in milliseconds. */
  readonly time: number;
  /** Why it was not sent. */
  readonly reason?: string;
  /** What was thrown, where it failed. */
  readonly error?: unknown;
}

/** Answers a request. */
export type Handler = (request: Request, scope: RequestScope) => Response | PromiseLike<Response>;

/** How to serve. Times are milliseconds. */
export interface ServeOptions {
  /** How long a request may take until it is answered; without it as long as it likes. */
  readonly deadline?: number;
  /** How long background work may take after the response. Default 5,000; workerd allows 30,000. */
  readonly background?: number;
  /** How long requests may go on after SIGINT or SIGTERM. Default 4,000: Deno Deploy kills after 5,000. */
  readonly grace?: number;
  /** Answers for a request that has passed its deadline; 504 unless given. */
  readonly onDeadline?: (request: Request) => Response;
  /** Hears of every request that is over, once. */
  readonly onOutcome?: (outcome: RequestOutcome) => void;
}

/** @internal The same with what was not given. */
export interface Settings extends ServeOptions {
  readonly background: number;
  readonly grace: number;
}
