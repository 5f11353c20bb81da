/** `--keymap`: what a file may say, and that no key has two meanings. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findScale } from '../../src/match/records/scale.ts'
import { actsWithoutKey, keysFor, NO_OWN_KEYS, readOwnKeys } from '../../src/review/keymap.ts'
import { DEFAULT_KEYMAP } from '../../src/review/said-keys.ts'
import { seized } from '../e2e/seized.ts'
import { temporaryFolder } from '../ledger/temporary.ts'
import { reviewLedger } from './review-server.ts'

const SCALE = findScale('vics-us')!

function fileOf(value: unknown): string {
  const file = join(temporaryFolder(), 'keys.json')
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value))
  return file
}

const made = (value: unknown) => keysFor(readOwnKeys(fileOf(value)), SCALE)

describe('keys of a person’s own', () => {
  it('are those of the program and the scale where the file says nothing', () => {
    expect(keysFor(NO_OWN_KEYS, SCALE)).toEqual({ keymap: DEFAULT_KEYMAP, scale: SCALE })
    expect(made({ keymap: 1 })).toEqual({ keymap: DEFAULT_KEYMAP, scale: SCALE })
  })

  it('change places, and give a category another key', () => {
    const { keymap, scale } = made({ keymap: 1, keys: { tag: 'n', note: 't' }, categories: { 1: 'j' } })
    expect([keymap.tag, keymap.note, keymap.undo]).toEqual(['n', 't', 'u'])
    expect([scale.keys!['1'], scale.keys!['2']]).toEqual(['j', SCALE.keys!['2']])
  })

  it.each([
    ['{', /could not be read/],
    [{ keymap: 2 }, /no keymap: keymap/],
    [{ keymap: 1, keys: { fly: 'j' } }, /fly/],
    [{ keymap: 1, keys: { hide: 'j' } }, /hide/],
    [{ keymap: 1, keys: { tag: 'jj' } }, /keys\.tag: it is no key/],
    [{ keymap: 1, keys: { tag: '\u202e' } }, /it is no key/],
    [{ keymap: 1, keys: { tag: 'n' } }, /"n" is of (tag and of note|note and of tag)/],
    [{ keymap: 1, keys: { tag: '1' } }, /"1" is of tag and of category 1/],
    [{ keymap: 1, categories: { 1: 'u' } }, /"u" is of undo and of category 1/],
    [{ keymap: 1, categories: { 1: '2' } }, /"2" is of category 1 and of category 2/],
    [{ keymap: 1, categories: { 99: 'j' } }, /no category "99"/],
  ])('are refused where they say nothing or two things: %j', (value, why) => {
    expect(() => made(value)).toThrow(why)
  })

  it('of a scale leave an act without a key, which is said', () => {
    const scale = { ...SCALE, keys: { ...SCALE.keys, 1: 'n' } }
    const { keymap, scale: kept } = keysFor(NO_OWN_KEYS, scale)
    expect(actsWithoutKey(keymap, kept)).toEqual(['note (n)'])
    expect(actsWithoutKey(DEFAULT_KEYMAP, SCALE)).toEqual([])
  })

  it('stop the review before anything is served', () => {
    const keymap = fileOf({ keymap: 1, keys: { tag: 'n' } })
    const args = ['review', reviewLedger(2), '--scale', 'vics-us', '--operator', 'A', '--keymap', keymap]
    const { status, stderr } = seized(args)
    expect([status, stderr]).toEqual([2, expect.stringContaining('--keymap: the key "n"')])
  })
})
