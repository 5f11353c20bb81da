/** Answers of Discord's servers that lie in a cache, as records: who wrote in which channel, when, and what was attached. */
import { type ArtefactReader, NotAnArtefact } from '../artefact.ts'
import { jsonOf } from '../json-values.ts'
import { addChats } from './chat-records.ts'
import { discordIn } from './discord.ts'

export const discordMessages: ArtefactReader = {
  id: 'discord-messages',
  mediaTypes: ['application/x-discord-messages'],
  read(bytes, sink) {
    const value = jsonOf(bytes)
    if (!addChats(() => discordIn(value), sink)) throw new NotAnArtefact()
    return []
  },
}
