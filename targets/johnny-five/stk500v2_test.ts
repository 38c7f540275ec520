import { assertEquals, assertRejects } from "@std/assert";
import { BadAnswer, BootLine, type BootPort } from "./boot_line.ts";
import { Stk500v2 } from "./stk500v2.ts";

/**
 * A programmer as AVR068 describes it: it looks at each message's frame, and answers what it was told to, in one or
 * several pieces.
 */
class Peer {
  /** The bodies of the messages that came, with their sequence numbers. */
  readonly asked: [sequence: number, ...body: number[]][] = [];
  /** The bodies of the answers; `null` for none. */
  readonly #answers: (number[] | null)[];
  /** Changes an answer on its way. */
  onWay = (message: number[]): number[] => message;

  constructor(...answers: (number[] | null)[]) {
    this.#answers = answers;
  }

  talk(): Stk500v2 {
    let onData = (_bytes: Uint8Array): void => {};
    const port = {
      write: (bytes: Uint8Array, done: () => void) => {
        done();
        const answer = this.#answer([...bytes]);
        setTimeout(() => onData(Uint8Array.from(answer.slice(0, 4))));
        setTimeout(() => onData(Uint8Array.from(answer.slice(4))));
      },
      on: (event: string, listener: (bytes: Uint8Array) => void) => {
        if (event === "data") onData = listener;
      },
    };
    return new Stk500v2(new BootLine(port as unknown as BootPort));
  }

  #answer(bytes: number[]): number[] {
    const [start, sequence = -1, high = 0, low = 0, token, ...body] = bytes.slice(0, -1);
    assertEquals([start, token, high << 8 | low], [0x1b, 0x0e, body.length]);
    assertEquals(bytes.at(-1), exclusiveOr(bytes.slice(0, -1)));
    this.asked.push([sequence, ...body]);
    const answer = this.#answers.shift() ?? null;
    return answer === null ? [] : this.onWay(frame(sequence, answer));
  }
}

function exclusiveOr(bytes: number[]): number {
  return bytes.reduce((a, b) => a ^ b, 0);
}

function frame(sequence: number, body: number[]): number[] {
  const message = [0x1b, sequence, body.length >> 8, body.length & 255, 0x0e, ...body];
  return [...message, exclusiveOr(message)];
}

function letters(text: string): number[] {
  return [...text].map((letter) => letter.charCodeAt(0));
}

async function fails(step: Promise<unknown>): Promise<[string, silent: boolean]> {
  const error = await assertRejects(() => step, BadAnswer);
  return [error.message, error.silent];
}

Deno.test("Stk500v2 signs on, and begins to count anew each time that nothing answers", async () => {
  const peer = new Peer(null, null, [1, 0, 8, ...letters("AVRISP_2")]);
  assertEquals(await peer.talk().sync(), true);
  assertEquals(peer.asked, [[1, 1], [1, 1], [1, 1]]);
});

Deno.test("Stk500v2 does not take anything else for a bootloader", async () => {
  const other = [1, 0, 8, ...letters("JTAGICE2")];
  assertEquals(await new Peer(other, [1, 0xc0], null, other, [2, 0]).talk().sync(), false);
});

Deno.test("Stk500v2 reads the signature a byte at a time", async () => {
  const peer = new Peer(...[0x1e, 0x98, 0x01].map((byte) => [0x1b, 0, byte, 0]));
  assertEquals(await peer.talk().signature(), 0x1e9801);
  assertEquals(peer.asked, [0, 1, 2].map((i) => [i + 1, 0x1b, 4, 0x30, 0, i, 0]));
});

Deno.test("Stk500v2 writes and reads a page beyond 64 kB by its word's address", async () => {
  const peer = new Peer([6, 0], [0x13, 0], [6, 0], [0x14, 0, 0xaa, 0xbb, 0]);
  const boot = peer.talk();
  await boot.write(0x21300, Uint8Array.of(1, 2, 3, 4));
  assertEquals(await boot.read(0x21300, 2), Uint8Array.of(0xaa, 0xbb));
  assertEquals(peer.asked, [
    [1, 6, 0x80, 1, 0x09, 0x80],
    [2, 0x13, 0, 4, 0xc1, 10, 0x40, 0x4c, 0x20, 0, 0, 1, 2, 3, 4],
    [3, 6, 0x80, 1, 0x09, 0x80],
    [4, 0x14, 0, 2, 0x20],
  ]);
});

Deno.test("Stk500v2 enters and leaves programming mode", async () => {
  const peer = new Peer([0x10, 0], [0x11, 0]);
  const boot = peer.talk();
  await boot.enter();
  await boot.leave();
  assertEquals(peer.asked, [
    [1, 0x10, 200, 100, 25, 32, 0, 0x53, 3, 0xac, 0x53, 0, 0],
    [2, 0x11, 1, 1],
  ]);
});

Deno.test("Stk500v2 counts past 255", async () => {
  const peer = new Peer(...Array.from({ length: 257 }, () => [0x10, 0]));
  const boot = peer.talk();
  for (let i = 0; i < 257; i++) await boot.enter();
  assertEquals(peer.asked.slice(253).map(([sequence]) => sequence), [254, 255, 0, 1]);
});

Deno.test("Stk500v2 refuses a status, another answer, and a garbled one", async () => {
  assertEquals(await fails(new Peer([0x10, 0xc0]).talk().enter()), [
    "the status 0xc0 when asked for programming mode",
    false,
  ]);
  assertEquals(await fails(new Peer([0x11, 0]).talk().enter()), [
    "an answer to another command when asked for programming mode",
    false,
  ]);
  assertEquals(await fails(new Peer([6, 0], [0x14, 0, 1, 2, 0]).talk().read(0, 4)), [
    "3 bytes when asked for what is at 0x0",
    false,
  ]);
  const garbled: ((message: number[]) => number[])[] = [
    (message) => message.with(5, 0x12), // the body
    (message) => message.with(1, 7), // the sequence number
    (message) => message.with(4, 0x0f), // the token
    (message) => message.slice(0, -1),
  ];
  for (const onWay of garbled) {
    const peer = new Peer([0x10, 0]);
    peer.onWay = onWay;
    assertEquals(await fails(peer.talk().enter()), [
      "a garbled answer when asked for programming mode",
      false,
    ]);
  }
});

Deno.test("Stk500v2 says that nothing answers", async () => {
  assertEquals(await fails(new Peer(null).talk().enter()), [
    "no answer when asked for programming mode",
    true,
  ]);
});
