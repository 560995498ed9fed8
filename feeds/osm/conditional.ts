// Conditional restrictions (https://wiki.openstreetmap.org/wiki/Conditional_restrictions): `no @ (Mo-Fr 07:00-17:00); delivery @ (17:00-20:00)`.
// Streets know no hours, so what holds for a part of the day is taken to hold always or never. Read are weekdays and clock times; what holds on
// dates, by weight, weather or daylight says nothing here.

/** Hours between which most people are on their way. */
const [DAY_BEGINS, DAY_ENDS] = [6 * 60, 22 * 60]
/** Hours of which the greater part decides who may use a way. */
const [WORK_BEGINS, WORK_ENDS] = [8 * 60, 18 * 60]
const WEEKDAYS = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su']
const FRIDAY = 4
const CLOCK = /(\d{1,2}):(\d{2}) ?- ?(\d{1,2}):(\d{2})/g
const ONLY_DAYS_AND_CLOCKS = /^(?:Mo|Tu|We|Th|Fr|Sa|Su|PH|SH|\d{1,2}:\d{2}|[\s,;-])+$/
/** Days, if any, and the clock times of them. */
const RULE = /((?:[A-Z][A-Za-z][\s,;-]*)*)((?:\d{1,2}:\d{2}[\s,;-]*)*)/g

/** The values that a key's conditions give it at some hour of the day, 6 to 22, on some day. */
export const valuesByDay = (conditional: string | undefined): string[] => valuesWhere(conditional, touchesDay)

/** The values that a key's conditions give it for the greater part of 8 to 18 on most of Monday to Friday. */
export const valuesOfMostDays = (conditional: string | undefined): string[] => valuesWhere(conditional, coversMostDays)

function valuesWhere(conditional: string | undefined, holds: (condition: string) => boolean): string[] {
  if (conditional === undefined) return []
  return [...conditional.matchAll(/([^;@()]+)@\s*(?:\(([^)]*)\)|([^;]*))/g)].flatMap(([, value, inBrackets, bare]) => {
    const condition = inBrackets ?? bare ?? ''
    return ONLY_DAYS_AND_CLOCKS.test(condition) && holds(condition) ? [value!.trim()] : []
  })
}

function touchesDay(condition: string): boolean {
  const spans = spansOf(condition)
  return spans.length === 0 || spans.some(span => minutesBetween(span, DAY_BEGINS, DAY_ENDS) > 0)
}

function coversMostDays(condition: string): boolean {
  const minutes = WEEKDAYS.map(() => 0)
  for (const [, days, clocks] of condition.matchAll(RULE)) {
    if (!days && !clocks) continue
    const spans = clocks ? spansOf(clocks) : [[0, 24 * 60] as const]
    const more = spans.reduce((sum, span) => sum + minutesBetween(span, WORK_BEGINS, WORK_ENDS), 0)
    for (const day of weekdaysOf(days!)) minutes[day]! += more
  }
  const covered = minutes.slice(0, FRIDAY + 1).filter(sum => sum > (WORK_ENDS - WORK_BEGINS) / 2)
  return covered.length > (FRIDAY + 1) / 2
}

/** 0 is Monday; without any day all. Public and school holidays are none of them. */
function weekdaysOf(days: string): number[] {
  if (days === '') return [...WEEKDAYS.keys()]
  return [...days.matchAll(/(\w\w)(?:\s*-\s*(\w\w))?/g)].flatMap(([, from, to]) => {
    const [first, last] = [WEEKDAYS.indexOf(from!), WEEKDAYS.indexOf(to ?? from!)]
    return first < 0 || last < 0 ? [] : Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, i) => (first + i) % 7)
  })
}

type Span = readonly [from: number, to: number]

/** Minutes of the day; what goes on past midnight ends before it begins. */
const spansOf = (condition: string): Span[] =>
  [...condition.matchAll(CLOCK)].map(([, ...parts]) => {
    const [fromHours, fromMinutes, toHours, toMinutes] = parts.map(Number)
    return [fromHours! * 60 + fromMinutes!, toHours! * 60 + toMinutes!]
  })

function minutesBetween([from, to]: Span, begin: number, end: number): number {
  const part = (a: number, b: number): number => Math.max(0, Math.min(b, end) - Math.max(a, begin))
  return to <= from ? part(from, 24 * 60) + part(0, to) : part(from, to)
}
