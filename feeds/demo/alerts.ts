// The demo city's alerts, in German and English: lifts out of order, disrupted lines while they are disrupted, and works at the weekend,
// told from Thursday on. Like everything in the simulator a function of (seed, second).

import bindings from 'gtfs-realtime-bindings'
import { DAY, type ServiceDay } from '#engine/core/time.ts'
import type { City, Station } from './city.ts'
import { mix, roll } from './random.ts'
import { disruptionOf } from './trouble.ts'

const { Alert } = bindings.transit_realtime
type Entity = bindings.transit_realtime.IFeedEntity
type Texts = bindings.transit_realtime.ITranslatedString

/** Changing is done here: one of these always has a lift out of order. */
const BUSY = ['Hbf', 'Kampstraße', 'Stadtgarten', 'Reinoldikirche', 'Stadthaus', 'Möllerbrücke']
const HOUR = 3600

/** @param dayStart Unix seconds at which a service day begins */
export function alertsAt(city: City, seed: number, now: number, dayStart: (day: ServiceDay) => number): Entity[] {
  // the city sleeps from 3 to 4 h: until then it is still yesterday
  const calendarDay = Math.floor((now - 3 * HOUR) / DAY) as ServiceDay
  const today = (now - 3 * HOUR < dayStart(calendarDay) ? calendarDay - 1 : calendarDay) as ServiceDay
  return [
    ...lifts(city, seed, today, dayStart(today)),
    ...disruptions(city, seed, now, today, dayStart(today)),
    ...works(city, seed, now, today, dayStart),
  ]
}

const both = (de: string, en: string): Texts => ({
  translation: [
    { text: de, language: 'de' },
    { text: en, language: 'en' },
  ],
})

/** One busy station's lift and two others', the whole day. */
function lifts(city: City, seed: number, day: ServiceDay, begin: number): Entity[] {
  const dice = mix(seed, day)
  const busy = `Dortmund ${BUSY[Math.floor(roll(dice, 1) * BUSY.length)]}`
  const chosen = new Set<Station>([city.stations.find(s => s.name === busy)!])
  const withLift = city.stations.filter(s => s.wheelchair)
  for (let i = 2; chosen.size < 3; i++) chosen.add(withLift[Math.floor(roll(dice, i) * withLift.length)]!)
  return [...chosen].map(({ id, name }) => ({
    id: `lift-${day}-${id}`,
    alert: {
      activePeriod: [{ start: begin + 3 * HOUR, end: begin + 30 * HOUR }],
      informedEntity: [{ stopId: id }],
      cause: Alert.Cause.TECHNICAL_PROBLEM,
      effect: Alert.Effect.ACCESSIBILITY_ISSUE,
      severityLevel: Alert.SeverityLevel.INFO,
      headerText: both(`${name}: Aufzug außer Betrieb`, `${name}: lift out of order`),
      descriptionText: both(
        'Der Aufzug zwischen Straße und Bahnsteig ist bis Betriebsschluss außer Betrieb. (Simulation)',
        'The lift between street and platform is out of order until the end of service. (simulated)',
      ),
    },
  }))
}

function disruptions(city: City, seed: number, now: number, day: ServiceDay, begin: number): Entity[] {
  const entities: Entity[] = []
  for (const line of city.lines) {
    const disruption = disruptionOf(seed, line, day)
    if (!disruption) continue
    const [start, end] = [begin + disruption.from, begin + disruption.to]
    if (now < start || now >= end) continue
    const { name } = line
    const minutes = Math.ceil(disruption.height / 60)
    entities.push({
      id: `disruption-${day}-${name}`,
      alert: {
        activePeriod: [{ start, end }],
        informedEntity: [{ routeId: name }],
        cause: Alert.Cause.TECHNICAL_PROBLEM,
        effect: Alert.Effect.SIGNIFICANT_DELAYS,
        severityLevel: Alert.SeverityLevel.WARNING,
        headerText: both(`${name}: Signalstörung`, `${name}: signal failure`),
        descriptionText: both(
          `Auf der Linie ${name} kommt es zu Verspätungen von bis zu ${minutes} Minuten. (Simulation)`,
          `Line ${name} is delayed by up to ${minutes} minutes. (simulated)`,
        ),
      },
    })
  }
  return entities
}

/** One line a week: works on Saturday and Sunday, announced from Thursday. */
function works(
  city: City,
  seed: number,
  now: number,
  today: ServiceDay,
  dayStart: (day: ServiceDay) => number,
): Entity[] {
  // 1970-01-01 was a Thursday: weeks of Thursdays to Wednesdays
  const thursday = (today - (today % 7)) as ServiceDay
  const impact = {
    start: dayStart((thursday + 2) as ServiceDay) + 4 * HOUR,
    end: dayStart((thursday + 4) as ServiceDay),
  }
  if (now >= impact.end) return []
  const dice = mix(seed, thursday)
  const rails = city.patterns.filter(p => p.direction === 0 && p.line.track !== 'bus' && p.platforms.length > 5)
  const { line, platforms } = rails[Math.floor(roll(dice, 8) * rails.length)]!
  const stop = 1 + Math.floor(roll(dice, 9) * (platforms.length - 4))
  const [from, to] = [platforms[stop]!.station, platforms[stop + 2]!.station]
  return [
    {
      id: `works-${thursday}`,
      alert: {
        communicationPeriod: [{ start: dayStart(thursday), end: impact.end }],
        impactPeriod: [impact],
        activePeriod: [impact],
        informedEntity: [
          { routeId: line.name, stopId: from.id },
          { routeId: line.name, stopId: to.id },
        ],
        cause: Alert.Cause.CONSTRUCTION,
        effect: Alert.Effect.MODIFIED_SERVICE,
        severityLevel: Alert.SeverityLevel.INFO,
        headerText: both(`${line.name}: Gleisarbeiten am Wochenende`, `${line.name}: track works at the weekend`),
        descriptionText: both(
          `Samstag und Sonntag wird zwischen ${from.name} und ${to.name} langsam gefahren. (Simulation)`,
          `Trains run slowly between ${from.name} and ${to.name} on Saturday and Sunday. (simulated)`,
        ),
      },
    },
  ]
}
