// What a map tells the gazetteer: named places and addresses, before they are put into its table.

/** A name with its language: '' for the name on the spot, '-' for other names (abbreviations, old ones). */
export interface PlaceName {
  readonly language: string
  readonly text: string
}

export interface NamedPlace {
  readonly names: readonly PlaceName[]
  /** OSM's word for what it is: cafe, museum, suburb … */
  readonly category: string
  /** 0 … 1: how likely it is meant when nothing else is said. */
  readonly importance: number
  /** 1e-7 degrees */
  readonly lat: number
  readonly lon: number
}

export interface Address {
  /** Or the name of the place that numbers its houses by itself. */
  readonly street: string
  readonly houseNumber: string
  readonly postcode: string
  readonly city: string
  readonly lat: number
  readonly lon: number
}
