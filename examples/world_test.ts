/** What tests that go through all examples share. */

import type { Program, Scenario } from "awaitio/simulator";
import * as blink from "./blink.ts";
import * as button from "./button.ts";
import * as demo from "./demo.ts";
import * as serialConsole from "./serial_console.ts";
import * as thermostat from "./thermostat.ts";
import * as trafficLight from "./traffic_light.ts";
import * as usageGuide from "./usage_guide.ts";

/** An example's module. */
export interface Example {
  readonly default: Program;
  /** Missing where nothing happens outside. */
  readonly scenario?: Scenario;
}

/** All examples by the names of their files. */
export const EXAMPLES: { readonly [name: string]: Example } = {
  blink,
  button,
  demo,
  serial_console: serialConsole,
  thermostat,
  traffic_light: trafficLight,
  usage_guide: usageGuide,
};
