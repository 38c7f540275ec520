import type { Command } from "../command.ts";

/** `flash`: puts a program on an Espruino board. */
export const flashCommand: Command = {
  name: "flash",
  summary: "Put a program on an Espruino board, verify it and start it",
  args: "<program>",
  options: {
    board: { value: "ID", help: "the board (see `boards`); asked from the board unless given" },
    port: { value: "PATH", help: "where it is plugged in; needed only if there are several" },
    baud: { value: "N", help: "bits a second; the board's own unless given" },
    ram: { help: "send it to memory only: gone at the next reset" },
    file: { value: "NAME", help: "save it as a file of that name instead of at boot" },
    recover: { help: "first clear a board whose program never yields; alone, only that" },
    "any-board": { help: "flash although another board than --board answers" },
    timeout: { value: "DURATION", help: "how long any one answer may take (10s)" },
    listen: { value: "DURATION", help: "how long to show what the program prints (2s)" },
  },
  examples: [
    ["flash examples/blink.ts --board puckjs", "build it, and run it at every boot"],
    ["flash out/blink.js --port /dev/ttyACM0 --ram", "an artefact, to try it"],
    ["flash --recover --port /dev/ttyACM0", "get a board back"],
  ],
  async run(given) {
    // The compiler takes a while to load.
    const { runFlash } = await import("./flash_run.ts");
    return await runFlash(given);
  },
};
