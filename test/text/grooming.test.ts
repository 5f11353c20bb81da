import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { readAuthored } from '../../scripts/train/authored.ts'
import { MODELS_DIR } from '../../src/base/version.ts'
import { type GroomingClassifier, openGrooming } from '../../src/classify-text/grooming.ts'
import { classifyRows } from '../../src/classify-text/rows.ts'
import { readTextModel, type TextModelCard } from '../../src/classify-text/text-model.ts'
import { neutralTexts } from '../../src/terms/neutral.ts'

const authored = join(import.meta.dirname, '../../scripts/train/authored')
let grooming: GroomingClassifier
beforeAll(async () => {
  grooming = await openGrooming(MODELS_DIR)
})

const scoresOf = async (name: string) => {
  const conversations = readAuthored(authored, name)
  return Promise.all(
    conversations.map(async ({ language, part, messages }) => ({
      language,
      part,
      score: (await grooming.classify(messages)).score,
    })),
  )
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!
}

describe('the grooming score', () => {
  it('puts authored concerning conversations above benign look-alikes in every language', async () => {
    const concerning = [...(await scoresOf('grooming')), ...(await scoresOf('fresh-grooming'))]
    const benign = [...(await scoresOf('benign')), ...(await scoresOf('fresh-benign'))]
    for (const language of ['en', 'es', 'pt', 'fr', 'lt', 'el', 'bn']) {
      const of = (rows: typeof benign) =>
        rows.filter((r) => r.language === language).map(({ score }) => score)
      expect(median(of(concerning)), language).toBeGreaterThan(0.5)
      expect(median(of(benign)), language).toBeLessThan(0.25)
    }
  })

  it('finds of the conversations kept apart what the card says', async () => {
    const { card } = readTextModel<TextModelCard & { measured: Measured }>('grooming', MODELS_DIR)
    const { withModel } = card.measured.authoredConversations
    const held = (await scoresOf('grooming')).filter(({ part }) => part === 'held')
    expect(held.filter(({ score }) => score >= 0.5).length).toBe(
      withModel['concerning, held']!.aboveThreshold,
    )
  })

  it('rises as stages come together, in the order of a sequence', async () => {
    const messages = [
      { sender: 'a', text: 'how old are you?' },
      { sender: 'b', text: "i'm 12" },
      { sender: 'a', text: "you're really mature for your age" },
      { sender: 'a', text: "don't tell your parents about us, it's our secret" },
      { sender: 'a', text: 'send me a picture of yourself' },
    ]
    const scores = []
    for (let n = 1; n <= messages.length; n += 1)
      scores.push((await grooming.classify(messages.slice(0, n))).score)
    expect(scores).toEqual([...scores].sort((a, b) => a - b))
    expect(scores[0]).toBeLessThan(0.1)
    expect(scores.at(-1)).toBeGreaterThan(0.95)
  })
})

describe('text without turns', () => {
  const filler = 'The garden was quiet and the kettle was on. '.repeat(200)
  const signs = [
    "it's our little secret",
    "don't tell your mum",
    'are you home alone',
    'send me a picture of yourself',
  ]

  it('gathers no score with its length', async () => {
    const neutral = [...neutralTexts(3000)].join(' ')
    expect((await grooming.classifyText(neutral)).score).toBeLessThan(0.35)
    const together = await grooming.classifyText(`${signs.join('. ')}. ${filler}`)
    const apart = await grooming.classifyText(signs.join(`. ${filler}`))
    expect(together.score).toBeGreaterThan(0.9)
    const alone = await Promise.all(
      signs.map(async (sign) => (await grooming.classifyText(`${sign}. `)).score),
    )
    expect(apart.score).toBeLessThan(Math.max(...alone) + 0.05)
    expect(apart.score).toBeLessThan(together.score - 0.2)
    expect(apart.windows.length).toBeGreaterThan(8)
  })

  it('quotes from the right place, also far into a long text', async () => {
    const text = `${filler}This is our little secret, don't tell your mum. ${filler}`
    const result = await grooming.classifyText(text)
    expect(result.signs.map(({ start, end }) => text.slice(start, end))).toContain('our little secret')
    const strongest = result.windows.reduce((a, b) => (b.score > a.score ? b : a))
    const at = text.indexOf('our little secret')
    expect(strongest.from <= at && at < strongest.to).toBe(true)
  })
})

describe('a message of any length', () => {
  it('is read to its end, and quoted from the right place', async () => {
    const filler = `${[...neutralTexts(3000)].join(' ')} `
    const words = 'dont tell anyone about us'
    const text = `${filler}${words}`
    expect(filler.length).toBeGreaterThan(60_000)
    const { signs } = await grooming.classify([{ sender: 'a', text }])
    const sign = signs.find(({ rule }) => rule.sign.stage === 'secrecy')!
    expect(sign.messageIndex).toBe(0)
    expect(words).toContain(text.slice(sign.start, sign.end))
    expect(sign.start).toBeGreaterThanOrEqual(filler.length)
  })
})

describe('rows with signs of the stage model', () => {
  it('names the stage and quotes the sentence', async () => {
    const row = {
      id: 1,
      messages: [{ sender: 'a', text: 'ok. leave your parents out of it please' }],
    }
    const lines = (async function* () {
      yield JSON.stringify(row)
    })()
    for await (const line of classifyRows(lines)) {
      const { signals } = JSON.parse(line)
      expect(signals).toContainEqual(
        expect.objectContaining({ rule: 'model/secrecy', stage: 'secrecy', messageIndex: 0, start: 3 }),
      )
    }
  })
})

interface Measured {
  readonly authoredConversations: {
    readonly withModel: Readonly<Record<string, { readonly aboveThreshold: number }>>
  }
}
