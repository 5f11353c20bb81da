/** The same bench again with what children are given of engine and memory: without it each run of a model takes fresh pages. */
import { spawnSync } from 'node:child_process'
import { CHILD_ENGINE, childEnvironment } from '../src/host/confine/environment.ts'

/** @returns whether it has been run so, and is over */
export function asChildren(): boolean {
  const kept = Object.entries(childEnvironment()).filter(([name]) => name.startsWith('MALLOC_'))
  if (kept.every(([name, value]) => process.env[name] === value)) return false
  const env = { ...process.env, ...Object.fromEntries(kept) }
  const { status } = spawnSync(process.execPath, [...CHILD_ENGINE, ...process.argv.slice(1)], {
    env,
    stdio: 'inherit',
  })
  if (status !== 0) throw new Error(`the bench ended with ${status}`)
  return true
}
