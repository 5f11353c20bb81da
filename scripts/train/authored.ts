/** Reads the authored conversations (authored/README.md). */
import { readFileSync } from 'node:fs'
import type { Message } from '../../src/classify-text/conversation.ts'

const PARTS = ['dev', 'held', 'fresh', 'third', 'fourth', 'fifth', 'sixth'] as const

export interface AuthoredConversation {
  readonly id: string
  readonly language: string
  readonly kind: string
  /** See authored/README.md. */
  readonly part: (typeof PARTS)[number]
  readonly messages: readonly Message[]
}

export function parseAuthored(text: string): AuthoredConversation[] {
  return text
    .split(/^# /m)
    .slice(1)
    .map((block) => {
      const [head, ...lines] = block.trim().split('\n')
      const [id, language, kind, part] = head!.split(' | ')
      const known = PARTS.find((one) => one === part)
      if (known === undefined) throw new Error(`${id}: there is no such part`)
      return {
        id: id!,
        language: language!,
        kind: kind!,
        part: known,
        messages: lines.map((line) => ({ sender: line.slice(0, 1), text: line.slice(3) })),
      }
    })
}

/** @param name `grooming` or `benign` */
export function readAuthored(folder: string, name: string): AuthoredConversation[] {
  return parseAuthored(readFileSync(`${folder}/${name}.txt`, 'utf8'))
}
