import { setImmediate } from "node:timers";
import type { BoardSpec } from "../../../runtime/io/spec.ts";
import { JohnnyFiveBoard } from "../../johnny-five/board.ts";
import { connect, johnnyFive } from "../../johnny-five/connect.ts";
import type { OpenLine } from "../../johnny-five/driver.ts";
import { Link } from "../../johnny-five/link.ts";
import { Remote } from "../../johnny-five/remote.ts";
import type { Booted, Firmware, Hardware } from "../simulation.ts";
import { clockOf } from "../virtual_clock.ts";
import { Coupling } from "./coupling.ts";
import type { FirmwareKit } from "./emulated.ts";
import { ObservedDriver } from "./observed_driver.ts";
import { EmulatedWire } from "./wire.ts";

/** How long the board runs at once while it starts, in milliseconds of its own. */
const SLICE = 2;

/** Simulates with real firmware on the board: see {@linkcode SimulationOptions.firmware}. */
export function firmwareOf(kit: FirmwareKit): Firmware {
  return { boot: (spec) => boot(kit, spec) };
}

/** Switches a board on, and lets it run until Johnny-Five has found it. That is before the virtual clock begins. */
async function boot({ libraries, newBoard }: FirmwareKit, spec: BoardSpec): Promise<Booted> {
  const emulated = newBoard(spec);
  const wire = new EmulatedWire(emulated);
  let sent: number[] = [];
  emulated.onSerial = (byte) => void sent.push(byte);
  const link = new Link({ name: "the emulated board", open: () => Promise.resolve(wire) });
  let ready = false;
  const connected = connect(libraries.firmata, link)
    .then(async (io) => ({ io, five: await johnnyFive(libraries.five, io) }))
    .finally(() => ready = true);
  while (!ready) {
    emulated.runUntil(emulated.milliseconds + SLICE);
    wire.deliver(Uint8Array.from(sent));
    sent = [];
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  const { io, five } = await connected;
  return {
    couple<S extends BoardSpec>(hardware: Hardware, spec: S) {
      const { loop, driver } = hardware;
      new Coupling(emulated, wire, clockOf(loop)!, hardware);
      const lines: { [name: string]: OpenLine } = {};
      for (const name of Object.keys(spec.serials)) {
        lines[name] = (options, onData, onError) =>
          driver.openSerial(name, options, onData, onError);
      }
      const remote = new Remote(io, loop, link);
      const observed = new ObservedDriver(remote, spec, lines, hardware.recorder);
      return new JohnnyFiveBoard(spec, { five, remote, link, driver: observed });
    },
  };
}
