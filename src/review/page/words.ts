/** Words of the page, sent by the server. */
import { phrase } from './phrase.ts'

let words: Readonly<Record<string, string>> = {}
let language = 'en'

export function learn(given: Readonly<Record<string, string>>, of: string): void {
  words = given
  language = of
  document.documentElement.lang = of
  for (const element of document.querySelectorAll<HTMLElement>('[data-word]'))
    element.textContent = say(element.dataset.word ?? '')
}

/** Returns the name itself where there are no words, so that every text is visible. */
export function say(name: string, params: Readonly<Record<string, string | number>> = {}): string {
  return phrase(words[name] ?? name, params, language)
}

export function knows(name: string): boolean {
  return Object.hasOwn(words, name)
}

/** `about 40 min`, `about 2 h`. */
export function roughly(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000))
  return minutes < 90
    ? say('about-minutes', { n: minutes })
    : say('about-hours', { n: Math.round(minutes / 60) })
}
