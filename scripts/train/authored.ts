/** Reads the authored conversations (authored/README.md). */
import { readFileSync } from 'node:fs'
import type { Message } from '../../src/classify-text/conversation.ts'

export interface AuthoredConversation {
  readonly id: string
  readonly language: string
  readonly kind: string
  /** See authored/README.md. */
  readonly part: 'dev' | 'held' | 'fresh' | 'third'
  readonly messages: readonly Message[]
}

export function parseAuthored(text: string): AuthoredConversation[] {
  return text
    .split(/^# /m)
    .slice(1)
    .map((block) => {
      const [head, ...lines] = block.trim().split('\n')
      const [id, language, kind, part] = head!.split(' | ')
      if (part !== 'dev' && part !== 'held' && part !== 'fresh' && part !== 'third')
        throw new Error(`${id}: there is no such part`)
      return {
        id: id!,
        language: language!,
        kind: kind!,
        part,
        messages: lines.map((line) => ({ sender: line.slice(0, 1), text: line.slice(3) })),
      }
    })
}

/** @param name `grooming` or `benign` */
export function readAuthored(folder: string, name: string): AuthoredConversation[] {
  return parseAuthored(readFileSync(`${folder}/${name}.txt`, 'utf8'))
}
