import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readAuthored } from '../../scripts/train/authored.ts'
import { openGrooming } from '../../src/classify-text/grooming.ts'
import {
  evaluatePan12,
  type Pan12Conversation,
  readPan12,
  readPredators,
} from '../../src/classify-text/pan12.ts'

const AUTHORED = join(import.meta.dirname, '../../scripts/train/authored')

async function* chunksOf(text: string, size: number): AsyncIterable<Buffer> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function collect(conversations: AsyncIterable<Pan12Conversation>): Promise<Pan12Conversation[]> {
  const all = []
  for await (const conversation of conversations) all.push(conversation)
  return all
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

function synthetic(): { xml: string; predators: string } {
  const ids: string[] = []
  const conversations = ['grooming', 'benign'].flatMap((name) =>
    readAuthored(AUTHORED, name).map(({ id, messages }) => {
      if (name === 'grooming') ids.push(`${id}-A`)
      const lines = messages.map(
        ({ sender, text }, i) =>
          `<message line="${i + 1}"><author>${id}-${sender}</author><time>12:0${i % 10}</time><text>${escaped(text)}</text></message>`,
      )
      return `<conversation id="${id}">\n${lines.join('\n')}\n</conversation>`
    }),
  )
  return {
    xml: `<?xml version="1.0" encoding="UTF-8"?>\n<conversations>\n${conversations.join('\n')}\n</conversations>\n`,
    predators: [...ids, 'never-seen'].join('\n'),
  }
}

describe('evaluating on a corpus in the format of PAN-2012', () => {
  it('reads conversations whole, wherever the chunks break', async () => {
    const xml =
      '<conversations><conversation id="c&amp;1"><message line="1"><author>a</author><time>1</time><text>caf&#233; &lt;3 &amp;amp;</text></message><message line="2"><author>b</author><text></text></message></conversation><conversation id="c2"></conversation></conversations>'
    for (const size of [1, 7, 4096])
      expect(await collect(readPan12(chunksOf(xml, size)))).toEqual([
        {
          id: 'c&1',
          messages: [
            { sender: 'a', text: 'café <3 &amp;' },
            { sender: 'b', text: '' },
          ],
        },
        { id: 'c2', messages: [] },
      ])
  })

  it('refuses a document type', async () => {
    const xml = '<!DOCTYPE c [<!ENTITY x SYSTEM "file:///etc/passwd">]><conversations></conversations>'
    await expect(collect(readPan12(chunksOf(xml, 5)))).rejects.toThrow(/document type/)
  })

  it('reports F0.5, recall and precision over authors', async () => {
    const { xml, predators } = synthetic()
    const result = await evaluatePan12(
      readPan12(chunksOf(xml, 1000)),
      readPredators(predators),
      await openGrooming(),
      [0, 0.5, 1.01],
    )
    expect(result.atThresholds.map(({ found }) => found)).toEqual([
      expect.any(Number),
      result.truePositives,
      0,
    ])
    expect(result.atThresholds[0]!.found).toBeGreaterThanOrEqual(result.truePositives)
    expect(result.predators + 1).toBe(predators.split('\n').length)
    expect(result.predatorsUnseen).toBe(1)
    expect(result.truePositives + result.falseNegatives).toBe(result.predators)
    expect(result.precision).toBeCloseTo(
      result.truePositives / (result.truePositives + result.falsePositives),
    )
    expect(result.f05).toBeCloseTo(
      (1.25 * result.precision * result.recall) / (0.25 * result.precision + result.recall),
    )
    // Authored by whoever wrote the rules: says that it works, not how well.
    expect(result.recall).toBeGreaterThan(0.7)
    expect(result.precision).toBeGreaterThan(0.9)
  })
})
