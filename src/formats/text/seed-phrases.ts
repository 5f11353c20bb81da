/**
 * Finds seed phrases of wallets (BIP 39, English): consecutive words of the list; the last one contains a checksum. A
 * person with the words controls the money. Therefore only the offset and the number of words are reported, never the
 * words.
 */
import { hash } from 'node:crypto'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { type Attribute, attribute } from '../../contracts/attribute.ts'

const NUMBERS: ReadonlyMap<string, number> = new Map(wordlist.map((word, i) => [word, i]))
/** Longest first: parts of a long phrase do not count, although one in sixteen has a valid checksum. */
const LENGTHS = [24, 21, 18, 15, 12] as const
const LEAST = 12
const MOST = 100
/** Between two words: a space, a line end, or a number with a point. */
const BETWEEN = /^[^\p{L}]{1,12}$/u

interface Word {
  readonly number: number
  readonly at: number
}

export function seedPhrasesIn(text: string): readonly Attribute[] {
  const found: Attribute[] = []
  let left = 0
  const take = (run: readonly Word[]) => {
    for (let i = 0; i + LEAST <= run.length; ) {
      const words = LENGTHS.find((length) => i + length <= run.length && isPhrase(run.slice(i, i + length)))
      if (words === undefined) i++
      else {
        if (found.length < MOST) found.push(attribute('seed-phrase', { words, offset: run[i]!.at }))
        else left++
        i += words
      }
    }
  }
  let run: Word[] = []
  let end = 0
  for (const { 0: letters, index } of text.matchAll(/[A-Za-z]+/g)) {
    const number = letters.length < 3 || letters.length > 8 ? undefined : NUMBERS.get(letters.toLowerCase())
    if (
      run.length > 0 &&
      (number === undefined || !BETWEEN.test(text.slice(end, Math.min(index, end + 13))))
    ) {
      take(run)
      run = []
    }
    if (number !== undefined) run.push({ number, at: index })
    end = index + letters.length
  }
  take(run)
  return left === 0 ? found : [...found, attribute('addresses-left-out', { addresses: left })]
}

/**
 * The phrase ends with the first bits of the digest of the other bits: one bit for each 32. @see BIP 39, "Generating
 * the mnemonic"
 */
function isPhrase(words: readonly Word[]): boolean {
  let bits = 0n
  for (const { number } of words) bits = (bits << 11n) | BigInt(number)
  const sumBits = BigInt(words.length / 3)
  const entropy = bits >> sumBits
  const bytes = Buffer.from(entropy.toString(16).padStart((words.length / 3) * 8, '0'), 'hex')
  const first = BigInt(`0x${hash('sha256', bytes).slice(0, 2)}`)
  return first >> (8n - sumBits) === (bits & ((1n << sumBits) - 1n))
}
