/** Messages of a lister about locks, and the keys of the volumes that it opened. */
import * as v from 'valibot'
import { LOCK_FORMATS, LOCK_OBSTACLES, PROTECTORS, type ProtectorKind } from '../contracts/lock.ts'
import { CODE, COUNT, checked, countUpTo, type Message, TEXT } from './checks.ts'

const MOST_PROTECTORS = 100
/** A keys file holds no more; each is tried on every lock. */
export const MOST_SECRETS = 100

const PROTECTOR = v.strictObject({
  kind: v.picklist(Object.keys(PROTECTORS) as ProtectorKind[]),
  id: v.pipe(v.string(), v.regex(/^[\w.-]{0,64}$/)),
})

/** 1-based place in the keys file. */
export const SECRET_NUMBER = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_SECRETS))

export const LOCK = v.strictObject({
  volume: COUNT,
  format: v.picklist(LOCK_FORMATS),
  id: v.pipe(v.string(), v.regex(/^[\w.-]{0,64}$/)),
  method: v.union([v.literal(''), CODE]),
  label: TEXT,
  protectors: v.pipe(v.array(PROTECTOR), v.maxLength(MOST_PROTECTORS)),
  obstacle: v.nullable(v.picklist(LOCK_OBSTACLES)),
  openedBy: v.pipe(
    v.array(v.strictObject({ protector: PROTECTOR, secret: v.nullable(SECRET_NUMBER) })),
    v.maxLength(MOST_SECRETS + 1),
  ),
  wrong: v.pipe(v.array(SECRET_NUMBER), v.maxLength(MOST_SECRETS)),
})

const KEY = v.strictObject({
  cipher: v.picklist(['aes', 'camellia']),
  mode: v.picklist(['xts', 'cbc-plain', 'cbc-plain64', 'cbc-essiv', 'cbc-eboiv', 'cbc-elephant']),
  keyHex: v.pipe(v.string(), v.regex(/^(?:[0-9a-f]{32}){1,4}$/)),
  sectorBytes: v.picklist([512, 1024, 2048, 4096]),
  ivStep: v.picklist([1, 2, 4, 8]),
})

const MOST_KEYS = 64
const MOST_RUNS = 100_000

const RUN = v.strictObject({
  length: v.pipe(COUNT, v.minValue(1)),
  from: v.nullable(COUNT),
  key: v.nullable(countUpTo(MOST_KEYS - 1)),
  ivStart: COUNT,
  isMetadata: v.exactOptional(v.literal(true)),
})

const MOST_BACKUPS = 64
const BACKUP = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  secret: SECRET_NUMBER,
  classes: v.pipe(
    v.array(
      v.strictObject({
        protection: countUpTo(255),
        keyHex: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
      }),
    ),
    v.maxLength(32),
  ),
})

const UNLOCKED = v.array(
  v.strictObject({
    volume: COUNT,
    keys: v.pipe(v.array(KEY), v.maxLength(MOST_KEYS)),
    runs: v.pipe(v.array(RUN), v.maxLength(MOST_RUNS)),
    backups: v.exactOptional(v.pipe(v.array(BACKUP), v.maxLength(MOST_BACKUPS))),
  }),
)

export type UnlockedMessage = Message<typeof UNLOCKED>

/** Its error repeats no part of the message. */
export function unlockedMessage(header: unknown): UnlockedMessage {
  return checked(UNLOCKED, header, 'keys of volumes')
}
