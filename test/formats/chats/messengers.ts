/** Samples of all messengers, from the folder of each. */
import { foldersOf, samplesOf } from '../sample.ts'
import type { MessengerSample, StoreSample } from './messenger-sample.ts'

interface Samples {
  readonly messengers?: readonly MessengerSample[]
  readonly stores?: readonly StoreSample[]
}

const all: Samples[] = []
for (const kind of foldersOf('chats')) all.push(await samplesOf<Samples>(kind))

export const MESSENGERS = all.flatMap(({ messengers = [] }) => messengers)
export const STORES: readonly StoreSample[] = all.flatMap(({ messengers = [], stores = [] }) => [
  ...messengers,
  ...stores,
])
