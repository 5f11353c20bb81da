/**
 * Opens a review in the desktop's browser. The address contains a key, and every account of the machine can read the
 * browser's command line. The browser is therefore started with a file that redirects to the address, and only this
 * account can read that file.
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

/** @throws UsageError before the server starts, when no program can open files */
export function requireOpener(): void {
  if (spawnSync(OPENER, ['--version'], { stdio: 'ignore' }).error)
    throw new UsageError(`--open needs ${OPENER} (xdg-utils); without it, open the address that is printed.`)
}

/** @param url address with its key */
export function openInBrowser(url: string): Opened {
  const folder = mkdtempSync(join(tmpdir(), 'seized-review-'))
  const file = join(folder, 'review.html')
  // The address contains no markup: digits, points, and letters of base64url.
  writeFileSync(file, `<!doctype html><meta http-equiv="refresh" content="0; url=${url}">\n`, { mode: 0o600 })
  spawn(OPENER, [file], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref()
  return { close: () => rmSync(folder, { recursive: true, force: true }) }
}
