// Conditional restrictions (https://wiki.openstreetmap.org/wiki/Conditional_restrictions): `no @ (Mo-Fr 07:00-17:00); delivery @ (17:00-20:00)`.
// Streets know no hours, so what holds for a part of the day is taken to hold always if it forbids, and never if it allows. Read are weekdays
// and clock times that touch the day; what holds at night alone, on dates, by weight, weather or daylight says nothing here.

/** Hours between which most people are on their way. */
const [DAY_BEGINS, DAY_ENDS] = [6 * 60, 22 * 60]
const CLOCK = /(\d{1,2}):(\d{2}) ?- ?(\d{1,2}):(\d{2})/g
const ONLY_DAYS_AND_CLOCKS = /^(?:Mo|Tu|We|Th|Fr|Sa|Su|PH|SH|\d{1,2}:\d{2}|[\s,;-])+$/

/** The values that a key's conditions give it by day. */
export function valuesByDay(conditional: string | undefined): string[] {
  if (conditional === undefined) return []
  return [...conditional.matchAll(/([^;@()]+)@\s*(?:\(([^)]*)\)|([^;]*))/g)].flatMap(([, value, inBrackets, bare]) =>
    holdsByDay(inBrackets ?? bare ?? '') ? [value!.trim()] : [],
  )
}

function holdsByDay(condition: string): boolean {
  if (!ONLY_DAYS_AND_CLOCKS.test(condition)) return false
  const clocks = [...condition.matchAll(CLOCK)]
  return clocks.length === 0 || clocks.some(([, ...parts]) => touchesDay(parts.map(Number)))
}

function touchesDay([fromHours, fromMinutes, toHours, toMinutes]: number[]): boolean {
  const [from, to] = [fromHours! * 60 + fromMinutes!, toHours! * 60 + toMinutes!]
  const overnight = to <= from
  return overnight ? from < DAY_ENDS || to > DAY_BEGINS : from < DAY_ENDS && to > DAY_BEGINS
}
