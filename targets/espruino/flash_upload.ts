import { abandonFile, knowsPackets, PacketRefused, packetSize, sendFile } from "./flash_packets.ts";
import type { BoardConsole } from "./flash_console.ts";
import { BoardFailure } from "./flash_failure.ts";
import type { Storage } from "./flash_storage.ts";

/** How a program gets to the board. */
export interface Upload {
  readonly how: "packets" | "console";
  /**
   * Writes a file into Storage.
   *
   * @param goOn Called before each part with how many bytes have arrived; what it throws ends the
   * upload, with nothing half sent.
   */
  send(name: string, code: string, goOn: (sent: number) => void): Promise<void>;
}

/** How often a file is sent anew that did not arrive whole. */
const ATTEMPTS = 3;

/** How many characters of code a console line carries: half a kilobyte of source is not many blocks. */
const PART = 384;

/** The better way that a firmware knows. */
export function chooseUpload(
  { version, baudRate, board, storage }: {
    readonly version: string;
    readonly baudRate: number;
    readonly board: BoardConsole;
    readonly storage: Storage;
  },
): Upload {
  return knowsPackets(version) ? byPackets(board, baudRate) : byConsole(storage);
}

function byPackets(board: BoardConsole, baudRate: number): Upload {
  const send: Upload["send"] = async (name, code, goOn) => {
    try {
      await sendFile(board.link, name, code, packetSize(baudRate), goOn);
    } catch (error) {
      // What the board waits for it would wait for ten seconds more.
      await abandonFile(board.link).catch(() => {});
      throw error;
    }
  };
  return { how: "packets", send };
}

function byConsole(storage: Storage): Upload {
  const send: Upload["send"] = async (name, code, goOn) => {
    for (let sent = 0; sent < code.length; sent += PART) {
      goOn(sent);
      await storage.writePart(name, code.slice(sent, sent + PART), sent, code.length);
    }
    goOn(code.length);
  };
  return { how: "console", send };
}

/** What goes on while a file is written. */
export interface Progress {
  (step: "send" | "verify", done: number, total: number): void;
}

/**
 * Writes a file and reads it back, anew where bytes were lost or changed on the way.
 *
 * @throws {BoardFailure} If it does not arrive whole.
 */
export async function writeVerified(
  { upload, board, storage, signal, onProgress }: {
    readonly upload: Upload;
    readonly board: BoardConsole;
    readonly storage: Storage;
    readonly signal: AbortSignal;
    readonly onProgress: Progress;
  },
  name: string,
  code: string,
): Promise<void> {
  let refused: unknown;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    try {
      await upload.send(name, code, (sent) => {
        signal.throwIfAborted();
        onProgress("send", sent, code.length);
      });
      const back = await storage.readBack(name, (read) => {
        signal.throwIfAborted();
        onProgress("verify", read, code.length);
      });
      if (back === code) return;
      refused = new BoardFailure(
        back.length === code.length
          ? `What is on the board differs from what was sent`
          : `${back.length} of ${code.length} bytes are on the board, whose Storage may be full`,
      );
    } catch (error) {
      if (!(error instanceof PacketRefused)) throw error;
      refused = error;
    }
    await board.wake();
    await storage.erase(name);
  }
  const why = refused instanceof Error ? refused.message : String(refused);
  throw new BoardFailure(
    `Cannot get the program onto the board whole, tried ${ATTEMPTS} times: ${why}; check the ` +
      `cable and its length`,
  );
}
