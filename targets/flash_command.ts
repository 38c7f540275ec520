import type { Command } from "./command.ts";

/** `flash`: puts a program on an Espruino board, or Firmata on an Arduino. */
export const flashCommand: Command = {
  name: "flash",
  summary: "Put a program on an Espruino board, or firmware on an Arduino, and verify it",
  args: "<program>",
  options: {
    board: { value: "ID", help: "the board (see `boards`); asked from the board unless given" },
    port: { value: "PATH", help: "where it is plugged in; needed only if there are several" },
    baud: { value: "N", help: "bits a second; the board's own unless given" },
    firmware: { value: "NAME", help: "firmata: put that on an Arduino, instead of a program" },
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
    ["flash --board uno --firmware firmata", "make an Arduino ready for run --target johnny-five"],
  ],
  async run(given) {
    if (given.options["firmware"] !== undefined) {
      const { flashFirmware } = await import("./johnny-five/flash_firmware.ts");
      return await flashFirmware(given);
    }
    // The compiler takes a while to load.
    const { runFlash } = await import("./espruino/flash_run.ts");
    return await runFlash(given);
  },
};
