/** What a command ends with. */
export const EXIT = {
  fine: 0,
  failed: 1,
  usage: 2,
  doesNotCompile: 3,
  noDevice: 4,
  deviceBusy: 5,
  overBudget: 6,
  timeLimit: 42,
  interrupted: 130,
} as const;
