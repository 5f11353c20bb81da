/** Notes on one text, each code once: a note repeated in many parts is reported once for the document. */
import type { TextNote } from '../../contracts/text-note.ts'

export class NoteSet {
  readonly #byCode = new Map<TextNote['code'], TextNote>()

  add(note: TextNote): void {
    if (!this.#byCode.has(note.code)) this.#byCode.set(note.code, note)
  }

  get all(): TextNote[] {
    return [...this.#byCode.values()]
  }
}
