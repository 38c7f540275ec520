/** Locks, semaphores and conditions under test: who holds what, and who was notified. */

import {
  BoundedSemaphore,
  Condition,
  createTask,
  type Held,
  Lock,
  RuntimeError,
  Semaphore,
} from "awaitio";
import type { Things } from "./stress_program_test.ts";
import { ignore } from "./stress_queue_test.ts";
import { type Chain, describe, type Operation, type Thing } from "./stress_chain_test.ts";
import type { World } from "./stress_world_test.ts";

/** A lock or a semaphore. */
export abstract class HoldThing implements Thing {
  abstract readonly primitive: Lock | Semaphore;
  protected readonly holders: Set<object> = new Set();
  private latest = 0;

  constructor(
    protected readonly world: World,
    readonly name: string,
    /** How many may hold it. */
    protected places: number,
    /** Whether it goes to who has waited longest whatever the order within a turn. */
    private readonly strict: boolean,
  ) {}

  /** Calls `acquire()`. */
  acquire(op: Operation, watched: boolean): PromiseLike<Held> {
    op.settled = !this.primitive.locked();
    op.ticket = this.world.ticket();
    const call = this.primitive.acquire();
    if (op.settled) this.acquired(op);
    else if (watched) call.then(() => this.acquired(op), ignore);
    return call;
  }

  /** The program holds it. */
  got(op: Operation): void {
    if (!this.holders.has(op)) this.acquired(op);
  }

  /** The call has ended without giving the program a hold. */
  missed(op: Operation): void {
    if (!this.holders.delete(op)) return;
    this.world.blame(`${describe(op)} acquired it, and its program never got it`);
  }

  /** Releases what `op` acquired, by its hold or by the lock itself. */
  release(op: Operation, hold: Held, byHold: boolean): void {
    this.left(op);
    if (byHold) {
      hold.release();
      hold.release(); // who has let go already lets nobody else go
    } else this.primitive.release();
    this.world.note(op.chain.name, `released ${this.name}`);
  }

  protected acquired(op: Operation): void {
    this.enter(op, describe(op));
    if (this.strict || !this.world.shuffled) this.latest = this.world.overtakes(op, this.latest);
  }

  /** Somebody holds it now. */
  enter(holder: object, who: string): void {
    if (this.holders.size >= this.places) {
      this.world.blame(`${who} holds ${this.name}, which ${this.holders.size} hold already`);
    }
    this.holders.add(holder);
  }

  /** Somebody is about to let go. */
  left(holder: object): void {
    this.holders.delete(holder);
  }

  /** Whether nobody can have it now. */
  get taken(): boolean {
    return this.holders.size >= this.places;
  }

  checkIdle(): void {
    const { world } = this;
    const waiting = world.waiting(this).length;
    if (waiting > 0 && !this.taken) world.blame(`${waiting} wait for ${this.name}, which is free`);
    if (this.primitive.locked() !== this.taken) {
      world.blame(`${this.name} says that it is ${this.taken ? "free" : "taken"}, and it is not`);
    }
  }

  open(_round: number): void {}

  checkEnd(): void {
    if (this.holders.size > 0) this.world.blame(`${this.name} is still held`);
  }
}

/** A lock. */
export class LockThing extends HoldThing {
  readonly primitive: Lock = new Lock();

  constructor(world: World, name: string) {
    super(world, name, 1, true);
  }

  override checkEnd(): void {
    super.checkEnd();
    if (this.primitive.locked()) this.world.blame(`${this.name} is locked for ever`);
  }
}

/** A semaphore. */
export class SemaphoreThing extends HoldThing {
  readonly primitive: Semaphore;

  constructor(world: World, name: string, private readonly shape: Things["semaphores"][number]) {
    super(world, name, shape.n, false);
    this.primitive = shape.bounded ? new BoundedSemaphore(shape.n) : new Semaphore(shape.n);
  }

  /** Gives one permit more, which a bounded one refuses where all are free. */
  more(chain: Chain): void {
    // One that was woken has its permit already.
    if (this.shape.bounded && this.holders.size + this.world.waiting(this).length > 0) return;
    try {
      this.primitive.release();
      this.places++;
      this.world.note(chain.name, `one more for ${this.name}`);
      if (this.shape.bounded) {
        this.world.blame(`${this.name} has more permits than it was made with`);
      }
    } catch (error) {
      if (!this.shape.bounded || !(error instanceof RuntimeError)) throw error;
    }
  }

  override open(_round: number): void {
    if (this.places > 0) return;
    this.places++;
    this.primitive.release();
  }

  override checkEnd(): void {
    super.checkEnd();
    let free = 0;
    for (; !this.primitive.locked() && free <= this.places; free++) {
      this.primitive.acquire().then(ignore, ignore);
    }
    if (free === this.places) return;
    this.world.blame(`${this.name} has ${free} free permits at the end instead of ${this.places}`);
  }
}

/** A call of `condition.wait()`. */
interface Sleeper {
  readonly op: Operation;
  readonly came: number;
  /** When the notification was given that it has to go on with; 0 while there is none. */
  due: number;
}

/** A condition: every notification wakes one that waited when it was given, or what is left of them. */
export class ConditionThing implements Thing {
  readonly condition: Condition;
  /** What its tasks wait for. */
  level = 0;
  private readonly sleepers: Sleeper[] = [];
  /** How many were notified, and how many have gone on because of it. */
  private notified = 0;
  private returned = 0;
  /** Those that went on with a notification that had met a cancelled one. */
  private inherited = 0;
  private opening = false;

  constructor(private readonly world: World, readonly name: string, readonly lock: LockThing) {
    this.condition = new Condition(lock.primitive);
  }

  /** `op` is about to let go of the lock and to wait. */
  sleep(op: Operation, holder: object): void {
    this.lock.left(holder);
    this.sleepers.push({ op, came: this.world.ticket(), due: 0 });
  }

  /** `op` goes on, with the lock. */
  wake(op: Operation, holder: object, cancelled: boolean): void {
    const place = this.sleepers.findIndex((each) => each.op === op);
    const [sleeper] = this.sleepers.splice(place, 1);
    this.lock.enter(holder, describe(op));
    if (!this.condition.locked()) this.world.blame(`${describe(op)} ended without the lock`);
    if (cancelled) return this.passOn(sleeper!);
    this.returned++;
    if (sleeper!.due === 0) this.inherited++;
    if (this.returned > this.notified) this.world.blame(`${describe(op)} went on unnotified`);
  }

  /** A notified sleeper was cancelled: its notification is due to who waited with it. */
  private passOn(sleeper: Sleeper): void {
    const { due } = sleeper;
    const next = this.sleepers.find((each) => each.due === 0 && each.op.doomed === "no");
    if (due === 0 || next === undefined || next.came > due) return;
    // Somebody may have gone on with it already.
    if (this.inherited > 0) this.inherited--;
    else next.due = due;
  }

  notify(n: number): void {
    let left = n;
    const now = this.world.ticket();
    for (const sleeper of this.sleepers) {
      if (left === 0 || sleeper.due > 0 || sleeper.op.doomed === "yes") continue;
      sleeper.due = now;
      this.notified++;
      left--;
    }
    if (n === Infinity) this.condition.notifyAll();
    else this.condition.notify(n);
  }

  excuses(): boolean {
    return this.lock.taken;
  }

  checkIdle(): void {
    if (this.lock.taken) return;
    for (const { op, due } of this.sleepers) {
      if (due > 0 && op.doomed === "no") {
        this.world.blame(`${describe(op)} sleeps on, though it was notified`);
      }
    }
  }

  open(_round: number): void {
    if (this.opening || this.sleepers.length === 0) return;
    this.opening = true;
    createTask(async () => {
      const hold = await this.lock.primitive.acquire();
      this.lock.enter(hold, "the end");
      this.notify(Infinity);
      this.lock.left(hold);
      hold.release();
      this.opening = false;
    });
  }

  checkEnd(): void {
    if (this.sleepers.length > 0) this.world.blame(`somebody still waits on ${this.name}`);
  }
}
