/** Asks for confirmation before a decision on more than one content, and for a reason where one is needed. */
import { byId } from './elements.ts'
import { say } from './words.ts'

/** A later question waits until the dialog of an earlier one is closed. */
let asked: Promise<unknown> = Promise.resolve()

/**
 * @param note true: ask for a text too @param label word of the text's label
 * @returns null when the person cancelled
 */
export function question(
  ...of: [text: string, yes: string, note: boolean, label?: string]
): Promise<{ readonly note: string } | null> {
  const answered = asked.then(() => ask(...of))
  asked = answered.catch(() => null)
  return answered
}

function ask(
  text: string,
  yes: string,
  note: boolean,
  label = 'reason',
): Promise<{ readonly note: string } | null> {
  const dialog = byId<HTMLDialogElement>('ask')
  const field = byId<HTMLInputElement>('ask-note')
  byId('ask-text').textContent = text
  byId('ask-yes').textContent = yes
  byId('ask-no').textContent = say('no')
  byId('ask-note-label').textContent = say(label)
  byId('ask-note-line').hidden = !note
  field.value = ''
  field.required = note
  dialog.returnValue = 'no'
  dialog.showModal()
  ;(note ? field : byId('ask-yes')).focus()
  return new Promise((resolve) => {
    dialog.addEventListener(
      'close',
      () => {
        const agreed = dialog.returnValue === 'yes' && (!note || field.value.trim() !== '')
        resolve(agreed ? { note: field.value.trim() } : null)
      },
      { once: true },
    )
  })
}

/** Escape and "No" close the dialog even when the form is not valid. */
export function prepareQuestions(): void {
  const dialog = byId<HTMLDialogElement>('ask')
  byId('ask-no').addEventListener('click', (event) => {
    event.preventDefault()
    dialog.close('no')
  })
}

export function isAsking(): boolean {
  return document.querySelector('dialog[open]') !== null
}
