/**
 * A simulated board on a virtual clock, for tests and for developing without hardware.
 *
 * @module
 */

export type { AnalogSource, I2cDevice, SpiDevice } from "./driver.ts";
export type { SerialPeer } from "./line.ts";
export type { WireEdge } from "./pin.ts";
export type { Firmware } from "./hardware.ts";
export { simulate } from "./simulate.ts";
export {
  type Outcome,
  type Program,
  type Scenario,
  Simulation,
  type SimulationOptions,
} from "./simulation.ts";
export { type Link, type LinkOptions, type Reachable, simulatedLink } from "./link.ts";
export { type TraceBase, type TraceEvent, traceLine } from "./trace.ts";
export { busy, virtual, virtualLoop, type VirtualOptions } from "./virtual.ts";
export type { ClockOptions } from "./virtual_clock.ts";
