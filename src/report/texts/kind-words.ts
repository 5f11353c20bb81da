/**
 * Words of every kind of artefact and chat: its records, the names of its programs and of its lists of opened files.
 * Written by `npm run kinds` from the folders of the kinds; do not edit.
 */
import androidContacts from '../../formats/artefacts/android-contacts/words.json' with { type: 'json' }
import androidDownloads from '../../formats/artefacts/android-downloads/words.json' with { type: 'json' }
import androidMedia from '../../formats/artefacts/android-media/words.json' with { type: 'json' }
import appleAttributes from '../../formats/artefacts/apple-attributes/words.json' with { type: 'json' }
import appleContacts from '../../formats/artefacts/apple-contacts/words.json' with { type: 'json' }
import ares from '../../formats/artefacts/ares/words.json' with { type: 'json' }
import chromium from '../../formats/artefacts/chromium/words.json' with { type: 'json' }
import dsStore from '../../formats/artefacts/ds-store/words.json' with { type: 'json' }
import emule from '../../formats/artefacts/emule/words.json' with { type: 'json' }
import eventLog from '../../formats/artefacts/event-log/words.json' with { type: 'json' }
import extractionReport from '../../formats/artefacts/extraction-report/words.json' with { type: 'json' }
import firefox from '../../formats/artefacts/firefox/words.json' with { type: 'json' }
import googleDrive from '../../formats/artefacts/google-drive/words.json' with { type: 'json' }
import hiddenNetworks from '../../formats/artefacts/hidden-networks/words.json' with { type: 'json' }
import indexDat from '../../formats/artefacts/index-dat/words.json' with { type: 'json' }
import jumpList from '../../formats/artefacts/jump-list/words.json' with { type: 'json' }
import macosQuarantine from '../../formats/artefacts/macos-quarantine/words.json' with { type: 'json' }
import modelFiles from '../../formats/artefacts/model-files/words.json' with { type: 'json' }
import photoLibrary from '../../formats/artefacts/photo-library/words.json' with { type: 'json' }
import pictureGenerators from '../../formats/artefacts/picture-generators/words.json' with { type: 'json' }
import prefetch from '../../formats/artefacts/prefetch/words.json' with { type: 'json' }
import recentLists from '../../formats/artefacts/recent-lists/words.json' with { type: 'json' }
import registry from '../../formats/artefacts/registry/words.json' with { type: 'json' }
import safari from '../../formats/artefacts/safari/words.json' with { type: 'json' }
import shareaza from '../../formats/artefacts/shareaza/words.json' with { type: 'json' }
import shortcut from '../../formats/artefacts/shortcut/words.json' with { type: 'json' }
import torrent from '../../formats/artefacts/torrent/words.json' with { type: 'json' }
import trash from '../../formats/artefacts/trash/words.json' with { type: 'json' }
import webCache from '../../formats/artefacts/web-cache/words.json' with { type: 'json' }
import zone from '../../formats/artefacts/zone/words.json' with { type: 'json' }
import androidMessages from '../../formats/chats/android-messages/words.json' with { type: 'json' }
import appleMessages from '../../formats/chats/apple-messages/words.json' with { type: 'json' }
import discord from '../../formats/chats/discord/words.json' with { type: 'json' }
import facebook from '../../formats/chats/facebook/words.json' with { type: 'json' }
import instagram from '../../formats/chats/instagram/words.json' with { type: 'json' }
import kik from '../../formats/chats/kik/words.json' with { type: 'json' }
import signalDesktop from '../../formats/chats/signal-desktop/words.json' with { type: 'json' }
import skype from '../../formats/chats/skype/words.json' with { type: 'json' }
import snapchat from '../../formats/chats/snapchat/words.json' with { type: 'json' }
import telegram from '../../formats/chats/telegram/words.json' with { type: 'json' }
import viber from '../../formats/chats/viber/words.json' with { type: 'json' }
import whatsapp from '../../formats/chats/whatsapp/words.json' with { type: 'json' }

export const KIND_RECORD_WORDS: Readonly<Record<string, string>> = {
  ...androidContacts.records,
  ...androidMedia.records,
  ...appleAttributes.records,
  ...ares.records,
  ...chromium.records,
  ...dsStore.records,
  ...emule.records,
  ...eventLog.records,
  ...extractionReport.records,
  ...googleDrive.records,
  ...hiddenNetworks.records,
  ...modelFiles.records,
  ...photoLibrary.records,
  ...pictureGenerators.records,
  ...safari.records,
  ...shareaza.records,
  ...shortcut.records,
  ...torrent.records,
  ...trash.records,
}

export const PROGRAM_NAMES: Readonly<Record<string, string>> = {
  ...androidContacts.programs,
  ...androidDownloads.programs,
  ...appleAttributes.programs,
  ...appleContacts.programs,
  ...ares.programs,
  ...chromium.programs,
  ...emule.programs,
  ...firefox.programs,
  ...googleDrive.programs,
  ...indexDat.programs,
  ...macosQuarantine.programs,
  ...pictureGenerators.programs,
  ...registry.programs,
  ...safari.programs,
  ...torrent.programs,
  ...webCache.programs,
  ...zone.programs,
  ...androidMessages.programs,
  ...appleMessages.programs,
  ...discord.programs,
  ...facebook.programs,
  ...instagram.programs,
  ...kik.programs,
  ...signalDesktop.programs,
  ...skype.programs,
  ...snapchat.programs,
  ...telegram.programs,
  ...viber.programs,
  ...whatsapp.programs,
}

export const LIST_NAMES: Readonly<Record<string, string>> = {
  ...jumpList.lists,
  ...prefetch.lists,
  ...recentLists.lists,
  ...registry.lists,
}

/** Messengers of which no file that the program itself wrote was read: codes of programs, as records have them. */
export const MADE_ALONE: readonly string[] = [
  'discord',
  'facebook-messenger',
  'facebook-msys',
  'instagram',
  'signal-desktop',
  'snapchat',
  'telegram',
  'viber',
]
