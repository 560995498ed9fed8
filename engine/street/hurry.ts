// Of the ways that are in time the cheapest is wanted, and a search knows one way to each place: the cheapest, unless it is too late there. So a
// cheaper way to somewhere half-way can hide a quicker one, with which alone what lies behind would be reached in time:
//
//     a ═══ 240 s, safe ═══ v ── 60 s ── z        within 290 s z is reached by the main road, though v is reached by the safe way
//     ╰─ 200 s, main road ──╯
//
// Where the time has cut ways off, what was not reached is therefore searched once more by who thinks of time alone: whoever has wishes reaches
// what he reaches without, by the way he would rather go wherever that is in time.

import type { Profile } from './profile.ts'

export const hasWishes = ({ weights: { safety, flat, lit, maxDetour } }: Profile): boolean =>
  maxDetour > 0 && (safety > 0 || flat > 0 || lit > 0)

const indifferent = { safety: 0, flat: 0, lit: 0, maxDetour: 0 }
// the same object each time: tables are found by it
const known = new WeakMap<Profile, Profile>()

/** The same traveller without wishes; undefined if he has none. What is not to be driven through stays so. */
export const hurried = (profile: Profile): Profile | undefined =>
  hasWishes(profile) ? known.getOrInsertComputed(profile, () => ({ ...profile, weights: indifferent })) : undefined
