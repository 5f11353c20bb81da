/** The two files of Signal Desktop that belong together. */
import { hasPages } from './encrypted-pages.ts'

/** The settings of Signal Desktop, from the folder of its database. */
export const SIGNAL_SETTINGS = '../config.json'
export const SIGNAL_DATABASE = 'application/x-signal-database'

/** Encrypted from its first byte: its path alone tells it. */
export const SIGNAL_PLACE = /(^|\/)Signal\/sql\/db\.sqlite$/i

/** @param name one character per byte @returns null: another path, or no whole pages */
export function signalDatabaseType(name: string, sizeBytes: bigint): string | null {
  return SIGNAL_PLACE.test(name) && hasPages(sizeBytes) ? SIGNAL_DATABASE : null
}
