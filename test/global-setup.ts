/** Builds dist once before any test, because forked children run built code. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export default function setup(): () => void {
  // What commands remember between runs stays out of the account's own folder.
  const state = mkdtempSync(join(tmpdir(), 'seized-test-state-'))
  process.env.XDG_STATE_HOME = state
  execFileSync(process.execPath, [fileURLToPath(new URL('../scripts/build.js', import.meta.url))], {
    stdio: 'inherit',
  })
  return () => rmSync(state, { recursive: true, force: true })
}
