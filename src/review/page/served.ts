/** The page of a served case: links to the passes of the person's role, and the next work. */
import type { Progress } from '../said.ts'
import type { Place } from '../said-board.ts'
import { ask } from './api.ts'
import { byId, made } from './elements.ts'
import { say } from './words.ts'

export const IS_SERVED = location.protocol === 'https:'

/** Links to the other places of the role. @param leave called before the page goes there */
export function showPlaces(places: readonly Place[], at: Place, leave: () => void): void {
  const nav = byId('places')
  nav.replaceChildren(
    ...places.map((place) => {
      const link = made('a', say(place === 'board' ? 'board' : `pass-${place}`))
      link.href = `/#${place}`
      if (place === at) link.setAttribute('aria-current', 'page')
      return link
    }),
  )
  nav.hidden = places.length < 2
  addEventListener('hashchange', () => {
    leave()
    location.reload()
  })
}

export interface NextWork {
  readonly progress: (progress: Progress) => void
  readonly shown: () => Promise<void>
  readonly said: (text: string) => void
  readonly failed: (error: unknown) => void
}

/** The button for further work. */
export function prepareNextWork({ progress, shown, said, failed }: NextWork): void {
  const button = byId<HTMLButtonElement>('next-work')
  button.hidden = false
  const next = async () => {
    button.disabled = true
    try {
      const now = await ask<Progress>('work', {})
      progress(now)
      await shown()
      said(now.total === 0 ? say('work-none') : say('work-given', { n: now.total }))
    } catch (error) {
      failed(error)
    } finally {
      button.disabled = false
    }
  }
  button.addEventListener('click', () => void next())
}

/** The button stands out when nothing is left. */
export function markWork({ left }: Progress): void {
  byId('next-work').classList.toggle('due', left === 0)
}
