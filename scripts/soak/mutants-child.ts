/**
 * Lists damaged copies of an image, one line each, until it is through or ended from outside: `mutants` starts it.
 *
 * Arguments: a JSON of {segments, from, to, copies?}. A mutant is a function of its number alone, so that one can be looked at again.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { seeded } from '../../fixtures/pictures.ts'
import type { Medium, OpenImage } from '../../src/contracts/image.ts'
import { openImage } from '../../src/formats/image/container/index.ts'
import { contentOf } from '../../src/formats/image/content/content.ts'
import { partOf } from '../../src/formats/image/content/ranges.ts'
import { NotThisFileSystem } from '../../src/formats/image/filesystem/common/not-this-file-system.ts'
import { FILE_SYSTEMS } from '../../src/formats/image/filesystem/index.ts'
import { rangesOf } from '../../src/formats/image/handed-image.ts'
import { ImageRefused } from '../../src/wire/image-refused.ts'
import { disbelieved } from './believed.ts'

export interface MutantLine {
  /** −1: the image as it was made. */
  readonly number: number
  readonly how: string
  /** Null: refused by its container. */
  readonly entries: number | null
  readonly contents: number
  /** Sentences of what must never be. */
  readonly wrong: readonly string[]
  readonly cpuMs: number
}

interface Job {
  readonly segments: readonly string[]
  readonly from: number
  readonly to: number
  /** Where the damaged segments are written, for a look with another program. */
  readonly copies?: readonly string[]
}

const SECTOR = 512
/** No damage makes more of a few hundred names. */
const MOST_ENTRIES = 50_000
const READ_BYTES = 256 * 1024
/** Of a mutant's contents, all that is asked for: a run may claim a volume full. */
const READ_ALL_BYTES = 64 * 1024 * 1024

type Looked = (segment: number, offset: number, length: number) => void

function memory(bytes: Buffer, looked: (offset: number, length: number) => void = () => {}): Medium {
  return {
    sizeBytes: bytes.length,
    readInto(target, offset) {
      looked(offset, target.length)
      return offset >= bytes.length
        ? 0
        : bytes.copy(target, 0, offset, Math.min(bytes.length, offset + target.length))
    },
    damageIn: () => [],
  }
}

function examined(
  segments: readonly { name: string; bytes: Buffer }[],
  readsContents: boolean,
  looked: Looked = () => {},
) {
  const image = openImage(
    segments.map(({ name, bytes }, i) => ({
      name,
      medium: memory(bytes, (offset, length) => looked(i, offset, length)),
    })),
  )
  const wrong: string[] = []
  const sum = { entries: 0, contents: 0, left: READ_ALL_BYTES }
  const ranges = rangesOf(image)
  let end = 0
  for (const range of ranges) {
    if (range.length > 0 && range.offset !== end) wrong.push(`range at ${range.offset}, not ${end}`)
    if (range.length > 0) end = range.offset + range.length
    if (range.number === null || range.length === 0) continue
    const volume = partOf(image.medium, range)
    listed(image, volume, readsContents, sum, wrong)
  }
  if (end !== image.medium.sizeBytes) wrong.push(`ranges end at ${end} of ${image.medium.sizeBytes}`)
  if (readsContents) {
    const files = segments.map(({ name, bytes }) => ({ name, sizeBytes: bytes.length }))
    const lie = disbelieved(image, files)
    if (lie !== null) wrong.push(`an honest lister is not believed: ${lie}`)
  }
  return { ...sum, wrong }
}

function listed(
  { logical, medium }: OpenImage,
  volume: Medium,
  reads: boolean,
  sum: { entries: number; contents: number; left: number },
  wrong: string[],
): void {
  const format = FILE_SYSTEMS.find(({ recognises }) => recognises(volume))
  if (logical === null && format === undefined) return
  let system: NonNullable<OpenImage['logical']>
  try {
    system = logical ?? format!.open(volume)
  } catch (error) {
    if (error instanceof NotThisFileSystem) return
    throw error
  }
  const bytes = logical === null ? volume : medium
  const target = Buffer.alloc(READ_BYTES)
  for (const { place, sizeBytes, path } of system.entries()) {
    if (++sum.entries > MOST_ENTRIES) throw new Error('a listing without end')
    if (path.some((name) => name.length === 0 || name.includes('/')))
      wrong.push('an empty name, or one with a slash')
    if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0) wrong.push(`a size of ${sizeBytes}`)
    if (place.kind === 'none' || !reads || sum.left <= 0) continue
    const content = contentOf(bytes, place, sizeBytes)
    for (const offset of [0, Math.max(0, sizeBytes - READ_BYTES)]) {
      const got = content.readInto(target, offset)
      content.damageIn(offset, got)
      sum.left -= got
    }
    sum.contents++
  }
  system.problems()
  const classes = Object.values(system.classes())
  const total = classes.reduce((a, b) => a + b, 0)
  if (total !== bytes.sizeBytes || classes.some((one) => one < 0))
    wrong.push(`classes ${classes} of ${bytes.sizeBytes}`)
  let free = 0
  let end = 0
  for (const { offset, length } of system.unallocated()) {
    if (offset < end || length <= 0 || offset + length > bytes.sizeBytes)
      wrong.push(`free range ${offset}+${length}`)
    end = offset + length
    free += length
  }
  if (free !== system.classes().unallocated) wrong.push(`free ${free}, class ${system.classes().unallocated}`)
}

/** Sectors that a listing looks at and that are not empty: records, directories, runs, tables, journals, headers of containers. */
function structures(segments: readonly { name: string; bytes: Buffer }[]): { segment: number; at: number }[] {
  const seen = new Set<string>()
  examined(segments, false, (segment, offset, length) => {
    for (let at = offset - (offset % SECTOR); at < offset + length; at += SECTOR) seen.add(`${segment} ${at}`)
  })
  return [...seen]
    .map((text) => text.split(' ').map(Number) as [number, number])
    .map(([segment, at]) => ({ segment, at }))
    .filter(({ segment, at }) =>
      segments[segment]!.bytes.subarray(at, at + SECTOR).some((byte) => byte !== 0),
    )
}

/** @returns how it was damaged, and what puts it right again */
function damage(
  segments: { name: string; bytes: Buffer }[],
  places: readonly { segment: number; at: number }[],
  number: number,
): { how: string; undo: () => void } {
  const random = seeded(number + 1)
  const pick = (below: number) => Math.floor(random() * below)
  const place = () => places[pick(places.length)]!
  const whole = segments.map(({ bytes }) => bytes)
  if (number % 10 === 9) {
    const one = pick(segments.length)
    const at = pick(whole[one]!.length)
    segments[one] = { ...segments[one]!, bytes: whole[one]!.subarray(0, at) }
    return {
      how: `cut at ${at}`,
      undo: () => void (segments[one] = { ...segments[one]!, bytes: whole[one]! }),
    }
  }
  const held: { bytes: Buffer; at: number; old: Buffer }[] = []
  const change = (segment: number, at: number, length: number) => {
    const bytes = whole[segment]!
    const from = Math.max(0, Math.min(at, bytes.length - length))
    held.push({ bytes, at: from, old: Buffer.from(bytes.subarray(from, from + length)) })
    return bytes.subarray(from, from + length)
  }
  const hows = ['bits', 'numbers', 'loops', 'sectors'] as const
  const how = hows[number % hows.length]!
  for (let count = 1 + pick(number % 3 === 0 ? 12 : 2); count > 0; count--) {
    const { segment, at } = place()
    const inside = at + pick(SECTOR - 8)
    if (how === 'bits') {
      const bytes = change(segment, inside, 1)
      bytes[0] = bytes[0]! ^ (1 << pick(8))
    } else if (how === 'numbers') {
      const bytes = change(segment, inside - (inside % 2), 4)
      bytes.writeUInt32LE([0, 1, 0xffffffff, 0x7fffffff, 0x80000000, pick(70_000), pick(300)][pick(7)]!)
    } else if (how === 'loops') {
      // A number of one structure where another's stood: references go round in circles, runs lie on each other.
      const other = place()
      const from = other.at + (inside % SECTOR)
      change(segment, inside, 8).set(
        Buffer.from(whole[other.segment]!.subarray(from, from + 8)).subarray(0, 8),
      )
    } else {
      const bytes = change(segment, at, SECTOR)
      if (pick(2) === 0) bytes.fill(pick(2) * 255)
      else
        bytes.set(
          Buffer.from(whole[segment]!.subarray(place().at % whole[segment]!.length)).subarray(
            0,
            bytes.length,
          ),
        )
    }
  }
  return {
    how,
    undo: () => {
      for (const { bytes, at, old } of held.reverse()) old.copy(bytes, at)
    },
  }
}

function line(number: number, how: string, segments: { name: string; bytes: Buffer }[]): MutantLine {
  const before = process.cpuUsage()
  const cpuMs = () => {
    const { user, system } = process.cpuUsage(before)
    return Math.round((user + system) / 1000)
  }
  try {
    const { entries, contents, wrong } = examined(segments, true)
    return { number, how, entries, contents, wrong, cpuMs: cpuMs() }
  } catch (error) {
    const refused = error instanceof ImageRefused
    return {
      number,
      how,
      entries: refused ? null : 0,
      contents: 0,
      wrong: refused ? [] : [String((error as Error).stack)],
      cpuMs: cpuMs(),
    }
  }
}

const { segments: paths, from, to, copies } = JSON.parse(process.argv[2]!) as Job
const segments = paths.map((path) => ({ name: basename(path), bytes: readFileSync(path) }))
const places = structures(segments)
for (let number = from; number < to; number++) {
  if (number < 0) {
    console.log(JSON.stringify(line(number, 'as made', segments)))
    continue
  }
  const { how, undo } = damage(segments, places, number)
  copies?.forEach((copy, i) => {
    writeFileSync(copy, segments[i]!.bytes)
  })
  console.log(JSON.stringify(line(number, how, segments)))
  undo()
}
