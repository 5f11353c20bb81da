/** What the stage model is trained on: authored lines (authored/stages.txt), texts made of the rules, and benign rows. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Message } from '../../src/classify-text/conversation.ts'
import type { Sign } from '../../src/classify-text/phrase-rules.ts'
import { MODEL_STAGES, type ModelStage } from '../../src/classify-text/stage-model.ts'
import { readRows } from './jsonl-rows.ts'
import { randomFrom } from './metrics.ts'
import { sampleOf } from './phrase-sample.ts'
import { romanise } from './romanise.ts'

export interface StageLine {
  readonly language: string
  /** null: none of the stages. */
  readonly stage: ModelStage | null
  readonly text: string
}

export interface BenignConversation {
  readonly id: string
  readonly source: string
  readonly language: string
  readonly messages: readonly Message[]
}

/** Short names of the authored lines. */
const STAGE_OF: Readonly<Record<string, ModelStage | null>> = {
  secrecy: 'secrecy',
  risk: 'risk-assessment',
  exclusivity: 'exclusivity',
  image: 'image-request',
  meeting: 'meeting',
  platform: 'platform-move',
  gifts: 'gifts',
  threats: 'threats',
  compliance: 'compliance',
  friendship: 'friendship',
  minor: 'minor-sign',
  none: null,
}

export function readStageLines(file: string): StageLine[] {
  let language = ''
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      if (line.startsWith('## ')) language = line.slice(3)
      const [, name, text] = /^([a-z]+): (.+)$/.exec(line) ?? []
      if (name === undefined) return []
      const stage = STAGE_OF[name]
      if (stage === undefined) throw new Error(`${file}: there is no stage ${name}`)
      return [{ language, stage, text: text! }]
    })
}

/** Texts that the rules of a stage match, `each` of every pattern: so that the model knows their neighbours in spelling. */
export function ruleTexts(folder: string, lines: readonly StageLine[], each: number): StageLine[] {
  const { signs } = JSON.parse(readFileSync(join(folder, 'signs.json'), 'utf8')) as { signs: Sign[] }
  const byId = new Map(signs.map((sign) => [sign.id, sign]))
  const random = randomFrom(11)
  return readdirSync(join(folder, 'phrases'))
    .sort()
    .flatMap((name) => {
      const file = JSON.parse(readFileSync(join(folder, 'phrases', name), 'utf8'))
      const lists = new Map<string, string>(Object.entries(file.lists))
      const words = lines
        .filter(({ language, stage }) => language.startsWith(file.language) && stage === null)
        .flatMap(({ text }) => text.split(' '))
      const anyWord = () => words[Math.floor(random() * words.length)] ?? ''
      return (file.rules as { sign: string; match: string[] }[]).flatMap(({ sign: id, match }) => {
        const { stage, strength } = byId.get(id)!
        if (strength === 'weak' || !(MODEL_STAGES as readonly string[]).includes(stage)) return []
        return match.flatMap((pattern) =>
          Array.from({ length: each }, () => ({
            language: file.language as string,
            stage: stage as ModelStage,
            text: sampleOf(pattern, lists, random, anyWord),
          })),
        )
      })
    })
}

const CHATS = ['topical_chat_en', 'xpersona_en', 'xpersona_fr', 'xpersona_it', 'chatterbot_multi'] as const
const SINGLE = ['sms_spam_en', 'tatoeba_multi'] as const

interface Row {
  readonly id: string
  readonly lang: string
  readonly text?: string
  readonly messages?: readonly Message[]
}

export function readBenign(folder: string): BenignConversation[] {
  return [...CHATS, ...SINGLE].flatMap((source) =>
    readRows<Row>(join(folder, `${source}.jsonl`)).map(({ id, lang, text, messages }) => ({
      id,
      source,
      language: lang,
      messages: messages ?? [{ sender: '', text: text! }],
    })),
  )
}

/** Greek and Bengali sentences in Latin letters: there are no benign rows that are written so. */
export function romanised(conversations: readonly BenignConversation[]): BenignConversation[] {
  return conversations.flatMap((conversation) => {
    const table = romanise(conversation.language)
    if (table === null) return []
    return [
      {
        ...conversation,
        id: `${conversation.id}-latn`,
        source: `${conversation.source}, in Latin letters`,
        language: `${conversation.language}-latn`,
        messages: conversation.messages.map(({ sender, text }) => ({ sender, text: table(text) })),
      },
    ]
  })
}

/** Offers of work as one text each: long, benign or at least not chats. */
export function readOffers(folder: string): string[] {
  return ['emscad_en_jobs', 'eures_es_jobs'].flatMap((source) =>
    readRows<Record<string, unknown>>(join(folder, `${source}.jsonl`)).map((row) =>
      ['title', 'company_profile', 'description', 'requirements', 'benefits']
        .map((field) => row[field])
        .filter((text) => typeof text === 'string')
        .join('\n'),
    ),
  )
}
