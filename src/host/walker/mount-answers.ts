/**
 * Tests whether a mount answers at all. On a stuck network or FUSE mount stat(2) never returns, and a process
 * inside it can neither continue nor end. So a separate process calls it first.
 */
import { spawn } from 'node:child_process'

/** @returns false when no answer came in time; true also where stat(1) is missing */
export function mountAnswers(path: string, waitMs: number): Promise<boolean> {
  const asking = spawn('stat', ['--', path], { stdio: 'ignore', cwd: '/', detached: true })
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      asking.kill('SIGKILL')
      // It may not even die of that: this process does not wait for it.
      asking.unref()
      resolve(false)
    }, waitMs)
    const answered = () => {
      clearTimeout(timer)
      resolve(true)
    }
    asking.on('error', answered)
    asking.on('exit', answered)
  })
}
