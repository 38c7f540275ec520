import { DeviceError } from "../../runtime/errors.ts";
import type { TimerHandle } from "../../runtime/handle.ts";
import type {
  AnalogPort,
  DigitalMode,
  DigitalPort,
  Driver,
  I2cOptions,
  I2cPort,
  Level,
  PwmPort,
  SerialOptions,
  SerialPort,
  SpiOptions,
  SpiPort,
} from "../../runtime/io/driver.ts";
import type { BoardSpec } from "../../runtime/io/spec.ts";
import type { EventLoop } from "../../runtime/loop.ts";
import { SerialPeer } from "./line.ts";
import { VirtualPin } from "./pin.ts";
import type { Random } from "./random.ts";
import type { Recorder } from "./recorder.ts";

/** A device on a virtual I2C bus. */
export interface I2cDevice {
  /** The program has written these bytes. */
  write?(bytes: Uint8Array): void;
  /** The program reads: give as many bytes. */
  read?(length: number): ArrayLike<number>;
}

/** A device on a virtual SPI bus: gives as many bytes as it is sent. */
export type SpiDevice = (bytes: Uint8Array) => ArrayLike<number>;

/** What an analog pin reads: a value, 0..1, or a function of virtual time in milliseconds. */
export type AnalogSource = number | ((time: number) => number);

/** The hardware of a virtual board. */
export class VirtualDriver implements Driver {
  /** I2C devices by bus and address. */
  readonly i2cDevices: Map<string, I2cDevice> = new Map();
  /** SPI devices by bus, and by the pin that selects them where that was given. */
  readonly spiDevices: Map<string, SpiDevice> = new Map();
  /** What the analog pins read. */
  readonly analogSources: Map<string, AnalogSource> = new Map();
  /** The duty cycles of PWM pins. */
  readonly duties: Map<string, number> = new Map();
  /** How much analog readings scatter, 0..1. */
  analogNoise = 0;
  /** Hears of devices that are put on an I2C bus. */
  onI2c: (bus: string, address: number, device: I2cDevice) => void = () => {};
  private readonly pins: Map<string, VirtualPin> = new Map();
  private readonly lines: Map<string, SerialPeer> = new Map();
  /** When each bus will be free. */
  private readonly free: Map<string, number> = new Map();
  /** What the hardware will do. */
  private readonly pending: Set<TimerHandle> = new Set();

  constructor(
    private readonly spec: BoardSpec,
    private readonly loop: EventLoop,
    private readonly recorder: Recorder,
    private readonly random: Random,
    /** Tells that something has changed that somebody may wait for. */
    readonly changed: () => void,
  ) {}

  /** A wire by its pin's name. */
  pin(name: string): VirtualPin {
    let pin = this.pins.get(name);
    if (pin === undefined) {
      pin = new VirtualPin(name, this.loop, this.recorder, this.changed);
      this.pins.set(name, pin);
    }
    return pin;
  }

  /** The voltage at an analog pin now, 0..1 of full scale. */
  voltage(pin: string): number {
    const source = this.analogSources.get(pin) ?? 0;
    const clean = typeof source === "number" ? source : source(this.loop.time());
    const noise = this.analogNoise === 0 ? 0 : (this.random.next() - 0.5) * 2 * this.analogNoise;
    return Math.min(Math.max(clean + noise, 0), 1);
  }

  /** Puts a device on an I2C bus. */
  connectI2c(bus: string, address: number, device: I2cDevice): void {
    this.i2cDevices.set(`${bus}/${address}`, device);
    this.onI2c(bus, address, device);
  }

  /** The far end of a serial line. */
  line(name: string): SerialPeer {
    let line = this.lines.get(name);
    if (line === undefined) {
      line = new SerialPeer(name, this.recorder, this.random, this.changed, {
        now: () => this.loop.time(),
        at: (time, what) => this.at(time, what),
      });
      this.lines.set(name, line);
    }
    return line;
  }

  openDigital(pin: string, mode: DigitalMode, initial: Level = 0): DigitalPort {
    return this.pin(pin).open(mode, initial);
  }

  openAnalog(pin: string): AnalogPort {
    return {
      read: (done) => {
        const value = this.voltage(pin);
        this.recorder.during({ kind: "analog", pin, value }, () => done(null, value));
      },
      close: () => {},
    };
  }

  openPwm(pin: string, frequency: number): PwmPort {
    let current = frequency;
    return {
      write: (duty, next = current) => {
        current = next;
        this.duties.set(pin, duty);
        this.recorder.during({ kind: "pwm", pin, duty, frequency: current }, this.changed);
      },
      close: () => {
        this.duties.delete(pin);
      },
    };
  }

  openSerial(
    name: string,
    options: SerialOptions,
    onData: (bytes: Uint8Array) => void,
    onError: (error: Error) => void,
  ): SerialPort {
    return this.line(name).open(options, onData, onError);
  }

  openI2c(name: string, options: I2cOptions): I2cPort {
    const bitTime = 1000 / (options.frequency ?? 100_000);
    return {
      transfer: (address, bytes, length, done) => {
        // Nine bits each: the bytes and, before what is written and what is read, the address.
        const written = bytes.length > 0 || length === 0 ? 1 + bytes.length : 0;
        const read = length > 0 ? 1 + length : 0;
        this.transfer(name, 9 * (written + read) * bitTime, null, () => {
          const device = this.i2cDevices.get(`${name}/${address}`);
          if (device === undefined) {
            const hex = address.toString(16).padStart(2, "0");
            return done(new DeviceError(`Cannot reach 0x${hex} on ${name}: nothing answers`));
          }
          if (bytes.length > 0) device.write?.(bytes);
          const answer = Uint8Array.from(length > 0 ? device.read?.(length) ?? [] : []);
          this.recorder.transfer(name, bytes, answer, () => done(null, answer));
        });
      },
      close: () => {},
    };
  }

  openSpi(name: string, options: SpiOptions): SpiPort {
    const bitTime = 1000 / (options.frequency ?? 1_000_000);
    const select = options.select === undefined ? null : this.pin(options.select).open("output", 1);
    const selected = select === null ? name : `${name}/${select.name}`;
    return {
      transfer: (bytes, done) => {
        const begin = select === null ? null : () => select.write(0);
        this.transfer(name, 8 * bytes.length * bitTime, begin, () => {
          select?.write(1);
          const device = this.spiDevices.get(selected) ?? this.spiDevices.get(name);
          const answer = Uint8Array.from(device?.(bytes) ?? new Uint8Array(bytes.length));
          this.recorder.transfer(name, bytes, answer, () => done(null, answer));
        });
      },
      close: () => select?.close(),
    };
  }

  close(): void {}

  /** The simulation has ended: what is still on its way does not come. */
  stop(): void {
    for (const timer of this.pending) timer.cancel();
  }

  /** Does something at `time`, with the cause that there is now. */
  private at(time: number, what: () => void): void {
    const happens = this.recorder.keepCause(what);
    const timer = this.loop.callAt(time, () => {
      this.pending.delete(timer);
      happens();
    });
    this.pending.add(timer);
  }

  /** One transfer of `length` ms; those on the same bus follow each other. */
  private transfer(bus: string, length: number, begin: (() => void) | null, end: () => void): void {
    const now = this.loop.time();
    const start = Math.max(this.free.get(bus) ?? 0, now);
    this.free.set(bus, start + length);
    if (start <= now) begin?.();
    else if (begin !== null) this.at(start, begin);
    this.at(start + length, end);
  }

  /** The pin behind a name or role. */
  resolve(name: string): string {
    const pin = this.spec.roles[name]?.pin ?? name;
    if (this.spec.pins[pin] !== undefined) return pin;
    const names = [...Object.keys(this.spec.roles), ...Object.keys(this.spec.pins)];
    throw new RangeError(
      `Cannot find pin "${name}" on ${this.spec.name}; it has ${names.join(", ")}`,
    );
  }
}
