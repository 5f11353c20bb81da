/** Addresses whose checksum holds, and links, as they stand in texts: known examples of their specifications. */
import { describe, expect, it } from 'vitest'
import { addressesIn } from '../../../src/formats/text/addresses.ts'

// The Tor Project's own site; BIP 173's and BIP 350's examples; the first output of Bitcoin's chain; Litecoin's documentation.
const ONION = '2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion'
const BECH32 = 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'
const BECH32M = 'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0'
const BASE58 = '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa'

const said = (text: string) => addressesIn(text).map(({ code, params }) => [code, ...Object.values(params)])

describe('addresses in a text', () => {
  it('are given where their checksum holds', () => {
    expect(said(`see http://${ONION}/about and pay ${BECH32}, ${BECH32M} or ${BASE58}.`)).toEqual([
      ['onion-address', ONION],
      ['wallet-address', 'bitcoin', BECH32],
      ['wallet-address', 'bitcoin', BECH32M],
      ['wallet-address', 'bitcoin', BASE58],
    ])
  })

  it('are not given with one letter changed, nor inside longer words', () => {
    for (const address of [ONION, BECH32, BECH32M, BASE58])
      for (const at of [4, 9, 20]) {
        const other = address[at] === 'q' ? 'p' : 'q'
        expect(said(address.slice(0, at) + other + address.slice(at + 1))).toEqual([])
      }
    expect(said(`a${ONION} x${BASE58}x`)).toEqual([])
  })

  it('are given once each, and counted beyond a hundred', () => {
    expect(said(`${ONION} ${ONION}`)).toHaveLength(1)
    const links = Array.from(
      { length: 130 },
      (_, i) => `ed2k://|file|a|1|${i.toString(16).padStart(32, '0')}|/`,
    ).join(' ')
    const all = said(links)
    expect([all.length, all.at(-1)]).toEqual([101, ['addresses-left-out', 30]])
  })

  it('are links of eD2k and magnets too', () => {
    const digest = 'AB'.repeat(16)
    const info = 'cd'.repeat(20)
    expect(
      said(`ed2k://|file|my%20map.zip|1234|${digest}|h=X|/ magnet:?xt=urn:btih:${info}&dn=my+map&tr=x`),
    ).toEqual([
      ['ed2k-link', digest.toLowerCase(), 'my map.zip', 1234],
      ['magnet-link', info, 'my map'],
    ])
  })
})
