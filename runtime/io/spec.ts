/** What a pin can do beyond being there. Names follow ECMA-419 where it has a word. */
export type Capability =
  | "input"
  | "output"
  | "pullup"
  | "pulldown"
  | "analog"
  | "pwm"
  | "dac"
  | "servo";

/** The kinds of bus and line a board offers by name. */
export type LineKind = "serials" | "i2cs" | "spis";

/** A pin as the board's pinout shows it. */
export interface PinSpec {
  /** What the pin can do. */
  readonly can: readonly Capability[];
  /** Other names printed beside the pin or used by its chip, for example `"SDA"` or `"GP25"`. */
  readonly also?: readonly string[];
  /** Peripheral functions, for example `"USART1_TX"`. */
  readonly peripherals?: readonly string[];
}

/** A part soldered to the board (or customarily wired to it), known by a role such as `LED1`. */
export interface RoleSpec {
  /** The pin it hangs on. */
  readonly pin: string;
  /** The level at which the part is on or pressed; `1` unless said otherwise. */
  readonly active?: 0 | 1;
  /** The pull a button needs so that its pin has a level while nobody presses. */
  readonly pull?: "up" | "down";
  /** `true` where the part is not on the board and has to be wired by the user. */
  readonly external?: boolean;
}

/** A serial line by its name, for example `Serial1`. */
export interface SerialSpec {
  /** The pin that sends. */
  readonly tx?: string;
  /** The pin that receives. */
  readonly rx?: string;
  /** The pin that tells the other side to send. */
  readonly rts?: string;
  /** The pin on which the other side tells us to send. */
  readonly cts?: string;
  /** What else the line is used for, for example `"console"`. */
  readonly note?: string;
}

/** An I2C bus by its name, for example `I2C1`. */
export interface I2cSpec {
  /** The data pin. */
  readonly sda: string;
  /** The clock pin. */
  readonly scl: string;
}

/** An SPI bus by its name, for example `SPI1`. */
export interface SpiSpec {
  /** The clock pin. */
  readonly sck: string;
  /** The pin that sends. */
  readonly mosi: string;
  /** The pin that receives. */
  readonly miso: string;
}

/** What the program has to fit into. */
export interface MemorySpec {
  /** RAM in KB. */
  readonly ramKB?: number;
  /** Flash in KB. */
  readonly flashKB?: number;
  /** Variable blocks of the Espruino interpreter. */
  readonly jsVars?: number;
  /** Flash set aside for saved code, in KB. */
  readonly savedCodeKB?: number;
}

/** A board as data: what a newcomer can check against the picture of its pinout. */
export interface BoardSpec {
  /** The id used on the command line, for example `"puckjs"`. */
  readonly id: string;
  /** The name on the box. */
  readonly name: string;
  /** The microcontroller, as its maker names it. */
  readonly chip: string;
  /** Clock in MHz. */
  readonly speedMHz?: number;
  /** Which targets can drive it. */
  readonly targets: readonly ("espruino" | "johnny-five" | "simulator" | "host")[];
  /** Every pin by its name. */
  readonly pins: { readonly [name: string]: PinSpec };
  /** LEDs and buttons by role. */
  readonly roles: { readonly [name: string]: RoleSpec };
  /** Serial lines by name. */
  readonly serials: { readonly [name: string]: SerialSpec };
  /** I2C buses by name. */
  readonly i2cs: { readonly [name: string]: I2cSpec };
  /** SPI buses by name. */
  readonly spis: { readonly [name: string]: SpiSpec };
  /** What a program has to fit into. */
  readonly memory: MemorySpec;
  /** Volts at which an analog input reads 1. */
  readonly analogVolts: number;
  /** Pin names in the order in which the board's edges show them, a row of `[left, right]` each. */
  readonly pinout?: readonly (readonly [string | null, string | null])[];
  /** The console the interpreter starts on, as the Espruino project names it. */
  readonly console?: { readonly device: string; readonly baudRate?: number };
  /** `true` for boards whose interpreter leaves out what does not fit (see the Espruino target). */
  readonly saveOnFlash?: boolean;
}

/** The pins and roles of `S` that have capability `C`, as a union of names. */
export type PinName<S extends BoardSpec, C extends Capability> = BoardSpec extends S ? string
  :
    | PinsThat<S, C>
    | {
      [R in keyof S["roles"] & string]: S["roles"][R]["pin"] extends PinsThat<S, C> ? R : never;
    }[keyof S["roles"] & string];

/** The pins of `S` that have capability `C`, as a union of the names printed on the board. */
export type PinsThat<S extends BoardSpec, C extends Capability> = {
  [P in keyof S["pins"] & string]: C extends S["pins"][P]["can"][number] ? P : never;
}[keyof S["pins"] & string];

/** The names of the serial lines or buses of `S`. */
export type LineName<S extends BoardSpec, K extends LineKind> = BoardSpec extends S ? string
  : keyof S[K] & string;
