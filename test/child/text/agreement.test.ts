import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  agreementOf,
  INDEPENDENT,
  type IndependentExtractor,
  independentText,
  isInstalled,
  shareOfTheirs,
} from '../../../bench/agreement.ts'
import { identifyContent } from '../../../src/formats/signatures/index.ts'
import { textExtractorFor } from '../../../src/formats/text/index.ts'
import { pdf, SENTENCES } from './documents.ts'

/** Of the words that an independent program reads in the same file, this share must be in our text. docx2txt writes π as pi. */
const FLOOR = 0.95
/** What every sample holds at least; below this the program read something else than the sample. */
const WORDS = 250

const LIMITS = { textChars: 1 << 20, unpackedBytes: 1 << 24, ratio: 1000 }
const FOLDER = join(import.meta.dirname, '../../../fixtures/documents')

const samples: readonly (readonly [name: string, bytes: Buffer, mediaType: string])[] = await Promise.all(
  [
    ...readdirSync(FOLDER).map((name) => [name, readFileSync(join(FOLDER, name))] as const),
    ['letter.pdf', pdf(Array.from({ length: 35 }, (_, i) => `${i}. ${SENTENCES[i % 5]}`))] as const,
  ].map(async ([name, bytes]) => [name, bytes, (await identifyContent(bytes)).mediaType] as const),
)

async function ours(mediaType: string, bytes: Buffer): Promise<string> {
  return (await textExtractorFor(mediaType)!.extract(bytes, LIMITS)).text
}

describe('documents that another program wrote', () => {
  it.each(samples)('%s: every sentence is read', async (_, bytes, mediaType) => {
    const text = (await ours(mediaType, bytes)).replace(/\s+/g, ' ')
    for (const sentence of SENTENCES) expect(text).toContain(sentence)
  })
})

const pairs = INDEPENDENT.filter(({ through }) => !through).flatMap((peer) =>
  samples.filter(([, , mediaType]) => peer.reads.test(mediaType)).map((sample) => [peer, ...sample] as const),
)

describe('agreement with an independent extractor on the same file', () => {
  for (const [peer, name, bytes, mediaType] of pairs)
    it.skipIf(!isInstalled(peer))(labelOf(peer, name), async () => {
      const theirs = independentText(peer, bytes)
      const agreement = agreementOf(await ours(mediaType, bytes), theirs ?? '')
      expect(agreement.theirs, 'words that the program read').toBeGreaterThan(WORDS)
      expect(shareOfTheirs(agreement), 'share of them in our text').toBeGreaterThanOrEqual(FLOOR)
    })

  it('counts words as often as both have them', () => {
    expect(agreementOf('a b b c', 'b b b d')).toEqual({ ours: 4, theirs: 4, both: 2 })
  })
})

function labelOf(peer: IndependentExtractor, name: string): string {
  return `${peer.program} and ${name}${isInstalled(peer) ? '' : `: skipped, Debian's ${peer.package} is not installed`}`
}
