/** A person at work on a served case in a browser: what they see, press and read, at the pace of a person. */
import { seeded } from '../../fixtures/pictures.ts'
import type { Tab } from '../review/tab.ts'

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** A browser that does not answer at all. */
const DEAF_MS = 30_000

export interface PersonGiven {
  readonly name: string
  readonly tab: Tab
  readonly url: string
  readonly passes: readonly string[]
  /** Called when a key that decides is about to be pressed. */
  readonly presses: () => void
  readonly isOver: () => boolean
}

interface Seen {
  readonly isOver: boolean
  readonly said: string
  readonly left: number | null
  readonly asks: boolean
}

const SEEN = `({
  isOver: document.querySelector('main.over') !== null,
  said: document.querySelector('#said')?.textContent ?? '',
  left: Number(/^\\d+(?= of )/.exec(document.querySelector('#progress')?.textContent ?? '')?.[0] ?? NaN),
  asks: document.querySelector('dialog[open]') !== null,
})`

export class BrowserPerson {
  readonly #given: PersonGiven
  readonly #random: () => number
  #said = 0
  /** How often a place was not opened since one was. */
  #misses = 0
  /** What the page told this person. */
  readonly told = { decided: 0, passes: 0, ends: 0, failures: 0, reassigned: 0 }
  readonly failures: string[] = []

  constructor(given: PersonGiven) {
    this.#given = given
    this.#random = seeded(given.name.charCodeAt(0))
  }

  get name(): string {
    return this.#given.name
  }

  async work(): Promise<void> {
    const { passes, isOver } = this.#given
    for (let turn = 0; !isOver(); turn++) {
      const pass = passes[turn % passes.length]!
      try {
        if (!(await this.#enter(pass))) continue
        this.told.passes++
        if (pass === 'board') await this.#watch()
        else await this.#grade(pass)
      } catch (error) {
        // The server was killed or a connection cut while the browser was asked: the person looks again.
        this.told.failures++
        this.failures.push(`${new Date().toISOString()} ${this.name} ${pass}: ${String(error).slice(0, 200)}`)
        await sleep(1000)
      }
    }
  }

  async #grade(pass: string): Promise<void> {
    const { isOver } = this.#given
    for (let works = 0; works < 2 && !isOver(); ) {
      const { left, isOver: hasEnded } = await this.#look()
      if (hasEnded) {
        this.told.ends++
        return
      }
      if (left === 0 || left === null) {
        works++
        const said = await this.#does(() => this.#click('#next-work'))
        if (!said.includes('were handed')) return
        continue
      }
      if (this.#random() < 0.1) await this.#note()
      const said = await this.#decide(pass)
      if (said.includes(' decided: ')) this.told.decided++
      else if (!(await this.#look()).isOver) {
        // Past the last one, or refused: what is left comes again with the next work.
        await this.#does(() => this.#click('#next-work'))
      }
      await sleep(1500 + this.#random() * 3000)
    }
  }

  async #decide(pass: string): Promise<string> {
    const { tab, presses } = this.#given
    const category = String(1 + Math.floor(this.#random() * 3))
    return this.#does(async () => {
      if (pass !== 'adjudicate') presses()
      await tab.press(category)
      if (pass !== 'adjudicate') return
      await this.#answer(presses)
    })
  }

  /** A note on the content under the cursor. */
  async #note(): Promise<void> {
    await this.#does(async () => {
      await this.#given.tab.press('n')
      await this.#answer(() => {})
    })
  }

  async #answer(before: () => void): Promise<void> {
    const { tab } = this.#given
    for (let i = 0; i < 20 && !(await this.#look()).asks; i++) await sleep(200)
    await this.#within(tab.type(`${this.name} said ${++this.#said}.`))
    before()
    await this.#within(tab.press('Enter'))
  }

  /** The lead looks, and now and then gives what is left with one person to another. */
  async #watch(): Promise<void> {
    const { isOver, tab } = this.#given
    for (let i = 0; i < 6 && !isOver(); i++) {
      await sleep(5000)
      if ((await this.#look()).isOver) return
      if (i !== 3) continue
      const gave = await this.#within(
        tab.run<boolean>(`(() => {
          const list = [...document.querySelectorAll('#board select')].find((one) => one.options.length > 1)
          if (!list) return false
          list.selectedIndex = 1
          list.nextElementSibling.click()
          return true
        })()`),
      )
      if (gave) this.told.reassigned++
    }
  }

  /** Opens a place, from wherever the browser is. @returns false when it did not open */
  async #enter(pass: string): Promise<boolean> {
    const { tab, url, isOver } = this.#given
    const { origin } = new URL(url)
    const hash = JSON.stringify(`#${pass}`)
    // A page of the browser's own, as where the server was not there, may keep the address in one of them.
    const isOurs = await this.#within(tab.run<boolean>(`document.querySelector('#who, main.over') !== null`))
    if (!isOurs || this.#misses > 2) {
      await this.#within(tab.go('about:blank'))
      await this.#within(tab.go(`${url}#${pass}`))
    } else {
      await this.#within(tab.run('void (window.isFormer = true)'))
      if ((await this.#look()).isOver) {
        await this.#within(tab.run(`history.replaceState(null, '', ${hash})`))
        await this.#within(tab.reload())
      } else await this.#within(tab.run(`void (location.hash = ${hash})`))
    }
    this.#misses++
    for (let i = 0; i < 40 && !isOver(); i++) {
      await sleep(500)
      const [isNew, board] = await this.#within(
        tab.run<[boolean, boolean]>(
          `[window.isFormer !== true && location.origin === ${JSON.stringify(origin)}, (document.querySelector('#board')?.textContent ?? '') !== '']`,
        ),
      )
      if (!isNew) continue
      const { isOver: hasEnded, said } = await this.#look()
      if (hasEnded) {
        await sleep(1000)
        return false
      }
      if (board || said !== '') {
        this.#misses = 0
        return true
      }
    }
    return false
  }

  /** @returns what the page says after an act */
  async #does(act: () => Promise<unknown>): Promise<string> {
    await this.#within(this.#given.tab.run(`void (document.querySelector('#said').textContent = '')`))
    await this.#within(act())
    for (let i = 0; i < 75; i++) {
      const { said, isOver } = await this.#look()
      if (said !== '' || isOver) return said
      await sleep(400)
    }
    return ''
  }

  #click(selector: string): Promise<unknown> {
    return this.#given.tab.run(`void document.querySelector(${JSON.stringify(selector)})?.click()`)
  }

  async #look(): Promise<Seen> {
    return this.#within(this.#given.tab.run<Seen>(SEEN))
  }

  async #within<T>(asked: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined
    const deaf = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('the browser does not answer')), DEAF_MS)
    })
    try {
      return await Promise.race([asked, deaf])
    } finally {
      clearTimeout(timer)
    }
  }
}
