/**
 * Reads the case and acquisition fields of an EWF image. The text comes from the acquiring person and is shown as
 * stated.
 */
import { inflateSync } from 'node:zlib'
import type { StatedField } from '../../../../contracts/image.ts'
import { unbzip2 } from './bzip2.ts'

const TEXT_BYTES_AT_MOST = 1 << 20
const VALUE_CHARACTERS_AT_MOST = 4096

/** Columns of `main` (EWF-E01: header, header2; EWF2: case data), with names for the examiner. */
const NAMES: Readonly<Record<string, string>> = {
  c: 'case-number',
  cn: 'case-number',
  n: 'evidence-number',
  en: 'evidence-number',
  a: 'description',
  nm: 'description',
  e: 'examiner',
  ex: 'examiner',
  t: 'notes',
  nt: 'notes',
  av: 'program-version',
  ov: 'program-platform',
  os: 'program-platform',
  m: 'acquired',
  at: 'system-date',
  u: 'system-date',
  tt: 'acquired',
  md: 'model',
  sn: 'serial-number',
  l: 'label',
  lb: 'label',
  pid: 'process-identifier',
}
const TIMES = new Set(['acquired', 'system-date'])

/** @returns the text, or null when it cannot be decompressed */
export function textOf(stored: Buffer, compressed: boolean): string | null {
  if (!compressed) return decoded(stored)
  if (stored.toString('latin1', 0, 3) === 'BZh') {
    const bytes = unbzip2(stored, TEXT_BYTES_AT_MOST)
    return typeof bytes === 'string' ? null : decoded(bytes)
  }
  try {
    return decoded(inflateSync(stored, { maxOutputLength: TEXT_BYTES_AT_MOST }))
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return null
  }
}

function decoded(bytes: Buffer): string {
  const first = bytes.length >= 2 ? bytes.readUInt16LE(0) : 0
  if (first === 0xfeff) return bytes.toString('utf16le', 2)
  if (first === 0xfffe)
    return Buffer.from(bytes.subarray(2, bytes.length & ~1))
      .swap16()
      .toString('utf16le')
  if (bytes.length >= 2 && bytes[1] === 0) return bytes.toString('utf16le')
  return bytes.toString('latin1')
}

/** Columns of the category `main` and their values. */
export function columnsOf(text: string): ReadonlyMap<string, string> {
  const lines = text.split(/\r?\n/)
  const main = lines.indexOf('main')
  const cells = (main < 0 ? undefined : lines[main + 2])?.split('\t') ?? []
  const columns = (main < 0 ? undefined : lines[main + 1])?.split('\t') ?? []
  return new Map(
    columns.map((column, index) => [column, (cells[index] ?? '').slice(0, VALUE_CHARACTERS_AT_MOST)]),
  )
}

/** The columns that matter to an examiner and have a value. */
export function fieldsOf(text: string): StatedField[] {
  const fields: StatedField[] = []
  for (const [column, value] of columnsOf(text)) {
    const name = Object.hasOwn(NAMES, column) ? NAMES[column] : undefined
    if (name && value) fields.push({ name, value: TIMES.has(name) ? timeText(value) : value })
  }
  return fields
}

/** header2 and EWF2 count seconds since 1970 in UTC. header writes a local time as text, without its zone. */
function timeText(value: string): string {
  const seconds = /^\d{9,11}$/.test(value) ? Number(value) : null
  if (seconds !== null) return new Date(seconds * 1000).toISOString()
  const parts = /^(\d{4}) (\d{1,2}) (\d{1,2}) (\d{1,2}) (\d{1,2}) (\d{1,2})$/.exec(value)
  if (!parts) return value
  const [year, month, day, hour, minute, second] = parts.slice(1).map((part) => part.padStart(2, '0'))
  return `${year}-${month}-${day} ${hour}:${minute}:${second} (local time)`
}
