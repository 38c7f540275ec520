/**
 * awaitio for edge functions on Deno and workerd: {@linkcode serve} gives each request an event loop and a scope of its
 * own. What edge programs import as `"awaitio/edge"`.
 *
 * @module
 */

import { install } from "../../runtime/platform.ts";
import { host } from "./platform.ts";

install(host);

export * from "../../runtime/mod.ts";
export {
  type BodySource,
  type Chunk,
  events,
  type EventsInit,
  type ServerEvent,
  stream,
  type StreamWriter,
} from "./body.ts";
export type { Groups } from "./pattern.ts";
export { type RequestScope, requestScope } from "./request_scope.ts";
export { every, type Schedule } from "./every.ts";
export { handle, serve, type Server } from "./serve.ts";
export type { Handler, Outcome, RequestOutcome, ServeOptions } from "./settings.ts";
export { type Message, type Socket, webSocket, type WebSocketOptions } from "./web_socket.ts";
