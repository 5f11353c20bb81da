import sharp from 'sharp'
import type { Pixels } from '../../src/contracts/content.ts'

/** A drawn face that blazeface takes for one: ellipses and curves, no person. `radius` is half its height or so. */
export async function drawnFaces(
  width: number,
  height: number,
  faces: readonly { readonly x: number; readonly y: number; readonly radius: number }[],
): Promise<Pixels> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs><radialGradient id="skin" cx="45%" cy="40%"><stop offset="0" stop-color="#f0c8a8"/>
    <stop offset="0.8" stop-color="#d8a47e"/><stop offset="1" stop-color="#a8744e"/></radialGradient></defs>
    <rect width="${width}" height="${height}" fill="#6b7f8f"/>${faces.map(face).join('')}</svg>`
  const { data, info } = await sharp(Buffer.from(svg))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, rgb: data }
}

function face({ x, y, radius }: { readonly x: number; readonly y: number; readonly radius: number }): string {
  return `<g transform="translate(${x},${y}) scale(${radius / 100})">
    <ellipse cx="0" cy="-30" rx="92" ry="115" fill="#3a2618"/>
    <rect x="-35" y="70" width="70" height="80" fill="#c0906c"/>
    <ellipse cx="0" cy="10" rx="80" ry="105" fill="url(#skin)"/>
    <path d="M-80,-20 Q-60,-110 0,-100 Q60,-110 80,-20 Q60,-70 0,-72 Q-60,-70 -80,-20" fill="#3a2618"/>
    <ellipse cx="-32" cy="-8" rx="17" ry="9" fill="#fff"/><ellipse cx="32" cy="-8" rx="17" ry="9" fill="#fff"/>
    <circle cx="-32" cy="-8" r="8" fill="#40281a"/><circle cx="32" cy="-8" r="8" fill="#40281a"/>
    <path d="M-54,-28 Q-32,-40 -12,-28" stroke="#3a2618" stroke-width="7" fill="none"/>
    <path d="M12,-28 Q32,-40 54,-28" stroke="#3a2618" stroke-width="7" fill="none"/>
    <path d="M-4,-5 Q-14,35 -12,38 Q0,46 12,38" stroke="#a8744e" stroke-width="5" fill="none"/>
    <path d="M-28,66 Q0,56 28,66 Q0,84 -28,66" fill="#a84a44"/></g>`
}
