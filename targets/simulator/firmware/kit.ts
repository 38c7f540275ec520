import { libraries } from "../../johnny-five/libraries.ts";
import { EmulatedArduino } from "../arduino/board.ts";
import type { FirmwareKit } from "./emulated.ts";

/** What boards with firmware are made of; a program that is compiled is handed it. */
export const kit: FirmwareKit = {
  libraries,
  newBoard: (board) => new EmulatedArduino({ board }),
};
