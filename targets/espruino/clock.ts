import type { Espruino } from "./api.ts";

declare const getTime: Espruino["getTime"];
declare const setTime: Espruino["setTime"];

/** How far the wall clock has been set back, in seconds. */
let shift = 0;

// The only clock there is moves with `setTime`, which is what Espruino's IDE calls when it connects: a
// sleeper would wake at once, or never. So we count by how much it moves.
const setWallClock = setTime;
(globalThis as { setTime?: typeof setTime }).setTime = (seconds) => {
  const before = getTime();
  setWallClock(seconds);
  shift += before - getTime();
};

/** The time now, in monotonic milliseconds. */
export function now(): number {
  return (getTime() + shift) * 1e3;
}

/** A time of an event in monotonic milliseconds, to the microsecond: seconds as a float say no more. */
export function toLoopTime(seconds: number): number {
  return Math.round((seconds + shift) * 1e6) / 1e3;
}
