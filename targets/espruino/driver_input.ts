import type {
  DigitalMode,
  DigitalPort,
  Done,
  EdgeKind,
  Level,
  OnEdge,
} from "../../runtime/io/driver.ts";
import type { Espruino } from "./api.ts";
import { toLoopTime } from "./clock.ts";

declare const pinMode: Espruino["pinMode"];
declare const digitalRead: Espruino["digitalRead"];
declare const setWatch: Espruino["setWatch"];
declare const clearWatch: Espruino["clearWatch"];

/** A pin that the chip reads. */
export class EspruinoInput implements DigitalPort {
  /** The watch's id; 0 for none. `clearWatch` throws for one that is not there. */
  private id = 0;
  /** Counts watches and their ends. */
  private watches = 0;

  constructor(private readonly pin: string, mode: DigitalMode) {
    pinMode(
      pin,
      mode === "inputPullUp" ? "input_pullup" : mode === "input" ? mode : "input_pulldown",
    );
  }

  get level(): Level {
    return digitalRead(this.pin);
  }

  read(done: Done<Level>): void {
    done(null, digitalRead(this.pin));
  }

  write(): never {
    throw new Error(`Cannot write to ${this.pin}: it is an input`);
  }

  /**
   * The interpreter's debounce is the one asked for: every edge puts the decision off, and the time told
   * is that of the last edge, which began the stable level. But `clearWatch` leaves a decision pending:
   * it would come to who watches next, and ids are used again. So we count.
   */
  watch(edge: EdgeKind, debounce: number, onEdge: OnEdge): void {
    this.unwatch();
    const current = this.watches;
    this.id = setWatch(
      (event) => {
        if (current === this.watches) onEdge(event.state ? 1 : 0, toLoopTime(event.time));
      },
      this.pin,
      { repeat: true, edge, debounce },
    );
    // Not every pin can be watched beside another: on STM32 A0 and B0 share an interrupt.
    if (!this.id) throw new Error(`Cannot watch ${this.pin}`);
  }

  unwatch(): void {
    if (this.id) clearWatch(this.id);
    this.id = 0;
    this.watches++;
  }

  close(): void {
    this.unwatch();
  }
}
