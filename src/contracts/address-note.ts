/** Addresses and links in a text that say by their own form, or by a checksum that holds, what they are; as attributes. */
import type { CodeTable } from './coded.ts'

export const ADDRESS_NOTES = {
  'onion-address': { address: 'text' },
  'wallet-address': { currency: 'text', address: 'text' },
  'ed2k-link': { digest: 'text', name: 'text?', sizeBytes: 'number?' },
  'magnet-link': { infoHash: 'text', name: 'text?' },
  /** Told by their shape alone. */
  'i2p-address': { address: 'text' },
  'freenet-key': { key: 'text' },
  /** Words of a list whose checksum holds: where they begin, in characters of the text; never which. */
  'seed-phrase': { words: 'number', offset: 'number' },
  'addresses-left-out': { addresses: 'number' },
} as const satisfies CodeTable
