/** Whether a plan has sounds heard for speech, and transcribed: its models name the network that tells speech, which a scan without a legal basis has not. */
import type { Plan } from './case.ts'

/** Id among the models of a plan, and name of its folder. */
export const SPEECH = 'speech'

/** The same of the agency's model that transcribes speech, where one is installed. */
export const TRANSCRIBER = 'speech-to-text'

export function hearsSpeech({ models }: Pick<Plan, 'models'>): boolean {
  return models.some(({ id }) => id === SPEECH)
}

export function transcribesSpeech({ models }: Pick<Plan, 'models'>): boolean {
  return models.some(({ id }) => id === TRANSCRIBER)
}
