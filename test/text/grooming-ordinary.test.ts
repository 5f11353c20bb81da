/** Issue 12, E20: ordinary text makes no lead, and a lead quotes what carries it. */
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { readAuthored } from '../../scripts/train/authored.ts'
import { MODELS_DIR } from '../../src/base/version.ts'
import { weighSenders } from '../../src/classify-text/conversation.ts'
import { type GroomingClassifier, groomingWith, openGrooming } from '../../src/classify-text/grooming.ts'

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

/** What the rules for asking who is there, who comes alone and what is owed took for a sign; written for this test. */
const NO_SIGN: readonly (readonly [sign: string, text: string])[] = [
  ['risk-alone', 'i told him to leave you alone'],
  ['risk-alone', 'you alone can decide that'],
  ['risk-alone', 'is anyone there? the door bell rang'],
  ['risk-alone', 'was someone around when the parcel came'],
  ['meeting-alone', 'no need to bring your laptop, we share mine'],
  ['meeting-alone', "don't bring any food, there is plenty"],
  ['meeting-alone', 'can you get out tonight or is there work'],
  ['meeting-alone', 'i will miss class tomorrow, see you on monday'],
  ['meeting-alone', 'i pick you up behind the mall at six'],
  ['meeting-alone', 'he booked a discussion room for us at the library'],
  ['secrecy-delete', 'can i delete the pics from the old camera'],
  ['gifts-in-return', 'it was two a page so you owe me $6.40'],
  ['gifts-in-return', "if you send it by friday i'll pay you back of course"],
  ['compliance-prove', 'please keep some cake for me'],
  ['compliance-prove', "don't be silly, it is no trouble"],
  ['compliance-prove', 'promise me you will drive carefully'],
]

describe('E20: the rules', () => {
  it.each(NO_SIGN)('find no %s in: %s', async (sign, text) => {
    const rules = groomingWith(MODELS_DIR, null, [])
    const { signs } = await rules.classify([{ sender: 'a', text }])
    expect(signs.filter(({ rule }) => rule.sign.id === sign)).toEqual([])
  })

  it('count little beside what a message of work or of a family holds', async () => {
    const rules = groomingWith(MODELS_DIR, null, [])
    for (const text of ['just the two of us for the project then', 'where is your mum? say hi to her']) {
      const { signs } = await rules.classify([{ sender: 'a', text }])
      expect(signs.map(({ strength }) => strength)).toEqual(signs.map(() => 'weak'))
    }
  })
})

/** Each sentence that a person speaks is one that rules find. */
const TOLD = Array.from(
  { length: 6 },
  () => `The old man had come down to the mill before it was dark, and the boy was waiting where the others had left him.
"How old are you?" he asked. The boy said that he was twelve, and that his mother had gone to her sister's.
"It is our secret," said the man, and he took a coin out of his coat. "Don't tell your mother, and come alone."
He looked at the boy as if he knew what they had talked about in the kitchen, and the boy felt that he was not to answer.
"Send me a picture of you when they have made it," he said; and then he went, and they saw him no more that winter.
`,
).join('')

describe('E20: a story', () => {
  it('is no conversation, even when the words of its persons alone would be one', async () => {
    expect((await grooming.classifyText(TOLD)).score).toBeLessThan(0.5)
    const spoken = TOLD.match(/"[^"]+"/g)!
    const said = await grooming.classifyText(["I'm 12", ...spoken].join('\n'))
    expect(said.score).toBeGreaterThanOrEqual(0.5)
  })

  it('hides no chat that somebody pasted into it', async () => {
    const chat = [
      'how old are you',
      "i'm 12",
      'are you home alone?',
      'yes till six',
      'what do you like to do after your homework',
      'draw',
      "it's our little secret that we talk ok, don't tell your mum",
      'ok',
      'you can trust me you know',
      'yes',
      'send me a picture of you',
      'what for',
      'just for me, you are so pretty',
      'ok later',
      'you promise? i think of you all day and i want you to be happy',
      'yes i promise you',
    ].join('\n')
    const result = await grooming.classifyText(`${TOLD}\n\n${chat}\n\n${TOLD}`)
    expect(result.score).toBeGreaterThanOrEqual(0.5)
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
