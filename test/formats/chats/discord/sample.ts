/** What is read of this kind: a sample of each of its files. */
import { DISCORD_SCHEMA, discordAnswer, URL_CACHE_SCHEMA } from '../../../../fixtures/device/discord.ts'
import { type ArtefactSample, databaseOf } from '../../sample.ts'
import type { StoreSample } from '../messenger-sample.ts'

export const samples: readonly ArtefactSample[] = [
  {
    mediaType: 'application/x-discord-messages',
    make: () =>
      discordAnswer([
        { id: '1', at: 1_600_000_000, author: ['2', 'ada.example', null], words: 'a wide lake' },
        { id: '2', at: 1_600_000_001, author: ['3', 'ben.example', null], words: 'a high hill' },
      ]),
    records: 3,
  },
]

const CACHED = discordAnswer([{ id: '1', at: 1_600_000_000, author: ['2', 'ada', null], words: 'x' }])

export const stores: readonly StoreSample[] = [
  { reader: 'discordStore', make: () => databaseOf(DISCORD_SCHEMA) },
  {
    reader: 'discordCache',
    make: () =>
      databaseOf(
        `${URL_CACHE_SCHEMA} INSERT INTO cfurl_cache_receiver_data VALUES (1, 0, x'${CACHED.toString('hex')}')`,
      ),
  },
]
