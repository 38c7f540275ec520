declare const AWAITIO_SMALL: boolean | undefined;

/** Whether the program is built for where bytes count more than speed. */
export const SMALL = typeof AWAITIO_SMALL === "boolean" && AWAITIO_SMALL;
