/** The labels of the review page, by language: one file and one line each. */
import en from './en.json' with { type: 'json' }
import bn from './page/bn.json' with { type: 'json' }
import el from './page/el.json' with { type: 'json' }
import es from './page/es.json' with { type: 'json' }
import fr from './page/fr.json' with { type: 'json' }
import lt from './page/lt.json' with { type: 'json' }
import pt from './page/pt.json' with { type: 'json' }
import { isReviewed, type Translation, translated } from './translation.ts'

export const PAGE_TRANSLATIONS: readonly Translation[] = [lt, es, pt, fr, el, bn]

export const PAGE_LANGUAGES: readonly string[] = ['en', ...PAGE_TRANSLATIONS.map(({ language }) => language)]

export interface PageWords {
  readonly language: string
  readonly words: Readonly<Record<string, string>>
  /** Note that the labels were not reviewed, in both languages; empty where they were. */
  readonly unreviewed: string
}

export function pageWords(language: string): PageWords {
  const by = PAGE_TRANSLATIONS.find((one) => one.language === language) ?? null
  const words = Object.entries(en.page).map(([key, english]) => [key, translated(english, by)])
  const { unreviewed } = en.page
  return {
    language: by?.language ?? 'en',
    words: Object.fromEntries(words),
    unreviewed:
      by === null || isReviewed(by, Object.values(en.page))
        ? ''
        : `${translated(unreviewed, by)} ${unreviewed}`,
  }
}
