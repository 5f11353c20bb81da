/**
 * Reads files of Tor: its state file with the time of the last write, and the keys of an onion service of this
 * device. The address of the service follows from the public key.
 *
 * @see tor doc/state-contents.txt; rend-spec-v3, section 6 ([ONIONADDRESS]) and appendix E (format of the key files)
 */
import { createHash } from 'node:crypto'
import { definedOnly } from '../../../base/defined-only.ts'
import { type Attribute, attribute } from '../../../contracts/attribute.ts'
import { millisecondTime } from '../../bytes/times.ts'
import { type ArtefactReader, NotAnArtefact, type RecordCollector } from '../../records/artefact.ts'

const SECRET = '== ed25519v1-secret: type0 =='
const PUBLIC = '== ed25519v1-public: type0 =='
const HEAD_BYTES = 32

export const tor: ArtefactReader = {
  id: 'tor',
  mediaTypes: ['text/x-tor-state', 'application/x-tor-service-key'],
  read(bytes, sink) {
    const head = bytes.toString('latin1', 0, HEAD_BYTES).replace(/\0+$/, '')
    if (head === SECRET && bytes.length === HEAD_BYTES + 64)
      return [attribute('onion-service-key', { kind: 'secret' })]
    if (head === PUBLIC && bytes.length === HEAD_BYTES + 32)
      return [
        attribute('onion-service-key', { kind: 'public', address: onionAddress(bytes.subarray(HEAD_BYTES)) }),
      ]
    if (!head.startsWith('# Tor state file')) throw new NotAnArtefact()
    return readState(bytes, sink)
  },
}

function readState(bytes: Buffer, sink: RecordCollector): readonly Attribute[] {
  const values = new Map<string, string>()
  const guards: ReadonlyMap<string, string>[] = []
  for (const line of bytes.toString('utf8', 0, Math.min(bytes.length, STATE_BYTES)).split('\n')) {
    const [, name, value] = /^(\w+) (.*)$/.exec(line) ?? []
    if (name === 'Guard') guards.push(pairsOf(value!))
    else if (name !== undefined && !values.has(name)) values.set(name, value!.trim())
  }
  const version = values.get('TorVersion')
  const written = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)$/.exec(values.get('LastWritten') ?? '')
  const ms = written ? Date.parse(`${written[1]}T${written[2]}Z`) : Number.NaN
  const when = Number.isNaN(ms) ? null : millisecondTime(ms)
  sink.add({
    what: { code: 'tor-state', params: { guards: guards.length, ...(version !== undefined && { version }) } },
    when: when && { ...when, resolution: 's' },
  })
  for (const guard of guards) addGuard(guard, sink)
  return []
}

/** Pairs of the form `name=value`. */
function pairsOf(text: string): ReadonlyMap<string, string> {
  return new Map([...text.matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name!, value!]))
}

function addGuard(guard: ReadonlyMap<string, string>, sink: RecordCollector): void {
  const day = guard.get('confirmed_on') ?? guard.get('sampled_on') ?? ''
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(day) ? Date.parse(`${day}Z`) : Number.NaN
  const when = Number.isNaN(ms) ? null : millisecondTime(ms)
  sink.add({
    what: {
      code: 'tor-guard',
      params: definedOnly({
        kind: guard.get('in') === 'bridges' ? 'bridge' : 'guard',
        nickname: guard.get('nickname'),
        fingerprint: guard.get('rsa_id'),
        address: guard.get('bridge_addr'),
      }),
    },
    when: when && { ...when, resolution: 's' },
  })
}

const STATE_BYTES = 1 << 20

const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567'

function onionAddress(key: Buffer): string {
  const sum = createHash('sha3-256')
    .update('.onion checksum')
    .update(key)
    .update(Buffer.from([3]))
    .digest()
  const bytes = Buffer.concat([key, sum.subarray(0, 2), Buffer.from([3])])
  let bits = ''
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0')
  return `${(bits.match(/.{5}/g) ?? []).map((five) => LETTERS[Number.parseInt(five, 2)]).join('')}.onion`
}
