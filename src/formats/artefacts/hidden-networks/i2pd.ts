/**
 * Reads files of the I2P router in C++ (i2pd): its tunnels, the private keys of destinations with the derived
 * address, and its last published router information (`router.info`). Java's router uses the same form for keys and
 * router information.
 *
 * @see geti2p.net, "Common structures Specification"; i2pd, docs "tunnels.conf"
 */
import { createHash } from 'node:crypto'
import { definedOnly } from '../../../base/defined-only.ts'
import { attribute } from '../../../contracts/attribute.ts'
import { Cursor, Ended } from '../../bytes/bytes.ts'
import { decodeLocal } from '../../bytes/local-text.ts'
import { millisecondTime } from '../../bytes/times.ts'
import { type ArtefactReader, NotAnArtefact, type RecordCollector } from '../../records/artefact.ts'
import { IDENTITY_BYTES, i2pType } from './signature.ts'

const MOST_BYTES = 8 << 20
const I2PD_CONFIG = '## Configuration file for a typical i2pd user'

export const i2pd: ArtefactReader = {
  id: 'i2pd',
  mediaTypes: ['application/x-i2p-key', 'application/x-i2p-router', 'text/x-i2pd-config'],
  read(bytes, sink) {
    const kind = i2pType({ head: bytes, sizeBytes: bytes.length, tail: bytes, whole: bytes })
    if (kind === 'application/x-i2p-key')
      return [attribute('i2p-key', { address: addressOf(bytes.subarray(0, IDENTITY_BYTES)) })]
    if (kind === 'application/x-i2p-router') readRouter(bytes, sink)
    else {
      const text = decodeLocal(sink.beginning(bytes, MOST_BYTES))
      if (text.startsWith(I2PD_CONFIG)) sink.add({ what: { code: 'i2p-router', params: {} } })
      else if (kind === 'text/x-i2pd-config') readTunnels(text, sink)
      else throw new NotAnArtefact()
    }
    return []
  },
}

/** Tunnel types that lead into the device. The other types are outgoing, and every installation has one. */
const SERVERS: readonly string[] = ['server', 'http', 'irc', 'udpserver']

function readTunnels(text: string, sink: RecordCollector): void {
  let name: string | null = null
  let values = new Map<string, string>()
  const tunnel = () => {
    if (name === null || !SERVERS.includes(values.get('type') ?? '')) return
    const [host, port] = [values.get('host'), values.get('port')]
    const target = port === undefined ? host : `${host ?? '127.0.0.1'}:${port}`
    const key = values.get('keys')
    sink.add({ what: { code: 'hidden-service', params: definedOnly({ network: 'i2p', name, target, key }) } })
  }
  for (const line of text.split(/\r?\n/)) {
    const [, section] = /^\[([^\]]{1,200})\]\s*$/.exec(line) ?? []
    if (section !== undefined) {
      tunnel()
      name = section
      values = new Map()
      continue
    }
    const at = line.indexOf('=')
    if (at > 0 && !/^\s*[#;]/.test(line)) values.set(line.slice(0, at).trim(), line.slice(at + 1).trim())
  }
  tunnel()
}

/** Time of publication, the published addresses, then the options. */
function readRouter(bytes: Buffer, sink: RecordCollector): void {
  const cursor = new Cursor(bytes, IDENTITY_BYTES)
  const when = millisecondTime(cursor.take(8).readBigUInt64BE(0))
  let host: string | undefined
  let version: string | undefined
  let at = cursor.at
  try {
    for (let left = cursor.u8(); left > 0; left--) {
      at = cursor.at
      // Cost and an unused expiration, then the transport type.
      cursor.take(9)
      cursor.take(cursor.u8())
      host ??= pairsOf(cursor).get('host')
    }
    at = cursor.at
    cursor.take(cursor.u8() * 32)
    version = pairsOf(cursor).get('router.version')
  } catch (error) {
    if (!(error instanceof Ended)) throw error
    sink.spoiled(at)
  }
  sink.add({ what: { code: 'i2p-router', params: definedOnly({ version, address: host }) }, when })
}

/** `name=value;` pairs; a length precedes each text. @throws Ended */
function pairsOf(cursor: Cursor): ReadonlyMap<string, string> {
  const own = new Cursor(cursor.take(cursor.take(2).readUInt16BE(0)))
  const pairs = new Map<string, string>()
  while (own.left > 0) {
    const name = own.take(own.u8()).toString('utf8')
    own.u8()
    pairs.set(name, own.take(own.u8()).toString('utf8'))
    own.u8()
  }
  return pairs
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567'

/** The SHA-256 of a destination in base 32, without padding. */
function addressOf(identity: Buffer): string {
  let bits = ''
  for (const byte of createHash('sha256').update(identity).digest()) bits += byte.toString(2).padStart(8, '0')
  const letters = bits.match(/.{1,5}/g)!.map((five) => LETTERS[Number.parseInt(five.padEnd(5, '0'), 2)])
  return `${letters.join('')}.b32.i2p`
}
