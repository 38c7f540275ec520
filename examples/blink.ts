/** Blinks an LED, once a second. */
import { type Board, sleep } from "awaitio";

export default async function main(board: Board) {
  const led = board.output("LED1");
  for (;;) {
    led.toggle();
    await sleep(500);
  }
}
