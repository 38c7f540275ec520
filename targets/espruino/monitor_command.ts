import type { Command } from "../command.ts";

/** `monitor`: the console of an Espruino board. */
export const monitorCommand: Command = {
  name: "monitor",
  summary: "Show the console of an Espruino board, and type on it",
  args: "[program]",
  options: {
    port: { value: "PATH", help: "where it is plugged in; needed only if there are several" },
    board: { value: "ID", help: "the board (see `boards`), for its speed and for a program's map" },
    baud: { value: "N", help: "bits a second; the board's own unless given" },
    map: { value: "FILE", help: "translate errors by this source map (a program brings its own)" },
    file: { value: "NAME", help: "the map is of this file on the board (.bootcde)" },
    log: { value: "FILE", help: "also append it to a file" },
    for: { value: "DURATION", help: "how long; until Ctrl-C unless given" },
  },
  examples: [
    ["monitor", "Ctrl-C leaves; Ctrl-B sends Ctrl-C to the board"],
    ["monitor examples/blink.ts --board puckjs", "errors name lines of blink.ts"],
    ["monitor --map out/blink.js.map --log run.txt", "by the map of a build, with a log"],
  ],
  async run(given) {
    const { runMonitor } = await import("./monitor_run.ts");
    return await runMonitor(given);
  },
};
