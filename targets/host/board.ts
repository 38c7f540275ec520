import { Board } from "../../runtime/io/board.ts";
import type { Driver } from "../../runtime/io/driver.ts";
import type { BoardSpec } from "../../runtime/io/spec.ts";

/** An ordinary computer has no pins; programs that ask for one are told where there are some. */
const computer = {
  id: "host",
  name: "this computer (run the program with `sim` to give it a board)",
  chip: "",
  targets: ["host"],
  pins: {},
  roles: {},
  serials: {},
  i2cs: {},
  spis: {},
  memory: {},
  analogVolts: 0,
} as const satisfies BoardSpec;

/** The board that a program gets when it runs as an ordinary process. */
export function hostBoard(): Board {
  return new Board<BoardSpec>(computer, nothing);
}

/** The board refuses every name before a driver is asked. */
const nothing: Driver = {
  openDigital: unreachable,
  openAnalog: unreachable,
  openPwm: unreachable,
  openSerial: unreachable,
  openI2c: unreachable,
  openSpi: unreachable,
  close() {},
};

function unreachable(): never {
  throw new Error("Cannot open anything on a board without pins");
}
