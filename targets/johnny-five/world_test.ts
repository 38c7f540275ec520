/** A real Firmata at the other end of the line, on the virtual clock: what the tests of this folder run on. */
import { kit } from "../simulator/firmware/kit.ts";
import { type BootOptions, StartedBoard } from "../simulator/firmware/boot.ts";
import type { EmulatedArduino } from "../simulator/arduino/board.ts";
import { simulate, type TraceEvent } from "awaitio/simulator";
import type { JohnnyFiveBoard } from "awaitio/johnny-five";
import { uno } from "awaitio/boards";

export type Uno = JohnnyFiveBoard<typeof uno>;

/** An emulated Uno and the cable to it. */
export interface World {
  readonly board: Uno;
  readonly arduino: EmulatedArduino;
  readonly cable: StartedBoard["cable"];
  /** Messages on their way to the board, in hex, from when it was empty. */
  readonly sent: string[];
  /** What the trace has of the board. */
  readonly events: TraceEvent[];
}

/** Runs a program on an emulated Uno. */
export async function onFirmware(
  program: (world: World) => unknown,
  options: BootOptions = {},
): Promise<void> {
  let started: StartedBoard;
  const events: TraceEvent[] = [];
  const boot = async (spec: Parameters<typeof StartedBoard.boot>[1]) =>
    started = await StartedBoard.boot(kit, spec, options);
  await simulate(
    (board) => {
      const arduino = started.emulated as EmulatedArduino;
      const sent: string[] = [];
      const receive = arduino.receive.bind(arduino);
      arduino.receive = (bytes) => {
        const message = [...bytes];
        sent.push(message.map((byte) => byte.toString(16).padStart(2, "0")).join(" "));
        receive(message);
      };
      return program({ board: board as Uno, arduino, cable: started.cable, sent, events });
    },
    null,
    { board: uno, firmware: { boot }, onEvent: (event) => events.push(event) },
  );
}
