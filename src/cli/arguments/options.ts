/** Converts command-line text to checked values. Every refusal names the given text and a remedy. */
import { availableParallelism, totalmem } from 'node:os'
import { UsageError } from '../../base/errors.ts'
import type { Scope } from '../../contracts/case.ts'
import { PHASES, type Phase } from '../../contracts/stage.ts'
import { WHOLE_EXHIBIT } from '../../plan.ts'

export const PROGRESS_KINDS = ['tui', 'lines', 'json', 'none'] as const
export type ProgressKind = (typeof PROGRESS_KINDS)[number]

export function parseWorkers(text: string | undefined): number {
  if (text === undefined) return defaultWorkers(availableParallelism(), memoryBytes())
  const workers = Number(text)
  if (!Number.isInteger(workers) || workers < 1 || workers > 256)
    throw new UsageError(`--workers takes a whole number from 1 to 256, not "${text}".`)
  return workers
}

const GIB = 1024 ** 3

/** A decoding process with every model loaded needs up to a gigabyte; the main process and the page cache need two. */
export function defaultWorkers(cores: number, memory: number): number {
  return Math.max(1, Math.min(cores, Math.floor((memory - 2 * GIB) / GIB)))
}

/** Memory of the machine, or the limit of the container that the program runs in. */
function memoryBytes(): number {
  const allowed = process.constrainedMemory()
  return allowed > 0 ? Math.min(allowed, totalmem()) : totalmem()
}

/** `inventory,known,unknown`: inventory always runs, and unknown needs known. */
export function parsePhases(text: string | undefined): readonly Phase[] {
  if (text === undefined) return PHASES
  const asked = text.split(',').map((word) => word.trim())
  for (const word of asked)
    if (!(PHASES as readonly string[]).includes(word))
      throw new UsageError(`--phases knows ${PHASES.join(', ')}; "${word}" is none of them.`)
  if (asked.includes('unknown') && !asked.includes('known'))
    throw new UsageError(
      '--phases unknown needs known: only what no list holds is looked at. Use inventory,known,unknown.',
    )
  return PHASES.filter((phase) => phase === 'inventory' || asked.includes(phase))
}

export const SCOPE_HELP = `KEY=VALUE, repeatable; what is left out is counted as out of scope and never read.
include=GLOB, exclude=GLOB   patterns on the path below the exhibit's root, e.g. include=DCIM/**
from=DATE, to=DATE           bounds on the modified time, ISO-8601, UTC when no zone is given
media=TYPE                   media types the unknown phase looks at, e.g. media=image/*
volume=N                     volumes of an image that are examined, by number (seized image); the others are out of scope`

export function parseScope(words: readonly string[]): Scope {
  const scope = {
    include: [] as string[],
    exclude: [] as string[],
    modifiedFrom: WHOLE_EXHIBIT.modifiedFrom,
    modifiedTo: WHOLE_EXHIBIT.modifiedTo,
    mediaTypes: [] as string[],
  }
  const volumes: number[] = []
  for (const word of words) {
    const equals = word.indexOf('=')
    const key = word.slice(0, equals)
    const value = word.slice(equals + 1)
    if (equals === -1 || value === '')
      throw new UsageError(`--scope takes KEY=VALUE, not "${word}". See seized scan --help.`)
    if (key === 'include') scope.include.push(value)
    else if (key === 'exclude') scope.exclude.push(value)
    else if (key === 'from') scope.modifiedFrom = parseDate(value, word)
    else if (key === 'to') scope.modifiedTo = parseDate(value, word)
    else if (key === 'media') scope.mediaTypes.push(parseMediaType(value))
    else if (key === 'volume') volumes.push(wholeNumber('--scope volume', 100_000)(value))
    else
      throw new UsageError(
        `--scope knows include, exclude, from, to, media and volume; "${key}" is none of them.`,
      )
  }
  return {
    ...scope,
    include: scope.include.sort(),
    exclude: scope.exclude.sort(),
    mediaTypes: scope.mediaTypes.sort(),
    ...(volumes.length > 0 ? { volumes: [...new Set(volumes)].sort((a, b) => a - b) } : {}),
  }
}

export function parseProgress(text: string | undefined, isTty: boolean): ProgressKind {
  if (text === undefined) return isTty ? 'tui' : 'lines'
  if (!(PROGRESS_KINDS as readonly string[]).includes(text))
    throw new UsageError(`--progress knows ${PROGRESS_KINDS.join(', ')}; "${text}" is none of them.`)
  return text === 'tui' && !isTty ? 'lines' : (text as ProgressKind)
}

export function parseTimezone(text: string | undefined): string {
  // This case avoids the engine's tables of time zones, which take a while to load.
  if (text === undefined) return 'UTC'
  try {
    new Intl.DateTimeFormat('en', { timeZone: text })
  } catch (cause) {
    throw new UsageError(`--timezone takes an IANA name such as Europe/Vilnius, not "${text}".`, { cause })
  }
  return text
}

const HEX_LENGTHS: Readonly<Record<string, number>> = { md5: 32, sha1: 40, sha256: 64, sha512: 128 }

/** `sha256:HEX` → the same in lower case. */
export function parseAcquisitionHash(text: string): string {
  const [, algorithm = '', hex = ''] = /^([a-z0-9-]+):([0-9a-f]+)$/.exec(text.toLowerCase()) ?? []
  const name = algorithm.replace('-', '')
  if (HEX_LENGTHS[name] !== hex.length)
    throw new UsageError(
      `--acquisition-hash takes ALGORITHM:HEX with ${Object.keys(HEX_LENGTHS).join(', ')}; "${text}" does not have that shape.`,
    )
  return `${name}:${hex}`
}

/** ISO-8601; UTC where the text names no zone. @throws UsageError */
export function date(option: string): (text: string) => string {
  return (text) => parseDate(text, option)
}

function parseDate(value: string, option: string): string {
  const withZone =
    /([zZ]|[+-]\d\d:?\d\d)$/.test(value) || /^\d{4}-\d\d-\d\d$/.test(value) ? value : `${value}Z`
  const time = new Date(withZone)
  if (Number.isNaN(time.getTime())) throw new UsageError(`${option}: not an ISO-8601 date.`)
  return time.toISOString()
}

function parseMediaType(value: string): string {
  if (!/^[a-z]+\/(\*|[a-z0-9.+-]+)$/.test(value))
    throw new UsageError(`--scope media=${value}: a media type looks like image/jpeg or image/*.`)
  return value
}

/** One of the allowed words. @throws UsageError */
export function oneOf<const T extends string>(option: string, allowed: readonly T[]): (text: string) => T {
  return (text) => {
    const found = allowed.find((one) => one === text)
    if (found === undefined)
      throw new UsageError(`${option} knows ${allowed.join(', ')}; "${text}" is none of them.`)
    return found
  }
}

/** @throws UsageError */
export function fromZero(option: string, text: string): number {
  const number = Number(text)
  if (text.trim() === '' || !Number.isInteger(number) || number < 0)
    throw new UsageError(`${option} takes a whole number from 0, not "${text}".`)
  return number
}

/** From 1. @throws UsageError */
export function wholeNumber(option: string, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text)
    if (!Number.isInteger(number) || number < 1 || number > most)
      throw new UsageError(`${option} takes a whole number from 1 to ${most}, not "${text}".`)
    return number
  }
}

/** A number above zero; decimals allowed. @throws UsageError */
export function minutes(option: string): (text: string) => number {
  return (text) => {
    const number = Number(text)
    if (!(number > 0 && number <= 100_000)) throw new UsageError(`${option} takes minutes, not "${text}".`)
    return number
  }
}

export function parseSeed(text: string): number {
  const seed = Number(text)
  if (!/^[0-9]+$/.test(text) || !(seed >= 1 && seed < 2 ** 20))
    throw new UsageError(`--seed ${text} is no whole number from 1 to ${2 ** 20 - 1}.`)
  return seed
}

export const RECORD_FORMATS = ['html', 'json', 'pdf'] as const

export function parseRecordFormat(text: string): (typeof RECORD_FORMATS)[number] {
  const format = RECORD_FORMATS.find((one) => one === text)
  if (format === undefined) throw new UsageError(`--format ${text}: one of ${RECORD_FORMATS.join(', ')}.`)
  return format
}
