// What a journey may be made with besides feet and transit: a picture each, offered only where the city has it.

import { useEffect, useState } from 'preact/hooks'
import { Icon } from '../../shared/icon.tsx'
import { useSetting } from '../../shared/setting.ts'
import { VEHICLES, type Vehicle, type Wishes } from './wishes.ts'

interface WaysChoiceProps {
  readonly offered: readonly Vehicle[]
  readonly wishes: Wishes
  readonly change: (change: Partial<Wishes>) => void
}

export function WaysChoice({ offered, wishes, change }: WaysChoiceProps) {
  const { t } = useSetting()
  if (offered.length === 0) return null
  return (
    <fieldset class="ways">
      <legend class="sr-only">{t.ways.choose}</legend>
      {offered.map(vehicle => (
        <label key={vehicle} class="segment" title={t.ways.vehiclesMean[vehicle]}>
          <input
            type="checkbox"
            checked={wishes.with.includes(vehicle)}
            aria-description={t.ways.vehiclesMean[vehicle]}
            onChange={() => change({ with: toggled(wishes.with, vehicle) })}
          />
          <span>
            <Icon name={vehicle} />
            {t.ways.vehicles[vehicle]}
          </span>
        </label>
      ))}
    </fieldset>
  )
}

const toggled = (all: readonly Vehicle[], one: Vehicle): readonly Vehicle[] =>
  all.includes(one) ? all.filter(other => other !== one) : [...all, one]

/** Without streets nothing can be ridden; what is for rent is asked once. */
export function useOffered(streets: boolean): readonly Vehicle[] {
  const { api } = useSetting()
  const [rents, setRents] = useState(false)
  useEffect(() => {
    if (streets) api.rents().then(setRents, () => {}) // offered at the next visit
  }, [api, streets])
  return streets ? VEHICLES.filter(vehicle => vehicle !== 'rental' || rents) : NONE
}

const NONE: readonly Vehicle[] = []
