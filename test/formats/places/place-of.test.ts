/** Country and nearest town of positions whose answer an atlas gives. */
import { describe, expect, it } from 'vitest'
import { PLACES_EDITION, placeAttributes, placeOf } from '../../../src/formats/places/place-of.ts'

describe('the place of a position', () => {
  it.each([
    ['Vilnius, cathedral', 54.6858, 25.2877, 'Lithuania', 'Vilnius', 3],
    ['Dhaka, a quarter with its own name', 23.7625, 90.3785, 'Bangladesh', 'Azimpur', 10],
    ['Lisbon, where the mouth of the river is drawn wide', 38.7139, -9.1334, 'Portugal', 'Lisbon', 5],
    ['Simferopol, disputed: as the data draw it', 44.95, 34.1, 'Ukraine', 'Simferopol', 5],
    ['Maseru, in a country within another', -29.31, 27.48, 'Lesotho', 'Maseru', 5],
    ['Suva, near the 180th meridian', -18.1416, 178.4419, 'Fiji', 'Suva', 6],
    ['Ushuaia', -54.805, -68.31, 'Argentina', 'Ushuaia', 5],
  ])('%s', (_, latitude, longitude, country, town, within) => {
    const place = placeOf({ latitude, longitude })
    expect([place.country, place.town]).toEqual([country, town])
    expect(place.kilometres).toBeLessThanOrEqual(within)
  })

  it('has no country at sea, and says how far the nearest town is', () => {
    const { country, kilometres, coastKilometres } = placeOf({ latitude: 0, longitude: -30 })
    expect([country, coastKilometres]).toEqual([null, null])
    expect(kilometres).toBeGreaterThan(800)
    // Both sides of the 180th meridian are near each other.
    const east = placeOf({ latitude: -16.8, longitude: 179.99 })
    const west = placeOf({ latitude: -16.8, longitude: -179.99 })
    expect(Math.abs(east.kilometres - west.kilometres)).toBeLessThan(5)
  })

  it('off a coast has the country of that coast, and says how far it is, up to the territorial sea', () => {
    const off = (longitude: number) => placeOf({ latitude: 38.6, longitude })
    expect(off(-9.4)).toMatchObject({ country: 'Portugal' })
    expect(off(-9.4).coastKilometres).toBeGreaterThan(5)
    expect(off(-9.9).country).toBeNull()
  })

  it('is an attribute with the edition of the data, for both forms of a position, and none for anything else', () => {
    for (const text of ['54.687200, 25.279700', '+54.6872+025.2797/'])
      expect(placeAttributes(text)).toEqual([
        {
          kind: 'attribute',
          code: 'gps-place',
          params: {
            country: 'Lithuania',
            town: 'Vilnius',
            townCountry: 'LT',
            kilometres: 0,
            edition: PLACES_EDITION,
          },
        },
      ])
    expect(placeAttributes('somewhere')).toEqual([])
    expect(placeAttributes('99.000000, 25.000000')).toEqual([])
  })
})
