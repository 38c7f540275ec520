import { assertEquals } from "@std/assert";
import {
  type Board,
  createTask,
  IncompleteReadError,
  type Serial,
  sleep,
  timeout,
  TimeoutError,
} from "awaitio";
import { simulate } from "awaitio/simulator";
import { Random } from "../../targets/simulator/random.ts";

/** Letters of which every fifth ends a line or a record. */
const ALPHABET = "abcdefgh\n;";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** A read of any kind, and its result as the text that left the line. */
function anyRead(line: Serial, random: Random): () => Promise<string> {
  const length = 1 + random.below(12);
  switch (random.below(7)) {
    case 0:
      return async () => text(await line.read());
    case 1:
      return async () => text(await line.read(length));
    case 2:
      return async () => `${await line.readLine()}\n`;
    case 3:
      return async () => text(await line.readExactly(length));
    case 4:
      return async () => text(await line.readUntil(";"));
    case 5:
      return async () => text(await line.readUntil(";\n"));
    default:
      return async () => text(await line.readUntilIdle(length));
  }
}

/** Waits for it, for ever, with a time limit, or in a task that is cancelled. */
async function somehow(read: () => Promise<string>, random: Random): Promise<string> {
  const ms = random.below(12);
  switch (random.below(4)) {
    case 0:
      return await read();
    case 1: {
      const task = createTask(read);
      await sleep(ms);
      task.cancel();
      return await task.catch((error) => {
        if (task.cancelled()) return "";
        throw error;
      });
    }
    default:
      return await timeout(ms, read);
  }
}

/** Reads on until the line has ended and nothing is left. */
async function readAll(line: Serial, ended: () => boolean, random: Random): Promise<string> {
  let all = "";
  while (!ended() || line.available > 0) {
    try {
      all += await somehow(anyRead(line, random), random);
    } catch (error) {
      if (error instanceof IncompleteReadError) all += text(error.partial);
      else if (!(error instanceof TimeoutError)) throw error;
    }
  }
  return all;
}

Deno.test("serial: reads of every kind, cancelled at any time, return every byte once and in order", async () => {
  for (let seed = 0; seed < 60; seed++) {
    const random = new Random(seed);
    let sent = "";
    let got = "";
    let dropped = 0;
    await simulate(async (board: Board) => {
      const line = board.serial("Serial1", { baudRate: 10_000 });
      let ended = false;
      createTask(async () => {
        await sleep(800 + random.below(40));
        ended = true;
        line.close();
      });
      got = await readAll(line, () => ended, random);
      dropped = line.dropped;
    }, async (sim) => {
      const choices = new Random(1000 + seed);
      while (sim.time < 700) {
        const chunk = Array.from(
          { length: 1 + choices.below(25) },
          () => ALPHABET[choices.below(ALPHABET.length)],
        ).join("");
        sim.serial("Serial1").type(chunk);
        sent += chunk;
        await sim.sleep(choices.below(50));
      }
      await sim.sleep(500);
    }, { seed });
    assertEquals(dropped, 0, `seed ${seed}`);
    assertEquals(got, sent, `seed ${seed}`);
  }
});
