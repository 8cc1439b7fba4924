/** What the process tells its caller. Documented in docs/command-line.md; a code is never given another meaning. */
export const EXIT_CODES = {
  /** Done, and every migration completed. */
  success: 0,
  /** The run went well and the model's answer is no: a migration did not complete, a comparison failed. */
  answerIsNo: 1,
  /** The command line, the scenario or another input is wrong. */
  badInput: 2,
  /** A bug here, or a system that failed: a full disk, a folder that cannot be written. */
  systemFailure: 3,
  /** Stopped by Ctrl-C. */
  interrupted: 130,
} as const;
