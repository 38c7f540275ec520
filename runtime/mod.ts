/**
 * asyncio for microcontrollers and the edge: loops, tasks, task groups, timeouts, locks, queues, and
 * pins and lines that can be awaited. Durations are milliseconds.
 *
 * @example
 * ```ts
 * import { type Board, sleep } from "awaitio";
 *
 * export default async function main(board: Board) {
 *   const led = board.output("LED1");
 *   for (;;) {
 *     led.toggle();
 *     await sleep(500);
 *   }
 * }
 * ```
 *
 * @module
 */

export { Barrier } from "./barrier.ts";
export { Context, ContextVar, copyContext, type Token } from "./context.ts";
export {
  allTasks,
  createTask,
  currentTask,
  eagerTaskFactory,
  ensureFuture,
  getRunningLoop,
  type ResultOf,
  type Source,
} from "./create_task.ts";
export {
  BrokenBarrierError,
  CancelledError,
  DeviceError,
  ExceptionGroup,
  IncompleteReadError,
  InvalidStateError,
  LimitOverrunError,
  QueueEmpty,
  QueueFull,
  QueueShutDown,
  RuntimeError,
  TimeoutError,
} from "./errors.ts";
export { Event, Flag } from "./event.ts";
export { Future } from "./future.ts";
export {
  gather,
  type GatherOptions,
  type Results,
  type ResultsOrErrors,
  type Sources,
} from "./gather.ts";
export type { ExceptionContext, ExceptionHandler } from "./exceptions.ts";
export { Handle, TimerHandle } from "./handle.ts";
export {
  type CallGraph,
  captureCallGraph,
  formatCallGraph,
  printCallGraph,
  ps,
  type TaskStatus,
} from "./introspect.ts";
export { Condition, type Held, Lock } from "./lock.ts";
export { EventLoop, type LoopOptions, type TaskFactory } from "./loop.ts";
export type { Platform, Signal } from "./platform.ts";
export { LifoQueue, PriorityQueue, Queue } from "./queue.ts";
export {
  getEventLoop,
  newEventLoop,
  run,
  Runner,
  type RunnerOptions,
  setEventLoop,
} from "./run.ts";
export { BoundedSemaphore, Semaphore } from "./semaphore.ts";
export { sleep } from "./sleep.ts";
export { Task, type TaskOptions } from "./task.ts";
export { TaskGroup, taskGroup } from "./task_group.ts";
export { type Missed, Ticker } from "./ticker.ts";
export { Timeout, timeout, timeoutAt } from "./timeout.ts";
export {
  ALL_COMPLETED,
  asCompleted,
  type Completions,
  FIRST_COMPLETED,
  FIRST_EXCEPTION,
  wait,
  type WaitOptions,
} from "./wait.ts";
export type { Awaitable } from "./wait_base.ts";
export { shield, waitFor } from "./wait_for.ts";
export {
  AnalogInput,
  type FadeOptions,
  type PwmOptions,
  PwmOutput,
  type Sample,
  type ThresholdOptions,
} from "./io/analog.ts";
export { Board } from "./io/board.ts";
export { I2c, Spi } from "./io/bus.ts";
export { Button, DigitalInput, type InputOptions } from "./io/digital_input.ts";
export { DigitalOutput, type OutputOptions } from "./io/digital_output.ts";
export { type Edge, type EdgesOptions, EdgeStream } from "./io/edge_stream.ts";
export type { EventStream } from "./io/event_stream.ts";
export type {
  AnalogPort,
  DigitalMode,
  DigitalPort,
  Done,
  Driver,
  EdgeKind,
  Gap,
  I2cOptions,
  I2cPort,
  Level,
  OnEdge,
  OnGap,
  PwmPort,
  SerialOptions,
  SerialPort,
  ServoOptions,
  ServoPort,
  SpiOptions,
  SpiPort,
} from "./io/driver.ts";
export { Serial } from "./io/serial.ts";
export { Servo } from "./io/servo.ts";
export type {
  BoardSpec,
  Capability,
  I2cSpec,
  LineKind,
  LineName,
  MemorySpec,
  PinName,
  PinSpec,
  PinsThat,
  RoleSpec,
  SerialSpec,
  SpiSpec,
} from "./io/spec.ts";
// The runtime's inside, which only types of the above mention: not to be made or called.
export type { Ready } from "./ready.ts";
export type { Schedule } from "./schedule.ts";
export type { Timed } from "./timer_heap.ts";
export type { Turns } from "./turns.ts";
