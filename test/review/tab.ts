/** A page in a browser as the tests of the review need it, whichever browser it is. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'

export interface Tab {
  /** Complaints of the page, and requests to anywhere else. */
  readonly heard: readonly string[]
  readonly pid: number | null
  /** `a`, `ArrowLeft`, `Alt+2`. */
  press(keys: string): Promise<void>
  down(key: string): Promise<void>
  up(key: string): Promise<void>
  type(text: string): Promise<void>
  /** A finger on the middle of an element, or at a point from its corner, and off again after `meanwhile`. */
  touch(
    selector: string,
    at?: readonly [x: number, y: number],
    meanwhile?: () => Promise<void>,
  ): Promise<void>
  /** The value of an expression in the page, which may be a promise. */
  run<T>(expression: string): Promise<T>
  go(url: string): Promise<void>
  reload(): Promise<void>
  /** Writes a picture of what is seen. */
  picture(path: string): Promise<void>
  /** The whole browser, at once. */
  close(): Promise<void>
}

export interface TabGiven {
  readonly dark?: boolean
  /** 2: as with a zoom of 200 %. */
  readonly scale?: number
  /** A screen that is touched. */
  readonly touch?: boolean
  /** Folder of the browser's own files; removed with the browser. */
  readonly profile?: string
  /** Of the person before a served case: PEM files, the authority of the server, and the server's own. */
  readonly certificate?: {
    readonly cert: string
    readonly key: string
    readonly ca: string
    readonly server: string
  }
}

export const textOf = (tab: Tab, selector: string) =>
  tab.run<string>(`document.querySelector(${JSON.stringify(selector)})?.textContent ?? ''`)

export const countOf = (tab: Tab, selector: string) =>
  tab.run<number>(`document.querySelectorAll(${JSON.stringify(selector)}).length`)

/** Waits until an element says so. */
export async function says(tab: Tab, selector: string, text: string): Promise<void> {
  await expect.poll(() => textOf(tab, selector), { timeout: 60_000 }).toContain(text)
}

export async function until(tab: Tab, expression: string): Promise<void> {
  await expect.poll(() => tab.run(expression), { timeout: 60_000 }).toBe(true)
}

/** Another order of the tiles, and the sentence on the view that is made for it: the one before says the same. */
export async function ordered(tab: Tab, order: string, said: string): Promise<void> {
  await tab.run(`void ((list) => {
    document.querySelector('#said').textContent = ''
    list.value = ${JSON.stringify(order)}
    list.dispatchEvent(new Event('change'))
  })(document.querySelector('#order'))`)
  await says(tab, '#said', said)
}

/** Where an element is on the page, in CSS pixels. */
export async function pointOn(
  tab: Pick<Tab, 'run'>,
  selector: string,
  at?: readonly [number, number],
): Promise<{ readonly x: number; readonly y: number }> {
  const [left, top, width, height] = await tab.run<[number, number, number, number]>(
    `(({ left, top, width, height }) => [left, top, width, height])(document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect())`,
  )
  const [x, y] = at ?? [width / 2, height / 2]
  return { x: Math.round(left + x), y: Math.round(top + y) }
}

/** For a person to look at, where they ask for them. */
export async function look(tab: Tab, name: string): Promise<void> {
  const folder = process.env.SEIZED_SCREENSHOTS
  if (folder === undefined) return
  mkdirSync(folder, { recursive: true })
  await tab.picture(join(folder, `${name}.png`))
}
