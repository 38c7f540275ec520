import type { AnalogPort, Done } from "../../runtime/io/driver.ts";
import { closedError } from "../../runtime/io/request.ts";
import type { LinkError } from "./link_error.ts";
import { Question } from "./question.ts";
import type { Remote } from "./remote.ts";

/** What Arduino's converter gives at full scale, where the plugin does not tell. */
const FULL_SCALE = 1023;

/**
 * A pin whose voltage the board reads. A single reading switches its reports on and off again, which has the firmware
 * send one at once; while the program samples, the board does so by itself, at the interval asked for.
 */
export class RemoteAnalog implements AnalogPort {
  private readonly questions: Question<number>[] = [];
  private readonly fullScale: number;
  private samplers = 0;
  private listening = false;

  constructor(
    private readonly remote: Remote,
    private readonly name: string,
    private readonly channel: number,
  ) {
    this.fullScale = remote.io.RESOLUTION?.ADC ?? FULL_SCALE;
    remote.io.pinMode(channel, remote.io.MODES.ANALOG);
    remote.add(this);
  }

  read(done: Done<number>): void {
    if (this.remote.refuses(`read "${this.name}"`, done)) return;
    this.questions.push(
      new Question(this.remote, `read "${this.name}"`, done, (question) => {
        this.questions.splice(this.questions.indexOf(question), 1);
        this.update();
      }),
    );
    this.update();
  }

  sampleEvery(period: number): () => void {
    const stop = this.remote.reports.sampleEvery(period);
    this.samplers++;
    this.update();
    return () => {
      stop();
      this.samplers--;
      this.update();
    };
  }

  close(): void {
    this.remote.remove(this);
    this.samplers = 0;
    for (const question of this.questions.slice()) {
      question.refuse(closedError(`pin "${this.name}"`));
    }
    this.update();
  }

  onBroken(error: LinkError): void {
    for (const question of this.questions.slice()) question.fail(error);
  }

  private readonly onReport = (value: number): void => {
    const fraction = Math.min(value / this.fullScale, 1);
    for (const question of this.questions.slice()) question.answer(fraction);
  };

  /** Has the pin reported while somebody wants to know. */
  private update(): void {
    const wanted = this.samplers > 0 || this.questions.length > 0;
    if (wanted === this.listening) return;
    this.listening = wanted;
    const { reports } = this.remote;
    if (wanted) reports.listenAnalog(this.channel, this.onReport);
    else reports.leaveAnalog(this.channel, this.onReport);
  }
}
