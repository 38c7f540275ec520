/**
 * The device's half of a fleet: tells `edge_hub.ts` how warm it is and does what that passes on. What the network loses
 * is tried again with the next reading.
 */
import {
  type AnalogInput,
  type Board,
  type DigitalOutput,
  sleep,
  taskGroup,
  Ticker,
  TimeoutError,
} from "awaitio";

/** How a device reaches its hub: `fetch` for real, a simulated link in tests. */
export type Hub = (path: string, init?: RequestInit) => Promise<Response>;

/** The sensor reads 0 at 0 °C and full scale at 50 °C. */
const FULL_SCALE = 50;
const PERIOD = 1_000;

/** A device's program for a hub. */
export function device(id: string, hub: Hub) {
  return async function main(board: Board) {
    const sensor = board.analog("SENSOR1");
    const lamp = board.output("LED1");
    await taskGroup((group) => {
      group.createTask({ name: "report" }, report, `/devices/${id}/reading`, hub, sensor, lamp);
      group.createTask({ name: "obey" }, obey, `/devices/${id}/command`, hub, lamp);
    });
  };
}

async function report(path: string, hub: Hub, sensor: AnalogInput, lamp: DigitalOutput) {
  const ticker = new Ticker(PERIOD, { missed: "skip" });
  for (;;) {
    const count = await ticker.next();
    const celsius = Math.round(await sensor.read() * FULL_SCALE * 10) / 10;
    const body = JSON.stringify({ count, celsius, lamp: lamp.isOn });
    await trying(() => hub(path, { method: "POST", body }));
  }
}

async function obey(path: string, hub: Hub, lamp: DigitalOutput) {
  for (;;) {
    const response = await trying(() => hub(path));
    if (response?.status !== 200) {
      await sleep(100);
      continue;
    }
    const command = await response.text();
    if (command === "on") lamp.on();
    else if (command === "off") lamp.off();
    console.log(`told "${command}"`);
  }
}

/** What a call gives; `null` where the network has lost it. */
async function trying(call: () => Promise<Response>): Promise<Response | null> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof TimeoutError || error instanceof TypeError) return null;
    throw error;
  }
}

const HUB = "http://127.0.0.1:8000";

export default device("shed", (path, init) => fetch(HUB + path, init));
