/** Facts of this kind that every process knows. Imports nothing. */

export const MEDIA_TYPES = [
  { type: 'application/x-tor-service-key', names: '', records: true },
  { type: 'application/x-i2p-key', names: '', records: true },
  { type: 'application/x-i2p-router', names: '', records: true },
  { type: 'text/x-i2pd-config', names: '', text: true, records: true },
  { type: 'text/x-freenet-config', names: '', text: true, records: true },
  { type: 'text/x-i2p-config', names: '', text: true, records: true },
  { type: 'text/x-i2p-hosts', names: '', text: true, records: true },
  { type: 'text/x-mozilla-preferences', names: '', text: true, records: true },
  { type: 'text/x-torrc', names: '', text: true, records: true },
  { type: 'text/x-tor-state', names: '', text: true, records: true },
] as const

export const RECORDS = {
  /** An entry node of Tor; `bridge`: in no public list. Dates are Tor's, which shifts them by some days at random. */
  'tor-guard': {
    kind: 'text',
    nickname: 'text?',
    fingerprint: 'text?',
    address: 'text?',
    transport: 'text?',
  },
  /** A service that was configured to be reachable in Tor or I2P. */
  'hidden-service': { network: 'text', name: 'text?', folder: 'text?', target: 'text?', key: 'text?' },
  /** Time: the first start of the router, or its last own announcement. */
  'i2p-router': { version: 'text?', names: 'number?', address: 'text?' },
  'freenet-node': { name: 'text?', folder: 'text?' },
  'tor-state': { version: 'text?', guards: 'number' },
} as const
