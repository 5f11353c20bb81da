/** Whether a plan has sounds heard for speech: its models name the network that tells speech, which a scan without a legal basis has not. */
import type { Plan } from './case.ts'

/** Id among the models of a plan, and name of its folder. */
export const SPEECH = 'speech'

export function hearsSpeech({ models }: Pick<Plan, 'models'>): boolean {
  return models.some(({ id }) => id === SPEECH)
}
