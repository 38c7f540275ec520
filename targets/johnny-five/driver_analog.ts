import type { TimerHandle } from "../../runtime/handle.ts";
import type { AnalogPort, Done } from "../../runtime/io/driver.ts";
import { closedError } from "../../runtime/io/request.ts";
import { Questions } from "./questions.ts";
import type { Remote } from "./remote.ts";

/** After how many periods without a reading, and how many milliseconds, sampling is over. */
const MISSED = 2;
const SLACK = 50;
/** What Arduino's converter gives at full scale, where the plugin does not tell. */
const FULL_SCALE = 1023;

/**
 * A pin whose voltage the board reads. A single reading switches its reports on and off again, which has the firmware
 * send one at once; while the program samples, the board does so by itself, at the interval asked for.
 */
export class RemoteAnalog implements AnalogPort {
  private readonly questions: Questions<number>;
  private readonly fullScale: number;
  /** How often the program samples, in milliseconds; 0 while it does not. */
  private period = 0;
  /** Runs out where the program has ceased to sample. */
  private lease: TimerHandle | null = null;
  private listening = false;

  constructor(
    private readonly remote: Remote,
    private readonly name: string,
    private readonly channel: number,
  ) {
    this.fullScale = remote.io.RESOLUTION?.ADC ?? FULL_SCALE;
    remote.io.pinMode(channel, remote.io.MODES.ANALOG);
    this.questions = new Questions(remote, `read "${name}"`, () => this.update());
  }

  read(done: Done<number>, period = 0): void {
    if (!this.questions.ask(done)) return;
    if (period > 0) this.sample(period);
    this.update();
  }

  close(): void {
    this.questions.refuse(closedError(`pin "${this.name}"`));
    this.sample(0);
  }

  private readonly onReport = (value: number): void => {
    const fraction = Math.min(value / this.fullScale, 1);
    this.questions.answer(fraction);
  };

  /** Has the board sample by itself; nobody says when the program ceases, so that is until it has missed some. */
  private sample(period: number): void {
    const { loop, reports } = this.remote;
    this.lease?.cancel();
    this.lease = period === 0
      ? null
      : loop.callLater(MISSED * period + SLACK, () => this.sample(0));
    if (period !== this.period) {
      this.period = period;
      reports.sampleEvery(this.channel, period);
    }
    this.update();
  }

  /** Has the pin reported while somebody wants to know. */
  private update(): void {
    const wanted = this.period > 0 || this.questions.pending;
    if (wanted === this.listening) return;
    this.listening = wanted;
    const { reports } = this.remote;
    if (wanted) reports.listenAnalog(this.channel, this.onReport);
    else reports.leaveAnalog(this.channel, this.onReport);
  }
}
