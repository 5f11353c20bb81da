/**
 * Does a mount answer at all? On a stuck network or FUSE mount stat(2) never returns, and a process inside it can neither
 * go on nor end. So another one asks first.
 */
import { spawn } from 'node:child_process'

/** @returns false when nothing came back in time; true also where there is no stat(1) to ask with */
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
