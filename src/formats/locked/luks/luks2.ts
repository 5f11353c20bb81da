/**
 * The header of LUKS, version 2: two copies, each with a checksum; JSON behind 4 KiB. The newer whole copy counts.
 *
 * @see Milan Broz, "LUKS2 On-Disk Format Specification", version 1.1.3, 2022
 */
import { createHash } from 'node:crypto'
import * as v from 'valibot'
import type { Medium } from '../../../contracts/image.ts'
import { readAt, u64be } from '../../image/content/read-at.ts'
import type { Derivation, Slot } from './key-material.ts'
import type { LuksHeader, LuksSegment } from './luks-header.ts'

const BINARY_BYTES = 4096
const CHECKSUM_AT = 448
const MOST_BYTES = 4 << 20
/** Where a second copy may lie: behind the first, whose size is one of these. */
const SIZES = [16, 32, 64, 128, 256, 512, 1024, 2048, 4096].map((kib) => kib << 10)
const FIRST = Buffer.from('4c554b53babe0002', 'hex')
const SECOND = Buffer.from('534b554cbabe0002', 'hex')

const DECIMAL = v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number))
const BASE64 = v.pipe(
  v.string(),
  v.maxLength(4096),
  v.transform((text) => Buffer.from(text, 'base64')),
)
const NAME = v.pipe(v.string(), v.regex(/^[\w:.()-]{1,80}$/))
const WHOLE = v.pipe(v.number(), v.integer(), v.minValue(0))
const IDS = v.array(v.pipe(v.string(), v.regex(/^\d{1,4}$/)))

const KDF = v.variant('type', [
  v.object({ type: v.literal('pbkdf2'), salt: BASE64, hash: NAME, iterations: WHOLE }),
  v.object({
    type: v.picklist(['argon2i', 'argon2id']),
    salt: BASE64,
    time: WHOLE,
    memory: WHOLE,
    cpus: WHOLE,
  }),
])
const SLOT = v.object({
  type: v.literal('luks2'),
  key_size: WHOLE,
  priority: v.optional(WHOLE, 1),
  kdf: KDF,
  af: v.object({ type: v.literal('luks1'), stripes: WHOLE, hash: NAME }),
  area: v.object({
    type: v.literal('raw'),
    offset: DECIMAL,
    size: DECIMAL,
    encryption: NAME,
    key_size: WHOLE,
  }),
})
const DIGEST = v.object({
  type: v.literal('pbkdf2'),
  keyslots: IDS,
  segments: IDS,
  hash: NAME,
  iterations: WHOLE,
  salt: BASE64,
  digest: BASE64,
})
const SIZE = v.union([v.literal('dynamic'), DECIMAL])
const SEGMENT = v.variant('type', [
  v.object({
    type: v.literal('crypt'),
    offset: DECIMAL,
    size: SIZE,
    iv_tweak: DECIMAL,
    encryption: NAME,
    sector_size: WHOLE,
    integrity: v.optional(v.unknown()),
    flags: v.optional(v.array(v.string())),
  }),
  v.object({
    type: v.literal('linear'),
    offset: DECIMAL,
    size: SIZE,
    flags: v.optional(v.array(v.string())),
  }),
])
const HEADER = v.object({
  keyslots: v.record(v.string(), v.unknown()),
  segments: v.record(v.string(), v.unknown()),
  digests: v.record(v.string(), v.unknown()),
  config: v.object({ requirements: v.optional(v.object({ mandatory: v.optional(v.array(v.string())) })) }),
})

/** Null: no whole copy of a header of this version. */
export function luks2Header(volume: Medium): LuksHeader | null {
  const copies = [0, ...SIZES].flatMap((offset) => copyAt(volume, offset) ?? [])
  for (const { head, json } of copies.sort((a, b) => b.sequence - a.sequence)) {
    const header = v.safeParse(HEADER, json, { abortEarly: true })
    if (header.success) return headerOf(volume, head, header.output)
  }
  return null
}

function copyAt(volume: Medium, offset: number) {
  const head = readAt(volume, offset, BINARY_BYTES)
  if (head.length < BINARY_BYTES || !head.subarray(0, 8).equals(offset === 0 ? FIRST : SECOND)) return null
  const bytes = u64be(head, 8)
  const hash = head.toString('latin1', 72, 104).replace(/\0[\s\S]*$/, '')
  if (!SIZES.includes(bytes) || bytes > MOST_BYTES || u64be(head, 256) !== offset || hash !== 'sha256')
    return null
  const whole = readAt(volume, offset, bytes)
  if (whole.length < bytes) return null
  const stated = Buffer.from(whole.subarray(CHECKSUM_AT, CHECKSUM_AT + 32))
  whole.fill(0, CHECKSUM_AT, CHECKSUM_AT + 64)
  if (!createHash('sha256').update(whole).digest().equals(stated)) return null
  const text = whole.toString('utf8', BINARY_BYTES).replace(/\0[\s\S]*$/, '')
  const json = parsed(text)
  return json === null ? null : { head, json, sequence: u64be(head, 16) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

function headerOf(volume: Medium, head: Buffer, header: v.InferOutput<typeof HEADER>): LuksHeader {
  const text = (at: number, length: number) =>
    head.toString('utf8', at, at + length).replace(/\0[\s\S]*$/, '')
  const known = <S extends v.GenericSchema>(schema: S, all: Record<string, unknown>) =>
    Object.entries(all)
      .filter(([id]) => /^\d{1,4}$/.test(id))
      .sort(([a], [b]) => Number(a) - Number(b))
      .flatMap(([id, one]) => {
        const read = v.safeParse(schema, one, { abortEarly: true })
        return read.success ? [{ id, of: read.output as v.InferOutput<S> }] : []
      })
  const segments = known(SEGMENT, header.segments)
  const slots = known(SLOT, header.keyslots)
    .filter(({ of }) => of.priority > 0)
    .sort((a, b) => b.of.priority - a.of.priority)
  const isBackup = (flags: readonly string[] | undefined) =>
    flags?.some((flag) => flag.startsWith('backup-')) ?? false
  const current = segments.filter(({ of }) => !isBackup(of.flags))
  const hasIntegrity = current.some(({ of }) => of.type === 'crypt' && of.integrity !== undefined)
  const needs = header.config.requirements?.mandatory ?? []
  return {
    format: 'luks2',
    id: text(168, 40).replace(/[^\w.-]/g, '_'),
    label: text(24, 48),
    slots: slots.map(({ id, of }): Slot => slotOf(id, of)),
    digests: known(DIGEST, header.digests).map(({ of }) => ({
      slots: of.keyslots,
      segments: of.segments,
      hash: of.hash,
      iterations: of.iterations,
      salt: of.salt,
      value: of.digest,
    })),
    segments: current.map(({ id, of }): LuksSegment => segmentOf(volume, id, of)),
    isStateBuilt:
      needs.length === 0 &&
      !hasIntegrity &&
      segments.length === Object.keys(header.segments).length &&
      current.length > 0,
  }
}

function slotOf(id: string, { key_size, kdf, af, area }: v.InferOutput<typeof SLOT>): Slot {
  const derivation: Derivation =
    kdf.type === 'pbkdf2'
      ? { kind: 'pbkdf2', hash: kdf.hash, iterations: kdf.iterations, salt: kdf.salt }
      : { kind: kdf.type, passes: kdf.time, memoryKib: kdf.memory, lanes: kdf.cpus, salt: kdf.salt }
  return {
    id,
    keyBytes: key_size,
    derivation,
    stripes: af.stripes,
    stripesHash: af.hash,
    offset: area.offset,
    encryption: area.encryption,
    areaKeyBytes: area.key_size,
  }
}

function segmentOf(volume: Medium, id: string, of: v.InferOutput<typeof SEGMENT>): LuksSegment {
  const length = of.size === 'dynamic' ? Math.max(0, volume.sizeBytes - of.offset) : of.size
  const common = { id, offset: of.offset, length, keyBytes: 0 }
  return of.type === 'linear'
    ? { ...common, encryption: null, sectorBytes: 512, ivStart: 0 }
    : { ...common, encryption: of.encryption, sectorBytes: of.sector_size, ivStart: of.iv_tweak }
}
