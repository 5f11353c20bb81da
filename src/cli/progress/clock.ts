/** The clock of progress lines, so that tests can stop it. */
export function isoNow(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`
}
