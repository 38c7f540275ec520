import { setImmediate } from "node:timers";
import type { BoardSpec } from "../../../runtime/io/spec.ts";
import { JohnnyFiveBoard } from "../../johnny-five/board.ts";
import { connect, johnnyFive } from "../../johnny-five/connect.ts";
import type { OpenLine } from "../../johnny-five/driver.ts";
import type { FiveBoard, IoPlugin } from "../../johnny-five/io.ts";
import { Link } from "../../johnny-five/link.ts";
import { Remote } from "../../johnny-five/remote.ts";
import { Random } from "../random.ts";
import type { Booted, Firmware, Hardware } from "../hardware.ts";
import { clockOf } from "../virtual_clock.ts";
import { EmulatedCable } from "./cable.ts";
import { Coupling } from "./coupling.ts";
import type { EmulatedBoard, FirmwareKit } from "./emulated.ts";
import { ObservedDriver } from "./observed_driver.ts";

/** How long the board runs at once while it starts, in milliseconds of its own. */
const SLICE = 2;

/** How to start an emulated board. */
export interface BootOptions {
  /** Whether a link that breaks comes back. */
  readonly reconnect?: boolean;
  /** Seeds which bytes get lost. */
  readonly seed?: number;
}

/** Simulates with real firmware on the board: see {@linkcode SimulationOptions.firmware}. */
export function firmwareOf(kit: FirmwareKit, options: BootOptions = {}): Firmware {
  return { boot: (spec) => StartedBoard.boot(kit, spec, options) };
}

/** An emulated board that Johnny-Five has found. */
export class StartedBoard implements Booted {
  private hardware: Hardware | null = null;
  private remote: Remote | null = null;

  private constructor(
    readonly emulated: EmulatedBoard,
    readonly cable: EmulatedCable,
    readonly link: Link,
    readonly io: IoPlugin,
    readonly five: FiveBoard,
  ) {}

  /** Switches a board on, and lets it run until Johnny-Five has found it. That is before the virtual clock begins. */
  static async boot(
    { libraries, newBoard }: FirmwareKit,
    spec: BoardSpec,
    { reconnect = false, seed = 0 }: BootOptions = {},
  ): Promise<StartedBoard> {
    const emulated = newBoard(spec);
    const cable = new EmulatedCable(emulated, new Random(seed));
    let sent: number[] = [];
    emulated.onSerial = (byte) => void sent.push(byte);
    let started: StartedBoard | null = null;
    const link = new Link({
      name: "the emulated board",
      reconnect,
      open: () => cable.open(),
      // Nothing of the link waits before there is a loop.
      after(ms, fn) {
        const timer = started!.hardware!.loop.callLater(ms, fn);
        return () => timer.cancel();
      },
    });
    let ready = false;
    const connected = connect(libraries.firmata, link)
      .then(async (io) => ({ io, five: await johnnyFive(libraries.five, io) }))
      .finally(() => ready = true);
    while (!ready) {
      emulated.runUntil(emulated.milliseconds + SLICE);
      cable.deliver(Uint8Array.from(sent));
      sent = [];
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    const { io, five } = await connected;
    return started = new StartedBoard(emulated, cable, link, io, five);
  }

  couple<S extends BoardSpec>(hardware: Hardware, spec: S): JohnnyFiveBoard<S> {
    const { loop, driver, recorder } = hardware;
    const { five, io, link } = this;
    this.hardware = hardware;
    new Coupling(this.emulated, this.cable, clockOf(loop)!, hardware);
    const lines: { [name: string]: OpenLine } = {};
    for (const name of Object.keys(spec.serials)) {
      lines[name] = (options, onData, onError) => driver.openSerial(name, options, onData, onError);
    }
    const remote = this.remote = new Remote(io, loop, link);
    const observed = new ObservedDriver(remote, spec, lines, recorder);
    return new JohnnyFiveBoard(spec, five, observed);
  }

  stop(): void {
    this.remote?.close();
    void this.link.close();
  }
}
