/** Reads a record and the own samples beside it from the folder of a run. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../base/errors.ts'
import { OWN_ABOUT, type OwnSample } from './own/own.ts'
import { RECORD_ABOUT, type ValidationRecord } from './record.ts'

export interface ReadRecord {
  readonly record: ValidationRecord
  readonly bytes: Buffer
  /** Of record.json. */
  readonly sha256: string
  readonly own: readonly OwnSample[]
}

/** @throws UsageError when the folder has no record, or an unreadable one */
export function readRecord(folder: string): ReadRecord {
  const file = join(folder, 'record.json')
  if (!existsSync(file))
    throw new UsageError(`${folder} holds no record. Run: seized validate run PLAN --out ${folder}`)
  const bytes = readFileSync(file)
  const record = parsed(bytes, file) as ValidationRecord
  if (record?.about !== RECORD_ABOUT) throw new UsageError(`${file} is no validation record of this program.`)
  const own = readdirSync(folder)
    .filter((name) => /^own.*\.json$/.test(name))
    .sort()
    .map((name) => {
      const sample = parsed(readFileSync(join(folder, name)), join(folder, name)) as OwnSample
      if (sample?.about !== OWN_ABOUT)
        throw new UsageError(`${join(folder, name)} is not what seized validate own writes.`)
      return sample
    })
  return { record, bytes, sha256: createHash('sha256').update(bytes).digest('hex'), own }
}

function parsed(bytes: Buffer, file: string): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    throw new UsageError(`${file} cannot be read as a record: it is not JSON.`)
  }
}
