/** Seed phrases by the published examples of BIP 39: place and number of words, and nothing of the words. */
import { hash } from 'node:crypto'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { describe, expect, it } from 'vitest'
import { addressesIn } from '../../../src/formats/text/addresses.ts'
import { seedPhrasesIn } from '../../../src/formats/text/seed-phrases.ts'

// trezor/python-mnemonic, vectors.json.
const TWELVE = 'legal winner thank year wave sausage worth useful legal winner thank yellow'
const EIGHTEEN =
  'letter advice cage absurd amount doctor acoustic avoid letter advice cage absurd amount doctor acoustic avoid letter always'
const TWENTY_FOUR =
  'hamster diagram private dutch cause delay private meat slide toddler razor book happy fancy gospel tennis maple dilemma loan word shrug inflict delay length'

const said = (text: string) => seedPhrasesIn(text).map(({ params }) => Object.values(params))

describe('the list of words', () => {
  it('is that of BIP 39', () => {
    expect([wordlist.length, new Set(wordlist).size]).toEqual([2048, 2048])
    // SHA-256 of english.txt as it is published.
    expect(hash('sha256', `${wordlist.join('\n')}\n`)).toBe(
      '2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda',
    )
  })
})

describe('a seed phrase', () => {
  it('is found by its checksum, whatever stands between the words', () => {
    expect(said(TWELVE)).toEqual([[12, 0]])
    expect(said(`my wallet: ${EIGHTEEN}. Keep it.`)).toEqual([[18, 11]])
    expect(said(TWENTY_FOUR.toUpperCase())).toEqual([[24, 0]])
    const numbered = TWELVE.split(' ')
      .map((word, i) => `${i + 1}. ${word}`)
      .join('\n')
    expect(said(numbered)).toEqual([[12, 3]])
    expect(said(`${TWELVE}, ${TWELVE}`)).toEqual([
      [12, 0],
      [12, TWELVE.length + 2],
    ])
  })

  it('is found behind a word of the list that is none of it', () => {
    expect(said(`word: ${TWELVE}`)).toEqual([[12, 6]])
  })

  it('is none with a word changed, nor with another between', () => {
    expect(said(TWELVE.replace('yellow', 'year'))).toEqual([])
    expect(said(TWELVE.replace('wave', 'wave of'))).toEqual([])
    expect(said('The ferry leaves the island at nine and comes back at noon every day of the week')).toEqual(
      [],
    )
  })

  it('never leaves a word of it behind', () => {
    expect(JSON.stringify(seedPhrasesIn(TWENTY_FOUR))).not.toMatch(/hamster|diagram|length"/)
  })

  it('is counted beyond a hundred', () => {
    const all = said(`${TWELVE}\n`.repeat(120))
    expect([all.length, all.at(-1)]).toEqual([101, [20]])
  })
})

describe('addresses of other networks', () => {
  it('of Ethereum are given where the letters hold the checksum (EIP-55)', () => {
    const address = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'
    const codes = (text: string) =>
      addressesIn(text).map(({ code, params }) => [code, ...Object.values(params)])
    expect(codes(`to ${address}.`)).toEqual([['wallet-address', 'ethereum', address]])
    expect(codes(address.replace('aAe', 'AAe'))).toEqual([])
    expect(codes(address.toLowerCase())).toEqual([])
  })

  it('of I2P and Freenet are given by their shape', () => {
    const b32 = `${'a2c4'.repeat(13)}.b32.i2p`
    const key = `CHK@${'Ab1~'.repeat(10)}Ab1,${'Zz9-'.repeat(10)}Zz9,AAMC--8/map.jpg`
    expect(addressesIn(`http://${b32}/ and ${key}`).map(({ code }) => code)).toEqual([
      'i2p-address',
      'freenet-key',
    ])
    expect(addressesIn(`${b32.slice(1)} ${key.slice(0, 60)}`)).toEqual([])
  })
})
