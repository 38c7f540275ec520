/** What is wrong with a program that has no function to run. */
export const MISSING_MAIN = "it exports no function as default; write " +
  "`export default async function main(board) { ... }`";
