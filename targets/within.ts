/** Stands for nothing in time. */
export const LATE = Symbol("late");

/** What `promise` gives, or `LATE` after `timeout` ms. */
export async function within<T>(timeout: number, promise: Promise<T>): Promise<T | typeof LATE> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<typeof LATE>((resolve) => {
    timer = setTimeout(() => resolve(LATE), timeout);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
