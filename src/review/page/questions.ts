/** Asks before a decision that is of more than one content, and for the reason of one that needs it. */
import { byId } from './elements.ts'
import { say } from './words.ts'

/** @param note a reason is asked for too. @returns null when the person thought better of it */
export function question(
  text: string,
  yes: string,
  note: boolean,
): Promise<{ readonly note: string } | null> {
  const dialog = byId<HTMLDialogElement>('ask')
  const field = byId<HTMLInputElement>('ask-note')
  byId('ask-text').textContent = text
  byId('ask-yes').textContent = yes
  byId('ask-no').textContent = say('no')
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

/** Escape and "No" close without the form being valid. */
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
