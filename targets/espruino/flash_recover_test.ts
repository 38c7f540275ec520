import { assertEquals, assertRejects } from "@std/assert";
import { DoubleBoard } from "./double_board.ts";
import { BoardConsole } from "./flash_console.ts";
import { BoardFailure } from "./flash_failure.ts";
import { Link } from "./flash_link.ts";
import { recover } from "./flash_recover.ts";

Deno.test({
  name: "recover clears a board whose program runs on through some Ctrl-C",
  ignore: Deno.build.os === "windows",
  async fn() {
    using board = new DoubleBoard({
      files: { ".bootcde": 'print("x");while(1);' },
      faults: { deaf: 3 },
    });
    await using link = await Link.open(board.path, { baudRate: 9600, timeout: 8000 });
    const console = new BoardConsole(link);
    await recover(console);
    assertEquals(board.storage.list(), []);
    assertEquals(await console.identify(), { board: "PUCKJS", version: "2v29" });
  },
});

Deno.test({
  name: "recover says how to start the board without its program when nothing helps",
  ignore: Deno.build.os === "windows",
  async fn() {
    using board = new DoubleBoard({ files: { ".bootcde": "while(1);" }, faults: { deaf: 1000 } });
    await using link = await Link.open(board.path, { baudRate: 9600, timeout: 500 });
    const error = await assertRejects(
      () => recover(new BoardConsole(link)),
      BoardFailure,
      "hold BTN1",
    );
    assertEquals(error.exit, 42);
  },
});
