import { avrInstruction, CPU } from "avr8js";

/** A CPU for tests that does nothing but let time pass. */
export class IdleCpu extends CPU {
  constructor() {
    super(new Uint16Array(1024), 2048);
  }

  /** Lets cycles pass. */
  pass(cycles: number): void {
    for (const end = this.cycles + cycles; this.cycles < end;) {
      avrInstruction(this);
      this.tick();
    }
  }
}
