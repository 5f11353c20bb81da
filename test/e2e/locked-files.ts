/** Scans an exhibit with locked files as an examiner would, with and without keys, and reads ledger and report. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exported, type Result, scanArgs, seized } from './seized.ts'

export const BASIS = 'warrant 12/2026, keys handed over 2026-11-29'

export class LockedExhibit {
  readonly folder: string
  readonly exhibit: string
  readonly #list: string

  /** @param listed contents that a list of illegal material holds */
  constructor(folder: string, exhibit: string, listed: readonly Buffer[]) {
    this.folder = folder
    this.exhibit = exhibit
    this.#list = join(folder, 'list.txt')
    const lines = listed.map((bytes) => createHash('sha256').update(bytes).digest('hex'))
    writeFileSync(this.#list, `${lines.join('\n')}\n`)
  }

  keys(name: string, ...secrets: object[]): string {
    const path = join(this.folder, name)
    writeFileSync(path, JSON.stringify({ keys: 1, secrets }), { mode: 0o600 })
    return path
  }

  args(ledger: string, keys: string | null, ...more: string[]): string[] {
    const given = keys === null ? [] : ['--keys', keys, '--basis', BASIS]
    return scanArgs(this.exhibit, join(this.folder, ledger), [`illegal:${this.#list}`], ...given, ...more)
  }

  scan(ledger: string, keys: string | null, ...more: string[]): Result {
    return seized(this.args(ledger, keys, ...more))
  }

  entries(ledger: string) {
    return exported(join(this.folder, ledger), this.folder)
  }

  hits(ledger: string): string[] {
    return this.entries(ledger).flatMap(({ path, hits }) => (hits.length > 0 ? [path] : []))
  }

  report(ledger: string, ...more: string[]): string {
    const out = join(this.folder, `${ledger}.html`)
    const ran = seized([
      ...['report', join(this.folder, ledger), '--format', 'html', '--out', out, '--overwrite'],
      ...more,
    ])
    if (ran.status !== 0) throw new Error(ran.stderr)
    return readFileSync(out, 'utf8')
  }

  court(ledger: string, language?: string): string {
    return this.report(ledger, '--edition', 'court', ...(language ? ['--language', language] : []))
  }

  /** Every file that a scan wrote: ledger, custody log, text index. */
  written(ledger: string): Buffer[] {
    return readdirSync(this.folder)
      .filter((name) => name.startsWith(ledger))
      .map((name) => readFileSync(join(this.folder, name)))
  }
}

/** The secret in the forms in which it could be written down. */
export function formsOf(secret: string): readonly Buffer[] {
  const typed = Buffer.from(secret)
  const hex = /^(?:[0-9a-f]{2}){8,}$/i.test(secret) ? [Buffer.from(secret, 'hex')] : []
  return [typed, ...hex].flatMap((one) => [
    one,
    Buffer.from(one.toString('hex')),
    Buffer.from(one.toString('base64')),
  ])
}

/** Texts that a page lacks: a failure then shows them, and not the page. */
export function lacking(page: string, ...texts: string[]): string[] {
  return texts.filter((text) => !page.includes(text))
}
