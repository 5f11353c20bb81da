/** An offer of work that is sent in a chat is scored as one, wherever its sender breaks it; talk about work is not. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { parseAuthored } from '../../scripts/train/authored.ts'
import { MODELS_DIR, PROGRAM_ROOT } from '../../src/base/version.ts'
import type { Message } from '../../src/classify-text/conversation.ts'
import { textModelUses } from '../../src/classify-text/uses.ts'
import { type ClassifyText, openTextClassifiers } from '../../src/classify-text/windows.ts'

const OFFER = [
  'Hostess work abroad, immediate start! No experience needed, earn $5000 per month cash.',
  'We pay your flight, visa and accommodation, you repay later from your salary.',
  'Send passport copy to apply. No contract required. Contact only by WhatsApp, limited places, act now!',
]
const TALK: readonly Message[] = [
  { sender: 'a', text: 'how was the first week at work? do they pay you per hour or per month' },
  { sender: 'b', text: 'per month, and the interview was much harder than the job itself, honestly' },
]
let classify: ClassifyText

beforeAll(async () => {
  classify = await openTextClassifiers(textModelUses(MODELS_DIR), MODELS_DIR)
})

async function offered(messages: readonly Message[]) {
  const found = await classify('', messages)
  return {
    score: found.flatMap((one) => (one.kind === 'score' && one.classifier === 'job-offer' ? [one] : []))[0],
    signs: found.flatMap((one) => (one.kind === 'signal' && one.classifier === 'job-offer' ? [one] : [])),
  }
}

describe('an offer of work in a chat', () => {
  it('is a lead in one message and in three, and each sign is quoted from its message', async () => {
    const whole = await offered([...TALK, { sender: 'a', text: OFFER.join('\n') }])
    expect(whole.score!.scorePer10k).toBeGreaterThanOrEqual(whole.score!.thresholdPer10k!)
    const messages = [...TALK, ...OFFER.map((text) => ({ sender: 'a', text }))]
    const broken = await offered(messages)
    expect(broken.score!.scorePer10k).toBe(whole.score!.scorePer10k)
    expect(new Set(broken.signs.map(({ messageIndex }) => messageIndex)).size).toBeGreaterThan(1)
    for (const { messageIndex, start, quote } of broken.signs)
      expect(messages[messageIndex!]!.text.slice(start, start + quote.length)).toBe(quote)
  })

  it('is found behind twenty thousand characters of the same message too', async () => {
    const text = `${'See you on Monday then. '.repeat(1000).slice(0, 20_000)}${OFFER.join('\n')}`
    const { score, signs } = await offered([...TALK, { sender: 'a', text }])
    expect(score!.scorePer10k).toBeGreaterThanOrEqual(score!.thresholdPer10k!)
    expect(signs.length).toBeGreaterThan(0)
    for (const { start, quote } of signs) expect(text.slice(start, start + quote.length)).toBe(quote)
  })

  it('is not what people say of their work', async () => {
    expect(await offered(TALK)).toEqual({ score: undefined, signs: [] })
    const authored = join(PROGRAM_ROOT, 'scripts/train/authored')
    for (const name of ['benign', 'fresh-benign', 'third-benign', 'fourth-offers-true'])
      for (const { id, messages } of parseAuthored(readFileSync(join(authored, `${name}.txt`), 'utf8'))) {
        const { score } = await offered(messages)
        expect([id, (score?.scorePer10k ?? 0) >= (score?.thresholdPer10k ?? 1)]).toEqual([id, false])
      }
  })
})
