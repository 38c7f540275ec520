import type { CPU } from "avr8js";

/** An interrupt: its vector, flag and enable bit. avr8js has the type, but does not export its name. */
export type Interrupt = Parameters<CPU["setInterruptFlag"]>[0];
