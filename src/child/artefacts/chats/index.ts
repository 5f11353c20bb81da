/** The messengers whose tables are read: one file and one line a program or schema. */
import type { Tables } from '../sqlite-tables.ts'
import { androidMessages } from './android-messages.ts'
import { appleMessages } from './apple-messages.ts'
import type { ChatReader, ChatStore } from './chat-store.ts'
import { whatsappAndroid, whatsappAndroidOld, whatsappApple } from './whatsapp.ts'

export const CHAT_READERS: readonly ChatReader[] = [
  whatsappAndroid,
  whatsappAndroidOld,
  whatsappApple,
  androidMessages,
  appleMessages,
]

export function chatStoreOf(tables: Tables): ChatStore | null {
  for (const read of CHAT_READERS) {
    const store = read(tables)
    if (store) return store
  }
  return null
}
