const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The ranges of a cron expression's fields. */
const FIELDS = [["minute", 0, 59], ["hour", 0, 23], ["day", 1, 31], ["month", 1, 12], [
  "weekday",
  0,
  7,
]] as const;

/**
 * A schedule as a cron expression; `null` for an interval that cannot be one.
 *
 * @param schedule Five fields, or an interval in milliseconds.
 * @throws `RangeError` for what is no cron expression.
 */
export function cronOf(schedule: string | number): string | null {
  if (typeof schedule === "string") {
    parseCron(schedule);
    return schedule;
  }
  if (schedule % MINUTE === 0 && schedule < HOUR && HOUR % schedule === 0) {
    return schedule === MINUTE ? "* * * * *" : `*/${schedule / MINUTE} * * * *`;
  }
  if (schedule % HOUR === 0 && (24 * HOUR) % schedule === 0) {
    const hours = schedule / HOUR;
    return hours === 1 ? "0 * * * *" : hours === 24 ? "0 0 * * *" : `0 */${hours} * * *`;
  }
  return null;
}

/** What a cron expression allows. */
export interface Cron {
  readonly fields: readonly ReadonlySet<number>[];
  /** Whether a day that fits either of the two is enough: where both day and weekday are given. */
  readonly eitherDay: boolean;
}

/**
 * Reads the five fields of a cron expression: numbers, `*`, ranges, lists and steps. As everywhere, times are UTC.
 *
 * @throws `RangeError` with the field that is wrong.
 */
export function parseCron(text: string): Cron {
  const parts = text.trim().split(/\s+/);
  if (parts.length !== FIELDS.length) {
    throw new RangeError(
      `Cannot read "${text}" as a cron expression: write five fields, for example "*/5 * * * *"`,
    );
  }
  const fields = FIELDS.map(([name, low, high], i) => {
    const allowed = new Set<number>();
    for (const item of parts[i]!.split(",")) {
      const [, from, to, step] = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(item) ?? [];
      const known = /^(?:\*|\d+(?:-\d+)?)(?:\/\d+)?$/.test(item);
      const first = from === undefined ? low : Number(from);
      const last = to !== undefined
        ? Number(to)
        : from !== undefined && step === undefined
        ? first
        : high;
      if (!known || first < low || last > high || first > last || Number(step ?? 1) < 1) {
        throw new RangeError(
          `Cannot read "${item}" as the ${name} of "${text}": write ${low} to ${high}, *, a-b, or */n`,
        );
      }
      for (let n = first; n <= last; n += Number(step ?? 1)) {
        allowed.add(n % (name === "weekday" ? 7 : 60));
      }
    }
    return allowed;
  });
  return { fields, eitherDay: parts[2] !== "*" && parts[4] !== "*" };
}

/** How far to look ahead: the 29th of February may be eight years away. */
const LONGEST = 8 * 366 * 24 * HOUR;

/**
 * When a cron expression is due next.
 *
 * @param after In milliseconds since 1970; only later times count.
 * @throws `RangeError` where that never comes: the 30th of February.
 */
export function nextTime(cron: Cron, after: number): number {
  const [minutes, hours, days, months, weekdays] = cron.fields as [
    ReadonlySet<number>,
    ReadonlySet<number>,
    ReadonlySet<number>,
    ReadonlySet<number>,
    ReadonlySet<number>,
  ];
  for (let time = (Math.floor(after / MINUTE) + 1) * MINUTE; time < after + LONGEST;) {
    const date = new Date(time);
    const onDay = days.has(date.getUTCDate());
    const onWeekday = weekdays.has(date.getUTCDay());
    const today = cron.eitherDay ? onDay || onWeekday : onDay && onWeekday;
    if (!months.has(date.getUTCMonth() + 1) || !today) {
      time = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() + 1);
    } else if (!hours.has(date.getUTCHours())) time += HOUR - time % HOUR;
    else if (!minutes.has(date.getUTCMinutes())) time += MINUTE;
    else return time;
  }
  throw new RangeError("Cannot find a time for the cron expression: no such day comes");
}
