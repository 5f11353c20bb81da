/** Opens the network that tells speech, and refuses one that is not as its card pins it. */
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { onnxRuntime } from '../../classify/onnx-runtime.ts'
import { checkSpeechCard } from '../../classify-text/speech-card.ts'
import { VoiceActivity } from './voice-activity.ts'

/** @throws UsageError when the file is missing or has another digest than the card's */
export async function voiceActivity(folder: string): Promise<VoiceActivity> {
  checkSpeechCard(folder)
  // A child cannot open its library later.
  await onnxRuntime()
  const model = openSync(join(folder, 'model.onnx'), 'r')
  return new VoiceActivity(() => {
    const bytes = readFileSync(model)
    closeSync(model)
    return bytes
  })
}
