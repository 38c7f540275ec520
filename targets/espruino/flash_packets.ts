import { BoardFailure } from "./flash_failure.ts";
import type { Link } from "./flash_link.ts";
import { EXIT } from "../exit.ts";

/** Types of packets: the three upper bits of the header. */
export const PACKET = {
  response: 0x0000,
  evaluate: 0x2000,
  event: 0x4000,
  fileSend: 0x6000,
  data: 0x8000,
  fileReceive: 0xa000,
} as const;

export const ACK = "\x06";
export const NAK = "\x15";
/** What a packet begins with: DLE, SOH. */
export const PACKET_START = "\x10\x01";

/** The first version whose console knows packets. */
const FIRST_VERSION = 25;

/** How long a packet may take on the line, in milliseconds: the board gives up after one second. */
const PACKET_TIME = 500;
/** How long a board that is there takes to refuse a packet, in milliseconds. */
const SOON = 1000;
const LARGEST = 1024;
const SMALLEST = 64;

/** Whether a firmware knows packets; `version` is for example `"2v29"` or `"2v25.12"`. */
export function knowsPackets(version: string): boolean {
  const [, major, minor] = /^(\d+)v(\d+)/.exec(version) ?? [];
  return major !== undefined && (Number(major) > 2 || Number(minor) >= FIRST_VERSION);
}

/** A packet as it goes over the line, one character a byte. */
export function packet(type: number, payload: string): string {
  const header = type | payload.length;
  return PACKET_START + String.fromCharCode(header >> 8, header & 0xff) + payload;
}

/** How many bytes of data a packet carries at a speed. */
export function packetSize(baudRate: number): number {
  const bytes = baudRate / 10 * PACKET_TIME / 1000;
  return Math.min(LARGEST, Math.max(SMALLEST, Math.floor(bytes / SMALLEST) * SMALLEST));
}

/**
 * Whether a byte of a header means something to the lines below: Ctrl-C, the end of a file (the
 * interpreter on Linux ends), XON, XOFF.
 */
function troubles(length: number): boolean {
  return [0x03, 0x04, 0x11, 0x13].includes(length & 0xff);
}

/** Where to cut `length` bytes into packets, so that no header troubles the line. */
export function packetLengths(length: number, size: number): number[] {
  const lengths: number[] = [];
  for (let left = length; left > 0;) {
    let next = Math.min(size, left);
    while (next > 1 && troubles(next)) next--;
    lengths.push(next);
    left -= next;
  }
  return lengths;
}

/**
 * Sends a file into Storage, packet by packet.
 *
 * The board acknowledges data although it could not store them (2v29): only reading back tells.
 *
 * @param goOn Called before each packet with how many bytes have arrived; may throw.
 * @throws {BoardFailure} If the board refuses a packet.
 */
export async function sendFile(
  link: Link,
  name: string,
  code: string,
  size: number,
  goOn: (sent: number) => void,
): Promise<void> {
  goOn(0);
  let announcement = JSON.stringify({ fn: name, s: code.length });
  while (troubles(announcement.length)) announcement += " ";
  await exchange(link, PACKET.fileSend, announcement);
  let sent = 0;
  for (const length of packetLengths(code.length, size)) {
    goOn(sent);
    await exchange(link, PACKET.data, code.slice(sent, sent + length));
    sent += length;
  }
  goOn(sent);
}

/** Makes the board forget a file that it still waits for: it refuses this one, and that is all. */
export async function abandonFile(link: Link): Promise<void> {
  link.clear();
  await link.send(packet(PACKET.fileSend, "{}"));
  await link.until((text) => text.includes(NAK) ? true : undefined, SOON);
}

async function exchange(link: Link, type: number, payload: string): Promise<void> {
  link.clear();
  await link.send(packet(type, payload));
  // The board gives up on a packet after 5 s at the latest, and says so.
  const answer = await link.until(firstAnswer, link.timeout);
  if (answer === ACK) return;
  throw answer === NAK ? new PacketRefused(link.path) : new BoardFailure(
    `The board on "${link.path}" does not answer any more: no ACK within ` +
      `${link.timeout / 1000} s (--timeout)`,
    EXIT.timeLimit,
  );
}

function firstAnswer(text: string): string | undefined {
  return [...text].find((char) => char === ACK || char === NAK);
}

/** The board answered NAK: a byte was lost, or it could not use the packet. */
export class PacketRefused extends BoardFailure {
  constructor(path: string) {
    super(`The board on "${path}" refused a packet (NAK)`);
  }
}
