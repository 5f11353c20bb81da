/**
 * Extracts text of Discord messages in a cache, channel by channel. JSON without such messages is extracted like any
 * JSON.
 */

import { NO_COMPANION_FILES } from '../../wire/companion-files.ts'
import { jsonOf } from '../bytes/json-values.ts'
import { discordIn } from '../chats/discord/discord.ts'
import { TextCollector, type TextExtractor } from '../documents/text-extractor.ts'
import { json } from './json.ts'
import { messengerIn } from './messenger.ts'

export const discord: TextExtractor = {
  id: 'discord',
  reads: (mediaType) => mediaType === 'application/x-discord-messages',
  extract(bytes, limits, beside = { logs: NO_COMPANION_FILES, privileged: null }) {
    const value = jsonOf(bytes)
    const sink = new TextCollector(limits)
    const messenger = messengerIn(() => discordIn(value), beside, sink)
    if (messenger === null) return json.extract(bytes, limits, beside)
    const { conversations, closed, warnings, notes } = messenger
    const messages = conversations.flatMap((one) => one.messages)
    return {
      conversations,
      closed,
      messages,
      text: sink.text(),
      warnings: [...warnings, ...sink.warnings()],
      notes,
    }
  },
}
