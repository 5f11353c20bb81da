/** @param pid number of a process of this machine @returns whether it is there, whoever's it is */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it lives, and belongs to another account.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
