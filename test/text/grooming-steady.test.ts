/** Issue 28, point 9: what one sender says over time, on conversations that were written before anything was changed for them. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { readAuthored } from '../../scripts/train/authored.ts'
import { MODELS_DIR } from '../../src/base/version.ts'
import { type GroomingClassifier, openGrooming } from '../../src/classify-text/grooming.ts'
import { exported, scanArgs, seized, temporaryFolder } from '../e2e/seized.ts'

const authored = join(import.meta.dirname, '../../scripts/train/authored')
let grooming: GroomingClassifier
beforeAll(async () => {
  grooming = await openGrooming(MODELS_DIR)
})

async function marked(name: string): Promise<readonly (readonly [language: string, isMarked: boolean])[]> {
  const rows: (readonly [string, boolean])[] = []
  for (const { language, messages } of readAuthored(authored, name))
    rows.push([language, (await grooming.classify(messages)).score >= 0.5])
  return rows
}

/** A message in each language's alphabet that says nothing. */
const FILLER = 'the bus is late again, see you after lunch'

describe('a sender who asks steadily', () => {
  it('is found in two of three conversations with signs, in every language in half or more', async () => {
    const rows = await marked('third-grooming')
    expect(rows).toHaveLength(60)
    expect(rows.filter(([, is]) => is).length / rows.length).toBeGreaterThanOrEqual(0.65)
    for (const language of new Set(rows.map(([of]) => of))) {
      const own = rows.filter(([of]) => of === language)
      expect(own.filter(([, is]) => is).length / own.length, language).toBeGreaterThanOrEqual(0.5)
    }
  })

  it('is seldom found where there is none', async () => {
    const rows = await marked('third-benign')
    expect(rows).toHaveLength(60)
    expect(rows.filter(([, is]) => is).length).toBeLessThanOrEqual(12)
  })

  it('is not made of the same signs among sixty other messages, nor of a text without turns', async () => {
    const said = ["don't tell your mum", 'are you home alone', 'add me on the other app'].map((text) => ({
      sender: 'a',
      text,
    }))
    const filler = (n: number) => Array.from({ length: n }, () => ({ sender: 'a', text: FILLER }))
    const dense = (await grooming.classify(said)).score
    const thin = (await grooming.classify([...said, ...filler(50)])).score
    expect(dense).toBeGreaterThan(thin)
    const told = await grooming.classifyText(said.map(({ text }) => text).join('. '))
    expect(told.score).toBeLessThan(dense)
  })

  it('makes a lead in a scan, with the messages that carry it', () => {
    const folder = temporaryFolder()
    const root = join(folder, 'exhibit')
    mkdirSync(root)
    const chat = readAuthored(authored, 'third-grooming').find(({ id }) => id === FOUND_SINCE)!
    const messages = chat.messages.map(({ sender, text }) => ({ from: sender, text }))
    writeFileSync(join(root, 'result.json'), JSON.stringify({ messages }))
    const ledger = join(folder, 'case.sqlite')
    const run = seized(scanArgs(root, ledger, [], '--text', '--basis', 'warrant 12/2026', '--workers', '1'))
    expect(run.status).toBe(13)
    const [row] = exported(ledger, folder).filter(({ path }) => path === 'result.json')
    expect(row).toMatchObject({ priority: 3, leads: [{ classifier: 'grooming' }] })
    expect(row.signals.length).toBeGreaterThan(1)
  })
})

/** Score below the threshold until a sender was weighed over all messages. */
const FOUND_SINCE = 'en-t11'
