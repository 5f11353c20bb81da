/**
 * Signatures of kinds whose first bytes do not tell them: of any content, of a text, of a binary property list.
 * Written by `npm run kinds` from the folders of the kinds; do not edit.
 */
import type { Sample } from '../../media-types/sample.ts'
import * as appleAttributes from '../artefacts/apple-attributes/signature.ts'
import * as chromium from '../artefacts/chromium/signature.ts'
import * as emule from '../artefacts/emule/signature.ts'
import * as extractionReport from '../artefacts/extraction-report/signature.ts'
import * as hiddenNetworks from '../artefacts/hidden-networks/signature.ts'
import * as lockedStores from '../artefacts/locked-stores/signature.ts'
import * as modelFiles from '../artefacts/model-files/signature.ts'
import * as pictureGenerators from '../artefacts/picture-generators/signature.ts'
import * as recentLists from '../artefacts/recent-lists/signature.ts'
import * as safari from '../artefacts/safari/signature.ts'
import * as shareaza from '../artefacts/shareaza/signature.ts'
import * as torrent from '../artefacts/torrent/signature.ts'
import * as discord from '../chats/discord/signature.ts'

export const KIND_SIGNATURES: readonly ((sample: Sample) => string | null)[] = [
  appleAttributes.signature,
  emule.signature,
  extractionReport.signature,
  hiddenNetworks.signature,
  lockedStores.signature,
  modelFiles.signature,
  recentLists.signature,
  shareaza.signature,
  torrent.signature,
  discord.signature,
]

export const KIND_TEXT_SIGNATURES: readonly ((text: string) => string | null)[] = [
  chromium.textSignature,
  pictureGenerators.textSignature,
]

export const KIND_LIST_SIGNATURES: readonly ((list: Buffer) => string | null)[] = [
  appleAttributes.listSignature,
  recentLists.listSignature,
  safari.listSignature,
]
