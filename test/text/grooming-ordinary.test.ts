/** Issue 12, E20: ordinary text makes no lead, and a lead quotes what carries it. */
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { readAuthored } from '../../scripts/train/authored.ts'
import { MODELS_DIR } from '../../src/base/version.ts'
import { weighSenders } from '../../src/classify-text/conversation.ts'
import { type GroomingClassifier, openGrooming } from '../../src/classify-text/grooming.ts'

const authored = join(import.meta.dirname, '../../scripts/train/authored')
let grooming: GroomingClassifier
beforeAll(async () => {
  grooming = await openGrooming(MODELS_DIR)
})

/** Written for this test; in none of the lines that the model is trained on. */
const ORDINARY = [
  'ok will be home by eight then',
  'take your time, the shop is open late',
  'i will keep you posted about the flat',
  'is the car back yet or does dad still have it',
  'dont tell me the bus is late again',
  'you promised you would eat something before the exam',
  'is anna joining us for lunch',
  'when is your mum in, i have her parcel',
  'call me when everyone is asleep so we dont wake the baby',
  'ignore my last message, wrong person, sorry',
  'the results are out on monday, fingers crossed',
  'you can trust me with the keys',
  'i miss you lots, good night',
  'send the pics from the hike please',
  'the table is only for two, sorry',
  'add me on the other app, this one eats my data',
  'i will buy you a new charger, i broke yours',
  'if you dont answer i will go without you',
  'you are so mature about losing the match, well done',
  'why are you still awake, you have work at six',
  'reply fast, the tickets are nearly gone',
  'who is at the desk with you today',
  'lets meet behind the station, parking is free there',
  'do what the doctor says and rest',
]

describe('E20: ordinary messages', () => {
  it('make no lead, whoever sends them, with or without turns', async () => {
    const results = [
      await grooming.classify(ORDINARY.map((text, i) => ({ sender: i % 2 === 0 ? 'a' : 'b', text }))),
      await grooming.classify(ORDINARY.map((text) => ({ sender: 'a', text }))),
      await grooming.classifyText(ORDINARY.join('\n')),
    ]
    for (const { score } of results) expect(score).toBeLessThan(0.5)
  })
})

describe('E20: the stage model', () => {
  it('makes no lead without a rule, however many stages it reads', () => {
    const stages = ['secrecy', 'risk-assessment', 'exclusivity', 'image-request', 'meeting', 'threats']
    const signs = stages.map((stage, messageIndex) => ({
      rule: {
        id: `model/${stage}`,
        sign: { id: `model-${stage}`, stage, strength: 'strong' as const, says: stage },
        patterns: [],
        unless: [],
        beside: [],
      },
      strength: 'strong' as const,
      degree: 3,
      start: 0,
      end: 1,
      messageIndex,
    }))
    const [strongest] = weighSenders(
      stages.map((text) => ({ sender: 'a', text })),
      signs,
    )
    expect(strongest!.logit).toBeLessThan(-2)
  })
})

describe('E20: a lead', () => {
  it('quotes every sign that carries it, a rule’s among them', async () => {
    let leads = 0
    for (const name of ['grooming', 'fresh-grooming'])
      for (const { id, messages } of readAuthored(authored, name)) {
        const { windows, signs } = await grooming.classify(messages)
        for (const { carriedBy } of windows.filter(({ score }) => score >= 0.5)) {
          leads += 1
          expect(carriedBy.length, id).toBeGreaterThan(0)
          for (const sign of carriedBy) expect(signs, id).toContainEqual(sign)
          expect(
            carriedBy.some(({ degree }) => degree === undefined),
            id,
          ).toBe(true)
        }
      }
    expect(leads).toBeGreaterThan(50)
  })
})
