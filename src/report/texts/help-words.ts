/**
 * The words of the help, by language: one file and one line each, read only when a person asks for help in that
 * language.
 */
import type { Translation } from './translation.ts'

export const HELP_TRANSLATIONS: Readonly<Record<string, () => Promise<Translation>>> = {
  lt: async () => (await import('./help/lt.json', { with: { type: 'json' } })).default,
  es: async () => (await import('./help/es.json', { with: { type: 'json' } })).default,
  pt: async () => (await import('./help/pt.json', { with: { type: 'json' } })).default,
  fr: async () => (await import('./help/fr.json', { with: { type: 'json' } })).default,
  el: async () => (await import('./help/el.json', { with: { type: 'json' } })).default,
  bn: async () => (await import('./help/bn.json', { with: { type: 'json' } })).default,
}
