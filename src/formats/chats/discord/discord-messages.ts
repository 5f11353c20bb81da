/** Reads responses of Discord's servers in a cache as records: author, channel, time and attachments. */

import { jsonOf } from '../../bytes/json-values.ts'
import { type ArtefactReader, NotAnArtefact } from '../../records/artefact.ts'
import { addChats } from '../common/chat-records.ts'
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
