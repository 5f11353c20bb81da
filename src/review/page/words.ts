/** Words of the page, as the server sends them; `{name}` stands for a parameter. */

let words: Readonly<Record<string, string>> = {}

export function learn(given: Readonly<Record<string, string>>): void {
  words = given
  for (const element of document.querySelectorAll<HTMLElement>('[data-word]'))
    element.textContent = say(element.dataset.word ?? '')
}

/** Without words the name itself, so that nothing is silent. */
export function say(name: string, params: Readonly<Record<string, string | number>> = {}): string {
  const text = words[name] ?? name
  return text.replace(/\{(\w+)\}/g, (_, one: string) => {
    const value = params[one]
    return typeof value === 'number' ? value.toLocaleString('en') : (value ?? '')
  })
}

/** `about 40 min`, `about 2 h`. */
export function roughly(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000))
  return minutes < 90
    ? say('about-minutes', { n: minutes })
    : say('about-hours', { n: Math.round(minutes / 60) })
}
