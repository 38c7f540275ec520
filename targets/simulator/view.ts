/**
 * Ways to see a run: live in a terminal, as lines of text, as one picture, as a report.
 *
 * All are fed with the same {@link TraceEvent}s, in order.
 *
 * @module
 */

export { type LiveOptions, LiveView, type Terminal } from "./view_live.ts";
export { type PictureOptions, renderPicture } from "./view_picture.ts";
export { type PlainOptions, PlainView } from "./view_plain.ts";
export {
  type FaultSummary,
  type LineSummary,
  type OtherTasks,
  type PinSummary,
  Statistics,
  type TaskSummary,
} from "./view_statistics.ts";
export { type RunLength, type RunSummary, summary, summaryJson } from "./view_summary.ts";
