/** Events, flags and barriers under test: nobody goes on without a reason, nobody stays with one. */

import { Barrier, BrokenBarrierError, Event, Flag, RuntimeError } from "awaitio";
import { ignore } from "./stress_queue_test.ts";
import { describe, type Operation, StressFailure, type Thing } from "./stress_chain_test.ts";
import type { World } from "./stress_world_test.ts";

/** An event. */
export class EventThing implements Thing {
  readonly event: Event = new Event();
  private set = false;
  private sets = 0;
  private readonly began: Map<Operation, number> = new Map();

  constructor(private readonly world: World, readonly name: string) {}

  wait(op: Operation): PromiseLike<true> {
    op.settled = this.set;
    this.began.set(op, this.set ? -1 : this.sets);
    return this.event.wait();
  }

  passed(op: Operation): void {
    if (this.began.get(op) === this.sets) {
      this.world.blame(`${describe(op)} went on without a set()`);
    }
  }

  /** Sets it, or clears it. */
  change(set: boolean): void {
    if (set && !this.set) this.sets++;
    this.set = set;
    if (set) this.event.set();
    else this.event.clear();
  }

  checkIdle(): void {
    if (this.event.isSet() !== this.set) this.world.blame(`${this.name} forgot what it is`);
    if (this.set && this.world.waiting(this).length > 0) {
      this.world.blame(`calls wait for ${this.name}, which is set`);
    }
  }

  open(_round: number): void {
    this.change(true);
  }

  checkEnd(): void {}
}

/** Somebody waits for the flag already. */
class FlagBusy extends StressFailure {}

/** A flag. */
export class FlagThing implements Thing {
  readonly flag: Flag = new Flag();
  private raised = false;
  /** It was cleared when its waiter might have been woken already. */
  private loose = false;
  private readonly taken: Set<Operation> = new Set();

  constructor(private readonly world: World, readonly name: string) {}

  wait(op: Operation, watched: boolean): PromiseLike<void> {
    const set = this.flag.isSet();
    const call = this.called(op);
    op.settled = set && !this.flag.isSet();
    if (op.settled) this.take(op);
    else if (watched) call.then(() => this.take(op), ignore);
    return call;
  }

  private called(op: Operation): PromiseLike<void> {
    try {
      return this.flag.wait();
    } catch (error) {
      const busy = this.world.waiting(this).some((other) => other !== op);
      throw busy && error instanceof RuntimeError ? new FlagBusy(error.message) : error;
    }
  }

  /** The program goes on. */
  passed(op: Operation): void {
    if (!this.taken.delete(op)) this.take(op);
    this.taken.delete(op);
  }

  /** The call has ended otherwise. */
  missed(op: Operation): void {
    if (!this.taken.delete(op)) return;
    this.world.blame(`${describe(op)} cleared the flag, and its program never heard of it`);
  }

  private take(op: Operation): void {
    if (!this.raised && !this.loose) this.world.blame(`${describe(op)} went on without a set()`);
    this.raised = false;
    this.loose = false;
    this.taken.add(op);
  }

  change(set: boolean): void {
    if (!set && this.raised && this.world.waiting(this).length > 0) this.loose = true;
    this.raised = set;
    if (set) this.flag.set();
    else this.flag.clear();
  }

  /** Whether a call may throw `error`: one waiter only. */
  refuses(error: unknown): boolean {
    return error instanceof FlagBusy;
  }

  checkIdle(): void {
    const waiting = this.world.waiting(this).length;
    this.loose = false;
    if (this.flag.isSet() !== this.raised) {
      this.world.blame(`${this.name} ${this.raised ? "lost its set()" : "is set by nobody"}`);
    }
    if (this.raised && waiting > 0) this.world.blame(`a call waits for ${this.name}, which is set`);
    if (waiting > 1) this.world.blame(`${waiting} calls wait for ${this.name}`);
  }

  open(_round: number): void {
    this.change(true);
  }

  checkEnd(): void {}
}

/** A barrier. */
export class BarrierThing implements Thing {
  readonly barrier: Barrier;
  /** The indices given since it was passed last, by the crossing that gave them. */
  private readonly crossings: Set<number>[] = [new Set()];
  private readonly came: Map<Operation, number> = new Map();
  private resets = 0;
  private readonly resetsBefore: Map<Operation, number> = new Map();

  constructor(
    private readonly world: World,
    readonly name: string,
    private readonly parties: number,
  ) {
    this.barrier = new Barrier(parties);
  }

  wait(op: Operation): PromiseLike<number> {
    const { barrier } = this;
    this.came.set(op, this.crossings.length - 1);
    this.resetsBefore.set(op, this.resets);
    op.settled = barrier.broken || barrier.nWaiting + 1 === this.parties;
    if (op.settled && !barrier.broken) this.crossings.push(new Set());
    return barrier.wait();
  }

  passed(op: Operation, index: number): void {
    const crossing = this.came.get(op)!;
    const indices = this.crossings[crossing]!;
    if (crossing === this.crossings.length - 1) {
      this.world.blame(`${describe(op)} went on before ${this.parties} had come`);
    }
    if (indices.has(index) || !(index >= 0 && index < this.parties)) {
      this.world.blame(`${describe(op)} was given the number ${index} of another`);
    }
    indices.add(index);
  }

  refuses(op: Operation, error: unknown): boolean {
    return error instanceof BrokenBarrierError &&
      (this.barrier.broken || this.resetsBefore.get(op) !== this.resets);
  }

  reset(): void {
    this.resets++;
    this.crossings.push(new Set());
    this.barrier.reset();
  }

  checkIdle(): void {
    const waiting = this.world.waiting(this).length;
    const { nWaiting, broken } = this.barrier;
    if (nWaiting !== waiting) {
      this.world.blame(`${this.name} says that ${nWaiting} wait, and ${waiting} do`);
    }
    if (waiting >= this.parties || (broken && waiting > 0)) {
      this.world.blame(`${waiting} wait at ${this.name}, which is open`);
    }
  }

  open(_round: number): void {
    this.barrier.abort();
    this.resets++;
  }

  checkEnd(): void {
    if (this.barrier.nWaiting !== 0) this.world.blame(`somebody still waits at ${this.name}`);
  }
}
