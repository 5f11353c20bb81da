/** List of messenger readers: one folder for each program, one row for each schema. */

import type { RecordCollector } from '../records/artefact.ts'
import type { Tables } from '../sqlite/sqlite-tables.ts'
import { androidMessages } from './android-messages/android-messages.ts'
import { appleMessages } from './apple-messages/apple-messages.ts'
import { addChats } from './common/chat-records.ts'
import type { ChatReader, ChatStore } from './common/chat-store.ts'
import { discordCache, discordStore } from './discord/discord.ts'
import { facebookMsys } from './facebook/facebook-msys.ts'
import { facebookThreads } from './facebook/facebook-threads.ts'
import { instagram } from './instagram/instagram.ts'
import { instagramApple } from './instagram/instagram-apple.ts'
import { kikAndroid, kikApple } from './kik/kik.ts'
import { signalDesktop } from './signal-desktop/signal-desktop.ts'
import { skypeAndroid, skypeDesktop } from './skype/skype.ts'
import { snapchat } from './snapchat/snapchat.ts'
import { telegram } from './telegram/telegram.ts'
import { viber } from './viber/viber.ts'
import { viberCalls } from './viber/viber-calls.ts'
import { whatsappAndroid, whatsappAndroidOld, whatsappApple } from './whatsapp/whatsapp.ts'

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

export function readChats(tables: Tables, sink: RecordCollector): boolean {
  return addChats(() => chatStoreOf(tables), sink)
}
