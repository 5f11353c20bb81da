/** Checks of model files that need not be made at each start. */

/**
 * A check of files: does it, or knows its result because none of the files changed since.
 * @param what the check, by a name of its own
 */
export type CheckOnce = (what: string, paths: readonly string[], check: () => string) => string

export const ALWAYS: CheckOnce = (_what, _paths, check) => check()
