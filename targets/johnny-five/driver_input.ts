import type {
  DigitalMode,
  DigitalPort,
  Done,
  EdgeKind,
  Level,
  OnEdge,
  OnGap,
} from "../../runtime/io/driver.ts";
import { DeviceError } from "../../runtime/errors.ts";
import { EdgeWatch } from "../../runtime/io/edge_watch.ts";
import type { LinkError } from "./link_error.ts";
import { closedError } from "../../runtime/io/request.ts";
import { Questions } from "./questions.ts";
import type { Remote } from "./remote.ts";

/**
 * A pin that the board reads. Its level is reported as long as it is open: now, and then whenever it changes. Firmata
 * tells no times, so an edge has that of the host.
 */
export class RemoteInput implements DigitalPort {
  level: Level | undefined = undefined;
  private watched: EdgeWatch | null = null;
  private onGap: OnGap | null = null;
  /** The level before the link was interrupted. */
  private before: Level | undefined = undefined;
  private gap = false;
  private readonly questions: Questions<Level>;

  constructor(
    private readonly remote: Remote,
    private readonly name: string,
    private readonly pin: number,
    mode: DigitalMode,
  ) {
    const { INPUT, PULLUP } = remote.io.MODES;
    if (mode === "inputPullDown" || mode === "inputPullUp" && PULLUP === undefined) {
      throw new DeviceError(`Cannot open "${name}" with a pull resistor: the board has none there`);
    }
    remote.io.pinMode(pin, mode === "inputPullUp" ? PULLUP! : INPUT);
    this.questions = new Questions(remote, `read "${name}"`);
    remote.reports.listenDigital(pin, this.onReport);
    remote.add(this);
  }

  read(done: Done<Level>): void {
    if (this.questions.ask(done)) this.remote.reports.askDigital(this.pin);
  }

  write(): never {
    throw new DeviceError(`Cannot write to "${this.name}": it is an input`);
  }

  watch(edge: EdgeKind, debounce: number, onEdge: OnEdge, onGap: OnGap = () => {}): void {
    this.unwatch();
    this.remote.require(`watch "${this.name}"`);
    const { loop } = this.remote;
    this.watched = new EdgeWatch({ loop, edge, debounce, onEdge }, this.level);
    this.onGap = onGap;
  }

  unwatch(): void {
    this.watched?.stop();
    this.watched = null;
    this.onGap = null;
  }

  close(): void {
    this.unwatch();
    this.questions.refuse(closedError(`pin "${this.name}"`));
    this.remote.remove(this);
    this.remote.reports.leaveDigital(this.pin, this.onReport);
  }

  /** The link broke: until it is back nobody knows the level. */
  onBroken(error: LinkError, permanent: boolean): void {
    if (!this.gap) this.before = this.level;
    this.gap = true;
    this.level = undefined;
    if (!permanent) return;
    this.onGap?.({ error, level: 0, changed: false, time: this.remote.loop.time() });
  }

  private readonly onReport = (value: number): void => {
    const level = value === 0 ? 0 : 1;
    const known = this.level;
    this.level = level;
    this.questions.answer(level);
    if (this.gap) this.closeGap(level);
    else if (level !== known) this.watched?.tell(level, this.remote.reportTime);
  };

  private closeGap(level: Level): void {
    this.gap = false;
    this.watched?.restart(level);
    const changed = this.before !== undefined && this.before !== level;
    this.onGap?.({ error: null, level, changed, time: this.remote.loop.time() });
  }
}
