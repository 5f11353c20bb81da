/**
 * Opens a review in the browser of the desktop. The address holds a key, and what a browser is started with stands in its command line,
 * which every account of the machine can read: so it is started with a file that leads there, and that only this account can read.
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UsageError } from '../../base/errors.ts'

export interface Opened {
  /** Removes the file. */
  close(): void
}

const OPENER = 'xdg-open'

/** @throws UsageError before anything is served where nothing opens files */
export function requireOpener(): void {
  if (spawnSync(OPENER, ['--version'], { stdio: 'ignore' }).error)
    throw new UsageError(`--open needs ${OPENER} (xdg-utils); without it, open the address that is printed.`)
}

/** @param url with its key */
export function openInBrowser(url: string): Opened {
  const folder = mkdtempSync(join(tmpdir(), 'seized-review-'))
  const file = join(folder, 'review.html')
  // Nothing in the address is markup: figures, points, and letters of base64url.
  writeFileSync(file, `<!doctype html><meta http-equiv="refresh" content="0; url=${url}">\n`, { mode: 0o600 })
  spawn(OPENER, [file], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref()
  return { close: () => rmSync(folder, { recursive: true, force: true }) }
}
