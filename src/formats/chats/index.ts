/** List of messenger readers: one file and one row for each program or schema. */
import type { Tables } from '../sqlite/sqlite-tables.ts'
import { androidMessages } from './android-messages.ts'
import { appleMessages } from './apple-messages.ts'
import type { ChatReader, ChatStore } from './chat-store.ts'
import { discordCache, discordStore } from './discord.ts'
import { facebookMsys } from './facebook-msys.ts'
import { facebookThreads } from './facebook-threads.ts'
import { instagram } from './instagram.ts'
import { instagramApple } from './instagram-apple.ts'
import { kikAndroid, kikApple } from './kik.ts'
import { signalDesktop } from './signal-desktop.ts'
import { skypeAndroid, skypeDesktop } from './skype.ts'
import { snapchat } from './snapchat.ts'
import { telegram } from './telegram.ts'
import { viber } from './viber.ts'
import { viberCalls } from './viber-calls.ts'
import { whatsappAndroid, whatsappAndroidOld, whatsappApple } from './whatsapp.ts'

export const CHAT_READERS: readonly ChatReader[] = [
  whatsappAndroid,
  whatsappAndroidOld,
  whatsappApple,
  androidMessages,
  appleMessages,
  telegram,
  skypeDesktop,
  skypeAndroid,
  viber,
  viberCalls,
  kikAndroid,
  kikApple,
  facebookThreads,
  facebookMsys,
  snapchat,
  instagram,
  instagramApple,
  discordStore,
  discordCache,
  signalDesktop,
]

export function chatStoreOf(tables: Tables): ChatStore | null {
  for (const read of CHAT_READERS) {
    const store = read(tables)
    if (store) return store
  }
  return null
}
