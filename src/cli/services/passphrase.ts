/**
 * A passphrase for sealed files: from a file, from an inherited descriptor, or typed without echo. Never from the
 * command line or the environment, which other accounts can read.
 */
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { UsageError } from '../../base/errors.ts'

export interface PassphraseOptions {
  readonly passphraseFile?: string | undefined
  readonly passphraseFd?: string | undefined
}

const PASSPHRASE_BYTES = 4096

/** Reads it when it is first needed, and once: a descriptor gives it a single time. */
export function passphraseOnce(options: PassphraseOptions): () => Promise<string> {
  let read: Promise<string> | null = null
  return () => {
    read ??= readPassphrase(options)
    return read
  }
}

/** @throws UsageError when it is given twice, cannot be read, is empty, or there is no terminal to type it */
export async function readPassphrase({ passphraseFile, passphraseFd }: PassphraseOptions): Promise<string> {
  if (passphraseFile !== undefined && passphraseFd !== undefined)
    throw new UsageError('Give --passphrase-file or --passphrase-fd, not both.')
  if (passphraseFile !== undefined) return firstLine(passphraseFile, `--passphrase-file ${passphraseFile}`)
  if (passphraseFd !== undefined) {
    if (!/^\d{1,4}$/.test(passphraseFd))
      throw new UsageError('--passphrase-fd takes the number of an open descriptor.')
    return firstLine(Number(passphraseFd), `--passphrase-fd ${passphraseFd}`)
  }
  if (!process.stdin.isTTY)
    throw new UsageError(
      'A passphrase is needed for what is sealed: give --passphrase-file FILE or --passphrase-fd N.',
    )
  return typed()
}

function firstLine(source: string | number, option: string): string {
  let bytes: Buffer
  try {
    bytes = readFileSync(source)
  } catch (cause) {
    throw new UsageError(`${option} could not be read (${(cause as NodeJS.ErrnoException).code}).`, { cause })
  }
  const line = bytes.subarray(0, PASSPHRASE_BYTES).toString('utf8').split(/\r?\n/)[0]!
  if (line === '') throw new UsageError(`${option} is empty: its first line is the passphrase.`)
  return line
}

function typed(): Promise<string> {
  process.stderr.write('Passphrase of the store: ')
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true })
  return new Promise((resolve, reject) => {
    lines.once('line', (line) => {
      lines.close()
      process.stderr.write('\n')
      resolve(line)
    })
    lines.once('close', () => reject(new UsageError('No passphrase was typed.')))
  })
}
