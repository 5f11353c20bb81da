/** Attributes for addresses and links in a text. The form of an address, or its valid checksum, identifies it. */
import type { CodeTable } from './coded.ts'

export const ADDRESS_NOTES = {
  'onion-address': { address: 'text' },
  'wallet-address': { currency: 'text', address: 'text' },
  'ed2k-link': { digest: 'text', name: 'text?', sizeBytes: 'number?' },
  'magnet-link': { infoHash: 'text', name: 'text?' },
  /** Only the shape of the address identifies it. */
  'i2p-address': { address: 'text' },
  'freenet-key': { key: 'text' },
  /**
   * Words of a word list with a valid checksum. `offset` is in characters of the text; the words themselves are not
   * stored.
   */
  'seed-phrase': { words: 'number', offset: 'number' },
  /**
   * What a QR code in a picture says, and where it stands, in pixels of the upright picture; `page` of a scan from 1, `ms` of a
   * frame in its video.
   */
  'qr-code': {
    text: 'text',
    left: 'number',
    top: 'number',
    width: 'number',
    height: 'number',
    page: 'number?',
    ms: 'number?',
  },
  /** The same of another kind of code; `symbology` as its standard calls it. */
  'bar-code': {
    symbology: 'text',
    text: 'text',
    left: 'number',
    top: 'number',
    width: 'number',
    height: 'number',
    page: 'number?',
    ms: 'number?',
  },
  /** A code that invites to a group or contact of a messenger. Only the form of the link identifies it. */
  'invitation-link': { service: 'text', link: 'text' },
  'addresses-left-out': { addresses: 'number' },
} as const satisfies CodeTable
