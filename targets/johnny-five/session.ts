import {
  ANALOG_MESSAGE,
  DIGITAL_MESSAGE,
  I2C_MODE,
  messageOf,
  REPORT_ANALOG,
  REPORT_DIGITAL,
  SERIAL_KIND,
  SET_DIGITAL_PIN_VALUE,
  SET_PIN_MODE,
  START_SYSEX,
  STOP_READING,
  SYSEX,
  SYSTEM_RESET,
} from "./firmata.ts";

/**
 * What a board has been told that lasts: modes, levels, duty cycles, what to report, how lines are set up. Said again in
 * the same order, it brings a board that has restarted to where it was, whoever said it: this adapter or one of
 * Johnny-Five's components.
 */
export class Session {
  private readonly said = new Map<string, Uint8Array>();

  /** Notes a message on its way to the board. */
  note(message: Uint8Array): void {
    if (message[0] === SYSTEM_RESET) return this.said.clear();
    const key = lasting(message);
    if (key === null) return;
    const off = switchesOff(message);
    for (const known of [...this.said.keys()]) {
      // The latest word comes last; what is switched off is so for all that lies below it.
      if (known === key || off && known.startsWith(`${key} `)) this.said.delete(known);
    }
    if (!off) this.said.set(key, message.slice());
  }

  /** What to say to a board that knows nothing. */
  replay(): Uint8Array[] {
    return [...this.said.values()];
  }

  /** What asks the board for the levels of all ports that it reports. */
  reports(): Uint8Array[] {
    return this.replay().filter((message) => messageOf(message[0]!) === REPORT_DIGITAL);
  }
}

/** What a message sets or switches off, by a name; `null` where it does neither. */
function lasting(message: Uint8Array): string | null {
  const [command = 0, first = 0] = message;
  switch (messageOf(command)) {
    case DIGITAL_MESSAGE:
    case ANALOG_MESSAGE:
    case REPORT_ANALOG:
    case REPORT_DIGITAL:
      return `${command}`;
    case SET_PIN_MODE:
    case SET_DIGITAL_PIN_VALUE:
      return `${command} ${first}`;
    case START_SYSEX:
      return lastingSysex(message);
  }
  return null;
}

function lastingSysex([, command, first = 0, second = 0, third = 0]: Uint8Array): string | null {
  switch (command) {
    case SYSEX.i2cConfig:
    case SYSEX.samplingInterval:
      return `sysex ${command}`;
    case SYSEX.servoConfig:
    case SYSEX.extendedAnalog:
      return `sysex ${command} ${first}`;
    case SYSEX.i2cRequest: {
      const mode = second & I2C_MODE.mask;
      if (mode === I2C_MODE.stopReading) return `sysex ${command} ${first}`;
      return mode === I2C_MODE.continuousRead ? `sysex ${command} ${first} ${third}` : null;
    }
    case SYSEX.serial: {
      const kind = first & 0xf0;
      const port = `serial ${first & 0x0f}`;
      if (kind === SERIAL_KIND.close) return port;
      const lasts = kind === SERIAL_KIND.config || kind === SERIAL_KIND.read ||
        kind === SERIAL_KIND.listen;
      return lasts ? `${port} ${kind}` : null;
    }
  }
  return null;
}

/** Whether a message switches off what another one of that name switches on. */
function switchesOff([command = 0, first = 0, second = 0, third = 0]: Uint8Array): boolean {
  const message = messageOf(command);
  if (message === REPORT_ANALOG || message === REPORT_DIGITAL) return first === 0;
  if (message !== START_SYSEX) return false;
  if (first === SYSEX.i2cRequest) return (third & I2C_MODE.mask) === I2C_MODE.stopReading;
  if (first !== SYSEX.serial) return false;
  const kind = second & 0xf0;
  return kind === SERIAL_KIND.close || kind === SERIAL_KIND.read && third === STOP_READING;
}
